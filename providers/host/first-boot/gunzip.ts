import { Gunzip } from 'fflate';

/** Bytes of unpacked user data that are read at most: no cloud takes more than 256 KiB of it packed. */
const most = 8 * 1024 * 1024;

/** So little goes into the decoder at once that it can write about 4 MiB before its output is counted: deflate packs 1032 to 1. */
const step = 4096;

/** Whether bytes begin as gzip does (RFC 1952). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The unpacked bytes; `too-large` when they are more than 8 MiB, `unreadable` when they are damaged or end too early. */
export function gunzip(bytes: Uint8Array): Uint8Array | 'too-large' | 'unreadable' {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  const decoder = new Gunzip((chunk, final) => {
    chunks.push(chunk);
    length += chunk.length;
    ended ||= final;
  });
  try {
    for (let start = 0; start < bytes.length; start += step) {
      decoder.push(bytes.subarray(start, start + step), start + step >= bytes.length);
      if (length > most) return 'too-large';
    }
  } catch {
    return 'unreadable';
  }
  if (!ended) return 'unreadable';
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

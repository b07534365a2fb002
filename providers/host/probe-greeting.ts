import { isUtf8 } from 'node:buffer';

/** As OpenSSH's client: no line is longer (8 KiB), and no more lines stand before the identification. */
const longestLine = 8192;
const mostLines = 1024;
/** All lines together. */
const mostBytes = 65_536;

const LF = 0x0a;
const CR = 0x0d;

/** What a server has sent until now. Texts are those of strangers, as they came, without the end of the line. */
export interface Greeting {
  /** The first line, or as much of it as came; undefined when no byte came. */
  readonly first: string | undefined;
  /** Whether that line had its end. */
  readonly ended: boolean;
  /** The line by which an SSH 2 server identifies itself (RFC 4253, section 4.2). */
  readonly identification: string | undefined;
  /** How many whole lines stood before the identification, or came without one. */
  readonly before: number;
  /** What followed the identification. */
  readonly rest: Buffer;
  /** Why this cannot become an SSH greeting, in words. */
  readonly refused: string | undefined;
}

/** Bytes as text: UTF-8 where they are that, else one character a byte. */
function textOf(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}

function withoutEnd(line: Buffer): Buffer {
  return line.at(-1) === CR ? line.subarray(0, -1) : line;
}

/** A record of TLS: an alert or a handshake of any version. */
function isTls(bytes: Buffer): boolean {
  return (bytes[0] === 0x15 || bytes[0] === 0x16) && bytes[1] === 0x03;
}

/** OpenSSH's client gives up at a NUL, and at a CR that is not before an LF ("banner line contains invalid characters"). */
function isBinary(line: Buffer): boolean {
  return line.includes(0) || withoutEnd(line).includes(CR);
}

/** What is wrong with a line that may go on. */
function faultOf(line: Buffer): string | undefined {
  if (isTls(line)) return 'it speaks TLS';
  if (isBinary(line)) return 'it sends bytes that are no text';
  if (line.length > longestLine) return `it sends more than ${longestLine} bytes without the end of a line`;
  return undefined;
}

/**
 * Reads what a server sends first. RFC 4253 lets lines of text stand before the identification. `take` answers the greeting
 * as far as it is known; whoever has an identification or a refusal needs to give no more.
 */
export function greetingReader(): { readonly take: (bytes: Buffer) => Greeting; readonly soFar: () => Greeting } {
  let pending: Buffer = Buffer.alloc(0);
  let taken = 0;
  let known: Greeting = {
    first: undefined,
    ended: false,
    identification: undefined,
    before: 0,
    rest: pending,
    refused: undefined,
  };
  const takeLine = (line: Buffer, rest: Buffer) => {
    const text = textOf(withoutEnd(line));
    const first = known.ended ? known.first : text;
    const refused = faultOf(line);
    if (refused) known = { ...known, first, refused };
    else if (/^SSH-(?:2\.0|1\.99)-/.test(text)) known = { ...known, first, ended: true, identification: text, rest };
    else
      known = { ...known, first, ended: true, before: known.before + 1, refused: strangerIn(text, known.before + 1) };
  };
  const take = (bytes: Buffer): Greeting => {
    taken += bytes.length;
    pending = Buffer.concat([pending, bytes.subarray(0, mostBytes)]);
    for (let end = pending.indexOf(LF); end >= 0; end = pending.indexOf(LF)) {
      const line = pending.subarray(0, end);
      pending = pending.subarray(end + 1);
      takeLine(line, pending);
      if (known.identification !== undefined || known.refused !== undefined) return known;
    }
    const start = pending.subarray(0, longestLine);
    if (!known.ended && start.length > 0) known = { ...known, first: textOf(start) };
    const refused =
      faultOf(pending) ?? (taken > mostBytes ? `it sends more than ${mostBytes} bytes of text` : undefined);
    if (refused) known = { ...known, refused };
    return known;
  };
  return { take, soFar: () => known };
}

function strangerIn(line: string, before: number): string | undefined {
  if (line.startsWith('SSH-')) return 'it speaks another version of SSH';
  return before >= mostLines ? `it sends ${mostLines} lines without an SSH identification` : undefined;
}

import type { Bundle } from './bundle.js';
import { linesOf } from './lines.js';
import { outputOf } from './reading.js';

/**
 * What `sshd -G` or `sshd -T` prints for a keyword (lower case), of the file as it is now: the running daemon may have read another.
 * Undefined where that was not printed.
 */
export function sshdSetting(bundle: Bundle, keyword: string): string | undefined {
  const output = outputOf(bundle, 'sshd-effective');
  if (!('value' in output)) return undefined;
  const line = linesOf(output.value).find((text) => text.startsWith(`${keyword} `));
  return line?.slice(keyword.length + 1).trim();
}

/** The two numbers of a release: `OpenSSH_9.2p1` is [9, 2]. Of the program on the disk; undefined where that does not tell. */
export function sshdRelease(bundle: Bundle): readonly [major: number, minor: number] | undefined {
  const record = bundle.records.get('sshd-version');
  const found = record && /OpenSSH_(\d{1,3})\.(\d{1,3})/.exec(`${record.stdout}\n${record.stderr}`);
  return found ? [Number(found[1]), Number(found[2])] : undefined;
}

/**
 * How many leading bits of two clients' addresses make them one source for sshd's limits.
 * sshd_config(5), PerSourceNetBlockSize: 32:128 where nothing else is set.
 */
export function sourceBlockBits(bundle: Bundle): { readonly 4: number; readonly 6: number } {
  const found = /^(\d{1,2}):(\d{1,3})$/.exec(sshdSetting(bundle, 'persourcenetblocksize') ?? '');
  return found ? { 4: Number(found[1]), 6: Number(found[2]) } : { 4: 32, 6: 128 };
}

import type { Bundle } from '../bundle.js';
import { linesOf } from '../lines.js';

/** Whether sshd asks TCP wrappers at all, by the libraries that `ldd` lists. */
export interface LibwrapLinked {
  readonly linked: 'yes' | 'no' | 'unknown';
  /** The line that says so. Untrusted text. */
  readonly line?: string;
}

/**
 * From OpenSSH 9.8 on it is sshd-session that asks, so sshd alone tells no more. `no` needs a list of libraries of each
 * binary that is there.
 */
export function libwrapLinked(bundle: Bundle): LibwrapLinked {
  const record = bundle.records.get('libwrap');
  if (record === undefined) return { linked: 'unknown' };
  const lines = linesOf(record.stdout);
  const line = lines.find((one) => /\blibwrap\.so/.test(one));
  if (line !== undefined) return { linked: 'yes', line };
  if (record.outcome !== 'ran') return { linked: 'unknown' };
  const all = `${record.stdout}\n${record.stderr}`;
  const lists = lines.some((one) => /\blibc\.so|\blibc\.musl|\bld-musl|\bld-linux/.test(one));
  if (!lists || /not a dynamic executable|statically linked|permission/i.test(all)) return { linked: 'unknown' };
  return isSplit(bundle) === false || /sshd-session/.test(all) ? { linked: 'no' } : { linked: 'unknown' };
}

/** Whether this OpenSSH has a sshd-session, from 9.8; undefined where the version is not told. */
function isSplit(bundle: Bundle): boolean | undefined {
  const record = bundle.records.get('sshd-version');
  const [, major, minor] =
    /OpenSSH_(\d{1,3})\.(\d{1,3})/.exec(`${record?.stdout}\n${record?.stderr}`.slice(0, 4096)) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  return Number(major) > 9 || (Number(major) === 9 && Number(minor) >= 8);
}

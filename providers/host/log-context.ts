import type { CauseCode } from '../../src/model/index.js';
import type { Bundle } from './bundle.js';
import { linesOf, wordsOf } from './lines.js';
import type { LogCause } from './log-line.js';
import { sshdListeners } from './processes.js';
import { partOf } from './reading.js';
import { sourceBlockBits, sshdRelease, sshdSetting } from './sshd-setting.js';

/** What the rest of a bundle says about the moment at which its logs were read. */
export interface LogContext {
  /** Milliseconds since 1970. */
  readonly now?: number;
  /** The sshd that listens on the port: its process, and the seconds since its start. */
  readonly listeners: readonly { readonly pid: number; readonly age?: number }[];
  /** How many connections without a login MaxStartups allows before it begins to drop. */
  readonly startupsBegin?: number;
  readonly perSourceLimitIsOff: boolean;
  /** OpenSSH 9.8 or newer, by the program on the disk. */
  readonly isSplit: boolean;
  readonly blockBits: { readonly 4: number; readonly 6: number };
  /** What stands in `files`; undefined where nobody looked. */
  readonly files?: ReadonlySet<string>;
}

export function logContext(bundle: Bundle, port: number): LogContext {
  const listeners = sshdListeners(bundle, port);
  const [title] = listeners.flatMap(({ startups }) => startups ?? []);
  const begin = title?.begin ?? Number.parseInt(sshdSetting(bundle, 'maxstartups') ?? '', 10);
  const [major, minor] = sshdRelease(bundle) ?? [0, 0];
  const files = filesOf(bundle);
  return {
    ...(bundle.takenAt === undefined ? {} : { now: bundle.takenAt }),
    listeners: listeners.map(({ daemon: { pid, age } }) => (age === undefined ? { pid } : { pid, age })),
    ...(Number.isNaN(begin) ? {} : { startupsBegin: begin }),
    perSourceLimitIsOff: sshdSetting(bundle, 'persourcemaxstartups') === 'none',
    isSplit: major > 9 || (major === 9 && minor >= 8),
    blockBits: sourceBlockBits(bundle),
    ...(files ? { files } : {}),
  };
}

/** The paths that `ls -ld` found. It fails where one of them is not there, and lists the others all the same. */
function filesOf(bundle: Bundle): ReadonlySet<string> | undefined {
  if (bundle.records.get('files')?.outcome !== 'ran') return undefined;
  return new Set(linesOf(partOf(bundle, 'files')).map((line) => wordsOf(line).at(-1) ?? ''));
}

/** The causes of a line that the rest of the bundle leaves; it may leave none. */
export function codesLeft(context: LogContext, cause: LogCause): readonly CauseCode[] {
  return cause.codes.filter((code) => isLeft(context, code, cause));
}

function isLeft(context: LogContext, code: CauseCode, { codes, data }: LogCause): boolean {
  const isListening = context.listeners.length > 0;
  switch (code) {
    // sshd.c, drop_connection: below the first number of MaxStartups it is the limit of one source, which is off by default.
    case 'host/max-startups':
      return !(Number(data.startups) < (context.startupsBegin ?? 0));
    case 'host/per-source-max-startups':
      return !(
        Number(data.startups) >= (context.startupsBegin ?? Number.POSITIVE_INFINITY) && context.perSourceLimitIsOff
      );
    // Without an sshd that listens the line is about a start. From 9.8 on the keys are read once, and the mode of the directory
    // does no harm (measured): there it is about a test of the configuration.
    case 'host/host-keys-deleted':
      return isListening && !context.isSplit;
    case 'host/privsep-directory-deleted':
      return isListening && !(context.isSplit && codes.length === 1 && data.mode !== undefined);
    case 'login/nologin':
      return hasNologin(context) !== false;
    case 'login/account-expired':
    case 'login/user-not-allowed':
      return codes.length === 1 || hasNologin(context) !== true;
    default:
      return true;
  }
}

/** Whether what a line says is broken was repaired since: what was missing is there. */
export function isRepaired({ files = new Set() }: LogContext, code: CauseCode, { data }: LogCause): boolean {
  if (code === 'host/host-keys-deleted') return [...files].some(isHostKey);
  return code === 'host/privsep-directory-deleted' && data.mode === undefined && files.has(data.file ?? '');
}

function isHostKey(path: string): boolean {
  return path.includes('/ssh_host_') && !path.endsWith('.pub') && !path.includes('*');
}

function hasNologin({ files }: LogContext): boolean | undefined {
  return files && ['/etc/nologin', '/run/nologin', '/var/run/nologin'].some((path) => files.has(path));
}

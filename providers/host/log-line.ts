import type { CauseCode } from '../../src/model/index.js';

/** One line of a log. */
export interface LogLine {
  /** Milliseconds since 1970; undefined where the stamp leaves it open: no year, no zone, seconds since the boot. */
  readonly time?: number;
  /** `sshd`, `sshd-session`, `systemd`, `kernel`. */
  readonly program: string;
  readonly pid?: number;
  readonly message: string;
  /** The whole line. Untrusted text. */
  readonly text: string;
}

/** What one line of a log says. All texts are untrusted. */
export interface LogCause {
  /** What may be behind it: more than one where the line is the same for several. */
  readonly codes: readonly CauseCode[];
  /** The client as the line writes it: an address, a block of addresses, or a name. Absent where it is about everybody. */
  readonly client?: string;
  /** The port of the machine, where the line tells. */
  readonly port?: number;
  readonly data: Readonly<Record<string, string>>;
  /** It happens to every connection until somebody repairs it. */
  readonly untilRepair?: true;
}

/** What helps to read a stamp. */
export interface LogClock {
  /** When the log was read, in milliseconds since 1970: gives the year to a stamp without one. */
  readonly now?: number;
  /** How far the machine's clock is before UTC, in milliseconds: the zone of a stamp without one. */
  readonly zone?: number;
}

/** sshd writes at most 1024 bytes (its MSGBUFSIZ), the kernel about as many: a longer line is none of theirs. */
const longestLine = 4096;
const priority = /^<\d{1,3}>/;
/** journalctl's short-iso, rsyslog's RFC 3339, dmesg's iso. */
const iso = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,]\d{1,9})?(Z|[+-]\d\d:?\d\d)? /;
/** syslog's `Nov 22 05:58:58`; logread's and `dmesg -T`'s have the day of the week and the year around it. */
const classic = /^\[?(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?: (\d{4}))?\]? /;
/** Seconds since the boot. */
const sinceBoot = /^\[ {0,12}\d{1,12}\.\d{1,9}\] /;
const kernelTag = /^(?:[^ ]{1,255} )?(?:[a-z]{2,8}\.[a-z]{2,8} )?kernel: /;
const tag = /^\(?([A-Za-z][\w.-]{0,62})\)?(?:\[(\d{1,9})\])?$/;
const auditStamp = /^(?:node=[^ ]{1,255} )?(?:audit: )?type=[^ ]{1,32} (?:msg=)?audit\((\d{1,12})\.(\d{3}):/;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const day = 86_400_000;

/**
 * The line as a syslog file, journalctl, logread or dmesg writes it; undefined where it has no stamp or names no program. In a log
 * of the kernel alone (`kernel`) a line needs neither. Takes time in proportion to the line.
 */
export function logLine(text: string, clock: LogClock = {}, kernel = false): LogLine | undefined {
  if (text === '' || text.length > longestLine) return undefined;
  const bare = text.replace(priority, '');
  const stamp = readStamp(bare, clock);
  const rest = bare.slice(stamp?.length ?? 0);
  const time = stamp?.time === undefined ? {} : { time: stamp.time };
  if (kernel || kernelTag.test(rest)) {
    const message = rest.replace(kernelTag, '').replace(sinceBoot, '');
    return { ...time, ...auditTime(message), program: 'kernel', message, text };
  }
  return stamp && named(rest, { ...time, text });
}

/** Milliseconds that a zone as `date +%z` writes it is before UTC; undefined where it is none. */
export function writtenZone(text: string): number | undefined {
  return /^[+-]\d\d:?\d\d$/.test(text) ? zoneOffset(text) : undefined;
}

/** Milliseconds that the clock which wrote a stamp is before UTC, where the stamp says so. */
export function stampZone(text: string): number | undefined {
  const zone = text === '' ? undefined : iso.exec(text.replace(priority, ''))?.[7];
  return zone === undefined ? undefined : zoneOffset(zone);
}

function named(rest: string, line: Pick<LogLine, 'time' | 'text'>): LogLine | undefined {
  const end = rest.indexOf(': ');
  if (end < 0 || end > 400) return undefined;
  // The host, and for busybox the facility, stand before the program.
  const words = rest.slice(0, end).split(' ');
  const found = tag.exec(words.at(-1) ?? '');
  const [, program, pid] = found ?? [];
  if (program === undefined || words.length > 3) return undefined;
  return { ...line, program, ...(pid === undefined ? {} : { pid: Number(pid) }), message: rest.slice(end + 2) };
}

function readStamp(text: string, clock: LogClock): { readonly length: number; readonly time?: number } | undefined {
  const dated = iso.exec(text);
  if (dated) {
    const zone = dated[7] === undefined ? clock.zone : zoneOffset(dated[7]);
    return { length: dated[0].length, ...instant(dated.slice(1, 7).map(Number), zone) };
  }
  const written = classic.exec(text);
  if (written) return { length: written[0].length, ...classicTime(written, clock) };
  const booted = sinceBoot.exec(text);
  return booted ? { length: booted[0].length } : undefined;
}

/** The latest year in which the log does not tell of the future. A day is left for clocks that were set back. */
function classicTime([, month = '', ...numbers]: readonly string[], clock: LogClock): { readonly time?: number } {
  const [dayOfMonth = Number.NaN, hour = 0, minute = 0, second = 0, year] = numbers.map((text) =>
    text === undefined ? undefined : Number(text),
  );
  const parts = (y: number) => [y, months.indexOf(month) + 1, dayOfMonth, hour, minute, second];
  if (year !== undefined) return instant(parts(year), clock.zone);
  if (clock.now === undefined) return {};
  // At a turn of the year it is one of its neighbours.
  const thisYear = 1970 + Math.floor(clock.now / (365.2425 * day));
  for (const candidate of [thisYear + 1, thisYear, thisYear - 1]) {
    const found = instant(parts(candidate), clock.zone);
    if (found.time !== undefined && found.time <= clock.now + day) return found;
  }
  return {};
}

function instant(parts: readonly number[], zone: number | undefined): { readonly time?: number } {
  const [year = 0, month = 0, date = 0, hour = 0, minute = 0, second = 0] = parts;
  const valid = month >= 1 && month <= 12 && date >= 1 && date <= 31 && hour < 24 && minute < 60 && second <= 60;
  return valid && zone !== undefined ? { time: Date.UTC(year, month - 1, date, hour, minute, second) - zone } : {};
}

function zoneOffset(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

function auditTime(message: string): { readonly time?: number } {
  const found = auditStamp.exec(message);
  return found ? { time: Number(found[1]) * 1000 + Number(found[2]) } : {};
}

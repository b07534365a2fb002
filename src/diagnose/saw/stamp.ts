/** When a line was written, on a clock of its log. */
export interface Stamp {
  readonly ms: number;
  /** The clock of the log shows parts of a second. */
  readonly isFine: boolean;
}

const hour = 3_600_000;
const day = 24 * hour;

const clock = String.raw`(?<h>[01]?\d|2[0-3]):(?<m>[0-5]\d):(?<s>[0-5]\d)(?:[.,](?<f>\d{1,9}))?`;
const prefixes: readonly RegExp[] = [
  // ISO 8601 with a date, and that of a syslog line: the day is read as part of the time.
  new RegExp(String.raw`^\[?\d{4}-\d\d-(?<d>\d\d)[T ]${clock}(?:Z|[+-]\d\d:?\d\d)?\]?:? `),
  new RegExp(String.raw`^[A-Z][a-z]{2} {1,2}(?<d>\d{1,2}) ${clock} `),
  new RegExp(String.raw`^\[?${clock}\]?:? `),
  // Seconds since some moment, as `ts -s %.s` and strace -r print them.
  /^(?<e>\d{1,10})\.(?<f>\d{3,9}) /,
];

/** The line without the time before it, and that time. */
export function unstamped(line: string): { readonly text: string; readonly stamp?: Stamp } {
  if (!/^\[?(?:\d|[A-Z][a-z]{2} )/.test(line)) return { text: line };
  for (const prefix of prefixes) {
    const match = prefix.exec(line);
    if (match === null) continue;
    const { d, h, m, s, e, f } = match.groups ?? {};
    const whole =
      e === undefined
        ? Number(d ?? 0) * day + (Number(h) * 60 + Number(m)) * 60_000 + Number(s) * 1000
        : Number(e) * 1000;
    const fraction = f === undefined ? 0 : Number(`0.${f}`) * 1000;
    return { text: line.slice(match[0].length), stamp: { ms: whole + fraction, isFine: f !== undefined } };
  }
  return { text: line };
}

/**
 * Milliseconds from one stamp to the next, or undefined where they do not tell: a clock without parts of a second is wrong by up to one
 * second, and a difference of one second or less would be nothing but that.
 */
export function between(start: Stamp | undefined, end: Stamp | undefined): number | undefined {
  if (start === undefined || end === undefined) return undefined;
  const elapsed = end.ms - start.ms;
  // Past midnight, of a clock without a date.
  const passed = elapsed < 0 && elapsed > -day && start.ms < day && end.ms < hour ? elapsed + day : elapsed;
  if (passed < 0 || passed > day) return undefined;
  if (!(start.isFine && end.isFine) && passed <= 1000) return undefined;
  return Math.round(passed);
}

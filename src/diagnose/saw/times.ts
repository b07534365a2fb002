/** Milliseconds of the attempts that a text tells of, in their order. Empty where it tells none. */
export type Times = readonly number[];

const units: readonly (readonly [RegExp, number])[] = [
  [/^(?:ms|msecs?|millis(?:econds?)?|milliseconds?)$/i, 1],
  [/^(?:s|secs?|seconds?)$/i, 1000],
  [/^(?:m|mins?|minutes?)$/i, 60_000],
  [/^(?:h|hours?)$/i, 3_600_000],
];
const mostRepeats = 1000;
const duration =
  /(?<![\w.:/-])(?:(?<minutes>\d{1,4}) ?m(?:in)? ?)?(?<value>\d{1,9}(?:[.,]\d{1,9})?) ?(?<unit>milliseconds?|millis|msecs?|ms|seconds?|secs?|s|minutes?|mins?|hours?|h)\b(?: ?[x×*] ?(?<count>\d{1,4})\b| (?<count2>\d{1,4}) times)?/gi;
const atOnce = /\b(?:immediately|instantly|instantaneously|at once|right away|straight away|straightaway)\b/i;
/** How a person says how long it took, next to a number. */
const spoken =
  /(?:^\W{0,3}\d{1,9}(?:[.,]\d{1,9})? ?(?:ms|msec|millis|s\b|sec|min)|\(|~|\b(?:after|for|in|within|took|takes|about|around|roughly|elapsed|every|then)\s|\b(?:hangs?|hung|waits?|waited|stuck|stalls?|elapsed|time)\W)/i;
/** Numbers of something else: of the next try, of a transfer, of a ping, of a setting. */
const otherTimes =
  /^(?:debug\d:|Transferred|Bytes per second|Nmap|Ncat:|rtt |round-trip|PING|\d+ bytes|Offending)|\b(?:retry|retrying|again|next attempt|bytes|received|time=|ago|uptime)\b/i;

/**
 * The times that the words of a person or the rest of a client's line tell: `3.1 s`, `265 ms`, `2m13.5s`, `3 ms x6 then 1.02 s`,
 * `immediately` (0 ms: a person cannot tell less than some 100 ms apart).
 */
export function timesIn(text: string): Times {
  if (otherTimes.test(text)) return [];
  const times: number[] = [];
  for (const { groups } of text.matchAll(duration)) {
    const { minutes = '0', value = '', unit = '', count, count2 } = groups ?? {};
    const factor = units.find(([name]) => name.test(unit))?.[1] ?? 0;
    const ms = Math.round(Number(minutes) * 60_000 + Number(value.replace(',', '.')) * factor);
    const repeated = Math.min(mostRepeats, Math.max(1, Number(count ?? count2 ?? 1)));
    for (let i = 0; i < repeated && times.length < mostRepeats; i++) times.push(ms);
  }
  if (times.length === 0 && atOnce.test(text)) return [0];
  return times;
}

/** The same of a line that no client wrote: only where it speaks of how long something took. */
export function spokenTimes(text: string): Times {
  return text.length <= 500 && (spoken.test(text) || atOnce.test(text)) ? timesIn(text) : [];
}

const measured: readonly RegExp[] = [
  /^real\s+(?:(?<m>\d{1,5})m ?)?(?<s>\d{1,6}(?:[.,]\d{1,9})?)s?\s*$/,
  /\bcpu\s+(?:(?<m>\d{1,5}):)?(?<s>\d{1,6}(?:[.,]\d{1,9})?) total\s*$/,
  /\b(?<m>\d{1,5}):(?<s>\d\d(?:\.\d{1,3})?)elapsed\b/,
  /^Executed in\s+(?<s>\d{1,6}(?:[.,]\d{1,9})?) secs/,
  /^TotalSeconds\s{0,30}: (?<s>\d{1,6}(?:[.,]\d{1,9})?)\s*$/,
];

/** The line in which bash, zsh, GNU time, fish and PowerShell tell how long a command took; milliseconds. */
export function measuredTime(text: string): number | undefined {
  for (const pattern of measured) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) continue;
    return Math.round(Number(groups.m ?? 0) * 60_000 + Number((groups.s ?? '').replace(',', '.')) * 1000);
  }
  return undefined;
}

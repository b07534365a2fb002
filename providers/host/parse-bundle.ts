import type { Problem } from '../../src/model/index.js';
import type { Bundle } from './bundle.js';
import { bundleReader, lastLine, markerOf, type Reading } from './bundle-reading.js';

const version = '1';
const title = 'port22 host bundle';
const mostNamed = 5;

/**
 * Reads what `port22 collect` wrote, out of a file or out of the log of a serial console.
 *
 * - A record whose last line is missing, or that has a line in it that is none of a bundle, is `cut`: it may have lost anything.
 * - Of records with one key the last counts: the collector asks again in another way where a tool did not know the first.
 * - Of bundles in one text the last that is whole counts, else the last: it is the newest.
 * - The lines `zone`, `uid`, `port` and `client` at the head are records with these keys, without a command.
 *
 * Takes time in proportion to the text, and never throws. There is no bundle, but an error, where no line begins one, or where its
 * format is not the one that this version of port22 reads. Everything else that is wrong is a warning.
 */
export function parseBundle(text: string): { readonly bundle?: Bundle; readonly problems: readonly Problem[] } {
  const { readings, otherFormat } = readingsOf(text);
  const chosen = readings.findLast(({ bundle }) => bundle.whole) ?? readings.at(-1);
  const other = otherFormat === undefined ? [] : [unknownFormat(otherFormat)];
  if (!chosen) return { problems: other.length > 0 ? other : [noBundle(text)] };
  const problems = [...problemsOf(chosen, readings.length), ...other.map((one) => ({ ...one, severity: warning }))];
  return { bundle: chosen.bundle, problems };
}

const warning = 'warning' as const;

interface Found {
  readonly readings: readonly Reading[];
  /** What stands where the version does, of a bundle in a format that is not known. */
  readonly otherFormat: string | undefined;
}

function readingsOf(text: string): Found {
  const readings: Reading[] = [];
  let otherFormat: string | undefined;
  let reader: ReturnType<typeof bundleReader> | undefined;
  const end = () => {
    if (reader) readings.push(reader.finish());
    reader = undefined;
  };
  for (const line of linesOf(text)) {
    const format = formatOf(line);
    if (format !== undefined) {
      end();
      if (format === version) reader = bundleReader();
      else otherFormat = format;
    } else if (reader?.take(line)) {
      end();
    }
  }
  end();
  return { readings, otherFormat };
}

/** The lines that have an end. A last line without one may have lost anything, and is left out, unless nothing can follow it. */
function* linesOf(text: string): Generator<string> {
  let from = 0;
  while (from < text.length) {
    const found = text.indexOf('\n', from);
    const next = found < 0 ? text.length : found;
    if (found < 0 && markerOf(text.slice(from)) !== lastLine) return;
    let to = next;
    // A serial console ends its lines with CR LF, or with more of them.
    while (to > from && text[to - 1] === '\r') to -= 1;
    yield text.slice(from, to);
    from = next + 1;
  }
}

/** What stands behind the title of a line that begins a bundle. */
function formatOf(line: string): string | undefined {
  const marker = markerOf(line);
  return marker.startsWith(`${title} `) ? marker.slice(title.length + 1) : undefined;
}

function noBundle(text: string): Problem {
  return {
    severity: 'error',
    what: 'this is no bundle of a host',
    where: 'the whole text',
    why: `no line of it reads "${title} ${version}", which is how a bundle begins`,
    fix: text.includes('p\0o\0r\0t\u00002\u00002')
      ? 'the text is UTF-16, as PowerShell writes it: save it as UTF-8'
      : 'give all that the script of port22 collect printed on the host',
  };
}

function unknownFormat(format: string): Problem {
  const newer = /^\d{1,9}$/.test(format) && Number(format) > Number(version);
  return {
    severity: 'error',
    what: `the bundle has the format ${format.slice(0, 40)}, which this port22 does not read`,
    where: 'the first line of the bundle',
    why: `this port22 reads format ${version}; what it does not know it would misread`,
    fix: newer ? 'use the port22 that wrote its script, or a newer one' : 'collect it again with port22 collect',
  };
}

function problemsOf(reading: Reading, bundles: number): Problem[] {
  return [...problemsOfText(reading.bundle, bundles), ...problemsOfRecords(reading)];
}

function warn(holds: boolean, problem: Omit<Problem, 'severity'>): Problem[] {
  return holds ? [{ severity: warning, ...problem }] : [];
}

function problemsOfText({ records, whole }: Bundle, bundles: number): Problem[] {
  return [
    ...warn(bundles > 1, {
      what: `the text holds ${bundles} bundles`,
      where: 'the whole text',
      why: 'one machine is judged at one time; port22 takes the last bundle that is whole',
      fix: 'give each bundle as a file of its own',
    }),
    ...warn(!whole, {
      what: 'the bundle has no end',
      where: records.size > 0 ? `after the record ${named([...records.keys()].slice(-1))}` : 'after its first line',
      why: `no line reads "${lastLine}", so that records may be missing; they are taken as not known`,
      fix: 'collect it again, and keep all of it',
    }),
  ];
}

function problemsOfRecords({ damaged, cut, doubled, strays }: Reading): Problem[] {
  return [
    ...warn(damaged.length > 0, {
      what: `${counted(damaged.length, 'record')} of the bundle lost something`,
      where: named(damaged),
      why: 'the last line of a record is missing, or a line in it is none of a bundle; port22 takes it as not known',
      fix: 'collect it again, into a file rather than through a terminal',
    }),
    ...warn(cut.length > 0, {
      what: `${counted(cut.length, 'record')} of the bundle had more to say than the collector keeps`,
      where: named(cut),
      why: 'what was left out may decide, so that port22 takes it as not known',
      fix: 'look at the output of its command on the host',
    }),
    ...warn(doubled.length > 0, {
      what: `${counted(doubled.length, 'record')} of the bundle came twice`,
      where: named(doubled),
      why: 'the last one counts, though the one before it had an answer',
      fix: 'collect it again, if bundles were put together by hand',
    }),
    ...warn(strays > 0, {
      what: `${counted(strays, 'line')} of the bundle stand in no record`,
      where: 'the bundle',
      why: 'the line that names their record was lost; port22 takes that record as not known',
      fix: 'collect it again, into a file rather than through a terminal',
    }),
  ];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function named(keys: readonly string[]): string {
  const shown = keys.slice(0, mostNamed).map((key) => key.slice(0, 80) || '(without a name)');
  const more = keys.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

import type { Bundle, BundleRecord } from './bundle.js';

/** The last line of a bundle. */
export const lastLine = 'port22 end of bundle';

/** A bundle while it is read, and what was wrong with it: keys of its records. */
export interface Reading {
  readonly bundle: Bundle;
  /** Records of which something was lost on the way here. */
  readonly damaged: readonly string[];
  /** Records of which the collector itself kept only a part. */
  readonly cut: readonly string[];
  /** Records that took the place of one that had an answer already. */
  readonly doubled: readonly string[];
  /** Lines of content that stand in no record. */
  readonly strays: number;
}

/** A record while it is read. `ending` is its last line; `foreign` tells that a line in it is none of a bundle. */
interface Draft {
  readonly key: string;
  command?: string;
  readonly stdout: string[];
  readonly stderr: string[];
  ending?: Pick<BundleRecord, 'outcome' | 'status'>;
  foreign: boolean;
}

const headRecords = /^(zone|uid|port|client) (.*)$/;
const taken = /^taken (\d{1,11})$/;

/** Takes the lines of one bundle after its first. `take` answers whether the line was the last one. */
export function bundleReader(): { take(line: string): boolean; finish(): Reading } {
  const records = new Map<string, BundleRecord>();
  const damaged: string[] = [];
  const cut: string[] = [];
  const doubled: string[] = [];
  let strays = 0;
  let takenAt: number | undefined;
  let whole = false;
  let draft: Draft | undefined;
  let inHead = true;

  function close(): void {
    if (!draft) return;
    const { key } = draft;
    if (draft.foreign || !draft.ending) damaged.push(key);
    else if (draft.ending.outcome === 'cut') cut.push(key);
    if (answered(records.get(key))) doubled.push(key);
    records.set(key, recordOf(draft));
    draft = undefined;
  }

  function takeHead(marker: string): void {
    const [, key, value = ''] = headRecords.exec(marker) ?? [];
    const seconds = taken.exec(marker)?.[1];
    if (key !== undefined) records.set(key, recordOf({ ...draftOf(key), stdout: [value], ending: ran(0) }));
    if (seconds !== undefined) takenAt = Number(seconds) * 1000;
  }

  function take(line: string): boolean {
    if (line.startsWith('> ')) {
      close();
      inHead = false;
      draft = draftOf(line.slice(2).trimEnd());
    } else if (isContent(line)) {
      if (draft) takeContent(draft, line);
      else strays += 1;
    } else {
      return takeMarker(markerOf(line));
    }
    return false;
  }

  function takeMarker(marker: string): boolean {
    if (marker === lastLine) {
      close();
      whole = true;
    } else if (draft && marker.startsWith('< ')) {
      const ending = endingOf(marker);
      if (ending) draft.ending = ending;
      close();
    } else if (draft && marker !== '') {
      draft.foreign = true;
    } else if (inHead) {
      takeHead(marker);
    }
    return whole;
  }

  function finish(): Reading {
    close();
    return { bundle: { records, whole, ...(takenAt !== undefined && { takenAt }) }, damaged, cut, doubled, strays };
  }
  return { take, finish };
}

/**
 * A line that is no content, without what a terminal puts before the first line that a program prints, and without blanks behind.
 * No such line that has a meaning is longer than a terminal is wide.
 */
export function markerOf(line: string): string {
  return line.length > 200 ? 'too long' : line.replace(/^(?:\p{Cc}(?:\[[0-9;?]*[A-Za-z])?|\ufeff)+/u, '').trimEnd();
}

function isContent(line: string): boolean {
  return line.startsWith('|') || line.startsWith('!') || line.startsWith('$');
}

function draftOf(key: string): Draft {
  return { key, stdout: [], stderr: [], foreign: false };
}

function takeContent(draft: Draft, line: string): void {
  // The collector writes a carriage return so that it can be seen, and lives through a terminal.
  const text = line.slice(1).replaceAll('\u240d', '\r');
  if (line.startsWith('|')) draft.stdout.push(text);
  else if (line.startsWith('!')) draft.stderr.push(text);
  // Two commands in one record: the lines between them were lost.
  else if (draft.command !== undefined) draft.foreign = true;
  else draft.command = text.trim();
}

const ran = (status: number) => ({ outcome: 'ran', status }) as const;

function endingOf(marker: string): Draft['ending'] {
  const status = /^< ran (\d{1,9})$/.exec(marker)?.[1];
  if (status !== undefined) return ran(Number(status));
  const outcome = (['absent', 'denied', 'timed-out', 'cut'] as const).find((word) => marker === `< ${word}`);
  return outcome && { outcome };
}

function recordOf({ key, command = '', stdout, stderr, ending, foreign }: Draft): BundleRecord {
  const kept = ending && !foreign ? ending : ({ outcome: 'cut' } as const);
  return { key, command, ...kept, stdout: textOf(stdout), stderr: textOf(stderr) };
}

function textOf(lines: readonly string[]): string {
  return lines.length > 0 ? `${lines.join('\n')}\n` : '';
}

function answered(record: BundleRecord | undefined): boolean {
  return record?.outcome === 'ran' && record.status === 0;
}

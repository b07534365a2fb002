import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { JsonWindow } from '../../src/cli/recorded/json-window.js';
import { type ReadLimits, RunGuess } from '../../src/cli/recorded/run-guess.js';
import { readRecordedFile } from '../../src/cli/recorded-file.js';
import type { Place } from '../../src/provider.js';
import { runs } from '../support/runs.js';
import { tempFolder } from '../support/temp-folder.js';

const folder = tempFolder();
afterAll(() => folder.remove());
const FILE = join(folder.path, 'recorded.json');

const placeText = ({ line, column }: Place) => `${line}:${column}`;

/** All that a sink is given, in order. The place of each second element is asked for at once, all are asked for at the end, the last first. */
function read(content: Uint8Array, limits: Partial<ReadLimits>): unknown {
  writeFileSync(FILE, content);
  const given: unknown[] = [];
  const places: Place[] = [];
  const faults = readRecordedFile(
    FILE,
    {
      wants: (key) => key !== 'Other',
      element: (key, value, place) => {
        given.push({ key, value, place: places.length % 2 === 1 ? placeText(place) : undefined });
        places.push(place);
      },
      rest: (value) => given.push({ rest: value }),
    },
    limits,
  );
  return {
    given,
    places: places.reverse().map(placeText),
    faults: faults.map(({ what, place }) => `${placeText(place)} ${what}`),
  };
}

/** How the line ends and indents of JSON.stringify with one blank a level are printed instead. */
const styles: Readonly<Record<string, (level: number, index: number) => string>> = {
  'four blanks': (level) => `\n${'    '.repeat(level)}`,
  'two blanks': (level) => `\n${'  '.repeat(level)}`,
  tabs: (level) => `\n${'\t'.repeat(level)}`,
  'CR and LF': (level) => `\r\n${'    '.repeat(level)}`,
  compact: () => '',
  'one line': (_, index) => (index % 3 === 0 ? ' ' : ''),
  'no indents': () => '\n',
  'odd blanks': (level, index) => ['', '\n', ' \t', `\n\n${' '.repeat(level)}`][(index * 7) % 4] as string,
};

function printed(value: unknown, style: string): string {
  let index = 0;
  const blanks = styles[style] as (level: number, index: number) => string;
  return JSON.stringify(value, null, 1).replace(/\n */g, (found) => blanks(found.length - 1, index++));
}

const aText = fc.string({ unit: fc.constantFrom('"', '\\', '{', '},{', ']', ',', 'é', '😀', '\n', 'a'), maxLength: 6 });
const { element: anElement } = fc.letrec((tie) => ({
  element: fc.oneof(
    { maxDepth: 4 },
    aText,
    fc.constantFrom(null, -1.5e3, true, {}, []),
    fc.record({ Id: aText, Tags: tie('list') }, { requiredKeys: [] }),
    fc.record({ Groups: tie('list'), Id: tie('element') }, { requiredKeys: [] }),
    tie('list'),
  ),
  list: fc.array(fc.oneof(tie('element'), fc.record({ Id: aText })), { maxLength: 5 }),
}));
const aList = fc.array(fc.oneof({ arbitrary: fc.record({ Id: aText, In: anElement }), weight: 4 }, anElement), {
  maxLength: 20,
  size: 'max',
});
const aFile = fc
  .tuple(
    fc.array(
      fc.oneof(
        fc.record({ Reservations: aList, Next: aText, Vpcs: aList, Other: aList }, { requiredKeys: ['Reservations'] }),
        aList,
      ),
      { minLength: 1, maxLength: 3 },
    ),
    fc.constantFrom(...Object.keys(styles)),
  )
  .map(([roots, style]) => Buffer.from(roots.map((root) => printed(root, style)).join('\n')));

const aDamage = fc.oneof(
  fc.record({ at: fc.nat(), cut: fc.constantFrom(1, 1, 2, 30, Number.MAX_SAFE_INTEGER), put: fc.constant('') }),
  fc.record({
    at: fc.nat(),
    cut: fc.constantFrom(0, 1),
    put: fc.constantFrom(...'{}[]",:\\ \n\t0e-.tx\u0000\u00ffé', '{"Id":1},', '[[[[[[]]]]]],', '},{"Id":'),
  }),
);

/** Characters up to U+00FF are put as one byte, and so é is no UTF-8. */
function damaged(bytes: Buffer, damage: { at: number; cut: number; put: string }): Buffer {
  const at = damage.at % (bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(damage.put, 'latin1'), bytes.subarray(at + damage.cut)]);
}

const someLimits = fc.record({
  chunk: fc.constantFrom(20, 50, 300, 4096),
  batch: fc.constantFrom(1, 40, 200, 1 << 16),
  depth: fc.constantFrom(2, 4, 512),
  length: fc.constantFrom(60, 300, 1 << 20),
});

describe('elements that are parsed together', () => {
  test('are those that are found one by one, at their places, with the same faults', () => {
    fc.assert(
      fc.property(aFile, fc.array(aDamage, { maxLength: 3 }), someLimits, (file, damages, limits) => {
        const bytes = damages.reduce(damaged, file);
        expect(read(bytes, limits)).toEqual(read(bytes, { ...limits, batch: 0 }));
      }),
      { ...runs(300), interruptAfterTimeLimit: 15_000 },
    );
  });
});

test('bytes that are not UTF-8 are told where they are read, not in a value that is refused', () => {
  const bytes = Buffer.from('[{}, {}, [["_"]], {}, {}, {"a": "_"}]'.replaceAll('_', '\u00ff'), 'latin1');
  for (const batch of [0, 10, 1000]) {
    expect(read(bytes, { depth: 1, batch })).toMatchObject({
      faults: [
        '1:10 the value is nested deeper than 1 levels',
        '1:34 this is not UTF-8; such bytes are read as U+FFFD',
      ],
    });
  }
});

describe('the guess where a run of elements ends', () => {
  const records = Array.from({ length: 50 }, (_, n) => ({ Id: `i-${n}`, Groups: [{ Key: 'a' }, { Key: '},{"Id"' }] }));

  /** A window at the element with this index of a list, and the guesses there. */
  function atElement(index: number, text: string, batch: number) {
    const limits = { chunk: text.length, length: 1 << 20, depth: 9, batch };
    const window = new JsonWindow(
      (into, at) => into.write(text, at),
      limits,
      () => {},
    );
    const guess = new RunGuess(window, limits);
    const next = () => {
      window.peek();
      window.position++;
      window.peek();
    };
    next();
    for (let n = 0; n < index; n++) {
      window.passValue();
      next();
    }
    return { window, guess, next };
  }

  test.each(Object.keys(styles).filter((style) => style !== 'odd blanks'))(
    'is right in a file printed with %s',
    (style) => {
      const text = printed(records, style);
      const { window, guess } = atElement(1, text, 1000);
      const end = guess.endOfRun() ?? 0;
      const run = JSON.parse(`[${text.slice(window.position, end)}]`);
      expect(run).toEqual(records.slice(1, 1 + run.length));
      expect(run.length).toBeGreaterThanOrEqual(2);
      expect(end - window.position).toBeLessThanOrEqual(1000);
    },
  );

  test('goes to the end of one element that is longer than a batch', () => {
    const text = printed(records, 'four blanks');
    const { window, guess } = atElement(1, text, 30);
    expect(JSON.parse(text.slice(window.position, guess.endOfRun()))).toEqual(records[1]);
  });

  test('is not made at the first element, nor where a batch is nothing', () => {
    const text = printed(records, 'four blanks');
    expect(atElement(0, text, 1000).guess.endOfRun()).toBeUndefined();
    expect(atElement(1, text, 0).guess.endOfRun()).toBeUndefined();
  });

  test('is made the more rarely, the more often it was wrong', () => {
    const { window, guess, next } = atElement(1, printed(Array(5000).fill({ a: 1 }), 'compact'), 20);
    const wrong: number[] = [];
    for (let n = 1; n < 4999; n++) {
      if (guess.endOfRun() !== undefined) {
        wrong.push(window.position);
        guess.refute();
      }
      window.passValue();
      next();
    }
    expect(wrong.length).toBeGreaterThan(5);
    expect(wrong.length).toBeLessThan(15);
  });
});

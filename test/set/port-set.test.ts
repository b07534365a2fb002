import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PortSet } from '../../src/set/index.js';
import { runs } from '../support/runs.js';
import { allSubsets, runsOf } from './slice.js';

const points = 6;
const universes = [
  { name: 'the first ports', start: 0, block: 1 },
  { name: 'ports around 32768', start: 32_765, block: 1 },
  { name: 'the last ports', start: 65_536 - points, block: 1 },
  { name: 'nearly all ports', start: 0, block: Math.floor(65_536 / points) },
];

describe.each(universes)('every pair of subsets of $name', ({ start, block }) => {
  const subsets = allSubsets(points);
  const full = 2 ** points - 1;
  const firstOf = (point: number) => start + point * block;
  const sets = subsets.map((members) =>
    runsOf(members).reduce(
      (set, [first, last]) => set.union(PortSet.range(firstOf(first), firstOf(last + 1) - 1)),
      PortSet.empty,
    ),
  );
  const subset = (m: number) => sets[m & full] ?? PortSet.empty;

  test('each has its ports, runs and size', () => {
    for (const [m, members] of subsets.entries()) {
      const set = subset(m);
      expect(members.map((_, point) => set.has(firstOf(point)))).toEqual(members);
      expect(members.map((_, point) => set.has(firstOf(point + 1) - 1))).toEqual(members);
      expect(set.has(start - 1) || set.has(firstOf(points))).toBe(false);
      expect(set.ranges()).toEqual(runsOf(members).map(([first, last]) => [firstOf(first), firstOf(last + 1) - 1]));
      expect(set.size).toBe(members.filter(Boolean).length * block);
      expect(set.isEmpty).toBe(m === 0);
      if (m > 0) expect(PortSet.of(...set.toString().split(', ')).equals(set)).toBe(true);
    }
  });

  test('the operations and the tests', () => {
    for (const [m, left] of sets.entries()) {
      for (const [n, right] of sets.entries()) {
        const results = [left.union(right), left.intersect(right), left.subtract(right)];
        const expected = [subset(m | n), subset(m & n), subset(m & ~n)];
        expect(results.map((result) => result.ranges())).toEqual(expected.map((set) => set.ranges()));
        for (const result of results) {
          if (result.equals(left) || result.equals(right)) expect(result === left || result === right).toBe(true);
        }
        const answers = [left.equals(right), left.overlaps(right), left.covers(right)];
        expect(answers).toEqual([m === n, (m & n) !== 0, (m | n) === m]);
      }
    }
  });
});

describe('PortSet', () => {
  test.each([
    [['22'], '22'],
    [['22', '1024-65535'], '22, 1024-65535'],
    [['1024-65535', '22', '22-22'], '22, 1024-65535'],
    [['22', '23', '24'], '22-24'],
    [['20-30', '25-40'], '20-40'],
    [['0-32767', '32768-65535'], '0-65535'],
    [['0', '65535'], '0, 65535'],
    [[], 'nothing'],
  ])('%j prints as %s', (texts, text) => {
    expect(PortSet.of(...texts).toString()).toBe(text);
  });

  test.each([
    '',
    ' 22',
    '22 ',
    '22\n',
    '022',
    '-1',
    '-',
    '22-',
    '-22',
    '65536',
    '99999',
    '30-20',
    '1-2-3',
    '1e3',
    '0x16',
    '٢٢',
    'ssh',
    'NaN',
  ])('%j is no port', (text) => {
    expect(() => PortSet.of('80', text)).toThrow(
      new Error(`${JSON.stringify(text)} is no port: write 22 or 1024-65535`),
    );
  });

  test.each([
    [-1, 1],
    [0, 65_536],
    [2, 1],
    [0.5, 1],
    [0, 1.5],
    [Number.NaN, 1],
    [0, Number.NaN],
    [0, Number.POSITIVE_INFINITY],
  ])('%d to %d is no range of ports', (first, last) => {
    expect(() => PortSet.range(first, last)).toThrow(
      new RangeError(`${first}-${last} is no range of ports: give whole numbers, 0 to 65535, the lower one first`),
    );
  });

  test('single takes the same ports as range', () => {
    expect(PortSet.single(22).ranges()).toEqual([[22, 22]]);
    expect(() => PortSet.single(65_536)).toThrow(RangeError);
    expect(() => PortSet.single(-1)).toThrow(RangeError);
  });

  test('constants', () => {
    expect(PortSet.all.size).toBe(65_536);
    expect(PortSet.empty.size).toBe(0);
    expect(PortSet.of()).toBe(PortSet.empty);
    expect(PortSet.all.subtract(PortSet.all)).toBe(PortSet.empty);
    expect(PortSet.all.has(65_536) || PortSet.all.has(-1)).toBe(false);
  });

  test('what is printed is read back as the same set', () => {
    const ends = fc.tuple(fc.nat(65_535), fc.nat(65_535)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);
    fc.assert(
      fc.property(fc.array(ends, { minLength: 1, maxLength: 8 }), (ranges) => {
        const set = PortSet.of(...ranges.map(([first, last]) => `${first}-${last}`));
        expect(PortSet.of(...set.toString().split(', ')).equals(set)).toBe(true);
        expect(PortSet.all.subtract(PortSet.all.subtract(set)).equals(set)).toBe(true);
      }),
      runs(100),
    );
  });
});

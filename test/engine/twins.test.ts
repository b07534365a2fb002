import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { audit, explain } from '../../src/index.js';
import type { TargetReport } from '../../src/model/index.js';
import { AddressSet, parseAddress } from '../../src/set/index.js';
import type { RecordedDocument } from '../support/aws/collection.js';
import { crowd } from '../support/aws/crowd.js';
import { everyNoun } from '../support/aws/every-noun.js';
import type { Fixture } from '../support/aws/fixture.js';
import { addressesOf, isNamed, reordered, withNeighbours, withoutMachine } from '../support/aws/neighbours.js';
import { damaged, differences, differing, heldAddresses } from '../support/aws/random-difference.js';
import { runs } from './runs.js';

type Documents = readonly RecordedDocument[];

/** Addresses that no machine holds: in each subnet, behind each gateway, and of the internet. */
const others = [
  ...['10.0.1.77', '10.0.2.77', '10.0.9.7', '10.1.0.77', '10.1.9.7', '10.2.0.77', '10.9.9.9', '192.168.0.9'],
  ...['172.16.0.9', '203.0.113.9', '203.0.113.200', '8.8.8.8', '198.51.100.200'],
  ...['2001:db8:1:1::77', '2001:db8:2::77', '2001:db8:3::77', '2001:db8:f::1', '2001:db8:ffff::1'],
];

/** An account in which each machine has two neighbours, and lists that name some of them. */
function peopled(f: Fixture): Documents {
  f.prefixList('pl-8', '2001:db8:1:1::11/128', '2001:db8:2::a/128');
  f.prefixList('pl-9', '10.0.1.11/32', '10.0.2.21/32', '10.1.0.10/32');
  return withNeighbours(f.documents(), 2);
}

const accounts = [crowd, ...everyNoun.map(({ of }) => of)].map((of) => peopled(of()));

const [crowded = []] = accounts;

/** An account and what is different in it. */
const twins = fc
  .oneof({ weight: 2, arbitrary: fc.constant(crowded) }, { weight: 1, arbitrary: fc.constantFrom(...accounts) })
  .chain((documents) => fc.record({ documents: fc.constant(documents), lines: differences(documents) }))
  .map(({ documents, lines }) => new Twins(documents, lines));

/** Prints what is different only: the rest is the same each time. */
class Twins {
  readonly documents: Documents;
  readonly lines: readonly string[];
  readonly account: number;

  constructor(documents: Documents, lines: readonly string[]) {
    this.account = accounts.indexOf(documents);
    this.documents = differing(documents, lines);
    this.lines = lines;
  }

  toString(): string {
    return `account ${this.account}: ${this.lines.join('; ')}`;
  }
}

type Fates = Pick<TargetReport, 'reachableFrom' | 'partialFrom' | 'unknownFrom'>;

const nobody: Fates = { reachableFrom: [], partialFrom: [], unknownFrom: [] };

/** What an answer says of one source. */
function fateIn({ reachableFrom, partialFrom, unknownFrom }: Fates): (source: string) => string {
  const sets = { reachable: AddressSet.of(...reachableFrom), partial: AddressSet.of(...partialFrom) };
  const entries = Object.entries({ ...sets, unknown: AddressSet.of(...unknownFrom) });
  return (source) => {
    const address = parseAddress(source);
    return entries.find(([, set]) => address && set.has(address))?.[0] ?? 'unreachable';
  };
}

function audited(documents: Documents): readonly TargetReport[] {
  return audit({ documents }).report?.targets ?? [];
}

/** Asked together with the internet, for which nothing is mended: that would take most of the time. */
function explained(documents: Documents, target: string, sources: readonly string[], via?: string): Fates {
  const from = ['internet', ...sources].join(',');
  const { report, problems } = explain({ documents }, { target, from, ...(via !== undefined && { via }) });
  if (!report && via === undefined) throw new Error(`no answer to ${target}: ${JSON.stringify(problems)}`);
  return report?.targets[0] ?? nobody;
}

/** The ways that lead out of clouds and sites. */
const insideWays = ['same-subnet', 'same-vpc', 'peering', 'transit-gateway', 'vpn', 'load-balancer', 'unread'];

/** The fate of a client inside, of whom nobody thinks as a part of the internet. */
function fateInside(documents: Documents, target: string, source: string): string {
  const told = insideWays.map((via) => explained(documents, target, [source], via));
  const list = (key: keyof Fates) => told.flatMap((fates) => fates[key]);
  const fates = { reachableFrom: list('reachableFrom'), partialFrom: list('partialFrom'), unknownFrom: list('unknownFrom') };
  return fateIn(fates)(source);
}

const sourcesIn = (documents: Documents) => [...new Set([...heldAddresses(documents), ...others])];

function misjudged(documents: Documents, sources: readonly string[]): string[] {
  return audited(documents).flatMap((report) => {
    const { id } = report.target;
    const [shared, exact] = [fateIn(report), fateIn(explained(documents, id, sources))];
    return sources.flatMap((source) => {
      const [told, fate] = [shared(source), exact(source)];
      if (told === fate) return [];
      if (source.includes(':') && told === fateInside(documents, id, source)) return [];
      return [`${source} to ${id}: ${told}, but it is ${fate}`];
    });
  });
}

function fatesWithout({ reachableFrom, partialFrom, unknownFrom }: Fates, addresses: AddressSet): string[] {
  const lists = [reachableFrom, partialFrom, unknownFrom];
  return lists.map((list) =>
    AddressSet.of(...list)
      .subtract(addresses)
      .toString(),
  );
}

describe('machines that are judged together', () => {
  test('fare as each of them does by itself', () => {
    fc.assert(
      fc.property(twins, ({ documents }) => {
        expect(misjudged(documents, sourcesIn(documents)).slice(0, 9)).toEqual([]);
      }),
      runs(20),
    );
  });

  test('fare so where something cannot be read', () => {
    fc.assert(
      fc.property(twins, fc.nat(), ({ documents }, nth) => {
        expect(misjudged(damaged(documents, nth), sourcesIn(documents)).slice(0, 9)).toEqual([]);
      }),
      runs(10),
    );
  });

  test('fare alike in any order', () => {
    fc.assert(
      fc.property(twins, ({ documents }) => {
        const there = new Map(audited(documents).map((report) => [report.target.id, report]));
        for (const report of audited(reordered(documents, (records) => records.toReversed())))
          expect(report).toEqual(there.get(report.target.id));
      }),
      runs(20),
    );
  });

  test('do not miss one of them that is gone', () => {
    fc.assert(
      fc.property(twins, fc.nat(), ({ documents }, nth) => {
        const there = audited(documents);
        const gone = there[nth % there.length]?.target.id ?? '';
        const left = withoutMachine(documents, gone);
        const own = addressesOf(documents, gone);
        fc.pre(!isNamed(left, documents, gone));
        const without = ({ target, ...report }: TargetReport) => [target.id, ...fatesWithout(report, own)];
        const others = there.filter(({ target }) => target.id !== gone);
        expect(audited(left).map(without)).toEqual(others.map(without));
      }),
      runs(20),
    );
  });
});

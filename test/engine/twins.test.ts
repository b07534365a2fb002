import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { audit, explain } from '../../src/index.js';
import type { TargetReport } from '../../src/model/index.js';
import { AddressSet, parseAddress } from '../../src/set/index.js';
import type { RecordedDocument } from '../support/aws/collection.js';
import { crowd, overlapping, peers } from '../support/aws/crowd.js';
import { everyNoun } from '../support/aws/every-noun.js';
import type { Fixture } from '../support/aws/fixture.js';
import { addressesOf, isNamed, reordered, withNeighbours, withoutMachine } from '../support/aws/neighbours.js';
import { damaged, differences, differing, heldAddresses } from '../support/aws/random-difference.js';
import { runs } from '../support/runs.js';

type Documents = readonly RecordedDocument[];

// An audit shares what it finds out about one machine with those that nothing tells from it; `explain` builds the ways to one
// target, for its addresses alone, and shares nothing. What the one says of any address, the other must say as well. Two
// questions differ, so they are not asked here:
// - explain asks the machine behind a public or an IPv6 address whether its own guards let it out, and asks as the internet
//   for an IPv6 address of a joined network; an audit asks of the internet about addresses that are of the internet only. So
//   no source is a machine's public IPv4 address, and IPv6 sources inside may be compared on the ways inside alone;
// - explain from one address of a machine means the machine, with all its addresses. So they are asked among others.

/** Addresses that no machine holds: in each subnet, behind each gateway, and of the internet. */
const unheld = [
  ...['10.0.1.77', '10.0.2.77', '10.0.9.7', '10.1.0.77', '10.1.9.7', '10.2.0.77', '10.9.9.9', '192.168.0.9'],
  ...['172.16.0.9', '203.0.113.9', '203.0.113.200', '8.8.8.8', '198.51.100.200'],
  ...['2001:db8:f::1', '2001:db8:ffff::1'],
];

const unheldInside = ['2001:db8:1:1::77', '2001:db8:2::77', '2001:db8:3::77'];

/** An account in which each machine has two neighbours, and lists that name some of them. */
function peopled(f: Fixture): Documents {
  f.prefixList('pl-8', '2001:db8:1:1::11/128', '2001:db8:2::a/128');
  f.prefixList('pl-9', '10.0.1.11/32', '10.0.2.21/32', '10.1.0.10/32');
  return withNeighbours(f.documents(), 2);
}

const accounts = [
  { name: 'crowd', of: () => crowd() },
  { name: 'peers', of: peers },
  { name: 'overlapping', of: overlapping },
  ...everyNoun.map(({ name, of }) => ({ name, of })),
].map(({ name, of }) => ({ name, documents: peopled(of()) }));

type Account = (typeof accounts)[number];

const [crowded, peered] = accounts as [Account, Account];

/** An account of neighbours of whom some differ. Prints what is different only: the rest is the same each time. */
class Twins {
  readonly documents: Documents;
  readonly lines: readonly string[];
  readonly account: string;

  constructor({ name, documents }: Account, lines: readonly string[]) {
    this.account = name;
    this.documents = differing(documents, lines);
    this.lines = lines;
  }

  toString(): string {
    return `${this.account}: ${this.lines.join('; ')}`;
  }
}

/** An account and what is different in it; half of the time that in which most leads to most. */
const twins = fc
  .constantFrom(...accounts.flatMap((account, index) => Array.from({ length: index === 0 ? 15 : 1 }, () => account)))
  .chain((account) => differences(account.documents).map((lines) => new Twins(account, lines)));

/** What once made one machine answer for another, and what chance writes seldom: groups that keep one family in. */
const telling = [
  { of: 'crowd', lines: ['route rtb-t pl-9 igw-1'] },
  { of: 'crowd', lines: ['unrouted rtb-pub', 'route rtb-pub 10.0.3.11/32 igw-1'] },
  { of: 'F0', lines: ['gone i-1', 'unread eni-2x'] },
  { of: 'crowd', lines: ['unread eni-1'] },
  { of: 'crowd', lines: ['egress sg-9 all 0.0.0.0/0, tcp 22 2001:db8:1:1::11/128'] },
  { of: 'crowd', lines: ['egress sg-9 all ::/0, tcp 22 10.0.1.11/32'] },
];

/** What can tell addresses apart without the help of anything else. */
const tellingApart = ['acl', 'route', 'edge', 'transit', 'egress', 'egress and groups', 'state'];

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

/** How clients inside fare of whom nobody thinks as a part of the internet. */
function explainedInside(documents: Documents, target: string, sources: readonly string[]): Fates {
  const told = insideWays.map((via) => explained(documents, target, sources, via));
  const list = (key: keyof Fates) => told.flatMap((fates) => fates[key]);
  return { reachableFrom: list('reachableFrom'), partialFrom: list('partialFrom'), unknownFrom: list('unknownFrom') };
}

const sourcesIn = (documents: Documents) => [...new Set([...heldAddresses(documents), ...unheld, ...unheldInside])];

/** The first few sources that fare otherwise in the audit than by themselves. */
function misjudged(documents: Documents, sources: readonly string[]): string[] {
  const wrong: string[] = [];
  for (const report of audited(documents)) {
    const { id } = report.target;
    const [shared, exact] = [fateIn(report), fateIn(explained(documents, id, sources))];
    const other = sources.filter((source) => shared(source) !== exact(source));
    const ipv6 = other.filter((source) => source.includes(':'));
    const inside = ipv6.length === 0 ? exact : fateIn(explainedInside(documents, id, ipv6));
    for (const source of other) {
      const [told, fate] = [shared(source), exact(source)];
      if (source.includes(':') && told === inside(source)) continue;
      wrong.push(`${source} to ${id}: ${told}, but it is ${fate}`);
    }
    if (wrong.length > 5) break;
  }
  return wrong;
}

function fatesWithout({ reachableFrom, partialFrom, unknownFrom }: Fates, addresses: AddressSet): string[] {
  const lists = [reachableFrom, partialFrom, unknownFrom];
  return lists.map((list) =>
    AddressSet.of(...list)
      .subtract(addresses)
      .toString(),
  );
}

/** A report, but for which one of several unreadable records it names. */
function told({ findings, ...report }: TargetReport) {
  const kinds = findings.map(({ missing, ...finding }) => ({ ...finding, missing: missing.map(({ code }) => code) }));
  return { ...report, findings: kinds };
}

describe('machines that are judged together', () => {
  test.each(accounts)('fare as each of them does by itself: $name', ({ documents }) => {
    expect(misjudged(documents, sourcesIn(documents))).toEqual([]);
  });

  test.each(telling)('fare so in $of with $lines', ({ of, lines }) => {
    const account = accounts.find(({ name }) => name === of) ?? crowded;
    const { documents } = new Twins(account, lines);
    expect(misjudged(documents, sourcesIn(documents))).toEqual([]);
  });

  test.each(tellingApart)('fare so where addresses are told apart by %s', (kinds) => {
    const lines = ({ documents }: Account) => differences(documents, kinds.split(' and '));
    const different = fc
      .constantFrom(...(kinds === 'transit' ? [crowded] : [crowded, peered]))
      .chain((account) => lines(account).map((some) => new Twins(account, some)));
    fc.assert(
      fc.property(different, ({ documents }) => {
        expect(misjudged(documents, sourcesIn(documents))).toEqual([]);
      }),
      runs(8),
    );
  });

  test('fare so where anything tells them apart', () => {
    fc.assert(
      fc.property(twins, ({ documents }) => {
        expect(misjudged(documents, sourcesIn(documents))).toEqual([]);
      }),
      runs(10),
    );
  });

  test('fare so where one source is asked about', () => {
    fc.assert(
      fc.property(twins, fc.constantFrom(...unheld), fc.nat(), ({ documents }, from, nth) => {
        const reports = audited(documents);
        const report = reports[nth % reports.length];
        const target = report?.target.id ?? '';
        const verdict = explain({ documents }, { target, from }).report?.targets[0]?.verdict ?? 'unreachable';
        expect(`${from} to ${target}: ${verdict}`).toBe(`${from} to ${target}: ${fateIn(report ?? nobody)(from)}`);
      }),
      runs(15),
    );
  });

  test('fare so where something cannot be read', () => {
    fc.assert(
      fc.property(twins, fc.nat(), ({ documents }, nth) => {
        expect(misjudged(damaged(documents, nth), sourcesIn(documents))).toEqual([]);
      }),
      runs(10),
    );
  });

  test('fare alike in any order', () => {
    fc.assert(
      fc.property(twins, ({ documents }) => {
        const there = new Map(audited(documents).map((report) => [report.target.id, told(report)]));
        for (const report of audited(reordered(documents, (records) => records.toReversed())))
          expect(told(report)).toEqual(there.get(report.target.id));
      }),
      runs(15),
    );
  });

  test('do not miss one of them that is gone', () => {
    fc.assert(
      fc.property(twins, fc.nat(), ({ documents, lines }, nth) => {
        const there = audited(documents);
        const gone = there[nth % there.length]?.target.id ?? '';
        const left = withoutMachine(documents, gone);
        const own = addressesOf(documents, gone);
        // An interface of which not all can be read makes doubts for everybody.
        fc.pre(!isNamed(left, documents, gone) && !lines.some((line) => line.startsWith('unread ')));
        const without = ({ target, ...report }: TargetReport) => [target.id, ...fatesWithout(report, own)];
        const others = there.filter(({ target }) => target.id !== gone);
        expect(audited(left).map(without)).toEqual(others.map(without));
      }),
      runs(15),
    );
  });
});

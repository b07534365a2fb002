import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { audit, explain } from '../../src/index.js';
import type { Finding, TargetReport } from '../../src/model/index.js';
import { AddressSet, parseAddress } from '../../src/set/index.js';
import { applyCommand, canApply } from '../support/aws/apply-command.js';
import type { RecordedDocument } from '../support/aws/collection.js';
import { fateOf, PacketOracle } from '../support/aws/packet-oracle.js';
import { accountOfTwins, dialledBy, fixtureOf, randomAccount, sampleSources } from '../support/aws/random-account.js';
import { runs } from '../support/runs.js';

type Documents = readonly RecordedDocument[];

/** Prefixes that hold every sample source and everything that the rules of these accounts tell apart. */
const everywhere = [
  ...['203.0.113.0/29', '8.8.8.8/32', '192.0.2.1/32', '10.0.0.0/28'],
  ...['2001:db8:f::/125', '2001:db8:1:1::/64', '2001:db8:1:2::/64'],
];

const sources = [...sampleSources.internet, ...sampleSources.vpc];

const form = fc.constantFrom('cli', 'fetched');

const port = fc.constantFrom(22, 22, 22, 80, 443);

function explained(documents: Documents, target: string, from: string, port = 22): TargetReport {
  const { report, problems } = explain({ documents }, { target, from, port });
  const [only] = report?.targets ?? [];
  if (!only) throw new Error(`no answer from ${from} to ${target}: ${JSON.stringify(problems)}`);
  return only;
}

function audited(documents: Documents, port = 22): ReadonlyMap<string, TargetReport> {
  return new Map(audit({ documents }, { port }).report?.targets.map((report) => [report.target.id, report]));
}

function auditOf(documents: Documents, target: string): TargetReport {
  const report = audited(documents).get(target);
  if (!report) throw new Error(`${target} was not audited`);
  return report;
}

const sets = (report: TargetReport) => ({
  reachable: AddressSet.of(...report.reachableFrom),
  partial: AddressSet.of(...report.partialFrom),
  unknown: AddressSet.of(...report.unknownFrom),
});

/** What a report says of one source. */
function fateIn(report: TargetReport, source: string): string {
  const address = parseAddress(source);
  const holding = Object.entries(sets(report)).filter(([, set]) => address && set.has(address));
  return holding.map(([verdict]) => verdict).join(' and ') || 'unreachable';
}

/** An account, one of its instances, and a few single sources. */
const question = randomAccount.chain((account) =>
  fc.record({
    account: fc.constant(account),
    machine: fc.constantFrom(...account.machines),
    some: fc.shuffledSubarray(sources, { minLength: 2, maxLength: 2 }),
    byAddress: fc.boolean(),
  }),
);

describe('a small account', () => {
  test.each([
    ['any machines', randomAccount, 60],
    ['twins', accountOfTwins, 20],
  ] as const)('of %s is audited as its packets fare', (_, accounts, often) => {
    fc.assert(
      fc.property(accounts, form, port, (account, written, asked) => {
        const documents = fixtureOf(account).documents(written);
        const oracle = new PacketOracle(documents);
        const wrong = [...audited(documents, asked)].flatMap(([target, report]) =>
          sources.flatMap((source) => {
            const [told, fate] = [fateIn(report, source), fateOf(oracle.openShare(source, target, asked))];
            return told === fate ? [] : [`${source} to ${target}: ${told}, but it is ${fate}`];
          }),
        );
        expect(wrong).toEqual([]);
      }),
      runs(often),
    );
  });

  test('is explained for single sources as their packets fare', () => {
    fc.assert(
      fc.property(question, form, port, ({ account, machine, some, byAddress }, written, asked) => {
        const documents = fixtureOf(account).documents(written);
        const oracle = new PacketOracle(documents);
        for (const source of some) {
          const target = (byAddress ? dialledBy(source, machine) : undefined) ?? machine.id;
          const { verdict, findings } = explained(documents, target, source, asked);
          const share = oracle.openShare(source, machine.id, asked);
          expect(`${source} to ${target}: ${verdict}`).toBe(`${source} to ${target}: ${fateOf(share)}`);
          if (verdict !== 'partial') continue;
          const parts = findings.filter((finding) => finding.verdict === 'partial');
          expect(parts.map((finding) => finding.clientPortFraction)).toEqual(parts.map(() => share));
        }
      }),
      runs(40),
    );
  });

  test('gives one answer, whether it is asked for prefixes, for the internet or for everybody', () => {
    fc.assert(
      fc.property(question, ({ account, machine: { id: target } }) => {
        const documents = fixtureOf(account).documents();
        const there = sets(auditOf(documents, target));
        const own = AddressSet.of('10.0.0.0/28', '2001:db8:1::/56');
        const asked: readonly [string, AddressSet][] = [
          [everywhere.join(','), AddressSet.of(...everywhere)],
          ['internet', AddressSet.all.subtract(own)],
        ];
        for (const [from, addresses] of asked) {
          const here = sets(explained(documents, target, from));
          expect(here.reachable.toString()).toBe(there.reachable.intersect(addresses).toString());
          expect(here.partial.toString()).toBe(there.partial.intersect(addresses).toString());
          expect(here.unknown.toString()).toBe(there.unknown.intersect(addresses).toString());
        }
      }),
      runs(20),
    );
  });
});

/** Answers that can be taken away, each with what it is about. */
const answers = [
  ...['SecurityGroups', 'NetworkAcls', 'RouteTables', 'InternetGateways', 'Vpcs', 'NetworkInterfaces'],
  ...['VpcBlockPublicAccessOptions', 'SecurityGroupRules', 'Addresses', 'InstanceStatuses'],
] as const;

describe('taking evidence away', () => {
  test('makes no no of a yes and no yes of a no', () => {
    fc.assert(
      fc.property(randomAccount, fc.subarray([...answers], { minLength: 1, maxLength: 2 }), (account, lost) => {
        const fixture = fixtureOf(account);
        const before = audited(fixture.documents());
        const poorer = fixtureOf(account);
        for (const key of lost) poorer.without(key);
        const wrong = [...audited(poorer.documents())].flatMap(([target, report]) => {
          const full = before.get(target);
          if (!full) return [`${target} was not there`];
          return sources.flatMap((source) => {
            const [was, is] = [fateIn(full, source), fateIn(report, source)];
            return is === was || is === 'unknown' ? [] : [`${source} to ${target}: ${was}, without ${lost}: ${is}`];
          });
        });
        expect(wrong).toEqual([]);
      }),
      runs(20),
    );
  });
});

describe('a checked fix', () => {
  /** A finding with changes that are said to help and that this test knows how to make. */
  const isMended = ({ fixes }: Finding) =>
    fixes.length > 0 && fixes.every(({ checked, command }) => checked && canApply(command));

  /** Blockers for each of which one rule or entry more is enough. */
  const mendable = /^aws\/(?:sg-no-inbound|src-sg-egress|(?:src-)?nacl-(?:in|out)(?:-deny|-partial)?)$/;

  test('is there for each source that only groups and access lists stop', () => {
    fc.assert(
      fc.property(question, ({ account, machine: { id: target }, some }) => {
        const documents = fixtureOf(account).documents();
        for (const { causes, fixes } of some.flatMap((source) => explained(documents, target, source).findings)) {
          const codes = causes.map(({ code }) => code);
          if (codes.length === 0 || !codes.every((code) => mendable.test(code))) continue;
          expect({ codes, mended: fixes.length > 0 && fixes.every(({ checked }) => checked) }).toEqual({
            codes,
            mended: true,
          });
        }
      }),
      runs(40),
    );
  });

  const from = fc.constantFrom(...sources, '203.0.113.0/29', '203.0.113.4/30', '10.0.0.8/29', '2001:db8:f::/126');

  test('lets in whom it is for, and gains what it says', () => {
    fc.assert(
      fc.property(question, from, ({ account, machine: { id: target } }, source) => {
        const documents = fixtureOf(account).documents();
        for (const finding of explained(documents, target, source).findings.filter(isMended)) {
          let current: Documents = documents;
          let reached = sets(auditOf(current, target)).reachable;
          for (const { command, gains, loses } of finding.fixes) {
            current = applyCommand(current, command);
            const now = sets(auditOf(current, target)).reachable;
            expect({ command, gains, loses }).toEqual({
              command,
              gains: now.subtract(reached).prefixes(),
              loses: reached.subtract(now).prefixes(),
            });
            reached = now;
          }
          const after = sets(explained(current, target, source)).reachable;
          expect(
            AddressSet.of(...finding.from)
              .subtract(after)
              .toString(),
          ).toBe('nothing');
        }
      }),
      runs(30),
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { audit, explain, type TargetReport } from '../../src/index.js';
import { AddressSet, parseAddress } from '../../src/set/index.js';
import { FORMS, type Form } from '../support/azure/documents.js';
import { type Fate, PacketOracle } from '../support/azure/packet-oracle.js';
import { probesOf } from '../support/azure/probes.js';
import { type MachineSpec, type RandomSubscription, randomSubscription } from '../support/azure/random-subscription.js';
import { fixtureOf } from '../support/azure/recorded-subscription.js';
import { runs } from '../support/runs.js';

const form = fc.constantFrom<Form>(...FORMS);
const port = fc.constantFrom(22, 22, 22, 80, 443);

function evidenceOf(subscription: RandomSubscription, written: Form) {
  // An empty list is no file in the other forms, so that only the caller can say that there is nothing.
  return { documents: fixtureOf(subscription).documents(written), ...(written !== 'fetched' && { complete: true }) };
}

type Evidence = ReturnType<typeof evidenceOf>;

const nameOf = ({ letter }: MachineSpec) => `vm${letter}`;

function explained(evidence: Evidence, target: string, from: string, asked: number): TargetReport {
  const { report, problems } = explain(evidence, { target, from, port: asked });
  const [only] = report?.targets ?? [];
  if (!only) throw new Error(`no answer from ${from} to ${target}: ${JSON.stringify(problems)}`);
  return only;
}

function audited(evidence: Evidence, asked: number): readonly TargetReport[] {
  return audit(evidence, { port: asked }).report?.targets ?? [];
}

const sets = (report: TargetReport) => ({
  reachable: AddressSet.of(...report.reachableFrom),
  partial: AddressSet.of(...report.partialFrom),
  unknown: AddressSet.of(...report.unknownFrom),
});

/** What an audit says of a source. */
function fatesIn(report: TargetReport): (source: string) => string {
  const entries = Object.entries(sets(report));
  return (source) => {
    const address = parseAddress(source);
    const holding = entries.filter(([, set]) => address && set.has(address));
    return holding.map(([verdict]) => verdict).join(' and ') || 'unreachable';
  };
}

/** A machine does not ask itself. */
function sourcesFor(subscription: RandomSubscription, target: MachineSpec): readonly string[] {
  const others = [target.ip, target.shown?.address, target.second?.ip];
  return probesOf(subscription).filter((one) => !others.includes(one));
}

describe('a small subscription', () => {
  test('is audited as its packets fare', () => {
    fc.assert(
      fc.property(randomSubscription, form, port, (subscription, written, asked) => {
        const oracle = new PacketOracle(subscription);
        const reports = audited(evidenceOf(subscription, written), asked);
        const names = subscription.machines.map(nameOf);
        expect(reports).toHaveLength(names.length + 1);
        expect(new Set(reports.map(({ target }) => target.name))).toEqual(new Set([...names, 'vmN']));
        const wrong = subscription.machines.flatMap((target) => {
          const report = reports.find((one) => one.target.name === nameOf(target));
          const fateIn = report && fatesIn(report);
          return sourcesFor(subscription, target).flatMap((source) => {
            const [told, fate] = [fateIn?.(source), oracle.fateOf(source, target.letter, asked)];
            return told === fate ? [] : [`${source} to ${nameOf(target)}: ${told}, but it is ${fate}`];
          });
        });
        expect(wrong).toEqual([]);
      }),
      runs(40),
    );
  });

  /** A subscription, one of its machines, and a few single sources. */
  const question = randomSubscription.chain((subscription) =>
    fc.constantFrom(...subscription.machines).chain((target) =>
      fc.record({
        subscription: fc.constant(subscription),
        target: fc.constant(target),
        some: fc.shuffledSubarray([...sourcesFor(subscription, target)], { minLength: 3, maxLength: 3 }),
      }),
    ),
  );

  test('is explained for single sources as their packets fare', () => {
    fc.assert(
      fc.property(question, form, port, ({ subscription, target, some }, written, asked) => {
        const evidence = evidenceOf(subscription, written);
        const oracle = new PacketOracle(subscription);
        for (const source of some) {
          const { verdict } = explained(evidence, nameOf(target), `${source}/32`, asked);
          const fate = oracle.fateOf(source, target.letter, asked);
          expect(`${source} to ${nameOf(target)}: ${verdict}`).toBe(`${source} to ${nameOf(target)}: ${fate}`);
        }
      }),
      runs(40),
    );
  });

  test('is explained for its machines by the best of their addresses', () => {
    fc.assert(
      fc.property(question, form, ({ subscription, target }, written) => {
        const evidence = evidenceOf(subscription, written);
        const oracle = new PacketOracle(subscription);
        for (const sender of subscription.machines) {
          if (sender === target) continue;
          const { verdict } = explained(evidence, nameOf(target), nameOf(sender), 22);
          const { shown } = sender;
          // A machine that is down sends nothing (azure.md, 2.7 c).
          const isDown = sender.power !== undefined && sender.power !== 'running';
          const fates: readonly Fate[] = isDown
            ? ['unreachable']
            : [
                oracle.fateFrom(sender, target.letter, 22),
                ...(shown?.isAssigned ? [oracle.fateOf(shown.address, target.letter, 22)] : []),
              ];
          const best = (['reachable', 'unknown', 'unreachable'] as const).find((fate) => fates.includes(fate));
          expect(`${nameOf(sender)} to ${nameOf(target)}: ${verdict}`).toBe(
            `${nameOf(sender)} to ${nameOf(target)}: ${best}`,
          );
        }
      }),
      runs(25),
    );
  });

  /** Prefixes that hold everything that these subscriptions tell apart. */
  const everywhere = ['198.51.100.0/28', '8.8.8.8/32', '203.0.113.0/28', '10.1.0.0/24', '10.2.0.0/24', '10.3.0.0/24'];

  test('gives one answer, whether it is asked for prefixes or for everybody', () => {
    fc.assert(
      fc.property(question, form, ({ subscription, target }, written) => {
        const evidence = evidenceOf(subscription, written);
        const report = audited(evidence, 22).find((one) => one.target.name === nameOf(target));
        const there = report && sets(report);
        const here = sets(explained(evidence, nameOf(target), everywhere.join(','), 22));
        const addresses = AddressSet.of(...everywhere);
        for (const verdict of ['reachable', 'partial', 'unknown'] as const)
          expect(`${verdict} ${here[verdict].intersect(addresses)}`).toBe(
            `${verdict} ${there?.[verdict].intersect(addresses)}`,
          );
      }),
      runs(25),
    );
  });

  test('has every fate, from everywhere', () => {
    const seen = new Set<string>();
    for (const subscription of fc.sample(randomSubscription, { numRuns: 40, seed: 1 })) {
      const oracle = new PacketOracle(subscription);
      for (const target of subscription.machines)
        for (const source of sourcesFor(subscription, target))
          seen.add(`${source.split('.')[0]} ${oracle.fateOf(source, target.letter, 22)}`);
    }
    const fates: readonly Fate[] = ['reachable', 'unknown', 'unreachable'];
    for (const head of ['10', '198', '203']) for (const fate of fates) expect(seen).toContain(`${head} ${fate}`);
  });
});

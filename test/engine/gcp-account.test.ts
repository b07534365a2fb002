import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { audit, explain, type TargetReport } from '../../src/index.js';
import { AddressSet, parseAddress } from '../../src/set/index.js';
import { type Fate, PacketOracle } from '../support/gcp/packet-oracle.js';
import {
  fixtureOf,
  type MachineSpec,
  type RandomProject,
  randomProject,
  sampleSources,
} from '../support/gcp/random-project.js';
import { runs } from '../support/runs.js';

type Form = 'gcloud' | 'rest';

const form = fc.constantFrom<Form>('gcloud', 'rest');
const port = fc.constantFrom(22, 22, 22, 80, 443);

function evidenceOf(project: RandomProject, written: Form) {
  // An empty list is no file in this form, so that only the caller can say that there is nothing.
  return { documents: fixtureOf(project).documents(written), ...(written === 'gcloud' && { complete: true }) };
}

type Evidence = ReturnType<typeof evidenceOf>;

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

/** What an audit says of one source. */
function fateIn(report: TargetReport, source: string): string {
  const address = parseAddress(source);
  const holding = Object.entries(sets(report)).filter(([, set]) => address && set.has(address));
  return holding.map(([verdict]) => verdict).join(' and ') || 'unreachable';
}

/** A machine does not ask itself, and whether one that is down holds on to its external address is not documented. */
function sourcesFor({ machines }: RandomProject, target: MachineSpec): readonly string[] {
  const silent = machines.filter(({ status }) => status !== 'RUNNING').map(({ external }) => external);
  const others = [target.ip, target.external, ...silent];
  return sampleSources.filter((one) => !others.includes(one));
}

/** The internal addresses of machines that are down: an audit is about addresses, and asks not who holds them now. */
function idleIn({ machines }: RandomProject): readonly string[] {
  return machines.filter(({ status }) => status !== 'RUNNING').map(({ ip }) => ip);
}

describe('a small project', () => {
  test('is audited as its packets fare', () => {
    fc.assert(
      fc.property(randomProject, form, port, (project, written, asked) => {
        const oracle = new PacketOracle(project);
        const reports = audited(evidenceOf(project, written), asked);
        expect(reports).toHaveLength(project.machines.length);
        expect(new Set(reports.map(({ target }) => target.name))).toEqual(
          new Set(project.machines.map(({ name }) => name)),
        );
        const wrong = project.machines.flatMap((target) => {
          const report = reports.find((one) => one.target.name === target.name);
          const sources = sourcesFor(project, target).filter((source) => !idleIn(project).includes(source));
          return sources.flatMap((source) => {
            const [told, fate] = [report && fateIn(report, source), oracle.fateOf(source, target.name, asked)];
            return told === fate ? [] : [`${source} to ${target.name}: ${told}, but it is ${fate}`];
          });
        });
        expect(wrong).toEqual([]);
      }),
      runs(80),
    );
  });

  /** A project, one of its machines, and a few single sources. */
  const question = randomProject.chain((project) =>
    fc.constantFrom(...project.machines).chain((target) =>
      fc.record({
        project: fc.constant(project),
        target: fc.constant(target),
        some: fc.shuffledSubarray([...sourcesFor(project, target)], { minLength: 3, maxLength: 3 }),
      }),
    ),
  );

  test('is explained for single sources as their packets fare', () => {
    fc.assert(
      fc.property(question, form, port, ({ project, target, some }, written, asked) => {
        const evidence = evidenceOf(project, written);
        const oracle = new PacketOracle(project);
        for (const source of some) {
          const { verdict } = explained(evidence, target.name, `${source}/32`, asked);
          const fate = oracle.fateOf(source, target.name, asked);
          expect(`${source} to ${target.name}: ${verdict}`).toBe(`${source} to ${target.name}: ${fate}`);
        }
      }),
      runs(60),
    );
  });

  test('is explained for its machines by the best of their addresses', () => {
    fc.assert(
      fc.property(question, form, ({ project, target }, written) => {
        const evidence = evidenceOf(project, written);
        const oracle = new PacketOracle(project);
        for (const { name, ip, external, status } of project.machines) {
          if (name === target.name || status !== 'RUNNING') continue;
          const { verdict } = explained(evidence, target.name, name, 22);
          const fates = [ip, external].flatMap((one) =>
            one === undefined ? [] : [oracle.fateOf(one, target.name, 22)],
          );
          const best = (['reachable', 'unknown', 'unreachable'] as const).find((fate) => fates.includes(fate));
          expect(`${name} to ${target.name}: ${verdict}`).toBe(`${name} to ${target.name}: ${best}`);
        }
      }),
      runs(30),
    );
  });

  /** Prefixes that hold every sample source and everything that the rules of these projects tell apart. */
  const everywhere = [
    ...['198.51.100.0/28', '8.8.8.8/32', '35.235.240.0/20', '203.0.113.0/28'],
    ...['10.0.1.0/28', '10.0.2.0/28', '10.0.3.0/28', '10.9.9.9/32'],
  ];

  test('gives one answer, whether it is asked for prefixes or for everybody', () => {
    fc.assert(
      fc.property(question, form, ({ project, target: { name } }, written) => {
        const evidence = evidenceOf(project, written);
        const report = audited(evidence, 22).find(({ target }) => target.name === name);
        const there = report && sets(report);
        const here = sets(explained(evidence, name, everywhere.join(','), 22));
        const addresses = AddressSet.of(...everywhere).subtract(AddressSet.of(...idleIn(project)));
        for (const verdict of ['reachable', 'partial', 'unknown'] as const)
          expect(`${verdict} ${here[verdict].intersect(addresses)}`).toBe(
            `${verdict} ${there?.[verdict].intersect(addresses)}`,
          );
      }),
      runs(30),
    );
  });

  test('has every fate, from everywhere', () => {
    const seen = new Set<string>();
    for (const project of fc.sample(randomProject, { numRuns: 60, seed: 1 })) {
      const oracle = new PacketOracle(project);
      for (const target of project.machines)
        for (const source of sourcesFor(project, target))
          seen.add(`${source.split('.')[0]} ${oracle.fateOf(source, target.name, 22)}`);
    }
    const fates = (...all: Fate[]) => all;
    const wanted = {
      '10': fates('reachable', 'unreachable'),
      '35': fates('reachable', 'unreachable'),
      '198': fates('reachable', 'unknown', 'unreachable'),
      '203': fates('reachable', 'unreachable'),
    };
    for (const [head, all] of Object.entries(wanted)) for (const fate of all) expect(seen).toContain(`${head} ${fate}`);
  });
});

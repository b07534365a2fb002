import { expect } from '@jest/globals';
import { type Answer, audit, explain } from '../../../src/index.js';
import { AddressSet, parseAddress } from '../../../src/set/index.js';
import { schemaErrors } from '../../support/report-schema.js';
import type { ProviderAdapter, Scene, SceneRule } from './adapter.js';
import { type Documents, frozen } from './recording.js';

export type Target = NonNullable<Answer['report']>['targets'][number];
export type Fate = Target['verdict'];

/** An address of the internet that no cloud owns, and the prefix from which the rules of the scenes let in. */
export const CLIENT = '93.184.216.7';
export const OFFICE = '93.184.216.0/24';
/** One of the internet, outside of that prefix. */
export const STRANGER = '93.184.217.7';
export const CLIENT_V6 = '2a02:26f0::7';

export const WORLD = '0.0.0.0/0';
export const WORLD_V6 = '::/0';

export const allow = (from: string, ports = '22'): SceneRule => ({ action: 'allow', from, ports });
export const deny = (from: string, ports = '22'): SceneRule => ({ action: 'deny', from, ports });

/** The files of a scene; whoever writes into them fails. */
export function recordedBy(adapter: ProviderAdapter, scene: Scene): Documents {
  return frozen(adapter.record(scene));
}

/** Asks, and holds every report against its schema. */
export function explained(documents: Documents, target: string, from: string, port?: number): Answer {
  const answer = explain({ documents }, { target, from, ...(port !== undefined && { port }) });
  if (answer.report) expect(schemaErrors(answer.report)).toEqual([]);
  return answer;
}

export function verdictOf(answer: Answer): Fate | 'no answer' {
  return answer.report?.targets[0]?.verdict ?? 'no answer';
}

/** The audited targets, by name. */
export function audited(documents: Documents): ReadonlyMap<string, Target> {
  const { report } = audit({ documents });
  expect(schemaErrors(report)).toEqual([]);
  return new Map(report?.targets.map((target) => [target.target.name ?? target.target.id, target]));
}

export type Fates = Pick<Target, 'reachableFrom' | 'partialFrom' | 'unknownFrom'>;

const setsOf = (fates: Fates) => ({
  reachable: AddressSet.of(...fates.reachableFrom),
  partial: AddressSet.of(...fates.partialFrom),
  unknown: AddressSet.of(...fates.unknownFrom),
});

/** What an answer says of single sources. */
export function fateIn(fates: Fates): (source: string) => Fate {
  const sets = Object.entries(setsOf(fates)) as [Fate, AddressSet][];
  return (source) => {
    const address = parseAddress(source);
    return sets.find(([, set]) => address !== undefined && set.has(address))?.[0] ?? 'unreachable';
  };
}

/** Who reaches the target, the cloud's own platform left out. */
export function reachableFrom({ platform }: ProviderAdapter, target: Fates | undefined): readonly string[] {
  if (!target) throw new Error('the target is gone');
  return AddressSet.of(...target.reachableFrom)
    .subtract(AddressSet.of(...platform))
    .prefixes();
}

/** How each of these sources fares by one explain. Asked together with the internet, for which nothing is mended: that takes most of the time. */
export function faresOf(
  documents: Documents,
  target: string,
  sources: readonly string[],
): (source: string) => Fate | 'no answer' {
  const [answer] = explained(documents, target, ['internet', ...sources].join(',')).report?.targets ?? [];
  return answer ? fateIn(answer) : () => 'no answer';
}

/** What the second answer claims, and the first one did not: to whom it opens, and to whom it closes. */
export function claims(before: Fates, after: Fates): string[] {
  const [was, is] = [setsOf(before), setsOf(after)];
  const opened = is.reachable.subtract(was.reachable);
  const closed = AddressSet.unionOf(Object.values(was)).subtract(AddressSet.unionOf(Object.values(is)));
  return [
    ...opened.prefixes().map((prefix) => `opens to ${prefix}`),
    ...closed.prefixes().map((prefix) => `closes to ${prefix}`),
  ];
}

/** What stops the target's sources, in the order of the report, each once. */
export function causesOf({ findings }: Target): readonly string[] {
  const causes = findings.flatMap((finding) => finding.causes);
  return [...new Set(causes.map(({ code, component }) => `${code} ${component.id}`))];
}

/** A question about machine 0 and the answer to it, flat, so that a failure shows the whole of it. */
export function seen(answer: Answer) {
  const [target] = answer.report?.targets ?? [];
  return {
    exitCode: answer.exitCode,
    verdict: verdictOf(answer),
    symptom: target?.symptom,
    causes: target && causesOf(target),
    problems: answer.problems.map(({ what, why }) => `${what}: ${why}`),
  };
}

/** What `seen` must be for a plain yes, a plain no for this reason, and for neither. */
export const connects = { exitCode: 0, verdict: 'reachable', symptom: 'connects', causes: [], problems: [] };

export function stopsAt(...causes: readonly string[]) {
  return { exitCode: 1, verdict: 'unreachable', symptom: 'times-out', causes, problems: [] };
}

export const cannotTell = { exitCode: 3, verdict: 'unknown', symptom: 'cannot-tell', problems: [] };

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { audit, diff } from '../../src/index.js';
import type { TargetDiff, TargetReport } from '../../src/model/index.js';
import { AddressSet, parseAddress } from '../../src/set/index.js';
import type { RecordedDocument } from '../support/aws/collection.js';
import { fixtureOf, randomAccount, sampleSources } from '../support/aws/random-account.js';
import { runs } from '../support/runs.js';

const sources = [...sampleSources.internet, ...sampleSources.vpc];

function holds(prefixes: readonly string[], source: string): boolean {
  const address = parseAddress(source);
  return address !== undefined && AddressSet.of(...prefixes).has(address);
}

function audited(documents: readonly RecordedDocument[]): ReadonlyMap<string, TargetReport> {
  return new Map(audit({ documents }).report?.targets.map((report) => [report.target.id, report]));
}

/** Whether a source has access: a machine that is not there takes nobody in. */
function access(report: TargetReport | undefined, source: string): 'yes' | 'no' | 'unknown' {
  if (!report) return 'no';
  if (holds(report.unknownFrom, source)) return 'unknown';
  return holds(report.reachableFrom, source) || holds(report.partialFrom, source) ? 'yes' : 'no';
}

function change(before: 'yes' | 'no' | 'unknown', after: 'yes' | 'no' | 'unknown'): string {
  if (before === 'unknown' || after === 'unknown') return 'unknown';
  if (before === after) return '';
  return after === 'yes' ? 'gains' : 'loses';
}

/** What a diff says of a source; a source of the losses stands in exactly one of them. */
function told(target: TargetDiff | undefined, source: string): string {
  if (!target) return '';
  const { gains, loses, unknown, losses } = target;
  const named = Object.entries({ gains, loses, unknown }).flatMap(([name, list]) =>
    holds(list, source) ? [name] : [],
  );
  const times = losses.filter(({ from }) => holds(from, source)).length;
  return times === (named.includes('loses') ? 1 : 0) ? named.join(' and ') : `${named.join(' and ')}, ${times} losses`;
}

/** Answers that were not given, of either state. */
const lost = fc.option(fc.constantFrom('NetworkAcls', 'SecurityGroups', 'RouteTables'), { freq: 4 });

test('a diff says of each source what two audits say', () => {
  fc.assert(
    fc.property(randomAccount, randomAccount, lost, lost, (one, other, blind, blindLater) => {
      const documentsOf = (account: typeof one, without: typeof blind) => {
        const fixture = fixtureOf(account);
        return (without === null ? fixture : fixture.without(without)).documents();
      };
      const [before, after] = [documentsOf(one, blind), documentsOf(other, blindLater)];
      const { report } = diff({ documents: before }, { documents: after });
      const [had, has] = [audited(before), audited(after)];
      const wrong = [...new Set([...had.keys(), ...has.keys()])].flatMap((id) =>
        sources.flatMap((source) => {
          const due = change(access(had.get(id), source), access(has.get(id), source));
          const said = told(
            report?.targets.find(({ target }) => target.id === id),
            source,
          );
          return said === due ? [] : [`${source} to ${id}: ${said || 'nothing'}, but it is ${due || 'nothing'}`];
        }),
      );
      expect(wrong).toEqual([]);
    }),
    runs(60),
  );
});

test('nothing changes from a state to itself, and what one direction gains the other loses', () => {
  fc.assert(
    fc.property(randomAccount, randomAccount, (one, other) => {
      const [a, b] = [fixtureOf(one).documents(), fixtureOf(other).documents()];
      expect(diff({ documents: a }, { documents: a })).toMatchObject({ exitCode: 0, report: { targets: [] } });
      const sides = (report: ReturnType<typeof diff>['report'], gained: 'gains' | 'loses') =>
        new Map(report?.targets.map((target) => [target.target.id, target[gained]]));
      const [there, back] = [diff({ documents: a }, { documents: b }), diff({ documents: b }, { documents: a })];
      expect(sides(there.report, 'gains')).toEqual(sides(back.report, 'loses'));
      expect(sides(there.report, 'loses')).toEqual(sides(back.report, 'gains'));
    }),
    runs(30),
  );
});

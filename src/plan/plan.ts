import type { Moment } from './declared.js';
import type { PlanRecord } from './plan-record.js';

/** What was read of a deployment, and what of it could not be. */
export interface Plan {
  /** What there is to be, by URN. */
  readonly records: readonly PlanRecord[];
  /** Resources as they were, that go in this run or become others: what only these say is no longer so. Ordered by URN. */
  readonly former: readonly PlanRecord[];
  /** Why the records may not be all there are, or not be as they are: each once. */
  readonly gaps: readonly PlanGap[];
  /** Whether it shows what is to be, or what was at the last look. */
  readonly moment: Moment;
  /** Whether what goes is told, too: then what is neither declared nor goes stays. */
  readonly showsDeletions: boolean;
}

export type PlanGap =
  /** Resources that stay as they are were not written (`--show-sames`). */
  | 'partial-preview'
  /** A resource could not be read at all. */
  | 'unreadable-resource'
  /** What the program asks for was not seen, only what the provider answered. */
  | 'no-inputs'
  /** Nothing is told of what depends on what. */
  | 'no-dependencies';

interface Read extends Omit<Plan, 'records'> {
  /** Undefined for each that could not be read. */
  readonly records: readonly (PlanRecord | undefined)[];
}

/** The last record of each key, in the order of their keys. */
function lastOfEach(records: readonly PlanRecord[], keyOf: (record: PlanRecord) => string): readonly PlanRecord[] {
  const byKey = new Map(records.map((record) => [keyOf(record), record]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record);
}

/** Records in an order that does not depend on that of the source, of each URN the last one. */
export function planOf({ records, former, gaps, ...plan }: Read): Plan {
  const unread: PlanGap[] = records.includes(undefined) ? ['unreadable-resource'] : [];
  return {
    ...plan,
    records: lastOfEach(
      records.filter((record) => record !== undefined),
      ({ urn }) => urn,
    ),
    former: lastOfEach(former, ({ urn, id = '' }) => `${urn} ${id}`),
    gaps: [...new Set([...gaps, ...unread])],
  };
}

import type { Moment } from './declared.js';
import type { PlanRecord } from './plan-record.js';

/** What was read of a deployment, and what of it could not be. */
export interface Plan {
  /** By URN. */
  readonly records: readonly PlanRecord[];
  /** What goes and has the URN of something that stays, since that replaces it: with other ids. */
  readonly replaced: readonly PlanRecord[];
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

/** Records in an order that does not depend on that of the source, of each URN the last one that is no copy about to be deleted. */
export function planOf(
  records: readonly (PlanRecord | undefined)[],
  gaps: readonly PlanGap[],
  moment: Moment,
  showsDeletions = true,
): Plan {
  const byUrn = new Map<string, PlanRecord>();
  for (const record of records) {
    if (!record) continue;
    const earlier = byUrn.get(record.urn);
    if (!earlier || earlier.status === 'deleting' || record.status !== 'deleting') byUrn.set(record.urn, record);
  }
  const replaced = records
    .filter((record) => record !== undefined)
    .filter(({ urn, id, status }) => {
      const kept = byUrn.get(urn);
      return status === 'deleting' && kept?.status !== 'deleting' && id !== undefined && kept?.id !== id;
    });
  const unread: PlanGap[] = records.includes(undefined) ? ['unreadable-resource'] : [];
  return {
    records: [...byUrn.values()].sort((a, b) => (a.urn < b.urn ? -1 : 1)),
    replaced: replaced.sort((a, b) => ((a.id ?? '') < (b.id ?? '') ? -1 : 1)),
    gaps: [...new Set([...gaps, ...unread])],
    moment,
    showsDeletions,
  };
}

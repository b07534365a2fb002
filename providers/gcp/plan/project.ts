import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Assumptions } from '../../../src/plan/planned.js';
import { type ApiRecord, Projection as PlanProjection } from '../../../src/plan/projection.js';
import type { Refs, View } from '../../../src/plan/view.js';
import { planTypeOf } from './identity.js';

export type { ApiRecord } from '../../../src/plan/projection.js';

const nameOf = ({ token }: PlanRecord): string => token?.name ?? '';

/** Addresses that the cloud chooses, and which of them it takes decides nothing. */
const assigned = /(?:^|\.)(?:natIp|ipAddress|externalIpv6)$/;

/** One way of filling a deployment's open places, while it is told in the words of Compute Engine. */
export class Projection extends PlanProjection {
  /** Answers that are about one subject. */
  readonly documents: ApiRecord[] = [];
  private readonly labels = new Map<string, string>();

  constructor(view: View, records: readonly PlanRecord[], assumptions: Assumptions) {
    super(
      view,
      records.filter((record) => planTypeOf(record)),
      nameOf,
      { assumptions, assigned },
    );
    const used = new Map<string, number>();
    for (const record of this.records) {
      const key = `${nameOf(record)} ${record.name}`;
      const count = (used.get(key) ?? 0) + 1;
      used.set(key, count);
      this.labels.set(record.urn, count === 1 ? record.name : `${record.name}~${count}`);
    }
  }

  /** The resource of these types that describes the thing with this id. */
  describer(id: unknown, ...names: readonly string[]): PlanRecord | undefined {
    if (typeof id !== 'string') return undefined;
    return this.view.links.describers(id).find((record) => names.includes(nameOf(record)));
  }

  /** What names the thing that a resource describes, and nothing else. */
  selfLink(record: PlanRecord): string {
    return this.view.links.identitiesOf(record)[0]?.id ?? record.name;
  }

  /** The name that people gave a resource, made different for each of a type. */
  label(record: PlanRecord): string {
    return this.labels.get(record.urn) ?? record.name;
  }

  refs(record: PlanRecord, path: string): Refs {
    return this.view.refs(record, path);
  }
}

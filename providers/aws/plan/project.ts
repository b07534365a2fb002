import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { type ApiRecord, Projection as PlanProjection } from '../../../src/plan/projection.js';
import { keyOfToken } from '../../../src/plan/token.js';
import type { View } from '../../../src/plan/view.js';

export type { ApiRecord } from '../../../src/plan/projection.js';

/** One way of filling a deployment's open places, while it is told in the words of EC2. */
export class Projection extends PlanProjection {
  constructor(view: View, records: readonly PlanRecord[]) {
    super(view, records, nameOf);
  }
}

/** The name of a type, by which its records are found; of Cloud Control's with a mark, since they have other properties. */
function nameOf({ token }: PlanRecord): string {
  if (!token) return '';
  return keyOfToken(token).startsWith('aws-native:') ? `native ${token.name}` : token.name;
}

/** The name that people gave a resource. */
export function tagsOf(record: PlanRecord): readonly ApiRecord[] {
  return [{ Key: 'Name', Value: record.name }];
}

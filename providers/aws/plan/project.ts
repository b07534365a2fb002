import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Assumptions } from '../../../src/plan/planned.js';
import { type ApiRecord, Projection as PlanProjection } from '../../../src/plan/projection.js';
import type { View } from '../../../src/plan/view.js';
import { untold } from '../../../src/record/index.js';
import type { Inventory } from '../inventory.js';

export type { ApiRecord } from '../../../src/plan/projection.js';

/** One way of filling a deployment's open places, while it is told in the words of EC2. */
export class Projection extends PlanProjection {
  /** What was recorded of the account, where that is known. */
  readonly base: Inventory | undefined;

  /** Answers that are about one subject, which stands beside them. */
  readonly documents: ApiRecord[] = [];

  constructor(view: View, records: readonly PlanRecord[], assumptions?: Assumptions, base?: Inventory) {
    super(view, records, nameOf, assumptions);
    this.base = base;
  }
}

/** Modules whose types are called as others are, or are none of EC2's. */
const marks: Readonly<Record<string, string>> = { ec2transitgateway: 'transit', lightsail: 'lightsail' };

/** The name of a type, by which its records are found: with a mark where another one has the same, or it is Cloud Control's. */
export function nameOf({ token }: PlanRecord): string {
  if (!token) return '';
  const parts = [token.pkg === 'aws-native' ? 'native' : undefined, marks[token.module], token.name];
  return parts.filter((part) => part !== undefined).join(' ');
}

/** The name that people gave a resource. */
export function tagsOf(record: PlanRecord): readonly ApiRecord[] {
  return [{ Key: 'Name', Value: record.name }];
}

/** A recorded record once more as the API would print it: what could not be read of it is `untold`. */
export function reused(record: { readonly broken?: string | undefined }): ApiRecord {
  const fields = record.broken?.split(', ').map((part) => part.split('.')[0] ?? part) ?? [];
  return { ...record, ...Object.fromEntries(fields.map((field) => [field, untold])) };
}

/** A list of a recorded record with more in it; `untold` where a part of it could not be read. */
export function extended<T>(
  { broken }: { readonly broken?: string | undefined },
  field: string,
  list: readonly T[] | undefined,
  more: readonly unknown[],
): readonly unknown[] | typeof untold {
  const isBroken = broken?.split(', ').some((part) => part === field || part.startsWith(`${field}.`));
  return isBroken ? untold : [...(list ?? []), ...more];
}

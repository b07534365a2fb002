import { AddressSet, addressSet } from '../../../src/set/index.js';
import type { Projection } from './project.js';

/** Addresses out of which machines of a network get theirs, where those are not chosen yet. */
const ranges = 'ranges of unchosen addresses';

function unchosenIn(projection: Projection): Map<string, AddressSet[]> {
  return projection.once(ranges, () => new Map<string, AddressSet[]>());
}

/** Remembers that an interface in a network will have an address out of this range, or any where the range is not known. */
export function noteUnchosen(projection: Projection, network: string, range: string | undefined): void {
  const all = unchosenIn(projection);
  const own = range === undefined ? AddressSet.ipv4 : addressSet([range]);
  all.set(network, [...(all.get(network) ?? []), own]);
}

/**
 * The destinations that a rule names, as they meet machines whose addresses are not chosen yet: nobody knows where they hold a part
 * only of the range out of which one comes.
 */
export function withDestinations(projection: Projection, network: string, list: unknown): unknown {
  if (!Array.isArray(list) || list.length === 0) return list;
  const texts = list.filter((one): one is string => typeof one === 'string');
  const named = addressSet(texts);
  const isHalf = (unchosenIn(projection).get(network) ?? []).some((own) => own.overlaps(named) && !named.covers(own));
  return isHalf ? (projection.leaves.unknown ?? list) : list;
}

/** The same of a recorded rule, or of its conditions: such a list counts as one that cannot be read. */
export function recordedWithDestinations<R extends { readonly broken?: string | undefined }>(
  projection: Projection,
  network: string,
  record: R,
  field: keyof R & string,
): R {
  if (withDestinations(projection, network, record[field]) === record[field]) return record;
  const broken = record.broken === undefined ? field : `${record.broken}, ${field}`;
  return { ...record, [field]: undefined, broken };
}

import type { PartSlot } from '../../../src/plan/projection.js';
import { isUnread, untold } from '../../../src/record/index.js';
import type { NetworkInterface } from '../records/records.js';
import type { Projection } from './project.js';

const groupSlot: PartSlot = ['NetworkInterfaceSecurityGroupAttachment', 'networkInterfaceId'];

/** The groups that resources put on an interface, or that they took from it before; `untold` for one of nobody knows which. */
function groupsIn(projection: Projection, parts: ReturnType<Projection['partsOf']>) {
  return parts.map((part) => projection.ref(part, 'securityGroupId')).filter((id) => id !== undefined);
}

/** The groups of a recorded interface, with those that resources put on it, and without those that they take from it. */
export function groupsThere(projection: Projection, eni: NetworkInterface): readonly string[] | typeof untold {
  const added = groupsIn(projection, projection.partsOf(eni.NetworkInterfaceId, groupSlot));
  const gone = groupsIn(projection, projection.formerPartsOf(eni.NetworkInterfaceId, groupSlot));
  if (isUnread(eni, 'Groups') || gone.includes(untold)) return untold;
  const all = [...(eni.Groups ?? []).filter((group) => !gone.includes(group)), ...added];
  const known = all.filter((id) => id !== untold);
  return known.length < all.length ? untold : [...new Set(known)];
}

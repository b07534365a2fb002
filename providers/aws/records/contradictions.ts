import type { Problem } from '../../../src/model/index.js';
import type { Inventory } from '../inventory.js';
import type { Peering, SecurityGroup } from './records.js';

type Pair = NonNullable<NonNullable<NonNullable<SecurityGroup['IpPermissions']>[number]>['UserIdGroupPairs']>[number];

function between(
  peerings: Iterable<Peering>,
  one: string | undefined,
  other: string | undefined,
  id: string | undefined,
): Peering | undefined {
  for (const peering of peerings) {
    const ends = [peering.RequesterVpcInfo?.VpcId, peering.AccepterVpcInfo?.VpcId];
    if (peering.VpcPeeringConnectionId === id || (one !== undefined && ends.includes(one) && ends.includes(other)))
      return peering;
  }
  return undefined;
}

function acrossRegions(inventory: Inventory, group: SecurityGroup, pair: Pair): boolean {
  const home = inventory.get('groups', pair.GroupId)?.VpcId ?? pair.VpcId;
  if (home === group.VpcId && pair.VpcPeeringConnectionId === undefined) return false;
  const peering = between(inventory.all('peerings').values(), group.VpcId, home, pair.VpcPeeringConnectionId);
  const regions = [peering?.RequesterVpcInfo?.Region, peering?.AccepterVpcInfo?.Region];
  return regions[0] !== undefined && regions[1] !== undefined && regions[0] !== regions[1];
}

/** What the records claim although AWS would not have it: it is judged as if it were not there, and somebody should know. */
export function contradictions(inventory: Inventory): Problem[] {
  if (inventory.all('peerings').size === 0) return [];
  const problems: Problem[] = [];
  for (const group of inventory.all('groups').values()) {
    const permissions = [...(group.IpPermissions ?? []), ...(group.IpPermissionsEgress ?? [])];
    for (const pair of permissions.flatMap((permission) => permission.UserIdGroupPairs ?? [])) {
      if (!acrossRegions(inventory, group, pair)) continue;
      problems.push({
        severity: 'warning',
        what: `a rule of ${group.GroupId} refers to ${pair.GroupId}, a group of a VPC that is peered from another Region`,
        where: group.GroupId,
        why: 'security groups cannot be referenced across Regions: the rule matches nothing, and AWS refuses to create it',
        fix: 'allow the address range of the peer instead',
      });
    }
  }
  return problems;
}

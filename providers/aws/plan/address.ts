import { nobodys, nobodys6, nthAddress } from '../../../src/plan/stand-in.js';
import { type Prefix, parsePrefix } from '../../../src/set/index.js';
import type { Projection } from './project.js';

/** Where Amazon's own IPv6 addresses come from lies within the internet's (2000::/3), which is all that counts. */
const amazons = parsePrefix('2600:1f00::/24') ?? nobodys6;
/** AWS keeps the first four addresses of a subnet, and the last one (VPC guide, subnet sizing). */
const KEPT = 4;

/** The range of a subnet, as it is declared or was recorded. */
function blockOf(
  projection: Projection,
  subnetId: unknown,
  property: 'cidrBlock' | 'ipv6CidrBlock',
): Prefix | undefined {
  if (typeof subnetId !== 'string') return undefined;
  const subnet = projection.describers(subnetId)[0];
  const recorded = subnet ? undefined : projection.base?.get('subnets', subnetId);
  const [ipv6] = recorded?.Ipv6CidrBlockAssociationSet ?? [];
  const there = property === 'cidrBlock' ? recorded?.CidrBlock : ipv6?.Ipv6CidrBlock;
  const block = subnet ? projection.view.value(subnet, property) : there;
  return typeof block === 'string' ? parsePrefix(block) : undefined;
}

/** The private addresses that were recorded. */
function takenIn(projection: Projection): ReadonlySet<string> {
  return projection.once('taken addresses', () => {
    const taken = new Set<string>();
    for (const { PrivateIpAddresses = [] } of projection.base?.all('interfaces').values() ?? [])
      for (const { PrivateIpAddress } of PrivateIpAddresses) taken.add(PrivateIpAddress);
    return taken;
  });
}

/** Counts in each projection by itself, so that the same plan gets the same addresses. */
function next(projection: Projection, what: string): number {
  const count = projection.once(what, () => ({ used: 0 }));
  count.used += 1;
  return count.used - 1;
}

/** An address of the subnet that nothing recorded has. Which one it is decides nothing that is asked of a plan. */
export function privateAddress(projection: Projection, subnetId: unknown, index: number): string {
  const block = blockOf(projection, subnetId, 'cidrBlock') ?? nobodys;
  const taken = takenIn(projection);
  const nth = (offset: number) => nthAddress(block, index + offset, KEPT);
  for (let offset = 0; offset < taken.size; offset += 1) if (!taken.has(nth(offset))) return nth(offset);
  return nth(0);
}

export function ipv6Address(projection: Projection, subnetId: unknown): string {
  return nthAddress(
    blockOf(projection, subnetId, 'ipv6CidrBlock') ?? amazons,
    next(projection, 'ipv6 addresses'),
    KEPT,
  );
}

/** What stands for a public address that is not assigned yet. */
export function publicAddress(projection: Projection): string {
  return nthAddress(nobodys, next(projection, 'public addresses'), KEPT);
}

import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { nobodys, nobodys6, nthAddress } from '../../../src/plan/stand-in.js';
import { type Prefix, parsePrefix } from '../../../src/set/index.js';
import type { Projection } from './project.js';

/** Where Amazon's own IPv6 addresses come from lies within the internet's (2000::/3), which is all that counts. */
const amazons = parsePrefix('2600:1f00::/24') ?? nobodys6;
/** AWS keeps the first four addresses of a subnet, and the last one (VPC guide, subnet sizing). */
const KEPT = 4;

function blockOf(projection: Projection, subnet: PlanRecord | undefined, property: string): Prefix | undefined {
  const block = subnet && projection.view.value(subnet, property);
  return typeof block === 'string' ? parsePrefix(block) : undefined;
}

/** Counts in each projection by itself, so that the same plan gets the same addresses. */
function next(projection: Projection, what: string): number {
  const count = projection.once(what, () => ({ used: 0 }));
  count.used += 1;
  return count.used - 1;
}

/** An address of the subnet. Which one it is decides nothing that is asked of a plan. */
export function privateAddress(projection: Projection, subnet: PlanRecord | undefined, index: number): string {
  return nthAddress(blockOf(projection, subnet, 'cidrBlock') ?? nobodys, index, KEPT);
}

export function ipv6Address(projection: Projection, subnet: PlanRecord | undefined): string {
  return nthAddress(blockOf(projection, subnet, 'ipv6CidrBlock') ?? amazons, next(projection, 'ipv6 addresses'), KEPT);
}

/** What stands for a public address that is not assigned yet. */
export function publicAddress(projection: Projection): string {
  return nthAddress(nobodys, next(projection, 'public addresses'), KEPT);
}

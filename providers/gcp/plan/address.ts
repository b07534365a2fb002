import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { nobodys, nobodys6, nthAddress } from '../../../src/plan/stand-in.js';
import { type Prefix, parsePrefix } from '../../../src/set/index.js';
import type { Projection } from './project.js';

/** Where Google's external IPv6 addresses come from lies within the internet's (2000::/3), which is all that counts. */
const googles = parsePrefix('2600:1900::/28') ?? nobodys6;
/** Google keeps the first two addresses of a subnet, and the last two (VPC docs, subnets). */
const KEPT = 2;

/** Counts in each projection by itself, so that the same plan gets the same addresses. */
function next(projection: Projection, what: string): number {
  const count = projection.once(what, () => ({ used: 0 }));
  count.used += 1;
  return count.used - 1;
}

/** The range out of which an interface in a subnet gets its address, where it is known. */
export function rangeOf(projection: Projection, subnet: PlanRecord | string | symbol | undefined): Prefix | undefined {
  const range =
    typeof subnet === 'object'
      ? projection.view.value(subnet, 'ipCidrRange')
      : projection.base?.get('subnetworks', typeof subnet === 'string' ? subnet : undefined)?.ipCidrRange;
  return typeof range === 'string' ? parsePrefix(range) : undefined;
}

/** An address of a range. Which one it is decides nothing: rules that name destinations are asked for all of them. */
export function privateAddress(projection: Projection, range: Prefix | undefined): string {
  return nthAddress(range ?? nobodys, next(projection, 'private addresses'), KEPT);
}

export function externalIpv6Address(projection: Projection): string {
  return nthAddress(googles, next(projection, 'ipv6 addresses'), KEPT);
}

/** What stands for an external address that is not assigned yet. */
export function externalAddress(projection: Projection): string {
  return nthAddress(nobodys, next(projection, 'external addresses'), KEPT);
}

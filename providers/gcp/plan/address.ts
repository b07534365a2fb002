import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { type Address, formatAddress, type Prefix, parsePrefix } from '../../../src/set/index.js';
import type { Projection } from './project.js';

function prefixOf(text: string): Prefix {
  const prefix = parsePrefix(text);
  if (!prefix) throw new Error(`${text} is no prefix`);
  return prefix;
}

/** Addresses that nobody can have (RFC 1112, class E): they stand for those that the cloud will choose. */
const nobodys = prefixOf('240.0.0.0/4');
/** Where Google's external IPv6 addresses come from lies within the internet's (2000::/3), which is all that counts. */
const googles = prefixOf('2600:1900::/28');
/** Google keeps the first two addresses of a subnet, and the last two (VPC docs, subnets). */
const KEPT = 2;

function nth({ network, length }: Prefix, index: number): string {
  const bits = (network.family === 4 ? 32 : 128) - length;
  const room = Math.max(2 ** Math.min(bits, 31) - 2 * KEPT, 1);
  const offset = bits < 3 ? 0 : KEPT + (index % room);
  const address: Address =
    network.family === 4
      ? { family: 4, value: network.value + offset }
      : { family: 6, value: network.value + BigInt(offset) };
  return formatAddress(address);
}

/** Counts in each projection by itself, so that the same plan gets the same addresses. */
function next(projection: Projection, what: string): number {
  const count = projection.once(what, () => ({ used: 0 }));
  count.used += 1;
  return count.used - 1;
}

/** The range out of which an interface in a subnet gets its address, where it is known. */
export function rangeOf(projection: Projection, subnet: PlanRecord | undefined): Prefix | undefined {
  const range = subnet && projection.view.value(subnet, 'ipCidrRange');
  return typeof range === 'string' ? parsePrefix(range) : undefined;
}

/** An address of the subnet. Which one it is decides nothing: rules that name destinations are asked for all of them. */
export function privateAddress(projection: Projection, subnet: PlanRecord | undefined): string {
  return nth(rangeOf(projection, subnet) ?? nobodys, next(projection, 'private addresses'));
}

export function externalIpv6Address(projection: Projection): string {
  return nth(googles, next(projection, 'ipv6 addresses'));
}

/** What stands for an external address that is not assigned yet. */
export function externalAddress(projection: Projection): string {
  return nth(nobodys, next(projection, 'external addresses'));
}

const inNobodys = /^2[4-5]\d\./;

/** Whether an address only stands for one that the cloud will choose. */
export function isStandIn(address: string): boolean {
  return inNobodys.test(address);
}

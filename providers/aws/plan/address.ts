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
/** Where Amazon's own IPv6 addresses come from lies within the internet's (2000::/3), which is all that counts. */
const amazons = prefixOf('2600:1f00::/24');
/** AWS keeps the first four addresses of a subnet, and the last one (VPC guide, subnet sizing). */
const KEPT = 4;

function nth({ network, length }: Prefix, index: number): string {
  const bits = (network.family === 4 ? 32 : 128) - length;
  const room = Math.max(2 ** Math.min(bits, 31) - KEPT - 1, 1);
  const offset = bits < 3 ? 0 : KEPT + (index % room);
  const address: Address =
    network.family === 4
      ? { family: 4, value: network.value + offset }
      : { family: 6, value: network.value + BigInt(offset) };
  return formatAddress(address);
}

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
  return nth(blockOf(projection, subnet, 'cidrBlock') ?? nobodys, index);
}

export function ipv6Address(projection: Projection, subnet: PlanRecord | undefined): string {
  return nth(blockOf(projection, subnet, 'ipv6CidrBlock') ?? amazons, next(projection, 'ipv6 addresses'));
}

/** What stands for a public address that is not assigned yet. */
export function publicAddress(projection: Projection): string {
  return nth(nobodys, next(projection, 'public addresses'));
}

const inNobodys = /^2[4-5]\d\./;

/** Whether an address only stands for one that the cloud will choose. */
export function isStandIn(address: string): boolean {
  return inNobodys.test(address);
}

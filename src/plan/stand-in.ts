import type { Cloud } from '../provider.js';
import { type Address, formatAddress, type Prefix, parsePrefix } from '../set/index.js';

function prefixOf(text: string): Prefix {
  const prefix = parsePrefix(text);
  if (!prefix) throw new Error(`${text} is no prefix`);
  return prefix;
}

/** Addresses that nobody can have (RFC 1112, class E): they stand for those that the cloud will choose. */
export const nobodys = prefixOf('240.0.0.0/4');
/** The same of IPv6 (RFC 3849, documentation). */
export const nobodys6 = prefixOf('2001:db8::/32');

/** Address number `index` of a prefix, without the first `kept` ones and the last one, which a cloud keeps for itself. */
export function nthAddress({ network, length }: Prefix, index: number, kept: number): string {
  const bits = (network.family === 4 ? 32 : 128) - length;
  const room = Math.max(2 ** Math.min(bits, 31) - kept - 1, 1);
  const offset = bits < 3 ? 0 : kept + (index % room);
  const address: Address =
    network.family === 4
      ? { family: 4, value: network.value + offset }
      : { family: 6, value: network.value + BigInt(offset) };
  return formatAddress(address);
}

const inNobodys = /^2[4-5]\d\.|^2001:db8:/;

/** Whether an address only stands for one that the cloud will choose. */
function isStandIn(address: string): boolean {
  return inNobodys.test(address);
}

/** The same cloud, in whose paths an address that only stands for one is none yet. */
export function withoutStandIns(cloud: Cloud): Cloud {
  return {
    ...cloud,
    paths: (target, request) =>
      cloud
        .paths(target, request)
        .map((path) =>
          path.address !== null && isStandIn(path.address) ? { ...path, address: 'not assigned yet' } : path,
        ),
  };
}

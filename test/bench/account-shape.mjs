// What the records of the made-up account agree on: ids, addresses, sizes. Everything follows from a seed and a number, so that two
// files can speak of one resource without sharing state.

export const ACCOUNT = '123456789012';
export const REGION = 'eu-central-1';
export const ZONES = ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'];
export const ZONE_IDS = ['euc1-az2', 'euc1-az3', 'euc1-az1'];

export const SHAPE = {
  vpcs: 20,
  subnetsPerVpc: 10,
  groupsPerVpc: 100,
  rulesPerGroup: 20,
  prefixLists: 8,
  prefixListEntries: 100,
};
export const PUBLIC_SUBNETS = 4;
export const SUBNETS_WITH_IPV6 = [0, 1, 4, 5];
const SUBNET_ADDRESSES = 8192; // a /19, of which AWS keeps the first four addresses and the last

/** A generator of numbers in [0, 1), the same for the same seed and salt. */
export function randomFrom(seed, ...salt) {
  let state = salt.reduce((hash, part) => Math.imul(hash ^ part, 0x9e3779b1) ^ (hash >>> 15), seed | 0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const below = (random, limit) => Math.floor(random() * limit);
export const pick = (random, list) => list[below(random, list.length)];

/** A bijection of 32-bit numbers, so that different numbers never share an id. */
export function scramble(n) {
  let x = n | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

export const hex = (n, digits) => n.toString(16).padStart(digits, '0');
export const id = (kind, n) => `${kind}-0${hex(scramble(n), 8)}${hex(scramble(n ^ 0x5bd1e995), 8)}`;
export const ipv4 = (n) => `${(n >>> 24) & 255}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`;
export const when = (random) =>
  new Date(1704067200000 + below(random, 60_000_000) * 1000).toISOString().replace('.000Z', '+00:00');
export const tag = (Key, Value) => ({ Key, Value });

export const vpcId = (v) => id('vpc', v);
export const subnetNumber = (v, s) => v * SHAPE.subnetsPerVpc + s;
export const subnetId = (v, s) => id('subnet', subnetNumber(v, s));
export const groupId = (v, g) => id('sg', v * SHAPE.groupsPerVpc + g);
export const groupName = (v, g) => `vpc${v}-${['web', 'api', 'batch', 'cache', 'admin'][g % 5]}-${g}`;
export const prefixListId = (n) => id('pl', n);
export const vpcPrefix = (v, half) => `10.${v + half * 100}.0.0/16`;
export const subnetBase = (v, s) => (10 << 24) | ((v + (s < 5 ? 0 : 100)) << 16) | ((s % 5) * SUBNET_ADDRESSES);
export const vpcIpv6 = (v) => `2a05:d014:${hex(0x100 + v, 1)}:`;
export const ipv6Tail = (n) => (n > 0xffff ? `${hex(n >>> 16, 1)}:${hex(n & 0xffff, 1)}` : hex(n, 1));
export const subnetIpv6 = (v, s) => `${vpcIpv6(v)}${hex(0x10 + s, 1)}::`;

/** How many instances the subnets can hold. */
export const MOST_INSTANCES = SHAPE.vpcs * SHAPE.subnetsPerVpc * (SUBNET_ADDRESSES - 5);

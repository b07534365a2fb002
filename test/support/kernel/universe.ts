import type { Family } from '../../../src/set/index.js';
import type { Random } from './random.js';
import { addresses } from './topology.js';

/** The few addresses and ports of which random rules speak, so that questions hit them. */
interface World {
  /** Who asks. */
  readonly sources: readonly string[];
  /** Whom. */
  readonly hosts: readonly string[];
  /** What rules say of sources: each has some of them. */
  readonly prefixes: readonly string[];
  readonly ranges: readonly string[];
  /** What rules say of hosts. */
  readonly hostPrefixes: readonly string[];
}

export const worlds: Readonly<Record<Family, World>> = {
  4: {
    sources: [
      ...Array.from({ length: 8 }, (_, last) => `10.10.64.${last}`),
      ...[
        '10.10.64.255',
        '10.10.65.0',
        '10.10.65.128',
        '10.10.95.255',
        '10.10.96.0',
        '10.10.127.255',
        addresses.client[4],
      ],
    ],
    hosts: [addresses.server[4], '10.10.128.1', '10.10.128.2'],
    prefixes: [
      ...[
        '10.10.64.0/32',
        '10.10.64.1/32',
        '10.10.64.3/32',
        '10.10.64.6/31',
        '10.10.64.4/30',
        '10.10.64.0/30',
        '10.10.64.0/29',
      ],
      ...[
        '10.10.64.0/24',
        '10.10.64.0/23',
        '10.10.65.128/25',
        '10.10.64.0/19',
        '10.10.96.0/19',
        '10.10.0.0/24',
        '10.10.0.0/16',
      ],
      ...['192.0.2.0/24', '0.0.0.0/0', '64.0.0.0/2'],
    ],
    ranges: ['10.10.64.1-10.10.64.4', '10.10.64.255-10.10.65.0', '10.10.0.0-10.10.64.5', '10.10.96.0-10.10.127.255'],
    hostPrefixes: ['10.10.1.2/32', '10.10.128.1/32', '10.10.128.0/18', '10.10.1.0/24', '10.10.128.2/31'],
  },
  6: {
    sources: [
      ...Array.from({ length: 8 }, (_, last) => `fd10:64::${last + 1}`),
      ...['fd10:64::1:0', 'fd10:64::ffff', 'fd10:64::8000:0:0:1', 'fd10:64::ffff:ffff:ffff:ffff', addresses.client[6]],
    ],
    hosts: [addresses.server[6], 'fd10:128::1', 'fd10:128::2'],
    prefixes: [
      ...[
        'fd10:64::1/128',
        'fd10:64::2/127',
        'fd10:64::4/126',
        'fd10:64::/125',
        'fd10:64::8/128',
        'fd10:64::/112',
        'fd10:64::/96',
      ],
      ...['fd10:64:0:0:8000::/65', 'fd10:64::/64', 'fd10::/64', 'fd10::/16', '2001:db8::/32', '::/0'],
    ],
    ranges: ['fd10:64::2-fd10:64::5', 'fd10:64::ffff-fd10:64::1:0', 'fd10::1-fd10:64::3'],
    hostPrefixes: ['fd10:1::2/128', 'fd10:128::1/128', 'fd10:128::/64', 'fd10:1::/64'],
  },
};

/** 22 and 2222 listen everywhere, 2200 on the first address of the server's prefixes only, 23 nowhere. */
const ports = [22, 2222, 2200, 23] as const;
export const listeners = [
  ...['0.0.0.0', '::'].flatMap((address) => [`[${address}]:22`, `[${address}]:2222`]),
  ...['10.10.128.1', 'fd10:128::1'].map((address) => `[${address}]:2200`),
];

export interface Question {
  readonly family: Family;
  readonly source: string;
  readonly host: string;
  readonly port: number;
}

/** A question, most often about port 22 of the server's own address. */
export function randomQuestion(random: Random): Question {
  const family = random.chance(0.6) ? 4 : 6;
  const { sources, hosts } = worlds[family];
  return {
    family,
    source: random.pick(sources),
    host: random.chance(0.6) ? addresses.server[family] : random.pick(hosts),
    port: random.chance(0.5) ? 22 : random.pick(ports),
  };
}

import type { Family } from '../../../src/set/index.js';
import type { Random } from './random.js';
import { worlds } from './universe.js';

export type TableFamily = 'inet' | 'ip' | 'ip6' | 'netdev';

const PORTS = [
  '22',
  '2222',
  '23',
  '22-23',
  '1-1024',
  '2200-2222',
  '{ 22, 2222 }',
  '{ 20-25, 443 }',
  '{ 80, 443 }',
  '@services',
  '{ 22 }',
];

/** What a rule is written in. */
export interface NftPlace {
  readonly random: Random;
  readonly table: TableFamily;
  readonly hook: 'ingress' | 'prerouting' | 'input' | 'output';
  /** The chains to which it may jump: those that come after its own. */
  readonly below: readonly string[];
  /** A chain of the table's own must not ask the table's map: that may lead to the same chain, and nft takes no loops. */
  readonly inner?: true;
}

/** Ones that do not overlap, which a map with intervals needs. */
export function apart(family: Family): readonly string[] {
  return family === 4
    ? [
        '10.10.64.0/31',
        '10.10.64.2',
        '10.10.64.3-10.10.64.5',
        '10.10.64.6',
        '10.10.64.255',
        '10.10.65.0/24',
        '10.10.96.0/19',
      ]
    : ['fd10:64::1', 'fd10:64::2/127', 'fd10:64::4-fd10:64::6', 'fd10:64::ffff', 'fd10:64:0:0:8000::/65'];
}

export function interfacesMatch({ hook }: NftPlace): string[] {
  if (hook === 'ingress') return ['meta pkttype host'];
  const name = hook === 'output' ? 'oifname' : 'iifname';
  return [
    `${name} "eth0"`,
    `${name} != "eth0"`,
    `${name} "eth*"`,
    `${name} { "eth0", "wg0" }`,
    `${name} "lo"`,
    `${name.slice(0, 3)} eth0`,
  ];
}

export function generalMatch({ random, table, hook }: NftPlace, family: Family): string {
  const list = ['meta l4proto tcp'];
  if (table === 'inet') list.push(`meta nfproto ipv${family}`);
  if (hook !== 'ingress') list.push('ct direction original', connectionMark(random));
  list.push(packetMark(random), packetMark(random));
  if (hook === 'input' || hook === 'prerouting') list.push('fib daddr type local');
  return random.pick(list);
}

const packetMark = (random: Random) =>
  random.pick([
    'meta mark 0',
    'meta mark 1',
    'meta mark != 1',
    'meta mark { 1, 2, 7 }',
    'meta mark & 3 == 1',
    'meta mark > 1',
  ]);
const connectionMark = (random: Random) =>
  random.pick(['ct mark 0', 'ct mark 1', 'ct mark != 0', 'ct mark 1-3', 'ct mark & 1 == 0', 'ct mark & 3 != 2']);

/** A statement that writes a mark: few bits, so that rules ask for those that others set. */
export function markStatement({ random, hook }: NftPlace): string {
  const ofPacket = [
    'meta mark set 1',
    'meta mark set 7',
    'meta mark set meta mark | 2',
    'meta mark set meta mark & 0xfffffffe',
  ];
  if (hook === 'ingress') return random.pick(ofPacket);
  return random.pick([
    ...ofPacket,
    'meta mark set ct mark',
    'ct mark set meta mark',
    'ct mark set 1',
    'ct mark set ct mark ^ 3',
  ]);
}

/** The client is the source of what comes in, and the destination of what goes out. */
export function addressMatch({ random, hook }: NftPlace, family: Family): string {
  const [client, host] = hook === 'output' ? ['daddr', 'saddr'] : ['saddr', 'daddr'];
  const field = family === 4 ? 'ip' : 'ip6';
  const port = hook === 'output' ? 'sport' : 'dport';
  const { sources, prefixes, hostPrefixes } = worlds[family];
  const not = random.chance(0.25) ? '!= ' : '';
  const some = prefixes.filter((prefix) => !prefix.endsWith('/0'));
  const pair = `${field} ${client} . tcp ${port} ${not}`;
  return random.pick([
    () => `${field} ${client} ${not}${random.pick(some)}`,
    () => `${field} ${client} ${not}${random.pick(some)}`,
    () => `${field} ${client} ${not}{ ${random.some(apart(family), 1, 4).join(', ')} }`,
    () => `${field} ${client} ${not}{ ${random.some(sources, 1, 4).join(', ')} }`,
    () => `${field} ${client} ${not}${random.pick(worlds[family].ranges)}`,
    () => `${field} ${client} ${not}@${random.pick(['hosts', 'nets'])}${family}`,
    () => `${field} ${host} ${not}${random.pick(hostPrefixes)}`,
    () => `${pair}@pairs${family}`,
    () =>
      `${pair}{ ${random
        .some(sources, 1, 3)
        .map((one) => `${one} . ${random.pick(['22', '2222'])}`)
        .join(', ')} }`,
    () => `${field} ${client} ${random.pick(['<', '>', '<=', '>='])} ${random.pick(sources)}`,
  ])();
}

export function portMatch({ random, hook }: NftPlace): string {
  const port = hook === 'output' ? 'sport' : 'dport';
  if (random.chance(0.1))
    return random.pick([
      'tcp flags syn',
      'tcp flags & (fin|syn|rst|ack) == syn',
      'tcp flags & syn == 0',
      'tcp flags syn / fin,syn,rst,ack',
    ]);
  const not = random.chance(0.2) ? '!= ' : '';
  const value = random.pick(PORTS);
  return `${random.chance(0.1) ? 'th' : 'tcp'} ${port} ${not}${value}`;
}

export function stateMatch(random: Random): string {
  return random.pick([
    'ct state new',
    'ct state established',
    'ct state { new, untracked }',
    'ct state != new',
    'ct state invalid',
    'ct state established,related',
    'ct state new,established',
    'ct state & new != 0',
  ]);
}

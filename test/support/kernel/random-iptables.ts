import type { Family } from '../../../src/set/index.js';
import type { Random } from './random.js';
import { worlds } from './universe.js';

const REJECTS: Readonly<Record<Family, readonly string[]>> = {
  4: [
    'port-unreachable',
    'net-unreachable',
    'host-unreachable',
    'proto-unreachable',
    'net-prohibited',
    'host-prohibited',
    'admin-prohibited',
  ].map((name) => `icmp-${name}`),
  6: ['no-route', 'adm-prohibited', 'addr-unreachable', 'port-unreachable', 'policy-fail', 'reject-route'].map(
    (name) => `icmp6-${name}`,
  ),
};
const PORTS = ['22', '2222', '2200', '23', '22:23', '2200:2222', '1:1024', '1024:65535', '80', '443', ':22', '2222:'];
const LISTS = ['22', '22,2222', '80,443', '22,80,2200:2222', '1:21,23', '2222,22,23,2200', '20:25'];
const MASKS = ['0x1', '0x3', '0xff', '0xffffffff'];
const MARKS = ['0x0/0xff', '0x0/0x1', '0x1/0x1', '0x2/0x3', '0x3/0x3', '0x7/0xffffffff'];
const STATES = [
  'NEW',
  'ESTABLISHED',
  'RELATED,ESTABLISHED',
  'NEW,ESTABLISHED',
  'INVALID',
  'UNTRACKED',
  'NEW,UNTRACKED',
];

type Table = 'filter' | 'raw' | 'mangle' | 'nat';

/** What a rule is written in: the table, and the way that the packet goes, which is turned around in OUTPUT. */
interface Place {
  readonly family: Family;
  readonly table: Table;
  readonly replies: boolean;
  readonly random: Random;
}

/** The sets that rules ask, as `ipset restore` reads them. Their names end in the family's number. */
export function randomIpsets(random: Random): string {
  return ([4, 6] as const).flatMap((family) => ipsetsOf(random, family)).join('\n');
}

function ipsetsOf(random: Random, family: Family): string[] {
  const { sources, prefixes } = worlds[family];
  const [name, inet] = family === 4 ? ['4', 'inet'] : ['6', 'inet6'];
  // Neither kind takes /0.
  const nets = prefixes.filter((prefix) => !prefix.endsWith('/0'));
  return [
    `create ip${name} hash:ip family ${inet}`,
    ...random.some(sources, 1, 5).map((address) => `add ip${name} ${address}`),
    `create net${name} hash:net family ${inet}`,
    ...random
      .some(nets, 1, 4)
      .map((prefix, at) => `add net${name} ${prefix}${at === 1 && random.chance(0.4) ? ' nomatch' : ''}`),
    `create port${name} hash:ip,port family ${inet}`,
    ...random
      .some(sources, 1, 4)
      .map((address) => `add port${name} ${address},tcp:${random.pick(['22', '2222', '23'])}`),
  ];
}

/** A text for `iptables-restore` or `ip6tables-restore`, of either backend, that speaks of the sets of `randomIpsets`. */
export function randomIptables(random: Random, family: Family): string {
  const tables: Table[] = ['filter'];
  if (random.chance(0.2)) tables.push('raw');
  if (random.chance(0.2)) tables.push('mangle');
  if (random.chance(0.35)) tables.push('nat');
  return tables.map((table) => tableText(random, family, table)).join('');
}

const HOOKS: Readonly<Record<Table, readonly string[]>> = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
};

function tableText(random: Random, family: Family, table: Table): string {
  const place: Place = { family, table, replies: false, random };
  // A chain is jumped to from those before it only: there are no loops.
  const chains = table === 'nat' ? [] : random.some(['A', 'B', 'C', 'D'], 0, table === 'filter' ? 4 : 2);
  const policy = table === 'filter' && random.chance(0.35) ? 'DROP' : 'ACCEPT';
  const lines = HOOKS[table].map((hook) => `:${hook} ${hook === 'INPUT' ? policy : 'ACCEPT'} [0:0]`);
  lines.push(...chains.map((chain) => `:${chain} - [0:0]`));
  const entry = table === 'filter' ? 'INPUT' : 'PREROUTING';
  lines.push(...opening(place, entry));
  lines.push(...rulesOf(place, entry, chains, 1 + random.below(7)));
  chains.forEach((chain, at) => {
    lines.push(...rulesOf(place, chain, chains.slice(at + 1), random.below(5)));
  });
  if (table !== 'nat' && random.chance(0.2))
    lines.push(...rulesOf({ ...place, replies: true }, 'OUTPUT', [], 1 + random.below(3)));
  if (table === 'mangle' && random.chance(0.4)) lines.push(...rulesOf(place, 'INPUT', chains, 1 + random.below(3)));
  return `*${table}\n${lines.join('\n')}\nCOMMIT\n`;
}

/** What stands first in most rulesets of the world. */
function opening({ table, random, family }: Place, entry: string): string[] {
  if (table !== 'filter') return [];
  const lines: string[] = [];
  if (random.chance(0.7)) {
    const state = random.chance(0.5)
      ? '-m conntrack --ctstate RELATED,ESTABLISHED'
      : '-m state --state RELATED,ESTABLISHED';
    lines.push(`-A ${entry} ${state} -j ACCEPT`);
  }
  if (random.chance(0.3)) lines.push(`-A ${entry} -i lo -j ACCEPT`);
  // Without neighbours there is no IPv6; that is a recipe of its own.
  if (family === 6) lines.unshift(`-A ${entry} -p ipv6-icmp -j ACCEPT`);
  return lines;
}

function rulesOf(place: Place, chain: string, below: readonly string[], count: number): string[] {
  return Array.from({ length: count }, () => {
    const tcp = place.table === 'nat' || place.random.chance(0.75);
    const words = [`-A ${chain}`, ...matches(place, tcp), target(place, tcp, below)];
    return words.filter(Boolean).join(' ');
  });
}

function matches(place: Place, tcp: boolean): string[] {
  const { random } = place;
  const words: string[] = [];
  if (random.chance(0.45)) words.push(addressMatch(place));
  if (random.chance(0.12)) words.push(interfaceMatch(place));
  if (tcp) words.push('-p tcp', ...tcpMatches(place));
  else if (random.chance(0.15)) words.push('-p udp');
  if (random.chance(0.15)) words.push(stateMatch(place));
  if (random.chance(0.15)) words.push(otherMatch(place));
  if (random.chance(0.08)) words.push('-m comment --comment "not -j DROP \\"at all\\""');
  return words;
}

/** The client is the source of what comes in, and the destination of what goes out. */
function addressMatch({ family, replies, random }: Place): string {
  const { prefixes, hostPrefixes, ranges } = worlds[family];
  const not = random.chance(0.25) ? '! ' : '';
  const [client, host] = replies ? ['d', 's'] : ['s', 'd'];
  const side = replies ? 'dst' : 'src';
  const number = family === 4 ? '4' : '6';
  const kind = random.below(10);
  if (kind < 5) return clientMatch(client, not, random.pick(prefixes));
  if (kind < 7) return `${not}-${host} ${random.pick(hostPrefixes)}`;
  if (kind === 7) return `-m iprange ${not}--${side}-range ${random.pick(ranges)}`;
  if (kind === 8) return `-m set ${not}--match-set ${random.pick(['ip', 'net'])}${number} ${side}`;
  return replies ? clientMatch('d', not, random.pick(prefixes)) : `-m set ${not}--match-set port${number} src,dst`;
}

/** Nobody is not of everybody: the nft backend refuses `! -s ::/0`. */
function clientMatch(option: string, not: string, prefix: string): string {
  return `${prefix.endsWith('/0') ? '' : not}-${option} ${prefix}`;
}

function interfaceMatch({ replies, random }: Place): string {
  const not = random.chance(0.25) ? '! ' : '';
  return `${not}-${replies ? 'o' : 'i'} ${random.pick(['eth0', 'eth1', 'eth+', 'lo', 'e+', 'wg0'])}`;
}

function tcpMatches({ replies, random }: Place): string[] {
  const not = random.chance(0.2) ? '! ' : '';
  const side = replies ? 's' : 'd';
  const kind = random.below(10);
  if (kind < 5) return [`-m tcp ${not}--${side}port ${random.pick(PORTS)}`];
  if (kind < 7) return [`-m multiport ${not}--${side}ports ${random.pick(LISTS)}`];
  if (kind === 7)
    return [
      random.pick([
        '-m tcp --syn',
        '-m tcp ! --syn',
        '-m tcp --tcp-flags FIN,SYN,RST,ACK SYN',
        '-m tcp --tcp-flags ALL SYN',
      ]),
    ];
  return [];
}

function stateMatch({ random }: Place): string {
  const not = random.chance(0.15) ? '! ' : '';
  const states = random.pick(STATES);
  return random.chance(0.5) ? `-m conntrack ${not}--ctstate ${states}` : `-m state ${not}--state ${states}`;
}

function otherMatch({ random, replies }: Place): string {
  return random.pick([
    replies ? '-m addrtype --src-type LOCAL' : '-m addrtype --dst-type LOCAL',
    '-m addrtype ! --dst-type MULTICAST',
    '-m conntrack --ctproto tcp',
    '-m conntrack --ctdir ORIGINAL',
    '-m pkttype --pkt-type unicast',
    '-m length --length 0:65535',
    `-m mark ${random.pick(['', '! '])}--mark ${random.pick(MARKS)}`,
    `-m mark ${random.pick(['', '! '])}--mark ${random.pick(MARKS)}`,
    `-m connmark ${random.pick(['', '! '])}--mark ${random.pick(MARKS)}`,
  ]);
}

function target(place: Place, tcp: boolean, below: readonly string[]): string {
  const { family, table, random } = place;
  if (table === 'nat') return natTarget(place);
  if (below.length > 0 && random.chance(0.35)) return `${random.chance(0.25) ? '-g' : '-j'} ${random.pick(below)}`;
  if (random.chance(0.08)) return '-j RETURN';
  if (random.chance(0.06)) return random.pick(['', '-j LOG', '-j NFLOG']);
  if (table === 'raw' && random.chance(0.4)) return '-j CT --notrack';
  if (table !== 'filter' && random.chance(0.25)) return markTarget(random);
  if (random.chance(0.5)) return '-j ACCEPT';
  if (table !== 'filter' || random.chance(0.3)) return '-j DROP';
  return `-j REJECT --reject-with ${tcp && random.chance(0.25) ? 'tcp-reset' : random.pick(REJECTS[family])}`;
}

/** Marks of few bits, so that rules ask for those that others set. */
function markTarget(random: Random): string {
  const [nf, ct] = [random.pick(MASKS), random.pick(MASKS)];
  return random.pick([
    `-j MARK --set-xmark ${random.pick(MARKS)}`,
    `-j MARK --set-xmark ${random.pick(MARKS)}`,
    `-j CONNMARK --set-xmark ${random.pick(MARKS)}`,
    `-j CONNMARK --save-mark --nfmask ${nf} --ctmask ${ct}`,
    `-j CONNMARK --restore-mark --nfmask ${nf} --ctmask ${ct}`,
  ]);
}

function natTarget({ family, random }: Place): string {
  const { hosts } = worlds[family];
  const port = random.pick(['2222', '22', '23', '2200']);
  const kind = random.below(10);
  if (kind < 2) return '-j RETURN';
  if (kind < 3) return '-j ACCEPT';
  if (kind < 7) return `-j REDIRECT --to-ports ${port}`;
  const address = random.chance(0.1) ? (family === 4 ? '10.10.1.98' : 'fd10:1::98') : random.pick(hosts);
  const [open, close] = family === 4 ? ['', ''] : ['[', ']'];
  return `-j DNAT --to-destination ${random.chance(0.7) ? `${open}${address}${close}:${port}` : address}`;
}

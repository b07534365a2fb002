import type { Family } from '../../../src/set/index.js';
import type { Random } from './random.js';
import {
  addressMatch,
  apart,
  generalMatch,
  interfacesMatch,
  markStatement,
  type NftPlace as Place,
  portMatch,
  stateMatch,
  type TableFamily,
} from './random-nft-match.js';
import { worlds } from './universe.js';

const PRIORITIES = ['-300', '-150', '-10', '-1', '0', '1', '10', 'filter', 'filter + 5', 'raw', 'mangle'];

/** A text for `nft -f`: some tables with some base chains, and sets and maps of their own. */
export function randomNft(random: Random): string {
  const families = random.some<TableFamily>(['inet', 'ip', 'ip6', 'inet'], 1, 3);
  if (random.chance(0.1)) families.push('netdev');
  const tables = families.map((family, at) => tableText(random, family, `t${at}`));
  if (random.chance(0.3)) tables.push(natTable(random));
  return tables.join('');
}

function tableText(random: Random, table: TableFamily, name: string): string {
  const chains = random.some(['a', 'b', 'c', 'd'], 0, 3);
  const hook = table === 'netdev' ? 'ingress' : random.chance(0.75) ? 'input' : 'prerouting';
  const place: Place = { random, table, hook, below: chains };
  const parts = [
    ...setsOf(random, table),
    // A chain stands before those that jump to it.
    ...chains
      .map((chain, at) =>
        chainText(chain, rules({ ...place, below: chains.slice(at + 1), inner: true }, random.below(5))),
      )
      .reverse(),
    mapOf(place),
    base(place, 'main', [...opening(place), ...rules(place, 1 + random.below(7))]),
  ];
  if (hook === 'input' && random.chance(0.25)) {
    parts.push(
      base({ ...place, hook: 'prerouting' }, 'early', rules({ ...place, hook: 'prerouting' }, 1 + random.below(3))),
    );
  }
  if (table !== 'netdev' && random.chance(0.2)) {
    const out: Place = { random, table, hook: 'output', below: [] };
    parts.push(base(out, 'out', rules(out, 1 + random.below(3))));
  }
  return `table ${table} ${name} {\n${parts.join('')}}\n`;
}

function chainText(name: string, lines: readonly string[]): string {
  return `chain ${name} {\n${lines.join('\n')}\n}\n`;
}

function base({ random, hook }: Place, name: string, lines: readonly string[]): string {
  const device = hook === 'ingress' ? ' device eth0' : '';
  const priority = hook === 'ingress' ? random.pick(['-5', '0', '10']) : random.pick(PRIORITIES);
  const policy = random.chance(hook === 'input' ? 0.35 : 0.05) ? 'drop' : 'accept';
  return chainText(name, [`type filter hook ${hook}${device} priority ${priority}; policy ${policy};`, ...lines]);
}

/** Neighbours and, most often, what is already connected. */
function opening({ random, hook }: Place): string[] {
  if (hook === 'ingress') return ['ether type arp accept', 'ip6 nexthdr icmpv6 accept'];
  const established = random.pick([
    'ct state established,related accept',
    'ct state { established, related } accept',
    'ct state vmap { established : accept, related : accept, invalid : drop }',
  ]);
  return ['meta l4proto ipv6-icmp accept', ...(random.chance(0.75) ? [established] : [])];
}

function familyOf({ random, table }: Place): Family {
  if (table === 'ip') return 4;
  if (table === 'ip6') return 6;
  return random.chance(0.55) ? 4 : 6;
}

const TYPES = { 4: 'ipv4_addr', 6: 'ipv6_addr' } as const;

function familiesOf(table: TableFamily): readonly Family[] {
  if (table === 'ip') return [4];
  return table === 'ip6' ? [6] : [4, 6];
}

function setsOf(random: Random, table: TableFamily): string[] {
  const services = random.some(['22', '2222', '23', '80', '2200-2210'], 1, 3);
  return [
    `set services {\ntype inet_service; flags interval\nelements = { ${services.join(', ')} }\n}\n`,
    ...familiesOf(table).flatMap((family) => {
      const { sources } = worlds[family];
      const pairs = random.some(sources, 1, 5).map((address) => `${address} . ${random.pick(['22', '2222', '23'])}`);
      return [
        `set hosts${family} {\ntype ${TYPES[family]}\nelements = { ${random.some(sources, 1, 6).join(', ')} }\n}\n`,
        `set nets${family} {\ntype ${TYPES[family]}; flags interval; auto-merge\nelements = { ${networks(random, family, 4).join(', ')} }\n}\n`,
        `set pairs${family} {\ntype ${TYPES[family]} . inet_service\nelements = { ${pairs.join(', ')} }\n}\n`,
      ];
    }),
  ];
}

/** Prefixes and ranges. */
function networks(random: Random, family: Family, most: number): string[] {
  const { prefixes, ranges } = worlds[family];
  return random.some([...prefixes.filter((prefix) => !prefix.endsWith('/0')), ...ranges], 1, most);
}

function mapOf(place: Place): string {
  const { random, table } = place;
  return familiesOf(table)
    .map((family) => {
      const elements = random.some(apart(family), 1, 5).map((key) => `${key} : ${verdict(place)}`);
      return `map verdicts${family} {\ntype ${TYPES[family]} : verdict; flags interval\nelements = { ${elements.join(', ')} }\n}\n`;
    })
    .join('');
}

function rules(place: Place, count: number): string[] {
  return Array.from({ length: count }, () => ruleText(place));
}

function ruleText(place: Place): string {
  const { random, hook } = place;
  // Where two protocols are meant, nft lets nothing else of the rule speak of TCP.
  if (random.chance(0.04))
    return `meta l4proto { tcp, udp } th ${hook === 'output' ? 's' : 'd'}port 22 ${verdict(place)}`;
  const words: string[] = [];
  const family = familyOf(place);
  if (random.chance(0.1)) words.push(random.pick(interfacesMatch(place)));
  if (random.chance(0.1)) words.push(generalMatch(place, family));
  if (random.chance(0.45)) words.push(addressMatch(place, family));
  if (random.chance(0.65)) words.push(portMatch(place));
  if (random.chance(0.12) && hook !== 'ingress') words.push(stateMatch(random));
  if (random.chance(0.1)) words.push('counter');
  if (random.chance(0.08)) words.push(markStatement(place));
  words.push(random.chance(0.18) ? vmap(place, family) : statement(place, words));
  if (random.chance(0.06)) words.push('comment "tcp dport 22 drop"');
  return words.join(' ');
}

function vmap(place: Place, family: Family): string {
  const { random, hook, inner } = place;
  const [client, port] = hook === 'output' ? ['daddr', 'sport'] : ['saddr', 'dport'];
  const field = family === 4 ? 'ip' : 'ip6';
  const to = (key: string) => `${key} : ${verdict(place)}`;
  return random.pick([
    ...(inner ? [] : [() => `${field} ${client} vmap @verdicts${family}`]),
    () => `${field} ${client} vmap { ${random.some(apart(family), 1, 5).map(to).join(', ')} }`,
    () => `tcp ${port} vmap { ${random.some(['22', '2222', '23', '100-2000', '2200-2210'], 1, 4).map(to).join(', ')} }`,
    () =>
      `${field} ${client} . tcp ${port} vmap { ${random
        .some(worlds[family].sources, 1, 3)
        .map((one) => to(`${one} . ${random.pick(['22', '2222'])}`))
        .join(', ')} }`,
  ])();
}

function verdict({ random, below }: Place): string {
  if (below.length > 0 && random.chance(0.4)) return `${random.pick(['jump', 'jump', 'goto'])} ${random.pick(below)}`;
  return random.pick(['accept', 'accept', 'drop', 'return', 'continue']);
}

function statement(place: Place, words: readonly string[]): string {
  const { random, hook } = place;
  if (random.chance(0.05)) return random.pick(['log prefix "x"', 'counter']);
  if (random.chance(0.1)) return markStatement(place);
  if (hook === 'prerouting' && random.chance(0.1)) return 'notrack';
  if (hook === 'ingress' || hook === 'prerouting' || random.chance(0.65)) return verdict(place);
  return reject(place, words.join(' '));
}

function reject({ random, table }: Place, words: string): string {
  if (random.chance(0.2)) return words.includes('th ') || words.includes('udp') ? 'reject' : 'reject with tcp reset';
  if (random.chance(0.25)) return 'reject';
  if (table === 'ip') {
    return `reject with icmp ${random.pick(['port-unreachable', 'net-unreachable', 'host-unreachable', 'prot-unreachable', 'net-prohibited', 'host-prohibited', 'admin-prohibited'])}`;
  }
  if (table === 'ip6') {
    return `reject with icmpv6 ${random.pick(['no-route', 'admin-prohibited', 'addr-unreachable', 'port-unreachable', 'policy-fail', 'reject-route'])}`;
  }
  return `reject with icmpx ${random.pick(['port-unreachable', 'admin-prohibited', 'no-route', 'host-unreachable'])}`;
}

function natTable(random: Random): string {
  const table = random.pick(['ip', 'ip6', 'inet'] as const);
  const place: Place = { random, table, hook: 'prerouting', below: [] };
  const lines = Array.from({ length: 1 + random.below(3) }, () => {
    const family = familyOf(place);
    const words = [
      random.chance(0.5) ? addressMatch(place, family).replace(/@\w+/, `{ ${worlds[family].sources[0]} }`) : '',
      'tcp dport',
      random.pick(['22', '2222', '23', '{ 22, 23 }']),
    ];
    return [...words, translation(place, family)].filter(Boolean).join(' ');
  });
  // A pair of an address and a port is asked in the filter tables.
  const plain = lines.filter((line) => !line.includes(' . '));
  return `table ${table} nat {\n${chainText('redirections', ['type nat hook prerouting priority dstnat; policy accept;', ...plain])}}\n`;
}

function translation({ random, table }: Place, family: Family): string {
  const port = random.pick(['2222', '22', '23', '2200']);
  const address = random.pick(worlds[family].hosts);
  const [open, close] = family === 4 ? ['', ''] : ['[', ']'];
  const what = table === 'inet' ? (family === 4 ? 'dnat ip to' : 'dnat ip6 to') : 'dnat to';
  return random.pick([
    `redirect to :${port}`,
    `redirect to :${port}`,
    `${what} ${open}${address}${close}:${port}`,
    `${what} ${address}`,
    'accept',
    'return',
  ]);
}

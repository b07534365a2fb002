import { describe, expect, test } from '@jest/globals';
import { parseNftJson } from '../../../../providers/host/netfilter/nft-json.js';
import { parseNftText } from '../../../../providers/host/netfilter/nft-text.js';
import type { FilterTable } from '../../../../providers/host/netfilter/ruleset.js';
import { cost, dumped, rulesOf, shownChain, shownRule } from './shown.js';

function chainOf(lines: readonly string[]): string {
  return [
    'table inet t { # handle 1',
    '\tset s { # handle 2',
    '\t\ttype ipv4_addr',
    '\t\telements = { 10.0.0.1, 10.0.0.2 timeout 30m expires 29m comment "a } b",',
    '\t\t\t     10.0.0.3 }',
    '\t}',
    '\tchain c { # handle 3',
    '\t\ttype filter hook input priority filter; policy drop;',
    ...lines.map((line) => `\t\t${line}`),
    '\t}',
    '\tchain web { # handle 4',
    '\t}',
    '}',
    '',
  ].join('\n');
}

function read(...lines: readonly string[]): readonly string[] {
  return shownChain(parseNftText(chainOf(lines)).tables, 't', 'c');
}

/** Everything about the tables that does not depend on the words that stand for an unknown. */
function decisions(tables: readonly FilterTable[]): readonly string[] {
  return tables.flatMap(({ family, name, chains }) =>
    chains
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((chain) => [
        `${family} ${name} ${chain.name} ${JSON.stringify(chain.base)}`,
        ...chain.rules.map((rule) => `${rule.id}: ${shownRule(rule).replaceAll(/<[^>]*>/g, '')} ${rule.comment ?? ''}`),
      ]),
  );
}

describe('the text form of a dump', () => {
  test.each(['firewalld', 'fail2ban-nftables'])('of %s says what its JSON says', (name) => {
    const text = parseNftText(dumped(`${name}.nft-text`));
    expect(text.unread).toBeUndefined();
    expect(decisions(text.tables)).toEqual(decisions(parseNftJson(dumped(`${name}.nft-json`)).tables));
  });

  test.each(['statements', 'objects'])('of many %s says what its JSON says, and what that leaves out', (name) => {
    const text = parseNftText(dumped(`${name}.nft-text`));
    const json = parseNftJson(dumped(`${name}.nft-json`));
    // JSON of nft 1.0.6 tells neither devices nor which flag a table has.
    const told = ({ family, chains }: FilterTable) =>
      chains.every(({ base }) => base?.hook !== 'ingress' && base?.hook !== 'egress') && family !== 'netdev';
    const [same, other] = [text.tables, json.tables].map((tables) =>
      decisions(tables.filter((table) => told(table) && table.name !== 'dorm')),
    );
    expect(text.unread).toBeUndefined();
    expect(same).toEqual(other);
  });

  test('tells devices, and tables that are switched off', () => {
    const { tables } = parseNftText(dumped('objects.nft-text'));
    const chains = tables.flatMap((table) => table.chains);
    expect(chains.find(({ name }) => name === 'i')?.base).toMatchObject({ devices: ['d0', 'lo'], policy: 'drop' });
    expect(chains.find(({ name }) => name === 'e')?.base).toMatchObject({ hook: 'egress', devices: ['lo'] });
    expect(tables.find(({ name }) => name === 'dorm')?.chains).toEqual([{ name: 'input', rules: [] }]);
  });

  test.each(['every', 'ufw', 'mixed'])('of the tables that iptables keeps in nf_tables is understood: %s', (name) => {
    const { tables, unread } = parseNftText(dumped(`${name}.nft-text`));
    const rules = tables.flatMap((table) => table.chains.flatMap((chain) => chain.rules.map(shownRule)));
    expect(unread).toBeUndefined();
    expect(rules.filter((rule) => rule.includes('?unparsed'))).toEqual([]);
  });
});

describe('a rule in the text form', () => {
  test.each([
    ['tcp dport 22 accept # handle 5', ['tcp, dport 22, accept']],
    [
      'tcp dport { 22, 2200-2210 } ip saddr != @s drop',
      ['tcp, dport 22, 2200-2210, ipv4, not source 10.0.0.1/32, 10.0.0.2/31, drop'],
    ],
    ['ip saddr @s drop comment "} drop { # handle 9"', ['ipv4, source 10.0.0.1/32, 10.0.0.2/31, drop']],
    ['tcp flags & (fin | syn | rst | ack) == syn accept', ['tcp, flags 2/23, accept']],
    ['ct state & (established | related) != 0 accept', ['state established|related, accept']],
    ['log prefix "drop " level info drop', ['drop']],
    [
      'limit rate over 10/second burst 20 packets drop',
      ['?stateful <limit rate over 10/second burst 20 packets>, drop'],
    ],
    ['queue flags bypass,fanout to 0-3', ['?opaque <queue flags bypass,fanout to 0-3>']],
    ['flow add @ft', ['continue']],
    ['dup to 10.0.0.1 device "eth0"', ['continue']],
    [
      'meta mark set ct mark accept',
      ['state new|established|related, packet mark becomes 0 ffffffff 0', 'state new|established|related, accept'],
    ],
    [
      'meta mark 0x00000001 meta mark set meta mark & 0xffff00ff | 0x00000100 tcp dport 22 accept',
      [
        'packet mark 1-1/ffffffff, packet mark becomes ffff00ff 0 100',
        'packet mark 1-1/ffffffff, tcp, dport 22, accept',
      ],
    ],
    ['meta mark & 0x000000ff != 0x00000001 drop', ['not packet mark 1-1/ff, drop']],
    ['ct mark 0x00000001-0x0000000f drop', ['state new|established|related, connection mark 1-15/ffffffff, drop']],
    ['meta mark > 0x00000007 drop', ['packet mark 8-4294967295/ffffffff, drop']],
    ['ip saddr < 0.0.0.2 drop', ['ipv4, source 0.0.0.0/31, drop']],
    [
      'ip6 daddr >= ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe drop',
      ['ipv6, destination ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127, drop'],
    ],
    ['ip daddr set 10.0.0.1 accept', ['?opaque <ip daddr set 10.0.0.1>', 'accept']],
    ['xt match "set" drop', ['?opaque <xt match set>, drop']],
    ['reject with icmp type host-prohibited', ['ipv4, reject host-prohibited']],
    ['dnat ip to 10.0.0.5:22', ['ipv4, dnat 10.0.0.5:22']],
    ['redirect to :2222-2230 random', ['?opaque <redirect port :2222-2230>']],
    // What nobody knows is the rest of its rule, and of no other.
    ['tcp dport 22 teleport to mars accept', ['tcp, dport 22, ?unparsed <teleport to mars accept>']],
    ['accept if it rains', ['accept']],
    ['tcp dport', ['?unparsed <tcp dport>']],
    ['tcp dport {', ['?unparsed']],
    ['"accept"', ['?unparsed <"accept">']],
  ])('%s', (line, is) => {
    const [first, second] = read(line, 'tcp dport 23 drop');
    if (is[0] === '?unparsed') expect(parseNftText(chainOf([line])).unread).toEqual(expect.any(String));
    else expect([first, second].slice(0, is.length)).toEqual(is);
  });

  test('leaves the rules after it as they are', () => {
    expect(read('a b c { d } e', 'tcp dport 23 drop').at(-1)).toBe('tcp, dport 23, drop');
  });

  test('has its handle, its text, its comment and its count', () => {
    const dump = parseNftText(
      chainOf(['tcp dport 22 counter packets 7 bytes 420 accept comment "of { 22 }" # handle 5']),
    );
    expect(rulesOf(dump.tables, 't', 'c')).toMatchObject([
      {
        id: '5',
        packets: 7,
        comment: 'of { 22 }',
        text: 'tcp dport 22 counter packets 7 bytes 420 accept comment "of { 22 }"',
      },
    ]);
  });
});

describe('a text that is not what nft prints', () => {
  test.each([
    ['a message', 'Operation not permitted (you must be root)\n'],
    ['a block that is not closed', chainOf(['tcp dport 22 accept']).slice(0, -8)],
    ['a table of a family that nobody knows', 'table odd t {\n}\n'],
    ['a block that nobody knows', 'table inet t {\n\tportal x {\n\t\taccept\n\t}\n}\n'],
    [
      'a priority that nobody knows',
      'table inet t {\n\tchain c {\n\t\ttype filter hook input priority odd; policy drop;\n\t}\n}\n',
    ],
  ])('%s', (_, text) => expect(parseNftText(text).unread).toEqual(expect.any(String)));

  test('nothing is no table', () => expect(parseNftText('')).toEqual({ tables: [] }));

  test.each([
    ['braces', '{'.repeat(200_000)],
    ['quotes', '"'.repeat(400_000)],
    ['lines with a quote', 'a "b\n'.repeat(50_000)],
    ['brackets', '('.repeat(200_000)],
    ['bits', `tcp flags ${'syn | '.repeat(50_000)}`],
    ['redirects', 'redirect to :tcp dport map { 22 : 23 } '.repeat(10_000)],
    ['dots', `ip saddr ${'. ip saddr '.repeat(50_000)}`],
    ['signs', `# ${'#'.repeat(400_000)}`],
  ])('many %s take no more than their time', (_, line) => {
    const spent = cost(() => {
      expect(parseNftText(chainOf([line]))).toBeDefined();
    });
    expect(spent).toBeLessThan(2_500);
  });
});

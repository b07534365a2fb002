import { describe, expect, test } from '@jest/globals';
import { parseNftJson } from '../../../../providers/host/netfilter/nft-json.js';
import type { FilterTable } from '../../../../providers/host/netfilter/ruleset.js';
import { cost, dumped, rulesOf, shownChain, shownRule } from './shown.js';

const match = (left: unknown, right: unknown, op = '==') => ({ match: { op, left, right } });
const payload = (protocol: string, field: string) => ({ payload: { protocol, field } });
const meta = (key: string) => ({ meta: { key } });
const ct = (key: string) => ({ ct: { key } });
const drop = { drop: null };

function text(objects: readonly unknown[], family = 'inet'): string {
  return JSON.stringify({
    nftables: [
      { metainfo: { json_schema_version: 1 } },
      { table: { family, name: 't', handle: 1 } },
      { chain: { family, table: 't', name: 'c', handle: 1, type: 'filter', hook: 'input', prio: 0, policy: 'drop' } },
      ...objects,
    ],
  });
}

/** One rule of a table that sees both families, or of one. */
function read(expr: readonly unknown[], family = 'inet', objects: readonly unknown[] = []): readonly string[] {
  const rule = { rule: { family, table: 't', chain: 'c', handle: 7, expr } };
  return shownChain(parseNftJson(text([...objects, rule], family)).tables, 't', 'c');
}

type Row = readonly [what: string, expr: readonly unknown[], is: readonly string[]];

/** Rules that the nft at hand did not load, or prints otherwise than others do. */
const rows: readonly Row[] = [
  [
    'a number for lo, and one for nobody knows which',
    [match(meta('iif'), 1), match(meta('oif'), 7), drop],
    ['in lo, ?opaque <oif 7>, drop'],
  ],
  ['names of ports', [match(payload('tcp', 'dport'), 'ssh'), drop], ['tcp, dport 22, drop']],
  [
    'a name of a port that nobody knows',
    [match(payload('tcp', 'dport'), 'odd'), drop],
    ['tcp, ?unparsed <tcp dport odd>, drop'],
  ],
  ['no port at all', [match(payload('tcp', 'dport'), 0, '<'), drop], ['tcp, dport nothing, drop']],
  ['protocols by number', [match(meta('l4proto'), { set: [6, 17] }), drop], ['tcp|udp, drop']],
  ['ICMP of one family', [match(meta('l4proto'), 'icmp'), drop], ['(ipv4 & icmp), drop']],
  ['anything but ICMP of one family', [match(meta('l4proto'), 'ipv6-icmp', '!='), drop], ['not (ipv6 & icmp), drop']],
  [
    'a state by its bits',
    [match({ '&': [ct('state'), ['established', 'related']] }, 0, '!='), drop],
    ['state established|related, drop'],
  ],
  ['a state that nobody knows', [match(ct('state'), 'newer', 'in'), drop], ['?unparsed <ct state newer>, drop']],
  [
    'a status that is exact',
    [match(ct('status'), 'dnat'), drop],
    ['state new|established|related, ?opaque <ct status dnat>, drop'],
  ],
  [
    'flags of which none is set',
    [match({ '&': [payload('tcp', 'flags'), ['syn', 'ack']] }, 0), drop],
    ['tcp, flags 0/18, drop'],
  ],
  [
    'an operator that nobody knows',
    [match(payload('tcp', 'dport'), 22, '~'), drop],
    ['tcp, ?unparsed <tcp dport ~ 22>, drop'],
  ],
  [
    'a set that is not in the dump',
    [match(payload('ip', 'saddr'), '@gone'), drop],
    ['ipv4, ?opaque <ip saddr @gone>, drop'],
  ],
  [
    'an address that is none',
    [match(payload('ip', 'saddr'), '10.0.0'), drop],
    ['ipv4, ?unparsed <ip saddr 10.0.0>, drop'],
  ],
  [
    'an address of the other family',
    [match(payload('ip', 'saddr'), '::1'), drop],
    ['ipv4, ?unparsed <ip saddr ::1>, drop'],
  ],
  [
    'a mask with holes',
    [match({ '&': [payload('ip', 'saddr'), '255.255.254.255'] }, '10.0.0.1'), drop],
    ['ipv4, source 10.0.0.1/32, 10.0.1.1/32, drop'],
  ],
  ['a queue', [{ queue: { num: 3, flags: 'bypass' } }], ['?opaque <queue num 3 flags bypass>']],
  ['a flowtable', [{ flow: { op: 'add', flowtable: '@ft' } }], ['continue']],
  [
    'an extension of iptables that matches',
    [{ xt: { type: 'match', name: 'set' } }, drop],
    ['?opaque <xt match set>, drop'],
  ],
  ['an extension of iptables that acts', [{ xt: { type: 'target', name: 'REJECT' } }], ['?opaque <xt target REJECT>']],
  [
    'a comment and a log of iptables',
    [{ xt: { type: 'match', name: 'comment' } }, { xt: { type: 'target', name: 'LOG' } }],
    ['continue'],
  ],
  ['a target of which the values decide', [{ xt: { type: 'target', name: 'CT' } }], ['?opaque <xt target CT>']],
  ['an extension without a name', [{ xt: null }, drop], ['?opaque <xt>']],
  [
    'a statement that nobody knows',
    [match(meta('l4proto'), 'tcp'), { teleport: { to: 'mars' } }, drop],
    ['tcp, ?unparsed <teleport to mars>'],
  ],
  ['a statement that is none', [7, drop], ['?unparsed <7>']],
  [
    'a refusal that nobody knows',
    [{ reject: { type: 'icmp', expr: 'odd' } }],
    ['ipv4, ?unparsed <reject with icmp odd>'],
  ],
  ['a refusal by number', [{ reject: { type: 'icmp', expr: 13 } }], ['ipv4, reject admin-prohibited']],
  ['a refusal by default', [{ reject: null }], ['reject port-unreachable']],
  ['a removal from a set', [{ set: { op: 'delete', elem: payload('ip', 'saddr'), set: '@s' } }, drop], ['drop']],
  [
    'a range of ports',
    [{ dnat: { family: 'ip', addr: '10.0.0.5', port: { range: [22, 30] } } }],
    ['ipv4, ?opaque <dnat family ip addr 10.0.0.5 port 22-30>'],
  ],
  [
    'a rewritten address',
    [{ mangle: { key: payload('ip', 'daddr'), value: '10.0.0.1' } }, drop],
    ['?opaque <ip daddr set 10.0.0.1>', 'drop'],
  ],
  [
    'what goes on after a map, for those that it lets go on',
    [
      {
        vmap: {
          key: payload('tcp', 'dport'),
          data: {
            set: [
              [22, { continue: null }],
              [23, { accept: null }],
            ],
          },
        },
      },
      drop,
    ],
    ['tcp, dport 23, accept', '(tcp & dport 22), drop'],
  ],
  [
    'a map with a verdict that nobody knows',
    [{ vmap: { key: payload('tcp', 'dport'), data: { set: [[22, { odd: null }]] } } }],
    ['tcp, dport 22, ?unparsed <tcp dport vmap { 22 : odd }>'],
  ],
  [
    'a map that is not in the dump',
    [{ vmap: { key: payload('tcp', 'dport'), data: '@gone' } }],
    ['?opaque <tcp dport vmap @gone>'],
  ],
];

describe('a rule of nft', () => {
  test.each(rows)('with %s', (_, expr, is) => expect(read(expr)).toEqual(is));

  test('of a table of one family does not ask for it again', () => {
    expect(
      read([match(payload('ip', 'saddr'), '10.0.0.1'), { reject: { type: 'icmp', expr: 'net-prohibited' } }], 'ip'),
    ).toEqual(['source 10.0.0.1/32, reject net-prohibited']);
  });

  test('that looks into a set that rules fill is not known', () => {
    const set = {
      set: { family: 'inet', table: 't', name: 's', type: 'ipv4_addr', flags: ['timeout'], elem: ['10.0.0.1'] },
    };
    const fill = { set: { op: 'add', elem: payload('ip', 'saddr'), set: '@s' } };
    const filling = { rule: { family: 'inet', table: 't', chain: 'c', handle: 8, expr: [fill] } };
    const asks = [match(payload('ip', 'saddr'), '@s'), drop];
    expect(read(asks, 'inet', [set])).toEqual(['ipv4, source 10.0.0.1/32, drop']);
    expect(read(asks, 'inet', [set, filling])).toContain('ipv4, ?stateful <ip saddr @s>, drop');
  });

  test('that looks into a dynamic set is not known', () => {
    const set = { set: { family: 'inet', table: 't', name: 's', type: 'ipv4_addr', flags: ['dynamic'], elem: [] } };
    expect(read([match(payload('ip', 'saddr'), '@s'), drop], 'inet', [set])).toEqual([
      'ipv4, ?stateful <ip saddr @s>, drop',
    ]);
  });
});

/** The rules of a chain by their handles. */
function byHandle(
  tables: readonly FilterTable[],
  table: string,
  chain: string,
): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {};
  for (const rule of rulesOf(tables, table, chain)) found[rule.id] = [...(found[rule.id] ?? []), shownRule(rule)];
  return found;
}

describe('a dump that nft printed', () => {
  const { tables, unread } = parseNftJson(dumped('statements.nft-json'));

  test('is read as the kernel decides', () => {
    expect(unread).toBeUndefined();
    expect(byHandle(tables, 'filter', 'input')).toMatchObject({
      15: ['in lo, accept'],
      16: ['in eth*, not in eth1, continue'],
      18: ['(in eth0 | in wg*), accept'],
      20: ['state established|related, accept'],
      23: ['not state invalid, continue'],
      25: ['state invalid, drop', 'state established, accept'],
      26: ['state new|established|related, destination translated, accept'],
      27: ['state new|established|related, (state established|related & ?opaque <ct direction>), accept'],
      28: ['ipv4, tcp, (source 10.22.1.0/24 & dport 22 | source 10.22.2.5/32 & dport 2200-2210), accept'],
      29: ['ipv4, source 10.9.0.0/16, 10.10.0.1/32, 10.10.0.2/31, 10.10.0.4/30, 10.10.0.8/31, drop'],
      30: ['ipv4, not source 10.9.0.0/16, 10.10.0.1/32, 10.10.0.2/31, 10.10.0.4/30, 10.10.0.8/31, continue'],
      31: ['ipv6, source fd22::1/128, fd22::2/128, ipv6, reject port-unreachable'],
      35: ['tcp, not dport 22, continue'],
      36: ['tcp, dport 0-1023, continue'],
      39: ['tcp, dport 25, drop', 'tcp, dport 443, jump web', 'tcp, dport 8080, accept'],
      45: ['not tcp, continue'],
      48: ['ipv6, icmp, accept'],
      51: ['ipv6, icmp, icmp-type 133|134|135, accept'],
      52: ['tcp, not flags 0/2, continue'],
      53: ['tcp, flags 2/255, continue'],
      54: ['tcp, flags 2/23, continue'],
      55: ['tcp, not flags 3/3, continue'],
      60: ['tcp, flags 0/1, continue'],
      62: ['packet mark 1-1/ffffffff, accept'],
      66: ['(not tcp & ?opaque <meta pkttype>), continue'],
      68: ['not destination local, drop'],
      71: ['not reverse-path, drop'],
      75: ['dport 22, continue'],
      77: ['?stateful <meta hour 08:00-18:00>, accept'],
      78: ['tcp, dport 22, ?stateful <update @meter4 { ip saddr }>, drop'],
      80: ['tcp, dport 22, ?stateful <ct count val 3 inv true>, tcp, reject tcp-reset'],
      86: ['reject port-unreachable'],
      88: ['ipv4, reject host-prohibited'],
      91: ['ipv4, reject net-unreachable', 'ipv6, reject no-route'],
      92: ['ipv4, reject host-unreachable', 'ipv6, reject address-unreachable'],
      96: ['tcp, dport 22, synproxy'],
      98: ['goto web'],
      100: ['?opaque <tcp dport set 22>'],
      111: ['tcp, dport 22, notrack', 'tcp, dport 22, accept'],
    });
    expect(byHandle(tables, 'filter', 'pre')).toMatchObject({
      112: ['tcp, dport 22, redirect 2222'],
      114: ['tcp, dport 23, ?opaque <redirect port 2000-2010>'],
      115: ['tcp, dport 24, ipv4, dnat 10.22.9.9:22'],
      117: ['tcp, dport 26, ipv6, dnat fd22::9:22'],
      121: ['tcp, tcp, dport 22, redirect 2222', 'tcp, tcp, dport 80, redirect 8080'],
      125: ['ipv4, tcp, dport 22, dnat 10.1.1.1:2022', 'ipv4, tcp, dport 80, dnat 10.1.1.2:8080'],
    });
    expect(shownChain(tables, 'filter', 'post')).toEqual(['accept', 'ipv4, source 10.0.0.0/8, accept']);
    expect(shownChain(tables, 't6', 'input')).toEqual([
      'reject no-route',
      'reject port-unreachable',
      'source ::1/128, accept',
    ]);
  });

  test('names its rules, their comments and their counts', () => {
    const [rule] = rulesOf(tables, 'filter', 'input').filter(({ id }) => id === '16');
    expect(rule).toMatchObject({
      comment: 'wild',
      packets: 0,
      text: 'iifname eth* iifname != eth1 counter packets 0 bytes 0 comment "wild"',
    });
  });

  test('has its chains where they are hooked in', () => {
    expect(
      tables.flatMap(({ family, chains }) => chains.flatMap(({ base }) => (base ? [{ family, ...base }] : []))),
    ).toEqual([
      { family: 'inet', hook: 'input', type: 'filter', priority: 0, policy: 'drop' },
      { family: 'inet', hook: 'prerouting', type: 'nat', priority: -100, policy: 'accept' },
      { family: 'inet', hook: 'postrouting', type: 'nat', priority: 100, policy: 'accept' },
      { family: 'inet', hook: 'prerouting', type: 'filter', priority: -300, policy: 'accept' },
      { family: 'netdev', hook: 'ingress', type: 'filter', priority: -500, policy: 'accept' },
      { family: 'ip', hook: 'input', type: 'filter', priority: 10, policy: 'drop' },
      { family: 'ip6', hook: 'input', type: 'filter', priority: -1, policy: 'accept' },
    ]);
  });

  test('that does not tell the devices of a chain leaves it open whether packets meet it', () => {
    expect(shownChain(tables, 'ing', 'i')[0]).toBe(
      '?opaque <chain i: its devices are not told>, ipv4, source 10.0.0.9/32, drop',
    );
  });

  test('that does not tell whether a table is dormant leaves its policy open', () => {
    const objects = parseNftJson(dumped('objects.nft-json'));
    expect(objects.unread).toBeUndefined();
    expect(shownChain(objects.tables, 'dorm', 'input')).toEqual(['?opaque <table with the flag dorm>, drop']);
  });

  test('has maps with an element for all others', () => {
    expect(byHandle(parseNftJson(dumped('objects.nft-json')).tables, 'x', 'input')).toMatchObject({
      36: [
        'ipv4, tcp, (source 10.0.0.0/8 & dport 22), accept',
        'ipv4, tcp, (source 0.0.0.0/0 & dport 23-24), goto other',
      ],
      38: [
        'ipv4, source 10.0.0.1/32, drop',
        'ipv4, source 10.1.0.0/16, accept',
        'ipv4, not (source 10.0.0.1/32 | source 10.1.0.0/16), jump other',
      ],
      43: ['ipv4, (not tcp & ?opaque <ip frag-off>), drop'],
      44: ['never, drop'],
      54: ['state new|established|related, (source translated | destination translated), accept'],
      80: ['not reverse-path loose, drop'],
      83: ['destination local, accept', '(not destination local & ?opaque <fib daddr type>), drop'],
    });
  });
});

describe('the tables of firewalld', () => {
  const { tables, unread } = parseNftJson(dumped('firewalld.nft-json'));

  test('are understood', () => {
    expect(unread).toBeUndefined();
    const rules = tables.flatMap((table) => table.chains.flatMap((chain) => chain.rules.map(shownRule)));
    expect(rules.filter((rule) => rule.includes('?'))).toEqual([]);
  });

  test('say what the zone says', () => {
    expect(shownChain(tables, 'firewalld', 'filter_INPUT')).toEqual([
      'state established|related, accept',
      'state new|established|related, destination translated, accept',
      'in lo, accept',
      'state invalid, drop',
      'jump filter_INPUT_ZONES',
      'reject admin-prohibited',
    ]);
    expect(shownChain(tables, 'firewalld', 'filter_INPUT_ZONES')).toContain(
      'ipv4, source 10.22.7.0/24, goto filter_IN_drop',
    );
    expect(shownChain(tables, 'firewalld', 'filter_IN_public_allow')).toContain('tcp, dport 22, accept');
    expect(shownChain(tables, 'firewalld', 'filter_IN_public_deny')).toEqual([
      'ipv4, source 10.22.1.2/32, ipv4, reject port-unreachable',
    ]);
  });

  test('drop all in panic mode', () => {
    const { tables: panic } = parseNftJson(dumped('firewalld-panic.nft-json'));
    expect(panic.find(({ name }) => name === 'firewalld_policy_drop')?.chains).toEqual([
      {
        name: 'raw_prerouting',
        base: { hook: 'prerouting', type: 'filter', priority: -291, policy: 'drop' },
        rules: [],
      },
      { name: 'raw_output', base: { hook: 'output', type: 'filter', priority: -291, policy: 'drop' }, rules: [] },
    ]);
  });
});

test('the table of fail2ban bans whom it holds', () => {
  const { tables } = parseNftJson(dumped('fail2ban-nftables.nft-json'));
  expect(shownChain(tables, 'f2b-table', 'f2b-chain')).toEqual([
    'tcp, dport 22, ipv4, source 10.22.1.2/32, ipv4, reject port-unreachable',
    'tcp, dport 22, ipv6, source fd22:1::2/128, ipv6, reject port-unreachable',
  ]);
});

describe('a dump that is not what nft prints', () => {
  const rule = { rule: { family: 'inet', table: 't', chain: 'c', handle: 7, expr: [drop] } };
  test.each([
    ['empty', ''],
    ['a message', 'Operation not permitted (you must be root)'],
    ['cut', text([rule]).slice(0, -20)],
    ['other JSON', '{"nftables":7}'],
    ['deeper than any rule', `{"nftables":[${'['.repeat(1_000_000)}`],
    ['deep and whole', `{"nftables":[{"rule":${'['.repeat(5_000)}${']'.repeat(5_000)}}]}`],
    ['with an object of a kind that nobody knows', text([{ portal: { family: 'inet', table: 't', name: 'x' } }])],
    ['with a rule of a chain that it does not have', text([{ rule: { ...rule.rule, chain: 'gone' } }])],
    ['with a rule without a body', text([{ rule: null }])],
    [
      'with a hook that nobody knows',
      text([{ chain: { family: 'inet', table: 't', name: 'd', type: 'filter', hook: 'warp', prio: 0 } }]),
    ],
  ])('%s', (_, written) => expect(parseNftJson(written).unread).toEqual(expect.any(String)));

  test('a set of a hundred thousand elements is read in a fraction of a second', () => {
    const elem = Array.from({ length: 100_000 }, (_, i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
    const set = { set: { family: 'inet', table: 't', name: 's', type: 'ipv4_addr', elem } };
    const ask = { rule: { family: 'inet', table: 't', chain: 'c', expr: [match(payload('ip', 'saddr'), '@s'), drop] } };
    const written = text([set, ...Array.from({ length: 100 }, () => ask)]);
    const spent = cost(() => {
      expect(shownChain(parseNftJson(written).tables, 't', 'c')[99]).toContain('10.0.0.0/16');
    });
    expect(spent).toBeLessThan(2_500);
  });
});

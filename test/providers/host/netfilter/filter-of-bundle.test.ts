import { describe, expect, test } from '@jest/globals';
import type { Bundle, BundleRecord } from '../../../../providers/host/bundle.js';
import { filterOf } from '../../../../providers/host/netfilter/filter-of-bundle.js';
import { dumped, rulesOf, shownChain } from './shown.js';

type Left = string | Partial<BundleRecord>;

/** What each command left: what it printed, or how it ended. Files that no kernel module makes are absent. */
function bundle(records: Readonly<Record<string, Left>>): Bundle {
  const none: Readonly<Record<string, Left>> = {
    'file /proc/net/ip_tables_names': absent,
    'file /proc/net/ip6_tables_names': absent,
    'iptables-save': '',
    'ip6tables-save': '',
    'nft-json': '{"nftables": []}',
    ipset: absent,
  };
  return {
    whole: true,
    records: new Map(
      Object.entries({ ...none, ...records }).map(([key, left]) => [
        key,
        {
          key,
          command: key,
          outcome: 'ran',
          status: 0,
          stdout: typeof left === 'string' ? left : '',
          stderr: '',
          ...(typeof left === 'string' ? {} : left),
        },
      ]),
    ),
  };
}

const absent: Left = { outcome: 'absent' };
const names = (filter: ReturnType<typeof filterOf>) =>
  filter.tables.map(({ by, family, name }) => `${by} ${family} ${name}`);

describe('the packet filters of a machine', () => {
  test('are none where there are none', () => {
    expect(filterOf(bundle({}))).toEqual({ tables: [], doubts: [] });
  });

  test('are none where no tool is installed and no module is loaded', () => {
    const tools = { 'iptables-save': absent, 'ip6tables-save': absent, 'nft-json': absent, 'nft-text': absent };
    expect(filterOf(bundle(tools))).toEqual({ tables: [], doubts: [] });
  });

  test('count once what nft and iptables-save both show', () => {
    const filter = filterOf(
      bundle({
        'nft-json': dumped('every.nft-json'),
        'iptables-save': dumped('every.iptables-save'),
        'ip6tables-save': dumped('every.ip6tables-save'),
        ipset: dumped('every.ipset'),
      }),
    );
    expect(filter.doubts).toEqual([]);
    expect(names(filter).toSorted()).toEqual([
      'iptables ip filter',
      'iptables ip mangle',
      'iptables ip nat',
      'iptables ip raw',
      'iptables ip security',
      'iptables ip6 filter',
      'iptables ip6 nat',
    ]);
    const shown = filter.tables.flatMap(({ chains }) => chains.flatMap(({ rules }) => rules.map(({ text }) => text)));
    expect(shown.filter((text) => text.includes('xt '))).toEqual([]);
  });

  test.each(['nft-json', 'nft-text'])('take each rule of a mixed table from the dump that has it whole: %s', (form) => {
    const filter = filterOf(
      bundle({
        'nft-json':
          form === 'nft-json' ? dumped('mixed.nft-json') : { status: 1, stderr: 'JSON support not compiled-in' },
        ...(form === 'nft-text' && { 'nft-text': dumped('mixed.nft-text') }),
        'iptables-save': dumped('mixed.iptables-save'),
      }),
    );
    expect(filter.doubts).toEqual([]);
    expect(shownChain(filter.tables, 'filter', 'INPUT')).toEqual([
      'in lo, accept',
      '(state new | destination translated), accept',
      'source 10.0.0.1/32, drop',
      'tcp, dport 22-23, drop',
      'tcp, dport 22, 2222, accept',
      '(in lo | in eth0), drop',
      'tcp, dport 22, accept',
      'tcp, dport 22, drop',
      'tcp, dport 23, accept',
      'reject host-prohibited',
    ]);
    expect(rulesOf(filter.tables, 'filter', 'INPUT').map(({ id }) => id)).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
      '8',
      '9',
    ]);
    expect(rulesOf(filter.tables, 'filter', 'INPUT')[6]).toMatchObject({
      text: '-A INPUT -p tcp -m tcp --dport 22 -m comment --comment office -j ACCEPT',
      comment: 'office',
    });
  });

  test('keep the chain of nft where iptables-save has another number of rules', () => {
    const filter = filterOf(
      bundle({
        'nft-json': dumped('mixed.nft-json'),
        'iptables-save': dumped('mixed.iptables-save').replace('[0:0] -A INPUT -i lo -j ACCEPT\n', ''),
      }),
    );
    expect(shownChain(filter.tables, 'filter', 'INPUT')[1]).toBe('?opaque <xt match conntrack>, accept');
  });

  test('hold the tables of ufw, understood', () => {
    const filter = filterOf(
      bundle({
        'nft-json': dumped('ufw.nft-json'),
        'iptables-save': dumped('ufw.iptables-save'),
        'ip6tables-save': dumped('ufw.ip6tables-save'),
      }),
    );
    expect(filter.doubts).toEqual([]);
    expect(names(filter).toSorted()).toEqual(['iptables ip filter', 'iptables ip6 filter']);
    expect(shownChain(filter.tables, 'filter', 'ufw-user-input')).toEqual([
      'source 10.22.9.0/24, tcp, dport 22, accept',
      'tcp, dport 22, state new, not never, continue',
      expect.stringMatching(/^tcp, dport 22, state new, \?stateful <-m recent --update .*>, jump ufw-user-limit$/),
      'tcp, dport 22, jump ufw-user-limit-accept',
      'source 10.22.1.2/32, drop',
      'tcp, dport 23, reject tcp-reset',
      'in eth9, tcp, dport 2222, accept',
    ]);
    expect(shownChain(filter.tables, 'filter', 'ufw-not-local').slice(0, 2)).toEqual([
      'destination local, return',
      'destination 224.0.0.0/4, ff00::/8, return',
    ]);
    const six = filter.tables.filter(({ family }) => family === 'ip6');
    expect(shownChain(six, 'filter', 'ufw6-before-input').slice(0, 3)).toEqual([
      'in lo, accept',
      'never, drop',
      'state related|established, accept',
    ]);
  });

  test.each([
    ['iptables', 'source 10.22.1.2/32, reject port-unreachable', 'f2b-sshd'],
    ['ipset', 'tcp, dport 22, source 10.22.1.2/32, reject port-unreachable', 'INPUT'],
  ])('hold the bans of fail2ban: %s', (action, ban, chain) => {
    const filter = filterOf(
      bundle({
        'nft-json': dumped(`fail2ban-${action}.nft-json`),
        'iptables-save': dumped(`fail2ban-${action}.iptables-save`),
        'ip6tables-save': dumped(`fail2ban-${action}.ip6tables-save`),
        ...(action === 'ipset' && { ipset: dumped('fail2ban-ipset.ipset') }),
      }),
    );
    expect(filter.doubts).toEqual([]);
    expect(shownChain(filter.tables, 'filter', chain)).toContain(ban);
  });

  test('hold what the legacy backend has beside nft', () => {
    const filter = filterOf(
      bundle({
        'file /proc/net/ip_tables_names': 'filter\nsecurity\nnat\nmangle\nraw\n',
        'iptables-legacy-save': dumped('legacy.iptables-save'),
        'nft-json': dumped('fail2ban-nftables.nft-json'),
      }),
    );
    expect(filter.doubts).toEqual([]);
    expect(names(filter)).toEqual(expect.arrayContaining(['nft inet f2b-table', 'iptables-legacy ip filter']));
  });

  test('hold the legacy tables once where iptables-save itself is the legacy one', () => {
    const legacy = dumped('legacy.iptables-save');
    const filter = filterOf(
      bundle({
        'file /proc/net/ip_tables_names': 'filter\nsecurity\nnat\nmangle\nraw\n',
        'iptables-save': legacy,
        'iptables-legacy-save': legacy,
        'nft-json': dumped('mixed.nft-json'),
      }),
    );
    expect(filter.doubts).toEqual([]);
    expect(names(filter).filter((name) => name.endsWith(' ip filter'))).toEqual([
      'nft ip filter',
      'iptables-legacy ip filter',
    ]);
  });

  test('take a set that rules of another dump fill as one of which nothing is known', () => {
    const rule = (of: string) => ['*filter', ':INPUT ACCEPT [0:0]', `-A INPUT ${of}`, 'COMMIT', ''].join('\n');
    const filter = filterOf(
      bundle({
        'iptables-save': rule('-m set --match-set s src -j DROP'),
        'ip6tables-save': rule('-j SET --add-set s src'),
        ipset: 'create s hash:ip family inet\nadd s 10.0.0.1\n',
      }),
    );
    expect(shownChain(filter.tables, 'filter', 'INPUT')).toEqual(['?stateful <set s, which rules change>, drop']);
  });
});

const refused = 'Could not fetch rule set generation id: Permission denied (you must be root)';
const nftRefused: Left = { status: 1, stderr: 'Operation not permitted (you must be root)' };

describe('what a bundle does not hold is a doubt, never nothing', () => {
  type Row = readonly [what: string, records: Readonly<Record<string, Left>>, doubts: readonly string[]];
  const rows: readonly Row[] = [
    ['nft without root', { 'nft-json': nftRefused, 'nft-text': nftRefused }, ['not-permitted both']],
    [
      'everything without root',
      {
        'nft-json': nftRefused,
        'nft-text': nftRefused,
        'iptables-save': { status: 4, stderr: `iptables-save v1.8.9 (nf_tables): ${refused}` },
        'ip6tables-save': { status: 4, stderr: `ip6tables-save v1.8.9 (nf_tables): ${refused}` },
        'file /proc/net/ip_tables_names': { outcome: 'denied' },
        'file /proc/net/ip6_tables_names': { outcome: 'denied' },
      },
      ['not-permitted both', 'not-permitted 4', 'not-permitted 4', 'not-permitted 6', 'not-permitted 6'],
    ],
    ['nft that was cut', { 'nft-json': { outcome: 'cut', stdout: '{"nftables": [' } }, ['not-collected both']],
    [
      'nft that took too long',
      { 'nft-json': { outcome: 'timed-out' }, 'nft-text': { outcome: 'timed-out' } },
      ['not-collected both'],
    ],
    ['JSON that is not whole', { 'nft-json': '{"nftables": [' }, ['not-modelled both']],
    ['JSON that is empty', { 'nft-json': '' }, ['not-modelled both']],
    ['a text that is not whole', { 'nft-json': { status: 1 }, 'nft-text': 'table inet t {\n' }, ['not-modelled both']],
    [
      'iptables-save that was cut, and no nft',
      { 'nft-json': absent, 'iptables-save': { outcome: 'cut' } },
      ['not-collected 4'],
    ],
    ['iptables-save that is not whole', { 'iptables-save': '*filter\n:INPUT DROP [0:0]\n' }, ['not-modelled 4']],
    [
      'legacy tables without a dump',
      { 'file /proc/net/ip_tables_names': 'filter\n', 'iptables-legacy-save': absent },
      ['not-collected 4'],
    ],
    ['legacy tables of which no dump was made', { 'file /proc/net/ip6_tables_names': 'filter\n' }, ['not-collected 6']],
    [
      'a legacy dump without one of the tables',
      { 'file /proc/net/ip_tables_names': 'filter\n', 'iptables-legacy-save': '' },
      ['not-collected 4'],
    ],
    [
      'the names of legacy tables, refused',
      { 'file /proc/net/ip_tables_names': { outcome: 'denied' } },
      ['not-permitted 4'],
    ],
    [
      'tables that only nft could print',
      { 'nft-json': absent, 'iptables-save': "# Table `filter' is incompatible, use 'nft' tool.\n" },
      ['not-collected 4'],
    ],
    [
      'a table of iptables as only the text of nft has it',
      { 'nft-json': absent, 'nft-text': dumped('mixed.nft-text'), 'iptables-save': absent },
      ['not-collected 4'],
    ],
  ];
  test.each(rows)('%s', (_, records, doubts) => {
    expect(filterOf(bundle(records)).doubts.map(({ kind, family }) => `${kind} ${family ?? 'both'}`)).toEqual(doubts);
  });

  test('a bundle without any of them', () => {
    const { tables, doubts } = filterOf({ whole: false, records: new Map() });
    expect(tables).toEqual([]);
    expect(doubts.map(({ kind }) => kind)).toEqual(Array.from({ length: 5 }, () => 'not-collected'));
  });
});

describe('what another source holds is no doubt', () => {
  test('iptables-save that failed where nft shows its tables', () => {
    const filter = filterOf(
      bundle({
        'nft-json': dumped('mixed.nft-json'),
        'iptables-save': { status: 1, stderr: 'iptables-save v1.8.9 (nf_tables): Parsing nftables rule failed' },
      }),
    );
    expect(filter.doubts).toEqual([]);
    expect(shownChain(filter.tables, 'filter', 'INPUT')[1]).toBe('?opaque <xt match conntrack>, accept');
  });

  test('JSON that is not compiled in where the text is there', () => {
    const filter = filterOf(
      bundle({
        'nft-json': { status: 1, stderr: 'Error: JSON support not compiled-in' },
        'nft-text': dumped('firewalld.nft-text'),
      }),
    );
    expect(filter.doubts).toEqual([]);
    expect(names(filter)).toEqual(['nft inet firewalld']);
  });
});

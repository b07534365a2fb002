import { describe, expect, test } from '@jest/globals';
import { daemonSigns } from '../../../providers/host/daemon-signs.js';
import { networkSigns } from '../../../providers/host/network.js';
import { ownAddresses } from '../../../providers/host/own-addresses.js';
import { returnRoute, returnRoutes } from '../../../providers/host/return-routes.js';
import { type Address, parseAddress } from '../../../src/set/index.js';
import { givenBundle } from '../../support/host/given-bundle.js';

function address(text: string): Address {
  const parsed = parseAddress(text);
  if (!parsed) throw new Error(text);
  return parsed;
}

type Records = Parameters<typeof givenBundle>[0];
const near = address('10.22.2.2');
const client = address('203.0.113.7');
const usual =
  '[{"priority":0,"src":"all","table":"local"},{"priority":32766,"src":"all","table":"main"},{"priority":32767,"src":"all","table":"default"}]';
const rules = (...more: readonly object[]) => JSON.stringify([...JSON.parse(usual), ...more]);
const link = { dst: '10.22.2.0/24', dev: 'eth0', protocol: 'kernel', scope: 'link', prefsrc: '10.22.2.2', flags: [] };
const gateway = { dst: 'default', gateway: '10.22.2.1', dev: 'eth0', flags: [] };
const local = { type: 'local', dst: '10.22.2.2', dev: 'eth0', table: 'local', protocol: 'kernel', flags: [] };
const routes = (...all: readonly object[]) => JSON.stringify([local, link, ...all]);

/** `KIND [DEVICE]` of the way back to a client, or why it is not known. */
function way(records: Records, to: string | Address = client, from: Address = near, mark?: number): string {
  const found = returnRoutes(givenBundle(records), { near: from, ...(mark === undefined ? {} : { mark }) });
  if (!('routes' in found)) return `unknown: ${found.unknown}`;
  const route = returnRoute(found.routes, typeof to === 'string' ? address(to) : to);
  return route === 'none' ? 'none' : [route.kind, route.device].filter((part) => part !== undefined).join(' ');
}

describe('the way back by rules and routes', () => {
  const via = (device: string, dst = 'default', more: object = {}) => ({
    dst,
    gateway: '10.9.9.2',
    dev: device,
    flags: [],
    ...more,
  });
  test.each<readonly [string, string, string, string]>([
    ['the default route', usual, routes(gateway), 'unicast eth0'],
    ['no route', usual, routes(), 'none'],
    [
      'the longest prefix',
      usual,
      routes(gateway, { type: 'unreachable', dst: '203.0.113.7', flags: [] }, via('eth1', '203.0.113.0/24')),
      'unreachable',
    ],
    [
      'the lowest metric',
      usual,
      routes(via('eth2', '203.0.113.0/24', { metric: 10 }), via('eth1', '203.0.113.0/24', { metric: 5 })),
      'unicast eth1',
    ],
    ['a blackhole', usual, routes(gateway, { type: 'blackhole', dst: '203.0.113.0/24', flags: [] }), 'blackhole'],
    [
      'a rule for the dialled address',
      rules({ priority: 100, src: '10.22.2.2', table: '100' }),
      routes(gateway, via('eth1', 'default', { table: '100' })),
      'unicast eth1',
    ],
    [
      'a rule for another address',
      rules({ priority: 100, src: '10.22.2.3', table: '100' }),
      routes(gateway, via('eth1', 'default', { table: '100' })),
      'unicast eth0',
    ],
    [
      'a rule for a block',
      rules({ priority: 100, src: '10.22.0.0', srclen: 16, table: '100' }),
      routes(gateway, via('eth1', 'default', { table: '100' })),
      'unicast eth1',
    ],
    [
      'a rule for the client',
      rules({ priority: 100, src: 'all', dst: '203.0.113.0', dstlen: 24, action: 'prohibit' }),
      routes(gateway),
      'prohibit',
    ],
    [
      'a rule for another client',
      rules({ priority: 100, src: 'all', dst: '192.0.2.0', dstlen: 24, action: 'prohibit' }),
      routes(gateway),
      'unicast eth0',
    ],
    [
      'a rule for all but the client',
      rules({ priority: 100, not: null, src: 'all', dst: '203.0.113.0', dstlen: 24, table: '100' }),
      routes(gateway, via('eth1', 'default', { table: '100' })),
      'unicast eth0',
    ],
    [
      'a rule for what comes in at another device',
      rules({ priority: 100, src: 'all', iif: 'eth1', action: 'prohibit' }),
      routes(gateway),
      'unicast eth0',
    ],
    [
      'a rule for the own packets',
      rules({ priority: 100, src: 'all', iif: 'lo', action: 'prohibit' }),
      routes(gateway),
      'prohibit',
    ],
    ['an empty table goes on', rules({ priority: 100, src: 'all', table: '100' }), routes(gateway), 'unicast eth0'],
    [
      'a route that throws goes on',
      rules({ priority: 100, src: 'all', table: '100' }),
      routes(gateway, via('eth1', 'default', { table: '100' }), {
        type: 'throw',
        dst: '203.0.113.0/24',
        table: '100',
        flags: [],
      }),
      'unicast eth0',
    ],
    [
      'one within what throws stays',
      rules({ priority: 100, src: 'all', table: '100' }),
      routes(gateway, via('eth1', '203.0.113.7', { table: '100' }), {
        type: 'throw',
        dst: '203.0.113.0/24',
        table: '100',
        flags: [],
      }),
      'unicast eth1',
    ],
    [
      'a suppressed default goes on',
      rules(
        { priority: 100, src: 'all', table: 'main', suppress_prefixlen: 0 },
        { priority: 101, src: 'all', table: '100' },
      ),
      routes(gateway, via('wg0', 'default', { table: '100' })),
      'unicast wg0',
    ],
    [
      'a suppressed rule keeps what is longer',
      rules(
        { priority: 100, src: 'all', table: 'main', suppress_prefixlen: 0 },
        { priority: 101, src: 'all', table: '100' },
      ),
      routes(gateway, via('eth1', '203.0.113.0/24'), via('wg0', 'default', { table: '100' })),
      'unicast eth1',
    ],
    [
      'several next hops',
      usual,
      routes({
        dst: 'default',
        flags: [],
        nexthops: [
          { gateway: '10.22.2.1', dev: 'eth0', weight: 1, flags: [] },
          { gateway: '10.22.3.1', dev: 'eth1', weight: 1, flags: [] },
        ],
      }),
      'unicast eth0',
    ],
    ['a dead route is none', usual, routes({ ...gateway, flags: ['dead', 'linkdown'] }), 'none'],
    [
      'a route of the other family is none',
      usual,
      routes({ dst: 'default', gateway: 'fe80::1', dev: 'eth0', flags: [], pref: 'medium' }),
      'none',
    ],
    [
      'a default of the other family without a gateway is none',
      usual,
      routes({ type: 'unreachable', dst: 'default', dev: 'lo', metric: 4_294_967_295, flags: [], pref: 'medium' }),
      'none',
    ],
  ])('%s', (_name, ruleset, table, expected) => {
    expect(way({ rules: ruleset, routes: table })).toBe(expected);
  });

  test('the own address is the machine itself', () => {
    expect(way({ rules: usual, routes: routes(gateway) }, near)).toBe('local eth0');
  });

  test.each<readonly [string, Records, string]>([
    [
      'a rule that asks for a mark',
      { rules: rules({ priority: 100, src: 'all', fwmark: '0x1', table: '100' }), routes: routes(gateway) },
      'unknown: rule 100: it asks for the mark 1',
    ],
    [
      'a rule that asks for a user',
      { rules: rules({ priority: 100, src: 'all', uid_start: 0, uid_end: 9, table: '7' }), routes: routes(gateway) },
      'unknown: rule 100: it asks for uid_start, uid_end',
    ],
    [
      'a rule that jumps',
      { rules: rules({ priority: 100, src: 'all', goto: 200, action: 'goto' }), routes: routes(gateway) },
      'unknown: rule 100: it asks for action, goto',
    ],
    [
      'a route for some packets',
      { rules: usual, routes: routes({ ...gateway, tos: '0x10' }) },
      'unknown: a route for some packets only: default via 10.22.2.1 dev eth0',
    ],
    [
      'a route that cannot be read',
      { rules: usual, routes: routes({ dst: 'nonsense', flags: [] }) },
      'unknown: routes: a route that cannot be read',
    ],
    ['no rules', { routes: routes(gateway) }, 'unknown: rules was not collected'],
    ['routes that were cut', { rules: usual, routes: { stdout: '[', outcome: 'cut' } }, 'unknown: routes: cut'],
    [
      'an ip that failed',
      { rules: usual, routes: { status: 1, stderr: 'Object "route" is unknown\n' } },
      'unknown: routes: Object "route" is unknown',
    ],
    ['JSON that is none', { rules: usual, routes: 'default via 10.22.2.1' }, 'unknown: routes: not the JSON of ip'],
  ])('not known: %s', (_name, records, expected) => {
    expect(way(records)).toBe(expected);
  });

  test('a mark that the caller knows decides', () => {
    const records = {
      rules: rules({ priority: 100, src: 'all', fwmark: '0x1', fwmask: '0xff', table: '100' }),
      routes: routes(gateway, via('eth1', 'default', { table: '100' })),
    };
    expect(way(records, client, near, 0)).toBe('unicast eth0');
    expect(way(records, client, near, 0x301)).toBe('unicast eth1');
  });

  test('a rule that is not about this address is not asked for its mark', () => {
    expect(
      way({ rules: rules({ priority: 100, src: '10.9.9.9', fwmark: '0x1', table: '100' }), routes: routes(gateway) }),
    ).toBe('unicast eth0');
  });

  test('IPv6 has its own rules and routes', () => {
    const records = {
      rules6: '[{"priority":0,"src":"all","table":"local"},{"priority":32766,"src":"all","table":"main"}]',
      routes6: JSON.stringify([
        { dst: 'fd22:2::/64', dev: 'eth0', metric: 256, flags: [], pref: 'medium' },
        { type: 'unreachable', dst: '2001:db8::/32', dev: 'lo', metric: 1024, flags: [], pref: 'medium' },
      ]),
    };
    expect(way(records, '2001:db8::7', address('fd22:2::2'))).toBe('unreachable lo');
    expect(way(records, 'fd22:2::9', address('fd22:2::2'))).toBe('unicast eth0');
    expect(way(records, '2001:db9::7', address('fd22:2::2'))).toBe('none');
  });

  test('the text of ip says the same', () => {
    const text = {
      rules: { status: 1, stderr: 'ip: invalid option -- j\n' },
      'rules-text':
        '0:\tfrom all lookup local\n100:\tfrom 10.22.2.2 lookup 100\n101:\tnot from all fwmark 0xca6c lookup 51820\n32766:\tfrom all lookup main\n',
      routes: { status: 1, stderr: 'ip: invalid option -- j\n' },
      'routes-text':
        'default via 10.22.2.1 dev eth0 \ndefault via 10.9.9.2 dev eth1 table 100 \n10.22.2.0/24 dev eth0 proto kernel scope link src 10.22.2.2 \nunreachable 203.0.113.7 table 100 metric 5 \nlocal 10.22.2.2 dev eth0 table local proto kernel scope host src 10.22.2.2 \n',
    };
    expect(way(text)).toBe('unreachable');
    expect(way(text, '192.0.2.1')).toBe('unicast eth1');
    expect(way(text, '192.0.2.1', address('10.22.2.3'))).toBe(`unknown: rule 101: it asks for the mark ${0xca6c}`);
    expect(way({ ...text, 'rules-text': '1000:\tfrom all lookup [l3mdev-table]\n' })).toBe(
      'unknown: rule 1000: it asks for l3mdev',
    );
  });

  test('thousands of routes take time in proportion', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => ({
      dst: `10.${(i >> 8) & 255}.${i & 255}.${(i >> 16) * 4}/30`,
      dev: 'eth0',
      flags: [],
    }));
    const start = process.cpuUsage();
    expect(way({ rules: usual, routes: routes(gateway, ...many) })).toBe('unicast eth0');
    expect(
      way({ rules: usual, routes: routes(gateway, ...many.map((route) => ({ ...route, type: 'throw' }))) }),
    ).toMatch(/^unknown: table main: more than/);
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(4);
  });
});

/** As iproute2 6.1 prints it. */
const addresses = JSON.stringify([
  {
    ifname: 'eth0',
    flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
    addr_info: [
      { family: 'inet', local: '10.22.2.2', prefixlen: 24, scope: 'global' },
      { family: 'inet6', local: 'fe80::1', prefixlen: 64, scope: 'link', tentative: true },
    ],
  },
  {
    ifname: 'eth1',
    flags: ['NO-CARRIER', 'BROADCAST', 'MULTICAST', 'UP'],
    addr_info: [{ family: 'inet', local: '192.168.5.1', prefixlen: 24, scope: 'global' }],
  },
  {},
]);

describe('the addresses of the machine', () => {
  const expected = [
    { address: near, prefixLength: 24, device: 'eth0', scope: 'global', isUp: true, isTentative: false },
    { address: address('fe80::1'), prefixLength: 64, device: 'eth0', scope: 'link', isUp: true, isTentative: true },
    {
      address: address('192.168.5.1'),
      prefixLength: 24,
      device: 'eth1',
      scope: 'global',
      isUp: false,
      isTentative: false,
    },
  ];
  test('in JSON', () => {
    expect(ownAddresses(givenBundle({ addresses }))).toEqual({ value: expected });
  });
  test('in text', () => {
    const text = `2: eth0@p0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP
    link/ether 2e:a6:49:72:f5:ff brd ff:ff:ff:ff:ff:ff
    inet 10.22.2.2/24 brd 10.22.2.255 scope global eth0
       valid_lft forever preferred_lft forever
    inet6 fe80::1/64 scope link tentative
3: eth1: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500
    inet 192.168.5.1/24 scope global eth1
`;
    expect(ownAddresses(givenBundle({ addresses: { outcome: 'absent' }, 'addresses-text': text }))).toEqual({
      value: expected,
    });
  });
  test('not known', () => {
    expect(ownAddresses(givenBundle({ addresses: { outcome: 'absent' } }))).toEqual({ unknown: 'addresses: absent' });
  });
});

describe('what stops answers', () => {
  const signs = (
    records: Records,
    asked: { readonly client?: Address; readonly address?: Address } = { client, address: near },
  ) =>
    networkSigns(givenBundle(records), asked).map(({ says, code, data }) =>
      [says, code, data?.kind ?? data?.device].filter(Boolean).join(' '),
    );
  const get = (error: string) => ({ 'route-get 203.0.113.7': { status: 2, stderr: `RTNETLINK answers: ${error}\n` } });
  test.each<readonly [string, Records, readonly string[]]>([
    ['no route', get('Network is unreachable'), ['suggests host/no-return-route none']],
    [
      'no route, and no rule could know better',
      { ...get('Network is unreachable'), rules: usual },
      ['proves host/no-return-route none'],
    ],
    ['an unreachable route', { ...get('No route to host'), rules: usual }, ['proves host/no-return-route unreachable']],
    ['a prohibit route', { ...get('Permission denied'), rules: usual }, ['proves host/no-return-route prohibit']],
    ['a blackhole', { ...get('Invalid argument'), rules: usual }, ['proves host/no-return-route blackhole']],
    [
      'a rule for a source that the kernel was not told',
      { ...get('No route to host'), rules: rules({ priority: 1, src: '10.22.2.2', table: '9' }) },
      ['suggests host/no-return-route unreachable'],
    ],
    [
      'but the routes say that this address has a way',
      {
        ...get('No route to host'),
        rules: rules({ priority: 1, src: '10.22.2.2', table: '9' }),
        routes: routes({ ...gateway, table: '9' }),
      },
      [],
    ],
    [
      'the routes alone',
      { rules: usual, routes: routes({ type: 'unreachable', dst: '203.0.113.7', flags: [] }) },
      ['proves host/no-return-route unreachable'],
    ],
    [
      'a way',
      {
        'route-get 203.0.113.7': '203.0.113.7 via 10.22.2.1 dev eth0 src 10.22.2.2 uid 0 \n    cache \n',
        rules: usual,
      },
      [],
    ],
    [
      'the route of another client',
      { 'route-get 203.0.113.8': { status: 2, stderr: 'RTNETLINK answers: No route to host\n' }, rules: usual },
      [],
    ],
    [
      'the gateway does not answer',
      { rules: usual, routes: routes(gateway), neighbours: '[{"dst":"10.22.2.1","dev":"eth0","state":["FAILED"]}]' },
      ['suggests host/no-return-route neighbour'],
    ],
    [
      'the gateway answers',
      {
        rules: usual,
        routes: routes(gateway),
        neighbours: '[{"dst":"10.22.2.1","dev":"eth0","lladdr":"0a:0","state":["REACHABLE"]}]',
      },
      [],
    ],
  ])('%s', (_name, records, expected) => {
    expect(signs(records)).toEqual(expected);
  });

  test('the sign is about the client, and quotes where it stands', () => {
    const [sign] = networkSigns(givenBundle({ ...get('No route to host'), rules: usual }), { client });
    expect(sign).toMatchObject({ at: 'route-get 203.0.113.7', line: 'RTNETLINK answers: No route to host' });
    expect(sign?.from?.toString()).toBe('203.0.113.7/32');
  });

  const asymmetric = {
    addresses,
    rules: usual,
    routes: routes(gateway, { dst: '203.0.113.0/24', dev: 'eth1', flags: [] }),
  };
  const filter = (value: number) => `net.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.eth0.rp_filter = ${value}\n`;
  test.each<readonly [string, Records, readonly string[]]>([
    ['strict', { ...asymmetric, sysctl: filter(1) }, ['suggests host/reverse-path-filter eth0']],
    ['loose', { ...asymmetric, sysctl: filter(2) }, []],
    ['not known', asymmetric, []],
    ['the same way', { ...asymmetric, routes: routes(gateway), sysctl: filter(1) }, []],
  ])('the reverse path filter is %s', (_name, records, expected) => {
    expect(signs(records)).toEqual(expected);
  });

  test('an address whose device is down is nobody, one that is not there may be translated', () => {
    expect(signs({ addresses }, { address: address('192.168.5.1') })).toEqual(['suggests path/no-such-host eth1']);
    expect(signs({ addresses }, { address: near })).toEqual([]);
    expect(signs({ addresses }, { address: address('198.51.100.1') })).toEqual([]);
  });
});

test('all signs of a machine come together, for the client as the machine sees it', () => {
  const records = {
    journal: '2025-11-22T05:58:58+0000 host sshd[1]: refused connect from 10.22.1.2 (10.22.1.2)\n',
    processes: '700 1 Ts 90 sshd: /usr/sbin/sshd -D [listener] 3 of 3-3 startups\n',
    sockets: 'LISTEN 3 2 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=700,fd=3))\n',
    'cgroup-pids': 'pids.max 2\npids.current 2\n',
    fail2ban: 'Status\n',
    'fail2ban-jail sshd': '   `- Banned IP list:\t10.22.1.2\n',
    'firewalld-state': 'running\n',
    'firewalld-panic': 'yes\n',
    rules: usual,
    routes: routes({ type: 'unreachable', dst: '10.22.1.2', flags: [] }),
  };
  const found = daemonSigns(givenBundle(records), { client: address('::ffff:10.22.1.2'), address: near, port: 22 });
  expect(found.map(({ code }) => code)).toEqual([
    'host/tcp-wrappers',
    'host/max-startups',
    'host/sshd-hung',
    'host/process-limit',
    'host/accept-queue-full',
    'host/sshd-hung',
    'host/banned',
    'host/firewall-drops',
    'host/no-return-route',
  ]);
  expect(found.every(({ at, line }) => at !== '' && line !== '')).toBe(true);
});

test('an empty bundle and one of rubbish have no signs', () => {
  expect(daemonSigns(givenBundle({}), { client, address: near, port: 22 })).toEqual([]);
  const keys = [
    'journal',
    'processes',
    'sockets',
    'connections',
    'netstat',
    'snmp',
    'rules',
    'routes',
    'addresses',
    'neighbours',
    'ufw-status',
    'ufw-numbered',
    'firewalld',
    'firewalld-state',
    'fail2ban',
    'fail2ban-jail x',
    'kernel-log',
    'sysctl',
    'files',
    'disk',
    'route-get 203.0.113.7',
  ];
  for (const rubbish of [
    '\u0000\u0001\ufffd\r\n'.repeat(1000),
    '{'.repeat(100_000),
    '['.repeat(100_000),
    'a b '.repeat(50_000),
    '[null, 1, {"dst":{}}]',
    '\n'.repeat(50_000),
  ]) {
    const bundle = givenBundle(Object.fromEntries(keys.map((key) => [key, rubbish])));
    expect(daemonSigns(bundle, { client, address: near, port: 22 })).toEqual([]);
  }
});

import { describe, expect, test } from '@jest/globals';
import { boundText, listensOn, whyNotListening } from '../../../providers/host/sockets/listens-on.js';
import { parseSockets } from '../../../providers/host/sockets/sockets.js';
import { type Address, parseAddress } from '../../../src/set/index.js';
import { givenBundle } from '../../support/host/given-bundle.js';

const address = (text: string): Address => {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};

const sshd = 'users:(("sshd",pid=812,fd=3))';
const v4 = '10.22.2.2';
const v6 = 'fd22:2::2';
const row = (local: string, rest = sshd, peer = '0.0.0.0:*') => `LISTEN 0      128    ${local} ${peer} ${rest}\n`;
const socketsOf = (rows: string) => parseSockets(givenBundle({ sockets: rows }));
const kindOf = (rows: string, dialled: string, port = 22) => listensOn(socketsOf(rows), address(dialled), port).kind;
const causesOf = (rows: string, dialled: string, port = 22) =>
  whyNotListening(socketsOf(rows), address(dialled), port).map(({ code, data }) =>
    `${code} ${data?.bound ?? ''}`.trim(),
  );

describe('ss', () => {
  test.each([
    ['127.0.0.1:2022', '127.0.0.1:2022', {}],
    ['[fd22:2::2]:22', '[fd22:2::2]:22', {}],
    ['127.0.0.53%lo:53', '127.0.0.53:53', { device: 'lo' }],
    ['[fe80::1]%eth0:22', '[fe80::1]:22', { device: 'eth0' }],
    ['0.0.0.0%vrf-mgmt:22', '0.0.0.0:22', { device: 'vrf-mgmt' }],
    ['[::ffff:10.22.2.2]:22', '10.22.2.2:22', {}],
    ['fe80::1:22', '[fe80::1]:22', {}],
  ])('the local column %s', (local, bound, more) => {
    const [listener] = socketsOf(row(local)).listeners;
    expect(listener && boundText(listener)).toBe(bound);
    expect(listener).toMatchObject(more);
  });

  test('names every owner of a socket, and its queue', () => {
    const users = 'users:(("sshd",pid=812,fd=3),("systemd",pid=1,fd=41)) ino:1 sk:1 v6only:0 <->';
    const { listeners, gap } = socketsOf(`LISTEN 130      128               *:22       *:* ${users}`);
    expect(gap).toBeUndefined();
    expect(listeners).toMatchObject([
      {
        address: 'dual',
        owners: [
          { process: 'sshd', pid: 812 },
          { process: 'systemd', pid: 1 },
        ],
        queue: { waiting: 130, limit: 128 },
      },
    ]);
  });

  test.each([
    ['a dual socket', row('*:22', `${sshd} ino:1 sk:8 v6only:0 <->`, '*:*'), 'yes', 'yes'],
    ['IPv6 alone', row('[::]:22', `${sshd} ino:1 sk:e v6only:1 <->`, '[::]:*'), 'no', 'yes'],
    ['[::] without -e is IPv6 alone', row('[::]:22', sshd, '[::]:*'), 'no', 'yes'],
    ['IPv4 alone', row('0.0.0.0:22'), 'yes', 'no'],
    [':::22 of an old ss may be either', row(':::22', sshd, ':::*'), 'unknown', 'yes'],
    [':::22 with v6only:0', row(':::22', `${sshd} v6only:0`, ':::*'), 'yes', 'yes'],
    [':::22 with v6only:1', row(':::22', `${sshd} v6only:1`, ':::*'), 'no', 'yes'],
    [
      '* of an old ss, beside :::22, is IPv4',
      row('*:22', sshd, '*:*') + row(':::22', `${sshd} v6only:1`, ':::*'),
      'yes',
      'yes',
    ],
    ['* of an old ss, beside :::80, is IPv4', row('*:22', sshd, '*:*') + row(':::80', sshd, ':::*'), 'yes', 'no'],
    ['* of nobody knows which ss', row('*:22', sshd, '*:*'), 'unknown', 'unknown'],
    ['* of a new ss that does not tell v6only', row('*:22', sshd, '*:*') + row('0.0.0.0:80'), 'unknown', 'yes'],
    ['a device that may be that of the client', row('0.0.0.0%eth1:22'), 'unknown', 'no'],
    ['the device of loopback', row('0.0.0.0%lo:22'), 'no', 'no'],
    ['both families apart', row('0.0.0.0:22') + row('[::]:22', `${sshd} v6only:1`, '[::]:*'), 'yes', 'yes'],
  ])('%s', (_, rows, ipv4, ipv6) => {
    expect([kindOf(rows, v4), kindOf(rows, v6)]).toEqual([ipv4, ipv6]);
  });

  test('a client by the device that a socket is bound to meets it', () => {
    const sockets = socketsOf(row('0.0.0.0%eth1:22'));
    expect(listensOn(sockets, address(v4), 22, 'eth1').kind).toBe('yes');
    expect(listensOn(sockets, address(v4), 22, 'eth0').kind).toBe('unknown');
  });

  test('the listener that is bound closer is the one that answers', () => {
    const rows = row('0.0.0.0:22') + row('10.22.2.2:22', 'users:(("haproxy",pid=7,fd=1))');
    expect(listensOn(socketsOf(rows), address(v4), 22)).toMatchObject({
      listener: { owners: [{ process: 'haproxy' }] },
    });
  });

  test('rows of other states, headers and other protocols are no listeners', () => {
    const text = `State  Recv-Q Send-Q Local Address:Port Peer Address:Port\nESTAB 0 0 10.22.2.2:22 10.22.1.2:4000\nudp UNCONN 0 0 0.0.0.0:22 0.0.0.0:*\n`;
    expect(socketsOf(text)).toEqual({ at: 'sockets', listeners: [] });
  });

  test.each([
    ['no tool', { outcome: 'absent' as const, status: 127 }, 'absent'],
    ['denied', { outcome: 'denied' as const }, 'denied'],
    ['stopped', { outcome: 'timed-out' as const }, 'timed-out'],
    ['a list that was cut', { outcome: 'cut' as const, stdout: row('0.0.0.0:80') }, 'cut'],
    ['an option that it does not know', { status: 255, stderr: 'ss: invalid option -- H\n' }, 'failed'],
    ['nothing but a complaint', { stderr: 'Cannot open netlink socket: Permission denied\n' }, 'failed'],
    ['a row of noise', { stdout: 'LISTEN \u0000\u0001\n' }, 'unreadable'],
    ['a service instead of a number', { stdout: row('0.0.0.0:ssh') }, 'unreadable'],
  ])('%s is not a machine on which nothing listens', (_, record, kind) => {
    const sockets = parseSockets(givenBundle({ sockets: record }));
    expect(sockets.gap?.kind).toBe(kind);
    expect(listensOn(sockets, address(v4), 22).kind).toBe('unknown');
    expect(whyNotListening(sockets, address(v4), 22)).toEqual([]);
  });

  test('a listener that is there is one, though the list was cut', () => {
    const sockets = parseSockets(givenBundle({ sockets: { outcome: 'cut', stdout: row('0.0.0.0:22') } }));
    expect(listensOn(sockets, address(v4), 22).kind).toBe('yes');
  });
});

describe('why nothing listens', () => {
  test.each([
    ['nothing at all', '', v4, ['host/no-listener']],
    ['another service', row('0.0.0.0:80', 'users:(("nginx",pid=9,fd=3))'), v4, ['host/no-listener']],
    ['sshd on another port', row('0.0.0.0:2222'), v4, ['host/other-port 0.0.0.0:2222']],
    ['loopback', row('127.0.0.1:22'), v4, ['host/listener-loopback-only 127.0.0.1:22']],
    ['loopback, and IPv6 that is asked', row('[::1]:22'), v6, ['host/listener-loopback-only [::1]:22']],
    ['another address', row('10.22.2.3:22'), v4, ['host/listener-other-address 10.22.2.3:22']],
    ['IPv4 alone', row('0.0.0.0:22'), v6, ['host/listener-ipv4-only 0.0.0.0:22']],
    ['IPv6 alone', row('[::]:22', 'v6only:1'), v4, ['host/listener-ipv6-only [::]:22']],
    ['loopback beside IPv6', row('127.0.0.1:22') + row('[::]:22', 'v6only:1'), v4, ['host/listener-ipv6-only [::]:22']],
    ['a listener', row('0.0.0.0:22'), v4, []],
  ])('%s', (_, rows, dialled, causes) => {
    expect(causesOf(rows, dialled)).toEqual(causes);
  });

  test('names the ports and the program', () => {
    const rows = row('0.0.0.0:2222') + row('[::]:2200', 'users:(("dropbear",pid=5,fd=3)) v6only:1', '[::]:*');
    expect(whyNotListening(socketsOf(rows), address(v4), 22)).toMatchObject([
      {
        code: 'host/other-port',
        says: 'proves',
        at: 'sockets',
        data: { asked: `${v4}:22`, ports: '2200, 2222', process: 'sshd' },
      },
      { code: 'host/other-port', data: { process: 'dropbear' } },
    ]);
  });
});

describe('/proc/net/tcp and tcp6', () => {
  const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
  const tail = '00000000:0000 0A 00000000:00000003 00:00000000 00000000     0        0';
  const tail6 = '00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0';
  const any6 = '00000000000000000000000000000000:0016';
  const procOf = (tcp: string, tcp6: string, owners = '', more = {}) =>
    parseSockets(
      givenBundle({
        sockets: { outcome: 'absent', status: 127 },
        'proc-tcp': head + tcp,
        'proc-tcp6': head + tcp6,
        'socket-owners': owners,
        ...more,
      }),
    );

  test('addresses are words in the byte order of the machine, ports are not', () => {
    const tcp = `   1: 0202160A:08AE ${tail} 252144 1\n`;
    const tcp6 = `   0: 020022FD000000000000000002000000:0016 ${tail6} 252142 1\n`;
    const { listeners, gap } = procOf(tcp, tcp6, '252144 12 sshd\n');
    expect(gap).toBeUndefined();
    expect(listeners.map(boundText)).toEqual(['10.22.2.2:2222', '[fd22:2::2]:22']);
    expect(listeners).toMatchObject([
      { owners: [{ process: 'sshd', pid: 12 }], queue: { waiting: 3 }, via: 'proc' },
      { owners: [] },
    ]);
    const big = procOf('   1: 0A160202:08AE 00000000:0000 0A 00000000:00000000 00:0 0 0 0 1 1\n', '', '', {
      uname: 'Linux h 6.1.0 #1 SMP s390x GNU/Linux',
    });
    expect(big.listeners.map(boundText)).toEqual(['10.22.2.2:2222']);
  });

  test.each([
    ['nobody knows whose', '', 'unknown'],
    ['of sshd, which never takes IPv4 so', '77 812 sshd\n', 'no'],
    ['of sshd, by systemd, which may', '77 812 sshd\n77 1 systemd\n', 'unknown'],
    ['of another program', '77 9 teleport\n', 'unknown'],
  ])('a socket on :: %s', (_, owners, ipv4) => {
    const sockets = procOf('', `   0: ${any6} ${tail6} 77 1\n`, owners);
    expect(listensOn(sockets, address(v4), 22).kind).toBe(ipv4);
    expect(listensOn(sockets, address(v6), 22).kind).toBe('yes');
  });

  test('a row of IPv4 beside it settles it', () => {
    const sockets = procOf(`   0: 00000000:0016 ${tail} 78 1\n`, `   0: ${any6} ${tail6} 77 1\n`);
    expect(listensOn(sockets, address(v4), 22).kind).toBe('yes');
  });

  test('a kernel without IPv6 has no tcp6, and a bundle without it leaves IPv4 open as well', () => {
    const proc = { 'proc-tcp': head };
    const without = { ...proc, 'proc-tcp6': { outcome: 'absent' as const, status: 1 } };
    expect(listensOn(parseSockets(givenBundle(without)), address(v4), 22).kind).toBe('no');
    expect(listensOn(parseSockets(givenBundle(proc)), address(v4), 22).kind).toBe('unknown');
    expect(listensOn(parseSockets(givenBundle({ 'proc-tcp': '', 'proc-tcp6': head })), address(v4), 22).kind).toBe(
      'unknown',
    );
  });
});

test('a long line, many rows and noise take no long', () => {
  const started = performance.now();
  const users = '("x",pid=1,fd=2),'.repeat(200_000);
  socketsOf(`LISTEN 0 0 0.0.0.0:22 0.0.0.0:* users:(${users}\n${' '.repeat(1_000_000)}\n${'['.repeat(1_000_000)}\n`);
  socketsOf(row('0.0.0.0:23').repeat(5_000));
  expect(performance.now() - started).toBeLessThan(5000);
});

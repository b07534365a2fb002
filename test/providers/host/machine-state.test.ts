import { describe, expect, test } from '@jest/globals';
import { limitSigns } from '../../../providers/host/limits.js';
import { processes, processSigns } from '../../../providers/host/processes.js';
import { queueSigns } from '../../../providers/host/queue-signs.js';
import { sysctls } from '../../../providers/host/sysctl.js';
import type { Sign } from '../../../src/model/index.js';
import { givenBundle } from '../../support/host/given-bundle.js';

const told = ({ code, says }: Sign) => `${says} ${code}`;
const header = '    PID    PPID STAT ELAPSED COMMAND\n';
const title = (counts: string, stat = 'Ss', pid = 700) =>
  `${header}    ${pid}       1 ${stat}       90 sshd: /usr/sbin/sshd -D [listener] ${counts} startups\n`;
const listening = (queue: string, port = 22, pid = 700) =>
  `LISTEN ${queue} 0.0.0.0:${port} 0.0.0.0:* users:(("sshd",pid=${pid},fd=3)) ino:1 sk:1 cgroup:/ <->\n`;

describe('the title of sshd tells how many connections have not logged in', () => {
  test.each([
    ['3 of 3-3', ['proves host/max-startups']],
    ['100 of 10-100', ['proves host/max-startups']],
    ['10 of 10-100', ['suggests host/max-startups']],
    ['9 of 10-100', []],
  ])('%s', (counts, expected) => {
    const [sign] = processSigns(givenBundle({ processes: title(counts) }), 22);
    expect(sign ? [told(sign)] : []).toEqual(expected);
    if (sign) expect(sign).toMatchObject({ at: 'processes', line: title(counts).split('\n')[1] });
  });

  test('of several sshd the one that has the port counts, and a connection of it is no listener', () => {
    const child = '    701     700 Ss       5 sshd: /usr/sbin/sshd -D [listener] 3 of 3-3 startups\n';
    const both = title('3 of 3-3', 'Ss', 800) + title('0 of 10-100').replace(header, '') + child;
    expect(processSigns(givenBundle({ processes: both, sockets: listening('0 128') }), 22).map(told)).toEqual([
      'doubts host/sshd-hung',
    ]);
    expect(processSigns(givenBundle({ processes: both, sockets: listening('0 128', 22, 800) }), 22).map(told)).toEqual([
      'proves host/max-startups',
      'doubts host/sshd-hung',
    ]);
  });

  test.each([
    ['Ts', ['proves host/sshd-hung']],
    ['Ds', ['suggests host/sshd-hung']],
    ['Ss', []],
  ])('STAT %s', (stat, expected) => {
    expect(processSigns(givenBundle({ processes: title('0 of 10-100', stat) }), 22).map(told)).toEqual(expected);
  });

  test('rows of every form of the time, without a title, and rubbish', () => {
    const rows = [
      '1 0 S 90 /sbin/init',
      '5 1 Ss 3-02:00:01 /usr/sbin/sshd -D',
      '6 1 R+ 01:30 x y',
      'PID rubbish',
      '\u0000',
    ];
    expect(processes(givenBundle({ processes: rows.join('\r\n') }))?.map(({ pid, age }) => [pid, age])).toEqual([
      [1, 90],
      [5, 266_401],
      [6, 90],
    ]);
    expect(processes(givenBundle({}))).toBeUndefined();
    expect(processes(givenBundle({ processes: { outcome: 'absent' } }))).toBeUndefined();
  });
});

describe('limits', () => {
  const at = (records: Parameters<typeof givenBundle>[0]) => limitSigns(givenBundle(records), 22).map(told);
  test.each([
    [
      'at the limit of the cgroup',
      { 'cgroup-pids': 'pids.max 2\npids.current 2\npids.events max 0\n' },
      ['proves host/process-limit'],
    ],
    [
      'with paths before the names',
      { 'cgroup-pids': '/sys/fs/cgroup/ssh.service/pids.max:2\n/sys/fs/cgroup/ssh.service/pids.current:2\n' },
      ['proves host/process-limit'],
    ],
    [
      'below it, and it was reached once',
      { 'cgroup-pids': 'pids.max 20\npids.current 2\npids.events:max 4\n' },
      ['suggests host/process-limit'],
    ],
    ['below it', { 'cgroup-pids': 'pids.max max\npids.current 2\npids.events:max 0\n' }, []],
    [
      'few files',
      {
        processes: title('3 of 10-100'),
        'sshd-limits': 'Max open files            9                    9                    files     \n',
      },
      ['suggests host/out-of-files'],
    ],
    [
      'many files',
      { 'sshd-limits': 'Max open files            1024                 524288               files     \n' },
      [],
    ],
    ['no files on the machine', { 'file-nr': '100\t0\t100\n' }, ['suggests host/out-of-files']],
    ['files on the machine', { 'file-nr': '1216\t0\t9223372036854775807\n' }, []],
    [
      'a full disk',
      {
        disk: 'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda1 100 100 0 100% /\n/dev/loop0 9 9 0 100% /snap/core\n',
      },
      ['suggests host/disk-full'],
    ],
    ['no inodes', { inodes: '/dev/vda1 100 100 0 100% /var\n' }, ['suggests host/disk-full']],
  ])('%s', (_name, records, expected) => {
    expect(at(records)).toEqual(expected);
  });
});

describe('queues of the kernel', () => {
  const client = { family: 4, value: 0x0a160102 } as const;
  const at = (records: Parameters<typeof givenBundle>[0]) =>
    queueSigns(givenBundle(records), { client, port: 22 }).map(told);
  const half = 'SYN-RECV   0      0      10.22.2.2:22 10.22.1.2:40273\n';
  const full = ['proves host/accept-queue-full', 'suggests host/sshd-hung'];
  test.each([
    ['more wait than may', { sockets: listening('3 2') }, full],
    ['as many wait as may: one more fits', { sockets: listening('2 2') }, ['suggests host/sshd-hung']],
    ['of another port', { sockets: listening('3 2', 2222) }, []],
    ['none wait', { sockets: listening('0 128') }, []],
    [
      'the handshake of the client does not end',
      { connections: half },
      ['suggests host/firewall-drops-replies', 'suggests path/only-first-packet'],
    ],
    ['that of another client', { connections: half.replace('10.22.1.2', '10.22.1.3') }, []],
    [
      'the client left, unread',
      { connections: 'CLOSE-WAIT 1      0      10.22.2.2:22 10.22.1.2:56493\n' },
      ['suggests host/sshd-hung'],
    ],
    ['the client left, read', { connections: 'CLOSE-WAIT 0      0      10.22.2.2:22 10.22.1.2:56493\n' }, []],
    [
      'the table is full, and the kernel says so',
      {
        'conntrack-count': '8\n',
        'conntrack-max': '8\n',
        'kernel-log': '[1.0] nf_conntrack: nf_conntrack: table full, dropping packet\n',
      },
      ['proves host/conntrack-full'],
    ],
    [
      'the table is full, and it does not',
      { 'conntrack-count': '8\n', 'conntrack-max': '8\n' },
      ['suggests host/conntrack-full'],
    ],
    ['the table has room', { 'conntrack-count': '7\n', 'conntrack-max': '8\n' }, []],
    [
      'there is no table',
      { 'conntrack-count': { outcome: 'absent' as const }, 'conntrack-max': { outcome: 'absent' as const } },
      [],
    ],
  ])('%s', (_name, records, expected) => {
    expect(at(records)).toEqual(expected);
  });

  test('dozens of unfinished handshakes fill the queue only without cookies', () => {
    const connections = half.replaceAll('10.22.1.2', '192.0.2.1').repeat(30);
    const sysctl = (cookies: number) => `net.ipv4.tcp_syncookies = ${cookies}\nnet.ipv4.tcp_max_syn_backlog = 32\n`;
    expect(at({ connections, sysctl: sysctl(0) })).toEqual(['suggests host/syn-queue-full']);
    expect(at({ connections, sysctl: sysctl(1) })).toEqual([]);
  });
});

describe('sysctl', () => {
  test('the larger rp_filter of all and the device holds', () => {
    const settings = sysctls(
      givenBundle({
        sysctl:
          'net.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.eth0.rp_filter = 2\nnet.ipv4.conf.eth0/100.rp_filter = 1\nnet.ipv4.ip_local_port_range = 32768\t60999\n',
      }),
    );
    expect(settings.reversePathFilter('eth0')).toBe(2);
    expect(settings.reversePathFilter('eth0.100')).toBe(1);
    expect(settings.reversePathFilter('eth1')).toBeUndefined();
    expect(settings.number('net.ipv4.ip_local_port_range')).toBeUndefined();
    expect(settings.get('net.ipv4.ip_local_port_range')).toBe('32768\t60999');
  });
});

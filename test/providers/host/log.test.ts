import { describe, expect, test } from '@jest/globals';
import { logSigns } from '../../../providers/host/log.js';
import { logLine } from '../../../providers/host/log-line.js';
import type { Sign } from '../../../src/model/index.js';
import { type Address, parseAddress } from '../../../src/set/index.js';
import { givenBundle, takenAt } from '../../support/host/given-bundle.js';

function address(text: string): Address {
  const parsed = parseAddress(text);
  if (!parsed) throw new Error(text);
  return parsed;
}

const client = address('10.22.1.2');
const told = ({ code, says }: Sign) => `${says} ${code}`;
const signs = (records: Parameters<typeof givenBundle>[0], who: Address | undefined = client) =>
  logSigns(givenBundle(records), { ...(who ? { client: who } : {}), port: 22 });
const listener = (args: string) => `    PID    PPID STAT ELAPSED COMMAND\n    700       1 Ss      3600 ${args}\n`;
const sshd92 = listener('sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups');
const at = (time: string, message: string, tag = 'sshd[1884]') => `2025-11-22T${time}+0000 host ${tag}: ${message}\n`;

describe('a line of a log is read whatever wrote it', () => {
  const hour = Date.UTC(2025, 10, 22, 5, 58, 58);
  test.each([
    ['journalctl short-iso', '2025-11-22T05:58:58+0000 host sshd[1]: said', hour, 'sshd'],
    ['journalctl of systemd 255', '2025-11-22T06:58:58+01:00 host sshd-session[1]: said', hour, 'sshd-session'],
    ['rsyslog, RFC 3339', '2025-11-22T05:58:58.123456+00:00 host sshd[1]: said', hour, 'sshd'],
    ['syslog with the zone of the journal', 'Nov 22 05:58:58 host sshd[1]: said', hour, 'sshd'],
    ['syslog with a priority and no host', '<38>Nov 22 05:58:58 sshd[1884]: said', hour, 'sshd'],
    ['busybox syslogd', 'Nov 22 05:58:58 host auth.info sshd[1]: said', hour, 'sshd'],
    ['logread', 'Sat Nov 22 05:58:58 2025 auth.info sshd[1]: said', hour, 'sshd'],
    ['the kernel in a syslog file', 'Nov 22 05:58:58 host kernel: [  123.456789] said', hour, 'kernel'],
    ['the child that systemd starts', '2025-11-22T05:58:58+0000 host (sshd)[1]: said', hour, 'sshd'],
  ])('%s', (_name, text, time, program) => {
    expect(logLine(text, { now: takenAt, zone: 0 })).toMatchObject({ time, program, message: 'said' });
  });

  test.each([
    ['dmesg counts from the boot', '[ 1234.567890] said', undefined],
    ['dmesg -T has local time', '[Sat Nov 22 05:58:58 2025] said', hour],
    ['dmesg --time-format iso', '2025-11-22T05:58:58,123456+00:00 said', hour],
    ['nothing before it', 'said', undefined],
  ])('in a log of the kernel alone: %s', (_name, text, time) => {
    const line = logLine(text, { now: takenAt, zone: 0 }, true);
    expect(line).toMatchObject({ program: 'kernel', message: 'said' });
    expect(line?.time).toBe(time);
  });

  test('a stamp without a year is of the last year where it would be in the future', () => {
    const now = Date.UTC(2026, 0, 2);
    expect(logLine('Dec 31 23:00:00 h sshd[1]: x', { now, zone: 0 })?.time).toBe(Date.UTC(2025, 11, 31, 23));
    expect(logLine('Jan  1 23:00:00 h sshd[1]: x', { now, zone: 0 })?.time).toBe(Date.UTC(2026, 0, 1, 23));
  });

  test('a stamp without a zone has no time where the zone of the machine is not known', () => {
    expect(logLine('Nov 22 05:58:58 h sshd[1]: x', { now: takenAt })?.time).toBeUndefined();
  });

  test.each([
    '',
    '-- No entries --',
    '-- Boot 1234 --',
    'garbage \u0000\u0001',
    'Nov 22 05:58:58',
    'Nov 99 99:99:99 h sshd[1]: x',
  ])('what is no line of a program has no time: %j', (text) => {
    expect(logLine(text, { now: takenAt, zone: 0 })?.time).toBeUndefined();
  });
});

describe('each line names its cause', () => {
  const rows: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'drop connection #3 from [10.22.1.2]:41452 on [10.22.2.2]:22 past MaxStartups',
      'sshd',
      ['host/max-startups', 'host/per-source-max-startups'],
    ],
    [
      'drop connection #3 from [10.22.1.2]:41452 on [10.22.2.2]:22 past Maxstartups',
      'sshd',
      ['host/max-startups', 'host/per-source-max-startups'],
    ],
    ['error: beginning MaxStartups throttling', 'sshd', ['host/max-startups']],
    [
      'drop connection #0 from [10.22.1.2]:51860 on [10.22.2.2]:22 penalty: failed authentication',
      'sshd',
      ['host/per-source-penalty'],
    ],
    [
      'drop connection #0 from [10.9.9.9]:51860 on [10.22.2.2]:22 too many penalised addresses',
      'sshd',
      ['host/per-source-penalty'],
    ],
    [
      'administratively prohibited connection for root from 10.22.1.2 port 40000',
      'sshd-session',
      ['host/refuse-connection'],
    ],
    ['administratively prohibited connection for root from 10.22.1.2', 'sshd-session', ['host/refuse-connection']],
    ['refused connect from 10.22.1.2 (10.22.1.2)', 'sshd', ['host/tcp-wrappers']],
    ['refused connect from client.example (::ffff:10.22.1.2)', 'sshd', ['host/tcp-wrappers']],
    ['fatal: rexec of /usr/lib/openssh/sshd-session failed: No such file or directory', 'sshd', ['host/sshd-upgraded']],
    ['-R not supported here', 'sshd', ['host/sshd-upgraded']],
    ['error: reexec socketpair: Too many open files', 'sshd', ['host/out-of-files']],
    ['error: server_accept_loop: pipe(startup_p): Too many open files', 'sshd', ['host/out-of-files']],
    ['error: fork: Resource temporarily unavailable', 'sshd', ['host/process-limit']],
    ['fatal: fork of unprivileged child failed', 'sshd', ['host/process-limit']],
    ['Timeout before authentication for connection from 10.22.1.2 to 10.22.2.2, pid = 9', 'sshd', ['host/login-grace']],
    ['fatal: Timeout before authentication for 10.22.1.2 port 5', 'sshd', ['host/login-grace']],
    [
      'Unable to negotiate with 10.22.1.2 port 5: no matching host key type found. Their offer: ssh-dss [preauth]',
      'sshd',
      ['login/no-common-algorithm'],
    ],
    ['User root from 10.22.1.2 not allowed because listed in DenyUsers', 'sshd', ['login/user-not-allowed']],
    [
      "User root from 10.22.1.2 not allowed because none of user's groups are listed in AllowGroups",
      'sshd',
      ['login/user-not-allowed'],
    ],
    ['ROOT LOGIN REFUSED FROM 10.22.1.2 port 5', 'sshd', ['login/user-not-allowed']],
    ['User u not allowed because shell /x does not exist', 'sshd', ['login/shell']],
    ['User u from 10.22.1.2 not allowed because account is locked', 'sshd', ['login/key-refused']],
    [
      'fatal: Access denied for user u by PAM account configuration [preauth]',
      'sshd',
      ['login/nologin', 'login/account-expired', 'login/user-not-allowed'],
    ],
    ['pam_unix(sshd:account): account u has expired (account expired)', 'sshd', ['login/account-expired']],
    ['pam_unix(sshd:account): expired password for user u (root enforced)', 'sshd', ['login/password-change']],
    ["pam_access(sshd:account): access denied for user `u' from `10.22.1.2'", 'sshd', ['login/user-not-allowed']],
    ['Authentication refused: bad ownership or modes for directory /home/u', 'sshd', ['login/key-refused']],
    [
      'error: maximum authentication attempts exceeded for root from 10.22.1.2 port 5 ssh2 [preauth]',
      'sshd',
      ['login/too-many-keys'],
    ],
    [
      'Disconnecting authenticating user root 10.22.1.2 port 5: Too many authentication failures [preauth]',
      'sshd',
      ['login/too-many-keys'],
    ],
    ['ssh.socket: Too many incoming connections (64), dropping connection.', 'systemd', ['host/socket-connections']],
    [
      'sshd.socket: Too many incoming connections (4) from source 10.22.1.2, dropping connection.',
      'systemd',
      ['host/socket-connections'],
    ],
    ['fatal: FIPS integrity verification test failed.', 'sshd', ['host/fips']],
    ['error: write /var/log/x: No space left on device', 'sshd', ['host/disk-full']],
  ];
  test.each(rows)('%s', (message, tag, codes) => {
    const found = signs({ journal: at('05:58:58', message, `${tag}[1884]`) });
    expect(found.map(told)).toEqual(codes.map((code) => `suggests ${code}`));
    expect(found[0]).toMatchObject({ at: 'journal', line: at('05:58:58', message, `${tag}[1884]`).trim() });
  });

  const packet =
    'IN=eth0 OUT= MAC=02:00 SRC=10.22.1.2 DST=10.22.2.2 LEN=60 TTL=63 PROTO=TCP SPT=41 DPT=22 WINDOW=64240 RES=0x00 SYN URGP=0';
  const reply =
    'IN= OUT=eth0 SRC=10.22.2.2 DST=10.22.1.2 LEN=60 PROTO=TCP SPT=22 DPT=41 WINDOW=64240 RES=0x00 ACK SYN URGP=0';
  test.each([
    ['[ 12.3] nf_conntrack: nf_conntrack: table full in netns 4026532315, dropping packet', ['host/conntrack-full']],
    ['[ 12.3] nf_conntrack: table full, dropping packet', ['host/conntrack-full']],
    [
      '[ 12.3] TCP: request_sock_TCP: Possible SYN flooding on port 22. Dropping request.  Check SNMP counters.',
      ['host/syn-queue-full'],
    ],
    [
      '[ 12.3] TCP: request_sock_TCP: Possible SYN flooding on port 0.0.0.0:22. Dropping request.',
      ['host/syn-queue-full'],
    ],
    ['[ 12.3] TCP: request_sock_TCP: Possible SYN flooding on port 22. Sending cookies.', []],
    ['[ 12.3] TCP: request_sock_TCP: Possible SYN flooding on port 80. Dropping request.', []],
    [`[ 12.3] [UFW BLOCK] ${packet}`, ['host/firewall-drops']],
    [`[ 12.3] [UFW LIMIT BLOCK] ${packet}`, ['host/rate-limit']],
    [`[ 12.3] [UFW BLOCK] ${reply}`, ['host/firewall-drops-replies']],
    [`[ 12.3] [UFW BLOCK] ${packet.replace('DPT=22', 'DPT=23')}`, []],
    [`[ 12.3] [UFW BLOCK] ${packet.replace('10.22.1.2', '10.22.1.3')}`, []],
    [`[ 12.3] [UFW ALLOW] ${packet}`, []],
    [`[ 12.3] ours: ${packet}`, []],
    [`[ 12.3] filter_IN_public_REJECT: ${packet}`, ['host/firewall-prohibits']],
    ['[ 12.3] cgroup: fork rejected by pids controller in /system.slice/ssh.service', ['host/process-limit']],
    ['[ 12.3] cgroup: fork rejected by pids controller in /system.slice/cron.service', []],
  ])('the kernel: %s', (line, codes) => {
    expect(signs({ 'kernel-log': line }).map(({ code }) => code)).toEqual(codes);
  });

  const avc = (rest: string) =>
    `type=AVC msg=audit(1763791000.123:45): avc:  denied  { ${rest} tclass=file permissive=0`;
  test.each([
    [
      avc('read } for  pid=1 comm="sshd" name="authorized_keys" scontext=a tcontext=u:object_r:default_t:s0'),
      ['login/key-refused'],
    ],
    [avc('name_bind } for  pid=1 comm="sshd" src=2222 scontext=a tcontext=u:object_r:port_t:s0'), []],
    [avc('read } for  pid=1 comm="httpd" name="authorized_keys" scontext=a tcontext=b'), []],
  ])('SELinux: %s', (line, codes) => {
    expect(signs({ 'audit-denials': line }).map(({ code }) => code)).toEqual(codes);
  });

  test.each([
    'Server listening on 0.0.0.0 port 22.',
    'Bind to port 22 on 0.0.0.0 failed: Address already in use.',
    'ipv4: new 10.22.1.2/32 deferred penalty of 5.000 seconds for penalty: failed authentication',
    'exited MaxStartups throttling after 00:01:02, 25 connections dropped',
    'Accepted publickey for root from 10.22.1.2 port 5 ssh2',
    'FIPS mode initialized',
    'banner exchange: Connection from 10.22.1.2 port 5: drop connection #3 from [10.22.1.2]:1 on [10.22.2.2]:22 past MaxStartups',
  ])('no cause: %s', (message) => {
    expect(signs({ journal: at('05:58:58', message) })).toEqual([]);
  });

  test('the words of a user cannot name another client', () => {
    const user = 'x from 10.22.1.2 port 5';
    const line = at('05:58:58', `administratively prohibited connection for ${user} from 192.0.2.9 port 6`);
    expect(signs({ journal: line })).toEqual([]);
    expect(signs({ journal: line }, address('192.0.2.9'))).toHaveLength(1);
  });

  test('lines of other programs are not read', () => {
    expect(signs({ journal: at('05:58:58', 'refused connect from 10.22.1.2 (10.22.1.2)', 'vsftpd[1]') })).toEqual([]);
  });
});

describe('MaxStartups and PerSourceMaxStartups are told apart by the number and the title', () => {
  const line = (n: number) =>
    at('05:58:58', `drop connection #${n} from [10.22.1.2]:1 on [10.22.2.2]:22 past MaxStartups`);
  test.each([
    ['below the first number of the title', 2, { processes: sshd92 }, ['host/per-source-max-startups']],
    [
      'at the first number, per source not known',
      10,
      { processes: sshd92 },
      ['host/max-startups', 'host/per-source-max-startups'],
    ],
    [
      'at it, per source off',
      10,
      { processes: sshd92, 'sshd-effective': 'persourcemaxstartups none\n' },
      ['host/max-startups'],
    ],
    [
      'by the configuration where there is no title',
      2,
      { 'sshd-effective': 'maxstartups 10:30:100\n' },
      ['host/per-source-max-startups'],
    ],
    ['nothing known', 2, {}, ['host/max-startups', 'host/per-source-max-startups']],
  ])('%s', (_name, n, records, codes) => {
    expect(signs({ ...records, journal: line(n) }).map(({ code }) => code)).toEqual(codes);
  });

  test('MaxStartups is about everybody, whoever was dropped; the limit of one source about its block', () => {
    const other = address('10.22.1.77');
    expect(signs({ journal: line(2) }, other).map(told)).toEqual(['suggests host/max-startups']);
    const block = { 'sshd-effective': 'persourcenetblocksize 24:64\npersourcemaxstartups 3\nmaxstartups 10:30:100\n' };
    const found = signs({ ...block, journal: line(2) }, other);
    expect(found.map(told)).toEqual(['suggests host/per-source-max-startups']);
    expect(found[0]?.from?.toString()).toBe('10.22.1.0/24');
  });
});

describe('penalties', () => {
  const active = (time: string, seconds: string, pid = 700) =>
    at(
      time,
      `srclimit_penalise: 10.22.1.2/32: activating ipv4 penalty of ${seconds} seconds for penalty: failed authentication`,
      `sshd[${pid}]`,
    );

  test('one whose end is after the bundle proves, with its end and its reason', () => {
    const [sign] = signs({ processes: sshd92, journal: active('05:59:50', '20.123') });
    expect(sign).toMatchObject({
      code: 'host/per-source-penalty',
      says: 'proves',
      data: { reason: 'failed authentication', left: '10', age: '10' },
    });
    expect(sign?.from?.toString()).toBe('10.22.1.2/32');
  });

  test.each([
    ['over', { processes: sshd92, journal: active('05:59:00', '20') }],
    ['of an sshd that listens no more', { processes: sshd92, journal: active('05:59:50', '20', 42) }],
    ['of a process that nobody looked for', { journal: active('05:59:50', '20') }],
    [
      'before a restart',
      { processes: sshd92, journal: active('05:59:50', '20') + at('05:59:55', 'Server listening on :: port 22.') },
    ],
    [
      'by a clock that is not known',
      {
        processes: sshd92,
        'log /var/log/auth.log': active('05:59:50', '20').replace(/^.*?host/, 'Nov 22 05:59:50 host'),
      },
    ],
    ['in the future', { processes: sshd92, journal: active('06:30:00', '20') }],
  ])('one that is %s suggests', (_name, records) => {
    expect(signs(records).map(told)).toEqual(['suggests host/per-source-penalty']);
  });

  test('the first line of a penalty that acts at once is read too', () => {
    const line = at(
      '05:59:50',
      'ipv4: new 10.22.1.2/32 active penalty of 90.000 seconds for penalty: caused crash',
      'sshd[700]',
    );
    expect(signs({ processes: sshd92, journal: line }).map(told)).toEqual(['proves host/per-source-penalty']);
  });
});

describe('what breaks every connection until it is repaired', () => {
  const noKeys = at('05:58:58', 'sshd: no hostkeys available -- exiting.');
  const version = { 'sshd-version': { stderr: 'OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.17\n' } };
  const old = { processes: sshd92, ...version };
  test('the keys are gone, and sshd listens', () => {
    expect(signs({ ...old, journal: noKeys }).map(told)).toEqual(['proves host/host-keys-deleted']);
  });

  test.each([
    [
      'they are back',
      { ...old, journal: noKeys, files: '-rw------- 1 root root 505 Nov 22 05:59 /etc/ssh/ssh_host_ed25519_key\n' },
      'suggests',
    ],
    [
      'a later connection got further',
      { ...old, journal: noKeys + at('05:59:00', 'Accepted publickey for u from 192.0.2.1 port 2 ssh2') },
      'suggests',
    ],
    ['it is old', { ...old, journal: noKeys.replace('05:58', '05:10') }, 'suggests'],
    ['it is older than the listener', { ...old, processes: sshd92.replace('3600', '30'), journal: noKeys }, 'suggests'],
    [
      'the time is not known',
      { ...old, 'log /var/log/auth.log': noKeys.replace(/^.*?host/, 'Nov 22 05:58:58 host') },
      'suggests',
    ],
  ])('%s: it suggests', (_name, records, says) => {
    expect(signs(records).map(told)).toEqual([`${says} host/host-keys-deleted`]);
  });

  test.each([
    ['without an sshd that listens it is a start', { ...version, journal: noKeys }],
    ['a start came after it', { ...old, journal: noKeys + at('05:59:00', 'Server listening on :: port 22.') }],
    [
      'from 9.8 on a running sshd does not need them',
      { ...old, 'sshd-version': 'OpenSSH_10.0p2 Debian-7, OpenSSL 3.5.1\n', journal: noKeys },
    ],
  ])('%s: it says nothing', (_name, records) => {
    expect(signs(records)).toEqual([]);
  });

  test('the program for connections is gone', () => {
    const line = at('05:58:58', 'rexec of /usr/lib/openssh/sshd-session failed: No such file or directory');
    const [sign] = signs({ ...old, journal: line });
    expect(sign).toMatchObject({
      code: 'host/sshd-upgraded',
      says: 'proves',
      data: { file: '/usr/lib/openssh/sshd-session' },
    });
    expect(sign?.from).toBeUndefined();
  });

  test('the privilege separation directory is gone, before and after 9.8', () => {
    for (const message of [
      'fatal: Missing privilege separation directory: /run/sshd',
      'fatal: chroot("/run/sshd"): No such file or directory [preauth]',
    ]) {
      expect(signs({ ...old, journal: at('05:58:58', message) }).map(told)).toEqual([
        'proves host/privsep-directory-deleted',
      ]);
    }
  });
});

describe('whom and what a log is asked about', () => {
  test('lines about another client, another port, and what nologin explains', () => {
    const refused = at('05:58:58', 'refused connect from 10.22.1.3 (10.22.1.3)');
    expect(signs({ journal: refused })).toEqual([]);
    const elsewhere = at(
      '05:58:58',
      'drop connection #0 from [10.22.1.2]:5 on [10.22.2.2]:2222 penalty: failed authentication',
    );
    expect(signs({ journal: elsewhere })).toEqual([]);
    const pam = at('05:58:58', 'fatal: Access denied for user u by PAM account configuration [preauth]');
    expect(
      signs({ journal: pam, files: { stdout: '-rw-r--r-- 1 root root 0 Nov 22 05:00 /etc/nologin\n', status: 2 } }).map(
        ({ code }) => code,
      ),
    ).toEqual(['login/nologin']);
    expect(signs({ journal: pam, files: { stdout: '', status: 2 } }).map(({ code }) => code)).toEqual([
      'login/account-expired',
      'login/user-not-allowed',
    ]);
  });

  test('without a client the lines of one cause are one sign about all of theirs', () => {
    const journal = [3, 4, 5]
      .map((n) => at(`05:58:0${n}`, `refused connect from 192.0.2.${n} (192.0.2.${n})`))
      .join('');
    const found = logSigns(givenBundle({ journal, 'log /var/log/auth.log': journal }), { port: 22 });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      at: 'journal',
      line: expect.stringContaining('192.0.2.5'),
      data: { count: '3', age: '115' },
    });
    expect(found[0]?.from?.toString()).toBe('192.0.2.3/32, 192.0.2.4/31');
  });

  test('an address in IPv6 clothes is the IPv4 client', () => {
    expect(signs({ journal: at('05:58:58', 'refused connect from ::ffff:10.22.1.2 (::ffff:10.22.1.2)') })).toHaveLength(
      1,
    );
  });

  test('hostile text takes time in proportion, and no line is lost to what stands before it', () => {
    const line = at('05:58:58', 'refused connect from 10.22.1.2 (10.22.1.2)');
    const noise = [
      'x'.repeat(4_000_000),
      '\u001b[31m'.repeat(50_000),
      `${at('05:58:58', `Disconnecting ${'a '.repeat(1000)}`).trim()}`.repeat(1000),
      at('05:58:58', `User ${'a'.repeat(4000)}`).repeat(200),
      at('05:58:58', `refused connect from ${'( '.repeat(1900)}`).repeat(150),
    ].join('\n');
    const start = process.cpuUsage();
    const found = signs({ journal: `${noise}\n\u001b[1m${line.trim()}\u001b[0m\r\n`, 'kernel-log': noise });
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(4);
    expect(found.map(told)).toContain('suggests host/tcp-wrappers');
  });
});

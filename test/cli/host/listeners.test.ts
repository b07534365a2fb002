import { describe, expect, test } from '@jest/globals';
import {
  absent,
  ago,
  diagnosed,
  excludedBy,
  explained,
  explainedText,
  inactive,
  inShort,
  overIpv6,
  type Records,
  reachable,
  sshdRow,
  standings,
  stopped,
} from '../../support/host/machine.js';

const saw = (port = 22) => `ssh: connect to host 10.22.2.2 port ${port}: Connection refused`;
const noSshd: Records = { sockets: '', processes: '' };
const failed = (status: number) =>
  `Id=ssh.service\nLoadState=loaded\nActiveState=failed\nSubState=failed\nResult=exit-code\nExecMainStatus=${status}\nExecMainCode=1\n`;
const journal = (...messages: readonly string[]) => messages.map((message) => `${ago(60)} web-1 ${message}\n`).join('');
const exited = 'systemd[1]: ssh.service: Main process exited, code=exited, status=255/EXCEPTION';

describe('what listens, and for whom', () => {
  test.each([
    ['host#1 nothing', { sockets: '' }, {}, stopped('refused', 'host/no-listener')],
    ['host#3 loopback', { sockets: sshdRow('127.0.0.1:22') }, {}, stopped('refused', 'host/listener-loopback-only')],
    [
      'host#4 another address',
      { sockets: sshdRow('10.22.2.3:22') },
      {},
      stopped('refused', 'host/listener-other-address'),
    ],
    ['host#5 IPv4 only', { sockets: sshdRow('0.0.0.0:22') }, overIpv6, stopped('refused', 'host/listener-ipv4-only')],
    ['host#6 IPv6 only', { sockets: sshdRow('[::]:22', true) }, {}, stopped('refused', 'host/listener-ipv6-only')],
    [
      'host#7 both by one socket',
      { sockets: 'LISTEN 0 128 *:22 *:* users:(("sshd",pid=700,fd=3)) ino:24106 sk:1 v6only:0 <->\n' },
      {},
      reachable,
    ],
  ])('%s', async (_name, records, asked, expected) => {
    expect(inShort(await explained(records, asked))).toEqual(expected);
  });

  test('host#2 sshd on another port, with how to reach it', async () => {
    const records = { sockets: sshdRow('0.0.0.0:2222') };
    expect(inShort(await explained(records))).toEqual(stopped('refused', 'host/other-port'));
    expect(await explainedText(records)).toContain('ssh -p 2222');
    expect(inShort(await explained(records, { port: 2222 }))).toEqual(reachable);
  });

  test('host#8 whether a wildcard of /proc/net/tcp6 takes IPv4 is not known', async () => {
    const head =
      '  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
    const row = `   0: ${'0'.repeat(32)}:0016 ${'0'.repeat(32)}:0000 0A 00000000:00000000 00:00000000 00000000     0        0 252142 1 0000000000000000 100 0 0 10 0\n`;
    const { verdict, symptom, findings } = await explained({
      sockets: absent,
      'proc-tcp': head,
      'proc-tcp6': head + row,
      'socket-owners': '',
    });
    expect({ verdict, symptom }).toEqual({ verdict: 'unknown', symptom: 'cannot-tell' });
    expect(findings.flatMap(({ missing }) => missing.map(({ code }) => code))).toEqual(['host/ev-sockets']);
    expect(findings[0]?.missing[0]?.message).toContain('whether it takes this family is not told');
  });

  test('host#89 ListenAddress 0.0.0.0 leaves IPv6 out, and taking the line away is the cure', async () => {
    const records = {
      sockets: sshdRow('0.0.0.0:22'),
      'file /etc/ssh/sshd_config': 'ListenAddress 0.0.0.0\n',
      'sshd-effective': 'port 22\naddressfamily any\nlistenaddress 0.0.0.0:22\n',
    };
    const report = await explained(records, overIpv6);
    expect(inShort(report)).toEqual(stopped('refused', 'host/listener-ipv4-only'));
    expect(report.findings[0]?.causes[0]?.why).toMatch(
      /ListenAddress 0\.0\.0\.0.* switch IPv6 off; without .* takes both/,
    );
    expect(inShort(await explained(records))).toEqual(reachable);
  });
});

describe('why nothing listens', () => {
  test('host#9 configured, and not listening', async () => {
    expect(inShort(await explained(noSshd))).toEqual(stopped('refused', 'host/no-listener'));
    // `sshd -t` would tell whether the next start fails; it was not run.
    const records = { ...noSshd, 'sshd-test': undefined };
    const diagnosis = await diagnosed(saw(), records, { from: '10.22.1.2' });
    expect(standings(diagnosis).proved).toEqual(['host/no-listener']);
    expect(standings(diagnosis).possible).toEqual(
      expect.arrayContaining([
        'host/bad-config',
        'host/no-host-keys',
        'host/no-privsep-directory',
        'host/no-privsep-user',
      ]),
    );
    expect(Object.keys(excludedBy(diagnosis))).toContain('host/other-port');
  });

  test('host#10 systemd listens for sshd, and does not read its Port', async () => {
    const records: Records = {
      ...noSshd,
      sockets:
        'LISTEN 0 4096 *:22 *:* users:(("systemd",pid=1,fd=90)) ino:24106 sk:8 cgroup:/system.slice/ssh.socket v6only:0 <->\n',
      'file /etc/ssh/sshd_config': 'Port 2222\n',
      'sshd-effective': 'port 2222\naddressfamily any\nlistenaddress [::]:2222\nlistenaddress 0.0.0.0:2222\n',
      'unit ssh.service': inactive,
      'unit ssh.socket':
        'Id=ssh.socket\nLoadState=loaded\nActiveState=active\nSubState=listening\nResult=success\nListen=[::]:22 (Stream)\nAccept=no\nTriggers=ssh.service\n',
    };
    expect(inShort(await explained(records))).toEqual(reachable);
    expect(await explained(records, { port: 2222 })).toMatchObject({ verdict: 'unreachable', symptom: 'refused' });
    const diagnosis = await diagnosed(saw(2222), records, { from: '10.22.1.2' });
    expect(diagnosis.causes[0]).toMatchObject({ code: 'host/socket-port', standing: 'proved' });
  });

  const stoppedService: Records = {
    ...noSshd,
    'unit ssh.service': inactive,
    'sshd-effective': { stderr: 'Missing privilege separation directory: /run/sshd\n', status: 255 },
    'sshd-test': { stderr: 'Missing privilege separation directory: /run/sshd\n', status: 255 },
    journal: '',
  };

  test('host#11 the directory that goes away with a stopped service is no cause', async () => {
    const diagnosis = await diagnosed(saw(), stoppedService, { from: '10.22.1.2' });
    expect(diagnosis.causes[0]).toMatchObject({ code: 'host/no-listener', standing: 'proved' });
    expect([...standings(diagnosis).proved, ...standings(diagnosis).likely]).not.toContain('host/no-privsep-directory');
  });

  test('host#12 the same words in the log of a start that failed are one', async () => {
    const records = {
      ...stoppedService,
      'unit ssh.service': failed(255),
      journal: journal('sshd[900]: Missing privilege separation directory: /run/sshd', exited),
    };
    const diagnosis = await diagnosed(saw(), records, { from: '10.22.1.2' });
    expect(diagnosis.causes[0]).toMatchObject({ code: 'host/no-privsep-directory' });
    expect(diagnosis.causes[0]?.standing).not.toBe('possible');
  });

  test('host#13 who may not read the keys says nothing about them', async () => {
    const denied = { stderr: 'Operation not permitted (you must be root)\n', status: 1 };
    const noKeys = { stderr: 'sshd: no hostkeys available -- exiting.\n', status: 1 };
    const records = { 'sshd-test': noKeys, 'sshd-effective': noKeys, 'nft-json': denied, sockets: '' };
    const diagnosis = await diagnosed(saw(), records, { from: '10.22.1.2', uid: 1000 });
    expect(standings(diagnosis).possible).toContain('host/no-host-keys');
    const listening = { ...records, sockets: 'LISTEN 0 128 0.0.0.0:22 0.0.0.0:* ino:24106 sk:1 <->\n' };
    const report = await explained(listening, { uid: 1000 });
    expect(report.verdict).toBe('unknown');
    expect(report.findings[0]?.missing.map(({ code }) => code)).toEqual(['host/ev-firewall']);
    expect(JSON.stringify(report)).not.toContain('host/no-host-keys');
  });

  const absentAddress = 'sshd[900]: error: Bind to port 22 on 10.99.99.99 failed: Cannot assign requested address.';

  test('host#14 an address that the machine does not have, and Debian does not try again', async () => {
    const records = {
      ...noSshd,
      'sshd-effective': 'port 22\naddressfamily any\nlistenaddress 10.99.99.99:22\n',
      'unit ssh.service': failed(255),
      journal: journal(absentAddress, 'sshd[900]: fatal: Cannot bind any address.', exited),
    };
    expect(inShort(await explained(records))).toEqual(stopped('refused', 'host/no-listener'));
    const diagnosis = await diagnosed(saw(), records, { from: '10.22.1.2' });
    const told = [...standings(diagnosis).proved, ...standings(diagnosis).likely];
    expect(told).toEqual(
      expect.arrayContaining(['host/listen-address-absent', 'host/start-failed-for-good', 'host/no-listener']),
    );
    expect(diagnosis.causes[0]?.code).toBe('host/listen-address-absent');
  });

  test('host#15 with one valid address sshd runs with the rest', async () => {
    const records = {
      sockets: sshdRow('10.22.2.2:22'),
      'sshd-effective': 'port 22\naddressfamily any\nlistenaddress 10.99.99.99:22\nlistenaddress 10.22.2.2:22\n',
      journal: journal(absentAddress, 'sshd[900]: Server listening on 10.22.2.2 port 22.'),
    };
    expect(inShort(await explained(records))).toEqual(reachable);
    expect(inShort(await explained(records, { to: '10.22.2.3' }))).toEqual(
      stopped('refused', 'host/listener-other-address'),
    );
  });

  const noPort = {
    ...noSshd,
    'sshd-effective': 'port 2222\naddressfamily any\nlistenaddress 0.0.0.0:2222\n',
    'unit ssh.service': failed(255),
    journal: journal(
      'sshd[900]: error: Bind to port 2222 on 0.0.0.0 failed: Permission denied.',
      'sshd[900]: fatal: Cannot bind any address.',
    ),
  };
  const denial =
    'type=AVC msg=audit(1764389940.123:456): avc:  denied  { name_bind } for  pid=900 comm="sshd" src=2222 scontext=system_u:system_r:sshd_t:s0-s0:c0.c1023 tcontext=system_u:object_r:unreserved_port_t:s0 tclass=tcp_socket permissive=0\n';

  test('host#16 a port that sshd may not bind: SELinux where it says so, else the missing right', async () => {
    const asked = { from: '10.22.1.2' };
    const byLabel = await diagnosed(saw(2222), { ...noPort, selinux: 'Enforcing\n', 'audit-denials': denial }, asked);
    expect(byLabel.causes[0]).toMatchObject({ code: 'host/bind-denied' });
    expect(byLabel.causes[0]?.standing).not.toBe('possible');
    expect(JSON.stringify(byLabel.causes[0]?.evidence)).toContain('name_bind');
    const byRight = await diagnosed(saw(2222), noPort, { ...asked, uid: 1000 });
    expect(byRight.causes[0]).toMatchObject({ code: 'host/bind-denied' });
    expect(JSON.stringify(byRight.causes[0]?.evidence)).not.toContain('name_bind');
  });
});

describe('another program has the port', () => {
  const held = (users: string) => ({
    sockets: `LISTEN 0 511 0.0.0.0:22 0.0.0.0:* ${users} ino:24106 sk:1 <->\n`,
  });

  test.each([
    [
      'a web server',
      'users:(("nginx",pid=800,fd=6))',
      'not-ssh',
      '0.0.0.0:22 is held by nginx, which does not speak SSH itself',
    ],
    ['what may pass it on', 'users:(("haproxy",pid=800,fd=6))', 'cannot-tell', '0.0.0.0:22 is held by haproxy'],
    ['a stranger', 'users:(("gitea",pid=800,fd=6))', 'cannot-tell', '0.0.0.0:22 is held by gitea'],
    ['systemd, for what it starts', 'users:(("systemd",pid=1,fd=6))', 'connects', 'systemd listens on 0.0.0.0:22'],
    ['nobody tells who', '', 'connects', 'something listens on 0.0.0.0:22'],
  ])('%s: the port is reachable, and the client sees what it is', async (_name, users, symptom, text) => {
    const report = await explained(held(users));
    expect(inShort(report)).toEqual({ ...reachable, symptom });
    expect(report.findings.map((finding) => finding.symptom)).toEqual([symptom]);
    const told = await explainedText(held(users));
    expect(told).toContain(text);
    expect(told.includes('reachable: something answers that is not SSH')).toBe(symptom === 'not-ssh');
    expect(told.includes('reachable: whether SSH answers is not known')).toBe(symptom === 'cannot-tell');
  });

  test('where sshd has one address and a web server another, each client sees its own', async () => {
    const sockets = `${held('users:(("nginx",pid=800,fd=6))').sockets.replace('0.0.0.0', '10.22.2.3')}${sshdRow('10.22.2.2:22')}`;
    expect(inShort(await explained({ sockets }))).toEqual(reachable);
    expect(inShort(await explained({ sockets }, { to: '10.22.2.3' }))).toEqual({ ...reachable, symptom: 'not-ssh' });
    expect(inShort(await explained({ sockets }, { to: 'web-1' }))).toEqual(reachable);
  });
});

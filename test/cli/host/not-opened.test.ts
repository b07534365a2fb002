import { describe, expect, test } from '@jest/globals';
import { ago, diagnosed, diagnoses, dump, excludedBy, inactive, standings } from '../../support/host/machine.js';

const client = { from: '10.22.1.2' };
const timedOut = 'ssh: connect to host 10.22.2.2 port 22: Connection timed out\n';
const refused = 'ssh: connect to host 10.22.2.2 port 22: Connection refused\n';
const noRoute = 'ssh: connect to host 10.22.2.2 port 22: No route to host\n';
const took = (seconds: number) => `\nreal\t0m${seconds.toFixed(3)}s\n`;

/** What `port22 probe --format json` printed of one attempt. */
const probed = (attempt: object) =>
  JSON.stringify({ schema: 'port22/probe/v1', attempts: [{ stage: 'connecting', ...attempt }] });

describe('before the connection opens', () => {
  test('host#69 an unreachable route to the client', async () => {
    const routes = [
      { type: 'unreachable', dst: '10.22.1.2', dev: 'lo', flags: [] },
      { dst: 'default', gateway: '10.22.2.1', dev: 'eth0', flags: [] },
      { dst: '10.22.2.0/24', dev: 'eth0', scope: 'link', flags: [] },
    ];
    const records = {
      routes: JSON.stringify(routes),
      'route-get 10.22.1.2': { stderr: 'RTNETLINK answers: No route to host\n', status: 2 },
    };
    const { causes, expected } = await diagnosed(timedOut, records, client);
    expect(causes[0]).toMatchObject({ code: 'host/no-return-route', standing: 'proved' });
    expect(expected).toMatchObject({ verdict: 'unreachable', symptom: 'times-out' });
  });

  test('host#71 more wait to be accepted than may', async () => {
    const records = {
      sockets:
        'LISTEN 3 2 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=700,fd=3)) ino:24106 sk:1 cgroup:/system.slice/ssh.service <->\n',
      netstat: 'TcpExt: SyncookiesSent ListenOverflows ListenDrops\nTcpExt: 0 9 9\n',
    };
    const diagnosis = await diagnosed(timedOut, records, client);
    expect(diagnosis.causes[0]).toMatchObject({ code: 'host/accept-queue-full', standing: 'proved' });
    expect(standings(diagnosis).proved).toEqual(['host/accept-queue-full']);
  });

  test('host#72 the kernel says that its table of connections is full', async () => {
    const records = {
      'kernel-log': `${ago(5)} web-1 kernel: nf_conntrack: nf_conntrack: table full, dropping packet\n`,
      'conntrack-count': '262144\n',
      'conntrack-max': '262144\n',
    };
    const diagnosis = await diagnosed(timedOut, records, client);
    expect(standings(diagnosis).proved).toEqual(['host/conntrack-full']);
    expect(diagnosis.causes[0]?.code).toBe('host/conntrack-full');
  });

  test('host#73 three seconds are those of a neighbour that nobody is, not of a firewall', async () => {
    const diagnosis = await diagnosed(`${noRoute}${took(2.98)}`);
    expect(diagnosis.observation.elapsed).toBe(2980);
    expect(diagnosis.causes[0]?.code).toBe('path/no-such-host');
    expect(excludedBy(diagnosis)).toMatchObject({
      'host/firewall-prohibits': expect.stringContaining('within'),
      'host/firewall-drops': expect.any(String),
      'host/firewall-rejects': expect.any(String),
      'host/firewall-resets': expect.any(String),
      'path/router-rejects': expect.any(String),
    });
  });

  test('host#74 a message of a router is not of the machine', async () => {
    const answer = { kind: 'icmp', from: '10.22.1.1' };
    const saw = probed({ symptoms: ['no-route'], address: '10.22.2.2', port: 22, elapsed: 3, answer });
    const diagnosis = await diagnosed(saw);
    expect(diagnosis.causes[0]?.code).toBe('path/router-rejects');
    expect(diagnosis.causes.filter(({ code }) => code.startsWith('host/'))).toEqual([]);
    expect(excludedBy(diagnosis)['host/firewall-prohibits']).toBe('the answer came from 10.22.1.1');
  });

  test('host#75 six answers at once and a seventh after a second are ICMP messages', async () => {
    const saw = probed({ symptoms: ['refused'], elapsed: 3, repeats: [3, 3, 3, 3, 3, 3, 1020] });
    const diagnosis = await diagnosed(saw);
    const codes = diagnosis.causes.map(({ code }) => code);
    expect(codes[0]).toBe('host/firewall-rejects');
    expect(codes).toEqual(expect.arrayContaining(['host/banned', 'host/rate-limit', 'path/router-rejects']));
    expect(excludedBy(diagnosis)).toMatchObject({
      'host/no-listener': expect.stringContaining('never held back'),
      'host/firewall-resets': expect.stringContaining('never held back'),
    });
  });

  test('host#76 twelve answers at once are TCP resets', async () => {
    const saw = probed({ symptoms: ['refused'], elapsed: 0, repeats: Array.from({ length: 12 }, () => 0) });
    const diagnosis = await diagnosed(saw);
    expect(diagnosis.causes.map(({ code }) => code)).toEqual(
      expect.arrayContaining([
        'host/no-listener',
        'host/other-port',
        'host/listener-loopback-only',
        'host/listener-other-address',
        'host/listener-ipv4-only',
        'host/listener-ipv6-only',
        'host/firewall-resets',
      ]),
    );
    expect(excludedBy(diagnosis)).toMatchObject({
      'host/firewall-rejects': expect.stringContaining('every answer came at once'),
      'host/banned': expect.stringContaining('every answer came at once'),
    });
  });

  test('host#77 an AggregateError of Node is two verdicts', async () => {
    const saw = `AggregateError [ETIMEDOUT]: 
    at internalConnectMultiple (node:net:1118:18)
    at internalConnectMultiple (node:net:1186:5)
    at Timeout.internalConnectMultipleTimeout (node:net:1712:5) {
  code: 'ETIMEDOUT',
  [errors]: [
    Error: connect ETIMEDOUT fd22:2::2:22
        at createConnectionError (node:net:1648:14)
        at Timeout.internalConnectMultipleTimeout (node:net:1707:38) {
      errno: -110,
      code: 'ETIMEDOUT',
      syscall: 'connect',
      address: 'fd22:2::2',
      port: 22
    },
    Error: connect ECONNREFUSED 10.22.2.2:22
        at createConnectionError (node:net:1648:14)
        at afterConnectMultiple (node:net:1678:16) {
      errno: -111,
      code: 'ECONNREFUSED',
      syscall: 'connect',
      address: '10.22.2.2',
      port: 22
    }
  ]
}
`;
    const attempts = await diagnoses(saw);
    expect(attempts.map(({ observation: { address, family, symptoms } }) => ({ address, family, symptoms }))).toEqual([
      { address: 'fd22:2::2', family: 6, symptoms: ['times-out'] },
      { address: '10.22.2.2', family: 4, symptoms: ['refused'] },
    ]);
    expect(attempts[0]?.causes.map(({ code }) => code)).not.toContain('host/no-listener');
    expect(attempts[1]?.causes.map(({ code }) => code)).toContain('host/no-listener');
  });

  test('host#78 IPv6 times out before IPv4 works', async () => {
    const saw = `debug1: Connecting to web-1 [fd22:2::2] port 22.
debug1: connect to address fd22:2::2 port 22: Connection timed out
debug1: Connecting to web-1 [10.22.2.2] port 22.
debug1: Connection established.
debug1: Local version string SSH-2.0-OpenSSH_9.2p1
debug1: Remote protocol version 2.0, remote software version OpenSSH_10.0p2 Debian-7
debug1: SSH2_MSG_KEXINIT sent
debug1: SSH2_MSG_KEXINIT received
Authenticated to web-1 ([10.22.2.2]:22) using "publickey".
`;
    const dropping = dump('legacy-reject.iptables-save')
      .replace(
        '-p tcp -m tcp --dport 22 -j REJECT --reject-with icmp-port-unreachable',
        '-p tcp -m tcp --dport 22 -j DROP',
      )
      .replace('iptables-save v1.8.9 on', 'ip6tables-save v1.8.9 (nf_tables) on');
    const [first, ...others] = await diagnoses(
      saw,
      { 'iptables-save': '', 'ip6tables-save': dropping },
      { from: 'fd22:1::2' },
    );
    expect(first?.observation).toMatchObject({ address: 'fd22:2::2', family: 6, symptoms: ['times-out'] });
    expect(first?.causes[0]).toMatchObject({ code: 'host/firewall-drops', standing: 'proved' });
    expect(
      others.every(({ observation }) => observation.family === 4 && observation.symptoms.includes('connects')),
    ).toBe(true);
    const [alone] = await diagnoses(saw);
    const ownIpv6 = alone?.causes.find(({ code }) => code === 'client/no-ipv6');
    expect(ownIpv6?.check.command).toContain('ssh -4');
  });

  test('host#82 "Permission denied" before the connection opens is a route of the client, over IPv4', async () => {
    const saw = 'ssh: connect to host 10.22.2.2 port 22: Permission denied\n';
    const diagnosis = await diagnosed(saw, {}, client);
    expect(diagnosis.causes[0]).toMatchObject({ code: 'client/route-blocks' });
    expect(diagnosis.causes.every(({ place }) => place === 'client')).toBe(true);
    expect(Object.keys(excludedBy(diagnosis))).toContain('login/key-refused');
  });

  test.each([
    ['running', refused],
    ['not started', refused],
    ['running', timedOut],
  ])('host#87 cloud-init is %s, and has made no host keys yet: %j', async (status, saw) => {
    const files = {
      stdout: '-rwxr-xr-x 1 root root 1413768 Aug  1 10:00 /usr/sbin/sshd\n',
      stderr: "ls: cannot access '/etc/ssh/ssh_host_*': No such file or directory\n",
      status: 2,
    };
    const booting = {
      sockets: '',
      files,
      processes: '',
      journal: '',
      'unit ssh.service': inactive,
      'sshd-effective': { stderr: 'sshd: no hostkeys available -- exiting.\n', status: 1 },
      'sshd-test': { stderr: 'sshd: no hostkeys available -- exiting.\n', status: 1 },
      'cloud-init': {
        stdout: `status: ${status}\nextended_status: ${status}\nboot_status_code: enabled-by-generator\n`,
      },
    };
    const { causes } = await diagnosed(saw, booting, client);
    expect(causes[0]).toMatchObject({
      code: 'host/booting',
      standing: 'proved',
      evidence: [{ at: 'cloud-init', line: `status: ${status}` }],
    });
    expect(causes[0]?.fix?.note).toMatch(/retry in \d+ min/);
    // That keys are missing is no fault of its own while they are being made.
    expect(causes.find(({ code }) => code === 'host/no-host-keys')?.standing).not.toBe('proved');
    const done = { ...booting, 'cloud-init': { stdout: 'status: done\n' } };
    const after = await diagnosed(refused, done, client);
    expect(after.causes[0]).toMatchObject({ code: 'host/no-host-keys', standing: 'proved' });
  });

  test('host#90 what failed behind a jump host was dialled by the jump host', async () => {
    const saw =
      'channel 0: open failed: connect failed: Connection refused\nstdio forwarding failed\nkex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535\n';
    const alone = await diagnosed(saw);
    expect(alone.observation).toMatchObject({ through: 'jump-host', symptoms: ['refused'] });
    const ofClient = alone.excluded.filter(({ code }) => code.startsWith('client/'));
    expect(ofClient).toHaveLength(7);
    expect(new Set(ofClient.map(({ because }) => because))).toEqual(new Set(['another machine dialled the target']));
    // The machine lets the client in, and that says nothing of the jump host.
    const { expected, contradictions } = await diagnosed(saw, {}, client);
    expect({ expected, contradictions }).toEqual({ expected: null, contradictions: [] });
  });
});

describe('a reset right behind the handshake', () => {
  test('is none of what closes a connection that was taken for open', async () => {
    const { causes, excluded } = await diagnosed('ssh: connect to host web port 22: Connection reset by peer');
    expect(causes.map(({ code }) => code)).toEqual([
      'host/socket-activation-fails',
      'host/accept-then-reset',
      'path/proxy-without-listener',
    ]);
    expect(excluded.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['host/max-startups', 'host/tcp-wrappers']),
    );
  });
});

import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { remedyFor } from '../../../../providers/host/repair/remedy-for.js';
import { type CauseCode, causeCodes } from '../../../../src/model/index.js';
import { AddressSet } from '../../../../src/set/index.js';
import { givenBundle } from '../../../support/host/given-bundle.js';
import { type osRelease, webMachine } from '../../../support/host/web-machine.js';

type System = keyof typeof osRelease;
type Records = ReturnType<typeof webMachine>;

interface Row {
  readonly tag?: string;
  readonly code: CauseCode;
  readonly system: System;
  readonly records?: Records;
  readonly data?: Readonly<Record<string, string>>;
  readonly port?: number;
  readonly commands: readonly string[];
  readonly note?: RegExp;
}

const client = AddressSet.of('203.0.113.7/32');
const systems: readonly System[] = ['debian', 'ubuntu22', 'ubuntu24', 'rocky', 'amazon', 'alpine', 'cos', 'arch'];

function remedy({ code, system, records, data = {}, port = 22 }: Omit<Row, 'commands'>) {
  return remedyFor(code, { bundle: givenBundle(webMachine(system, records)), data, clients: client, port });
}

const dropIn = (unit: string, text: string) => [
  `mkdir -p /etc/systemd/system/${unit}.d`,
  `printf '${text}' > /etc/systemd/system/${unit}.d/zz-port22.conf`,
  'systemctl daemon-reload',
];
const socket = { 'unit ssh.socket': 'LoadState=loaded\nActiveState=active\nListen=[::]:22 (Stream)\n' };
const mend = 'mkdir -p /run/sshd && sshd -t && systemctl restart ssh';
const again = ['systemctl reset-failed ssh', mend];
const openrcAgain = 'sshd -t && rc-service sshd restart';

const rows: readonly Row[] = [
  // The listener.
  {
    ...{ tag: 'L2', code: 'host/other-port', system: 'rocky', port: 2222 },
    records: { selinux: 'Enforcing\n', 'firewalld-state': 'running\n' },
    commands: [
      'semanage port -a -t ssh_port_t -p tcp 2222',
      'firewall-cmd --permanent --add-port=2222/tcp && firewall-cmd --reload',
      "sed -i '1i Port 2222' /etc/ssh/sshd_config",
      'sshd -t && systemctl restart sshd',
    ],
    note: /cloud's before sshd moves.*keep the session.*systemd-run --on-active=5min/,
  },
  {
    ...{ tag: 'L2 without SELinux', code: 'host/other-port', system: 'rocky', port: 2222 },
    records: { selinux: 'Disabled\n' },
    commands: ["sed -i '1i Port 2222' /etc/ssh/sshd_config", 'sshd -t && systemctl restart sshd'],
  },
  {
    ...{ tag: 'L15', code: 'host/config-not-loaded', system: 'alpine', port: 2222 },
    commands: [openrcAgain],
  },
  {
    ...{ tag: 'L16', code: 'host/socket-port', system: 'ubuntu24', port: 2222, records: socket },
    data: { unit: 'ssh.socket' },
    commands: ['systemctl daemon-reload && systemctl restart ssh.socket'],
    note: /systemctl disable --now ssh.socket && systemctl enable --now ssh.service/,
  },
  {
    ...{ tag: 'L16', code: 'host/socket-port', system: 'ubuntu22', port: 2222, records: socket },
    data: { unit: 'ssh.socket' },
    commands: [
      ...dropIn('ssh.socket', '[Socket]\\nListenStream=\\nListenStream=2222\\n'),
      'systemctl restart ssh.socket',
    ],
  },
  {
    ...{ tag: 'L3 under a socket', code: 'host/listener-loopback-only', system: 'ubuntu24' },
    records: { ...socket, 'file /etc/ssh/sshd_config': 'Port 22\nListenAddress 127.0.0.1\n' },
    commands: [
      "sed -i '2s/^/#/' /etc/ssh/sshd_config",
      'sshd -t && systemctl daemon-reload && systemctl restart ssh.socket',
    ],
    note: /ListenAddress 0\.0\.0\.0 would switch IPv6 off/,
  },
  {
    ...{ tag: 'L7, the address came later', code: 'host/listen-address-absent', system: 'debian' },
    data: { address: '192.0.2.10' },
    commands: [
      ...dropIn('ssh.service', '[Unit]\\nWants=network-online.target\\nAfter=network-online.target\\n'),
      ...again,
    ],
  },
  {
    ...{ tag: 'L7, the address is not there', code: 'host/listen-address-absent', system: 'debian' },
    records: { 'file /etc/ssh/sshd_config': 'ListenAddress 10.99.99.99\n' },
    data: { address: '10.99.99.99' },
    commands: ["sed -i '1s/^/#/' /etc/ssh/sshd_config", ...again],
    note: /ip_nonlocal_bind=1/,
  },
  {
    ...{ tag: 'L9', code: 'host/bind-denied', system: 'rocky', port: 2222, data: { by: 'selinux' } },
    commands: ['semanage port -a -t ssh_port_t -p tcp 2222', 'sshd -t && systemctl restart sshd'],
    note: /semanage port -m/,
  },
  { tag: 'L9', code: 'host/bind-denied', system: 'debian', data: { by: 'user' }, commands: [mend], note: /as root/ },
  {
    ...{ tag: 'L10', code: 'host/bad-config', system: 'debian' },
    data: { file: '/etc/ssh/sshd_config', line: '3' },
    commands: ["sed -i '3s/^/#/' /etc/ssh/sshd_config", ...again],
  },
  { tag: 'L10', code: 'host/bad-config', system: 'alpine', commands: ['sshd -t', openrcAgain] },
  {
    ...{ tag: 'L11', code: 'host/no-host-keys', system: 'debian' },
    commands: ['ssh-keygen -A', 'chmod 600 /etc/ssh/ssh_host_*_key', ...again],
  },
  { tag: 'L11', code: 'host/no-host-keys', system: 'rocky', commands: ['systemctl restart sshd-keygen.target sshd'] },
  {
    ...{ tag: 'L12', code: 'host/no-privsep-directory', system: 'debian', data: { file: '/run/sshd' } },
    commands: ['install -d -o root -g root -m 0755 /run/sshd', ...again],
  },
  {
    ...{ tag: 'L12', code: 'host/no-privsep-directory', system: 'rocky', data: { file: '/var/empty/sshd' } },
    commands: [
      'install -d -o root -g root -m 0755 /var/empty/sshd',
      'systemctl reset-failed sshd',
      'sshd -t && systemctl restart sshd',
    ],
  },
  {
    ...{ tag: 'L17', code: 'host/start-limit', system: 'debian', data: { unit: 'ssh.socket' } },
    commands: [
      'mkdir -p /run/sshd && sshd -t && systemctl reset-failed ssh.socket ssh.service && systemctl restart ssh.socket',
    ],
  },
  {
    ...{ tag: 'L18', code: 'host/booting', system: 'debian' },
    commands: ['cloud-init status --wait'],
    note: /^nothing to change/,
  },
  {
    ...{ tag: 'L19', code: 'host/disabled-by-file', system: 'debian' },
    commands: ['rm /etc/ssh/sshd_not_to_be_run', 'systemctl restart ssh'],
  },
  {
    ...{ tag: 'L20', code: 'host/start-failed-for-good', system: 'debian', data: { unit: 'ssh.service' } },
    commands: ['mkdir -p /run/sshd && sshd -t && systemctl reset-failed ssh.service && systemctl restart ssh.service'],
  },
  {
    ...{ tag: '8.10', code: 'host/unit-private-network', system: 'debian', data: { unit: 'ssh.service' } },
    commands: [...dropIn('ssh.service', '[Service]\\nPrivateNetwork=no\\n'), 'systemctl restart ssh.service'],
  },
  {
    ...{ tag: '8.10', code: 'host/unit-address-deny', system: 'debian', data: { unit: 'ssh.service' } },
    commands: [...dropIn('ssh.service', '[Service]\\nIPAddressAllow=203.0.113.7\\n'), 'systemctl restart ssh.service'],
  },
  // The packet filters and the network stack.
  {
    ...{ tag: 'F9', code: 'host/rate-limit', system: 'debian' },
    data: { rule: '-A ufw-user-input -m recent --update --seconds 30 --hitcount 6 --name DEFAULT -j ufw-user-limit' },
    commands: ['echo -203.0.113.7 > /proc/net/xt_recent/DEFAULT'],
    note: /^nothing to change: wait 30 s without a try/,
  },
  {
    ...{ tag: 'F14', code: 'host/conntrack-full', system: 'debian', data: { count: '65536', max: '65536' } },
    commands: [
      'sysctl -w net.netfilter.nf_conntrack_max=131072',
      "echo 'net.netfilter.nf_conntrack_max = 131072' > /etc/sysctl.d/90-port22.conf",
    ],
  },
  {
    ...{ tag: 'F16', code: 'host/reverse-path-filter', system: 'debian', data: { rule: 'eth0 rp_filter = 1' } },
    commands: ['ip rule add from SELF table 100', 'ip route add default via GATEWAY dev eth0 table 100'],
    note: /rp_filter=2 is enough only where/,
  },
  {
    ...{ tag: 'F17', code: 'host/no-return-route', system: 'debian', data: { rule: 'unreachable 203.0.113.7' } },
    commands: ['ip route del unreachable 203.0.113.7'],
    note: /fail2ban-client set JAIL unbanip/,
  },
  {
    ...{ tag: 'F17', code: 'host/no-return-route', system: 'debian', data: { kind: 'none' } },
    commands: ['ip route add 203.0.113.7 via GATEWAY'],
  },
  {
    ...{ tag: '8.3', code: 'host/neighbour-discovery-dropped', system: 'debian' },
    data: { chain: 'ip6tables filter INPUT' },
    commands: ['ip6tables -I INPUT 1 -p ipv6-icmp -j ACCEPT'],
  },
  {
    ...{ tag: 'F1, no chain is told', code: 'host/firewall-drops', system: 'rocky' },
    records: { 'firewalld-state': 'running\n' },
    commands: ['firewall-cmd --permanent --zone=ZONE --add-service=ssh', 'firewall-cmd --reload'],
  },
  // Bans.
  {
    ...{ tag: 'B1, nothing but the list', code: 'host/banned', system: 'debian', data: { jail: 'sshd' } },
    commands: ['fail2ban-client set sshd unbanip 203.0.113.7'],
    note: /ignoreip/,
  },
  // The daemon.
  {
    ...{ tag: 'P1', code: 'host/max-startups', system: 'debian' },
    commands: ["sed -i '1i MaxStartups 50:30:200' /etc/ssh/sshd_config", 'sshd -t && systemctl reload ssh'],
  },
  {
    ...{ tag: 'P3', code: 'host/per-source-penalty', system: 'debian', data: { until: '2025-11-22T06:00:20.000Z' } },
    records: { 'sshd-effective': 'persourcepenaltyexemptlist 198.51.100.0/24\n' },
    commands: ["sed -i '1i PerSourcePenaltyExemptList 198.51.100.0/24,203.0.113.7' /etc/ssh/sshd_config", mend],
    note: /^nothing has to be changed: wait, until 2025-11-22T06:00:20.000Z/,
  },
  {
    ...{ tag: 'P5', code: 'host/sshd-hung', system: 'debian' },
    records: { processes: '    812       1 Ts      90 sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups\n' },
    commands: ['kill -CONT 812'],
  },
  {
    ...{ tag: 'P5 where nothing tells which', code: 'host/sshd-hung', system: 'alpine' },
    commands: ['rc-service sshd restart'],
    note: /kill -CONT PID/,
  },
  { tag: 'P8', code: 'host/sshd-upgraded', system: 'debian', commands: [mend] },
  {
    ...{ tag: '8.11', code: 'host/socket-connections', system: 'rocky', data: { unit: 'sshd.socket' } },
    commands: [...dropIn('sshd.socket', '[Socket]\\nMaxConnections=256\\n'), 'systemctl restart sshd.socket'],
  },
  { tag: 'P12', code: 'host/login-grace', system: 'debian', commands: [], note: /^nothing to change on the server/ },
  // The way, the client and the login.
  {
    ...{ tag: 'P18', code: 'path/mtu-to-client', system: 'debian' },
    commands: ['sysctl -w net.ipv4.tcp_mtu_probing=1'],
    note: /type 3 code 4/,
  },
  { tag: 'N2', code: 'client/no-ipv6', system: 'debian', commands: ['ssh -4 -p 22 HOST'], note: /^on the client/ },
  { tag: 'A3', code: 'login/account-expired', system: 'debian', data: { user: 'ana' }, commands: ['chage -E -1 ana'] },
];

test.each(rows)('$tag $code on $system', ({ commands, note, ...asked }) => {
  const found = remedy(asked);
  expect(found?.commands).toEqual(commands);
  if (note) expect(found?.note).toMatch(note);
});

describe('every cause, on every distribution, with texts of strangers for each of its values', () => {
  const evil = "x'; reboot; $(reboot) `reboot` | reboot > /reboot #\nreboot";
  const keys = [
    'chain',
    'rule',
    'inside',
    'port',
    'direction',
    'unit',
    'file',
    'line',
    'user',
    'jail',
    'device',
    'address',
  ];
  const values = [...keys, 'ports', 'until', 'max', 'by', 'reason', 'kind', 'process', 'count', 'zone'];
  const hostile = Object.fromEntries(values.map((key) => [key, evil]));
  const rules = {
    ...hostile,
    chain: 'iptables filter INPUT',
    rule: `-A f2b-x -s 203.0.113.7/32 -m comment --comment "${evil}" --match-set ${evil} src -m recent --name ${evil} @${evil}`,
  };
  const told = [
    {},
    hostile,
    rules,
    { ...hostile, chain: `inet $(reboot) reboot;` },
    { rule: `unreachable ${evil}`, chain: `/etc/hosts.deny:1;reboot` },
  ];
  const records: Records = {
    'file /etc/ssh/sshd_config': `Include ${evil.split('\n')[0]}\nListenAddress 127.0.0.1\n`,
    fail2ban: 'Status\n',
    [`fail2ban-jail ${evil}`]: `   \`- Banned IP list:\t203.0.113.7\n`,
    'sshd-effective': `persourcepenaltyexemptlist ${evil}\n`,
    'file /etc/hosts.deny': `sshd: ALL : spawn (${evil})\n`,
  };
  const all = systems.flatMap((system) =>
    causeCodes.flatMap((code) =>
      told.map((data) => ({ code, system, found: remedy({ code, system, data, records }) })),
    ),
  );

  test('none of them gets into a command', () => {
    const bad = all.filter(({ found }) => found?.commands.some((command) => /reboot|\n/.test(command)));
    expect(bad).toEqual([]);
  });

  test('and a shell can read all of them', () => {
    const script = all.flatMap(({ found }) => found?.commands ?? []).join('\n');
    expect(script.length).toBeGreaterThan(10_000);
    expect(spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  test('where there are no commands, a note says what to do', () => {
    const mute = all.filter(({ found }) => found && found.commands.length === 0 && found.note === undefined);
    expect(mute).toEqual([]);
  });

  test('OpenRC is never told what systemd understands', () => {
    const own = all.filter(
      ({ system, found }) => system === 'alpine' && found?.commands.some((one) => /systemctl|journalctl/.test(one)),
    );
    expect([...new Set(own.map(({ code }) => code))]).toEqual([]);
  });
});

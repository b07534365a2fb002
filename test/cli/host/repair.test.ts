import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { f0 } from '../../support/aws/fixture.js';
import { port22, recorded } from '../../support/command.js';
import { bundleFile } from '../../support/host/bundle-file.js';
import { type osRelease, webMachine } from '../../support/host/web-machine.js';
import { schemaErrors } from '../../support/report-schema.js';
import { tempFolder } from '../../support/temp-folder.js';

const folder = tempFolder();
afterAll(() => folder.remove());

type Records = ReturnType<typeof webMachine>;
type System = keyof typeof osRelease;

const CLIENT = '203.0.113.7';

interface Explained {
  readonly verdict: string;
  readonly findings: readonly {
    readonly fixes: readonly {
      readonly for: string;
      readonly command: string;
      readonly checked: boolean;
      readonly gains: readonly string[];
      readonly note?: string;
    }[];
  }[];
}

async function explained(records: Records, from = CLIENT, ...options: readonly string[]) {
  const { out } = await port22([
    'explain',
    'web-1',
    '--from',
    from,
    '--host',
    bundleFile(folder.path, records),
    '--format',
    'json',
    ...options,
  ]);
  const report = JSON.parse(out) as { readonly targets: readonly Explained[] };
  expect(schemaErrors(report)).toEqual([]);
  const [target] = report.targets;
  if (!target) throw new Error(out);
  return { verdict: target.verdict, fixes: target.findings.flatMap(({ fixes }) => fixes) };
}

const filter = (...lines: readonly string[]) => `*filter\n${lines.join('\n')}\nCOMMIT\n`;
const shut = filter(':INPUT DROP [0:0]', ':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]');
const nft = (...objects: readonly object[]) => JSON.stringify({ nftables: objects });
const nftShut = nft(
  { table: { family: 'inet', name: 'guard', handle: 1 } },
  {
    chain: {
      ...{ family: 'inet', table: 'guard', name: 'incoming', handle: 1 },
      ...{ type: 'filter', hook: 'input', prio: 0, policy: 'drop' },
    },
  },
);
const legacy = { 'file /proc/net/ip_tables_names': 'filter\n', 'iptables-legacy-save': shut };
const rejecting = (how: string) =>
  filter(
    ':INPUT ACCEPT [0:0]',
    ':FORWARD ACCEPT [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    `-A INPUT -j REJECT --reject-with ${how}`,
  );

const insert = `iptables -I INPUT 1 -s ${CLIENT} -p tcp --dport 22 -j ACCEPT`;

describe('a rule goes before those that stop the client, in the chain that stops it, and is proved', () => {
  test.each<[name: string, records: Records, command: string]>([
    ['the policy of iptables', { 'iptables-save': shut }, insert],
    ['a reject of the images of OCI', { 'iptables-save': rejecting('icmp-host-prohibited') }, insert],
    ['a reset', { 'iptables-save': rejecting('tcp-reset') }, insert],
    ['the legacy backend', legacy, insert.replace('iptables', 'iptables-legacy')],
    [
      'a table of nft',
      { 'nft-json': nftShut },
      `nft insert rule inet guard incoming ip saddr ${CLIENT} tcp dport 22 accept`,
    ],
    [
      'raw',
      { 'iptables-save': '*raw\n:PREROUTING DROP [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n' },
      `iptables -t raw -I PREROUTING 1 -s ${CLIENT} -p tcp --dport 22 -j ACCEPT`,
    ],
    [
      'the way out',
      { 'iptables-save': shut.replace('INPUT DROP', 'INPUT ACCEPT').replace('OUTPUT ACCEPT', 'OUTPUT DROP') },
      `iptables -I OUTPUT 1 -d ${CLIENT} -p tcp --sport 22 -j ACCEPT`,
    ],
    [
      'behind a redirection the port that the chain sees',
      {
        'iptables-save': `*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -m tcp --dport 22 -j REDIRECT --to-ports 2222\nCOMMIT\n${shut}`,
        sockets: 'LISTEN 0 128 0.0.0.0:2222 0.0.0.0:* users:(("sshd",pid=812,fd=3)) ino:1 sk:1 <->\n',
      },
      insert.replace('--dport 22', '--dport 2222'),
    ],
  ])('%s', async (_name, records, command) => {
    const { verdict, fixes } = await explained(webMachine('debian', records));
    expect(verdict).toBe('unreachable');
    expect(fixes).toMatchObject([{ command, checked: true, gains: [`${CLIENT}/32`] }]);
  });

  test('in each chain that stops it', async () => {
    const { fixes } = await explained(webMachine('debian', { 'iptables-save': shut, 'nft-json': nftShut }));
    expect(fixes.map(({ command, checked }) => [command, checked])).toEqual([
      [insert, true],
      [`nft insert rule inet guard incoming ip saddr ${CLIENT} tcp dport 22 accept`, true],
    ]);
  });

  test('of IPv6', async () => {
    const records = webMachine('debian', { 'ip6tables-save': shut });
    const { fixes } = await explained(records, '2001:db8:1::7');
    expect(fixes).toMatchObject([
      { command: 'ip6tables -I INPUT 1 -s 2001:db8:1::7 -p tcp --dport 22 -j ACCEPT', checked: true },
    ]);
  });

  test('for a block of clients', async () => {
    const { fixes } = await explained(webMachine('debian', { 'nft-json': nftShut }), '203.0.113.0/24,198.51.100.7');
    expect(fixes).toMatchObject([
      {
        command: "nft 'insert rule inet guard incoming ip saddr { 198.51.100.7, 203.0.113.0/24 } tcp dport 22 accept'",
        checked: true,
        gains: ['198.51.100.7/32', '203.0.113.0/24'],
      },
    ]);
  });

  test('never to everybody: clients that are too many to be named get no command', async () => {
    const many = Array.from({ length: 9 }, (_, i) => `203.0.113.${2 * i}`).join(',');
    expect((await explained(webMachine('debian', { 'iptables-save': shut }), many)).fixes).toEqual([]);
  });

  test.each<[System, RegExp]>([
    ['debian', /netfilter-persistent save/],
    ['rocky', /service iptables save/],
    ['alpine', /rc-service iptables save/],
    ['cos', /gone after the next boot/],
  ])('and the note says how %s keeps it', async (system, note) => {
    const { fixes } = await explained(webMachine(system, { 'iptables-save': shut }));
    expect(fixes[0]?.note).toMatch(note);
  });
});

describe('what manages the rules changes them', () => {
  const ufwRules = filter(
    ':INPUT DROP [0:0]',
    ':FORWARD DROP [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ':ufw-before-input - [0:0]',
    ':ufw-user-input - [0:0]',
    '-A INPUT -j ufw-before-input',
    '-A ufw-before-input -j ufw-user-input',
    '-A ufw-user-input -s 203.0.113.0/24 -p tcp -m tcp --dport 22 -j DROP',
    '-A ufw-user-input -p tcp -m tcp --dport 443 -j ACCEPT',
  );
  const ufwState = {
    'iptables-save': ufwRules,
    'ufw-status': 'Status: active\nLogging: on (low)\nDefault: deny (incoming), allow (outgoing), disabled (routed)\n',
    'ufw-numbered':
      'Status: active\n\n     To                         Action      From\n     --                         ------      ----\n[ 1] 443/tcp                    ALLOW IN    Anywhere\n[ 2] 22/tcp                     DENY IN     203.0.113.0/24\n',
  };

  test.each([
    ['before the rule that stops the client', CLIENT, `ufw insert 2 allow from ${CLIENT} to any port 22 proto tcp`],
    ['where its default does', '198.51.100.9', 'ufw allow from 198.51.100.9 to any port 22 proto tcp'],
  ])('ufw: %s', async (_name, client, command) => {
    const { fixes } = await explained(webMachine('debian', ufwState), client);
    expect(fixes).toMatchObject([{ command, checked: true, gains: [`${client}/32`] }]);
  });

  test('ufw does not help against a rule that stands before its chains', async () => {
    const before = ufwRules.replace('-A INPUT', `-A INPUT -s ${CLIENT}/32 -j DROP\n-A INPUT`);
    const { fixes } = await explained(webMachine('debian', { ...ufwState, 'iptables-save': before }));
    expect(fixes[0]?.command).toBe(insert);
    expect(fixes.every(({ checked }) => checked)).toBe(true);
  });

  const firewalld = {
    'nft-json': nftShut.replaceAll('guard', 'firewalld').replaceAll('incoming', 'filter_INPUT'),
    'firewalld-state': 'running\n',
    'firewalld-default': 'public\n',
    firewalld:
      'public (active)\n  target: default\n  interfaces: eth0\n  sources: \n  services: dhcpv6-client\n  ports: \n  rich rules: \n',
  };

  test('firewalld: the zone of the packet, and nothing is said to be proved', async () => {
    const { fixes } = await explained(webMachine('rocky', firewalld));
    expect(fixes).toMatchObject([
      {
        command: 'firewall-cmd --permanent --zone=public --add-service=ssh && firewall-cmd --reload',
        checked: false,
        gains: [],
        note: expect.stringMatching(/everybody/),
      },
    ]);
    const { out } = await port22([
      'explain',
      'web-1',
      '--from',
      CLIENT,
      '--host',
      bundleFile(folder.path, webMachine('rocky', firewalld)),
    ]);
    expect(out).toContain(
      '  fix   firewall-cmd --permanent --zone=public --add-service=ssh && firewall-cmd --reload\n',
    );
    expect(out).toContain('        not proved: ');
    expect(out).not.toContain('checked:');
  });
});

describe('a ban is taken back where it was made', () => {
  const chain = (rule: string) =>
    filter(
      ':INPUT ACCEPT [0:0]',
      ':FORWARD ACCEPT [0:0]',
      ':OUTPUT ACCEPT [0:0]',
      ':f2b-sshd - [0:0]',
      '-A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd',
      rule,
      '-A f2b-sshd -j RETURN',
    );
  const own = chain(`-A f2b-sshd -s ${CLIENT}/32 -j REJECT --reject-with icmp-port-unreachable`);
  const asked = (list: string) => ({
    fail2ban: 'Status\n|- Number of jail:\t1\n`- Jail list:\tsshd\n',
    'fail2ban-jail sshd': `Status for the jail: sshd\n\`- Actions\n   \`- Banned IP list:\t${list}\n`,
    'fail2ban-actions sshd': 'The jail sshd has the following actions:\niptables-multiport\n',
  });
  const row = (entry: string) => ({
    'fail2ban-bans sshd': `${entry} \t2026-11-29 04:52:27 + 600 = 2026-11-29 05:02:27\n`,
  });
  const killed = {
    fail2ban: {
      status: 255,
      stderr: 'Failed to access socket path: /var/run/fail2ban/fail2ban.sock. Is fail2ban running?\n',
    },
  };

  test.each<[name: string, records: Records, command: string]>([
    ['by its jail', { 'iptables-save': own, ...asked(CLIENT) }, `fail2ban-client set sshd unbanip ${CLIENT}`],
    [
      'by the block that was banned',
      {
        'iptables-save': own.replace(`${CLIENT}/32`, '203.0.113.0/24'),
        ...asked('203.0.113.0/24'),
        ...row('203.0.113.0/24'),
      },
      'fail2ban-client set sshd unbanip 203.0.113.0/24',
    ],
    [
      'by its rule, where fail2ban was killed',
      { 'iptables-save': own, ...killed },
      `iptables -D f2b-sshd -s ${CLIENT}/32 -j REJECT --reject-with icmp-port-unreachable`,
    ],
    [
      'by the entry of its set, where fail2ban was killed',
      {
        ...killed,
        ipset: `create f2b-sshd hash:ip family inet hashsize 1024 maxelem 65536\nadd f2b-sshd ${CLIENT}\n`,
        'iptables-save': filter(
          ':INPUT ACCEPT [0:0]',
          '-A INPUT -p tcp -m multiport --dports 22 -m set --match-set f2b-sshd src -j REJECT --reject-with icmp-port-unreachable',
        ),
      },
      `ipset del f2b-sshd ${CLIENT}`,
    ],
    [
      'by the element of nft, where fail2ban was killed',
      {
        ...killed,
        'nft-json': nft(
          { table: { family: 'inet', name: 'f2b-table', handle: 1 } },
          {
            set: {
              family: 'inet',
              table: 'f2b-table',
              name: 'addr-set-sshd',
              type: 'ipv4_addr',
              handle: 2,
              elem: [CLIENT],
            },
          },
          {
            chain: {
              ...{ family: 'inet', table: 'f2b-table', name: 'f2b-chain', handle: 3 },
              ...{ type: 'filter', hook: 'input', prio: -1, policy: 'accept' },
            },
          },
          {
            rule: {
              ...{ family: 'inet', table: 'f2b-table', chain: 'f2b-chain', handle: 4 },
              expr: [
                { match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right: 22 } },
                { match: { op: '==', left: { payload: { protocol: 'ip', field: 'saddr' } }, right: '@addr-set-sshd' } },
                { reject: { type: 'icmp', expr: 'port-unreachable' } },
              ],
            },
          },
        ),
      },
      `nft 'delete element inet f2b-table addr-set-sshd { ${CLIENT} }'`,
    ],
    [
      'by its line of hosts.deny',
      { 'file /etc/hosts.deny': `# no one\nsshd: ${CLIENT}\n` },
      "sed -i '2d' /etc/hosts.deny",
    ],
    [
      'before the line of hosts.deny, where that is about more than the client',
      { 'file /etc/hosts.deny': 'ALL: ALL\n' },
      `echo 'sshd: ${CLIENT}' >> /etc/hosts.allow`,
    ],
    [
      'before the line of hosts.allow that denies it',
      { 'file /etc/hosts.allow': 'sshd: 203.0.113. : deny\n' },
      `sed -i '1i sshd: ${CLIENT}' /etc/hosts.allow`,
    ],
  ])('%s', async (_name, records, command) => {
    const { verdict, fixes } = await explained(webMachine('debian', records));
    expect(verdict).toBe('unreachable');
    expect(fixes).toMatchObject([{ command, checked: true, gains: [`${CLIENT}/32`] }]);
  });

  test('what is not the client alone is not deleted', async () => {
    const block = own.replace(`${CLIENT}/32`, '203.0.113.0/24');
    const { fixes } = await explained(webMachine('debian', { 'iptables-save': block, ...killed }));
    expect(fixes).toMatchObject([{ command: 'iptables -D f2b-sshd RULE-NUMBER' }]);
  });
});

describe('texts of strangers get into no command', () => {
  const evil = "x; reboot $(reboot) `reboot` ' | reboot";

  test.each<[name: string, records: Records]>([
    [
      'the comment of a rule that bans',
      {
        'iptables-save': filter(
          ':INPUT ACCEPT [0:0]',
          `-A INPUT -s ${CLIENT}/32 -m comment --comment "by Fail2Ban after 5 attempts against ${evil}" -j REJECT --reject-with icmp-port-unreachable`,
        ),
      },
    ],
    [
      'the name of a chain',
      {
        'iptables-save': filter(
          ':INPUT ACCEPT [0:0]',
          ':f2b-$(reboot) - [0:0]',
          '-A INPUT -j f2b-$(reboot)',
          '-A f2b-$(reboot) -j DROP',
        ),
      },
    ],
    ['the name of a table', { 'nft-json': nftShut.replaceAll('guard', '$(reboot)') }],
    ['the name of a chain of nft', { 'nft-json': nftShut.replaceAll('incoming', '`reboot`') }],
    ['a line of hosts.deny', { 'file /etc/hosts.deny': `sshd: ${CLIENT} : spawn (${evil})\n` }],
    ['os-release', { 'iptables-save': shut, 'file /etc/os-release': `ID=$(reboot)\nVERSION_ID=${evil}\n` }],
  ])('%s', async (_name, records) => {
    const { verdict, fixes } = await explained(webMachine('debian', records));
    expect(verdict).not.toBe('reachable');
    expect(fixes.map(({ command }) => command).join('\n')).not.toMatch(/reboot/);
  });
});

describe('a machine in a cloud', () => {
  const addressed = webMachine('debian');
  const own = {
    ...addressed,
    addresses: `${addressed.addresses}`.replaceAll('192.0.2.10', '10.0.1.10'),
    routes: `${addressed.routes}`.replaceAll('192.0.2.1"', '10.0.1.1"').replaceAll('192.0.2.0', '10.0.1.0'),
  };

  async function judged(from: string, records: Records) {
    const host = bundleFile(folder.path, records);
    const { out } = await port22([
      'explain',
      'i-1',
      '--from',
      from,
      '--in',
      recorded(f0().documents('cli'), join(folder.path, 'cloud')),
      '--host',
      host,
      '--format',
      'json',
    ]);
    const report = JSON.parse(out) as { readonly targets: readonly Explained[] };
    const findings = report.targets[0]?.findings ?? [];
    return findings.flatMap(({ fixes }) => fixes.map(({ for: code, checked }) => [code, checked]));
  }

  test('a change to the cloud proves nothing where the machine stops the client as well', async () => {
    const noWayBack = { ...own, sockets: '' };
    expect(await judged('192.0.2.77', noWayBack)).toEqual([
      ['aws/sg-no-inbound', false],
      ['host/no-listener', false],
    ]);
  });

  test('changes to both are proved together', async () => {
    expect(await judged('192.0.2.77', { ...own, 'iptables-save': shut })).toEqual([
      ['aws/sg-no-inbound', true],
      ['host/firewall-drops', true],
    ]);
  });
});

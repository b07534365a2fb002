import { afterAll, describe, expect, test } from '@jest/globals';
import { port22 } from '../../support/command.js';
import { bundleFile } from '../../support/host/bundle-file.js';
import { type osRelease, webMachine } from '../../support/host/web-machine.js';
import { schemaErrors } from '../../support/report-schema.js';
import { tempFolder } from '../../support/temp-folder.js';

const folder = tempFolder();
afterAll(() => folder.remove());

type Records = ReturnType<typeof webMachine>;
type System = keyof typeof osRelease;

const CLIENT = '203.0.113.7';
const shut = '*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n';
const insert = `iptables -I INPUT 1 -s ${CLIENT} -p tcp --dport 22 -j ACCEPT`;

interface Diagnosed {
  readonly attempts: readonly {
    readonly causes: readonly {
      readonly code: string;
      readonly standing: string;
      readonly fix: { readonly commands: readonly string[]; readonly note?: string } | null;
    }[];
  }[];
}

async function diagnosed(saw: string, records: Records | undefined, from = CLIENT, ...options: readonly string[]) {
  const host = records ? ['--host', bundleFile(folder.path, records)] : [];
  const args = ['diagnose', '--saw', saw, '--from', from, ...host, ...options];
  const { out } = await port22([...args, '--format', 'json']);
  const report = JSON.parse(out) as Diagnosed;
  expect(schemaErrors(report, 'diagnosis')).toEqual([]);
  const causes = report.attempts.flatMap((attempt) => attempt.causes);
  return {
    causes,
    fixOf: (code: string) => causes.find((cause) => cause.code === code)?.fix,
    text: (await port22(args)).out,
  };
}

const refused = 'ssh: connect to host 192.0.2.10 port 22: Connection refused';
const timedOut = 'ssh: connect to host 192.0.2.10 port 22: Connection timed out';

describe('a diagnosis', () => {
  test('offers for what it proves what was put through the engine', async () => {
    const { fixOf, text } = await diagnosed(timedOut, webMachine('debian', { 'iptables-save': shut }));
    expect(fixOf('host/firewall-drops')?.commands).toEqual([insert]);
    expect(text).toContain(`    fix     ${insert}\n`);
  });

  test('without a bundle tells the commands of Debian, and those of RHEL beside them', async () => {
    const { fixOf, text } = await diagnosed(refused, undefined);
    const fix = fixOf('host/no-listener');
    expect(fix?.commands).toEqual(['apt-get install -y openssh-server', 'systemctl enable --now ssh']);
    expect(fix?.note).toContain(
      'on RHEL, Fedora and Amazon Linux: dnf install -y openssh-server && systemctl enable --now sshd',
    );
    // Of causes that are merely possible only the first is told with its fix.
    expect(text.match(/^ {4}fix /gm)).toHaveLength(1);
  });

  const none = { sockets: '' };
  const there = { 'sshd-effective': 'port 22\n' };
  test.each<[System, Records, readonly string[]]>([
    [
      'debian',
      { 'sshd-effective': { outcome: 'absent' } },
      ['apt-get install -y openssh-server', 'systemctl enable --now ssh'],
    ],
    ['debian', there, ['systemctl enable --now ssh']],
    [
      'rocky',
      { 'sshd-effective': { outcome: 'absent' } },
      ['dnf install -y openssh-server', 'systemctl enable --now sshd'],
    ],
    ['amazon', there, ['systemctl enable --now sshd']],
    ['alpine', there, ['rc-update add sshd default', 'rc-service sshd start']],
    ['cos', there, ['systemctl enable --now sshd']],
    [
      'ubuntu24',
      { ...there, 'unit ssh.socket': 'LoadState=loaded\nActiveState=inactive\nUnitFileState=enabled\n' },
      ['systemctl enable --now ssh.socket'],
    ],
    [
      'arch',
      { ...there, 'unit sshd.service': 'LoadState=loaded\nActiveState=inactive\n' },
      ['systemctl enable --now sshd'],
    ],
  ])('L1 on %s %#', async (system, records, commands) => {
    const { fixOf } = await diagnosed(refused, webMachine(system, { ...none, ...records }));
    expect(fixOf('host/no-listener')?.commands).toEqual(commands);
  });

  test.each<[name: string, code: string, system: System, records: Records, commands: readonly string[]]>([
    [
      'a listener of IPv6 only',
      'host/listener-ipv6-only',
      'debian',
      {
        sockets: 'LISTEN 0 128 [::]:22 [::]:* users:(("sshd",pid=812,fd=4)) ino:2 sk:2 v6only:1 <->\n',
        'file /etc/ssh/sshd_config': '# mine\nAddressFamily inet6\n',
      },
      ["sed -i '2s/^/#/' /etc/ssh/sshd_config", 'mkdir -p /run/sshd && sshd -t && systemctl restart ssh'],
    ],
    [
      'another port',
      'host/other-port',
      'rocky',
      { sockets: 'LISTEN 0 128 0.0.0.0:2222 0.0.0.0:* users:(("sshd",pid=812,fd=3)) ino:1 sk:1 <->\n' },
      ["sed -i '1i Port 22' /etc/ssh/sshd_config", 'sshd -t && systemctl restart sshd'],
    ],
  ])('%s', async (_name, code, system, records, commands) => {
    const { fixOf } = await diagnosed(refused, webMachine(system, records));
    expect(fixOf(code)?.commands).toEqual(commands);
  });
});

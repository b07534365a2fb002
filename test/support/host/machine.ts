import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DiagnosedAttempt, DiagnosisReport, Report, TargetReport } from '../../../src/model/index.js';
import { port22, type Ran } from '../command.js';
import { schemaErrors } from '../report-schema.js';
import { tempFolder } from '../temp-folder.js';
import { bundleText } from './bundle-text.js';
import { type Given, givenBundle } from './given-bundle.js';

/** The records of a bundle by their key. Undefined takes a record out of those of the healthy machine. */
export type Records = Readonly<Record<string, Given | undefined>>;

export const absent: Given = { outcome: 'absent' };

/** When the machines of the tests were asked. */
const takenAt = 1_764_390_000;
/** A moment so many seconds before that, as journalctl -o short-iso and syslog of today write it. */
export function ago(seconds: number): string {
  return new Date((takenAt - seconds) * 1000).toISOString().replace('.000Z', '+00:00');
}

const inet = (local: string, prefixlen: number) => ({
  family: local.includes(':') ? 'inet6' : 'inet',
  local,
  prefixlen,
  scope: local === '127.0.0.1' || local === '::1' ? 'host' : 'global',
});

const device = (ifname: string, addresses: readonly string[]) => ({
  ifname,
  flags: ['UP', 'LOWER_UP'],
  addr_info: addresses.map((address) => inet(address, address.includes(':') ? 64 : 24)),
});

/** `ip -j addr` of the server: by device, its addresses. */
function addresses(devices: Readonly<Record<string, readonly string[]>>): string {
  return JSON.stringify(Object.entries({ lo: ['127.0.0.1', '::1'], ...devices }).map((one) => device(...one)));
}

const rule = (table: string, priority: number) => ({ priority, src: 'all', table });
const threeTables = JSON.stringify([rule('local', 0), rule('main', 32_766), rule('default', 32_767)]);

const config = 'port 22\naddressfamily any\nlistenaddress [::]:22\nlistenaddress 0.0.0.0:22\nmaxstartups 10:30:100\n';

const unit = (name: string, more: string) =>
  `Id=${name}\nLoadState=loaded\n${more}\nResult=success\nExecMainStatus=0\nNRestarts=0\n`;
const running = unit('ssh.service', 'ActiveState=active\nSubState=running\nUnitFileState=enabled');
export const inactive = unit('ssh.service', 'ActiveState=inactive\nSubState=dead\nUnitFileState=enabled');
const noUnit = 'Id=x\nLoadState=not-found\nActiveState=inactive\nSubState=dead\n';

export const sshdRow = (address: string, v6only = false) =>
  `LISTEN 0 128 ${address} ${address.startsWith('[') ? '[::]:*' : '0.0.0.0:*'} users:(("sshd",pid=700,fd=3)) ino:24106 sk:1 cgroup:/system.slice/ssh.service${v6only ? ' v6only:1' : ''} <->\n`;

/** A Debian machine on which everything is well: 10.22.2.2, 10.22.2.3 and fd22:2::2 at eth0, sshd on 22, no packet filter. */
const healthy: Records = {
  uname: 'Linux web-1 6.12.0-amd64 #1 SMP Debian x86_64 GNU/Linux\n',
  'file /etc/os-release': 'ID=debian\nVERSION_ID="13"\n',
  'file /proc/1/comm': 'systemd\n',
  sockets: sshdRow('0.0.0.0:22') + sshdRow('[::]:22', true),
  'proc-tcp': absent,
  'proc-tcp6': absent,
  addresses: addresses({ eth0: ['10.22.2.2', '10.22.2.3', 'fd22:2::2'] }),
  rules: threeTables,
  rules6: threeTables,
  routes: JSON.stringify([
    { dst: 'default', gateway: '10.22.2.1', dev: 'eth0', flags: [] },
    { dst: '10.22.2.0/24', dev: 'eth0', scope: 'link', flags: [] },
  ]),
  routes6: JSON.stringify([
    { dst: 'default', gateway: 'fd22:2::1', dev: 'eth0', flags: [] },
    { dst: 'fd22:2::/64', dev: 'eth0', flags: [] },
  ]),
  neighbours: '[]',
  'sshd-version': { stderr: 'OpenSSH_10.0p2 Debian-7, OpenSSL 3.5.1 1 Jul 2025\n' },
  'sshd-effective': config,
  'sshd-test': '',
  processes: '    700       1 Ss    86400 sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups\n',
  'unit ssh.service': running,
  'unit sshd.service': noUnit,
  'unit ssh.socket': noUnit,
  'unit sshd.socket': noUnit,
  'iptables-save': absent,
  'ip6tables-save': absent,
  'file /proc/net/ip_tables_names': absent,
  'file /proc/net/ip6_tables_names': absent,
  'nft-json': '{"nftables": [{"metainfo": {"version": "1.1.3", "json_schema_version": 1}}]}\n',
  ipset: absent,
  'ufw-status': absent,
  'firewalld-state': absent,
  fail2ban: absent,
  'file /etc/hosts.allow': absent,
  'file /etc/hosts.deny': absent,
  'end /etc/hosts.deny': '\n',
  libwrap: ['/usr/sbin/sshd', '/usr/lib/openssh/sshd-session']
    .map((file) => `${file}:\n\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f0000000000)\n`)
    .join(''),
  journal: `${ago(86_400)} web-1 sshd[700]: Server listening on 0.0.0.0 port 22.\n`,
  'kernel-log': '',
  sysctl: 'net.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.eth0.rp_filter = 0\nnet.ipv4.ip_forward = 0\n',
  'cloud-init': absent,
};

interface Taken {
  readonly uid?: number | undefined;
  /** Seconds after the moment at which the machines of the tests were asked. */
  readonly after?: number;
}

/** The bundle of a machine that differs from the healthy one in these records. */
export function textOfMachine(records: Records, { uid = 0, after = 0 }: Taken = {}): string {
  const all = Object.entries({ uid: `${uid}\n`, port: '22\n', ...healthy, ...records });
  const kept = all.flatMap(([key, told]) => (told === undefined ? [] : [[key, told] as const]));
  return bundleText(givenBundle(Object.fromEntries(kept), (takenAt + after) * 1000));
}

export interface Asked {
  /** 10.22.1.2 to 10.22.2.2, port 22, unless said; over IPv6 fd22:1::2 to fd22:2::2. */
  readonly from?: string;
  readonly to?: string;
  readonly port?: number;
  readonly uid?: number;
  /** What the machine told a minute before, before the attempt. */
  readonly before?: Records;
}

/** The texts of bundles by the option that takes them. */
type Bundles = Readonly<Partial<Record<'--host' | '--host-before', string>>>;

export const overIpv6: Asked = { from: 'fd22:1::2', to: 'fd22:2::2' };

/** Lends the files of bundles, as the arguments that name them. */
async function withBundles<T>(
  bundles: Bundles,
  use: (args: readonly string[], folder: string) => Promise<T>,
): Promise<T> {
  const folder = tempFolder();
  try {
    const named = Object.entries(bundles).map(([option, text]) => ({
      option,
      text,
      name: `${option.slice(2)}.bundle`,
    }));
    folder.write(Object.fromEntries(named.map(({ name, text }) => [name, text])));
    const given = named.flatMap(({ option, name }) => [option, `${folder.path}/${name}`]);
    return await use(given, `${folder.path}/`);
  } finally {
    folder.remove();
  }
}

/** A machine as it told, and what it told a minute before. */
function bundlesOf(records: Records, { uid, before }: Pick<Asked, 'uid' | 'before'> = {}): Bundles {
  return {
    '--host': textOfMachine(records, { uid }),
    ...(before && { '--host-before': textOfMachine(before, { uid, after: -60 }) }),
  };
}

/** What a verdict says in short: its symptom, and the causes in their order. */
export function inShort({ verdict, symptom, findings }: TargetReport) {
  return { verdict, symptom, causes: findings.flatMap(({ causes }) => causes.map(({ code }) => code)) };
}

export const reachable = { verdict: 'reachable', symptom: 'connects', causes: [] };
export function stopped(symptom: string, ...causes: readonly string[]) {
  return { verdict: 'unreachable', symptom, causes };
}

/** By standing, the causes of a diagnosis in their order. */
export function standings({ causes }: DiagnosedAttempt) {
  const of = (wanted: string) => causes.filter(({ standing }) => standing === wanted).map(({ code }) => code);
  return { proved: of('proved'), likely: of('likely'), possible: of('possible') };
}

/** By cause, why it is none. */
export function excludedBy({ excluded }: DiagnosedAttempt): Readonly<Record<string, string>> {
  return Object.fromEntries(excluded.map(({ code, because }) => [code, because]));
}

/** A dump that a real tool printed. */
export function dump(name: string): string {
  return readFileSync(join(__dirname, 'dumps', name), 'utf8');
}

const onlyOne = <T>(list: readonly T[]): T => {
  const [one, ...others] = list;
  if (one === undefined || others.length > 0) throw new Error(`one expected, ${list.length} came`);
  return one;
};

/** What `port22 explain` says of a machine that differs from the healthy one in these records. */
export async function explained(records: Records, asked: Asked = {}): Promise<TargetReport> {
  const { from = '10.22.1.2', to = '10.22.2.2', port = 22 } = asked;
  return withBundles(bundlesOf(records, asked), async (given) => {
    const args = ['explain', to, '--from', from, '--port', `${port}`, ...given];
    const { out, err } = await port22([...args, '--format', 'json']);
    if (out === '') throw new Error(err);
    const report: Report = JSON.parse(out);
    if (schemaErrors(report).length > 0) throw new Error(schemaErrors(report).join('\n'));
    return onlyOne(report.targets);
  });
}

/** What remains of all causes, as explain tells it where it is told what the client printed. */
export async function explainedSaw(
  saw: string,
  records: Records,
  before?: Records,
): Promise<readonly DiagnosedAttempt[]> {
  return withBundles(bundlesOf(records, before && { before }), async (given) => {
    const args = ['explain', '10.22.2.2', '--from', '10.22.1.2', ...given, '--saw', saw, '--format', 'json'];
    const report: Report = JSON.parse((await port22(args)).out);
    if (schemaErrors(report).length > 0) throw new Error(schemaErrors(report).join('\n'));
    return report.diagnosis ?? [];
  });
}

/** The same as people read it. */
export async function explainedText(records: Records, asked: Asked = {}): Promise<string> {
  const { from = '10.22.1.2', to = '10.22.2.2', port = 22 } = asked;
  return withBundles(bundlesOf(records, asked), async (given) => {
    const { out } = await port22(['explain', to, '--from', from, '--port', `${port}`, ...given]);
    return out;
  });
}

/** What a client printed, with the bundles of the machine by the name of their option. */
export interface DiagnosisAsked {
  readonly saw: string;
  readonly bundles?: Bundles;
  readonly options?: readonly string[];
}

/** What `port22 diagnose` does with bundles, whole or broken. */
export async function diagnosisRun({ saw, bundles = {}, options = [] }: DiagnosisAsked): Promise<Ran> {
  return withBundles(bundles, async (given, folder) => {
    const { exitCode, out, err } = await port22(['diagnose', '--saw', saw, ...given, ...options]);
    return { exitCode, out, err: err.replaceAll(folder, '') };
  });
}

/** What `port22 diagnose` makes of what a client printed; of a machine where records are given. */
export async function diagnoses(
  saw: string,
  records?: Records,
  asked: Asked = {},
): Promise<readonly DiagnosedAttempt[]> {
  const { from, port } = asked;
  const about = [...(from === undefined ? [] : ['--from', from]), ...(port === undefined ? [] : ['--port', `${port}`])];
  const bundles = records ? bundlesOf(records, asked) : {};
  const { out, err } = await diagnosisRun({ saw, bundles, options: [...about, '--format', 'json'] });
  if (out === '') throw new Error(err);
  const report: DiagnosisReport = JSON.parse(out);
  const errors = schemaErrors(report, 'diagnosis');
  if (errors.length > 0) throw new Error(errors.join('\n'));
  return report.attempts;
}

/** The same for a text that shows one attempt. */
export async function diagnosed(saw: string, records?: Records, asked: Asked = {}): Promise<DiagnosedAttempt> {
  return onlyOne(await diagnoses(saw, records, asked));
}

import type { Remedy } from '../../../src/provider.js';
import { parseAddress } from '../../../src/set/index.js';
import type { Bundle } from '../bundle.js';
import { ownAddresses } from '../own-addresses.js';
import { systemdUnit } from '../systemd-unit.js';
import { cautions } from './cautions.js';
import { noteOf, type Recipe, type Setting } from './remedy.js';
import {
  beforePort,
  dropIn,
  firstLine,
  listenAnew,
  moveNotes,
  ofSystemd,
  restart,
  socketPort,
  startAgain,
  stopOther,
  testedRestart,
  withoutAddresses,
} from './service.js';
import { isPlainPath, unitName, wordOr } from './words.js';

/** Whether sshd is on the machine; undefined where that is not told. */
function isInstalled(bundle: Bundle | undefined): boolean | undefined {
  const record = bundle?.records.get('sshd-effective');
  return record && record.outcome !== 'absent';
}

const packages = {
  debian: 'apt-get install -y openssh-server',
  rhel: 'dnf install -y openssh-server',
  alpine: 'apk add openssh',
  cos: undefined,
  unknown: undefined,
} as const;

function started({ system, bundle }: Setting): readonly string[] {
  const { init, unit } = system;
  if (init === 'openrc') return [`rc-update add ${unit} default`, `rc-service ${unit} start`];
  const service = bundle && systemdUnit(bundle, `${unit}.service`);
  const socket = bundle && systemdUnit(bundle, 'ssh.socket');
  const isMasked = service?.loadState === 'masked' || service?.unitFileState === 'masked';
  // A socket that is enabled starts sshd with the first connection, and the service then stays off by itself.
  const what = socket?.unitFileState === 'enabled' ? 'ssh.socket' : unit;
  return [...(isMasked ? [`systemctl unmask ${unit}`] : []), `systemctl enable --now ${what}`];
}

const noListener: Recipe = (setting) => {
  const { system, bundle } = setting;
  const installed = isInstalled(bundle);
  const install = installed === true ? undefined : packages[system.family];
  const commands = [...(install === undefined ? [] : [install]), ...beforePort(setting), ...started(setting)];
  return {
    commands,
    ...noteOf(installed === undefined && 'where sshd is installed, the last command is enough', cautions.console),
  };
};

const otherPort: Recipe = (setting) => {
  const { data, port } = setting;
  const [other = ''] = (data.ports ?? '').split(', ');
  const there = /^\d{1,5}$/.test(other) ? `ssh -p ${other} connects to the port that it has` : undefined;
  // Ports add up: the old one stays open.
  const commands = [...beforePort(setting), firstLine(`Port ${port}`), ...listenAnew(setting)];
  return { commands, ...noteOf(there, ...moveNotes(setting)) };
};

const configNotLoaded: Recipe = (setting) => ({
  commands: [...beforePort(setting), ...listenAnew(setting)],
  ...noteOf(...moveNotes(setting)),
});

const socketUnitPort: Recipe = (setting) => {
  const { system, data, port } = setting;
  const socket = wordOr(system.socket ?? 'ssh.socket', data.unit, unitName);
  const isGenerated = system.ubuntu !== undefined && system.ubuntu >= 2404;
  const commands = isGenerated ? [`systemctl daemon-reload && systemctl restart ${socket}`] : socketPort(socket, port);
  const other = `or do without the socket: systemctl disable --now ${socket} && systemctl enable --now ${system.unit}.service`;
  return { commands: [...beforePort(setting), ...commands], ...noteOf(other, ...moveNotes(setting)) };
};

const allAddresses: Recipe = (setting) => ({
  commands: [...withoutAddresses(setting), ...listenAnew(setting)],
  ...noteOf(
    'without these lines sshd takes every address; ListenAddress 0.0.0.0 would switch IPv6 off',
    cautions.session,
  ),
});

/** Either the machine has the address now, and had it too late; or it does not have it. */
const addressAbsent: Recipe = (setting) => {
  const { bundle, data, system } = setting;
  const own = bundle && ownAddresses(bundle);
  const address = parseAddress(data.address ?? '');
  const isThere =
    own && 'value' in own && address
      ? own.value.some((one) => one.address.family === address.family && one.address.value === address.value)
      : undefined;
  if (isThere !== true || system.init === 'openrc') {
    const commands = [...withoutAddresses(setting), ...startAgain(system)];
    const bindAll = 'or let it bind addresses that are not there yet: sysctl -w net.ipv4.ip_nonlocal_bind=1';
    return { commands, ...noteOf(bindAll, cautions.session) };
  }
  const lines = ['[Unit]', 'Wants=network-online.target', 'After=network-online.target'];
  return {
    commands: [...dropIn(`${system.unit}.service`, lines), ...startAgain(system)],
    ...noteOf('the address is there now: sshd was started before it', cautions.session),
  };
};

const portTaken: Recipe = ({ system, port }) => ({
  commands: [...stopOther(system), testedRestart(system)],
  ...noteOf(`SERVICE is what holds the port now: ss -H -tlnp 'sport = :${port}'`, 'or give sshd another port'),
});

const bindDenied: Recipe = ({ system, data, port }) => {
  const isSelinux = data.by === 'selinux' || (data.by === undefined && system.family === 'rhel');
  if (!isSelinux) return { commands: [testedRestart(system)], ...noteOf('as root: ports below 1024 need privileges') };
  return {
    commands: [`semanage port -a -t ssh_port_t -p tcp ${port}`, testedRestart(system)],
    ...noteOf(
      'semanage is in policycoreutils-python-utils',
      `a port that has another type needs semanage port -m instead of -a`,
    ),
  };
};

const badConfig: Recipe = ({ system, data }) => {
  const { file, line = '' } = data;
  const isKnown = isPlainPath(file) && file.startsWith('/etc/ssh/') && /^[1-9]\d{0,6}$/.test(line);
  return {
    commands: [...(isKnown ? [`sed -i '${line}s/^/#/' ${file}`] : ['sshd -t']), ...startAgain(system)],
    ...noteOf(
      isKnown
        ? 'that makes a comment of the line: write anew what it was meant to say'
        : 'repair the line that sshd -t names first',
      cautions.console,
    ),
  };
};

const hostKeys: Recipe = ({ system }) => {
  const { family, unit } = system;
  const commands =
    family === 'rhel' && system.init === 'systemd'
      ? [`systemctl restart sshd-keygen.target ${unit}`]
      : ['ssh-keygen -A', 'chmod 600 /etc/ssh/ssh_host_*_key', ...startAgain(system)];
  return {
    commands,
    ...noteOf(
      'keys that are there and are empty have to be removed first',
      'where keys are made anew, clients that know the old ones are warned',
    ),
  };
};

const folders: ReadonlySet<string> = new Set([
  '/run/sshd',
  '/var/run/sshd',
  '/var/empty',
  '/var/empty/sshd',
  '/usr/share/empty.sshd',
]);
const usualFolder = {
  debian: '/run/sshd',
  rhel: '/usr/share/empty.sshd',
  alpine: '/var/empty',
  cos: '/var/empty',
  unknown: '/run/sshd',
} as const;

const privsepDirectory: Recipe = ({ system, data }) => {
  const folder = data.file !== undefined && folders.has(data.file) ? data.file : usualFolder[system.family];
  return { commands: [`install -d -o root -g root -m 0755 ${folder}`, ...startAgain(system)] };
};

const users = {
  debian: 'adduser --system --no-create-home --home /run/sshd --shell /usr/sbin/nologin sshd',
  rhel: 'useradd -r -U -d /usr/share/empty.sshd -s /sbin/nologin sshd',
  alpine: 'adduser -S -D -H -h /var/empty -s /sbin/nologin sshd',
} as const;

const privsepUser: Recipe = ({ system }) => ({
  commands: [
    users[system.family === 'alpine' || system.family === 'rhel' ? system.family : 'debian'],
    ...startAgain(system),
  ],
});

const gaveUp: Recipe = ({ system, data }) => {
  const unit = wordOr(system.unit, data.unit, unitName);
  const isSocket = unit.endsWith('.socket');
  const reset = isSocket ? `systemctl reset-failed ${unit} ${system.unit}.service` : `systemctl reset-failed ${unit}`;
  const test = system.family === 'debian' ? 'mkdir -p /run/sshd && sshd -t' : 'sshd -t';
  return {
    commands: [`${test} && ${reset} && systemctl restart ${unit}`],
    ...noteOf('repair what the log names first, or it fails again', cautions.console),
  };
};

const booting: Recipe = () => ({
  commands: ['cloud-init status --wait'],
  ...noteOf('nothing to change: sshd starts when that command ends; retry in 2 min'),
});

const disabledByFile: Recipe = ({ system }) => ({
  commands: ['rm /etc/ssh/sshd_not_to_be_run', restart(system)],
});

function override(setting: Setting, line: string, note: string): Remedy {
  const { system, data } = setting;
  const unit = wordOr(`${system.unit}.service`, data.unit, unitName);
  const section = unit.endsWith('.socket') ? '[Socket]' : '[Service]';
  return {
    commands: [...dropIn(unit, [section, line]), `systemctl restart ${unit}`],
    ...noteOf(note, cautions.session),
  };
}

/** How sshd is made to listen on what was asked. */
export const listenerRecipes = {
  'host/no-listener': noListener,
  'host/other-port': otherPort,
  'host/listener-loopback-only': allAddresses,
  'host/listener-other-address': allAddresses,
  'host/listener-ipv4-only': allAddresses,
  'host/listener-ipv6-only': allAddresses,
  'host/listen-address-absent': addressAbsent,
  'host/port-taken': portTaken,
  'host/bind-denied': bindDenied,
  'host/bad-config': badConfig,
  'host/no-host-keys': hostKeys,
  'host/no-privsep-directory': privsepDirectory,
  'host/no-privsep-user': privsepUser,
  'host/reload-with-bad-config': badConfig,
  'host/config-not-loaded': configNotLoaded,
  'host/socket-port': ofSystemd(socketUnitPort),
  'host/start-limit': ofSystemd(gaveUp),
  'host/booting': booting,
  'host/disabled-by-file': disabledByFile,
  'host/start-failed-for-good': ofSystemd(gaveUp),
  'host/unit-private-network': ofSystemd((setting) =>
    override(setting, 'PrivateNetwork=no', 'with PrivateNetwork=yes the unit has no network but its own loopback'),
  ),
  'host/unit-address-families': ofSystemd((setting) =>
    override(setting, 'RestrictAddressFamilies=', 'an empty value lets the unit use every address family'),
  ),
} satisfies Readonly<Record<string, Recipe>>;

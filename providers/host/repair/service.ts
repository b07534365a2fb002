import { configuredSshd } from '../sshd/configured.js';
import { cautions } from './cautions.js';
import type { Recipe, Setting } from './remedy.js';
import type { System } from './system.js';
import { isPlainPath } from './words.js';

export const mainConfig = '/etc/ssh/sshd_config';

/** Starts sshd anew; sessions go on. */
export function restart({ init, unit }: System): string {
  return init === 'openrc' ? `rc-service ${unit} restart` : `systemctl restart ${unit}`;
}

/** Has its configuration looked at first. On Debian the directory that `sshd -t` needs goes away with a service that is stopped. */
export function testedRestart(system: System): string {
  const test = system.family === 'debian' ? 'mkdir -p /run/sshd && sshd -t' : 'sshd -t';
  return `${test} && ${restart(system)}`;
}

/** The same for a service that may have been given up by systemd. */
export function startAgain(system: System): readonly string[] {
  const reset = system.init === 'systemd' ? [`systemctl reset-failed ${system.unit}`] : [];
  return [...reset, testedRestart(system)];
}

/** Stops another program for good; its service is for the reader to name. */
export function stopOther({ init }: System): readonly string[] {
  return init === 'openrc' ? ['rc-update del SERVICE', 'rc-service SERVICE stop'] : ['systemctl disable --now SERVICE'];
}

/** For what only systemd does. */
export function ofSystemd(recipe: Recipe): Recipe {
  return (setting) => (setting.system.init === 'systemd' ? recipe(setting) : undefined);
}

/** Puts a line first into the configuration: of most keywords the first one holds (sshd_config(5)). The text is ours. */
export function firstLine(text: string): string {
  return `sed -i '1i ${text}' ${mainConfig}`;
}

/** A file beside a unit that adds to it, or takes back what it says; it comes after others. The lines are ours. */
export function dropIn(unit: string, lines: readonly string[]): readonly string[] {
  const folder = `/etc/systemd/system/${unit}.d`;
  const text = lines.map((line) => `${line}\\n`).join('');
  return [`mkdir -p ${folder}`, `printf '${text}' > ${folder}/zz-port22.conf`, 'systemctl daemon-reload'];
}

/**
 * Makes what the configuration says of ports and addresses hold. Where systemd holds the socket, that says where: from Ubuntu 24.04 on
 * a generator reads sshd_config on daemon-reload, before it a drop-in does not (Ubuntu, "sshd now uses socket-based activation").
 */
export function listenAnew({ system, port }: Setting): readonly string[] {
  const { socket, ubuntu, init } = system;
  if (socket === undefined || init !== 'systemd') return [testedRestart(system)];
  if (ubuntu !== undefined && ubuntu >= 2404)
    return [`sshd -t && systemctl daemon-reload && systemctl restart ${socket}`];
  return socketPort(socket, port);
}

/** The port of a socket unit: an empty value takes back those that it has (systemd.socket(5)). */
export function socketPort(socket: string, port: number): readonly string[] {
  const lines = ['[Socket]', 'ListenStream=', `ListenStream=${port}`];
  return [...dropIn(socket, lines), `systemctl restart ${socket}`];
}

/** What sshd needs on a port that is not its own: the type of SELinux, and an open port in the firewall that is in use. */
export function beforePort({ system, bundle, port }: Setting): readonly string[] {
  const { family } = system;
  if (port === 22 || (family !== 'rhel' && family !== 'debian')) return [];
  const says = (key: string, text: RegExp) => text.test(bundle?.records.get(key)?.stdout ?? '');
  if (family === 'debian') return says('ufw-status', /^Status: active/m) ? [`ufw allow ${port}/tcp`] : [];
  const isLabelled = bundle === undefined || says('selinux', /^(?:Enforcing|Permissive)/m);
  const hasFirewalld = bundle === undefined || says('firewalld-state', /^running/m);
  return [
    ...(isLabelled ? [`semanage port -a -t ssh_port_t -p tcp ${port}`] : []),
    ...(hasFirewalld ? [`firewall-cmd --permanent --add-port=${port}/tcp && firewall-cmd --reload`] : []),
  ];
}

/** What to know before sshd moves. */
export function moveNotes({ system, port }: Setting): readonly string[] {
  return [
    ...(port === 22 ? [] : [cautions.portFirst]),
    cautions.session,
    cautions.wayBack,
    ...(system.family === 'cos' ? [cautions.untilReboot] : []),
  ];
}

/** Makes comments of the lines that keep sshd to some addresses or to one family. */
export function withoutAddresses({ bundle }: Setting): readonly string[] {
  const lines = bundle
    ? configuredSshd(bundle).lines.filter(({ keyword, line }) => keyword !== 'port' && line > 0)
    : [];
  const isKnown = lines.length > 0 && lines.every(({ file }) => isPlainPath(file));
  if (isKnown) return lines.map(({ file, line }) => `sed -i '${line}s/^/#/' ${file}`);
  const words = "'s/^[[:space:]]*(ListenAddress|AddressFamily)[[:space:]=]/#&/I'";
  return [`sed -i -E ${words} ${mainConfig} ${mainConfig}.d/*.conf`];
}

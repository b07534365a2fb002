import type { Call } from './call.js';
import { runFirewalld } from './firewalld.js';
import { restoreIptables, runIptables } from './iptables.js';
import { change, state } from './machine.js';
import { runNft } from './nft.js';
import { installPackages } from './packages.js';
import { operate, reloadUnits, restartSshd } from './services.js';
import { mayChange, pathOf, readFile, runMaybe, type Shell } from './shell.js';
import { decides, mentions } from './stock-image.js';
import { told } from './told.js';
import { touchUnknown } from './touch-unknown.js';
import { runUfw } from './ufw.js';

type HostCommand = (call: Call, shell: Shell) => string | undefined;

/** The command that changes services, packages or packet filters, or is known to change none, by its name. */
export function hostCommands(name: string): HostCommand | undefined {
  if (Object.hasOwn(commands, name)) return commands[name];
  return harmless.has(name) ? () => undefined : undefined;
}

const quiet =
  (run: (call: Call, shell: Shell) => void): HostCommand =>
  (call, shell) => {
    run(call, shell);
    return undefined;
  };

const commands: Readonly<Record<string, HostCommand>> = {
  ufw: quiet(ufw),
  'firewall-cmd': quiet((call) => runFirewalld(call, false)),
  'firewall-offline-cmd': quiet((call) => runFirewalld(call, true)),
  iptables: quiet((call) => runIptables(call, 4)),
  'iptables-nft': quiet((call) => runIptables(call, 4)),
  'iptables-legacy': quiet((call) => runIptables(call, 4)),
  ip6tables: quiet((call) => runIptables(call, 6)),
  'iptables-restore': quiet((call, shell) => restore(call, shell, 4)),
  'ip6tables-restore': quiet((call, shell) => restore(call, shell, 6)),
  'iptables-save': () => undefined,
  'ip6tables-save': () => undefined,
  'netfilter-persistent': quiet(persist),
  nft: quiet((call, shell) => runNft(call, (arg) => textAt(shell, arg))),
  systemctl: quiet(systemctl),
  service: quiet((call, shell) => service(call, shell, 0, 1)),
  'rc-service': quiet((call, shell) => service(call, shell, 0, 1)),
  'invoke-rc.d': quiet((call, shell) => service(call, shell, 0, 1)),
  'rc-update': quiet((call, shell) => bootService(call, shell)),
  'update-rc.d': quiet((call, shell) => service(call, shell, 0, 1)),
  chkconfig: quiet((call, shell) => bootService(call, shell)),
  apt: quiet(installPackages),
  'apt-get': quiet(installPackages),
  aptitude: quiet(installPackages),
  dnf: quiet(installPackages),
  yum: quiet(installPackages),
  microdnf: quiet(installPackages),
  apk: quiet(installPackages),
  reboot: quiet((call) => state(call.machine, 'reboots', told(true, call.line))),
  shutdown: quiet(shutdown),
  init: quiet((call) => {
    if (call.args[0]?.text === '6') state(call.machine, 'reboots', told(true, call.line));
  }),
  pkill: quiet(kill),
  killall: quiet(kill),
  kill: quiet(kill),
  sshd: quiet(sshd),
  'ssh-keygen': quiet(keygen),
  semanage: quiet(selinux),
  setenforce: quiet(() => {}),
  sysctl: quiet(sysctl),
  'fail2ban-client': quiet((call) => note(call, 'fail2ban may ban clients that try too often')),
  curl: quiet(download),
  wget: quiet(download),
  sshd_config: quiet(() => {}),
};

/** Programs that leave sshd and packet filters as they are, whatever their words, unless these name such a thing. */
const harmless = new Set(
  (
    'ls head tail wc sort uniq cut tr awk gawk less more find stat du df free ps top uptime uname hostname hostnamectl whoami groups date ' +
    'mkdir touch chmod chown chgrp chattr ln mktemp basename dirname realpath readlink tar unzip gzip gunzip xz base64 md5sum sha256sum openssl ' +
    'useradd adduser usermod userdel groupadd addgroup gpasswd passwd chpasswd chage chsh visudo loginctl getent su ' +
    'logger journalctl dmesg mount umount mkfs mkfs.ext4 mkfs.xfs mkswap swapon swapoff blkid lsblk parted growpart resize2fs xfs_growfs fdisk ' +
    'apt-key add-apt-repository apt-cache apt-mark dpkg dpkg-reconfigure rpm debconf-set-selections update-alternatives locale-gen update-locale timedatectl localectl ' +
    'pip pip3 npm yarn gem cargo git jq yq envsubst nproc seq tput clear crontab at atd usleep sync ldconfig systemd-tmpfiles ssh-keyscan ssh scp rsync ' +
    'getenforce restorecon chcon setsebool getsebool lsof ss netstat ip ifconfig route dig nslookup host resolvectl nmcli netplan ' +
    'cloud-init ec2-metadata certbot nginx apachectl mysql psql redis-cli createdb createuser aws gcloud az amazon-linux-extras subscription-manager snap'
  ).split(' '),
);

function note({ machine, line }: Call, why: string): void {
  machine.notes.push({ why, line });
}

/** Where the image may have no ufw, the command may fail. */
function ufw(call: Call, shell: Shell): void {
  const { family, files } = call.machine;
  if (family === 'debian' || family === 'ubuntu' || files.has('/etc/default/ufw')) runUfw(call);
  else
    runMaybe(shell, { why: 'images of this family bring no ufw', line: call.line }, ({ machine }) =>
      runUfw({ ...call, machine }),
    );
}

function textAt(shell: Shell, arg: Call['args'][number]): string | undefined {
  const path = pathOf(shell, arg);
  const file = path === undefined ? undefined : readFile(shell.machine, path);
  return file?.known ? (file.value ?? undefined) : undefined;
}

function restore(call: Call, shell: Shell, family: 4 | 6): void {
  const file = call.args.find(({ text }) => !text.startsWith('-'));
  restoreIptables(call, family, file ? textAt(shell, file) : call.input);
}

function persist({ machine, args, line }: Call): void {
  if (args[0]?.text === 'save') change(machine, 'savesRules', line, () => true);
}

function systemctl(call: Call, shell: Shell): void {
  const words = call.args.filter(({ text }) => !text.startsWith('-') && text !== 'q');
  const [verb, ...units] = words;
  const now = call.args.some(({ text }) => text === '--now');
  const { machine, line } = call;
  // Alpine has no systemd.
  if (!verb || machine.family === 'alpine') return;
  if (/^(is-|status|show|list|cat)/.test(verb.text)) shell.status = 'tested';
  else if (verb.text === 'daemon-reload' || verb.text === 'daemon-reexec') reloadUnits(machine, line);
  else if (verb.text === 'reboot') state(machine, 'reboots', told(true, line));
  else if (verb.text === 'edit')
    touchUnknown(shell, 'what it writes is not known', line, units.map(({ text }) => text).join(' '));
  else for (const unit of units) operateUnit(call, shell, verb.text, unit, now);
}

function operateUnit(
  { machine, line }: Call,
  shell: Shell,
  verb: string,
  unit: Call['args'][number],
  now: boolean,
): void {
  if (unit.sure) {
    operate(machine, verb, unit.text, now, line);
    loadRules(shell, verb, unit.text, now, line);
    return;
  }
  for (const name of ['ssh', 'sshd', 'firewalld']) {
    const doubt = { why: 'which unit it is about is not known before it runs', line };
    runMaybe(shell, doubt, (inner) => operate(inner.machine, verb, name, now, line));
  }
}

/** Units that load a file of rules. */
function loadRules(shell: Shell, verb: string, name: string, now: boolean, line: Call['line']): void {
  if (!/^(start|restart|reload|reload-or-restart)$/.test(verb) && !(verb === 'enable' && now)) return;
  const base = name.replace(/\.service$/, '');
  const call: Call = { machine: shell.machine, args: [], line };
  const isRedHat = /^(rhel|amazon)/.test(shell.machine.family);
  const path = (debian: string, redHat: string) => textAt(shell, { text: isRedHat ? redHat : debian, sure: true });
  if (base === 'nftables') {
    const text = path('/etc/nftables.conf', '/etc/sysconfig/nftables.conf');
    runNft(
      {
        ...call,
        args: [
          { text: '-f', sure: true },
          { text: '-', sure: true },
        ],
        ...(text !== undefined && { input: text }),
      },
      () => undefined,
    );
  }
  if (base === 'iptables' || base === 'netfilter-persistent')
    restoreIptables(call, 4, path('/etc/iptables/rules.v4', '/etc/sysconfig/iptables'));
  if (base === 'ip6tables' || base === 'netfilter-persistent')
    restoreIptables(call, 6, path('/etc/iptables/rules.v6', '/etc/sysconfig/ip6tables'));
}

function service(call: Call, shell: Shell, unit: number, verb: number): void {
  const words = call.args.filter(({ text }) => !text.startsWith('-'));
  const [name, what] = [words[unit], words[verb]];
  if (name && what) operateUnit(call, shell, what.text, name, false);
}

/** `rc-update add sshd`, `chkconfig sshd on`. */
function bootService(call: Call, shell: Shell): void {
  const text = call.args.map((arg) => arg.text).join(' ');
  const name = /\b(sshd?|firewalld|iptables|nftables)\b/.exec(text)?.[1];
  const verb = /\b(del|delete|off)\b/.test(text) ? 'disable' : 'enable';
  if (name) operateUnit(call, shell, verb, { text: name, sure: true }, false);
}

function shutdown(call: Call): void {
  const text = call.args.map((arg) => arg.text).join(' ');
  if (/(^|\s)(-r|--reboot)/.test(text)) state(call.machine, 'reboots', told(true, call.line));
  else note(call, 'it turns the machine off');
}

/** sshd that is told to read its files again (HUP), or to end: whether systemd starts it again is not known. */
function kill(call: Call, shell: Shell): void {
  const text = call.args.map((arg) => arg.text).join(' ');
  if (!/sshd|unknown/.test(text) || !/sshd/.test(call.line.text)) return;
  if (/-(s\s+)?(SIG)?HUP|-1\b/.test(text)) restartSshd(call.machine, call.line);
  else touchUnknown(shell, 'whether sshd is started again is not known', call.line, 'sshd');
}

function sshd(call: Call, shell: Shell): void {
  if (call.args.some(({ text }) => /^-[tTGV?]$/.test(text))) shell.status = 'done';
  else touchUnknown(shell, 'it starts an sshd of its own', call.line, 'sshd');
}

function keygen(call: Call): void {
  const makes = call.args.some(({ text }) => text === '-A' || /\/etc\/ssh\/ssh_host_/.test(text));
  if (makes) state(call.machine, 'hostKeys', told(true, call.line));
}

function selinux(call: Call): void {
  if (call.args[0]?.text === 'port') note(call, 'it says which ports SELinux lets sshd bind');
}

function sysctl(call: Call): void {
  const text = call.args.map((arg) => arg.text).join(' ');
  if (/rp_filter|ip_forward|disable_ipv6|tcp_/.test(text)) note(call, 'it changes the network stack');
}

function download(call: Call, shell: Shell): void {
  const text = call.args.map((arg) => arg.text).join(' ');
  const at = call.args.findIndex((arg) => /^(-[a-zA-Z]*[oO]|--output|--output-document)$/.test(arg.text));
  const path = at < 0 ? undefined : pathOf(shell, call.args[at + 1] ?? { text: '', sure: false });
  if (path !== undefined) {
    const why = 'what it fetches is not known before it runs';
    if (decides(path)) shell.machine.files.set(path, { known: false, doubt: { why, line: call.line } });
    else shell.machine.files.delete(path);
  } else if (mentions(text) && decides(text))
    mayChange(shell, 'what it fetches is not known before it runs', call.line);
}

import type { Call } from './call.js';
import { change, type Machine, state } from './machine.js';
import { startSshd } from './services.js';
import { type Line, told } from './told.js';

/** `apt-get install ...`, `dnf remove ...`: what packages do to sshd and packet filters when they come or go. */
export function installPackages({ machine, args, line }: Call): void {
  const words = args.map(({ text }) => text).filter((text) => !text.startsWith('-'));
  const [verb = '', ...names] = words;
  const comes = /^(install|add|reinstall)$/.test(verb);
  const goes = /^(remove|purge|autoremove|erase|del|delete)$/.test(verb);
  for (const name of names) if (comes) installPackage(machine, name, line);
  for (const name of names) if (goes) removePackage(machine, name, line);
}

/** What a package does when it comes (Debian's firewalld starts at once, that of the RHEL family at the next boot). */
export function installPackage(machine: Machine, name: string, line: Line): void {
  const isDebian = machine.family === 'debian' || machine.family === 'ubuntu';
  const base = name.replace(/[=:].*$/, '');
  if (base === 'firewalld' && isDebian) change(machine, 'firewalld', line, (value) => ({ ...value, running: 'yes' }));
  if (base === 'firewalld' && !isDebian) machine.notes.push({ why: 'firewalld runs from the next boot on', line });
  if (base === 'ufw')
    machine.files.set('/etc/default/ufw', machine.files.get('/etc/default/ufw') ?? told('IPV6=yes\n'));
  if (base === 'iptables-services' && !isDebian) bringRules(machine);
  if (base === 'fail2ban') machine.notes.push({ why: 'fail2ban may ban clients that try too often', line });
  if (base === 'iptables-persistent' || base === 'netfilter-persistent')
    change(machine, 'savesRules', line, () => true);
  if (
    /^(openssh-server|openssh|dropbear)$/.test(base) &&
    machine.facts.installed.known &&
    !machine.facts.installed.value
  ) {
    state(machine, 'installed', told(true, line));
    if (isDebian) startSshd(machine, line);
  }
}

/** The rules that the package brings for its units to load: ssh on 22 comes in, all else is rejected. */
function bringRules({ files }: Machine): void {
  const rules = (rejection: string) =>
    [
      '*filter',
      ':INPUT ACCEPT [0:0]',
      '-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT',
      '-A INPUT -i lo -j ACCEPT',
      '-A INPUT -p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT',
      `-A INPUT -j REJECT --reject-with ${rejection}`,
      'COMMIT',
      '',
    ].join('\n');
  const brought = [
    ['/etc/sysconfig/iptables', 'icmp-host-prohibited'],
    ['/etc/sysconfig/ip6tables', 'icmp6-adm-prohibited'],
  ] as const;
  for (const [path, rejection] of brought) if (!files.has(path)) files.set(path, told(rules(rejection)));
}

function removePackage(machine: Machine, name: string, line: Line): void {
  if (/^(openssh-server|openssh)$/.test(name)) {
    state(machine, 'installed', told(false, line));
    state(machine, 'running', told(false, line));
  }
  if (name === 'firewalld') change(machine, 'firewalld', line, (value) => ({ ...value, running: 'no' }));
  const { ufw } = machine.facts;
  if (name === 'ufw' && ufw.known && ufw.value.enabled) {
    state(machine, 'ufw', { known: false, doubt: { why: 'whether its rules go with the package is not known', line } });
  }
}

import { type BoundListener, change, type Machine, state } from './machine.js';
import { type Listeners, sshdListeners } from './sshd-listeners.js';
import { type Line, type Told, told } from './told.js';

type Unit = 'service' | 'socket' | 'firewalld' | 'ufw' | 'rules';

/** What a unit is to sshd's reach; undefined for all others. */
function unitOf(name: string, { family }: Machine): Unit | undefined {
  const base = name.replace(/\.service$/, '');
  const isDebian = family === 'debian' || family === 'ubuntu';
  if (base === 'ssh') return isDebian ? 'service' : undefined;
  // On Ubuntu the other name is an alias that only an enabled ssh.service has.
  if (base === 'sshd') return family === 'ubuntu' ? undefined : 'service';
  if (base === 'ssh.socket') return isDebian ? 'socket' : undefined;
  if (base === 'sshd.socket') return isDebian ? undefined : 'socket';
  if (base === 'firewalld' || base === 'ufw') return base;
  return /^(nftables|iptables|ip6tables|netfilter-persistent)$/.test(base) ? 'rules' : undefined;
}

/** Starts sshd, as the boot or a unit's start does; nothing where it runs already. */
export function startSshd(machine: Machine, line?: Line): void {
  const { running } = machine.facts;
  if (running.known && running.value) return;
  restartSshd(machine, line);
}

/** Starts sshd anew: it reads its files now. A file that it cannot take stops it. */
export function restartSshd(machine: Machine, line?: Line): void {
  const { facts } = machine;
  if (!(facts.socket.known && !facts.socket.value)) {
    restartSocket(machine, line);
    return;
  }
  for (const name of ['installed', 'masked', 'hostKeys'] as const) {
    const fact = facts[name];
    if (fact.known) continue;
    state(machine, 'running', fact);
    return;
  }
  if (isTrue(facts.masked) || !isTrue(facts.installed)) return;
  bind(machine, isTrue(facts.hostKeys) ? sshdListeners(machine) : 'broken', line);
}

function isTrue(fact: Told<boolean>): boolean {
  return fact.known && fact.value;
}

function bind(machine: Machine, listeners: Listeners, line: Line | undefined): void {
  if (listeners === 'broken') {
    state(machine, 'running', told(false, line));
    return;
  }
  state(machine, 'running', told(true, line));
  state(machine, 'bound', listeners.known ? told(listeners.value, listeners.by) : listeners);
}

/** ssh.socket binds what systemd has loaded of its unit; sshd itself is started by connections. */
function restartSocket(machine: Machine, line: Line | undefined): void {
  const { socket, masked, socketUnit } = machine.facts;
  if (!socket.known) {
    state(machine, 'bound', socket);
    return;
  }
  if (!masked.known) state(machine, 'running', masked);
  else if (!masked.value) {
    state(machine, 'running', told(true, line));
    state(machine, 'bound', socketUnit);
  }
}

/** systemd reads its units anew, and Ubuntu's generator makes those of ssh.socket from sshd_config (Ubuntu discourse 30189). */
export function reloadUnits(machine: Machine, line: Line): void {
  const { socket, bound, running } = machine.facts;
  if (socket.known && !socket.value) return;
  const next = socketListeners(machine);
  state(machine, 'socketUnit', next);
  if (isTrue(running) && bound.known && next.known && isSame(bound.value, next.value)) return;
  const why = 'systemd lets go of the sockets of a socket unit that changed, until it is started again';
  if (isTrue(running)) state(machine, 'bound', { known: false, doubt: { why, line } });
}

function isSame(a: readonly BoundListener[], b: readonly BoundListener[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What ssh.socket binds by the files: those of sshd, and its own drop-ins, whose empty ListenStream forgets what was before. */
export function socketListeners(machine: Machine): Told<readonly BoundListener[]> {
  const listeners = sshdListeners(machine);
  let all: Told<readonly BoundListener[]> = listeners === 'broken' ? told([]) : listeners;
  for (const path of [...machine.files.keys()]
    .filter((name) => /^\/etc\/systemd\/system\/sshd?\.socket/.test(name))
    .sort()) {
    const file = machine.files.get(path);
    if (!file?.known) return file ?? all;
    for (const [text, value = ''] of (file.value ?? '').matchAll(/^[ \t]*ListenStream[ \t]*=[ \t]*(\S*)/gm)) {
      const [, address, port] = /^(?:\[?([^\]]*)\]?:)?(\d{1,5})$/.exec(value) ?? [];
      if (value === '') all = told([], file.by);
      else if (port === undefined)
        return { known: false, doubt: { why: 'its address is not understood', line: file.by ?? { at: path, text } } };
      else if (all.known) all = told([...all.value, streamOf(address, Number(port))], file.by);
    }
  }
  return all;
}

function streamOf(address: string | undefined, port: number): BoundListener {
  if (address === undefined || address === '::') return { address: 'any', port, families: [4, 6] };
  if (address === '0.0.0.0') return { address: 'any', port, families: [4] };
  return { address, port, families: [address.includes(':') ? 6 : 4] };
}

/** What a verb of systemctl, rc-service or service does to a unit. */
export function operate(machine: Machine, verb: string, name: string, now: boolean, line: Line): void {
  const unit = unitOf(name, machine);
  if (unit === 'firewalld') operateFirewalld(machine, verb, now, line);
  if (unit === 'service' && isTrue(machine.facts.socket)) operateBehindSocket(machine, verb, line);
  else if (unit === 'service') operateService(machine, verb, now, line);
  if (unit === 'socket') operateSocket(machine, verb, now, line);
}

function operateService(machine: Machine, verb: string, now: boolean, line: Line): void {
  if (verb === 'enable' || verb === 'reenable') change(machine, 'atBoot', line, () => true);
  if (verb === 'disable') change(machine, 'atBoot', line, () => false);
  if (verb === 'mask') change(machine, 'masked', line, () => true);
  if (verb === 'unmask') change(machine, 'masked', line, () => false);
  if (verb === 'stop' || ((verb === 'mask' || verb === 'disable') && now)) state(machine, 'running', told(false, line));
  if (verb === 'start' || (verb === 'enable' && now)) startSshd(machine, line);
  if (/^(restart|try-restart|condrestart|force-reload|reload-or-restart|try-reload-or-restart)$/.test(verb))
    restartSshd(machine, line);
  // The unit's reload runs `sshd -t` first: a file that it cannot take leaves it as it is.
  if (verb === 'reload' && isTrue(machine.facts.running) && sshdListeners(machine) !== 'broken')
    restartSshd(machine, line);
}

/** The socket goes on listening, and starts the service for the next connection, unless that is masked. */
function operateBehindSocket(machine: Machine, verb: string, line: Line): void {
  if (verb !== 'mask') return;
  const why = 'ssh.socket still listens, and cannot start the service that is masked';
  state(machine, 'running', { known: false, doubt: { why, line } });
}

function operateSocket(machine: Machine, verb: string, now: boolean, line: Line): void {
  const socket = machine.facts.socket;
  const isOff = socket.known && !socket.value;
  if (verb === 'stop' || ((verb === 'disable' || verb === 'mask') && now)) {
    if (isOff) return;
    state(machine, 'running', told(false, line));
    if (verb !== 'stop') state(machine, 'socket', told(false, line));
  } else if (verb === 'disable' || verb === 'mask') {
    if (isOff) return;
    state(machine, 'socket', { known: false, doubt: { why: 'the socket goes on until the next boot', line } });
  } else if (isOff && (verb === 'enable' || verb === 'start')) {
    state(machine, 'socket', {
      known: false,
      doubt: { why: 'the socket and sshd itself may both want the port', line },
    });
  } else if (/^(start|restart|try-restart|reload-or-restart)$/.test(verb)) restartSocket(machine, line);
}

function operateFirewalld(machine: Machine, verb: string, now: boolean, line: Line): void {
  const starts = /^(start|restart|reload-or-restart)$/.test(verb) || (verb === 'enable' && now);
  const stops = verb === 'stop' || ((verb === 'disable' || verb === 'mask') && now);
  if (starts) change(machine, 'firewalld', line, (value) => ({ ...value, running: 'yes', runtime: value.permanent }));
  if (stops) change(machine, 'firewalld', line, (value) => ({ ...value, running: 'no' }));
}

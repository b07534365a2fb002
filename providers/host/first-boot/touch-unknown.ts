import { state } from './machine.js';
import type { Shell } from './shell.js';
import { decides } from './stock-image.js';
import type { Doubt, Line } from './told.js';

const paths = /\/(?:etc|lib|usr\/lib|run)\/[\w./@*-]+/g;

/**
 * What a text names is not known any more: files that decide, sshd itself, packet filters. `everything` names all. A whole program that
 * names a file of sshd may start sshd again too.
 */
export function touchUnknown({ machine }: Shell, why: string, line: Line, text: string, isProgram = false): void {
  const doubt: Doubt = { why, line };
  const all = text === 'everything';
  let isNamed = false;
  for (const [path] of text.matchAll(paths)) {
    if (!decides(path)) continue;
    machine.files.set(path, { known: false, doubt });
    isNamed = true;
  }
  if (all || (/sshd_config/.test(text) && !isNamed)) machine.files.set('/etc/ssh/sshd_config', { known: false, doubt });
  if (all || /ufw/i.test(text)) state(machine, 'ufw', { known: false, doubt });
  if (all || /firewall/i.test(text)) state(machine, 'firewalld', { known: false, doubt });
  if (all || /ip6?tables|netfilter/i.test(text)) {
    state(machine, 'iptables', { known: false, doubt });
    state(machine, 'ip6tables', { known: false, doubt });
  }
  if (all || /\bnft|nftables/i.test(text)) state(machine, 'nft', { known: false, doubt });
  if (all || (/sshd|ssh\.(service|socket)|\/etc\/ssh\b/.test(text) && (isProgram || !isNamed))) {
    state(machine, 'running', { known: false, doubt });
    state(machine, 'bound', { known: false, doubt });
  }
  if (all || /ssh_host_/.test(text)) state(machine, 'hostKeys', { known: false, doubt });
}

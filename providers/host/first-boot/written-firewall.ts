import { type Machine, state } from './machine.js';
import type { Doubt } from './told.js';

/** The line that wrote a file of a folder, with why its effect is not told; undefined where nobody wrote one. */
function writtenBelow({ files }: Machine, folder: string, reader: string): Doubt | undefined {
  for (const [path, file] of files) {
    if (!path.startsWith(folder)) continue;
    if (!file.known) return file.doubt;
    if (file.by) return { why: `${reader} reads ${path}, and what it makes of it is not told`, line: file.by };
  }
  return undefined;
}

/**
 * Files of ufw and firewalld that user data writes by themselves, past their commands: where the firewall runs, or may, its rules are not
 * known any more. One that is off reads nothing.
 */
export function doubtWrittenFirewalls(machine: Machine): void {
  const { ufw, firewalld } = machine.facts;
  const conf = machine.files.get('/etc/ufw/ufw.conf');
  const isSwitchedOn = conf !== undefined && (!conf.known || /^\s*ENABLED\s*=\s*["']?yes/im.test(conf.value ?? ''));
  const ofUfw = writtenBelow(machine, '/etc/ufw/', 'ufw');
  if (ofUfw && ufw.known && (ufw.value.enabled || isSwitchedOn)) state(machine, 'ufw', { known: false, doubt: ofUfw });
  const ofFirewalld = writtenBelow(machine, '/etc/firewalld/', 'firewalld');
  if (ofFirewalld && firewalld.known && firewalld.value.running !== 'no')
    state(machine, 'firewalld', { known: false, doubt: ofFirewalld });
}

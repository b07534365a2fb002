import type { Bundle } from '../bundle.js';
import { systemdUnit } from '../systemd-unit.js';
import { argumentsOfVariables } from './arguments.js';
import type { SshdConfig } from './config-result.js';
import { readSshdConfig } from './sshd-config.js';

/** The files of variables from which the init scripts and units of the distributions take arguments. */
const variableFiles = ['/etc/default/ssh', '/etc/sysconfig/sshd', '/etc/conf.d/sshd'];

/** What the configuration files in a bundle say that sshd would listen on at its next start. */
export function configuredSshd(bundle: Bundle): SshdConfig {
  const files = new Map<string, string>();
  const absent = new Set<string>();
  const unread = new Set<string>();
  for (const { key, outcome, status, stdout } of bundle.records.values()) {
    if (!key.startsWith('file ')) continue;
    const path = key.slice('file '.length);
    if (outcome === 'absent') absent.add(path);
    else if (outcome === 'ran' && status === 0) files.set(path, stdout);
    else unread.add(path);
  }
  return readSshdConfig(files, { arguments: startArguments(bundle, files), absent, unread });
}

function startArguments(bundle: Bundle, files: ReadonlyMap<string, string>): readonly string[] {
  const variables = variableFiles.flatMap((path) => argumentsOfVariables(files.get(path) ?? ''));
  for (const name of ['ssh.service', 'sshd.service']) {
    const words = systemdUnit(bundle, name)?.execStart;
    // The variables of a unit stand in its words by name: `$SSHD_OPTS`.
    if (words) return words.slice(1).flatMap((word) => (word.startsWith('$') ? variables : [word]));
  }
  return variables;
}

import type { Sign } from '../../../src/model/index.js';
import { linesOf } from '../lines.js';
import { failureData, type SshdFailure } from '../sshd/sshd-failure.js';
import { refusesConfig } from './config-signs.js';
import { type Ground, isAskedAddress, weighed } from './ground.js';
import { type StartEvent, type StartLog, startLogs } from './start-log.js';

type Failed = Extract<StartEvent, { readonly kind: 'failure' }>;

/**
 * What the logs say of why sshd does not listen. A line proves its cause only where nothing listens, the log is that of this boot,
 * and no start after it did better; every other line is of what once was.
 */
export function startLogSigns(ground: Ground): readonly Sign[] {
  return startLogs(ground.bundle).flatMap((log) => signsOfLog(log, ground));
}

function signsOfLog(log: StartLog, ground: Ground): Sign[] {
  const signs = new Map<string, Sign>();
  for (const [i, event] of log.events.entries()) {
    for (const sign of signsOfEvent(log, i, event, ground)) {
      // The last line of its kind is the one that tells.
      signs.delete(`${sign.code} ${sign.at}`);
      signs.set(`${sign.code} ${sign.at}`, sign);
    }
  }
  return [...signs.values()];
}

function signsOfEvent(log: StartLog, i: number, event: StartEvent, ground: Ground): Sign[] {
  const { at, line } = event;
  const later = log.events.slice(i + 1);
  if (event.kind === 'start-limit' && ground.listening !== 'yes') {
    const isLast = !later.some(({ kind }) => kind === 'listening');
    return [
      { code: 'host/start-limit', says: weighed(ground, log.current && isLast ? 'proves' : 'suggests'), at, line },
    ];
  }
  if (event.kind === 'restarting') return reloadSigns(event, later, log, ground);
  if (event.kind !== 'failure') return [];
  return event.failure.kind === 'bind'
    ? bindSigns(event, event.failure, later, log, ground)
    : startSigns(event, log.events.slice(0, i), later, log, ground);
}

/**
 * sshd began to restart, and nothing listens since. What it then says of its configuration goes to its standard error, which not every
 * init keeps: a test of the configuration says it again.
 */
function reloadSigns({ at, line }: StartEvent, later: readonly StartEvent[], log: StartLog, ground: Ground): Sign[] {
  if (later.length > 0 || ground.listening !== 'no' || !refusesConfig(ground)) return [];
  return [{ code: 'host/reload-with-bad-config', says: log.current ? 'proves' : 'suggests', at, line }];
}

/** A start that failed whole. With a listener these lines are those of single connections, or of starts long ago. */
function startSigns(
  event: Failed,
  before: readonly StartEvent[],
  later: readonly StartEvent[],
  log: StartLog,
  ground: Ground,
): Sign[] {
  if (ground.listening === 'yes') return [];
  const { at, line, failure } = event;
  const isLast = !later.some(({ kind }) => kind === 'listening' || kind === 'stopped');
  const says = weighed(ground, log.current && isLast ? 'proves' : 'suggests');
  const sign: Sign = { code: failure.code, says, at, line, data: failureData(failure) };
  const start = before.findLast(({ kind }) => kind === 'restarting' || kind === 'listening' || kind === 'stopped');
  const isReload = failure.kind === 'config' && start?.kind === 'restarting';
  return isReload ? [sign, { ...sign, code: 'host/reload-with-bad-config' }] : [sign];
}

/**
 * A bind that failed: of the port that is asked, and of the address that is asked or a wildcard over it, or of another address where
 * sshd had nothing left to listen on. The same start may listen on other addresses.
 */
function bindSigns(
  event: Failed,
  failure: Extract<SshdFailure, { readonly kind: 'bind' }>,
  later: readonly StartEvent[],
  log: StartLog,
  ground: Ground,
): Sign[] {
  if (failure.port !== ground.asked.port) return [];
  const isTaken = failure.code === 'host/port-taken';
  if (ground.listening === 'yes' && !isTaken) return [];
  const ended = later.find(({ kind, pid }) => kind === 'no-bind' && pid === event.pid) !== undefined;
  if (!ended && !isAskedAddress(failure.address, ground.asked)) return [];
  const isOld = later.some((one) => one.kind === 'listening' && (one.pid !== event.pid || one.pid === undefined));
  // A port that was taken then is free now, or held by a listener that is there to see.
  const proves = log.current && !isOld && !isTaken;
  const { address, port, reason } = failure;
  const avc = failure.code === 'host/bind-denied' ? avcLine(ground) : undefined;
  const by = avc === undefined ? (ground.root === false ? 'user' : undefined) : 'selinux';
  const data = { address, port: `${port}`, reason, ...(by !== undefined && { by }) };
  const says = weighed(ground, proves ? 'proves' : 'suggests');
  const sign: Sign = { code: failure.code, says, at: event.at, line: event.line, data };
  return avc === undefined ? [sign] : [sign, { ...sign, at: 'audit-denials', line: avc }];
}

/** The denial of SELinux for this port, where SELinux enforces. */
function avcLine({ bundle, asked }: Ground): string | undefined {
  if (/^(?:Permissive|Disabled)\b/im.test(bundle.records.get('selinux')?.stdout ?? '')) return undefined;
  const port = new RegExp(`\\bsrc=${asked.port}\\b`);
  return linesOf(bundle.records.get('audit-denials')?.stdout ?? '').findLast(
    (line) =>
      /avc:\s+denied\s+\{ name_bind \}/.test(line) &&
      /comm="sshd"/.test(line) &&
      port.test(line) &&
      !/permissive=1/.test(line),
  );
}

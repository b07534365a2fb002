import type { Sign } from '../../../src/model/index.js';
import type { BundleRecord } from '../bundle.js';
import { linesOf } from '../lines.js';
import { boundText, speaksSsh } from '../sockets/listens-on.js';
import { argumentsOfTitle, readArguments } from '../sshd/arguments.js';
import type { SshdConfig } from '../sshd/config-result.js';
import { configuredSshd } from '../sshd/configured.js';
import { parseSshdEffective } from '../sshd/sshd-effective.js';
import { failureData, sshdFailure } from '../sshd/sshd-failure.js';
import { systemdUnit } from '../systemd-unit.js';
import { type Ground, takesAsked, weighed } from './ground.js';
import { startLogs } from './start-log.js';

/** What the configuration says: that sshd cannot start with it, or that it asks for what nobody does. */
export function configSigns(ground: Ground): readonly Sign[] {
  const config = configuredSshd(ground.bundle);
  return [...testSigns(ground), ...fileSigns(config, ground), ...unloadedSigns(config, ground)];
}

const tests = ['sshd-test', 'sshd-effective'];

/** `sshd -t`, and `-T` where the first was not run: what the next start would say. */
function testSigns(ground: Ground): Sign[] {
  const record = tests.map((key) => ground.bundle.records.get(key)).find((one) => one?.outcome === 'ran');
  if (record === undefined) return [];
  for (const line of [...linesOf(record.stderr), ...linesOf(record.stdout)]) {
    const sign = record.status === 0 ? undefined : testSign(line, record, ground);
    if (sign) return [sign];
  }
  const passed = record.key === 'sshd-test' && record.status === 0 && ground.root === true;
  if (!passed) return [];
  const line = linesOf(record.stderr)[0] ?? '';
  return (['host/bad-config', 'host/no-host-keys', 'host/no-privsep-user'] as const).map((code) => ({
    code,
    says: 'excludes' as const,
    at: record.key,
    line,
  }));
}

/**
 * Without root no key can be read, and the directory of privilege separation goes with the service that systemd has stopped: neither
 * says anything here (measured). Another init may make that directory before it starts sshd, or leave that to others, as containers do.
 * While cloud-init runs, the keys may be yet to come.
 */
function testSign(line: string, { key }: BundleRecord, ground: Ground): Sign | undefined {
  const failure = sshdFailure(line);
  if (failure === undefined || failure.kind === 'bind') return undefined;
  if (failure.kind === 'host-keys' && ground.root !== true) return undefined;
  if (failure.kind === 'privsep-directory') {
    const init = ground.bundle.records.get('file /proc/1/comm');
    if (init?.outcome !== 'ran' || init.stdout.trim() === 'systemd' || ground.listening === 'yes') return undefined;
    return { code: failure.code, says: 'suggests', at: key, line, data: failureData(failure) };
  }
  const says = failure.kind === 'host-keys' && isBooting(ground) ? 'suggests' : weighed(ground, 'proves');
  return { code: failure.code, says, at: key, line, data: failureData(failure) };
}

/** Whether a test of the configuration finds a mistake in it. */
export function refusesConfig(ground: Ground): boolean {
  return testSigns(ground).some(({ code, says }) => code === 'host/bad-config' && says !== 'excludes');
}

/** The errors of the files themselves, where sshd was not asked. */
function fileSigns({ errors }: SshdConfig, ground: Ground): Sign[] {
  if (tests.some((key) => ground.bundle.records.get(key)?.outcome === 'ran')) return [];
  return errors.slice(0, 1).map(({ file, line, text, message, sure, code }) => ({
    code,
    says: weighed(ground, sure ? 'proves' : 'suggests'),
    at: `file ${file}`,
    line: text,
    data: { file, line: `${line}`, message },
  }));
}

/** The configuration asks for the port and nothing listens: systemd's socket does not know of it, or sshd was not restarted. */
function unloadedSigns(config: SshdConfig, ground: Ground): Sign[] {
  if (ground.listening !== 'no' || !isConfigured(config, ground)) return [];
  const socket = ['ssh.socket', 'sshd.socket']
    .flatMap((name) => systemdUnit(ground.bundle, name) ?? [])
    .find(({ activeState, listens }) => activeState === 'active' && listens.length > 0);
  const port = `${ground.asked.port}`;
  if (socket && !socket.listens.some((bind) => takesAsked(bind, ground.asked) !== false)) {
    const listens = socket.listens.map(boundText).join(', ');
    const line = socket.lineOf('Listen') ?? '';
    return [
      {
        code: 'host/socket-port',
        says: 'proves',
        at: `unit ${socket.name}`,
        line,
        data: { port, listens, unit: socket.name },
      },
    ];
  }
  const bySystemd = ground.sockets.listeners.find(({ owners }) => owners.some((owner) => owner.process === 'systemd'));
  const running = ground.sockets.listeners.find(speaksSsh);
  if (running === undefined) {
    return bySystemd
      ? [{ code: 'host/socket-port', says: 'suggests', at: bySystemd.at, line: bySystemd.line, data: { port } }]
      : [];
  }
  if (isExplained(ground)) return [];
  const data = { port, bound: boundText(running) };
  return [{ code: 'host/config-not-loaded', says: 'proves', at: running.at, line: running.line, data }];
}

function isConfigured(config: SshdConfig, { bundle, asked }: Ground): boolean {
  const record = bundle.records.get('sshd-effective');
  const effective = record && parseSshdEffective(record);
  const binds = effective?.kind === 'effective' ? effective.binds : config.binds.known ? config.binds.binds : [];
  return binds.some((bind) => takesAsked({ ...bind, v6only: true }, asked) === true);
}

/** Whether the running sshd does not listen there for another reason: a bind that failed, a sandbox, or a command line of its own. */
function isExplained({ bundle, asked }: Ground): boolean {
  const family = asked.address?.family ?? asked.family;
  const isShutOut = ['ssh.service', 'sshd.service'].some((name) => {
    const families = systemdUnit(bundle, name)?.addressFamilies;
    return family !== undefined && families !== undefined && !families.includes(family);
  });
  if (isShutOut) return true;
  const failed = startLogs(bundle).some(({ events }) =>
    events.some(
      (event) => event.kind === 'failure' && event.failure.kind === 'bind' && event.failure.port === asked.port,
    ),
  );
  const titles = linesOf(bundle.records.get('processes')?.stdout ?? '');
  return failed || titles.some((title) => setsListeners(title.replace(/^(?:\s*\S+){4}\s+/, '')));
}

function setsListeners(title: string): boolean {
  const words = argumentsOfTitle(title);
  if (words === undefined) return false;
  const { settings, file } = readArguments(words);
  return settings.length > 0 || file !== undefined;
}

/** Whether cloud-init is not done: the keys of the host and the configuration may be yet to come. */
export function isBooting({ bundle }: Ground): string | undefined {
  const record = bundle.records.get('cloud-init');
  return linesOf(record?.stdout ?? '').find((line) => /^status: (?:running|not started|not run)\s*$/.test(line));
}

import type { CauseCode, Sign } from '../../../src/model/index.js';
import { type Address, parseAddress } from '../../../src/set/index.js';
import type { Bundle } from '../bundle.js';
import { linesOf } from '../lines.js';
import { whyNotListening } from '../sockets/listens-on.js';
import { systemdUnit } from '../systemd-unit.js';
import { configSigns, isBooting } from './config-signs.js';
import { type AskedListener, type Ground, groundOf, weighed } from './ground.js';
import { startLogSigns } from './start-log-signs.js';
import { unitSigns } from './unit-signs.js';

const listenerCodes: readonly CauseCode[] = [
  'host/no-listener',
  'host/other-port',
  'host/listener-loopback-only',
  'host/listener-other-address',
  'host/listener-ipv4-only',
  'host/listener-ipv6-only',
];

/**
 * The evidence of a machine on why sshd does not listen on what is asked (L1 to L20), each with the line that says so. Only what
 * the kernel's own list shows is proven of the listener; where something listens, or nobody knows, everything else is a hint.
 * Signs of codes beside the listener come along where they stand in the same evidence: `host/unit-address-deny`,
 * `host/socket-connections`.
 */
export function listenSigns(bundle: Bundle, asked: AskedListener): readonly Sign[] {
  const ground = groundOf(bundle, asked);
  const [ofSockets, ofUnits, ofLogs] = [socketSigns(ground), unitSigns(ground), startLogSigns(ground)];
  const ofConfig = configSigns(ground);
  const ofBoot = [...bootSigns(ground), ...disabledSigns(ground)];
  return consistent([...ofSockets, ...ofUnits, ...ofLogs, ...ofConfig, ...ofBoot]);
}

/** What once was is not excluded by what is now, and sshd that listens elsewhere is not absent. */
function consistent(signs: readonly Sign[]): Sign[] {
  const named = new Set(signs.filter(({ says }) => says !== 'excludes').map(({ code }) => code));
  const elsewhere = named.has('host/socket-port') || named.has('host/config-not-loaded');
  return signs.filter(({ code, says, line }) => {
    if (says === 'excludes') return !named.has(code);
    return !(elsewhere && code === 'host/no-listener' && line === '');
  });
}

function socketSigns({ sockets, asked, listening, listener }: Ground): readonly Sign[] {
  if (listening === 'yes' && listener) {
    const { at, line } = listener;
    return listenerCodes.map((code) => ({ code, says: 'excludes', at, line }));
  }
  if (listening !== 'no') return [];
  const sample = asked.address ?? sampleOf(asked);
  const signs = sample ? whyNotListening(sockets, sample, asked.port) : [];
  return asked.address
    ? signs
    : signs.map((sign) => ({ ...sign, data: { ...sign.data, asked: `port ${asked.port}` } }));
}

/** An address that no machine has: what is not bound to it is not bound to any that is asked. */
function sampleOf({ family }: AskedListener): Address | undefined {
  return parseAddress(family === 6 ? '2001:db8::1' : '192.0.2.1');
}

/** Before cloud-init has written the keys of the host, sshd does not start: its unit waits for it (units of cloud-init). */
function bootSigns(ground: Ground): Sign[] {
  const line = isBooting(ground);
  if (line === undefined || ground.listening === 'yes') return [];
  const files = ground.bundle.records.get('files');
  const hasNoKeys = files?.outcome === 'ran' && !/\/ssh_host_\S+_key\b/.test(files.stdout);
  return [{ code: 'host/booting', says: weighed(ground, hasNoKeys ? 'proves' : 'suggests'), at: 'cloud-init', line }];
}

/** ConditionPathExists=!/etc/ssh/sshd_not_to_be_run is a line of Debian's units alone. */
function disabledSigns(ground: Ground): Sign[] {
  const files = linesOf(ground.bundle.records.get('files')?.stdout ?? '');
  const line = files.find((one) => /\s\/etc\/ssh\/sshd_not_to_be_run$/.test(one));
  if (line === undefined || ground.listening === 'yes') return [];
  const unit = systemdUnit(ground.bundle, 'ssh.service');
  const heeds = unit?.loadState === 'loaded' && unit.activeState !== 'active';
  return [{ code: 'host/disabled-by-file', says: weighed(ground, heeds ? 'proves' : 'suggests'), at: 'files', line }];
}

import type { CauseCode, Sign } from '../../../src/model/index.js';
import { AddressSet } from '../../../src/set/index.js';
import { openrcService } from '../openrc.js';
import { deniedAddresses, systemdUnit, type Unit } from '../systemd-unit.js';
import { type Ground, weighed } from './ground.js';

const services = ['ssh.service', 'sshd.service', 'dropbear.service'];
const socketUnits = ['ssh.socket', 'sshd.socket'];

/** What systemd, or OpenRC, says of why sshd does not listen, or is not reached. */
export function unitSigns(ground: Ground): readonly Sign[] {
  const units = (names: readonly string[]) => names.flatMap((name) => systemdUnit(ground.bundle, name) ?? []);
  const [ofService, ofSocket] = [units(services), units(socketUnits)];
  return [
    ...ofService.flatMap((unit) => [...startSigns(unit, ground), ...sandboxSigns(unit, ground)]),
    ...ofSocket.flatMap((unit) => [
      ...limitSigns(unit, ground),
      ...activationSigns(unit),
      ...addressSigns(unit, ground),
      ...connectionSigns(unit),
    ]),
    ...notStarted([...ofService, ...ofSocket], ground),
    ...openrcSigns(ground),
  ];
}

/** A sign that quotes a property of a unit; nothing where the property is not told. */
function quoted(unit: Unit, code: CauseCode, says: Sign['says'], property: string, from?: AddressSet): Sign[] {
  const line = unit.lineOf(property);
  if (line === undefined) return [];
  return [{ code, says, at: `unit ${unit.name}`, line, data: { unit: unit.name }, ...(from && { from }) }];
}

/**
 * Debian's unit does not start again after a status of 255 (RestartPreventExitStatus=). That holds where the main process failed:
 * what fails in ExecStartPre leaves a status of 0, and is tried again until the start limit (measured).
 */
function startSigns(unit: Unit, ground: Ground): Sign[] {
  const failed = unit.activeState === 'failed';
  const isForGood = failed && unit.name === 'ssh.service' && unit.exitStatus === 255;
  return [
    ...(isForGood ? quoted(unit, 'host/start-failed-for-good', weighed(ground, 'proves'), 'ExecMainStatus') : []),
    ...limitSigns(unit, ground),
  ];
}

function limitSigns(unit: Unit, ground: Ground): Sign[] {
  const limits = /^(?:start-limit-hit|trigger-limit-hit|service-start-limit-hit)$/;
  if (unit.activeState !== 'failed' || !limits.test(unit.result ?? '')) return [];
  return quoted(unit, 'host/start-limit', weighed(ground, 'proves'), 'Result');
}

/** The service did not take a connection that waited, and was started for it again and again: the client was reset (measured). */
function activationSigns(unit: Unit): Sign[] {
  if (unit.activeState !== 'failed' || !/^(?:service-start|trigger)-limit-hit$/.test(unit.result ?? '')) return [];
  return quoted(unit, 'host/socket-activation-fails', 'suggests', 'Result');
}

/** Sandboxing that no list of sockets and no packet filter shows (measured). It bites while the unit runs. */
function sandboxSigns(unit: Unit, ground: Ground): Sign[] {
  const runs = unit.activeState === 'active' || unit.activeState === 'reloading';
  const says = weighed(ground, runs ? 'proves' : 'suggests');
  const wanted = ground.asked.address?.family ?? ground.asked.family;
  const families = unit.addressFamilies;
  const isShutOut = families !== undefined && (wanted === undefined ? families.length < 2 : !families.includes(wanted));
  const deniesBind = unit.socketBindDeny.length > 0;
  return [
    ...(unit.privateNetwork ? quoted(unit, 'host/unit-private-network', says, 'PrivateNetwork') : []),
    ...(isShutOut
      ? quoted(unit, 'host/unit-address-families', wanted === undefined ? 'suggests' : says, 'RestrictAddressFamilies')
      : []),
    ...(deniesBind ? quoted(unit, 'host/bind-denied', 'suggests', 'SocketBindDeny') : []),
    ...addressSigns(unit, ground),
  ];
}

/** The filter hangs on whoever made the socket: a service does not filter what systemd listens on for it. */
function addressSigns(unit: Unit, { listener }: Ground): Sign[] {
  const { sure, unread } = deniedAddresses(unit);
  const bySystemd = listener?.owners.some((owner) => owner.process === 'systemd') ?? false;
  const isOwner = listener !== undefined && listener.owners.length > 0 && bySystemd === unit.name.endsWith('.socket');
  const says = unit.activeState === 'active' && isOwner ? 'proves' : 'suggests';
  return [
    ...(sure.isEmpty ? [] : quoted(unit, 'host/unit-address-deny', says, 'IPAddressDeny', sure)),
    ...(unread.length > 0 ? quoted(unit, 'host/unit-address-deny', 'suggests', 'IPAddressDeny', AddressSet.all) : []),
  ];
}

/** With Accept=yes systemd holds one instance for each connection, and turns away what is too many. */
function connectionSigns(unit: Unit): Sign[] {
  const { accept, connections, maxConnections } = unit;
  if (!accept || connections === undefined || maxConnections === undefined || connections < maxConnections) return [];
  return quoted(unit, 'host/socket-connections', 'proves', 'NConnections');
}

/** In words why nothing runs, where neither a service nor a socket does. */
function notStarted(units: readonly Unit[], { listening }: Ground): Sign[] {
  if (listening === 'yes' || units.length === 0) return [];
  if (units.some(({ activeState }) => activeState !== 'inactive' && activeState !== 'failed')) return [];
  const loaded = units.filter(({ loadState }) => loadState !== 'not-found');
  if (loaded.length === 0)
    return units.slice(0, 1).flatMap((unit) => quoted(unit, 'host/no-listener', 'suggests', 'LoadState'));
  return loaded.flatMap((unit) =>
    quoted(unit, 'host/no-listener', 'suggests', unit.loadState === 'masked' ? 'LoadState' : 'ActiveState'),
  );
}

function openrcSigns({ bundle, listening }: Ground): Sign[] {
  const service = openrcService(bundle);
  if (service === undefined || listening === 'yes' || service.state === 'started' || service.state === 'starting')
    return [];
  return [{ code: 'host/no-listener', says: 'suggests', at: 'openrc', line: service.line }];
}

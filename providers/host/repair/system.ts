import type { Bundle } from '../bundle.js';
import { linesOf } from '../lines.js';
import { partOf } from '../reading.js';
import { systemdUnit } from '../systemd-unit.js';

export type DistributionFamily = 'debian' | 'rhel' | 'alpine' | 'cos' | 'unknown';

/** What the commands for a machine depend on. */
export interface System {
  readonly family: DistributionFamily;
  readonly init: 'systemd' | 'openrc';
  /** The name of sshd's unit or service. */
  readonly unit: 'ssh' | 'sshd';
  /** The unit whose socket systemd holds for sshd, where one is active. */
  readonly socket?: 'ssh.socket' | 'sshd.socket';
  /** The release of Ubuntu as a number: 2404 is 24.04. */
  readonly ubuntu?: number;
}

/** By the words that os-release(5) has for them in ID and ID_LIKE. Amazon Linux is of the kin of RHEL. */
const families: ReadonlyMap<string, DistributionFamily> = new Map([
  ...['debian', 'ubuntu', 'raspbian', 'linuxmint'].map((id) => [id, 'debian'] as const),
  ...['rhel', 'fedora', 'centos', 'rocky', 'almalinux', 'ol', 'amzn'].map((id) => [id, 'rhel'] as const),
  ['alpine', 'alpine'],
  ['cos', 'cos'],
]);

/** A machine of a family of which nothing else is known. */
export function systemOfFamily(family: DistributionFamily): System {
  return { family, init: family === 'alpine' ? 'openrc' : 'systemd', unit: family === 'debian' ? 'ssh' : 'sshd' };
}

/** What the bundle tells of the distribution, the init system and the unit of sshd. */
export function systemOf(bundle: Bundle | undefined): System {
  if (!bundle) return systemOfFamily('unknown');
  const release = osRelease(bundle);
  const ids = [release.get('ID') ?? '', ...(release.get('ID_LIKE') ?? '').split(' ')];
  const family = ids.map((id) => families.get(id)).find((one) => one !== undefined) ?? 'unknown';
  const usual = systemOfFamily(family);
  const sockets = (['ssh.socket', 'sshd.socket'] as const).filter(
    (name) => systemdUnit(bundle, name)?.activeState === 'active',
  );
  const [, year, month] = /^(\d{2})\.(\d{2})$/.exec(release.get('VERSION_ID') ?? '') ?? [];
  const isUbuntu = release.get('ID') === 'ubuntu' && year !== undefined;
  return {
    family,
    init: initOf(bundle) ?? usual.init,
    unit: unitOf(bundle) ?? usual.unit,
    ...(sockets[0] !== undefined && { socket: sockets[0] }),
    ...(isUbuntu && { ubuntu: Number(`${year}${month}`) }),
  };
}

const isLoaded = (bundle: Bundle, name: string) => systemdUnit(bundle, name)?.loadState === 'loaded';

/** On Debian `sshd` is an alias of `ssh`, so that both are there. */
function unitOf(bundle: Bundle): System['unit'] | undefined {
  if (isLoaded(bundle, 'ssh.service')) return 'ssh';
  return isLoaded(bundle, 'sshd.service') ? 'sshd' : undefined;
}

function initOf(bundle: Bundle): System['init'] | undefined {
  const [first = ''] = linesOf(partOf(bundle, 'file /proc/1/comm'));
  if (first === 'systemd' || isLoaded(bundle, 'ssh.service') || isLoaded(bundle, 'sshd.service')) return 'systemd';
  return bundle.records.get('openrc')?.outcome === 'ran' ? 'openrc' : undefined;
}

/** `KEY=value`, the value with or without quotes (os-release(5)). */
function osRelease(bundle: Bundle): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of linesOf(partOf(bundle, 'file /etc/os-release'))) {
    const [, key, value = ''] = /^([A-Z_]{1,32})=["']?([^"']{0,256})["']?$/.exec(line) ?? [];
    if (key !== undefined) values.set(key, value);
  }
  return values;
}

import type { Address } from '../../src/set/index.js';
import type { Bundle } from './bundle.js';
import { linesOf, wordsOf } from './lines.js';
import { outputOf, partOf } from './reading.js';
import { writtenAddresses } from './source.js';

/** A zone, or a policy, as `firewall-cmd --list-all-zones` prints it. Texts are untrusted. */
export interface FirewalldZone {
  readonly name: string;
  /** `default`, `%%REJECT%%`, `DROP`, `ACCEPT`; for a policy `CONTINUE` too. */
  readonly target: string;
  readonly interfaces: readonly string[];
  /** Addresses, prefixes, MAC addresses, `ipset:NAME`. */
  readonly sources: readonly string[];
  readonly services: readonly string[];
  /** `2222/tcp`, `3000-3010/tcp`. */
  readonly ports: readonly string[];
  readonly richRules: readonly string[];
  readonly priority: number;
  readonly ingressZones: readonly string[];
  readonly egressZones: readonly string[];
}

export interface Firewalld {
  readonly running: boolean;
  readonly panic?: boolean;
  readonly defaultZone?: string;
  readonly zones: readonly FirewalldZone[];
  readonly policies: readonly FirewalldZone[];
  /** The zones as they are after a reload; undefined where they were not collected. */
  readonly permanent?: readonly FirewalldZone[];
}

/** What firewall-cmd says; undefined where it was not there, or could not be asked. */
export function firewalld(bundle: Bundle): Firewalld | undefined {
  const state = bundle.records.get('firewalld-state');
  const said = state ? `${state.stdout}\n${state.stderr}` : '';
  const running = linesOf(said).includes('running');
  if (!running && !linesOf(said).includes('not running')) return undefined;
  const panic = linesOf(partOf(bundle, 'firewalld-panic'))[0];
  const [defaultZone = ''] = linesOf(partOf(bundle, 'firewalld-default'));
  const permanent = outputOf(bundle, 'firewalld-permanent');
  return {
    running,
    ...(panic === 'yes' || panic === 'no' ? { panic: panic === 'yes' } : {}),
    ...(defaultZone === '' ? {} : { defaultZone }),
    zones: zonesOf(partOf(bundle, 'firewalld')),
    policies: zonesOf(partOf(bundle, 'firewalld-policies')),
    ...('value' in permanent ? { permanent: zonesOf(permanent.value) } : {}),
  };
}

interface Block {
  readonly name: string;
  readonly fields: Map<string, string>;
  readonly richRules: string[];
}

/** Blocks that begin with a name at the start of a line, then fields with two blanks, then rich rules with a tab before them. */
function zonesOf(text: string): readonly FirewalldZone[] {
  const blocks: Block[] = [];
  for (const line of linesOf(text)) {
    const block = blocks.at(-1);
    const colon = line.indexOf(': ') < 0 ? line.indexOf(':') : line.indexOf(': ');
    if (line !== '' && !line.startsWith(' ') && !line.startsWith('\t')) {
      blocks.push({ name: line.split(' ')[0] ?? '', fields: new Map(), richRules: [] });
    } else if (block && line.startsWith('\t')) {
      if (line.startsWith('\trule')) block.richRules.push(line.trim());
    } else if (block && colon > 0) block.fields.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
  }
  return blocks.map(({ name, fields, richRules }) => {
    const words = (field: string) => wordsOf(fields.get(field) ?? '');
    const priority = Number(fields.get('priority') ?? fields.get('ingress-priority') ?? 0);
    return {
      name,
      target: fields.get('target') ?? 'default',
      interfaces: words('interfaces'),
      sources: words('sources'),
      services: words('services'),
      ports: words('ports'),
      richRules,
      priority: Number.isNaN(priority) ? 0 : priority,
      ingressZones: words('ingress-zones'),
      egressZones: words('egress-zones'),
    };
  });
}

/**
 * The zone of a packet from a client that comes in at a device: a zone bound to its source goes before the zone of the device,
 * and that before the default zone (firewalld.zones(5), measured). Of several by source the first by priority and name.
 * Undefined where a binding by a MAC address or a set may take the packet, or where the default zone is not known.
 */
export function zoneOf(
  { zones, defaultZone }: Firewalld,
  { client, device }: { readonly client?: Address; readonly device?: string },
): FirewalldZone | undefined {
  const ordered = [...zones].sort((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : 1));
  for (const zone of ordered) {
    for (const source of zone.sources) {
      const addresses = writtenAddresses(source);
      if (!addresses || !client) return undefined;
      if (addresses.has(client)) return zone;
    }
  }
  const byDevice = ordered.find(
    ({ interfaces }) => device !== undefined && interfaces.some((name) => fitsDevice(name, device)),
  );
  if (byDevice) return byDevice;
  // Without a device the packet is in one zone for sure only where all devices are in the same.
  const bound = device === undefined ? zones.filter(({ interfaces }) => interfaces.length > 0) : [];
  return bound.every(({ name }) => name === defaultZone) ? zones.find(({ name }) => name === defaultZone) : undefined;
}

/** `ppp+` is every device that begins so. */
function fitsDevice(name: string, device: string): boolean {
  return name.endsWith('+') ? device.startsWith(name.slice(0, -1)) : name === device;
}

/** Whether a zone lets a TCP port in by its services and ports: the service `ssh` is port 22 whatever sshd does. */
export function opensPort({ services, ports }: FirewalldZone, port: number): boolean {
  if (port === 22 && services.includes('ssh')) return true;
  return ports.some((text) => {
    const [, first = '', last = first] = /^(\d{1,5})(?:-(\d{1,5}))?\/tcp$/.exec(text) ?? [];
    return first !== '' && port >= Number(first) && port <= Number(last);
  });
}

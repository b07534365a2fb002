import type { Sign } from '../../src/model/index.js';
import type { Address } from '../../src/set/index.js';
import type { Bundle } from './bundle.js';
import { type Firewalld, type FirewalldZone, firewalld, opensPort, zoneOf } from './firewalld.js';
import { writtenAddresses } from './source.js';

export interface FirewalldQuestion {
  readonly client?: Address;
  /** The device at which the client's packets come in. */
  readonly device?: string;
  readonly port: number;
}

/** What firewalld takes as the name of a zone; no other text gets into a command. */
const zoneName = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * The commands that let a client connect to a port where firewalld stops it, in their order: for the zone that its packets are
 * in, and written down before the reload that makes them hold. None where firewalld does not run, is not known, the zone of the
 * packet is not sure, or the zone lets the port in already.
 */
export function firewalldFix(bundle: Bundle, asked: FirewalldQuestion): readonly string[] {
  const state = firewalld(bundle);
  if (!state?.running) return [];
  if (state.panic) return ['firewall-cmd --panic-off'];
  const zone = zoneOf(state, asked);
  if (!zone || !zoneName.test(zone.name)) return [];
  const refusing = refusingRule(zone, asked);
  if (refusing !== undefined) {
    const rule = quoted(refusing);
    return rule === undefined
      ? []
      : [`firewall-cmd --permanent --zone=${zone.name} --remove-rich-rule=${rule}`, reload];
  }
  if (opensPort(zone, asked.port)) return [];
  if (isWaiting(state, zone, asked.port)) return [reload];
  const what = asked.port === 22 ? '--add-service=ssh' : `--add-port=${asked.port}/tcp`;
  return [`firewall-cmd --permanent --zone=${zone.name} ${what}`, reload];
}

const reload = 'firewall-cmd --reload';

/**
 * What firewalld says beside its rules: that all packets are dropped; and that a zone lets the port in after a reload, and does
 * not before. The verdict is that of the rules.
 */
export function firewalldSigns(bundle: Bundle, asked: FirewalldQuestion): Sign[] {
  const state = firewalld(bundle);
  if (!state?.running) return [];
  if (state.panic) return [{ code: 'host/firewall-drops', says: 'proves', at: 'firewalld-panic', line: 'yes' }];
  const zone = zoneOf(state, asked);
  if (!zone || opensPort(zone, asked.port) || !isWaiting(state, zone, asked.port)) return [];
  return [
    {
      code: zone.target === 'DROP' ? 'host/firewall-drops' : 'host/firewall-prohibits',
      says: 'suggests',
      at: 'firewalld-permanent',
      line: zone.name,
      data: { zone: zone.name, permanent: asked.port === 22 ? 'ssh' : `${asked.port}/tcp` },
    },
  ];
}

/** Written down, and not loaded. */
function isWaiting({ permanent = [] }: Firewalld, { name }: FirewalldZone, port: number): boolean {
  return permanent.some((zone) => zone.name === name && opensPort(zone, port));
}

/** A rich rule that refuses the client by its address; the words of firewalld.richlanguage(5). */
function refusingRule({ richRules }: FirewalldZone, { client, port }: FirewalldQuestion): string | undefined {
  if (!client) return undefined;
  return richRules.find((rule) => {
    const [, address = ''] = / source address="([^"]{1,64})"/.exec(rule) ?? [];
    const isRefusing = / (?:reject(?: type="[^"]{1,64}")?|drop)$/.test(rule);
    const [, written] = / port port="(\d{1,5})" protocol="tcp"/.exec(rule) ?? [];
    const [, service] = / service name="([^"]{1,64})"/.exec(rule) ?? [];
    const isOfPort =
      written === undefined ? service === undefined || (service === 'ssh' && port === 22) : Number(written) === port;
    return isRefusing && isOfPort && writtenAddresses(address)?.has(client) === true;
  });
}

/** In single quotes for the shell; undefined for what cannot stand there as it is. */
function quoted(text: string): string | undefined {
  return /^[ -~]{1,512}$/.test(text) && !text.includes("'") ? `'${text}'` : undefined;
}

import { internet, type Symptom, type Verdict } from '../model/index.js';
import { AddressSet, type Family } from '../set/index.js';

/** What happens to the client, as the end of a sentence. */
export const symptomWords: Readonly<Record<Symptom, string>> = {
  connects: 'the client connects',
  'times-out': 'the client times out',
  refused: 'the client is refused',
  'no-route': 'the client sees "No route to host"',
  'net-unreachable': 'the client sees "Network is unreachable"',
  'permission-denied': 'the client sees "Permission denied" from its own system',
  reset: 'the connection is reset',
  closed: 'the connection is closed before the greeting',
  silent: 'the connection opens and stays silent',
  'banner-text': 'the server answers with text instead of SSH',
  'not-ssh': 'something answers that is not SSH',
  'kex-hang': 'the key exchange hangs',
  'negotiation-failed': 'client and server find no common algorithm',
  'auth-failed': 'the login is refused',
  'dns-failed': 'the name does not resolve',
  'cannot-tell': 'the evidence does not tell',
};

/** A verdict and what the client sees, as a headline says it. */
export function verdictWords(verdict: Verdict, symptom: Symptom): string {
  if (verdict === 'reachable') return 'reachable';
  if (verdict === 'unknown') return 'unknown: the evidence does not tell';
  if (verdict === 'partial') return `partial: some connect, and for the others ${symptomWords[symptom]}`;
  return `unreachable: ${symptomWords[symptom]}`;
}

/** How a kind of path is called. */
export const pathWords: Readonly<Record<string, string>> = {
  internet: 'over the internet',
  hairpin: 'from inside, through the public address',
  'same-subnet': 'inside the subnet',
  'same-vpc': 'inside the vpc',
  peering: 'over a vpc peering',
  'transit-gateway': 'over a transit gateway',
  vpn: 'over a vpn',
  'direct-connect': 'over direct connect',
  'load-balancer': 'through a load balancer',
};

const mostPrefixes = 4;

function single(prefix: string): string {
  return prefix.replace(/\/(?:32|128)$/, '');
}

/** A list of prefixes for people: single addresses without their length, a long list cut with its count. */
export function prefixWords(prefixes: readonly string[]): string {
  if (prefixes.length === 0) return 'nobody';
  const shown = prefixes.slice(0, mostPrefixes).map(single).join(', ');
  return prefixes.length > mostPrefixes ? `${shown} and ${prefixes.length - mostPrefixes} more prefixes` : shown;
}

/** A set of sources for people: the whole internet is called so, and what else is in it follows. */
export function sourceWords(prefixes: readonly string[], worldOpen: boolean): string {
  if (!worldOpen) return prefixWords(prefixes);
  const sources = AddressSet.of(...prefixes);
  const families = ([4, 6] as const satisfies readonly Family[]).filter((family) =>
    sources.overlaps(internet.only(family)),
  );
  const whole = `the whole internet (${families.map((family) => `IPv${family}`).join(' and ')})`;
  const rest = sources.subtract(internet);
  return rest.isEmpty ? whole : `${whole}, and ${prefixWords(rest.prefixes())}`;
}

import { internet, type Symptom, type TargetRef, type Verdict } from '../model/index.js';
import { addressSet, type Family } from '../set/index.js';

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
  'no-protocol': 'the client sees "Protocol not available"',
  'invalid-argument': 'the client sees "Invalid argument" from its own system',
  'no-client-port': 'the client sees "Cannot assign requested address" from its own system',
  'cannot-tell': 'the evidence does not tell',
};

/** A verdict and what the client sees, as a headline says it. */
export function verdictWords(verdict: Verdict, symptom: Symptom): string {
  if (verdict === 'reachable') {
    if (symptom === 'connects') return 'reachable';
    return symptom === 'cannot-tell'
      ? 'reachable: whether SSH answers is not known'
      : `reachable: ${symptomWords[symptom]}`;
  }
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
  'core-network': 'over a core network',
  'local-gateway': 'over a local gateway',
  'carrier-gateway': 'over a carrier gateway',
  unknown: 'over a gateway of an unknown kind',
  iap: 'through Identity-Aware Proxy',
  bastion: 'through Azure Bastion',
  'azure-firewall': 'through a firewall',
  interconnect: 'over an interconnect',
  unread: 'by a way that could not be read',
};

/** A target by its id and the name that people gave it, where the id does not say it already. */
export function targetWords({ id, name }: TargetRef): string {
  return name === null || id.endsWith(`/${name}`) ? id : `${id} (${name})`;
}

const mostPrefixes = 4;

/** A prefix as people write it: a single address without its length. */
export function singleWords(prefix: string): string {
  return prefix.replace(/\/(?:32|128)$/, '');
}

/** What the target's own networks may take out of the internet: less than this is still the whole of it. */
const ownAtMost: Readonly<Record<Family, bigint>> = { 4: 2n ** 25n, 6: 2n ** 100n };

function listed(prefixes: readonly string[]): string {
  const shown = prefixes.slice(0, mostPrefixes).map(singleWords).join(', ');
  return prefixes.length > mostPrefixes ? `${shown} and ${prefixes.length - mostPrefixes} more prefixes` : shown;
}

/** A set of sources for people: the whole internet is called so, a long list is cut with its count. */
export function prefixWords(prefixes: readonly string[]): string {
  if (prefixes.length === 0) return 'nobody';
  if (prefixes.length <= mostPrefixes) return listed(prefixes);
  const sources = addressSet(prefixes);
  const whole = ([4, 6] as const).filter((family) => {
    const outside = internet.only(family);
    return outside.count(family) > 0n && outside.subtract(sources).count(family) < ownAtMost[family];
  });
  if (whole.length === 0) return listed(prefixes);
  const rest = whole.reduce((left, family) => left.subtract(internet.only(family)), sources);
  const name = `the whole internet (${whole.map((family) => `IPv${family}`).join(' and ')})`;
  return rest.isEmpty ? name : `${name}, and ${listed(rest.prefixes())}`;
}

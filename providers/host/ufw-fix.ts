import { type Address, formatAddress } from '../../src/set/index.js';
import type { Bundle } from './bundle.js';
import { wordsOf } from './lines.js';
import { writtenAddresses } from './source.js';
import { type Ufw, type UfwRule, ufw } from './ufw.js';

/** Whether a rule is about a client and a port: `maybe` where its words leave it open. */
type Fit = 'yes' | 'maybe' | 'no';

/**
 * The command that lets a client connect to a port where ufw stops it: before the first rule that stops it, because the first
 * rule that fits decides (ufw(8), RULE ORDERING). IPv4 and IPv6 rules are numbered in one row, and a rule is inserted among those
 * of its family (measured, ufw 0.36.2). Undefined where ufw is not active, is not known, or lets the client in already.
 */
export function ufwFix(
  bundle: Bundle,
  asked: { readonly client?: Address; readonly port: number },
): string | undefined {
  const state = ufw(bundle);
  if (!state?.active) return undefined;
  const { client, port } = asked;
  const rule = client ? `allow from ${formatAddress(client)} to any port ${port} proto tcp` : `allow ${port}/tcp`;
  for (const candidate of state.rules) {
    const fit = fits(state, candidate, asked);
    if (fit === 'no') continue;
    if (candidate.action !== 'ALLOW') return `ufw insert ${candidate.number} ${rule}`;
    if (fit === 'yes') return undefined;
  }
  return state.incoming === 'allow' ? undefined : `ufw ${rule}`;
}

function fits(state: Ufw, rule: UfwRule, { client, port }: { readonly client?: Address; readonly port: number }): Fit {
  if (rule.direction !== 'IN') return 'no';
  if (client && (client.family === 6) !== rule.isIpv6) return 'no';
  return least([
    destinationFit(state, rule.to, port),
    sourceFit(rule.from, client),
    rule.device === undefined ? 'yes' : 'maybe',
  ]);
}

function least(parts: readonly Fit[]): Fit {
  if (parts.includes('no')) return 'no';
  return parts.includes('maybe') ? 'maybe' : 'yes';
}

function sourceFit(from: string, client: Address | undefined): Fit {
  const [address = '', ...ports] = wordsOf(from);
  const narrow: Fit = ports.length > 0 ? 'maybe' : 'yes';
  if (address === 'Anywhere') return narrow;
  const addresses = writtenAddresses(address);
  if (!client || !addresses) return 'maybe';
  return addresses.has(client) ? narrow : 'no';
}

function destinationFit(state: Ufw, to: string, port: number): Fit {
  if (to === 'Anywhere') return 'yes';
  const words = wordsOf(to);
  // An address of the machine may stand before the ports: which one the client dials is not known here.
  const isAddress = writtenAddresses(words[0] ?? '') !== undefined;
  const [what, ...rest] = isAddress ? words.slice(1) : [to];
  if (what === undefined) return 'maybe';
  const ports = portsFit([what, ...rest].join(' '), state, port);
  return isAddress ? least([ports, 'maybe']) : ports;
}

function portsFit(what: string, state: Ufw, port: number): Fit {
  const written = state.applications.get(what) ?? what;
  const found = /^(Anywhere|\d[\d,:]{0,256})(?:\/([a-z]{1,8}))?$/.exec(written);
  if (!found) return 'maybe';
  const [, list = '', protocol = 'tcp'] = found;
  if (protocol !== 'tcp') return 'no';
  const isIn = list.split(',').some((range) => {
    const [first = '', last = first] = range.split(':');
    return port >= Number(first) && port <= Number(last);
  });
  return list === 'Anywhere' || isIn ? 'yes' : 'no';
}

import type { Fact, Gap } from '../../../src/model/index.js';
import { type Address, AddressSet, parseAddress } from '../../../src/set/index.js';
import { flatten, type Verdict } from './flatten.js';
import { gapOf } from './gap.js';
import type { HungChain } from './hung.js';
import { always, inTurn, type Match, oneOf, without } from './match.js';
import type { Packet } from './packet.js';
import type { FilterRule } from './ruleset.js';

/** Where the packets of some clients go to after the address translation of the machine. */
export interface Translated {
  readonly from: AddressSet;
  readonly to:
    | { readonly kind: 'as-asked' }
    | { readonly kind: 'here'; readonly near: Address | undefined; readonly port: number }
    | { readonly kind: 'elsewhere'; readonly address: string; readonly port: number }
    | { readonly kind: 'unknown'; readonly gap: Gap };
  /** The rule that translates, and the chain that holds it: later chains of type nat are not asked. */
  readonly by?: { readonly rule: FilterRule; readonly chain: HungChain };
}

interface Target {
  readonly to: Translated['to'];
  readonly match: Match;
  readonly by?: Translated['by'];
}

/** The machine's own addresses, and the one that a redirection takes: the first of the interface (nft(8), redirect). */
export interface Own {
  readonly addresses: AddressSet | undefined;
  readonly ofDevice: Address | undefined;
  /** To whom a reply leaves by the interface by which the packet came. */
  readonly returnable?: Fact<AddressSet>;
}

function destination(address: string | undefined, port: number, packet: Packet, own: Own): Translated['to'] {
  if (address === undefined) return { kind: 'here', near: packet.near, port };
  const parsed = parseAddress(address);
  const opaque = (text: string): Translated['to'] => ({ kind: 'unknown', gap: gapOf({ kind: 'opaque', text }) });
  if (!parsed || !own.addresses) return opaque(`DNAT to ${address}`);
  if (AddressSet.of('127.0.0.0/8', '::1/128').has(parsed)) return opaque(`DNAT to ${address}`);
  if (own.addresses.has(parsed)) return { kind: 'here', near: parsed, port };
  return { kind: 'elsewhere', address, port };
}

/** What one chain translates, and what it leaves to the next. A packet that it accepts is left as it is. */
function throughChain(hung: HungChain, packet: Packet, open: Match, own: Own): { targets: Target[]; open: Match } {
  const { verdicts } = flatten(hung.table, hung.chain, packet);
  const hits = inTurn(
    open,
    verdicts.map(({ match, does }) => ({ match, takes: does.kind !== 'notrack' })),
  );
  const targets = verdicts.flatMap(({ does, rule }, k): Target[] => {
    const match = hits[k];
    const to = translated(does, packet, own);
    return !to || !match || match.may.isEmpty ? [] : [{ to, match, ...(rule && { by: { rule, chain: hung } }) }];
  });
  return { targets, open: targets.length === 0 ? open : without(open, oneOf(targets.map(({ match }) => match))) };
}

/** Undefined for what leaves the packet as it is. */
function translated(does: Verdict['does'], packet: Packet, own: Own): Translated['to'] | undefined {
  switch (does.kind) {
    case 'redirect':
      return { kind: 'here', near: own.ofDevice, port: does.port ?? packet.nearPort };
    case 'dnat':
      return destination(does.address, does.port ?? packet.nearPort, packet, own);
    case 'unknown':
      return { kind: 'unknown', gap: gapOf(does.why) };
    default:
      return undefined;
  }
}

/**
 * Sends the first packet of a connection through the chains of type nat, in their order: the first that translates it decides
 * for the whole connection. The answer is disjoint by client and covers everybody; who may or may not be translated is unknown.
 */
export function translate(chains: readonly HungChain[], packet: Packet, own: Own): Translated[] {
  let targets: readonly Target[] = [];
  let open: Match = always;
  for (const hung of chains) {
    const through = throughChain(hung, packet, open, own);
    targets = [...targets, ...through.targets];
    open = through.open;
  }
  const everybody = (packet.family === 4 ? AddressSet.ipv4 : AddressSet.ipv6) satisfies AddressSet;
  const parts: Translated[] = [];
  for (const { match, to, by } of targets) {
    if (to.kind === 'unknown') continue;
    const from = match.surely.addresses().intersect(everybody);
    if (from.isEmpty) continue;
    parts.push({ from, to, ...(by && { by }) });
  }
  const told = AddressSet.unionOf(parts.map(({ from }) => from));
  const untouched = open.surely.addresses().intersect(everybody);
  if (!untouched.isEmpty) parts.push({ from: untouched, to: { kind: 'as-asked' } });
  const doubtful = everybody.subtract(told).subtract(untouched);
  if (!doubtful.isEmpty) {
    const doubt = targets.find(({ match, to }) => to.kind === 'unknown' || match.gap);
    const gap =
      doubt?.to.kind === 'unknown'
        ? doubt.to.gap
        : (doubt?.match.gap ?? gapOf({ kind: 'opaque', text: 'the address translation of the machine' }));
    parts.push({ from: doubtful, to: { kind: 'unknown', gap } });
  }
  return parts;
}

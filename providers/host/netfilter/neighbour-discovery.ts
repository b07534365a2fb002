import { type Address, AddressSet, PortSet, TrafficSet } from '../../../src/set/index.js';
import { chainRef } from './chain-filter.js';
import { flatten } from './flatten.js';
import { hung } from './hung.js';
import { unmarked } from './marks.js';
import { both, exactly, without } from './match.js';
import type { Packet } from './packet.js';
import type { FilterTable } from './ruleset.js';

/** Who asks may do so from any address of its own (RFC 4861, 7.2.2). */
const neighbours = TrafficSet.of(AddressSet.ipv6, PortSet.all);

/** The solicited-node multicast address (RFC 4291, 2.7.1) to which the question for an address is sent. */
const firstSolicitedNode = 0xff0200000000000000000001ff000000n;

function solicitedNode(address: bigint): Address {
  return { family: 6, value: firstSolicitedNode + (address & 0xffffffn) };
}

/**
 * The rule by which the packet filters surely drop every question of a neighbour for an IPv6 address of the machine; undefined where they
 * let some through, or may. A machine that drops them is found by nobody, whatever its rules say of TCP.
 */
export function droppedSolicitations(
  tables: readonly FilterTable[],
  address: bigint,
  device: string | undefined,
): { readonly chain: string; readonly rule: string } | undefined {
  const packet: Packet = {
    direction: 'in',
    carries: 'solicitation',
    family: 6,
    near: solicitedNode(address),
    nearPort: 0,
    device,
    // Connection tracking leaves these messages alone (nf_conntrack_icmpv6 in Linux).
    state: 'untracked',
    own: undefined,
    isTranslated: false,
    marks: unmarked,
  };
  let { marks } = packet;
  for (const { table, chain } of (['ingress', 'prerouting', 'input'] as const).flatMap((hook) =>
    hung(tables, hook, { family: 6, device }),
  )) {
    let open = exactly(neighbours);
    let dropped = TrafficSet.empty;
    let by: string | undefined;
    const unrolled = flatten(table, chain, { ...packet, marks });
    marks = unrolled.marks;
    for (const { match, does, rule } of unrolled.verdicts) {
      if (does.kind === 'notrack') continue;
      const hit = both(open, match);
      if (does.kind === 'drop' || does.kind === 'reject') {
        if (!hit.surely.isEmpty) by ??= rule?.text ?? `policy ${does.kind} of ${chain.name}`;
        dropped = dropped.union(hit.surely);
      }
      open = without(open, match);
    }
    if (by !== undefined && dropped.covers(neighbours)) return { chain: chainRef(table, chain).id, rule: by };
  }
  return undefined;
}

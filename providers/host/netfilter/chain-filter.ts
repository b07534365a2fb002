import type { Reason, ResourceRef, Rule, RuleFilter, Symptom } from '../../../src/model/index.js';
import type { Family } from '../../../src/set/index.js';
import { isBan } from '../ban-name.js';
import { flatten, type Verdict } from './flatten.js';
import { gapOf } from './gap.js';
import type { Marks } from './marks.js';
import { boxesOf } from './match.js';
import type { Packet } from './packet.js';
import type { FilterChain, FilterRule, FilterTable, RejectWith } from './ruleset.js';

/** What a client on Linux sees of each way to refuse, by family (measured; EACCES for IPv6 is documented in connect(2)). */
const refusals: Readonly<Record<RejectWith, Readonly<Record<Family, Symptom>>>> = {
  'tcp-reset': { 4: 'refused', 6: 'refused' },
  'port-unreachable': { 4: 'refused', 6: 'refused' },
  'host-unreachable': { 4: 'no-route', 6: 'no-route' },
  'address-unreachable': { 4: 'no-route', 6: 'no-route' },
  'host-prohibited': { 4: 'no-route', 6: 'permission-denied' },
  'admin-prohibited': { 4: 'no-route', 6: 'permission-denied' },
  'policy-fail': { 4: 'no-route', 6: 'permission-denied' },
  'reject-route': { 4: 'no-route', 6: 'permission-denied' },
  'net-unreachable': { 4: 'net-unreachable', 6: 'net-unreachable' },
  'net-prohibited': { 4: 'net-unreachable', 6: 'permission-denied' },
  'no-route': { 4: 'net-unreachable', 6: 'net-unreachable' },
  'protocol-unreachable': { 4: 'no-protocol', 6: 'refused' },
};

const codes: Readonly<Partial<Record<Symptom, string>>> = {
  refused: 'host/firewall-rejects',
  'no-route': 'host/firewall-prohibits',
  'permission-denied': 'host/firewall-prohibits-ipv6',
  'net-unreachable': 'host/firewall-net-unreachable',
  'no-protocol': 'host/firewall-protocol-unreachable',
};

/** Whether a rule, a set that it asks, or the chain or table that holds it, is one of a program that bans. */
function bans({ chain, rule }: Verdict, table: FilterTable): boolean {
  return [table.name, chain, rule?.comment ?? '', rule?.text ?? ''].some(isBan);
}

/** The name by which a chain and its layer tell a rule of it. */
export function signedId(chain: string, { id }: FilterRule): string {
  return id.startsWith(`${chain} `) ? id : `${chain} ${id}`;
}

/** The object that a chain is to people. */
export function chainRef(table: FilterTable, chain: FilterChain): ResourceRef {
  const family = table.by === 'nft' ? `${table.family} ` : table.family === 'ip6' ? 'ip6tables ' : 'iptables ';
  const legacy = table.by === 'iptables-legacy' ? ' (legacy)' : '';
  return { kind: 'firewall-chain', id: `${family}${table.name} ${chain.name}${legacy}` };
}

/** Where a packet filter stands in the way of packets, as far as its words depend on it. */
interface Place {
  readonly table: FilterTable;
  readonly base: FilterChain;
  readonly packet: Packet;
}

function ruleText({ rule, chain }: Verdict, { base }: Place): string {
  return rule ? rule.text : `policy ${base.base?.policy ?? 'accept'} of ${chain}`;
}

function reasonOf(verdict: Verdict, place: Place): Reason {
  const { does } = verdict;
  const { table, base, packet } = place;
  const data = {
    rule: ruleText(verdict, place),
    chain: chainRef(table, base).id,
    // For what changes the chain: the one that holds the rule, and the packet as it is here.
    inside: verdict.chain,
    port: `${packet.nearPort}`,
    direction: packet.direction,
  };
  if (packet.carries === 'data' || packet.carries === 'ack') {
    // The client takes the connection for open. An ICMP message is no reason for it to give it up, but who asks for the error of the
    // socket in that moment is told of it (SO_ERROR in Linux).
    const answer = does.kind === 'reject' && packet.carries === 'ack' ? does.how : undefined;
    const symptom = answer === undefined ? 'silent' : answer === 'tcp-reset' ? 'reset' : 'cannot-tell';
    return { code: 'path/only-first-packet', data, symptom };
  }
  if (packet.direction === 'out') {
    // The client hears nothing: the kernel's own error goes to nobody. A reset goes to the machine itself, in the client's name, and
    // what the filter for what comes in answers to that goes to the client (measured).
    const isReset = does.kind === 'reject' && does.how === 'tcp-reset';
    return { code: 'host/firewall-drops-replies', data, symptom: isReset ? 'cannot-tell' : 'times-out' };
  }
  const ban = bans(verdict, table);
  if (does.kind !== 'reject') {
    const early = base.base?.hook !== 'input';
    const code = ban ? 'host/ban-drops' : early ? 'host/firewall-early' : 'host/firewall-drops';
    return { code, data, symptom: 'times-out' };
  }
  const symptom = refusals[does.how][packet.family];
  const refused = does.how === 'tcp-reset' ? 'host/firewall-resets' : (codes[symptom] ?? 'host/firewall-rejects');
  const answer = does.how === 'tcp-reset' ? 'firewall-reset' : 'error';
  // What a chain of a device refuses goes out by that device, past the other chains.
  const isSent = base.base?.hook !== 'ingress';
  return {
    code: ban ? 'host/banned' : refused,
    data: { ...data, how: does.how },
    symptom,
    ...(isSent && { answer }),
  };
}

function rulesOf(verdict: Verdict, place: Place): readonly Rule[] {
  const { does, rule, match } = verdict;
  const signed = {
    id: rule && signedId(verdict.chain, rule),
    text: ruleText(verdict, place),
  };
  const boxes = boxesOf(match);
  switch (does.kind) {
    case 'accept':
    // Where the packet goes to is for the translation to say.
    case 'redirect':
    case 'dnat':
      return boxes.map((box) => ({ ...signed, ...box, action: 'allow' as const }));
    case 'drop':
    case 'reject': {
      const reason = reasonOf(verdict, place);
      return boxes.map((box) => ({ ...signed, ...box, action: does.kind, reason }));
    }
    case 'notrack':
      return [];
    case 'synproxy':
    case 'unknown': {
      const why = does.kind === 'unknown' ? does.why : ({ kind: 'opaque', text: signed.text } as const);
      const doubt = { ...match, surely: match.surely.subtract(match.surely), gap: gapOf(why) };
      const reason = { code: gapOf(why).code, data: {} };
      return boxesOf(doubt).flatMap((box) =>
        (['allow', 'drop'] as const).map((action) => ({ ...signed, ...box, action, reason })),
      );
    }
  }
}

/**
 * A base chain and everything that it calls, as a filter of the model: by far end, and on the way out by the far end's port
 * too, with the marks that it leaves. The port on the machine's side is the packet's.
 */
export function chainFilter(
  table: FilterTable,
  base: FilterChain,
  packet: Packet,
): { readonly filter: RuleFilter; readonly marks: Marks } {
  const place: Place = { table, base, packet };
  const { verdicts, marks } = flatten(table, base, packet);
  const last = verdicts.at(-1);
  const drops = last?.does.kind === 'drop';
  const filter: RuleFilter = {
    kind: 'rules',
    rules: verdicts.slice(0, -1).flatMap((verdict) => rulesOf(verdict, place)),
    otherwise: drops ? 'drop' : 'allow',
    ...(drops && last && { reason: reasonOf(last, place) }),
  };
  return { filter, marks };
}

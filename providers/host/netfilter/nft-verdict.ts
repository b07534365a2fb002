import { asObject, asText, isObject, memberOf } from './nft-value.js';
import { nftText } from './nft-words.js';
import type { Condition, RejectWith, Statement } from './ruleset.js';

/** One thing that a rule does, for the packets that also meet these conditions. */
export interface Effect {
  readonly conditions: readonly Condition[];
  readonly does: Statement;
  /** As of a rule: so many of the conditions are asked before marks change. */
  readonly asked?: number;
}

export function unknownStatement(kind: 'opaque' | 'unparsed' | 'stateful', text: string): Statement {
  return { kind: 'unknown', why: { kind, text } };
}

/** The verdict of `{"accept": null}` or `{"jump": {"target": "web"}}`; undefined for what is none. */
export function verdictOf(value: unknown): Statement | undefined {
  const [name, body] = memberOf(value) ?? [];
  switch (name) {
    case 'accept':
    case 'drop':
    case 'return':
    case 'continue':
      return { kind: name };
    case 'jump':
    case 'goto': {
      const chain = asText(asObject(body).target);
      return chain === undefined ? undefined : { kind: name, chain };
    }
    default:
      return undefined;
  }
}

/** The codes of ICMP and ICMPv6 by the names of nft (nft(8): reject statement). */
const codes: Readonly<Record<'icmp' | 'icmpv6', ReadonlyMap<unknown, RejectWith>>> = {
  icmp: new Map<unknown, RejectWith>([
    ['net-unreachable', 'net-unreachable'],
    ['host-unreachable', 'host-unreachable'],
    ['prot-unreachable', 'protocol-unreachable'],
    ['port-unreachable', 'port-unreachable'],
    ['net-prohibited', 'net-prohibited'],
    ['host-prohibited', 'host-prohibited'],
    ['admin-prohibited', 'admin-prohibited'],
    [0, 'net-unreachable'],
    [1, 'host-unreachable'],
    [2, 'protocol-unreachable'],
    [3, 'port-unreachable'],
    [9, 'net-prohibited'],
    [10, 'host-prohibited'],
    [13, 'admin-prohibited'],
  ]),
  icmpv6: new Map<unknown, RejectWith>([
    ['no-route', 'no-route'],
    ['admin-prohibited', 'admin-prohibited'],
    ['addr-unreachable', 'address-unreachable'],
    ['port-unreachable', 'port-unreachable'],
    ['policy-fail', 'policy-fail'],
    ['reject-route', 'reject-route'],
    [0, 'no-route'],
    [1, 'admin-prohibited'],
    [3, 'address-unreachable'],
    [4, 'port-unreachable'],
    [5, 'policy-fail'],
    [6, 'reject-route'],
  ]),
};

/** What the codes of both families are in each (nft(8): icmpx). */
const both: ReadonlyMap<unknown, readonly [ofIpv4: RejectWith, ofIpv6: RejectWith]> = new Map<
  unknown,
  readonly [RejectWith, RejectWith]
>([
  ['no-route', ['net-unreachable', 'no-route']],
  ['port-unreachable', ['port-unreachable', 'port-unreachable']],
  ['host-unreachable', ['host-unreachable', 'address-unreachable']],
  ['admin-prohibited', ['admin-prohibited', 'admin-prohibited']],
  [0, ['net-unreachable', 'no-route']],
  [1, ['port-unreachable', 'port-unreachable']],
  [2, ['host-unreachable', 'address-unreachable']],
  [3, ['admin-prohibited', 'admin-prohibited']],
]);

/**
 * What `reject` does: by default with port-unreachable. A code of one family takes its family with it, TCP's reset only TCP: nft adds
 * these conditions and does not always print them (nft(8)).
 */
export function rejectEffects(body: unknown, family: 4 | 6 | undefined): readonly Effect[] {
  const { type, expr } = asObject(body);
  const text = nftText({ reject: body });
  const one = (how: RejectWith | undefined, conditions: readonly Condition[]): readonly Effect[] =>
    how ? [{ conditions, does: { kind: 'reject', how } }] : [{ conditions, does: unknownStatement('unparsed', text) }];
  const ofFamily = (of: 4 | 6): readonly Condition[] => (family === of ? [] : [{ kind: 'family', family: of }]);
  if (type === undefined) return isObject(body) ? one(undefined, []) : one('port-unreachable', []);
  if (type === 'tcp reset') return one('tcp-reset', [{ kind: 'protocol', protocols: ['tcp'] }]);
  if (type === 'icmp') return one(codes.icmp.get(expr ?? 'port-unreachable'), ofFamily(4));
  if (type === 'icmpv6') return one(codes.icmpv6.get(expr ?? 'port-unreachable'), ofFamily(6));
  const pair = type === 'icmpx' ? both.get(expr ?? 'port-unreachable') : undefined;
  if (!pair || pair[0] === pair[1]) return one(pair?.[0], []);
  return [...one(pair[0], ofFamily(4)), ...one(pair[1], ofFamily(6))];
}

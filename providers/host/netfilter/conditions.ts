import type { Condition, ConnectionState, Doubt } from './ruleset.js';

/** No packet meets it. */
export const never: Condition = { kind: 'any-of', lists: [] };
/** Every packet meets it. */
export const always: Condition = { kind: 'any-of', not: true, lists: [] };

export function doubtful(kind: Doubt['kind'], text: string): Condition {
  return { kind: 'unknown', why: { kind, text } };
}

/** The condition that holds exactly where `condition` does not; what is unknown stays so. */
export function inverse(condition: Condition): Condition {
  if (condition.kind === 'unknown') return condition;
  const { not, ...plain } = condition;
  return not ? plain : { ...plain, not: true };
}

/** One of the lists holds; a single list of one condition is that condition. */
export function anyOf(lists: readonly (readonly Condition[])[]): Condition {
  const [only] = lists;
  const [condition] = only ?? [];
  return condition && lists.length === 1 && only?.length === 1 ? condition : { kind: 'any-of', lists };
}

/** That all of `conditions` hold, or that not all of them do. */
export function allOf(conditions: readonly Condition[], negated: boolean): readonly Condition[] {
  return negated ? [inverse(anyOf([conditions]))] : conditions;
}

/** A condition that no TCP packet to one machine meets, and of which nothing is known for other packets. */
export function notOfTcp(text: string): Condition {
  return anyOf([[{ kind: 'protocol', not: true, protocols: ['tcp'] }, doubtful('opaque', text)]]);
}

/**
 * The direction of a packet within its connection. Only the first packet of a connection is new, and it goes in the original
 * direction; a reply belongs to a connection that is known (conntrack-extensions: --ctdir).
 */
export function directionOf(direction: 'original' | 'reply', text: string): Condition {
  const why = doubtful('opaque', text);
  return direction === 'original'
    ? anyOf([[state('new')], [why]])
    : anyOf([[{ kind: 'state', states: ['established', 'related'] }, why]]);
}

/** A packet that belongs to a connection; `invalid` and `untracked` ones have none (nf_ct_get of Linux). */
export const tracked: Condition = { kind: 'state', states: ['new', 'established', 'related'] };

function state(...states: ConnectionState[]): Condition {
  return { kind: 'state', states };
}

const neighbourDiscovery = [133, 134, 135, 136, 137];

/** A hop limit: neighbour discovery is always sent with 255 (RFC 4861, section 7.1); that of other packets is not known. */
export function hopLimit(limit: number, text: string): Condition {
  const why = doubtful('opaque', text);
  if (limit !== 255) return why;
  return anyOf([
    [
      { kind: 'family', family: 6 },
      { kind: 'protocol', protocols: ['icmp'] },
      { kind: 'icmp-type', types: neighbourDiscovery },
    ],
    [why],
  ]);
}

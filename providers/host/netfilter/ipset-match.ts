import type { Family } from '../../../src/set/index.js';
import { anyOf, doubtful, never } from './conditions.js';
import type { IpSet, IpSetPart } from './ipset.js';
import { protocolCondition } from './protocols.js';
import type { Condition } from './ruleset.js';

export type SetDirection = 'src' | 'dst';

/**
 * What `-m set --match-set NAME src,dst` asks of a packet of this family, given the recorded sets (undefined where none were
 * recorded). A set of the other family and one with more dimensions than directions never match (ip_set_test of Linux).
 */
export function matchSet(
  sets: ReadonlyMap<string, IpSet> | undefined,
  name: string,
  directions: readonly SetDirection[],
  family: Family,
): Condition {
  const text = `-m set --match-set ${name} ${directions.join(',')}`;
  const set = sets?.get(name);
  if (!set) return doubtful('opaque', text);
  if (set.type !== 'list:set') return ofSet(set, directions, family, text);
  if (set.doubt) return { kind: 'unknown', why: set.doubt };
  const lists = set.members.map((member): readonly Condition[] => {
    const of = sets?.get(member);
    return [of && of.type !== 'list:set' ? ofSet(of, directions, family, text) : doubtful('opaque', text)];
  });
  return anyOf(lists);
}

function ofSet(set: IpSet, directions: readonly SetDirection[], family: Family, text: string): Condition {
  if (set.doubt) return { kind: 'unknown', why: set.doubt };
  if (set.family !== undefined && set.family !== family) return never;
  if (set.type.split(',').length > directions.length) return never;
  return anyOf(set.tuples.map((parts) => parts.flatMap((part, i) => ofPart(part, directions[i] ?? 'src', text))));
}

function ofPart(part: IpSetPart, direction: SetDirection, text: string): readonly Condition[] {
  const isSource = direction === 'src';
  switch (part.kind) {
    case 'addresses':
      return [{ kind: isSource ? 'source' : 'destination', addresses: part.addresses }];
    case 'interface':
      return [{ kind: isSource ? 'in-interface' : 'out-interface', name: part.name }];
    case 'other':
      return [
        ...(part.protocol === undefined ? [] : [protocolCondition([part.protocol], undefined)]),
        doubtful('opaque', `${text} (${part.text})`),
      ];
    case 'ports': {
      const ports: Condition = { kind: isSource ? 'source-port' : 'destination-port', ports: part.ports };
      return [part.protocol === undefined ? withPorts : protocolCondition([part.protocol], undefined), ports];
    }
  }
}

const withPorts: Condition = { kind: 'protocol', protocols: ['tcp', 'udp', 'other'] };

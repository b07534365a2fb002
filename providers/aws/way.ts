import type { Layer, Path, Way } from '../../src/model/index.js';
import type { AddressSet, Family } from '../../src/set/index.js';
import { type Approach, groupLayer } from './arrival.js';
import type { Interface, Network } from './network.js';
import type { AwsTarget } from './target-index.js';

/**
 * A way to a subnet, before it is known which machine there is meant: everything that the interfaces of a subnet share. The
 * machine and its address come before the layers, the interface's groups behind them.
 */
export interface SubnetWay {
  readonly kind: string;
  readonly origin: AddressSet;
  readonly family: Family;
  /** The VPC of its clients, where they come out of one. */
  readonly network?: string;
  readonly clientPorts: Way['clientPorts'];
  readonly layers: readonly Layer[];
  /** How the interface's groups see those who come this way. */
  readonly guard: Pick<Approach, 'references' | 'seen' | 'refusal'>;
}

/** What a packet meets first: the machine's state, and whether it has the address. */
export interface Front {
  readonly layers: readonly Layer[];
  /** Names these layers among those of all machines; undefined where they are about this machine alone. */
  readonly key: string | undefined;
}

/** The layers of one front after those of another. */
export function inFront(...fronts: readonly Front[]): readonly Layer[] {
  return fronts.flatMap(({ layers }) => layers);
}

/** The layers of an interface's groups on a way. */
function groupRow(
  network: Network,
  eni: Interface,
  { references, seen, refusal }: SubnetWay['guard'],
): readonly Layer[] {
  const build = () => [groupLayer(network, eni, references, seen, refusal)];
  const { groups, vpcId } = eni;
  if (seen || refusal || groups === undefined) return build();
  return network.shared.once(['groups', references.key, vpcId, ...groups], build);
}

/** A way to an interface: what its machine and its groups add to the way to its subnet. `shared` says that others have it, too. */
export function wayInto(
  network: Network,
  way: SubnetWay,
  eni: Interface,
  front: readonly Layer[],
  shared = false,
): Way {
  const { kind, origin, family, clientPorts } = way;
  const rows = [front, way.layers, groupRow(network, eni, way.guard)];
  return {
    kind,
    origin,
    family,
    clientPorts,
    rows,
    ...(way.network !== undefined && { network: way.network }),
    ...(shared && { shared }),
  };
}

export function pathOn(way: Way, target: AwsTarget, eni: Interface | undefined, address: string | null): Path {
  return { way, target: target.resource, interface: eni ? eni.ref : null, address };
}

import type { Layer, Path } from '../../src/model/index.js';
import type { AddressSet, Family } from '../../src/set/index.js';
import { type Approach, groupLayer } from './arrival.js';
import { type Interface, type Network, resource } from './network.js';

/**
 * A way to a subnet, before it is known which machine is meant: everything that the interfaces of a subnet share. The
 * machine and its interface come before the layers, the interface's groups behind them.
 */
export interface Way {
  readonly kind: string;
  readonly origin: AddressSet;
  readonly clientPorts: Path['clientPorts'];
  readonly layers: readonly Layer[];
  /** How the interface's groups see those who come this way. */
  readonly guard: Pick<Approach, 'references' | 'seen' | 'refusal'>;
}

/** The way to one address of one interface. `head` are the machine's own layers, `dialled` is what the client dials. */
export function pathOver(
  network: Network,
  way: Way,
  eni: Interface,
  family: Family,
  head: readonly Layer[],
  dialled: string | null,
): Path {
  const { references, seen, refusal } = way.guard;
  const build = () => [groupLayer(network, eni, references, seen, refusal)];
  const groups = seen || refusal ? build() : network.recently(eni, references.key, build);
  return {
    kind: way.kind,
    origin: way.origin,
    address: dialled,
    family,
    interface: resource('network-interface', eni.id),
    clientPorts: way.clientPorts,
    layers: [...head, ...way.layers, ...groups],
    segments: [head, way.layers, groups],
  };
}

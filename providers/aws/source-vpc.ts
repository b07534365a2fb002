import type { Path } from '../../src/model/index.js';
import type { Network } from './network.js';

/**
 * A path out of a VPC, as an asked machine can take it: not with the addresses that it has in another VPC, which may use the
 * same ranges.
 */
export function pathFor(network: Network, path: Path, interfaces: readonly string[]): Path {
  if (interfaces.length === 0) return path;
  const vpcId = path.layers.find(({ kind, subject }) => kind === 'source-security-group' && subject.kind === 'vpc')
    ?.subject.id;
  if (vpcId === undefined) return path;
  const enis = interfaces.flatMap((id) => network.interfaces().get(id) ?? []);
  const isHere = (eni: { readonly vpcId: string | undefined }) => eni.vpcId === undefined || eni.vpcId === vpcId;
  const here = network.privateAddresses(enis.filter(isHere));
  const elsewhere = network.privateAddresses(enis.filter((eni) => !isHere(eni))).subtract(here);
  return elsewhere.overlaps(path.origin) ? { ...path, origin: path.origin.subtract(elsewhere) } : path;
}

import { nobodys } from '../../../src/plan/stand-in.js';
import { formatPrefix } from '../../../src/set/index.js';
import { nameOf, parentOf } from '../records/ids.js';
import { subnetsByNetwork } from './network.js';
import type { ApiRecord, Projection } from './project.js';

/** The subnets in which the shown interfaces stand. */
function subnetsInUse(projection: Projection): readonly string[] {
  const faces = ['interfaces', 'scaleSetInterfaces'].flatMap((kind) => projection.answers.get(kind) ?? []);
  const configs = faces.flatMap(({ ipConfigurations }) =>
    Array.isArray(ipConfigurations) ? (ipConfigurations as readonly (ApiRecord | symbol)[]) : [],
  );
  const ids = configs.map((config) =>
    typeof config === 'symbol' ? undefined : (config.subnet as ApiRecord | undefined)?.id,
  );
  return [...new Set(ids.filter((id) => typeof id === 'string'))];
}

/**
 * Adds the subnets in which interfaces stand and that no resource declares: as declared they lead to the internet, and no security
 * group guards them (pulumi.md, 4.5).
 */
export function addUnseen(projection: Projection): void {
  if (projection.view.reading === 'as known') return;
  const subnets = subnetsByNetwork(projection);
  for (const id of subnetsInUse(projection)) {
    const network = parentOf(id);
    const known = subnets.get(network) ?? [];
    if (projection.account?.holds(id) || known.some((one) => typeof one !== 'symbol' && one.id === id)) continue;
    subnets.set(network, [...known, { id, name: nameOf(id), addressPrefixes: [formatPrefix(nobodys)] }]);
  }
}

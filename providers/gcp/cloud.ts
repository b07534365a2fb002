import type { Cloud, FoundSource, Target } from '../../src/provider.js';
import { listsEveryInstance, recordedGaps } from '../../src/record/index.js';
import { AddressSet, addressSet } from '../../src/set/index.js';
import { alternativeWays } from './alternatives.js';
import { firstBootOf } from './first-boot.js';
import { hostView } from './host.js';
import { iapRanges } from './iap-path.js';
import type { Inventory } from './inventory.js';
import { Networks } from './network.js';
import { gcpPaths, ownRanges } from './paths.js';
import { interfaceKey } from './records/subjects.js';
import { changesFor } from './repair.js';
import { addressesOf, findTarget, type GcpTarget, targetNames, targetOf } from './target-index.js';

function findSource(networks: Networks, text: string): FoundSource {
  const found = findTarget(networks, text);
  if (found.kind !== 'target') return found;
  const { path, instance } = found.target;
  const interfaces = networks.nicsOf(path).map((nic) => interfaceKey(path, nic.name));
  const own = addressSet(addressesOf(instance));
  // Who asks from an address of an alias range asks from that one only: tags do not cover it.
  const asked = addressSet([found.address]);
  const addresses = asked.isEmpty || own.covers(asked) ? own : asked;
  return { kind: 'host', host: { label: instance.name, addresses, interfaces } };
}

/** The lowered evidence of all recorded projects. */
export function gcpCloud(inventory: Inventory): Cloud {
  const networks = new Networks(inventory);
  const own = (target: Target): GcpTarget => {
    const { id } = target.ref;
    const instance = inventory.get('instances', id);
    if (!instance) throw new Error(`${id} is not a target of this cloud`);
    return { ...target, path: id, instance };
  };
  return {
    *targets() {
      for (const [path, instance] of inventory.all('instances')) yield targetOf(path, instance);
    },
    listsEveryTarget: () => listsEveryInstance(inventory),
    find: (text) => findTarget(networks, text),
    names: () => targetNames(networks),
    source: (text) => findSource(networks, text),
    paths: (target, request) => gcpPaths(networks, own(target), request),
    ownNetworks: (target) =>
      AddressSet.unionOf([
        iapRanges,
        ...networks.nicsOf(target.ref.id).map(({ network }) => ownRanges(networks, network)),
      ]),
    host: (target, address) => ({
      ...hostView(networks, own(target), address),
      firstBoot: firstBootOf(networks, own(target)),
    }),
    alternatives: (target, request) => alternativeWays(networks, own(target), request),
    changes: (target, path, from, stops, port) =>
      changesFor({ networks, target: own(target), path, from, port, lower: gcpCloud }, stops),
    gaps: () => recordedGaps(inventory),
  };
}

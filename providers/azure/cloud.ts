import type { Cloud, FoundSource, Target } from '../../src/provider.js';
import { listsEveryInstance, recordedGaps } from '../../src/record/index.js';
import { AddressSet, addressSet } from '../../src/set/index.js';
import { alternativeWays } from './alternatives.js';
import { firstBootOf } from './first-boot.js';
import { natAddresses } from './internet-path.js';
import type { Inventory } from './inventory.js';
import { Networks } from './network.js';
import { azurePaths, ownRanges } from './paths.js';
import { machineName } from './power.js';
import { keyOf } from './records/ids.js';
import { changesFor } from './repair/index.js';
import { type AzureTarget, addressesOf, findTarget, targetNames, targetOf } from './target-index.js';

function findSource(networks: Networks, text: string): FoundSource {
  const found = findTarget(networks, text);
  if (found.kind !== 'target') return found;
  const { key, machine } = found.target;
  const ports = networks.portsOf(key);
  const nat = AddressSet.unionOf(ports.map((port) => natAddresses(networks, port)));
  const addresses = addressSet(addressesOf(networks, key)).union(nat);
  return {
    kind: 'host',
    host: { label: machineName(machine), addresses, interfaces: ports.map(({ configKey }) => configKey) },
  };
}

/** The lowered evidence of all recorded subscriptions. */
export function azureCloud(inventory: Inventory): Cloud {
  const networks = new Networks(inventory);
  const own = (target: Target): AzureTarget => {
    const key = keyOf(target.ref.id);
    const machine = networks.machines().get(key);
    if (!machine) throw new Error(`${target.ref.id} is not a target of this cloud`);
    return { ...target, key, machine };
  };
  const machines = {
    gap: (_: 'instances', scope: Parameters<Inventory['gap']>[1]) => inventory.gap('machines', scope),
    *refusals() {
      for (const one of inventory.refusals()) yield one.name === 'machines' ? { ...one, name: 'instances' } : one;
    },
  };
  return {
    *targets() {
      for (const [key, machine] of networks.machines()) yield targetOf(networks, key, machine);
    },
    listsEveryTarget: () => listsEveryInstance(machines),
    find: (text) => findTarget(networks, text),
    names: () => targetNames(networks),
    source: (text) => findSource(networks, text),
    paths: (target, request) => azurePaths(networks, own(target), request),
    ownNetworks: (target) =>
      AddressSet.unionOf(networks.portsOf(keyOf(target.ref.id)).map((port) => ownRanges(networks, port))),
    host: (target) => ({
      verdict: 'unknown',
      symptom: 'cannot-tell',
      reasons: [],
      firstBoot: firstBootOf(networks, own(target)),
    }),
    alternatives: (target, { everyone }) => alternativeWays(networks, own(target), everyone),
    changes: (target, path, from, stops, port) =>
      changesFor({ networks, target: own(target), path, from, port, lower: azureCloud }, stops),
    gaps: () => recordedGaps(machines),
  };
}

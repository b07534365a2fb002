import type { Cloud, Target } from '../../src/provider.js';
import { listsEveryInstance, recordedGaps } from '../../src/record/index.js';
import { AddressSet } from '../../src/set/index.js';
import { alternativeWays } from './alternatives/index.js';
import { firstBootOf } from './first-boot.js';
import { hostReport } from './host.js';
import type { Inventory } from './inventory.js';
import { Network } from './network.js';
import { awsPaths } from './paths.js';
import { peeringsOf } from './peering-path.js';
import { peeredRanges } from './references.js';
import { changesFor } from './repair/index.js';
import { findSource } from './source-host.js';
import { type AwsTarget, findTarget, targetNames, targetOf } from './target-index.js';
import { transitRanges } from './transit-gateway/table.js';

/** The networks that are joined to the target's: they are not the internet, even where their prefixes are public. */
function ownNetworks(network: Network, target: AwsTarget): AddressSet {
  const vpcs = new Set(
    network
      .interfacesOf(target.instance)
      .map((eni) => eni.vpcId)
      .filter((id) => id !== undefined),
  );
  const joined = () =>
    [...vpcs].flatMap((vpcId) => [
      network.rangesOf(vpcId),
      ...peeringsOf(network, vpcId).map((peered) => peeredRanges(network, peered.peering, peered.vpcId)),
      transitRanges(network, vpcId),
    ]);
  return network.once(`own networks ${[...vpcs].join(' ')}`, () => AddressSet.unionOf(joined()));
}

/** The lowered evidence of all recorded accounts. */
export function awsCloud(inventory: Inventory): Cloud {
  const network = new Network(inventory);
  const own = (target: Target): AwsTarget => {
    const instance = inventory.get('instances', target.ref.id);
    if (!instance) throw new Error(`${target.ref.id} is not a target of this cloud`);
    const known = target as Partial<AwsTarget>;
    return known.instance === instance
      ? (target as AwsTarget)
      : { ...targetOf(network, instance), families: target.families };
  };
  return {
    *targets() {
      for (const instance of inventory.all('instances').values()) yield targetOf(network, instance);
    },
    listsEveryTarget: () => listsEveryInstance(inventory),
    find: (text) => findTarget(network, text),
    names: () => targetNames(network),
    source: (text) => findSource(network, text),
    paths: (target, request) => awsPaths(network, own(target), request),
    ownNetworks: (target) => ownNetworks(network, own(target)),
    host: (target, address, port) => ({
      ...hostReport(network, own(target), address, port),
      firstBoot: firstBootOf(network, own(target)),
    }),
    alternatives: (target, { port }) => alternativeWays(network, own(target), port),
    changes: (target, path, from, stops, port) =>
      changesFor({ network, target: own(target), path, from, port, lower: awsCloud }, stops),
    gaps: () => recordedGaps(inventory),
  };
}

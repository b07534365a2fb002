import type { AlternativeWay } from '../../../src/provider.js';
import { AddressSet, parseAddress } from '../../../src/set/index.js';
import { arrivalAt } from '../arrival.js';
import { instanceFront } from '../instance-state.js';
import { internetWay } from '../internet-path.js';
import type { Network } from '../network.js';
import { isWindows } from '../operating-system.js';
import { prefixListEntries } from '../prefix-list.js';
import { publicAddressFront } from '../public-address.js';
import type { AwsTarget } from '../target-index.js';
import { inFront, pathOn, wayInto } from '../way.js';

const listName = /^com\.amazonaws\.([\w-]+)\.ec2-instance-connect$/;

/** The addresses from which the console of a Region connects, where they were recorded (EC2 guide, prerequisites). */
function consoleAddresses(network: Network, region: string | undefined): AddressSet | undefined {
  return network.once(`console addresses ${region}`, () => {
    for (const list of network.inventory.all('prefixLists').values()) {
      const [, home] = listName.exec(list.PrefixListName ?? '') ?? [];
      if (home === undefined || (region !== undefined && home !== region)) continue;
      const entries = prefixListEntries(network, list.PrefixListId, list);
      if ('addresses' in entries) return entries.addresses.only(4);
    }
    return undefined;
  });
}

/**
 * EC2 Instance Connect in the browser: an ordinary connection from the internet, from the console's own addresses to the
 * public IPv4 address. Linux only.
 */
export function browserWays(network: Network, target: AwsTarget): AlternativeWay[] {
  const { instance } = target;
  const [eni] = network.interfacesOf(instance);
  if (!eni || isWindows(instance)) return [];
  const way = {
    kind: 'instance-connect',
    command: `in the EC2 console: Instances, ${instance.InstanceId}, Connect, EC2 Instance Connect`,
    reasons: [],
  };
  const origin = consoleAddresses(network, instance.region);
  if (!origin || origin.isEmpty) return [{ ...way, works: 'unknown', symptom: 'cannot-tell' }];
  const address = eni.addresses.find(({ publicIp }) => publicIp !== undefined) ?? eni.addresses[0];
  const delivered = address && parseAddress(address.privateIp);
  if (!address || !delivered) return [];
  const front = inFront(instanceFront(network, instance), publicAddressFront(network, eni, address, 4));
  const outside = internetWay(network, arrivalAt(eni, delivered), AddressSet.empty);
  const path = pathOn(wayInto(network, outside, eni, front), target, eni, address.publicIp ?? null);
  return [{ ...way, paths: [{ ...path, way: { ...path.way, origin } }], symptom: 'times-out' }];
}

import {
  type Filter,
  known,
  type Layer,
  type Path,
  passFilter,
  type Reason,
  type RuleFilter,
  type Way,
} from '../../src/model/index.js';
import type { PathRequest } from '../../src/provider.js';
import { type Address, type AddressSet, addressSet, PortSet, parseAddress } from '../../src/set/index.js';
import { translationsTo } from './azure-firewall.js';
import { filterLayer } from './filter.js';
import { type Networks, type Port, prefixesOf, resource } from './network.js';
import { likeIn } from './places.js';
import { frontOf } from './power.js';
import { keyOf, nameOf, parentOf } from './records/ids.js';
import { type Standpoint, standpointOf } from './standpoint.js';
import { platform } from './tags.js';
import type { AzureTarget } from './target-index.js';
import { anyClient, everyAddress, pathOn } from './way.js';

/** A layer that sees the service's own addresses instead of the client's. */
function seenFrom(layer: Layer, addresses: AddressSet): Layer {
  return { ...layer, seen: { addresses, choice: 'each' } };
}

/** Bastion closes the session that it opened for the client where it cannot connect. */
function closing(filter: Filter): Filter {
  const ended = (reason: Reason | undefined) => (reason ? { reason: { ...reason, symptom: 'closed' as const } } : {});
  const onRules = (one: RuleFilter): RuleFilter => ({
    ...one,
    rules: one.rules.map((rule) => ({ ...rule, ...ended(rule.reason) })),
    ...ended(one.reason),
  });
  if (filter.kind === 'rules') return onRules(filter);
  const of = filter.of.map(closing);
  return 'otherwise' in filter ? { ...filter, of, otherwise: onRules(filter.otherwise) } : { ...filter, of };
}

function subnetPrefixes(networks: Networks, id: string | undefined): AddressSet {
  const subnet = id === undefined ? 'none' : networks.subnet(keyOf(id));
  return subnet !== 'none' && 'found' in subnet ? addressSet(prefixesOf(subnet.found)) : addressSet([]);
}

/** A Bastion host, with the addresses from which it connects; the Developer SKU has none of its own. */
interface BastionHost {
  readonly name: string;
  readonly from: AddressSet;
}

function bastionsOf(networks: Networks, network: string): readonly BastionHost[] {
  return networks.once(`bastions ${network}`, () => readBastions(networks, network));
}

function readBastions(networks: Networks, network: string): readonly BastionHost[] {
  return [...networks.inventory.all('bastions').values()].flatMap(
    ({ id, name, sku, virtualNetwork, ipConfigurations }) => {
      const subnet = ipConfigurations?.[0]?.subnet?.id;
      const home =
        virtualNetwork?.id === undefined
          ? subnet === undefined
            ? undefined
            : parentOf(subnet)
          : keyOf(virtualNetwork.id);
      if (home !== network) return [];
      const isDeveloper = sku?.name?.toLowerCase() === 'developer';
      return [{ name: name ?? nameOf(id), from: isDeveloper ? platform : subnetPrefixes(networks, subnet) }];
    },
  );
}

/** The way through a Bastion host, which connects to the private address in the client's name. */
function bastionWay(
  networks: Networks,
  at: Standpoint,
  front: readonly Layer[],
  bastion: BastionHost,
  destination: Address,
): Way {
  const { family } = destination;
  const guard = seenFrom(filterLayer(networks, at, destination, 'private'), bastion.from);
  const closed = guard.inbound ? { ...guard, inbound: closing(guard.inbound) } : guard;
  const own: Layer = { kind: 'bastion', subject: resource('bastion', bastion.name), inbound: passFilter };
  return {
    kind: 'bastion',
    origin: everyAddress(family),
    family,
    clientPorts: anyClient,
    rows: [front, [own, closed]],
  };
}

/** The ways through what stands for the machine: Bastion hosts, where one is asked for, and translations of firewalls. */
export function servicePaths(networks: Networks, target: AzureTarget, request: PathRequest): Path[] {
  const front = frontOf(networks, target).layers;
  if (request.address !== undefined) return [];
  return networks
    .portsOf(target.key)
    .flatMap((port): Path[] => translatedPaths(networks, target, port, front, request));
}

/** Paths through Bastion: only for those who ask for them, since Bastion is no path of packets. */
export function bastionPaths(networks: Networks, target: AzureTarget, everyone: boolean): Path[] {
  const front = frontOf(networks, target);
  const [port] = networks.portsOf(target.key);
  const address = port?.config.privateIPAddress;
  const destination = parseAddress(address ?? '');
  if (!port || address === undefined || !destination) return [];
  const at = standpointOf(networks, port, everyone);
  const like = everyone ? likeIn(networks, port.networkKey ?? '', destination) : destination;
  return bastionsOf(networks, port.networkKey ?? '').map((bastion) => {
    const build = (shared: boolean): Way => ({ ...bastionWay(networks, at, front.layers, bastion, like), shared });
    const way = everyone ? networks.shared.once(['bastion', at, front, like, bastion], build) : build(false);
    return pathOn(way, target, port, address);
  });
}

function translatedPaths(
  networks: Networks,
  target: AzureTarget,
  port: Port,
  front: readonly Layer[],
  request: PathRequest,
): Path[] {
  const address = port.config.privateIPAddress;
  const destination = parseAddress(address ?? '');
  if (address === undefined || !destination) return [];
  return translationsTo(networks, address, request.port).map((translation): Path => {
    const { firewall, name, dialled, sources } = translation;
    const from = subnetPrefixes(networks, translation.subnetId);
    const allow = {
      id: name,
      action: 'allow' as const,
      peers: known(sources),
      ports: known(PortSet.all),
      text: `translates for ${name}`,
    };
    const reason: Reason = { code: 'azure/azure-firewall', data: { firewall: firewall.name ?? nameOf(firewall.id) } };
    const own: Layer = {
      kind: 'azure-firewall',
      subject: resource('azure-firewall', firewall.name ?? nameOf(firewall.id)),
      inbound: { kind: 'rules', rules: [allow], otherwise: 'drop', reason },
    };
    const guard = seenFrom(filterLayer(networks, standpointOf(networks, port, false), destination, 'private'), from);
    const way: Way = {
      kind: 'azure-firewall',
      origin: everyAddress(port.family),
      family: port.family,
      clientPorts: anyClient,
      rows: [front, [own, guard]],
      ...(dialled !== request.port && { port: dialled }),
    };
    return pathOn(way, target, port, translation.address);
  });
}

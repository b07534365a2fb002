import { type Gap, internet } from '../../src/model/index.js';
import { AddressSet, addressSet, parsePrefix } from '../../src/set/index.js';
import { type Networks, scopeOf } from './network.js';
import { keyOf, nameOf, parentOf } from './records/ids.js';
import type { Peering } from './records/records.js';

/** A set of addresses that is known as far as `sure` goes; `gap` says why there may be more, up to `within`. */
export interface Members {
  readonly sure: AddressSet;
  readonly within: AddressSet;
  readonly gap?: Gap;
}

const sureOf = (addresses: AddressSet): Members => ({ sure: addresses, within: addresses });

/** Azure's own virtual address, from which its platform speaks (VNet docs, what is 168.63.129.16). */
export const platform = AddressSet.of('168.63.129.16/32');

/** What a peering's remote side has, as this side knows it. */
export function remoteSpace(networks: Networks, peering: Peering): AddressSet {
  return addressSet(remotePrefixes(networks, peering));
}

/** The same as it is written: each prefix has a route of its own. */
export function remotePrefixes(
  networks: Networks,
  { remoteAddressSpace, remoteVirtualNetwork }: Peering,
): readonly string[] {
  const told = remoteAddressSpace?.addressPrefixes ?? [];
  if (told.length > 0 || remoteVirtualNetwork?.id === undefined) return told;
  return networks.network(keyOf(remoteVirtualNetwork.id))?.addressSpace?.addressPrefixes ?? [];
}

/** The sites behind the gateway of a network: what its connections say of them. */
function ownSites(networks: Networks, network: string): AddressSet {
  const gateways = new Set(
    [...networks.inventory.all('gateways')].flatMap(([key, { ipConfigurations }]) =>
      (ipConfigurations ?? []).some(({ subnet }) => subnet?.id !== undefined && parentOf(subnet.id) === network)
        ? [key]
        : [],
    ),
  );
  const prefixes = [...networks.inventory.all('connections').values()].flatMap((connection) => {
    const gateway = connection.virtualNetworkGateway1?.id;
    const site = connection.localNetworkGateway2?.id;
    if (gateway === undefined || site === undefined || !gateways.has(keyOf(gateway))) return [];
    return networks.inventory.get('localGateways', keyOf(site))?.localNetworkAddressSpace?.addressPrefixes ?? [];
  });
  return addressSet(prefixes);
}

/** The sites that a network reaches: over its own gateway, and over that of a peer that lets it. */
export function sitesOf(networks: Networks, network: string): AddressSet {
  return networks.once(`sites ${network}`, () => {
    const shared = (networks.network(network)?.virtualNetworkPeerings ?? []).flatMap((peering) => {
      const peer = peering.remoteVirtualNetwork?.id;
      return peering.useRemoteGateways && peer !== undefined ? [ownSites(networks, keyOf(peer))] : [];
    });
    return AddressSet.unionOf([ownSites(networks, network), ...shared]);
  });
}

/** All sites of the networks that are joined to a network, whether or not it may use the gateway to them. */
export function sitesNear(
  networks: Networks,
  network: string,
): readonly { readonly gateway: string; readonly sites: AddressSet }[] {
  return [network, ...networks.peersOf(network)]
    .map((one) => ({ gateway: one, sites: ownSites(networks, one) }))
    .filter(({ sites }) => !sites.isEmpty);
}

const intoAppliance: ReadonlySet<string> = new Set([
  'virtualappliance',
  'virtualapplianceecmp',
  'virtualnetworkgateway',
]);

/** What the user's routes of a subnet add to its tag: those into appliances and gateways do; whether others do is not documented. */
function routedPrefixes(networks: Networks, subnetKey: string): Members {
  const subnet = networks.subnet(subnetKey);
  const table = subnet !== 'none' && 'found' in subnet ? subnet.found.routeTable?.id : undefined;
  if (table === undefined) return sureOf(AddressSet.empty);
  const record = networks.inventory.get('routeTables', keyOf(table));
  if (!record?.routes || record.broken !== undefined) {
    const gap = networks.inventory.dangling('routeTables', scopeOf(table), `route table ${nameOf(table)}`);
    return { sure: AddressSet.empty, within: AddressSet.all, gap };
  }
  const prefixesFor = (isWanted: (type: string) => boolean) =>
    addressSet(
      (record.routes ?? []).flatMap(({ addressPrefix, nextHopType }) =>
        isWanted((nextHopType ?? '').toLowerCase()) ? (addressPrefix ?? []) : [],
      ),
    );
  const sure = prefixesFor((type) => intoAppliance.has(type));
  const others = prefixesFor((type) => !intoAppliance.has(type)).subtract(sure);
  if (others.isEmpty) return sureOf(sure);
  const detail = `whether routes of ${nameOf(table)} that lead to no appliance belong to the tag VirtualNetwork is not documented`;
  const gap: Gap = { code: 'azure/tag-routes', kind: 'not-modelled', what: nameOf(table), detail, likely: false };
  return { sure, within: sure.union(others), gap };
}

/** What a subnet's tags depend on: subnets of one network and one route table read all tags alike. As a name. */
export function tagView(networks: Networks, subnetKey: string): string {
  const views = networks.once('tag views', () => new Map<string, string>());
  const known = views.get(subnetKey);
  if (known !== undefined) return known;
  const subnet = networks.subnet(subnetKey);
  const found = subnet !== 'none' && 'found' in subnet ? subnet.found : undefined;
  const view = found ? JSON.stringify([parentOf(subnetKey), found.routeTable?.id ?? null]) : subnetKey;
  views.set(subnetKey, view);
  return view;
}

/** The tag VirtualNetwork as a subnet sees it (NSG docs, service tags): its network, its peers, its sites, and what its routes name. */
function virtualNetworkTag(networks: Networks, subnetKey: string): Members {
  return networks.once(`virtual network ${tagView(networks, subnetKey)}`, () => {
    const network = parentOf(subnetKey);
    const peers = (networks.network(network)?.virtualNetworkPeerings ?? [])
      .filter(
        ({ allowVirtualNetworkAccess, peeringState }) =>
          allowVirtualNetworkAccess !== false && peeringState?.toLowerCase() === 'connected',
      )
      .map((peering) => remoteSpace(networks, peering));
    const known = AddressSet.unionOf([networks.spaceOf(network), ...peers, sitesOf(networks, network), platform]);
    const routed = routedPrefixes(networks, subnetKey);
    const sure = known.union(routed.sure);
    return routed.gap ? { sure, within: known.union(routed.within), gap: routed.gap } : sureOf(sure);
  });
}

/** What is private to a subnet's network: the internet is everything else that is publicly routed. */
export function privateTo(networks: Networks, network: string): AddressSet {
  return networks.once(`private ${network}`, () => {
    const peers = (networks.network(network)?.virtualNetworkPeerings ?? []).map((peering) =>
      remoteSpace(networks, peering),
    );
    return AddressSet.unionOf([networks.spaceOf(network), ...peers, sitesOf(networks, network)]);
  });
}

function publishedTag(networks: Networks, tag: string): Members {
  for (const { values } of networks.inventory.all('serviceTags').values()) {
    const found = (values ?? []).find(({ name }) => name?.toLowerCase() === tag.toLowerCase());
    if (found?.addressPrefixes) return sureOf(addressSet(found.addressPrefixes));
  }
  const gap = networks.inventory.dangling('serviceTags', {}, `service tag ${tag}`);
  return { sure: AddressSet.empty, within: AddressSet.all, gap };
}

/** The addresses that one text of a rule means, for an interface in a subnet. */
export function membersOf(networks: Networks, text: string, subnetKey: string): Members {
  const word = text.trim().toLowerCase();
  if (word === '*' || word === 'any') return sureOf(AddressSet.all);
  const prefix = parsePrefix(text.trim());
  if (prefix) return sureOf(AddressSet.fromPrefixes([prefix]));
  if (word === 'virtualnetwork') return virtualNetworkTag(networks, subnetKey);
  if (word === 'internet') return sureOf(internet.subtract(privateTo(networks, parentOf(subnetKey))));
  if (word === 'azureloadbalancer') return sureOf(platform);
  return publishedTag(networks, text.trim());
}

/** The union of what several texts mean. */
export function allMembers(all: readonly Members[]): Members {
  const gap = all.find((one) => one.gap)?.gap;
  return {
    sure: AddressSet.unionOf(all.map(({ sure }) => sure)),
    within: AddressSet.unionOf(all.map(({ within }) => within)),
    ...(gap && { gap }),
  };
}

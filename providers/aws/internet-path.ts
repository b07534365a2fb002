import { type Gap, internet, type Layer, type Path, unknownFilter } from '../../src/model/index.js';
import { AddressSet, type Family } from '../../src/set/index.js';
import { type Approach, seenBehind, subnetLayers } from './arrival.js';
import { publicAccessLayer } from './block-public-access.js';
import { anyClient } from './client-ports.js';
import { edgeOf, gatewayLayer, gatewayOf, judgeInternetReply } from './internet-gateway.js';
import { type Interface, type InterfaceAddress, type Network, resource } from './network.js';
import { publicAddressLayer, sourceLayer } from './public-address.js';
import { referencesOnInternet } from './references.js';
import { pathOver, type Way } from './way.js';

/**
 * Encryption controls admit resources, they do not filter packets. Only a contradiction matters: the gateway is in use where
 * `enforce` would have needed an exclusion for it (VPC guide, encryption controls).
 */
function encryptionLayer(network: Network, vpcId: string): Layer[] {
  const control = network.inventory.get('encryptionControls', vpcId);
  if (control?.Mode !== 'enforce' || control.ResourceExclusions?.InternetGateway?.State === 'enabled') return [];
  const detail = `${vpcId} enforces encryption without an exclusion for its internet gateway, which is in use all the same`;
  const gap: Gap = { code: 'aws/enc-contradiction', kind: 'not-modelled', what: vpcId, detail };
  return [{ kind: 'encryption-control', subject: resource('vpc', vpcId), inbound: unknownFilter(gap) }];
}

function noVpc(network: Network, eni: Interface): Layer {
  const gap = network.inventory.dangling('interfaces', eni.scope, `the subnet and vpc of ${eni.id}`);
  return { kind: 'vpc', subject: resource('network-interface', eni.id), inbound: unknownFilter(gap) };
}

/** What is not told apart by the interface: from the gateway to the subnet, and how the groups see the internet. */
function buildWay(
  network: Network,
  eni: Interface,
  delivered: string | undefined,
  family: Family,
  reserved: AddressSet,
): Way {
  const everyone = family === 4 ? AddressSet.ipv4 : AddressSet.ipv6;
  const base = { kind: 'internet', origin: everyone.subtract(reserved.subtract(internet)), clientPorts: anyClient };
  const { vpcId, subnetId } = eni;
  const references = referencesOnInternet(network);
  if (vpcId === undefined || subnetId === undefined)
    return { ...base, layers: [noVpc(network, eni)], guard: { references } };
  const scope = network.inventory.get('vpcs', vpcId) ?? eni.scope;
  const gateway = gatewayOf(network, vpcId, scope);
  const edge =
    gateway.id === undefined || delivered === undefined
      ? undefined
      : edgeOf(network, gateway.id, vpcId, scope, delivered);
  const appliance = edge?.appliance;
  const table = network.tableOf(subnetId, vpcId, eni.scope);
  const tableId = 'found' in table ? table.found.RouteTableId : subnetId;
  const gatewayOwn = gatewayLayer(network, vpcId, scope);
  const approach: Approach = {
    references,
    key: `internet ${gateway.id} ${appliance?.hop.id}`,
    judge: (choice) => judgeInternetReply(choice, gateway.id, appliance?.hop, tableId),
    ...(appliance && { seen: seenBehind(family, appliance.gap) }),
  };
  const layers = [
    sourceLayer(gatewayOwn.subject),
    publicAccessLayer(network, subnetId, vpcId, eni.scope),
    ...encryptionLayer(network, vpcId),
    gatewayOwn,
    ...(edge?.layer ? [edge.layer] : []),
    ...subnetLayers(network, eni, approach),
  ];
  return { ...base, layers, guard: approach };
}

/** The way from the internet to a subnet: the same for all its interfaces unless the gateway's own table tells them apart. */
function internetWay(
  network: Network,
  eni: Interface,
  delivered: string | undefined,
  family: Family,
  reserved: AddressSet,
): Way {
  const scope = network.inventory.get('vpcs', eni.vpcId) ?? eni.scope;
  const gateway = eni.vpcId === undefined ? undefined : gatewayOf(network, eni.vpcId, scope).id;
  const alone =
    gateway !== undefined && eni.vpcId !== undefined && network.edgeTableOf(gateway, eni.vpcId, scope) ? delivered : '';
  const key = `internet way ${eni.subnetId ?? eni.id} ${eni.vpcId} ${family} ${network.nameOf(reserved)} ${alone}`;
  return network.once(key, () => buildWay(network, eni, delivered, family, reserved));
}

/**
 * The path from the internet to one address. `reserved` are the private addresses that come another way; what else is not
 * routable is stopped by the source layer, so that whoever asks is told.
 */
export function internetPath(
  network: Network,
  eni: Interface,
  address: InterfaceAddress | string | null,
  family: Family,
  head: readonly Layer[],
  reserved: AddressSet,
): Path {
  const delivered = typeof address === 'string' ? address : (address?.privateIp ?? eni.addresses[0]?.privateIp);
  const dialled = typeof address === 'string' ? address : (address?.publicIp ?? null);
  const way = internetWay(network, eni, delivered, family, reserved);
  return pathOver(network, way, eni, family, [...head, publicAddressLayer(network, eni, address, family)], dialled);
}

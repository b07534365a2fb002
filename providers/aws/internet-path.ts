import { type Gap, internet, type Layer, unknownFilter } from '../../src/model/index.js';
import { AddressSet, addressSet } from '../../src/set/index.js';
import { type Approach, type Arrival, everyAddress, seenBehind, subnetLayers } from './arrival.js';
import { publicAccessLayer } from './block-public-access.js';
import { anyClient } from './client-ports.js';
import { edgeOf, gatewayLayer, gatewayOf, gatewayRef, judgeInternetReply } from './internet-gateway.js';
import { type Interface, type Network, resource } from './network.js';
import { sourceLayer } from './public-address.js';
import { rangesOfRecord } from './ranges.js';
import { referencesOnInternet } from './references.js';
import type { SubnetWay } from './way.js';

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

/** The layers from the gateway to the subnet, and how the groups see the internet. */
function layersTo(
  network: Network,
  arrival: Arrival,
  vpcId: string,
  subnetId: string,
): Pick<SubnetWay, 'layers' | 'guard'> {
  const { eni, family } = arrival;
  const scope = network.inventory.get('vpcs', vpcId) ?? eni.scope;
  const gateway = gatewayOf(network, vpcId, scope);
  const edge = gateway.id === undefined ? undefined : edgeOf(network, gateway.id, vpcId, scope, arrival.address);
  const appliance = edge?.appliance;
  const table = network.tableOf(subnetId, vpcId, eni.scope);
  const tableId = 'found' in table ? table.found.RouteTableId : subnetId;
  const gatewayOwn = gatewayLayer(network, vpcId, scope);
  const guard: Approach = {
    references: referencesOnInternet(network),
    key: `internet ${gateway.id} ${appliance?.hop.id}`,
    judge: (choice) => judgeInternetReply(choice, gateway.id, appliance?.hop, tableId),
    ...(appliance && { seen: seenBehind(family, appliance.gap) }),
  };
  const layers = [
    sourceLayer(gatewayRef(gateway.id, vpcId)),
    publicAccessLayer(network, subnetId, vpcId, eni.scope),
    ...encryptionLayer(network, vpcId),
    gatewayOwn,
    ...(edge?.layer ? [edge.layer] : []),
    ...subnetLayers(network, eni, guard),
  ];
  return { layers, guard };
}

/** The addresses in the subnets of a VPC: whatever they are, packets between them never leave it. */
function ownSubnets(network: Network, vpcId: string): AddressSet {
  return network.once(`own subnets ${vpcId}`, () => addressSet(network.subnetsOf(vpcId).flatMap(rangesOfRecord)));
}

/**
 * The way from the internet to a subnet. `reserved` are the private addresses that come another way; what else is not
 * routable is stopped by the source layer, so that whoever asks is told.
 */
export function internetWay(network: Network, arrival: Arrival, reserved: AddressSet): SubnetWay {
  const { eni, family } = arrival;
  const { vpcId, subnetId } = eni;
  const known =
    vpcId === undefined || subnetId === undefined
      ? { layers: [noVpc(network, eni)], guard: { references: referencesOnInternet(network) } }
      : layersTo(network, arrival, vpcId, subnetId);
  const inside = vpcId === undefined ? AddressSet.empty : ownSubnets(network, vpcId);
  const origin = everyAddress(family).subtract(reserved.subtract(internet)).subtract(inside);
  return { kind: 'internet', origin, family, clientPorts: anyClient, ...known };
}

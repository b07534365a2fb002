import {
  type Gap,
  internet,
  known,
  type Layer,
  passFilter,
  type Rule,
  type RuleFilter,
  stopFilter,
  unknown,
  unknownFilter,
  type Way,
} from '../../src/model/index.js';
import { type Address, AddressSet, addressSet, PortSet } from '../../src/set/index.js';
import { filterLayer, type Ingress } from './filter.js';
import { addressIn, type Networks, type Port, resource } from './network.js';
import { keyOf, nameOf } from './records/ids.js';
import { judgeInternetReply, returnLayer } from './route.js';
import type { Standpoint } from './standpoint.js';
import { anyClient, everyAddress } from './way.js';

/** Azure's edge takes packets from addresses of the internet only. */
const routable: RuleFilter = {
  kind: 'rules',
  rules: [
    {
      id: null,
      action: 'allow',
      peers: known(internet),
      ports: known(PortSet.all),
      text: 'takes addresses of the internet',
    },
  ],
  otherwise: 'drop',
  reason: { code: 'azure/src-not-routable', data: {} },
};

/** Where replies leave a machine that has several interfaces only its system can say: most likely by the first one. */
function interfaceLayers({ isPrimaryNic, alone }: Standpoint): Layer[] {
  if (isPrimaryNic) return [];
  const what = alone?.name ?? 'another interface';
  const detail = `the address is on ${what}, and the system may reply through its first interface`;
  const gap: Gap = { code: 'azure/guest', kind: 'not-modelled', what, detail, likely: false };
  const rule: Rule = {
    id: null,
    action: 'allow',
    peers: unknown(AddressSet.all, gap),
    ports: known(PortSet.all),
    text: detail,
  };
  const inbound: RuleFilter = {
    kind: 'rules',
    rules: [rule],
    otherwise: 'drop',
    reason: { code: 'azure/guest', data: {} },
  };
  return [{ kind: 'network-interface', subject: 'interface', inbound }];
}

/** An appliance of somebody else may stand before an address. */
function inspectionLayers(gatewayLoadBalancer: { readonly id?: string | undefined } | undefined): Layer[] {
  if (gatewayLoadBalancer?.id === undefined) return [];
  const what = nameOf(gatewayLoadBalancer.id.replace(/\/frontendIPConfigurations\/.*$/i, ''));
  const detail = `packets pass through the gateway load balancer ${what}, whose appliances are not in the evidence`;
  return [
    {
      kind: 'load-balancer',
      subject: resource('load-balancer', what),
      inbound: unknownFilter({ code: 'azure/gateway-balancer', kind: 'not-modelled', what, detail }),
    },
  ];
}

/** Everything that packets from the internet meet at an IP configuration, and replies on their way back. */
export function guardsFromInternet(
  networks: Networks,
  at: Standpoint,
  destination: Address,
  ingress: Ingress,
): readonly Layer[] {
  return networks.shared.once(['internet', at, destination, ingress], () => [
    { kind: 'internet-edge', subject: resource('virtual-network', nameOf(at.networkKey ?? '')), inbound: routable },
    ...inspectionLayers(at.gatewayLoadBalancer),
    filterLayer(networks, at, destination, ingress),
    returnLayer(networks, at, judgeInternetReply),
    ...interfaceLayers(at),
  ]);
}

/** Whether a machine comes to the internet from an IP configuration. */
function hasEgress(networks: Networks, port: Port): boolean {
  const subnet = networks.subnet(port.subnetKey);
  const record = subnet !== 'none' && 'found' in subnet ? subnet.found : undefined;
  const isImplicit = record?.defaultOutboundAccess !== false;
  return isImplicit || record?.natGateway !== undefined || addressIn(networks.publicOf(port)) !== undefined;
}

/** The way from the internet to a public address of an IP configuration. */
export function internetWay(
  networks: Networks,
  at: Standpoint,
  front: readonly Layer[],
  destination: Address,
  ingress: Ingress,
  own: AddressSet,
): Way {
  const { family } = destination;
  const dialled: Layer = { kind: 'address', subject: 'interface', inbound: passFilter };
  const origin = everyAddress(family).subtract(own.subtract(internet));
  const rows = [[...front, dialled], guardsFromInternet(networks, at, destination, ingress)];
  return { kind: 'internet', origin, family, clientPorts: anyClient, rows };
}

/** The way that nobody takes of machines inside that have no way out: it says so where they dial a public address. */
export function unsentWay(networks: Networks, front: readonly Layer[], { family }: Address): Way {
  const kept = networks.ports().filter((port) => port.family === family && !hasEgress(networks, port));
  const origin = addressSet(kept.map(({ config }) => config.privateIPAddress)).only(family);
  const inbound = stopFilter({ code: 'azure/no-egress', data: {} });
  const layer: Layer = { kind: 'source-egress', subject: resource('subnet', 'of the sender'), inbound };
  return { kind: 'hairpin', origin, family, clientPorts: anyClient, rows: [front, [layer]] };
}

/** The addresses with which machines behind a NAT gateway come to public addresses. */
export function natAddresses(networks: Networks, port: Port): AddressSet {
  const subnet = networks.subnet(port.subnetKey);
  const id = subnet !== 'none' && 'found' in subnet ? subnet.found.natGateway?.id : undefined;
  const gateway = id === undefined ? undefined : networks.inventory.get('natGateways', keyOf(id));
  return addressSet((gateway?.publicIpAddresses ?? []).map((one) => addressIn(networks.publicIp(one.id))));
}

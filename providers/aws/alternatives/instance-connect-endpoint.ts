import { type Gap, type Layer, type Path, passFilter, unknownFilter, type Way } from '../../../src/model/index.js';
import type { AlternativeWay } from '../../../src/provider.js';
import { AddressSet, addressSet, type Family } from '../../../src/set/index.js';
import { type Arrival, primaryArrival, seenBehind } from '../arrival.js';
import { anyClient } from '../client-ports.js';
import { deliveryLayers, keepsClient, type Sender, type View } from '../delivery.js';
import { instanceFront } from '../instance-state.js';
import type { Placed } from '../inventory.js';
import { type Network, resource } from '../network.js';
import { rangesOfRecord } from '../ranges.js';
import type { ConnectEndpoint } from '../records/records.js';
import { awsCommand } from '../repair/command.js';
import type { AwsTarget } from '../target-index.js';
import { pathOn } from '../way.js';
import { endpointState, type Held, held } from '../words.js';

/** The ports that the service tunnels to; it refuses every other one. */
const tunnelled: ReadonlySet<number> = new Set([22, 3389]);

const familiesOf: Readonly<Record<string, readonly Family[]>> = { ipv4: [4], ipv6: [6], dualstack: [4, 6] };

function isReady({ State: state, InstanceConnectEndpointId: id }: ConnectEndpoint): Held {
  return held(endpointState, state, 'aws/ev-route', id);
}

function endpointRef(endpoint: ConnectEndpoint) {
  return resource('instance-connect-endpoint', endpoint.InstanceConnectEndpointId);
}

function senderOf(network: Network, endpoint: Placed<ConnectEndpoint>, vpcId: string, family: Family): Sender {
  const enis = (endpoint.NetworkInterfaceIds ?? []).map((id) => network.interfaces().get(id));
  const known = enis.filter((eni) => eni !== undefined);
  const own = network.ownAddresses(known).only(family);
  const subnet = network.inventory.get('subnets', endpoint.SubnetId);
  return {
    vpcId,
    scope: endpoint,
    subnetId: endpoint.SubnetId,
    addresses: own.isEmpty && subnet ? addressSet(rangesOfRecord(subnet)).only(family) : own,
    gap: own.isEmpty
      ? network.inventory.dangling('interfaces', endpoint, `the interface of ${endpoint.InstanceConnectEndpointId}`)
      : undefined,
    groups: endpoint.SecurityGroupIds ?? known[0]?.groups ?? [],
    keptIn: 'aws/eice-sg-egress',
  };
}

/** Whose address the instance sees (EC2 guide, security groups for EC2 Instance Connect Endpoint). */
function viewOf(network: Network, endpoint: Placed<ConnectEndpoint>): View {
  const { PreserveClientIp: kept, InstanceConnectEndpointId: id } = endpoint;
  if (kept === undefined)
    return network.inventory.dangling('connectEndpoints', endpoint, `the client IP option of ${id}`);
  return kept ? { whose: 'client', code: 'aws/eice-client-ip' } : { whose: 'sender', code: 'aws/sg-no-inbound' };
}

/** Whether an access list sees the client or the endpoint, when the client's address is kept, is documented nowhere. */
function withDoubt(layer: Layer, endpoint: ConnectEndpoint, family: Family): Layer {
  if (layer.kind !== 'network-acl') return layer;
  const { InstanceConnectEndpointId: what } = endpoint;
  const acl = typeof layer.subject === 'string' ? 'the network acl' : layer.subject.id;
  const detail = `${acl} may see the client or ${what}, which keeps the client's address`;
  const gap: Gap = { code: 'aws/ev-nacl', kind: 'not-modelled', what, detail };
  return { ...layer, seen: seenBehind(family, gap) };
}

function endpointPath(
  network: Network,
  target: AwsTarget,
  endpoint: Placed<ConnectEndpoint>,
  arrival: Arrival,
  vpcId: string,
  port: number,
): Path {
  const { family } = arrival;
  const sender = senderOf(network, endpoint, vpcId, family);
  const view = viewOf(network, endpoint);
  const kept = keepsClient(view);
  const delivery = deliveryLayers(network, sender, arrival, port, view);
  const subject = endpointRef(endpoint);
  const groupless = network.inventory.dangling('connectEndpoints', endpoint, `the security groups of ${subject.id}`);
  const own: Layer = {
    kind: 'instance-connect-endpoint',
    subject,
    inbound: sender.groups.length === 0 ? unknownFilter(groupless) : passFilter,
  };
  const way: Way = {
    kind: 'instance-connect-endpoint',
    origin: kept ? AddressSet.ipv4 : AddressSet.all,
    family,
    clientPorts: anyClient,
    rows: [
      instanceFront(network, target.instance).layers,
      [own],
      kept ? delivery.map((layer) => withDoubt(layer, endpoint, family)) : delivery,
    ],
  };
  return pathOn(way, target, arrival.eni, arrival.text);
}

function wayThrough(
  network: Network,
  target: AwsTarget,
  endpoint: Placed<ConnectEndpoint>,
  vpcId: string,
  port: number,
): Pick<AlternativeWay, 'works' | 'paths' | 'reasons' | 'symptom'> {
  const component = endpointRef(endpoint);
  const { State: state = 'in an unknown state', IpAddressType: type = 'ipv4' } = endpoint;
  const because = (works: 'no' | 'unknown', code: string, data: Readonly<Record<string, string>>) => ({
    works,
    reasons: [{ reason: { code, data }, component }],
    symptom: works === 'no' ? ('closed' as const) : ('cannot-tell' as const),
  });
  if (!tunnelled.has(port)) return because('no', 'aws/eice-port', { port: String(port) });
  const ready = isReady(endpoint);
  if (endpoint.broken !== undefined || typeof ready === 'object')
    return because('unknown', 'aws/eice-state', { state });
  if (ready === 'no') return because('no', 'aws/eice-state', { state });
  const arrivals = (familiesOf[type] ?? [4]).map((family) => primaryArrival(network, target.instance, family));
  const arrival = arrivals.find((one) => one !== undefined);
  if (!arrival)
    return because('no', 'aws/eice-state', { state: `for ${type} only, which the instance does not speak` });
  return { paths: [endpointPath(network, target, endpoint, arrival, vpcId, port)], reasons: [], symptom: 'closed' };
}

/** The endpoint that serves a VPC: a working one where there are several records, since deleted ones stay listed. */
function endpointOf(network: Network, vpcId: string): Placed<ConnectEndpoint> | undefined {
  return network.once(`connect endpoint ${vpcId}`, () => {
    const all = [...network.inventory.all('connectEndpoints').values()].filter(
      ({ VpcId }) => VpcId === undefined || VpcId === vpcId,
    );
    return all.find((one) => isReady(one) === 'yes') ?? all.find((one) => typeof isReady(one) === 'object') ?? all[0];
  });
}

/**
 * Through an EC2 Instance Connect Endpoint of the instance's VPC: the endpoint opens the connection from inside, on behalf of
 * whoever may use it. No way is listed where there surely is no endpoint.
 */
export function endpointWays(network: Network, target: AwsTarget, port: number): AlternativeWay[] {
  const { InstanceId: id, region } = target.instance;
  const vpcId = network.interfacesOf(target.instance)[0]?.vpcId;
  if (vpcId === undefined) return [];
  const options = { 'instance-id': id, 'connection-type': 'eice' };
  const way = {
    kind: 'instance-connect-endpoint',
    command: awsCommand(region, 'ec2-instance-connect ssh', options),
  };
  const endpoint = endpointOf(network, vpcId);
  if (endpoint) return [{ ...way, ...wayThrough(network, target, endpoint, vpcId, port) }];
  const gap = network.gap('connectEndpoints', target.instance);
  return gap ? [{ ...way, works: 'unknown', reasons: [], symptom: 'cannot-tell' }] : [];
}

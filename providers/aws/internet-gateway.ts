import {
  type Gap,
  type Layer,
  passFilter,
  type ResourceRef,
  type RuleFilter,
  stopFilter,
  unknownFilter,
} from '../../src/model/index.js';
import type { Address } from '../../src/set/index.js';
import type { Scope } from './inventory.js';
import { type Network, resource } from './network.js';
import type { InternetGateway } from './records/records.js';
import { type Hop, type Judgement, judgeState, orderedRoutes, type RouteChoice, routesFor } from './route-table.js';
import { gatewayAttachment, type Held, held } from './words.js';

/** Whether a gateway is attached to a VPC. */
function attachmentTo(network: Network, gateway: InternetGateway, vpcId: string): Held {
  const { InternetGatewayId: id, Attachments: attachments } = gateway;
  const own = (attachments ?? []).filter((attachment) => attachment.VpcId === vpcId);
  const answers = own.map(({ State }) => held(gatewayAttachment, State, 'aws/ev-route', `the attachment of ${id}`, id));
  if (answers.includes('yes')) return 'yes';
  if (gateway.broken !== undefined) return network.inventory.dangling('gateways', {}, `the attachments of ${id}`);
  return answers.find((answer) => answer !== 'no') ?? 'no';
}

/** The internet gateway of a VPC as far as the evidence goes. */
export interface GatewayView {
  /** The gateway through which the internet comes in: attached, or implied by an active route. */
  readonly id: string | undefined;
  readonly filter: RuleFilter;
}

/** A gateway that the VPC's own route tables use, in a state that implies that it is attached. */
function routedGateway(network: Network, vpcId: string): string | undefined {
  for (const table of network.inventory.all('tables').values()) {
    if (table.VpcId !== vpcId) continue;
    for (const { hop, route } of orderedRoutes(network, table)) {
      if (hop.kind === 'internet-gateway' && route.State === 'active') return hop.id;
    }
  }
  return undefined;
}

export function gatewayOf(network: Network, vpcId: string, scope: Scope): GatewayView {
  return network.once(`gateway ${vpcId}`, () => {
    const all = [...network.inventory.all('gateways').values()];
    const answers = all.map((gateway) => attachmentTo(network, gateway, vpcId));
    const attached = all[answers.indexOf('yes')];
    if (attached) return { id: attached.InternetGatewayId, filter: passFilter };
    const routed = routedGateway(network, vpcId);
    const isDangling = routed !== undefined && network.inventory.get('gateways', routed) === undefined;
    const gap = network.gap('gateways', scope) ?? answers.find((answer) => typeof answer === 'object');
    const implied = routed !== undefined && gap?.kind !== 'not-modelled';
    if (gap) return { id: routed, filter: implied ? passFilter : unknownFilter(gap) };
    if (isDangling) return { id: routed, filter: unknownFilter(network.inventory.dangling('gateways', scope, routed)) };
    const spare = all.find((gateway) => gateway.Attachments?.length === 0)?.InternetGatewayId;
    const gateway = routed ?? spare;
    const stop = stopFilter({
      code: 'aws/igw-detached',
      data: { vpc: vpcId, ...(gateway !== undefined && { gateway }) },
    });
    return { id: routed, filter: stop };
  });
}

export function gatewayRef(id: string | undefined, vpcId: string): ResourceRef {
  return resource('internet-gateway', id ?? `no gateway of ${vpcId}`);
}

export function gatewayLayer(network: Network, vpcId: string, scope: Scope): Layer {
  const { id, filter } = gatewayOf(network, vpcId, scope);
  return { kind: 'internet-gateway', subject: gatewayRef(id, vpcId), inbound: filter };
}

/** An appliance into which a gateway's own route table sends what comes in. */
export interface Appliance {
  readonly hop: Hop;
  readonly gap: Gap;
}

export function applianceGap(code: string, hop: Hop, detail: string): Gap {
  return { code: `aws/${code}`, kind: 'not-modelled', what: hop.id, detail };
}

export interface EdgeView {
  readonly layer: Layer | undefined;
  readonly appliance: Appliance | undefined;
}

const unsureOf = (judgement: Judgement | undefined): Gap | undefined =>
  typeof judgement === 'object' && 'unsure' in judgement ? judgement.unsure : undefined;

/** A gateway can have a route table of its own: it delivers, or sends the packets through an appliance first. */
export function edgeOf(network: Network, gatewayId: string, vpcId: string, scope: Scope, address: Address): EdgeView {
  const lookup = network.edgeTableOf(gatewayId, vpcId, scope);
  if (!lookup) return { layer: undefined, appliance: undefined };
  const unread = (gap: Gap, subject: ResourceRef): EdgeView => {
    const layer: Layer = { kind: 'edge-route-table', subject, inbound: unknownFilter(gap, subject) };
    return { layer, appliance: undefined };
  };
  if ('gap' in lookup) return unread(lookup.gap, resource('vpc', vpcId));
  const table = lookup.found;
  const subject = resource('route-table', table.RouteTableId);
  const choices = routesFor(network, table, address);
  const doubt = choices.map((one) => one.gap ?? unsureOf(judgeState(table, one))).find((gap) => gap !== undefined);
  if (doubt) return unread(doubt, subject);
  const choice = choices.at(-1);
  const layer = (inbound: RuleFilter): Layer => ({ kind: 'edge-route-table', subject, inbound });
  if (!choice)
    return {
      layer: layer(stopFilter({ code: 'aws/rt-missing', data: { table: table.RouteTableId } })),
      appliance: undefined,
    };
  const { hop } = choice;
  if (hop.kind === 'local') return { layer: layer(passFilter), appliance: undefined };
  if (hop.kind !== 'endpoint' && hop.kind !== 'network-interface') {
    const gap = applianceGap('mbx-inspected', hop, `${table.RouteTableId} sends what comes in to ${hop.id}`);
    return { layer: layer(unknownFilter(gap)), appliance: { hop, gap } };
  }
  const gap = applianceGap(
    'mbx-inspected',
    hop,
    `what comes in passes through ${hop.id}, whose rules are not in the evidence`,
  );
  const facesInternet = gatewayId.startsWith('igw-') && hop.kind === 'network-interface';
  const eni = facesInternet ? network.interfaces().get(hop.id) : undefined;
  if (eni?.addresses.every((item) => item.publicIp === undefined)) {
    const stop = stopFilter(
      { code: 'aws/edge-appliance-no-public-ip', data: { interface: hop.id } },
      resource('network-interface', hop.id),
    );
    return { layer: layer(stop), appliance: { hop, gap } };
  }
  return { layer: layer(unknownFilter(gap, resource(hop.kind, hop.id))), appliance: { hop, gap } };
}

const privateHops: ReadonlySet<Hop['kind']> = new Set([
  'vpc-peering-connection',
  'transit-gateway',
  'vpn-gateway',
  'local-gateway',
  'core-network',
]);

/**
 * What a route means for replies to the internet: they must leave through the gateway by which the request came
 * (VPC guide, route tables; explanation codes of Reachability Analyzer).
 */
export function judgeInternetReply(
  choice: RouteChoice,
  gateway: string | undefined,
  appliance: Hop | undefined,
  tableId: string,
): Judgement {
  const { hop, destination } = choice;
  const data = { table: tableId, destination, hop: hop.id };
  const stop: Judgement = { stop: { code: 'aws/rt-asymmetric', data, component: resource(hop.kind, hop.id) } };
  switch (hop.kind) {
    case 'internet-gateway':
      if (appliance) return stop;
      return gateway === undefined || hop.id === gateway
        ? 'ok'
        : { stop: { code: 'aws/igw-detached', data: { ...data, gateway: hop.id } } };
    case 'local':
      return { stop: { code: 'aws/rt-local-overlap', data } };
    case 'endpoint':
    case 'network-interface':
      if (appliance?.id === hop.id)
        return { unsure: applianceGap('mbx-inspected', hop, `replies pass through ${hop.id}`) };
      return {
        unsure: applianceGap(
          'mbx-asymmetric',
          hop,
          `replies leave through ${hop.id}, although the request did not come that way; most appliances drop them`,
        ),
      };
    case 'carrier-gateway':
      return { unsure: applianceGap('ev-route', hop, `${hop.id} leads to the network of a carrier`) };
    case 'unknown':
      return {
        unsure: applianceGap('ev-route', hop, `the route to ${destination} has a target that port22 does not know`),
      };
    default:
      if (privateHops.has(hop.kind) && choice.peers.families().includes(6)) {
        return { unsure: applianceGap('rt-asymmetric', hop, `replies over IPv6 leave through ${hop.id}`) };
      }
      return stop;
  }
}

import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Tree } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import { nameOf, projectOf } from '../records/names.js';
import type { ApiRecord, Projection } from './project.js';
import { carried, isKept } from './recording.js';

/** Out of this range come the subnets that a network makes by itself, one in each region (VPC docs, auto mode). */
const AUTO_RANGE = '10.128.0.0/9';

/** The routes to the internet that a network is made with; that for IPv6 comes with the first subnet that has external addresses. */
export function answerDefaultRoutes(projection: Projection, network: string, ipv4: boolean | typeof untold): void {
  const gateway = `projects/${projectOf(network)}/global/gateways/default-internet-gateway`;
  const route = (name: string, destRange: string, nextHopGateway: unknown) =>
    projection.answer('route', {
      name: `${name}-${nameOf(network)}`,
      selfLink: `projects/${projectOf(network)}/global/routes/${name}-${nameOf(network)}`,
      network,
      destRange,
      priority: 1000,
      nextHopGateway,
    });
  if (ipv4 !== false) route('default-route', '0.0.0.0/0', ipv4 === untold ? untold : gateway);
  route('default-ipv6-route', '::/0', gateway);
}

/** The routes that come with a subnet and lead to its machines (VPC docs, subnet routes). */
function answerSubnetRoutes(projection: Projection, subnet: string, network: string, ranges: readonly unknown[]): void {
  for (const [index, destRange] of ranges.entries()) {
    if (typeof destRange !== 'string') continue;
    const name = `default-route-${nameOf(subnet)}${index === 0 ? '' : `-${index}`}`;
    const selfLink = `projects/${projectOf(network)}/global/routes/${name}`;
    projection.answer('route', { name, selfLink, network, destRange, priority: 0, nextHopNetwork: network });
  }
}

/** The subnets that a network makes by itself, as the one range in which they all are. */
export function answerAutoSubnets(projection: Projection, network: string): void {
  const name = `auto-${nameOf(network)}`;
  projection.answer('subnetwork', {
    name,
    selfLink: `projects/${projectOf(network)}/regions/?/subnetworks/${name}`,
    network,
    ipCidrRange: AUTO_RANGE,
  });
  answerSubnetRoutes(projection, name, network, [AUTO_RANGE]);
}

/**
 * Whether the plan alone tells what is in a network: where it is not laid over anything, and of one that it makes. Of one that was
 * there before, others may have made something; as declared, they have not.
 */
export function tellsAll(projection: Projection, network: string): boolean {
  if (!projection.base) return true;
  if (projection.isRecorded(network)) return false;
  const record = projection.describer(network, 'Network');
  return !projection.isAsKnown || (record !== undefined && record.status === 'managed' && !isKept(record));
}

function projectNetwork(projection: Projection, record: PlanRecord): void {
  const { leaves } = projection;
  const network = projection.selfLink(record);
  const recorded = projection.recorded('networks', record);
  projection.answer('network', {
    ...carried(recorded, 'peerings', 'IPv4Range', 'routingConfig'),
    name: projection.label(record),
    selfLink: network,
    networkFirewallPolicyEnforcementOrder: leaves.text(
      projection.value(record, 'networkFirewallPolicyEnforcementOrder'),
    ),
    networkProfile: leaves.text(projection.value(record, 'networkProfile')),
  });
  if (!tellsAll(projection, network)) return;
  const deletes = leaves.flag(projection.value(record, 'deleteDefaultRoutesOnCreate'));
  answerDefaultRoutes(projection, network, deletes === untold ? untold : deletes !== true);
  if (leaves.flag(projection.value(record, 'autoCreateSubnetworks')) !== false) answerAutoSubnets(projection, network);
}

/** The network of a subnet; `untold` where nobody knows which. */
export function networkOfSubnet(projection: Projection, subnet: PlanRecord): string | typeof untold {
  return projection.ref(subnet, 'network') ?? untold;
}

function projectSubnet(projection: Projection, record: PlanRecord): void {
  const { leaves } = projection;
  const range = leaves.text(projection.value(record, 'ipCidrRange') ?? projection.view.observed(record, 'ipCidrRange'));
  const secondary = leaves.list(projection.value(record, 'secondaryIpRanges'));
  const ranges = Array.isArray(secondary) ? (secondary as readonly Tree[]) : [];
  const more = ranges.map((one) => leaves.text(below(one, 'ipCidrRange'))).filter((one) => one !== undefined);
  const network = networkOfSubnet(projection, record);
  const selfLink = projection.selfLink(record);
  const recorded = projection.recorded('subnetworks', record);
  projection.answer('subnetwork', {
    ...carried(recorded, 'ipv6CidrRange', 'externalIpv6Prefix', 'internalIpv6Prefix', 'purpose'),
    name: projection.label(record),
    selfLink,
    network,
    ipCidrRange: range,
    secondaryIpRanges: secondary === untold ? untold : more.map((ipCidrRange) => ({ ipCidrRange })),
    stackType: leaves.text(projection.value(record, 'stackType')),
    ipv6AccessType: leaves.text(projection.value(record, 'ipv6AccessType')),
  });
  if (typeof network === 'string') answerSubnetRoutes(projection, selfLink, network, [range, ...more]);
}

const hops = ['nextHopIp', 'nextHopIlb', 'nextHopVpnTunnel'] as const;

/** The next hops of a route in the API's fields; only one of them is there. */
function hopsOf(projection: Projection, record: PlanRecord): ApiRecord {
  const { leaves } = projection;
  const gateway = leaves.text(projection.value(record, 'nextHopGateway'));
  const isDefault = typeof gateway === 'string' && nameOf(gateway) === 'default-internet-gateway';
  const instance = projection.ref(record, 'nextHopInstance');
  const others = hops.map((name) => [name, leaves.text(projection.value(record, name))] as const);
  return Object.fromEntries(
    [
      ['nextHopGateway', isDefault ? 'global/gateways/default-internet-gateway' : gateway] as const,
      ['nextHopInstance', instance] as const,
      ...others,
    ].filter(([, value]) => value !== undefined),
  );
}

function projectRoute(projection: Projection, record: PlanRecord): void {
  const { leaves, isAsKnown } = projection;
  const destRange = leaves.text(projection.value(record, 'destRange'));
  const tags = leaves.texts(projection.value(record, 'tags'));
  const next = hopsOf(projection, record);
  // As declared, a route of which something is not known leads nowhere.
  const isLost = destRange === undefined || tags.isEmptied || Object.keys(next).length === 0;
  if (isLost && !isAsKnown) return;
  const { ids } = projection.refs(record, 'network');
  const isStray = ids.length === 0 && isAsKnown && projection.base !== undefined;
  for (const network of isStray ? [untold] : ids)
    projection.answer('route', {
      name: projection.origin(projection.label(record), record),
      selfLink: projection.selfLink(record),
      network,
      destRange: destRange ?? untold,
      priority: leaves.number(projection.value(record, 'priority')),
      tags: tags.items,
      ...(Object.keys(next).length === 0 ? { nextHopGateway: untold } : next),
    });
}

function projectAddressGroup(projection: Projection, record: PlanRecord): void {
  projection.documents.push({
    addressGroups: [
      { name: projection.selfLink(record), items: projection.leaves.texts(projection.value(record, 'items')).items },
    ],
  });
}

/** Networks, subnets and routes, and the lists to which rules refer. */
export function projectNetworks(projection: Projection): void {
  for (const record of projection.all('Network')) projectNetwork(projection, record);
  for (const record of projection.all('Subnetwork')) projectSubnet(projection, record);
  for (const record of projection.all('Route')) projectRoute(projection, record);
  for (const record of projection.all('AddressGroup')) projectAddressGroup(projection, record);
}

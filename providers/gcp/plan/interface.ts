import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { type Tree, Unknown } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import { formatPrefix, parseAddress, parsePrefix } from '../../../src/set/index.js';
import { externalIpv4, externalIpv6 } from '../network.js';
import { pathOf } from '../records/names.js';
import type { Instance, NetworkInterface } from '../records/records.js';
import { externalAddress, externalIpv6Address, privateAddress, rangeOf } from './address.js';
import { noteUnchosen } from './destination.js';
import { networkOfSubnet } from './network.js';
import { asPart } from './place.js';
import type { ApiRecord, Projection } from './project.js';
import { carried } from './recording.js';

/** An interface as it is written: the element with this number of a list. */
interface Written {
  readonly record: PlanRecord;
  readonly index: number;
  readonly tree: Tree;
  /** The project of the machine. */
  readonly project: string;
  /** The machine as it was recorded, where it stays. */
  readonly recorded: Instance | undefined;
}

/** The network in which an interface stands. One that nobody shows has a name that is like none of the cloud's. */
function networkOf(projection: Projection, { record, index, tree, project }: Written): string {
  const path = `networkInterfaces[${index}]`;
  const subnetId = projection.ref(record, `${path}.subnetwork`);
  const subnet = projection.describer(subnetId, 'Subnetwork');
  const recorded = typeof subnetId === 'string' ? projection.base?.get('subnetworks', subnetId) : undefined;
  const ofSubnet = (subnet && networkOfSubnet(projection, subnet)) ?? pathOf(recorded?.network);
  const own = projection.ref(record, `${path}.network`);
  const found = [ofSubnet, own].find((one) => typeof one === 'string');
  if (typeof found === 'string') return found;
  const names = ['network', 'subnetwork', 'networkAttachment'];
  const isSaid = tree instanceof Unknown || names.some((name) => isThere(below(tree, name)));
  if (!isSaid) return `projects/${project}/global/networks/default`;
  return `projects/${project}/global/networks/${asPart(`?of ${record.name} ${index}`)}`;
}

function isThere(tree: Tree | undefined): boolean {
  return tree !== undefined && tree !== null && tree !== '';
}

/** The address that a text holds; undefined where there is none, or not yet. */
function addressIn(tree: Tree | undefined): string | undefined {
  return typeof tree === 'string' && parseAddress(tree) ? tree : undefined;
}

/** The external address of an interface: each configuration is one, whether or not it says which (`accessConfigs: [{}]`). */
function accessConfigsOf(projection: Projection, tree: Tree, recorded: NetworkInterface | undefined): unknown {
  const list = projection.leaves.list(below(tree, 'accessConfigs'));
  if (tree instanceof Unknown || list === untold) return projection.leaves.unknown;
  const [first] = list ?? [];
  if (first === undefined) return [];
  const policy = projection.leaves.text(below(tree, 'securityPolicy'));
  return [
    {
      type: 'ONE_TO_ONE_NAT',
      natIP: addressIn(below(first, 'natIp')) ?? (recorded && externalIpv4(recorded)) ?? externalAddress(projection),
      ...(policy !== undefined && { securityPolicy: policy === untold ? 'securityPolicies/?' : policy }),
    },
  ];
}

/** The external IPv6 address, which an interface has only where it is asked for. */
function ipv6Of(projection: Projection, tree: Tree, recorded: NetworkInterface | undefined): ApiRecord {
  const list = projection.leaves.list(below(tree, 'ipv6AccessConfigs'));
  if (tree instanceof Unknown || list === untold) return { ipv6AccessConfigs: projection.leaves.unknown };
  const [first] = list ?? [];
  if (first === undefined) return {};
  const own = addressIn(below(first, 'externalIpv6')) ?? (recorded && externalIpv6(recorded));
  const address = own ?? externalIpv6Address(projection);
  return { ipv6AccessType: 'EXTERNAL', ipv6AccessConfigs: [{ externalIpv6: address }] };
}

/** The ranges behind an interface besides its address; of one that says only how long it is, the cloud chooses which. */
function aliasesOf(projection: Projection, tree: Tree, recorded: NetworkInterface | undefined): ApiRecord {
  const list = projection.leaves.list(below(tree, 'aliasIpRanges'));
  if (!Array.isArray(list)) return carried(recorded, 'aliasIpRanges');
  const texts = (list as readonly Tree[]).map((one) => projection.leaves.text(below(one, 'ipCidrRange')));
  const told = texts.filter((text) => typeof text === 'string' && parsePrefix(text) !== undefined);
  return { aliasIpRanges: told.map((ipCidrRange) => ({ ipCidrRange })) };
}

/** An interface as it was recorded, where it stays in its network: then it has its addresses still. */
function stayingIn(network: string, { recorded, index }: Written): NetworkInterface | undefined {
  const nic = recorded?.networkInterfaces?.[index];
  return pathOf(nic?.network) === network ? nic : undefined;
}

/** One interface in the API's words. */
export function interfaceOf(projection: Projection, written: Written): ApiRecord {
  const { record, index, tree } = written;
  const network = networkOf(projection, written);
  const recorded = stayingIn(network, written);
  const subnetId = projection.ref(record, `networkInterfaces[${index}].subnetwork`);
  const subnet = projection.describer(subnetId, 'Subnetwork');
  const stackType = projection.leaves.text(below(tree, 'stackType'));
  const own = addressIn(below(tree, 'networkIp')) ?? recorded?.networkIP;
  const range = rangeOf(projection, subnet ?? subnetId);
  if (own === undefined) noteUnchosen(projection, network, range && formatPrefix(range));
  return {
    name: `nic${index}`,
    network,
    ...((subnet || projection.base) && { subnetwork: subnetId }),
    ...(stackType !== 'IPV6_ONLY' && { networkIP: own ?? privateAddress(projection, range) }),
    ...(typeof stackType === 'string' && { stackType }),
    ...carried(recorded, 'ipv6Address'),
    ...aliasesOf(projection, tree, recorded),
    accessConfigs: accessConfigsOf(projection, tree, recorded),
    ...ipv6Of(projection, tree, recorded),
  };
}

import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Tree } from '../../../src/plan/tree.js';
import type { Refs } from '../../../src/plan/view.js';
import { untold } from '../../../src/record/index.js';
import { nameOf } from '../records/ids.js';
import type { KindName } from '../records/kinds.js';
import { answerAddress, privateAddress, takeAddress } from './address.js';
import { partId, partName, standInId } from './identity.js';
import { counting } from './network.js';
import { type ApiRecord, applianceBefore, elements, member, type Projection, valueAt } from './project.js';
import { elementsOf, keyIn, textIn } from './recorded.js';

const PIPS = 'Microsoft.Network/publicIPAddresses';
const GROUPS = 'Microsoft.Network/networkSecurityGroups';
const SUBNETS = 'Microsoft.Network/virtualNetworks/?/subnets';

/** An interface, as a resource or as a machine describes it. */
export interface Face {
  readonly id: string;
  readonly record: PlanRecord;
  /** Where it is described: empty, or with a dot at its end. */
  readonly at: string;
  readonly kind: 'interfaces' | 'scaleSetInterfaces';
  readonly name: string;
  readonly machineId?: string;
  readonly isPrimary?: boolean;
}

/** The groups that associations put on an interface; one counts. */
export function groupRivals(projection: Projection, nicId: string): readonly PlanRecord[] {
  return projection.partsOf(nicId, ['NetworkInterfaceSecurityGroupAssociation', 'networkInterfaceId']);
}

/** The group that an association puts on an interface. */
function groupPut(projection: Projection, id: string): ApiRecord | undefined {
  const part = counting(projection, groupRivals(projection, id), 'nic', id);
  return part && projection.reference(GROUPS, part, 'networkSecurityGroupId');
}

function groupOf(projection: Projection, { id, record, at, kind }: Face): ApiRecord | undefined {
  const there = projection.there(kind, id)?.networkSecurityGroup as ApiRecord | undefined;
  return (
    groupPut(projection, id) ??
    projection.reference(GROUPS, record, `${at}networkSecurityGroup.id`, `${at}networkSecurityGroupId`) ??
    projection.stillReferring(record, `${at}networkSecurityGroup`, GROUPS, there)
  );
}

type Ids = readonly { readonly id: string }[];

/** A list of references: where it is in a property, and the resources of the classic provider that add to it. */
interface Listing {
  readonly field: string;
  readonly paths: readonly string[];
  readonly association?: readonly [name: string, slot: string];
}

const listings = {
  groups: {
    field: 'applicationSecurityGroups',
    paths: ['applicationSecurityGroups', 'applicationSecurityGroupIds'],
    association: ['NetworkInterfaceApplicationSecurityGroupAssociation', 'applicationSecurityGroupId'],
  },
  pools: {
    field: 'loadBalancerBackendAddressPools',
    paths: ['loadBalancerBackendAddressPools', 'loadBalancerBackendAddressPoolIds'],
    association: ['NetworkInterfaceBackendAddressPoolAssociation', 'backendAddressPoolId'],
  },
  rules: {
    field: 'loadBalancerInboundNatRules',
    paths: ['loadBalancerInboundNatRules'],
    association: ['NetworkInterfaceNatRuleAssociation', 'natRuleId'],
  },
  natPools: { field: '', paths: ['loadBalancerInboundNatPools', 'loadBalancerInboundNatRulesIds'] },
} as const satisfies Record<string, Listing>;

/** An IP configuration of an interface, and what was recorded of it. */
interface Config {
  readonly nicId: string;
  readonly name: string;
  readonly there: ApiRecord | undefined;
  /** Where the program describes it, if it does. */
  readonly described?: { readonly record: PlanRecord; readonly at: string };
}

/** The references that the program lists. */
function refsListed(projection: Projection, { described }: Config, { paths }: Listing): readonly Refs[] {
  if (!described) return [];
  const { record, at } = described;
  const own = paths.map((path) => `${at}.${path}`);
  const places = projection.view.links
    .of(record)
    .map(({ path }) => path)
    .filter((place) => own.some((path) => place.startsWith(`${path}[`)));
  return [...own, ...places].map((path) => projection.view.refs(record, path));
}

/**
 * What one IP configuration refers to in a list; `untold` where there may be more. The classic provider leaves such lists to
 * associations, so that what is there stays.
 */
function listed(projection: Projection, config: Config, listing: Listing): Ids | typeof untold {
  const { view, leaves } = projection;
  const { nicId, there, described, name } = config;
  const [type = '', slot = ''] = listing.association ?? [];
  const parts = projection.partsOf(nicId, [type, 'networkInterfaceId']).filter((part) => {
    const named = leaves.text(projection.value(part, 'ipConfigurationName'));
    return typeof named !== 'string' || named.toLowerCase() === name.toLowerCase();
  });
  const all = [...refsListed(projection, config, listing), ...parts.map((part) => view.refs(part, slot))];
  const isLeft = !described || described.record.token?.pkg === 'azure';
  const left = isLeft && listing.association ? elementsOf(there, listing.field) : [];
  if (left.includes(untold) || all.some(({ isOpen }) => isOpen)) return untold;
  const kept = left.map((one) => keyIn(one));
  return [...new Set([...kept, ...all.flatMap(({ ids }) => ids)])].map((id) => ({ id }));
}

/** The lists of an IP configuration. Who is behind a balancer is remembered. */
function listsOf(projection: Projection, config: Config, id: string): ApiRecord {
  const groups = listed(projection, config, listings.groups);
  const pools = listed(projection, config, listings.pools);
  const rules = listed(projection, config, listings.rules);
  const natPools = listed(projection, config, listings.natPools);
  remember(projection, pools, id);
  remember(projection, rules, id);
  remember(projection, natPools, id);
  return {
    applicationSecurityGroups: groups,
    loadBalancerBackendAddressPools: pools,
    loadBalancerInboundNatRules: natPools === untold ? untold : rules,
  };
}

/** A public address that an IP configuration describes itself. */
function ownAddress(
  projection: Projection,
  face: Face,
  configId: string,
  item: Tree | undefined,
): ApiRecord | undefined {
  const listed = member(item, 'publicIpAddresses');
  const own =
    member(item, 'publicIPAddressConfiguration', 'publicIpAddressConfiguration') ??
    (Array.isArray(listed) ? (listed as readonly Tree[])[0] : listed);
  if (own === undefined || own === null) return undefined;
  const isOfSet = face.kind === 'scaleSetInterfaces';
  const name = partName(own, 0);
  const id = isOfSet ? partId(configId, 'publicIPAddresses', name) : standInId(PIPS, `?${configId} ${name}`);
  answerAddress(projection, isOfSet ? 'scaleSetAddresses' : 'addresses', id, name, {
    sku: member(own, 'sku', 'skuName'),
    version: member(own, 'publicIPAddressVersion', 'version'),
  });
  return { id };
}

/** Remembers who is behind NAT rules, and in pools. */
function remember(projection: Projection, ids: Ids | typeof untold, configId: string): void {
  for (const { id } of ids === untold ? [] : ids)
    projection.behind.set(id, [...(projection.behind.get(id) ?? []), configId]);
}

function configOf(projection: Projection, face: Face, at: string, item: Tree, index: number): ApiRecord {
  const { record } = face;
  const name = partName(item, index);
  const id = partId(face.id, 'ipConfigurations', name);
  const own = (field: string) => `${at}.${field}`;
  const { leaves } = projection;
  const unseen = { id: standInId(SUBNETS, `?${record.name} unknown`) };
  const subnet = projection.reference(SUBNETS, record, own('subnet.id'), own('subnetId')) ?? unseen;
  const version = leaves.text(member(item, 'privateIPAddressVersion', 'privateIpAddressVersion', 'version'));
  const family = typeof version === 'string' && version.toLowerCase() === 'ipv6' ? 6 : 4;
  const fixed = leaves.text(member(item, 'privateIPAddress', 'privateIpAddress'));
  const publicIPAddress =
    projection.reference(PIPS, record, own('publicIPAddress.id'), own('publicIpAddressId')) ??
    ownAddress(projection, face, id, item);
  if (publicIPAddress) takeAddress(projection, publicIPAddress.id as string);
  const there = configThere(projection, face.kind, face.id, id);
  return {
    id,
    name,
    subnet,
    privateIPAddress:
      typeof fixed === 'string'
        ? fixed
        : (addressThere(there, subnet.id) ?? privateAddress(projection, subnet.id, family)),
    ...(version !== undefined && { privateIPAddressVersion: version }),
    ...(publicIPAddress && { publicIPAddress }),
    ...applianceBefore(item),
    ...listsOf(projection, { nicId: face.id, name, there, described: { record, at } }, id),
  };
}

/** An IP configuration as it was recorded. */
function configThere(projection: Projection, kind: KindName, nicId: string, id: string): ApiRecord | undefined {
  const all = elementsOf(projection.there(kind, nicId), 'ipConfigurations');
  const found = all.find((one) => keyIn(one) === id);
  return found === untold ? undefined : found;
}

/** The address that a configuration has in its subnet: it stays there. */
function addressThere(there: ApiRecord | undefined, subnetId: string): string | undefined {
  const address = textIn(there, 'privateIPAddress');
  return address !== '' && keyIn(there?.subnet) === subnetId ? address : undefined;
}

/** What an interface does with packets that are not for it, and whether it tracks connections; both providers' words. */
function flagsOf(projection: Projection, { record, at }: Face): ApiRecord {
  const { leaves } = projection;
  const field = (name: string) => valueAt(projection, record, `${at}${name}`);
  const forwards = ['enableIPForwarding', 'ipForwardingEnabled', 'enableIpForwarding'].map(field);
  const enableIPForwarding = leaves.flag(forwards.find((one) => one !== undefined));
  const disableTcpStateTracking = leaves.flag(field('disableTcpStateTracking'));
  return {
    ...(enableIPForwarding !== undefined && { enableIPForwarding }),
    ...(disableTcpStateTracking !== undefined && { disableTcpStateTracking }),
  };
}

/** Shows an interface as ARM does. */
export function answerInterface(projection: Projection, face: Face): void {
  const { record, at } = face;
  const configs = elements(projection, record, `${at}ipConfigurations`);
  const group = groupOf(projection, face);
  projection.answer(face.kind, {
    id: face.id,
    name: face.name,
    ...(face.machineId !== undefined && { virtualMachine: { id: face.machineId } }),
    ...(face.isPrimary !== undefined && { primary: face.isPrimary }),
    networkSecurityGroup: group,
    ...flagsOf(projection, face),
    ipConfigurations: configs.map(({ at: path, item }, index) =>
      item === untold ? untold : configOf(projection, face, path, item, index),
    ),
  });
}

/** A recorded interface, with what associations of the program add to it. */
function answerThere(projection: Projection, id: string): void {
  const group = groupPut(projection, id);
  projection.answer('interfaces', {
    id,
    ...(group && { networkSecurityGroup: group }),
    ipConfigurations: elementsOf(projection.there('interfaces', id), 'ipConfigurations').map((one) => {
      if (one === untold) return one;
      const config: Config = { nicId: id, name: textIn(one, 'name') || nameOf(keyIn(one)), there: one };
      return { ...one, ...listsOf(projection, config, keyIn(one)) };
    }),
  });
}

/** The interfaces that are resources of their own. */
export function projectInterfaces(projection: Projection): void {
  for (const id of projection.joinedThere('nic')) answerThere(projection, id);
  for (const record of projection.all('NetworkInterface'))
    answerInterface(projection, {
      id: projection.id(record, 'nic'),
      record,
      at: '',
      kind: 'interfaces',
      name: record.name,
    });
}

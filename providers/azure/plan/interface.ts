import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Tree } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import { answerAddress, privateAddress } from './address.js';
import { partId, partName, standInId } from './identity.js';
import { counting } from './network.js';
import { type ApiRecord, elements, member, type Projection } from './project.js';

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

function groupOf(projection: Projection, { id, record, at }: Face): ApiRecord | undefined {
  const part = counting(projection, groupRivals(projection, id), 'nic', id);
  return (
    (part && projection.reference(GROUPS, part, 'networkSecurityGroupId')) ??
    projection.reference(GROUPS, record, `${at}networkSecurityGroup.id`, `${at}networkSecurityGroupId`)
  );
}

type Ids = readonly { readonly id: string }[];

/** A list of references: where it is in a property, and the resources of the classic provider that add to it. */
interface Listing {
  readonly paths: readonly string[];
  readonly association?: readonly [name: string, slot: string];
}

/** What one IP configuration refers to in a list; `untold` where there may be more. */
function listed(projection: Projection, face: Face, config: string, listing: Listing): Ids | typeof untold {
  const { view, leaves } = projection;
  const own = view.links
    .of(face.record)
    .map(({ path }) => path)
    .filter((place) => listing.paths.some((path) => place.startsWith(`${path}[`)));
  const parts = listing.association
    ? projection.partsOf(face.id, [listing.association[0], 'networkInterfaceId']).filter((part) => {
        const name = leaves.text(projection.value(part, 'ipConfigurationName'));
        return typeof name !== 'string' || name.toLowerCase() === config.toLowerCase();
      })
    : [];
  const all = [
    ...[...listing.paths, ...own].map((path) => view.refs(face.record, path)),
    ...parts.map((part) => view.refs(part, listing.association?.[1] ?? '')),
  ];
  if (all.some(({ isOpen }) => isOpen)) return untold;
  return [...new Set(all.flatMap(({ ids }) => ids))].map((id) => ({ id }));
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
  const list = (...names: readonly string[]) => names.map(own);
  const groups = listed(projection, face, name, {
    paths: list('applicationSecurityGroups', 'applicationSecurityGroupIds'),
    association: ['NetworkInterfaceApplicationSecurityGroupAssociation', 'applicationSecurityGroupId'],
  });
  const pools = listed(projection, face, name, {
    paths: list('loadBalancerBackendAddressPools', 'loadBalancerBackendAddressPoolIds'),
    association: ['NetworkInterfaceBackendAddressPoolAssociation', 'backendAddressPoolId'],
  });
  const rules = listed(projection, face, name, {
    paths: list('loadBalancerInboundNatRules'),
    association: ['NetworkInterfaceNatRuleAssociation', 'natRuleId'],
  });
  const natPools = listed(projection, face, name, {
    paths: list('loadBalancerInboundNatPools', 'loadBalancerInboundNatRulesIds'),
  });
  remember(projection, pools, id);
  remember(projection, rules, id);
  remember(projection, natPools, id);
  return {
    id,
    name,
    subnet,
    privateIPAddress: typeof fixed === 'string' ? fixed : privateAddress(projection, subnet.id, family),
    ...(version !== undefined && { privateIPAddressVersion: version }),
    ...(publicIPAddress && { publicIPAddress }),
    applicationSecurityGroups: groups,
    loadBalancerBackendAddressPools: pools,
    loadBalancerInboundNatRules: natPools === untold ? untold : rules,
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
    ...(group && { networkSecurityGroup: group }),
    ipConfigurations: configs.map(({ at: path, item }, index) =>
      item === untold ? untold : configOf(projection, face, path, item, index),
    ),
  });
}

/** The interfaces that are resources of their own. */
export function projectInterfaces(projection: Projection): void {
  for (const record of projection.all('NetworkInterface'))
    answerInterface(projection, {
      id: projection.id(record, 'nic'),
      record,
      at: '',
      kind: 'interfaces',
      name: record.name,
    });
}

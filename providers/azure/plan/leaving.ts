import { Memo } from '../../../src/memo.js';
import { below } from '../../../src/plan/declared.js';
import type { Links } from '../../../src/plan/links.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { isLeftAlone } from '../../../src/plan/projection.js';
import type { Tree } from '../../../src/plan/tree.js';
import type { Inventory } from '../inventory.js';
import { keyOf, nameOf, parentOf } from '../records/ids.js';
import type { KindName } from '../records/kinds.js';
import { kindOfResource } from '../records/recorded-answer.js';
import { knownId, planTypeOf, standInId } from './identity.js';
import type { ApiRecord } from './project.js';
import { keyIn, Recorded, textIn } from './recorded.js';

/** A text that a resource asked for, or that was answered. */
function textOf({ inputs, outputs }: PlanRecord, property: string): string {
  const value = inputs?.[property] ?? outputs?.[property];
  return typeof value === 'string' ? value : '';
}

/** What associations put where: the property of what has it, that of what is put there, and the field of a record. */
const associations: Readonly<Record<string, readonly [at: string, what: string, field: string]>> = {
  SubnetNetworkSecurityGroupAssociation: ['subnetId', 'networkSecurityGroupId', 'networkSecurityGroup'],
  SubnetRouteTableAssociation: ['subnetId', 'routeTableId', 'routeTable'],
  NetworkInterfaceSecurityGroupAssociation: ['networkInterfaceId', 'networkSecurityGroupId', 'networkSecurityGroup'],
  NetworkInterfaceApplicationSecurityGroupAssociation: [
    'networkInterfaceId',
    'applicationSecurityGroupId',
    'applicationSecurityGroups',
  ],
  NetworkInterfaceNatRuleAssociation: ['networkInterfaceId', 'natRuleId', 'loadBalancerInboundNatRules'],
  NetworkInterfaceBackendAddressPoolAssociation: [
    'networkInterfaceId',
    'backendAddressPoolId',
    'loadBalancerBackendAddressPools',
  ],
};

/** What was recorded, while that which goes is taken out of it. */
class Remaining {
  readonly inventory: Inventory;
  private readonly links: Links;

  private readonly account: Recorded;

  constructor(base: Inventory, links: Links) {
    this.inventory = base.copy();
    this.links = links;
    this.account = new Recorded(base);
  }

  holds(id: string): boolean {
    return this.account.holds(id);
  }

  /** The resources that say what the thing with this id is to be. */
  private describers(id: string): readonly PlanRecord[] {
    return this.links.describers(id).filter((record) => !isLeftAlone(this.links, record, (one) => this.holds(one)));
  }

  private edit(kind: KindName, id: string, change: (record: ApiRecord) => ApiRecord): void {
    const record: ApiRecord | undefined = this.inventory.get(kind, id);
    const changed = record && change(record);
    if (changed !== record) this.inventory.put(kind, id, changed as never);
  }

  /** The same of the elements of a list in a record. */
  private editAll(kind: KindName, id: string, list: string, change: (one: ApiRecord) => ApiRecord | undefined): void {
    this.edit(kind, id, (record) => {
      const field = Object.keys(record).find((name) => name.toLowerCase() === list.toLowerCase());
      const items = field === undefined ? undefined : record[field];
      if (field === undefined || !Array.isArray(items)) return record;
      const changed = (items as readonly ApiRecord[]).map(change);
      // What stays as it is is the same object: so it is seen what does not.
      if (changed.every((one, index) => one === items[index])) return record;
      return { ...record, [field]: changed.filter((one) => one !== undefined) };
    });
  }

  without(record: PlanRecord): void {
    const association = associations[planTypeOf(record)?.name ?? ''];
    const id = knownId(record);
    if (association) this.withoutAssociation(record, association);
    // What is replaced under the same name has the same id.
    else if (id !== undefined && this.describers(id).length === 0) this.withoutThing(id);
  }

  private withoutThing(id: string): void {
    const kind = kindOfResource({ id });
    if (kind === undefined) this.withoutPart(id);
    else if (kind !== 'ignored') this.withoutWhole(kind, id);
  }

  private withoutWhole(kind: KindName, id: string): void {
    const peers = kind === 'networks' ? this.inventory.get('networks', id)?.virtualNetworkPeerings : [];
    for (const { remoteVirtualNetwork } of peers ?? []) this.disconnect(keyIn(remoteVirtualNetwork), id);
    if (kind === 'scaleSets') this.withoutInstances(id);
    this.inventory.remove(kind, id);
  }

  private withoutPart(id: string): void {
    const whole = parentOf(id);
    const kind = kindOfResource({ id: whole });
    const list = id.split('/').at(-2) ?? '';
    if (kind === undefined || kind === 'ignored') return;
    this.editAll(kind, whole, list, (one) => {
      const name = textIn(one, 'name') || nameOf(keyIn(one));
      if (name.toLowerCase() !== nameOf(id)) return one;
      if (list === 'virtualnetworkpeerings') this.disconnect(keyIn(one.remoteVirtualNetwork), whole);
      return undefined;
    });
  }

  /** What is left of a peering of which one end goes (VNet docs, peering). */
  private disconnect(network: string, from: string): void {
    if (network === '') return;
    this.editAll('networks', network, 'virtualNetworkPeerings', (one) =>
      keyIn(one.remoteVirtualNetwork) === from ? { ...one, peeringState: 'Disconnected' } : one,
    );
  }

  /** The machines of a scale set. */
  withoutInstances(scaleSet: string): void {
    for (const kind of ['scaleSetMachines', 'scaleSetInterfaces', 'scaleSetAddresses'] as const)
      for (const id of this.inventory.all(kind).keys())
        if (id.startsWith(`${scaleSet}/`)) this.inventory.remove(kind, id);
    for (const [id, { virtualMachineScaleSet }] of this.inventory.all('machines'))
      if (keyIn(virtualMachineScaleSet) === scaleSet) this.inventory.remove('machines', id);
  }

  /** An association takes along what it put there, and nothing else; of what somebody else put there since, nobody knows. */
  private withoutAssociation(
    record: PlanRecord,
    [at, what, field]: readonly [at: string, what: string, field: string],
  ): void {
    const [where, put] = [keyOf(textOf(record, at)), keyOf(textOf(record, what))];
    const taken = (one: ApiRecord): ApiRecord => {
      const here = one[field];
      if (Array.isArray(here)) return { ...one, [field]: here.filter((ref: unknown) => keyIn(ref) !== put) };
      if (here === undefined) return one;
      const other = { id: standInId('Microsoft.Network/unknown', `?${record.name} ${field}`) };
      return { ...one, [field]: keyIn(here) === put ? undefined : other };
    };
    const config = textOf(record, 'ipConfigurationName').toLowerCase();
    const isMeant = (one: ApiRecord) => config === '' || textIn(one, 'name').toLowerCase() === config;
    if (at === 'subnetId')
      this.editAll('networks', parentOf(where), 'subnets', (one) => (keyIn(one) === where ? taken(one) : one));
    else if (field === 'networkSecurityGroup') this.edit('interfaces', where, taken);
    else this.editAll('interfaces', where, 'ipConfigurations', (one) => (isMeant(one) ? taken(one) : one));
  }

  /** What records say of things of the program: these say it themselves. */
  withoutUsers(): void {
    const declared = (id: string) => id !== '' && this.isDeclared(id);
    for (const [id, { virtualMachine }] of this.inventory.all('interfaces'))
      if (declared(keyIn(virtualMachine)))
        this.edit('interfaces', id, (nic) => ({ ...nic, virtualMachine: undefined }));
    const holder = (reference: unknown) => parentOf(keyIn(reference));
    for (const id of this.inventory.all('balancers').keys()) {
      this.editAll('balancers', id, 'inboundNatRules', (rule) =>
        declared(holder(rule.backendIPConfiguration)) ? { ...rule, backendIPConfiguration: undefined } : rule,
      );
      this.editAll('balancers', id, 'backendAddressPools', (pool) =>
        withoutMembers(pool, (one) => declared(holder(one))),
      );
    }
  }

  /** Whether a machine or an interface is one of the program's, or of a scale set of the program's. */
  private isDeclared(id: string): boolean {
    const scaleSet = /^.*\/virtualmachinescalesets\/[^/]+(?=\/)/.exec(id)?.[0];
    return [id, scaleSet ?? id].some((one) => this.describers(one).length > 0);
  }
}

/** A pool without some of its members; who is taken out of service stays so. */
function withoutMembers(pool: ApiRecord, isGone: (reference: unknown) => boolean): ApiRecord {
  const listIn = (field: string) => (Array.isArray(pool[field]) ? (pool[field] as readonly ApiRecord[]) : []);
  const [configs, addresses] = [listIn('backendIPConfigurations'), listIn('loadBalancerBackendAddresses')];
  const backendIPConfigurations = configs.filter((one) => !isGone(one));
  const loadBalancerBackendAddresses = addresses.filter(
    (one) => textIn(one, 'adminState').toLowerCase() === 'down' || !isGone(one.networkInterfaceIPConfiguration),
  );
  const isSame =
    configs.length === backendIPConfigurations.length && addresses.length === loadBalancerBackendAddresses.length;
  return isSame ? pool : { ...pool, backendIPConfigurations, loadBalancerBackendAddresses };
}

/** Whether there are machines of a scale set that stay as they are until somebody upgrades them (scale set docs, upgrade policy). */
function keepsInstances({ inputs, outputs }: PlanRecord): boolean {
  const fields = inputs ?? outputs ?? {};
  if ((below(fields.sku, 'capacity') ?? fields.instances) === 0) return false;
  const mode: Tree | undefined =
    below(fields.upgradePolicy, 'mode') ?? fields.upgradeMode ?? fields.upgradePolicyMode ?? undefined;
  return mode === undefined || (typeof mode === 'string' && mode.toLowerCase() === 'manual');
}

const remembered = new Memo();

/** What was recorded without what goes in this deployment, and without what it says of things of the program. */
export function remaining(base: Inventory, links: Links): Inventory {
  return remembered.onceFor(links, 'remaining', () => {
    const rest = new Remaining(base, links);
    for (const record of links.former) rest.without(record);
    rest.withoutUsers();
    for (const record of links.records) {
      const scaleSet = links.idOf(record, 'vmss');
      if (isLeftAlone(links, record, (id) => rest.holds(id))) continue;
      if (scaleSet !== undefined && !keepsInstances(record)) rest.withoutInstances(scaleSet);
    }
    return rest.inventory;
  });
}

import { groupBy, Memo, SharedMemo } from '../../src/memo.js';
import type { Gap, ResourceRef } from '../../src/model/index.js';
import { type Address, AddressSet, addressSet, canonical, parseAddress } from '../../src/set/index.js';

import { type Interface, interfaceOf, prefixWith } from './interface.js';
import type { Inventory, Placed, Scope } from './inventory.js';
import { rangesOfRecord } from './ranges.js';
import type { KindName } from './records/collections.js';
import type { Instance, NetworkAcl, RouteTable, Subnet } from './records/records.js';
import { associationState, held, wordIn } from './words.js';

export type { Interface, InterfaceAddress } from './interface.js';

/** What is found, or why it cannot be. */
export type Lookup<T> = { readonly found: T } | { readonly gap: Gap };

/** How the records hang together: the questions that a packet's way asks of them. */
export class Network extends Memo {
  readonly inventory: Inventory;
  readonly shared = new SharedMemo();

  constructor(inventory: Inventory) {
    super();
    this.inventory = inventory;
  }

  /** Every interface that has a record, plus those that only their instance shows. */
  interfaces(): ReadonlyMap<string, Interface> {
    return this.once('interfaces', () => {
      const all = new Map<string, Interface>();
      const mapped = groupBy(this.inventory.all('addresses').values(), (address) => address.NetworkInterfaceId);
      const records = this.inventory.all('interfaces');
      for (const instance of this.inventory.all('instances').values()) {
        for (const shown of instance.NetworkInterfaces ?? []) {
          const id = shown.NetworkInterfaceId;
          const record = records.get(id);
          if (!record || record.broken !== undefined) {
            all.set(id, interfaceOf(this.inventory, record, { shown, instance }, mapped.get(id)));
          }
        }
      }
      for (const record of records.values()) {
        const id = record.NetworkInterfaceId;
        if (!all.has(id)) all.set(id, interfaceOf(this.inventory, record, undefined, mapped.get(id)));
      }
      return all;
    });
  }

  /** The attached interfaces of an instance, in the order of its devices. */
  interfacesOf(instance: Instance): readonly Interface[] {
    const byInstance = this.once('interfaces by instance', () => {
      const groups = groupBy(this.interfaces().values(), (eni) => (eni.attached === 'no' ? undefined : eni.instanceId));
      for (const enis of groups.values()) if (enis.length > 1) enis.sort((a, b) => a.deviceIndex - b.deviceIndex);
      return groups;
    });
    return byInstance.get(instance.InstanceId) ?? [];
  }

  interfacesIn(vpcId: string): readonly Interface[] {
    return (
      this.once('interfaces by vpc', () => groupBy(this.interfaces().values(), (eni) => eni.vpcId)).get(vpcId) ?? []
    );
  }

  interfacesWith(groupId: string): readonly Interface[] {
    const index = this.once('interfaces by group', () => {
      const members = new Map<string, Interface[]>();
      for (const eni of this.interfaces().values()) {
        for (const group of eni.groups ?? []) {
          const list = members.get(group);
          if (list) list.push(eni);
          else members.set(group, [eni]);
        }
      }
      return members;
    });
    return index.get(groupId) ?? [];
  }

  /** Why not all interfaces of a VPC are known with their groups and addresses, although they were recorded. */
  unreadInterface(vpcId: string): Gap | undefined {
    return this.once(`unread interface ${vpcId}`, () => {
      for (const eni of this.interfaces().values()) {
        const { id, vpcId: home, groups, whole, broken, scope } = eni;
        if (broken === undefined || (home !== undefined && home !== vpcId)) continue;
        if (home !== undefined && groups !== undefined && whole) continue;
        return this.inventory.dangling('interfaces', scope, `a readable record of ${id} (${broken})`);
      }
      return undefined;
    });
  }

  subnetsOf(vpcId: string): readonly Placed<Subnet>[] {
    return (
      this.once('subnets by vpc', () => groupBy(this.inventory.all('subnets').values(), (s) => s.VpcId)).get(vpcId) ??
      []
    );
  }

  /** The network ACL of a subnet. Every subnet has one, so where none is found the evidence is missing. */
  aclOf(subnetId: string | undefined, scope: Scope): Lookup<Placed<NetworkAcl>> {
    const index = this.once('acl by subnet', () => {
      const acls = new Map<string, Placed<NetworkAcl>>();
      for (const acl of this.inventory.all('acls').values()) {
        for (const { SubnetId } of acl.Associations ?? []) if (SubnetId !== undefined) acls.set(SubnetId, acl);
      }
      return acls;
    });
    const found = subnetId === undefined ? undefined : index.get(subnetId);
    return found
      ? { found }
      : { gap: this.inventory.dangling('acls', scope, `the network acl of ${subnetId ?? 'the subnet'}`) };
  }

  /** The route table of a subnet: the one that is associated with it, else the main table of its VPC. */
  tableOf(subnetId: string | undefined, vpcId: string | undefined, scope: Scope): Lookup<Placed<RouteTable>> {
    const { bySubnet, mainOf, unsure } = this.once('tables', () => this.indexTables());
    const explicit = subnetId === undefined ? undefined : bySubnet.get(subnetId);
    if (explicit) return explicit;
    const gap = this.inventory.gap('tables', scope) ?? (vpcId === undefined ? undefined : unsure.get(vpcId));
    const main = vpcId === undefined ? undefined : mainOf.get(vpcId);
    if (main && !gap && subnetId !== undefined) return main;
    return { gap: gap ?? this.inventory.dangling('tables', scope, `the main route table of ${vpcId ?? 'the vpc'}`) };
  }

  /** The route table that is associated with a gateway of a VPC, if there is one. */
  edgeTableOf(gatewayId: string, vpcId: string, scope: Scope): Lookup<Placed<RouteTable>> | undefined {
    const { byGateway, unsure } = this.once('tables', () => this.indexTables());
    const gap = this.inventory.hole('tables', scope) ?? unsure.get(vpcId);
    return byGateway.get(gatewayId) ?? (gap && { gap });
  }

  private indexTables() {
    const { inventory } = this;
    const bySubnet = new Map<string, Lookup<Placed<RouteTable>>>();
    const byGateway = new Map<string, Lookup<Placed<RouteTable>>>();
    const mainOf = new Map<string, Lookup<Placed<RouteTable>>>();
    const unsure = new Map<string, Gap>();
    for (const table of inventory.all('tables').values()) {
      const { RouteTableId: id, VpcId: vpcId, Associations: associations, Routes: routes } = table;
      const found = routes ? { found: table } : { gap: inventory.dangling('tables', table, `the routes of ${id}`) };
      if (vpcId !== undefined && (associations === undefined || associations.some(({ broken }) => broken))) {
        unsure.set(vpcId, inventory.dangling('tables', table, `the associations of ${id}`));
      }
      for (const association of associations ?? []) {
        const word = wordIn(association, association.AssociationState?.State, 'associated');
        const is = held(associationState, word, 'aws/ev-route', `an association of ${id}`, id);
        if (is === 'no') continue;
        const answer = is === 'yes' ? found : { gap: is };
        if (association.SubnetId !== undefined) bySubnet.set(association.SubnetId, answer);
        else if (association.GatewayId !== undefined) byGateway.set(association.GatewayId, answer);
        else if (association.Main && vpcId !== undefined) mainOf.set(vpcId, answer);
      }
    }
    return { bySubnet, byGateway, mainOf, unsure };
  }

  /** The address ranges of a VPC, or the gap when its record is missing. */
  rangesOf(vpcId: string): AddressSet {
    return this.once(`ranges ${vpcId}`, () => {
      const vpc = this.inventory.get('vpcs', vpcId);
      if (vpc) return addressSet(rangesOfRecord(vpc));
      return addressSet(this.subnetsOf(vpcId).flatMap(rangesOfRecord));
    });
  }

  /** The private and IPv6 addresses of interfaces, one by one. What their delegated prefixes hold is not among them. */
  ownAddresses(enis: Iterable<Interface>): AddressSet {
    const addresses: Address[] = [];
    const add = (text: string) => {
      const address = parseAddress(text);
      if (address) addresses.push(address);
    };
    for (const eni of enis) {
      for (const { privateIp } of eni.addresses) add(privateIp);
      for (const text of eni.ipv6) add(text);
    }
    return AddressSet.ofAddresses(addresses);
  }

  /** Every private and IPv6 address that belongs to interfaces; those of a prefix do (EC2 guide, prefix delegation). */
  privateAddresses(enis: Iterable<Interface>): AddressSet {
    const all = [...enis];
    const prefixes = all.flatMap((eni) => eni.prefixes);
    return prefixes.length === 0 ? this.ownAddresses(all) : this.ownAddresses(all).union(addressSet(prefixes));
  }

  /** The interface that holds a private or an IPv6 address in one of these VPCs, or a public address anywhere. */
  holderOf(text: string): readonly Interface[] {
    const index = this.once('interfaces by address', () => {
      const holders = new Map<string, Interface[]>();
      const put = (address: string | undefined, eni: Interface) => {
        const key = address === undefined ? undefined : canonical(address);
        if (key === undefined) return;
        const list = holders.get(key);
        if (list) list.push(eni);
        else holders.set(key, [eni]);
      };
      for (const eni of this.interfaces().values()) {
        for (const { privateIp, publicIp, carrierIp, customerOwnedIp } of eni.addresses) {
          for (const address of [privateIp, publicIp, carrierIp, customerOwnedIp]) put(address, eni);
        }
        for (const address of eni.ipv6) put(address, eni);
      }
      return holders;
    });
    return index.get(canonical(text) ?? text) ?? this.delegatesOf(text);
  }

  /** The interfaces to which a prefix with this address is delegated. */
  private delegatesOf(text: string): readonly Interface[] {
    const delegates = this.once('interfaces with prefixes', () =>
      [...this.interfaces().values()].filter((eni) => eni.prefixes.length > 0),
    );
    return delegates.filter((eni) => prefixWith(eni, text) !== undefined);
  }

  gap(name: KindName, scope: Scope): Gap | undefined {
    return this.inventory.gap(name, scope);
  }
}

/** The groups of an interface, or why they are not known. */
export function groupsOf(network: Network, eni: Interface): readonly string[] | Gap {
  return eni.groups ?? network.inventory.dangling('interfaces', eni.scope, `the security groups of ${eni.id}`);
}

/** The name that people gave an object. */
export function nameTag(record: {
  Tags?: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined;
}): string | undefined {
  return record.Tags?.find((tag) => tag.Key === 'Name')?.Value || undefined;
}

export function resource(kind: string, id: string, name?: string): ResourceRef {
  return { kind, id, ...(name !== undefined && name !== id && { name }) };
}

import { Memo } from '../../../src/memo.js';
import type { Inventory } from '../inventory.js';

const memo = new Memo();

/** The tables and ACLs of recorded subnets; of a VPC its main table and its default ACL. */
function holders(base: Inventory): ReadonlyMap<string, readonly string[]> {
  return memo.onceFor(base, 'holders', () => {
    const found = new Map<string, string[]>();
    const note = (at: string | undefined, id: string) => {
      if (at !== undefined) found.set(at, [...(found.get(at) ?? []), id]);
    };
    for (const [id, { VpcId, Associations = [] }] of base.all('tables'))
      for (const { Main, SubnetId } of Associations) note(Main ? VpcId : SubnetId, id);
    for (const [id, { VpcId, IsDefault, Associations = [] }] of base.all('acls')) {
      for (const { SubnetId } of Associations) note(SubnetId, id);
      if (IsDefault) note(VpcId, id);
    }
    for (const [id, { Attachments = [] }] of base.all('gateways')) for (const { VpcId } of Attachments) note(VpcId, id);
    for (const [id, { Attachment }] of base.all('interfaces')) note(Attachment?.InstanceId, id);
    return found;
  });
}

/** The first interfaces of recorded instances, by these. */
function primaries(base: Inventory): ReadonlyMap<string, string> {
  return memo.onceFor(base, 'primaries', () => {
    const found = new Map<string, string>();
    for (const [instanceId, { NetworkInterfaces = [] }] of base.all('instances'))
      for (const { NetworkInterfaceId, Attachment } of NetworkInterfaces)
        if (Attachment?.DeviceIndex === 0) found.set(instanceId, NetworkInterfaceId);
    for (const [id, { Attachment }] of base.all('interfaces'))
      if (Attachment?.InstanceId !== undefined && Attachment.DeviceIndex === 0) found.set(Attachment.InstanceId, id);
    return found;
  });
}

/** The interface with which a recorded instance was started. */
export function primaryOf(base: Inventory, instanceId: string): string | undefined {
  return primaries(base).get(instanceId);
}

/** The ids to which a recorded thing refers on the way to a machine: its interfaces, subnets, tables, groups and gateways. */
export function refsOf(base: Inventory, id: string): readonly string[] {
  const eni = base.get('interfaces', id);
  const subnet = base.get('subnets', id);
  const shown = base.get('instances', id)?.NetworkInterfaces?.map(({ NetworkInterfaceId }) => NetworkInterfaceId);
  return [
    ...(holders(base).get(id) ?? []),
    ...(shown ?? []),
    ...[eni?.SubnetId, subnet?.VpcId].filter((one) => one !== undefined),
    ...(eni?.Groups ?? []),
  ];
}

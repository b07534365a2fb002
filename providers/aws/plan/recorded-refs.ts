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

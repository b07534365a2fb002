import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Tree } from '../../../src/plan/tree.js';
import { isUnread, untold } from '../../../src/record/index.js';
import { ipv6Address, privateAddress, publicAddress } from './address.js';
import { addressesOf } from './elastic.js';
import { vpcOfSubnet } from './network.js';
import type { ApiRecord, Projection } from './project.js';
import { DEFAULT_SUBNET, isTaken, vpcOfUnseen } from './unseen.js';

/** Whether a machine gets a public address when it starts: `untold` where nobody knows. */
export type PublicAtLaunch = boolean | typeof untold;

/** Where an interface stands and who guards it. */
export interface Face {
  readonly id: string;
  readonly instanceId: string | undefined;
  readonly device: number;
  /** Undefined where nothing is said: the default VPC's. */
  readonly subnetId: string | typeof untold | undefined;
  readonly groups: readonly string[] | typeof untold;
  readonly isPublic: PublicAtLaunch;
  readonly hasIpv6: boolean | typeof untold;
  /** The machine or the interface, of which the provider may have answered addresses. */
  readonly record?: PlanRecord;
}

/** The record of the subnet with this id, where the deployment declares it. */
export function subnetRecord(projection: Projection, id: unknown): PlanRecord | undefined {
  return typeof id === 'string' ? projection.describers(id)[0] : undefined;
}

/** Under which id an interface stands in a subnet: one that nobody names is the default VPC's. */
function placeOf(subnetId: string | typeof untold | undefined): string {
  if (subnetId === undefined) return DEFAULT_SUBNET;
  return subnetId === untold ? 'subnet-?unseen' : subnetId;
}

/** The VPC of a subnet; `untold` where the subnet is not of this deployment. */
export function vpcOf(projection: Projection, subnetId: Face['subnetId']): string | typeof untold | undefined {
  const subnet = subnetRecord(projection, subnetId);
  const recorded = typeof subnetId === 'string' ? projection.base?.get('subnets', subnetId) : undefined;
  if (!subnet && recorded) return recorded.VpcId ?? untold;
  if (!subnet) return isTaken(projection, placeOf(subnetId)) ? vpcOfUnseen(placeOf(subnetId)) : untold;
  return vpcOfSubnet(projection, subnet) ?? untold;
}

function ipv6Of(projection: Projection, face: Face): readonly ApiRecord[] | typeof untold {
  const there = projection.base?.get('interfaces', face.id);
  if (there && isUnread(there, 'Ipv6Addresses')) return untold;
  if (there?.Ipv6Addresses?.length) return there.Ipv6Addresses;
  const known = face.record && projection.view.observed(face.record, 'ipv6Addresses');
  if (Array.isArray(known) && known.length > 0)
    return (known as readonly Tree[]).map((address) => ({ Ipv6Address: projection.leaves.text(address) }));
  const subnet = subnetRecord(projection, face.subnetId);
  const assigns = subnet
    ? projection.leaves.flag(projection.value(subnet, 'assignIpv6AddressOnCreation'))
    : recordedAssigns(projection, face.subnetId);
  const has = [face.hasIpv6, assigns, isIpv6Only(projection, subnet)];
  if (has.includes(true)) return [{ Ipv6Address: ipv6Address(projection, face.subnetId) }];
  return has.includes(untold) ? untold : [];
}

/** Whether a recorded subnet gives its interfaces IPv6 addresses; `untold` where the recording does not say. */
function recordedAssigns(projection: Projection, id: unknown): PublicAtLaunch {
  const recorded = typeof id === 'string' ? projection.base?.get('subnets', id) : undefined;
  const field = 'Ipv6CidrBlockAssociationSet';
  if (!recorded || (!recorded[field]?.length && !isUnread(recorded, field))) return false;
  return recorded.AssignIpv6AddressOnCreation ?? projection.leaves.unknown ?? false;
}

/** Whether a subnet has no IPv4: its interfaces have an IPv6 address each, and nothing else (VPC guide, IPv6-only subnets). */
function isIpv6Only(projection: Projection, subnet: PlanRecord | undefined): boolean | typeof untold {
  return (subnet && projection.leaves.flag(projection.value(subnet, 'ipv6Native'))) ?? false;
}

export function answerInterface(projection: Projection, face: Face, index: number): ApiRecord {
  const groups = face.groups === untold ? untold : face.groups.map((GroupId) => ({ GroupId }));
  const observed = (name: string): string | undefined => {
    const address = face.record && projection.view.observed(face.record, name);
    return typeof address === 'string' ? address : undefined;
  };
  const PrivateIpAddress = observed('privateIp') ?? privateAddress(projection, face.subnetId, index);
  const association = (): unknown => {
    const known = observed('publicIp');
    if (known !== undefined) return { PublicIp: known };
    if (face.isPublic === untold) return untold;
    return face.isPublic ? { PublicIp: publicAddress(projection) } : undefined;
  };
  const ipv6Only = isIpv6Only(projection, subnetRecord(projection, face.subnetId));
  const fresh = ipv6Only === true ? [] : [{ PrivateIpAddress, Primary: true, Association: ipv6Only || association() }];
  const own = {
    NetworkInterfaceId: face.id,
    SubnetId: placeOf(face.subnetId),
    VpcId: vpcOf(projection, face.subnetId),
    Groups: groups,
    PrivateIpAddresses: addressesOf(projection, face, { there: projection.base?.get('interfaces', face.id), fresh }),
    Ipv6Addresses: ipv6Of(projection, face),
  };
  if (typeof own.VpcId === 'string' && face.groups !== untold) {
    // Whoever puts a recorded group on an interface means one that may stand there.
    for (const GroupId of face.groups)
      if (projection.base?.get('groups', GroupId) && projection.describers(GroupId).length === 0)
        projection.answer('SecurityGroupVpcAssociations', { GroupId, VpcId: own.VpcId, State: 'associated' });
  }
  projection.answer('NetworkInterfaces', {
    ...own,
    InterfaceType: 'interface',
    ...(face.instanceId !== undefined && {
      Attachment: { InstanceId: face.instanceId, DeviceIndex: face.device, Status: 'attached' },
    }),
  });
  return { ...own, Attachment: { DeviceIndex: face.device, Status: 'attached' } };
}

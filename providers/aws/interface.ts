import type { ResourceRef } from '../../src/model/index.js';
import { AddressSet, parseAddress, parsePrefix } from '../../src/set/index.js';
import type { Placed, Scope } from './inventory.js';
import type { ElasticAddress as Elastic, EmbeddedInterface, NetworkInterface } from './records.js';

/** The set of the texts that are addresses or prefixes; what is neither is left out, and was reported when it was read. */
export function addressSet(texts: Iterable<string | undefined>): AddressSet {
  const prefixes = [];
  for (const text of texts) {
    const prefix = text === undefined ? undefined : parsePrefix(text);
    if (prefix) prefixes.push(prefix);
  }
  return AddressSet.fromPrefixes(prefixes);
}

/** One private address of an interface, with what is mapped to it. */
export interface InterfaceAddress {
  readonly privateIp: string;
  readonly primary: boolean;
  readonly publicIp?: string;
  readonly carrierIp?: string;
  readonly customerOwnedIp?: string;
}

/** A network interface, from its own record or, where that is missing, as its instance shows it. */
export interface Interface {
  readonly id: string;
  readonly ref: ResourceRef;
  readonly scope: Scope;
  readonly instanceId: string | undefined;
  readonly attached: boolean;
  readonly deviceIndex: number;
  readonly subnetId: string | undefined;
  readonly vpcId: string | undefined;
  readonly type: string | undefined;
  readonly description: string | undefined;
  /** Group ids; undefined when the record does not tell. */
  readonly groups: readonly string[] | undefined;
  readonly addresses: readonly InterfaceAddress[];
  readonly ipv6: readonly string[];
  /** The ranges that are delegated to it. The system uses of them what it likes. */
  readonly prefixes: readonly string[];
  /** Whether the gateway refuses IPv6 for it; undefined when only the interface's own record would tell. */
  readonly deniesGateway: boolean | undefined;
  readonly broken: string | undefined;
}

/** The delegated prefix of an interface that holds an address. */
export function prefixWith({ prefixes }: Pick<Interface, 'prefixes'>, text: string): string | undefined {
  const address = parseAddress(text);
  return address && prefixes.find((prefix) => addressSet([prefix]).has(address));
}

function privateAddressesOf(record: Placed<NetworkInterface> | EmbeddedInterface): InterfaceAddress[] {
  return (record.PrivateIpAddresses ?? []).map(({ PrivateIpAddress, Primary, Association }) => ({
    privateIp: PrivateIpAddress,
    primary: Primary ?? false,
    ...(Association?.PublicIp && { publicIp: Association.PublicIp }),
    ...(Association?.CarrierIp && { carrierIp: Association.CarrierIp }),
    ...(Association?.CustomerOwnedIp && { customerOwnedIp: Association.CustomerOwnedIp }),
  }));
}

/** An elastic address may be mapped to an address out of a prefix (EC2 guide, prefix delegation), which is listed nowhere else. */
function mappedInto(prefixes: readonly string[], elastic: readonly Elastic[]): InterfaceAddress[] {
  return elastic.flatMap(({ PublicIp: publicIp, PrivateIpAddress: privateIp }) => {
    const delegated = privateIp !== undefined && prefixWith({ prefixes }, privateIp) !== undefined;
    return publicIp !== undefined && delegated ? [{ privateIp, publicIp, primary: false }] : [];
  });
}

/** `elastic` are the elastic addresses that are associated with the interface. */
export function interfaceOf(
  record: Placed<NetworkInterface> | EmbeddedInterface,
  scope: Scope,
  instanceId: string | undefined,
  elastic: readonly Elastic[] = [],
): Interface {
  const full = record as Placed<NetworkInterface>;
  const listed = privateAddressesOf(record);
  const prefixes = [
    ...(record.Ipv4Prefixes ?? []).map(({ Ipv4Prefix }) => Ipv4Prefix),
    ...(record.Ipv6Prefixes ?? []).map(({ Ipv6Prefix }) => Ipv6Prefix),
  ];
  const unlisted = mappedInto(prefixes, elastic).filter(
    ({ publicIp }) => !listed.some((one) => one.publicIp === publicIp),
  );
  return {
    id: record.NetworkInterfaceId,
    ref: { kind: 'network-interface', id: record.NetworkInterfaceId },
    scope,
    instanceId: instanceId ?? full.Attachment?.InstanceId,
    attached:
      record.Attachment === undefined
        ? instanceId !== undefined
        : (record.Attachment.Status ?? 'attached') === 'attached',
    deviceIndex: record.Attachment?.DeviceIndex ?? 0,
    subnetId: record.SubnetId,
    vpcId: record.VpcId,
    type: full.InterfaceType,
    description: full.Description,
    groups: record.Groups?.map((group) => group.GroupId),
    addresses: [...listed, ...unlisted],
    ipv6: (record.Ipv6Addresses ?? []).map((address) => address.Ipv6Address),
    prefixes,
    deniesGateway: instanceId === undefined ? (full.DenyAllIgwTraffic ?? false) : undefined,
    broken: record.broken,
  };
}

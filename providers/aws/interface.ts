import type { ResourceRef } from '../../src/model/index.js';
import { isUnread } from '../../src/record/index.js';
import { addressSet, parseAddress } from '../../src/set/index.js';
import type { Inventory, Placed, Scope } from './inventory.js';
import type { ElasticAddress as Elastic, EmbeddedInterface, Instance, NetworkInterface } from './records/records.js';
import { type Held, held, interfaceAttachment } from './words.js';

/** One private address of an interface, with what is mapped to it. */
export interface InterfaceAddress {
  readonly privateIp: string;
  readonly primary: boolean;
  readonly publicIp?: string;
  readonly carrierIp?: string;
  readonly customerOwnedIp?: string;
}

/** A network interface, from its own record or, where that is missing or cannot be read, as its instance shows it. */
export interface Interface {
  readonly id: string;
  readonly ref: ResourceRef;
  readonly scope: Scope;
  readonly instanceId: string | undefined;
  readonly attached: Held;
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
  /** Whether its addresses are all that it has: not where some of them could not be read. */
  readonly whole: boolean;
  /** Whether the gateway refuses IPv6 for it; undefined when only the interface's own record would tell. */
  readonly deniesGateway: boolean | undefined;
  readonly broken: string | undefined;
}

/** The delegated prefix of an interface that holds an address. */
export function prefixWith({ prefixes }: Pick<Interface, 'prefixes'>, text: string): string | undefined {
  const address = parseAddress(text);
  return address && prefixes.find((prefix) => addressSet([prefix]).has(address));
}

interface Shown {
  readonly shown: EmbeddedInterface;
  readonly instance: Placed<Instance>;
}

type Views = readonly (Placed<NetworkInterface> | EmbeddedInterface)[];

/** Whether it is on its instance: the first view counts that says so in a word, or that says all it has to say. */
function attachmentOf(inventory: Inventory, id: string, scope: Scope, views: Views, by: Shown | undefined): Held {
  for (const view of views) {
    const { Attachment, broken } = view;
    if (Attachment?.Status !== undefined) {
      return held(interfaceAttachment, Attachment.Status, 'aws/ev-instance', `the attachment of ${id}`, id);
    }
    if (broken === undefined) return Attachment !== undefined || view === by?.shown ? 'yes' : 'no';
  }
  return inventory.dangling('interfaces', scope, `a readable attachment of ${id}`);
}

function addressesOf(views: Views): InterfaceAddress[] {
  const listed = views.find(({ PrivateIpAddresses }) => PrivateIpAddresses !== undefined)?.PrivateIpAddresses ?? [];
  const others = views.flatMap(({ PrivateIpAddresses }) => PrivateIpAddresses ?? []);
  return listed.map(({ PrivateIpAddress, Primary, Association, broken }) => {
    const mapped =
      broken === undefined
        ? Association
        : others.find((one) => one.PrivateIpAddress === PrivateIpAddress && one.broken === undefined)?.Association;
    return {
      privateIp: PrivateIpAddress,
      primary: Primary ?? false,
      ...(mapped?.PublicIp && { publicIp: mapped.PublicIp }),
      ...(mapped?.CarrierIp && { carrierIp: mapped.CarrierIp }),
      ...(mapped?.CustomerOwnedIp && { customerOwnedIp: mapped.CustomerOwnedIp }),
    };
  });
}

function isWhole(view: Views[number]): boolean {
  const { PrivateIpAddresses, Ipv6Addresses, broken } = view;
  const ipv4 = PrivateIpAddresses?.every((one) => one.broken === undefined) ?? false;
  const delegated = !isUnread(view, 'Ipv4Prefixes') && !isUnread(view, 'Ipv6Prefixes');
  return ipv4 && delegated && (Ipv6Addresses !== undefined || broken === undefined);
}

/** Most interfaces have neither prefixes nor IPv6 addresses: for all of them, one list. */
const none: readonly string[] = [];

function prefixesOf(ipv4: NetworkInterface['Ipv4Prefixes'], ipv6: NetworkInterface['Ipv6Prefixes']): readonly string[] {
  if (!ipv4?.length && !ipv6?.length) return none;
  return [...(ipv4 ?? []).map(({ Ipv4Prefix }) => Ipv4Prefix), ...(ipv6 ?? []).map(({ Ipv6Prefix }) => Ipv6Prefix)];
}

/** An elastic address may be mapped to an address out of a prefix (EC2 guide, prefix delegation), which is listed nowhere else. */
function mappedInto(prefixes: readonly string[], elastic: readonly Elastic[]): InterfaceAddress[] {
  return elastic.flatMap(({ PublicIp: publicIp, PrivateIpAddress: privateIp }) => {
    const delegated = privateIp !== undefined && prefixWith({ prefixes }, privateIp) !== undefined;
    return publicIp !== undefined && delegated ? [{ privateIp, publicIp, primary: false }] : [];
  });
}

/** An interface by its own record, by its instance's, or by both, where the first cannot be read in whole; with the elastic addresses that are associated with it. */
export function interfaceOf(
  inventory: Inventory,
  record: Placed<NetworkInterface> | undefined,
  by: Shown | undefined,
  elastic: readonly Elastic[] = [],
): Interface {
  const views: Views = [...(record ? [record] : []), ...(by ? [by.shown] : [])];
  const id = record?.NetworkInterfaceId ?? by?.shown.NetworkInterfaceId ?? '';
  const scope: Scope = record ?? by?.instance ?? {};
  const first = <T>(pick: (view: Views[number]) => T | undefined): T | undefined =>
    views.map(pick).find((value) => value !== undefined);
  const listed = addressesOf(views);
  const prefixes = prefixesOf(
    first((view) => view.Ipv4Prefixes),
    first((view) => view.Ipv6Prefixes),
  );
  const unlisted = mappedInto(prefixes, elastic).filter(
    ({ publicIp }) => !listed.some((one) => one.publicIp === publicIp),
  );
  const ipv6 = first((view) => view.Ipv6Addresses) ?? [];
  return {
    id,
    ref: { kind: 'network-interface', id },
    scope,
    instanceId: record?.Attachment?.InstanceId ?? by?.instance.InstanceId,
    attached: attachmentOf(inventory, id, scope, views, by),
    deviceIndex: first((view) => view.Attachment?.DeviceIndex) ?? 0,
    subnetId: first((view) => view.SubnetId),
    vpcId: first((view) => view.VpcId),
    type: record?.InterfaceType,
    description: record?.Description,
    groups: first((view) => view.Groups),
    addresses: unlisted.length === 0 ? listed : [...listed, ...unlisted],
    ipv6: ipv6.length === 0 ? none : ipv6.map((address) => address.Ipv6Address),
    prefixes,
    whole: views.some(isWhole),
    deniesGateway: record && (record.DenyAllIgwTraffic ?? false),
    broken: record ? record.broken : by?.shown.broken,
  };
}

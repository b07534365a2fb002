import type { CliRecord } from './collection.js';
import { ACCOUNT, REGION, recordIn, recordsIn, zoneId } from './records.js';

/** An interface as a row describes it; `secondary` are private addresses, each with its public one after a space. */
export interface InterfaceSpec {
  readonly id: string;
  readonly subnet: string;
  readonly ip?: string;
  readonly instance?: string;
  readonly device?: number;
  readonly public?: string;
  readonly ipv6?: string;
  readonly secondary?: readonly string[];
  readonly groups?: readonly string[];
  readonly owner?: string;
}

/** An instance with its primary interface. */
export interface InstanceSpec extends InterfaceSpec {
  readonly eni: string;
  readonly platform?: string;
  readonly state?: string;
}

const STATE_CODES: Readonly<Record<string, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export function instanceState(name: string): CliRecord {
  return { Code: STATE_CODES[name] ?? -1, Name: name };
}

export function networkInterface(spec: InterfaceSpec, of: { vpc: string; zone: string }): CliRecord {
  const own = spec.ip === undefined ? [] : [privateAddress(spec.ip, true, spec.public)];
  const more = (spec.secondary ?? []).map((text) => {
    const [ip = '', address] = text.split(' ');
    return privateAddress(ip, false, address);
  });
  return {
    NetworkInterfaceId: spec.id,
    Status: spec.instance === undefined ? 'available' : 'in-use',
    Attachment: spec.instance === undefined ? undefined : attachment(spec.id, spec.instance, spec.device ?? 0),
    SubnetId: spec.subnet,
    VpcId: of.vpc,
    OwnerId: spec.owner ?? ACCOUNT,
    AvailabilityZone: `${REGION}${of.zone}`,
    AvailabilityZoneId: zoneId(of.zone),
    Groups: (spec.groups ?? []).map((id) => ({ GroupId: id, GroupName: id })),
    InterfaceType: 'interface',
    RequesterManaged: false,
    SourceDestCheck: true,
    PrivateIpAddress: spec.ip,
    PrivateIpAddresses: [...own, ...more],
    Association: spec.ip === undefined ? undefined : associationOf(spec.public),
    Ipv6Addresses: spec.ipv6 === undefined ? [] : [{ Ipv6Address: spec.ipv6, IsPrimaryIpv6: false }],
    DenyAllIgwTraffic: false,
    TagSet: [],
  };
}

function associationOf(publicIp: string | undefined): CliRecord | undefined {
  if (publicIp === undefined) return undefined;
  return {
    PublicIp: publicIp,
    PublicDnsName: `ec2-${publicIp.replaceAll('.', '-')}.${REGION}.compute.amazonaws.com`,
    IpOwnerId: ACCOUNT,
    AllocationId: allocationId(publicIp),
    AssociationId: `eipassoc-${lastOctet(publicIp)}`,
  };
}

/** A record of DescribeAddresses; without `to` the address is allocated and free. */
export function elasticAddress(publicIp: string, to?: { eni: string; ip: string; instance?: string }): CliRecord {
  return {
    PublicIp: publicIp,
    AllocationId: allocationId(publicIp),
    Domain: 'vpc',
    PublicIpv4Pool: 'amazon',
    NetworkBorderGroup: REGION,
    AssociationId: to === undefined ? undefined : `eipassoc-${lastOctet(publicIp)}`,
    NetworkInterfaceId: to?.eni,
    NetworkInterfaceOwnerId: to === undefined ? undefined : ACCOUNT,
    PrivateIpAddress: to?.ip,
    InstanceId: to?.instance,
  };
}

/** 198.51.100.10 is allocated as `eipalloc-10`. */
function allocationId(publicIp: string): string {
  return `eipalloc-${lastOctet(publicIp)}`;
}

/** The DescribeAddresses records of an interface's public addresses. */
export function elasticAddressesOf(spec: InterfaceSpec): readonly CliRecord[] {
  const pairs = [`${spec.ip ?? ''} ${spec.public ?? ''}`, ...(spec.secondary ?? [])].map((text) => text.split(' '));
  return pairs.flatMap(([ip = '', address = '']) =>
    address === ''
      ? []
      : [
          elasticAddress(address, {
            eni: spec.id,
            ip,
            ...(spec.instance === undefined ? {} : { instance: spec.instance }),
          }),
        ],
  );
}

/** The interface's fields with every public address taken off. */
export function withoutPublicAddresses(eni: CliRecord): CliRecord {
  const addresses = recordsIn(eni.PrivateIpAddresses);
  return { Association: undefined, PrivateIpAddresses: addresses.map((a) => ({ ...a, Association: undefined })) };
}

export function instanceStatus(id: string, zone: string, state: string): CliRecord {
  const running = state === 'running';
  const check = { Status: running ? 'ok' : 'not-applicable', Details: running ? [passed()] : [] };
  return {
    InstanceId: id,
    AvailabilityZone: `${REGION}${zone}`,
    AvailabilityZoneId: zoneId(zone),
    InstanceState: instanceState(state),
    InstanceStatus: check,
    SystemStatus: check,
    AttachedEbsStatus: check,
    Events: [],
  };
}

export function instance(spec: InstanceSpec, zone: string): CliRecord {
  const windows = spec.platform?.startsWith('Windows') === true;
  return {
    InstanceId: spec.id,
    ImageId: 'ami-1',
    InstanceType: 't3.micro',
    KeyName: 'ops',
    LaunchTime: '2026-01-05T08:00:00+00:00',
    Placement: { AvailabilityZone: `${REGION}${zone}`, AvailabilityZoneId: zoneId(zone), Tenancy: 'default' },
    State: instanceState(spec.state ?? 'running'),
    StateTransitionReason: '',
    PlatformDetails: spec.platform ?? 'Linux/UNIX',
    Platform: windows ? 'windows' : undefined,
    Architecture: 'x86_64',
    Hypervisor: 'xen',
    MetadataOptions: { State: 'applied', HttpTokens: 'required', HttpEndpoint: 'enabled' },
    Operator: { Managed: false },
    SourceDestCheck: true,
    Tags: [],
  };
}

/** The reservation of one instance; the instance repeats what its interfaces say, as DescribeInstances does. */
export function reservation(instance: CliRecord, interfaces: readonly CliRecord[]): CliRecord {
  const own = interfaces.filter((eni) => recordIn(eni.Attachment).InstanceId === instance.InstanceId);
  const primary = own.find((eni) => recordIn(eni.Attachment).DeviceIndex === 0) ?? {};
  const nested = {
    VpcId: primary.VpcId,
    SubnetId: primary.SubnetId,
    PrivateIpAddress: primary.PrivateIpAddress,
    PublicIpAddress: recordIn(primary.Association).PublicIp,
    SecurityGroups: primary.Groups ?? [],
    NetworkInterfaces: own.map(nestedInterface),
  };
  return {
    ReservationId: `r-${instance.InstanceId}`,
    OwnerId: ACCOUNT,
    Groups: [],
    Instances: [{ ...nested, ...instance }],
  };
}

/** `DenyAllIgwTraffic`, `TagSet` and the zone do not stand on the interface inside an instance. */
function nestedInterface(eni: CliRecord): CliRecord {
  const own = ['DenyAllIgwTraffic', 'TagSet', 'AvailabilityZone', 'AvailabilityZoneId', 'RequesterManaged'];
  return Object.fromEntries(Object.entries(eni).filter(([name]) => !own.includes(name)));
}

function privateAddress(ip: string, primary: boolean, publicIp: string | undefined): CliRecord {
  return {
    Primary: primary,
    PrivateIpAddress: ip,
    Association: associationOf(publicIp),
  };
}

function attachment(eni: string, instanceId: string, device: number): CliRecord {
  return {
    AttachmentId: `eni-attach-${eni}`,
    AttachTime: '2026-01-05T08:00:00+00:00',
    DeleteOnTermination: device === 0,
    DeviceIndex: device,
    NetworkCardIndex: 0,
    InstanceId: instanceId,
    InstanceOwnerId: ACCOUNT,
    Status: 'attached',
  };
}

function passed(): CliRecord {
  return { Name: 'reachability', Status: 'passed' };
}

function lastOctet(address: string): string {
  return address.slice(address.lastIndexOf('.') + 1);
}

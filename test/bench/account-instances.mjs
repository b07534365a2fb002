// The instances of the made-up account and their network interfaces, as `aws ec2 describe-*` prints them.

import {
  ACCOUNT,
  below,
  groupId,
  groupName,
  hex,
  id,
  ipv4,
  ipv6Tail,
  PUBLIC_SUBNETS,
  pick,
  REGION,
  randomFrom,
  SHAPE,
  SUBNETS_WITH_IPV6,
  scramble,
  subnetBase,
  subnetId,
  subnetIpv6,
  tag,
  vpcId,
  when,
  ZONE_IDS,
  ZONES,
} from './account-shape.mjs';

/** A role of the instances of a VPC is one of its groups, and runs in three of its subnets. */
function roleIn(s, random) {
  const { groupsPerVpc, subnetsPerVpc } = SHAPE;
  const first = (s + subnetsPerVpc - below(random, 3)) % subnetsPerVpc;
  return first + subnetsPerVpc * below(random, groupsPerVpc / subnetsPerVpc);
}

/** An instance carries the group of its role, that of the whole VPC, and in some roles a third. */
function groupsOfRole(role) {
  return new Set([role, 0, ...(role % 3 === 0 ? [(role * 37 + 11) % SHAPE.groupsPerVpc] : [])]);
}

/** What is true of instance `n`, said once: its reservation and its network interface are printed from it. */
function instanceFacts(seed, n) {
  const random = randomFrom(seed, 1, n);
  const v = n % SHAPE.vpcs;
  const s = Math.floor(n / SHAPE.vpcs) % SHAPE.subnetsPerVpc;
  const address = subnetBase(v, s) + 4 + Math.floor(n / (SHAPE.vpcs * SHAPE.subnetsPerVpc));
  const stopped = random() < 0.06;
  const publicAddress = s < PUBLIC_SUBNETS && !stopped && random() < 0.75 ? ipv4((18 << 24) + 256 + n) : undefined;
  const groups = groupsOfRole(roleIn(s, random));
  return {
    n,
    v,
    s,
    stopped,
    publicAddress,
    random,
    instance: id('i', n),
    interfaceId: id('eni', n),
    attachmentId: id('eni-attach', n),
    privateAddress: ipv4(address),
    privateName: `ip-${ipv4(address).replaceAll('.', '-')}.${REGION}.compute.internal`,
    publicName: publicAddress ? `ec2-${publicAddress.replaceAll('.', '-')}.${REGION}.compute.amazonaws.com` : '',
    ipv6: SUBNETS_WITH_IPV6.includes(s)
      ? [{ Ipv6Address: subnetIpv6(v, s) + ipv6Tail(0x1000 + n), IsPrimaryIpv6: false }]
      : [],
    mac: `02:${hex(scramble(n), 8).match(/../g).join(':')}:${hex(n & 255, 2)}`,
    groups: [...groups].map((g) => ({ GroupId: groupId(v, g), GroupName: groupName(v, g) })),
    launched: when(random),
  };
}

function privateAddresses(facts, association) {
  return [
    {
      ...(association && { Association: association }),
      Primary: true,
      PrivateDnsName: facts.privateName,
      PrivateIpAddress: facts.privateAddress,
    },
  ];
}

function association(facts) {
  return facts.publicAddress && { IpOwnerId: 'amazon', PublicDnsName: facts.publicName, PublicIp: facts.publicAddress };
}

function embeddedInterface(facts) {
  const publicSide = association(facts);
  return {
    ...(publicSide && { Association: publicSide }),
    Attachment: {
      AttachTime: facts.launched,
      AttachmentId: facts.attachmentId,
      DeleteOnTermination: true,
      DeviceIndex: 0,
      Status: 'attached',
      NetworkCardIndex: 0,
    },
    Description: '',
    Groups: facts.groups,
    Ipv6Addresses: facts.ipv6,
    MacAddress: facts.mac,
    NetworkInterfaceId: facts.interfaceId,
    OwnerId: ACCOUNT,
    PrivateDnsName: facts.privateName,
    PrivateIpAddress: facts.privateAddress,
    PrivateIpAddresses: privateAddresses(facts, publicSide),
    SourceDestCheck: true,
    Status: 'in-use',
    SubnetId: subnetId(facts.v, facts.s),
    VpcId: vpcId(facts.v),
    InterfaceType: 'interface',
    Operator: { Managed: false },
  };
}

function blockDevices(facts) {
  const Ebs = {
    AttachTime: facts.launched,
    DeleteOnTermination: true,
    Status: 'attached',
    VolumeId: id('vol', facts.n),
  };
  return [{ DeviceName: '/dev/xvda', Ebs }];
}

function instanceTags({ n, random }) {
  return [
    tag('Name', `${pick(random, ['web', 'api', 'worker', 'db', 'bastion'])}-${n}`),
    tag('Environment', pick(random, ['production', 'staging', 'test'])),
    tag('Team', n % 50 === 0 ? 'Équipe réseau – Zürich' : pick(random, ['payments', 'search', 'identity', 'platform'])),
    tag('Service', pick(random, ['checkout', 'catalogue', 'sessions', 'mail "bulk"'])),
  ];
}

const state = (facts) => (facts.stopped ? { Code: 80, Name: 'stopped' } : { Code: 16, Name: 'running' });

function instanceBody(facts) {
  return {
    Architecture: 'x86_64',
    BlockDeviceMappings: blockDevices(facts),
    ClientToken: `fleet-${hex(scramble(facts.n ^ 0x1234), 8)}-${hex(scramble(facts.n ^ 0x4321), 8)}`,
    EbsOptimized: true,
    EnaSupport: true,
    Hypervisor: 'xen',
    IamInstanceProfile: {
      Arn: `arn:aws:iam::${ACCOUNT}:instance-profile/vpc${facts.v}-instance`,
      Id: `AIPA${hex(scramble(facts.v), 8).toUpperCase()}EXAMPLE`,
    },
    NetworkInterfaces: [embeddedInterface(facts)],
    RootDeviceName: '/dev/xvda',
    RootDeviceType: 'ebs',
    SecurityGroups: facts.groups,
    SourceDestCheck: true,
    ...(facts.stopped && {
      StateReason: {
        Code: 'Client.UserInitiatedShutdown',
        Message: 'Client.UserInitiatedShutdown: User initiated shutdown',
      },
    }),
    Tags: instanceTags(facts),
    VirtualizationType: 'hvm',
    CpuOptions: { CoreCount: 2, ThreadsPerCore: 2 },
    CapacityReservationSpecification: { CapacityReservationPreference: 'open' },
    HibernationOptions: { Configured: false },
    MetadataOptions: {
      State: 'applied',
      HttpTokens: 'required',
      HttpPutResponseHopLimit: 2,
      HttpEndpoint: 'enabled',
      HttpProtocolIpv6: 'disabled',
      InstanceMetadataTags: 'disabled',
    },
    EnclaveOptions: { Enabled: false },
    BootMode: 'uefi-preferred',
    PlatformDetails: 'Linux/UNIX',
    UsageOperation: 'RunInstances',
    UsageOperationUpdateTime: facts.launched,
    PrivateDnsNameOptions: {
      HostnameType: 'ip-name',
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
    MaintenanceOptions: { AutoRecovery: 'default', RebootMigration: 'default' },
    CurrentInstanceBootMode: 'uefi',
    NetworkPerformanceOptions: { BandwidthWeighting: 'default' },
    Operator: { Managed: false },
    InstanceId: facts.instance,
    ImageId: id('ami', facts.n % 12),
    State: state(facts),
    PrivateDnsName: facts.privateName,
    PublicDnsName: facts.publicName,
    StateTransitionReason: facts.stopped ? 'User initiated (2024-06-01 08:00:00 GMT)' : '',
    KeyName: `vpc${facts.v}-operations`,
    AmiLaunchIndex: 0,
    ProductCodes: [],
    InstanceType: pick(facts.random, ['m6i.large', 'c6i.xlarge', 't3.medium', 'r6i.large']),
    LaunchTime: facts.launched,
    Placement: {
      AvailabilityZoneId: ZONE_IDS[facts.s % 3],
      GroupName: '',
      Tenancy: 'default',
      AvailabilityZone: ZONES[facts.s % 3],
    },
    Monitoring: { State: 'disabled' },
    SubnetId: subnetId(facts.v, facts.s),
    VpcId: vpcId(facts.v),
    PrivateIpAddress: facts.privateAddress,
    ...(facts.publicAddress && { PublicIpAddress: facts.publicAddress }),
  };
}

/** One element of `Reservations`: one instance, as an Auto Scaling group launches it. */
export function reservation(seed, n) {
  const body = instanceBody(instanceFacts(seed, n));
  return { ReservationId: id('r', n), OwnerId: ACCOUNT, RequesterId: '940372691376', Groups: [], Instances: [body] };
}

/** One element of `NetworkInterfaces`: the only interface of instance `n`. */
export function networkInterface(seed, n) {
  const facts = instanceFacts(seed, n);
  const publicSide = association(facts);
  return {
    ...(publicSide && { Association: publicSide }),
    Attachment: {
      AttachTime: facts.launched,
      AttachmentId: facts.attachmentId,
      DeleteOnTermination: true,
      DeviceIndex: 0,
      NetworkCardIndex: 0,
      InstanceId: facts.instance,
      InstanceOwnerId: ACCOUNT,
      Status: 'attached',
    },
    AvailabilityZone: ZONES[facts.s % 3],
    Description: '',
    Groups: facts.groups,
    InterfaceType: 'interface',
    Ipv6Addresses: facts.ipv6,
    MacAddress: facts.mac,
    NetworkInterfaceId: facts.interfaceId,
    OwnerId: ACCOUNT,
    PrivateDnsName: facts.privateName,
    PrivateIpAddress: facts.privateAddress,
    PrivateIpAddresses: privateAddresses(facts, publicSide),
    RequesterManaged: false,
    SourceDestCheck: true,
    Status: 'in-use',
    SubnetId: subnetId(facts.v, facts.s),
    TagSet: [],
    VpcId: vpcId(facts.v),
    Operator: { Managed: false },
    AvailabilityZoneId: ZONE_IDS[facts.s % 3],
  };
}

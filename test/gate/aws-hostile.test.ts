import { describe, expect, test } from '@jest/globals';
import {
  f0,
  f0Made,
  f0With,
  Later,
  later,
  type Made,
  made,
  packPlanOf,
  previewPlanOf,
  tcp22,
} from '../support/gate/deployment.js';
import { overTransit, peered, theirs } from '../support/gate/joined-networks.js';
import { findingOn, policyFor, reportOf } from '../support/gate/verdict.js';

/** A value with each of its parts replaced in turn, and itself. */
function* replaced(value: unknown, by: unknown): Generator<unknown> {
  yield by;
  if (value instanceof Later) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      for (const other of replaced(item, by)) yield value.map((one: unknown, at) => (at === index ? other : one));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value))
      for (const other of replaced(item, by)) yield { ...value, [key]: other };
  }
}

/** A deployment with each part of each resource's properties replaced in turn. */
function* damaged(given: readonly Made[], by: unknown): Generator<readonly [what: string, plan: Made[]]> {
  for (const [index, one] of given.entries())
    for (const [property, value] of Object.entries(one.inputs))
      for (const other of replaced(value, by)) {
        const inputs = { ...one.inputs, [property]: other };
        yield [
          `${one.name} ${JSON.stringify({ [property]: other })}`,
          given.map((made, at) => (at === index ? { ...one, inputs } : made)),
        ];
      }
}

const acl = made('NetworkAcl', 'acl', {
  vpcId: later('vpc'),
  subnetIds: [later('sub')],
  ingress: [
    { ruleNo: 90, action: 'deny', protocol: '-1', fromPort: 0, toPort: 0, cidrBlock: '203.0.113.0/24' },
    { ruleNo: 100, action: 'allow', protocol: 'tcp', fromPort: 22, toPort: 22, cidrBlock: '0.0.0.0/0' },
  ],
  egress: [{ ruleNo: 100, action: 'allow', protocol: 'tcp', fromPort: 1024, toPort: 65535, cidrBlock: '0.0.0.0/0' }],
});
const alone = made('SecurityGroupIngressRule', 'in', {
  securityGroupId: later('sg'),
  ipProtocol: 'tcp',
  fromPort: 22,
  toPort: 22,
  cidrIpv4: '0.0.0.0/0',
});
const list = made('ManagedPrefixList', 'pl', { addressFamily: 'IPv4', entries: [{ cidr: '0.0.0.0/0' }] });
const eni = made('NetworkInterface', 'eni', { subnetId: later('sub'), securityGroups: [later('sg')] });
const group = made('Group', 'web', {
  vpcZoneIdentifiers: [later('sub')],
  launchTemplate: { id: later('lt') },
  maxSize: 1,
});
const template = made('LaunchTemplate', 'lt', { vpcSecurityGroupIds: [later('sg')] });
const closed = made('SecurityGroup', 'sg', {
  vpcId: later('vpc'),
  ingress: [{ ...tcp22('0.0.0.0/0'), fromPort: 80, toPort: 80 }],
});

const fleet = made('Fleet', 'web', {
  launchTemplateConfigs: [
    {
      launchTemplateSpecification: { launchTemplateId: later('lt') },
      overrides: [{ subnetId: later('sub') }],
    },
  ],
  targetCapacitySpecification: { totalTargetCapacity: 1 },
});
const spotFleet = made('SpotFleetRequest', 'web', {
  targetCapacity: 1,
  launchSpecifications: [
    { subnetId: later('sub'), vpcSecurityGroupIds: [later('sg')], associatePublicIpAddress: true },
  ],
});
const mixedGroup = made('Group', 'web', {
  vpcZoneIdentifiers: [later('sub')],
  maxSize: 1,
  mixedInstancesPolicy: {
    launchTemplate: {
      launchTemplateSpecification: { launchTemplateId: later('lt') },
      overrides: [{ instanceType: 't3.nano' }],
    },
  },
});
const listed = made('LaunchTemplate', 'lt', {
  networkInterfaces: [{ deviceIndex: 0, securityGroups: [later('sg')], associatePublicIpAddress: 'true' }],
});
const vgw = made('VpnGateway', 'vgw', { vpcId: later('vpc') });
const toSite = made('Route', 'site', {
  routeTableId: later('rt'),
  destinationCidrBlock: '10.1.0.0/16',
  gatewayId: later('vgw'),
});

const everyone: readonly string[] = ['0.0.0.0/0', '::/0'];

const box = made('aws:lightsail/instance:Instance', 'web', {
  blueprintId: 'ubuntu_24_04',
  ipAddressType: 'dualstack',
});
const portsOf = (cidr: string) =>
  made('aws:lightsail/instancePublicPorts:InstancePublicPorts', 'ports', {
    instanceName: later('web'),
    portInfos: [{ protocol: 'tcp', fromPort: 22, toPort: 22, cidrs: [cidr], ipv6Cidrs: ['2001:db8::/48'] }],
  });
const nativeGroup = made('aws-native:ec2:SecurityGroup', 'sg', {
  vpcId: later('vpc'),
  securityGroupIngress: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIp: '0.0.0.0/0' }],
});
const nativeWeb = made('aws-native:ec2:Instance', 'web', {
  networkInterfaces: [
    { deviceIndex: '0', subnetId: later('sub'), groupSet: [later('sg')], associatePublicIpAddress: true },
  ],
});
const inside = made('Instance', 'web', {
  subnetId: later('sub'),
  vpcSecurityGroupIds: [later('sg')],
  associatePublicIpAddress: false,
});
const nativeBalancer = [
  made('aws-native:elasticloadbalancingv2:LoadBalancer', 'nlb', {
    type: 'network',
    scheme: 'internet-facing',
    subnets: [later('sub')],
    loadBalancerAttributes: [{ key: 'load_balancing.cross_zone.enabled', value: 'true' }],
  }),
  made('aws-native:elasticloadbalancingv2:Listener', 'listener', {
    loadBalancerArn: later('nlb'),
    port: 22,
    protocol: 'TCP',
    defaultActions: [{ type: 'forward', forwardConfig: { targetGroups: [{ targetGroupArn: later('tg') }] } }],
  }),
  made('aws-native:elasticloadbalancingv2:TargetGroup', 'tg', {
    vpcId: later('vpc'),
    port: 22,
    protocol: 'TCP',
    targets: [{ id: later('web'), port: 22 }],
  }),
];
const open6 = {
  sg: made('SecurityGroup', 'sg', {
    vpcId: later('vpc'),
    ingress: [{ protocol: 'tcp', fromPort: 22, toPort: 22, ipv6CidrBlocks: ['::/0'] }],
  }),
  rt: made('RouteTable', 'rt', { vpcId: later('vpc'), routes: [{ ipv6CidrBlock: '::/0', gatewayId: later('igw') }] }),
};

/** Deployments, and who is not to get in where that is not the internet. */
const tried: readonly (readonly [string, readonly Made[], string?])[] = [
  ['an open machine', f0],
  ['a closed one', f0With({ sg: closed })],
  ['a machine behind an ACL', [...f0, acl]],
  ['a rule of its own', f0With({ sg: made('SecurityGroup', 'sg', { vpcId: later('vpc') }) }, alone)],
  [
    'a prefix list',
    f0With(
      {
        sg: made('SecurityGroup', 'sg', {
          vpcId: later('vpc'),
          ingress: [{ ...tcp22(), prefixListIds: [later('pl')] }],
        }),
      },
      list,
    ),
  ],
  [
    'an interface of its own',
    f0With(
      { web: made('Instance', 'web', { networkInterfaces: [{ deviceIndex: 0, networkInterfaceId: later('eni') }] }) },
      eni,
      made('Eip', 'eip', { networkInterface: later('eni') }),
    ),
  ],
  [
    'an interface that is attached',
    f0With(
      { web: made('Instance', 'web', { subnetId: later('sub'), vpcSecurityGroupIds: [later('shut')] }) },
      made('SecurityGroup', 'shut', { vpcId: later('vpc') }),
      eni,
      made('Eip', 'eip', { networkInterface: later('eni') }),
      made('NetworkInterfaceAttachment', 'plug', {
        instanceId: later('web'),
        networkInterfaceId: later('eni'),
        deviceIndex: 1,
      }),
    ),
  ],
  [
    'a group that is put on an interface',
    f0With(
      { web: made('Instance', 'web', { subnetId: later('sub'), vpcSecurityGroupIds: [later('shut')] }) },
      made('SecurityGroup', 'shut', { vpcId: later('vpc') }),
      made('NetworkInterfaceSecurityGroupAttachment', 'put', {
        networkInterfaceId: later('web'),
        securityGroupId: later('sg'),
      }),
    ),
  ],
  ['a scaling group', f0With({ web: group }, template)],
  [
    'a machine behind a balancer',
    f0With(
      {
        sub: made('Subnet', 'sub', { vpcId: later('vpc'), cidrBlock: '10.0.1.0/24', availabilityZone: 'eu-west-1a' }),
      },
      made('aws:lb/loadBalancer:LoadBalancer', 'nlb', {
        loadBalancerType: 'network',
        internal: false,
        enableCrossZoneLoadBalancing: false,
        subnets: [later('sub')],
      }),
      made('aws:lb/listener:Listener', 'listener', {
        loadBalancerArn: later('nlb'),
        port: 22,
        protocol: 'TCP',
        defaultActions: [{ type: 'forward', targetGroupArn: later('tg') }],
      }),
      made('aws:lb/targetGroup:TargetGroup', 'tg', {
        vpcId: later('vpc'),
        port: 22,
        protocol: 'TCP',
        preserveClientIp: 'true',
      }),
      made('aws:lb/targetGroupAttachment:TargetGroupAttachment', 'att', {
        targetGroupArn: later('tg'),
        targetId: later('web'),
        port: 22,
      }),
    ),
  ],
  ['a fleet', f0With({ web: fleet }, listed)],
  ['a spot fleet', f0With({ web: spotFleet })],
  ['a scaling group with overrides', f0With({ web: mixedGroup }, template)],
  ['a closed spot fleet', f0With({ web: spotFleet, sg: closed })],
  ['a peered network', peered(), theirs],
  ['a peered network without a way back', peered().filter(({ name }) => name !== 'near'), theirs],
  ['a peering that is pending', peered({ autoAccept: false }), theirs],
  ['a network on a transit gateway', overTransit(), theirs],
  ['a transit gateway without a way there', overTransit().filter(({ name }) => name !== 'rta2'), theirs],
  ['a site behind a gateway', f0With({}, vgw, toSite), theirs],
  ['no site at all', f0, theirs],
  ['an instance of Lightsail', [box]],
  ['an instance of Lightsail with ports', [box, portsOf('203.0.113.0/24')], '203.0.113.0/24'],
  ['an instance of Lightsail with closed ports', [box, portsOf('203.0.113.0/24')], '198.51.100.0/24'],
  ['a machine of Cloud Control', f0With({ web: nativeWeb, sg: nativeGroup })],
  ['a machine behind a balancer of Cloud Control', f0With({ web: inside }, ...nativeBalancer)],
  ['addresses of IPv6', f0With({ ...open6, web: { ...inside, inputs: { ...inside.inputs, ipv6AddressCount: 1 } } })],
  ['a table with no way out', f0With({ rt: made('RouteTable', 'rt', { vpcId: later('vpc'), routes: [] }) })],
];

const deployments = tried.map(([what, given, from]) => [what, given, from === undefined ? everyone : [from]] as const);

/** What other programs may own, and with what its ids begin. */
const owners: Readonly<Record<string, string>> = {
  vpc: 'vpc',
  igw: 'igw',
  sub: 'subnet',
  rt: 'rtb',
  sg: 'sg',
  pl: 'pl',
  lt: 'lt',
  eni: 'eni',
  pcx: 'pcx',
  vpc2: 'vpc',
  sub2: 'subnet',
  rt2: 'rtb',
  tgw: 'tgw',
  there: 'tgw-attach',
  vgw: 'vgw',
};

function referring(value: unknown, name: string, id: string): unknown {
  if (value instanceof Later) return value.on.includes(name) ? id : value;
  if (Array.isArray(value)) return value.map((item) => referring(item, name, id));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, referring(item, name, id)]));
}

/** The deployment with one of its resources owned by another program: what refers to it has an id. */
function* withoutOwners(given: readonly Made[]): Generator<readonly [name: string, plan: Made[]]> {
  for (const { name } of given) {
    const prefix = owners[name];
    if (prefix === undefined) continue;
    const rest = given.filter((one) => one.name !== name);
    yield [
      name,
      rest.map((one) => ({ ...one, inputs: referring(one.inputs, name, `${prefix}-0ext`) as Made['inputs'] })),
    ];
  }
}

/** What is sure of a machine: that somebody gets in, that nobody does, or neither. */
function sureOf(
  given: readonly Made[],
  planOf: typeof packPlanOf,
  forbidden: readonly string[],
): 'in' | 'out' | 'unknown' {
  const policy = policyFor(findingOn(reportOf(planOf(given), { forbidden }), 'web'));
  return policy === 'exposed' ? 'in' : policy === '-' ? 'out' : 'unknown';
}

/** Who comes from a network beside the program's meets the same from both sources: one of them is tried. */
const fromEverywhere = deployments.filter(([, , from]) => from === everyone);

describe.each([
  ['a policy pack', packPlanOf, fromEverywhere],
  ['a preview', previewPlanOf, deployments],
] as const)('from %s', (_, planOf, triedHere) => {
  test.each(triedHere)('%s: what is not known never makes a sure verdict another one', (__, given, from) => {
    const sure = sureOf(given, planOf, from);
    for (const [what, plan] of damaged(given, later())) {
      const now = sureOf(plan, planOf, from);
      expect([what, now === sure || now === 'unknown' ? 'sound' : `${sure} became ${now}`]).toEqual([what, 'sound']);
    }
  });

  test.each(triedHere)('%s: what another program owns never makes a sure verdict another one', (__, given, from) => {
    const sure = sureOf(given, planOf, from);
    for (const [name, plan] of withoutOwners(given)) {
      const now = sureOf(plan, planOf, from);
      expect([name, now === sure || now === 'unknown' ? 'sound' : `${sure} became ${now}`]).toEqual([name, 'sound']);
    }
  });
});

// A pack reads what throws when it is looked at; all that comes after reading is the same for both.
test.each(deployments)('%s: nothing throws whatever stands in a property', (_, given) => {
  for (const junk of [null, 7, 'junk', [], [{}], { id: {} }])
    for (const [what, plan] of damaged(given, junk)) {
      const { failures } = reportOf(packPlanOf(plan));
      expect([what, failures]).toEqual([what, []]);
    }
});

describe('a deployment that is no network', () => {
  test('may have references in a circle', () => {
    const given = [
      made('Vpc', 'vpc', {}),
      made('SecurityGroup', 'a', { vpcId: later('b') }),
      made('SecurityGroup', 'b', { vpcId: later('a') }),
      made('DefaultRouteTable', 'rt', { defaultRouteTableId: later('rt') }),
      made('Instance', 'web', { subnetId: later('web'), vpcSecurityGroupIds: [later('a')] }),
    ];
    const report = reportOf(packPlanOf(given));
    expect(report.failures).toEqual([]);
    expect(policyFor(findingOn(report, 'web'))).toBe('undecided');
  });

  test('may have bags without anything in them, and says so', () => {
    const given = f0.map((one) => ({ ...one, inputs: {}, more: { unseen: true, outputs: {} } }));
    const report = reportOf(packPlanOf(given));
    expect(report.failures).toEqual([]);
    expect(policyFor(findingOn(report, 'web'))).toBe('undecided');
    expect(report.remarks.filter(({ message }) => message.includes('ev-unreadable'))).toHaveLength(f0.length);
  });

  test('may have very many resources', () => {
    const many = (length: number, one: (index: number) => Made) => Array.from({ length }, (_, index) => one(index));
    const given = [
      ...f0,
      ...many(60_000, (index) => made('aws:s3/bucket:Bucket', `b${index}`)),
      ...many(1000, (index) => made('SecurityGroup', `sg${index}`, { vpcId: later('vpc') })),
      ...many(39_000, (index) =>
        made('SecurityGroupRule', `r${index}`, {
          type: 'ingress',
          securityGroupId: later(`sg${index % 1000}`),
          ...tcp22('10.0.0.0/8'),
        }),
      ),
    ];
    expect(policyFor(findingOn(reportOf(previewPlanOf(given)), 'web'))).toBe('exposed');
  }, 60_000);

  test('may come from an SDK that tells nothing of what depends on what', () => {
    const silent = (one: Made): Made => {
      const propertyDependencies = Object.fromEntries(Object.keys(one.inputs).map((property) => [property, []]));
      return { ...one, more: { ...one.more, propertyDependencies } };
    };
    const remarksOn = (given: readonly Made[]) => reportOf(packPlanOf(given)).remarks.map(({ message }) => message);
    const told = 'nothing tells what depends on what, so unknown references cannot be followed';
    expect(remarksOn(f0.map(silent))).toContain(told);
    expect(policyFor(findingOn(reportOf(packPlanOf(f0.map(silent))), 'web'))).toBe('undecided');
    expect(remarksOn(f0)).not.toContain(told);
    expect(remarksOn(f0Made.map(silent))).not.toContain(told);
  });

  test('may have names that act on a terminal', () => {
    const evil = '\u001b[31mweb\u202e';
    const given = f0.map((one) => (one.name === 'web' ? { ...one, name: evil } : one));
    expect(policyFor(findingOn(reportOf(packPlanOf(given)), evil))).toBe('exposed');
  });
});

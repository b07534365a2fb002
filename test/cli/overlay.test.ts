import { describe, expect, test } from '@jest/globals';
import { answersOf, awsPlan } from '../../providers/aws/plan/index.js';
import { Links } from '../../src/plan/links.js';
import { View } from '../../src/plan/view.js';
import { f0 } from '../support/aws/fixture.js';
import { auditFiles } from '../support/gate/audited-files.js';
import { exportOf, exportPlanOf, later, type Made, made, previewOf, tcp22 } from '../support/gate/deployment.js';

interface Report {
  readonly targets: readonly {
    readonly target: { readonly id: string };
    readonly verdict: string;
    readonly reachableFrom: readonly string[];
    readonly unknownFrom: readonly string[];
  }[];
}

/** Who gets in where, by the id of the instance. */
async function audited(...inputs: readonly unknown[]): Promise<Record<string, unknown>> {
  const { out, err } = await auditFiles(...inputs);
  expect(err).toBe('');
  const { targets }: Report = JSON.parse(out);
  return Object.fromEntries(
    targets.map(({ target, verdict, reachableFrom, unknownFrom }) => [
      target.id,
      { verdict, reachableFrom, unknownFrom },
    ]),
  );
}

/** What EC2 answers of resources that are as they say. */
function recordedOf(all: readonly Made[]): readonly unknown[] {
  const plan = exportPlanOf(all);
  const links = new Links(plan, awsPlan.types(plan.records), false);
  return answersOf(new View(links, 'as known'));
}

const there = (type: string, name: string, id: string, inputs: Made['inputs'], outputs: object = {}): Made =>
  made(type, name, inputs, { op: 'same', id, outputs: { id, ...inputs, ...outputs } });

const arnOf = (what: string) => `arn:aws:elasticloadbalancing:eu-west-1:123456789012:${what}`;

const everything = { protocol: '-1', fromPort: 0, toPort: 0 };
const entry = (ruleNumber: number, egress: boolean, more: object = {}) => ({
  networkAclId: 'acl-1',
  ruleNumber,
  egress,
  ruleAction: 'allow',
  cidrBlock: '0.0.0.0/0',
  ...everything,
  ...more,
});

/** Resources of which each makes a difference to who gets in, and of which none is listed within another one. */
const network: readonly Made[] = [
  there(
    'Vpc',
    'vpc',
    'vpc-1',
    { cidrBlock: '10.0.0.0/16' },
    {
      defaultSecurityGroupId: 'sg-default',
      defaultNetworkAclId: 'acl-default',
      mainRouteTableId: 'rtb-main',
      defaultRouteTableId: 'rtb-main',
    },
  ),
  there('InternetGateway', 'igw', 'igw-1', {}),
  there('InternetGatewayAttachment', 'attached', 'att-1', { internetGatewayId: 'igw-1', vpcId: 'vpc-1' }),
  there('Subnet', 'sub', 'subnet-1', { vpcId: 'vpc-1', cidrBlock: '10.0.1.0/24', mapPublicIpOnLaunch: false }),
  there('RouteTable', 'rt', 'rtb-1', { vpcId: 'vpc-1' }),
  there('Route', 'out', 'r-1', { routeTableId: 'rtb-1', destinationCidrBlock: '0.0.0.0/0', gatewayId: 'igw-1' }),
  there('RouteTableAssociation', 'rta', 'rtbassoc-1', { subnetId: 'subnet-1', routeTableId: 'rtb-1' }),
  there('SecurityGroup', 'sg', 'sg-1', { vpcId: 'vpc-1' }),
];
const ruleOfItsOwn = there('SecurityGroupRule', 'rule', 'sgrule-1', {
  type: 'ingress',
  securityGroupId: 'sg-1',
  ...tcp22('0.0.0.0/0'),
});
const webIn = (group: string) =>
  there(
    'Instance',
    'web',
    'i-0aaa',
    { subnetId: 'subnet-1', vpcSecurityGroupIds: [group] },
    { primaryNetworkInterfaceId: 'eni-1', privateIp: '10.0.1.9' },
  );
const web = webIn('sg-1');
const eip = there('Eip', 'eip', 'eipalloc-1', {}, { allocationId: 'eipalloc-1', publicIp: '203.0.113.7' });
const mapped = there('EipAssociation', 'mapped', 'eipassoc-1', { allocationId: 'eipalloc-1', instanceId: 'i-0aaa' });

const worlds: Readonly<Record<string, readonly Made[]>> = {
  'a machine with an elastic address': [...network, ruleOfItsOwn, web, eip, mapped],
  'an address that names its machine': [
    ...network,
    ruleOfItsOwn,
    web,
    there('Eip', 'eip', 'eipalloc-1', { instance: 'i-0aaa' }, { allocationId: 'eipalloc-1', publicIp: '203.0.113.7' }),
  ],
  'a machine behind an ACL': [
    ...network,
    ruleOfItsOwn,
    web,
    eip,
    mapped,
    there('NetworkAcl', 'acl', 'acl-1', { vpcId: 'vpc-1' }),
    there('NetworkAclRule', 'in', 'aclr-1', entry(100, false)),
    there('NetworkAclRule', 'deny', 'aclr-2', entry(90, false, { ruleAction: 'deny', cidrBlock: '198.51.100.0/24' })),
    there('NetworkAclRule', 'back', 'aclr-3', entry(100, true)),
    there('NetworkAclAssociation', 'guarded', 'aclassoc-1', { networkAclId: 'acl-1', subnetId: 'subnet-1' }),
  ],
  'an ACL that lists its subnets': [
    ...network,
    ruleOfItsOwn,
    web,
    eip,
    mapped,
    there('NetworkAcl', 'acl', 'acl-1', { vpcId: 'vpc-1', subnetIds: ['subnet-1'] }),
    there('NetworkAclRule', 'in', 'aclr-1', entry(100, false, { cidrBlock: '198.51.100.0/24' })),
    there('NetworkAclRule', 'back', 'aclr-3', entry(100, true)),
  ],
  'a group on an interface that is put on its machine': [
    ...network,
    ruleOfItsOwn,
    there('SecurityGroup', 'shut', 'sg-2', { vpcId: 'vpc-1' }),
    webIn('sg-2'),
    there(
      'NetworkInterface',
      'second',
      'eni-2',
      { subnetId: 'subnet-1', securityGroups: ['sg-1'] },
      { privateIp: '10.0.1.20' },
    ),
    there('NetworkInterfaceAttachment', 'plugged', 'eniatt-1', {
      instanceId: 'i-0aaa',
      networkInterfaceId: 'eni-2',
      deviceIndex: 1,
    }),
    eip,
    there('EipAssociation', 'mapped', 'eipassoc-1', { allocationId: 'eipalloc-1', networkInterfaceId: 'eni-2' }),
  ],
  'a machine behind a balancer': [
    ...network,
    ruleOfItsOwn,
    web,
    there('aws:lb/loadBalancer:LoadBalancer', 'nlb', arnOf('loadbalancer/net/nlb/1'), {
      loadBalancerType: 'network',
      internal: false,
      subnets: ['subnet-1'],
    }),
    there('aws:lb/targetGroup:TargetGroup', 'tg', arnOf('targetgroup/tg/1'), {
      vpcId: 'vpc-1',
      port: 22,
      protocol: 'TCP',
      preserveClientIp: 'true',
    }),
    there('aws:lb/listener:Listener', 'listener', arnOf('listener/net/nlb/1/1'), {
      loadBalancerArn: arnOf('loadbalancer/net/nlb/1'),
      port: 22,
      protocol: 'TCP',
      defaultActions: [{ type: 'forward', targetGroupArn: arnOf('targetgroup/tg/1') }],
    }),
    there('aws:lb/targetGroupAttachment:TargetGroupAttachment', 'registered', 'tga-1', {
      targetGroupArn: arnOf('targetgroup/tg/1'),
      targetId: 'i-0aaa',
      port: 22,
    }),
  ],
  'a main table of its own': [
    ...network.filter(({ name }) => name !== 'rta'),
    ruleOfItsOwn,
    web,
    eip,
    mapped,
    there(
      'MainRouteTableAssociation',
      'main',
      'rtbassoc-9',
      { vpcId: 'vpc-1', routeTableId: 'rtb-1' },
      { originalRouteTableId: 'rtb-main' },
    ),
  ],
  'a prefix list': [
    ...network,
    web,
    eip,
    mapped,
    there('SecurityGroupRule', 'rule', 'sgrule-1', {
      type: 'ingress',
      securityGroupId: 'sg-1',
      ...tcp22(),
      prefixListIds: ['pl-1'],
    }),
    there('ManagedPrefixList', 'pl', 'pl-1', { addressFamily: 'IPv4' }),
    there('ManagedPrefixListEntry', 'entry', 'ple-1', { prefixListId: 'pl-1', cidr: '198.51.100.0/24' }),
  ],
  'an interface of its own': [
    ...network,
    ruleOfItsOwn,
    there(
      'NetworkInterface',
      'eni',
      'eni-1',
      { subnetId: 'subnet-1', securityGroups: ['sg-1'] },
      { privateIp: '10.0.1.9' },
    ),
    there('Instance', 'web', 'i-0aaa', { networkInterfaces: [{ deviceIndex: 0, networkInterfaceId: 'eni-1' }] }),
    eip,
    there('EipAssociation', 'mapped', 'eipassoc-1', { allocationId: 'eipalloc-1', networkInterfaceId: 'eni-1' }),
  ],
  'a group that is put on an interface': [
    ...network,
    ruleOfItsOwn,
    there('SecurityGroup', 'shut', 'sg-2', { vpcId: 'vpc-1' }),
    webIn('sg-2'),
    there('NetworkInterfaceSecurityGroupAttachment', 'put', 'sga-1', {
      networkInterfaceId: 'eni-1',
      securityGroupId: 'sg-1',
    }),
    eip,
    mapped,
  ],
};

/** Resources upon which no other one of a world depends: they can go alone. */
function leaves(world: readonly Made[]): readonly Made[] {
  return world.filter(
    (one) => !world.some((other) => other !== one && JSON.stringify(other.inputs).includes(`"${one.more.id}"`)),
  );
}

const doing = (one: Made, op: string): Made => ({ ...one, more: { ...one.more, op } });
const without = (world: readonly Made[], one: Made) => world.filter((other) => other !== one);

const cases = Object.entries(worlds).flatMap(([name, world]) =>
  leaves(world).map((one) => [name, one.name, world, one] as const),
);

describe.each(cases)('of %s, %s', (_, __, world, one) => {
  test('goes, and nothing else', async () => {
    const wanted = await audited(exportOf(without(world, one)));
    const alone = await audited(...recordedOf(world), previewOf([doing(one, 'delete')]));
    // A machine that loses its elastic address may get another one, as it was started: of one that is not the program's nobody knows.
    if (one.type.includes(':Eip')) expect(alone).toMatchObject({ 'i-0aaa': { verdict: 'unknown' } });
    else expect(alone).toEqual(wanted);
    const amongAll = [...without(world, one), doing(one, 'delete')];
    expect(await audited(...recordedOf(world), previewOf(amongAll))).toEqual(wanted);
  });

  test('is made on top of what is there', async () => {
    const wanted = await audited(exportOf(world));
    const created = doing(one, 'update');
    expect(await audited(...recordedOf(without(world, one)), previewOf([created]))).toEqual(wanted);
    const amongAll = [...without(world, one), created];
    expect(await audited(...recordedOf(without(world, one)), previewOf(amongAll))).toEqual(wanted);
  });

  test('stays as it is', async () => {
    const wanted = await audited(exportOf(world));
    expect(await audited(...recordedOf(world), previewOf([one]))).toEqual(wanted);
    expect(await audited(...recordedOf(world), previewOf([...world]))).toEqual(wanted);
  });
});

/** What becomes of a resource of the first worlds: the same resource with other inputs, and whether that makes another thing of it. */
const changes: readonly (readonly [
  world: string,
  name: string,
  inputs: object,
  becomes: 'the same thing' | 'another',
])[] = [
  ['a machine with an elastic address', 'rule', tcp22('198.51.100.0/24'), 'another'],
  ['a machine with an elastic address', 'rule', { ...tcp22('0.0.0.0/0'), fromPort: 80, toPort: 80 }, 'the same thing'],
  ['a machine with an elastic address', 'out', { destinationCidrBlock: '198.51.100.0/24' }, 'another'],
  ['a machine with an elastic address', 'out', { gatewayId: 'igw-9' }, 'the same thing'],
  ['a machine with an elastic address', 'rta', { routeTableId: 'rtb-main' }, 'another'],
  ['an address that names its machine', 'eip', { instance: 'i-0bbb' }, 'the same thing'],
  ['a machine behind an ACL', 'deny', { ruleNumber: 110 }, 'another'],
  ['a machine behind an ACL', 'in', { cidrBlock: '203.0.113.0/24' }, 'another'],
  ['a machine behind an ACL', 'guarded', { networkAclId: 'acl-default' }, 'another'],
  ['an ACL that lists its subnets', 'acl', { subnetIds: [] }, 'the same thing'],
  ['a prefix list', 'entry', { cidr: '203.0.113.0/24' }, 'another'],
];

describe.each(changes)('of %s, %s that becomes %j, %s,', (name, part, inputs, becomes) => {
  const world = worlds[name] ?? [];
  const [one] = world.filter((other) => other.name === part);
  if (!one) throw new Error(`no ${part}`);
  const id = `${one.more.id}${becomes === 'another' ? '-new' : ''}`;
  const changed: Made = { ...one, inputs: { ...one.inputs, ...inputs } };
  const after: Made = { ...changed, more: { op: 'same', id, outputs: { ...one.more.outputs, ...changed.inputs, id } } };
  const others = without(world, one);
  const steps: readonly Made[] =
    becomes === 'another'
      ? [{ ...changed, more: { op: 'create-replacement', before: one.inputs } }, doing(one, 'delete-replaced')]
      : [{ ...changed, more: { ...one.more, op: 'update', before: one.inputs } }];

  test('is judged as what it becomes', async () => {
    const wanted = await audited(exportOf([...others, after]));
    expect(wanted).not.toEqual(await audited(exportOf(world)));
    const isHidden = one.type.includes(':Eip');
    if (!isHidden) expect(await audited(...recordedOf(world), previewOf(steps))).toEqual(wanted);
    expect(await audited(...recordedOf(world), previewOf([...others, ...steps]))).toEqual(wanted);
  });
});

describe.each(Object.entries(worlds))('of %s', (_, world) => {
  test('each resource makes a difference', async () => {
    const whole = await audited(exportOf(world));
    for (const one of leaves(world))
      expect([one.name, await audited(exportOf(without(world, one)))]).not.toEqual([one.name, whole]);
  });
});

test.each(['NetworkInterfaces', 'InternetGateways', 'RouteTables', 'LoadBalancers', 'VpcPeeringConnections'])(
  'what was not asked of an account is not known of its machines beside a plan either: %s',
  async (list) => {
    const account = f0();
    account.sg('sg-2').inbound('tcp 22 0.0.0.0/0');
    const recorded = account.documents('cli').map(({ value }) => value as object);
    const rest = recorded.filter((answer) => !Object.hasOwn(answer, list));
    expect(rest.length).toBe(recorded.length - 1);
    const beside = previewOf([made('Vpc', 'own', { cidrBlock: '10.9.0.0/16' })]);
    expect(await audited(...rest, beside)).toEqual(await audited(...rest));
  },
);

describe('a recorded machine that the run changes', () => {
  const account = () => {
    const own = f0();
    own.sg('sg-1').inbound('tcp 22 ::/0');
    own.sg('sg-shut');
    return own.documents('cli').map(({ value }) => value);
  };
  const changed = (group: string, tags: object = {}) =>
    made(
      'Instance',
      'web',
      { subnetId: 'subnet-a', vpcSecurityGroupIds: [group], ...tags },
      { op: 'update', id: 'i-1', before: { subnetId: 'subnet-a', vpcSecurityGroupIds: ['sg-1'] } },
    );

  test('keeps its interface and all its addresses', async () => {
    const before = await audited(...account());
    expect(JSON.stringify(before['i-1'])).toContain('2000::/3');
    expect(await audited(...account(), previewOf([changed('sg-1', { tags: { a: 'b' } })]))).toEqual(before);
  });

  test('keeps a group that somebody put on it by hand, unless the run changes its groups', async () => {
    const own = f0();
    own.sg('sg-hand').inbound('tcp 22 198.51.100.0/24');
    own.edit('NetworkInterfaces', 'eni-1', { Groups: [{ GroupId: 'sg-1' }, { GroupId: 'sg-hand' }] });
    const recorded = own.documents('cli').map(({ value }) => value);
    const before = await audited(...recorded);
    expect(JSON.stringify(before['i-1'])).toContain('198.51.100.0/24');
    expect(await audited(...recorded, previewOf([changed('sg-1', { tags: { a: 'b' } })]))).toEqual(before);
    expect(await audited(...recorded, previewOf([changed('sg-shut')]))).not.toEqual(before);
  });

  test('may get an interface of nobody knows which', async () => {
    const plug = (networkInterfaceId: unknown) =>
      made('NetworkInterfaceAttachment', 'plug', { instanceId: 'i-2', networkInterfaceId, deviceIndex: 1 });
    expect(await audited(...account())).toMatchObject({ 'i-2': { verdict: 'unreachable' } });
    for (const eni of [later(), 'eni-elsewhere'])
      expect(await audited(...account(), previewOf([plug(eni)]))).toMatchObject({ 'i-2': { verdict: 'unknown' } });
  });

  test('has the groups that it gets, and none of those that it had', async () => {
    expect(await audited(...account(), previewOf([changed('sg-shut')]))).toMatchObject({
      'i-1': { verdict: 'unreachable', reachableFrom: [], unknownFrom: [] },
    });
  });
});

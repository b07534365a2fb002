import { describe, expect, test } from '@jest/globals';
import { f0With, later, type Made, made, packPlanOf, previewPlanOf, tcp22 } from '../support/gate/deployment.js';
import { blockersOf, findingOn, policyFor, reportOf, type Setup } from '../support/gate/verdict.js';

const world = tcp22('0.0.0.0/0');
const sg = (inputs: Readonly<Record<string, unknown>>, more: Parameters<typeof made>[3] = {}) =>
  made('SecurityGroup', 'sg', { vpcId: later('vpc'), ...inputs }, more);
const rulesOf = (...ingress: readonly unknown[]) => ({ sg: sg({ ingress }) });
const web = (inputs: Readonly<Record<string, unknown>>) =>
  made('Instance', 'web', { subnetId: later('sub'), vpcSecurityGroupIds: [later('sg')], ...inputs });
const sub = (inputs: Readonly<Record<string, unknown>>) =>
  made('Subnet', 'sub', { vpcId: later('vpc'), cidrBlock: '10.0.1.0/24', mapPublicIpOnLaunch: true, ...inputs });
const rt = (inputs: Readonly<Record<string, unknown>>) => made('RouteTable', 'rt', { vpcId: later('vpc'), ...inputs });
const route = made('Route', 'route', {
  routeTableId: later('rt'),
  destinationCidrBlock: '0.0.0.0/0',
  gatewayId: later('igw'),
});
const open = (fields: Readonly<Record<string, unknown>>) => ({ ...world, ...fields });
const entry = (fields: Readonly<Record<string, unknown>>) => ({
  ruleNo: 100,
  action: 'allow',
  protocol: 'tcp',
  cidrBlock: '0.0.0.0/0',
  ...fields,
});
const acl = (inputs: Readonly<Record<string, unknown>>) =>
  made('NetworkAcl', 'acl', { vpcId: later('vpc'), subnetIds: [later('sub')], ...inputs });
const rule22 = (securityGroupId: unknown, inputs: Readonly<Record<string, unknown>> = {}) =>
  made('SecurityGroupIngressRule', 'in', {
    securityGroupId,
    cidrIpv4: '0.0.0.0/0',
    ipProtocol: 'tcp',
    fromPort: 22,
    toPort: 22,
    ...inputs,
  });
const closed = { associatePublicIpAddress: false };
const eni = made('NetworkInterface', 'eni', { subnetId: later('sub'), securityGroups: [later('sg')] });
const onEni = made('Instance', 'web', { networkInterfaces: [{ deviceIndex: 0, networkInterfaceId: later('eni') }] });

interface Row {
  readonly row: string;
  readonly given: readonly Made[];
  readonly policy: 'exposed' | 'likely' | 'undecided' | '-';
  readonly setup?: Setup;
  readonly missing?: readonly string[];
  readonly from?: readonly string[];
  /** Codes of what keeps a client of the internet out, among others. */
  readonly blocked?: readonly string[];
  /** The machine, where it is not `web`. */
  readonly on?: string;
}

const unknownValues: readonly Row[] = [
  { row: 'pulumi#38 aws#197', given: f0With(rulesOf(tcp22(later()))), policy: 'undecided', missing: ['ev-unresolved'] },
  { row: 'pulumi#39', given: f0With(rulesOf(tcp22(later()), world)), policy: 'exposed' },
  {
    row: 'pulumi#40',
    given: f0With(rulesOf(open({ fromPort: later(), toPort: later() }))),
    policy: 'undecided',
    missing: ['ev-unresolved', 'ev-unresolved'],
  },
  {
    row: 'pulumi#41',
    given: f0With(rulesOf(open({ fromPort: 0, toPort: later() }))),
    policy: 'undecided',
    missing: ['ev-unresolved'],
  },
  { row: 'pulumi#41', given: f0With(rulesOf(open({ fromPort: 23, toPort: later() }))), policy: '-' },
  {
    row: 'pulumi#42',
    given: f0With(rulesOf(open({ protocol: later() }))),
    policy: 'undecided',
    missing: ['ev-unresolved'],
  },
  {
    row: 'pulumi#43',
    given: f0With({ sg: sg({ ingress: later('other') }) }),
    policy: 'undecided',
    missing: ['ev-unresolved'],
  },
  { row: 'pulumi#44', given: f0With({ sg: sg({ ingress: [] }) }), policy: '-', blocked: ['sg-no-inbound'] },
  { row: 'pulumi#45', given: f0With({ sg: sg({}) }), policy: '-', blocked: ['sg-no-inbound'] },
  {
    row: 'pulumi#48',
    given: f0With({ sub: sub({ mapPublicIpOnLaunch: later() }) }),
    policy: 'undecided',
    missing: ['ev-unresolved'],
  },
  { row: 'pulumi#49', given: f0With({ web: web(closed) }), policy: '-', blocked: ['addr-no-public-ipv4'] },
  {
    row: 'pulumi#50',
    given: f0With({ web: web(closed) }, made('Eip', 'eip', { instance: later('web') })),
    policy: 'exposed',
  },
  {
    row: 'pulumi#51',
    given: f0With(
      { web: web(closed) },
      made('Eip', 'eip'),
      made('EipAssociation', 'eipa', { allocationId: later('eip'), instanceId: later('web') }),
    ),
    policy: 'exposed',
  },
  { row: 'pulumi#53', given: f0With(rulesOf({ ...world, __defaults: ['0.0.0.0/0'] })), policy: 'exposed' },
];

const objects: readonly Row[] = [
  { row: 'pulumi#55', given: f0With({ rt: rt({ routes: [] }) }), policy: '-', blocked: ['rt-missing'] },
  { row: 'pulumi#56', given: f0With({ rt: rt({}) }, route), policy: 'exposed' },
  {
    row: 'pulumi#58',
    given: f0With({
      rta: made('MainRouteTableAssociation', 'rta', { vpcId: later('vpc'), routeTableId: later('rt') }),
    }),
    policy: 'exposed',
  },
  { row: 'pulumi#59', given: f0With({ rta: undefined }), policy: '-', blocked: ['rt-missing'] },
  {
    row: 'pulumi#61',
    given: f0With(
      { igw: made('InternetGateway', 'igw') },
      made('InternetGatewayAttachment', 'att', { internetGatewayId: later('igw'), vpcId: later('vpc') }),
    ),
    policy: 'exposed',
  },
  { row: 'pulumi#61', given: f0With({ igw: made('InternetGateway', 'igw') }), policy: '-', blocked: ['igw-detached'] },
  {
    row: 'pulumi#62',
    given: f0With(
      { rt: rt({ routes: [{ cidrBlock: '0.0.0.0/0', gatewayId: later('nat') }] }) },
      made('NatGateway', 'nat', { subnetId: later('sub') }),
    ),
    policy: '-',
  },
  { row: 'pulumi#63 aws#72', given: f0With({}, acl({})), policy: '-', blocked: ['nacl-in-deny'] },
  {
    row: 'pulumi#64',
    given: f0With(
      {},
      acl({ ingress: [entry({ fromPort: 22, toPort: 22 })], egress: [entry({ fromPort: 1024, toPort: 65535 })] }),
    ),
    policy: 'exposed',
  },
  {
    row: 'pulumi#65',
    given: f0With({}, acl({ ingress: [entry({ fromPort: 22, toPort: 22 })] })),
    policy: '-',
    blocked: ['nacl-out-deny'],
  },
  {
    row: 'pulumi#66 aws#73',
    given: f0With({}, made('DefaultNetworkAcl', 'acl', { defaultNetworkAclId: later('vpc') })),
    policy: '-',
    blocked: ['nacl-in-deny'],
  },
  { row: 'pulumi#67', given: f0With(rulesOf(open({ protocol: '-1', fromPort: 0, toPort: 0 }))), policy: 'exposed' },
  {
    row: 'pulumi#68',
    given: f0With(rulesOf(open({ fromPort: 0, toPort: 0 }))),
    policy: '-',
    blocked: ['sg-no-inbound'],
  },
  {
    row: 'pulumi#69',
    given: f0With(rulesOf(tcp22('0.0.0.0/1', '128.0.0.0/1'))),
    policy: 'exposed',
    from: ['0.0.0.0/0'],
  },
  { row: 'pulumi#70', given: f0With(rulesOf(tcp22('203.0.113.0/24'))), policy: 'exposed', from: ['203.0.113.0/24'] },
  {
    row: 'pulumi#70',
    given: f0With(rulesOf(tcp22('203.0.113.0/24'))),
    setup: { allowed: ['203.0.113.0/24'] },
    policy: '-',
  },
  { row: 'pulumi#71', given: f0With({ web: onEni }, eni), policy: '-', blocked: ['addr-no-public-ipv4'] },
  {
    row: 'pulumi#71',
    given: f0With({ web: onEni }, eni, made('Eip', 'eip', { networkInterface: later('eni') })),
    policy: 'exposed',
  },
  {
    row: 'pulumi#72',
    given: f0With(
      { web: web({ vpcSecurityGroupIds: [later('none')] }) },
      made('SecurityGroup', 'none', { vpcId: later('vpc') }),
      made('NetworkInterfaceSecurityGroupAttachment', 'att', {
        networkInterfaceId: later('web'),
        securityGroupId: later('sg'),
      }),
    ),
    policy: 'exposed',
  },
  {
    row: 'pulumi#73',
    on: 'group',
    given: f0With(
      { web: made('LaunchTemplate', 'lt', { vpcSecurityGroupIds: [later('sg')] }) },
      made('Group', 'group', { vpcZoneIdentifiers: [later('sub')], launchTemplate: { id: later('lt') }, maxSize: 2 }),
    ),
    policy: 'exposed',
  },
  {
    row: 'pulumi#75',
    on: 'group',
    given: f0With(
      { web: made('LaunchTemplate', 'lt', { vpcSecurityGroupIds: [later('sg')] }) },
      made('Group', 'group', { vpcZoneIdentifiers: [later('sub')], launchTemplate: { id: later('lt') }, maxSize: 0 }),
    ),
    policy: '-',
  },
  {
    row: 'pulumi#76',
    given: f0With(
      { sg: sg({ ingress: [open({ cidrBlocks: undefined, prefixListIds: [later('pl')] })] }) },
      made('ManagedPrefixList', 'pl', { addressFamily: 'IPv4', entries: [{ cidr: '0.0.0.0/0' }] }),
    ),
    policy: 'exposed',
  },
  {
    row: 'pulumi#76',
    given: f0With(
      { sg: sg({ ingress: [open({ cidrBlocks: undefined, prefixListIds: [later('pl')] })] }) },
      made('ManagedPrefixList', 'pl', { addressFamily: 'IPv4', entries: later() }),
    ),
    policy: 'undecided',
    missing: ['ev-unresolved'],
  },
  {
    row: 'pulumi#77',
    given: f0With({}, made('VpcBlockPublicAccessOptions', 'bpa', { internetGatewayBlockMode: 'block-bidirectional' })),
    policy: '-',
    blocked: ['bpa-block'],
  },
  {
    row: 'pulumi#78',
    given: [
      made('SecurityGroup', 'sg', { ingress: [world] }),
      made('Instance', 'web', { vpcSecurityGroupIds: [later('sg')] }),
    ],
    policy: 'likely',
    missing: ['ev-default-network'],
  },
  {
    row: 'pulumi#78',
    given: [
      made('SecurityGroup', 'sg', { ingress: [world] }),
      made('Instance', 'web', { vpcSecurityGroupIds: [later('sg')] }),
    ],
    setup: { defaultNetwork: 'public' },
    policy: 'exposed',
  },
  {
    row: 'pulumi#79',
    given: f0With({
      sg: made('aws-native:ec2:SecurityGroup', 'sg', {
        vpcId: later('vpc'),
        securityGroupIngress: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIp: '0.0.0.0/0' }],
      }),
      web: made('aws-native:ec2:Instance', 'web', { securityGroupIds: [later('sg')], subnetId: later('sub') }),
    }),
    policy: 'exposed',
  },
  {
    row: 'aws#126',
    given: f0With(
      { rt: undefined, rta: undefined },
      made('DefaultRouteTable', 'main', { defaultRouteTableId: later('vpc'), routes: [] }),
    ),
    policy: '-',
    blocked: ['rt-missing'],
  },
  { row: 'aws#198', given: f0With({ sg: sg({}) }, rule22(later('sg'))), policy: 'exposed' },
];

/** A group that stays as it is, with a rule for the world that was there at the last look and that the program does not declare. */
const drifted = (inputs: Readonly<Record<string, unknown>>) =>
  made(
    'SecurityGroup',
    'sg',
    { vpcId: later('vpc'), ...inputs },
    { op: 'same', id: 'sg-1', outputs: { id: 'sg-1', ingress: [world] } },
  );
const goes = made(
  'SecurityGroupRule',
  'gone',
  { type: 'ingress', ...world, securityGroupId: 'sg-1' },
  { op: 'delete', id: 'sgrule-1' },
);

describe('a rule that was there at the last look', () => {
  const on = (given: readonly Made[], planOf: typeof packPlanOf) => {
    const finding = findingOn(reportOf(planOf(given)), 'web');
    return [policyFor(finding), finding.missing.map(({ code }) => code)];
  };

  test('pulumi#80 may stay or go, where nobody tells what goes', () => {
    expect(on(f0With({ sg: drifted({}) }), packPlanOf)).toEqual(['undecided', ['ev-observed']]);
  });

  test('pulumi#80a is gone with the resource that made it', () => {
    expect(on(f0With({ sg: drifted({}) }, goes), previewPlanOf)).toEqual(['-', []]);
  });

  test('pulumi#80b stays where nothing takes it along', () => {
    expect(on(f0With({ sg: drifted({}) }), previewPlanOf)).toEqual(['exposed', []]);
  });

  const routed = (inputs: object) =>
    f0With({
      igw: made(
        'InternetGateway',
        'igw',
        { vpcId: later('vpc') },
        { op: 'same', id: 'igw-1', outputs: { id: 'igw-1' } },
      ),
      rt: made(
        'RouteTable',
        'rt',
        { vpcId: later('vpc'), ...inputs },
        {
          op: 'same',
          id: 'rtb-1',
          outputs: {
            id: 'rtb-1',
            routes: [{ cidrBlock: '0.0.0.0/0', gatewayId: 'igw-1', ipv6CidrBlock: '', natGatewayId: '' }],
          },
        },
      ),
    });
  const way = (to: object) => made('Route', 'way', { routeTableId: 'rtb-1', ...to }, { op: 'delete', id: 'r-1' });

  test('of a route is the same', () => {
    expect(on(routed({}), packPlanOf)).toEqual(['undecided', ['ev-observed']]);
    expect(on(routed({}), previewPlanOf)).toEqual(['exposed', []]);
    expect(on([...routed({}), way({ destinationCidrBlock: '0.0.0.0/0' })], previewPlanOf)).toEqual(['-', []]);
    expect(on([...routed({}), way({ destinationIpv6CidrBlock: '::/0' })], previewPlanOf)).toEqual(['exposed', []]);
    expect(on(routed({ routes: [] }), packPlanOf)).toEqual(['-', []]);
  });

  const listed = (egress: object) => {
    const all = [entry({ protocol: '-1', fromPort: 0, toPort: 0 })];
    const acl = made(
      'NetworkAcl',
      'acl',
      { vpcId: later('vpc'), subnetIds: [later('sub')], ...egress },
      { op: 'same', id: 'acl-1', outputs: { id: 'acl-1', ingress: all, egress: all } },
    );
    return f0With({}, acl);
  };

  test('of an entry of an ACL is the same', () => {
    const gone = made(
      'NetworkAclRule',
      'gone',
      { networkAclId: 'acl-1', ruleNumber: 100, egress: false },
      { op: 'delete', id: 'r-1' },
    );
    expect(on(listed({}), packPlanOf)).toEqual(['undecided', ['ev-observed']]);
    expect(on(listed({}), previewPlanOf)).toEqual(['exposed', []]);
    expect(on([...listed({}), gone], previewPlanOf)).toEqual(['-', []]);
    expect(on(listed({ egress: [] }), previewPlanOf)).toEqual(['-', []]);
  });

  test('goes where the program lists its rules', () => {
    for (const planOf of [packPlanOf, previewPlanOf])
      expect(on(f0With({ sg: drifted({ ingress: [] }) }), planOf)).toEqual(['-', []]);
  });

  test('is told once where it is declared by a resource of its own', () => {
    const given = f0With(
      { sg: drifted({}) },
      made('SecurityGroupRule', 'in', { type: 'ingress', ...world, securityGroupId: 'sg-1' }),
    );
    for (const planOf of [packPlanOf, previewPlanOf]) expect(on(given, planOf)).toEqual(['exposed', []]);
  });
});

describe.each([
  ['a policy pack', packPlanOf],
  ['a preview', previewPlanOf],
] as const)('AWS, from %s', (_, planOf) => {
  test.each([...unknownValues, ...objects])(
    '$row: $policy',
    ({ given, policy, setup, missing = [], from, blocked, on = 'web' }) => {
      const finding = findingOn(reportOf(planOf(given), setup), on);
      expect([policyFor(finding), finding.missing.map(({ code }) => code)]).toEqual([policy, missing]);
      if (from) expect(finding.from).toEqual(from);
      if (blocked) expect(blockersOf(planOf(given), on)).toEqual(expect.arrayContaining([...blocked]));
    },
  );
});

describe('the account default VPC that the program takes over', () => {
  const given = [
    made('DefaultVpc', 'vpc'),
    made('DefaultSubnet', 'sub', { vpcId: later('vpc') }),
    made('SecurityGroup', 'sg', { vpcId: later('vpc'), ingress: [world] }),
    made('Instance', 'web', { vpcSecurityGroupIds: [later('sg')] }),
  ];

  test('has routes that nobody shows', () => {
    expect(policyFor(findingOn(reportOf(packPlanOf(given)), 'web'))).toBe('likely');
    expect(policyFor(findingOn(reportOf(packPlanOf(given), { defaultNetwork: 'unknown' }), 'web'))).toBe('undecided');
  });

  test('may be taken as AWS makes it', () => {
    expect(policyFor(findingOn(reportOf(packPlanOf(given), { defaultNetwork: 'public' }), 'web'))).toBe('exposed');
  });

  test('has the routes that the program lists', () => {
    const table = made('DefaultRouteTable', 'rt', { defaultRouteTableId: later('vpc'), routes: [] });
    expect(policyFor(findingOn(reportOf(packPlanOf([...given, table])), 'web'))).toBe('-');
  });
});

describe('a VPC that the program only uses', () => {
  const sub = made('Subnet', 'sub', { vpcId: 'vpc-9', cidrBlock: '10.0.1.0/24', mapPublicIpOnLaunch: true });
  const sg = made('SecurityGroup', 'sg', { vpcId: 'vpc-9', ingress: [world] });
  const web = made('Instance', 'web', { subnetId: later('sub'), vpcSecurityGroupIds: [later('sg')] });
  const table = (routes: readonly object[]) => [
    made('RouteTable', 'rt', { vpcId: 'vpc-9', routes }),
    made('RouteTableAssociation', 'rta', { subnetId: later('sub'), routeTableId: later('rt') }),
  ];
  const out = [{ cidrBlock: '0.0.0.0/0', gatewayId: 'igw-9' }];
  const on = (...given: readonly Made[]) => policyFor(findingOn(reportOf(packPlanOf(given)), 'web'));

  test('may have a gateway that nobody shows', () => {
    expect(on(sub, sg, web)).toBe('likely');
    expect(on(sub, sg, web, ...table(out))).toBe('likely');
  });

  test('has no way in by a table of the program that leads nowhere', () => {
    expect(on(sub, sg, web, ...table([]))).toBe('-');
  });

  test('has no way in where no group lets anybody in', () => {
    expect(on(sub, made('SecurityGroup', 'sg', { vpcId: 'vpc-9' }), web, ...table(out))).toBe('-');
  });
});

test('aws#198 a group that lets nothing out is told of, beside who gets in', () => {
  const notes = (given: readonly Made[]) => findingOn(reportOf(packPlanOf(given)), 'web').notes;
  expect(notes(f0With({ sg: sg({}) }, rule22(later('sg'))))).toEqual([
    '"sg" lets nothing out: Session Manager and package updates will not work',
  ]);
  const egress = [{ protocol: '-1', fromPort: 0, toPort: 0, cidrBlocks: ['0.0.0.0/0'] }];
  expect(notes(f0With({ sg: sg({ egress, ingress: [world] }) }))).toEqual([]);
});

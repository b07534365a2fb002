import { describe, expect, test } from '@jest/globals';
import { f0, f0With, later, type Made, made, packPlanOf, previewPlanOf, tcp22 } from '../support/gate/deployment.js';
import { findingOn, policyFor, reportOf, type Setup } from '../support/gate/verdict.js';

const sg = (...ingress: readonly object[]) => made('SecurityGroup', 'sg', { vpcId: later('vpc'), ingress });
const other = (name: string, ...ingress: readonly object[]) =>
  made('SecurityGroup', name, { vpcId: later('vpc'), ...(ingress.length > 0 && { ingress }) });
const web = (inputs: Readonly<Record<string, unknown>>) =>
  made('Instance', 'web', { subnetId: later('sub'), vpcSecurityGroupIds: [later('sg')], ...inputs });
const groups = (...vpcSecurityGroupIds: readonly unknown[]) => web({ vpcSecurityGroupIds });
const rule = (securityGroupId: unknown) =>
  made('SecurityGroupRule', 'rule', { type: 'ingress', ...tcp22('0.0.0.0/0'), securityGroupId });
const world = tcp22('0.0.0.0/0');
const publicNetwork = (name: string, routes: readonly object[]) => [
  made('Subnet', name, { vpcId: later('vpc'), cidrBlock: '10.0.2.0/24', mapPublicIpOnLaunch: true }),
  made('RouteTable', `${name}-rt`, { vpcId: later('vpc'), routes }),
  made('RouteTableAssociation', `${name}-rta`, { subnetId: later(name), routeTableId: later(`${name}-rt`) }),
];
const out = [{ cidrBlock: '0.0.0.0/0', gatewayId: later('igw') }];

/** What the account holds besides the deployment. */
const recordedGroup = (CidrIp: string) => ({
  SecurityGroups: [
    {
      GroupId: 'sg-lit',
      VpcId: 'vpc-1',
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp }] }],
      IpPermissionsEgress: [],
    },
  ],
});

interface Row {
  readonly row: string;
  readonly given: readonly Made[];
  readonly policy: 'exposed' | 'likely' | 'undecided' | '-';
  readonly setup?: Setup;
  /** Codes of what is missing, in order. */
  readonly missing?: readonly string[];
}

const rows: readonly Row[] = [
  { row: 'pulumi#1', given: f0, policy: 'exposed' },
  { row: 'pulumi#6', given: f0With({ web: groups('sg-lit') }), policy: 'undecided', missing: ['ev-external'] },
  {
    row: 'pulumi#7',
    given: f0With({ web: groups('sg-lit') }),
    setup: { recorded: [recordedGroup('10.0.0.0/8')] },
    policy: '-',
  },
  {
    row: 'pulumi#8',
    given: f0With({ web: groups('sg-lit') }),
    setup: { recorded: [recordedGroup('0.0.0.0/0')] },
    policy: 'exposed',
  },
  {
    row: 'pulumi#9',
    given: f0With({ web: groups(later('sg', 'sgB'), later('sg', 'sgB')) }, other('sgB')),
    policy: 'exposed',
  },
  {
    row: 'pulumi#10',
    given: f0With({ web: groups(later('sg', 'sgB'), later('sg', 'sgB')) }, other('sgB')),
    setup: { isStrict: true },
    policy: 'likely',
    missing: ['ev-ambiguous'],
  },
  {
    row: 'pulumi#11',
    given: f0With({ web: groups(later('sg', 'sgB')) }, other('sgB')),
    policy: 'likely',
    missing: ['ev-ambiguous'],
  },
  { row: 'pulumi#12', given: f0With({ web: groups(later('sg', 'sgB')) }, other('sgB', world)), policy: 'exposed' },
  { row: 'pulumi#13', given: f0With({ sg: sg(), web: groups(later('sg', 'sgB')) }, other('sgB')), policy: '-' },
  { row: 'pulumi#14', given: f0With({ web: web({ vpcSecurityGroupIds: later('sg') }) }), policy: 'exposed' },
  {
    row: 'pulumi#15',
    given: f0With({ sg: sg(), web: web({ vpcSecurityGroupIds: later('sg') }) }),
    policy: 'undecided',
    missing: ['ev-unresolved'],
  },
  {
    row: 'pulumi#16',
    given: f0With({ sg: sg(), web: groups(later('sg'), later('sg')) }),
    policy: 'undecided',
    missing: ['ev-unresolved'],
  },
  { row: 'pulumi#17', given: f0With({ web: groups(later('sg'), later('sg')) }), policy: 'exposed' },
  {
    row: 'pulumi#19',
    given: f0With({ web: web({ subnetId: later('sub', 'sub2') }) }, ...publicNetwork('sub2', out)),
    policy: 'exposed',
  },
  {
    row: 'pulumi#20',
    given: f0With({ web: web({ subnetId: later('sub', 'sub2') }) }, ...publicNetwork('sub2', [])),
    policy: 'likely',
    missing: ['ev-ambiguous'],
  },
  {
    row: 'pulumi#21',
    given: f0With({ web: web({ subnetId: later() }) }),
    policy: 'undecided',
    missing: ['ev-unresolved'],
  },
  {
    row: 'pulumi#21',
    given: f0With({ web: web({ subnetId: later(), associatePublicIpAddress: true }) }),
    policy: 'likely',
    missing: ['ev-unresolved'],
  },
  {
    row: 'pulumi#22',
    given: f0With({ web: web({ subnetId: 'subnet-ext' }) }),
    policy: 'undecided',
    missing: ['ev-external'],
  },
  {
    row: 'pulumi#22',
    given: f0With({ web: web({ subnetId: 'subnet-ext' }) }, made('Eip', 'eip', { instance: later('web') })),
    policy: 'likely',
    missing: ['ev-external'],
  },
  { row: 'pulumi#23', given: f0With({ web: groups(later('vpc')) }), policy: '-' },
  {
    row: 'pulumi#24',
    given: f0With(
      { web: groups(later('vpc')) },
      made('DefaultSecurityGroup', 'def', { vpcId: later('vpc'), ingress: [world] }),
    ),
    policy: 'exposed',
  },
  { row: 'pulumi#25', given: f0With({ web: groups(later('vpc')) }, rule(later('vpc'))), policy: 'exposed' },
  {
    row: 'pulumi#26',
    given: f0With(
      {
        rt: undefined,
        rta: made('RouteTableAssociation', 'rta', { subnetId: later('sub'), routeTableId: later('vpc') }),
      },
      made('DefaultRouteTable', 'main', { defaultRouteTableId: later('vpc'), routes: out }),
    ),
    policy: 'exposed',
  },
  {
    row: 'pulumi#27',
    given: f0With(
      { web: web({ subnetId: later('comp', 'sub', 's2', 's3') }) },
      made('awsx:ec2:Vpc', 'comp', {}, { component: true }),
      ...publicNetwork('s2', out),
      ...publicNetwork('s3', out),
    ),
    policy: 'exposed',
  },
  {
    row: 'pulumi#28',
    given: f0With(
      { web: groups(later('sg', 'bucket', 'role')) },
      made('aws:s3/bucket:Bucket', 'bucket'),
      made('aws:iam/role:Role', 'role'),
    ),
    policy: 'exposed',
  },
  {
    row: 'pulumi#29',
    given: f0With(
      {
        sg: made('SecurityGroup', 'sg', { vpcId: later('vpc'), ingress: [world] }, { parent: 'comp' }),
        web: groups(later('comp')),
      },
      made('my:net:Net', 'comp', {}, { component: true }),
    ),
    policy: 'exposed',
  },
  {
    row: 'pulumi#29',
    given: f0With(
      { sg: made('SecurityGroup', 'sg', { vpcId: later('vpc') }, { parent: 'comp' }), web: groups(later('comp')) },
      made('my:net:Net', 'comp', {}, { component: true }),
    ),
    policy: 'undecided',
    missing: ['ev-unresolved'],
  },
  {
    row: 'pulumi#30',
    given: f0With({
      sg: made(
        'SecurityGroup',
        'sg',
        { vpcId: later('vpc'), ingress: [world] },
        { id: 'sg-1', op: 'same', provider: 'urn:b' },
      ),
      web: groups('sg-1'),
    }),
    policy: 'exposed',
  },
  {
    row: 'pulumi#31',
    given: f0With({ sg: sg(), web: groups('') }, other('sgB', world)),
    policy: '-',
  },
  {
    row: 'pulumi#32',
    given: f0With(
      { sg: made('SecurityGroup', 'sg', { vpcId: later('vpc') }, { outputs: { ingress: later() } }) },
      made('SecurityGroupIngressRule', 'in', {
        securityGroupId: later('sg'),
        cidrIpv4: '0.0.0.0/0',
        ipProtocol: 'tcp',
        fromPort: 22,
        toPort: 22,
      }),
    ),
    policy: 'exposed',
  },
  {
    row: 'pulumi#34',
    given: f0With({ sg: sg() }, other('sgB'), rule(later('sg', 'sgB'))),
    policy: 'likely',
    missing: ['ev-ambiguous'],
  },
  { row: 'pulumi#35', given: f0With({ sg: sg() }, rule(later())), policy: 'undecided', missing: ['ev-orphan'] },
  {
    row: 'pulumi#35a',
    given: f0With({ sg: sg(), rt: made('RouteTable', 'rt', { vpcId: later('vpc') }) }, rule(later())),
    policy: '-',
  },
];

describe.each([
  ['a policy pack', packPlanOf],
  ['a preview', previewPlanOf],
] as const)('linking, from %s', (_, planOf) => {
  test.each(rows)('$row: $policy', ({ given, policy, setup, missing = [] }) => {
    const finding = findingOn(reportOf(planOf(given), setup), 'web');
    expect([policyFor(finding), finding.missing.map(({ code }) => code)]).toEqual([policy, missing]);
  });
});

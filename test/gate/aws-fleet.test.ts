import { expect, test } from '@jest/globals';
import { f0With, later, made, packPlanOf, tcp22 } from '../support/gate/deployment.js';
import { findingOn, type PolicyRow, policyRows, reportOf } from '../support/gate/verdict.js';

type Inputs = Readonly<Record<string, unknown>>;

const template = (inputs: Inputs = { vpcSecurityGroupIds: [later('sg')] }) => made('LaunchTemplate', 'lt', inputs);
const inside = made('Subnet', 'inside', { vpcId: later('vpc'), cidrBlock: '10.0.2.0/24' });
/** Two references that are not known could be either: these are. */
const kept = (id: string) => ({ op: 'same', id, outputs: { id } });
const shut = made('SecurityGroup', 'shut', { vpcId: later('vpc'), ingress: [] }, kept('sg-5'));
const spot = (inputs: Inputs) => made('SpotFleetRequest', 'web', { targetCapacity: 2, ...inputs });
const specified = (fields: Inputs = {}) =>
  spot({ launchSpecifications: [{ subnetId: later('sub'), vpcSecurityGroupIds: [later('sg')], ...fields }] });
const fleet = (config: Inputs, totalTargetCapacity: unknown = 2) =>
  made('Fleet', 'web', {
    launchTemplateConfigs: [{ launchTemplateSpecification: { launchTemplateId: later('lt') }, ...config }],
    targetCapacitySpecification: { totalTargetCapacity },
  });
const nativeSpot = (data: Inputs) =>
  made('aws-native:ec2:SpotFleet', 'web', { spotFleetRequestConfigData: { targetCapacity: 1, ...data } });
const group = (inputs: Inputs) => made('Group', 'web', { vpcZoneIdentifiers: [later('sub')], maxSize: 1, ...inputs });
const mixed = (overrides: readonly unknown[]) =>
  group({
    mixedInstancesPolicy: {
      launchTemplate: { launchTemplateSpecification: { launchTemplateId: later('lt') }, overrides },
    },
  });
const other = (fields: Inputs = { vpcSecurityGroupIds: [later('sg')] }) =>
  made('LaunchTemplate', 'other', fields, kept('lt-5'));

const rows: readonly PolicyRow[] = [
  { what: 'a spot fleet by its specifications', given: f0With({ web: specified() }), policy: 'exposed' },
  {
    what: 'a spot fleet without public addresses',
    given: f0With({ web: specified({ associatePublicIpAddress: false }) }),
    policy: '-',
  },
  {
    what: 'a spot fleet with several subnets in one text',
    given: f0With(
      {
        web: spot({
          launchSpecifications: [{ subnetId: 'subnet-7, subnet-8', vpcSecurityGroupIds: [later('sg')] }],
        }),
        sub: made(
          'Subnet',
          'sub',
          { vpcId: later('vpc'), cidrBlock: '10.0.1.0/24', mapPublicIpOnLaunch: true },
          kept('subnet-8'),
        ),
      },
      made('Subnet', 'first', { vpcId: later('vpc') }, kept('subnet-7')),
    ),
    policy: 'exposed',
  },
  {
    what: 'a spot fleet by its second specification',
    given: f0With(
      {
        web: spot({
          launchSpecifications: [
            { subnetId: later('inside'), vpcSecurityGroupIds: [later('sg')] },
            { subnetId: later('inside'), vpcSecurityGroupIds: [later('sg')], associatePublicIpAddress: true },
          ],
        }),
      },
      inside,
      made('RouteTableAssociation', 'too', { subnetId: later('inside'), routeTableId: later('rt') }),
    ),
    policy: 'exposed',
  },
  {
    what: 'a spot fleet of none',
    given: f0With({ web: { ...specified(), inputs: { ...specified().inputs, targetCapacity: 0 } } }),
    policy: '-',
  },
  {
    what: 'a spot fleet by a template',
    given: f0With(
      {
        web: spot({
          launchTemplateConfigs: [
            { launchTemplateSpecification: { id: later('lt') }, overrides: [{ subnetId: later('sub') }] },
          ],
        }),
      },
      template(),
    ),
    policy: 'exposed',
  },
  {
    what: 'a fleet in the subnet of an override',
    given: f0With({ web: fleet({ overrides: [{ subnetId: later('inside') }] }) }, template(), inside),
    policy: '-',
  },
  {
    what: 'a fleet in the subnet of its template',
    given: f0With(
      { web: fleet({}) },
      template({ networkInterfaces: [{ subnetId: later('sub'), securityGroups: [later('sg')] }] }),
    ),
    policy: 'exposed',
  },
  {
    what: 'a fleet of none',
    given: f0With({ web: fleet({ overrides: [{ subnetId: later('sub') }] }, 0) }, template()),
    policy: '-',
  },
  {
    what: 'a fleet with overrides that nobody knows',
    given: f0With({ web: fleet({ overrides: later() }) }, template()),
    policy: 'undecided',
  },
  {
    what: 'a fleet by a template of another program',
    given: f0With({
      web: made('Fleet', 'web', {
        launchTemplateConfigs: [
          { launchTemplateSpecification: { launchTemplateId: 'lt-9' }, overrides: [{ subnetId: later('sub') }] },
        ],
        targetCapacitySpecification: { totalTargetCapacity: 1 },
      }),
    }),
    policy: 'undecided',
  },
  {
    what: 'a spot fleet of Cloud Control',
    given: f0With({
      web: nativeSpot({
        launchSpecifications: [{ subnetId: later('sub'), securityGroups: [{ groupId: later('sg') }] }],
      }),
    }),
    policy: 'exposed',
  },
  {
    what: 'a spot fleet of Cloud Control by the interface that it lists',
    given: f0With({
      web: nativeSpot({
        launchSpecifications: [
          { networkInterfaces: [{ deviceIndex: 0, subnetId: later('sub'), groups: [later('sg')] }] },
        ],
      }),
    }),
    policy: 'exposed',
  },
  {
    what: 'a fleet of Cloud Control',
    given: f0With(
      {
        web: made('aws-native:ec2:Ec2Fleet', 'web', {
          launchTemplateConfigs: [
            {
              launchTemplateSpecification: { launchTemplateId: later('lt'), version: '1' },
              overrides: [{ subnetId: later('sub') }],
            },
          ],
          targetCapacitySpecification: { totalTargetCapacity: 1 },
        }),
      },
      template(),
    ),
    policy: 'exposed',
  },
  {
    what: 'a scaling group by the template of an override',
    given: f0With(
      {
        web: mixed([{ launchTemplateSpecification: { launchTemplateId: 'lt-5' } }, { instanceType: 't3.nano' }]),
      },
      template({ vpcSecurityGroupIds: ['sg-5'] }),
      other(),
      shut,
    ),
    policy: 'exposed',
  },
  {
    what: 'a scaling group of which every override has another template',
    given: f0With(
      { web: mixed([{ launchTemplateSpecification: { launchTemplateId: 'lt-5' } }]) },
      template(),
      other({ vpcSecurityGroupIds: ['sg-5'] }),
      shut,
    ),
    policy: '-',
  },
  {
    what: 'a scaling group in zones only: the default VPC',
    given: f0With(
      {
        web: group({
          vpcZoneIdentifiers: undefined,
          availabilityZones: ['eu-west-1a'],
          launchTemplate: { id: later('lt') },
        }),
      },
      template(),
    ),
    policy: 'likely',
  },
  {
    what: 'a scaling group of which nobody knows all subnets, whatever the default VPC is',
    given: f0With(
      { web: group({ vpcZoneIdentifiers: later('inside'), launchTemplate: { id: later('lt') } }) },
      template(),
      inside,
    ),
    setup: { defaultNetwork: 'public' },
    policy: 'undecided',
  },
  {
    what: 'a template of which flags are texts',
    given: f0With(
      { web: group({ launchTemplate: { id: later('lt') }, vpcZoneIdentifiers: [later('inside')] }) },
      template({ networkInterfaces: [{ associatePublicIpAddress: 'true', securityGroups: [later('sg')] }] }),
      inside,
      made('RouteTableAssociation', 'too', { subnetId: later('inside'), routeTableId: later('rt') }),
    ),
    policy: 'exposed',
  },
  {
    what: 'a template of which an interface excludes the groups beside it',
    given: f0With(
      { web: group({ launchTemplate: { id: later('lt') } }) },
      template({ networkInterfaces: [{ securityGroups: ['sg-5'] }], vpcSecurityGroupIds: [later('sg')] }),
      shut,
    ),
    policy: '-',
  },
  {
    what: 'a template of which the first interface is not the first of the list',
    given: f0With(
      { web: group({ launchTemplate: { id: later('lt') } }) },
      template({
        networkInterfaces: [
          { deviceIndex: 1, securityGroups: ['sg-5'] },
          { deviceIndex: 0, securityGroups: [later('sg')], associatePublicIpAddress: 'true' },
        ],
      }),
      shut,
    ),
    policy: 'exposed',
  },
  {
    what: 'a template with two interfaces: neither gets a public address by itself',
    given: f0With(
      { web: group({ launchTemplate: { id: later('lt') } }) },
      template({ networkInterfaces: [0, 1].map((deviceIndex) => ({ deviceIndex, securityGroups: [later('sg')] })) }),
    ),
    policy: '-',
  },
  {
    what: 'a template with groups by names',
    given: f0With(
      { web: group({ launchTemplate: { id: later('lt') } }) },
      template({ securityGroupNames: ['someone-elses'] }),
    ),
    policy: 'undecided',
  },
  {
    what: 'a template with a group by the name that the program gives it',
    given: f0With(
      {
        web: group({ launchTemplate: { id: later('lt') } }),
        sg: made('SecurityGroup', 'sg', { vpcId: later('vpc'), name: 'ssh', ingress: [tcp22('0.0.0.0/0')] }),
      },
      template({ securityGroupNames: ['ssh'] }),
    ),
    policy: 'exposed',
  },
];

policyRows('what starts machines', rows);

test('the template of a fleet is used, and stands among what is assumed', () => {
  const report = reportOf(packPlanOf(f0With({ web: fleet({ overrides: [{ subnetId: later('sub') }] }) }, template())));
  expect(report.remarks).toEqual([]);
  const { kind, assumed } = findingOn(report, 'web');
  expect(kind).toBe('fleet');
  expect(assumed.join()).toContain('vpcSecurityGroupIds[0] of "lt"');
});

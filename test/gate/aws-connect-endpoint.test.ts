import { describe, expect, test } from '@jest/globals';
import { awsPlan } from '../../providers/aws/plan/index.js';
import { explain } from '../../src/ask/explain.js';
import { cloudOfPlan } from '../../src/gate/cloud.js';
import { f0With, later, type Made, made, packPlanOf, tcp22 } from '../support/gate/deployment.js';
import { findingOn, policyFor, reportOf } from '../support/gate/verdict.js';

type Inputs = Readonly<Record<string, unknown>>;

const inside = made('Instance', 'web', {
  subnetId: later('sub'),
  vpcSecurityGroupIds: [later('sg')],
  associatePublicIpAddress: false,
});
const endpoint = (
  inputs: Inputs = {},
  type = 'aws:ec2transitgateway/instanceConnectEndpoint:InstanceConnectEndpoint',
) =>
  made(type, 'eice', {
    subnetId: later('sub'),
    securityGroupIds: [later('door')],
    preserveClientIp: false,
    ...inputs,
  });
const door = (cidr = '10.0.0.0/16') => made('SecurityGroup', 'door', { vpcId: later('vpc'), egress: [tcp22(cidr)] });
const behind = (...more: readonly Made[]) => f0With({ web: inside }, ...more);
const note =
  'the EC2 Instance Connect Endpoint "eice" stands in its network: whoever may use that comes from inside, as far as the security groups of both let it';

describe('an EC2 Instance Connect Endpoint of the program', () => {
  const on = (given: readonly Made[]) => findingOn(reportOf(packPlanOf(given)), 'web');
  const notes = (given: readonly Made[]) => on(given).notes.filter((text) => text.includes('Endpoint'));

  test('is told of at a machine without a public address, and changes no verdict', () => {
    const given = behind(endpoint(), door());
    expect(policyFor(on(given))).toBe('-');
    expect(notes(given)).toEqual([note]);
    expect(notes(behind(endpoint({}, 'aws-native:ec2:InstanceConnectEndpoint'), door()))).toEqual([note]);
  });

  test('is not told of where people come from outside, or where it stands in another network', () => {
    expect(notes(f0With({}, endpoint(), door()))).toEqual([]);
    const elsewhere = [made('Vpc', 'vpc2'), made('Subnet', 'sub2', { vpcId: later('vpc2') })];
    expect(notes(behind(...elsewhere, endpoint({ subnetId: later('sub2') }), door()))).toEqual([]);
  });

  test.each<[string, readonly Made[], string | undefined]>([
    ['works where both groups let it', behind(endpoint(), door()), 'yes'],
    ['does not where its own group lets nothing out', behind(endpoint(), door('192.0.2.0/24')), 'no'],
    [
      'may where nobody says whose address the machine sees',
      behind(endpoint({ preserveClientIp: undefined }), door()),
      'unknown',
    ],
    ['is none where there is none', behind(), undefined],
  ])('as another way in %s', (_, given, works) => {
    const cloud = cloudOfPlan(packPlanOf(given), awsPlan, undefined);
    const { report } = explain(cloud, { target: 'web', from: '198.51.100.7', port: 22 });
    const way = report?.targets[0]?.alternatives.find(({ kind }) => kind === 'instance-connect-endpoint');
    expect(way?.works).toBe(works);
  });
});

import { describe, expect, test } from '@jest/globals';
import { explain } from '../../src/index.js';
import { f0 as recordedAccount } from '../support/aws/fixture.js';
import { transitGateway } from '../support/aws/topology.js';
import {
  f0With,
  later,
  type Made,
  made,
  packPlanOf,
  previewOf,
  previewPlanOf,
  tcp22,
} from '../support/gate/deployment.js';
import { joinedBy, overTransit, peered, theirs } from '../support/gate/joined-networks.js';
import { findingOn, policyFor, reportOf } from '../support/gate/verdict.js';

const without = (name: string, given: readonly Made[]) => given.filter((one) => one.name !== name);
const instead = (given: readonly Made[], ...others: readonly Made[]) =>
  given.map((one) => others.find(({ name }) => name === one.name) ?? one);
const accepter = (autoAccept: unknown) =>
  made('VpcPeeringConnectionAccepter', 'accepter', { vpcPeeringConnectionId: later('pcx'), autoAccept });
const site = tcp22('10.0.0.0/8');
const open = made('SecurityGroup', 'sg', { vpcId: later('vpc'), ingress: [site] });
const vgw = made('VpnGateway', 'vgw', { vpcId: later('vpc') });
const toSite = (target: Readonly<Record<string, unknown>>) =>
  made('Route', 'site', { routeTableId: later('rt'), destinationCidrBlock: '10.9.0.0/16', ...target });

interface Row {
  readonly what: string;
  readonly given: readonly Made[];
  readonly policy: 'exposed' | 'likely' | 'undecided' | '-';
  readonly from?: string;
}

const rows: readonly Row[] = [
  { what: 'over a peering that accepts itself', given: peered(), policy: 'exposed' },
  { what: 'over a peering that nobody accepts', given: peered({ autoAccept: undefined }), policy: '-' },
  {
    what: 'over a peering that the program accepts',
    given: peered({ autoAccept: undefined }, accepter(true)),
    policy: 'exposed',
  },
  {
    what: 'over a peering that is accepted elsewhere',
    given: instead(
      peered({ autoAccept: undefined }),
      made(
        'VpcPeeringConnection',
        'pcx',
        { vpcId: later('vpc'), peerVpcId: later('vpc2') },
        { op: 'same', id: 'pcx-1', outputs: { id: 'pcx-1', acceptStatus: 'active' } },
      ),
    ),
    policy: 'exposed',
  },
  {
    what: 'over a peering of which nobody knows whether it is accepted',
    given: peered({ autoAccept: later() }),
    policy: 'undecided',
  },
  {
    what: 'over a peering to a network of another program',
    given: peered({ peerVpcId: 'vpc-9', autoAccept: undefined }),
    policy: 'undecided',
  },
  { what: 'over a peering without a way back', given: without('near', peered()), policy: '-' },
  { what: 'over a peering without a way there', given: without('rta2', peered()), policy: '-' },
  {
    what: 'over a peering of Cloud Control, which accepts within one account',
    given: instead(
      peered(),
      made('aws-native:ec2:VpcPeeringConnection', 'pcx', { vpcId: later('vpc'), peerVpcId: later('vpc2') }),
    ),
    policy: 'exposed',
  },
  { what: 'with no connection at all', given: without('near', without('pcx', peered())), policy: '-' },
  {
    what: 'from a network of which nobody knows the range',
    given: instead(
      peered(),
      made('Vpc', 'vpc2', { cidrBlock: later() }),
      made('Subnet', 'sub2', { vpcId: later('vpc2'), cidrBlock: later() }),
    ),
    policy: 'undecided',
  },
  { what: 'over a transit gateway', given: overTransit(), policy: 'undecided' },
  { what: 'over a transit gateway without a way there', given: without('rta2', overTransit()), policy: '-' },
  {
    what: 'over a transit gateway of another program',
    given: joinedBy({ transitGatewayId: 'tgw-9' }),
    policy: 'undecided',
  },
  {
    what: 'through a virtual private gateway',
    given: f0With({ sg: open }, vgw, toSite({ gatewayId: later('vgw') })),
    from: '10.9.1.0/24',
    policy: 'undecided',
  },
  {
    what: 'through a virtual private gateway that announces its sites',
    given: f0With(
      { sg: open },
      vgw,
      made('VpnGatewayRoutePropagation', 'learn', { routeTableId: later('rt'), vpnGatewayId: later('vgw') }),
    ),
    from: '10.9.1.0/24',
    policy: 'undecided',
  },
  { what: 'behind no gateway', given: f0With({ sg: open }), from: '10.9.1.0/24', policy: '-' },
  {
    what: 'over Cloud WAN',
    given: f0With({ sg: open }, toSite({ coreNetworkArn: later() })),
    from: '10.9.1.0/24',
    policy: 'undecided',
  },
  {
    what: 'past an endpoint of a firewall',
    given: f0With(
      { sg: open },
      made('VpcEndpoint', 'gwlb', { vpcId: later('vpc'), vpcEndpointType: 'GatewayLoadBalancer' }),
      toSite({ vpcEndpointId: later('gwlb') }),
      vgw,
    ),
    from: '10.9.1.0/24',
    policy: 'undecided',
  },
  {
    what: 'into a network of another program',
    given: f0With({ vpc: undefined, rt: undefined, rta: undefined }).map((one) => ({
      ...one,
      inputs: { ...one.inputs, vpcId: 'vpc-9', ...(one.name === 'sg' && { ingress: [site] }) },
    })),
    from: '10.9.1.0/24',
    policy: 'undecided',
  },
  {
    what: 'into a subnet of another program',
    given: f0With({
      sg: open,
      web: made('Instance', 'web', { subnetId: 'subnet-9', vpcSecurityGroupIds: [later('sg')] }),
    }),
    from: '10.9.1.0/24',
    policy: 'undecided',
  },
  {
    what: 'from another subnet of which nobody knows the range',
    given: f0With({ sg: open }, made('Subnet', 'beside', { vpcId: later('vpc'), cidrBlock: later() })),
    from: '10.0.9.0/24',
    policy: 'undecided',
  },
];

describe.each([
  ['a policy pack', packPlanOf],
  ['a preview', previewPlanOf],
] as const)('a private source, from %s', (_, planOf) => {
  test.each(rows)('$what: $policy', ({ given, policy, from = theirs }) => {
    expect(policyFor(findingOn(reportOf(planOf(given), { forbidden: [from] }), 'web'))).toBe(policy);
  });
});

test('what a gateway may learn is told as a doubt of the internet, too', () => {
  const learn = made('VpnGatewayRoutePropagation', 'learn', { routeTableId: later('rt'), vpnGatewayId: later('vgw') });
  expect(policyFor(findingOn(reportOf(packPlanOf(f0With({}, vgw, learn))), 'web'))).toBe('likely');
});

describe('a transit gateway that was recorded', () => {
  const recorded = () => {
    const account = transitGateway(recordedAccount());
    account.sg('sg-1').inbound('tcp 22 10.1.0.0/16');
    return account.documents('fetched');
  };
  const route = (op: string) =>
    made(
      'aws:ec2transitgateway/route:Route',
      'back',
      {
        transitGatewayRouteTableId: 'tgw-rtb-1',
        transitGatewayAttachmentId: 'tgw-attach-2',
        destinationCidrBlock: '10.1.0.0/16',
      },
      { op, id: 'route-1' },
    );
  const verdictOver = (...steps: readonly Made[]) => {
    const preview = { path: 'preview.json', value: previewOf(steps) };
    const documents = [...recorded(), ...(steps.length > 0 ? [preview] : [])];
    return explain({ documents }, { target: '10.0.1.10', from: '10.1.0.9' }).report?.targets[0]?.verdict;
  };

  test('leads where it led while the run leaves it alone, and nobody knows where once it changes', () => {
    expect(verdictOver()).toBe('reachable');
    expect(verdictOver(route('same'))).toBe('reachable');
    expect(verdictOver(route('delete'))).toBe('unknown');
    expect(verdictOver(route('create'))).toBe('unknown');
  });
});

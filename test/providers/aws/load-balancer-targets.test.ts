import { describe } from '@jest/globals';
import type { CliRecord } from '../../support/aws/collection.js';
import type { Fixture } from '../../support/aws/fixture.js';
import { GROUP_ARN, NLB_ARN, type NlbSpec, nlb } from '../../support/aws/load-balancer.js';
import { type PathRow, pathRows } from '../../support/aws/path-row.js';

const HEALTH = 'elasticloadbalancing:DescribeTargetHealth';
const BALANCER_ATTRIBUTES = 'elasticloadbalancing:DescribeLoadBalancerAttributes';
const ATTRIBUTES = 'elasticloadbalancing:DescribeTargetGroupAttributes';
const UNREACHABLE = { verdict: 'unreachable', symptom: 'times-out' } as const;

type Given = Pick<PathRow, 'given' | 'target' | 'via' | 'path'>;

/** Q0 through nlb-1, which `change` alters. */
function through(of: NlbSpec, change: (f: Fixture) => unknown): Given {
  const given = (f: Fixture): void => {
    nlb(f, of);
    change(f);
  };
  return { given, target: 'i-1', via: 'load-balancer', path: 'load-balancer' };
}

/** Replaces what the target group says of its targets. */
function health(...targets: readonly (readonly [id: string, state: string])[]): Given {
  const list = targets.map(([Id, State]): CliRecord => ({ Target: { Id, Port: 22 }, TargetHealth: { State } }));
  return through({}, (f) => f.answer(HEALTH, GROUP_ARN, list));
}

describe('the health of the target', () => {
  pathRows([
    {
      tag: 'aws 2.4 e1',
      name: 'draining: the balancer sends nothing new',
      ...health(['i-1', 'draining']),
      ...UNREACHABLE,
      causes: ['aws/nlb-target'],
      says: ['i-1 is draining'],
    },
    {
      tag: 'aws 2.4 e1',
      name: 'unhealthy, another one healthy',
      ...health(['i-1', 'unhealthy'], ['i-2', 'healthy']),
      ...UNREACHABLE,
      causes: ['aws/nlb-target'],
    },
    {
      tag: 'aws 2.4 e1',
      name: 'unhealthy like all the others: the balancer may send all the same',
      ...health(['i-1', 'unhealthy'], ['i-2', 'unhealthy']),
      verdict: 'unknown',
      missing: ['aws/nlb-target'],
    },
    {
      tag: 'aws 2.4 e1',
      name: 'not recorded',
      ...through({}, (f) => f.without(HEALTH)),
      verdict: 'unknown',
      missing: ['aws/ev-route elasticloadbalancing:DescribeTargetHealth'],
    },
    {
      tag: 'aws 2.4 e1',
      name: 'not permitted to be asked',
      ...through({}, (f) => f.denied(HEALTH, GROUP_ARN)),
      verdict: 'unknown',
      missing: ['aws/ev-route elasticloadbalancing:DescribeTargetHealth'],
    },
    {
      tag: 'aws 2.4 e1',
      name: 'registered by its address',
      ...health(['10.0.1.10', 'healthy']),
      verdict: 'reachable',
    },
    {
      tag: 'aws 2.4 e1',
      name: 'another machine of another VPC with the same address',
      ...through({}, (f) => {
        f.addVpc('vpc-2', '10.0.0.0/16');
        f.edit('LoadBalancers', NLB_ARN, { VpcId: 'vpc-2' });
        f.answer(HEALTH, GROUP_ARN, [{ Target: { Id: '10.0.1.10', Port: 22 }, TargetHealth: { State: 'healthy' } }]);
      }),
      problems: ['nothing to judge'],
    },
  ]);
});

describe('whose address the target sees, when that is not recorded', () => {
  const unrecorded = (...inbound: readonly string[]) =>
    through({}, (f) =>
      f
        .without(ATTRIBUTES)
        .sg('sg-1')
        .inbound(...inbound),
    );
  const attributes = 'aws/ev-route elasticloadbalancing:DescribeTargetGroupAttributes';
  pathRows([
    {
      tag: 'aws 2.4 e1',
      name: 'does not matter where both are let in',
      ...unrecorded('tcp 22 0.0.0.0/0'),
      verdict: 'reachable',
    },
    {
      tag: 'aws 2.4 e1',
      name: 'decides where one is let in',
      ...unrecorded('tcp 22 203.0.113.0/24'),
      verdict: 'unknown',
      missing: [attributes],
    },
    {
      tag: 'aws 2.4 e1',
      name: 'does not matter where nobody is let in',
      ...unrecorded(),
      ...UNREACHABLE,
      causes: ['aws/sg-no-inbound sg-1'],
    },
  ]);
});

describe('between the balancer and the target', () => {
  const closed = through({ preserveClientIp: false }, (f) => f.sg('sg-1').inbound('tcp 22 10.0.0.0/16'));
  const beside = (change: (f: Fixture) => unknown): Given => ({
    ...closed,
    given: (f) => {
      closed.given?.(f);
      change(f);
    },
  });
  pathRows([
    {
      tag: 'aws 2.4 e1',
      name: 'the groups of the balancer have to let it out',
      ...through({ groups: ['sg-nlb'] }, (f) => f.sg('sg-nlb').inbound('tcp 22 0.0.0.0/0').egress('tcp 443 0.0.0.0/0')),
      ...UNREACHABLE,
      causes: ['aws/src-sg-egress sg-nlb'],
    },
    {
      tag: 'aws 2.4 e1',
      name: "the ACL of the balancer's subnet has to let it out",
      ...beside((f) =>
        f.acl('acl-n').open().out('90 deny tcp 22 10.0.1.0/24', '100 allow all 0.0.0.0/0').on('subnet-n'),
      ),
      ...UNREACHABLE,
      causes: ['aws/src-nacl-out acl-n 90'],
    },
    {
      tag: 'aws 2.4 e1',
      name: "the ACL of the target's subnet has to let the balancer's ports out",
      ...beside((f) =>
        f.acl('acl-a').open().out('90 deny tcp 1024-65535 10.0.4.0/24', '100 allow all 0.0.0.0/0').on('subnet-a'),
      ),
      ...UNREACHABLE,
      causes: ['aws/nacl-out-deny acl-a 90'],
    },
    {
      tag: 'aws 2.4 e1',
      name: 'a private target needs no way to the internet',
      ...through({ preserveClientIp: true }, (f) => f.table('rtb-main').on('subnet-a')),
      verdict: 'reachable',
    },
    {
      tag: 'aws 2.4 e1',
      name: 'the ports differ: each side is judged on its own',
      ...through({ listeners: [443], preserveClientIp: false }, (f) => {
        f.sg('sg-1').inbound('tcp 22 10.0.4.0/24');
        f.acl('acl-n').open().in('90 allow tcp 443 0.0.0.0/0', '95 allow tcp 1024-65535 0.0.0.0/0').on('subnet-n');
      }),
      verdict: 'reachable',
      ways: { 'load-balancer': { verdict: 'reachable', dials: 443 } },
    },
  ]);
});

describe('the nodes of the balancer', () => {
  const CROSS_ZONE = 'load_balancing.cross_zone.enabled';
  const elsewhere = (change: (f: Fixture) => unknown) => through({ zone: 'b' }, change);
  pathRows([
    {
      tag: 'aws 2.4 e1',
      name: 'reach another zone when the balancer says so',
      ...elsewhere((f) => f.answer(BALANCER_ATTRIBUTES, NLB_ARN, [{ Key: CROSS_ZONE, Value: 'true' }])),
      verdict: 'reachable',
    },
    {
      tag: 'aws 2.4 e1',
      name: 'reach another zone or not, as the target group says before the balancer',
      ...elsewhere((f) => {
        f.answer(BALANCER_ATTRIBUTES, NLB_ARN, [{ Key: CROSS_ZONE, Value: 'true' }]);
        f.answer(ATTRIBUTES, GROUP_ARN, [
          { Key: CROSS_ZONE, Value: 'false' },
          { Key: 'preserve_client_ip.enabled', Value: 'true' },
        ]);
      }),
      ...UNREACHABLE,
      causes: ['aws/nlb-az'],
    },
    {
      tag: 'aws 2.4 e1',
      name: 'reach another zone or not, when nothing says so',
      ...elsewhere((f) => f.without(BALANCER_ATTRIBUTES)),
      verdict: 'unknown',
      missing: ['aws/ev-route elasticloadbalancing:DescribeLoadBalancerAttributes'],
    },
    {
      tag: 'aws 2.4 e1',
      name: 'send from somewhere in their subnet, where their interfaces are not recorded',
      ...through({ preserveClientIp: false }, (f) => {
        f.remove('NetworkInterfaces', 'eni-nlb').sg('sg-1').inbound('tcp 22 10.0.4.0/24');
      }),
      verdict: 'reachable',
    },
  ]);
});

describe('an internal balancer', () => {
  const internal = (clients: string, from: string): Given & Pick<PathRow, 'from'> => ({
    ...through({ groups: ['sg-nlb'] }, (f) => {
      f.edit('LoadBalancers', NLB_ARN, { Scheme: 'internal' });
      f.sg('sg-nlb').inbound(`tcp 22 ${clients}`).egress('all 0.0.0.0/0');
      f.sg('sg-1').inbound('tcp 22 sg-nlb');
    }),
    from,
  });
  pathRows([
    { tag: 'aws 2.4 e1', name: 'serves its VPC', ...internal('10.0.2.0/24', 'i-2'), verdict: 'reachable' },
    {
      tag: 'aws 2.4 e1',
      name: 'has groups that stop',
      ...internal('10.0.9.0/24', 'i-2'),
      ...UNREACHABLE,
      causes: ['aws/nlb-sg-deny sg-nlb'],
    },
    {
      tag: 'aws 2.4 e1',
      name: 'is no way from the internet',
      ...internal('0.0.0.0/0', '203.0.113.5'),
      problems: ['nothing to judge'],
    },
  ]);
});

describe('nodes that the guards of the target tell apart', () => {
  /** nlb-1 with a second node, 10.0.6.5 in zone b, both of which hand on to every zone and send from addresses of their own. */
  const twoNodes = (change: (f: Fixture) => unknown): Given =>
    through({ preserveClientIp: false }, (f) => {
      f.addSubnet('subnet-m', { vpc: 'vpc-1', prefix: '10.0.6.0/24', zone: 'b' });
      f.acl('acl-def').on('subnet-m');
      f.table('rtb-pub').on('subnet-m');
      f.addInterface({ id: 'eni-nlb-b', subnet: 'subnet-m', ip: '10.0.6.5', public: '198.51.100.61', groups: [] });
      f.edit('NetworkInterfaces', 'eni-nlb-b', {
        InterfaceType: 'network_load_balancer',
        Description: 'ELB net/nlb-1/50dc6c495c0c9188',
      });
      f.edit('LoadBalancers', NLB_ARN, {
        AvailabilityZones: [
          { ZoneName: 'eu-west-1a', SubnetId: 'subnet-n' },
          { ZoneName: 'eu-west-1b', SubnetId: 'subnet-m' },
        ],
      });
      f.answer(BALANCER_ATTRIBUTES, NLB_ARN, [{ Key: 'load_balancing.cross_zone.enabled', Value: 'true' }]);
      change(f);
    });
  const guarded = (denied: string) => (f: Fixture) => {
    f.sg('sg-1').inbound('tcp 22 10.0.4.5/32');
    f.acl('acl-a').open().in(`90 deny tcp 22 ${denied}`, '100 allow all 0.0.0.0/0').on('subnet-a');
  };
  pathRows([
    {
      tag: 'aws 2.4 e1',
      name: 'let nobody in where each is stopped by another guard',
      ...twoNodes(guarded('10.0.4.5/32')),
      ...UNREACHABLE,
      causes: ['aws/nacl-in-deny acl-a 90', 'aws/nlb-client-ip sg-1'],
    },
    {
      tag: 'aws 2.4 e1',
      name: 'let everybody in where one of them gets through all guards',
      ...twoNodes(guarded('10.0.6.5/32')),
      verdict: 'reachable',
    },
  ]);
});

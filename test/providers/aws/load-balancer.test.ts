import { describe } from '@jest/globals';
import type { Fixture } from '../../support/aws/fixture.js';
import { type NlbSpec, nlb } from '../../support/aws/load-balancer.js';
import { type PathRow, pathRows } from '../../support/aws/path-row.js';

const UNREACHABLE = { verdict: 'unreachable', symptom: 'times-out' } as const;

/** Q0 through nlb-1; `inbound` replaces the rules of sg-1. */
function through(of: NlbSpec, ...inbound: readonly string[]): Pick<PathRow, 'given' | 'target' | 'via' | 'path'> {
  const given = (f: Fixture): void => {
    nlb(f, of);
    if (inbound.length > 0) f.sg('sg-1').inbound(...inbound);
  };
  return { given, target: 'i-1', via: 'load-balancer', path: 'load-balancer' };
}

/** Q0 through nlb-1 with group sg-nlb, which lets `clients` in; sg-1 lets sg-nlb in. */
function guarded(clients: string): Pick<PathRow, 'given' | 'target' | 'via' | 'path'> {
  const plain = through({ groups: ['sg-nlb'] }, 'tcp 22 sg-nlb');
  const given = (f: Fixture): void => {
    f.sg('sg-nlb').inbound(`tcp 22 ${clients}`).egress('all 0.0.0.0/0');
    plain.given?.(f);
  };
  return { ...plain, given };
}

describe('whom the target sees', () => {
  pathRows([
    {
      tag: 'aws#170',
      name: 'the client, where its address is kept',
      ...through({ preserveClientIp: true }, 'tcp 22 10.0.0.0/16'),
      ...UNREACHABLE,
      causes: ['aws/nlb-client-ip'],
    },
    {
      tag: 'aws#171',
      name: 'the balancer, where it is not',
      ...through({ preserveClientIp: false }, 'tcp 22 10.0.0.0/16'),
      verdict: 'reachable',
    },
    {
      tag: 'aws#172',
      name: 'the group of the balancer as well as the client',
      ...guarded('203.0.113.0/24'),
      verdict: 'reachable',
    },
    {
      tag: 'aws#177',
      name: 'the balancer, where the client speaks IPv6 and the target is registered by IPv4',
      ...through({ dualstack: true }, 'tcp 22 2001:db8:f::/48'),
      from: '2001:db8:f::5/128',
      ...UNREACHABLE,
      causes: ['aws/nlb-client-ip'],
    },
    {
      tag: 'aws#177',
      name: 'the balancer with a group, dialled over IPv6 by a machine of another VPC',
      given: (f) => {
        f.addVpc('vpc-9', '10.9.0.0/16', '2001:db8:9::/56');
        f.addSubnet('subnet-9', { vpc: 'vpc-9', prefix: '10.9.1.0/24', zone: 'a', prefixV6: '2001:db8:9:1::/64' });
        f.addInstance({ id: 'i-9', eni: 'eni-9', subnet: 'subnet-9', ip: '10.9.1.9', ipv6: '2001:db8:9:1::9' });
        f.sg('sg-nlb').inbound('tcp 22 2001:db8:9:1::/64').egress('all 0.0.0.0/0');
        f.sg('sg-1').inbound('tcp 22 sg-nlb');
        nlb(f, { dualstack: true, groups: ['sg-nlb'] });
      },
      target: 'i-1',
      from: 'i-9',
      via: 'load-balancer',
      verdict: 'reachable',
    },
    {
      tag: 'aws#178',
      name: 'the client: so does the ACL of its subnet',
      given: (f) => {
        nlb(f);
        f.acl('acl-a').open().in('90 deny tcp 22 203.0.113.0/24', '100 allow all 0.0.0.0/0').on('subnet-a');
      },
      target: 'i-1',
      via: 'load-balancer',
      ...UNREACHABLE,
      causes: ['aws/nacl-in-deny acl-a 90'],
    },
  ]);
});

describe('what the balancer hands on', () => {
  pathRows([
    {
      tag: 'aws#173',
      name: 'nothing of a client that its group does not let in',
      ...guarded('198.18.0.0/15'),
      ...UNREACHABLE,
      causes: ['aws/nlb-sg-deny'],
    },
    {
      tag: 'aws#173a',
      name: 'nothing on a port without a listener',
      ...through({ listeners: [80, 443], targetPort: 80 }),
      ...UNREACHABLE,
      causes: ['aws/nlb-no-listener'],
    },
    {
      tag: 'aws#173b',
      name: 'nothing to an instance that is not registered',
      ...through({ targets: ['i-2'] }),
      ...UNREACHABLE,
      causes: ['aws/nlb-target'],
    },
    {
      tag: 'aws#176',
      name: 'nothing to another zone, without cross-zone balancing',
      ...through({ zone: 'b' }),
      ...UNREACHABLE,
      causes: ['aws/nlb-az'],
    },
    {
      tag: 'aws#174',
      name: 'from another port: the client has to dial that one',
      ...through({ listeners: [443], targetPort: 22 }),
      verdict: 'reachable',
      ways: { 'load-balancer': { verdict: 'reachable', dials: 443 } },
    },
    {
      tag: 'aws#175',
      name: 'a header that sshd does not understand',
      ...through({ proxyProtocol: true }),
      verdict: 'reachable',
      host: { verdict: 'risk', symptom: 'closed', causes: ['aws/nlb-proxy-v2'] },
    },
  ]);
});

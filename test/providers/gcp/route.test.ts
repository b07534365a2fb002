import { describe } from '@jest/globals';
import type { Fixture } from '../../support/gcp/fixture.js';
import { internetGateway, l4 } from '../../support/gcp/records.js';
import { IAP, rows } from '../../support/gcp/row.js';
import { appliance, SSH, THROUGH_APPLIANCE, vm2 } from '../../support/gcp/topology.js';
import { regionalUrl, zonalUrl } from '../../support/gcp/urls.js';

const DENIED = { verdict: 'unreachable', symptom: 'times-out' } as const;

describe('the route back to the internet', () => {
  /** A default route to a tunnel, before that to the internet. */
  const diverted = (f: Fixture): Fixture =>
    f.vpnTunnel('tun1').route('to-vpn', {
      destRange: '0.0.0.0/0',
      nextHopVpnTunnel: regionalUrl('vpnTunnels', 'tun1'),
      priority: 100,
    });
  rows([
    {
      tag: 'gcp#113',
      name: 'deleted',
      given: (f) => f.noRoute('default-internet'),
      ...DENIED,
      causes: ['gcp/rt-return-missing'],
    },
    {
      tag: 'gcp#114',
      name: 'for tagged VMs only',
      given: (f) => f.route('default-internet', { tags: ['nat'] }),
      ...DENIED,
      causes: ['gcp/rt-return-missing'],
    },
    {
      tag: 'gcp#115',
      name: 'a tunnel takes it',
      given: diverted,
      ...DENIED,
      causes: ['gcp/rt-return-diverted to-vpn'],
    },
    {
      tag: 'gcp#116',
      name: 'the longest prefix wins',
      given: (f) => diverted(f).route('to-office', { destRange: '198.51.100.0/24', nextHopGateway: internetGateway() }),
      verdict: 'reachable',
    },
  ]);
});

describe('a route through an appliance', () => {
  const stopped = (f: Fixture, destRange: string): Fixture =>
    appliance(f)
      .vm('fw1', { status: 'TERMINATED' })
      .route('to-fw', {
        destRange,
        nextHopInstance: zonalUrl('instances', 'fw1'),
        priority: 100,
        warnings: [{ code: 'NEXT_HOP_NOT_RUNNING', message: "The next hop instance 'fw1' is not running.", data: [] }],
      });
  rows([
    {
      tag: 'gcp#117',
      name: 'that may do anything',
      given: (f) => appliance(f).route('to-fw', THROUGH_APPLIANCE),
      verdict: 'unknown',
      missing: ['gcp/rt-middlebox'],
    },
    {
      tag: 'gcp#118',
      name: 'that is stopped: the other route of the same destination takes over',
      given: (f) => stopped(f, '0.0.0.0/0'),
      verdict: 'reachable',
    },
    {
      tag: 'gcp#118b',
      name: 'that is stopped: a shorter prefix does not take over',
      given: (f) => stopped(f, '198.51.100.0/24'),
      ...DENIED,
      causes: ['gcp/rt-blackhole to-fw'],
    },
  ]);
});

describe('policy-based routes', () => {
  const EVERYWHERE = { protocolVersion: 'IPV4', ipProtocol: 'ALL', destRange: '0.0.0.0/0' } as const;
  const toBalancer = (f: Fixture): Fixture =>
    f.policyBasedRoute('pbr1', { filter: { ...EVERYWHERE, srcRange: '10.0.0.0/24' }, nextHopIlbIp: '10.0.0.50' });
  rows([
    {
      tag: 'gcp#119',
      name: 'to an internal load balancer',
      given: toBalancer,
      verdict: 'unknown',
      missing: ['gcp/pbr-middlebox'],
    },
    {
      tag: 'gcp#120',
      name: 'an earlier one keeps to the other routes',
      given: (f) =>
        toBalancer(f).policyBasedRoute('pbr2', {
          priority: 1,
          filter: { ...EVERYWHERE, srcRange: '0.0.0.0/0', destRange: '198.51.100.7/32' },
          nextHopOtherRoutes: 'DEFAULT_ROUTING',
        }),
      verdict: 'reachable',
    },
    {
      tag: 'gcp#121',
      name: 'for tagged VMs only',
      given: (f) =>
        f.policyBasedRoute('pbr1', {
          filter: { ...EVERYWHERE, srcRange: '10.0.0.0/24' },
          virtualMachine: { tags: ['x'] },
          nextHopIlbIp: '10.0.0.50',
        }),
      verdict: 'reachable',
    },
    { tag: 'gcp#122', name: 'not for IAP', given: toBalancer, ...IAP, verdict: 'reachable' },
  ]);
});

describe('what the sender may send', () => {
  const mailRule = (f: Fixture): Fixture => f.rule('allow-mail', { allowed: l4('tcp:25') });
  rows([
    {
      tag: 'gcp#123',
      name: 'a deny of egress',
      given: (f) => {
        const all = { direction: 'EGRESS', destinationRanges: ['0.0.0.0/0'] };
        vm2(f).rule('deny-out', { ...all, denied: SSH, targetTags: ['client'], priority: 100 });
      },
      target: '10.0.0.2',
      from: '10.0.0.5',
      ...DENIED,
      causes: ['gcp/src-egress-deny'],
    },
    {
      tag: 'gcp#133',
      name: 'mail to an external address',
      given: (f) => mailRule(vm2(f)),
      from: 'vm2',
      port: 25,
      ...DENIED,
      causes: ['gcp/src-smtp-blocked'],
    },
    { tag: 'gcp#133', name: 'mail from the internet', given: mailRule, port: 25, verdict: 'reachable' },
  ]);
});

import { describe } from '@jest/globals';
import type { Fixture } from '../../support/gcp/fixture.js';
import type { JsonRecord } from '../../support/gcp/kinds.js';
import { rows } from '../../support/gcp/row.js';
import { tcpProxy } from '../../support/gcp/topology.js';
import { globalUrl, regionalUrl, zonalUrl } from '../../support/gcp/urls.js';

const DENIED = { verdict: 'unreachable', symptom: 'times-out' } as const;

const ASKED = { target: 'vm1', via: 'load-balancer' } as const;

const ADDRESS = { IPAddress: '203.0.113.80' } as const;

/** Protocol forwarding of port 22 to vm1. */
function forwarding(f: Fixture, fields: JsonRecord = {}): Fixture {
  const target = zonalUrl('targetInstances', 'ti1');
  return f.targetInstance('ti1', 'vm1').forwardingRule('fr1', { ...ADDRESS, portRange: '22-22', target, ...fields });
}

/** A passthrough balancer whose only backend is vm1. */
function balancer(f: Fixture, healthState: string, of: { rule?: JsonRecord; service?: JsonRecord } = {}): Fixture {
  const backendService = regionalUrl('backendServices', 'bs1');
  f.backendService('bs1', ['vm1'], healthState, of.service);
  return f.forwardingRule('fr1', { ...ADDRESS, ports: ['22'], backendService, ...of.rule });
}

describe('an external passthrough balancer', () => {
  rows([
    { tag: 'gcp#134', name: 'protocol forwarding', given: (f) => forwarding(f), ...ASKED, verdict: 'reachable' },
    {
      tag: 'gcp#135',
      name: 'another port',
      given: (f) => balancer(f, 'HEALTHY', { rule: { ports: ['443'] } }),
      ...ASKED,
      ...DENIED,
      causes: ['gcp/lb-port-mismatch fr1'],
    },
    {
      tag: 'gcp#136',
      name: "the rule lets in to the VM's own address only",
      given: (f) => forwarding(f).rule('allow-ssh', { destinationRanges: ['10.0.0.2/32'] }),
      ...ASKED,
      ...DENIED,
      causes: ['gcp/fw-implied-deny net1'],
    },
    {
      tag: 'gcp#137',
      name: 'the only backend unhealthy: the last resort',
      given: (f) => balancer(f, 'UNHEALTHY'),
      ...ASKED,
      verdict: 'reachable',
      host: { verdict: 'risk', causes: ['gcp/lb-unhealthy'] },
    },
    {
      tag: 'gcp#138',
      name: 'the only backend unhealthy: dropped',
      given: (f) => balancer(f, 'UNHEALTHY', { service: { failoverPolicy: { dropTrafficIfUnhealthy: true } } }),
      ...ASKED,
      ...DENIED,
      causes: ['gcp/lb-unhealthy-drop bs1'],
    },
    {
      tag: 'gcp#139',
      name: 'for other sources',
      given: (f) => forwarding(f, { sourceIpRanges: ['192.0.2.0/24'] }),
      ...ASKED,
      ...DENIED,
      causes: ['gcp/lb-source fr1'],
    },
  ]);
});

describe('an external proxy', () => {
  rows([
    {
      tag: 'gcp#140',
      name: 'that opens the connection itself, and cannot reach its backend',
      given: (f) => tcpProxy(f, 'UNHEALTHY').rule('allow-ssh', { sourceRanges: ['198.51.100.0/24'] }),
      ...ASKED,
      verdict: 'unreachable',
      symptom: 'closed',
      among: ['gcp/lb-backend-fw'],
    },
  ]);
});

describe('an internal passthrough balancer', () => {
  rows([
    {
      tag: 'gcp#141',
      name: 'a client in another region',
      given: (f) => {
        f.addSubnet('sn-eu', { network: 'net1', prefix: '10.1.0.0/24', region: 'europe-west1' });
        f.addVm({ name: 'vm-eu', zone: 'europe-west1-b', subnet: 'sn-eu', ip: '10.1.0.5' });
        const internal = { loadBalancingScheme: 'INTERNAL' };
        const place = { network: globalUrl('networks', 'net1'), subnetwork: regionalUrl('subnetworks', 'sn1') };
        const rule = { ...internal, ...place, IPAddress: '10.0.0.80', allowGlobalAccess: false };
        balancer(f, 'HEALTHY', { rule, service: internal });
      },
      ...ASKED,
      from: 'vm-eu',
      ...DENIED,
      causes: ['gcp/lb-region fr1'],
    },
  ]);
});

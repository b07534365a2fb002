import { describe } from '@jest/globals';
import type { Fixture } from '../../support/gcp/fixture.js';
import type { JsonRecord } from '../../support/gcp/kinds.js';
import { policyRule } from '../../support/gcp/policies.js';
import { IAP, type Row, rows } from '../../support/gcp/row.js';
import { vm2 } from '../../support/gcp/topology.js';

const DENIED = { verdict: 'unreachable', symptom: 'times-out' } as const;

const BY_POLICY = { ...DENIED, causes: ['gcp/fw-net-deny pol'] } as const;

const DENY = '100 deny tcp:22 0.0.0.0/0';

/** The organisation's policy with this one rule. */
function organisation(rule: JsonRecord): Pick<Row, 'given'> {
  return { given: (f) => f.policy({ type: 'HIERARCHY', name: 'org', rules: [rule] }) };
}

/** The policy `pol` of net1 with these rules, before the classic ones. */
function first(f: Fixture, ...rules: readonly (string | JsonRecord)[]): Fixture {
  return f.policy({ type: 'NETWORK', name: 'pol', rules }).policiesFirst();
}

describe('which instances a rule is about', () => {
  const targets = (fields: JsonRecord): Pick<Row, 'given'> => organisation(policyRule(DENY, {}, fields));
  rows([
    {
      tag: 'gcp#51',
      name: 'another network',
      ...targets({ targetResources: ['https://www.googleapis.com/compute/v1/projects/p/global/networks/net2'] }),
      verdict: 'reachable',
    },
    {
      tag: 'gcp#52',
      name: 'the service account of the VM',
      ...targets({ targetServiceAccounts: ['app@p.iam.gserviceaccount.com'] }),
      ...DENIED,
      causes: ['gcp/fw-hier-deny org'],
    },
    { tag: 'gcp#53', name: 'none: it is disabled', ...targets({ disabled: true }), verdict: 'reachable' },
    {
      tag: 'gcp#54',
      name: 'proxies of internal load balancers',
      ...targets({ targetType: 'INTERNAL_MANAGED_LB' }),
      verdict: 'reachable',
    },
  ]);
});

describe('secure tags of the target', () => {
  const tagged = (state: string): JsonRecord =>
    policyRule(DENY, {}, { targetSecureTags: [{ name: 'tagValues/1', state }] });
  rows([
    {
      tag: 'gcp#66',
      name: 'bound to the VM',
      given: (f) => first(f, tagged('EFFECTIVE')).secureTags('vm1', 'tagValues/1'),
      ...BY_POLICY,
    },
    {
      tag: 'gcp#67',
      name: 'not bound to the VM',
      given: (f) => first(f, tagged('EFFECTIVE')).secureTags('vm1'),
      verdict: 'reachable',
    },
    {
      tag: 'gcp#68',
      name: 'all ineffective: the rule is ignored',
      given: (f) => first(f, tagged('INEFFECTIVE')).secureTags('vm1', 'tagValues/1'),
      verdict: 'reachable',
    },
  ]);
});

describe('secure tags of the source', () => {
  /** Nothing but a policy that lets in what has the tag, and vm2 as the client. */
  const bySourceTag = (f: Fixture): Fixture => {
    const srcSecureTags = [{ name: 'tagValues/1', state: 'EFFECTIVE' }];
    const rules = [policyRule('100 allow tcp:22', { srcSecureTags })];
    return vm2(f).noRule('allow-ssh').policy({ type: 'NETWORK', name: 'pol', rules });
  };
  const asked = { target: '10.0.0.2', from: '10.0.0.5' } as const;
  rows([
    {
      tag: 'gcp#69',
      name: 'bound to the client',
      given: (f) => bySourceTag(f).secureTags('vm1').secureTags('vm2', 'tagValues/1'),
      ...asked,
      verdict: 'reachable',
    },
    {
      tag: 'gcp#70',
      name: 'that cannot be read',
      given: (f) => {
        const denied = bySourceTag(f).secureTags('vm1');
        denied.denied('effectiveTags', 'compute.instances.listEffectiveTags', f.tagSubject('vm2'));
      },
      ...asked,
      verdict: 'unknown',
      missing: ['gcp/ev-denied'],
    },
  ]);
});

describe('sources that only Google knows', () => {
  rows([
    {
      tag: 'gcp#71',
      name: 'a deny of names',
      given: (f) => first(f, policyRule('100 deny tcp:22', { srcFqdns: ['bad.example.com'] })),
      verdict: 'unknown',
      missing: ['gcp/fw-undecidable'],
      bestGuess: 'reachable',
    },
    {
      tag: 'gcp#72',
      name: 'an allow of a country before a deny',
      given: (f) => first(f, policyRule('100 allow tcp:22', { srcRegionCodes: ['US'] }), '200 deny all 0.0.0.0/0'),
      verdict: 'unknown',
      missing: ['gcp/fw-undecidable'],
    },
    {
      tag: 'gcp#73',
      name: 'a deny of a threat list before a deny',
      given: (f) => {
        const srcThreatIntelligences = ['iplist-known-malicious-ips'];
        first(f, policyRule('100 deny tcp:22', { srcThreatIntelligences }), '200 deny tcp:22 0.0.0.0/0');
      },
      ...BY_POLICY,
    },
    {
      tag: 'gcp#83',
      name: 'no source that is known here',
      given: (f) => first(f, policyRule('100 deny tcp:22')),
      verdict: 'unknown',
      missing: ['gcp/fw-undecidable'],
    },
  ]);
});

describe('an address group', () => {
  const GROUP = 'projects/p/locations/global/addressGroups/bad';
  const byGroup = (f: Fixture): Fixture => {
    const items = ['198.51.100.0/24'];
    f.add('addressGroups', { name: GROUP, type: 'IPV4', capacity: 100, purpose: ['DEFAULT'], items });
    return first(f, policyRule('100 deny tcp:22', { srcAddressGroups: [GROUP] }));
  };
  rows([
    { tag: 'gcp#74', name: 'that holds the client', given: byGroup, ...BY_POLICY },
    {
      tag: 'gcp#75',
      name: 'that cannot be read',
      given: (f) => byGroup(f).denied('addressGroups', 'networksecurity.addressGroups.get'),
      verdict: 'unknown',
    },
  ]);
});

describe('the network context', () => {
  const fromInternet = (f: Fixture): Fixture => first(f, policyRule(DENY, { srcNetworkContext: 'INTERNET' }));
  rows([
    { tag: 'gcp#76', name: 'INTERNET: a client on the internet', given: fromInternet, ...BY_POLICY },
    { tag: 'gcp#77', name: 'INTERNET: not through IAP', given: fromInternet, ...IAP, verdict: 'reachable' },
    {
      tag: 'gcp#78',
      name: 'INTERNET: a VM that dials an external address',
      given: (f) => fromInternet(vm2(f)),
      from: 'vm2',
      ...BY_POLICY,
    },
    {
      tag: 'gcp#79',
      name: 'INTRA_VPC: a VM of the network',
      given: (f) => {
        const rules = [policyRule('100 allow tcp:22', { srcNetworkContext: 'INTRA_VPC' })];
        vm2(f).noRule('allow-ssh').policy({ type: 'NETWORK', name: 'pol', rules });
      },
      target: '10.0.0.2',
      from: '10.0.0.5',
      verdict: 'reachable',
    },
  ]);
});

describe('actions', () => {
  const inspect = { securityProfileGroup: '//networksecurity.googleapis.com/organizations/1/locations/global/g' };
  rows([
    {
      tag: 'gcp#80',
      name: 'inspection decides behind the rule',
      ...organisation(policyRule('100 apply_security_profile_group tcp:22 0.0.0.0/0', {}, inspect)),
      verdict: 'unknown',
      missing: ['gcp/fw-inspect'],
      bestGuess: 'reachable',
    },
    {
      tag: 'gcp#81',
      name: 'a deny of every protocol',
      given: (f) => first(f, '100 deny all 0.0.0.0/0'),
      ...BY_POLICY,
    },
    {
      tag: 'gcp#87',
      name: 'mirroring decides nothing',
      given: (f) => {
        const mirror = policyRule('100 mirror tcp:22 0.0.0.0/0');
        f.policy({ type: 'NETWORK', name: 'pol', rules: [], packetMirroringRules: [mirror] }).policiesFirst();
      },
      verdict: 'reachable',
    },
  ]);
});

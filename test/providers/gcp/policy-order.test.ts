import { describe } from '@jest/globals';
import { invented } from '../../support/collected-answers.js';
import type { Fixture } from '../../support/gcp/fixture.js';
import { l4 } from '../../support/gcp/records.js';
import { type Row, rows } from '../../support/gcp/row.js';
import { SSH } from '../../support/gcp/topology.js';

const DENIED = { verdict: 'unreachable', symptom: 'times-out' } as const;

const ALLOW = '100 allow tcp:22 0.0.0.0/0';
const DENY = '100 deny tcp:22 0.0.0.0/0';

/** The organisation's policy with these rules. */
function organisation(f: Fixture, ...rules: readonly string[]): Fixture {
  return f.policy({ type: 'HIERARCHY', name: 'org', rules });
}

/** The global policy `pol` of net1 with these rules. */
function global(f: Fixture, ...rules: readonly string[]): Fixture {
  return f.policy({ type: 'NETWORK', name: 'pol', rules });
}

/** A policy of net1 in us-central1. */
function regional(f: Fixture, name: string, rule: string, priority = 1000): Fixture {
  return f.policy({ type: 'NETWORK_REGIONAL', name, region: 'us-central1', priority, rules: [rule] });
}

describe('hierarchical policies', () => {
  rows([
    {
      tag: 'gcp#46',
      name: 'the organisation denies',
      given: (f) => organisation(f, DENY),
      ...DENIED,
      causes: ['gcp/fw-hier-deny org'],
    },
    {
      tag: 'gcp#47',
      name: 'an allow of the organisation is final',
      given: (f) => organisation(f, ALLOW).rule('deny', { denied: l4('all'), priority: 0 }),
      verdict: 'reachable',
    },
    {
      tag: 'gcp#48',
      name: 'goto_next leaves the whole policy',
      given: (f) => organisation(f, '10 goto_next tcp:22 0.0.0.0/0', '20 deny all 0.0.0.0/0'),
      verdict: 'reachable',
    },
    {
      tag: 'gcp#49',
      name: 'the folder denies what the organisation passes on',
      given: (f) => {
        organisation(f, '10 goto_next tcp:22 0.0.0.0/0');
        f.policy({ type: 'HIERARCHY', name: 'folder', rules: [DENY] });
      },
      ...DENIED,
      causes: ['gcp/fw-hier-deny folder'],
    },
    {
      tag: 'gcp#50',
      name: 'the upper folder allows before the lower one denies',
      given: (f) => {
        f.policy({ type: 'HIERARCHY', name: 'upper', rules: [ALLOW] });
        f.policy({ type: 'HIERARCHY', name: 'lower', rules: [DENY] });
      },
      verdict: 'reachable',
    },
  ]);
});

describe('a Shared VPC', () => {
  /** vm1 in a network of the project `host`; net1 of the project `p` is none of its own. */
  const shared = (f: Fixture): Fixture => {
    f.addNetwork('shared', {}, 'host');
    f.addSubnet('sn-shared', { network: 'shared', prefix: '10.8.0.0/24', project: 'host' });
    f.rule('allow-shared', { network: 'shared', allowed: SSH }, 'host');
    const nic = { networkIP: '10.8.0.2', network: 'projects/host/global/networks/shared' };
    return f.nic('vm1', 0, { ...nic, subnetwork: 'projects/host/regions/us-central1/subnetworks/sn-shared' });
  };
  const folderOf = (f: Fixture, project: string): Fixture =>
    f.policy({ type: 'HIERARCHY', name: 'folder', project, rules: [DENY] });
  rows([
    {
      tag: 'gcp#85',
      name: 'the folder of the service project denies',
      given: (f) => folderOf(shared(f), 'p'),
      verdict: 'reachable',
    },
    {
      tag: 'gcp#86',
      name: 'the folder of the host project denies',
      given: (f) => folderOf(shared(f), 'host'),
      ...DENIED,
      causes: ['gcp/fw-hier-deny folder'],
    },
  ]);
});

describe('policies that Google manages', () => {
  const system = (f: Fixture, rule: string): Fixture =>
    f.policy({ type: 'SYSTEM_REGIONAL', name: 'gke', region: 'us-central1', priority: 1, rules: [rule] });
  rows([
    { tag: 'gcp#64', name: 'deny', given: (f) => system(f, DENY), ...DENIED, causes: ['gcp/fw-sys-deny gke'] },
    {
      tag: 'gcp#65',
      name: 'allow before a network policy',
      given: (f) => global(system(f, ALLOW), DENY).policiesFirst(),
      verdict: 'reachable',
    },
  ]);
});

describe('network policies and classic rules', () => {
  rows([
    {
      tag: 'gcp#55',
      name: 'after: the classic allow is final',
      given: (f) => global(f, DENY),
      verdict: 'reachable',
    },
    {
      tag: 'gcp#56',
      name: 'before: the policy denies',
      given: (f) => global(f, DENY).policiesFirst(),
      ...DENIED,
      causes: ['gcp/fw-net-deny pol'],
    },
    {
      tag: 'gcp#57',
      name: 'after: the implied deny comes last',
      given: (f) => global(f, ALLOW).noRule('allow-ssh'),
      verdict: 'reachable',
    },
    {
      tag: 'gcp#58',
      name: 'before: an allow overrides any classic deny',
      given: (f) =>
        global(f, ALLOW)
          .rule('deny', { denied: l4('all'), priority: 0 })
          .policiesFirst(),
      verdict: 'reachable',
    },
    {
      tag: 'gcp#60',
      name: 'before: no policy matches',
      given: (f) => global(f, '100 deny tcp:443 0.0.0.0/0').policiesFirst(),
      verdict: 'reachable',
    },
    {
      tag: 'gcp#84',
      name: 'before: nothing but the default rules',
      given: (f) => global(f).policiesFirst(),
      verdict: 'reachable',
    },
  ]);
});

describe('regional policies', () => {
  const two = (first: string, second: string): Pick<Row, 'given'> => ({
    // The answer has the one of lower precedence first.
    given: (f) => regional(regional(f, 'second', second, 20), 'first', first, 10).policiesFirst(),
  });
  rows([
    {
      tag: 'gcp#59',
      name: 'denies what the global one passes on',
      given: (f) => regional(global(f, '100 goto_next tcp:22 0.0.0.0/0'), 'reg', DENY).policiesFirst(),
      ...DENIED,
      causes: ['gcp/fw-reg-deny reg'],
    },
    {
      tag: 'gcp#61',
      name: 'of another region',
      given: (f) => {
        f.addSubnet('sn-eu', { network: 'net1', prefix: '10.1.0.0/24', region: 'europe-west1' }).policiesFirst();
        f.policy({ type: 'NETWORK_REGIONAL', name: 'eu', region: 'europe-west1', rules: [DENY] });
      },
      verdict: 'reachable',
    },
    { tag: 'gcp#62', name: 'two: allow, deny', ...two(ALLOW, DENY), verdict: 'reachable' },
    { tag: 'gcp#62', name: 'two: deny, allow', ...two(DENY, ALLOW), ...DENIED, causes: ['gcp/fw-reg-deny first'] },
    {
      tag: 'gcp#63',
      name: 'two of one priority: by name',
      given: (f) => regional(regional(f, 'a', DENY), 'b', ALLOW).policiesFirst(),
      ...DENIED,
      causes: ['gcp/fw-reg-deny a'],
    },
  ]);
});

describe('an unknown type of policy', () => {
  rows([
    {
      tag: 'gcp#82',
      given: (f) => f.policy({ type: invented('NEW_KIND'), name: 'new', rules: [DENY] }),
      verdict: 'unknown',
    },
  ]);
});

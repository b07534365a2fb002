import { describe, expect, test } from '@jest/globals';
import { explain } from '../../../src/index.js';
import { type Fixture, f0 } from '../../support/gcp/fixture.js';
import { ALL_KINDS } from '../../support/gcp/kinds.js';
import { type Row, rows } from '../../support/gcp/row.js';

/** No call that tells of policies was permitted. */
function withoutPolicies(f: Fixture): Fixture {
  f.denied('networkFirewalls', 'compute.networks.getEffectiveFirewalls');
  f.denied('regionFirewalls', 'compute.networks.getRegionEffectiveFirewalls');
  return f.denied('instanceFirewalls', 'compute.instances.getEffectiveFirewalls', f.nicSubject('vm1'));
}

describe('denied calls', () => {
  rows([
    {
      tag: 'gcp#142',
      name: 'the effective rules of the VM; those of its network are enough',
      given: (f) => f.denied('instanceFirewalls', 'compute.instances.getEffectiveFirewalls', f.nicSubject('vm1')),
      verdict: 'reachable',
    },
    {
      tag: 'gcp#143',
      name: 'every policy, with a classic allow',
      given: withoutPolicies,
      verdict: 'unknown',
      bestGuess: 'reachable',
    },
    {
      tag: 'gcp#144',
      name: 'every policy, without a classic rule',
      given: (f) => withoutPolicies(f).noRule('allow-ssh'),
      verdict: 'unknown',
      bestGuess: 'unreachable',
    },
  ]);
});

describe('a zone that did not answer', () => {
  rows([
    {
      tag: 'gcp#146',
      given: (f) => f.unreachable('instances', 'zones/us-central1-a'),
      target: 'vm1',
      // gcloud prints no word of it in its list.
      forms: ['rest', 'fetched'],
      problems: ['us-central1-a'],
    },
  ]);
});

describe('a network whose order of layers cannot be read', () => {
  const unordered = (f: Fixture): Fixture => {
    f.policy({ type: 'NETWORK', name: 'pol', rules: ['100 deny tcp:22 0.0.0.0/0'] });
    return f.denied('networks', 'compute.networks.list');
  };
  const stopped: Pick<Row, 'verdict' | 'symptom'> = { verdict: 'unreachable', symptom: 'times-out' };
  rows([
    { tag: 'gcp#148', name: 'the orders differ', given: unordered, verdict: 'unknown' },
    {
      tag: 'gcp#148b',
      name: 'both orders deny',
      given: (f) => unordered(f).noRule('allow-ssh'),
      ...stopped,
      causes: ['gcp/fw-net-deny pol'],
    },
  ]);
});

describe('a list that was denied', () => {
  const asked = (f: Fixture, target = 'vm1') => {
    const { report, problems } = explain({ documents: f.documents('fetched') }, { target, from: '198.51.100.7' });
    return report?.targets[0]?.verdict ?? problems[0]?.severity;
  };
  // Without the list of instances nobody can tell which one is asked about: that is a problem, and no answer.
  test.each(ALL_KINDS)('%s closes nothing', (kind) => {
    expect(asked(f0().denied(kind, 'compute.some.list'))).toMatch(/^(?:reachable|unknown|error)$/);
  });

  test.each(ALL_KINDS)('%s opens nothing', (kind) => {
    const f = f0().rule('allow-ssh', { disabled: true });
    expect(asked(f.denied(kind, 'compute.some.list'))).toMatch(/^(?:unreachable|unknown|error)$/);
  });
});

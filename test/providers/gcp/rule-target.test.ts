import { describe } from '@jest/globals';
import type { JsonRecord } from '../../support/gcp/kinds.js';
import { type Row, rows } from '../../support/gcp/row.js';

const IMPLIED = { verdict: 'unreachable', symptom: 'times-out', causes: ['gcp/fw-implied-deny net1'] } as const;

const MISMATCH = { ...IMPLIED, hints: ['gcp/fw-target-mismatch'] } as const;

const APP = 'app@p.iam.gserviceaccount.com';

function ruleA(fields: JsonRecord): Pick<Row, 'given'> {
  return { given: (f) => f.rule('allow-ssh', fields) };
}

describe('target tags', () => {
  rows([
    { tag: 'gcp#11', name: 'none of the VM', ...ruleA({ targetTags: ['ssh'] }), ...MISMATCH },
    { tag: 'gcp#12', name: 'any of them', ...ruleA({ targetTags: ['ssh', 'web'] }), verdict: 'reachable' },
  ]);
});

describe('target service accounts', () => {
  rows([
    { tag: 'gcp#13', name: 'that of the VM', ...ruleA({ targetServiceAccounts: [APP] }), verdict: 'reachable' },
    {
      tag: 'gcp#14',
      name: 'another one',
      ...ruleA({ targetServiceAccounts: ['other@p.iam.gserviceaccount.com'] }),
      ...MISMATCH,
    },
    {
      tag: 'gcp#15',
      name: 'a VM without one',
      given: (f) => f.rule('allow-ssh', { targetServiceAccounts: [APP] }).vm('vm1', { serviceAccounts: undefined }),
      ...IMPLIED,
    },
    {
      tag: 'gcp#42',
      name: 'beside tags, which the API never answers',
      ...ruleA({ targetTags: ['web'], sourceServiceAccounts: [APP], sourceRanges: undefined }),
      verdict: 'unknown',
      missing: ['gcp/fw-undecidable'],
    },
  ]);
});

import { describe } from '@jest/globals';
import type { JsonRecord } from '../../support/gcp/kinds.js';
import { type Row, rows } from '../../support/gcp/row.js';
import { SSH, vm2, vm2InNet2 } from '../../support/gcp/topology.js';

const DENIED = { verdict: 'unreachable', symptom: 'times-out' } as const;

const IMPLIED = { ...DENIED, causes: ['gcp/fw-implied-deny net1'] } as const;

function ruleA(fields: JsonRecord): Pick<Row, 'given'> {
  return { given: (f) => f.rule('allow-ssh', fields) };
}

describe('ranges', () => {
  const halved = { from: '198.51.100.0/24', ...DENIED, verdict: 'partial' } as const;
  rows([
    {
      tag: 'gcp#23',
      name: 'no source at all is every IPv4 address',
      ...ruleA({ sourceRanges: undefined }),
      verdict: 'reachable',
    },
    {
      tag: 'gcp#24',
      name: 'half of the source',
      ...ruleA({ sourceRanges: ['198.51.100.0/25'] }),
      ...halved,
      causes: ['gcp/fw-implied-deny net1'],
      reachableFrom: ['198.51.100.0/25'],
      unknownFrom: [],
    },
    {
      tag: 'gcp#25',
      name: 'all but one address',
      given: (f) => f.rule('deny', { denied: SSH, sourceRanges: ['198.51.100.7/32'], priority: 900 }),
      ...halved,
      causes: ['gcp/fw-classic-deny deny'],
      reachableFrom: [
        '198.51.100.0/30',
        '198.51.100.4/31',
        '198.51.100.6/32',
        '198.51.100.8/29',
        '198.51.100.16/28',
        '198.51.100.32/27',
        '198.51.100.64/26',
        '198.51.100.128/25',
      ],
      unknownFrom: [],
    },
    { tag: 'gcp#26', name: 'without a length', ...ruleA({ sourceRanges: ['198.51.100.7'] }), verdict: 'reachable' },
    {
      tag: 'gcp#27',
      name: 'of the other family',
      ...ruleA({ sourceRanges: ['::/0'] }),
      ...IMPLIED,
      hints: ['gcp/fw-family'],
    },
  ]);
});

describe('source tags', () => {
  const BY_TAG = { sourceTags: ['client'], sourceRanges: undefined };
  const byTag: Row['given'] = (f) => vm2(f).rule('allow-ssh', BY_TAG);
  rows([
    {
      tag: 'gcp#16',
      name: 'a client on the internet',
      ...ruleA(BY_TAG),
      ...IMPLIED,
      hints: ['gcp/fw-source-tag-external'],
    },
    { tag: 'gcp#17', name: 'the VM', given: byTag, target: '10.0.0.2', from: '10.0.0.5', verdict: 'reachable' },
    { tag: 'gcp#18', name: 'an alias of the VM', given: byTag, target: '10.0.0.2', from: '10.0.0.64', ...IMPLIED },
    { tag: 'gcp#19', name: 'the VM, to the external address', given: byTag, from: 'vm2', ...IMPLIED },
    {
      tag: 'gcp#20',
      name: 'a VM of a peered network',
      given: (f) => vm2InNet2(f).peer('net1', 'net2').rule('allow-ssh', BY_TAG),
      target: '10.0.0.2',
      from: '10.0.2.5',
      ...IMPLIED,
    },
    {
      tag: 'gcp#21',
      name: 'or a range',
      ...ruleA({ sourceTags: ['client'], sourceRanges: ['192.0.2.0/24'] }),
      from: '192.0.2.9',
      verdict: 'reachable',
    },
  ]);
});

describe('source service accounts', () => {
  rows([
    {
      tag: 'gcp#22',
      name: 'that of the VM',
      given: (f) => {
        const sourceServiceAccounts = ['cli@p.iam.gserviceaccount.com'];
        vm2(f).rule('allow-ssh', { sourceServiceAccounts, sourceRanges: undefined });
      },
      target: '10.0.0.2',
      from: '10.0.0.5',
      verdict: 'reachable',
    },
  ]);
});

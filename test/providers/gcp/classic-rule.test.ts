import { describe } from '@jest/globals';
import type { JsonRecord } from '../../support/gcp/kinds.js';
import { l4 } from '../../support/gcp/records.js';
import { type Row, rows } from '../../support/gcp/row.js';
import { net2, SSH } from '../../support/gcp/topology.js';

const DENIED = { verdict: 'unreachable', symptom: 'times-out' } as const;

const IMPLIED = { ...DENIED, causes: ['gcp/fw-implied-deny net1'] } as const;

/** allow-ssh with these fields. */
function ruleA(fields: JsonRecord & { readonly network?: string }): Pick<Row, 'given'> {
  return { given: (f) => f.rule('allow-ssh', fields) };
}

/** allow-ssh beside a rule `deny` with these fields. */
function alsoDeny(fields: JsonRecord): Pick<Row, 'given'> {
  return { given: (f) => f.rule('deny', { denied: l4('all'), ...fields }) };
}

const BY_DENY = { ...DENIED, causes: ['gcp/fw-classic-deny deny'] } as const;

describe('priorities', () => {
  rows([
    { tag: 'gcp#1', name: 'the fixture itself', verdict: 'reachable', reachableFrom: ['198.51.100.7/32'] },
    { tag: 'gcp#2', name: 'no rule', given: (f) => f.noRule('allow-ssh'), ...IMPLIED },
    { tag: 'gcp#3', name: 'equal: deny wins', ...alsoDeny({ denied: SSH, priority: 1000 }), ...BY_DENY },
    { tag: 'gcp#4', name: 'a deny behind the allow', ...alsoDeny({ priority: 1001 }), verdict: 'reachable' },
    { tag: 'gcp#5', name: 'a deny before the allow', ...alsoDeny({ priority: 999 }), ...BY_DENY },
    {
      tag: 'gcp#6',
      name: 'both at 0',
      given: (f) => f.rule('allow-ssh', { priority: 0 }).rule('deny', { denied: l4('all'), priority: 0 }),
      ...BY_DENY,
    },
    {
      tag: 'gcp#7',
      name: 'an allow at the number of the implied rules',
      ...ruleA({ priority: 65535 }),
      verdict: 'unknown',
      missing: ['gcp/fw-priority-65535'],
      bestGuess: 'reachable',
    },
    {
      tag: 'gcp#8',
      name: 'a deny at the number of the implied rules',
      given: (f) => f.rule('allow-ssh', { priority: 65534 }).rule('deny', { denied: SSH, priority: 65535 }),
      verdict: 'reachable',
    },
    {
      tag: 'gcp#44',
      name: 'neither direction nor priority',
      ...ruleA({ direction: undefined, priority: undefined }),
      verdict: 'reachable',
    },
    {
      tag: 'gcp#45',
      name: 'a deny of another port',
      ...alsoDeny({ denied: l4('tcp:80'), priority: 500 }),
      verdict: 'reachable',
    },
  ]);
});

describe('which rules count', () => {
  rows([
    {
      tag: 'gcp#9',
      name: 'the allow is disabled',
      ...ruleA({ disabled: true }),
      ...IMPLIED,
      hints: ['gcp/fw-classic-disabled'],
    },
    {
      tag: 'gcp#10',
      name: 'the deny is disabled',
      ...alsoDeny({ priority: 10, disabled: true }),
      verdict: 'reachable',
    },
    {
      tag: 'gcp#37',
      name: 'an allow of egress',
      ...ruleA({ direction: 'EGRESS', sourceRanges: undefined, destinationRanges: ['0.0.0.0/0'] }),
      ...IMPLIED,
    },
    {
      tag: 'gcp#38',
      name: 'a deny of egress: replies are tracked',
      ...alsoDeny({ direction: 'EGRESS', destinationRanges: ['0.0.0.0/0'], priority: 0 }),
      verdict: 'reachable',
    },
    {
      tag: 'gcp#41',
      name: 'of another network',
      given: (f) => net2(f).rule('allow-ssh', { network: 'net2' }),
      ...IMPLIED,
    },
  ]);
});

describe('protocols and ports', () => {
  const allowed = (...texts: readonly string[]): Pick<Row, 'given'> => ruleA({ allowed: l4(...texts) });
  rows([
    { tag: 'gcp#28', name: 'tcp by its number', ...allowed('6:22'), verdict: 'reachable' },
    { tag: 'gcp#29', name: 'a range', ...allowed('tcp:20-25'), verdict: 'reachable' },
    { tag: 'gcp#30', name: 'the second entry', ...allowed('tcp:23-25', 'tcp:22'), verdict: 'reachable' },
    { tag: 'gcp#31', name: 'tcp without ports', ...allowed('tcp'), verdict: 'reachable' },
    { tag: 'gcp#32', name: 'every protocol', ...allowed('all'), verdict: 'reachable' },
    { tag: 'gcp#33', name: 'udp and icmp', ...allowed('udp:22', 'icmp'), ...IMPLIED },
    { tag: 'gcp#34', name: 'another port', port: 2222, ...IMPLIED, hints: ['gcp/fw-port-mismatch'] },
    { tag: 'gcp#35', name: 'the last port of a range', ...allowed('tcp:1-65535'), port: 65535, verdict: 'reachable' },
    { tag: 'gcp#36', name: 'tcp in capitals', ...allowed('TCP:22'), verdict: 'reachable' },
  ]);
});

describe('the destination', () => {
  rows([
    {
      tag: 'gcp#39',
      name: 'the internal address',
      ...ruleA({ destinationRanges: ['10.0.0.2/32'] }),
      verdict: 'reachable',
    },
    {
      tag: 'gcp#40',
      name: 'the external address, which no rule ever sees',
      ...ruleA({ destinationRanges: ['203.0.113.10/32'] }),
      ...IMPLIED,
      says: ['internal address'],
    },
  ]);
});

describe('the rules of a default network', () => {
  const defaults: Pick<Row, 'given'> = {
    given: (f) => {
      const internal = { sourceRanges: ['10.128.0.0/9'], allowed: l4('tcp:0-65535', 'udp:0-65535', 'icmp') };
      f.noRule('allow-ssh');
      f.rule('default-allow-internal', { ...internal, priority: 65534 });
      f.rule('default-allow-ssh', { allowed: SSH, priority: 65534 });
      f.rule('default-allow-rdp', { allowed: l4('tcp:3389'), priority: 65534 });
      f.rule('default-allow-icmp', { allowed: l4('icmp'), priority: 65534 });
    },
  };
  rows([
    { tag: 'gcp#43', name: 'port 22', ...defaults, verdict: 'reachable' },
    { tag: 'gcp#43', name: 'port 2222', ...defaults, port: 2222, ...IMPLIED },
  ]);
});

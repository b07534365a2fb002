import { describe } from '@jest/globals';
import { invented } from '../../support/collected-answers.js';
import { resource } from '../../support/gcp/records.js';
import { type Row, rows } from '../../support/gcp/row.js';
import { regionalUrl, regionUrl, zonalUrl } from '../../support/gcp/urls.js';

const DENIED = { verdict: 'unreachable', symptom: 'times-out' } as const;

function status(name: string, text = () => name): Pick<Row, 'name' | 'given'> {
  return { name, given: (f) => f.vm('vm1', { status: text() }) };
}

describe('the state of the instance', () => {
  rows([
    {
      tag: 'gcp#88',
      name: 'stopped, and its static address still in use',
      given: (f) =>
        f.vm('vm1', { status: 'TERMINATED' }).add('addresses', {
          ...resource('address', regionalUrl('addresses', 'ip1')),
          address: '203.0.113.10',
          addressType: 'EXTERNAL',
          region: regionUrl('us-central1'),
          status: 'IN_USE',
          users: [zonalUrl('instances', 'vm1')],
        }),
      ...DENIED,
      causes: ['gcp/inst-stopped vm1'],
    },
    { tag: 'gcp#89', ...status('SUSPENDED'), ...DENIED, causes: ['gcp/inst-suspended vm1'] },
    { tag: 'gcp#89', ...status('STOPPING'), ...DENIED, causes: ['gcp/inst-stopping vm1'] },
    { tag: 'gcp#89', ...status('STAGING'), ...DENIED, causes: ['gcp/inst-starting vm1'] },
    { tag: 'gcp#89', ...status('REPAIRING'), ...DENIED, causes: ['gcp/inst-repairing vm1'] },
    { tag: 'gcp#90', ...status('PENDING_STOP'), verdict: 'reachable', host: { verdict: 'risk' } },
    { tag: 'gcp#91', ...status('HIBERNATING', () => invented('HIBERNATING')), verdict: 'unknown' },
  ]);
});

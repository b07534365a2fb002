import { describe, expect, test } from '@jest/globals';
import { type Fixture, f0 } from '../../support/azure/fixture.js';
import { networkManager } from '../../support/azure/manager-records.js';
import { lossOf } from '../../support/losses.js';

type Edit = (f: Fixture) => unknown;

interface DiffRow {
  readonly tag: string;
  readonly name: string;
  readonly before?: Edit;
  readonly after: Edit;
  readonly loss: string;
}

/** Where one /24 may connect. */
const office: Edit = (f) => f.rule('allow-ssh', { sourceAddressPrefix: '203.0.113.0/24' });

function evidenceOf(...edits: readonly (Edit | undefined)[]) {
  const fixture = f0();
  for (const edit of edits) edit?.(fixture);
  return { documents: fixture.documents('fetched') };
}

const closed: Edit = (f) => f.noRule('allow-ssh');
const flushing =
  (group: string): Edit =>
  (f) =>
    f.edit('networkSecurityGroups', group, { flushConnection: true });

const ROWS: readonly DiffRow[] = [
  { tag: 'azure#134', name: 'a rule that has gone', after: closed, loss: 'go-on, times-out, azure/nsg-subnet' },
  {
    tag: 'azure#135',
    name: 'a rule that has gone, of a group that judges connections again',
    before: flushing('nsg1'),
    after: closed,
    loss: 'end, times-out, azure/nsg-subnet',
  },
  {
    tag: 'azure.md 2.4',
    name: 'a group that begins to judge them again',
    after: (f) => [closed, flushing('nsg1')].forEach((edit) => void edit(f)),
    loss: 'end, times-out, azure/nsg-subnet',
  },
  {
    tag: 'azure.md 2.4',
    name: 'one of two groups judges them again',
    before: (f) => flushing('nsg2')(f.addNsg('nsg2', { nics: ['nicA'] }).rule('allow', {}, 'nsg2')),
    after: closed,
    loss: 'unknown, times-out, azure/nsg-subnet',
  },
  {
    tag: 'azure.md 2.4',
    name: 'an interface that tracks none',
    before: (f) => f.nic('nicA', { disableTcpStateTracking: true }),
    after: closed,
    loss: 'end, times-out, azure/nsg-subnet',
  },
  {
    tag: 'azure.md 2.5',
    name: 'an admin rule',
    before: (f) => f.add('networkManagers', networkManager('nm1')),
    after: (f) => f.adminRule('deny', { access: 'Deny' }),
    loss: 'unknown, times-out, azure/avnm-admin-rule',
  },
  {
    tag: 'azure.md 2.8',
    name: 'a machine that is stopped',
    after: (f) => f.power('vmA', 'deallocated'),
    loss: 'end, times-out, azure/vm-power',
  },
];

describe('what becomes of open connections', () => {
  test.each(ROWS)('$tag $name', ({ before, after, loss }) => {
    const [earlier, later] = [evidenceOf(office, before), evidenceOf(office, before, after)];
    expect(lossOf(earlier, later, 'vmA', '203.0.113.0/24')).toBe(loss);
  });
});

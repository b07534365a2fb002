import { describe, expect, test } from '@jest/globals';
import { type Fixture, f0 } from '../../support/gcp/fixture.js';
import { l4 } from '../../support/gcp/records.js';
import { lossOf } from '../../support/losses.js';

type Edit = (f: Fixture) => unknown;

interface DiffRow {
  readonly tag: string;
  readonly name: string;
  readonly after: Edit;
  readonly loss: string;
}

const OFFICE = '198.51.100.0/24';

/** Where one /24 may connect. */
const office: Edit = (f) => f.rule('allow-ssh', { allowed: l4('tcp:22'), sourceRanges: [OFFICE] });

function evidenceOf(...edits: readonly Edit[]) {
  const fixture = f0();
  for (const edit of edits) edit(fixture);
  return { documents: fixture.documents('fetched') };
}

const ROWS: readonly DiffRow[] = [
  {
    tag: 'gcp.md 2.7',
    name: 'a rule that has gone',
    after: (f) => f.remove('firewalls', 'allow-ssh'),
    loss: 'go-on, times-out, gcp/fw-implied-deny',
  },
  {
    tag: 'gcp.md 2.7',
    name: 'a new rule that denies',
    after: (f) => f.rule('deny', { denied: l4('tcp:22'), priority: 1 }),
    loss: 'go-on, times-out, gcp/fw-classic-deny',
  },
  {
    tag: 'gcp.md 2.7',
    name: 'an instance that is stopped',
    after: (f) => f.edit('instances', 'vm1', { status: 'TERMINATED' }),
    loss: 'end, times-out, gcp/inst-stopped',
  },
];

describe('what becomes of open connections', () => {
  test.each(ROWS)('$tag $name', ({ after, loss }) => {
    const [earlier, later] = [evidenceOf(office), evidenceOf(office, after)];
    expect(lossOf(earlier, later, 'vm1', OFFICE)).toBe(loss);
  });
});

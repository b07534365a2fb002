import { describe, expect, test } from '@jest/globals';
import { explain } from '../../../src/index.js';
import { f0 } from '../../support/azure/fixture.js';
import { ALL_KINDS } from '../../support/azure/kinds.js';

describe('a list that was denied', () => {
  test.each(ALL_KINDS)('%s closes nothing', (kind) => {
    const f = f0().denied(kind);
    const target = kind === 'publicIPAddresses' ? 'vmA' : '20.1.2.3';
    const { report, problems } = explain({ documents: f.documents('fetched') }, { target, from: '203.0.113.7' });
    const [answer] = report?.targets ?? [];
    // Without the list of machines nobody can tell which one is asked about: that is a problem, and no answer.
    expect(answer?.verdict ?? problems[0]?.severity).toMatch(/^(?:reachable|unknown|error)$/);
  });
});

describe('a list that opens', () => {
  test.each(ALL_KINDS)('%s opens nothing when it was denied', (kind) => {
    const f = f0().noRule('allow-ssh').denied(kind);
    const { report, problems } = explain({ documents: f.documents('fetched') }, { target: 'vmA', from: '203.0.113.7' });
    expect(report?.targets[0]?.verdict ?? problems[0]?.severity).toMatch(/^(?:unreachable|unknown|error)$/);
  });
});

import { describe, expect, test } from '@jest/globals';
import { explain, type RecordedDocument } from '../../../src/index.js';
import { type Fixture, f0 } from '../../support/azure/fixture.js';
import { fromTag, networkManager } from '../../support/azure/manager-records.js';

/** The documents, in which a field of everything with this name holds what cannot be read. */
function unread(f: Fixture, name: string, field: string): readonly RecordedDocument[] {
  const hurt = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(hurt);
    if (typeof value !== 'object' || value === null) return value;
    const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hurt(inner)]));
    if ((copy.name ?? String(copy.id).split('/').at(-1)) !== name) return copy;
    const { properties } = copy;
    return field === 'sku'
      ? { ...copy, sku: { name: 7 } }
      : { ...copy, properties: { ...(properties as object), [field]: { seven: 7 } } };
  };
  return f.documents('rest').map(({ path, value }) => ({ path, value: hurt(value) }));
}

function verdictOf(documents: readonly RecordedDocument[], target = '20.1.2.3'): string | undefined {
  return explain({ documents, complete: true }, { target, from: '203.0.113.7' }).report?.targets[0]?.verdict;
}

describe('a part of a rule that cannot be read', () => {
  test.each([
    ['sourceAddressPrefix', '22', 'unknown'],
    ['sourceAddressPrefix', '443', 'unreachable'],
    ['destinationPortRange', '443', 'unknown'],
    ['destinationAddressPrefix', '22', 'unknown'],
    ['destinationAddressPrefix', '443', 'unreachable'],
    ['protocol', '443', 'unreachable'],
    ['access', '22', 'unknown'],
    ['access', '443', 'unreachable'],
    ['priority', '22', 'unknown'],
    ['direction', '22', 'unknown'],
    ['sourcePortRange', '22', 'unknown'],
    ['sourcePortRange', '443', 'unreachable'],
  ])('leaves the rest of it: %s, for port %s', (field, destinationPortRange, verdict) => {
    const f = f0().rule('allow-ssh', { destinationPortRange });
    expect(verdictOf(unread(f, 'allow-ssh', field))).toBe(verdict);
  });

  test('closes nothing that another rule opens', () => {
    const f = f0().deny('deny', { priority: 200 });
    expect(verdictOf(unread(f, 'deny', 'sourceAddressPrefix'))).toBe('reachable');
    expect(verdictOf(unread(f, 'deny', 'priority'))).toBe('unknown');
  });
});

test.each(['access', 'direction', 'destinationPortRanges', 'sources', 'priority'])(
  'an admin rule of which the %s cannot be read may keep out',
  (field) => {
    const f = f0().add('networkManagers', networkManager('nm1')).adminRule('deny', fromTag('Internet'));
    expect(verdictOf(f.documents('rest'))).toBe('unreachable');
    expect(verdictOf(unread(f, 'deny', field))).toBe('unknown');
  },
);

test('an SKU that cannot be read is either where no group stands', () => {
  expect(verdictOf(unread(f0().noNsg(), 'ipA', 'sku'))).toBe('unknown');
  expect(verdictOf(unread(f0(), 'ipA', 'sku'))).toBe('reachable');
  expect(verdictOf(unread(f0().noRule('allow-ssh'), 'ipA', 'sku'))).toBe('unreachable');
});

test('a machine of whose interface the addresses cannot be read may have any', () => {
  const documents = unread(f0(), 'nicA', 'ipConfigurations');
  expect(verdictOf(documents, 'vmA')).toBe('unknown');
});

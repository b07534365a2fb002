import { describe, expect, test } from '@jest/globals';
import { Links } from '../../src/plan/links.js';
import { occurrencesOf } from '../../src/plan/occurrence.js';
import type { PlanRecord } from '../../src/plan/plan-record.js';
import { readPreview } from '../../src/plan/preview.js';
import { sliceOf } from '../../src/plan/slice.js';
import type { PlanTypes, Slot } from '../../src/plan/slot.js';
import { Unknown } from '../../src/plan/tree.js';
import { View } from '../../src/plan/view.js';

const LATER = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
const later = new Unknown('until deployed');

/** A cloud of racks with shelves, and of boxes that stand on these and carry labels. */
const slots: Readonly<Record<string, readonly Slot[]>> = {
  Box: [
    { path: 'sides[].shelf.id', kind: 'shelf', isInObject: true },
    { path: 'sides[].labels[].id', kind: 'label', isFree: true, isInObject: true },
    { path: 'label.id', kind: 'label', isInObject: true },
  ],
  Sticker: [{ path: 'rack', kind: 'rack', joins: true, leads: true }],
  Note: [{ path: 'rack', kind: 'rack', joins: true }],
};
const shelvesOf = ({ name, inputs }: PlanRecord) =>
  (Array.isArray(inputs?.shelves) ? inputs.shelves : []).map((shelf) => ({
    kind: 'shelf',
    id: `${name}/${String(shelf)}`,
  }));
const types: PlanTypes = {
  slotsOf: ({ token }) => slots[token?.name ?? ''] ?? [],
  identitiesOf: (record) => [
    { kind: record.token?.name.toLowerCase() ?? '', id: record.name },
    ...(record.token?.name === 'Rack' ? shelvesOf(record) : []),
  ],
  idsFor: (kind, record, follow) =>
    types
      .identitiesOf(record, follow)
      .filter((one) => one.kind === kind)
      .map(({ id }) => id),
  normal: (_, text) => text,
  named: (_, name, ids) => ids.filter((id) => id.endsWith(`/${name}`)),
};

const urn = (name: string) => `urn:pulumi:dev::shop::test:index:${typeIn(name)}::${name}`;
const typeIn = (name: string) => name.replace(/\d/g, '').replace(/^./, (letter) => letter.toUpperCase());

/** `rack1` is a rack; what it depends on is named by property. */
function step(name: string, inputs: object, deps: Readonly<Record<string, readonly string[]>> = {}): object {
  const propertyDependencies = Object.fromEntries(Object.entries(deps).map(([key, all]) => [key, all.map(urn)]));
  const state = {
    urn: urn(name),
    type: `test:index:${typeIn(name)}`,
    custom: true,
    id: '',
    inputs,
    propertyDependencies,
  };
  return { op: 'create', urn: urn(name), newState: state };
}

function linksOf(...steps: readonly object[]): Links {
  const plan = readPreview({ steps, changeSummary: { create: steps.length } });
  return new Links(plan?.records ?? [], types, {
    moment: 'before deployment',
    showsDeletions: true,
    leaving: [],
    isStrict: false,
  });
}

function recordIn(links: Links, name: string): PlanRecord {
  const record = links.recordOf(urn(name));
  if (!record) throw new Error(`no ${name}`);
  return record;
}

const placesOf = (links: Links, name = 'box') =>
  links.of(recordIn(links, name)).map(({ path, link }) => [path, link.is, link.held]);

describe('an object that refers', () => {
  const find = (value: object) => (property: string) => (property === 'a' ? (value as never) : undefined);

  test.each([
    [{}, [{ path: 'a.id', value: later, lacking: {} }]],
    [{ name: 'x' }, [{ path: 'a.id', value: later, lacking: { name: 'x' } }]],
    [{ id: null }, [{ path: 'a.id', value: later, lacking: { id: null } }]],
    [{ id: 'x' }, [{ path: 'a.id', value: 'x' }]],
    [later, [{ path: 'a', value: later }]],
    [[], []],
  ])('%j has these places', (value, places) => {
    expect(occurrencesOf('a.id', find(value), true)).toEqual(places);
  });

  test('has none without its id where that does not count', () => {
    expect(occurrencesOf('a.id', find({}))).toEqual([]);
    expect(occurrencesOf('a.b.id', find({}), true)).toEqual([]);
    expect(occurrencesOf('a[].id', find([{}, null, { id: 'x' }]), true)).toEqual([
      { path: 'a[0].id', value: later, lacking: {} },
      { path: 'a[2].id', value: 'x' },
    ]);
  });

  const rack = step('rack', { shelves: ['top', 'low'] });
  const box = (...shelves: readonly object[]) =>
    linksOf(rack, step('box', { sides: shelves.map((shelf) => ({ shelf })) }, { sides: ['rack'] }));

  test('means the one thing on which its property depends', () => {
    const links = linksOf(
      step('rack', { shelves: ['top'] }),
      step('box', { sides: [{ shelf: {} }] }, { sides: ['rack'] }),
    );
    expect(placesOf(links)).toEqual([['sides[0].shelf.id', 'linked', ['rack/top']]]);
    expect(new View(links, 'as known').refs(recordIn(links, 'box'), 'sides[0].shelf.id')).toEqual({
      ids: ['rack/top'],
      isOpen: false,
      isUnsettled: false,
    });
  });

  test('means any of several, unless it names one', () => {
    expect(placesOf(box({}))).toEqual([['sides[0].shelf.id', 'choice', ['rack/top', 'rack/low']]]);
    expect(placesOf(box({ name: 'low' }))).toEqual([['sides[0].shelf.id', 'linked', ['rack/low']]]);
    expect(placesOf(box({ name: 'middle' }))).toEqual([['sides[0].shelf.id', 'choice', ['rack/top', 'rack/low']]]);
    expect(placesOf(box({ name: 'low' }, {}))).toEqual([
      ['sides[0].shelf.id', 'linked', ['rack/low']],
      ['sides[1].shelf.id', 'choice', ['rack/top', 'rack/low']],
    ]);
  });

  test('may mean anything where its property depends on nothing', () => {
    const links = linksOf(rack, step('box', { label: {} }, { label: [] }));
    expect(placesOf(links)).toEqual([['label.id', 'open', []]]);
  });
});

describe('a set', () => {
  const labels = [step('label1', { a: 1 }), step('label2', { a: 1 })];
  const box = (...sides: readonly object[]) =>
    linksOf(...labels, step('box', { sides }, { sides: ['label1', 'label2'] }));

  test('is counted within one list', () => {
    expect(placesOf(box({ labels: [{ id: LATER }, { id: LATER }] }))).toEqual([
      ['sides[0].labels[0].id', 'linked', ['label1']],
      ['sides[0].labels[1].id', 'linked', ['label2']],
    ]);
  });

  test('is not counted over two lists: which of them holds what matters', () => {
    expect(placesOf(box({ labels: [{ id: LATER }] }, { labels: [{ id: LATER }] }))).toEqual([
      ['sides[0].labels[0].id', 'choice', ['label1', 'label2']],
      ['sides[1].labels[0].id', 'choice', ['label2', 'label1']],
    ]);
  });
});

test('a part leads to its whole where that matters to it', () => {
  const parts = ['sticker', 'note'].map((name) => step(name, { rack: LATER }, { rack: ['rack'] }));
  const links = linksOf(step('rack', { shelves: [] }), ...parts);
  const reached = (name: string) => sliceOf(links, recordIn(links, name), []).records.map((record) => record.name);
  expect(reached('sticker')).toEqual(['note', 'rack', 'sticker']);
  expect(reached('note')).toEqual(['note']);
  expect(reached('rack')).toEqual(['note', 'rack', 'sticker']);
});

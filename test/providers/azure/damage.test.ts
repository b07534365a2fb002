import { describe, expect, test } from '@jest/globals';
import { explain, type RecordedDocument } from '../../../src/index.js';
import { type Fixture, f0 } from '../../support/azure/fixture.js';

type Fields = Record<string, unknown>;

/** What is done to a value: it becomes null, or a value of another type. */
const modes = ['null', 'type'] as const;

/** Members whose null means that nothing is there. */
const unset = new Set(['networkSecurityGroup', 'routeTable', 'virtualNetworkPeerings', 'applicationSecurityGroups']);

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

/** Every place of a document: the way to it, as keys. */
function* placesIn(value: unknown, trail: readonly string[] = []): Iterable<readonly string[]> {
  if (!isFields(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    yield [...trail, key];
    yield* placesIn(inner, [...trail, key]);
  }
}

/** The document with one value that cannot be read. */
function damaged(value: unknown, trail: readonly string[], mode: (typeof modes)[number]): unknown {
  const copy = structuredClone(value);
  const last = trail.at(-1) ?? '';
  const holder = trail.slice(0, -1).reduce<unknown>((inner, key) => (inner as Fields)[key], copy) as Fields;
  holder[last] = mode === 'null' ? null : typeof holder[last] === 'object' ? 'seven' : ['seven'];
  return copy;
}

interface Scene {
  readonly name: string;
  readonly given: (f: Fixture) => unknown;
  readonly target?: string;
  readonly from?: string;
  readonly was: 'reachable' | 'unreachable';
}

function verdictOf(documents: readonly RecordedDocument[], { target = '20.1.2.3', from = '203.0.113.7' }: Scene) {
  const { report, problems } = explain({ documents, complete: true }, { target, from });
  return report?.targets[0]?.verdict ?? problems[0]?.severity;
}

const scenes: readonly Scene[] = [
  { name: 'open', given: () => undefined, was: 'reachable' },
  { name: 'open from inside', given: () => undefined, target: '10.0.1.4', from: 'vmB', was: 'reachable' },
  { name: 'a rule that denies', given: (f) => f.deny('stop', { priority: 99 }), was: 'unreachable' },
  { name: 'no rule', given: (f) => f.noRule('allow-ssh'), was: 'unreachable' },
  { name: 'no group', given: (f) => f.noNsg(), was: 'unreachable' },
  { name: 'deallocated', given: (f) => f.power('vmA', 'deallocated'), was: 'unreachable' },
  {
    name: 'an appliance',
    given: (f) => f.routes('vnet1/s1', '0.0.0.0/0 VirtualAppliance 10.0.2.10'),
    was: 'unreachable',
  },
  {
    name: 'a peering',
    given: (f) => {
      f.addVnet('vnet2', '10.1.0.0/16').addSubnet('vnet2/p', '10.1.0.0/24');
      f.addVm('P', { subnet: 'vnet2/p', ip: '10.1.0.4' }).peer('vnet1', 'vnet2');
    },
    target: '10.0.1.4',
    from: 'vmP',
    was: 'reachable',
  },
  {
    name: 'an application group',
    given: (f) => {
      f.addAsg('web').asgs('nicA', 'web');
      f.rule('allow-ssh', {
        destinationAddressPrefix: undefined,
        destinationApplicationSecurityGroups: [{ id: f.record('applicationSecurityGroups', 'web').id }],
      });
    },
    was: 'reachable',
  },
];

describe.each(['az', 'rest', 'fetched'] as const)('what cannot be read opens and closes nothing (%s)', (form) => {
  test.each(scenes)('$name', (scene) => {
    const f = f0();
    scene.given(f);
    const documents = f.documents(form);
    expect(verdictOf(documents, scene)).toBe(scene.was);
    const wrong = scene.was === 'reachable' ? ['unreachable', 'partial'] : ['reachable', 'partial'];
    const found = documents.flatMap((document, at) =>
      [...placesIn(document.value)].flatMap((trail) =>
        modes.flatMap((mode) => {
          if (mode === 'null' && unset.has(trail.at(-1) ?? '')) return [];
          const hurt = documents.with(at, { ...document, value: damaged(document.value, trail, mode) });
          const verdict = verdictOf(hurt, scene) ?? '';
          return wrong.includes(verdict) ? [`${document.path} ${trail.join('.')}: ${mode}: ${verdict}`] : [];
        }),
      ),
    );
    expect(found).toEqual([]);
  });
});

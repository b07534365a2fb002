import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../support/runs.js';
import type { ProviderAdapter, Scene } from './adapter.js';
import {
  allow,
  audited,
  CLIENT,
  deny,
  explained,
  OFFICE,
  recordedBy,
  STRANGER,
  type Target,
  verdictOf,
  WORLD,
} from './asking.js';

/** A report without what is the machine's own: its names and its addresses. */
function anonymous(adapter: ProviderAdapter, report: Target | undefined, number: number): string {
  const { id, name, address, publicAddress } = adapter.machine(number);
  let text = JSON.stringify(report);
  for (const own of [id, name, publicAddress, address]) text = text.replaceAll(own, '?');
  return text;
}

/** That machines which nothing tells apart are answered alike, whoever else is there. */
export function twins(adapter: ProviderAdapter): void {
  const numbers = [0, 1, 2, 3, 4];
  const scenes: Readonly<Record<string, Scene>> = {
    open: { rules: [allow(WORLD)] },
    closed: {},
    'open in part': { rules: [deny('93.184.216.64/26'), allow(OFFICE), allow(adapter.neighbour.prefix)] },
    stopped: { rules: [allow(WORLD)], state: 'stopped' },
    'of a state that nobody documents': { rules: [allow(OFFICE)], state: 'undocumented' },
    'without a way back': { rules: [allow(WORLD)], wayBack: false },
  };

  describe.each(Object.entries(scenes))('twins that are %s', (_, scene) => {
    const all = audited(recordedBy(adapter, { ...scene, machines: numbers }));

    test('have the same answer, each as the others', () => {
      const [first, ...others] = numbers.map((n) => {
        const { reachableFrom, partialFrom, unknownFrom, verdict, flags } = all.get(adapter.machine(n).name) ?? {};
        return { reachableFrom, partialFrom, unknownFrom, verdict, flags };
      });
      expect(first?.verdict).toBeDefined();
      expect(others).toEqual(others.map(() => first));
    });

    test('have the same answer as each by itself', () => {
      for (const number of numbers) {
        const { name } = adapter.machine(number);
        const alone = audited(recordedBy(adapter, { ...scene, machines: [number] })).get(name);
        expect(alone).toBeDefined();
        expect(anonymous(adapter, all.get(name), number)).toBe(anonymous(adapter, alone, number));
      }
    });

    test('have the same answer to a question about one of them', () => {
      const documents = recordedBy(adapter, { ...scene, machines: numbers });
      for (const from of [CLIENT, STRANGER, adapter.neighbour.name]) {
        const verdicts = numbers.map((n) => verdictOf(explained(documents, adapter.machine(n).name, from)));
        const alone = verdictOf(explained(recordedBy(adapter, scene), adapter.machine(0).name, from));
        expect(verdicts).toEqual(numbers.map(() => alone));
      }
    });
  });

  test('one of many has the answer of that one, whichever are there', () => {
    const scene: Scene = { rules: [deny('93.184.216.64/26'), allow(OFFICE)] };
    const number = 2;
    const { name } = adapter.machine(number);
    const alone = anonymous(adapter, audited(recordedBy(adapter, { ...scene, machines: [number] })).get(name), number);
    const crowd = fc
      .shuffledSubarray([0, 1, 3, 4, 5, 6])
      .chain((others) => fc.shuffledSubarray([...others, number], { minLength: others.length + 1 }));
    fc.assert(
      fc.property(crowd, (machines) => {
        const target = audited(recordedBy(adapter, { ...scene, machines })).get(name);
        expect(anonymous(adapter, target, number)).toBe(alone);
      }),
      runs(8),
    );
  });
}

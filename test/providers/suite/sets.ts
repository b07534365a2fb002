import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../support/runs.js';
import type { ProviderAdapter, SceneRule } from './adapter.js';
import { allow, audited, explained, fateIn, reachableFrom, recordedBy, verdictOf } from './asking.js';

function numberOf(address: string): number {
  return address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);
}

function addressOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

/** The first and the last address of a prefix. */
function bounds(prefix: string): readonly [number, number] {
  const [address = '', length = '32'] = prefix.split('/');
  const size = 2 ** (32 - Number(length));
  const first = Math.floor(numberOf(address) / size) * size;
  return [first, first + size - 1];
}

function covers(prefix: string, address: string): boolean {
  const [first, last] = bounds(prefix);
  return first <= numberOf(address) && numberOf(address) <= last;
}

/** Whether the rules let an address in: a plain loop, which shares nothing with what it judges. */
function letsIn(rules: readonly SceneRule[], address: string): boolean {
  for (const { action, from, ports } of rules) {
    const [first = 0, last = first] = ports.split('-').map(Number);
    if (first <= 22 && 22 <= last && covers(from, address)) return action === 'allow';
  }
  return false;
}

/** The addresses at which one of the prefixes begins or ends, and those beside: between two of them nothing changes. */
function borders(prefixes: readonly string[]): readonly string[] {
  const numbers = prefixes.flatMap((prefix) => {
    const [first, last] = bounds(prefix);
    return [first - 1, first, last, last + 1];
  });
  return [...new Set(numbers)].map(addressOf);
}

/** Prefixes inside one, of few lengths, so that they overlap, repeat and touch each other. */
function prefixIn(within: string): fc.Arbitrary<string> {
  const [first] = bounds(within);
  const length = Number(within.split('/')[1]);
  return fc
    .tuple(fc.integer({ min: length, max: Math.min(32, length + 5) }), fc.nat(31))
    .map(([own, nth]) => `${addressOf(first + (nth % 2 ** (own - length)) * 2 ** (32 - own))}/${own}`);
}

/** The audit's prefixes are the rules' sources, no address more and none less. */
export function sets(adapter: ProviderAdapter): void {
  const asked = adapter.machine(0);
  const internet = '93.184.216.0/24';
  const inside = adapter.neighbour.prefix;
  const prefix = fc.oneof(prefixIn(internet), prefixIn(inside));
  const rule = fc.record<SceneRule>({
    action: fc.constantFrom('allow', 'allow', 'deny'),
    from: prefix,
    ports: fc.constantFrom('22', '22', '20-25', '1-65535', '443', '23-30'),
  });
  const rules = fc.array(rule, { maxLength: 6 });

  /** The probes for which the audit answers other than the loop. */
  function wrong(some: readonly SceneRule[]): string[] {
    const target = audited(recordedBy(adapter, { rules: some })).get(asked.name);
    if (!target) return ['the target is gone'];
    const fate = fateIn(target);
    const told = [...reachableFrom(adapter, target), ...target.partialFrom, ...target.unknownFrom];
    return borders([internet, inside, ...some.map(({ from }) => from), ...told])
      .filter((address) => fate(address) !== (letsIn(some, address) ? 'reachable' : 'unreachable'))
      .map((address) => `${address} is ${fate(address)}`);
  }

  describe('the sets of an audit', () => {
    test.each<[string, readonly SceneRule[], readonly string[]]>([
      ['one prefix', [allow('93.184.216.64/26')], ['93.184.216.64/26']],
      ['two that touch', [allow('93.184.216.0/25'), allow('93.184.216.128/25')], ['93.184.216.0/24']],
      ['two that overlap', [allow('93.184.216.0/24'), allow('93.184.216.128/25')], ['93.184.216.0/24']],
      [
        'two in the other order',
        [allow('93.184.216.9/32'), allow('93.184.216.7/32')],
        ['93.184.216.7/32', '93.184.216.9/32'],
      ],
      ['the same twice', [allow('93.184.216.7/32'), allow('93.184.216.7/32')], ['93.184.216.7/32']],
    ])('are minimal and sorted: %s', (_, some, prefixes) => {
      const target = audited(recordedBy(adapter, { rules: some })).get(asked.name);
      expect(reachableFrom(adapter, target)).toEqual(prefixes);
    });

    test('are exactly the sources of the rules', () => {
      fc.assert(
        fc.property(rules, (some) => {
          expect(wrong(some)).toEqual([]);
        }),
        runs(25),
      );
    });

    test('are what each source is told by itself', () => {
      fc.assert(
        fc.property(rules, prefix, fc.nat(3), (some, probed, nth) => {
          const from = borders([probed])[nth] ?? '';
          const verdict = verdictOf(explained(recordedBy(adapter, { rules: some }), asked.name, from));
          expect(`${from} ${verdict}`).toBe(`${from} ${letsIn(some, from) ? 'reachable' : 'unreachable'}`);
        }),
        runs(15),
      );
    });

    test('are cut as the rules cut a prefix', () => {
      fc.assert(
        fc.property(rules, (some) => {
          const documents = recordedBy(adapter, { rules: some });
          const [target] = explained(documents, asked.publicAddress, internet).report?.targets ?? [];
          const open = (target?.reachableFrom ?? []).map(bounds);
          const isOpen = (address: string) =>
            open.some(([first, last]) => first <= numberOf(address) && numberOf(address) <= last);
          const probes = borders([...some.map(({ from }) => from), ...(target?.reachableFrom ?? [])]);
          const asWritten = probes.filter((address) => covers(internet, address));
          expect(asWritten.filter((address) => isOpen(address) !== letsIn(some, address))).toEqual([]);
          const pieces = target?.findings.flatMap(({ from }) => from).map(bounds) ?? [];
          const size = pieces.reduce((sum, [first, last]) => sum + last - first + 1, 0);
          expect(size).toBe(256);
        }),
        runs(12),
      );
    });

    test('never shrink by one more allowing rule, nor grow by one more denial', () => {
      fc.assert(
        fc.property(rules, rule, fc.nat(6), (some, more, at) => {
          const [then, now] = [some, some.toSpliced(at, 0, more)].map((list) => {
            const target = audited(recordedBy(adapter, { rules: list })).get(asked.name);
            return fateIn(target ?? { reachableFrom: [], partialFrom: [], unknownFrom: [] });
          });
          const probes = borders([...some, more].map(({ from }) => from));
          const lost = probes.filter((one) => then?.(one) === 'reachable' && now?.(one) !== 'reachable');
          const won = probes.filter((one) => then?.(one) !== 'reachable' && now?.(one) === 'reachable');
          expect(more.action === 'allow' ? lost : won).toEqual([]);
        }),
        runs(12),
      );
    });
  });
}

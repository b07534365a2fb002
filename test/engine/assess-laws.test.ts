import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { assess } from '../../src/engine/index.js';
import {
  type Fact,
  known,
  type Layer,
  layersOf,
  type RuleFilter,
  type Verdict,
  type Way,
} from '../../src/model/index.js';
import { AddressSet, type PortSet } from '../../src/set/index.js';
import { runs } from '../support/runs.js';
import { addressSet, allowList, allowRule, portSet } from './random-filter.js';
import { directLayer, directPath, someClients, translatedPath } from './random-path.js';
import { addresses, askedPort, everyAddress } from './universe.js';
import { ranks, verdictsOf, wrongly } from './verdicts.js';
import { copyOf, withFacts } from './with-facts.js';

const neverLess = (before: Verdict, after: Verdict) => ranks.indexOf(after) >= ranks.indexOf(before);
const neverMore = (before: Verdict, after: Verdict) => ranks.indexOf(after) <= ranks.indexOf(before);
const stays = (before: Verdict, after: Verdict) => before === after;

/** What was proved stays proved. Of a client that gets through from some ports, more ports may turn out to be open. */
function keepsProof(before: Verdict, after: Verdict): boolean {
  if (before === 'unknown') return true;
  return before === 'partial' ? neverLess(before, after) : before === after;
}

/** What is learnt about the unknown facts of a path, in turn; null where a fact stays unknown. */
const lesson = fc.array(fc.option(fc.tuple(addressSet, portSet), { freq: 3 }), { minLength: 1, maxLength: 6 });

function learn(path: Way, lessons: readonly ([AddressSet, PortSet] | null)[]): Way {
  let turn = 0;
  const settled = <T>(fact: Fact<T>, truth: (within: T, [peers, ports]: [AddressSet, PortSet]) => T): Fact<T> => {
    if (fact.known) return fact;
    const told = lessons[turn++ % lessons.length];
    return told ? known(truth(fact.within, told)) : fact;
  };
  return withFacts(path, {
    peers: (fact) => settled(fact, (within, [peers]) => within.intersect(peers)),
    ports: (fact) => settled(fact, (within, [, ports]) => within.intersect(ports)),
  });
}

function inserted<T>(items: readonly T[], at: number, item: T): T[] {
  const place = at % (items.length + 1);
  return [...items.slice(0, place), item, ...items.slice(place)];
}

describe('learning a fact', () => {
  test('takes back nothing that was proved', () => {
    fc.assert(
      fc.property(directPath, lesson, (path, lessons) => {
        expect(wrongly(verdictsOf(path), verdictsOf(learn(path, lessons)), keepsProof)).toEqual([]);
      }),
      runs(250),
    );
  });

  test('flips no yes and no no behind a translation', () => {
    const proved = (before: Verdict, after: Verdict) =>
      before === 'unknown' || before === 'partial' || before === after;
    fc.assert(
      fc.property(translatedPath, lesson, (path, lessons) => {
        expect(wrongly(verdictsOf(path), verdictsOf(learn(path, lessons)), proved)).toEqual([]);
      }),
      runs(250),
    );
  });
});

describe('one more', () => {
  /** A path with a list of permissions in it, before and after one was added. */
  const permitted = fc
    .tuple(directPath, allowList, allowRule, fc.nat(), fc.nat(), fc.constantFrom('inbound', 'returning'))
    .map(([path, list, rule, at, place, direction]) => {
      const more: RuleFilter = { ...list, rules: inserted(list.rules, at, rule) };
      const layer = (filter: RuleFilter): Layer => ({
        kind: 'security-group',
        subject: { kind: 'security-group', id: 'sg-1' },
        [direction]: filter,
      });
      const around = (filter: RuleFilter): Way => ({ ...path, rows: [inserted(layersOf(path), place, layer(filter))] });
      return [around(list), around(more)] as const;
    });

  test('permission closes nothing', () => {
    fc.assert(
      fc.property(permitted, ([before, after]) => {
        expect(wrongly(verdictsOf(before), verdictsOf(after), neverLess)).toEqual([]);
      }),
      runs(250),
    );
  });

  test.each([
    ['the clients', directPath],
    ['translations', translatedPath],
  ])('layer opens nothing, where layers see %s', (_, paths) => {
    fc.assert(
      fc.property(paths, directLayer, fc.nat(), (path, layer, place) => {
        const after = { ...path, rows: [inserted(layersOf(path), place, layer)] };
        expect(wrongly(verdictsOf(path), verdictsOf(after), neverMore)).toEqual([]);
      }),
      runs(150),
    );
  });
});

describe('how the question is put', () => {
  const shuffled = fc.oneof(directPath, translatedPath).chain((path) =>
    fc.tuple(
      fc.constant(path),
      fc
        .shuffledSubarray([...layersOf(path)], { minLength: layersOf(path).length })
        .map((layers): Way => ({ ...path, rows: [layers] })),
    ),
  );

  test('in whichever order the layers stand, the verdict is one', () => {
    fc.assert(
      fc.property(shuffled, ([path, other]) => {
        expect(wrongly(verdictsOf(path), verdictsOf(other), stays)).toEqual([]);
      }),
      runs(150),
    );
  });

  const byVerdict = (path: Way, asked: AddressSet) => {
    const pieces = assess(path, askedPort, asked);
    return ranks.map((verdict) =>
      AddressSet.unionOf(pieces.filter((piece) => piece.verdict === verdict).map((piece) => piece.from)),
    );
  };

  test('asked in two parts, the answers are together the one answer', () => {
    fc.assert(
      fc.property(fc.oneof(directPath, translatedPath), someClients, addressSet, (path, asked, part) => {
        const whole = byVerdict(path, asked);
        const one = byVerdict(path, asked.intersect(part));
        const other = byVerdict(path, asked.subtract(part));
        const joined = one.map((from, i) => from.union(other[i] ?? AddressSet.empty));
        expect(joined.map(String)).toEqual(whole.map(String));
      }),
      runs(150),
    );
  });

  test('asked again, or of a path of which nothing was evaluated yet, the pieces are the same', () => {
    fc.assert(
      fc.property(fc.oneof(directPath, translatedPath), someClients, (path, asked) => {
        const other = askedPort + 1;
        const first = [assess(path, askedPort, asked), assess(path, other, asked)];
        const again = [assess(path, askedPort, asked), assess(path, other, asked)];
        const fresh = [assess(copyOf(path), askedPort, asked), assess(copyOf(path), other, asked)];
        expect(again).toEqual(first);
        expect(fresh).toEqual(first);
      }),
      runs(100),
    );
  });

  test('a client that is asked for alone fares as it does among others', () => {
    fc.assert(
      fc.property(fc.oneof(directPath, translatedPath), (path) => {
        const among = byVerdict(path, everyAddress);
        for (const client of addresses) {
          const alone = byVerdict(copyOf(path), AddressSet.single(client));
          expect(alone.map((from) => from.has(client))).toEqual(among.map((from) => from.has(client)));
        }
      }),
      runs(100),
    );
  });
});

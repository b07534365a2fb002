import { describe, expect, test } from '@jest/globals';
import { type Answer, audit, explain } from '../../src/index.js';
import { AddressSet } from '../../src/set/index.js';
import type { RecordedDocument } from '../support/aws/collection.js';
import { type AskedAccount, everyNoun } from '../support/aws/every-noun.js';
import { type Place, placesRead, replaced, valueAt } from '../support/aws/mutation.js';

type Documents = readonly RecordedDocument[];
type Target = NonNullable<Answer['report']>['targets'][number];
type Asking = Pick<NonNullable<Answer['report']>['question'], 'command' | 'from'>;
type Question = (documents: Documents) => Answer;

/**
 * At how many places, out of all accounts, each field is made unreadable; twice as many for a field of words.
 * PROPERTY_RUNS=500 tries every place of every account.
 */
const PLACES = Number(process.env.PROPERTY_RUNS ?? 1);
const LONG = 120_000 * PLACES;

/** Fields whose texts are words that the cloud chooses from; a word that is not documented says nothing. */
const WORDS = /(?:State|Status|Mode|Type|Action|Origin|Support|Scheme|Family|Protocol|State\.Name|\.Code)$/;

interface Asked {
  readonly name: string;
  readonly documents: Documents;
  /** Who reaches what, and the account's own questions. */
  readonly questions: readonly [Question, ...Question[]];
  readonly before: readonly Answer[];
}

function askedOf({ name, of, asks }: AskedAccount): Asked {
  const documents = of().documents('cli');
  const own = asks.map(
    (asked): Question =>
      (recorded) =>
        explain({ documents: recorded }, asked),
  );
  const questions = [(recorded: Documents) => audit({ documents: recorded }), ...own] as const;
  return { name, documents, questions, before: questions.map((question) => question(documents)) };
}

const fieldOf = ({ path }: Place) => path.filter((key) => typeof key === 'string').join('.');

/** Some of a list, spread evenly. */
function spread<T>(list: readonly T[], most: number): T[] {
  const count = Math.min(most, list.length);
  const wanted = new Set(Array.from({ length: count }, (_, nth) => Math.floor(((nth + 0.5) * list.length) / count)));
  return list.filter((_, index) => wanted.has(index));
}

/** The places to try, by account: of each field that is read some, spread over all accounts. */
function placesByAccount(accounts: readonly Asked[]): ReadonlyMap<Asked, readonly Place[]> {
  const byField = new Map<string, { readonly account: Asked; readonly place: Place }[]>();
  for (const account of accounts) {
    const ask = (watched: Documents) => account.questions.map((question) => question(watched));
    for (const place of placesRead(account.documents, ask)) {
      if (place.path.length === 0) continue;
      const field = fieldOf(place);
      byField.set(field, [...(byField.get(field) ?? []), { account, place }]);
    }
  }
  const chosen = [...byField].flatMap(([field, same]) => spread(same, WORDS.test(field) ? 2 * PLACES : PLACES));
  return new Map(
    accounts.map((account) => [account, chosen.filter((one) => one.account === account).map((one) => one.place)]),
  );
}

/** Of the two ways in which a value cannot be read one, in turn: they are told from one another nowhere. */
function unreadable(place: Place, value: unknown, turn: number): unknown[] {
  const wrong = typeof value === 'string' ? 7 : typeof value === 'object' ? 'seven' : ['seven'];
  const isWord = typeof value === 'string' && WORDS.test(fieldOf(place));
  return [turn % 2 === 0 ? null : wrong, ...(isWord ? ['newfangled'] : [])];
}

const setOf = (prefixes: readonly string[]) => AddressSet.of(...prefixes);
const perhaps = ({ reachableFrom, partialFrom, unknownFrom }: Target) =>
  setOf([...reachableFrom, ...partialFrom, ...unknownFrom]);

/** What a target's answer claims although evidence is missing. */
function claims(before: Target, after: Target, { command, from }: Asking): string[] {
  const list: string[] = [];
  const opened = setOf(after.reachableFrom).subtract(setOf(before.reachableFrom));
  const closed = perhaps(before).subtract(perhaps(after));
  const turned = `${before.verdict} -> ${after.verdict}`;
  if (!opened.isEmpty) list.push(`opens to ${opened.prefixes().slice(0, 3).join(' ')}`);
  // An instance stands for those of its addresses that can be read: of the others the verdict has to tell.
  if (!closed.isEmpty && !from.some((label) => label.startsWith('i-')))
    list.push(`closes to ${closed.prefixes().slice(0, 3).join(' ')}`);
  if (/^reachable -> unreachable|^unreachable -> (?:reachable|partial)/.test(turned)) list.push(turned);
  // An audit lists the other ways only where the direct ones are closed.
  for (const { kind, works } of command === 'explain' ? before.alternatives : []) {
    const now = after.alternatives.find((way) => way.kind === kind)?.works;
    if (works !== 'unknown' && now !== works && now !== 'unknown') list.push(`${kind}: ${works} -> ${now}`);
  }
  return list.map((what) => `${command} ${before.target.id}: ${what}`);
}

/** A target may be gone where a problem names the record. */
function compare(before: Answer, after: Answer, key: string): string[] {
  const told = after.problems.some(({ what }) => what.startsWith(key));
  if (!before.report) return [];
  const { targets, question } = before.report;
  return targets.flatMap((one) => {
    const other = after.report?.targets.find(({ target }) => target.id === one.target.id);
    if (other) return claims(one, other, question);
    return told ? [] : [`${question.command} ${one.target.id} is gone`];
  });
}

function claimsOf({ documents, questions, before }: Asked, place: Place, turn: number): string[] {
  const { path } = place;
  const value = valueAt(documents, place);
  // The audit each time, and one of the other questions.
  const due = [0, 1 + (turn % (questions.length - 1))];
  return unreadable(place, value, turn).flatMap((by) => {
    const changed = replaced(documents, place, by);
    const found = due.flatMap((index) => {
      const [was, question] = [before[index], questions[index]];
      return was && question ? compare(was, question(changed), String(path[0])) : [];
    });
    return found.map((what) => `${path.join('.')} is ${JSON.stringify(by)}: ${what}`);
  });
}

const accounts = everyNoun.map(askedOf);
const places = placesByAccount(accounts);

describe('a value that cannot be read opens and closes nothing', () => {
  test.each(accounts)(
    '$name',
    (account) => {
      expect((places.get(account) ?? []).flatMap((place, turn) => claimsOf(account, place, turn))).toEqual([]);
    },
    LONG,
  );

  test('where something is open and something is closed', () => {
    const verdicts = new Set(
      accounts.flatMap(({ before }) =>
        before.flatMap(({ report }) => report?.targets.map(({ verdict }) => verdict) ?? []),
      ),
    );
    expect([...verdicts].sort()).toEqual(['partial', 'reachable', 'unknown', 'unreachable']);
  });
});

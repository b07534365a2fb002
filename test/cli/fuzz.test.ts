import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Answer, audit, explain } from '../../src/index.js';
import type { RecordedDocument } from '../support/aws/collection.js';
import { faultyAccounts } from '../support/aws/faulty-accounts.js';
import {
  changes,
  type How,
  mutated,
  placesIn,
  placesRead,
  removals,
  removalsFor,
  takesEvidence,
  valueAt,
} from '../support/aws/mutation.js';
import { port22 } from '../support/command.js';
import { schemaErrors } from '../support/report-schema.js';
import { runs } from '../support/runs.js';
import { tempFolder } from '../support/temp-folder.js';

const folder = tempFolder();
afterAll(() => folder.remove());

const LONG = 120_000;
/** Of one answer: a thousand times what it takes. */
const MOST_MILLISECONDS = 5_000;

type Documents = readonly RecordedDocument[];

const accounts = faultyAccounts.map(({ name, open, fault, told }) => {
  const before: Documents = open().documents('cli');
  const fixture = open();
  fault(fixture);
  return { name, before, documents: fixture.documents('cli'), told };
});
const anyAccount = fc.constantFrom(...accounts);
/** A part of a file, 0 to 1. */
const share = fc.integer({ min: 0, max: 1_000_000 }).map((millionths) => millionths / 1_000_000);

/** Whom anybody reaches, as text; '' when nobody reaches anything. */
function open(answer: Answer): string {
  const targets = answer.report?.targets.filter(({ reachableFrom }) => reachableFrom.length > 0) ?? [];
  return targets.map(({ target, reachableFrom }) => `${target.id} from ${reachableFrom.join(' ')}`).join(', ');
}

function expectSound(answer: Answer): void {
  expect([0, 1, 2, 3]).toContain(answer.exitCode);
  expect(answer.report === null).toBe(answer.exitCode === 2);
  expect(answer.report === null ? [] : schemaErrors(answer.report)).toEqual([]);
  for (const { what, where, why, fix } of answer.problems)
    for (const part of [what, where, why, fix]) expect(part).toMatch(/\S/);
}

test.each(accounts)('$name: closes what was open', ({ before, documents }) => {
  expect(open(audit({ documents: before }))).toMatch(/^i-1 from /);
  expect(open(audit({ documents }))).toBe('');
});

describe('one piece of evidence that is taken away opens nothing', () => {
  test.each(accounts)(
    '$name',
    ({ documents, told }) => {
      const opened: string[] = [];
      for (const place of placesRead(documents, (watched) => audit({ documents: watched }))) {
        const { path, value } = documents[place.document] ?? {};
        if (!told.some((key) => key in (value as object))) continue;
        for (const how of removalsFor(valueAt(documents, place))) {
          if (!takesEvidence(place, how)) continue;
          const now = open(audit({ documents: mutated(documents, place, how) }));
          if (now !== '') opened.push(`${how} ${path} ${place.path.join('.')}: ${now}`);
        }
      }
      expect(opened).toEqual([]);
    },
    LONG,
  );
});

interface Mutation {
  readonly at: number;
  readonly how: How;
}

function mutations(kinds: readonly How[]): fc.Arbitrary<readonly Mutation[]> {
  return fc.array(fc.record({ at: fc.nat(), how: fc.constantFrom(...kinds) }), { minLength: 1, maxLength: 4 });
}

/** Mutates one place after another; what would only be another account stays as it is, where `evidence` is to be taken. */
function mutate(documents: Documents, list: readonly Mutation[], evidence: boolean): Documents {
  return list.reduce<Documents>((all, { at, how }) => {
    const places = placesIn(all);
    const place = places[at % places.length];
    return place && (!evidence || takesEvidence(place, how)) ? mutated(all, place, how) : all;
  }, documents);
}

describe('several pieces of evidence that are taken away', () => {
  test(
    'open nothing',
    () => {
      const property = fc.property(anyAccount, mutations(removals), ({ documents }, list) => {
        expect(open(audit({ documents: mutate(documents, list, true) }))).toBe('');
      });
      fc.assert(property, runs(400));
    },
    LONG,
  );

  test(
    'open nothing where the end of the file is missing, which is told with its place',
    async () => {
      const path = join(folder.path, 'cut.json');
      const property = fc.asyncProperty(anyAccount, share, async ({ documents }, kept) => {
        const text = merged(documents);
        folder.write({ 'cut.json': text.slice(0, Math.floor(kept * (text.length - 1))) });
        const { exitCode, out, err } = await port22(['audit', '--in', path, '--format', 'json']);
        expect(exitCode).toBe(2);
        expect(err).toMatch(/cut\.json:\d+:\d+\n/);
        expect(open({ report: JSON.parse(out), problems: [], exitCode: 2 })).toBe('');
      });
      await fc.assert(property, runs(150));
    },
    LONG,
  );
});

/** All answers as one object. */
function merged(documents: Documents): string {
  return JSON.stringify(Object.assign({}, ...documents.map(({ value }) => value)));
}

describe('whatever is recorded', () => {
  test(
    'is answered soundly and soon',
    () => {
      let longest = 0;
      const source = fc.constantFrom('203.0.113.5', '10.0.2.20', '10.1.0.9', '2001:db8:f::5', 'i-2', 'internet');
      const property = fc.property(anyAccount, mutations([...removals, ...changes]), source, (account, list, from) => {
        const documents = mutate(account.documents, list, false);
        const start = Date.now();
        expectSound(audit({ documents }));
        expectSound(explain({ documents }, { target: 'i-1', from }));
        longest = Math.max(longest, Date.now() - start);
      });
      fc.assert(property, runs(300));
      expect(longest).toBeLessThan(MOST_MILLISECONDS);
    },
    LONG,
  );

  test(
    'is answered soundly where bytes are others',
    async () => {
      const path = join(folder.path, 'bytes.json');
      const byte = fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0, max: 255 }));
      const flip = fc.record({ at: share, byte });
      const flips = fc.array(flip, { minLength: 1, maxLength: 4 });
      const property = fc.asyncProperty(anyAccount, flips, async ({ documents }, list) => {
        const bytes = Buffer.from(merged(documents));
        for (const one of list) bytes[Math.floor(one.at * (bytes.length - 1))] = one.byte;
        writeFileSync(path, bytes);
        for (const args of [['audit'], ['explain', 'i-1', '--from', '203.0.113.5']]) {
          const { out } = await port22([...args, '--in', path, '--format', 'json']);
          if (out !== '') expect(schemaErrors(JSON.parse(out))).toEqual([]);
        }
      });
      await fc.assert(property, runs(300));
    },
    LONG,
  );

  test('is answered alike in whatever order', () => {
    const [{ documents } = { documents: [] }] = accounts;
    const question = { target: 'i-1', from: '203.0.113.0/24,198.51.100.1' };
    const expected = explain({ documents }, question);
    const property = fc.property(fc.shuffledSubarray([...documents], { minLength: documents.length }), (shuffled) => {
      expect(explain({ documents: shuffled }, question)).toEqual(expected);
    });
    fc.assert(property, runs(20));
  });
});

import { expect, test } from '@jest/globals';
import { audit, explain, type TargetReport } from '../../../src/index.js';
import { AddressSet } from '../../../src/set/index.js';
import { applyCommand } from './apply-command.js';
import type { RecordedDocument } from './collection.js';
import { type Fixture, f0 } from './fixture.js';

/** One change that the answer offers. */
interface FixText {
  readonly for: string;
  readonly command: string;
  readonly pulumi: string;
  /** Who gets in by it; nobody unless said, as where it takes another change to open the way. */
  readonly gains?: readonly string[];
  readonly note?: string;
}

/** A question that is answered with no, the changes that mend it in their order, and whether that is proved. */
export interface FixRow {
  readonly name: string;
  readonly given: (f: Fixture) => unknown;
  readonly target?: string;
  readonly from: string;
  readonly via?: string;
  readonly fixes: readonly FixText[];
  /** Only this form of a recording, where the other one cannot hold the case. */
  readonly form?: 'cli' | 'fetched';
  /** False where the changes are offered, but what they do is not in the evidence. */
  readonly checked?: false;
}

type Documents = readonly RecordedDocument[];

/** Runs each row on both forms of a recording; where the fixes are proved, it applies them to the files and asks again. */
export function fixRows(table: readonly FixRow[]): void {
  for (const row of table) {
    test.each(row.form ? [row.form] : (['cli', 'fetched'] as const))(`${row.name} (%s)`, (form) => {
      const fixture = f0();
      row.given(fixture);
      check(row, fixture.documents(form));
    });
  }
}

function asked(row: FixRow, documents: Documents): TargetReport {
  const { target = '10.0.1.10', from, via } = row;
  const { report, problems } = explain({ documents }, { target, from, ...(via === undefined ? {} : { via }) });
  const [only] = report?.targets ?? [];
  if (!only) throw new Error(`no answer: ${JSON.stringify(problems)}`);
  return only;
}

function check(row: FixRow, documents: Documents): void {
  const checked = row.checked ?? true;
  const offered = asked(row, documents).findings.flatMap(({ fixes }) => fixes);
  expect(offered).toEqual(row.fixes.map((fix) => ({ gains: [], loses: [], checked, ...fix })));
  if (!checked) return;
  let current = documents;
  for (const { command, gains = [] } of row.fixes) {
    const before = reached(current);
    current = applyCommand(current, command);
    const after = reached(current);
    expect({ command, gains: after.subtract(before).prefixes() }).toEqual({ command, gains });
    expect(before.subtract(after).prefixes()).toEqual([]);
  }
  expect(asked(row, current).verdict).toBe('reachable');
}

/** Everybody who can reach i-1, as an audit tells. */
function reached(documents: Documents): AddressSet {
  const report = audit({ documents }).report?.targets.find(({ target }) => target.id === 'i-1');
  return AddressSet.of(...(report?.reachableFrom ?? []));
}

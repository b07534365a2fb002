import { expect, test } from '@jest/globals';
import { audit, explain, type RecordedDocument, type TargetReport } from '../../../src/index.js';
import { AddressSet } from '../../../src/set/index.js';
import { applyCommand } from './apply-command.js';
import { FORMS, type Form } from './documents.js';
import { type Fixture, f0 } from './fixture.js';

/** One change that the answer offers. */
interface FixText {
  readonly for: string;
  readonly command: string;
  readonly pulumi?: string;
  /** Who gets in by it; nobody unless said, as where it takes another change to open the way. */
  readonly gains?: readonly string[];
  readonly note?: string;
}

/** A question that is answered with no, the changes that mend it in their order, and whether that is proved. */
export interface FixRow {
  readonly name: string;
  readonly given: (f: Fixture) => unknown;
  /** The public address of vmA unless said. */
  readonly target?: string;
  /** 203.0.113.7 unless said. */
  readonly from?: string;
  readonly port?: number;
  readonly via?: string;
  readonly fixes: readonly FixText[];
  /** All four unless said. */
  readonly forms?: readonly Form[];
  /** False where the changes are offered, but what they do is not in the evidence. */
  readonly checked?: false;
  /** What the question is answered with after all changes; reachable unless said. */
  readonly result?: TargetReport['verdict'];
}

export const CLIENT = '203.0.113.7/32';

interface Recorded {
  readonly documents: readonly RecordedDocument[];
  readonly complete?: boolean;
}

/** Runs each row on every form of a recording; applies each command to the files and asks again. */
export function fixRows(table: readonly FixRow[]): void {
  for (const row of table) {
    test.each(row.forms ?? FORMS)(`${row.name} (%s)`, (form) => {
      const fixture = f0();
      row.given(fixture);
      check(row, { documents: fixture.documents(form), ...(form !== 'fetched' && { complete: true }) });
    });
  }
}

/** The answer about one machine. */
export function asked(row: Omit<FixRow, 'name' | 'given' | 'fixes'>, recorded: Recorded): TargetReport {
  const { target = '20.1.2.3', from = CLIENT, port = 22, via } = row;
  const { report, problems } = explain(recorded, { target, from, port, ...(via !== undefined && { via }) });
  const [only] = report?.targets ?? [];
  if (!only) throw new Error(`no answer: ${JSON.stringify(problems)}`);
  return only;
}

function check(row: FixRow, recorded: Recorded): void {
  const { checked = true, result = 'reachable' } = row;
  const before = asked(row, recorded);
  expect(before.verdict).toBe('unreachable');
  const offered = before.findings.flatMap(({ fixes }) => fixes);
  expect(offered).toEqual(
    row.fixes.map((fix) => ({ gains: [], loses: [], checked, pulumi: expect.stringMatching(/./), ...fix })),
  );
  const { id } = before.target;
  let current = recorded;
  for (const { for: cause, command, gains } of row.fixes) {
    expect(causesOf(asked(row, current))).toContain(cause);
    const early = reached(current, id, row.port);
    current = { ...current, documents: applyCommand(current.documents, command) };
    const late = reached(current, id, row.port);
    if (checked || gains)
      expect({ command, gains: late.subtract(early).prefixes() }).toEqual({ command, gains: gains ?? [] });
    expect(early.subtract(late).prefixes()).toEqual([]);
  }
  if (row.fixes.length > 0) expect(asked(row, current).verdict).toBe(result);
}

function causesOf({ findings }: TargetReport): readonly string[] {
  return findings.flatMap(({ causes }) => causes.map(({ code }) => code));
}

/** Everybody who can reach the machine, as an audit tells. */
function reached(recorded: Recorded, id: string, port = 22): AddressSet {
  const report = audit(recorded, { port }).report?.targets.find(({ target }) => target.id === id);
  return AddressSet.of(...(report?.reachableFrom ?? []));
}

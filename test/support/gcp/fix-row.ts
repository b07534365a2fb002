import { expect, test } from '@jest/globals';
import { audit, explain, type RecordedDocument, type TargetReport } from '../../../src/index.js';
import { AddressSet } from '../../../src/set/index.js';
import { applyCommand } from './apply-command.js';
import type { Form } from './documents.js';
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
  /** The external address of vm1 unless said. */
  readonly target?: string;
  /** 198.51.100.7 unless said. */
  readonly from?: string;
  readonly port?: number;
  readonly fixes: readonly FixText[];
  /** All three unless said. */
  readonly forms?: readonly Form[];
  /** False where the changes are offered, but what they do is not in the evidence. */
  readonly checked?: false;
}

export const CLIENT = '198.51.100.7/32';

interface Recorded {
  readonly documents: readonly RecordedDocument[];
  readonly complete?: boolean;
}

/** Runs each row on every form of a recording; where the fixes are proved, it applies them to the files and asks again. */
export function fixRows(table: readonly FixRow[]): void {
  for (const row of table) {
    test.each(row.forms ?? (['gcloud', 'rest', 'fetched'] as const))(`${row.name} (%s)`, (form) => {
      const fixture = f0();
      row.given(fixture);
      check(row, { documents: fixture.documents(form), ...(form === 'gcloud' && { complete: true }) });
    });
  }
}

function asked({ target = '203.0.113.10', from = CLIENT, port = 22 }: FixRow, recorded: Recorded): TargetReport {
  const { report, problems } = explain(recorded, { target, from, port });
  const [only] = report?.targets ?? [];
  if (!only) throw new Error(`no answer: ${JSON.stringify(problems)}`);
  return only;
}

function check(row: FixRow, recorded: Recorded): void {
  const checked = row.checked ?? true;
  const before = asked(row, recorded);
  const offered = before.findings.flatMap(({ fixes }) => fixes);
  expect(offered).toEqual(row.fixes.map((fix) => ({ gains: [], loses: [], checked, ...fix })));
  expect(before.verdict).toBe('unreachable');
  if (!checked) return;
  const id = before.target.id;
  let current = recorded;
  for (const { command, gains = [] } of row.fixes) {
    const early = reached(current, id, row.port);
    current = { ...current, documents: applyCommand(current.documents, command) };
    const late = reached(current, id, row.port);
    expect({ command, gains: late.subtract(early).prefixes() }).toEqual({ command, gains });
    expect(early.subtract(late).prefixes()).toEqual([]);
  }
  expect(asked(row, current).verdict).toBe('reachable');
}

/** Everybody who can reach the machine, as an audit tells. */
function reached(recorded: Recorded, id: string, port = 22): AddressSet {
  const report = audit(recorded, { port }).report?.targets.find(({ target }) => target.id === id);
  return AddressSet.of(...(report?.reachableFrom ?? []));
}

import { expect, test } from '@jest/globals';
import { explain } from '../../../src/index.js';
import { f0 } from './fixture.js';
import { check, type Row } from './row.js';

/** What one way to the target has to say. */
export interface WayRow {
  readonly verdict: 'reachable' | 'partial' | 'unreachable' | 'unknown';
  /** Exactly these codes, in packet order. */
  readonly causes?: readonly string[];
  /** The port that the client has to dial, where it is not the asked one. */
  readonly dials?: number;
}

/** A row that also says where on the way the packet is lost. */
export interface PathRow extends Row {
  /** The one direction in which something stops: the request (`inbound`) or its reply (`returning`). */
  readonly stops?: 'inbound' | 'returning';
  /** By kind of path; other paths may be answered too. */
  readonly ways?: Readonly<Record<string, WayRow>>;
}

/** Runs each row as `rows` does and then looks at its steps and at each of its ways. */
export function pathRows(table: readonly PathRow[]): void {
  for (const row of table) {
    test([row.tag, row.name].filter(Boolean).join(' '), () => {
      check(row);
      checkFindings(row);
    });
  }
}

function checkFindings(row: PathRow): void {
  const findings = findingsOf(row);
  if (row.stops !== undefined) {
    const stopping = findings.flatMap((f) => f.steps).filter((step) => step.effect === 'stops');
    expect([...new Set(stopping.map((step) => step.direction))]).toEqual([row.stops]);
  }
  for (const [path, way] of Object.entries(row.ways ?? {})) {
    const own = findings.filter((f) => f.path === path);
    const causes = [...new Set(own.flatMap((f) => f.causes.map((c) => c.code)))];
    const seen = { path, verdicts: own.map((f) => f.verdict), causes, dials: own.map((f) => f.port) };
    expect(seen).toEqual({ path, verdicts: [way.verdict], causes: way.causes ?? [], dials: [way.dials] });
  }
}

function findingsOf(row: PathRow) {
  const fixture = f0();
  row.given?.(fixture);
  const { target = '198.51.100.10', from = '203.0.113.5/32', port, via } = row;
  const options = { ...(port === undefined ? {} : { port }), ...(via === undefined ? {} : { via }) };
  const answer = explain({ documents: fixture.documents('fetched') }, { target, from, ...options });
  return answer.report?.targets.flatMap((t) => t.findings) ?? [];
}

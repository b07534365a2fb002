import { test } from '@jest/globals';
import { type CloudRow, checkRow } from '../cloud-row.js';
import type { Form } from './documents.js';
import { type Fixture, f0 } from './fixture.js';

/** One row of the specification, section 7: the base fixture changed by `given`, then the question, then the answer. */
export interface Row extends CloudRow {
  readonly given?: (f: Fixture) => unknown;
  /** All three unless said. */
  readonly forms?: readonly Form[];
}

/** Asks through Identity-Aware Proxy, whose relays send from anywhere in this range. */
export const IAP = { via: 'iap', target: 'vm1', from: '35.235.240.0/20' } as const;

/** Runs each row on files as gcloud prints them, as the API answers, and as `port22 fetch` records them. */
export function rows(table: readonly Row[]): void {
  for (const row of table) test([row.tag, row.name].filter(Boolean).join(' '), () => check(row));
}

function check(row: Row): void {
  for (const form of row.forms ?? (['gcloud', 'rest', 'fetched'] as const)) {
    const fixture = f0();
    row.given?.(fixture);
    // An empty list is no file in this form, so that only the caller can say that there is nothing.
    const complete = row.complete ?? (form === 'gcloud' || undefined);
    const own = { ...row, ...(complete !== undefined && { complete }) };
    checkRow(own, fixture.documents(form), form, { target: '203.0.113.10', from: '198.51.100.7' });
  }
}

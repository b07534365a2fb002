import { test } from '@jest/globals';
import { type CloudRow, checkRow } from '../cloud-row.js';
import { FORMS, type Form } from './documents.js';
import { type Fixture, f0 } from './fixture.js';

/** One row of the specification, section 7: the base fixture changed by `given`, then the question, then the answer. */
export interface Row extends CloudRow {
  readonly given?: (f: Fixture) => unknown;
  /** All four unless said. */
  readonly forms?: readonly Form[];
}

/** Asks through Azure Bastion. */
export const BASTION = { via: 'bastion', target: 'vmA' } as const;

/** Asks for one address inside the network, by a VM of it. */
export const FROM_B = { target: '10.0.1.4', from: 'vmB' } as const;

export const BLOCKED = { verdict: 'unreachable', symptom: 'times-out' } as const;

/** The default rule of nsg1, which stands on the subnet of vmA. */
export const BY_DEFAULT = { ...BLOCKED, causes: ['azure/nsg-subnet nsg1 DenyAllInBound'] } as const;

/** Runs each row on files as `az` prints them, as ARM and Resource Graph answer them, and as `port22 fetch` records them. */
export function rows(table: readonly Row[]): void {
  for (const row of table) test([row.tag, row.name].filter(Boolean).join(' '), () => check(row));
}

function check(row: Row): void {
  for (const form of row.forms ?? FORMS) {
    const fixture = f0();
    row.given?.(fixture);
    // Elsewhere an empty list is no file, or does not say what it lists, so that only the caller can say that there is nothing.
    const complete = row.complete ?? form !== 'fetched';
    checkRow({ ...row, complete }, fixture.documents(form), form, { target: '20.1.2.3', from: '203.0.113.7' });
  }
}

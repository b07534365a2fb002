import { expect, test } from '@jest/globals';
import { type Answer, audit, explain } from '../../../src/index.js';
import { schemaErrors } from '../report-schema.js';
import { Damage } from './damage.js';
import { type Fixture, f0 } from './fixture.js';
import { internetGateway } from './records.js';
import { peeredVpc2 } from './topology.js';

/** An account whose records are damaged after it was recorded, and what is left of the answer. */
export interface DamagedRow {
  readonly name: string;
  /** Changes the account before it is recorded. */
  readonly given?: (f: Fixture) => unknown;
  readonly damage: (d: Damage) => unknown;
  /** From outside to i-1 unless said. */
  readonly asks?: { readonly target: string; readonly from: string };
  /** Of the undamaged account; reachable unless said. */
  readonly was?: 'unreachable' | 'unknown';
  /** Of the damaged one: anything but reachable when it is left out, `none` when there is no target any more. */
  readonly verdict?: 'reachable' | 'unreachable' | 'unknown' | 'none';
  /** A part of a warning; without it there must be none. */
  readonly warns?: string;
  /** The damage is so wide that the other target suffers too. */
  readonly sparesNobody?: true;
}

export const INSIDE = { target: 'i-1', from: 'i-2' };
/** With `peeredOpen` given. */
export const PEERED = { target: '10.0.1.10', from: '10.1.0.9' };

/** i-9 of vpc-2 may reach i-1 over pcx-1. */
export function peeredOpen(f: Fixture): void {
  peeredVpc2(f).sg('sg-1').inbound('tcp 22 10.1.0.0/16');
}

const EXIT_CODES: Readonly<Record<string, number>> = { reachable: 0, unreachable: 1, unknown: 3, none: 2 };

/** F0 with i-1 open to outside and to i-2, and i-3 in a VPC of its own that the damage has nothing to do with. */
function account(row: DamagedRow): Fixture {
  const f = f0();
  f.addVpc('vpc-3', '10.3.0.0/16');
  f.add('InternetGateways', internetGateway('igw-3', 'vpc-3'));
  f.addSubnet('subnet-c', { vpc: 'vpc-3', prefix: '10.3.1.0/24', zone: 'a' });
  f.table('rtb-c', 'vpc-3').main().on('subnet-c').routes('0.0.0.0/0 igw-3');
  f.acl('acl-c', 'vpc-3').open().on('subnet-c');
  f.sg('sg-3', { vpc: 'vpc-3' }).inbound('tcp 22 203.0.113.0/24');
  const addresses = { ip: '10.3.1.10', public: '198.51.100.30' };
  f.addInstance({ id: 'i-3', eni: 'eni-3', subnet: 'subnet-c', groups: ['sg-3'], ...addresses });
  f.sg('sg-1').inbound('tcp 22 203.0.113.0/24', 'tcp 22 10.0.2.0/24');
  row.given?.(f);
  return f;
}

const verdictOf = (answer: Answer) => answer.report?.targets[0]?.verdict ?? 'none';
const other = (answer: Answer) => answer.report?.targets.find(({ target }) => target.id === 'i-3');

function checkProblems(answer: Answer, warns: string | undefined): void {
  for (const { what, where, why, fix } of answer.problems)
    for (const part of [what, where, why, fix]) expect(part).toMatch(/\S/);
  const warnings = answer.problems.filter(({ severity }) => severity === 'warning').map(({ what }) => what);
  if (warns === undefined) expect(warnings).toEqual([]);
  else expect(warnings).toContainEqual(expect.stringContaining(warns));
}

/** The damaged account is answered as the row says, and for i-3 exactly as the undamaged one. */
function check(row: DamagedRow): void {
  const documents = account(row).documents('cli');
  const damage = new Damage(documents);
  row.damage(damage);
  const asks = row.asks ?? { target: 'i-1', from: '203.0.113.5' };
  expect(verdictOf(explain({ documents }, asks))).toBe(row.was ?? 'reachable');

  const answer = explain({ documents: damage.documents() }, asks);
  const verdict = verdictOf(answer);
  if (row.verdict === undefined) expect(verdict).not.toBe('reachable');
  else expect(verdict).toBe(row.verdict);
  expect(answer.exitCode).toBe(EXIT_CODES[verdict]);
  if (answer.report) expect(schemaErrors(answer.report)).toEqual([]);
  checkProblems(answer, row.warns);

  const audited = audit({ documents: damage.documents() });
  expect(schemaErrors(audited.report)).toEqual([]);
  if (!row.sparesNobody) expect(other(audited)).toEqual(other(audit({ documents })));
}

export function damagedRows(table: readonly DamagedRow[]): void {
  for (const row of table) test(row.name, () => check(row));
}

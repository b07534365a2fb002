import { describe, expect, test } from '@jest/globals';
import { AwsIntake } from '../../../providers/aws/files.js';
import { awsPlan } from '../../../providers/aws/plan/index.js';
import { takeDocument } from '../../../src/evidence/index.js';
import { Gate, type GateQuestion, Sources } from '../../../src/gate/index.js';
import type { GateFinding, GateReport } from '../../../src/model/index.js';
import type { Plan } from '../../../src/plan/plan.js';
import type { Assumptions } from '../../../src/plan/planned.js';
import { AddressSet, parsePrefix } from '../../../src/set/index.js';
import { type Made, packPlanOf, previewPlanOf } from './deployment.js';

/** How a gate is set up in a test; what is left out is the pack's default. */
export interface Setup extends Partial<Pick<GateQuestion, 'isStrict' | 'maxForks' | 'port'>>, Partial<Assumptions> {
  readonly forbidden?: readonly string[];
  readonly allowed?: readonly string[];
  /** What was recorded of the account, as `aws ec2 describe-...` prints it. */
  readonly recorded?: readonly object[];
}

function recordingOf(documents: readonly object[]): unknown {
  const intake = new AwsIntake();
  for (const [index, value] of documents.entries()) takeDocument(intake, { path: `${index}.json`, value });
  return intake.finish({ complete: false }).evidence;
}

/** Codes of what keeps a client of the internet, or these clients, from a machine. */
export function blockersOf(plan: Plan, name: string, clients = ['198.51.100.7/32']): readonly string[] {
  const prefixes = clients.map(parsePrefix).filter((prefix) => prefix !== undefined);
  const sources = new Sources(prefixes, AddressSet.empty);
  const question = {
    port: 22,
    isStrict: false,
    maxForks: 64,
    assumptions: { unseenControls: 'assume-none', defaultNetwork: 'likely' },
  } as const;
  const { findings } = new Gate(plan, [awsPlan], question).required([
    { sources, concerns: (one) => one.name === name },
  ]);
  return findings.flatMap(({ blockedBy }) => blockedBy.map(({ code }) => code));
}

export function reportOf(plan: Plan, setup: Setup = {}): GateReport {
  const { forbidden = ['0.0.0.0/0', '::/0'], allowed = [], recorded } = setup;
  const { port = 22, isStrict = false, maxForks = 64 } = setup;
  const { unseenControls = 'assume-none', defaultNetwork = 'likely' } = setup;
  const prefixes = forbidden.map(parsePrefix).filter((prefix) => prefix !== undefined);
  const bases = new Map(recorded ? [['aws', recordingOf(recorded)] as const] : []);
  const question = { port, isStrict, maxForks, assumptions: { unseenControls, defaultNetwork } };
  return new Gate(plan, [awsPlan], question, bases).forbidden(new Sources(prefixes, AddressSet.of(...allowed)));
}

export function findingOn(report: GateReport, name: string): GateFinding {
  const finding = report.findings.find(({ machine }) => machine.name === name);
  if (!finding) throw new Error(`${name} was not judged: ${JSON.stringify(report.failures)}`);
  return finding;
}

/**
 * Which of the mandatory and advisory policies a finding is for (pulumi.md, 2.1): `exposed` where somebody surely gets in, `likely`
 * where the program opens it and only the wiring is unsure, `undecided` where something unseen might.
 */
export function policyFor({ verdict, guess }: GateFinding): 'exposed' | 'likely' | 'undecided' | '-' {
  if (verdict === 'reachable' || verdict === 'partial') return 'exposed';
  if (verdict === 'unreachable') return '-';
  return guess === 'reachable' ? 'likely' : 'undecided';
}

/** A deployment, and the policy that reports its machine `web`. */
export interface PolicyRow {
  readonly what: string;
  readonly given: readonly Made[];
  readonly policy: string;
  readonly setup?: Setup;
}

/** Tries rows as a policy pack is given them, and as a preview writes them. */
export function policyRows(what: string, rows: readonly PolicyRow[]): void {
  describe.each([
    ['a policy pack', packPlanOf],
    ['a preview', previewPlanOf],
  ] as const)(`${what}, from %s`, (_, planOf) => {
    test.each(rows)('$what: $policy', ({ given, policy, setup }) => {
      expect(policyFor(findingOn(reportOf(planOf(given), setup), 'web'))).toBe(policy);
    });
  });
}

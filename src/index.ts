import type { Answer } from './ask/answer.js';
import { type AuditQuestion, audit as auditCloud } from './ask/audit.js';
import { type DiffAnswer, type DiffQuestion, diff as diffClouds } from './ask/diff.js';
import { type ExplainQuestion, explain as explainCloud } from './ask/explain.js';
import { type Evidence, lower } from './evidence/index.js';

export type { Answer } from './ask/answer.js';
export type { AuditQuestion } from './ask/audit.js';
export type { DiffAnswer, DiffQuestion } from './ask/diff.js';
export type { ExplainQuestion } from './ask/explain.js';
export type { Evidence, RecordedDocument } from './evidence/index.js';
export type * from './model/cause.js';
export type * from './model/diff-report.js';
export type { Problem } from './model/problem.js';
export type * from './model/report.js';
export type { Symptom } from './model/symptom.js';
export type { Verdict } from './model/verdict.js';
export { version } from './version.js';

/**
 * Answers whether a source can open a TCP port on an instance, from recorded answers of the cloud. Pure: no file, no clock,
 * no network. Never throws for bad input: what is wrong stands in `problems`.
 */
export function explain(evidence: Evidence, question: ExplainQuestion): Answer {
  const { cloud, problems } = lower(evidence);
  const answer = explainCloud(cloud, question);
  return { ...answer, problems: [...problems, ...answer.problems] };
}

/** Answers for every instance in recorded answers of the cloud who can reach it. */
export function audit(evidence: Evidence, question: AuditQuestion = {}): Answer {
  const { cloud, problems } = lower(evidence);
  const answer = auditCloud(cloud, question);
  return { ...answer, problems: [...problems, ...answer.problems] };
}

/** Answers for every instance who gains and who loses access between two states of the cloud, each from recorded answers. */
export function diff(before: Evidence, after: Evidence, question: DiffQuestion = {}): DiffAnswer {
  const [earlier, later] = [lower(before), lower(after)];
  const answer = diffClouds(earlier.cloud, later.cloud, question);
  return { ...answer, problems: [...earlier.problems, ...later.problems, ...answer.problems] };
}

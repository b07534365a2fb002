import { type Plan, type PlanGap, planOf } from './plan.js';
import { isJson, type PlanRecord, recordOf } from './plan-record.js';

/** What a step does to its resource, as far as it matters (engine, display.StepOp). */
export const leaving: ReadonlySet<unknown> = new Set([
  'delete',
  'delete-replaced',
  'discard',
  'discard-replaced',
  'remove-pending-replace',
]);
export const reading: ReadonlySet<unknown> = new Set(['read', 'read-replacement']);
const staying: ReadonlySet<unknown> = new Set(['same', 'read', 'read-replacement', 'refresh', 'import']);

/** Whether a document is what `pulumi preview --json` writes. */
export function isPreview(value: unknown): boolean {
  return isJson(value) && Array.isArray(value.steps) && 'changeSummary' in value;
}

/** Whether something leaves the deployment and stays in the cloud: what was only read, or is retained (apitype, ResourceV3). */
export function isLeft(state: unknown): boolean {
  return isJson(state) && (state.external === true || state.retainOnDelete === true);
}

/** Whether a step only lets go of what stays in the cloud: nothing of it is in the deployment then. */
function letsGo(step: unknown): boolean {
  return isJson(step) && leaving.has(step.op) && isLeft(step.oldState);
}

function recordOfStep(step: unknown): PlanRecord | undefined {
  if (!isJson(step)) return undefined;
  const { op, newState, oldState } = step;
  const isLeaving = leaving.has(op);
  const state = isLeaving ? oldState : newState;
  if (!isJson(state)) return undefined;
  const status = isLeaving ? 'deleting' : reading.has(op) || state.external === true ? 'external' : 'managed';
  // The outputs of a step that changes something are there or not, as the engine happened to run; what stays has those of its state.
  const outputs = staying.has(op) && isJson(oldState) ? oldState.outputs : state.outputs;
  const id = state.id ?? (isJson(oldState) && isKept(op) ? oldState.id : undefined);
  // Pulumi leaves out what is empty.
  return recordOf({ inputs: {}, ...state, id, outputs }, status, { outputs: isLeaving || staying.has(op) });
}

/** Whether a resource keeps its id. */
function isKept(op: unknown): boolean {
  return op === 'same' || op === 'update';
}

/** How many resources stay as they are, as the summary counts them. */
function countOfSame(summary: unknown): number {
  return isJson(summary) && typeof summary.same === 'number' ? summary.same : 0;
}

/** Reads what `pulumi preview --json` wrote, best with `--show-sames` and `--show-reads`: the resources as they are to be. */
export function readPreview(value: unknown): Plan | undefined {
  if (!isJson(value) || !Array.isArray(value.steps)) return undefined;
  const steps: readonly unknown[] = value.steps;
  const shown = steps.filter((step) => isJson(step) && step.op === 'same').length;
  const gaps: readonly PlanGap[] = countOfSame(value.changeSummary) > shown ? ['partial-preview'] : [];
  return planOf(steps.filter((step) => !letsGo(step)).map(recordOfStep), gaps, 'before deployment');
}

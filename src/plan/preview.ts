import { type Plan, type PlanGap, planOf } from './plan.js';
import { isJson, type PlanRecord, recordOf } from './plan-record.js';

/** What a step does to its resource, as far as it matters (engine, display.StepOp). */
const deleting: ReadonlySet<unknown> = new Set(['delete', 'delete-replaced', 'remove-pending-replace']);
/** What was only read is read no more: it is still there. */
const discarding: ReadonlySet<unknown> = new Set(['discard', 'discard-replaced']);
const reading: ReadonlySet<unknown> = new Set(['read', 'read-replacement']);
const staying: ReadonlySet<unknown> = new Set(['same', 'read', 'read-replacement', 'refresh', 'import']);

/** Whether a document is what `pulumi preview --json` writes. */
export function isPreview(value: unknown): boolean {
  return isJson(value) && Array.isArray(value.steps) && 'changeSummary' in value;
}

/** A step of a run: a resource as it was, and as it is to be. */
export interface Step {
  readonly op: unknown;
  readonly oldState: unknown;
  readonly newState: unknown;
}

/** The resource as it is to be; undefined where it cannot be read. */
function laterRecord({ op, oldState, newState: state }: Step): PlanRecord | undefined {
  if (!isJson(state)) return undefined;
  const status = reading.has(op) || state.external === true ? 'external' : 'managed';
  // The outputs of a step that changes something are there or not, as the engine happened to run; what stays has those of its state.
  const outputs = staying.has(op) && isJson(oldState) ? oldState.outputs : state.outputs;
  const id = state.id ?? (isJson(oldState) && isKept(op) ? oldState.id : undefined);
  // Pulumi leaves out what is empty.
  const isUnchanged = staying.has(op);
  return recordOf({ inputs: {}, ...state, id, outputs }, status, { outputs: isUnchanged, isUnchanged });
}

/** The resource as it was, where that is no longer so. What is only read stays, and so does what is to be retained. */
function formerRecord({ op, oldState: state }: Step): PlanRecord | undefined {
  if (staying.has(op) || !isJson(state) || state.external === true) return undefined;
  if (deleting.has(op) && state.retainOnDelete === true) return undefined;
  return recordOf({ inputs: {}, ...state }, 'managed', { outputs: true, isUnchanged: false });
}

/** A deployment by the steps that lead to it; undefined for each step that cannot be read. */
export function planOfSteps(steps: readonly (Step | undefined)[], gaps: readonly PlanGap[]): Plan {
  const told = steps.filter((step) => !discarding.has(step?.op));
  const records = told.flatMap((step) => {
    if (!step) return [undefined];
    if (!deleting.has(step.op)) return [laterRecord(step)];
    return isJson(step.oldState) ? [] : [undefined];
  });
  const former = told.flatMap((step) => (step && formerRecord(step)) ?? []);
  return planOf({ records, former, gaps, moment: 'before deployment', showsDeletions: true });
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
  return planOfSteps(
    steps.map((step) => (isJson(step) ? { op: step.op, oldState: step.oldState, newState: step.newState } : undefined)),
    gaps,
  );
}

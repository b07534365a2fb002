import { type Plan, planOf } from './plan.js';
import { isJson, type PlanRecord, recordOf } from './plan-record.js';
import { isLeft, leaving, reading } from './preview.js';

/** The text of what is not known (tree.ts); the log of events has an empty one for it, too. */
const LATER = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** Whether a document is one event of those that `pulumi --event-log` writes, each on a line of its own. */
export function isEngineEvent(value: unknown): boolean {
  return isJson(value) && typeof value.sequence === 'number' && typeof value.timestamp === 'number';
}

/** In a log nothing tells an empty text from one that is not known: it is not known. */
function withUnknown(value: unknown): unknown {
  if (value === '') return LATER;
  if (Array.isArray(value)) return value.map(withUnknown);
  if (!isJson(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withUnknown(item)]));
}

function recordOfStep(metadata: unknown): PlanRecord | undefined {
  if (!isJson(metadata)) return undefined;
  const { op } = metadata;
  const isLeaving = leaving.has(op);
  const state = isLeaving ? metadata.old : metadata.new;
  if (!isJson(state)) return undefined;
  const status = isLeaving ? 'deleting' : reading.has(op) ? 'external' : 'managed';
  const inputs = isJson(state.inputs) ? withUnknown(state.inputs) : {};
  const outputs = isJson(state.outputs) ? withUnknown(state.outputs) : undefined;
  return recordOf({ ...state, inputs, outputs }, status, { outputs: isLeaving || op === 'same' });
}

/** Reads the events of a run (apitype, EngineEvent). They do not tell what depends on what: only what has an id is linked. */
export function readEventLog(events: readonly unknown[]): Plan {
  const steps = events.flatMap((event) => {
    const step = isJson(event) ? event.resourcePreEvent : undefined;
    if (!isJson(step)) return [];
    const { metadata } = step;
    return isJson(metadata) && leaving.has(metadata.op) && isLeft(metadata.old) ? [] : [recordOfStep(metadata)];
  });
  return planOf(steps, ['no-dependencies'], 'before deployment');
}

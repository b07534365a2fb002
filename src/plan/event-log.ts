import type { Plan } from './plan.js';
import { isJson } from './plan-record.js';
import { planOfSteps, type Step } from './preview.js';

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

function stateOf(value: unknown): unknown {
  if (!isJson(value)) return value;
  const { inputs, outputs } = value;
  return {
    ...value,
    inputs: isJson(inputs) ? withUnknown(inputs) : {},
    outputs: isJson(outputs) ? withUnknown(outputs) : undefined,
  };
}

function stepOf(metadata: unknown): Step | undefined {
  if (!isJson(metadata)) return undefined;
  return { op: metadata.op, oldState: stateOf(metadata.old), newState: stateOf(metadata.new) };
}

/** Reads the events of a run (apitype, EngineEvent). They do not tell what depends on what: only what has an id is linked. */
export function readEventLog(events: readonly unknown[]): Plan {
  const steps = events.flatMap((event) => {
    const step = isJson(event) ? event.resourcePreEvent : undefined;
    return isJson(step) ? [stepOf(step.metadata)] : [];
  });
  return planOfSteps(steps, ['no-dependencies']);
}

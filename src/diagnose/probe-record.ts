import { type Observation, type Stage, type Symptom, stages, symptoms } from '../model/index.js';

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const symptomOf = (value: unknown): Symptom | undefined => symptoms.find((one) => one === value);
const stageOf = (value: unknown): Stage | undefined => stages.find((one) => one === value);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function timeOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function portOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535 ? value : undefined;
}

function timesOf(value: unknown): readonly number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const times = value.map(timeOf).filter((time) => time !== undefined);
  return times.length === value.length && times.length > 0 ? times : undefined;
}

function answerOf(value: unknown): Observation['answer'] {
  if (!isFields(value)) return undefined;
  const kind = (['rst', 'icmp'] as const).find((one) => one === value.kind);
  const from = textOf(value.from);
  return kind && { kind, ...(from !== undefined && { from }) };
}

/** Who was dialled, and from where. */
function endpointIn(value: Fields) {
  const os = (['linux', 'macos', 'windows'] as const).find((one) => one === value.os);
  const host = textOf(value.host);
  const address = textOf(value.address);
  const family = ([4, 6] as const).find((one) => one === value.family);
  const port = portOf(value.port);
  return {
    ...(os && { os }),
    ...(host !== undefined && { host }),
    ...(address !== undefined && { address }),
    ...(family && { family }),
    ...(port !== undefined && { port }),
  };
}

/** When, and what came. */
function timesIn(value: Fields) {
  const elapsed = timeOf(value.elapsed);
  const timer = timeOf(value.timer);
  const greeting = textOf(value.greeting);
  const repeats = timesOf(value.repeats);
  const answer = answerOf(value.answer);
  return {
    ...(elapsed !== undefined && { elapsed }),
    ...(timer !== undefined && { timer }),
    ...(greeting !== undefined && { greeting }),
    ...(repeats && { repeats }),
    ...(answer && { answer }),
  };
}

/** An observation with what can be read of it; undefined where it does not say what was seen. */
function observationIn(value: unknown): Observation | undefined {
  if (!isFields(value)) return undefined;
  const stage = stageOf(value.stage);
  const seen = Array.isArray(value.symptoms) ? value.symptoms.map(symptomOf) : [];
  const known = seen.filter((symptom) => symptom !== undefined);
  if (stage === undefined || seen.length === 0 || known.length < seen.length) return undefined;
  return {
    symptoms: known,
    stage,
    tool: 'probe',
    showsGreeting: true,
    line: textOf(value.line) ?? '',
    ...endpointIn(value),
    ...timesIn(value),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface ProbeRecord {
  readonly observations: readonly Observation[];
  /** How many attempts are left out, as they do not say what was seen. */
  readonly unread: number;
}

/**
 * What `port22 probe HOST --format json` printed; undefined where `text` is none of that, so that it may be read as the words
 * of another client.
 */
export function readProbe(text: string): ProbeRecord | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  const document = parsed(text);
  if (!isFields(document) || document.schema !== 'port22/probe/v1' || !Array.isArray(document.attempts))
    return undefined;
  const observations = document.attempts.map(observationIn).filter((observation) => observation !== undefined);
  return { observations, unread: document.attempts.length - observations.length };
}

import { isObject } from './arm-object.js';
import { keyOf, typeOf } from './ids.js';
import { ignoredTypes, type KindName, kindNames, kinds } from './kinds.js';

export type Json = Readonly<Record<string, unknown>>;

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

interface Envelope {
  readonly subscription: string | undefined;
  readonly operation: string;
  readonly error?: { readonly code: string; readonly message: string };
}

/** What `port22 fetch` wrote beside an answer. */
export function envelopeOf(root: Json): Envelope | undefined {
  const envelope = root.port22;
  if (!isObject(envelope) || envelope.provider !== 'azure') return undefined;
  const operation = textOf(envelope.operation);
  if (operation === undefined) return undefined;
  const error = isObject(envelope.error) ? envelope.error : undefined;
  return {
    subscription: textOf(envelope.subscription),
    operation,
    ...(error && { error: { code: textOf(error.code) ?? 'unknown', message: textOf(error.message) ?? '' } }),
  };
}

interface Recognised {
  readonly type?: string;
  readonly parameter?: string;
  readonly action: string;
}

const table: ReadonlyMap<KindName, Recognised> = new Map(kindNames.map((name) => [name, kinds[name]]));
const byType = new Map([...table].flatMap(([name, { type }]) => (type === undefined ? [] : [[type, name] as const])));

function kindOfType(type: string | undefined): KindName | 'ignored' | undefined {
  if (type === undefined) return undefined;
  return byType.get(type) ?? (ignoredTypes.has(type) ? 'ignored' : undefined);
}

/** The kind of a resource, by its type or by its id. `ignored`: it is of no use. */
export function kindOfResource(value: unknown): KindName | 'ignored' | undefined {
  if (!isObject(value)) return undefined;
  const id = textOf(value.id);
  const type = textOf(value.type)?.toLowerCase();
  return kindOfType(type) ?? kindOfType(id === undefined ? undefined : typeOf(id));
}

/** The kind of answer that a permission is for. */
export function kindOfOperation(operation: string): KindName | undefined {
  const wanted = operation.toLowerCase();
  if (wanted.endsWith('/virtualmachines/instanceview/read')) return 'machines';
  for (const [name, { action }] of table) if (action.toLowerCase() === wanted) return name;
  return undefined;
}

/** Effective admin rules say what they allow; connectivity configurations do not. */
function isAdminRule(value: unknown): boolean {
  return (
    isObject(value) &&
    (value.access !== undefined || (isObject(value.properties) && value.properties.access !== undefined))
  );
}

/** The kind of an answer about one subject, by the parameter beside it; of a virtual network two answers are known. */
export function kindOfAnswer(root: Json, elements: readonly unknown[]): KindName | undefined {
  const operation = envelopeOf(root)?.operation;
  const named = operation === undefined ? undefined : kindOfOperation(operation);
  if (named && table.get(named)?.parameter !== undefined) return named;
  if (root.virtualNetwork !== undefined && elements.length > 0)
    return elements.some(isAdminRule) ? 'adminRules' : 'connectivity';
  if (Array.isArray(root.values)) return 'serviceTags';
  for (const [name, { parameter }] of table) {
    if (parameter !== undefined && parameter !== 'virtualNetwork' && textOf(root[parameter]) !== undefined) return name;
  }
  return undefined;
}

/** What an answer is about, as a key; undefined where nothing tells. */
export function subjectOf(name: KindName, root: Json): string | undefined {
  const parameter = table.get(name)?.parameter;
  if (parameter === undefined) return undefined;
  const subject = textOf(root[parameter]) ?? (name === 'serviceTags' ? (textOf(root.name) ?? 'any') : undefined);
  if (subject === undefined) return undefined;
  const config = isObject(root.ipConfiguration) ? textOf(root.ipConfiguration.id) : undefined;
  return config === undefined ? keyOf(subject) : `${keyOf(subject)} ${keyOf(config)}`;
}

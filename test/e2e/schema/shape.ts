/** What a schema says of a value. */
export type Shape =
  | { readonly type: 'any' | 'boolean' | 'integer' | 'number' }
  | TextShape
  | { readonly type: 'list' | 'map'; readonly of: Shape }
  | { readonly type: 'named'; readonly name: string }
  | RecordShape;

interface TextShape {
  readonly type: 'text';
  /** All that it may be. */
  readonly words?: readonly string[];
  readonly format?: Format;
}

export type Format = keyof typeof FORMATS;

/** A value with fields of its own. */
export interface RecordShape {
  readonly type: 'record';
  readonly fields: Readonly<Record<string, Shape>>;
  /** The field whose fields `az` prints in its place. */
  readonly lifts?: string;
  /** By the word of the field `by`: the name of what it really is. */
  readonly variants?: { readonly by: string; readonly of: Readonly<Record<string, string>> };
}

/** The shapes of one schema, by name. */
export type Shapes = Readonly<Record<string, Shape>>;

/** What is wrong with one value. */
export interface Finding {
  /** The resource, or the part of the answer, in which it stands: `compute.Firewall`. */
  readonly schema: string;
  /** Its name in the record. */
  readonly record: string;
  /** The way to it from there: `allowed[].IPProtocol`. */
  readonly path: string;
  readonly problem: string;
  /** The field or the word that the schema does not have; absent where the type is wrong. */
  readonly unknown?: string;
}

/** A record with a name is a resource where it has one of these, or where its name is a path. */
const HEADS = ['selfLink', 'id', 'rules'];

const FORMATS = {
  int64: /^-?\d+$/,
  uint64: /^\d+$/,
  byte: /^[A-Za-z0-9+/_-]*={0,2}$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?$/,
};

/** How a judge reads. */
export interface Reading {
  readonly shapes: Shapes;
  /** Fields stand where the CLI of Azure prints them. */
  readonly isFlat?: boolean;
  /** Null is another word for absent. */
  readonly isNullable?: boolean;
  /** Called for every record that has a name, with the name of its schema. */
  readonly onRecord?: (schema: string, record: Fields) => void;
}

type Fields = Readonly<Record<string, unknown>>;

interface Place {
  readonly schema: string;
  readonly record: string;
  readonly path: string;
}

/** Everything in which the value differs from its shape; `name` says what it is where it does not say so itself. */
export function judge(value: unknown, shape: Shape, name: string, reading: Reading): Finding[] {
  return [...findingsIn(value, shape, { schema: name, record: '', path: '' }, reading)];
}

function* findingsIn(value: unknown, shape: Shape, place: Place, reading: Reading): Iterable<Finding> {
  if (value === null && reading.isNullable) return;
  const due = (wanted: string): Finding => ({ ...place, problem: `${shown(value)} where ${wanted} is due` });
  const inside = (step: string): Place => ({ ...place, path: `${place.path}${step}` });
  if (shape.type === 'any') return;
  if (shape.type === 'named') yield* findingsInNamed(value, shape.name, place, reading);
  else if (shape.type === 'text')
    yield* typeof value === 'string' ? findingsInText(value, shape, place) : [due('a text')];
  else if (shape.type === 'list') {
    if (!Array.isArray(value)) yield due('a list');
    else for (const item of value) yield* findingsIn(item, shape.of, inside('[]'), reading);
  } else if (shape.type === 'map') {
    if (!isFields(value)) yield due('an object');
    else for (const item of Object.values(value)) yield* findingsIn(item, shape.of, inside('{}'), reading);
  } else if (shape.type === 'record') {
    if (!isFields(value)) yield due('an object');
    else yield* findingsInFields(value, shape, place, reading);
  } else if (!isOf(value, shape.type)) yield due(shape.type === 'integer' ? 'an integer' : `a ${shape.type}`);
}

function findingsInText(text: string, { words, format }: TextShape, place: Place): Finding[] {
  if (words && !words.includes(text))
    return [{ ...place, problem: `'${text}' is none of ${some(words)}`, unknown: text }];
  return format && !FORMATS[format].test(text) ? [{ ...place, problem: `'${text}' is no ${format}` }] : [];
}

function* findingsInNamed(value: unknown, name: string, place: Place, reading: Reading): Iterable<Finding> {
  const shape = shapeOf(name, reading.shapes);
  if (shape.type !== 'record' || !isFields(value)) return yield* findingsIn(value, shape, place, reading);
  const { variants } = shape;
  const variant = variants?.of[String(value[variants.by])];
  const schema = variant ?? name;
  const isResource = typeof value.name === 'string' && (HEADS.some((key) => key in value) || value.name.includes('/'));
  if (isResource) reading.onRecord?.(schema, value);
  const own = isResource ? { schema, record: String(value.name), path: '' } : place;
  if (variants && variant === undefined)
    yield { ...own, problem: `no kind of ${name}: ${shown(value[variants.by])}`, unknown: String(value[variants.by]) };
  yield* findingsIn(value, shapeOf(schema, reading.shapes), own, reading);
}

function* findingsInFields(value: Fields, shape: RecordShape, place: Place, reading: Reading): Iterable<Finding> {
  const known = fieldsOf(shape, reading);
  for (const [key, item] of Object.entries(value)) {
    const own = { ...place, path: place.path === '' ? key : `${place.path}.${key}` };
    const field = Object.hasOwn(known, key) ? known[key] : undefined;
    if (field) yield* findingsIn(item, field, own, reading);
    else yield { ...own, problem: 'unknown field', unknown: key };
  }
}

function fieldsOf(own: RecordShape, { shapes, isFlat }: Reading): RecordShape['fields'] {
  const { [own.lifts ?? '']: lifted, ...others } = own.fields;
  if (!isFlat || lifted === undefined) return own.fields;
  const inner = lifted.type === 'named' ? shapeOf(lifted.name, shapes) : lifted;
  return inner.type === 'record' ? { ...inner.fields, ...others } : own.fields;
}

function shapeOf(name: string, shapes: Shapes): Shape {
  const shape = shapes[name];
  if (!shape) throw new Error(`the schema does not have ${name}`);
  return shape;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOf(value: unknown, type: 'boolean' | 'integer' | 'number'): boolean {
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function some(words: readonly string[]): string {
  return words.length > 8 ? `${words.slice(0, 8).join(', ')} and ${words.length - 8} more` : words.join(', ');
}

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Format, Shape, Shapes } from './shape.js';

/** The part of a discovery document that tells what is answered. */
interface Discovery {
  readonly schemas: Readonly<Record<string, Property>>;
  readonly resources?: Readonly<Record<string, Resource>>;
}

interface Resource {
  readonly methods?: Readonly<Record<string, Method>>;
  readonly resources?: Readonly<Record<string, Resource>>;
}

interface Method {
  readonly id: string;
  readonly response?: { readonly $ref: string };
}

interface Property {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly enum?: readonly string[];
  readonly default?: string;
  readonly items?: Property;
  readonly properties?: Readonly<Record<string, Property>>;
  readonly additionalProperties?: Property;
}

/** Google's own schemas. */
export interface GoogleShapes {
  readonly shapes: Shapes;
  /** The name of what a method answers. @throws for a method that no document has */
  readonly answerOf: (operation: string) => string;
  /** What `gcloud` prints a list of: the elements of the method's answer. */
  readonly elementOf: (operation: string) => Shape;
}

const VERSIONS: Readonly<Record<string, string>> = {
  compute: 'v1',
  networkconnectivity: 'v1',
  networksecurity: 'v1',
  cloudresourcemanager: 'v3',
  iap: 'v1',
};

const TEXT_FORMATS: Readonly<Record<string, Format>> = {
  int64: 'int64',
  uint64: 'uint64',
  byte: 'byte',
  'google-datetime': 'date-time',
};

/** Reads the discovery documents that Google ships with its client for Python, from the environment of that `python`. */
export function googleShapes(python: string): GoogleShapes {
  const where = ['-c', "import sysconfig; print(sysconfig.get_path('purelib'), end='')"];
  const packages = execFileSync(python, where, { encoding: 'utf8' });
  const shapes: Record<string, Shape> = {};
  const answers = new Map<string, string>();
  for (const [service, version] of Object.entries(VERSIONS)) {
    const file = join(packages, 'googleapiclient/discovery_cache/documents', `${service}.${version}.json`);
    const document: Discovery = JSON.parse(readFileSync(file, 'utf8'));
    for (const [name, schema] of Object.entries(document.schemas)) {
      const own = shapeOf(schema, service);
      shapes[`${service}.${name}`] = own;
    }
    for (const { id, response } of methodsOf(document)) if (response) answers.set(id, `${service}.${response.$ref}`);
  }
  const answerOf = (operation: string): string => {
    const name = answers.get(operation);
    if (name === undefined) throw new Error(`Google's discovery documents have no method ${operation} with an answer`);
    return name;
  };
  return { shapes, answerOf, elementOf: (operation) => elementIn(answerOf(operation), shapes) };
}

function* methodsOf({ methods, resources }: Resource): Iterable<Method> {
  yield* Object.values(methods ?? {});
  for (const inner of Object.values(resources ?? {})) yield* methodsOf(inner);
}

function shapeOf(property: Property, service: string, name = ''): Shape {
  const { type, format = '', $ref, items, properties, additionalProperties } = property;
  if ($ref !== undefined) return { type: 'named', name: `${service}.${$ref}` };
  if (items) return { type: 'list', of: shapeOf(items, service) };
  if (additionalProperties && !properties) return { type: 'map', of: shapeOf(additionalProperties, service) };
  if (type === 'object') {
    const fields = Object.entries(properties ?? {}).map(([key, inner]) => [key, shapeOf(inner, service, key)]);
    return { type: 'record', fields: Object.fromEntries(fields) };
  }
  if (type === 'string') return textOf(property, format, name);
  if (type === 'boolean' || type === 'integer' || type === 'number') return { type };
  if (type === 'any') return { type };
  throw new Error(`a discovery document says ${JSON.stringify(property).slice(0, 200)}`);
}

/** The field `kind` always says what it says where nobody sets it. */
function textOf(property: Property, format: string, name: string): Shape {
  const always = name === 'kind' && property.default !== undefined ? [property.default] : undefined;
  const words = property.enum ?? always;
  const own = TEXT_FORMATS[format];
  return { type: 'text', ...(words && { words }), ...(own && { format: own }) };
}

/** The elements of a list, or of the lists of every scope. */
function elementIn(answer: string, shapes: Shapes): Shape {
  const of = shapes[answer];
  const lists = Object.entries(of?.type === 'record' ? of.fields : {}).filter(([key]) => !/^un|^warning/.test(key));
  for (const [, field] of lists) {
    if (field.type === 'list') return field.of;
    if (field.type === 'map' && field.of.type === 'named') return elementIn(field.of.name, shapes);
  }
  throw new Error(`${answer} is no list`);
}

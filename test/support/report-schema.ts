import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js';
import { schemas } from '../../src/report/schemas.js';

type Json = { readonly [key: string]: unknown };

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The schema with every object closed, so that a field that it does not name is an error too. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (!isObject(schema)) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return schema.type === 'object' ? { ...inner, additionalProperties: false } : inner;
}

const compiled = (schema: object) => new Ajv2020({ allowUnionTypes: true }).compile(closed(schema) as AnySchemaObject);
const validators = {
  report: compiled(schemas.report),
  diff: compiled(schemas.diff),
  probe: compiled(schemas.probe),
  diagnosis: compiled(schemas.diagnosis),
};

/** What is wrong with a report by the schema that `port22 schema report` (or `diff`, `probe`) prints; [] when nothing is. */
export function schemaErrors(report: unknown, schema: keyof typeof validators = 'report'): string[] {
  const validate = validators[schema];
  if (validate(report)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

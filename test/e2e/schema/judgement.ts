import type { CollectedLine } from '../../support/collected-answers.js';
import { allowed } from './allowed.js';
import type { AzureShapes } from './azure-shapes.js';
import type { GoogleShapes } from './google-shapes.js';
import { type Finding, judge, type Reading, type Shape } from './shape.js';

/** The schemas of both clouds. */
export interface Schemas {
  readonly google: GoogleShapes;
  readonly azure: AzureShapes;
}

/** What came of judging many answers. */
export interface Judgement {
  /** One line for each thing that is wrong: kind, place, what is wrong, the name of a record, and the first test that has it. */
  readonly complaints: readonly string[];
  /** By schema: how many different records were judged. */
  readonly records: ReadonlyMap<string, number>;
  /** The entries of the list of what is allowed that were needed. */
  readonly used: ReadonlySet<object>;
}

/** Judges every answer by the schema of its call. */
export function judgeAnswers(lines: Iterable<CollectedLine>, schemas: Schemas): Judgement {
  const complaints = new Map<string, string>();
  const records = new Map<string, Set<string>>();
  const used = new Set<object>();
  const inventions = new Map<string, boolean>();
  const onRecord = (schema: string, record: object): void => {
    records.set(schema, (records.get(schema) ?? new Set()).add(JSON.stringify(record)));
  };
  for (const line of lines) {
    const inventionOf = (word = ''): string => `${line.test} makes up '${word}', which the schemas have`;
    for (const word of line.invented) inventions.set(inventionOf(word), inventions.get(inventionOf(word)) ?? false);
    for (const finding of findingsIn(line, schemas, onRecord)) {
      const excuse = allowed.find((entry) => entry.covers(finding, line));
      if (excuse) used.add(excuse);
      const { schema, record, path, problem, unknown } = finding;
      const isInvented = unknown !== undefined && line.invented.includes(unknown);
      if (isInvented) inventions.set(inventionOf(unknown), true);
      if (excuse || isInvented) continue;
      const what = `${line.cloud} ${schema}: ${path}: ${problem}`;
      if (!complaints.has(what))
        complaints.set(what, `${what} (${record || line.operation}, ${line.form}; ${line.test})`);
    }
  }
  const counts = new Map([...records].map(([schema, texts]) => [schema, texts.size]));
  const needless = [...inventions].filter(([, isUnknown]) => !isUnknown).map(([invention]) => invention);
  return { complaints: [...complaints.values(), ...needless].sort(), records: counts, used };
}

function findingsIn(line: CollectedLine, schemas: Schemas, onRecord: Reading['onRecord']): Finding[] {
  const { cloud, form, operation, body } = line;
  const reading = { ...(onRecord && { onRecord }) };
  if (cloud === 'gcp') {
    const { shapes, answerOf, elementOf } = schemas.google;
    const isList = Array.isArray(body);
    const name = isList ? operation : answerOf(operation);
    const shape: Shape = isList ? { type: 'list', of: elementOf(operation) } : { type: 'named', name };
    return judge(body, shape, name, { ...reading, shapes });
  }
  const { name, shape } = schemas.azure.answerOf(operation, form);
  const own: Reading = {
    ...reading,
    shapes: schemas.azure.shapes,
    isFlat: form === 'az',
    isNullable: operation === 'graph',
  };
  return [...judge(body, shape, name, own), ...(operation === 'graph' ? rowsIn(body, schemas.azure, own) : [])];
}

/** The rows of Resource Graph, of which its own schema says nothing. */
function rowsIn(body: unknown, { modelOfType }: AzureShapes, reading: Reading): Finding[] {
  const { data = [] } = body as { readonly data?: readonly { readonly type: string }[] };
  return data.flatMap((row) => {
    const name = modelOfType(row.type);
    return judge(row, { type: 'named', name }, name, reading);
  });
}

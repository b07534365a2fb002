import { didYouMean } from '../message/index.js';
import { schemas } from '../report/schemas.js';
import type { Context } from './context.js';
import { misuse } from './options.js';
import { writeResult } from './output.js';

/** `port22 schema report|snapshot`. */
export async function schemaCommand({ call, shell, report }: Context): Promise<number> {
  const [name = ''] = call.words;
  const names = Object.keys(schemas);
  const schema = Object.entries(schemas).find(([one]) => one === name)?.[1];
  if (!schema) {
    const near = didYouMean(name, names);
    const fix = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `give one of ${names.join(', ')}`;
    return report(
      [
        misuse(
          name === '' ? 'there is no name of a schema' : `there is no schema called ${name}`,
          'the command line',
          `there are ${names.join(', ')}`,
          fix,
        ),
      ],
      2,
    );
  }
  const unwritten = await writeResult(call, shell, [`${JSON.stringify(schema, null, 2)}\n`]);
  return unwritten ? report([unwritten], 2) : 0;
}

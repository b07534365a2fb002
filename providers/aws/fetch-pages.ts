import { InvalidResponse } from './fetch-error.js';
import type { AwsCall } from './operations.js';

type Body = Readonly<Record<string, unknown>>;

/** Sends one request of a call and returns the answer as the SDK has it. */
export type SendPage = (input: Body) => Promise<Body>;

/**
 * Asks for one page after another until the service names no further one, and returns them as one answer in the CLI's shape.
 * A page may be empty and still have a successor.
 * @throws InvalidResponse when a page lacks what was asked for, when a token comes twice, or when the service left records out.
 */
export async function allPages({ operation, parameters }: AwsCall, send: SendPage): Promise<Body> {
  const { paging, result, input, cutShort } = operation;
  const tokens = new Set<unknown>();
  const records: unknown[] = [];
  for (let token: unknown; ; tokens.add(token)) {
    const size = paging && { [paging.size]: paging.largest };
    const position = paging && token ? { [paging.send]: token } : {};
    const page = cliShape(await send({ ...input, ...parameters, ...size, ...position }));
    const value = page[result] ?? (operation.omittable ? [] : undefined);
    if (value === undefined) throw new InvalidResponse(`the answer holds no ${result}`);
    if (Array.isArray(value)) for (const record of value) records.push(record);

    token = paging && page[paging.receive];
    if (paging) delete page[paging.receive];
    if (tokens.has(token)) throw new InvalidResponse('pagination does not advance: a page token came twice');
    if (token) continue;
    if (cutShort !== undefined && page[cutShort] === true) {
      throw new InvalidResponse(`the answer is not complete: ${cutShort} is true and there is no further page`);
    }
    return { ...page, [result]: Array.isArray(value) ? records : value };
  }
}

/** Exactly what a recorded file would hold: dates as ISO 8601 text, nothing undefined, no metadata of the transport. */
function cliShape(output: Body): Record<string, unknown> {
  const { $metadata: _, ...answer } = output;
  return JSON.parse(JSON.stringify(answer));
}

import { quoteBody } from '../../src/record/index.js';
import { InvalidResponse } from './fetch-error.js';

/** The part of a response that the SDK's HTTP handler hands over. */
interface HttpResponse {
  readonly statusCode: number;
  body: unknown;
}

type Handler = (args: object) => Promise<{ response: unknown }>;

/** What a service writes: XML whose first element is known, or JSON. */
export type BodyFormat = { readonly kind: 'xml'; readonly root: string } | { readonly kind: 'json' };

/** The beginning of the body that was read last; it outlives an error for the sake of its message. */
export interface BodySeen {
  text?: string;
}

const HEAD_BYTES = 2048;
const ERROR_ROOTS: ReadonlySet<string> = new Set(['Response', 'ErrorResponse']);

/**
 * SDK middleware that reads the whole body before the SDK's own reader sees it, and refuses what the service cannot have
 * written. That reader takes an HTML page or an empty body with status 200 for an answer without records: evidence that
 * there is no security group, where there is only a proxy.
 */
export function bodyGuard(format: BodyFormat, seen: BodySeen) {
  return (next: Handler): Handler =>
    async (args) => {
      const result = await next(args);
      const response = result.response as HttpResponse;
      const bytes = await readBody(response.body);
      seen.text = new TextDecoder().decode(bytes.subarray(0, HEAD_BYTES));
      requireServiceBody(format, response.statusCode, seen.text);
      response.body = bytes;
      return result;
    };
}

/** The SDK's handler breaks the stream off when the call's signal aborts. */
async function readBody(body: unknown): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function requireServiceBody(format: BodyFormat, status: number, head: string): void {
  if (format.kind === 'json') {
    if (!/^\uFEFF?\s*\{/u.test(head)) throw foreign(status, 'a JSON object', head);
    return;
  }
  const root = rootElement(head);
  if (root === undefined) throw foreign(status, 'XML', head);
  if (status >= 300 && !ERROR_ROOTS.has(root)) throw foreign(status, 'an error of the service', head);
  if (status < 300 && root !== format.root) throw foreign(status, `a ${format.root}`, head);
}

function foreign(status: number, expected: string, head: string): InvalidResponse {
  const found = head.trim() === '' ? 'an empty body' : `a body that is not ${expected}: ${quoteBody(head)}`;
  return new InvalidResponse(`HTTP ${status} with ${found}`, status);
}

/** The name of the first element, past a byte order mark, the declaration and comments. */
function rootElement(head: string): string | undefined {
  return /^\uFEFF?\s*(?:<\?[^>]*\?>\s*|<!--(?:(?!-->)[\s\S])*-->\s*)*<([A-Za-z_][\w.-]*)/u.exec(head)?.[1];
}

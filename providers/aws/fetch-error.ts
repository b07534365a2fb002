import { oneLine, quoteBody } from '../../src/record/index.js';
import type { AwsError } from './records/recording.js';

/** An answer that the service cannot have written, or not in full. */
export class InvalidResponse extends Error {
  override readonly name = 'InvalidResponse';
  /** Lets the SDK retry what came with the status of a failing server. */
  readonly $metadata: { readonly httpStatusCode?: number };

  constructor(message: string, httpStatusCode?: number) {
    super(message);
    this.$metadata = httpStatusCode === undefined ? {} : { httpStatusCode };
  }
}

/** What an answer says of a call that failed. `body` is the last response's body as far as it was read. */
export function describeError(error: unknown, body?: string): AwsError {
  const { code, message } = classify(error, body);
  return { code: oneLine(code), message: oneLine(message) || oneLine(code) };
}

/** Errors are told by their fields and not by their class: they come from other packages, and from Node itself. */
interface Failure {
  readonly name: string;
  readonly message: string;
  /** Of a service's error. */
  readonly $fault?: unknown;
  /** Of a system error: `ECONNREFUSED`. */
  readonly code?: unknown;
  /** Of a connection that failed for every address of a host: the reasons, one each. */
  readonly errors?: readonly { readonly message: string }[];
}

/** What readers of bodies throw. */
const PLAIN_ERRORS: ReadonlySet<string> = new Set(['Error', 'SyntaxError', 'TypeError']);

function classify(error: unknown, body: string | undefined): AwsError {
  const { name, message, $fault, code, errors } = error as Failure;
  if ($fault !== undefined) return { code: name, message };
  if (name === 'TimeoutError' && (code === undefined || code === 'ETIMEDOUT')) {
    return { code: name, message: withoutPackage(message) };
  }
  if (typeof code === 'string') return { code, message: message || (errors?.[0]?.message ?? '') };
  return PLAIN_ERRORS.has(name) ? unreadable(message, body) : { code: name, message };
}

/** The SDK's readers throw plain errors, with advice for programmers in the second line. */
function unreadable(message: string, body: string | undefined): AwsError {
  const reason = withoutPackage(message.split('\n', 1)[0] ?? '');
  if (body === undefined) return { code: 'UnknownError', message: reason };
  return { code: 'InvalidResponse', message: `the answer cannot be read (${reason}): ${quoteBody(body)}` };
}

/** `@smithy/node-http-handler - [ERROR] a request has ...` says where the SDK's code stands, which is no help. */
function withoutPackage(message: string): string {
  return message.replace(/^@[\w/-]+ (?:- )?(?:\[\w+\] )?/, '');
}

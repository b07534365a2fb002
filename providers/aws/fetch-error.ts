import type { Problem } from '../../src/model/index.js';
import type { AwsError } from './records/recording.js';

/** Thrown where nothing can be asked at all: no credentials, no such profile, no region. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
  readonly problem: Problem;

  constructor(parts: Omit<Problem, 'severity'>) {
    super(oneLine(parts.what));
    const { what, where, why, fix } = parts;
    this.problem = {
      severity: 'error',
      what: oneLine(what),
      where: oneLine(where),
      why: oneLine(why),
      fix: oneLine(fix),
    };
  }
}

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

const QUOTED_CHARACTERS = 120;

/** At most 120 printable characters from the start of a body, in quotes. */
export function quoteBody(text: string): string {
  const printable = oneLine(text);
  return printable.length > QUOTED_CHARACTERS ? `"${printable.slice(0, QUOTED_CHARACTERS)}"...` : `"${printable}"`;
}

/** White space folded, control and direction characters written out (`\u{1b}`): what came over the wire must not reach a terminal raw. */
function oneLine(text: string): string {
  return text
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(
      /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu,
      (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
    );
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

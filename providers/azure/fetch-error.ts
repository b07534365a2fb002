import { oneLine, quoteBody } from '../../src/record/index.js';
import type { AzureError } from './records/recording.js';

/** One attempt that failed. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';
  readonly reason: string;
  /** The same call may work a moment later. */
  readonly passing: boolean;
  /** What the service asks to wait for, in milliseconds. */
  readonly wait: number;

  constructor(reason: string, message: string, passing = false, wait = 0) {
    super(oneLine(message) || reason);
    this.reason = oneLine(reason);
    this.passing = passing;
    this.wait = wait;
  }
}

/** An answer that the service cannot have written, or not in full. */
export function invalidResponse(message: string): CallFailure {
  return new CallFailure('InvalidResponse', message);
}

/** A link to a further page that is not the service's: no token goes there. */
export function elsewhere(url: string): CallFailure {
  return invalidResponse(`the answer leads elsewhere: ${quoteBody(url)}`);
}

/** What an answer says of a call that failed for good. `action` is the one that the call needs. */
export function describeError(error: unknown, action: string): AzureError {
  const { reason, message } = asFailure(error);
  const isDenial = reason === 'AuthorizationFailed' || reason === 'LinkedAuthorizationFailed';
  const names = message.toLowerCase().includes(action.toLowerCase());
  return { code: reason, message: isDenial && !names ? `${message} (needs ${action})` : message };
}

/** Failures of Node's sockets that may be gone a moment later. */
const PASSING = /^(?:ECONNRESET|EPIPE|ETIMEDOUT|EAI_AGAIN|ERR_STREAM_PREMATURE_CLOSE)$/;

/** Errors are told by their fields and not by their class: they come from other packages, and from Node itself. */
interface Failure {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly cause?: Failure;
}

/** Whatever was thrown, with a reason. */
export function asFailure(error: unknown): CallFailure {
  const chain: Failure[] = [];
  for (let link = error as Failure | undefined; link && chain.length < 5; link = link.cause) {
    if (link instanceof CallFailure) return link;
    chain.push(link);
  }
  const [first] = chain;
  const message = String(first?.message ?? error);
  if (/Authentication(?:Required)?Error$|CredentialUnavailableError$/.test(String(first?.name)))
    return new CallFailure('Unauthenticated', `there is no new token: ${message}`);
  if (/premature close|aborted|socket hang up/i.test(message)) return new CallFailure('ECONNRESET', message, true);
  const coded = chain.find(({ code }) => typeof code === 'string' && /^[A-Z][A-Z_]+$/.test(code));
  if (!coded) return new CallFailure('UnknownError', message);
  const code = String(coded.code);
  return new CallFailure(code, typeof coded.message === 'string' ? coded.message : message, PASSING.test(code));
}

interface ErrorBody {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly details?: unknown;
}

/** What a status other than 2xx means. */
export function serviceFailure(status: number, text: string, wait: number): CallFailure {
  const body = errorOf(text);
  const code = typeof body?.code === 'string' ? body.code : undefined;
  const details = Array.isArray(body?.details) ? body.details.slice(0, 3).map(textOfDetail) : [];
  const message = [body?.message, ...details].filter((part) => typeof part === 'string' && part !== '').join(' ');
  if (status === 429 || (status >= 500 && status !== 501)) {
    const said = [code, message].filter(Boolean).join(': ');
    return new CallFailure('UNAVAILABLE', `HTTP ${status}: ${said || quoteBody(text)}`, true, wait);
  }
  if (body === undefined) {
    const found =
      text.trim() === '' ? 'an empty body' : `a body that is not an error of the service: ${quoteBody(text)}`;
    return invalidResponse(`HTTP ${status} with ${found}`);
  }
  return new CallFailure(code ?? `HTTP ${status}`, message);
}

function textOfDetail(detail: ErrorBody | undefined): unknown {
  return detail?.message;
}

/** The error in a body: most services put it under `error`, some write it bare. */
export function errorOf(text: string): ErrorBody | undefined {
  try {
    const body = JSON.parse(text);
    const error = body?.error ?? body;
    return typeof error === 'object' && error !== null && typeof error.code === 'string' ? error : undefined;
  } catch {
    return undefined;
  }
}

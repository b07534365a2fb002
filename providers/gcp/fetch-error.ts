import { oneLine, quoteBody } from '../../src/record/index.js';
import type { GcpError } from './records/recording.js';

/** When a call that failed may be made again: never, after a moment, or when the quota of the next minute has come. */
export type Retry = 'never' | 'soon' | 'with new quota';

/** One attempt that failed. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';
  readonly reason: string;
  readonly retry: Retry;
  /** What the service asks to wait for, in milliseconds. */
  readonly wait: number;

  constructor(reason: string, message: string, retry: Retry = 'never', wait = 0) {
    super(oneLine(message) || reason);
    this.reason = oneLine(reason);
    this.retry = retry;
    this.wait = wait;
  }
}

/** An answer that the service cannot have written, or not in full. */
export function invalidResponse(message: string): CallFailure {
  return new CallFailure('InvalidResponse', message);
}

/** What an answer says of a call that failed for good. */
export function describeError(error: unknown): GcpError {
  const { reason, message } = asFailure(error);
  return { code: reason, message };
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
  if (error instanceof CallFailure) return error;
  const chain: Failure[] = [];
  for (let link = error as Failure | undefined; link && chain.length < 5; link = link.cause) chain.push(link);
  const [first] = chain;
  const coded = chain.find(({ code }) => typeof code === 'string' && /^[A-Z][A-Z_]+$/.test(code));
  const message = String(coded?.message ?? first?.message ?? error);
  if (coded) {
    const code = String(coded.code);
    return new CallFailure(code, message, PASSING.test(code) ? 'soon' : 'never');
  }
  if (/premature close|aborted|socket hang up/i.test(message)) return new CallFailure('ECONNRESET', message, 'soon');
  return new CallFailure('UnknownError', message);
}

interface ErrorBody {
  readonly message?: unknown;
  readonly status?: unknown;
  readonly errors?: readonly { readonly reason?: unknown; readonly domain?: unknown }[];
  readonly details?: readonly {
    readonly '@type'?: unknown;
    readonly reason?: unknown;
    readonly metadata?: { readonly permission?: unknown };
  }[];
}

/** The older words of Compute Engine, in those of today. */
const REASONS: Readonly<Record<string, string>> = {
  forbidden: 'IAM_PERMISSION_DENIED',
  accessNotConfigured: 'SERVICE_DISABLED',
  notFound: 'NOT_FOUND',
  authError: 'UNAUTHENTICATED',
  insufficientPermissions: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
};

const REASON_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
};

/** What a status other than 2xx means. `permission` is the one that the call needs. */
export function serviceFailure(status: number, text: string, permission: string, wait: number): CallFailure {
  const body = errorBody(text);
  const message = typeof body?.message === 'string' ? body.message : '';
  const info = body?.details?.find((detail) => String(detail?.['@type']).endsWith('google.rpc.ErrorInfo'));
  const older = body?.errors?.[0];
  const reason = typeof info?.reason === 'string' ? info.reason : (REASONS[String(older?.reason)] ?? older?.reason);
  if (isQuota(status, reason, older?.domain)) {
    return new CallFailure('RATE_LIMIT_EXCEEDED', `${message} (HTTP ${status})`, 'with new quota', wait);
  }
  if (status === 429 || (status >= 500 && status !== 501)) {
    return new CallFailure('UNAVAILABLE', `HTTP ${status}: ${message || quoteBody(text)}`, 'soon', wait);
  }
  if (body === undefined) {
    const found =
      text.trim() === '' ? 'an empty body' : `a body that is not an error of the service: ${quoteBody(text)}`;
    return invalidResponse(`HTTP ${status} with ${found}`);
  }
  const known = [reason, REASON_OF_STATUS[status], body.status].find((word) => typeof word === 'string');
  const code = known ?? `HTTP ${status}`;
  const named = info?.metadata?.permission;
  const needed = typeof named === 'string' ? named : permission;
  const isDenial = /^(?:IAM_)?PERMISSION_DENIED$/.test(code) && !message.includes(needed);
  return new CallFailure(code, isDenial ? `${message} (needs ${needed})` : message);
}

/** The domain is that of an API which is not switched on, too. A 429 that says nothing of a quota is another matter. */
function isQuota(status: number, reason: unknown, domain: unknown): boolean {
  if (status !== 403 || reason === 'SERVICE_DISABLED') return false;
  return domain === 'usageLimits' || /^(?:RATE_LIMIT_EXCEEDED|(?:user)?rateLimitExceeded)$/i.test(String(reason));
}

function errorBody(text: string): ErrorBody | undefined {
  try {
    const { error } = JSON.parse(text);
    return typeof error === 'object' && error !== null ? error : undefined;
  } catch {
    return undefined;
  }
}

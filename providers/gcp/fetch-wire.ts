import { FetchError, quoteBody } from '../../src/record/index.js';
import { CallFailure, invalidResponse, serviceFailure } from './fetch-error.js';
import type { Json } from './records/recorded-answer.js';
import type { Reviver } from './records/recording.js';

/** What the SDK's clients ask of the object that they authenticate with. */
export interface SdkAuth {
  fetch(url: string | URL, init?: object): Promise<Response>;
  getProjectId?(): Promise<string>;
}

/** The way to Google with the caller's credentials. */
export interface Credentials {
  /** A client of google-auth-library. */
  readonly client: SdkAuth;
  /** The project that the environment or the credentials name. */
  projectId(): Promise<string | undefined>;
}

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/**
 * Application Default Credentials, tried out: the SDK's clients crash the process where there are none.
 * @throws FetchError when there are none, or no token can be had with them
 */
export async function openCredentials(project: string | undefined): Promise<Credentials> {
  const { GoogleAuth } = await import('google-auth-library');
  // A project that is known is not looked for: with some kinds of credentials that is a call which may be denied.
  const auth = new GoogleAuth({ scopes: [SCOPE], ...(project !== undefined && { projectId: project }) });
  try {
    const client = await auth.getClient();
    await client.getRequestHeaders();
    return {
      client: client as unknown as SdkAuth,
      projectId: () => auth.getProjectId().catch(() => undefined),
    };
  } catch (error) {
    throw new FetchError({
      what: 'there are no Google Cloud credentials',
      where: process.env.GOOGLE_APPLICATION_CREDENTIALS
        ? 'the file that GOOGLE_APPLICATION_CREDENTIALS names'
        : 'Application Default Credentials',
      why: error instanceof Error ? error.message : String(error),
      fix: 'log in (gcloud auth application-default login), or name a credentials file with GOOGLE_APPLICATION_CREDENTIALS',
    });
  }
}

/** What one attempt is about. */
export interface Attempt {
  readonly permission: string;
  readonly signal: AbortSignal;
  /** Milliseconds until the answer has to be complete. */
  readonly deadline: number;
  /** What is left out of the answer. */
  readonly reviver: Reviver;
}

/** An error of gaxios, as far as it is used: it has a response only where a token was refused. */
interface TransportError {
  readonly message?: unknown;
  readonly response?: { readonly status: number };
}

/**
 * One request. The whole body is read and looked at before any SDK sees it: their readers take a page of HTML or an empty
 * body with status 200 for half an error, and drop the fields that they do not know.
 * @returns the text of a JSON object
 * @throws CallFailure
 */
export async function exchange(client: SdkAuth, url: string, init: object, attempt: Attempt): Promise<string> {
  const deadline = AbortSignal.timeout(attempt.deadline);
  const signal = AbortSignal.any([attempt.signal, deadline]);
  const options = { ...init, signal, responseType: 'stream', validateStatus: () => true };
  try {
    const response = await client.fetch(url, options);
    const text = await response.text();
    if (!response.ok) throw refusal(response, text, attempt.permission);
    requireJson(response.status, text);
    return text;
  } catch (error) {
    attempt.signal.throwIfAborted();
    if (deadline.aborted) {
      const seconds = attempt.deadline / 1000;
      throw new CallFailure('DEADLINE_EXCEEDED', `no complete answer within ${seconds} s`, 'soon');
    }
    const { response, message } = error as TransportError;
    throw response === undefined
      ? error
      : new CallFailure(
          'UNAUTHENTICATED',
          `there is no new token: HTTP ${response.status} ${quoteBody(String(message))}`,
        );
  }
}

function refusal({ status, headers }: Response, text: string, permission: string): CallFailure {
  const seconds = Number(headers.get('retry-after') ?? 0);
  return serviceFailure(status, text, permission, Number.isFinite(seconds) ? seconds * 1000 : 0);
}

/** The body as it is recorded. @throws CallFailure when it is no JSON */
export function readBody(text: string, reviver: Reviver): Json {
  try {
    return JSON.parse(text, reviver);
  } catch (error) {
    throw unreadable(error, text);
  }
}

/** The answer came, and its reader did not like it. */
export function unreadable(error: unknown, text: string): CallFailure {
  const reason = error instanceof Error ? error.message : String(error);
  return invalidResponse(`the answer cannot be read (${reason}): ${quoteBody(text)}`);
}

function requireJson(status: number, text: string): void {
  if (/^\uFEFF?\s*\{/u.test(text)) return;
  const found = text.trim() === '' ? 'an empty body' : `a body that is not a JSON object: ${quoteBody(text)}`;
  throw invalidResponse(`HTTP ${status} with ${found}`);
}

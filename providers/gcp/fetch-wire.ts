import { CallFailure, FetchError, invalidResponse, quoteBody, serviceFailure } from './fetch-error.js';

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
export async function openCredentials(): Promise<Credentials> {
  const { GoogleAuth } = await import('google-auth-library');
  const auth = new GoogleAuth({ scopes: [SCOPE] });
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
}

/** An error of gaxios, as far as it is used. */
interface TransportError {
  readonly config?: { readonly url?: unknown };
  readonly response?: { readonly status?: unknown; readonly data?: unknown; readonly headers?: Headers };
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
  try {
    const response = await client.fetch(url, { ...init, signal, responseType: 'stream' });
    const text = await response.text();
    requireJson(response.status, text);
    return text;
  } catch (error) {
    attempt.signal.throwIfAborted();
    if (deadline.aborted) {
      const seconds = attempt.deadline / 1000;
      throw new CallFailure('DEADLINE_EXCEEDED', `no complete answer within ${seconds} s`, 'soon');
    }
    throw refusal(error as TransportError, url, attempt.permission) ?? error;
  }
}

function refusal({ config, response }: TransportError, url: string, permission: string): CallFailure | undefined {
  if (typeof response?.status !== 'number') return undefined;
  const { data, headers, status } = response;
  const text = typeof data === 'string' ? data : (JSON.stringify(data) ?? '');
  if (config?.url !== undefined && new URL(String(config.url)).host !== new URL(url).host) {
    return new CallFailure('UNAUTHENTICATED', `no new token: HTTP ${status} ${quoteBody(text)}`);
  }
  const seconds = Number(headers?.get('retry-after') ?? 0);
  return serviceFailure(status, text, permission, Number.isFinite(seconds) ? seconds * 1000 : 0);
}

function requireJson(status: number, text: string): void {
  if (/^\uFEFF?\s*\{/u.test(text)) return;
  const found = text.trim() === '' ? 'an empty body' : `a body that is not a JSON object: ${quoteBody(text)}`;
  throw invalidResponse(`HTTP ${status} with ${found}`);
}

import { AsyncLocalStorage } from 'node:async_hooks';
import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { quoteBody } from '../../src/record/index.js';
import type { Endpoint } from './fetch-endpoint.js';
import { asFailure, CallFailure, elsewhere, errorOf, invalidResponse, serviceFailure } from './fetch-error.js';
import { persist, type RetryLimits } from './fetch-retry.js';
import type { Json } from './records/recorded-answer.js';
import type { Reviver } from './records/recording.js';

/** How long and how often. Times in milliseconds. */
export interface WireLimits extends RetryLimits {
  /** For one attempt at one page. */
  readonly response: number;
  /** For an operation that takes longer: until it has to be over. */
  readonly operation: number;
}

/** One call on its way: what came, before the SDK dropped what it does not know. */
interface Exchange {
  /** The bodies with status 2xx, in order; empty ones left out. */
  readonly texts: string[];
  readonly asked: Set<string>;
  readonly start: number;
  failure?: unknown;
}

/**
 * The transport under the SDK's pipelines. Every body is read and looked at before the SDK sees it: it tells of a page that
 * was refused only that it was refused, takes other JSON for an empty answer, and drops the fields that it does not know.
 */
export class Wire implements HttpClient {
  private readonly exchanges = new AsyncLocalStorage<Exchange>();
  private readonly transport: HttpClient;
  private readonly endpoint: Endpoint;
  private readonly limits: WireLimits;
  private readonly signal: AbortSignal;
  private readonly reviver: Reviver;

  constructor(transport: HttpClient, endpoint: Endpoint, limits: WireLimits, signal: AbortSignal, reviver: Reviver) {
    this.transport = transport;
    this.endpoint = endpoint;
    this.limits = limits;
    this.signal = signal;
    this.reviver = reviver;
  }

  /** What was answered while `work` ran, the last page at the end. @throws CallFailure, or the signal's reason */
  async bodies(work: () => Promise<unknown>): Promise<Json[]> {
    const exchange: Exchange = { texts: [], asked: new Set(), start: Date.now() };
    try {
      await this.unlessAborted(this.exchanges.run(exchange, work));
    } catch (error) {
      this.signal.throwIfAborted();
      throw failureOf(error, exchange);
    }
    return exchange.texts.map((text) => readBody(text, this.reviver));
  }

  /** The SDK may be waiting until it looks again. */
  private async unlessAborted(work: Promise<unknown>): Promise<void> {
    // Many calls wait at a time, and Node warns of more than ten listeners on one signal.
    const own = AbortSignal.any([this.signal]);
    let end = () => {};
    const aborted = new Promise<never>((_, reject) => {
      end = () => reject(own.reason);
      own.addEventListener('abort', end);
    });
    try {
      await Promise.race([work, aborted]);
    } finally {
      own.removeEventListener('abort', end);
    }
  }

  async sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
    const exchange = this.exchanges.getStore();
    if (!exchange) throw new Error('the SDK asked for something by itself');
    try {
      this.requireOwn(request, exchange);
      const response = await persist(this.limits, this.signal, () => this.attempt(request, exchange));
      if (response.status === 401) return response;
      const text = response.bodyAsText ?? '';
      if (text.trim() !== '') exchange.texts.push(text);
      return this.secured(response);
    } catch (error) {
      exchange.failure = error;
      throw error;
    }
  }

  /** Links to further pages are the service's: a token must not follow one elsewhere, and a circle has no end. */
  private requireOwn({ url, method, body }: PipelineRequest, { asked, texts, start }: Exchange): void {
    if (new URL(url).origin !== new URL(this.endpoint.secure).origin) throw elsewhere(url);
    const question = `${method} ${url} ${typeof body === 'string' ? body : ''}`;
    if (asked.has(question)) {
      // What takes longer is asked for again and again at one place.
      if (isPage(texts.at(-1) ?? '')) throw invalidResponse('pagination does not advance: a page was named twice');
      const { operation } = this.limits;
      if (Date.now() - start > operation)
        throw new CallFailure('DEADLINE_EXCEEDED', `the operation is not over after ${operation / 1000} s`);
    }
    asked.add(question);
  }

  private async attempt(request: PipelineRequest, exchange: Exchange): Promise<PipelineResponse> {
    const { origin, secure } = this.endpoint;
    const deadline = AbortSignal.timeout(this.limits.response);
    const own = {
      ...request,
      url: request.url.replace(secure, origin),
      allowInsecureConnection: !origin.startsWith('https:'),
      abortSignal: AbortSignal.any([this.signal, deadline]),
    };
    try {
      const response = await this.transport.sendRequest(own);
      const { status, headers } = response;
      const text = response.bodyAsText ?? '';
      if (status < 200 || status > 299) {
        const failure = serviceFailure(status, text, waitIn(headers));
        if (!isChallenge(response) || exchange.failure !== undefined) throw failure;
        exchange.failure = failure;
        return response;
      }
      requireJson(status, text);
      return response;
    } catch (error) {
      this.signal.throwIfAborted();
      if (!deadline.aborted) throw asFailure(error);
      throw new CallFailure('DEADLINE_EXCEEDED', `no complete answer within ${this.limits.response / 1000} s`, true);
    }
  }

  /** The SDK gets its own links back: it follows none over plain HTTP. */
  private secured(response: PipelineResponse): PipelineResponse {
    const { origin, secure } = this.endpoint;
    if (origin === secure) return response;
    for (const [name, value] of response.headers)
      if (value.startsWith(origin)) response.headers.set(name, value.replace(origin, secure));
    const { bodyAsText } = response;
    return { ...response, ...(bodyAsText && { bodyAsText: bodyAsText.replaceAll(`"${origin}`, `"${secure}`) }) };
  }
}

/** Why a call failed: what the service said goes before what the SDK made of it. */
function failureOf(error: unknown, { failure, texts }: Exchange): CallFailure {
  if (failure !== undefined) return asFailure(failure);
  const text = texts.at(-1);
  if (text === undefined) return asFailure(error);
  const said = errorOf(text);
  if (said) return serviceFailure(400, text, 0);
  return unreadable(error, text);
}

/** The answer came, and its reader did not like it. */
function unreadable(error: unknown, text: string): CallFailure {
  const reason = error instanceof Error ? error.message : String(error);
  return invalidResponse(`the answer cannot be read (${reason}): ${quoteBody(text)}`);
}

function isPage(text: string): boolean {
  return /"(?:nextLink|skipToken|\$skipToken)"/.test(text);
}

/** The body as it is recorded. */
function readBody(text: string, reviver: Reviver): Json {
  try {
    return JSON.parse(text, reviver);
  } catch (error) {
    throw unreadable(error, text);
  }
}

/** An operation that takes longer is accepted with an empty body; nothing else is. */
function requireJson(status: number, text: string): void {
  if (/^\uFEFF?\s*\{/u.test(text) || ((status === 202 || status === 204) && text.trim() === '')) return;
  const found = text.trim() === '' ? 'an empty body' : `a body that is not a JSON object: ${quoteBody(text)}`;
  throw invalidResponse(`HTTP ${status} with ${found}`);
}

/** A token has been revoked, and the SDK knows how to get another. */
function isChallenge({ status, headers }: PipelineResponse): boolean {
  return status === 401 && /claims=/i.test(headers.get('www-authenticate') ?? '');
}

/** How long the service asks to wait, in milliseconds: seconds, or the time that Resource Graph's quota takes (00:00:05). */
function waitIn(headers: PipelineResponse['headers']): number {
  const seconds = Number(headers.get('retry-after') ?? 0);
  const [hours = 0, minutes = 0, rest = 0] = (headers.get('x-ms-user-quota-resets-after') ?? '').split(':').map(Number);
  const longest = Math.max(seconds, hours * 3600 + minutes * 60 + rest);
  return Number.isFinite(longest) ? longest * 1000 : 0;
}

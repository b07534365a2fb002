import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { build } from 'esbuild';
import type { AzureDocument, AzureFetchRequest, AzureScope, FetchIo } from '../../../providers/azure/fetch.js';
import type { Problem } from '../../../src/model/index.js';
import { SUBSCRIPTION } from '../azure/ids.js';
import { tempFolder } from '../temp-folder.js';
import { type AzureServer, type AzureServerOptions, type Intercept, startAzureServer } from './server.js';

const ROOT = join(__dirname, '../../..');

/** Runs one fetch for each message. Credentials keep their tokens for as long as a process lives. */
const WORKER = `
  import { fetchAzure } from './providers/azure/fetch.js';
  const ours = /^(AZURE|IDENTITY|MSI|IMDS)_/;
  process.on('message', async ({ env, request, limits, abortAfter }) => {
    for (const name of Object.keys(process.env)) if (ours.test(name)) delete process.env[name];
    Object.assign(process.env, env);
    const [documents, steps, controller] = [[], [], new AbortController()];
    const progress = (done, total, label) => {
      steps.push([done, total, label]);
      if (done === abortAfter) controller.abort(new Error('interrupted'));
    };
    try {
      const io = { progress, limits, signal: controller.signal };
      const scopes = await fetchAzure(request, io, (document) => documents.push(document));
      process.send({ scopes, documents, steps });
    } catch ({ name, message, problem }) {
      process.send({ failure: { name, message, problem } });
    }
  });`;

/** Waits of the real length have no place in tests. */
const QUICK: NonNullable<FetchIo['limits']> = { backoff: 1, poll: 1, attempts: 3, response: 10_000 };

interface Envelope {
  readonly subscription: string;
  readonly operation: string;
  readonly error?: { readonly code: string; readonly message: string };
}

type Value = Readonly<Record<string, unknown>> & { readonly port22: Envelope };

/** What a fetch gave. */
export interface Fetched {
  readonly scopes: readonly AzureScope[];
  readonly documents: readonly AzureDocument[];
  readonly steps: readonly (readonly [done: number, total: number, label: string])[];
  /** The one document of an operation, about one subject where there are several; records asked for by themselves left out. */
  value(operation: string, subject?: string): Value;
}

export interface Failed {
  readonly name: string;
  readonly message: string;
  readonly problem?: Problem;
}

export interface FetchOptions extends Partial<AzureFetchRequest> {
  readonly limits?: FetchIo['limits'];
  /** The calls after which the signal aborts. */
  readonly abortAfter?: number;
  /** More variables; undefined removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface Fetcher {
  /** Starts the test's server; `intercept` takes over what it answers. */
  serve(options: AzureServerOptions, intercept?: Intercept): Promise<AzureServer>;
  /** Fetches from the server that was started last, with credentials that it gives tokens for. */
  fetched(options?: FetchOptions): Promise<Fetched>;
  /** How a fetch ends that cannot. */
  failed(options?: FetchOptions): Promise<Failed>;
}

/** A process for each file of tests, and a server for each test. */
export function fetcher(): Fetcher {
  const folder = tempFolder();
  const servers: AzureServer[] = [];
  let worker: ChildProcess | undefined;
  let noise = '';
  beforeAll(async () => {
    const outfile = join(folder.path, 'worker.cjs');
    const stdin = { contents: WORKER, resolveDir: ROOT };
    const supported = { 'dynamic-import': false };
    await build({ stdin, bundle: true, platform: 'node', packages: 'external', supported, outfile });
    const env = { ...process.env, NODE_PATH: join(ROOT, 'node_modules') };
    worker = fork(outfile, { env, silent: true, execArgv: [] });
    worker.stderr?.on('data', (chunk) => (noise += chunk));
  });
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));
  afterAll(() => {
    worker?.kill();
    folder.remove();
  });
  const run = async ({
    env,
    limits,
    abortAfter,
    ...request
  }: FetchOptions): Promise<Fetched & { failure?: Failed }> => {
    if (!worker) throw new Error('the process has not been started');
    const url = servers.at(-1)?.url ?? 'http://127.0.0.1:1';
    const variables = {
      AZURE_RESOURCE_MANAGER_ENDPOINT: url,
      AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
      IDENTITY_ENDPOINT: `${url}/token`,
      IDENTITY_HEADER: 'header',
      HOME: folder.path,
      ...env,
    };
    worker.send({
      env: JSON.parse(JSON.stringify(variables)),
      request: { subscriptions: [SUBSCRIPTION], ...request },
      limits: { ...QUICK, ...limits },
      abortAfter,
    });
    const answered = new AbortController();
    const { signal } = answered;
    const [message] = await Promise.race([once(worker, 'message', { signal }), once(worker, 'exit', { signal })]);
    answered.abort();
    if (noise !== '' || typeof message !== 'object') throw new Error(`the process ended or complained: ${noise}`);
    return message;
  };
  return {
    async serve(options, intercept) {
      const server = await startAzureServer(options, intercept);
      servers.push(server);
      return server;
    },
    async fetched(options = {}) {
      const { failure, ...fetched } = await run(options);
      if (failure) throw new Error(`${failure.name}: ${failure.message}`);
      return {
        ...fetched,
        value(operation, subject) {
          const values = fetched.documents.map(({ value }) => value as Value);
          const found = values.filter(
            ({ port22, ...rest }) =>
              port22.operation === operation &&
              (subject === undefined ? rest.resource === undefined : Object.values(rest).includes(subject)),
          );
          const [only, ...others] = found;
          if (!only || others.length > 0) throw new Error(`${found.length} documents of ${operation} ${subject ?? ''}`);
          return only;
        },
      };
    },
    async failed(options = {}) {
      const { failure } = await run(options);
      if (!failure) throw new Error('the fetch did not fail');
      return failure;
    },
  };
}

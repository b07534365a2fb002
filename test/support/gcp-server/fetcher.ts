import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { build } from 'esbuild';
import type { FetchIo, GcpDocument, GcpFetchRequest, GcpScope } from '../../../providers/gcp/fetch.js';
import type { Problem } from '../../../src/model/index.js';
import { tempFolder } from '../temp-folder.js';
import { type GcpServer, type GcpServerOptions, type Intercept, startGcpServer } from './server.js';

const ROOT = join(__dirname, '../../..');

/** Runs one fetch for each message. The transport of Google's SDK imports an ES module, which jest's own loader refuses. */
const WORKER = `
  import { fetchGcp } from './providers/gcp/fetch.js';
  const ours = /^(CLOUDSDK|GOOGLE|GCLOUD|METADATA)_/;
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
      const scopes = await fetchGcp(request, io, (document) => documents.push(document));
      process.send({ scopes, documents, steps });
    } catch ({ name, message, problem }) {
      process.send({ failure: { name, message, problem } });
    }
  });`;

/** Waits of the real length have no place in tests. */
const QUICK: NonNullable<FetchIo['limits']> = { backoff: 1, quotaPeriod: 20, attempts: 3, response: 10_000 };

interface Envelope {
  readonly project: string;
  readonly operation: string;
  readonly error?: { readonly code: string; readonly message: string };
}

type Value = Readonly<Record<string, unknown>> & { readonly port22: Envelope };

/** What a fetch gave. */
export interface Fetched {
  readonly scopes: readonly GcpScope[];
  readonly documents: readonly GcpDocument[];
  readonly steps: readonly (readonly [done: number, total: number, label: string])[];
  /** The one document of an operation, about one subject where there are several. */
  value(operation: string, subject?: string): Value;
}

export interface Failed {
  readonly name: string;
  readonly message: string;
  readonly problem?: Problem;
}

export interface FetchOptions extends Partial<GcpFetchRequest> {
  readonly limits?: FetchIo['limits'];
  /** The calls after which the signal aborts. */
  readonly abortAfter?: number;
  /** More variables; undefined removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface Fetcher {
  /** Starts the test's server; `intercept` takes over what it answers. */
  serve(options: GcpServerOptions, intercept?: Intercept): Promise<GcpServer>;
  /** Fetches from the server that was started last, with credentials that it gives tokens for. */
  fetched(options?: FetchOptions): Promise<Fetched>;
  /** How a fetch ends that cannot. */
  failed(options?: FetchOptions): Promise<Failed>;
}

/** A process for each file of tests, and a server for each test. */
export function fetcher(): Fetcher {
  const folder = tempFolder();
  const servers: GcpServer[] = [];
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
    folder.write({ 'subject-token': 'subject', 'credentials.json': JSON.stringify(credentials(folder.path, url)) });
    const variables = {
      CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE: `${url}/compute/v1/`,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_NETWORKCONNECTIVITY: `${url}/`,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_NETWORKSECURITY: `${url}/`,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER: `${url}/`,
      GOOGLE_APPLICATION_CREDENTIALS: join(folder.path, 'credentials.json'),
      METADATA_SERVER_DETECTION: 'none',
      HOME: folder.path,
      ...env,
    };
    worker.send({
      env: JSON.parse(JSON.stringify(variables)),
      request: { projects: ['p'], ...request },
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
      const server = await startGcpServer(options, intercept);
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
              port22.operation === operation && (subject === undefined || Object.values(rest).includes(subject)),
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

/** Workload identity federation: the one kind of credentials whose token endpoint the file names. */
function credentials(folder: string, url: string): object {
  return {
    type: 'external_account',
    audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/provider',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${url}/token`,
    credential_source: { file: join(folder, 'subject-token') },
  };
}

import { atMost, FetchError, type Slots } from '../../src/record/index.js';
import { connect, defaultLimits, type FetchLimits, type GcpConnection } from './fetch-client.js';
import { type Credentials, openCredentials } from './fetch-wire.js';
import {
  type Answered,
  callKey,
  callsAfter,
  callsAtTheEnd,
  firstCalls,
  type GcpCall,
  networkOwners,
} from './operations.js';
import { recordedDocument, withoutSecrets, withUserData } from './records/recording.js';

export interface GcpFetchRequest {
  /** Ids of projects; an empty list stands for the project of the environment or of the credentials. */
  readonly projects: readonly string[];
  /** Compute Engine's root (`http://127.0.0.1:8080/compute/v1/`), for CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE. */
  readonly endpoint?: string;
  /** Whether what instances run at their boot is recorded, too: it can hold secrets. */
  readonly userData?: boolean;
}

export interface FetchIo {
  /** Called after every call: how many are done, how many are known of, and what was asked last. */
  progress(done: number, total: number, label: string): void;
  /** Ends the fetch: it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly limits?: Partial<FetchLimits>;
}

/** One answer as it is recorded: the path below the recording's folder and what the file holds. */
export interface GcpDocument {
  readonly path: string;
  readonly value: object;
}

/** One project that was asked. */
export interface GcpScope {
  readonly project: string;
  /** False where it was asked only for a network that it shares. */
  readonly whole: boolean;
}

/** What all parts of one fetch share. */
interface Run {
  readonly connection: GcpConnection;
  readonly slots: Slots;
  readonly signal: AbortSignal;
  readonly scopes: GcpScope[];
  /** Every call that was ever due, so that none is made twice. */
  readonly due: Set<string>;
  /** Of what the last calls are made. */
  readonly answered: Answered[];
  done: number;
  readonly io: FetchIo;
  readonly onDocument: (document: GcpDocument) => void;
}

/**
 * Asks Google Cloud for everything that can decide a connection, and hands on each answer as it is recorded, in no particular
 * order. A call that is denied, or that fails after all retries, is an answer with an error and never half a list; a project in
 * which nothing works does not end the fetch. The projects that share their networks with an instance are asked about these.
 * @returns which projects were asked, in the order of the request, those that share a network behind them
 * @throws FetchError when a project cannot exist, or when there are no credentials
 */
export async function fetchGcp(
  request: GcpFetchRequest,
  io: FetchIo,
  onDocument: (document: GcpDocument) => void,
): Promise<readonly GcpScope[]> {
  request.projects.forEach(requireProjectId);
  const failure = new AbortController();
  const signal = io.signal ? AbortSignal.any([io.signal, failure.signal]) : failure.signal;
  const limits = { ...defaultLimits, ...io.limits };
  const credentials = await openCredentials(request.projects[0]);
  const projects = request.projects.length > 0 ? [...new Set(request.projects)] : [await defaultProject(credentials)];
  const reviver = request.userData ? withUserData : withoutSecrets;
  const connection = connect(credentials, request.endpoint, limits, signal, reviver);
  const run: Run = {
    connection,
    slots: atMost(limits.calls),
    signal,
    scopes: projects.map((project) => ({ project, whole: true })),
    due: new Set(),
    answered: [],
    done: 0,
    io,
    onDocument,
  };
  try {
    await follow(
      projects.flatMap((project) => firstCalls(project, false)),
      run,
    );
    await follow(callsAtTheEnd(run.answered), run);
    return run.scopes;
  } finally {
    failure.abort();
    connection.close();
  }
}

/** Makes calls, a few at a time, and those that follow from their answers. */
async function follow(calls: readonly GcpCall[], run: Run): Promise<void> {
  const fresh = calls.filter((call) => {
    const key = callKey(call);
    return !run.due.has(key) && run.due.add(key);
  });
  await Promise.all(
    fresh.map(async (call) => {
      const body = await run.slots(() => ask(call, run));
      if (body === undefined) return;
      run.answered.push({ call, body });
      const owners = networkOwners(call.operation, body).filter((project) => isNew(project, run));
      for (const project of owners) run.scopes.push({ project, whole: false });
      const hosts = owners.flatMap((project) => firstCalls(project, true));
      await follow([...hosts, ...callsAfter(call, body)], run);
    }),
  );
}

function isNew(project: string, { scopes }: Run): boolean {
  return scopes.every((scope) => scope.project !== project);
}

async function ask(call: GcpCall, run: Run): Promise<Answered['body'] | undefined> {
  run.signal.throwIfAborted();
  const answer = await run.connection.ask(call);
  run.onDocument(recordedDocument(answer));
  run.done += 1;
  run.io.progress(run.done, run.due.size, `${answer.project} ${answer.operation}`);
  return answer.body;
}

const PROJECT_ID = /^(?:[a-z0-9.-]+:)?[a-z](?:[a-z0-9-]*[a-z0-9])?$/;

function requireProjectId(project: string): void {
  if (PROJECT_ID.test(project)) return;
  const isNumber = /^\d+$/.test(project);
  throw new FetchError({
    what: `${project} is not the id of a Google Cloud project`,
    where: '--project',
    why: isNumber
      ? 'it is the number of one, and what belongs to a project names it by its id'
      : 'an id is of small letters, digits and hyphens, like my-project-1',
    fix: isNumber ? `find the id: gcloud projects describe ${project} --format='value(projectId)'` : 'give the id',
  });
}

async function defaultProject(credentials: Credentials): Promise<string> {
  const project = await credentials.projectId();
  if (project !== undefined && PROJECT_ID.test(project)) return project;
  throw new FetchError({
    what: 'no Google Cloud project is known',
    where: 'Application Default Credentials',
    why: 'instances, networks and rules belong to a project, and neither the credentials nor the environment name one',
    fix: 'name it with --project my-project-1, or set GOOGLE_CLOUD_PROJECT',
  });
}

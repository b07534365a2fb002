import { atMost, FetchError, type Slots } from '../../src/record/index.js';
import { type AzureConnection, connect, defaultLimits, type FetchLimits } from './fetch-client.js';
import { openCredentials } from './fetch-credentials.js';
import { endpointOf } from './fetch-endpoint.js';
import { asFailure } from './fetch-error.js';
import { callsAtTheEnd } from './fetch-references.js';
import { Settlement } from './fetch-settlement.js';
import {
  type Answered,
  type AzureCall,
  callKey,
  callsAfter,
  firstCalls,
  graphCalls,
  partsOf,
  type Reading,
  userDataCalls,
} from './operations.js';
import { type AzureAnswer, recordedDocument, withoutSecrets, withUserData } from './records/recording.js';

export interface AzureFetchRequest {
  /**
   * Ids of subscriptions; an empty list stands for that of the environment, or the only one that the credentials see, `all` for
   * every one that they see, read through Resource Graph.
   */
  readonly subscriptions: readonly string[];
  /** Azure Resource Manager's root (`https://management.usgovcloudapi.net`), for AZURE_RESOURCE_MANAGER_ENDPOINT. */
  readonly endpoint?: string;
  /** Whether each machine's user data is asked for, too: it can hold secrets. */
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
export interface AzureDocument {
  readonly path: string;
  readonly value: object;
}

/** One subscription that was asked. */
export interface AzureScope {
  readonly subscription: string;
  /** False where it was asked only for what another one refers to. */
  readonly whole: boolean;
}

/** What all parts of one fetch share. */
interface Run {
  readonly connection: AzureConnection;
  readonly slots: Slots;
  readonly signal: AbortSignal;
  readonly scopes: AzureScope[];
  /** Every call that was ever due, so that none is made twice. */
  readonly due: Set<string>;
  readonly answered: Answered[];
  readonly settlement: Settlement;
  done: number;
  readonly io: FetchIo;
  readonly userData: boolean;
}

/**
 * Asks Azure for everything that can decide a connection, and hands on each answer as it is recorded, in no particular order. A
 * call that is denied, or that fails after all retries, is an answer with an error and never half a list; a subscription in
 * which nothing works does not end the fetch. What records refer to and no list holds is asked for by itself.
 * @returns which subscriptions were asked, in the order of the request, those that others refer to behind them
 * @throws FetchError when a subscription cannot exist, when an endpoint is none, or when there are no credentials
 */
export async function fetchAzure(
  request: AzureFetchRequest,
  io: FetchIo,
  onDocument: (document: AzureDocument) => void,
): Promise<readonly AzureScope[]> {
  request.subscriptions.forEach(requireSubscriptionId);
  const endpoint = endpointOf(request.endpoint);
  const failure = new AbortController();
  const signal = io.signal ? AbortSignal.any([io.signal, failure.signal]) : failure.signal;
  signal.throwIfAborted();
  const limits = { ...defaultLimits, ...io.limits };
  try {
    const credential = await openCredentials(endpoint, signal);
    const reviver = request.userData ? withUserData : withoutSecrets;
    const connection = await connect(credential, endpoint, limits, signal, reviver);
    const named = request.subscriptions.map((id) => id.toLowerCase());
    const reading: Reading = named.includes(ALL_SUBSCRIPTIONS) ? 'graph' : 'lists';
    const subscriptions = await subscriptionsOf(named, connection);
    const record = (answer: AzureAnswer) => onDocument(recordedDocument(answer));
    const run: Run = {
      connection,
      slots: atMost(limits.calls),
      signal,
      scopes: subscriptions.map((subscription) => ({ subscription, whole: true })),
      due: new Set(),
      answered: [],
      settlement: new Settlement(record),
      done: 0,
      io,
      userData: request.userData ?? false,
    };
    const first = subscriptions.flatMap((subscription) => firstCalls(subscription, reading));
    await follow([...graphCalls(subscriptions, reading), ...first], run);
    // A gateway that only a network names has connections, and these lead to local gateways.
    let end = callsAtTheEnd(run.answered);
    for (let due = 0; due !== run.due.size; end = callsAtTheEnd(run.answered)) {
      due = run.due.size;
      await follow(end.calls, run);
    }
    run.settlement.finish(end.unasked);
    return run.scopes;
  } finally {
    failure.abort();
  }
}

/** Makes calls, a few at a time, and those that follow from their answers. */
async function follow(calls: readonly AzureCall[], run: Run): Promise<void> {
  const fresh = calls.filter((call) => {
    const key = callKey(call);
    return !run.due.has(key) && run.due.add(key);
  });
  await Promise.all(
    fresh.map(async (call) => {
      const body = await run.slots(() => ask(call, run));
      if (body === undefined) return;
      run.answered.push({ call, body });
      await follow([...callsAfter(call, body), ...(run.userData ? userDataCalls(call, body) : [])], run);
    }),
  );
}

async function ask(call: AzureCall, run: Run): Promise<Answered['body'] | undefined> {
  run.signal.throwIfAborted();
  const { subscription } = call;
  if (run.scopes.every((scope) => scope.subscription !== subscription.toLowerCase()))
    run.scopes.push({ subscription: subscription.toLowerCase(), whole: false });
  const answer = await run.connection.ask(call);
  run.settlement.take(call, answer);
  run.done += 1;
  run.io.progress(run.done, run.due.size, `${answer.subscription} ${answer.operation}`);
  return answer.body;
}

const ALL_SUBSCRIPTIONS = 'all';

const SUBSCRIPTION_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function requireSubscriptionId(subscription: string): void {
  if (SUBSCRIPTION_ID.test(subscription) || subscription.toLowerCase() === ALL_SUBSCRIPTIONS) return;
  throw new FetchError({
    what: `${subscription} is not the id of an Azure subscription`,
    where: '--subscription',
    why: 'an id is written 11111111-2222-3333-4444-555555555555; names of subscriptions are not unique',
    fix: "find the id: az account list --query '[].{name:name,id:id}' -o table, or read all of them with --subscription all",
  });
}

/** The subscriptions that a request means. @throws FetchError when it means none, or nobody knows which */
async function subscriptionsOf(named: readonly string[], connection: AzureConnection): Promise<readonly string[]> {
  const fromEnvironment = process.env.AZURE_SUBSCRIPTION_ID;
  const isAll = named.includes(ALL_SUBSCRIPTIONS);
  if (named.length > 0 && !isAll) return [...new Set(named)];
  if (!isAll && fromEnvironment !== undefined && SUBSCRIPTION_ID.test(fromEnvironment))
    return [fromEnvironment.toLowerCase()];
  const seen = await connection.subscriptions().then(
    (body) =>
      partsOf(body.value)
        .map(({ subscriptionId }) => String(subscriptionId).toLowerCase())
        .filter((id) => SUBSCRIPTION_ID.test(id)),
    (error: unknown) => asFailure(error).message,
  );
  if (typeof seen !== 'string' && (isAll ? seen.length > 0 : seen.length === 1)) return seen;
  const found =
    typeof seen === 'string' ? `they cannot be listed: ${seen}` : `the credentials see ${seen.length} of them`;
  throw new FetchError({
    what: isAll ? 'there is no Azure subscription to read' : 'it is not known which Azure subscription is meant',
    where: isAll ? '--subscription all' : 'AZURE_SUBSCRIPTION_ID',
    why: found,
    fix: 'name it with --subscription 11111111-2222-3333-4444-555555555555, or set AZURE_SUBSCRIPTION_ID',
  });
}

import { atMost, FetchError } from '../../src/record/index.js';
import { type AccountAnswers, accountAnswers, callerAccount, UNKNOWN_ACCOUNT } from './fetch-account.js';
import { type AwsConnection, connect, defaultLimits, type FetchLimits, type RegionAnswer } from './fetch-client.js';
import { describeError } from './fetch-error.js';
import { type AwsProfile, FALLBACK_REGION, openProfile } from './fetch-profile.js';
import {
  type AwsCall,
  type AwsOperation,
  callsAfter,
  describeRegions,
  describeUserData,
  independentOperations,
} from './operations.js';
import type { AwsAnswer } from './records/recording.js';

export { FetchError } from '../../src/record/index.js';
export type { AwsAnswer } from './records/recording.js';

const ALL_REGIONS = 'all';
const REGION_NAME = /^[a-z]{2,8}(?:-[a-z]{2,16})+-\d{1,2}$/;

export interface AwsFetchRequest {
  /** Names of profiles; undefined, or an empty list, stands for the default credential chain. */
  readonly profiles: readonly (string | undefined)[];
  /** Names of regions; an empty list stands for each profile's default region, `all` for every region that the account can use. */
  readonly regions: readonly string[];
  /** Whether each instance's user data is asked for, too: it can hold secrets. */
  readonly userData?: boolean;
}

export interface FetchIo {
  /** Called after every call: how many are done, how many are known of, and what was asked last. */
  progress(done: number, total: number, label: string): void;
  /** Ends the fetch: it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly limits?: Partial<FetchLimits>;
}

/** One region of one account. */
export interface AwsScope {
  readonly account: string;
  readonly region: string;
}

/** What all parts of one fetch share. */
interface Run {
  readonly limits: FetchLimits;
  readonly signal: AbortSignal;
  readonly calls: CallCount;
  /** What is asked beside that which every fetch asks. */
  readonly more: readonly AwsOperation[];
}

/** Counts for the sake of progress. */
interface CallCount {
  planned(calls: number): void;
  done(label: string): void;
}

/** A profile whose credentials work, with the regions to ask through it. */
interface Account {
  readonly profile: AwsProfile;
  readonly answers: AccountAnswers;
  readonly regions: readonly string[];
}

/**
 * Asks AWS for everything that can decide a connection, and hands on each raw answer as it arrives, in no particular order.
 * A call that is denied, or that fails after all retries, is an answer with an error and never half a list. An account or a
 * region in which nothing works does not end the fetch. The same region of the same account is asked once, through the first
 * profile that reaches it.
 * @returns what was asked, in the order of the request
 * @throws FetchError when a profile or a region cannot exist, or when there are no credentials at all
 */
export async function fetchAws(
  request: AwsFetchRequest,
  io: FetchIo,
  onAnswer: (answer: AwsAnswer) => void,
): Promise<AwsScope[]> {
  request.regions.forEach(requireRegionName);
  const names = request.profiles.length === 0 ? [undefined] : [...new Set(request.profiles)];
  const profiles = await Promise.all(names.map(openProfile));
  if (request.regions.length === 0) profiles.forEach(requireRegion);

  const failure = new AbortController();
  const signal = io.signal ? AbortSignal.any([io.signal, failure.signal]) : failure.signal;
  const more = request.userData ? [describeUserData] : [];
  const run: Run = { limits: { ...defaultLimits, ...io.limits }, signal, calls: countCalls(io), more };
  try {
    const usable = await withCredentials(profiles, onAnswer);
    const accounts = await Promise.all(usable.map((profile) => openAccount(profile, request.regions, run, onAnswer)));
    return await fetchAccounts(accounts, run);
  } finally {
    failure.abort();
  }
}

/** The profiles whose credentials can be had. Of the others one answer tells why, unless they are all. */
async function withCredentials(
  profiles: readonly AwsProfile[],
  onAnswer: (answer: AwsAnswer) => void,
): Promise<AwsProfile[]> {
  const outcomes = await Promise.allSettled(profiles.map((profile) => profile.credentials()));
  const usable = profiles.filter((_, index) => outcomes[index]?.status === 'fulfilled');
  outcomes.forEach((outcome, index) => {
    const profile = profiles[index];
    if (outcome.status === 'fulfilled' || !profile) return;
    const error = describeError(outcome.reason);
    if (usable.length === 0) throw noCredentials(profile, error.message);
    const region = profile.region ?? FALLBACK_REGION;
    onAnswer({ account: UNKNOWN_ACCOUNT, region, operation: 'sts:GetCallerIdentity', parameters: {}, error });
  });
  return usable;
}

async function openAccount(
  profile: AwsProfile,
  regions: readonly string[],
  run: Run,
  onAnswer: (answer: AwsAnswer) => void,
): Promise<Account> {
  const home = profile.region ?? regions.find((region) => region !== ALL_REGIONS) ?? FALLBACK_REGION;
  const answers = accountAnswers(await callerAccount(profile, home, run.limits, run.signal), onAnswer);
  if (!regions.includes(ALL_REGIONS)) {
    return { profile, answers, regions: regions.length === 0 ? [home] : [...new Set(regions)] };
  }
  const connection = connect(profile, home, run.limits);
  run.calls.planned(1);
  const { body } = await ask({ operation: describeRegions, parameters: {} }, connection, answers, run);
  connection.close();
  const names = regionNames(body);
  return { profile, answers, regions: names.length === 0 ? [home] : names };
}

/** The regions that an account can use, sorted; empty where the answer does not say. */
function regionNames(body: AwsAnswer['body']): string[] {
  const regions: readonly unknown[] = Array.isArray(body?.Regions) ? body.Regions : [];
  const names = regions.map((region) => (region as { RegionName?: unknown } | null)?.RegionName);
  return names.filter((name) => typeof name === 'string').sort();
}

/** Asks each region of each account once, a few at a time. */
async function fetchAccounts(accounts: readonly Account[], run: Run): Promise<AwsScope[]> {
  const asked = new Set<string>();
  const slots = atMost(run.limits.regions);
  const scopes = accounts.flatMap(({ profile, answers, regions }) =>
    regions.map((region) => ({ profile, answers, region, key: `${answers.account} ${region}` })),
  );
  const once = scopes.filter(
    ({ answers, key }) => answers.account === UNKNOWN_ACCOUNT || (!asked.has(key) && asked.add(key)),
  );
  await Promise.all(
    once.map(({ profile, answers, region }) => slots(() => fetchRegion(profile, region, answers, run))),
  );
  for (const { answers } of accounts) answers.end();
  return once.map(({ answers, region }) => ({ account: answers.account, region }));
}

/** Asks one region everything, a few calls at a time; a call that needs another's answer follows it. */
async function fetchRegion(profile: AwsProfile, region: string, answers: AccountAnswers, run: Run): Promise<void> {
  const connection = connect(profile, region, run.limits);
  const slots = atMost(run.limits.callsPerRegion);
  const follow = async (calls: readonly AwsCall[]): Promise<void> => {
    run.calls.planned(calls.length);
    await Promise.all(
      calls.map(async (call) => {
        const { body } = await slots(() => ask(call, connection, answers, run));
        if (body) await follow(callsAfter(call.operation, body, run.more));
      }),
    );
  };
  try {
    await follow(independentOperations().map((operation) => ({ operation, parameters: {} })));
  } finally {
    connection.close();
  }
}

async function ask(call: AwsCall, connection: AwsConnection, answers: AccountAnswers, run: Run): Promise<RegionAnswer> {
  run.signal.throwIfAborted();
  const answer = await connection.ask(call, run.signal);
  answers.add(answer);
  run.calls.done(`${answer.region} ${answer.operation}`);
  return answer;
}

function countCalls(io: FetchIo): CallCount {
  let total = 0;
  let done = 0;
  return {
    planned(calls) {
      total += calls;
    },
    done(label) {
      done += 1;
      io.progress(done, total, label);
    },
  };
}

function requireRegionName(region: string): void {
  if (region === ALL_REGIONS || REGION_NAME.test(region)) return;
  throw new FetchError({
    what: `${region} is not the name of an AWS region`,
    where: '--region',
    why: 'a region is named like eu-west-1',
    fix: 'name the region so, or all of them with --region all',
  });
}

function requireRegion(profile: AwsProfile): void {
  if (profile.region !== undefined) return;
  throw new FetchError({
    what: 'no AWS region is known',
    where: profile.label,
    why: 'security groups, networks and instances belong to one region, and neither the profile nor the environment names it',
    fix: 'name it with --region eu-west-1 (or --region all), or set AWS_REGION',
  });
}

function noCredentials(profile: AwsProfile, reason: string): FetchError {
  return new FetchError({
    what: 'there are no AWS credentials',
    where: profile.label,
    why: reason,
    fix: 'log in (aws sso login, aws configure), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with --profile',
  });
}

import { type BodyFormat, type BodySeen, bodyGuard } from './fetch-body.js';
import { describeError } from './fetch-error.js';
import { allPages, type SendPage } from './fetch-pages.js';
import { type AwsProfile, quiet } from './fetch-profile.js';
import { type AwsCall, type AwsOperation, type AwsService, actionOf } from './operations.js';
import type { AwsAnswer } from './records/recording.js';

/** How long and how much at once. Times in milliseconds. */
export interface FetchLimits {
  /** Until a connection stands. */
  readonly connect: number;
  /** Until an answer begins, and between two pieces of it. */
  readonly response: number;
  /** For one page, all retries included. */
  readonly page: number;
  /** Calls in flight in one region. */
  readonly callsPerRegion: number;
  /** Regions asked at once, over all accounts. */
  readonly regions: number;
}

export const defaultLimits: FetchLimits = {
  connect: 5_000,
  response: 30_000,
  page: 120_000,
  callsPerRegion: 8,
  regions: 4,
};

/** What the clients of all services have in common. */
interface SdkClient {
  send(command: object, options: { abortSignal: AbortSignal }): Promise<object>;
  destroy(): void;
}

interface SdkCommand {
  readonly middlewareStack: {
    add(middleware: ReturnType<typeof bodyGuard>, place: { step: 'deserialize'; priority: 'low'; name: string }): void;
  };
}

type SdkCommandClass = new (input: object) => SdkCommand;

interface Service {
  readonly client: SdkClient;
  /** The module that holds a class for each operation: `DescribeVpcsCommand`. */
  readonly sdk: object;
}

/** One region of one account, as seen through one profile. */
export interface AwsConnection {
  /** Asks one operation, all pages. What the service or the way to it refuses is an answer too. @throws only when `signal` aborts */
  ask(call: AwsCall, signal: AbortSignal): Promise<RegionAnswer>;
  close(): void;
}

/** An answer before it is known to which account it belongs. */
export type RegionAnswer = Omit<AwsAnswer, 'account'>;

/** Opens nothing yet: each service's SDK is loaded when it is first asked. */
export function connect(profile: AwsProfile, region: string, limits: FetchLimits): AwsConnection {
  const config = clientConfig(profile, region, limits);
  const services = new Map<AwsService, Promise<Service>>();
  const serviceOf = (name: AwsService): Promise<Service> => {
    const service = services.get(name) ?? openService(name, config);
    services.set(name, service);
    return service;
  };
  return {
    async ask(call, signal) {
      const identity = { region, operation: actionOf(call.operation), parameters: call.parameters };
      const seen: BodySeen = {};
      try {
        const service = await serviceOf(call.operation.service);
        return { ...identity, body: await allPages(call, sendPage(service, call.operation, limits, signal, seen)) };
      } catch (error) {
        signal.throwIfAborted();
        return { ...identity, error: describeError(error, seen.text) };
      }
    },
    close() {
      for (const service of services.values()) service.then(({ client }) => client.destroy()).catch(() => undefined);
    },
  };
}

type ClientConfig = ReturnType<typeof clientConfig>;

/** What the clients of all services are made with. */
export function clientConfig(profile: AwsProfile, region: string, limits: FetchLimits) {
  return {
    region,
    credentials: profile.credentials,
    maxAttempts: profile.maxAttempts,
    retryMode: 'adaptive',
    logger: quiet,
    requestHandler: { connectionTimeout: limits.connect, socketTimeout: limits.response },
  };
}

async function openService(name: AwsService, config: ClientConfig): Promise<Service> {
  switch (name) {
    case 'ec2': {
      const sdk = await import('@aws-sdk/client-ec2');
      return { sdk, client: new sdk.EC2Client(config) };
    }
    case 'elbv2': {
      const sdk = await import('@aws-sdk/client-elastic-load-balancing-v2');
      return { sdk, client: new sdk.ElasticLoadBalancingV2Client(config) };
    }
    case 'ssm': {
      const sdk = await import('@aws-sdk/client-ssm');
      return { sdk, client: new sdk.SSMClient(config) };
    }
    case 'directconnect': {
      const sdk = await import('@aws-sdk/client-direct-connect');
      return { sdk, client: new sdk.DirectConnectClient(config) };
    }
  }
}

function sendPage(
  { client, sdk }: Service,
  operation: AwsOperation,
  limits: FetchLimits,
  signal: AbortSignal,
  seen: BodySeen,
): SendPage {
  const Command: SdkCommandClass = Reflect.get(sdk, `${operation.name}Command`);
  return async (input) => {
    const deadline = AbortSignal.timeout(limits.page);
    const abortSignal = AbortSignal.any([signal, deadline]);
    const command = new Command(input);
    const place = { step: 'deserialize', priority: 'low', name: 'bodyGuard' } as const;
    command.middlewareStack.add(bodyGuard(bodyFormat(operation), seen), place);
    try {
      return { ...(await client.send(command, { abortSignal })) };
    } catch (error) {
      throw deadline.aborted ? tooSlow(limits.page) : error;
    }
  };
}

function bodyFormat({ service, name }: AwsOperation): BodyFormat {
  return service === 'ec2' || service === 'elbv2' ? { kind: 'xml', root: `${name}Response` } : { kind: 'json' };
}

function tooSlow(milliseconds: number): Error {
  const error = new Error(`no complete answer within ${milliseconds / 1000} s, retries included`);
  error.name = 'TimeoutError';
  return error;
}

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RecordedDocument } from '../aws/collection.js';
import { pageOf, pagingFault } from './paging.js';
import { answer, bytes, failure, type Reply } from './reply.js';
import { type AwsRequest, readRequest } from './request.js';

/** Takes over a request; undefined leaves it to the recorded documents. */
export type Intercept = (request: AwsRequest) => Reply | undefined;

export interface AwsServerOptions {
  /** What the server knows: documents with the envelope of `port22 fetch`. A recorded error is answered as that error. */
  readonly documents: readonly RecordedDocument[];
  /** The most records that a page holds, however many are asked for. */
  readonly pageSize?: number;
  /** The accounts behind access keys; any other key belongs to the first document's account. */
  readonly accounts?: Readonly<Record<string, string>>;
}

/** A server on loopback that speaks AWS's query, EC2 and JSON protocols from recorded documents. */
export interface AwsServer {
  readonly url: string;
  /** Every request that came, in order of arrival. */
  readonly requests: readonly AwsRequest[];
  close(): Promise<void>;
}

interface Recorded {
  readonly account: string;
  readonly region: string;
  readonly operation: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly body: Readonly<Record<string, unknown>>;
}

/** Starts a server on a free port. */
export async function startAwsServer(options: AwsServerOptions, intercept?: Intercept): Promise<AwsServer> {
  const recorded = options.documents.map(readDocument);
  const requests: AwsRequest[] = [];
  const respond = async (message: IncomingMessage): Promise<Reply> => {
    const request = await readRequest(message);
    if (!request) return bytes(403, 'text/plain', 'not signed');
    requests.push(request);
    return intercept?.(request) ?? replyFrom(recorded, options, request);
  };
  const server = createServer((message, response) => {
    respond(message).then(
      (reply) => reply(response),
      (error: unknown) => response.destroy(error as Error),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function readDocument({ value }: RecordedDocument): Recorded {
  const { port22, ...body } = value as { port22: Omit<Recorded, 'body'> };
  return { ...port22, body };
}

function replyFrom(recorded: readonly Recorded[], options: AwsServerOptions, request: AwsRequest): Reply {
  const account = options.accounts?.[request.accessKey] ?? recorded[0]?.account ?? '111122223333';
  if (request.operation === 'GetCallerIdentity') return answer(request, { Account: account });
  const fault = pagingFault(request) ?? filterFault(request);
  if (fault) return failure(request, 'InvalidParameterValue', fault);
  const known = recorded.find(
    (entry) =>
      entry.account === account &&
      entry.region === request.region &&
      entry.operation === `${request.service}:${request.operation}` &&
      isAbout(entry.body, request.parameters),
  );
  if (known?.error) return failure(request, known.error.code, known.error.message, 403);
  return answer(request, pageOf(request, known?.body ?? EMPTY[request.operation] ?? {}, options.pageSize ?? 1000));
}

/** Beside a recorded answer stands the parameter that names its subject. */
function isAbout(body: Readonly<Record<string, unknown>>, parameters: Readonly<Record<string, string>>): boolean {
  const subjects = Object.entries(body).filter(([name, value]) => typeof value === 'string' && /(Id|Arn)$/.test(name));
  return subjects.every(([name, value]) => parameters[name] === value);
}

function filterFault({ operation, parameters }: AwsRequest): string | undefined {
  const unfiltered = operation === 'SearchTransitGatewayRoutes' && parameters['Filter.1.Name'] === undefined;
  return unfiltered ? `${operation} needs a filter` : undefined;
}

/** Answers that are not empty when nothing is there, or that JSON does not leave out. */
const EMPTY: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  DescribeVpcBlockPublicAccessOptions: { VpcBlockPublicAccessOptions: { InternetGatewayBlockMode: 'off' } },
  GetSerialConsoleAccessStatus: { SerialConsoleAccessEnabled: false },
  DescribeInstanceInformation: { InstanceInformationList: [] },
  DescribeVirtualInterfaces: { virtualInterfaces: [] },
};

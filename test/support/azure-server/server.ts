import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RecordedDocument } from '../../../src/evidence/index.js';
import { collectAnswer } from '../collected-answers.js';
import { armError, bytes, json, type Reply } from './reply.js';
import { type AzureRequest, readRequest } from './request.js';

/** Takes over a request; undefined leaves it to the recorded documents. */
export type Intercept = (request: AzureRequest, url: string) => Reply | undefined;

export interface AzureServerOptions {
  /** What the server knows, in the form `fetched`. A recorded error is answered as that error. */
  readonly documents: readonly RecordedDocument[];
  /** Records a page; whole lists unless said. */
  readonly pageSize?: number;
  /** Rows of Resource Graph, a page; as many as are asked for unless said. */
  readonly rows?: number;
  /** Nobody gets a token. */
  readonly refuseTokens?: boolean;
}

/** A server on loopback that speaks the protocol of Azure Resource Manager from recorded documents, and gives tokens. */
export interface AzureServer {
  readonly url: string;
  /** Every request that came, in order of arrival, those for tokens left out. */
  readonly requests: readonly AzureRequest[];
  close(): Promise<void>;
}

type Body = Readonly<Record<string, unknown>>;

interface Recorded {
  readonly subscription: string;
  readonly operation: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly body: Body;
}

const TOKEN = 'loopback-token';

/** Starts a server on a free port. */
export async function startAzureServer(options: AzureServerOptions, intercept?: Intercept): Promise<AzureServer> {
  const recorded = options.documents.map(readDocument);
  const requests: AzureRequest[] = [];
  const pending = new Map<string, Reply>();
  const respond = async (message: IncomingMessage): Promise<Reply> => {
    const request = await readRequest(message);
    const url = `http://${message.headers.host}`;
    if (!request) return armError(404, 'InvalidResourceType', 'the resource type could not be found');
    if (request.operation === 'token')
      return options.refuseTokens ? json({ error: 'invalid_client' }, 400) : json(tokenAnswer());
    if (request.authorization !== `Bearer ${TOKEN}`)
      return armError(401, 'AuthenticationFailed', "the 'Authorization' header is missing");
    requests.push(request);
    const polled = pending.get(request.path);
    const taken = intercept?.(request, url);
    if (polled) return taken ?? polled;
    const reply = taken ?? replyFrom(recorded, request, url, options);
    collect(request, reply);
    if (taken) return taken;
    if (!/\/(?:health|queryInboundNatRulePortMapping)\//.test(request.operation)) return reply;
    const place = `/poll/${pending.size}`;
    pending.set(place, reply);
    return bytes(202, 'application/json', '', {
      location: `${url}${place}?api-version=2025-05-01`,
      'retry-after': '0',
    });
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

function collect({ operation, isSingle }: AzureRequest, { body }: Reply): void {
  if (body) collectAnswer({ cloud: 'azure', operation, form: isSingle ? 'single' : 'wire', body });
}

/** What the identity of an App Service or of a Function gets. */
function tokenAnswer(): object {
  return {
    access_token: TOKEN,
    expires_on: String(Math.floor(Date.now() / 1000) + 86_400),
    resource: 'https://management.azure.com',
    token_type: 'Bearer',
  };
}

function readDocument({ value }: RecordedDocument): Recorded {
  const { port22, ...body } = value as { port22: Omit<Recorded, 'body'> };
  return { ...port22, body };
}

function replyFrom(
  recorded: readonly Recorded[],
  request: AzureRequest,
  url: string,
  { pageSize = 1000, rows }: AzureServerOptions,
): Reply {
  if (request.operation === 'subscriptions') {
    const ids = [...new Set(recorded.map(({ subscription }) => subscription))];
    return json({ value: ids.map((subscriptionId) => ({ subscriptionId, state: 'Enabled' })) });
  }
  if (request.operation === 'graph') return graph(recorded, request, rows);
  const ofKind = recorded.filter(
    ({ operation, subscription }) => same(operation, request.operation) && same(subscription, request.subscription),
  );
  if (request.isSingle) return single(ofKind, request);
  const isQuestion = SUBJECTS.some((name) => ofKind.some(({ body }) => body[name] !== undefined));
  const known = isQuestion ? ofKind.find(({ body }) => isAbout(body, request)) : ofKind[0];
  if (known?.error) return armError(403, known.error.code, known.error.message);
  return listed(known ? answerOf(known.body) : emptyAnswer(request), request, url, pageSize);
}

function single(lists: readonly Recorded[], { subject }: AzureRequest): Reply {
  const error = lists.find((list) => list.error)?.error;
  if (error) return armError(403, error.code, error.message);
  const records = lists.flatMap(({ body }) => (body.value ?? []) as readonly { id: string }[]);
  const found = records.find(({ id }) => same(id, String(subject)));
  return found ? json(found) : armError(404, 'ResourceNotFound', `The Resource '${subject}' was not found.`);
}

/** The rows of all subscriptions and types that are asked about, page by page. What may not be read is left out without a word. */
function graph(recorded: readonly Recorded[], { body }: AzureRequest, most?: number): Reply {
  const subscriptions = (body.subscriptions ?? []) as readonly string[];
  const types = [...String(body.query).matchAll(/'([^']+)'/g)].map(([, type = '']) => `${type}/read`);
  const lists = recorded.filter(
    ({ operation, subscription }) =>
      types.some((type) => same(type, operation)) && subscriptions.some((one) => same(one, subscription)),
  );
  const rows = lists.flatMap(({ body: { value } }) => (value ?? []) as readonly Body[]);
  const options = (body.options ?? {}) as Body;
  const pageSize = most ?? Number(options.$top);
  const from = Number(String(options.$skipToken ?? 'row-0').slice(4));
  const data = rows.slice(from, from + pageSize);
  const isLast = from + pageSize >= rows.length;
  const head = { totalRecords: rows.length, count: data.length, data, facets: [], resultTruncated: 'false' };
  return json({ ...head, ...(!isLast && { $skipToken: `row-${from + pageSize}` }) });
}

const SUBJECTS = [
  'virtualNetwork',
  'applicationSecurityGroup',
  'location',
  'loadBalancingRule',
  'backendAddressPool',
  'ipConfiguration',
];

/** Beside a recorded answer stands what it is about. */
function isAbout(body: Body, { subject, body: question }: AzureRequest): boolean {
  const names = SUBJECTS.filter((name) => typeof body[name] === 'string').map((name) => String(body[name]));
  const configs = [body.ipConfiguration, question.ipConfiguration].map((config) => JSON.stringify(config));
  return names.some((name) => same(name, String(subject))) && configs[0] === configs[1];
}

/** The service does not repeat the question. */
function answerOf(body: Body): Body {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !SUBJECTS.includes(name)));
}

/** A list says where its next page is, a question gives a token for it. */
function listed(body: Body, request: AzureRequest, url: string, pageSize: number): Reply {
  const { value } = body;
  if (!Array.isArray(value)) return json(body);
  const isQuestion = request.method === 'POST';
  const from = Number((isQuestion ? request.body.skipToken : request.query.$skiptoken) ?? 0);
  const page = { ...body, value: value.slice(from, from + pageSize) };
  const next = from + pageSize;
  if (next >= value.length) return json(page);
  const link = new URL(`${url}${request.path}`);
  for (const [name, text] of Object.entries(request.query)) link.searchParams.set(name, text);
  link.searchParams.set('$skiptoken', String(next));
  return json({ ...page, ...(isQuestion ? { skipToken: String(next) } : { nextLink: link.href }) });
}

function emptyAnswer({ operation }: AzureRequest): Body {
  if (operation.endsWith('/serviceTags/read')) return { name: 'Public', values: [] };
  if (operation.includes('/health/')) return { up: 0, down: 0, loadBalancerBackendAddresses: [] };
  if (operation.includes('/queryInboundNatRulePortMapping/')) return { inboundNatRulePortMappings: [] };
  return { value: [] };
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

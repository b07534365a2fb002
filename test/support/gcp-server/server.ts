import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RecordedDocument } from '../../../src/evidence/index.js';
import { collectAnswer } from '../collected-answers.js';
import { answerKind } from '../gcp/kinds.js';
import { type Cut, pageOf } from './paging.js';
import { json, newerError, olderError, type Reply } from './reply.js';
import { type GcpRequest, readRequest } from './request.js';

/** Takes over a request; undefined leaves it to the recorded documents. */
export type Intercept = (request: GcpRequest) => Reply | undefined;

export interface GcpServerOptions {
  /** What the server knows, in the form `fetched`. A recorded error is answered as that error. */
  readonly documents: readonly RecordedDocument[];
  /** How lists are cut; whole unless said. */
  readonly cut?: Cut;
  /** Nobody gets a token. */
  readonly refuseTokens?: boolean;
}

/** A server on loopback that speaks the REST protocol of Google's APIs from recorded documents, and gives tokens. */
export interface GcpServer {
  readonly url: string;
  /** Every request that came, in order of arrival, those for tokens left out. */
  readonly requests: readonly GcpRequest[];
  close(): Promise<void>;
}

type Body = Readonly<Record<string, unknown>>;

interface Recorded {
  readonly project: string;
  readonly operation: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly body: Body;
}

const TOKEN = 'loopback-token';

/** Starts a server on a free port. */
export async function startGcpServer(options: GcpServerOptions, intercept?: Intercept): Promise<GcpServer> {
  const recorded = options.documents.map(readDocument);
  const requests: GcpRequest[] = [];
  const respond = async (message: IncomingMessage): Promise<Reply> => {
    const request = await readRequest(message);
    if (!request) return olderError(404, 'notFound', 'no such method');
    if (request.operation === 'token') {
      return options.refuseTokens ? json({ error: 'invalid_grant' }, 400) : json(tokenAnswer());
    }
    if (request.authorization !== `Bearer ${TOKEN}`) return olderError(401, 'authError', 'Login Required');
    requests.push(request);
    const reply = intercept?.(request) ?? replyFrom(recorded, request, options.cut);
    if (reply.body) collectAnswer({ cloud: 'gcp', operation: request.operation, form: 'wire', body: reply.body });
    return reply;
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

function tokenAnswer(): object {
  return {
    access_token: TOKEN,
    issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    token_type: 'Bearer',
    expires_in: 3600,
  };
}

function readDocument({ value }: RecordedDocument): Recorded {
  const { port22, ...body } = value as { port22: Omit<Recorded, 'body'> };
  return { ...port22, body };
}

function replyFrom(recorded: readonly Recorded[], request: GcpRequest, cut: Cut = { pageSize: 500 }): Reply {
  if (request.operation.endsWith('.addressGroups.get')) return addressGroup(recorded, request);
  const known = recorded.find(
    (entry) =>
      entry.operation === request.operation &&
      (request.project === '' || entry.project === request.project) &&
      isAbout(entry.body, request.subject),
  );
  if (known?.error) return newerError(403, known.error.code, known.error.message);
  if (!known && /\.get[A-Z]|listInstances/.test(request.operation)) {
    return olderError(404, 'notFound', `${JSON.stringify(request.subject)} was not found`);
  }
  const body = known ? answerOf(known.body, request) : emptyList(request);
  return json(/^compute\..*[lL]ist/.test(request.operation) ? pageOf(body, request.query.pageToken, cut) : body);
}

/** The recorded list holds what is asked for by name. */
function addressGroup(recorded: readonly Recorded[], { subject }: GcpRequest): Reply {
  const lists = recorded.filter(({ operation }) => operation.includes('.addressGroups.'));
  const error = lists.find((entry) => entry.error)?.error;
  if (error) return newerError(403, error.code, error.message);
  const groups = lists.flatMap(({ body }) => (body.addressGroups ?? []) as readonly { name: string }[]);
  const found = groups.find(({ name }) => name === subject.addressGroup);
  return found ? json(found) : newerError(404, 'NOT_FOUND', 'not found');
}

const SUBJECT = [
  'project',
  'network',
  'region',
  'zone',
  'router',
  'instanceGroup',
  'backendService',
  'group',
  'parent',
];

/** Beside a recorded answer stands what it is about; a network is named by its name there, and by its URL in a query. */
function isAbout(body: Body, subject: GcpRequest['subject']): boolean {
  return SUBJECT.slice(1).every((name) => {
    const [known, asked] = [body[name], subject[name]];
    return name === 'network' ? known === asked?.replace(/^.*\//, '') : known === asked;
  });
}

/** The service does not repeat the question. */
function answerOf(body: Body, { subject }: GcpRequest): Body {
  const names = Object.keys(subject).length === 0 ? [] : SUBJECT;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}

function emptyList({ operation }: GcpRequest): Body {
  if (!operation.startsWith('compute.')) return {};
  return { kind: answerKind(operation) };
}

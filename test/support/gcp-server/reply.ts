import type { ServerResponse } from 'node:http';

/** Answers a request, or fails to. */
export interface Reply {
  (response: ServerResponse): void;
  /** What it sends as the answer of the cloud; nothing where something else speaks. */
  readonly body?: object;
}

export function bytes(status: number, type: string, body: string, headers: Record<string, string> = {}): Reply {
  return (response) => {
    response.writeHead(status, { 'content-type': type, ...headers }).end(body);
  };
}

/** An answer of the cloud: what does not follow its schema is for `bytes`. */
export function json(body: object, status = 200, headers: Record<string, string> = {}): Reply {
  const reply = bytes(status, 'application/json; charset=UTF-8', JSON.stringify(body), headers);
  return status === 200 ? Object.assign(reply, { body }) : reply;
}

/** An error as Compute Engine has written it for ever. */
export function olderError(status: number, reason: string, message: string, domain = 'global'): Reply {
  return json({ error: { code: status, message, errors: [{ message, domain, reason }] } }, status);
}

/** An error with its details, as newer services write it. */
export function newerError(status: number, reason: string, message: string, metadata: object = {}): Reply {
  const info = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com', metadata };
  const kind = status === 403 ? 'PERMISSION_DENIED' : 'RESOURCE_EXHAUSTED';
  return json({ error: { code: status, message, status: kind, details: [info] } }, status);
}

/** What proxies and captive portals send. */
export function htmlPage(status: number): Reply {
  return bytes(status, 'text/html', '<html><body><h1>Sign in to the network</h1></body></html>');
}

/** The connection breaks before the first byte of the answer. */
export const reset: Reply = (response) => {
  response.socket?.resetAndDestroy();
};

/** The length of the whole is announced, half of it is sent, and the connection breaks. */
export const cutShort: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
  response.write('{"kind":"compute#firewallList","items":[', () => response.socket?.destroy());
};

/** Nothing is ever sent. */
export const silence: Reply = () => {};

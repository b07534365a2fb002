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

/** An error as Azure Resource Manager writes it. */
export function armError(status: number, code: string, message: string, headers: Record<string, string> = {}): Reply {
  return json({ error: { code, message } }, status, headers);
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
  response.write('{"value":[', () => response.socket?.destroy());
};

/** Nothing is ever sent. */
export const silence: Reply = () => {};

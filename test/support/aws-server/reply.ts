import type { ServerResponse } from 'node:http';
import type { AwsRequest } from './request.js';
import { ec2ErrorXml, ec2Xml, queryErrorXml, queryXml } from './xml.js';

/** Answers a request, or fails to. */
export type Reply = (response: ServerResponse) => void;

const XML = 'text/xml;charset=UTF-8';
const JSON_1_1 = 'application/x-amz-json-1.1';

export function bytes(status: number, type: string, body: string): Reply {
  return (response) => {
    response.writeHead(status, { 'content-type': type }).end(body);
  };
}

/** A body of the CLI's shape in the protocol of the service. */
export function answer(request: AwsRequest, body: Readonly<Record<string, unknown>>): Reply {
  if (request.service === 'ec2') return bytes(200, XML, ec2Xml(request.operation, body));
  if (isQuery(request)) return bytes(200, XML, queryXml(request.operation, body));
  return bytes(200, JSON_1_1, JSON.stringify(body));
}

/** An error as the service writes it. */
export function failure(request: AwsRequest, code: string, message: string, status = 400): Reply {
  if (request.service === 'ec2') return bytes(status, XML, ec2ErrorXml(code, message));
  if (isQuery(request)) return bytes(status, XML, queryErrorXml(code, message));
  return bytes(status, JSON_1_1, JSON.stringify({ __type: code, message }));
}

/** What proxies and captive portals send. */
export function htmlPage(status: number): Reply {
  const page = '<html><head><title>Sign in</title></head><body><h1>Sign in to the network</h1></body></html>';
  return bytes(status, 'text/html', page);
}

/** The connection breaks before the first byte of the answer. */
export const reset: Reply = (response) => {
  response.socket?.resetAndDestroy();
};

/** Nothing is ever sent. */
export const silence: Reply = () => {};

/** The length of the whole is announced, half of it is sent, and the connection breaks. */
export function cutShort(body: string): Reply {
  return (response) => {
    response.writeHead(200, { 'content-type': XML, 'content-length': Buffer.byteLength(body) });
    response.write(body.slice(0, body.length / 2), () => response.socket?.destroy());
  };
}

/** The body begins, and then a character comes every now and then, for ever. */
export function trickle(milliseconds: number): Reply {
  return (response) => {
    response.writeHead(200, { 'content-type': XML }).write('<DescribeVpcsResponse>');
    const timer = setInterval(() => response.write(' '), milliseconds);
    response.on('close', () => clearInterval(timer));
  };
}

function isQuery({ service }: AwsRequest): boolean {
  return service === 'sts' || service === 'elasticloadbalancing';
}

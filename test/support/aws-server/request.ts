import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** One request as AWS understands it. */
export interface AwsRequest {
  /** As the signature names it, which is also the prefix of the IAM action: `ec2`, `elasticloadbalancing`. */
  readonly service: string;
  readonly region: string;
  readonly accessKey: string;
  /** `DescribeVpcs` */
  readonly operation: string;
  /** Flat: `Filter.1.Name` of the query protocols, top-level fields of the JSON protocol as text. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Which attempt of the SDK this is, from 1, and how many it would make. */
  readonly attempt: number;
  readonly attempts: number;
  /** What the SDK says of itself, its features in use among it. */
  readonly userAgent: string;
}

/** Reads a request of the query and JSON protocols; undefined when it is not signed or names no operation. */
export async function readRequest(message: IncomingMessage): Promise<AwsRequest | undefined> {
  const body = await text(message);
  const scope = /Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(message.headers.authorization ?? '');
  const { operation, parameters } = readBody(message, body);
  if (!scope || !operation) return undefined;
  const [, accessKey = '', region = '', service = ''] = scope;
  const attempts = /attempt=(\d+); max=(\d+)/.exec(String(message.headers['amz-sdk-request']));
  return {
    service,
    region,
    accessKey,
    operation,
    parameters,
    attempt: Number(attempts?.[1] ?? 1),
    attempts: Number(attempts?.[2] ?? 1),
    userAgent: message.headers['user-agent'] ?? '',
  };
}

function readBody(message: IncomingMessage, body: string): { operation?: string; parameters: Record<string, string> } {
  const target = message.headers['x-amz-target'];
  if (typeof target === 'string') {
    const fields = Object.entries(JSON.parse(body) as Record<string, unknown>);
    const parameters = Object.fromEntries(fields.map(([name, value]) => [name, String(value)]));
    return { operation: target.slice(target.indexOf('.') + 1), parameters };
  }
  const { Action, Version: _, ...parameters } = Object.fromEntries(new URLSearchParams(body));
  return { ...(Action !== undefined && { operation: Action }), parameters };
}

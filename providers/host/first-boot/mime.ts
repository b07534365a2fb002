import { decodeBase64 } from './base64.js';

/** A message of RFC 2045, as far as user data needs it. Names of headers and of the type are in lower case. */
export interface Message {
  readonly type: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly filename?: string;
  /** The parts of a multipart message; undefined for any other, or where it names no boundary. */
  readonly parts?: readonly string[];
  /** The text below the headers, as it was sent. */
  readonly body: string;
}

/** The headers and the body of a message; each character of the text stands for one byte. */
export function readMessage(text: string): Message {
  const { headers, body } = split(text);
  const [type, parameters] = readType(headers.get('content-type') ?? 'text/plain');
  const boundary = type.startsWith('multipart/') ? parameters.get('boundary') : undefined;
  const [, disposition] = readType(headers.get('content-disposition') ?? '');
  const filename = disposition.get('filename') ?? parameters.get('name');
  return {
    type,
    headers,
    ...(filename && { filename }),
    ...(boundary && { parts: readParts(body, boundary) }),
    body,
  };
}

/** The bytes of a message that has no parts, one character each, by its Content-Transfer-Encoding. */
export function decodedBody({ headers, body }: Message): string | Uint8Array {
  const encoding = headers.get('content-transfer-encoding')?.trim().toLowerCase();
  if (encoding === 'base64') return decodeBase64(body);
  return encoding === 'quoted-printable' ? readQuotedPrintable(body) : body;
}

function split(text: string): { readonly headers: ReadonlyMap<string, string>; readonly body: string } {
  const headers = new Map<string, string>();
  let name: string | undefined;
  let start = 0;
  while (start < text.length) {
    const end = endOfLine(text, start);
    const line = text.slice(start, end).replace(/\r?\n?$/, '');
    const header = /^([!-9;-~]{1,200}):/.exec(line);
    if (line === '') return { headers, body: text.slice(end) };
    if (/^[ \t]/.test(line) && name) headers.set(name, `${headers.get(name) ?? ''} ${line.trim()}`);
    else if (header?.[1]) {
      name = header[1].toLowerCase();
      if (!headers.has(name)) headers.set(name, line.slice(header[0].length).trim());
    } else return { headers, body: text.slice(start) };
    start = end;
  }
  return { headers, body: '' };
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end + 1;
}

function readType(value: string): readonly [type: string, parameters: ReadonlyMap<string, string>] {
  const parameters = new Map<string, string>();
  for (const [, name, quoted, plain] of value.matchAll(/;\s*([\w-]{1,50})\s*=\s*(?:"([^"]*)"|([^\s;"]*))/g))
    if (name) parameters.set(name.toLowerCase(), quoted ?? plain ?? '');
  const [type = ''] = value.split(';', 1);
  return [type.trim().toLowerCase(), parameters];
}

/** What stands between the lines of the boundary: the first of it to its last, or to the end where the last is missing. */
function readParts(body: string, boundary: string): readonly string[] {
  const parts: string[] = [];
  const mark = `--${boundary}`;
  let from: number | undefined;
  for (let start = 0; start < body.length; ) {
    const end = endOfLine(body, start);
    if (body.startsWith(mark, start)) {
      const rest = body.slice(start + mark.length, end).trim();
      if (rest === '' || rest === '--') {
        if (from !== undefined) parts.push(body.slice(from, start).replace(/\r?\n$/, ''));
        from = end;
        if (rest === '--') return parts;
      }
    }
    start = end;
  }
  if (from !== undefined) parts.push(body.slice(from));
  return parts;
}

function readQuotedPrintable(body: string): string {
  return body
    .replace(/=[ \t]*\r?\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

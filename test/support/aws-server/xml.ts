import { elementNames } from './element-names.js';

type Body = Readonly<Record<string, unknown>>;

/** The XML in which EC2 writes a body of the CLI's shape. */
export function ec2Xml(operation: string, body: Body): string {
  const content = element('requestId', 'loopback') + ec2Fields(body, '');
  return document(`${operation}Response`, content, 'http://ec2.amazonaws.com/doc/2016-11-15/');
}

/** The XML of the plain query protocol, which `sts` and `elasticloadbalancing` speak: names as they are, lists of `member`. */
export function queryXml(operation: string, body: Body): string {
  const result = `<${operation}Result>${queryFields(body)}</${operation}Result>`;
  const metadata = `<ResponseMetadata>${element('RequestId', 'loopback')}</ResponseMetadata>`;
  return document(
    `${operation}Response`,
    result + metadata,
    'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
  );
}

export function ec2ErrorXml(code: string, message: string): string {
  const error = `<Errors><Error>${element('Code', encoded(code))}${element('Message', encoded(message))}</Error></Errors>`;
  return document('Response', `${error}${element('RequestID', 'loopback')}`);
}

export function queryErrorXml(code: string, message: string): string {
  const parts = element('Type', 'Sender') + element('Code', encoded(code)) + element('Message', encoded(message));
  return document('ErrorResponse', `<Error>${parts}</Error>${element('RequestId', 'loopback')}`);
}

function document(root: string, content: string, namespace?: string): string {
  const attribute = namespace === undefined ? '' : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${content}</${root}>`;
}

function ec2Fields(record: object, of: string): string {
  return Object.entries(record)
    .map(([field, value]) => element(ec2Name(field, of), ec2Value(value, field)))
    .join('');
}

function ec2Name(field: string, of: string): string {
  return elementNames[`${of}.${field}`] ?? elementNames[field] ?? field.charAt(0).toLowerCase() + field.slice(1);
}

function ec2Value(value: unknown, of: string): string {
  if (Array.isArray(value)) return value.map((item) => element('item', ec2Value(item, of))).join('');
  return typeof value === 'object' && value !== null ? ec2Fields(value, of) : encoded(String(value));
}

function queryFields(record: object): string {
  return Object.entries(record)
    .map(([field, value]) => element(field, queryValue(value)))
    .join('');
}

function queryValue(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => element('member', queryValue(item))).join('');
  return typeof value === 'object' && value !== null ? queryFields(value) : encoded(String(value));
}

function element(name: string, content: string): string {
  return content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`;
}

function encoded(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

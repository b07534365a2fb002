import { decodeBase64, isBase64 } from './base64.js';
import { gunzip, isGzip } from './gunzip.js';
import { decodedBody, type Message, readMessage } from './mime.js';
import type { UserDataPart } from './user-data-part.js';
import { readYaml } from './yaml.js';

export interface UserDataEncoding {
  /** How a text is wrapped: the APIs of AWS and Azure answer base64, metadata of Google Cloud is text. */
  readonly encoding?: 'base64' | 'text' | 'unknown';
}

/** The first words by which cloud-init knows what a part is, the longest first (cloudinit/handlers, INCLUSION_TYPES_MAP). */
const starts = [
  ['#cloud-config-archive', 'text/cloud-config-archive'],
  ['#cloud-config-jsonp', 'text/cloud-config-jsonp'],
  ['## template: jinja', 'text/jinja2'],
  ['#cloud-boothook', 'text/cloud-boothook'],
  ['#cloud-config', 'text/cloud-config'],
  ['#include-once', 'text/x-include-once-url'],
  ['#part-handler', 'text/part-handler'],
  ['#include', 'text/x-include-url'],
  ['#!', 'text/x-shellscript'],
] as const;

/** Data for programs other than cloud-init. */
const foreign: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^\{\s*"ignition"\s*:/i, 'Ignition'],
  [/^(variant|ignition)\s*:/i, 'Butane'],
  [/^version:\s*v1alpha1\b/i, 'Talos'],
  [/^<(powershell|script|persist|version)\b/i, 'EC2Launch of Windows'],
  [/^#ps1|^rem cmd/i, 'Cloudbase-Init of Windows'],
  [/^\[settings/i, 'Bottlerocket'],
];

const deepest = 8;
const mostParts = 500;

/** What is read so far. */
interface Reading {
  readonly parts: UserDataPart[];
}

/**
 * The parts of user data in the order in which cloud-init handles them (documentation of cloud-init, "User data formats"; its
 * user_data.py). Base64 may be there twice; gzip, multipart messages and archives are opened up to 8 deep, 500 parts and 8 MiB, and
 * what is beyond that is a part of which nothing is known. Nothing is fetched. Never throws.
 */
export function decodeUserData(
  value: string | Uint8Array,
  { encoding = 'unknown' }: UserDataEncoding = {},
): readonly UserDataPart[] {
  const reading: Reading = { parts: [] };
  const given = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  const bytes = encoding === 'base64' ? unwrapped(given) : given;
  readBlob(reading, (encoding === 'text' ? undefined : peeled(bytes, 2)) ?? bytes, 'user data', 0);
  return reading.parts;
}

function unwrapped(bytes: Uint8Array): Uint8Array {
  const text = latin1(bytes);
  return isBase64(text) ? decodeBase64(text) : bytes;
}

/** The bytes below some layers of base64 that begin with something known: a word may look like base64 too. */
function peeled(bytes: Uint8Array, layers: number): Uint8Array | undefined {
  if (isGzip(bytes) || isTelling(latin1(bytes))) return bytes;
  const inner = layers > 0 ? unwrapped(bytes) : bytes;
  return inner === bytes ? undefined : peeled(inner, layers - 1);
}

function isTelling(text: string): boolean {
  const start = leftTrimmed(text);
  return typeOf(text) !== undefined || isMime(text) || foreign.some(([pattern]) => pattern.test(start));
}

/** As Python does it: a byte order mark is no blank. */
function leftTrimmed(text: string): string {
  return text.replace(/^[ \t\n\v\f\r]+/, '');
}

function readBlob(reading: Reading, bytes: Uint8Array, at: string, depth: number): void {
  if (!openRoom(reading, at, depth)) return;
  if (isGzip(bytes)) {
    const open = opened(reading, bytes, at);
    if (open) readBlob(reading, open, at, depth + 1);
    return;
  }
  const text = latin1(bytes);
  if (isMime(text)) readMime(reading, readMessage(text), at, depth);
  else readText(reading, utf8(bytes), at, 'text/x-not-multipart', depth, {});
}

function opened({ parts }: Reading, bytes: Uint8Array, at: string): Uint8Array | undefined {
  const open = gunzip(bytes);
  if (typeof open !== 'string') return open;
  parts.push({
    kind: 'unknown',
    at,
    why: open === 'too-large' ? 'it unpacks to more than 8 MiB' : 'its gzip data is damaged',
  });
  return undefined;
}

/** False when no more parts are opened; that is told once. */
function openRoom(reading: Reading, at: string, depth: number): boolean {
  if (reading.parts.length > mostParts) return false;
  if (depth <= deepest && reading.parts.length < mostParts) return true;
  const why =
    depth > deepest ? `parts stand more than ${deepest} deep in one another` : `there are more than ${mostParts} parts`;
  reading.parts.push({ kind: 'unknown', at, why });
  return false;
}

function isMime(text: string): boolean {
  return text.slice(0, 4096).toLowerCase().includes('mime-version:');
}

function readMime(reading: Reading, message: Message, at: string, depth: number): void {
  if (!openRoom(reading, at, depth)) return;
  if (message.type.startsWith('multipart/')) {
    if (!message.parts) {
      reading.parts.push({ kind: 'unknown', at, why: 'its multipart message names no boundary' });
      return;
    }
    for (const [index, part] of message.parts.entries()) {
      const inner = readMessage(part);
      const name = inner.filename ? ` (${inner.filename})` : '';
      readMime(reading, inner, `${at} part ${index + 1}${name}`, depth + 1);
      if (reading.parts.length > mostParts) return;
    }
    return;
  }
  readPart(reading, message, at, depth);
}

function readPart(reading: Reading, message: Message, at: string, depth: number): void {
  const body = decodedBody(message);
  const bytes = typeof body === 'string' ? bytesOf(body) : body;
  const open = isGzip(bytes) ? opened(reading, bytes, at) : bytes;
  if (open) readTyped(reading, open, message, at, depth);
}

function readTyped(reading: Reading, bytes: Uint8Array, message: Message, at: string, depth: number): void {
  const mergeType = message.headers.get('merge-type') ?? message.headers.get('x-merge-type');
  readText(reading, utf8(bytes), at, message.type, depth, {
    ...(message.filename && { name: message.filename }),
    ...(mergeType && { mergeType }),
  });
}

interface Header {
  readonly name?: string;
  readonly mergeType?: string;
}

/** The type of a text by its first words; undefined where cloud-init knows none. */
function typeOf(text: string): string | undefined {
  const start = leftTrimmed(text).slice(0, 40).toLowerCase();
  return starts.find(([word]) => start.startsWith(word))?.[1];
}

function readText(reading: Reading, text: string, at: string, given: string, depth: number, header: Header): void {
  const open = /^(text\/plain|text\/x-not-multipart|application\/octet-stream|application\/(x-)?gzip)$/.test(given);
  const isTemplate = typeOf(text) === 'text/jinja2';
  const type = isTemplate ? 'text/jinja2' : open ? typeOf(text) : given;
  const { parts } = reading;
  if (type === undefined) {
    const part = unread(text, at);
    if (part) parts.push(part);
  } else if (type === 'text/cloud-config') {
    parts.push({ kind: 'cloud-config', at, text, ...(header.mergeType && { mergeType: header.mergeType }) });
  } else if (type === 'text/cloud-config-jsonp') parts.push({ kind: 'cloud-config', at, text, jsonPatch: true });
  else if (type === 'text/cloud-config-archive') readArchive(reading, text, at, depth);
  else if (type.startsWith('text/x-shellscript')) parts.push(scriptPart(reading, text, at, header));
  else if (type === 'text/cloud-boothook') parts.push({ kind: 'boothook', at, text: hookOf(text) });
  else parts.push({ kind: 'unknown', at, why: whyUnknown(type), text });
}

function whyUnknown(type: string): string {
  if (type.startsWith('text/x-include'))
    return 'it is fetched from addresses that it lists (#include), and port22 fetches nothing';
  if (type === 'text/jinja2') return 'it is made from a jinja template on the machine';
  if (type === 'text/part-handler') return 'it is a program that handles other parts (part-handler)';
  return `port22 does not know the type ${type}`;
}

function scriptPart({ parts }: Reading, text: string, at: string, { name }: Header): UserDataPart {
  const unix = text.replace(/\r\n/g, '\n');
  if (unix.startsWith('#!')) {
    return { kind: 'script', at, text: unix, name: name ?? `part-${String(parts.length + 1).padStart(3, '0')}` };
  }
  return { kind: 'ignored', at, why: 'a script that does not begin with #! cannot be run' };
}

/** The program of a boothook, which may have its own first line below that of cloud-init. */
function hookOf(text: string): string {
  return leftTrimmed(text)
    .replace(/^#cloud-boothook[^\n]*\n?/i, '')
    .replace(/\r\n/g, '\n');
}

function unread(text: string, at: string): UserDataPart | undefined {
  const start = leftTrimmed(text);
  if (start === '') return undefined;
  const other = foreign.find(([pattern]) => pattern.test(start));
  if (other) return { kind: 'unknown', at, why: `it is written for ${other[1]}` };
  const spaced = /^[\ufeff\s]*#[ \t]*(cloud[-_ ]?config)\b/i.exec(start);
  if (spaced) {
    const why = `its first line is not "#cloud-config" to the letter, so cloud-init takes it for nothing`;
    return { kind: 'ignored', at, why };
  }
  return {
    kind: 'ignored',
    at,
    why: 'its first line tells cloud-init nothing: it needs #cloud-config, #! or the like',
  };
}

function readArchive(reading: Reading, text: string, at: string, depth: number): void {
  const list = readYaml(text);
  if (!list.known || !Array.isArray(list.value)) {
    const why = list.known ? 'an archive must be a list' : list.why;
    reading.parts.push({ kind: 'unknown', at, why });
    return;
  }
  for (const [index, entry] of list.value.entries()) {
    if (reading.parts.length > mostParts) return;
    readEntry(reading, entry, `${at} part ${index + 1}`, depth + 1);
  }
}

function readEntry(reading: Reading, entry: unknown, at: string, depth: number): void {
  if (!openRoom(reading, at, depth)) return;
  const { content, type, filename } = isRecord(entry) ? entry : { content: entry };
  if (typeof content !== 'string') {
    reading.parts.push({ kind: 'ignored', at, why: 'an entry of an archive without content' });
    return;
  }
  const header = typeof filename === 'string' ? { name: filename } : {};
  readText(reading, content, at, typeof type === 'string' ? type.toLowerCase() : 'text/plain', depth, header);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One character for each byte; the decoder of that name makes other characters of some. */
function latin1(bytes: Uint8Array): string {
  const chunks: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192) chunks.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return chunks.join('');
}

function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at) & 0xff;
  return bytes;
}

function utf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

import { pathOf } from './names.js';

/** The raw answer of one call, in the shape in which the REST API writes it. */
export interface GcpAnswer {
  /** The project that was asked. */
  readonly project: string;
  /** The method's id: `compute.instances.aggregatedList`. */
  readonly operation: string;
  /** What names the subject of the answer: `{ project: 'p', network: 'net1' }`; empty for lists. */
  readonly subject: Readonly<Record<string, string>>;
  /** All pages together. Absent when the call failed. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Why there is no answer. Both texts are one line without control characters. */
  readonly error?: GcpError;
}

export interface GcpError {
  /** Google's reason (`IAM_PERMISSION_DENIED`, `SERVICE_DISABLED`), or what happened on the way (`UNAVAILABLE`, `InvalidResponse`). */
  readonly code: string;
  readonly message: string;
}

/** Secrets, and hashes from which a short one can be guessed. */
const SECRET = /^(?:sharedSecret(?:Hash)?|oauth2ClientSecret(?:Sha256)?|md5AuthenticationKeys)$/;

/** For `JSON.parse`: what it makes of the value of a key. */
export type Reviver = (key: string, value: unknown) => unknown;

/** Metadata that an instance runs, or reads when it boots. */
export const userDataKeys = ['user-data', 'user-data-encoding', 'startup-script', 'startup-script-url'] as const;

/**
 * Leaves out what nobody should find in a recording. Metadata of instances hold startup scripts and keys of clusters; only the names
 * remain, and the values that are no more than yes or no.
 */
export const withoutSecrets = reviverFor([]);

/** The same, for those who want what instances run at their boot. */
export const withUserData = reviverFor(userDataKeys);

function reviverFor(wanted: readonly string[]): Reviver {
  const withoutValue = (item: unknown): unknown => {
    const { key, value } = (item ?? {}) as { readonly key?: unknown; readonly value?: unknown };
    const isShown = wanted.includes(String(key)) || /^(?:true|false|yes|no|y|n|1|0)?$/i.test(String(value));
    return isShown ? item : { key };
  };
  return (key, value) => {
    if (SECRET.test(key)) return undefined;
    if (key !== 'metadata' || typeof value !== 'object' || value === null) return value;
    const { items } = value as { readonly items?: unknown };
    return Array.isArray(items) ? { ...value, items: items.map(withoutValue) } : value;
  };
}

const SCHEMA = 'port22/recording/v1';

/**
 * The file in which an answer is recorded: a path below the recording's folder and the value to write. Key order is fixed:
 * the envelope, then what the question was about, then the answer as it came.
 */
export function recordedDocument(answer: GcpAnswer): { path: string; value: object } {
  const { project, operation, subject, body, error } = answer;
  const envelope = { schema: SCHEMA, provider: 'gcp', project, operation, ...(error && { error }) };
  const names = Object.entries(subject)
    .filter(([key]) => key !== 'project')
    .map(([, value]) => pathOf(value) ?? value);
  const file = fileName([operation, ...names].map(fileNamePart).join('-'));
  return { path: `${fileNamePart(project)}/${file}.json`, value: { port22: envelope, ...subject, ...body } };
}

/** File systems allow 255 bytes; different texts of any length get different names. */
function fileName(text: string): string {
  if (text.length <= 200) return text;
  let hash = 0xcbf29ce484222325n;
  for (const char of text) hash = BigInt.asUintN(64, (hash ^ BigInt(char.charCodeAt(0))) * 0x100000001b3n);
  return `${text.slice(0, 180)}-${hash.toString(16)}`;
}

/** Different texts get different names; no name is a path, hidden, or illegal on any system. */
function fileNamePart(text: string): string {
  return text.replace(/[^A-Za-z0-9.-]|^\./g, (unit) =>
    unit === '/' ? '_' : `%${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

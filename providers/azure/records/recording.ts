import type { Json } from './recorded-answer.js';

/** The raw answer of one call, as Azure Resource Manager writes it. */
export interface AzureAnswer {
  /** The subscription that was asked. */
  readonly subscription: string;
  /** The action that the call needs: `Microsoft.Network/networkInterfaces/read`. */
  readonly operation: string;
  /** What the answer is about, where it does not say so itself; empty for lists of the subscription. */
  readonly subject: Json;
  /** All pages together. Absent when the call failed. */
  readonly body?: Json;
  /** Why there is no answer. Both texts are one line without control characters. */
  readonly error?: AzureError;
}

export interface AzureError {
  /** Azure's code (`AuthorizationFailed`, `ResourceNotFound`), or what happened on the way (`UNAVAILABLE`, `InvalidResponse`). */
  readonly code: string;
  readonly message: string;
}

/** For `JSON.parse`: what it makes of the value of a key. */
export type Reviver = (key: string, value: unknown) => unknown;

/** What people put secrets into: the start of a machine, what its extensions are told, the keys of VPNs. */
const SECRET =
  /^(?:osProfile|customData|userData|extensionProfile|settings|protectedSettings\w*|adminPassword|secrets|sharedKey|psk|authorizationKey|radiusServerSecret|radiusServers|vpnClientConfiguration)$/i;

/** Leaves out what nobody should find in a recording. */
export const withoutSecrets: Reviver = (key, value) => (SECRET.test(key) ? undefined : value);

/** The same, for those who want what machines read when they boot. */
export const withUserData: Reviver = (key, value) => (key === 'userData' ? value : withoutSecrets(key, value));

const SCHEMA = 'port22/recording/v1';

/**
 * The file in which an answer is recorded: a path below the recording's folder and the value to write. Key order is fixed:
 * the envelope, then what the question was about, then the answer as it came.
 */
export function recordedDocument(answer: AzureAnswer): { path: string; value: object } {
  const { subscription, operation, subject, body, error } = answer;
  const envelope = { schema: SCHEMA, provider: 'azure', subscription, operation, ...(error && { error }) };
  const file = fileName([operation, ...Object.values(subject).map(subjectName)].map(fileNamePart).join('-'));
  return { path: `${fileNamePart(subscription)}/${file}.json`, value: { port22: envelope, ...subject, ...body } };
}

/** Ids without what all ids of a subscription have in common. */
function subjectName(subject: unknown): string {
  const text = typeof subject === 'string' ? subject : JSON.stringify(subject);
  return text
    .toLowerCase()
    .replaceAll(/\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/microsoft\.\w+\//g, '$2/');
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

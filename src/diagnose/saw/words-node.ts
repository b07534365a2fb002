import { errorOfNumber, findError } from './errors.js';
import { either, type Groups, type Told, type Wording } from './wording.js';

/**
 * The words of Node's errors, printed whole (`util.inspect`), as a message, or as JSON, and of the npm package ssh2. Measured: Node 20,
 * ssh2 1.17. With a name of several addresses Node tries one after the other and gives each but the last 250 ms; the error of such an
 * address is ETIMEDOUT and says nothing of a real time-out. The AggregateError has the code of the first error in it.
 */
const attemptTimer = 250;
const node: Told = { tool: 'node' };
const ssh2: Told = { tool: 'ssh2' };

export const nodeWords: readonly Wording[] = [
  {
    near: 'internalconnectmultipletimeout',
    pattern: /internalConnectMultipleTimeout/,
    role: 'adds',
    tells: { timer: attemptTimer },
  },
  {
    near: 'aggregateerror',
    pattern: /AggregateError(?: \[(?<code>E[A-Z_]{3,20})\]|:? (?<other>E[A-Z_]{3,20}))/,
    role: 'echo',
    provisional: true,
    reads: ({ code, other }) => {
      const first = findError(code ?? other ?? '')?.meaning.symptoms ?? [];
      return {
        ...node,
        symptoms: [...first.filter((symptom) => symptom !== 'cannot-tell'), 'cannot-tell'],
        stage: 'connecting',
      };
    },
  },
  {
    near: 'connect e',
    pattern: /\bconnect (?<error>E[A-Z_]{3,20})(?: (?<where>[\da-fA-F.:%\w[\]-]{3,300}))?/,
    role: 'echo',
    tells: { ...node, stage: 'connecting' },
  },
  {
    near: ' econn',
    pattern: /\b(?:read|write) (?:ECONNRESET|ECONNABORTED)|\bwrite EPIPE/,
    role: 'echo',
    tells: { ...node, symptoms: either.closed, stage: 'connected' },
  },
  {
    near: 'getaddrinfo ',
    pattern: /\bgetaddrinfo (?:ENOTFOUND|EAI_[A-Z]{3,12})(?: (?<host>[^\s,'"]{1,255}))?/,
    role: 'echo',
    tells: { ...node, symptoms: ['dns-failed'], stage: 'resolving' },
  },
  {
    // A property of an error, or an error as JSON in one line.
    near: 'code',
    pattern:
      /(?:["']?errno["']?: ?-(?<number>\d{1,5}),\s?)?["']?\bcode["']?: ?["'](?<code>E[A-Z_]{3,20})["'](?:.{0,60}["']?\baddress["']?: ?["'](?<address>[\da-fA-F.:]{2,45})["'](?:,\s?["']?port["']?: ?(?<port>\d{1,5}))?)?/,
    role: 'echo',
    reads: ofCode,
  },
  { near: 'errno', pattern: /["']?errno["']?: -(?<number>\d{1,5})/, role: 'adds', reads: ofErrno },
  {
    near: 'address',
    pattern: /["']?\baddress["']?: ["'](?<address>[\da-fA-F.:]{2,45})["']/,
    role: 'adds',
    tells: node,
  },
  { near: 'port', pattern: /^\s*["']?port["']?: (?<port>\d{1,5}),?\s*$/, role: 'adds', tells: node },
  {
    // readyTimeout covers everything up to the login: connect(), the greeting, the keys (measured).
    near: 'timed out while waiting for handshake',
    pattern: /Timed out while waiting for handshake/,
    role: 'whole',
    tells: { ...ssh2, symptoms: ['times-out', 'silent', 'kex-hang', 'not-ssh'], stage: 'connecting' },
  },
  {
    near: 'connection lost before handshake',
    pattern: /Connection lost before handshake/,
    role: 'echo',
    tells: { ...ssh2, symptoms: either.closed, stage: 'connected' },
  },
  {
    near: 'all configured authentication methods failed',
    pattern: /All configured authentication methods failed/,
    role: 'echo',
    tells: { ...ssh2, symptoms: ['auth-failed'], stage: 'login' },
  },
  {
    near: 'handshake failed: no matching',
    pattern: /Handshake failed: no matching/,
    role: 'echo',
    tells: { ...ssh2, symptoms: ['negotiation-failed'], stage: 'key-exchange' },
  },
  {
    near: 'verification failed)',
    pattern: /Host denied \(verification failed\)|Handshake failed: .{0,40}host verification/i,
    role: 'echo',
    tells: { ...ssh2, symptoms: ['auth-failed'], stage: 'key-exchange' },
  },
];

function ofErrno({ number }: Groups): Told {
  const os = errorOfNumber(Number(number))?.os;
  return os === undefined ? node : { ...node, os };
}

function ofCode({ code = '', number }: Groups): Told | undefined {
  const meaning = findError(code)?.meaning;
  if (meaning?.symptoms === undefined) return undefined;
  // The call is in another line: connect() or read().
  if (meaning.symptoms.includes('reset'))
    return { ...ofErrno({ number }), symptoms: either.closed, stage: 'connected' };
  return { ...ofErrno({ number }), symptoms: meaning.symptoms, stage: meaning.stage ?? 'connecting' };
}

import type { Stage, Symptom } from '../../src/model/index.js';
import type { Conversation, Dialled } from './probe-conversation.js';
import type { Greeting } from './probe-greeting.js';

/** What a conversation shows of the way to a server. */
export interface Outcome {
  readonly symptom: Symptom;
  readonly stage: Stage;
  /** What was seen, in words. Holds text of strangers. */
  readonly line: string;
}

/** What connect(2) answers, by the names of Linux. Measured: each reject type of a packet filter and each route type. */
const connectErrors: Readonly<Record<string, Symptom>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'net-unreachable',
  EACCES: 'permission-denied',
  ENOPROTOOPT: 'no-protocol',
  EINVAL: 'invalid-argument',
  EADDRNOTAVAIL: 'no-client-port',
  ETIMEDOUT: 'times-out',
  // The handshake was over, and the reset came before connect(2) had told so.
  ECONNRESET: 'reset',
};

/**
 * Errors of the handshake alone: what ICMP says of a connection that is open Linux keeps to itself until it gives up, minutes later
 * (tcp_v4_err). On a busy machine one may be told by the first read(2), after a connect(2) that seemed to be over (measured).
 */
const handshakeErrors: readonly string[] = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EACCES', 'ENOPROTOOPT'];

/** Errors of a connection that was open: reading after a reset, or writing to a server that had gone. */
const resets: readonly string[] = ['ECONNRESET', 'EPIPE'];

/** How the first line of a protocol that is not SSH begins: HTTP, a page, SMTP and FTP, IMAP, POP3, VNC, Redis and others. */
const stranger = /^(?:HTTP\/|<|[1-5]\d\d[ -]|\* (?:OK|BYE|PREAUTH)\b|\+OK\b|-ERR\b|RFB \d)/;

/** Whether a text has control characters that no text has; tab and escape are for terminals. */
function isBinary(text: string): boolean {
  return /\p{Cc}/u.test(text.replaceAll('\t', '').replaceAll('\u001b', ''));
}

const milliseconds = (time: number) => `${Math.round(time)} ms`;

/** A link-local address without its interface is no address that can be dialled: EINVAL says that, and nothing of routes. */
function lacksInterface(address: string): boolean {
  return /^fe[89ab][0-9a-f]:/i.test(address);
}

function unconnected({ ending }: Conversation, { address }: Dialled, timer: number): Outcome {
  const stage = 'connecting';
  if (ending.how === 'timer') return { symptom: 'times-out', stage, line: `no answer within ${milliseconds(timer)}` };
  if (ending.how !== 'error') return { symptom: 'cannot-tell', stage, line: 'the connection was given up unopened' };
  const known = Object.hasOwn(connectErrors, ending.code) ? connectErrors[ending.code] : undefined;
  const symptom = ending.code === 'EINVAL' && lacksInterface(address) ? undefined : known;
  return { symptom: symptom ?? 'cannot-tell', stage, line: ending.message };
}

function unanswered({ ending, connected = 0, elapsed }: Conversation): Outcome {
  const stage = 'connected';
  const opened = `connected after ${milliseconds(connected)}`;
  const later = milliseconds(elapsed - connected);
  if (ending.how === 'timer') return { symptom: 'silent', stage, line: `${opened}, then not a byte for ${later}` };
  if (ending.how === 'end')
    return { symptom: 'closed', stage, line: `${opened}, closed without a byte ${later} later` };
  if (ending.how === 'error' && resets.includes(ending.code))
    return { symptom: 'reset', stage, line: `${opened}, reset without a byte ${later} later` };
  const why = ending.how === 'error' ? ending.message : ending.how;
  return { symptom: 'cannot-tell', stage, line: `${opened}, then ${why} ${later} later` };
}

const afterwards: Readonly<Record<Conversation['ending']['how'], string>> = {
  end: 'the server closed',
  error: 'the connection broke',
  timer: 'the server waited',
  kexinit: 'the key exchange began',
  disconnect: 'the server said goodbye',
  garbage: 'bytes that are no SSH followed',
  refused: 'it cannot become SSH',
};

function strangerSymptom({ first = '', ended, refused }: Greeting, how: Conversation['ending']['how']): Symptom {
  if (refused !== undefined || stranger.test(first) || isBinary(first)) return 'not-ssh';
  if (!ended && first.startsWith('SSH-')) return 'cannot-tell';
  // sshd and TCP wrappers say why and close; what waits for an answer is another service.
  return how === 'timer' ? 'not-ssh' : 'banner-text';
}

function unidentified({ greeting, ending }: Conversation): Outcome {
  const symptom = strangerSymptom(greeting, ending.how);
  const more = greeting.before > 1 ? ` and ${greeting.before - 1} more lines` : '';
  const line = `"${greeting.first ?? ''}"${more}, then ${greeting.refused ?? afterwards[ending.how]}`;
  return { symptom, stage: 'greeted', line };
}

function identified({ greeting, ending }: Conversation): Outcome {
  const stage = 'key-exchange';
  const before = greeting.before > 0 ? ` after ${greeting.before} other lines` : '';
  const said = `"${greeting.identification ?? ''}"${before}`;
  if (ending.how === 'kexinit') return { symptom: 'connects', stage, line: `${said}, then ${afterwards.kexinit}` };
  if (ending.how === 'timer') return { symptom: 'kex-hang', stage, line: `${said}, then nothing of the key exchange` };
  if (ending.how === 'end') return { symptom: 'closed', stage, line: `${said}, then ${afterwards.end}` };
  if (ending.how === 'disconnect')
    return { symptom: 'closed', stage, line: `${said}, then ${afterwards.disconnect}: "${ending.text}"` };
  if (ending.how === 'error' && resets.includes(ending.code))
    return { symptom: 'reset', stage, line: `${said}, then a reset` };
  const why = ending.how === 'error' ? ending.message : afterwards[ending.how];
  return { symptom: 'cannot-tell', stage, line: `${said}, then ${why}` };
}

/** Whether the handshake failed, and that was told late. */
function isLate({ greeting, ending }: Conversation): boolean {
  return greeting.first === undefined && ending.how === 'error' && handshakeErrors.includes(ending.code);
}

/** Names the symptom of a conversation. `timer` is the one with which it was held. */
export function outcomeOf(conversation: Conversation, dialled: Dialled, timer: number): Outcome {
  const { connected, greeting } = conversation;
  if (connected === undefined || isLate(conversation)) return unconnected(conversation, dialled, timer);
  if (greeting.identification !== undefined) return identified(conversation);
  return greeting.first === undefined ? unanswered(conversation) : unidentified(conversation);
}

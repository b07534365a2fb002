import type { Symptom } from '../../model/index.js';
import { either, type Groups, type Told, type Wording } from './wording.js';

/**
 * The words of curl and wget. Measured: curl 7.88, wget 1.21. "Couldn't connect to server" is said of every error of connect() and, with
 * the exit number 28 in place of 7, of a time-out of the kernel; a server that resets at once reads like one that refuses (measured).
 */
const curl: Told = { tool: 'curl' };
const connectFailed: readonly Symptom[] = [...either.connectFailures, 'reset'];
const closed: Told = { ...curl, symptoms: either.closed, stage: 'connected' };
const readsAnything: readonly Symptom[] = [...either.onceGreeted, 'banner-text', 'not-ssh'];

export const httpWords: readonly Wording[] = [
  {
    near: 'trying ',
    pattern: /\* +Trying \[?(?<address>[\da-fA-F.:]{2,45}?)\]?(?::(?<port>\d{1,5}))?\.\.\./,
    role: 'opens',
    tells: { ...curl, stage: 'connecting' },
  },
  {
    near: '* connect to ',
    pattern:
      /\* connect to (?<address>\S{2,45}) port (?<port>\d{1,5})(?: from \S{2,45} port \d{1,5})? failed: (?<error>.{1,200})/,
    role: 'part',
    tells: { ...curl, stage: 'connecting' },
  },
  {
    near: 'connect timeout after',
    pattern: /\* ipv(?<family>[46]) connect timeout after (?<ms>\d{1,9})ms, move on/,
    role: 'part',
    reads: ({ family, ms }) => ({
      ...curl,
      symptoms: ['times-out'],
      stage: 'connecting',
      family: family === '6' ? 6 : 4,
      timer: Number(ms),
    }),
  },
  {
    near: '* connected to',
    pattern: /\* Connected to (?<host>\S{1,255}) \((?<address>[^)\s]{2,45})\) port (?<port>\d{1,5})/,
    role: 'reaches',
    tells: { ...curl, stage: 'connected' },
  },
  {
    near: 'failed to connect to',
    pattern:
      /\* Failed to connect to (?<host>\S{1,255}) port (?<port>\d{1,5})(?: after (?<ms>\d{1,9}) ms)?: (?<error>.{1,200})/,
    role: 'sum',
    reads: failedToConnect,
  },
  {
    near: 'failed to connect to',
    pattern:
      /(?:curl: \((?<code>\d{1,2})\) )?Failed to connect to (?<host>\S{1,255}) port (?<port>\d{1,5})(?: after (?<ms>\d{1,9}) ms)?: (?<error>.{1,200})/,
    role: 'echo',
    reads: failedToConnect,
  },
  {
    near: 'could not resolve host',
    pattern: /(?:curl: \(6\)|\*) Could not resolve host: (?<host>[^\s;]{1,255})/,
    role: 'echo',
    tells: { ...curl, symptoms: ['dns-failed'], stage: 'resolving' },
  },
  {
    near: 'curl: (28)',
    pattern: /curl: \(28\) Connection time(?:d out|out) after (?<ms>\d{1,9}) (?:ms|milliseconds)/,
    role: 'echo',
    reads: ({ ms }) => ({ ...curl, symptoms: ['times-out'], stage: 'connecting', timer: Number(ms) }),
  },
  {
    near: 'curl: (28)',
    pattern:
      /curl: \(28\) (?:Time-out|Operation timed out after (?<ms>\d{1,9}) (?:ms|milliseconds)|Operation too slow)/,
    role: 'echo',
    reads: ({ ms }) => ({
      ...curl,
      symptoms: ['silent'],
      stage: 'connected',
      ...(ms !== undefined && { timer: Number(ms) }),
    }),
  },
  {
    near: 'connection reset by peer',
    pattern: /\* (?:Recv|Send) failure: Connection reset by peer/,
    role: 'part',
    tells: closed,
  },
  { near: 'curl: (56)', pattern: /curl: \(5[56]\) /, role: 'echo', tells: closed },
  { near: 'curl: (52)', pattern: /curl: \(52\) /, role: 'echo', tells: { ...closed, symptoms: ['closed'] } },
  {
    // Whatever spoke first was not HTTP: an SSH greeting, or another text.
    near: 'http/0.9 when not allowed',
    pattern: /Received HTTP\/0\.9 when not allowed/,
    role: 'echo',
    tells: { ...curl, symptoms: readsAnything, stage: 'greeted' },
  },
  {
    near: 'curl: (67)',
    pattern: /curl: \(67\) /,
    role: 'echo',
    tells: { ...curl, symptoms: ['auth-failed'], stage: 'login' },
  },
  {
    near: 'curl: (60)',
    pattern: /curl: \(60\) .{0,60}SSH/,
    role: 'echo',
    tells: { ...curl, symptoms: ['auth-failed'], stage: 'key-exchange' },
  },
  {
    near: 'curl',
    pattern: /\bcurl\b.{0,60}?\b(?:exit|exited|rc|code|status)\b\D{0,16}(?<code>\d{1,2})\b/i,
    role: 'echo',
    reads: byExit,
  },
  {
    near: '... failed: ',
    pattern:
      /^Connecting to (?<host>[^\s|]{1,255}) \([^)]{1,255}\)\|(?<address>[^|\s]{2,45})\|:(?<port>\d{1,5})\.\.\. failed: (?<error>.{1,200})/,
    role: 'whole',
    tells: { tool: 'unknown', stage: 'connecting' },
  },
  {
    near: '... failed: ',
    pattern: /^Connecting to \[?(?<address>[\da-fA-F.:]{2,45}?)\]?:(?<port>\d{1,5})\.\.\. failed: (?<error>.{1,200})/,
    role: 'whole',
    tells: { tool: 'unknown', stage: 'connecting' },
  },
  {
    near: '... connected.',
    pattern: /^Connecting to \[?(?<address>[\da-fA-F.:]{2,45}?)\]?:(?<port>\d{1,5})\.\.\. connected\./,
    role: 'reaches',
    tells: { tool: 'unknown', stage: 'connected' },
  },
  {
    near: 'read error (connection reset',
    pattern: /Read error \(Connection reset by peer\)/,
    role: 'whole',
    tells: { tool: 'unknown', symptoms: either.closed, stage: 'connected' },
  },
  {
    near: 'unable to resolve host address',
    pattern: /unable to resolve host address ['‘](?<host>[^'’]{1,255})['’]/,
    role: 'whole',
    tells: { tool: 'unknown', symptoms: ['dns-failed'], stage: 'resolving' },
  },
];

/** With "Couldn't connect to server" the exit number decides; any other text is that of the error itself (curl before 7.86). */
function failedToConnect({ code, error = '' }: Groups): Told {
  const told: Told = { ...curl, stage: 'connecting' };
  if (code === '28') return { ...told, symptoms: ['times-out'] };
  if (!/^(?:Couldn't|Could not) connect to server/.test(error)) return told;
  return { ...told, symptoms: code === '7' ? connectFailed : ['times-out', ...connectFailed] };
}

function byExit({ code }: Groups): Told | undefined {
  if (code === '6') return { ...curl, symptoms: ['dns-failed'], stage: 'resolving' };
  if (code === '7') return { ...curl, symptoms: connectFailed, stage: 'connecting' };
  if (code === '28') return { ...curl, symptoms: ['times-out', 'silent'], stage: 'connecting' };
  return code === '52' || code === '56' ? closed : undefined;
}

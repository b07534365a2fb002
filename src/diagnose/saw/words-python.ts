import { errorOfNumber, findError } from './errors.js';
import { either, type Groups, type Told, type Wording } from './wording.js';

/**
 * The words of paramiko, of what is built on it, and of Python's own errors (asyncssh, scripts). Measured: paramiko 5.1, asyncssh 2.24,
 * Python 3.11. paramiko reads over lines that are not SSH and shows none of them.
 */
const paramiko: Told = { tool: 'paramiko' };
const python: Told = { tool: 'unknown' };

const ofParamiko: readonly Wording[] = [
  {
    // client.py: of ECONNREFUSED and EHOSTUNREACH only, for each address; any other error of connect() is raised as it is.
    near: 'unable to connect to port',
    pattern:
      /Unable to connect to port (?<port>\d{1,5}) on (?<list>[\da-fA-F.:]{2,45}(?:(?:, | or )[\da-fA-F.:]{2,45}){0,15})/,
    role: 'echo',
    tells: { ...paramiko, symptoms: ['refused', 'no-route'], stage: 'connecting' },
  },
  {
    near: 'error reading ssh protocol banner',
    pattern: /Error reading SSH protocol banner\[Errno (?:104|54)\]/,
    role: 'echo',
    tells: { ...paramiko, symptoms: either.closed, stage: 'connected' },
  },
  {
    near: 'error reading ssh protocol banner',
    pattern: /Error reading SSH protocol banner/,
    role: 'echo',
    tells: { ...paramiko, symptoms: ['closed', 'reset', 'silent'], stage: 'connected' },
  },
  { near: 'eoferror', pattern: /^\s*EOFError\s*$/, role: 'run', tells: { only: ['closed', 'reset'] } },
  { near: 'timeouterror', pattern: /^\s*TimeoutError\s*$/, role: 'run', tells: { only: ['silent'] } },
  { near: 'socket.timeout', pattern: /^\s*socket\.timeout\s*$/, role: 'run', tells: { only: ['silent'] } },
  {
    near: 'indecipherable protocol version',
    pattern: /Indecipherable protocol version "(?<greeting>[^"]{0,255})"/,
    role: 'echo',
    tells: { ...paramiko, stage: 'greeted' },
  },
  {
    near: 'incompatible version',
    pattern: /Incompatible version \([\d.]{1,8} instead of 2\.0\)/,
    role: 'echo',
    tells: { ...paramiko, symptoms: ['not-ssh'], stage: 'greeted' },
  },
  {
    near: 'incompatible ssh peer',
    pattern: /Incompatible ssh (?:peer|server) \(no acceptable/,
    role: 'echo',
    tells: { ...paramiko, symptoms: ['negotiation-failed'], stage: 'key-exchange' },
  },
  {
    near: 'key-exchange timed out',
    pattern: /Key-exchange timed out/i,
    role: 'echo',
    tells: { ...paramiko, symptoms: ['kex-hang'], stage: 'key-exchange' },
  },
  {
    // The keys were not ready when the login was tried: measured with a server that greets and stands still.
    near: 'no existing session',
    pattern: /SSHException.{0,4}No existing session/,
    role: 'echo',
    tells: { ...paramiko, symptoms: ['kex-hang', 'auth-failed'], stage: 'key-exchange' },
  },
  {
    near: 'authenticationexception',
    pattern: /(?:AuthenticationException|BadAuthenticationType|PasswordRequiredException)\b/,
    role: 'echo',
    tells: { ...paramiko, symptoms: ['auth-failed'], stage: 'login' },
  },
  {
    near: 'known_hosts',
    pattern: /Server '?"?(?<host>[^\s'"]{1,255})'?"? not found in known_hosts/,
    role: 'echo',
    tells: { ...paramiko, symptoms: ['auth-failed'], stage: 'key-exchange' },
  },
  {
    near: 'badhostkeyexception',
    pattern: /BadHostKeyException/,
    role: 'echo',
    tells: { ...paramiko, symptoms: ['auth-failed'], stage: 'key-exchange' },
  },
];

const ofPython: readonly Wording[] = [
  {
    near: 'connect call failed',
    pattern: /\[Errno (?<number>\d{1,5})\] Connect call failed \('(?<address>[^']{2,45})', (?<port>\d{1,5})/,
    role: 'whole',
    each: true,
    reads: ofNumber,
  },
  {
    near: 'error',
    pattern: /(?:socket\.gaierror|gaierror): \[Errno -?\d{1,5}\] /,
    role: 'echo',
    tells: { ...python, symptoms: ['dns-failed'], stage: 'resolving' },
  },
  {
    near: 'error',
    pattern:
      /^(?:[\w.]{1,60}[.:] ?)?(?:OSError|\w{1,20}Error|socket\.error): \[(?:Errno|WinError) (?<number>\d{1,5})\] (?<text>.{1,200})/,
    role: 'echo',
    reads: raised,
  },
  {
    // A timer of the program's own: of connect(), or of the first read.
    near: 'timed out',
    pattern: /^(?:TimeoutError|socket\.timeout): timed out/,
    role: 'echo',
    tells: { ...python, symptoms: ['times-out', 'silent'], stage: 'connecting' },
  },
  {
    // asyncio: the timer around the whole of it, up to the login.
    near: 'timeouterror:',
    pattern: /^(?:[\w.]{1,40}\.)?TimeoutError:\s*$/,
    role: 'echo',
    tells: { ...python, symptoms: ['times-out', 'silent', 'kex-hang', 'not-ssh'], stage: 'connecting' },
  },
];

function ofNumber({ number }: Groups): Told | undefined {
  const meaning = errorOfNumber(Number(number));
  return meaning && { ...python, stage: 'connecting', ...meaning };
}

function raised({ number, text = '' }: Groups): Told | undefined {
  const meaning = findError(text)?.meaning ?? errorOfNumber(Number(number));
  if (meaning?.symptoms === undefined) return undefined;
  const os = errorOfNumber(Number(number))?.os;
  const told: Told = { ...python, stage: 'connecting', ...meaning, ...(os && { os }) };
  // Raised by connect() or by a read.
  return meaning.symptoms.includes('reset') ? { ...told, symptoms: either.closed, stage: 'connected' } : told;
}

export const pythonWords: readonly Wording[] = [...ofParamiko, ...ofPython];

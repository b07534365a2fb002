import { either, type Groups, type Told, type Wording } from './wording.js';
import { progressWords } from './words-progress.js';

/**
 * The words of OpenSSH's client, and of what wraps it: scp, sftp, rsync, git, mosh, Ansible, editors. ssh itself is never translated
 * (measured). Sources: packet.c, kex.c, sshconnect.c, sshconnect2.c and clientloop.c of OpenSSH portable, and 9.2 as it was run.
 */
const verbose: Told = { tool: 'openssh', showsGreeting: true };
const openssh: Told = { tool: 'openssh' };

/** What a connection that the server ended was, as far as it had got: after the keys it may be the server's answer to the user. */
const ended: Told = { tool: 'openssh', symptoms: either.closed, stage: 'key-exchange' };
const early: Told = { tool: 'openssh', symptoms: either.closed, stage: 'connected' };
const badGreeting: Told = { tool: 'openssh', symptoms: ['not-ssh'], stage: 'greeted' };
const loginRefused: Told = { tool: 'openssh', symptoms: ['auth-failed'], stage: 'login' };
/**
 * The client refuses the server's key: TCP and the greeting went well. The nearest symptom is a failed authentication, of the server; the
 * stage tells it from the user's.
 */
const keyRefused: Told = { tool: 'openssh', symptoms: ['auth-failed'], stage: 'key-exchange' };

const connecting: readonly Wording[] = [
  {
    near: 'debug1: connect to address',
    pattern: /debug1: connect to address (?<address>\S{1,64}) port (?<port>\d{1,5}): (?<error>.{1,200})/,
    role: 'part',
    tells: { ...verbose, stage: 'connecting' },
  },
  {
    near: 'connect to host',
    pattern: /connect to host (?<host>\S{1,255}) port (?<port>\d{1,5}): (?<error>.{1,200})/,
    role: 'sum',
    tells: { ...openssh, stage: 'connecting' },
  },
  {
    near: 'could not resolve hostname',
    pattern: /ssh: Could not resolve hostname (?<host>\S{1,255}?):? (?<error>.{0,300})/,
    role: 'whole',
    reads: ({ error }) => resolved(error),
  },
  {
    near: 'getsockname failed',
    pattern: /getsockname failed: (?:Not a socket|Bad file descriptor)/i,
    role: 'part',
    tells: { ...openssh, symptoms: ['cannot-tell'], stage: 'connecting', os: 'windows' },
  },
  {
    // The names of the hop's own connect(); "administratively prohibited" is the hop's sshd, which forbids to forward.
    near: 'open failed',
    pattern: /channel \d{1,5}: open failed: (?:connect failed: )?(?<error>.{1,200})/,
    role: 'part',
    tells: { ...openssh, stage: 'connecting', through: 'jump-host' },
  },
  {
    near: 'stdio forwarding failed',
    pattern: /stdio forwarding failed/,
    role: 'adds',
    tells: { ...openssh, through: 'jump-host' },
  },
  {
    near: 'unknown port',
    pattern: /Connection (?:(?:closed|reset) by|to) UNKNOWN port (?:65535|-1)/,
    role: 'proxied',
    tells: { ...early, through: 'proxy-command' },
  },
];

const exchanging: readonly Wording[] = [
  {
    near: '_exchange_identification',
    pattern:
      /(?:kex|ssh)_exchange_identification: (?:(?:read|write): )?(?:Connection (?:closed|reset)|Broken pipe|Software caused)/,
    role: 'part',
    tells: early,
  },
  {
    near: '_exchange_identification',
    pattern: /(?:kex|ssh)_exchange_identification: (?:(?:read|write): )?(?:Connection|Operation) timed out/,
    role: 'part',
    tells: { ...openssh, symptoms: ['silent'], stage: 'connected' },
  },
  {
    near: 'during banner exchange',
    pattern: /(?:Connection|Operation) timed out during banner exchange/,
    role: 'part',
    tells: { ...openssh, symptoms: ['silent'], stage: 'connected' },
  },
  {
    near: 'timed out',
    pattern: /^Connection to (?<address>\S{1,255}) port (?<port>\d{1,5}) timed out/,
    role: 'sum',
    tells: { ...openssh, symptoms: ['silent', 'kex-hang'], stage: 'connected' },
  },
  {
    near: 'banner line contains',
    pattern: /banner line contains invalid characters/,
    role: 'part',
    tells: badGreeting,
  },
  { near: 'major versions differ', pattern: /Protocol major versions differ/, role: 'part', tells: badGreeting },
  {
    near: 'no ssh version received',
    pattern: /No SSH version received in first \d+ lines/,
    role: 'part',
    tells: badGreeting,
  },
  {
    near: 'bad remote protocol version',
    pattern: /Bad remote protocol version identification: '(?<greeting>[^']{0,255})/,
    role: 'part',
    tells: badGreeting,
  },
  {
    near: 'banner exchange: connection to',
    pattern: /banner exchange: Connection to (?<address>\S{1,255}) port (?<port>\d{1,5}): (?<why>.{1,100})/,
    role: 'sum',
    reads: ({ why = '' }) =>
      /invalid format|protocol version|could not read/i.test(why)
        ? badGreeting
        : /timed out/i.test(why)
          ? silent
          : early,
  },
  {
    near: 'unable to negotiate',
    pattern: /Unable to negotiate with (?<address>[\da-fA-F.:%\w]{1,64}?)(?: port (?<port>\d{1,5}))?: /,
    role: 'whole',
    tells: { ...openssh, symptoms: ['negotiation-failed'], stage: 'key-exchange' },
  },
  {
    near: 'no matching ',
    pattern: /^no matching (?:host key type|key exchange method|cipher|MAC|compression method) found/i,
    role: 'whole',
    tells: { ...openssh, symptoms: ['negotiation-failed'], stage: 'key-exchange' },
  },
  {
    near: 'ssh_dispatch_run_fatal',
    pattern:
      /ssh_dispatch_run_fatal: Connection to (?:authenticating user \S{1,64} )?(?<address>\S{1,64}) port (?<port>\d{1,5}): (?<why>.{1,200})/,
    role: 'whole',
    reads: dispatched,
  },
  {
    near: 'packet_write_wait',
    pattern: /packet_write_wait: Connection to (?<address>\S{1,64}) port (?<port>\d{1,5}): /,
    role: 'whole',
    tells: ended,
  },
  {
    near: 'identification has changed',
    pattern: /WARNING: (?:REMOTE HOST IDENTIFICATION HAS CHANGED|POSSIBLE DNS SPOOFING DETECTED)/,
    role: 'part',
    tells: keyRefused,
  },
  {
    near: 'you have requested strict checking',
    pattern:
      /(?:No \S{1,40} host key is known for|Host key for) (?<host>\S{1,255})(?: has changed)? and you have requested strict checking/,
    role: 'sum',
    tells: keyRefused,
  },
  { near: 'host key verification failed', pattern: /Host key verification failed/, role: 'echo', tells: keyRefused },
];

const closing: readonly Wording[] = [
  {
    near: 'connection ',
    pattern:
      /^Connection (?:closed|reset) by (?:(?:authenticating|invalid) user \S{1,64} )?(?<address>[\da-fA-F.:%\w]{1,64}) port (?<port>\d{1,5})\b/,
    role: 'sum',
    tells: { ...early, isLastLine: true },
  },
  {
    near: 'connection closed by remote host',
    pattern: /^Connection closed by remote host\.?\s*$/,
    role: 'echo',
    tells: { ...early, isLastLine: true },
  },
  {
    near: 'closed by remote host',
    pattern: /^Connection to (?<host>\S{1,255}) closed by remote host/,
    role: 'echo',
    tells: { ...openssh, symptoms: ['connects'], stage: 'login' },
  },
  {
    near: 'client_loop: send disconnect',
    pattern: /client_loop: send disconnect: /,
    role: 'echo',
    tells: { ...openssh, symptoms: ['connects'], stage: 'login' },
  },
  {
    near: ', server ',
    pattern: /^Timeout, server (?<host>\S{1,255}) not responding/,
    role: 'whole',
    tells: { ...openssh, symptoms: ['cannot-tell'], stage: 'login' },
  },
];

const login: readonly Wording[] = [
  {
    near: 'permission denied (',
    pattern: /(?:[^\s@]{1,64}@(?<host>[^\s@:]{1,255}|[\da-fA-F:]{2,45}): )?Permission denied \([\w,@.-]{1,200}\)/,
    role: 'sum',
    tells: loginRefused,
  },
  { near: 'please try again', pattern: /Permission denied, please try again/, role: 'part', tells: loginRefused },
  {
    near: 'received disconnect from',
    pattern:
      /^Received disconnect from (?<address>[^\s:]{1,64}|[\da-fA-F:]{2,45}?)(?: port (?<port>\d{1,5}))?:\s?\d+: (?<why>.{0,200})/,
    role: 'whole',
    reads: ({ why = '' }) =>
      /authentication|password|denied/i.test(why) ? loginRefused : { ...ended, symptoms: ['closed'] },
  },
  {
    near: 'disconnected from',
    pattern: /^Disconnected from (?<address>\S{1,64}) port (?<port>\d{1,5})/,
    role: 'echo',
    tells: ended,
  },
  {
    near: 'too many authentication failures',
    pattern: /^(?:ssh: )?Too many authentication failures/,
    role: 'echo',
    tells: loginRefused,
  },
  { near: 'your account has expired', pattern: /^Your account has expired/, role: 'part', tells: loginRefused },
  {
    // What it says of time is no time that anything took.
    near: 'you are required to change',
    pattern: /^You are required to change your password immediately/,
    role: 'adds',
    tells: {},
  },
  {
    near: 'password change required',
    pattern: /^Password change required but no TTY available/,
    role: 'part',
    tells: loginRefused,
  },
  { near: 'this account is', pattern: /^This account is currently not available/, role: 'part', tells: loginRefused },
  {
    near: 'system is ',
    pattern: /System is (?:booting up|going down)\. Unprivileged users are not permitted to log in/,
    role: 'part',
    tells: loginRefused,
  },
];

const silent: Told = { tool: 'openssh', symptoms: ['silent'], stage: 'connected' };

function resolved(error: string | undefined): Told {
  const told: Told = { tool: 'openssh', symptoms: ['dns-failed'], stage: 'resolving' };
  if (/nodename nor servname/.test(error ?? '')) return { ...told, os: 'macos' };
  // Windows answers in its own language; OpenSSH writes what is no ASCII as octal escapes (measured).
  return /\\[2-3][0-7]{2}|No such host is known/.test(error ?? '') ? { ...told, os: 'windows' } : told;
}

function dispatched({ why = '' }: Groups): Told {
  if (/timed out/i.test(why)) return { ...ended, symptoms: ['kex-hang'] };
  if (/reset|broken pipe|closed|abort/i.test(why)) return ended;
  return { ...ended, symptoms: ['negotiation-failed'] };
}

export const opensshWords: readonly Wording[] = [...progressWords, ...connecting, ...exchanging, ...closing, ...login];

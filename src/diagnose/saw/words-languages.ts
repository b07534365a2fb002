import { either, type Groups, type Told, type Wording } from './wording.js';

/**
 * The words of Go's net and x/crypto/ssh, and of what is built on them (Terraform, Packer, Pulumi), of Java and JSch, and of .NET.
 * Measured: Go 1.26, OpenJDK 17. None of them shows a line that is not SSH.
 */
const any: Told = { tool: 'unknown' };
const closed: Told = { ...any, symptoms: either.closed, stage: 'connected' };
const refusedKey: Told = { ...any, symptoms: ['auth-failed'], stage: 'key-exchange' };
const refusedUser: Told = { ...any, symptoms: ['auth-failed'], stage: 'login' };
const noCommon: Told = { ...any, symptoms: ['negotiation-failed'], stage: 'key-exchange' };

const ofGo: readonly Wording[] = [
  {
    near: 'handshake failed: ',
    pattern:
      /ssh: handshake failed: (?:read|write) tcp \S{3,60}->(?<where>\S{3,60}): (?:read: |write: )?(?<why>.{1,120})/,
    role: 'whole',
    reads: ({ why = '' }) =>
      /timeout|timed out/.test(why) ? { ...any, symptoms: ['silent', 'kex-hang'], stage: 'connected' } : closed,
  },
  { near: 'handshake failed: eof', pattern: /ssh: handshake failed: EOF/, role: 'whole', tells: closed },
  { near: 'unable to authenticate', pattern: /ssh: unable to authenticate/, role: 'whole', tells: refusedUser },
  { near: 'no common algorithm', pattern: /ssh: no common algorithm/, role: 'whole', tells: noCommon },
  {
    near: 'handshake failed: ',
    pattern:
      /ssh: handshake failed: (?:knownhosts: key|host key|ssh: (?:host key|cert)|.{0,60}(?:key mismatch|key is unknown))/,
    role: 'whole',
    tells: refusedKey,
  },
  {
    near: 'reading version string',
    pattern: /ssh: (?:overflow|invalid|junk).{0,20}(?:reading )?version string/,
    role: 'whole',
    tells: { ...any, symptoms: ['not-ssh'], stage: 'greeted' },
  },
  {
    near: 'ssh: disconnect, reason',
    pattern: /ssh: disconnect, reason \d+: .{0,80}(?:authentication|Too many)/i,
    role: 'whole',
    tells: refusedUser,
  },
  {
    // A hop dialled for the client (a bastion), and its own error.
    near: 'ssh: rejected: ',
    pattern: /ssh: rejected: (?:connect failed|administratively prohibited) \((?<error>[^)]{1,120})\)/,
    role: 'whole',
    tells: { ...any, stage: 'connecting', through: 'jump-host' },
  },
  {
    near: 'dial tcp',
    pattern: /dial tcp: (?:lookup|address) (?<host>[^\s:]{1,255})/,
    role: 'whole',
    tells: { ...any, symptoms: ['dns-failed'], stage: 'resolving' },
  },
  {
    near: 'bastion',
    pattern:
      /(?:connecting to bastion|bastion host).{0,40}?dial tcp (?<where>\S{3,300}): (?:connect(?:ex)?: )?(?<error>.{1,200})/i,
    role: 'whole',
    tells: { ...any, stage: 'connecting', through: 'jump-host' },
  },
  {
    near: 'dial tcp',
    pattern: /dial tcp (?:\S{3,60}->)?(?<where>[^\s>]{3,300}): (?:connect(?:ex)?: )?(?<error>.{1,200})/,
    role: 'whole',
    tells: { ...any, stage: 'connecting' },
  },
];

const ofJava: readonly Wording[] = [
  {
    near: 'unknownhostexception',
    pattern: /java\.net\.UnknownHostException(?:: (?<host>[^\s:]{1,255}))?/,
    role: 'echo',
    tells: { ...any, symptoms: ['dns-failed'], stage: 'resolving' },
  },
  {
    near: 'session.connect: ',
    pattern:
      /Session\.connect: java\.(?:io\.IOException: End of IO Stream Read|net\.SocketException: (?:Connection reset|Broken pipe))/,
    role: 'echo',
    tells: closed,
  },
  {
    // JSch reads under its own timer: the greeting, or an answer of the key exchange.
    near: 'session.connect: ',
    pattern: /Session\.connect: java\.net\.SocketTimeoutException/,
    role: 'echo',
    tells: { ...any, symptoms: ['silent', 'kex-hang'], stage: 'connected' },
  },
  {
    near: 'closed by foreign host',
    pattern: /JSchException: connection is closed by foreign host/,
    role: 'echo',
    tells: closed,
  },
  {
    near: 'socket is not established',
    pattern: /timeout: socket is not established/,
    role: 'echo',
    tells: { ...any, symptoms: ['times-out'], stage: 'connecting' },
  },
  { near: 'algorithm negotiation fail', pattern: /Algorithm negotiation fail/, role: 'echo', tells: noCommon },
  {
    near: 'jschexception: ',
    pattern: /JSchException: Auth (?:fail|cancel)|JSchException: Too many authentication failures/,
    role: 'echo',
    tells: refusedUser,
  },
  {
    near: 'jschexception: ',
    pattern: /JSchException: (?:UnknownHostKey|reject HostKey|HostKey has been changed)/,
    role: 'echo',
    tells: refusedKey,
  },
  {
    near: "invalid server's version string",
    pattern: /invalid server's version string/,
    role: 'echo',
    tells: { ...any, symptoms: ['not-ssh'], stage: 'greeted' },
  },
  {
    near: 'java.net.',
    pattern: /java\.net\.(?:ConnectException|NoRouteToHostException|SocketException|BindException): (?<error>.{1,200})/,
    role: 'echo',
    tells: { ...any, stage: 'connecting' },
    knownError: true,
  },
  {
    near: 'sockettimeoutexception',
    pattern: /java\.net\.SocketTimeoutException: (?<error>connect timed out)/i,
    role: 'echo',
    tells: { ...any, stage: 'connecting' },
  },
];

const ofDotNet: readonly Wording[] = [
  {
    near: 'actively refused it',
    pattern:
      /(?<error>No connection could be made because the target machine actively refused it)\.?(?: (?<where>\[[\da-fA-F:.]{2,45}\]:\d{1,5}|[\d.]{7,15}:\d{1,5}))?/,
    role: 'echo',
    tells: { ...any, stage: 'connecting' },
  },
  {
    near: 'a connection attempt failed because',
    pattern:
      /(?<error>A connection attempt failed because the connected party did not properly respond after a period of time)/,
    role: 'echo',
    tells: { ...any, stage: 'connecting' },
  },
  {
    near: 'connection failed to establish within',
    pattern: /Connection failed to establish within (?<ms>\d{1,9}) milliseconds/,
    role: 'echo',
    reads: ({ ms }: Groups) => ({ ...any, symptoms: ['times-out'], stage: 'connecting', timer: Number(ms) }),
  },
  {
    near: 'forcibly closed by the remote host',
    pattern: /An existing connection was forcibly closed by the remote host/,
    role: 'echo',
    tells: { ...closed, os: 'windows' },
  },
  {
    near: 'does not contain ssh protocol identification',
    pattern: /Server response does not contain SSH protocol identification/,
    role: 'echo',
    // SSH.NET says it of a close without a text, too.
    tells: { ...any, symptoms: ['closed', 'reset', 'not-ssh', 'banner-text'], stage: 'connected' },
  },
];

export const languageWords: readonly Wording[] = [...ofGo, ...ofJava, ...ofDotNet];

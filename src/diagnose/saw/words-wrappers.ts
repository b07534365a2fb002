import type { Wording } from './wording.js';

/**
 * What is printed around ssh by programs that start it. Without ssh's own line they say only that ssh failed: anything may have stopped it.
 */
const failed = { symptoms: ['cannot-tell'], stage: 'resolving' } as const;

export const wrapperWords: readonly Wording[] = [
  {
    near: 'could not read from remote repository',
    pattern: /Could not read from remote repository/,
    role: 'echo',
    tells: { ...failed, tool: 'git' },
  },
  {
    near: 'lost connection',
    pattern: /^(?:scp: )?lost connection/,
    role: 'echo',
    tells: { ...failed, tool: 'openssh' },
  },
  {
    near: 'connection closed',
    pattern: /^(?:scp: )?Connection closed\.?\s*$/,
    role: 'echo',
    tells: { ...failed, tool: 'openssh' },
  },
  {
    near: "couldn't read packet",
    pattern: /^Couldn't read packet: /,
    role: 'echo',
    tells: { ...failed, tool: 'openssh' },
  },
  {
    near: 'rsync',
    pattern: /^rsync(?:: connection unexpectedly closed| error: unexplained error \(code 255\))/,
    role: 'echo',
    tells: { ...failed, tool: 'openssh' },
  },
  {
    // mosh dials the address itself, and hands the connection to ssh as a ProxyCommand.
    near: 'last tried',
    pattern: /Could not connect to (?<host>[^\s,]{1,255}), last tried (?<address>\S{1,64}): (?<error>.{1,200})/,
    role: 'whole',
    tells: { tool: 'openssh', stage: 'connecting', dialled: true },
  },
  {
    near: 'did not find remote ip',
    pattern: /Did not find remote IP address/,
    role: 'echo',
    tells: { ...failed, tool: 'openssh' },
  },
  {
    near: 'failed to connect to the host via ssh',
    pattern: /Failed to connect to the host via ssh: ?(?:["\\,]|$)/,
    role: 'echo',
    tells: { ...failed, tool: 'openssh' },
  },
  {
    near: 'nonexistent pipe',
    pattern: /The process tried to write to a nonexistent pipe/,
    role: 'echo',
    tells: { ...failed, tool: 'openssh', os: 'windows' },
  },
  {
    // An editor's own timer (15 s unless it is set) around the whole of ssh: what stood still then is not told.
    near: 'connecting with ssh timed out',
    pattern: /Connecting with SSH timed out/,
    role: 'echo',
    tells: { symptoms: ['times-out', 'silent', 'kex-hang', 'cannot-tell'], stage: 'connecting', tool: 'openssh' },
  },
];

/** The same words as other programs and people shorten them. */
export const shortenedWords: readonly Wording[] = [
  {
    near: 'connect to ',
    pattern: /\bconnect to (?<host>[^\s(]{1,255}) port (?<port>\d{1,5}): (?<error>.{1,200})/,
    role: 'echo',
    tells: { tool: 'unknown', stage: 'connecting' },
    knownError: true,
  },
  {
    near: 'timed out',
    pattern: /^Connection to (?<host>\S{1,255}) timed out/,
    role: 'echo',
    tells: { tool: 'unknown', symptoms: ['times-out', 'silent', 'kex-hang', 'not-ssh'], stage: 'connecting' },
  },
];

import { either, type Told, type Wording } from './wording.js';

/**
 * The words of PuTTY, plink, pscp, and of WinSCP and FileZilla, which hold its SSH. Sources: the messages that PuTTY's manual lists in
 * chapter 10, and plink 0.78 as it was run. It shows no line that is not SSH: HTTP, "Exceeded MaxStartups" and a plain close read alike
 * (measured).
 */
const putty: Told = { tool: 'putty' };
const refusedKey: Told = { tool: 'putty', symptoms: ['auth-failed'], stage: 'key-exchange' };
const refusedUser: Told = { tool: 'putty', symptoms: ['auth-failed'], stage: 'login' };
const closed: Told = { tool: 'putty', symptoms: ['closed', 'auth-failed'], stage: 'connected' };

export const puttyWords: readonly Wording[] = [
  {
    near: 'for ssh connection',
    pattern: /^(?:Event Log: )?Looking up host "(?<host>[^"]{1,255})" for SSH connection/,
    role: 'run',
    tells: putty,
  },
  {
    near: 'connecting to',
    pattern: /^(?:Event Log: )?Connecting to (?<address>[\da-fA-F.:]{2,45}) port (?<port>\d{1,5})\s*$/,
    role: 'opens',
    tells: { ...putty, stage: 'connecting' },
  },
  {
    near: 'failed to connect to',
    pattern: /^(?:Event Log: )?Failed to connect to (?<address>[\da-fA-F.:]{2,45}): (?<error>.{1,200})/,
    role: 'part',
    tells: { ...putty, stage: 'connecting' },
    knownError: true,
  },
  {
    near: 'connected to',
    pattern: /^(?:Event Log: )?Connected to (?<address>[\da-fA-F.:]{2,45})\s*$/,
    role: 'reaches',
    tells: { stage: 'connected' },
  },
  {
    near: 'remote version',
    pattern: /^(?:Event Log: )?(?:Remote version|Server version): (?<greeting>SSH-.{1,200})/,
    role: 'reaches',
    tells: { ...putty, stage: 'greeted' },
  },
  {
    near: 'network error: connection to',
    pattern: /Network error: Connection to "?(?<host>[^\s"]{1,255})"? (?<error>refused|timed out)/,
    role: 'sum',
    reads: ({ error }) => ({
      ...putty,
      symptoms: [error === 'refused' ? 'refused' : 'times-out'],
      stage: 'connecting',
    }),
  },
  {
    near: 'network error: no route to host',
    pattern: /Network error: No route to host "(?<host>[^\s"]{1,255})"/,
    role: 'sum',
    tells: { ...putty, symptoms: ['no-route'], stage: 'connecting' },
  },
  {
    // After a reset nothing tells how far it was: it is the same for a server that closes at once and for one that resets the key exchange.
    near: 'connection reset',
    pattern: /(?:FATAL ERROR|Network error): Connection reset by peer/,
    role: 'sum',
    tells: { ...putty, symptoms: either.closed, stage: 'connected' },
  },
  {
    near: 'network error: ',
    pattern: /Network error: (?<error>.{1,200})/,
    role: 'sum',
    tells: { ...putty, stage: 'connecting' },
  },
  {
    near: 'fatal error: ',
    pattern: /^FATAL ERROR: (?<error>.{1,200})/,
    role: 'sum',
    tells: { ...putty, stage: 'connecting' },
    knownError: true,
  },
  {
    near: 'unable to open connection',
    pattern: /Unable to open connection(?: to \S{1,255})?:? (?<error>.{1,200})/,
    role: 'sum',
    tells: { ...putty, stage: 'connecting' },
    knownError: true,
  },
  {
    near: 'does not exist',
    pattern: /^(?:Network error: )?Host (?:"(?<host>[^\s"]{1,255})" )?does not exist/,
    role: 'sum',
    tells: { ...putty, symptoms: ['dns-failed'], stage: 'resolving' },
  },
  {
    near: 'closed network connection',
    pattern: /(?:Remote side|Server) (?:unexpectedly )?closed network connection/,
    role: 'sum',
    tells: closed,
  },
  {
    near: "couldn't agree a",
    pattern: /Couldn't agree an? (?:key exchange|host key|client-to-server|server-to-client)/,
    role: 'sum',
    tells: { ...putty, symptoms: ['negotiation-failed'], stage: 'key-exchange' },
  },
  {
    near: 'ssh protocol version 2 required',
    pattern: /SSH protocol version 2 required by (?:our|your) configuration but/,
    role: 'sum',
    tells: { ...putty, symptoms: ['not-ssh'], stage: 'greeted' },
  },
  {
    near: 'no supported authentication methods',
    pattern: /No supported authentication methods available/,
    role: 'sum',
    tells: refusedUser,
  },
  { near: 'access denied', pattern: /^Access denied\s*$/, role: 'part', tells: refusedUser },
  { near: 'server refused our key', pattern: /^Server refused our key/, role: 'part', tells: refusedUser },
  {
    near: 'disconnect',
    pattern: /(?:Disconnected: |sent disconnect message).{0,200}(?:authentication|Too many)/i,
    role: 'sum',
    tells: refusedUser,
  },
  { near: 'security breach', pattern: /WARNING - POTENTIAL SECURITY BREACH/, role: 'part', tells: refusedKey },
  {
    near: 'host key',
    pattern:
      /Cannot confirm a host key in batch mode|Host key did not appear in manually configured list|The (?:server's )?host key does not match the one \w+ has cached/i,
    role: 'sum',
    tells: refusedKey,
  },
];

import type { Groups, Told, Wording } from './wording.js';

/** What `ssh -v` prints on its way, and of what is sent to it. Sources: sshconnect.c, kex.c and sshconnect2.c of OpenSSH portable, 9.2 as it was run. */
const verbose: Told = { tool: 'openssh', showsGreeting: true };

export const progressWords: readonly Wording[] = [
  {
    near: 'openssh_for_windows',
    pattern: /OpenSSH_for_Windows_\d/,
    role: 'run',
    tells: { ...verbose, os: 'windows' },
  },
  // Apple builds portable OpenSSH against LibreSSL; OpenBSD's own has no "p1".
  { near: 'libressl', pattern: /^OpenSSH_[\d.]+p\d+, LibreSSL /, role: 'run', tells: { ...verbose, os: 'macos' } },
  { near: 'openssh_', pattern: /^OpenSSH_\d[^,]{0,80}, /, role: 'run', tells: verbose },
  {
    near: 'executing proxy command',
    pattern: /debug1: Executing proxy command: (?<command>.{1,1000})/,
    role: 'run',
    reads: proxied,
  },
  {
    near: 'debug1: connecting to',
    pattern: /debug1: Connecting to (?<host>[^\s[]{1,255}) (?:\[(?<address>[^\]\s]{1,64})\] )?port (?<port>\d{1,5})/,
    role: 'opens',
    tells: { ...verbose, stage: 'connecting' },
  },
  {
    near: 'connection established',
    pattern: /debug1: Connection established/,
    role: 'reaches',
    tells: { ...verbose, stage: 'connected' },
  },
  {
    near: 'local version string',
    pattern: /debug1: Local version string /,
    role: 'reaches',
    tells: { ...verbose, stage: 'connected' },
  },
  {
    near: 'remote protocol version',
    pattern: /debug1: Remote protocol version (?<version>[\d.]{1,8}), remote software version (?<software>.{0,200})/,
    role: 'reaches',
    reads: ({ version, software }) => ({ ...verbose, stage: 'greeted', greeting: `SSH-${version}-${software}` }),
  },
  {
    near: 'banner line',
    pattern: /(?:kex|ssh)_exchange_identification: banner line \d{1,4}: (?<greeting>.{0,255})/,
    role: 'greets',
    tells: verbose,
  },
  {
    // Before OpenSSH 8.1.
    near: 'debug1: ssh_exchange_identification',
    pattern: /debug1: ssh_exchange_identification: (?!Connection |read: |write: )(?<greeting>.{1,255})/,
    role: 'greets',
    tells: verbose,
  },
  {
    near: 'ssh2_msg_kex',
    pattern: /debug1: SSH2_MSG_KEXINIT sent/,
    role: 'reaches',
    tells: { ...verbose, stage: 'key-exchange' },
  },
  {
    near: 'ssh2_msg_kex',
    pattern: /debug1: (?:SSH2_MSG_KEXINIT received|expecting SSH2_MSG_KEX|SSH2_MSG_KEX\w+ received)/,
    role: 'reaches',
    tells: { ...verbose, stage: 'key-reply' },
  },
  {
    near: 'debug1: ',
    pattern:
      /debug1: (?:SSH2_MSG_NEWKEYS received|SSH2_MSG_SERVICE_ACCEPT received|Authentications that can continue|Next authentication method|Offering public key|Trying private key|No more authentication methods)/,
    role: 'reaches',
    tells: { ...verbose, stage: 'login' },
  },
  {
    near: 'authenticated to',
    pattern: /^Authenticated to (?<host>\S{1,255}) \(\[(?<address>[^\]\s]{1,64})\]:(?<port>\d{1,5})\)/,
    role: 'whole',
    tells: { ...verbose, symptoms: ['connects'], stage: 'login' },
  },
  {
    near: 'debug1: ',
    pattern: /debug1: (?:Authentication succeeded|Entering interactive session)/,
    role: 'echo',
    tells: { ...verbose, symptoms: ['connects'], stage: 'login' },
  },
];

/** ssh -W names the target that the hop is asked to dial. */
function proxied({ command = '' }: Groups): Told {
  const target = /\bssh\b.*\s-W '?\[?(?<host>[^\s\]']{1,255}?)\]?:(?<port>\d{1,5})/.exec(command)?.groups;
  if (target?.host === undefined) return { ...verbose, through: 'proxy-command' };
  return { ...verbose, through: 'jump-host', host: target.host, port: Number(target.port) };
}

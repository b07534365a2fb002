import { either, type Told, type Wording } from './wording.js';

/**
 * The words of nc (OpenBSD's, macOS's, the traditional one), ncat and BusyBox's nc and telnet. Measured: OpenBSD's nc, traditional nc 1.10,
 * ncat 7.93, BusyBox 1.35. "succeeded" and "open" are said before anything is read.
 */
const nc: Told = { tool: 'nc', stage: 'connecting' };
const ncat: Told = { tool: 'ncat', stage: 'connecting' };
const open: Told = { tool: 'nc', symptoms: either.onceConnected, stage: 'connected' };
/** ncat's own timer where no -w was given: 10 s (its manual, -w). */
const ncatTimer = 10_000;

export const netcatWords: readonly Wording[] = [
  {
    near: ' port ',
    pattern:
      /connectx? to (?<host>[^\s(]{1,255}) (?:\((?<address>[^)\s]{1,64})\) )?port (?<port>\d{1,5}) \(tcp\) (?:failed|timed out): (?<error>.{1,200})/,
    role: 'whole',
    tells: nc,
  },
  {
    near: 'succeeded',
    pattern:
      /^Connection to (?<host>[^\s(]{1,255}) (?:\((?<address>[^)\s]{1,64})\) )?(?<port>\d{1,5}) port \[tcp\/[^\]]{1,32}\] succeeded/,
    role: 'whole',
    tells: open,
  },
  {
    near: 'succeeded',
    pattern:
      /^Connection to (?<host>[^\s(]{1,255}) (?:\((?<address>[^)\s]{1,64})\) )?port (?<port>\d{1,5}) \[tcp\/[^\]]{1,32}\] succeeded/,
    role: 'whole',
    tells: open,
  },
  {
    near: 'getaddrinfo',
    pattern: /^(?:nc|netcat)[\w.]{0,16}: getaddrinfo(?: for host "(?<host>[^"]{1,255})" port (?<port>\d{1,5}))?: /,
    role: 'whole',
    tells: { tool: 'nc', symptoms: ['dns-failed'], stage: 'resolving' },
  },
  {
    near: '] ',
    pattern: /^(?<host>\S{1,255}) \[(?<address>[^\]\s]{2,45})\] (?<port>\d{1,5}) \([^)]{0,32}\) : (?<error>.{1,200})/,
    role: 'whole',
    tells: nc,
  },
  {
    near: ') open',
    pattern: /^(?<host>\S{1,255}) \[(?<address>[^\]\s]{2,45})\] (?<port>\d{1,5}) \([^)]{0,32}\) open/,
    role: 'whole',
    tells: open,
  },
  {
    near: ') open',
    pattern: /^(?<host>\S{1,255}) \((?<where>[^)\s]{3,60})\) open\s*$/,
    role: 'whole',
    tells: open,
  },
  {
    near: 'forward host lookup failed',
    pattern: /^(?<host>\S{1,255}): forward host lookup failed/,
    role: 'whole',
    tells: { tool: 'nc', symptoms: ['dns-failed'], stage: 'resolving' },
  },
  {
    near: 'ncat: could not resolve hostname',
    pattern: /^Ncat: Could not resolve hostname "(?<host>[^"]{1,255})"/,
    role: 'whole',
    tells: { tool: 'ncat', symptoms: ['dns-failed'], stage: 'resolving' },
  },
  { near: 'ncat: version', pattern: /^Ncat: Version /, role: 'run', tells: { tool: 'ncat' } },
  {
    near: 'ncat: connection to',
    pattern: /^Ncat: Connection to (?<address>[\da-fA-F.:]{2,45}) failed: (?<error>.{1,200})/,
    role: 'whole',
    tells: ncat,
  },
  { near: 'ncat: trying next address', pattern: /^Ncat: Trying next address/, role: 'opens', tells: ncat },
  {
    near: 'ncat: connected to',
    pattern: /^Ncat: Connected to (?<where>\S{3,60}?)\.?\s*$/,
    role: 'reaches',
    tells: { tool: 'ncat', stage: 'connected' },
  },
  {
    near: 'ncat: connection reset',
    pattern: /^Ncat: Connection reset by peer/,
    role: 'whole',
    tells: { tool: 'ncat', symptoms: either.closed, stage: 'connected' },
  },
  {
    near: 'ncat: timeout',
    pattern: /^Ncat: TIMEOUT/,
    role: 'whole',
    tells: { ...ncat, symptoms: ['times-out'], usualTimer: ncatTimer },
  },
  { near: 'ncat: ', pattern: /^Ncat: (?<error>.{1,200})/, role: 'whole', tells: ncat, knownError: true },
  {
    near: "can't connect to remote host",
    pattern:
      /^(?<program>\w{1,16}): can't connect to remote host(?: \((?<address>[^)\s]{2,45})\))?: (?<error>.{1,200})/,
    role: 'whole',
    reads: ({ program }) => ({ tool: busybox(program), stage: 'connecting' }),
  },
  { near: 'nc: timed out', pattern: /^nc: timed out/, role: 'whole', tells: { ...nc, symptoms: ['times-out'] } },
  {
    near: 'bad address',
    pattern: /^(?<program>\w{1,16}): bad address '(?<host>[^']{1,255})'/,
    role: 'whole',
    reads: ({ program }) => ({ tool: busybox(program), symptoms: ['dns-failed'], stage: 'resolving' }),
  },
];

function busybox(program: string | undefined): 'nc' | 'telnet' | 'unknown' {
  return program === 'nc' || program === 'telnet' ? program : 'unknown';
}

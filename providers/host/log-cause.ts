import type { CauseCode } from '../../src/model/index.js';
import { wordsOf } from './lines.js';
import type { LogCause, LogLine } from './log-line.js';
import { packetCause } from './log-packet.js';

interface Row {
  readonly by: 'sshd' | 'kernel' | 'systemd';
  /** Anchored, so that no text of a client can stand in for the program's own. Its groups are the data. */
  readonly pattern: RegExp;
  readonly codes: readonly CauseCode[];
  readonly untilRepair?: true;
}

function sshd(pattern: RegExp, ...codes: readonly CauseCode[]): Row {
  return { by: 'sshd', pattern, codes };
}

function broken(pattern: RegExp, code: CauseCode): Row {
  return { by: 'sshd', pattern, codes: [code], untilRepair: true };
}

/**
 * The words of OpenSSH (sshd.c, sshd-session.c, srclimit.c, auth.c, auth2.c, auth-shadow.c), of libwrap, Linux-PAM, systemd
 * (socket.c) and the kernel. They were measured with OpenSSH 9.2 and 10.0.
 */
const rows: readonly Row[] = [
  sshd(
    /^drop connection #(?<startups>\d{1,9}) from \[(?<client>[^\]]*)\]:\d{1,5} on \[[^\]]*\]:(?<port>\d{1,5}) past [Mm]ax[Ss]tartups/,
    'host/max-startups',
    'host/per-source-max-startups',
  ),
  sshd(/^(?:beginning|in) MaxStartups throttling/, 'host/max-startups'),
  sshd(
    /^drop connection #\d{1,9} from \[(?<client>[^\]]*)\]:\d{1,5} on \[[^\]]*\]:(?<port>\d{1,5}) penalty: (?<reason>.*)/,
    'host/per-source-penalty',
  ),
  sshd(
    /^drop connection #\d{1,9} from \[[^\]]*\]:\d{1,5} on \[[^\]]*\]:(?<port>\d{1,5}) (?<reason>too many penalised addresses)/,
    'host/per-source-penalty',
  ),
  sshd(
    /^(?<client>[0-9A-Fa-f.:]{2,45}\/\d{1,3}): activating ipv[46] penalty of (?<seconds>\d{1,9}(?:\.\d{1,9})?) seconds for (?:penalty: )?(?<reason>.*)/,
    'host/per-source-penalty',
  ),
  sshd(
    /^ipv[46]: new (?<client>[0-9A-Fa-f.:]{2,45}\/\d{1,3}) active penalty of (?<seconds>\d{1,9}(?:\.\d{1,9})?) seconds for (?:penalty: )?(?<reason>.*)/,
    'host/per-source-penalty',
  ),
  sshd(
    /^administratively prohibited connection for (?<user>.*) from (?<client>\S+)(?: port \d{1,5})?$/,
    'host/refuse-connection',
  ),
  sshd(/^refused connect from (?:.* )?\(?(?<client>[^\s()]+)\)?$/, 'host/tcp-wrappers'),
  broken(/^(?:sshd: )?no hostkeys available -- exiting/, 'host/host-keys-deleted'),
  broken(/^Missing privilege separation directory: (?<file>.*)/, 'host/privsep-directory-deleted'),
  broken(
    /^(?<file>\S+) must be (?<mode>owned by root and not group or world-writable)/,
    'host/privsep-directory-deleted',
  ),
  broken(/^chroot\("(?<file>[^"]*)"\): No such file or directory/, 'host/privsep-directory-deleted'),
  broken(/^(?:r|re)?exec of (?<file>\S+) failed: (?<reason>.*)/, 'host/sshd-upgraded'),
  broken(/^(?:sshd: )?(?<reason>-R not supported here)/, 'host/sshd-upgraded'),
  sshd(/^(?<call>[^:]{1,64}): Too many open files(?: in system)?$/, 'host/out-of-files'),
  sshd(/^fork(?: of unprivileged child failed)?: (?<reason>.*)/, 'host/process-limit'),
  sshd(/^fork of unprivileged child failed/, 'host/process-limit'),
  sshd(/^Timeout before authentication for (?:connection from )?(?<client>\S+)/, 'host/login-grace'),
  sshd(
    /^Unable to negotiate with (?<client>\S+)(?: port \d{1,5})?: no matching (?<what>[a-zA-Z -]{1,40}) found(?:\. Their offer: (?<offer>.*))?/,
    'login/no-common-algorithm',
  ),
  sshd(/^User (?<user>\S+)(?: from (?<client>\S+))? not allowed because (?<reason>shell .*)/, 'login/shell'),
  sshd(
    /^User (?<user>\S+)(?: from (?<client>\S+))? not allowed because (?<reason>account is locked)/,
    'login/key-refused',
  ),
  sshd(/^User (?<user>\S+)(?: from (?<client>\S+))? not allowed because (?<reason>.*)/, 'login/user-not-allowed'),
  sshd(/^(?<reason>ROOT LOGIN REFUSED) FROM (?<client>\S+)/, 'login/user-not-allowed'),
  sshd(
    /^Access denied for user (?<user>.*) by PAM account configuration/,
    'login/nologin',
    'login/account-expired',
    'login/user-not-allowed',
  ),
  sshd(/^pam_unix\(sshd:account\): account (?<user>\S+) has expired/, 'login/account-expired'),
  sshd(/^Account (?<user>\S+) has expired/, 'login/account-expired'),
  sshd(/^pam_unix\(sshd:account\): expired password for user (?<user>\S+)/, 'login/password-change'),
  sshd(/^User (?<user>\S+) password has expired/, 'login/password-change'),
  sshd(
    /^pam_access\(sshd:account\): access denied for user [`'"](?<user>[^`'"]*)[`'"] from [`'"](?<client>[^`'"]*)/,
    'login/user-not-allowed',
  ),
  sshd(
    /^Authentication refused: (?<reason>bad ownership or modes) for (?:file|directory) (?<file>.*)/,
    'login/key-refused',
  ),
  sshd(
    /^maximum authentication attempts exceeded for (?<user>.*) from (?<client>\S+) port \d{1,5}(?: ssh2?)?$/,
    'login/too-many-keys',
  ),
  sshd(/^Disconnecting (?:.* )?(?<client>\S+) port \d{1,5}: Too many authentication failures$/, 'login/too-many-keys'),
  { by: 'kernel', pattern: /^nf_conntrack: (?:nf_conntrack: )?table full/, codes: ['host/conntrack-full'] },
  {
    by: 'kernel',
    pattern:
      /^(?:TCP: )?(?:request_sock_TCP(?:v6)?: )?[Pp]ossible SYN flooding on port (?:\S*:)?(?<port>\d{1,5})\. Dropping request/,
    codes: ['host/syn-queue-full'],
  },
  {
    by: 'kernel',
    pattern: /^cgroup: fork rejected by pids controller in (?<file>\S*\/sshd?\S*)/,
    codes: ['host/process-limit'],
  },
  {
    by: 'systemd',
    pattern:
      /^(?<unit>sshd?\S{0,64}\.socket): Too many incoming connections \(\d{1,9}\)(?: from source (?<client>\S+))?, dropping connection/,
    codes: ['host/socket-connections'],
  },
];

/** The cause that a line tells of, or undefined where it tells of none. Start, bind and configuration are not read here. */
export function logCause(line: LogLine): LogCause | undefined {
  if (line.program === 'kernel')
    return packetCause(line.message) ?? denial(line.message) ?? tableCause('kernel', line.message);
  if (line.program === 'systemd') return tableCause('systemd', line.message);
  if (!isSshd(line.program)) return undefined;
  const said = line.message.replace(/^(?:error|fatal|debug[123]): /, '').replace(/ \[(?:preauth|postauth)\]$/, '');
  return (
    tableCause('sshd', said) ??
    // The name of the function stands before what it says (log.c, sshlog with `_f`).
    tableCause('sshd', said.replace(/^[a-z][a-z0-9_]{0,63}: /, '')) ??
    anywhere(said)
  );
}

/** Whether a program's lines are those of OpenSSH's daemon: one process before 9.8, three programs now. */
export function isSshd(program: string): boolean {
  return program === 'sshd' || program === 'sshd-session' || program === 'sshd-auth';
}

function tableCause(by: Row['by'], message: string): LogCause | undefined {
  for (const row of rows) {
    const found = row.by === by ? row.pattern.exec(message) : null;
    if (!found) continue;
    const { client, port, ...others } = found.groups ?? {};
    return {
      codes: row.codes,
      ...(client === undefined ? {} : { client }),
      ...(port === undefined ? {} : { port: Number(port) }),
      data: Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined)),
      ...(row.untilRepair ? { untilRepair: true } : {}),
    };
  }
  return undefined;
}

/** What stands at the end of many messages. A client can bring the words there, so both only ever suggest. */
function anywhere(message: string): LogCause | undefined {
  if (message.endsWith('No space left on device')) return { codes: ['host/disk-full'], data: {} };
  const fails = message.includes('FIPS') && /fail/i.test(message);
  return fails ? { codes: ['host/fips'], data: {} } : undefined;
}

/** What SELinux refused sshd, but for the binding of ports. */
function denial(message: string): LogCause | undefined {
  const at = message.indexOf('avc:');
  if (at < 0) return undefined;
  const words = wordsOf(message.slice(at));
  const field = (name: string) => words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
  const permission = words[words.indexOf('{') + 1] ?? '';
  const isOfSshd = isSshd((field('comm') ?? '').replaceAll('"', ''));
  if (!isOfSshd || !words.includes('denied') || field('permissive') === '1' || permission.endsWith('_bind'))
    return undefined;
  const file = (field('name') ?? field('path') ?? '').replaceAll('"', '');
  const data = { permission, ...(file === '' ? {} : { file }), context: field('tcontext') ?? '' };
  const isKeys = file.includes('authorized_keys') || file.endsWith('.ssh') || data.context.includes(':user_home');
  return isKeys ? { codes: ['login/key-refused'], data } : undefined;
}

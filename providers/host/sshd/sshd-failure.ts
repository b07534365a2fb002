import type { CauseCode } from '../../../src/model/index.js';

/** Why sshd ended before it listened, or could not bind, by a line that it printed or logged. */
export type SshdFailure =
  | { readonly kind: 'config'; readonly code: 'host/bad-config'; readonly file?: string; readonly line?: string }
  | { readonly kind: 'host-keys'; readonly code: 'host/no-host-keys' }
  | { readonly kind: 'privsep-directory'; readonly code: 'host/no-privsep-directory'; readonly directory: string }
  | { readonly kind: 'privsep-user'; readonly code: 'host/no-privsep-user' }
  | {
      readonly kind: 'bind';
      readonly code: CauseCode;
      readonly address: string;
      readonly port: number;
      readonly reason: string;
    };

const bindCodes: ReadonlyMap<string, CauseCode> = new Map([
  ['Cannot assign requested address', 'host/listen-address-absent'],
  ['Address already in use', 'host/port-taken'],
  ['Permission denied', 'host/bind-denied'],
  ['Operation not permitted', 'host/bind-denied'],
]);

/** The texts of servconf.c at which sshd does not start. `Deprecated option` and `Unsupported option` are none of them. */
const configTexts =
  /Bad configuration option|no argument after keyword|[Mm]issing (?:argument|port number|address|file name)|unsupported option|extra arguments at end of line|garbage at end of line|invalid quotes|Bad SSH2 |Badly formatted port number|is not allowed within a Match block|Bad Match condition|bad (?:address:port usage|port number|ListenAddress syntax|routing domain)|integer value|invalid time value|unsupported log (?:level|facility)|bad yes\/no|Bad key types|too many ports/;

/** What a line of sshd says; undefined for a line that tells of no failed start. Texts of OpenSSH, measured on 9.2 and 10.0. */
export function sshdFailure(text: string): SshdFailure | undefined {
  const line = text.slice(0, 2048);
  const bind = /Bind to port (\d{1,5}) on (\S+) failed: (.+?)\.?\s*$/.exec(line);
  if (bind) {
    const [, port = '', address = '', reason = ''] = bind;
    const code = bindCodes.get(reason);
    return code && { kind: 'bind', code, address, port: Number(port), reason };
  }
  if (/no hostkeys available/.test(line)) return { kind: 'host-keys', code: 'host/no-host-keys' };
  const directory =
    /Missing privilege separation directory: (\S+)/.exec(line)?.[1] ??
    /(\S+) must be owned by root and not group or world-writable/.exec(line)?.[1];
  if (directory !== undefined) return { kind: 'privsep-directory', code: 'host/no-privsep-directory', directory };
  if (/Privilege separation user \S+ does not exist/.test(line)) {
    return { kind: 'privsep-user', code: 'host/no-privsep-user' };
  }
  return configFailure(line);
}

function configFailure(line: string): SshdFailure | undefined {
  const code = 'host/bad-config';
  const place = /(?:^|\s)(\/\S+?|command-line):? line (\d{1,7}): (.*)$/.exec(line);
  if (place && configTexts.test(place[3] ?? '')) {
    const [, file = '', number = ''] = place;
    return { kind: 'config', code, file, line: number };
  }
  const isOther =
    /terminating, \d+ bad configuration options|bad addr or host: |Too many recursive configuration includes/;
  return isOther.test(line) ? { kind: 'config', code } : undefined;
}

/** Its values for the words of a cause. */
export function failureData(failure: SshdFailure): Readonly<Record<string, string>> {
  if (failure.kind === 'privsep-directory') return { directory: failure.directory };
  if (failure.kind !== 'config') return {};
  const { file, line } = failure;
  return { ...(file !== undefined && { file }), ...(line !== undefined && { line }) };
}

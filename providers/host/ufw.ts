import type { Bundle } from './bundle.js';
import { linesOf, wordsOf } from './lines.js';
import { partOf } from './reading.js';

/** A rule as ufw numbers it. Texts are untrusted. */
export interface UfwRule {
  readonly number: number;
  readonly action: 'ALLOW' | 'DENY' | 'REJECT' | 'LIMIT';
  readonly direction: 'IN' | 'OUT' | 'FWD';
  /** What it is about: `22/tcp`, `OpenSSH`, `Anywhere`, `192.0.2.1 22,2222/tcp`. */
  readonly to: string;
  /** `Anywhere`, `192.0.2.0/24`, `192.0.2.0/24 1024:65535/tcp`. */
  readonly from: string;
  /** The device on the side of the machine, for rules that name one. */
  readonly device?: string;
  readonly isIpv6: boolean;
  readonly comment?: string;
  readonly line: string;
}

export interface Ufw {
  readonly active: boolean;
  /** What becomes of packets that come in and that no rule names, as ufw says it: `deny`, `reject`, `allow`. */
  readonly incoming?: string;
  /** In the order in which they are asked. */
  readonly rules: readonly UfwRule[];
  /** The ports of applications, by name, where a listing tells them: `OpenSSH` is `22/tcp`. */
  readonly applications: ReadonlyMap<string, string>;
  /** Whether it starts with the machine: `ENABLED=` of ufw.conf. */
  readonly atBoot?: boolean;
}

const numbered = /^\[ {0,6}(\d{1,6})\] (.*)$/;
const action = /^(.*?\S) {1,40}(ALLOW|DENY|REJECT|LIMIT)(?: (IN|OUT|FWD))? {1,40}(\S.*)$/;
const longestRule = 1024;

/** What ufw says of itself; undefined where it was not there, or not allowed to look (it needs root). */
export function ufw(bundle: Bundle): Ufw | undefined {
  const status = linesOf(partOf(bundle, 'ufw-status'));
  const [state] = [...status, ...linesOf(partOf(bundle, 'ufw-numbered'))].flatMap(
    (line) => /^Status: (active|inactive)$/.exec(line)?.[1] ?? [],
  );
  if (state === undefined) return undefined;
  const [incoming] = status.flatMap((line) => /^Default: ([a-z]{1,16}) \(incoming\)/.exec(line)?.[1] ?? []);
  const [enabled] = linesOf(partOf(bundle, 'file /etc/ufw/ufw.conf')).flatMap(
    (line) => /^\s{0,8}ENABLED\s{0,8}=\s{0,8}["']?(yes|no)\b/i.exec(line)?.[1] ?? [],
  );
  return {
    active: state === 'active',
    ...(incoming === undefined ? {} : { incoming }),
    rules: linesOf(partOf(bundle, 'ufw-numbered')).flatMap((line) => ufwRule(line) ?? []),
    applications: new Map([['OpenSSH', '22/tcp'], ...status.flatMap(application)]),
    ...(enabled === undefined ? {} : { atBoot: enabled.toLowerCase() === 'yes' }),
  };
}

function ufwRule(line: string): UfwRule | undefined {
  const [, number, rest = ''] = line.length > longestRule ? [] : (numbered.exec(line) ?? []);
  if (number === undefined) return undefined;
  const comment = rest.indexOf(' # ');
  const [, to = '', verb, direction = 'IN', from = ''] =
    action.exec(comment < 0 ? rest : rest.slice(0, comment).trimEnd()) ?? [];
  if (verb === undefined || !isAction(verb) || !isDirection(direction)) return undefined;
  const side = sideOf(to);
  const far = sideOf(from.replace(/(?: {1,40}\((?:log|log-all|out)(?:, ?out)?\))+$/, ''));
  return {
    number: Number(number),
    action: verb,
    direction,
    to: side.what,
    from: far.what,
    ...(side.device === undefined ? {} : { device: side.device }),
    isIpv6: side.isIpv6 || far.isIpv6,
    ...(comment < 0 ? {} : { comment: rest.slice(comment + 3) }),
    line,
  };
}

/** `22/tcp (v6) on eth9`: the suffixes of a column. */
function sideOf(column: string): { readonly what: string; readonly device?: string; readonly isIpv6: boolean } {
  const words = wordsOf(column);
  const on = words.at(-2) === 'on' ? words.at(-1) : undefined;
  const rest = on === undefined ? words : words.slice(0, -2);
  const what = rest.filter((word) => word !== '(v6)').join(' ');
  // A rule for one IPv6 address has no suffix, only the address.
  const isIpv6 = rest.includes('(v6)') || (rest[0] ?? '').includes('::') || (rest[0] ?? '').split(':').length > 3;
  return { what, isIpv6, ...(on === undefined ? {} : { device: on }) };
}

/** `22/tcp (OpenSSH)` of the verbose listing. */
function application(line: string): [string, string][] {
  const found =
    line.length > longestRule ? null : /^(\d[\d,:]{0,128}(?:\/(?:tcp|udp))?) \(([^()]{1,64})(?: \(v6\))?\) /.exec(line);
  return found?.[1] !== undefined && found[2] !== undefined ? [[found[2], found[1]]] : [];
}

function isAction(text: string): text is UfwRule['action'] {
  return text === 'ALLOW' || text === 'DENY' || text === 'REJECT' || text === 'LIMIT';
}

function isDirection(text: string): text is UfwRule['direction'] {
  return text === 'IN' || text === 'OUT' || text === 'FWD';
}

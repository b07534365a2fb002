import { type Family, parseAddress } from '../../set/index.js';
import { findError } from './errors.js';
import type { Groups, Told, Wording } from './wording.js';

/** What a line tells of one attempt. */
export interface Telling {
  readonly told: Told;
  /** The wording is known and the error in it is not: the line may be broken, or of another language. */
  readonly isUnsure: boolean;
  /** The rest of the line. */
  readonly rest: string;
}

/** What a line says if it is of this wording, else nothing. */
export function tellingsOf(wording: Wording, line: string): readonly Telling[] {
  const matches = wording.each ? [...line.matchAll(new RegExp(wording.pattern, 'g'))] : [wording.pattern.exec(line)];
  return matches.flatMap((match) => (match === null ? [] : tellingsOfMatch(wording, match, line)));
}

function tellingsOfMatch(wording: Wording, match: RegExpExecArray, line: string): readonly Telling[] {
  const groups: Groups = match.groups ?? {};
  const own = wording.reads === undefined ? (wording.tells ?? {}) : wording.reads(groups);
  if (own === undefined) return [];
  const error = groups.error;
  const found = error === undefined || own.symptoms !== undefined ? undefined : findError(error);
  if (error !== undefined && own.symptoms === undefined && found === undefined && wording.knownError) return [];
  const isUnsure = error !== undefined && own.symptoms === undefined && found === undefined;
  const told: Told = {
    ...own,
    ...(isUnsure && { symptoms: ['cannot-tell'] }),
    ...found?.meaning,
    ...endpointOf(groups),
    ...(groups.greeting !== undefined && { greeting: groups.greeting.trimEnd() }),
    ...(groups.ms !== undefined && own.timer === undefined && { elapsed: Number(groups.ms) }),
  };
  const end = match.index + match[0].length;
  const rest = error === undefined ? line.slice(end) : error.slice(found?.length ?? 0) + line.slice(end);
  const list = groups.list?.split(/, | or /);
  if (list === undefined) return [{ told, isUnsure, rest }];
  return list.map((address) => ({ told: { ...told, ...endpointOf({ address }) }, isUnsure, rest }));
}

type Endpoint = Pick<Told, 'host' | 'address' | 'family' | 'port'>;

/** traditional nc writes `(UNKNOWN)` where it has no name. */
const isName = /^[^()\s]{1,255}$/;

/** Who was dialled: a name that is an address is one. */
function endpointOf({ host, address, port, where }: Groups): Endpoint {
  if (where !== undefined) return endpointOf(splitWhere(where));
  // As known_hosts writes a port that is not 22.
  if (host !== undefined && /^\[[^\]]{1,255}\]:\d{1,5}$/.test(host)) return endpointOf(splitWhere(host));
  const literal = unmapped(address ?? host);
  const family = literal === undefined ? undefined : familyOf(literal);
  const number = Number(port);
  return {
    ...(host !== undefined && isName.test(host) && { host: unbracketed(host) }),
    ...(literal !== undefined && family !== undefined && { address: unbracketed(literal), family }),
    ...(port !== undefined && number > 0 && number < 65_536 && { port: number }),
  };
}

/** `10.0.0.1:22`, `[fd00::1]:22`, `host:22`, and `fd00::1:22` as Node writes it. */
function splitWhere(where: string): Groups {
  const colon = where.lastIndexOf(':');
  const host = where.slice(0, colon);
  return colon > 0 ? { host, port: where.slice(colon + 1) } : { host: where };
}

/** A program with one socket for both families writes IPv4 addresses as IPv6 (RFC 4291, 2.5.5.2). */
function unmapped(host: string | undefined): string | undefined {
  return host?.replace(/^\[?::ffff:(\d{1,3}(?:\.\d{1,3}){3})\]?$/i, '$1');
}

function unbracketed(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

/** The family of an address, with or without a zone (`fe80::1%eth0`); undefined for a name. */
export function familyOf(host: string): Family | undefined {
  const [plain = ''] = unbracketed(host).split('%', 1);
  return parseAddress(plain)?.family;
}

import { parseAddress } from '../../../src/set/index.js';
import { markStatement } from './iptables-marks.js';
import type { Surroundings } from './iptables-option.js';
import type { Word } from './iptables-words.js';
import type { RejectWith, Statement } from './ruleset.js';

/** The words of `--reject-with` (iptables-extensions(8): REJECT), IPv4 and IPv6. */
const rejects: ReadonlyMap<string, RejectWith> = new Map<string, RejectWith>([
  ['tcp-reset', 'tcp-reset'],
  ['icmp-net-unreachable', 'net-unreachable'],
  ['icmp-host-unreachable', 'host-unreachable'],
  ['icmp-proto-unreachable', 'protocol-unreachable'],
  ['icmp-port-unreachable', 'port-unreachable'],
  ['icmp-net-prohibited', 'net-prohibited'],
  ['icmp-host-prohibited', 'host-prohibited'],
  ['icmp-admin-prohibited', 'admin-prohibited'],
  ['icmp6-no-route', 'no-route'],
  ['no-route', 'no-route'],
  ['icmp6-adm-prohibited', 'admin-prohibited'],
  ['adm-prohibited', 'admin-prohibited'],
  ['icmp6-addr-unreachable', 'address-unreachable'],
  ['addr-unreach', 'address-unreachable'],
  ['icmp6-port-unreachable', 'port-unreachable'],
  ['port-unreach', 'port-unreachable'],
  ['icmp6-policy-fail', 'policy-fail'],
  ['policy-fail', 'policy-fail'],
  ['icmp6-reject-route', 'reject-route'],
  ['reject-route', 'reject-route'],
]);

/** Targets after which the next rule is looked at, and which change nothing that decides (iptables-extensions(8)). */
export const passingTargets: ReadonlySet<string> = new Set(
  'LOG NFLOG ULOG TCPMSS TCPOPTSTRIP AUDIT TRACE CT CHECKSUM CLASSIFY CONNSECMARK SECMARK DSCP TOS TTL HL ECN IDLETIMER LED RATEEST TEE'.split(
    ' ',
  ),
);

/** What `-j TARGET` does, `words` being its own options; `text` is what was written of it. */
export function targetStatement(
  target: string,
  words: readonly Word[],
  text: string,
  { chains }: Pick<Surroundings, 'chains'>,
): Statement {
  const value = (option: string) => {
    const at = words.findIndex((word) => !word.quoted && word.text === option);
    return at < 0 ? undefined : words[at + 1]?.text;
  };
  const has = (option: string) => words.some((word) => !word.quoted && word.text === option);
  if (chains.has(target)) return { kind: 'jump', chain: target };
  switch (target) {
    case 'ACCEPT':
      return { kind: 'accept' };
    case 'DROP':
      return { kind: 'drop' };
    case 'RETURN':
      return { kind: 'return' };
    case 'REJECT': {
      const how = rejects.get(value('--reject-with') ?? 'icmp-port-unreachable');
      return how ? { kind: 'reject', how } : unknown('unparsed', text);
    }
    // The way of the source is no matter of who may connect, and the chain of nat ends.
    case 'MASQUERADE':
    case 'SNAT':
      return { kind: 'accept' };
    case 'REDIRECT':
      return redirect(value('--to-ports'), text);
    case 'DNAT':
      return dnat(words, value('--to-destination'), text);
    case 'MARK':
    case 'CONNMARK':
      return markStatement(target, value, has);
    case 'HMARK':
      return { kind: 'mark', of: 'packet' };
    case 'SET':
      return has('--map-mark') ? { kind: 'mark', of: 'packet' } : { kind: 'continue' };
    case 'NOTRACK':
      return { kind: 'notrack' };
    case 'CT':
      return { kind: has('--notrack') ? 'notrack' : 'continue' };
    case 'SYNPROXY':
      return { kind: 'synproxy' };
    case 'QUEUE':
    case 'NFQUEUE':
    case 'TPROXY':
    case 'NETMAP':
      return unknown('opaque', text);
    default:
      return passingTargets.has(target) ? { kind: 'continue' } : unknown('unparsed', text);
  }
}

function unknown(kind: 'opaque' | 'unparsed', text: string): Statement {
  return { kind: 'unknown', why: { kind, text } };
}

function portOf(text: string): number | undefined {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  return port > 0 && port <= 65_535 ? port : undefined;
}

function redirect(ports: string | undefined, text: string): Statement {
  if (ports === undefined) return { kind: 'redirect' };
  const [first = '', last = first] = ports.split('-');
  const port = portOf(first);
  if (port === undefined || portOf(last) === undefined) return unknown('unparsed', text);
  return first === last ? { kind: 'redirect', port } : unknown('opaque', text);
}

function dnat(words: readonly Word[], to: string | undefined, text: string): Statement {
  if (to === undefined) return unknown('unparsed', text);
  if (words.filter((word) => word.text === '--to-destination').length > 1 || to.includes('-'))
    return unknown('opaque', text);
  return dnatTo(to) ?? unknown('unparsed', text);
}

/** `10.0.0.5`, `10.0.0.5:22`, `:22`, `fd00::5`, `[fd00::5]:22` as a statement; undefined for anything else. */
export function dnatTo(to: string): Statement | undefined {
  if (parseAddress(to)) return { kind: 'dnat', address: to };
  const colon = to.lastIndexOf(':');
  const port = colon < 0 ? undefined : portOf(to.slice(colon + 1));
  const host = (port === undefined ? to : to.slice(0, colon)).replace(/^\[([^\]]*)\]$/, '$1');
  if (host === '' && port !== undefined) return { kind: 'dnat', port };
  return parseAddress(host) ? { kind: 'dnat', address: host, ...(port !== undefined && { port }) } : undefined;
}

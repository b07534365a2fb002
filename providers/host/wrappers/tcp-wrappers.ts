import {
  type Fact,
  type Gap,
  known,
  type Reason,
  type Rule,
  type RuleFilter,
  unknown,
} from '../../../src/model/index.js';
import { type Address, AddressSet, PortSet, parsePrefix } from '../../../src/set/index.js';
import { splitAt } from './split-at.js';
import { matchHost, type PatternFile } from './wrapper-host.js';
import { both, either, except, matchesEverybody, matchesNobody, mayMatch, type WrapperMatch } from './wrapper-match.js';
import { type WrapperAction, wrapperAction } from './wrapper-option.js';

/** One line of hosts.allow or hosts.deny that is about sshd. */
export interface WrapperRule {
  readonly file: string;
  /** Of its first line, from 1. */
  readonly line: number;
  /** As it is written, continued lines joined. Untrusted text. */
  readonly text: string;
  readonly clients: Fact<AddressSet>;
  /**
   * - `allow`, `deny`;
   * - `twist`: another program answers, and sshd does not;
   * - `unknown`: an option decides that depends on the machine.
   */
  readonly action: WrapperAction;
}

/** The files of TCP wrappers, as text, or why one is not known. A file that does not exist is an empty text. */
export interface WrapperFiles {
  readonly allow: string | { readonly missing: string };
  readonly deny: string | { readonly missing: string };
  /** The files that patterns name. */
  readonly patterns?: PatternFile;
  /** The address that was dialled, for `sshd@10.22.2.2`. */
  readonly server?: Address;
  /** Set where it is known that hosts.deny does not end in a newline: its last line then denies everybody. */
  readonly denyEndsUnfinished?: true;
}

/** libwrap reads lines into 2048 bytes (measured with tcpdmatch: 2046 and a newline are the most that it takes). */
const longestLine = 2046;

const daemon = 'sshd';

/**
 * The rules for sshd in the order in which libwrap tries them: hosts.allow, then hosts.deny; the first that matches decides, and
 * what none matches is allowed (hosts_access(5)). A rule that may match more than it surely does stands twice: as what is sure, and
 * as what may be.
 */
export function parseTcpWrappers(files: WrapperFiles): readonly WrapperRule[] {
  return [...rulesOf('/etc/hosts.allow', files.allow, files), ...rulesOf('/etc/hosts.deny', files.deny, files)];
}

/** The rules as a filter: who is denied or twisted is rejected, for the reason that `reasonOf` gives. */
export function wrapperFilter(
  rules: readonly WrapperRule[],
  reasonOf: (rule: WrapperRule, action: 'deny' | 'twist') => Reason,
): RuleFilter {
  const ports = known(PortSet.all);
  const stop = (rule: WrapperRule, peers: Fact<AddressSet>, action: 'deny' | 'twist'): Rule => ({
    id: `${rule.file}:${rule.line}`,
    action: 'reject',
    peers,
    ports,
    text: rule.text,
    reason: reasonOf(rule, action),
  });
  const pass = (rule: WrapperRule, peers: Fact<AddressSet>): Rule => ({
    id: `${rule.file}:${rule.line}`,
    action: 'allow',
    peers,
    ports,
    text: rule.text,
  });
  return {
    kind: 'rules',
    otherwise: 'allow',
    rules: rules.flatMap((rule) => {
      if (rule.action === 'allow') return [pass(rule, rule.clients)];
      if (rule.action !== 'unknown') return [stop(rule, rule.clients, rule.action)];
      const peers = rule.clients.known ? unknown(rule.clients.value, optionGap(rule)) : rule.clients;
      return [pass(rule, peers), stop(rule, peers, 'deny')];
    }),
  };
}

function optionGap(rule: WrapperRule): Gap {
  return wrapperGap(rule.file, `line ${rule.line} has an option that depends on the machine: ${rule.text}`);
}

/** That rules of a file are not known, and why. */
export function wrapperGap(file: string, detail: string): Gap {
  return { code: 'host/tcp-wrappers', kind: 'not-collected', what: file, detail };
}

function rulesOf(file: string, text: WrapperFiles['allow'], files: WrapperFiles): WrapperRule[] {
  const otherwise = file.endsWith('allow') ? 'allow' : 'deny';
  const doubtful = (line: number, why: string, written = ''): WrapperRule => {
    const clients = unknown(AddressSet.all, wrapperGap(file, why));
    return { file, line, text: written, clients, action: 'unknown' };
  };
  if (typeof text !== 'string') return [doubtful(0, text.missing)];
  const rules: WrapperRule[] = [];
  for (const { line, written, finished } of logicalLines(text, otherwise === 'deny' && files.denyEndsUnfinished)) {
    const rule = { file, line, text: written.trim() };
    if (written.includes('\u0000')) rules.push(doubtful(line, `line ${line} holds a zero byte`, written));
    else if (!finished || isTooLong(written)) {
      if (otherwise === 'deny') rules.push({ ...rule, clients: known(AddressSet.all), action: 'deny' });
      else if (finished) rules.push(doubtful(line, `line ${line} is longer than libwrap reads`, written));
    } else rules.push(...parsedRules(rule, written, otherwise, files));
  }
  return rules;
}

/** Lines with what a backslash at the end continues. The last is unfinished where it is continued by nothing. */
function* logicalLines(text: string, endsUnfinished: boolean | undefined) {
  const physical = text.split('\n');
  if (physical.at(-1) === '') physical.pop();
  let written: string[] = [];
  let first = 1;
  for (const [i, line] of physical.entries()) {
    const continued = line.endsWith('\\');
    written.push(continued ? line.slice(0, -1) : line);
    const last = i === physical.length - 1;
    if (continued && !last) continue;
    yield { line: first, written: written.join(''), finished: !continued && !(last && endsUnfinished) };
    written = [];
    first = i + 2;
  }
}

function isTooLong(line: string): boolean {
  if (line.length > longestLine) return true;
  return 3 * line.length > longestLine && new TextEncoder().encode(line).length > longestLine;
}

function parsedRules(
  rule: Pick<WrapperRule, 'file' | 'line' | 'text'>,
  written: string,
  otherwise: 'allow' | 'deny',
  files: WrapperFiles,
): WrapperRule[] {
  if (written.startsWith('#') || rule.text === '') return [];
  const [daemons, afterDaemons] = splitAt(written, ':');
  if (afterDaemons === undefined) return [];
  const [clients, options] = splitAt(afterDaemons, ':');
  const fileText = files.patterns ?? (() => undefined);
  const asked = matchList(daemons, (word) => matchDaemon(word, files.server, fileText));
  if (asked.may.isEmpty) return [];
  const cut = cutIpv6(clients, options);
  const matchWord = (word: string) => (word === cut ? matchesNobody : matchClient(word, fileText));
  const matched = both(asked, matchList(clients, matchWord));
  const action = wrapperAction(options, otherwise);
  const doubtful = matched.may.subtract(matched.sure);
  const gap = wrapperGap(rule.file, matched.doubt ?? `line ${rule.line}`);
  return [
    ...(matched.sure.isEmpty ? [] : [{ ...rule, clients: known(matched.sure), action }]),
    ...(doubtful.isEmpty ? [] : [{ ...rule, clients: unknown(doubtful, gap), action }]),
  ];
}

/** The word that was the beginning of an IPv6 address without brackets, before a colon cut it: it is not taken for a name. */
function cutIpv6(clients: string, options: string | undefined): string | undefined {
  const word = /[^, \t]*$/.exec(clients)?.[0];
  const rest = /^[^, \t\r\n]*/.exec(options ?? '')?.[0];
  return word && rest && parsePrefix(`${word}:${rest}`) ? word : undefined;
}

/** `a b EXCEPT c EXCEPT d` is `(a b) EXCEPT (c EXCEPT d)`. */
function matchList(list: string, matchWord: (word: string) => WrapperMatch): WrapperMatch {
  const groups: WrapperMatch[] = [matchesNobody];
  for (const word of list.split(/[, \t\r\n]+/)) {
    if (word === '') continue;
    if (word.toUpperCase() === 'EXCEPT') groups.push(matchesNobody);
    else groups[groups.length - 1] = either(groups.at(-1) ?? matchesNobody, matchWord(word));
  }
  return groups.reduceRight((rest, group) => except(group, rest));
}

function matchDaemon(word: string, server: Address | undefined, fileText: PatternFile): WrapperMatch {
  const [name, address] = splitAt(word, '@', 1);
  if (!matchesDaemon(name)) return matchesNobody;
  if (address === undefined) return matchesEverybody;
  const host = matchHost(address, fileText);
  if (host.may.isEmpty) return matchesNobody;
  if (host.sure.equals(AddressSet.all)) return matchesEverybody;
  if (server === undefined) return mayMatch(`${word} depends on the address that is dialled`);
  if (host.sure.has(server)) return matchesEverybody;
  return host.may.has(server) ? mayMatch(host.doubt ?? word) : matchesNobody;
}

function matchesDaemon(word: string): boolean {
  const upper = word.toUpperCase();
  const lower = word.toLowerCase();
  if (/[*?]/.test(lower)) return word.length <= 64 && globFits(lower.replace(/\*+/g, '*'), daemon);
  if (lower.startsWith('.')) return lower.length < daemon.length && daemon.endsWith(lower);
  if (upper === 'ALL' || upper === 'KNOWN') return true;
  return lower === daemon;
}

function globFits(pattern: string, text: string): boolean {
  let reached = new Set([0]);
  const withStars = (positions: Set<number>) => {
    for (const at of positions) if (pattern[at] === '*') positions.add(at + 1);
    return positions;
  };
  reached = withStars(reached);
  for (const character of text) {
    const next = new Set<number>();
    for (const at of reached) {
      if (pattern[at] === '*') next.add(at);
      else if (pattern[at] === '?' || pattern[at] === character) next.add(at + 1);
    }
    reached = withStars(next);
  }
  return reached.has(pattern.length);
}

/** `user@host` asks the client's machine who the user is (RFC 931): only `ALL` is sure of the answer. */
function matchClient(word: string, fileText: PatternFile): WrapperMatch {
  const [user, address] = splitAt(word, '@', 1);
  if (address === undefined) return matchHost(word, fileText);
  const host = matchHost(address, fileText);
  if (user.toUpperCase() === 'ALL' || /^\*+$/.test(user)) return host;
  return mayMatch(`${word} depends on what the client says of its user`, host.may);
}

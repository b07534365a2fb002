import { AddressSet, PortSet } from '../../../src/set/index.js';
import type { RejectWith } from '../netfilter/ruleset.js';
import { addressesOf, portsOf } from './addresses.js';
import type { Arg, Call } from './call.js';
import { everyPort, type HostRule, unsureRules } from './host-rule.js';
import { change, type InputChain, noRules, state } from './machine.js';
import { readShell } from './read-shell.js';
import type { Line } from './told.js';

type Family = 4 | 6;

const nameOf = (family: Family) => (family === 4 ? 'iptables' : 'ip6tables');

/** `iptables ...` (iptables(8)), as far as it is about connections to the machine itself. */
export function runIptables(call: Call, family: Family): void {
  const read = readCommand(call.args, family, call.line);
  if (read) change(call.machine, nameOf(family), call.line, (chain) => apply(chain, read, call.line));
}

/** `iptables-restore`: the rules of a dump take the place of those that are there. Nothing is known after where the text is not. */
export function restoreIptables({ machine, line }: Call, family: Family, text: string | undefined): void {
  const name = nameOf(family);
  if (text === undefined) {
    state(machine, name, { known: false, doubt: { why: 'the rules that it loads are not known', line } });
    return;
  }
  change(machine, name, line, () => restored(text, family, line));
}

function restored(text: string, family: Family, line: Line): InputChain {
  let chain = noRules;
  let table = 'filter';
  for (const row of text.split('\n')) {
    const trimmed = row.trim();
    const [, policyChain, policy] = /^:(\S+)\s+(\S+)/.exec(trimmed) ?? [];
    const words = policyChain && policy !== '-' ? ['-P', policyChain, policy ?? ''] : [];
    if (trimmed.startsWith('*')) table = trimmed.slice(1);
    else if (/^(\[\d+:\d+\]\s*)?-[AI]/.test(trimmed)) words.push(...plainWords(trimmed.replace(/^\[\d+:\d+\]\s*/, '')));
    if (words.length === 0) continue;
    const args = ['-t', table, ...words].map((each) => ({ text: each, sure: true }));
    const at = { at: line.at, text: trimmed };
    const read = readCommand(args, family, at);
    if (read) chain = apply(chain, read, at);
  }
  return { ...chain, by: line };
}

function plainWords(text: string): readonly string[] {
  const command = readShell(text).pipelines[0]?.commands[0];
  const words = command?.kind === 'simple' ? command.words : [];
  return words.map(({ pieces }) => pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join(''));
}

type Change =
  | { readonly kind: 'add'; readonly rules: readonly HostRule[]; readonly at?: number; readonly key: string }
  | { readonly kind: 'delete'; readonly key: string; readonly line: Line }
  | { readonly kind: 'policy'; readonly policy: 'allow' | 'drop' }
  | { readonly kind: 'flush' }
  | { readonly kind: 'output'; readonly output: 'drops' | 'answered' };

function apply(chain: InputChain, read: Change, line: Line): InputChain {
  if (read.kind === 'flush') return { ...chain, rules: [] };
  if (read.kind === 'policy') return { ...chain, policy: read.policy, by: line };
  if (read.kind === 'output') return chain.output === 'answered' ? chain : { ...chain, output: read.output, by: line };
  if (read.kind === 'delete') {
    const at = chain.rules.findIndex((rule) => keys.get(rule) === read.key);
    // Where no rule is there is none to delete.
    if (at < 0 && chain.rules.length === 0) return chain;
    if (at < 0)
      return {
        ...chain,
        rules: [
          ...unsureRules(AddressSet.all, everyPort, { why: 'which rule it deletes is not known', line: read.line }),
          ...chain.rules,
        ],
      };
    return {
      ...chain,
      rules: chain.rules.filter((rule, index) => index !== at && !(keys.get(rule) === read.key && index === at + 1)),
    };
  }
  for (const rule of read.rules) keys.set(rule, read.key);
  const place = read.at === undefined ? chain.rules.length : Math.min(read.at - 1, chain.rules.length);
  return { ...chain, rules: chain.rules.toSpliced(place, 0, ...read.rules) };
}

/** The words by which a rule is deleted again. */
const keys = new WeakMap<HostRule, string>();

interface Reading {
  peers: AddressSet;
  ports: PortSet;
  why?: string;
  target?: string;
  how?: RejectWith;
  established: boolean;
}

const commandWords: Readonly<Record<string, string>> = {
  '--append': '-A',
  '--insert': '-I',
  '--delete': '-D',
  '--policy': '-P',
  '--flush': '-F',
  '--table': '-t',
  '--replace': '-R',
};

function readCommand(args: readonly Arg[], family: Family, line: Line): Change | undefined {
  const words = args.map(({ text, sure }) => (sure ? (commandWords[text] ?? text) : undefined));
  const table = words.indexOf('-t') < 0 ? 'filter' : (words[words.indexOf('-t') + 1] ?? 'filter');
  const at = words.findIndex((word) => /^-[AIDPFR]$/.test(word ?? ''));
  if (at < 0) return undefined;
  const command = words[at];
  const chain = words[at + 1];
  if (command === '-F')
    return table === 'filter' && (chain === undefined || chain === 'INPUT') ? { kind: 'flush' } : undefined;
  const rest = words.slice(at + 2);
  if (table !== 'filter') return elsewhere(table, chain, rest, line);
  if (command === '-P') return policy(chain, rest[0]);
  if (chain === 'OUTPUT') return output(rest);
  if (chain !== 'INPUT') return undefined;
  const number = /^\d+$/.test(rest[0] ?? '') ? Number(rest.shift()) : undefined;
  const key = rest.filter((word) => !/^(-m|tcp|-p)$/.test(word ?? '')).join(' ');
  if (command === '-D' || command === '-R') return { kind: 'delete', key: number === undefined ? key : '', line };
  const rules = readRule(rest, family, line);
  return { kind: 'add', rules, key, ...(command === '-I' && { at: number ?? 1 }) };
}

/** Tables that see packets before the filter: what stops or moves them there is not followed. */
function elsewhere(
  table: string,
  chain: string | undefined,
  rest: readonly (string | undefined)[],
  line: Line,
): Change | undefined {
  const target = rest[rest.findIndex((word) => word === '-j' || word === '-g') + 1];
  if (chain !== 'PREROUTING' || !/^(DROP|REDIRECT|DNAT|REJECT|NOTRACK|TPROXY)$/.test(target ?? '')) return undefined;
  const reading = readWords(rest, 4);
  const why = `a rule of the table ${table} takes the packets first`;
  return { kind: 'add', rules: unsureRules(AddressSet.all, reading.ports, { why, line }), at: 1, key: rest.join(' ') };
}

function policy(chain: string | undefined, word: string | undefined): Change | undefined {
  const drops = word === 'DROP';
  if (chain === 'INPUT') return { kind: 'policy', policy: drops ? 'drop' : 'allow' };
  return chain === 'OUTPUT' && drops ? { kind: 'output', output: 'drops' } : undefined;
}

function output(rest: readonly (string | undefined)[]): Change | undefined {
  const target = rest[rest.indexOf('-j') + 1];
  const text = rest.join(' ');
  if (target === 'ACCEPT')
    return /ESTABLISHED|--sport|^-j ACCEPT$/.test(text) ? { kind: 'output', output: 'answered' } : undefined;
  return target === 'DROP' || target === 'REJECT' ? { kind: 'output', output: 'drops' } : undefined;
}

function readRule(rest: readonly (string | undefined)[], family: Family, line: Line): readonly HostRule[] {
  const reading = readWords(rest, family);
  if (reading.established || reading.peers.isEmpty || reading.ports.isEmpty) return [];
  const { target, peers, ports, how } = reading;
  if (target === undefined || /^(LOG|NFLOG|AUDIT|MARK|CONNMARK|TRACE|TCPMSS|CT|SET)$/.test(target)) return [];
  const doubt = reading.why === undefined ? undefined : { why: reading.why, line };
  const base = { peers, ports, line, ...(doubt && { doubt }) };
  if (target === 'ACCEPT') return [{ ...base, action: 'allow' }];
  if (target === 'DROP') return [{ ...base, action: 'drop' }];
  if (target === 'REJECT') return [{ ...base, action: 'reject', how: how ?? 'port-unreachable' }];
  return unsureRules(peers, ports, doubt ?? { why: `what ${target} does is not followed`, line });
}

function readWords(words: readonly (string | undefined)[], family: Family): Reading {
  const reading: Reading = {
    peers: family === 4 ? AddressSet.ipv4 : AddressSet.ipv6,
    ports: everyPort,
    established: false,
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    const inverted = word === '!';
    const option = inverted ? words[++at] : word;
    if (option === undefined) reading.why ??= 'a word of it is not known before it runs';
    else at += readOption(option, words.slice(at + 1), inverted, reading);
  }
  return reading;
}

/** Reads one option; answers how many words it takes. */
function readOption(
  option: string,
  after: readonly (string | undefined)[],
  inverted: boolean,
  reading: Reading,
): number {
  const [value] = after;
  if (/^(-p|--proto(col)?)$/.test(option)) return readProtocol(value, inverted, reading);
  if (/^(-m|--match|--comment|--log-prefix|--log-level)$/.test(option)) return readMatch(option, value, reading);
  if (/^(-s|--source|--src)$/.test(option)) return readSource(value, inverted, reading);
  if (/^(--dports?|--destination-ports?)$/.test(option)) return readPorts(value, inverted, reading);
  if (/^(-i|--in-interface)$/.test(option)) {
    if (value === 'lo') reading.ports = inverted ? reading.ports : PortSet.empty;
    else reading.why ??= 'it is about one interface';
    return 1;
  }
  if (/^--(ct)?state$/.test(option)) {
    if (value !== undefined && /NEW/.test(value) === inverted) reading.established = true;
    return 1;
  }
  if (option === '--syn' && !inverted) return 0;
  if (/^(-j|--jump|-g|--goto)$/.test(option)) {
    if (value === undefined) reading.why ??= 'its target is not known before it runs';
    reading.target = value ?? 'a target';
    return 1;
  }
  if (option === '--reject-with') {
    const how = rejections[value ?? ''];
    if (how) reading.how = how;
    return 1;
  }
  reading.why ??= `what ${option} asks is not followed`;
  return after[0]?.startsWith('-') === false ? 1 : 0;
}

function readProtocol(value: string | undefined, inverted: boolean, reading: Reading): number {
  const isTcp = value === 'tcp' || value === 'all' || value === '6';
  if (isTcp === inverted) reading.ports = PortSet.empty;
  return 1;
}

function readMatch(option: string, value: string | undefined, reading: Reading): number {
  if (/^(-m|--match)$/.test(option) && !/^(tcp|udp|state|conntrack|comment|multiport|icmp|icmp6)$/.test(value ?? '')) {
    reading.why ??= `what -m ${value ?? ''} asks is not followed`;
  }
  return 1;
}

function readSource(value: string | undefined, inverted: boolean, reading: Reading): number {
  const sets = (value ?? '?').split(',').map(addressesOf);
  const known = sets.every((set) => set !== undefined);
  if (!known) reading.why ??= 'its source is not known';
  const all = AddressSet.unionOf(sets.flatMap((set) => (set ? [set] : [])));
  if (known) reading.peers = inverted ? reading.peers.subtract(all) : reading.peers.intersect(all);
  return 1;
}

function readPorts(value: string | undefined, inverted: boolean, reading: Reading): number {
  const ports = value === undefined ? undefined : portsOf(value);
  if (!ports) reading.why ??= 'its port is not known';
  else reading.ports = inverted ? reading.ports.subtract(ports) : reading.ports.intersect(ports);
  return 1;
}

const rejections: Readonly<Record<string, RejectWith>> = {
  'tcp-reset': 'tcp-reset',
  'icmp-port-unreachable': 'port-unreachable',
  'icmp6-port-unreachable': 'port-unreachable',
  'icmp-host-unreachable': 'host-unreachable',
  'icmp-net-unreachable': 'net-unreachable',
  'icmp-proto-unreachable': 'protocol-unreachable',
  'icmp-host-prohibited': 'host-prohibited',
  'icmp-net-prohibited': 'net-prohibited',
  'icmp-admin-prohibited': 'admin-prohibited',
  'icmp6-adm-prohibited': 'admin-prohibited',
  'icmp6-no-route': 'no-route',
  'icmp6-addr-unreachable': 'address-unreachable',
};

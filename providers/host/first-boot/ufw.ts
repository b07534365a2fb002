import { type AddressSet, PortSet } from '../../../src/set/index.js';
import { addressesOf, portsOf } from './addresses.js';
import type { Call } from './call.js';
import { everybody, everyPort, type HostRule } from './host-rule.js';
import { change, state, type Ufw } from './machine.js';
import type { Doubt } from './told.js';

/** The profiles of applications that the packages themselves bring; all others are files of the machine. */
const profiles: Readonly<Record<string, PortSet>> = {
  openssh: PortSet.single(22),
  'nginx full': PortSet.of('80', '443'),
  'nginx http': PortSet.single(80),
  'nginx https': PortSet.single(443),
  apache: PortSet.single(80),
  'apache full': PortSet.of('80', '443'),
  'apache secure': PortSet.single(443),
};

const actions = { allow: 'allow', limit: 'allow', deny: 'drop', reject: 'reject' } as const;

function isAction(word: string): word is keyof typeof actions {
  return Object.hasOwn(actions, word);
}

/** `ufw ...` (ufw(8)). Rules are tried in their order; a rule that is given again takes the place of the old one. */
export function runUfw(call: Call): void {
  const words = call.args.map(({ text }) => text.toLowerCase());
  const rest = call.args.filter(({ text }) => text !== '--force');
  if (words.includes('--dry-run')) return;
  const [verb, second] = rest.map(({ text }) => text.toLowerCase());
  if (rest.length > 0 && !rest[0]?.sure) doubt(call, 'the command is not known before it runs');
  else if (verb === 'enable') update(call, (ufw) => ({ ...ufw, enabled: true }));
  else if (verb === 'disable') update(call, (ufw) => ({ ...ufw, enabled: false }));
  else if (verb === 'reset') update(call, (ufw) => ({ ...ufw, enabled: false, incoming: 'drop', rules: [], keys: [] }));
  else if (verb === 'default') setDefault(call, rest.slice(1));
  else if (verb === 'insert') addRule(call, rest.slice(2), Number(second));
  else if (verb === 'prepend') addRule(call, rest.slice(1), 1);
  else if (verb === 'delete') deleteRule(call, rest.slice(1));
  else if (verb === 'rule') runUfw({ ...call, args: rest.slice(1) });
  else if (verb !== undefined && isAction(verb)) addRule(call, rest);
}

function doubt(call: Call, why: string): void {
  state(call.machine, 'ufw', { known: false, doubt: { why, line: call.line } });
}

function update({ machine, line }: Call, how: (ufw: Ufw) => Ufw): void {
  change(machine, 'ufw', line, how);
}

function setDefault(call: Call, args: Call['args']): void {
  const [policy = '', direction = 'incoming'] = args.map(({ text }) => text.toLowerCase());
  if (args.some(({ sure }) => !sure)) doubt(call, 'the policy is not known before it runs');
  else if (!/^in(coming)?$/.test(direction) || !isAction(policy) || policy === 'limit') return;
  else update(call, (ufw) => ({ ...ufw, incoming: actions[policy] }));
}

function addRule(call: Call, args: Call['args'], at?: number): void {
  const read = readRule(call, args);
  if (!read) return;
  update(call, (ufw) => {
    const old = ufw.keys.indexOf(read.key);
    if (old >= 0 && at === undefined) return { ...ufw, rules: ufw.rules.with(old, read.rule) };
    const place = at === undefined || !(at >= 1) ? ufw.rules.length : Math.min(at - 1, ufw.rules.length);
    return { ...ufw, rules: ufw.rules.toSpliced(place, 0, read.rule), keys: ufw.keys.toSpliced(place, 0, read.key) };
  });
}

function deleteRule(call: Call, args: Call['args']): void {
  const number = Number(args[0]?.text);
  const read = Number.isInteger(number) ? undefined : readRule(call, args);
  if (!read && !Number.isInteger(number)) doubt(call, 'the rule to delete is not understood');
  update(call, (ufw) => {
    const at = read ? ufw.keys.indexOf(read.key) : number - 1;
    const rule = ufw.rules[at];
    if (!rule || (read && rule.action !== read.rule.action)) return ufw;
    // Of a rule for both families the number names the half for IPv4.
    const half = rule.peers.only(6);
    if (!read && !half.isEmpty) return { ...ufw, rules: ufw.rules.with(at, { ...rule, peers: half }) };
    return { ...ufw, rules: ufw.rules.toSpliced(at, 1), keys: ufw.keys.toSpliced(at, 1) };
  });
}

interface Reading {
  peers: AddressSet;
  ports: PortSet;
  protocol?: string;
  why?: string;
}

function readRule(call: Call, args: Call['args']): { readonly rule: HostRule; readonly key: string } | undefined {
  const words = args.map(({ text, sure }) => (sure ? text.toLowerCase() : undefined));
  const action = words.shift();
  if (action === undefined || !isAction(action)) return undefined;
  if (words[0] === 'out') return undefined;
  if (words[0] === 'in') words.shift();
  const reading: Reading = { peers: everybody, ports: everyPort };
  readWords(words, reading);
  const ports =
    reading.protocol === undefined || reading.protocol === 'tcp' || reading.protocol === 'any'
      ? reading.ports
      : PortSet.empty;
  const why: Doubt | undefined = reading.why === undefined ? undefined : { why: reading.why, line: call.line };
  const rule: HostRule = {
    action: actions[action],
    ...(action === 'reject' && { how: 'tcp-reset' as const }),
    ...(action === 'limit' && { limits: true as const }),
    peers: reading.peers,
    ports,
    ...(why && { doubt: why }),
    line: call.line,
  };
  return { rule, key: keyOf(words) };
}

function keyOf(words: readonly (string | undefined)[]): string {
  const comment = words.indexOf('comment');
  return (comment < 0 ? words : words.slice(0, comment))
    .map((word) => (word === 'ssh' ? '22/tcp' : (word ?? '?')))
    .join(' ');
}

function readWords(words: readonly (string | undefined)[], reading: Reading): void {
  const [first] = words;
  if (first === undefined && words.length > 0) reading.why = 'the port is not known before it runs';
  else if (first !== undefined && !/^(on|log|log-all|proto|from|to)$/.test(first)) readPort(first, reading);
  let side: 'from' | 'to' = 'to';
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    const value = words[at + 1];
    if (word === 'comment') return;
    if (word === 'from' || word === 'to') side = word;
    if (word === 'proto') reading.protocol = value ?? 'any';
    else if (word === 'on') readInterface(value, reading);
    else if (word === 'port' || word === 'app') readSidePort(side, value, reading);
    else if (word === 'from') readPeers(value, reading);
    else if (word === 'to' && value !== 'any') reading.why ??= 'it is about one address of the machine';
    else if (word === undefined && at > 0 && !/^(from|port|proto|to|on|app)$/.test(words[at - 1] ?? ''))
      reading.why ??= 'a word of it is not known before it runs';
    if (/^(proto|on|port|app|from|to)$/.test(word ?? '')) at++;
  }
}

function readPort(text: string, reading: Reading): void {
  const [ports = '', protocol] = text.split('/');
  if (protocol !== undefined) reading.protocol = protocol;
  const set = profiles[text] ?? portsOf(ports);
  if (set) reading.ports = set;
  else reading.why = 'which ports it is about stands in a profile of the machine';
}

function readSidePort(side: 'from' | 'to', value: string | undefined, reading: Reading): void {
  if (side === 'from') reading.why ??= "it is about the client's port";
  else if (value === undefined) reading.why ??= 'the port is not known before it runs';
  else readPort(value, reading);
}

function readInterface(value: string | undefined, reading: Reading): void {
  if (value === 'lo') reading.ports = PortSet.empty;
  else reading.why ??= 'it is about one interface';
}

function readPeers(value: string | undefined, reading: Reading): void {
  const peers = value === undefined ? undefined : value === 'any' ? everybody : addressesOf(value);
  if (peers) reading.peers = peers;
  else reading.why ??= 'the source is not known before it runs';
}

import { AddressSet, PortSet } from '../../../src/set/index.js';
import type { RejectWith } from '../netfilter/ruleset.js';
import { addressesOf, portsOf } from './addresses.js';
import type { Arg, Call } from './call.js';
import { everybody, everyPort, type HostRule, unsureRules } from './host-rule.js';
import { change, type InputChain, noRules, state } from './machine.js';
import type { Line } from './told.js';

/** `nft ...` (nft(8)), as far as it is about one chain at the hook input; `read` answers what a file holds. */
export function runNft(call: Call, read: (file: Arg) => string | undefined): void {
  const { machine, args, line } = call;
  const at = args.findIndex(({ text }) => text === '-f' || text === '--file');
  const file = args[at + 1];
  const source =
    at < 0
      ? args.map(({ text }) => text).join(' ')
      : file?.text === '-' || file?.text === '/dev/stdin'
        ? call.input
        : file && read(file);
  const isSure = at >= 0 || args.every(({ sure }) => sure);
  if (source === undefined || !isSure) {
    state(machine, 'nft', {
      known: false,
      doubt: { why: 'the rules that it loads are not known before it runs', line },
    });
    return;
  }
  change(machine, 'nft', line, (chain) => new Reader(source, chain, line).read());
}

/** Reads statements of nft's language into the one chain that sees what comes in. */
class Reader {
  private readonly tokens: readonly string[];
  private at = 0;
  private chain: InputChain;
  private readonly line: Line;
  private inputChains = 0;

  constructor(source: string, chain: InputChain, line: Line) {
    const plain = source.replace(/\\\n/g, ' ').replace(/#[^\n]*/g, '');
    this.tokens = plain.match(/"[^"]*"|[{};\n]|[^\s{};"]+/g) ?? [];
    this.chain = chain;
    this.line = line;
  }

  read(): InputChain {
    while (this.at < this.tokens.length) this.statement();
    return this.chain;
  }

  private statement(): void {
    const words = this.words();
    const [first, second] = words;
    if (first === 'flush' && second === 'ruleset') this.chain = noRules;
    else if (first === 'flush' || first === 'delete' || first === 'destroy')
      this.doubtful(`${words.slice(0, 5).join(' ')} is not followed`);
    else if (first === 'define' || first === 'include') this.doubtful(`${first} is not followed`);
    else if (first === 'table') this.table();
    else if (first === 'add' || first === 'insert' || first === 'create') this.add(words);
    else if (this.tokens[this.at] === '{') this.skipBlock();
    if (/^[;\n}]$/.test(this.tokens[this.at] ?? '')) this.at++;
  }

  /** The words up to the end of a statement, or to a block. Sets in braces are one word. */
  private words(): string[] {
    const words: string[] = [];
    for (let token = this.tokens[this.at]; token !== undefined; token = this.tokens[this.at]) {
      if (/^[;\n}]$/.test(token)) break;
      if (token === '{') {
        if (/^(table|chain|set|map|flowtable|counter)$/.test(words[0] ?? '') || words.length === 0) break;
        words.push(this.braces());
      } else {
        words.push(token);
        this.at++;
      }
    }
    return words;
  }

  private braces(): string {
    const start = this.at;
    this.skipBlock();
    return this.tokens
      .slice(start, this.at)
      .filter((token) => token !== '\n')
      .join(' ');
  }

  private skipBlock(): void {
    let depth = 0;
    do {
      const token = this.tokens[this.at++];
      if (token === '{') depth++;
      if (token === '}') depth--;
    } while (depth > 0 && this.at < this.tokens.length);
  }

  private table(): void {
    if (this.tokens[this.at] !== '{') return;
    this.at++;
    while (this.at < this.tokens.length && this.tokens[this.at] !== '}') {
      const words = this.words();
      if (words[0] === 'chain' && this.tokens[this.at] === '{') this.block();
      else if (this.tokens[this.at] === '{') this.skipBlock();
      if (/^[;\n]$/.test(this.tokens[this.at] ?? '')) this.at++;
    }
  }

  private block(): void {
    this.at++;
    let isInput = false;
    while (this.at < this.tokens.length && this.tokens[this.at] !== '}') {
      const words = this.words();
      const text = words.join(' ');
      if (/^type \S+ hook/.test(text)) {
        isInput = / hook input /.test(text);
        if (isInput && ++this.inputChains > 1) this.doubtful('it holds more than one chain at the hook input');
        if (/ hook output /.test(text)) this.outputPolicy();
        if (/ hook (prerouting|ingress) /.test(text)) this.doubtful('it holds a chain that takes packets first');
      } else if (words[0] === 'policy') this.policy(words[1], isInput);
      else if (isInput && words.length > 0) this.rule(words);
      if (/^[;\n]$/.test(this.tokens[this.at] ?? '')) this.at++;
    }
    this.at++;
  }

  private outputPolicy(): void {
    const end = this.tokens.indexOf('}', this.at);
    if (/policy drop/.test(this.tokens.slice(this.at, end).join(' ')))
      this.chain = { ...this.chain, output: 'drops', by: this.line };
  }

  private policy(word: string | undefined, isInput: boolean): void {
    if (isInput) this.chain = { ...this.chain, policy: word === 'drop' ? 'drop' : 'allow', by: this.line };
  }

  private add(words: readonly string[]): void {
    const [how, what, , , chain] = words;
    const text = words.join(' ');
    if (what === 'chain' && / hook input /.test(text)) {
      this.chain = { ...this.chain, policy: /policy drop/.test(text) ? 'drop' : 'allow', by: this.line };
    }
    if (what !== 'rule') return;
    if (!/^(input|INPUT)$/.test(chain ?? '')) return;
    const before = this.chain.rules;
    this.rule(words.slice(5));
    const added = this.chain.rules.slice(before.length);
    if (how === 'insert') this.chain = { ...this.chain, rules: [...added, ...before] };
  }

  private rule(words: readonly string[]): void {
    this.chain = { ...this.chain, rules: [...this.chain.rules, ...readRule(words, this.line)] };
  }

  private doubtful(why: string): void {
    const rules = [...unsureRules(everybody, everyPort, { why, line: this.line }), ...this.chain.rules];
    this.chain = { ...this.chain, rules };
  }
}

interface Reading {
  peers: AddressSet;
  ports: PortSet;
  never: boolean;
  why?: string;
  verdict?: string;
  how?: RejectWith;
}

function readRule(words: readonly string[], line: Line): readonly HostRule[] {
  const reading: Reading = { peers: everybody, ports: everyPort, never: false };
  const at: Line = { at: line.at, text: words.join(' ') };
  for (let rest = words; rest.length > 0; ) rest = rest.slice(readMatch(rest, reading));
  const { peers, ports, verdict, how } = reading;
  if (reading.never || verdict === undefined || peers.isEmpty || ports.isEmpty) return [];
  const doubt = reading.why === undefined ? undefined : { why: reading.why, line: at };
  const base = { peers, ports, line: at, ...(doubt && { doubt }) };
  if (verdict === 'accept') return [{ ...base, action: 'allow' }];
  if (verdict === 'drop') return [{ ...base, action: 'drop' }];
  if (verdict === 'reject') return [{ ...base, action: 'reject', how: how ?? 'port-unreachable' }];
  return unsureRules(peers, ports, doubt ?? { why: `what ${verdict} does is not followed`, line: at });
}

/** Reads one match or statement; answers how many words it takes. */
function readMatch(words: readonly string[], reading: Reading): number {
  const [first = '', second = '', third = ''] = words;
  const inverted = third === '!=';
  const value = third === '==' || inverted ? (words[3] ?? '') : third;
  const length = third === '==' || inverted ? 4 : 3;
  if (first === 'tcp' && second === 'dport') return readPorts(value, inverted, reading, length);
  if ((first === 'ip' || first === 'ip6') && second === 'saddr')
    return readPeers(first, value, inverted, reading, length);
  if (first === 'ct' && second === 'state') {
    if (/\bnew\b/.test(value) === inverted) reading.never = true;
    return length;
  }
  if (/^(iif|iifname)$/.test(first)) return readInterface(words, reading);
  if (first === 'udp' || first === 'icmp' || first === 'icmpv6') return never(reading, length);
  if (first === 'meta' && second === 'l4proto') return readProtocol(value, inverted, reading, length);
  if (first === 'ip' && second === 'protocol') return readProtocol(value, inverted, reading, length);
  if (first === 'counter') return second === 'packets' ? 5 : 1;
  if (first === 'log')
    return words.findIndex((word, at) => at > 0 && /^(accept|drop|reject|counter)$/.test(word)) || words.length;
  if (first === 'comment') return 2;
  if (/^(accept|drop|return|continue)$/.test(first)) {
    reading.verdict = first;
    return 1;
  }
  if (first === 'reject') {
    reading.verdict = 'reject';
    if (/tcp reset/.test(words.join(' '))) reading.how = 'tcp-reset';
    else if (/prohibited/.test(words.join(' '))) reading.how = 'admin-prohibited';
    return words.length;
  }
  if (first === 'jump' || first === 'goto') {
    reading.verdict = `the chain ${second}`;
    return 2;
  }
  reading.why ??= `what ${first} asks is not followed`;
  return 1;
}

function never(reading: Reading, length: number): number {
  reading.never = true;
  return length;
}

function items(value: string): readonly string[] {
  return value
    .replace(/[{}]/g, ' ')
    .split(/[\s,]+/)
    .filter(Boolean);
}

function readPorts(value: string, inverted: boolean, reading: Reading, length: number): number {
  const sets = items(value).map(portsOf);
  if (sets.length === 0 || sets.includes(undefined)) reading.why ??= 'its port is not known';
  else {
    const ports = sets.reduce<PortSet>((sum, set) => (set ? sum.union(set) : sum), PortSet.empty);
    reading.ports = inverted ? reading.ports.subtract(ports) : reading.ports.intersect(ports);
  }
  return length;
}

function readPeers(family: string, value: string, inverted: boolean, reading: Reading, length: number): number {
  const all = family === 'ip' ? AddressSet.ipv4 : AddressSet.ipv6;
  const sets = items(value).map(addressesOf);
  if (sets.length === 0 || sets.includes(undefined)) {
    reading.why ??= 'its source is not known';
    reading.peers = reading.peers.intersect(all);
  } else {
    const peers = AddressSet.unionOf(sets.flatMap((set) => (set ? [set] : [])));
    reading.peers = reading.peers.intersect(inverted ? all.subtract(peers) : peers);
  }
  return length;
}

function readInterface(words: readonly string[], reading: Reading): number {
  const inverted = words[1] === '!=';
  const at = inverted || words[1] === '==' ? 2 : 1;
  const isLoopback = /^"?lo"?$/.test(words[at] ?? '');
  if (isLoopback && !inverted) reading.never = true;
  else if (!isLoopback) reading.why ??= 'it is about one interface';
  return at + 1;
}

function readProtocol(value: string, inverted: boolean, reading: Reading, length: number): number {
  const names = items(value);
  if (names.includes('tcp') === inverted) reading.never = true;
  return length;
}

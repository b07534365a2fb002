import type { Assignment, Command, Pipeline, Redirect, Script, Word } from './shell-syntax.js';
import { type Token, Tokenizer } from './shell-tokens.js';

const deepest = 40;
const assignment = /^([A-Za-z_][A-Za-z0-9_]*)\+?=/;

/** What stops the reader: caught at the top, where the rest is kept as unread. */
const unreadable = new Error('this is no shell script');

/**
 * The commands of a shell script (POSIX.1-2017, XCU 2.9 and 2.10; of bash its `[[`, `function` and here-strings). Where it cannot be read
 * the rest is `unread`. Never throws.
 */
export function readShell(source: string): Script {
  const tokens = new Tokenizer(source).read();
  return new Parser(source, tokens).script();
}

class Parser {
  private readonly source: string;
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;

  constructor(source: string, tokens: readonly Token[]) {
    this.source = source;
    this.tokens = tokens;
  }

  script(): Script {
    const pipelines: Pipeline[] = [];
    while (this.at < this.tokens.length) {
      const start = this.at;
      try {
        if (!this.readPipelineInto(pipelines)) throw unreadable;
      } catch (error) {
        if (error !== unreadable) throw error;
        const token = this.tokens[start];
        if (token) return { pipelines, unread: { line: token.line, text: this.source.slice(token.start) } };
      }
    }
    return { pipelines };
  }

  /** Reads one pipeline, or the ends of lines before it. False where a word stands that ends a list. */
  private readPipelineInto(pipelines: Pipeline[]): boolean {
    const after = this.readJoin();
    if (this.at >= this.tokens.length) return true;
    if (this.isEndOfList()) return false;
    pipelines.push(this.pipeline(after));
    return true;
  }

  private readJoin(): Pipeline['after'] {
    let after: Pipeline['after'] = ';';
    for (;;) {
      const text = this.operator();
      if (text === '&&' || text === '||') after = text;
      else if (text !== ';' && text !== '&' && text !== '\n') return after;
      this.at++;
    }
  }

  private list(...ends: readonly string[]): Script {
    if (++this.depth > deepest) throw unreadable;
    const pipelines: Pipeline[] = [];
    while (this.at < this.tokens.length && this.readPipelineInto(pipelines)) {}
    this.depth--;
    const end = this.reserved() ?? this.operator() ?? '';
    if (!ends.includes(end)) throw unreadable;
    this.at++;
    return { pipelines };
  }

  private pipeline(after: Pipeline['after']): Pipeline {
    const inverted = this.reserved() === '!';
    if (inverted) this.at++;
    const commands = [this.command()];
    while (this.operator() === '|' || this.operator() === '|&') {
      this.at++;
      while (this.operator() === '\n') this.at++;
      commands.push(this.command());
    }
    return { commands, after, inverted };
  }

  private command(): Command {
    const token = this.tokens[this.at];
    if (!token || token.kind === 'bad') throw unreadable;
    const start = this.at;
    const body = this.compound();
    if (!body) return this.simple();
    const redirects: Redirect[] = [];
    for (let next = this.tokens[this.at]; next?.kind === 'redirect'; next = this.tokens[++this.at])
      redirects.push(next.redirect);
    return { ...body, redirects, line: token.line, raw: this.rawFrom(start) };
  }

  private compound(): CompoundBody | undefined {
    if (this.operator() === '(') {
      this.at++;
      return { kind: 'group', body: this.list(')'), subshell: true };
    }
    const word = this.reserved();
    if (word === undefined) return this.namedFunction();
    if (word === '{') return { kind: 'group', body: this.next().list('}'), subshell: false };
    if (word === 'if') return this.next().conditional();
    if (word === 'while' || word === 'until') {
      const always = this.next().list('do');
      return { kind: 'conditional', always, maybe: [this.list('done')] };
    }
    if (word === 'for' || word === 'select') return this.next().loop();
    if (word === 'case') return this.next().cases();
    if (word === 'function') return this.next().functionOf();
    if (word === '[[') return this.next().test();
    throw unreadable;
  }

  private next(): this {
    this.at++;
    return this;
  }

  private conditional(): CompoundBody {
    const always = this.list('then');
    const maybe: Script[] = [];
    for (;;) {
      maybe.push(this.list('elif', 'else', 'fi'));
      const end = this.wordAt(this.at - 1);
      if (end === 'fi') return { kind: 'conditional', always, maybe };
      if (end === 'elif') maybe.push(this.list('then'));
    }
  }

  private loop(): CompoundBody {
    const name = this.wordAt(this.at);
    const isPlain = name !== undefined && /^[A-Za-z_]\w*$/.test(name);
    if (isPlain) this.at++;
    const over: Word[] = [];
    while (this.operator() === '\n') this.at++;
    const listed = isPlain && this.wordAt(this.at) === 'in';
    for (; this.at < this.tokens.length && this.reserved() !== 'do'; this.at++) {
      const token = this.tokens[this.at];
      if (listed && token?.kind === 'word' && this.wordAt(this.at) !== 'in') over.push(token.word);
    }
    const body = this.next().list('done');
    if (!isPlain || !listed) return { kind: 'conditional', always: { pipelines: [] }, maybe: [body] };
    return { kind: 'for', name, over, body };
  }

  private cases(): CompoundBody {
    const maybe: Script[] = [];
    while (this.at < this.tokens.length && this.wordAt(this.at) !== 'in') this.at++;
    this.at++;
    for (;;) {
      while (this.operator() === '\n') this.at++;
      if (this.reserved() === 'esac') break;
      while (this.at < this.tokens.length && (this.operator() !== ')' || this.wordAt(this.at) !== undefined)) this.at++;
      if (this.at >= this.tokens.length) throw unreadable;
      this.at++;
      maybe.push(this.list(';;', ';&', ';;&', 'esac'));
      if (this.wordAt(this.at - 1) === 'esac') return { kind: 'conditional', always: { pipelines: [] }, maybe };
    }
    this.at++;
    return { kind: 'conditional', always: { pipelines: [] }, maybe };
  }

  /** `name() ...`, or nothing. */
  private namedFunction(): CompoundBody | undefined {
    const name = this.wordAt(this.at);
    if (name === undefined || this.operator(1) !== '(' || this.operator(2) !== ')') return undefined;
    return this.functionOf();
  }

  private functionOf(): CompoundBody {
    const name = this.wordAt(this.at) ?? '';
    this.at++;
    while (this.operator() === '(' || this.operator() === ')' || this.operator() === '\n') this.at++;
    if (++this.depth > deepest) throw unreadable;
    const body = this.command();
    this.depth--;
    return { kind: 'function', name, body: { pipelines: [{ commands: [body], after: ';', inverted: false }] } };
  }

  /** `[[ ... ]]` holds operators that are none elsewhere, and does nothing. */
  private test(): CompoundBody {
    const start = this.at;
    while (this.at < this.tokens.length && this.wordAt(this.at) !== ']]') this.at++;
    const token = this.tokens[start];
    if (this.at >= this.tokens.length || !token) throw unreadable;
    this.at++;
    return { kind: 'simple', assigned: [], words: [literal('test')] };
  }

  private simple(): Command {
    const start = this.at;
    const assigned: Assignment[] = [];
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    const line = this.tokens[start]?.line ?? 0;
    for (let token = this.tokens[this.at]; token; token = this.tokens[++this.at]) {
      if (token.kind === 'bad') throw unreadable;
      if (token.kind === 'word') {
        const value = words.length === 0 ? assignmentOf(token.word) : undefined;
        if (value) assigned.push(value);
        else words.push(token.word);
      } else if (token.kind === 'redirect') redirects.push(token.redirect);
      else if (token.kind === 'operator' && token.text === '(' && assigned.length > 0) this.skipArray();
      else break;
    }
    if (this.at === start) throw unreadable;
    return { kind: 'simple', assigned, words, redirects, line, raw: this.rawFrom(start) };
  }

  /** `NAME=(...)` of bash. */
  private skipArray(): void {
    while (this.at < this.tokens.length && this.operator() !== ')') this.at++;
  }

  private rawFrom(start: number): string {
    const first = this.tokens[start];
    const last = this.tokens[this.at - 1];
    return first && last ? this.source.slice(first.start, last.end) : '';
  }

  private operator(ahead = 0): string | undefined {
    const token = this.tokens[this.at + ahead];
    return token?.kind === 'operator' ? token.text : undefined;
  }

  private wordAt(at: number): string | undefined {
    const token = this.tokens[at];
    return token?.kind === 'word' ? token.word.raw : undefined;
  }

  private reserved(): string | undefined {
    const word = this.wordAt(this.at);
    return word !== undefined && reservedWords.has(word) ? word : undefined;
  }

  private isEndOfList(): boolean {
    const word = this.reserved() ?? this.operator();
    return word !== undefined && listEnds.has(word);
  }
}

type CompoundBody = Command extends infer C
  ? C extends Command
    ? Omit<C, 'redirects' | 'line' | 'raw'>
    : never
  : never;

const listEnds = new Set(['then', 'elif', 'else', 'fi', 'do', 'done', 'esac', '}', ')', ';;', ';&', ';;&']);
const reservedWords = new Set(
  'if then elif else fi for select while until do done case esac { } ! function [['.split(' '),
);

function literal(text: string): Word {
  return { pieces: [{ kind: 'text', text }], raw: text, quoted: false };
}

function assignmentOf(word: Word): Assignment | undefined {
  const match = assignment.exec(word.raw);
  const [first, ...rest] = word.pieces;
  if (!match?.[1] || first?.kind !== 'text' || !first.text.startsWith(match[0])) return undefined;
  const value = match[0].endsWith('+=')
    ? [{ kind: 'other' } as const]
    : [{ kind: 'text' as const, text: first.text.slice(match[0].length) }, ...rest];
  return { name: match[1], value: { pieces: value, raw: word.raw.slice(match[0].length), quoted: true } };
}

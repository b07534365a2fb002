import type { Piece, Redirect, Word } from './shell-syntax.js';

export type Token = { readonly line: number; readonly start: number; readonly end: number } & (
  | { readonly kind: 'word'; readonly word: Word }
  | { readonly kind: 'operator'; readonly text: string }
  | { readonly kind: 'redirect'; readonly redirect: Redirect }
  | { readonly kind: 'bad' }
);

const operators = [';;&', ';;', ';&', '&&', '||', '|&', '|', '&', ';', '(', ')', '\n'];
const redirection = /(\d?)(<<<|<<-?|<>|<&|<|>>|>\||>&|>)|(&>>|&>)/y;
const nameOf = /[A-Za-z_][A-Za-z0-9_]*/y;
const plain = /[^ \t\n\r|&;()<>'"`$\\]+|\r/y;
const special = /^[ \t\n|&;()<>]$/;

interface Pending {
  readonly delimiter: string;
  readonly stripsTabs: boolean;
  readonly literal: boolean;
  /** Where its redirection stands among the tokens. */
  readonly at: number;
}

/** The tokens of a shell script (POSIX.1-2017, XCU 2.3), here-documents with the redirections that ask for them. Linear. */
export class Tokenizer {
  private readonly source: string;
  private at = 0;
  private line = 1;
  private readonly tokens: Token[] = [];
  private pending: Pending[] = [];

  constructor(source: string) {
    this.source = source;
  }

  /** All tokens; the last one is `bad` where a quote or a bracket is never closed. */
  read(): readonly Token[] {
    while (this.at < this.source.length) {
      this.skipBlanks();
      if (this.at >= this.source.length) break;
      if (!this.readToken()) {
        this.tokens.push({ kind: 'bad', line: this.line, start: this.at, end: this.source.length });
        break;
      }
    }
    return this.tokens;
  }

  private skipBlanks(): void {
    for (;;) {
      const letter = this.source[this.at];
      if (letter === ' ' || letter === '\t' || letter === '\r') this.at++;
      else if (letter === '\\' && this.source[this.at + 1] === '\n') {
        this.at += 2;
        this.line++;
      } else if (letter === '#') {
        const end = this.source.indexOf('\n', this.at);
        this.at = end < 0 ? this.source.length : end;
      } else return;
    }
  }

  private readToken(): boolean {
    const { line, at: start } = this;
    const isSpecial = /^[\n|&;()<>0-9]/.test(this.source[start] ?? '');
    if (!isSpecial) return this.addWord();
    if (this.readRedirect()) return true;
    const isSubstitution = /^[<>]\(/.test(this.source.slice(start, start + 2));
    const operator = isSubstitution ? undefined : operators.find((text) => this.source.startsWith(text, start));
    if (operator) {
      this.at += operator.length;
      if (operator === '\n') this.endLine();
      this.tokens.push({ kind: 'operator', text: operator, line, start, end: this.at });
      return true;
    }
    return this.addWord();
  }

  private addWord(): boolean {
    const { line, at: start } = this;
    const word = this.readWord();
    if (word) this.tokens.push({ kind: 'word', word, line, start, end: this.at });
    return word !== undefined;
  }

  private readRedirect(): boolean {
    redirection.lastIndex = this.at;
    const match = redirection.exec(this.source);
    const isProcess = /[<>]/.test(this.source[this.at] ?? '') && this.source[this.at + 1] === '(';
    if (!match || isProcess) return false;
    const { line, at: start } = this;
    const text = match[2] ?? match[3] ?? '';
    this.at += match[0].length;
    this.skipBlanks();
    const target = this.readWord();
    if (!target) return false;
    const from = Number(match[1] || (text.startsWith('<') ? 0 : 1));
    const operator = operatorOf(text);
    this.tokens.push({ kind: 'redirect', redirect: { operator, from, target }, line, start, end: this.at });
    if (operator === '<<') {
      const delimiter = target.raw.replace(/\\(.)|['"]/g, '$1');
      const literal = /['"\\]/.test(target.raw);
      this.pending.push({ delimiter, stripsTabs: text === '<<-', literal, at: this.tokens.length - 1 });
    }
    return true;
  }

  private endLine(): void {
    this.line++;
    for (const pending of this.pending) this.readHereDocument(pending);
    this.pending = [];
  }

  private readHereDocument({ delimiter, stripsTabs, literal, at }: Pending): void {
    const lines: string[] = [];
    while (this.at < this.source.length) {
      const end = this.source.indexOf('\n', this.at);
      const raw = this.source.slice(this.at, end < 0 ? this.source.length : end).replace(/\r$/, '');
      const text = stripsTabs ? raw.replace(/^\t+/, '') : raw;
      this.at = end < 0 ? this.source.length : end + 1;
      this.line++;
      if (text === delimiter) break;
      lines.push(`${text}\n`);
    }
    const body = lines.join('');
    const pieces: readonly Piece[] = literal ? [{ kind: 'text', text: body }] : new Tokenizer(body).readAsQuoted();
    const token = this.tokens[at];
    if (token?.kind !== 'redirect') return;
    const redirect: Redirect = {
      operator: '<<',
      from: token.redirect.from,
      target: { pieces, raw: body, quoted: true },
    };
    this.tokens[at] = { ...token, redirect };
  }

  /** The whole text as the inside of double quotes, in which a double quote is a letter. */
  private readAsQuoted(): readonly Piece[] {
    const pieces: Piece[] = [];
    const closed = this.readQuoted(pieces, false);
    return closed ? pieces : [{ kind: 'other' }];
  }

  private readWord(): Word | undefined {
    const start = this.at;
    const pieces: Piece[] = [];
    let quoted = false;
    for (;;) {
      const letter = this.source[this.at];
      if (letter === undefined) break;
      if (special.test(letter) && !((letter === '<' || letter === '>') && this.source[this.at + 1] === '(')) break;
      if (letter === "'" || letter === '"') quoted = true;
      if (!this.readPiece(letter, pieces)) return undefined;
    }
    return this.at === start ? undefined : { pieces, raw: this.source.slice(start, this.at), quoted };
  }

  private readPiece(letter: string, pieces: Piece[]): boolean {
    if (letter === "'") return this.readSingleQuoted(pieces);
    if (letter === '"') {
      this.at++;
      pieces.push({ kind: 'text', text: '' });
      return this.readQuoted(pieces, true);
    }
    if (letter === '$' || letter === '`') return this.readExpansion(pieces);
    if (letter === '<' || letter === '>') {
      this.at++;
      return this.readOutput(pieces, 1);
    }
    if (letter === '\\') {
      const next = this.source[this.at + 1] ?? '';
      if (next === '\n') this.line++;
      else pieces.push({ kind: 'text', text: next });
      this.at += 2;
      return true;
    }
    return this.readPlain(pieces);
  }

  private readPlain(pieces: Piece[]): boolean {
    plain.lastIndex = this.at;
    const text = plain.exec(this.source)?.[0] ?? '';
    this.at += Math.max(text.length, 1);
    if (text !== '\r') pieces.push({ kind: 'text', text });
    return true;
  }

  private readSingleQuoted(pieces: Piece[]): boolean {
    const end = this.source.indexOf("'", this.at + 1);
    if (end < 0) return false;
    this.addText(pieces, this.source.slice(this.at + 1, end));
    this.at = end + 1;
    return true;
  }

  private addText(pieces: Piece[], text: string): void {
    pieces.push({ kind: 'text', text });
    for (const letter of text) if (letter === '\n') this.line++;
  }

  /** To the closing quote, or to the end of the text where there is none to wait for. */
  private readQuoted(pieces: Piece[], needsQuote: boolean): boolean {
    const plain = needsQuote ? /[^"\\$`]+/y : /[^\\$`]+/y;
    while (this.at < this.source.length) {
      plain.lastIndex = this.at;
      const text = plain.exec(this.source)?.[0];
      const letter = this.source[this.at];
      if (text) {
        this.at += text.length;
        this.addText(pieces, text);
      } else if (letter === '"') {
        this.at++;
        return true;
      } else if (letter === '\\') {
        const next = this.source[this.at + 1] ?? '';
        this.at += 2;
        if (next !== '\n')
          this.addText(pieces, '$`"\\'.includes(next) && (needsQuote || next !== '"') ? next : `\\${next}`);
      } else if (!this.readExpansion(pieces)) return false;
    }
    return !needsQuote;
  }

  private readExpansion(pieces: Piece[]): boolean {
    if (this.source[this.at] === '`') return this.readBackquoted(pieces);
    const next = this.source[this.at + 1] ?? '';
    if (next === '(') {
      this.at++;
      return this.readOutput(pieces, 1);
    }
    if (next === '{') return this.readBraced(pieces);
    nameOf.lastIndex = this.at + 1;
    const name = nameOf.exec(this.source)?.[0] ?? (/[0-9@*#?$!-]/.test(next) ? next : undefined);
    this.at += 1 + (name?.length ?? 0);
    pieces.push(name === undefined ? { kind: 'text', text: '$' } : { kind: 'variable', name });
    return true;
  }

  private readBraced(pieces: Piece[]): boolean {
    const end = this.closing('{', '}');
    if (end === undefined) return false;
    const inner = this.source.slice(this.at + 2, end);
    this.at = end + 1;
    pieces.push(/^([A-Za-z_][A-Za-z0-9_]*|[0-9])$/.test(inner) ? { kind: 'variable', name: inner } : { kind: 'other' });
    return true;
  }

  /** What stands in brackets from here on, as commands; arithmetic is no command. */
  private readOutput(pieces: Piece[], depth: number): boolean {
    this.at -= depth;
    const end = this.closing('(', ')');
    if (end === undefined) return false;
    const script = this.source.slice(this.at + 2, end);
    this.at = end + 1;
    pieces.push(script.startsWith('(') && script.endsWith(')') ? { kind: 'other' } : { kind: 'output', script });
    return true;
  }

  private readBackquoted(pieces: Piece[]): boolean {
    const end = /(?:[^`\\]|\\[\s\S])*`/y;
    end.lastIndex = this.at + 1;
    const inner = end.exec(this.source)?.[0];
    if (inner === undefined) return false;
    this.at += inner.length + 1;
    for (const letter of inner) if (letter === '\n') this.line++;
    pieces.push({ kind: 'output', script: inner.slice(0, -1).replace(/\\([`$\\])/g, '$1') });
    return true;
  }

  /** Where the bracket that is opened after the letter at hand is closed; quotes within are passed over. */
  private closing(open: string, close: string): number | undefined {
    let depth = 0;
    for (let at = this.at + 1; at < this.source.length; at++) {
      const letter = this.source[at];
      if (letter === '\\') at++;
      else if (letter === "'" || letter === '"') {
        const end = endOfQuote(this.source, at);
        if (end === undefined) return undefined;
        at = end;
      } else if (letter === open) depth++;
      else if (letter === close && --depth === 0) return at;
      if (letter === '\n') this.line++;
    }
    return undefined;
  }
}

function endOfQuote(source: string, start: number): number | undefined {
  const quote = source[start];
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] === quote) return at;
    if (quote === '"' && source[at] === '\\') at++;
  }
  return undefined;
}

function operatorOf(text: string): Redirect['operator'] {
  const known = ['<<<', '<>', '<&', '<', '>>', '>|', '>&', '>', '&>>', '&>'] as const;
  return known.find((operator) => operator === text) ?? '<<';
}

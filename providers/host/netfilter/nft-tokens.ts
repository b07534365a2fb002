/** A word of the text form of nft. */
export interface Token {
  readonly text: string;
  /** Whether it stood in quotes: then it is no keyword. */
  readonly quoted: boolean;
  /** Where it stands: the first character and the first after it. */
  readonly start: number;
  readonly end: number;
}

export const newline = '\n';

/** Signs that are words of their own wherever they stand, if not within quotes. */
const single = new Set(['{', '}', '(', ')', ';', ',', '=']);

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\t' || char === '\r';
}

/**
 * The words of `nft list ruleset`: parted at blanks, quotes and the signs of blocks and lists, each end of a line a word of its own. What
 * stands after a `#` is left out but for the handle of a line, which is the word `# handle N`. A comma within a word belongs to it
 * (`established,related`, `@th,16,16`). Quotes end with their line: an open one is a word to the end of it.
 */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at];
    if (char === newline) {
      tokens.push({ text: newline, quoted: false, start: at, end: at + 1 });
      at++;
    } else if (isBlank(char)) at++;
    else {
      const token = char === '#' ? commentAt(text, at) : char === '"' ? quotedAt(text, at) : wordAt(text, at);
      if (char !== '#' || token.text.startsWith('# handle ')) tokens.push(token);
      at = token.end;
    }
  }
  return tokens;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf(newline, from);
  return end < 0 ? text.length : end;
}

function commentAt(text: string, start: number): Token {
  const end = endOfLine(text, start);
  return { text: text.slice(start, end).trimEnd(), quoted: false, start, end };
}

const closing = /["\n]/g;

function quotedAt(text: string, start: number): Token {
  closing.lastIndex = start + 1;
  const close = closing.exec(text)?.index ?? text.length;
  const end = text[close] === '"' ? close + 1 : close;
  return { text: text.slice(start + 1, close), quoted: true, start, end };
}

const parting = /[\s"{}();]/g;

function wordAt(text: string, start: number): Token {
  const char = text[start] ?? '';
  const next = text[start + 1] ?? '';
  // `redirect to :tcp dport map { ... }`, `elements = { ... }`.
  const isSign = single.has(char) ? char !== '=' || isBlank(next) : char === ':' && /[a-z]/.test(next);
  if (isSign) return { text: char, quoted: false, start, end: start + 1 };
  parting.lastIndex = start + 1;
  const found = parting.exec(text)?.index ?? text.length;
  const end = text[found - 1] === ',' ? found - 1 : found;
  return { text: text.slice(start, end), quoted: false, start, end };
}

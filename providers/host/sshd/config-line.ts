/** A line of sshd_config, taken apart as sshd does. */
export type ConfigLine =
  /** Empty, a comment, or a line that sshd passes over: one with a quote in its keyword that is not closed. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'no-argument'; readonly keyword: string }
  | { readonly kind: 'directive'; readonly keyword: string; readonly rest: string };

const blanks = ' \t\r\n';

/** The keyword and what follows it. One `=` may stand between them, and the keyword may be quoted (measured on OpenSSH 9.2). */
export function configLine(text: string): ConfigLine {
  let line = text;
  let end = line.length;
  while (end > 1 && `${blanks}\f`.includes(line.charAt(end - 1))) end--;
  line = line.slice(0, end);
  let start = 0;
  while (start < line.length && ' \t\r'.includes(line.charAt(start))) start++;
  let word = delimited(line.slice(start));
  if (word?.text === '' && word.rest !== undefined) word = delimited(word.rest);
  if (word === undefined || word.text === '' || word.text.startsWith('#')) return { kind: 'nothing' };
  if (!word.rest) return { kind: 'no-argument', keyword: word.text };
  return { kind: 'directive', keyword: word.text, rest: word.rest };
}

/** What stands before the first blank, quote or `=`, and what follows; undefined where a quote is not closed. */
function delimited(text: string): { readonly text: string; readonly rest: string | undefined } | undefined {
  const at = text.search(/[ \t\r\n"=]/);
  if (at < 0) return { text, rest: undefined };
  if (text[at] === '"') {
    const close = text.indexOf('"', at + 1);
    if (close < 0) return undefined;
    return { text: text.slice(0, at) + text.slice(at + 1, close), rest: withoutBlanks(text.slice(close + 1)) };
  }
  let rest = withoutBlanks(text.slice(at + 1));
  if (text[at] !== '=' && rest.startsWith('=')) rest = withoutBlanks(rest.slice(1));
  return { text: text.slice(0, at), rest };
}

function withoutBlanks(text: string): string {
  let start = 0;
  while (start < text.length && blanks.includes(text.charAt(start))) start++;
  return text.slice(start);
}

/** The arguments of a directive, up to a word that begins with `#`; undefined where a quote is not closed. */
export function configArguments(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let i = 0;
  while (i < text.length) {
    const character = text[i];
    if (character === ' ' || character === '\t') i++;
    else if (character === '#') break;
    else {
      const word = wordAt(text, i);
      if (word === undefined) return undefined;
      words.push(word.text);
      i = word.end;
    }
  }
  return words;
}

function wordAt(text: string, start: number): { readonly text: string; readonly end: number } | undefined {
  const parts: string[] = [];
  let quote = '';
  let i = start;
  for (; i < text.length; i++) {
    const character = text.charAt(i);
    const next = text.charAt(i + 1);
    if (character === '\\' && next !== '' && (`'"\\`.includes(next) || (quote === '' && next === ' '))) {
      parts.push(next);
      i++;
    } else if (quote === '' && (character === ' ' || character === '\t')) break;
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
    else parts.push(character);
  }
  return quote === '' ? { text: parts.join(''), end: i } : undefined;
}

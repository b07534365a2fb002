import { printParseErrorCode, visit } from 'jsonc-parser';

export interface JsonError {
  /** What is wrong, in words. */
  readonly what: string;
  /** Index of the first wrong character. */
  readonly offset: number;
  /** Whether nothing follows it: then the text may only have been cut off. */
  readonly atEnd: boolean;
}

const STRICT = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };
const LONGEST_EXCERPT = 20;
/** jsonc-parser calls itself at each bracket. */
const MOST_DEPTH = 1000;
const STOP = new Error('stop');

/** What each error of jsonc-parser says to a reader, given the text at its place. */
const WORDS: Readonly<Record<string, (found: string) => string>> = {
  InvalidSymbol: (found) => `${found} is no JSON value`,
  InvalidNumberFormat: (found) => `${found} is no JSON number`,
  UnexpectedEndOfNumber: (found) => `${found} is no JSON number`,
  PropertyNameExpected: (found) => `expected a key in double quotes, found ${found}`,
  ValueExpected: (found) => `expected a value, found ${found}`,
  ColonExpected: (found) => `expected ':' after the key, found ${found}`,
  CommaExpected: (found) => `expected ',' or a closing bracket, found ${found}`,
  CloseBraceExpected: (found) => `expected '}', found ${found}`,
  CloseBracketExpected: (found) => `expected ']', found ${found}`,
  EndOfFileExpected: (found) => `expected nothing more, found ${found}`,
  InvalidCommentToken: () => 'JSON has no comments',
  UnexpectedEndOfComment: () => 'JSON has no comments',
  UnexpectedEndOfString: () => 'the string has no closing quote on its line',
  InvalidUnicode: () => 'expected four hexadecimal digits after \\u',
  InvalidEscapeCharacter: () => 'JSON knows no such escape in a string',
  InvalidCharacter: () => 'a control character must be escaped in a string',
};

/** In a string token: the first thing that JSON does not allow there. */
const WRONG_IN_STRING: Readonly<Record<string, RegExp>> = {
  InvalidUnicode: /\\u(?![0-9a-fA-F]{4})/,
  InvalidEscapeCharacter: /\\(?!["\\/bfnrtu])/,
  InvalidCharacter: /[^ -\uffff]/,
};

/** The first place where `text` stops being JSON; undefined for valid JSON, and where the brackets before it are thousands deep. */
export function firstJsonError(text: string): JsonError | undefined {
  const token = firstWrongToken(text);
  if (token === undefined) return undefined;
  const { code, offset, length } = token;
  const found = text.slice(offset, offset + length);
  const inside = found.replace(/\\\\/g, '__').search(WRONG_IN_STRING[code] ?? /^/);
  const words = WORDS[code] ?? (() => `${quoted(found)} is not JSON`);
  return {
    what: words(quoted(found)),
    offset: offset + Math.max(inside, 0),
    atEnd: offset + length >= text.trimEnd().length,
  };
}

interface WrongToken {
  readonly code: string;
  readonly offset: number;
  readonly length: number;
}

function firstWrongToken(text: string): WrongToken | undefined {
  let wrong: WrongToken | undefined;
  let depth = 0;
  const enter = () => {
    if (++depth > MOST_DEPTH) throw STOP;
  };
  const leave = () => {
    depth--;
  };
  const onError = (code: number, offset: number, length: number) => {
    wrong = { code: printParseErrorCode(code), offset, length };
    throw STOP;
  };
  try {
    visit(text, { onObjectBegin: enter, onArrayBegin: enter, onObjectEnd: leave, onArrayEnd: leave, onError }, STRICT);
  } catch (stop) {
    if (stop !== STOP) throw stop;
  }
  return wrong;
}

/** Text of a file as a message may show it: short, and nothing that a terminal would obey. */
export function quoted(text: string): string {
  const shown = text.slice(0, LONGEST_EXCERPT).replace(/[^ -~]/g, (character) => {
    const code = character.charCodeAt(0);
    return code === 0x0a ? '\\n' : `\\x${code.toString(16).padStart(2, '0')}`;
  });
  return `'${shown}${text.length > LONGEST_EXCERPT ? '...' : ''}'`;
}

import type { Problem } from '../model/index.js';

/** Thrown where nothing can be asked of a cloud at all: no credentials, no such account, an endpoint that is none. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
  readonly problem: Problem;

  constructor(parts: Omit<Problem, 'severity'>) {
    super(oneLine(parts.what));
    const { what, where, why, fix } = parts;
    this.problem = {
      severity: 'error',
      what: oneLine(what),
      where: oneLine(where),
      why: oneLine(why),
      fix: oneLine(fix),
    };
  }
}

const QUOTED_CHARACTERS = 120;

/** At most 120 printable characters from the start of a body, in quotes. */
export function quoteBody(text: string): string {
  const printable = oneLine(text.slice(0, 2048));
  return printable.length > QUOTED_CHARACTERS ? `"${printable.slice(0, QUOTED_CHARACTERS)}"...` : `"${printable}"`;
}

/** White space folded, control and direction characters written out (`\u{1b}`): what came over the wire must not reach a terminal raw. */
export function oneLine(text: string): string {
  return text
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(
      /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu,
      (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
    );
}

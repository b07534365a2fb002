/** One word of a line of iptables-save. */
export interface Word {
  readonly text: string;
  /** Whether any of it stood in quotes: then it is a value, whatever it looks like. */
  readonly quoted: boolean;
  /** Where it stands in the line: the first character and the first after it. */
  readonly start: number;
  readonly end: number;
}

/** Whether a word is the sign that turns an option around. */
export function isBang(word: Word | undefined): boolean {
  return word?.text === '!' && !word.quoted;
}

/**
 * The words of a line as iptables-restore takes them apart: at blanks, but not within double quotes, in which a backslash makes the
 * next character a plain one. Undefined when a quote is left open.
 */
export function wordsOf(line: string): readonly Word[] | undefined {
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    if (line[at] === ' ' || line[at] === '\t') {
      at++;
      continue;
    }
    const word = wordAt(line, at);
    if (!word) return undefined;
    words.push(word);
    at = word.end;
  }
  return words;
}

function wordAt(line: string, start: number): Word | undefined {
  const parts: string[] = [];
  let quoted = false;
  let inside = false;
  let from = start;
  let at = start;
  for (; at < line.length; at++) {
    const char = line[at];
    if (!inside && (char === ' ' || char === '\t')) break;
    if (char === '"') {
      parts.push(line.slice(from, at));
      from = at + 1;
      quoted = true;
      inside = !inside;
    } else if (inside && char === '\\') {
      parts.push(line.slice(from, at));
      from = ++at;
    }
  }
  if (inside) return undefined;
  parts.push(line.slice(from, at));
  return { text: parts.join(''), quoted, start, end: at };
}

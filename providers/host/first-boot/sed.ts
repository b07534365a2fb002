/** What a `sed` program makes of a text, or undefined where it is not understood: it may do anything then. */
export function sed(program: string, extended: boolean, text: string): string | undefined {
  let current: string | undefined = text;
  for (const command of splitProgram(program) ?? [undefined]) {
    if (command === undefined || current === undefined) return undefined;
    current = run(command, extended, current);
  }
  return current;
}

interface SedCommand {
  readonly address?: RegExpText;
  readonly name: 's' | 'd' | 'a' | 'i' | 'c';
  readonly pattern: string;
  readonly replacement: string;
  readonly flags: string;
}

interface RegExpText {
  readonly pattern: string;
}

/** The commands of a program: `s`, `d`, and one-line `a`, `i`, `c` of GNU sed, each with at most one `/address/`. */
function splitProgram(program: string): readonly SedCommand[] | undefined {
  const commands: SedCommand[] = [];
  let rest = program.trim();
  while (rest !== '') {
    const read = readCommand(rest);
    if (!read) return undefined;
    commands.push(read.command);
    rest = read.rest.replace(/^[\s;]+/, '');
    if (commands.length > 200) return undefined;
  }
  return commands;
}

function readCommand(text: string): { readonly command: SedCommand; readonly rest: string } | undefined {
  const address = text.startsWith('/') ? readUntil(text, 1, '/') : undefined;
  if (text.startsWith('/') && !address) return undefined;
  const body = address ? text.slice(address.end).trimStart() : text;
  const base = address ? { address: { pattern: address.text } } : {};
  if (body.startsWith('d')) {
    if (!/^d\s*(;|\n|$)/.test(body)) return undefined;
    return { command: { ...base, name: 'd', pattern: '', replacement: '', flags: '' }, rest: body.slice(1) };
  }
  const line = /^([aic])(?:\s*\\\s*\n\s*|\s*\\?\s*)([^\n]*)/.exec(body);
  if (line?.[1] === 'a' || line?.[1] === 'i' || line?.[1] === 'c') {
    const command = { ...base, name: line[1], pattern: '', replacement: line[2] ?? '', flags: '' } as const;
    return { command, rest: body.slice(line[0].length) };
  }
  return body.startsWith('s') ? readSubstitution(body, base) : undefined;
}

function readSubstitution(body: string, base: { readonly address?: RegExpText }) {
  const delimiter = body[1];
  if (delimiter === undefined || /[\\\s\w]/.test(delimiter)) return undefined;
  const pattern = readUntil(body, 2, delimiter);
  const replacement = pattern && readUntil(body, pattern.end, delimiter);
  const flags = replacement && /^[gI]*/i.exec(body.slice(replacement.end))?.[0];
  if (!pattern || !replacement || flags === undefined) return undefined;
  const rest = body.slice(replacement.end + flags.length);
  if (rest !== '' && !/^\s*[;\n]/.test(rest) && rest.trim() !== '') return undefined;
  return {
    command: { ...base, name: 's', pattern: pattern.text, replacement: replacement.text, flags } as const,
    rest,
  };
}

function readUntil(
  text: string,
  start: number,
  delimiter: string,
): { readonly text: string; readonly end: number } | undefined {
  let inner = '';
  for (let at = start; at < text.length; at++) {
    const letter = text[at] ?? '';
    if (letter === delimiter) return { text: inner, end: at + 1 };
    if (letter === '\\' && at + 1 < text.length) {
      const next = text[++at] ?? '';
      inner += next === delimiter && delimiter !== '|' ? next : `\\${next}`;
    } else inner += letter;
  }
  return undefined;
}

function run(command: SedCommand, extended: boolean, text: string): string | undefined {
  const address = command.address ? regularExpression(command.address.pattern, extended, '') : undefined;
  if (command.address && !address) return undefined;
  const ended = text.endsWith('\n');
  const lines = (ended ? text.slice(0, -1) : text).split('\n');
  if (lines.some((line) => line.length > 10_000)) return undefined;
  const changed: string[] = [];
  for (const line of lines) {
    const result = address && !address.test(line) ? [line] : changedLine(command, extended, line);
    if (!result) return undefined;
    changed.push(...result);
  }
  return text === '' ? '' : changed.join('\n') + (ended ? '\n' : '');
}

function changedLine(command: SedCommand, extended: boolean, line: string): readonly string[] | undefined {
  if (command.name === 'd') return [];
  if (command.name === 'c') return [command.replacement];
  if (command.name === 'a') return [line, command.replacement];
  if (command.name === 'i') return [command.replacement, line];
  const flags = `${command.flags.includes('g') ? 'g' : ''}${/i/i.test(command.flags) ? 'i' : ''}`;
  const pattern = regularExpression(command.pattern, extended, flags);
  const groups = pattern?.source.match(/(?<!\\)\(/g)?.length ?? 0;
  if ([...command.replacement.matchAll(/\\([1-9])/g)].some(([, number]) => Number(number) > groups)) return undefined;
  if (!pattern || /\\[^0-9&/\\.n#|]/.test(command.replacement)) return undefined;
  return line.replace(pattern, (match, ...groups: unknown[]) => filled(command.replacement, match, groups)).split('\n');
}

function filled(replacement: string, match: string, groups: readonly unknown[]): string {
  return replacement.replace(/\\(.)|&/g, (all, letter?: string) => {
    if (all === '&') return match;
    if (letter === 'n') return '\n';
    if (letter === '0') return match;
    if (letter && /[1-9]/.test(letter)) {
      const group = groups[Number(letter) - 1];
      return typeof group === 'string' ? group : '';
    }
    return letter ?? '';
  });
}

const classes: Readonly<Record<string, string>> = {
  '[:space:]': '\\s',
  '[:blank:]': ' \\t',
  '[:digit:]': '0-9',
  '[:alpha:]': 'A-Za-z',
  '[:alnum:]': 'A-Za-z0-9',
  '[:upper:]': 'A-Z',
  '[:lower:]': 'a-z',
};

/**
 * A basic or extended expression of POSIX (XBD 9.3, 9.4, with the `\+`, `\?`, `\|`, `\s`, `\b` of GNU) as one of JavaScript. Undefined
 * where it is not understood, and where it could run for ever: a repetition within a repetition.
 */
function regularExpression(pattern: string, extended: boolean, flags: string): RegExp | undefined {
  const out: string[] = [];
  for (let at = 0; at < pattern.length; ) {
    const piece = readPiece(pattern, at, extended, out);
    if (piece === undefined) return undefined;
    out.push(piece.text);
    at = piece.end;
  }
  const source = out.join('');
  if (/\([^)]*[*+{][^)]*\)[*+{]/.test(source) || (source.match(/[*+{]/g)?.length ?? 0) > 12) return undefined;
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}

function readPiece(pattern: string, at: number, extended: boolean, before: readonly string[]) {
  const letter = pattern[at] ?? '';
  if (letter === '[') return readBracket(pattern, at);
  if (letter === '\\') {
    const next = pattern[at + 1] ?? '';
    const end = at + 2;
    if (/[(){}+?|]/.test(next)) return { text: extended ? `\\${next}` : next, end };
    if (/[sSwWb]/.test(next)) return { text: `\\${next}`, end };
    if (next === 't' || next === 'n') return { text: `\\${next}`, end };
    return /[1-9A-Za-z]/.test(next) || next === '' ? undefined : { text: `\\${next}`, end };
  }
  const isFirst = before.length === 0 || /[(|]$/.test(before[before.length - 1] ?? '');
  if (extended && isFirst && /[*+?{]/.test(letter)) return undefined;
  if (letter === '*' && isFirst) return { text: '\\*', end: at + 1 };
  if (letter === '^' && !extended && !isFirst) return { text: '\\^', end: at + 1 };
  if (letter === '$' && !extended && at + 1 < pattern.length && !/^\\[)|]/.test(pattern.slice(at + 1)))
    return { text: '\\$', end: at + 1 };
  if (!extended && /[(){}+?|]/.test(letter)) return { text: `\\${letter}`, end: at + 1 };
  return { text: letter === '/' || letter === ']' ? `\\${letter}` : letter, end: at + 1 };
}

function readBracket(pattern: string, start: number): { readonly text: string; readonly end: number } | undefined {
  const match = /^\[(\^?)(\]?(?:\[:[a-z]+:\]|[^\]])*)\]/.exec(pattern.slice(start, start + 300));
  if (!match) return undefined;
  const [, not = '', inner = ''] = match;
  const text = inner
    .replace(/\\/g, '\\\\')
    .replace(/^\]/, '\\]')
    .replace(/\[:[a-z]+:\]/g, (name) => classes[name] ?? '')
    .replace(/\[/g, '\\[');
  return { text: `[${not}${text}]`, end: start + match[0].length };
}

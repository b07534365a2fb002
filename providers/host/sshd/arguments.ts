/** What the command line of sshd says of where it listens. */
export interface SshdArguments {
  /** Of `-f`. */
  readonly file?: string;
  /** In their order: `-p`, `-o`, `-4` and `-6`. */
  readonly settings: readonly { readonly kind: 'port' | 'option' | 'family'; readonly text: string }[];
  /** `-i`: a connection was handed to it, and it listens on nothing. */
  readonly inetd: boolean;
}

/** The letters of sshd(8) that take a value. */
const withValue = 'CEbcfghkopu';

/** The words behind the name of the program, read as getopt(3) reads them. */
export function readArguments(words: readonly string[]): SshdArguments {
  const settings: { kind: 'port' | 'option' | 'family'; text: string }[] = [];
  let file: string | undefined;
  let inetd = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (!word.startsWith('-') || word === '-' || word === '--') break;
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      if (letter === '4' || letter === '6') settings.push({ kind: 'family', text: letter === '4' ? 'inet' : 'inet6' });
      if (letter === 'i') inetd = true;
      if (!withValue.includes(letter)) continue;
      const value = at + 1 < word.length ? word.slice(at + 1) : (words[++i] ?? '');
      if (letter === 'f') file = value;
      if (letter === 'p') settings.push({ kind: 'port', text: value });
      if (letter === 'o') settings.push({ kind: 'option', text: value });
      break;
    }
  }
  return { settings, inetd, ...(file !== undefined && { file }) };
}

/**
 * The arguments of an sshd as `ps` shows it: `sshd: /usr/sbin/sshd -D -o Port 22 [listener] 0 of 10-100 startups`, or
 * `/usr/sbin/sshd -D`. A value with blanks goes to the next word that begins with `-`. Undefined for a line of another program.
 */
export function argumentsOfTitle(title: string): readonly string[] | undefined {
  const match = /^(?:sshd: )?(\S*\/)?sshd(?=\s|$)(.*)$/.exec(title.slice(0, 4096));
  if (match === null || (title.startsWith('sshd: ') && match[1] === undefined)) return undefined;
  const words = (match[2] ?? '')
    .replace(/\s\[(?:listener|accepted|net|priv)\].*$/, '')
    .trim()
    .split(/\s+/);
  const joined: string[] = [];
  for (const word of words) {
    if (word === '') continue;
    const last = joined.at(-1);
    if (!word.startsWith('-') && joined.at(-2) === '-o' && last !== undefined)
      joined[joined.length - 1] = `${last} ${word}`;
    else joined.push(word);
  }
  return joined;
}

/** The words of `SSHD_OPTS="-p 2222"` (Debian), `OPTIONS=` (Red Hat) or `command_args=` (Alpine) in a file of variables. */
export function argumentsOfVariables(text: string): readonly string[] {
  let words: readonly string[] = [];
  for (const line of text.split('\n')) {
    const value = /^\s*(?:export\s+)?(?:SSHD_OPTS|OPTIONS|command_args)=(.*?)\s*$/.exec(line.slice(0, 4096))?.[1];
    if (value !== undefined) {
      const bare = value.replace(/^(["'])(.*)\1$/, '$2');
      words = bare.split(/\s+/).filter((word) => word !== '');
    }
  }
  return words;
}

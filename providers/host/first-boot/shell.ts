import type { Arg } from './call.js';
import { copyOf, type Machine, mergeMaybe } from './machine.js';
import type { Script, Word } from './shell-syntax.js';
import { type Doubt, type Line, type Told, told, unknownText } from './told.js';

/** A shell that runs on a machine. */
export interface Shell {
  readonly machine: Machine;
  /** Where its script stands: `runcmd[2]`, `user data part 1`. */
  readonly at: string;
  /** Lines of the script are told with the place. */
  readonly numbered: boolean;
  /** undefined is a value that nobody knows. */
  readonly variables: Map<string, string | undefined>;
  readonly functions: Map<string, Script>;
  readonly limits: { commands: number };
  readonly depth: number;
  /** Where relative paths begin; undefined where nobody knows. */
  folder: string | undefined;
  /** Nothing after runs, of the function at least: `return`, `exit`. */
  ended: boolean;
  /** Nothing after runs at all: `exit`. */
  exited: boolean;
  /** Set when the function or the script may have ended before. */
  doubt?: Doubt;
  /** Set when the script may have ended before. */
  exitDoubt?: Doubt;
  /** Whether the last command succeeded: commands that do something are taken to, tests are not known. */
  status: 'done' | 'tested';
  /** How scripts within scripts are run. */
  readonly run: {
    readonly script: (shell: Shell, script: Script) => string | undefined;
    readonly source: (shell: Shell, source: string) => string | undefined;
  };
}

const mostText = 1024 * 1024;

/** A shell that keeps its variables and its end to itself. */
export function subshell(shell: Shell): Shell {
  return { ...shell, variables: new Map(shell.variables) };
}

/** Runs something that may run or not: what it would change is not known after. */
export function runMaybe(shell: Shell, doubt: Doubt, run: (shell: Shell) => void): void {
  const inner: Shell = { ...shell, machine: copyOf(shell.machine), variables: new Map(shell.variables) };
  run(inner);
  mergeMaybe(shell.machine, inner.machine, doubt);
  for (const [name, value] of inner.variables) {
    if (shell.variables.get(name) !== value || !shell.variables.has(name)) shell.variables.set(name, undefined);
  }
  if (inner.folder !== shell.folder) shell.folder = undefined;
  if (inner.ended) shell.doubt = doubt;
  else if (inner.doubt) shell.doubt = inner.doubt;
  if (inner.exited) shell.exitDoubt = doubt;
  else if (inner.exitDoubt) shell.exitDoubt = inner.exitDoubt;
}

/** The line of a command, for people: its first line, since what follows is data. */
export function lineOf({ at, numbered }: Shell, { line, raw }: { readonly line: number; readonly raw: string }): Line {
  const [first = ''] = raw.split('\n', 1);
  return { at: numbered ? `${at} line ${line}` : at, text: first.trim() };
}

/** Commands of which nobody knows what they do, and that name nothing that decides. */
export function mayChange({ machine }: Shell, why: string, line: Line): void {
  if (machine.mayChange.length < 100) machine.mayChange.push({ why, line });
}

/** The absolute path of a word; undefined where nobody knows it. */
export function pathOf({ folder }: Shell, { text, sure }: Arg): string | undefined {
  if (!sure) return undefined;
  const whole = text.startsWith('/') ? text : folder === undefined ? undefined : `${folder}/${text}`;
  if (whole === undefined) return undefined;
  const parts: string[] = [];
  for (const part of whole.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Writes a file; `text` is undefined where nobody knows what is written. */
export function writeFile(
  { files }: Machine,
  path: string,
  text: string | undefined,
  append: boolean,
  line: Line,
): void {
  const before = append ? files.get(path) : undefined;
  if (before && !before.known) return;
  const whole = text === undefined ? undefined : (before?.value ?? '') + text;
  const isFit = whole !== undefined && whole.length <= mostText;
  const why = whole === undefined ? 'what is written is not known before it runs' : 'it becomes longer than 1 MiB';
  if (isFit) setText({ files }, path, whole, line);
  else files.set(path, { known: false, doubt: { why, line } });
}

/** Says what a file holds now. The line that is named is the one that changed where sshd listens, of files that say so. */
export function setText({ files }: Pick<Machine, 'files'>, path: string, text: string, line: Line): void {
  const before = files.get(path);
  const old = before?.known ? (before.value ?? '') : undefined;
  const isSame = path.startsWith('/etc/ssh/sshd_config') && old !== undefined && listenLines(old) === listenLines(text);
  files.set(path, told(text, isSame && before?.known ? before.by : line));
}

function listenLines(text: string): string {
  return text
    .split('\n')
    .filter((each) => /^\s*(port|listenaddress|addressfamily|include|match)\b/i.test(each))
    .join('\n');
}

/** What a file holds: null where it is not there or is the image's own. */
export function readFile({ files }: Machine, path: string): Told<string | null> {
  return files.get(path) ?? told(null);
}

/** The words that the expansions of one word give; `output` runs the commands whose output is asked for. */
export function expand(shell: Shell, word: Word, output: (script: string) => string | undefined): readonly Arg[] {
  let text = '';
  let sure = true;
  let splits = false;
  for (const piece of word.pieces) {
    if (piece.kind === 'text') {
      text += piece.text;
      continue;
    }
    const value =
      piece.kind === 'variable'
        ? shell.variables.get(piece.name)
        : piece.kind === 'output'
          ? output(piece.script)?.replace(/\n+$/, '')
          : undefined;
    if (value === undefined || value.includes(unknownText)) sure = false;
    text += value ?? unknownText;
    if (text.length > mostText) return [{ text: unknownText, sure: false }];
    splits ||= piece.kind !== 'other';
  }
  if (!splits || word.quoted || !sure) return [{ text, sure }];
  return text
    .split(/\s+/)
    .filter(Boolean)
    .map((part) => ({ text: part, sure }));
}

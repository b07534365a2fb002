import type { Arg } from './call.js';
import { state } from './machine.js';
import { sed } from './sed.js';
import { mayChange, pathOf, readFile, type Shell, setText, writeFile } from './shell.js';
import { decides, mentions } from './stock-image.js';
import { type Line, told, unknownText } from './told.js';
import { touchUnknown } from './touch-unknown.js';

export interface FileCall {
  readonly shell: Shell;
  readonly args: readonly Arg[];
  readonly line: Line;
  readonly input: string | undefined;
}

type FileCommand = (call: FileCall) => string | undefined;

const commands: Readonly<Record<string, FileCommand>> = {
  echo,
  printf,
  cat,
  tee,
  sed: runSed,
  gsed: runSed,
  cp: copy,
  mv: move,
  ln: copy,
  install: copy,
  rm: remove,
  unlink: remove,
  truncate: empty,
  yes: () => 'y\n',
};

/** The command that changes files, by its name. What it answers is what it prints; undefined where nobody knows. */
export function fileCommands(name: string): FileCommand | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined;
}

function echo({ args }: FileCall): string {
  let at = 0;
  while (/^-[neE]+$/.test(args[at]?.text ?? '')) at++;
  const options = args
    .slice(0, at)
    .map(({ text }) => text)
    .join('');
  const text = args
    .slice(at)
    .map((arg) => arg.text)
    .join(' ');
  const shown = options.includes('e') ? escaped(text) : text;
  return options.includes('n') ? shown : `${shown}\n`;
}

function escaped(text: string): string {
  return text.replace(/\\([nt\\])/g, (_, letter: string) => (letter === 'n' ? '\n' : letter === 't' ? '\t' : '\\'));
}

function printf({ args }: FileCall): string | undefined {
  const [format, ...values] = args.map(({ text }) => text);
  if (format === undefined) return '';
  let at = 0;
  let isOdd = false;
  const once = () =>
    escaped(format).replace(/%(.)/g, (_, letter: string) => {
      if (letter === '%') return '%';
      isOdd ||= !/[sdb]/.test(letter);
      return values[at++] ?? '';
    });
  let printed = once();
  for (let turns = 0; at > 0 && at < values.length && turns < 100; turns++) printed += once();
  return isOdd ? undefined : printed;
}

function cat({ shell, args, input }: FileCall): string | undefined {
  const names = args.filter(({ text }) => text === '-' || !text.startsWith('-'));
  if (names.length === 0) return input;
  let all = '';
  for (const name of names) {
    const path = pathOf(shell, name);
    const file = path === undefined ? undefined : readFile(shell.machine, path);
    const text = name.text === '-' ? input : file?.known ? (file.value ?? undefined) : undefined;
    if (text === undefined) return undefined;
    all += text;
  }
  return all;
}

function tee({ shell, args, line, input }: FileCall): string | undefined {
  const append = args.some(({ text }) => /^(-[ip]*a[ip]*|--append)$/.test(text));
  for (const arg of args.filter(({ text }) => !text.startsWith('-'))) write(shell, arg, input, append, line);
  return input;
}

function write(shell: Shell, arg: Arg, text: string | undefined, append: boolean, line: Line): void {
  const path = pathOf(shell, arg);
  if (path === undefined) mayChange(shell, 'which file it writes is not known before it runs', line);
  else if (!path.startsWith('/dev/')) writeFile(shell.machine, path, text, append, line);
}

interface SedOptions {
  readonly program: Arg | undefined;
  readonly files: readonly Arg[];
  readonly extended: boolean;
  readonly inPlace: boolean;
  readonly odd: boolean;
}

function sedOptions(args: readonly Arg[]): SedOptions {
  const scripts: Arg[] = [];
  const files: Arg[] = [];
  let [extended, inPlace, odd] = [false, false, false];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at];
    if (!arg) break;
    const { text } = arg;
    const next = args[at + 1];
    if (/^-[Er]*e$|^--expression$/.test(text) && next) scripts.push(args[++at] ?? next);
    else if (text.startsWith('--expression=')) scripts.push({ ...arg, text: text.slice('--expression='.length) });
    else if (/^(--in-place|-[Ers]*i)/.test(text)) inPlace = true;
    else if (!/^-[Ers]+$|^--(regexp-extended|posix)$/.test(text) && text.startsWith('-')) odd = true;
    else if (!text.startsWith('-')) files.push(arg);
    if (/^(-[si]*[Er]|--regexp-extended)/.test(text)) extended = true;
  }
  const [first, ...rest] = files;
  const program =
    scripts.length > 0
      ? { text: scripts.map(({ text }) => text).join('\n'), sure: scripts.every(({ sure }) => sure) }
      : first;
  return { program, files: scripts.length > 0 ? files : rest, extended, inPlace, odd };
}

function runSed({ shell, args, line, input }: FileCall): string | undefined {
  const { program, files, extended, inPlace, odd } = sedOptions(args);
  const edit = (text: string) => (program && !odd ? sed(program.text, extended, text) : undefined);
  if (!inPlace) return files.length === 0 && input !== undefined ? edit(input) : undefined;
  for (const arg of files)
    for (const path of pathsOf(shell, arg)) editFile(shell, path, program?.text ?? '', edit, line);
  if (files.some(({ sure }) => !sure)) mayChange(shell, 'which file it edits is not known before it runs', line);
  return '';
}

const settings = /port|listen|family|include|match|d\b/i;

/** Edits a file. What the image's own file holds is not known: an edit that names none of the settings leaves those as they are. */
function editFile(
  { machine }: Shell,
  path: string,
  program: string,
  edit: (text: string) => string | undefined,
  line: Line,
): void {
  const before = machine.files.get(path);
  if (before && !before.known) return;
  const why = before ? 'the edit is not understood' : "what the image's own file holds is not known";
  if (before === undefined || before.value === null) {
    if (decides(path) && settings.test(program)) machine.files.set(path, { known: false, doubt: { why, line } });
    return;
  }
  const text = edit(before.value);
  if (text === undefined) machine.files.set(path, { known: false, doubt: { why, line } });
  else if (text !== before.value) setText(machine, path, text, line);
  else if (decides(path) && /port/i.test(program)) {
    machine.notes.push({ why: `the edit changes nothing: no line of ${path} fits`, line });
  }
}

/** The paths that a word names: of a pattern, those of files that are known to be there. */
function pathsOf(shell: Shell, arg: Arg): readonly string[] {
  const path = pathOf(shell, arg);
  if (path === undefined) return [];
  const star = path.indexOf('*');
  if (star < 0) return [path];
  const [start, end] = [path.slice(0, star), path.slice(star + 1)];
  return [...shell.machine.files.keys()].filter((name) => name.startsWith(start) && name.endsWith(end));
}

function copy({ shell, args, line }: FileCall): string {
  const names = args.filter(({ text }) => !text.startsWith('-'));
  const target = names.at(-1);
  const [source] = names;
  if (!target || !source || names.length < 2) return '';
  const to = pathOf(shell, target);
  if (to === undefined) {
    mayChange(shell, 'which file it writes is not known before it runs', line);
    return '';
  }
  for (const name of names.slice(0, -1)) copyOne(shell, name, to, names.length > 2 || target.text.endsWith('/'), line);
  return '';
}

function copyOne(shell: Shell, source: Arg, to: string, intoFolder: boolean, line: Line): void {
  const from = pathOf(shell, source);
  const base = source.text.slice(source.text.lastIndexOf('/') + 1);
  const isFolder = intoFolder || /\.d$|^\/etc\/ssh$/.test(to);
  const path = isFolder ? `${to === '/' ? '' : to}/${base}` : to;
  const file = from === undefined ? undefined : shell.machine.files.get(from);
  writeFile(shell.machine, path, file?.known ? (file.value ?? undefined) : undefined, false, line);
}

function move(call: FileCall): string {
  const names = call.args.filter(({ text }) => !text.startsWith('-'));
  copy(call);
  removeAll(call, names.slice(0, -1));
  return '';
}

function remove(call: FileCall): string {
  removeAll(
    call,
    call.args.filter(({ text }) => !text.startsWith('-')),
  );
  return '';
}

function removeAll({ shell, line }: FileCall, names: readonly Arg[]): void {
  const { machine } = shell;
  for (const arg of names) {
    if (!arg.sure) mayChange(shell, 'which file it removes is not known before it runs', line);
    const path = pathOf(shell, arg) ?? '';
    if (/^\/etc\/ssh\/(ssh_host_\*|\*|$)|^\/etc\/ssh$/.test(path) && /host|\*|ssh$/.test(path)) removeKeys(shell, line);
    for (const each of pathsOf(shell, arg)) {
      machine.files.set(each, told(null, line));
      for (const name of Array.from(machine.files.keys()))
        if (name.startsWith(`${each}/`)) machine.files.set(name, told(null, line));
    }
    if (mentions(arg.text) && arg.text.includes(unknownText))
      touchUnknown(shell, 'which file it removes is not known', line, arg.text);
  }
}

/** A running sshd of OpenSSH before 9.8 needs its keys at each connection; any other at its next start (measured). */
function removeKeys({ machine }: Shell, line: Line): void {
  state(machine, 'hostKeys', told(false, line));
}

function empty({ shell, args, line }: FileCall): string {
  const at = args.findIndex(({ text }) => text === '-s' || text.startsWith('--size') || text.startsWith('-s'));
  const size = args[at]?.text === '-s' ? args[at + 1]?.text : args[at]?.text.replace(/^-s|^--size=/, '');
  for (const arg of args.filter((_, index) => index !== at && index !== at + 1))
    write(shell, arg, size === '0' ? '' : undefined, false, line);
  return '';
}

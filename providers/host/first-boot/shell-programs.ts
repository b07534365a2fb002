import type { Arg, Call } from './call.js';
import { fileCommands } from './file-commands.js';
import { hostCommands } from './host-commands.js';
import { mayChange, pathOf, readFile, type Shell, subshell } from './shell.js';
import { shellBuiltin } from './shell-builtins.js';
import type { Script } from './shell-syntax.js';
import { mentions } from './stock-image.js';
import { type Line, unknownText } from './told.js';
import { touchUnknown } from './touch-unknown.js';

const deepest = 12;

/** Programs that run another one and change nothing about what it does. */
const wrappers: Readonly<Record<string, RegExp>> = {
  sudo: /^-(u|g|h|p|C|r|t|D|R|T)$/,
  doas: /^-(u|C)$/,
  env: /^-(u|C|S)$/,
  nohup: /^$/,
  time: /^$/,
  command: /^$/,
  builtin: /^$/,
  exec: /^-a$/,
  nice: /^-n$/,
  ionice: /^-(c|n)$/,
  setsid: /^$/,
  stdbuf: /^-(i|o|e)$/,
  timeout: /^-(s|k)$/,
  busybox: /^$/,
  chronic: /^$/,
};

/** The program itself and what follows it. */
function unwrapped(args: readonly Arg[]): readonly Arg[] {
  let rest = args;
  for (let left = 8; left > 0; left--) {
    const name = baseName(rest[0]?.text ?? '');
    const takes = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
    if (!takes || rest.length < 2) return rest;
    let at = 1;
    while (/^-|^[A-Za-z_]\w*=/.test(rest[at]?.text ?? '')) at += takes.test(rest[at]?.text ?? '') ? 2 : 1;
    if (name === 'timeout') at++;
    rest = rest.slice(at);
  }
  return rest;
}

function baseName(path: string): string {
  return /^\/(usr\/)?(local\/)?s?bin\//.test(path) ? path.slice(path.lastIndexOf('/') + 1) : path;
}

/** Runs a command whose words are known; answers what it prints, undefined where nobody knows. */
export function runProgram(
  shell: Shell,
  words: readonly Arg[],
  line: Line,
  input: string | undefined,
  isPiped = false,
): string | undefined {
  const [first, ...args] = unwrapped(words);
  if (!first) return '';
  const name = baseName(first.text);
  const body = first.sure ? shell.functions.get(name) : undefined;
  if (body) return runFunction(shell, body, args);
  if (first.sure && name === 'eval') return runEval(shell, args, line);
  if (first.sure && (name === '.' || name === 'source')) return runFile(shell, args[0], line, true);
  const builtin = first.sure ? shellBuiltin(name) : undefined;
  if (builtin) return builtin(shell, args);
  if (first.sure && isShellName(name)) return runShellProgram(shell, args, line, input, isPiped);
  const files = first.sure ? fileCommands(name) : undefined;
  if (files) return files({ shell, args, line, input });
  const call: Call = { machine: shell.machine, args, line, ...(input !== undefined && { input }) };
  const host = first.sure ? hostCommands(name) : undefined;
  if (host) return host(call, shell);
  return runUnknown(shell, first, args, line);
}

function runFunction(shell: Shell, body: Script, args: readonly Arg[]): string | undefined {
  if (shell.depth >= deepest) return undefined;
  const inner: Shell = { ...shell, depth: shell.depth + 1 };
  for (const [at, arg] of args.entries()) inner.variables.set(String(at + 1), arg.sure ? arg.text : undefined);
  const printed = shell.run.script(inner, body);
  shell.folder = inner.folder;
  if (inner.exited) shell.ended = shell.exited = true;
  if (inner.exitDoubt) shell.doubt = shell.exitDoubt = inner.exitDoubt;
  return printed;
}

function runEval(shell: Shell, args: readonly Arg[], line: Line): string | undefined {
  const source = args.map(({ text }) => text).join(' ');
  return runSource(shell, args.every(({ sure }) => sure) ? source : undefined, source, line, true);
}

function isShellName(name: string): boolean {
  return /^(sh|bash|dash|ash|ksh|zsh)$/.test(name);
}

function runShellProgram(
  shell: Shell,
  args: readonly Arg[],
  line: Line,
  input: string | undefined,
  isPiped: boolean,
): string | undefined {
  const option = args.findIndex(({ text }) => /^-[a-z]*c$/.test(text));
  if (option >= 0) {
    const source = args[option + 1];
    return runSource(shell, source?.sure ? source.text : undefined, source?.text ?? '', line);
  }
  const script = args.find(({ text }) => !text.startsWith('-'));
  if (script && !args.some(({ text }) => text === '-s')) return runFile(shell, script, line);
  if (!isPiped && input === undefined) return '';
  return runSource(shell, input, '', line);
}

function runSource(
  shell: Shell,
  source: string | undefined,
  seen: string,
  line: Line,
  here = false,
): string | undefined {
  if (source !== undefined && !source.includes(unknownText) && shell.depth < deepest) {
    const inner: Shell = { ...(here ? shell : subshell(shell)), depth: shell.depth + 1, numbered: false };
    const printed = shell.run.source(inner, source);
    if (here && inner.exited) shell.ended = shell.exited = true;
    return printed;
  }
  const why = 'what it runs is not known before it runs';
  if (mentions(seen)) touchUnknown(shell, why, line, seen, true);
  else mayChange(shell, why, opened(line));
  return undefined;
}

/** Runs a file that user data wrote; any other is the image's own, or was fetched. */
function runFile(shell: Shell, arg: Arg | undefined, line: Line, here = false): string | undefined {
  const path = arg && pathOf(shell, arg);
  if (path !== undefined && /^\/etc\/(os-release|lsb-release|profile|environment|bashrc)$|\/\.bashrc$/.test(path))
    return undefined;
  const file = path === undefined ? undefined : readFile(shell.machine, path);
  if (file?.known && typeof file.value === 'string') return runSource(shell, file.value, file.value, line, here);
  mayChange(shell, 'it runs a file that user data does not hold', opened(line));
  return undefined;
}

/** A line without its words: those of a command that is not understood may be secrets. */
function opened({ at, text }: Line): Line {
  const [, name = ''] = /^(?:(?:sudo|doas|nohup|exec|command|time)\s+)*(\S*)/.exec(text) ?? [];
  return { at, text: name };
}

function runUnknown(shell: Shell, first: Arg, args: readonly Arg[], line: Line): string | undefined {
  const path = first.sure && first.text.includes('/') ? pathOf(shell, first) : undefined;
  const file = path === undefined ? undefined : shell.machine.files.get(path);
  if (file?.known && typeof file.value === 'string') {
    const shebang = /^#!\s*(\S+)(?:[ \t]+(\S+))?/.exec(file.value);
    const interpreter = shebang?.[1]?.endsWith('/env') ? shebang[2] : shebang?.[1];
    if (isShellName(baseName(interpreter ?? ''))) return runSource(shell, file.value, file.value, line);
  }
  const all = [first, ...args].map(({ text }) => text).join(' ');
  const why = `port22 does not know what ${first.sure ? first.text : 'it'} does`;
  if (mentions(all)) touchUnknown(shell, why, line, all);
  else mayChange(shell, why, opened(line));
  return undefined;
}

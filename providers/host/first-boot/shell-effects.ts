import type { Arg, Call } from './call.js';
import { fileCommands } from './file-commands.js';
import { hostCommands } from './host-commands.js';
import { readShell } from './read-shell.js';
import { expand, lineOf, mayChange, pathOf, readFile, runMaybe, type Shell, writeFile } from './shell.js';
import type { Command, Pipeline, Redirect, Script, Word } from './shell-syntax.js';
import { decides, mentions } from './stock-image.js';
import { type Line, unknownText } from './told.js';
import { touchUnknown } from './touch-unknown.js';

const deepest = 12;
const mostTurns = 64;

/** Runs a script on the machine of a shell, line by line; answers what it prints, undefined where nobody knows. Never throws. */
export function runShell(shell: Shell, source: string): string | undefined {
  return runScript(shell, readShell(source));
}

/** Runs a command whose words are given, without a shell in between. */
export function runWords(shell: Shell, words: readonly string[]): void {
  const line = { at: shell.at, text: words.join(' ') };
  runProgram(
    shell,
    words.map((text) => ({ text, sure: true })),
    line,
    undefined,
  );
}

function runScript(shell: Shell, { pipelines, unread }: Script): string | undefined {
  let printed: string | undefined = '';
  for (const pipeline of pipelines) {
    if (shell.ended) return printed;
    if (shell.limits.commands-- <= 0) {
      touchUnknown(
        shell,
        'the script runs more commands than port22 follows',
        { at: shell.at, text: '' },
        'everything',
      );
      shell.ended = true;
      return undefined;
    }
    printed = joined(printed, runOrNot(shell, pipeline));
  }
  if (unread) {
    const [text = ''] = unread.text.split('\n', 1);
    const line = { at: shell.numbered ? `${shell.at} line ${unread.line}` : shell.at, text: text.trim() };
    const why = 'from here on the script cannot be read';
    if (mentions(unread.text)) touchUnknown(shell, why, line, unread.text);
    else mayChange(shell, why, line);
  }
  return printed;
}

function joined(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined || b === undefined || a.length + b.length > 1e6 ? undefined : a + b;
}

/** What succeeds is not known of tests; all else is taken to succeed, so that what follows `||` only may run and ends nothing. */
function runOrNot(shell: Shell, pipeline: Pipeline): string | undefined {
  const [first] = pipeline.commands;
  const before = shell.status;
  const isSure = pipeline.after === ';' || (pipeline.after === '&&' && before === 'done');
  if ((isSure && !shell.doubt) || !first) return runPipeline(shell, pipeline);
  const line = lineOf(shell, first);
  const doubt = isSure && shell.doubt ? shell.doubt : { why: 'whether it runs hangs on the command before it', line };
  const mayEnd = pipeline.after !== '||' || before !== 'done';
  const outer: Shell = mayEnd ? shell : { ...shell };
  runMaybe(outer, doubt, (inner) => {
    runPipeline(inner, pipeline);
  });
  shell.status = before;
  return undefined;
}

function runPipeline(shell: Shell, { commands, inverted }: Pipeline): string | undefined {
  shell.status = inverted ? 'tested' : 'done';
  let input: string | undefined;
  let isPiped = false;
  for (const command of commands) {
    input = runCommand(shell, command, input, isPiped);
    isPiped = true;
  }
  if (inverted) shell.status = 'tested';
  return input;
}

function runCommand(shell: Shell, command: Command, piped: string | undefined, isPiped: boolean): string | undefined {
  const line = lineOf(shell, command);
  const input = inputOf(shell, command.redirects, piped);
  const printed =
    command.kind === 'simple' ? runSimple(shell, command, input, isPiped) : runCompound(shell, command, line);
  return redirected(shell, command.redirects, printed, line);
}

function runCompound(shell: Shell, command: Exclude<Command, { kind: 'simple' }>, line: Line): string | undefined {
  if (command.kind === 'group') return runScript(command.subshell ? subshell(shell) : shell, command.body);
  if (command.kind === 'function') {
    shell.functions.set(command.name, command.body);
    return '';
  }
  if (command.kind === 'for') return runLoop(shell, command, line);
  runScript(shell, command.always);
  for (const script of command.maybe) {
    const doubt = { why: 'it stands under a condition', line };
    runMaybe(shell, doubt, (inner) => {
      runScript(inner, script);
    });
  }
  shell.status = 'done';
  return command.maybe.every(({ pipelines }) => pipelines.length === 0) ? '' : undefined;
}

function runLoop(
  shell: Shell,
  { name, over, body }: Extract<Command, { kind: 'for' }>,
  line: Line,
): string | undefined {
  const turns = over.flatMap((word) => expandIn(shell, word));
  if (turns.every(({ text, sure }) => sure && !/[*?[{]/.test(text)) && turns.length <= mostTurns) {
    let printed: string | undefined = '';
    for (const { text } of turns) {
      shell.variables.set(name, text);
      printed = joined(printed, runScript(shell, body));
    }
    return printed;
  }
  shell.variables.set(name, undefined);
  runMaybe(shell, { why: 'how often it runs, and for what, is not known before it runs', line }, (inner) => {
    runScript(inner, body);
  });
  return undefined;
}

function expandIn(shell: Shell, word: Word): readonly Arg[] {
  return expand(shell, word, (script) => (shell.depth < deepest ? runInner(shell, script) : undefined));
}

/** Runs a script in a shell of its own, which keeps its variables and its end to itself. */
function runInner(shell: Shell, script: string): string | undefined {
  return runShell({ ...subshell(shell), depth: shell.depth + 1, numbered: false }, script);
}

function subshell(shell: Shell): Shell {
  return { ...shell, variables: new Map(shell.variables) };
}

function textOf(shell: Shell, word: Word): string {
  return expandIn(shell, word)
    .map(({ text }) => text)
    .join(' ');
}

function inputOf(shell: Shell, redirects: readonly Redirect[], piped: string | undefined): string | undefined {
  let input = piped;
  for (const { operator, target } of redirects) {
    if (operator === '<<') input = textOf(shell, target);
    if (operator === '<<<') input = `${textOf(shell, target)}\n`;
    if (operator !== '<') continue;
    const [arg] = expandIn(shell, target);
    const path = arg && pathOf(shell, arg);
    const file = path === undefined ? undefined : readFile(shell.machine, path);
    input = file?.known ? (file.value ?? undefined) : undefined;
  }
  return input;
}

function redirected(
  shell: Shell,
  redirects: readonly Redirect[],
  printed: string | undefined,
  line: Line,
): string | undefined {
  let left = printed;
  for (const { operator, from, target } of redirects) {
    if (operator.startsWith('<') || operator === '>&') continue;
    const isError = from === 2 && !operator.startsWith('&');
    const [arg] = expandIn(shell, target);
    if (!arg || /^\/dev\//.test(arg.text)) {
      if (!isError) left = '';
      continue;
    }
    const path = pathOf(shell, arg);
    if (path === undefined) mayChange(shell, 'which file it writes is not known before it runs', line);
    else if (!isError || !decides(path))
      writeFile(shell.machine, path, isError ? undefined : left, operator.endsWith('>>'), line);
    if (!isError) left = '';
  }
  return left;
}

function runSimple(
  shell: Shell,
  command: Extract<Command, { kind: 'simple' }>,
  input: string | undefined,
  isPiped: boolean,
): string | undefined {
  const line = lineOf(shell, command);
  if (command.words.length === 0) {
    for (const { name, value } of command.assigned) assign(shell, name, expandIn(shell, value));
    return '';
  }
  return runProgram(
    shell,
    command.words.flatMap((word) => expandIn(shell, word)),
    line,
    input,
    isPiped,
  );
}

function assign(shell: Shell, name: string, values: readonly Arg[]): void {
  const sure = values.every((value) => value.sure);
  shell.variables.set(name, sure ? values.map(({ text }) => text).join(' ') : undefined);
}

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

function runProgram(
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
  const builtin = first.sure && Object.hasOwn(builtins, name) ? builtins[name] : undefined;
  if (builtin) return builtin(shell, args, line);
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
  const printed = runScript(inner, body);
  shell.folder = inner.folder;
  if (inner.exited) shell.ended = shell.exited = true;
  if (inner.exitDoubt) shell.doubt = shell.exitDoubt = inner.exitDoubt;
  return printed;
}

type Builtin = (shell: Shell, args: readonly Arg[], line: Line) => string | undefined;

const tests: Builtin = (shell) => {
  shell.status = 'tested';
  return undefined;
};

const nothing: Builtin = () => '';

const declaration: Builtin = (shell, args) => {
  for (const { text, sure } of args) {
    const [, name, value = ''] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(text) ?? [];
    if (name) shell.variables.set(name, sure ? value : undefined);
  }
  return '';
};

const returns: Builtin = (shell) => {
  shell.ended = true;
  return '';
};

const exits: Builtin = (shell) => {
  shell.ended = true;
  shell.exited = true;
  return '';
};

const builtins: Readonly<Record<string, Builtin>> = {
  test: tests,
  '[': tests,
  which: tests,
  type: tests,
  hash: tests,
  grep: tests,
  egrep: tests,
  pgrep: tests,
  cmp: tests,
  diff: tests,
  id: tests,
  ping: tests,
  nc: tests,
  false: tests,
  true: nothing,
  ':': nothing,
  set: nothing,
  shopt: nothing,
  trap: nothing,
  umask: nothing,
  wait: nothing,
  sleep: nothing,
  shift: (shell) => {
    for (const name of [...shell.variables.keys()]) if (/^\d+$/.test(name)) shell.variables.set(name, undefined);
    return '';
  },
  export: declaration,
  readonly: declaration,
  local: declaration,
  declare: declaration,
  typeset: declaration,
  unset: (shell, args) => {
    for (const { text } of args) shell.variables.set(text, undefined);
    return '';
  },
  read: (shell, args) => {
    for (const { text } of args) shell.variables.set(text, undefined);
    shell.status = 'tested';
    return '';
  },
  exit: exits,
  return: returns,
  cd: (shell, [arg]) => {
    shell.folder = arg ? pathOf(shell, arg) : undefined;
    return '';
  },
  eval: (shell, args, line) => {
    const source = args.map(({ text }) => text).join(' ');
    return runSource(shell, args.every(({ sure }) => sure) ? source : undefined, source, line, true);
  },
  exec: nothing,
  sudo: nothing,
  '.': (shell, args, line) => runFile(shell, args[0], line, true),
  source: (shell, args, line) => runFile(shell, args[0], line, true),
};

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
    const printed = runShell(inner, source);
    if (here && inner.exited) shell.ended = shell.exited = true;
    return printed;
  }
  const why = 'what it runs is not known before it runs';
  if (mentions(seen)) touchUnknown(shell, why, line, seen);
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
  const [name = ''] = text.split(/\s+/, 1);
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

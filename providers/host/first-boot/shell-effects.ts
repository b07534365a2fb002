import type { Arg } from './call.js';
import type { Machine } from './machine.js';
import { readShell } from './read-shell.js';
import { expand, lineOf, mayChange, pathOf, readFile, runMaybe, type Shell, subshell, writeFile } from './shell.js';
import { runProgram } from './shell-programs.js';
import type { Command, Pipeline, Redirect, Script, Word } from './shell-syntax.js';
import { decides, mentions } from './stock-image.js';
import type { Line } from './told.js';
import { touchUnknown } from './touch-unknown.js';

const mostCommands = 5000;
const deepest = 12;
const mostTurns = 64;

/** Longer scripts are not read: no cloud takes so much user data that is not packed. */
const longest = 256 * 1024;

/** A shell at the start of a script that stands at `at`; `numbered` where its lines are told too. */
export function newShell(machine: Machine, at: string, numbered: boolean): Shell {
  return {
    machine,
    at,
    numbered,
    variables: new Map(),
    functions: new Map(),
    limits: { commands: mostCommands },
    depth: 0,
    folder: '/',
    ended: false,
    exited: false,
    status: 'done',
    run: { script: runScript, source: runShell },
  };
}

/**
 * Runs a script on the machine of a shell, line by line; answers what it prints, undefined where nobody knows. What stands under a
 * condition only may run; all that is not understood leaves what it names unknown. Never throws.
 */
export function runShell(shell: Shell, source: string): string | undefined {
  if (source.length <= longest) return runScript(shell, readShell(source));
  const line = { at: shell.at, text: '' };
  const why = 'the script is longer than 256 KiB';
  if (mentions(source)) touchUnknown(shell, why, line, source, true);
  else mayChange(shell, why, line);
  return undefined;
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
    if (mentions(unread.text)) touchUnknown(shell, why, line, unread.text, true);
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
    if (operator === '>&' && from === 1 && target.raw === '2') left = '';
    if (operator.startsWith('<') || operator === '>&') continue;
    const isError = from === 2 && !operator.startsWith('&');
    const [arg] = expandIn(shell, target);
    // `> >(tee ...)` hands it to other commands.
    if (!arg || arg.text.startsWith('/dev/') || target.raw.startsWith('>(')) {
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

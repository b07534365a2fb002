import type { Arg } from './call.js';
import { pathOf, type Shell } from './shell.js';

type Builtin = (shell: Shell, args: readonly Arg[]) => string | undefined;

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
    for (const name of Array.from(shell.variables.keys())) if (/^\d+$/.test(name)) shell.variables.set(name, undefined);
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
  exec: nothing,
  sudo: nothing,
};

/** A command of the shell itself, or one that only looks at something, by its name. Tests leave the shell with a status that is not known. */
export function shellBuiltin(name: string): Builtin | undefined {
  return Object.hasOwn(builtins, name) ? builtins[name] : undefined;
}

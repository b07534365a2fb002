import { didYouMean } from '../message/index.js';
import type { Problem } from '../model/index.js';
import { type Paint, plain, problemText } from '../report/index.js';
import { version } from '../version.js';
import { auditCommand } from './audit-command.js';
import { collectCommand } from './collect-command.js';
import { paintFor } from './color.js';
import type { Context } from './context.js';
import { diagnoseCommand } from './diagnose-command.js';
import { diffCommand } from './diff-command.js';
import { explainCommand } from './explain-command.js';
import { fetchCommand } from './fetch-command.js';
import { helpPages } from './help.js';
import { type Call, type CommandName, isProblem, misuse, optionTables, parseCall } from './options.js';
import { probeCommand } from './probe-command.js';
import { schemaCommand } from './schema-command.js';
import type { Shell } from './shell.js';

const commands: Readonly<Record<CommandName, (context: Context) => Promise<number>>> = {
  explain: explainCommand,
  audit: auditCommand,
  diff: diffCommand,
  diagnose: diagnoseCommand,
  probe: probeCommand,
  fetch: fetchCommand,
  schema: schemaCommand,
  collect: collectCommand,
};

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(optionTables, word);
}

function complain(shell: Shell, paint: Paint, problems: readonly Problem[]): void {
  for (const problem of problems) shell.err(`${problemText(problem, paint)}\n`);
}

async function runCommand(command: CommandName, call: Call, shell: Shell): Promise<number> {
  const paint = paintFor(call, shell, shell.outIsTerminal && call.text('output') === undefined);
  const loud = paintFor(call, shell, shell.errIsTerminal);
  if (isProblem(paint) || isProblem(loud)) {
    complain(shell, plain, [paint].filter(isProblem));
    return 2;
  }
  const report: Context['report'] = (problems, exitCode) => {
    complain(shell, loud, call.has('quiet') ? problems.filter(({ severity }) => severity === 'error') : problems);
    return exitCode;
  };
  return commands[command]({ call, shell, paint, report });
}

function complainOfCommand(shell: Shell, word: string): number {
  const names = Object.keys(optionTables);
  const near = didYouMean(word, names);
  const fix = near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'see port22 --help';
  complain(shell, plain, [
    misuse(`there is no command ${word}`, 'the command line', `there are ${names.join(', ')}`, fix),
  ]);
  return 2;
}

/** Runs one command line. Answers the exit code of the contract; nothing is thrown for anything that a caller can do wrong. */
export async function run(shell: Shell): Promise<number> {
  const [word, ...args] = shell.args;
  if (word === '--version' || word === '-v') {
    await shell.out(`${version}\n`);
    return 0;
  }
  if (word === undefined) {
    shell.err(helpPages.overview);
    return 2;
  }
  if (word === '--help' || word === '-h' || word === 'help') {
    const [about] = args;
    if (about !== undefined && !isCommand(about)) return complainOfCommand(shell, about);
    await shell.out(about === undefined ? helpPages.overview : helpPages[about]);
    return 0;
  }
  if (!isCommand(word)) return complainOfCommand(shell, word);
  const { call, problem } = parseCall(word, args);
  if (!call) {
    complain(shell, plain, problem ? [problem] : []);
    return 2;
  }
  if (call.has('help')) {
    await shell.out(helpPages[word]);
    return 0;
  }
  return runCommand(word, call, shell);
}

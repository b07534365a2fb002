import * as nodeModule from 'node:module';
import { plain, problemText } from '../report/index.js';
import { misuse } from './options.js';
import { run } from './run.js';

// Node 22 and newer keep what they compiled for the next start; Node 20 has no such function.
(nodeModule as { enableCompileCache?: () => void }).enableCompileCache?.();

// Seven lines of advice about Node's version are no part of an answer.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that hangs up (`port22 audit | head`) is no failure of ours.
  if (error.code === 'EPIPE') process.exit(0);
  const fix = 'make room for it, or write it to a file with --output';
  process.stderr.write(problemText(misuse('the result cannot be written', 'stdout', error.message, fix), plain));
  process.exit(2);
});

run({
  args: process.argv.slice(2),
  env: process.env,
  out: (text) => new Promise((resolve) => process.stdout.write(text, () => resolve())),
  err: (text) => process.stderr.write(text),
  input: async () => {
    process.stdin.setEncoding('utf8');
    let text = '';
    for await (const chunk of process.stdin) text += String(chunk);
    return text;
  },
  outIsTerminal: process.stdout.isTTY === true,
  errIsTerminal: process.stderr.isTTY === true,
}).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    const what = `go on: ${error instanceof Error ? error.message : String(error)}`;
    const why = 'this is a defect of port22, not of your input';
    const problem = misuse(what, 'inside port22', why, 'report it with the command line that you used');
    process.stderr.write(problemText(problem, plain));
    process.exitCode = 2;
  },
);

import * as nodeModule from 'node:module';
import { run } from './run.js';

// Node 22 and newer keep what they compiled for the next start; Node 20 has no such function.
(nodeModule as { enableCompileCache?: () => void }).enableCompileCache?.();

// Seven lines of advice about Node's version are no part of an answer.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// A reader that hangs up (`port22 audit | head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

run({
  args: process.argv.slice(2),
  env: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  outIsTerminal: process.stdout.isTTY === true,
  errIsTerminal: process.stderr.isTTY === true,
}).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    const what = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `cannot  go on: ${what}\n  where  inside port22\n  why    this is a defect of port22, not of your input\n  fix    report it with the command line that you used\n`,
    );
    process.exitCode = 2;
  },
);

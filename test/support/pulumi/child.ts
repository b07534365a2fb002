import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** A command of `@pulumi/pulumi/cmd`, and what it printed so far. */
export interface Child {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** When everything is printed; the exit code, or null where a signal ended it. */
  readonly closed: Promise<number | null>;
  readonly kill: () => Promise<void>;
}

/** Starts a command of the `@pulumi/pulumi` that a folder has, there; nothing of Pulumi's environment but `env` comes along. */
export function startCommand(
  name: 'run' | 'run-policy-pack',
  parameters: readonly string[],
  { folder, env }: { readonly folder: string; readonly env: Readonly<Record<string, string>> },
): Child {
  const command = createRequire(join(folder, 'package.json')).resolve(`@pulumi/pulumi/cmd/${name}`);
  const inherited = Object.entries(process.env).filter(([key]) => !key.startsWith('PULUMI_'));
  const child = spawn(process.execPath, [command, ...parameters], {
    cwd: folder,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      printed[stream] += text;
    });
  const closed = once(child, 'close').then(([code]) => code as number | null);
  return {
    process: child,
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    closed,
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

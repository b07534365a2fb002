import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface Ran {
  /** The exit status, or 127 where there is no such command. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Surroundings {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  /** What it reads; nothing where it is left out. */
  readonly input?: string;
}

/** Runs a command to its end, which comes by force when it takes too long. */
export async function run(command: string, parameters: readonly string[], surroundings: Surroundings): Promise<Ran> {
  const { cwd, env, timeoutMs, input } = surroundings;
  const child = spawn(command, parameters, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  // A command that does not read to the end is its own affair.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  let complaint = '';
  const timer = setTimeout(() => {
    complaint = `not finished after ${timeoutMs / 1000} seconds`;
    child.kill('SIGKILL');
  }, timeoutMs);
  const status = await new Promise<number>((resolve) => {
    child.on('error', (error) => {
      complaint = error.message;
      resolve(127);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
  clearTimeout(timer);
  const [stdout, stderr] = await output;
  return { status, stdout, stderr: stderr + complaint };
}

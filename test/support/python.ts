import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

/**
 * The Python of a virtual environment that holds exactly the requirements of a file; made once for each version of them.
 * `name` is what they are called in the cache and in an error. @throws when Python or the installation fails, with the reason
 */
export async function pythonWith(requirements: string, name: string): Promise<string> {
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16);
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const home = join(cache, 'port22', `${name}-${digest}`);
  const python = join(home, 'bin/python');
  if (existsSync(python)) return python;

  const fresh = `${home}.${process.pid}`;
  mkdirSync(dirname(home), { recursive: true });
  try {
    await run(
      name,
      'python3',
      ['-m', 'venv', fresh],
      'install Python 3 with its venv module (Debian: apt-get install python3-venv)',
    );
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '-r', requirements];
    await run(name, join(fresh, 'bin/python'), install, 'let pip reach a package index (PIP_INDEX_URL)');
    if (!existsSync(python)) {
      rmSync(home, { recursive: true, force: true });
      renameSync(fresh, home);
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return python;
}

async function run(name: string, command: string, parameters: readonly string[], fix: string): Promise<void> {
  const child = spawn(command, parameters, { env: process.env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const failure = await new Promise<string | undefined>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (status) => resolve(status === 0 ? undefined : `exit status ${status}`));
  });
  if (failure === undefined) return;
  const words = failure.startsWith('exit') ? (await output).join('').trim() : '';
  throw new Error(`${name} is not there: ${command} ${parameters.join(' ')}: ${failure}\n${words}\nfix: ${fix}`);
}

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

const REQUIREMENTS = join(__dirname, 'requirements.txt');

/** Serves on a free port, and ends when its input does: it cannot outlive the test, however that ends. */
const SERVE = `
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
from moto.server import main
main(["-H", "127.0.0.1", "-p", "0"])
`;

/** A moto server of the test's own. */
export interface Moto {
  readonly url: string;
  /** Empties all accounts and makes the ids that follow repeatable. */
  reset(): Promise<void>;
  /** From now on every call needs a permission; `false` ends that. */
  enforceIam(on: boolean): Promise<void>;
  /** Calls an API for which no SDK is installed; the answer's XML. */
  query(service: string, parameters: Readonly<Record<string, string>>): Promise<string>;
  stop(): Promise<void>;
}

/** Installs moto where it is not, starts it on a free port, and waits until it answers. @throws when Python or the installation fails, with the reason */
export async function startMoto(): Promise<Moto> {
  const python = await installMoto();
  const server = spawn(python, ['-u', '-c', SERVE], { env: process.env, stdio: 'pipe' });
  const url = await listeningUrl(server);
  const control = async (path: string, body?: string): Promise<void> => {
    const response = await fetch(`${url}/moto-api/${path}`, { method: 'POST', ...(body !== undefined && { body }) });
    if (!response.ok) throw new Error(`moto: ${path} answered ${response.status}`);
  };
  const moto: Moto = {
    url,
    async reset() {
      await control('reset-auth', 'inf');
      await control('reset');
      await control('seed?a=42');
    },
    enforceIam: (on) => control('reset-auth', on ? '0' : 'inf'),
    query: (service, parameters) => query(url, service, parameters),
    async stop() {
      const ended = once(server, 'exit');
      server.stdin.end();
      await ended;
    },
  };
  await moto.query('ec2', { Action: 'DescribeRegions', Version: '2016-11-15' });
  return moto;
}

/** The Python of a virtual environment that holds exactly the requirements; made once for each version of them. */
async function installMoto(): Promise<string> {
  const digest = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 16);
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const home = join(cache, 'port22', `moto-${digest}`);
  const python = join(home, 'bin/python');
  if (existsSync(python)) return python;

  const fresh = `${home}.${process.pid}`;
  mkdirSync(dirname(home), { recursive: true });
  try {
    await run(
      'python3',
      ['-m', 'venv', fresh],
      'install Python 3 with its venv module (Debian: apt-get install python3-venv)',
    );
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '-r', REQUIREMENTS];
    await run(join(fresh, 'bin/python'), install, 'let pip reach a package index (PIP_INDEX_URL)');
    if (!existsSync(python)) {
      rmSync(home, { recursive: true, force: true });
      renameSync(fresh, home);
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return python;
}

async function run(command: string, parameters: readonly string[], fix: string): Promise<void> {
  const child = spawn(command, parameters, { env: process.env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const failure = await new Promise<string | undefined>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (status) => resolve(status === 0 ? undefined : `exit status ${status}`));
  });
  if (failure === undefined) return;
  const words = failure.startsWith('exit') ? (await output).join('').trim() : '';
  throw new Error(`moto is not there: ${command} ${parameters.join(' ')}: ${failure}\n${words}\nfix: ${fix}`);
}

async function listeningUrl(server: ChildProcessWithoutNullStreams): Promise<string> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    const listen = (line: string): void => {
      said.push(line);
      const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    };
    createInterface(server.stdout).on('line', listen);
    createInterface(server.stderr).on('line', listen);
    server.on('exit', (status) => reject(new Error(`moto ended with status ${status}:\n${said.join('\n')}`)));
  });
}

async function query(url: string, service: string, parameters: Readonly<Record<string, string>>): Promise<string> {
  const scope = `AKIAROOT/20260101/us-east-1/${service}/aws4_request`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` },
    body: new URLSearchParams(parameters),
  });
  const xml = await response.text();
  if (!response.ok) throw new Error(`moto: ${parameters.Action} answered ${response.status}: ${xml.slice(0, 300)}`);
  return xml;
}

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pythonWith } from '../../support/python.js';

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
  const python = await pythonWith(REQUIREMENTS, 'moto');
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

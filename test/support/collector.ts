import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Bundle, BundleRecord } from '../../providers/host/bundle.js';
import { parseBundle } from '../../providers/host/parse-bundle.js';

/** The collector as it stands in the repository. */
export const script = readFileSync(join(__dirname, '../../providers/host/collect.sh'), 'utf8');

/** Where the collector looks for tools beyond the PATH that it was given. */
const MORE_TOOLS = 'PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin\n';

/** What the collector needs to write anything at all; busybox and coreutils have these. */
const filters = ['sed', 'tr', 'grep', 'head', 'tail', 'cat', 'date', 'id', 'sleep', 'ls', 'sh', 'printf'];

export interface Collected {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
  readonly seconds: number;
}

/** Where a program is, or undefined. */
export function whereIs(program: string): string | undefined {
  const { stdout } = spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' });
  return stdout.startsWith('/') ? stdout.trim() : undefined;
}

/** The shells of this machine that the collector is written for, each once. `sh` is everywhere, and is one of the others. */
export const shells: readonly (readonly [name: string, ...command: string[]])[] = [
  ...new Map(
    ['bash', 'dash', 'busybox', 'sh'].flatMap((name) => {
      const path = whereIs(name);
      return path ? [[realpathSync(path), [name, path, ...(name === 'busybox' ? ['sh'] : [])] as const] as const] : [];
    }),
  ).values(),
];

/** Hands a script to a shell on its stdin, as `port22 collect | ssh HOST sh` does. */
export async function collect(
  shell: readonly string[],
  text: string,
  { args = [], env = process.env }: { readonly args?: readonly string[]; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Collected> {
  const [program = 'sh', ...rest] = shell;
  const began = Date.now();
  const child = spawn(program, [...rest, '-s', '--', ...args], { env });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.on('error', () => {});
  child.stdin.end(text);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const seconds = (Date.now() - began) / 1000;
  return { status, out: String(Buffer.concat(out)), err: String(Buffer.concat(err)), seconds };
}

/** The bundle of a run that went well: whole, in order, and nothing on stderr. */
export function bundleOf({ status, out, err }: Collected): Bundle {
  expect({ status, err }).toEqual({ status: 0, err: '' });
  const { bundle, problems } = parseBundle(out);
  expect(problems.filter(({ what }) => !/more to say/.test(what))).toEqual([]);
  if (!bundle) throw new Error('there is no bundle');
  expect(bundle.whole).toBe(true);
  return bundle;
}

/** A record of a bundle, which must be there. */
export function recordIn(bundle: Bundle, key: string): BundleRecord {
  const record = bundle.records.get(key);
  if (!record) throw new Error(`there is no record ${key}`);
  return record;
}

/** A machine of the test's own: its tools are those of one folder, its /etc is below `root`. */
export interface Machine {
  readonly script: string;
  readonly env: NodeJS.ProcessEnv;
  /** Gives the machine a tool that is this shell script. */
  tool(name: string, body: string): void;
  /** Gives the machine a tool of the real one, if that has it. */
  real(...names: readonly string[]): void;
  /** Writes a file of its /etc. */
  file(path: string, text: string): void;
}

/** Makes a machine in an empty folder that has the filters and nothing else. `limit` is the time of each command, in seconds. */
export function machineIn(root: string, limit = 10): Machine {
  const tools = join(root, 'tools');
  mkdirSync(tools, { recursive: true });
  mkdirSync(join(root, 'etc/ssh'), { recursive: true });
  const machine: Machine = {
    script: script
      .replace(MORE_TOOLS, '')
      .replaceAll('/etc/', `${root}/etc/`)
      .replace('-s KILL 10 ', `-s KILL ${limit} `)
      .replace('in 1 2 3 4 5 6 7 8 9 10;', `in ${Array.from({ length: limit }, (_, index) => index + 1).join(' ')};`),
    env: { PATH: tools },
    tool(name, body) {
      writeFileSync(join(tools, name), `#!/bin/sh\n${body}\n`);
      chmodSync(join(tools, name), 0o755);
    },
    real(...names) {
      for (const name of names) {
        const path = whereIs(name);
        if (path) symlinkSync(path, join(tools, name));
      }
    },
    file(path, text) {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), text);
    },
  };
  expect(machine.script).not.toContain('PATH=');
  machine.real(...filters);
  return machine;
}

import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Ran } from '../engine/run.js';
import { type Container, type RunOptions, startContainer } from './container.js';
import { debianTree, type Suite } from './debian-tree.js';
import { startMachine } from './machine.js';
import { type ProbeAnswer, type ProbeJob, type Prober, startProber } from './prober.js';
import { openShell, type Shell } from './shell.js';
import { addresses, connectSides } from './topology.js';

const LISTENER = join(__dirname, 'programs/listener.mjs');

/** What reads a ruleset: `nft` (flushes first, where the text says so), or one of the restores. */
export type Loader =
  | 'nft'
  | 'iptables-restore'
  | 'ip6tables-restore'
  | 'iptables-legacy-restore'
  | 'ip6tables-legacy-restore'
  | 'ipset restore';

export interface SshRan extends Ran {
  /** Milliseconds. */
  readonly ms: number;
}

export interface ListenerOptions {
  /** What it says first; as SSH does, naming the port, where it is left out. Empty: nothing. */
  readonly greeting?: string;
  readonly after?: 'close' | 'reset';
  /** `[::]` takes IPv4 as well. */
  readonly dual?: boolean;
}

export interface Listener {
  end(): Promise<void>;
}

/** A client and a server, and maybe a router between them, on a real kernel, with the programs of a Debian. */
export interface Lab {
  readonly client: Container;
  readonly server: Container;
  readonly router?: Container;
  readonly probe: (jobs: readonly ProbeJob[]) => Promise<readonly ProbeAnswer[]>;
  /** One attempt from the client's own address; waits for a first line. */
  readonly attempt: (host: string, port: number, timer?: number, banner?: number) => Promise<ProbeAnswer>;
  readonly inServer: (script: string, options?: RunOptions) => Promise<string>;
  /** Gives the server a ruleset. @throws when it is refused, with the tool's words */
  readonly load: (loader: Loader, ruleset: string) => Promise<void>;
  /** A command in the server's shell that stays. @throws when it fails */
  readonly quick: (command: string, input?: string) => Promise<string>;
  /** A real `ssh` at the client, the target last; ended after `timeout` milliseconds. */
  readonly ssh: (parameters: readonly string[], timeout?: number) => Promise<SshRan>;
  /** Opens listeners at the server: `[10.10.1.2]:22`, `[::]:2222`. */
  readonly listen: (places: readonly string[], options?: ListenerOptions) => Promise<Listener>;
  readonly end: () => Promise<void>;
}

export interface LabOptions {
  readonly suite?: Suite;
  readonly router?: boolean;
  /** Whether the server is a machine that systemd has booted. */
  readonly machine?: boolean;
}

/** Starts one. @throws when there is no kernel for it, with the reason */
export async function startLab({ suite = 'bookworm', router: routed, machine }: LabOptions = {}): Promise<Lab> {
  const tree = await debianTree(suite);
  const started = await Promise.allSettled([
    startContainer(tree),
    machine ? startMachine(tree) : startContainer(tree),
    ...(routed ? [startContainer(tree)] : []),
  ]);
  const [client, server, router] = started.map((one) => (one.status === 'fulfilled' ? one.value : undefined));
  const all = [client, server, router].filter((one) => one !== undefined);
  try {
    for (const one of started) if (one.status === 'rejected') throw one.reason;
    if (client === undefined || server === undefined) throw new Error('no container');
    const sides = { client, server, ...(router === undefined ? {} : { router }) };
    await connectSides(tree, sides);
    const lab = labOf(sides, startProber(client), openShell(server));
    await warmUp(lab);
    return lab;
  } catch (error) {
    await Promise.all(all.map((one) => one.end()));
    throw error;
  }
}

/** Cables need a moment until they carry, and neighbours until they know each other. */
async function warmUp(lab: Lab): Promise<void> {
  for (const host of Object.values(addresses.server)) {
    for (let tries = 0; (await lab.attempt(host, 9, 200)).what !== 'ECONNREFUSED'; tries++) {
      if (tries > 50) throw new Error(`${host} does not answer in a lab without rules`);
    }
  }
}

type Sides = Pick<Lab, 'client' | 'server' | 'router'>;

function labOf(sides: Sides, prober: Prober, shell: Shell): Lab {
  const { client, server, router } = sides;
  const containers = [client, server, router].filter((one) => one !== undefined);
  async function quick(command: string, input?: string): Promise<string> {
    const { status, output } = await shell.run(command, input);
    if (status !== 0) throw new Error(`${command}: exit status ${status}\n${output}${input ?? ''}`);
    return output;
  }
  return {
    ...sides,
    quick,
    probe: (jobs) => prober.ask(jobs),
    async attempt(host, port, timer = 500, banner = 500) {
      const [answer] = await prober.ask([{ id: 0, host, port, timer, banner }]);
      if (answer === undefined) throw new Error('no answer of the prober');
      return answer;
    },
    inServer: (script, options) => server.must(script, options),
    async load(loader, ruleset) {
      await quick(loader === 'nft' ? 'nft -f -' : loader, ruleset);
    },
    async ssh(parameters, timeout = 30_000) {
      const began = performance.now();
      const ran = await client.run(`exec taskset -c 0 ssh ${sshWords(parameters)}`, { timeout });
      return { ...ran, ms: performance.now() - began };
    },
    listen: (places, options = {}) => listen(server, places, options),
    async end() {
      prober.end();
      await Promise.all(containers.map((one) => one.end()));
    },
  };
}

function sshWords(parameters: readonly string[]): string {
  const quiet = ['BatchMode=yes', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null'];
  // The first of several values of an option holds.
  const options = [...parameters.slice(0, -1), ...quiet.flatMap((option) => ['-o', option])];
  const words = ['-F', 'none', ...options, ...parameters.slice(-1)];
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
}

async function listen(server: Container, places: readonly string[], options: ListenerOptions): Promise<Listener> {
  const { greeting, after, dual } = options;
  const settings = [
    ...(greeting === undefined ? [] : [`GREETING=${greeting}`]),
    ...(after === undefined ? [] : [`AFTER=${after}`]),
    ...(dual ? ['DUAL=1'] : []),
  ];
  const child = server.spawnOutside(['env', ...settings, process.execPath, LISTENER, ...places]);
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  if (child.stdout === null) throw new Error('a process without output');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line !== 'ready') continue;
    return {
      async end() {
        child.stdin?.end();
        await ended;
      },
    };
  }
  throw new Error(`no listener at ${places.join(' ')}: ${words}`);
}

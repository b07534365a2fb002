import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Ran, run } from '../engine/run.js';
import { kernelCache, noLab } from './debian-tree.js';

const INIT = join(__dirname, 'container-init.sh');
const START_MS = 10_000;
const COMMAND_MS = 30_000;
/** It would take its input for that of a remote shell, and read the user's settings. */
const BASH = ['bash', '--norc'];
/** What reaps, where no other process is to be the first. */
const IDLE = ['/bin/bash', '-c', 'trap : CHLD; while :; do sleep 3600 & wait; done'];
/**
 * Puts what follows into a control group of its own, and waits until the test lets go of its standard input, however that ends. With the
 * first process of the namespaces all others end, and the groups can go.
 */
const GUARD = [
  'for groups in /sys/fs/cgroup /sys/fs/cgroup/unified none; do [ -e $groups/cgroup.controllers ] && break; done',
  'group=$groups/port22-$$; mkdir $group 2>/dev/null || group=',
  '{ [ -z "$group" ] || echo $BASHPID >$group/cgroup.procs; exec "$@"; } &',
  'read -r _; kill -9 $!; wait',
  '[ -z "$group" ] || for try in 1 2 3 4 5; do find $group -depth -type d -exec rmdir {} + 2>/dev/null && break; sleep 0.02; done',
].join('\n');

export interface ContainerOptions {
  /** The first process, from the container's root. */
  readonly init?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

export interface RunOptions {
  readonly input?: string;
  /** Milliseconds, then it is killed. */
  readonly timeout?: number;
}

/** Namespaces of our own (network, mounts, processes, host name, cgroups) over a Debian tree. */
export interface Container {
  /** The first process, as the machine outside counts. */
  readonly pid: number;
  /** Runs a line of bash in it, to its end. What it leaves running must not hold the standard output. */
  run(script: string, options?: RunOptions): Promise<Ran>;
  /** Like `run`. @throws when it fails, with what it said; returns its standard output */
  must(script: string, options?: RunOptions): Promise<string>;
  /** Starts a program of the machine outside in the network and among the processes of the container. */
  spawnOutside(command: readonly string[]): ChildProcess;
  /** Starts a program of the container. */
  spawn(command: readonly string[]): ChildProcess;
  /** Ends every process in it; the namespaces go with them. */
  end(): Promise<void>;
}

/** Starts a container over a tree of `debianTree`. @throws when namespaces are not to be had, with the reason */
export async function startContainer(tree: string, options: ContainerOptions = {}): Promise<Container> {
  const mount = join(kernelCache(), 'mount');
  mkdirSync(mount, { recursive: true });
  const unshare = ['unshare', '--net', '--mount', '--pid', '--uts', '--ipc', '--cgroup', '--fork', '--kill-child=KILL'];
  const command = [...unshare, '--propagation', 'private', ...BASH, INIT, tree, mount, ...(options.init ?? IDLE)];
  const guard = spawn('bash', ['--norc', '-c', GUARD, 'port22-lab', ...command], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, LC_ALL: 'C', ...options.env },
  });
  let words = '';
  guard.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-2000);
  });
  const pid = await firstProcess(guard, () => words);
  return containerOf(guard, pid);
}

/** The first process of the namespaces, once it has its root. */
async function firstProcess(guard: ChildProcess, words: () => string): Promise<number> {
  const deadline = Date.now() + START_MS;
  for (let began = false; Date.now() < deadline; ) {
    const unshare = childrenOf(guard.pid).find(isUnshare);
    if (began && unshare === undefined) break;
    began ||= unshare !== undefined;
    const [first] = childrenOf(unshare);
    if (first !== undefined && isReady(first)) {
      leaveGroup(unshare);
      return first;
    }
    await pause(5);
  }
  guard.stdin?.end();
  await pause(100);
  throw noLab('unshare and the mounts of a container', words() || 'it did not start in time');
}

/** Only the processes inside are to be in the group: the first of them may want to divide it. */
function leaveGroup(unshare: number | undefined): void {
  for (const groups of ['/sys/fs/cgroup', '/sys/fs/cgroup/unified']) {
    try {
      const own = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '/';
      if (existsSync(join(groups, 'cgroup.controllers')))
        writeFileSync(join(groups, own, 'cgroup.procs'), String(unshare));
    } catch {
      // Then it stays, and no controller is had inside.
    }
  }
}

function childrenOf(pid: number | undefined): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function isUnshare(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'unshare';
  } catch {
    return false;
  }
}

/** Whether it has left the tree that it came from, and the script that made its root. */
function isReady(pid: number): boolean {
  try {
    const mounts = readFileSync(`/proc/${pid}/mounts`, 'utf8');
    return !mounts.includes('/.outside') && mounts.startsWith('port22 / ') && !isPreparing(pid);
  } catch {
    return false;
  }
}

function isPreparing(pid: number): boolean {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(INIT);
}

function containerOf(guard: ChildProcess, pid: number): Container {
  const namespaces = ['--target', String(pid), '--net', '--pid'];
  const inside = [...namespaces, '--mount', '--uts', '--ipc', '--cgroup', '--root', '--wd'];
  const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', HOME: '/root' };
  const runInside = (script: string, { input, timeout = COMMAND_MS }: RunOptions = {}): Promise<Ran> =>
    run('nsenter', [...inside, 'timeout', '--signal=KILL', String(timeout / 1000), ...BASH, '-c', script], {
      cwd: '/',
      env,
      timeoutMs: timeout + 5000,
      ...(input === undefined ? {} : { input }),
    });
  return {
    pid,
    run: runInside,
    async must(script, options) {
      const { status, stdout, stderr } = await runInside(script, options);
      if (status !== 0) throw new Error(`${script}: exit status ${status}\n${stdout}${stderr}`);
      return stdout;
    },
    spawn: (command) => spawn('nsenter', [...inside, ...command], { cwd: '/', env }),
    spawnOutside: (command) => spawn('nsenter', [...namespaces, ...command]),
    async end() {
      if (guard.exitCode !== null || guard.signalCode !== null) return;
      const gone = once(guard, 'exit');
      guard.stdin?.end();
      await gone;
    },
  };
}

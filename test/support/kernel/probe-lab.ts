import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { debianTree } from './debian-tree.js';

const execute = promisify(execFile);
/** Of iproute2. */
const IP = 'ip';
const COMMAND = join(__dirname, '../../../dist/bin/port22.cjs');

/** A client and a server, each in a network namespace of its own, with a cable between them. */
export interface ProbeLab {
  /** Runs `ip` for the client: `route add blackhole 10.22.9.9`. */
  readonly clientIp: (words: string) => Promise<void>;
  /** Gives the server a ruleset of nft. */
  readonly load: (ruleset: string) => Promise<void>;
  /** Listens at the server's port, greets as sshd does and begins a key exchange. */
  readonly greet: (port: number) => Promise<void>;
  /** Runs `port22 ARGS` at the client. */
  readonly port22: (...args: readonly string[]) => Promise<{ readonly exitCode: number; readonly out: string }>;
  readonly end: () => Promise<void>;
}

export const server = { ipv4: '10.22.2.2', ipv6: 'fd22:2::2' } as const;
/** On the cable's network, and nobody's. */
export const nobody = '10.22.2.9';

const greeter = (port: number) => `
  const kexinit = Buffer.alloc(1100);
  kexinit.writeUInt32BE(1096); kexinit[4] = 4; kexinit[5] = 20;
  require('node:net').createServer((socket) => {
    socket.on('error', () => {});
    socket.write('SSH-2.0-lab\\r\\n');
    socket.once('data', () => socket.write(kexinit));
  }).listen(${port}, '0.0.0.0', () => console.log('ready'));`;

/** The limits of ICMP messages are those of a new Linux: one a second to each address, six at once. */
export async function startProbeLab(): Promise<ProbeLab> {
  const [c, s] = ['c', 's'].map((side) => `p22-${randomUUID().slice(0, 8)}-${side}`) as [string, string];
  const tree = await debianTree('bookworm');
  const children: ChildProcess[] = [];
  const sh = (script: string) => execute('sh', ['-ec', script]);
  // A reject must not come back inside connect(): the far end works on another processor than the prober.
  const apart = (name: string) => `ip netns exec ${name} sh -c 'echo 2 >/sys/class/net/eth0/queues/rx-0/rps_cpus'`;
  const end = async () => {
    for (const child of children) child.kill();
    await sh(`ip netns del ${c} || :; ip netns del ${s} || :`);
  };
  try {
    await sh(`
      ip netns add ${c}; ip netns add ${s}
      ip -n ${c} link set lo up; ip -n ${s} link set lo up
      ip -n ${c} link add eth0 type veth peer name eth0 netns ${s}
      ip -n ${c} addr add 10.22.2.1/24 dev eth0; ip -n ${s} addr add ${server.ipv4}/24 dev eth0
      ip -n ${c} addr add fd22:2::1/64 dev eth0 nodad; ip -n ${s} addr add ${server.ipv6}/64 dev eth0 nodad
      ip -n ${c} link set eth0 up; ip -n ${s} link set eth0 up
      ${apart(c)}; ${apart(s)}`);
  } catch (error) {
    await end();
    throw error;
  }
  return {
    end,
    clientIp: async (words) => {
      await execute(IP, ['-n', c, ...words.split(' ')]);
    },
    load: async (ruleset) => {
      await execute(IP, ['netns', 'exec', s, 'chroot', tree, 'nft', ruleset]);
    },
    greet: (port) =>
      new Promise((resolve, reject) => {
        const child = spawn(IP, ['netns', 'exec', s, process.execPath, '-e', greeter(port)], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        children.push(child);
        child.once('error', reject);
        child.stdout.once('data', () => resolve());
      }),
    port22: async (...args) => {
      const words = ['netns', 'exec', c, 'taskset', '-c', '0', process.execPath, COMMAND, ...args];
      try {
        return { exitCode: 0, out: (await execute(IP, words)).stdout };
      } catch (error) {
        const { code, stdout } = error as { code?: unknown; stdout?: unknown };
        if (typeof code !== 'number' || typeof stdout !== 'string') throw error;
        return { exitCode: code, out: stdout };
      }
    },
  };
}

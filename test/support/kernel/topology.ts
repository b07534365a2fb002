import { availableParallelism } from 'node:os';
import { run } from '../engine/run.js';
import type { Container } from './container.js';

/** The address that the client sends from by itself, the server's, and what else each answers for. */
export const addresses = {
  client: { 4: '10.10.0.1', 6: 'fd10::1' },
  /** The client's on the server's own network, by which it sends there where no router stands between. */
  neighbour: { 4: '10.10.1.1', 6: 'fd10:1::1' },
  server: { 4: '10.10.1.2', 6: 'fd10:1::2' },
  router: { 4: '10.10.0.254', 6: 'fd10::fe' },
  /** Any address of these is the client's: a question may come from 16 384 places. */
  clients: { 4: '10.10.64.0/18', 6: 'fd10:64::/64' },
  servers: { 4: '10.10.128.0/18', 6: 'fd10:128::/64' },
  /** On the server's own network, and nobody's. */
  nobody: { 4: '10.10.1.98', 6: 'fd10:1::98' },
} as const;

export interface Sides {
  readonly client: Container;
  readonly server: Container;
  /** Between them, where there is one. */
  readonly router?: Container;
}

/** Connects the containers by cables of their own: the ends have the name `eth0`, that of the router towards the server `eth1`. */
export async function connectSides(tree: string, sides: Sides): Promise<void> {
  const { client, server, router } = sides;
  if (router === undefined) {
    await cable(tree, [client, 'eth0'], [server, 'eth0']);
    await Promise.all([client.must(script(clientDirect)), server.must(script(serverDirect))]);
  } else {
    await cable(tree, [client, 'eth0'], [router, 'eth0']);
    await cable(tree, [router, 'eth1'], [server, 'eth0']);
    await Promise.all([
      client.must(script(clientRouted)),
      router.must(script(routerBetween)),
      server.must(script(serverRouted)),
    ]);
  }
}

/** `ip` of the tree, in one network, with the machine's own numbers of processes, by which the other network is named. */
async function cable(
  tree: string,
  near: readonly [Container, string],
  far: readonly [Container, string],
): Promise<void> {
  const [[{ pid: here }, name], [{ pid: there }, peer]] = [near, far];
  const link = `ip link add ${name} type veth peer name ${peer} netns ${there}`;
  const command = `mount --bind /proc "$0/proc" && exec nsenter --net=/proc/${here}/ns/net chroot "$0" ${link}`;
  const { status, stderr } = await run(
    'unshare',
    ['--mount', '--propagation', 'private', 'bash', '--norc', '-c', command, tree],
    { cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C' }, timeoutMs: 10_000 },
  );
  if (status !== 0) throw new Error(`${link}: ${stderr}`);
  // Its own link-local address would be tried for duplicates during a second: each end is given one.
  await Promise.all(
    [near, far].map(([side, end]) => side.must(`ip link set ${end} addrgenmode none && ip link set ${end} up`)),
  );
}

const everywhere = [
  'ip link set lo up',
  // Else an ICMP error would wait for its turn, one a second for each client.
  'echo 0 >/proc/sys/net/ipv4/icmp_ratelimit',
  'echo 0 >/proc/sys/net/ipv6/icmp/ratelimit',
  'echo 1000000 >/proc/sys/net/ipv4/icmp_msgs_per_sec 2>/dev/null || :',
  'echo 100000 >/proc/sys/net/ipv4/icmp_msgs_burst 2>/dev/null || :',
  'echo 0 >/proc/sys/net/ipv6/conf/all/accept_ra',
  'echo 0 >/proc/sys/net/ipv6/conf/default/accept_ra',
];

function up(name: string, ...prefixes: readonly string[]): string[] {
  return [
    // What is added before both ends carry is not always told to the routes.
    `for try in $(seq 400); do read -r state </sys/class/net/${name}/operstate; [ "$state" = up ] && break; sleep 0.005; done`,
    ...prefixes.map((prefix) => `ip addr add ${prefix} dev ${name}${prefix.includes(':') ? ' nodad' : ''}`),
    ...(availableParallelism() > 1 ? [`echo 2 >/sys/class/net/${name}/queues/rx-0/rps_cpus`] : []),
  ];
}

/** Every address of a prefix is the machine's own, and is bound without asking. */
function anyAddress({ 4: ipv4, 6: ipv6 }: { readonly 4: string; readonly 6: string }): string[] {
  return [
    `ip route add local ${ipv4} dev lo`,
    `ip -6 route add local ${ipv6} dev lo`,
    'echo 1 >/proc/sys/net/ipv6/ip_nonlocal_bind',
    'echo 1 >/proc/sys/net/ipv4/ip_nonlocal_bind',
  ];
}

const asClient = [
  ...anyAddress(addresses.clients),
  'echo 1 >/proc/sys/net/ipv4/tcp_syn_retries',
  "echo '1024 65535' >/proc/sys/net/ipv4/ip_local_port_range",
];
const asServer = [
  ...anyAddress(addresses.servers),
  'echo 4096 >/proc/sys/net/core/somaxconn',
  'echo 65536 >/proc/sys/net/ipv4/tcp_max_syn_backlog',
];
const toClients = (ipv4: string, ipv6: string) => [
  `ip route add ${addresses.clients[4]} via ${ipv4}`,
  `ip -6 route add ${addresses.clients[6]} via ${ipv6}`,
];
const toServers = (ipv4: string, ipv6: string) => [
  `ip route add ${addresses.servers[4]} via ${ipv4}`,
  `ip -6 route add ${addresses.servers[6]} via ${ipv6}`,
];

const clientDirect = [
  ...up('eth0', '10.10.0.1/24', '10.10.1.1/24', 'fd10::1/64', 'fd10:1::1/64', 'fe80::1/64'),
  ...asClient,
  ...toServers('10.10.1.2', 'fd10:1::2'),
];
const serverDirect = [
  ...up('eth0', '10.10.1.2/24', 'fd10:1::2/64', 'fe80::2/64'),
  ...asServer,
  'ip route add 10.10.0.0/24 via 10.10.1.1',
  'ip -6 route add fd10::/64 via fd10:1::1',
  ...toClients('10.10.1.1', 'fd10:1::1'),
];
const clientRouted = [
  ...up('eth0', '10.10.0.1/24', 'fd10::1/64', 'fe80::1/64'),
  ...asClient,
  'ip route add default via 10.10.0.254',
  'ip -6 route add default via fd10::fe',
];
const routerBetween = [
  ...up('eth0', '10.10.0.254/24', 'fd10::fe/64', 'fe80::fe/64'),
  ...up('eth1', '10.10.1.254/24', 'fd10:1::fe/64', 'fe80::fe/64'),
  'echo 1 >/proc/sys/net/ipv4/ip_forward',
  'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding',
  ...toClients('10.10.0.1', 'fd10::1'),
  ...toServers('10.10.1.2', 'fd10:1::2'),
];
const serverRouted = [
  ...up('eth0', '10.10.1.2/24', 'fd10:1::2/64', 'fe80::2/64'),
  ...asServer,
  'ip route add default via 10.10.1.254',
  'ip -6 route add default via fd10:1::fe',
];

function script(lines: readonly string[]): string {
  return ['set -e', ...everywhere, ...lines].join('\n');
}

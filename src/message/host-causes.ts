import type { CauseCode } from '../model/index.js';
import type { Entry } from './entry.js';

/** A rule where one is named, and what holds it. */
const by = ({ rule, chain }: Readonly<Record<string, string>>) =>
  rule === undefined ? '' : `: ${rule}${chain === undefined ? '' : ` (${chain})`}`;

/** The line that makes it so, where one is named. */
const as = ({ line }: Readonly<Record<string, string>>) => (line === undefined ? '' : `, by ${line}`);

/** What is written down for the firewall, and not loaded. */
const waiting = ({ permanent, zone }: Readonly<Record<string, string>>) =>
  permanent === undefined
    ? ''
    : `; the permanent zone ${zone} lets ${permanent} in, and firewall-cmd --reload loads it`;

const say = (message: string, why: string): Entry => ({
  message: ({ data }) => `${message}${by(data)}${waiting(data)}`,
  why,
});

/** With the program that the list of sockets names. */
const sayWho = (message: string, why: string): Entry => ({
  message: ({ data }) => (data.process === undefined ? message : `${message}: ${data.process}`),
  why,
});

const accepted = 'the connection was accepted before; no packet filter, and no cloud rule, does that';
const reset = 'a kernel answers a SYN for a port on which nothing listens with a reset';
const noStart = 'an sshd that does not start leaves the port without a listener';
const dropped = 'a dropped packet leaves no answer, so the client waits until it times out';

/** The ports on which sshd does listen, and how to dial the first of them. */
function dialling(ports: string | undefined): string {
  return ports === undefined ? '' : `: ${ports} (ssh -p ${ports.split(', ')[0]})`;
}

/** The words of what keeps a client out on the machine itself. */
const listener = {
  'host/no-listener': say('nothing listens on the port: sshd is stopped, or not installed', reset),
  'host/other-port': {
    message: ({ data }) => `sshd listens on another port${dialling(data.ports)}${as(data)}`,
    why: reset,
  },
  'host/listener-loopback-only': say('sshd listens on the loopback address only', reset),
  'host/listener-other-address': {
    message: ({ data }) =>
      `sshd listens on another address of the machine${data.addresses === undefined ? '' : `: ${data.addresses}`}`,
    why: reset,
  },
  'host/listener-ipv4-only': say(
    'sshd listens on IPv4 only, and the client came by IPv6',
    'ListenAddress 0.0.0.0 and AddressFamily inet switch IPv6 off; without them sshd takes both',
  ),
  'host/listener-ipv6-only': say('sshd listens on IPv6 only, and the client came by IPv4', reset),
  'host/listen-address-absent': say(
    'sshd could not bind its ListenAddress: the machine does not have it, or did not have it yet',
    'an address that is not configured cannot be bound; sshd starts with the rest, or not at all',
  ),
  'host/port-taken': sayWho(
    'another program holds the port',
    'a port is bound once; sshd logs "Address already in use"',
  ),
  'host/bind-denied': say(
    'sshd was not allowed to bind the port',
    'SELinux lets sshd bind ports of the type ssh_port_t only; ports below 1024 need privileges',
  ),
  'host/bad-config': say('sshd does not start: its configuration has a mistake', noStart),
  'host/no-host-keys': say('sshd does not start: no host key can be used', noStart),
  'host/no-privsep-directory': say('sshd does not start: its privilege separation directory is missing', noStart),
  'host/no-privsep-user': say('sshd does not start: the user sshd does not exist', noStart),
  'host/reload-with-bad-config': say(
    'sshd ended when it was told to read a configuration with a mistake',
    'on SIGHUP sshd starts itself again, whatever its configuration is; systemctl reload looks at it first',
  ),
  'host/config-not-loaded': say(
    'the configuration was changed, and sshd still runs with the old one',
    'sshd reads its configuration when it starts, or on SIGHUP',
  ),
  'host/socket-port': say(
    'systemd listens for sshd, and on another port than sshd_config says',
    'with socket activation the unit ssh.socket decides over the port, not the Port of sshd_config',
  ),
  'host/start-limit': say('systemd gave up starting sshd: it was started too often', noStart),
  'host/booting': say('the machine is still booting: sshd starts after the first stages of cloud-init', noStart),
  'host/disabled-by-file': say('/etc/ssh/sshd_not_to_be_run is there, so the unit does not start', noStart),
  'host/start-failed-for-good': say(
    'sshd failed to start with status 255, and systemd does not try again',
    'the unit of Debian has RestartPreventExitStatus=255',
  ),
  'host/unit-private-network': say(
    'the unit of sshd has PrivateNetwork=yes: it listens in a network of its own',
    'its log says that it listens, and the machine has no such listener',
  ),
  'host/unit-address-families': say(
    'the unit of sshd may not use IPv4 (RestrictAddressFamilies)',
    'systemd refuses the socket without a line in the log',
  ),
} satisfies Partial<Record<CauseCode, Entry>>;

const firewall = {
  'host/firewall-drops': say('the firewall of the machine drops the packet', dropped),
  'host/firewall-rejects': say(
    'the firewall of the machine rejects the packet',
    'the client is refused by an ICMP message, which looks like a closed port',
  ),
  'host/firewall-resets': say(
    'the firewall of the machine rejects the packet with a TCP reset',
    'that cannot be told from a closed port from outside',
  ),
  'host/firewall-prohibits': say(
    'the firewall of the machine rejects the packet as prohibited',
    'Linux clients say "No route to host" for it; routing has nothing to do with it',
  ),
  'host/firewall-prohibits-ipv6': say(
    'the firewall of the machine rejects the packet as prohibited',
    'over IPv6 Linux clients say "Permission denied" for it; no key was offered yet',
  ),
  'host/firewall-net-unreachable': say(
    'the firewall of the machine rejects the packet as for an unreachable network',
    'the client is told so by an ICMP message',
  ),
  'host/firewall-protocol-unreachable': say(
    'the firewall of the machine rejects the packet as of an unknown protocol',
    'Linux clients say "Protocol not available" for it',
  ),
  'host/rate-limit': say(
    'the firewall of the machine limits how often a client may connect',
    'tries beyond the limit are rejected, and often make it last longer: wait a minute, and do not retry meanwhile',
  ),
  'host/firewall-drops-replies': say(
    'the firewall of the machine stops its own answer',
    'whatever a rule for OUTPUT does, the client hears nothing',
  ),
  'host/firewall-early': say('a chain before the ordinary firewall drops the packet', dropped),
  'host/port-redirected': say('the machine redirects the port to another one', 'what listens there decides'),
  'host/redirect-target-dead': say(
    'the machine sends the port on to an address at which nobody answers',
    'its kernel looks for that neighbour for three seconds and then says that the host is unreachable',
  ),
  'host/conntrack-full': say('the table of tracked connections is full', 'the kernel drops what it cannot track'),
  'host/accept-queue-full': say(
    'the accept queue of the listener is full: the program does not take its connections',
    'the kernel drops the packets of new connections then',
  ),
  'host/syn-queue-full': say(
    'too many handshakes are half open, and SYN cookies are off',
    'the kernel drops the packets of new connections then',
  ),
  'host/reverse-path-filter': say(
    'the reverse path filter drops the packet: the way back to the client leads through another interface',
    dropped,
  ),
  'host/no-return-route': say('the machine has no way back to the client', 'it says nothing about it to anybody'),
  'host/neighbour-discovery-dropped': say(
    'the firewall drops neighbour discovery of IPv6, so the router does not find the machine',
    'the router says "address unreachable" after three seconds',
  ),
  'host/unit-address-deny': say(
    'the unit of sshd drops packets of the client (IPAddressDeny)',
    'systemd filters in the cgroup; no firewall tool shows it',
  ),
  'host/banned': say(
    'the client is banned, and rejected',
    'programs like fail2ban add a rule for an address that failed too often',
  ),
  'host/ban-drops': say(
    'the client is banned, and its packets are dropped',
    'programs like fail2ban add a rule or a route for an address that failed too often',
  ),
  'host/tcp-wrappers': say(
    'TCP wrappers deny the client (/etc/hosts.deny)',
    'an sshd with libwrap accepts the connection, waits five seconds and closes it',
  ),
  'host/tcp-wrappers-text': say('TCP wrappers answer the client with a text (twist)', accepted),
} satisfies Partial<Record<CauseCode, Entry>>;

const daemon = {
  'host/max-startups': say(
    'sshd has as many connections without a login as MaxStartups allows',
    'it greets with "Exceeded MaxStartups" or "Not allowed at this time" and closes; before 8.2 it only closes',
  ),
  'host/per-source-max-startups': say(
    "the client's network has as many connections without a login as PerSourceMaxStartups allows",
    'sshd counts them for each block of addresses, PerSourceNetBlockSize',
  ),
  'host/per-source-penalty': say(
    'sshd makes the client wait: its network has a penalty for failed logins or for connections without one',
    'OpenSSH from 9.8 does so on its own (PerSourcePenalties): wait, at most ten minutes, and offer the right key then',
  ),
  'host/refuse-connection': say('RefuseConnection ends the connection of this client or user', accepted),
  'host/sshd-hung': say(
    'sshd hangs: it is stopped, or waits for a disk',
    'the kernel opens connections for a program that never takes them, until its queue is full',
  ),
  'host/host-keys-deleted': say('the host keys were deleted under the running sshd', accepted),
  'host/privsep-directory-deleted': say('/run/sshd was deleted, or made writable, under the running sshd', accepted),
  'host/sshd-upgraded': say(
    'OpenSSH was upgraded under the running sshd, which cannot start its new parts',
    'sshd starts a program of its own for each connection, and that is another version now',
  ),
  'host/out-of-files': say('sshd has no file descriptor left', accepted),
  'host/process-limit': say('sshd may not start another process', accepted),
  'host/socket-activation-fails': say('systemd takes the connection, and the sshd that it starts fails', accepted),
  'host/socket-connections': say('the socket unit has as many connections as MaxConnections allows', accepted),
  'host/login-grace': say(
    'nobody logged in within LoginGraceTime',
    'the client waited for something else: an agent, a name server',
  ),
  'host/http-on-port': sayWho('a web server answers on the port', accepted),
  'host/other-service': sayWho('another service answers on the port', accepted),
  'host/slow-resolver': say(
    'the server waits for a name server before it greets',
    'libwrap with names in hosts.allow or hosts.deny, and UseDNS, ask who the client is',
  ),
  'host/accept-then-reset': say('the program on the port resets every connection at once', accepted),
  'host/disk-full': say('the disk is full: keys and logs become empty files', noStart),
  'host/fips': say('the self-test of FIPS mode fails', noStart),
} satisfies Partial<Record<CauseCode, Entry>>;

const path = {
  'path/silent-proxy': say(
    'something on the way opens the connection and gets nothing from the machine',
    'a SYN proxy or a balancer shakes hands before it knows whether the machine answers',
  ),
  'path/proxy-without-listener': say('something on the way opens the connection, and the machine refuses it', accepted),
  'path/proxy-backend-dead': say('a proxy or a balancer took the connection, and what is behind it is dead', accepted),
  'path/mtu-to-client': say(
    'large packets from the server are lost on the way, and so are the messages that say so',
    'the greeting is small and arrives; the first large packet is the key exchange',
  ),
  'path/mtu-to-server': say(
    'large packets to the server are lost on the way, and so are the messages that say so',
    'the greeting is small and arrives; the first large packet is the key exchange',
  ),
  'path/payload-filter': say(
    'something on the way reads the traffic and stops SSH',
    'the handshake passes, SSH does not',
  ),
  'path/only-first-packet': say(
    "something on the way passes the client's first packet only",
    'the client takes the connection for open, the server waits for the end of the handshake',
  ),
  'path/router-rejects': say(
    'a firewall on the way rejects the packet',
    'a router answers for the machine; that does not show that the machine is there',
  ),
  'path/router-route': say('a router on the way has no way to the machine', 'it drops the packet, or says so'),
  'path/no-such-host': say(
    'nobody has that address on its last network: the machine is off, or the address is wrong',
    'the last router looks for a neighbour for three seconds',
  ),
  'path/other-machine': say(
    'the name or address leads to another machine: it was rebuilt, moved, or the name is stale',
    'addresses are given to others, and names are remembered longer than they hold',
  ),
  'path/cloud-filter': say(
    'a rule of the cloud stops the packet, or the instance is stopped',
    'security groups, network security groups and firewall rules drop, so they never refuse',
  ),
  'path/jump-host': say(
    'the jump host could not open the connection to the target',
    'the text tells what the jump host saw: judge the last hop from there',
  ),
} satisfies Partial<Record<CauseCode, Entry>>;

const client = {
  'client/no-route': say(
    'the client has no route to the address, or no IPv6',
    'its own system says so before a packet is sent',
  ),
  'client/route-blocks': say(
    'a route of the client forbids the address',
    'its own system says so before a packet is sent',
  ),
  'client/firewall': say("the client's own firewall, or that of its network, stops the packet", dropped),
  'client/no-free-port': say(
    'the client has no free port left',
    'too many connections to one address are open or closing',
  ),
  'client/no-ipv6': say(
    'IPv6 does not work where the client is',
    'the name has an IPv6 address, and ssh tries it first',
  ),
  'client/name': say('the name does not resolve', 'no address, no connection'),
  'client/not-an-address': say(
    'the address is none of a machine',
    'broadcast, multicast and reserved addresses take no connection',
  ),
} satisfies Partial<Record<CauseCode, Entry>>;

const login = {
  'login/key-refused': say('the server accepts none of the keys', 'the network is in order: this is about the account'),
  'login/user-not-allowed': say(
    'AllowUsers, DenyUsers or the like keep the user out',
    'sshd asks for a login and refuses it',
  ),
  'login/too-many-keys': say(
    'the client offered more keys than MaxAuthTries allows',
    'an agent offers all its keys, one after the other',
  ),
  'login/shell': say(
    "the account's shell does not exist, or lets nobody in",
    'the network is in order: this is about the account',
  ),
  'login/nologin': say(
    '/etc/nologin or /run/nologin keeps everybody but root out',
    'a machine that starts or stops has it',
  ),
  'login/account-expired': say('the account has expired', 'the network is in order: this is about the account'),
  'login/password-change': say(
    'the account must change its password first',
    'the network is in order: this is about the account',
  ),
  'login/no-common-algorithm': say(
    'client and server have no algorithm in common',
    'one of them is old, or crypto policies forbid what the other offers',
  ),
} satisfies Partial<Record<CauseCode, Entry>>;

/** The words of everything that keeps a client out beside a cloud's own rules. */
export const hostCauses: Readonly<Record<CauseCode, Entry>> = {
  ...listener,
  ...firewall,
  ...daemon,
  ...path,
  ...client,
  ...login,
};

/** What is worth knowing of user data, and is no cause of its own. */
export const userDataRemarks = {
  'host/user-data-remark': {
    message: ({ data }) => `${data.why} (${data.line})`,
    why: 'user data does less than it seems to',
  },
  'host/user-data-unless': {
    message: ({ data }) => `that is so unless ${data.why}`,
    why: 'the cloud does not show which of them the machine read',
  },
  'host/user-data-image': {
    message: ({ data }) => `if its image is of ${data.images}: ${data.outcome}`,
    why: 'images of distributions differ, and nothing tells of which one the machine is',
  },
  'host/user-data-unclear': {
    message: ({ data }) => `who gets to sshd is not known: ${data.line}`,
    why: 'user data runs on the machine, and what this line does cannot be told from its text',
  },
} satisfies Readonly<Record<string, Entry>>;

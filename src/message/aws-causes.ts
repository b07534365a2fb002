import type { Entry, Values } from './entry.js';

type Message = Entry['message'];

const silent = 'without an answer, so the client waits until it times out';
const likely = { certain: false } as const;

function entry(message: Message, why: string): Entry {
  return { message, why };
}

/** States that pass by themselves. */
const transient = new Set(['pending', 'stopping', 'shutting-down']);

const route = ({ data }: Values) =>
  `${data.table ?? 'the route table'} sends ${data.destination ?? 'it'} to ${data.hop ?? 'another target'}`;

/** What the cloud does with TCP on its own network: it never answers by itself, so every stop looks like silence. */
export const awsCauses: Readonly<Record<string, Entry>> = {
  'aws/inst-not-running': entry(
    ({ component, data }) =>
      `${component} is ${data.state}${transient.has(data.state ?? '') ? ': retry in a minute' : ''}`,
    `only a running instance answers; packets for any other are dropped ${silent}`,
  ),
  'aws/addr-no-public-ipv4': entry(
    ({ component, data }) =>
      data.asked
        ? `${data.asked} is an IPv6 address: an IPv4 client cannot dial it`
        : `${component} has no public IPv4 address`,
    'an IPv4 client needs a public IPv4 address that is mapped to the interface; an internet gateway delivers to nothing else',
  ),
  'aws/addr-eip-unassociated': entry(
    ({ component, data }) =>
      `${component} has no public IPv4 address; elastic address ${data.spare} is allocated, but associated with nothing`,
    'an elastic address leads nowhere until it is associated with an interface',
  ),
  'aws/addr-no-ipv6': entry(
    ({ component, data }) =>
      data.asked
        ? `${data.asked} is an IPv4 address: an IPv6 client cannot dial it`
        : `${component} has no IPv6 address of the internet`,
    'an IPv6 client needs a global IPv6 address on the interface; there is no translation',
  ),
  'aws/addr-ipv6-igw-denied': entry(
    ({ component }) => `${component} refuses IPv6 from internet gateways`,
    `with DenyAllIgwTraffic the interface takes IPv6 from inside the cloud only; what comes from a gateway is dropped ${silent}`,
  ),
  'aws/addr-private': entry(
    ({ from, data }) => `${data.address} is a private address, which ${from} cannot reach over the internet`,
    'private addresses are not routed on the internet; dial the public address, or come over a private connection',
  ),
  'aws/addr-carrier-only': entry(
    ({ component }) => `${component} has a carrier address only`,
    'a carrier gateway lets in the network of its carrier, not the internet',
  ),
  'aws/addr-byoip-not-advertised': entry(
    ({ data }) => `the range ${data.cidr} of ${data.address} is ${data.state}, not advertised`,
    'an address of a range that you brought is reachable only while AWS advertises that range',
  ),
  'aws/addr-not-ours': entry(
    ({ data }) => `${data.address ?? 'the address'} belongs to nothing in the evidence`,
    'a released address may belong to somebody else by now, and anything can answer there',
  ),
  'aws/addr-not-in-vpc': entry(
    ({ data }) => `${data.address ?? 'the address'} is not in the VPC`,
    'a gateway delivers only to addresses of its VPC',
  ),
  'aws/src-not-routable': entry(
    ({ from }) => `${from} is not an address of the internet`,
    `an internet gateway rejects private and shared source addresses ${silent}`,
  ),
  'aws/src-spoofed': entry(
    ({ from }) => `${from} is not an address of the sender`,
    "a gateway drops packets whose source is not the sender's own",
  ),
  'aws/src-sg-egress': entry(
    ({ data, service }) => `no egress rule of the source's ${data.groups} allows ${service} to ${data.destination}`,
    `a security group drops outgoing connections that no egress rule allows ${silent}`,
  ),
  'aws/src-nacl-out': entry(
    ({ component, data }) => `entry ${data.rule} of the source's ${component} stops the packet on its way out`,
    `a network ACL decides by its lowest matching entry, and drops ${silent}`,
  ),
  'aws/src-nacl-in': entry(
    ({ component, data }) => `entry ${data.rule} of the source's ${component} stops the reply`,
    "a network ACL is stateless: the reply to the client's port needs an inbound entry of its own",
  ),
  'aws/src-rt-missing': entry(
    ({ data }) =>
      `the source's ${data.table} ${data.hop ? `sends ${data.destination} to ${data.hop}` : `has no route to ${data.destination}`}`,
    `without a route into this connection the packet never leaves the source's network`,
  ),
  'aws/bpa-block': entry(
    ({ data }) =>
      `Block Public Access (${data.mode}${data.owner ? `, set by account ${data.owner}` : ''}) covers ${data.subnet}`,
    `both modes of VPC Block Public Access drop what comes in from the internet ${silent}, unless an exclusion allows both directions`,
  ),
  'aws/igw-detached': entry(
    ({ data }) =>
      data.gateway
        ? `${data.gateway} is not attached to ${data.vpc ?? 'this VPC'}`
        : `${data.vpc} has no internet gateway`,
    'a VPC without an attached internet gateway has no way to or from the internet',
  ),
  'aws/edge-appliance-no-public-ip': entry(
    ({ data }) => `the gateway sends what comes in to ${data.interface}, which has no public address`,
    'an appliance behind a gateway route table needs a public address of its own',
  ),
  'aws/nacl-in-deny': entry(
    ({ component, data, service, from }) => `entry ${data.rule} of ${component} denies ${service} from ${from}`,
    `a network ACL decides by its lowest matching entry, and drops ${silent}`,
  ),
  'aws/nacl-out-deny': entry(
    ({ component, data, from }) => `entry ${data.rule} of ${component} denies the reply to ${from}`,
    'a network ACL is stateless: the reply needs an outbound entry for the port from which the client sends (1024-65535)',
  ),
  'aws/nacl-out-partial': entry(
    ({ component, data, from }) =>
      `entry ${data.rule} of ${component} denies the reply to ${from} on some client ports`,
    'a network ACL is stateless, and clients pick their port at random: connections fail now and then',
  ),
  'aws/sg-no-inbound': entry(
    ({ data, service, from }) => `no rule of ${data.groups} allows ${service} from ${from}`,
    `a security group drops what no rule allows, ${silent}`,
  ),
  'aws/sg-stale': entry(
    ({ component, data }) => `the rule of ${component} for ${data.peer} is stale: the group or its peering is gone`,
    'a stale reference matches nothing',
  ),
  'aws/sg-ref-lost-public-ip': entry(
    ({ component, data, from }) =>
      `the rule of ${component} for members of ${data.peer} does not match ${from}, a public address`,
    'a reference stands for private addresses; a member that dials the public address arrives with its own public one',
  ),
  'aws/sg-ref-not-preserved': entry(
    ({ component, data }) => `the rule of ${component} for members of ${data.peer} does not hold behind an appliance`,
    'references are not honoured for packets that passed a middlebox: a rule with a range is needed',
  ),
  'aws/sg-ref-tgw-disabled': entry(
    ({ component, data }) =>
      `the rule of ${component} for members of ${data.peer} does not hold over the transit gateway`,
    'security group referencing is off on the transit gateway or on one of the attachments',
  ),
  'aws/rt-missing': entry(
    ({ component, from, data }) =>
      `${component} has no route back to ${from}${data.hop ? ` but ${data.destination} to ${data.hop}` : ''}`,
    `the reply has nowhere to go, so the client waits until it times out`,
  ),
  'aws/rt-blackhole': entry(
    (values) => `${route(values)}, which is gone (blackhole)`,
    'a blackhole route drops what it matches; no shorter route steps in',
  ),
  'aws/rt-asymmetric': entry(
    (values) => `${route(values)}, not the way the request came`,
    'the reply must leave the way the request came in; any other way loses it',
  ),
  'aws/rt-local-overlap': entry(
    ({ from, data }) => `${from} lies inside ${data.destination}, a range of the VPC itself`,
    'the reply is delivered inside the VPC and never leaves it',
  ),
  'aws/pcx-none': entry(
    ({ data }) => `nothing joins ${data.from} with ${data.to}`,
    'two VPCs are separate until a peering or a transit gateway joins them',
  ),
  'aws/pcx-not-active': entry(
    ({ component, data }) => `${component} is ${data.state}`,
    'a peering carries traffic only while it is active',
  ),
  'aws/pcx-transitive': entry(
    ({ data }) => `${data.from} and ${data.to} are both peered with ${data.via}, but not with one another`,
    'peering is not transitive',
  ),
  'aws/pcx-edge-to-edge': entry(
    ({ data, from }) => `${from} is behind a gateway of ${data.from}, the peer of ${data.to}`,
    'a peering does not lead through the gateways, VPNs or endpoints of the peer',
  ),
  'aws/tgw-attachment-state': entry(
    ({ component, data }) => `${component} is ${data.state}`,
    'an attachment carries traffic only while it is available',
  ),
  'aws/tgw-az': entry(
    ({ component, data }) => `${component} has no subnet in ${data.zone ?? 'the zone'}`,
    'a transit gateway takes traffic only from availability zones in which its attachment has a subnet',
  ),
  'aws/tgw-no-association': entry(
    ({ component }) => `${component} is associated with no transit gateway route table`,
    'without an association nothing is routed for an attachment',
  ),
  'aws/tgw-no-route': entry(
    ({ component, data }) => `${component} has no route to ${data.destination ?? 'it'} over this attachment`,
    'a transit gateway drops what its route table does not lead on',
  ),
  'aws/tgw-blackhole': entry(
    ({ component, data }) => `the route to ${data.destination ?? 'it'} in ${component} is a blackhole`,
    'a blackhole route drops what it matches',
  ),
  'aws/vgw-detached': entry(
    ({ component }) => `${component} is not attached to the VPC`,
    'a virtual private gateway works only while it is attached',
  ),
  'aws/vgw-tunnel-down': entry(
    ({ component }) => `no tunnel of ${component} is up`,
    "without a tunnel the site is cut off; this is mended at the customer's device",
  ),
  'aws/vgw-prefix-unknown': entry(
    ({ component, from }) => `${component} has not learned a prefix that covers ${from}`,
    'a virtual private gateway forwards only prefixes that it learned or that are configured as static routes of the VPN',
  ),
  'aws/vgw-dst-not-private': entry(
    ({ data }) => `${data.address ?? 'the public address'} cannot be dialled through a virtual private gateway`,
    'packets from a virtual private gateway are delivered to private addresses only',
  ),
  'aws/vgw-no-ipv6': entry(
    ({ component }) => `${component} carries no IPv6`,
    'a VPN on a virtual private gateway carries IPv4 only',
  ),
  'aws/mbx-firewall-deny': entry(
    ({ component }) => `the rules of ${component} drop it`,
    'a network firewall drops what its rules do not pass',
  ),
  'aws/nlb-no-listener': entry(
    ({ component, service }) => `${component} has no listener that leads ${service} on`,
    `a network load balancer drops connections to ports without a listener ${silent}`,
  ),
  'aws/nlb-sg-deny': entry(
    ({ data, service, from }) => `no rule of the balancer's ${data.groups} allows ${service} from ${from}`,
    `a security group drops what no rule allows, ${silent}`,
  ),
  'aws/nlb-az': entry(
    ({ component, data }) =>
      `${component} has no zone ${data.zone ?? 'of the instance'}, and cross-zone balancing is off`,
    'without cross-zone balancing a node reaches targets of its own zone only',
  ),
  'aws/nlb-target': entry(
    ({ component, data }) => `${data.target ?? 'the instance'} is ${data.state ?? 'not a target'} of ${component}`,
    'a balancer forwards to registered targets only',
  ),
  'aws/nlb-client-ip': entry(
    ({ data, service }) =>
      `no rule of ${data.groups} allows ${service} from ${data.seen ?? 'the address that arrives'}`,
    'whether the instance sees the client or the balancer depends on client IP preservation; its rules must allow the one that it sees',
  ),
  'aws/nlb-proxy-v2': {
    message: ({ component }) => `${component} puts a PROXY header before the first byte`,
    why: 'sshd takes the header for a broken greeting and hangs up; proxy_protocol_v2.enabled has to be false on the target group',
    ...likely,
  },
  'aws/eice-state': entry(
    ({ component, data }) => `${component} is ${data.state}`,
    'an endpoint works only when it is complete',
  ),
  'aws/eice-port': entry(
    ({ service }) => `an Instance Connect Endpoint refuses ${service}`,
    'the service tunnels to ports 22 and 3389 only',
  ),
  'aws/eice-sg-egress': entry(
    ({ data, service }) => `no egress rule of the endpoint's ${data.groups} allows ${service} to the instance`,
    'an endpoint needs an egress rule towards the instance; its inbound rules do not matter',
  ),
  'aws/eice-client-ip': entry(
    ({ data, service }) => `no rule of ${data.groups} allows ${service} from the client that the endpoint preserves`,
    "with client IP preservation the instance sees the client's own address, so its rules must allow that",
  ),
  'aws/ssm-offline': entry(
    ({ component, data }) => `the Session Manager agent of ${component} is ${data.state ?? 'offline'}`,
    'Session Manager needs a running agent, an instance role and a way out to port 443',
  ),
  'aws/serial-console-disabled': entry(
    ({ component, data }) => `${component} does not allow the serial console in ${data.region}`,
    'the serial console takes connections only where its account allows it, in each region by itself',
  ),
  'aws/host-status': entry(
    ({ component, data }) =>
      data.status === 'initializing'
        ? `the status checks of ${component} are not done yet: retry in a few minutes`
        : `the ${data.check ?? 'status'} check of ${component} says ${data.status ?? 'impaired'}`,
    'a failed check means that the machine or its network does not answer; the network up to the interface may be in order',
  ),
  'aws/host-multi-nic': {
    message: ({ component }) =>
      `${component} is not the first interface, and the system is not known to route by source`,
    why: 'without policy routing the reply leaves through the first interface and is dropped there',
    ...likely,
  },
  'aws/host-address-not-configured': {
    message: ({ data }) =>
      `${data.address ?? 'the address'} is ${data.prefix ? `out of the delegated prefix ${data.prefix}` : 'a secondary address'}, and the system is not known to configure it`,
    why: 'an address beside the first works only when the system has it on its interface',
    ...likely,
  },
  'aws/host-no-keys': {
    message: ({ component }) => `${component} was launched without a key pair`,
    why: 'without a key in authorized_keys the server refuses the login',
    ...likely,
  },
  'aws/host-windows': {
    message: ({ component }) => `${component} runs Windows, where port 22 is closed unless OpenSSH Server is installed`,
    why: 'Windows listens on 3389 (remote desktop) by default',
    ...likely,
  },
};

import type { Entry } from './entry.js';

type Message = Entry['message'];

const silent = 'without an answer, so the client waits until it times out';
const dropped = `Google's network drops it ${silent}`;

function entry(message: Message, why: string): Entry {
  return { message, why };
}

/** Believed by many, and not said by Google's documentation. */
function likely(message: Message, why: string): Entry {
  return { message, why, certain: false };
}

/** What a relay of IAP tells its client, where it stands between. */
const relayed = (code: string | undefined) =>
  code === undefined ? '' : `; the relay of IAP closes the connection (gcloud shows ${code})`;

const stopped =
  (what: string): Message =>
  ({ component, data }) =>
    `${component} is ${what}${relayed(data.iap)}`;

/** What Google Cloud does with TCP on its own network: it never answers by itself, so every stop looks like silence. */
export const gcpCauses: Readonly<Record<string, Entry>> = {
  'gcp/inst-starting': likely(stopped('starting: retry in a minute'), `only a running instance answers; ${dropped}`),
  'gcp/inst-stopping': likely(stopped('stopping'), `only a running instance answers; ${dropped}`),
  'gcp/inst-suspended': likely(stopped('suspended'), `only a running instance answers; ${dropped}`),
  'gcp/inst-stopped': likely(
    stopped('stopped'),
    `only a running instance answers; a static address stays with a stopped one, and packets to it are dropped ${silent}`,
  ),
  'gcp/inst-repairing': likely(stopped('under repair'), `only a running instance answers; ${dropped}`),
  'gcp/nic-no-external-ip': entry(
    ({ component, data }) =>
      data.asked
        ? `${data.asked} is not an external IPv4 address of ${component}`
        : `${component} has no external IPv4 address`,
    'a client on the internet needs an external IPv4 address of the instance; Cloud NAT only lets out',
  ),
  'gcp/nic-no-external-ipv6': entry(
    ({ component, data }) =>
      data.asked
        ? `${data.asked} is not an external IPv6 address of ${component}`
        : `${component} has no external IPv6 address`,
    'an IPv6 client on the internet needs an external IPv6 address of the instance; internal ones are not routed there',
  ),
  'gcp/nic-foreign-ip': entry(
    ({ data }) => `${data.instance} does not forward packets, and ${data.address} is not its own`,
    'without IP forwarding an instance takes packets for its own addresses only (Connectivity Tests: FOREIGN_IP_DISALLOWED)',
  ),
  'gcp/nic-address-not-ours': entry(
    ({ data }) => `${data.address} is no address in the evidence`,
    'a released address may belong to somebody else by now',
  ),
  'gcp/nic-profile': entry(
    ({ component }) => `the profile of ${component} does not allow external addresses`,
    'a network profile may take features away from its network',
  ),
  'gcp/src-not-routable': entry(
    ({ from }) => `${from} is no address of the internet`,
    'private and reserved addresses are not routed on the internet, and do not come to an external address',
  ),
  'gcp/src-egress-deny': entry(
    ({ component }) => `${component} keeps the sender from opening the connection`,
    `the firewall of the sender's side asks its egress rules; what they deny is dropped ${silent}`,
  ),
  'gcp/src-not-running': likely(
    ({ data }) => `${data.sender} does not run`,
    'a machine that does not run sends nothing',
  ),
  'gcp/src-smtp-blocked': likely(
    () => 'packets to external addresses on port 25 are blocked on the way out of Google Cloud',
    `Google blocks TCP 25 to external addresses for everybody; ${dropped}`,
  ),
  'gcp/src-no-egress': entry(
    ({ data }) => `${data.sender ?? 'the sender'} has neither an external address nor Cloud NAT`,
    'without one of them nothing of it comes to an external address',
  ),
  'gcp/fw-implied-deny': entry(
    ({ from, service, data }) =>
      `no firewall rule of ${data.network} allows ${service} from ${from}${relayed(data.iap)}`,
    `what no rule allows is denied by the implied ingress rule, ${silent}`,
  ),
  'gcp/fw-classic-deny': entry(
    ({ data, from, service }) => `firewall rule ${data.rule} denies ${service} from ${from}${relayed(data.iap)}`,
    `the rule with the lowest number decides, and at equal numbers a deny; ${dropped}`,
  ),
  'gcp/fw-hier-deny': entry(
    ({ data, from, service }) =>
      `rule ${data.rule} of the hierarchical policy ${data.policy} denies ${service} from ${from}${relayed(data.iap)}`,
    `policies of the organisation and its folders are asked before all rules of the network; ${dropped}`,
  ),
  'gcp/fw-sys-deny': entry(
    ({ data, from, service }) =>
      `rule ${data.rule} of the policy ${data.policy}, which a Google service manages, denies ${service} from ${from}${relayed(data.iap)}`,
    `policies of Google services are asked before the network's own rules; ${dropped}`,
  ),
  'gcp/fw-net-deny': entry(
    ({ data, from, service }) =>
      `rule ${data.rule} of the network policy ${data.policy} denies ${service} from ${from}${relayed(data.iap)}`,
    `the first rule of a policy that matches decides; ${dropped}`,
  ),
  'gcp/fw-reg-deny': entry(
    ({ data, from, service }) =>
      `rule ${data.rule} of the regional policy ${data.policy} denies ${service} from ${from}${relayed(data.iap)}`,
    `the first rule of a policy that matches decides; ${dropped}`,
  ),
  'gcp/fw-policy-deny': entry(
    ({ data, from, service }) => `rule ${data.rule} of the policy ${data.policy} denies ${service} from ${from}`,
    `the first rule of a policy that matches decides; ${dropped}`,
  ),
  'gcp/fw-classic-disabled': entry(
    ({ data }) => `${data.rule} would let it in, but is disabled`,
    'a disabled rule is as if it were not there',
  ),
  'gcp/fw-target-mismatch': entry(
    ({ data }) => `${data.rule} would let it in, but is for instances with other tags or service accounts`,
    'a rule with target tags or service accounts is for the instances that carry one of them',
  ),
  'gcp/fw-source-tag-external': entry(
    ({ data }) =>
      `${data.rule} lets in by source tags or service accounts, which only machines of the same network have`,
    'tags and service accounts match internal addresses of the same network, and nobody else',
  ),
  'gcp/fw-family': entry(
    ({ data }) => `${data.rule} is for the other address family`,
    '0.0.0.0/0 matches no IPv6 client, and ::/0 no IPv4 client',
  ),
  'gcp/fw-port-mismatch': entry(
    ({ data }) => `${data.rule} lets the client in on other ports`,
    'a rule lets in on its own ports only',
  ),
  'gcp/fw-external-destination': entry(
    ({ data }) => `${data.rule} names the external address, but ingress rules see the internal address`,
    'the external address is translated before the firewall sees the packet',
  ),
  'gcp/rt-return-missing': entry(
    ({ data, from }) => `no route of ${data.network} leads back to ${from}`,
    `the reply of the instance needs a route; without one it is dropped, and the client waits until it times out`,
  ),
  'gcp/rt-return-diverted': likely(
    ({ data }) => `route ${data.route} sends replies to ${data.destination} to ${data.hop}, not to the internet`,
    'a reply that leaves another way than the request came does not arrive with the address that the client dialled',
  ),
  'gcp/rt-private-to-internet': entry(
    ({ data }) => `route ${data.route} sends replies for private addresses to ${data.hop}`,
    `private addresses are not routed there; ${dropped}`,
  ),
  'gcp/rt-blackhole': entry(
    ({ data }) => `route ${data.route} sends replies to ${data.hop}, which does not take them`,
    'a next hop that is down gives way only to another route with the same destination; else replies are dropped',
  ),
  'gcp/peer-inactive': entry(
    ({ component }) => `${component} is not active: the other side has not configured it, or not alike`,
    `a peering carries packets when both sides have configured it; ${dropped}`,
  ),
  'gcp/peer-not-transitive': entry(
    ({ data }) => `${data.from ?? 'the sender'} is in a network that is peered to a peer of ${data.network} only`,
    `peerings are not transitive; ${dropped}`,
  ),
  'gcp/peer-family': entry(
    ({ component }) => `${component} exchanges IPv4 routes only`,
    `IPv6 goes over a peering only where both sides exchange it; ${dropped}`,
  ),
  'gcp/peer-custom-routes': entry(
    ({ component }) => `${component} does not hand on the route to the site`,
    'dynamic and static routes go over a peering where one side exports and the other imports them',
  ),
  'gcp/vpn-down': entry(
    ({ component, data }) => `${component} is down (${data.state})`,
    'a tunnel carries packets while it is established; the router of the site may answer for what it cannot send on',
  ),
  'gcp/bgp-not-advertised': entry(
    ({ component }) => `${component} does not announce the instance's address to the site`,
    'the routers of a site send over the tunnel only what was announced to them',
  ),
  'gcp/lb-port-mismatch': likely(
    ({ component, service }) => `${component} does not take ${service}`,
    `a forwarding rule takes its own ports; for others ${dropped}`,
  ),
  'gcp/lb-source': entry(
    ({ component, from }) => `${component} does not take packets from ${from}`,
    `a forwarding rule with source ranges takes those only; ${dropped}`,
  ),
  'gcp/lb-unhealthy-drop': entry(
    ({ component }) => `${component} has no healthy backend, and is told to drop then`,
    `with dropTrafficIfUnhealthy nothing is sent to unhealthy backends; ${dropped}`,
  ),
  'gcp/lb-backend-fw': entry(
    ({ component }) => `${component} opens the connection itself, but the firewall keeps it from its backend`,
    "the proxy's own addresses need a rule that lets them in; the client sees its connection open, and then closed",
  ),
  'gcp/lb-region': entry(
    ({ component }) => `${component} takes clients of its own region only`,
    `without global access an internal forwarding rule is for its region; ${dropped}`,
  ),
  'gcp/lb-unhealthy': entry(
    ({ component }) => `the health checks of ${component} fail`,
    'when no backend is healthy, all of them get packets, as a last resort',
  ),
  'gcp/iap-perm': entry(
    () => 'the caller may not use IAP tunnels to the instance (gcloud shows 4033)',
    'the relay asks for iap.tunnelInstances.accessViaIAP, and closes the connection without it',
  ),
  'gcp/armor-deny': entry(
    ({ component, from }) => `${component} denies ${from}`,
    `a network edge security policy is asked before the firewall; ${dropped}`,
  ),
  'gcp/host-multinic-asymmetry': likely(
    ({ data }) => `the address is on ${data.interface}, and the system may answer from its first interface`,
    'a system answers by its default route unless it was told to route by source',
  ),
  'gcp/host-stopping': likely(
    ({ component }) => `${component} is about to stop`,
    'a graceful shutdown is in progress; it still answers',
  ),
  'gcp/ev-instance': entry(() => 'there is no such instance in the evidence', 'only what was recorded can be judged'),
};

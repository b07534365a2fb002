import type { Entry } from './entry.js';

type Message = Entry['message'];

const silent = 'without an answer, so the client waits until it times out';
const dropped = `Azure drops it ${silent}`;

function entry(message: Message, why: string): Entry {
  return { message, why };
}

/** Believed by many, and not said by Azure's documentation. */
function likely(message: Message, why: string): Entry {
  return { message, why, certain: false };
}

const denied =
  (where: string): Message =>
  ({ data, from, service }) =>
    `rule ${data.rule ?? 'none'} of ${data.group ?? 'the group'} on the ${where} denies ${service} from ${from}`;

const groups = `the rule with the lowest number decides, and both groups must allow; ${dropped}`;

/** What Azure does with TCP on its own network: it never answers by itself, so every stop looks like silence. */
export const azureCauses: Readonly<Record<string, Entry>> = {
  'azure/vm-power': entry(
    ({ component, data }) =>
      `${component} is ${data.state}${['starting', 'creating'].includes(data.state ?? '') ? ': retry in a minute' : ''}`,
    `only a running machine answers; packets for any other are dropped ${silent}`,
  ),
  'azure/address-missing': entry(
    () => 'the public address of the machine is not assigned at the moment',
    'a dynamic address is released while the machine is deallocated, and may belong to somebody else meanwhile',
  ),
  'azure/no-public-path': entry(
    ({ component, data }) =>
      data.asked
        ? `${data.asked} is no public ${data.family} address of ${component}`
        : `${component} has no public ${data.family} address`,
    'a client on the internet needs a public address of the machine, of a balancer or of a firewall before it, or Bastion',
  ),
  'azure/no-egress': entry(
    () => 'the sender has no way out to the internet',
    'in a private subnet a machine without a public address or a NAT gateway comes to no public address',
  ),
  'azure/src-not-routable': entry(
    ({ from }) => `${from} is no address of the internet`,
    'private and reserved addresses are not routed on the internet, and do not come to a public address',
  ),
  'azure/standard-ip-closed': entry(
    ({ component }) => `${component} has a Standard public address, and no network security group opens it`,
    'Standard addresses and balancers are closed until a security group on the subnet or the interface allows it',
  ),
  'azure/nsg-subnet': likely(denied('subnet'), groups),
  'azure/nsg-nic': likely(denied('interface'), groups),
  'azure/src-not-running': entry(
    ({ data }) => `${data.sender} is ${data.state}`,
    'a machine that does not run sends nothing',
  ),
  'azure/src-avnm-admin-rule': entry(
    ({ data, service }) => `the security admin rule ${data.rule} keeps ${service} in at the sender`,
    'admin rules of a network manager are asked before all security groups',
  ),
  'azure/src-nsg-subnet': likely(
    ({ data, service }) => `rule ${data.rule} of ${data.group} on the sender's subnet keeps ${service} in`,
    groups,
  ),
  'azure/src-nsg-nic': likely(
    ({ data, service }) => `rule ${data.rule} of ${data.group} on the sender's interface keeps ${service} in`,
    groups,
  ),
  'azure/jit': likely(
    ({ data, service }) =>
      `${service} is closed until somebody asks for just-in-time access (rule ${data.rule} of ${data.group})`,
    'just-in-time access opens the port for the asked time and client; another rule would only get around it',
  ),
  'azure/avnm-admin-rule': entry(
    ({ data, from, service }) => `the security admin rule ${data.rule} denies ${service} from ${from}`,
    'admin rules of a network manager are asked before all security groups',
  ),
  'azure/route-return': entry(
    ({ data }) =>
      `replies are sent to ${data.hop}, by the route to ${data.prefix || 'nowhere'}; a route into an appliance also makes the tag VirtualNetwork hold its prefix`,
    'a reply that leaves another way than the request came is dropped by whoever has not seen the request',
  ),
  'azure/route-forward': entry(
    ({ data }) => `the subnet ${data.subnet} of the sender sends ${data.prefix} to ${data.hop}`,
    `the longest prefix decides, and of one prefix a route of your own; ${dropped}`,
  ),
  'azure/nva-power': entry(
    ({ data }) => `the appliance ${data.address}, through which the sender's subnet sends, is ${data.state}`,
    'a machine that does not run passes nothing on',
  ),
  'azure/nva': entry(
    ({ data }) => `the appliance ${data.address} must not forward: IP forwarding is off on ${data.interface}`,
    `an interface takes packets for its own addresses only, unless forwarding is on; ${dropped}`,
  ),
  'azure/azure-firewall': likely(
    ({ data }) => `no rule of the firewall ${data.firewall} allows it`,
    'a firewall drops what no rule allows; it may open the connection itself first, and then stay silent',
  ),
  'azure/peering': entry(
    ({ component, data }) => `${component} carries nothing: it is ${data.state}`,
    `a peering carries packets where both sides are connected, between the networks and subnets of both; it is not transitive`,
  ),
  'azure/gateway': entry(
    ({ data }) => `${data.network} does not use the gateway of its peer`,
    'a network reaches the sites behind a gateway of a peer where it uses remote gateways and the peer allows the transit',
  ),
  'azure/gateway-down': entry(
    ({ data }) => `the connection to the site is ${data.state}`,
    'a gateway sends over a connection while it is connected',
  ),
  'azure/lb-no-rule': likely(
    ({ component, service }) => `${component} has no rule that ends at ${service} of the machine`,
    `a balancer takes what one of its rules names; ${dropped}`,
  ),
  'azure/lb-probe-down': entry(
    ({ component, data }) =>
      data.rule
        ? `the probes of ${component} fail: rule ${data.rule} of a security group keeps them out`
        : `the probes of ${component} fail`,
    'a balancing rule sends new connections to machines whose probe succeeds; probes come from 168.63.129.16',
  ),
  'azure/lb-admin-down': entry(
    ({ component }) => `the machine was taken out of the pool of ${component}`,
    'a member whose state is Down gets no new connections of balancing rules',
  ),
  'azure/vnet-encryption': entry(
    ({ data }) =>
      `${data.network} drops what is not encrypted (DropUnencrypted is not generally available), and the sender's size does not encrypt`,
    'machines of sizes that cannot encrypt are cut off from such a network',
  ),
  'azure/hint-destination': entry(
    ({ data }) =>
      `${data.rule} would let it in, but names another destination: security groups see the private address`,
    'the public address is translated before the security groups see the packet',
  ),
  'azure/hint-source-port': entry(
    ({ data }) => `${data.rule} would let it in, but names a source port from which no client sends`,
    'clients send from ports of 1024 and above; the source port of a rule is the own port of the client',
  ),
  'azure/hint-protocol': entry(
    ({ data }) => `${data.rule} is for another protocol than TCP`,
    'a rule lets in its own protocol only',
  ),
  'azure/ev-instance': entry(() => 'there is no such machine in the evidence', 'only what was recorded can be judged'),
};

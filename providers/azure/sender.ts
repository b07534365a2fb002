import {
  type Gap,
  known,
  type Layer,
  passFilter,
  type Reason,
  type ResourceRef,
  type Rule,
  type RuleFilter,
  unknown,
} from '../../src/model/index.js';
import { type Address, type AddressSet, addressSet, canonical, PortSet, parseAddress } from '../../src/set/index.js';
import { firewallAllows } from './azure-firewall.js';
import { subnetGroup } from './filter.js';
import { groupsOf, type Networks, type Port, prefixesOf, resource } from './network.js';
import { likeIn } from './places.js';
import { nameOf } from './records/ids.js';
import type { NetworkSecurityGroup } from './records/records.js';
import { type Route, routesOf, routeTo } from './route.js';
import { groupFilter, groupRef } from './security-group.js';

const everyPort = known(PortSet.all);

interface Asked {
  readonly destination: Address;
  readonly port: number;
}

/** What a group makes of what a sender sends to a destination, whoever the sender is: a rule that lacks its peers. */
interface Kept {
  readonly rule: Omit<Rule, 'peers'>;
  readonly gap: Gap | undefined;
}

/** What the first outbound rule of a group does that is about a destination; undefined where it lets out. */
function keptBy(filter: RuleFilter, of: ResourceRef, { destination, port }: Asked, code: string): Kept | undefined {
  const due = filter.rules.find(({ peers, ports }) => {
    const isMet = (peers.known ? peers.value : peers.within).has(destination);
    return isMet && (ports.known ? ports.value : ports.within).has(port);
  });
  if (!due || (due.peers.known && due.action === 'allow')) return undefined;
  const reason: Reason = { code, data: { rule: due.id ?? '', group: of.id } };
  const rule = { id: due.id, of, action: 'drop' as const, ports: everyPort, text: due.text, reason };
  return { rule, gap: due.peers.known ? undefined : due.peers.gap };
}

/** What the group that was found for a sender keeps in: the same object for all senders of which it says the same. */
function outboundOf(
  networks: Networks,
  sender: Port,
  found: ReturnType<Networks['securityGroup']>,
  asked: Asked,
  code: string,
): Kept | undefined {
  const own = parseAddress(sender.config.privateIPAddress ?? '');
  if (found === 'none' || !own || sender.subnetKey === undefined) return undefined;
  if ('gap' in found) {
    const { gap } = found;
    const reason = { code: gap.code, data: {} };
    const rule = { id: null, action: 'drop' as const, ports: everyPort, text: gap.detail, reason };
    return networks.onceFor(gap, 'kept', () => ({ rule, gap }));
  }
  const like = likeIn(networks, sender.networkKey ?? '', own);
  const guarded = { address: like, subnetKey: sender.subnetKey, groups: groupsOf(sender) };
  const filter = groupFilter(networks, found.found, 'outbound', guarded, code);
  const { destination, port } = asked;
  return networks.onceFor(filter, `kept ${destination.family} ${destination.value} ${port}`, () =>
    keptBy(filter, groupRef(found.found), asked, code),
  );
}

/** The rules of what is kept, each for all senders that it keeps in. */
function rulesFor(kept: Iterable<readonly [Port, Kept | undefined]>): Rule[] {
  const senders = new Map<Kept, Port[]>();
  for (const [sender, one] of kept) {
    const others = one && senders.get(one);
    if (others) others.push(sender);
    else if (one) senders.set(one, [sender]);
  }
  return [...senders].map(([{ rule, gap }, ports]) => {
    const addresses = addressSet(ports.map(({ config }) => config.privateIPAddress));
    return { ...rule, peers: gap ? unknown(addresses, gap) : known(addresses) };
  });
}

/** Whether a group keeps anything in: without a denial of somebody's own the default rules let out. */
function isRestricting(networks: Networks, found: ReturnType<Networks['securityGroup']>): boolean {
  if (found === 'none') return false;
  if ('gap' in found || found.found.securityRules === undefined) return true;
  return networks.onceFor(found, 'restricts', () => deniesOutbound(found.found));
}

function deniesOutbound({ securityRules = [] }: NetworkSecurityGroup): boolean {
  return securityRules.some(
    ({ direction, access, broken }) =>
      broken !== undefined || (direction?.toLowerCase() === 'outbound' && access?.toLowerCase() === 'deny'),
  );
}

/** The senders of a network whose groups may keep something in. */
function restricted(networks: Networks, network: string): readonly Port[] {
  return networks.once(`restricted ${network}`, () =>
    networks
      .portsIn(network)
      .filter((sender) =>
        [
          networks.securityGroup(sender.nic.networkSecurityGroup),
          subnetGroup(networks, networks.subnet(sender.subnetKey)),
        ].some((found) => isRestricting(networks, found)),
      ),
  );
}

/** What the senders' own groups keep in: the interface's comes before the subnet's (NSG docs, outbound traffic). */
function groupLayers(networks: Networks, network: string, asked: Asked): Layer[] {
  const senders = restricted(networks, network);
  const layer = (kind: string, rules: readonly Rule[]): Layer[] =>
    rules.length === 0
      ? []
      : [
          {
            kind,
            subject: resource('virtual-network', nameOf(network)),
            inbound: { kind: 'rules', rules, otherwise: 'allow' },
          },
        ];
  const kept = (groupOf: (sender: Port) => ReturnType<Networks['securityGroup']>, code: string) =>
    rulesFor(senders.map((sender) => [sender, outboundOf(networks, sender, groupOf(sender), asked, code)]));
  const ofNics = kept(({ nic }) => networks.securityGroup(nic.networkSecurityGroup), 'azure/src-nsg-nic');
  const ofSubnets = kept(({ subnetKey }) => subnetGroup(networks, networks.subnet(subnetKey)), 'azure/src-nsg-subnet');
  return [...layer('source-security-group', ofNics), ...layer('source-subnet-group', ofSubnets)];
}

/** What becomes of packets that a route hands to an appliance. */
function throughAppliance(networks: Networks, route: Route, clients: AddressSet, asked: Asked): Rule[] {
  const address = route.address ?? '';
  const base = { id: route.name, ports: everyPort, text: `sends ${route.prefix} to ${address}` };
  const allowed = firewallAllows(networks, address, clients, asked.destination, asked.port);
  if (allowed) return allowed;
  const wanted = canonical(address);
  const holder = networks
    .ports()
    .find(({ config }) => config.privateIPAddress !== undefined && canonical(config.privateIPAddress) === wanted);
  if (holder && holder.nic.enableIPForwarding !== true) {
    const reason: Reason = { code: 'azure/nva', data: { address, interface: holder.ref.id } };
    return [{ ...base, of: holder.ref, action: 'drop', peers: known(clients), reason }];
  }
  const detail = `packets pass through the appliance ${address}, whose rules are not in the evidence`;
  const gap: Gap = { code: 'azure/appliance', kind: 'not-modelled', what: address, detail };
  return [{ ...base, action: 'drop', peers: unknown(clients, gap), reason: { code: gap.code, data: {} } }];
}

/** Where the routes of the senders' subnets lead. `leads` tells the hops by which the destination is reached. */
function routeLayer(networks: Networks, network: string, asked: Asked, leads: ReadonlySet<Route['hop']>): Layer {
  const rules = [...networks.subnetsOf(network)].flatMap(([key, subnet]): Rule[] => {
    const clients = addressSet(prefixesOf(subnet));
    const routes = routesOf(networks, key, undefined);
    const doubt: Rule[] = routes.gap
      ? [
          {
            id: null,
            action: 'drop',
            peers: unknown(clients, { ...routes.gap, likely: false }),
            ports: everyPort,
            text: routes.gap.detail,
            reason: { code: routes.gap.code, data: {} },
          },
        ]
      : [];
    const route = routeTo(routes, asked.destination);
    if (!route || routes.gap || leads.has(route.hop)) return doubt;
    if (route.hop === 'appliance') return [...doubt, ...throughAppliance(networks, route, clients, asked)];
    const of = route.table === undefined ? resource('subnet', nameOf(key)) : resource('route-table', route.table);
    const reason: Reason = {
      code: 'azure/route-forward',
      data: { prefix: route.prefix, hop: route.hop, subnet: nameOf(key) },
    };
    return [
      ...doubt,
      {
        id: route.name,
        of,
        action: 'drop',
        peers: known(clients),
        ports: everyPort,
        text: `sends ${route.prefix} to ${route.hop}`,
        reason,
      },
    ];
  });
  const subject = resource('virtual-network', nameOf(network));
  return {
    kind: 'source-route-table',
    subject,
    inbound: rules.length === 0 ? passFilter : { kind: 'rules', rules, otherwise: 'allow' },
  };
}

/** Sizes of which everybody knows that they encrypt; others may not. */
const encrypts = /^standard_[defm]\d+[a-z]*_v[4-9]$/i;

/** Networks that drop what is not encrypted, which Azure does not offer to everybody yet. */
function encryptionLayers(networks: Networks, network: string): Layer[] {
  const { encryption } = networks.network(network) ?? {};
  if (!encryption?.enabled || encryption.enforcement?.toLowerCase() !== 'dropunencrypted') return [];
  const plain = networks.portsIn(network).filter(({ machine }) => {
    const size = machine === undefined ? undefined : networks.machines().get(machine)?.hardwareProfile?.vmSize;
    return size !== undefined && !encrypts.test(size);
  });
  const rule: Rule = {
    id: null,
    action: 'drop',
    peers: known(addressSet(plain.map(({ config }) => config.privateIPAddress))),
    ports: everyPort,
    text: 'drops what is not encrypted',
    reason: { code: 'azure/vnet-encryption', data: { network: nameOf(network) } },
  };
  return [
    {
      kind: 'virtual-network',
      subject: resource('virtual-network', nameOf(network)),
      inbound: { kind: 'rules', rules: [rule], otherwise: 'allow' },
    },
  ];
}

/** What packets of a network's machines meet before they leave it for an address inside. */
export function senderLayers(
  networks: Networks,
  network: string,
  asked: Asked,
  leads: ReadonlySet<Route['hop']>,
): Layer[] {
  return networks.once(`senders ${network} ${asked.destination.value} ${asked.port} ${[...leads].join(' ')}`, () => [
    ...groupLayers(networks, network, asked),
    routeLayer(networks, network, asked, leads),
    ...encryptionLayers(networks, network),
  ]);
}

import { type Gap, known, type Layer, passFilter, type Reason, type Rule, unknown } from '../../src/model/index.js';
import { isUnread } from '../../src/record/index.js';
import { type AddressSet, addressSet, canonical, PortSet } from '../../src/set/index.js';
import { firewallAllows } from './azure-firewall.js';
import { type Networks, prefixesOf, resource } from './network.js';
import { stoppedState } from './power.js';
import { nameOf } from './records/ids.js';
import { type Route, routesOf, routeTo } from './route.js';
import { type Asked, guardLayers } from './sender-guard.js';

const everyPort = known(PortSet.all);

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
  const isTold = holder && !isUnread(holder.nic, 'enableIPForwarding');
  if (holder && isTold && holder.nic.enableIPForwarding !== true) {
    const reason: Reason = { code: 'azure/nva', data: { address, interface: holder.ref.id } };
    return [{ ...base, of: holder.ref, action: 'drop', peers: known(clients), reason }];
  }
  const machine = holder?.machine === undefined ? undefined : networks.machines().get(holder.machine);
  const state = machine && stoppedState(machine);
  if (holder && state !== undefined) {
    const reason: Reason = { code: 'azure/nva-power', data: { address, state } };
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
  const { family, value } = asked.destination;
  return networks.shared.once(['senders', network, family, value, asked.port, [...leads].join(' ')], () => [
    ...guardLayers(networks, network, asked),
    routeLayer(networks, network, asked, leads),
    ...encryptionLayers(networks, network),
  ]);
}

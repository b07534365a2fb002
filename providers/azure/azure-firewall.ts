import { type Gap, known, type Reason, type Rule, unknown } from '../../src/model/index.js';
import { type Address, AddressSet, addressSet, canonical, PortSet } from '../../src/set/index.js';
import type { Placed } from './inventory.js';
import { addressIn, type Networks, resource } from './network.js';
import { nameOf } from './records/ids.js';
import type { AzureFirewall } from './records/records.js';
import { portsOf } from './security-rule.js';

type Collection = NonNullable<AzureFirewall['networkRuleCollections']>[number];
type FirewallRule = NonNullable<Collection['rules']>[number];

function setOf(texts: readonly string[] | undefined): AddressSet {
  if (texts?.includes('*')) return AddressSet.all;
  return addressSet(texts ?? []);
}

function portsIn(texts: readonly string[] | undefined): PortSet {
  return (texts ?? []).reduce((sum, text) => sum.union(portsOf(text) ?? PortSet.empty), PortSet.empty);
}

const isTcp = ({ protocols }: FirewallRule) =>
  protocols?.some((one) => ['tcp', 'any'].includes(one.toLowerCase())) ?? false;

function byPriority(collections: readonly Collection[] | undefined): readonly Collection[] {
  return [...(collections ?? [])].sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
}

/** The firewall that has a private address. */
export function firewallAt(networks: Networks, address: string): Placed<AzureFirewall> | undefined {
  const wanted = canonical(address);
  return [...networks.inventory.all('firewalls').values()].find(({ ipConfigurations }) =>
    ipConfigurations?.some(
      ({ privateIPAddress }) => privateIPAddress !== undefined && canonical(privateIPAddress) === wanted,
    ),
  );
}

function firewallRef({ name, id }: AzureFirewall) {
  return resource('azure-firewall', name ?? nameOf(id));
}

/** Rules of a policy, and groups and names that rules refer to, are not in the evidence. */
function unseen(firewall: AzureFirewall): Gap | undefined {
  if (firewall.firewallPolicy === undefined) return undefined;
  const { id } = firewallRef(firewall);
  return {
    code: 'azure/firewall-policy',
    kind: 'not-modelled',
    what: id,
    detail: `the rules of ${id} are in a policy that was not read`,
  };
}

/** What the firewall at an address stops of packets to a destination, by its network rules; undefined where none is there. */
export function firewallAllows(
  networks: Networks,
  address: string,
  clients: AddressSet,
  destination: Address,
  port: number,
): Rule[] | undefined {
  const firewall = firewallAt(networks, address);
  if (!firewall) return undefined;
  const of = firewallRef(firewall);
  const reason: Reason = { code: 'azure/azure-firewall', data: { firewall: of.id } };
  const base = { id: null, of, ports: known(PortSet.all), reason };
  const gap = unseen(firewall);
  if (gap) return [{ ...base, action: 'drop', peers: unknown(clients, gap), text: gap.detail }];
  let left = clients;
  let stopped = AddressSet.empty;
  for (const { action, rules } of byPriority(firewall.networkRuleCollections)) {
    for (const rule of rules ?? []) {
      if (
        !isTcp(rule) ||
        !setOf(rule.destinationAddresses).has(destination) ||
        !portsIn(rule.destinationPorts).has(port)
      )
        continue;
      const met = setOf(rule.sourceAddresses).intersect(left);
      left = left.subtract(met);
      if (action?.type?.toLowerCase() !== 'allow') stopped = stopped.union(met);
    }
  }
  const all = stopped.union(left);
  return all.isEmpty ? [] : [{ ...base, action: 'drop', peers: known(all), text: 'no network rule allows it' }];
}

/** The destinations of which the rules of all firewalls speak. */
export function* firewallSets(networks: Networks): Iterable<AddressSet> {
  for (const { networkRuleCollections = [] } of networks.inventory.all('firewalls').values())
    for (const { rules = [] } of networkRuleCollections)
      for (const { destinationAddresses } of rules) yield setOf(destinationAddresses);
}

/** One translation of a firewall: what the client dials, and where it leads. */
export interface Translation {
  readonly firewall: Placed<AzureFirewall>;
  readonly name: string;
  readonly address: string;
  readonly dialled: number;
  readonly sources: AddressSet;
  /** The subnet out of which the firewall sends. */
  readonly subnetId: string | undefined;
}

/** The translations that lead to an address and a port. */
export function translationsTo(networks: Networks, address: string, port: number): Translation[] {
  const firewalls = networks.inventory.all('firewalls');
  if (firewalls.size === 0) return [];
  const wanted = canonical(address);
  return [...firewalls.values()].flatMap((firewall) =>
    byPriority(firewall.natRuleCollections).flatMap(({ rules }) =>
      (rules ?? []).flatMap((rule): Translation[] => {
        const { translatedAddress, translatedPort, destinationAddresses, destinationPorts, name = 'a rule' } = rule;
        const [dialled] = portsIn(destinationPorts).ranges()[0] ?? [];
        if (
          translatedAddress === undefined ||
          canonical(translatedAddress) !== wanted ||
          Number(translatedPort) !== port
        )
          return [];
        const [shown] = destinationAddresses ?? [];
        const own = firewall.ipConfigurations?.[0];
        const publicAddress = addressIn(networks.publicIp(own?.publicIPAddress?.id));
        if (dialled === undefined) return [];
        return [
          {
            firewall,
            name,
            address: shown ?? publicAddress ?? '',
            dialled,
            sources: setOf(rule.sourceAddresses),
            subnetId: own?.subnet?.id,
          },
        ];
      }),
    ),
  );
}

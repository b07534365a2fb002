import type { Change, Stop } from '../../../src/provider.js';
import { canonical } from '../../../src/set/index.js';
import type { Placed } from '../inventory.js';
import { keyOf, nameOf } from '../records/ids.js';
import type { AzureFirewall } from '../records/records.js';
import { az, freeName, freeNumber, portOf, prefixesFor, type Recipe, type Repair } from './recipe.js';

/** What the CLI does not take for a number or a word of JSON where it looks an item up by its name. */
const plainName = /^(?!(?:true|false|null)$)[a-z][\w-]*$/i;

const extension = 'it takes the extension azure-firewall';

/** One more source of the translation that leads to the machine. */
function translationChange(repair: Repair, firewall: Placed<AzureFirewall>, { layer }: Stop): Change | undefined {
  const { networks, lower, port } = repair;
  const prefixes = prefixesFor(repair);
  const wanted = canonical(portOf(repair)?.config.privateIPAddress ?? '');
  const names = layer.inbound?.kind === 'rules' ? layer.inbound.rules.map(({ id }) => id) : [];
  const [found] = (firewall.natRuleCollections ?? []).flatMap((collection) =>
    (collection.rules ?? [])
      .filter(({ name = '', translatedAddress = '', translatedPort }) => {
        const isTo = canonical(translatedAddress) === wanted && Number(translatedPort) === port;
        return names.includes(name) && isTo;
      })
      .map((rule) => ({ collection, rule })),
  );
  if (!prefixes || !found || found.rule.sourceIpGroups?.length) return undefined;
  const { collection, rule } = found;
  const [set = '', name = ''] = [collection.name, rule.name];
  if (!plainName.test(set) || !plainName.test(name)) return undefined;
  const sourceAddresses = [...(rule.sourceAddresses ?? []), ...prefixes];
  const rules = collection.rules?.map((one) => (one === rule ? { ...one, sourceAddresses } : one));
  const natRuleCollections = firewall.natRuleCollections?.map((one) => (one === collection ? { ...one, rules } : one));
  return {
    removes: '',
    command: az('network firewall update', firewall.id, {
      name: firewall.name ?? nameOf(firewall.id),
      add: [`natRuleCollections[name=${set}].rules[name=${name}].sourceAddresses`, ...prefixes],
    }),
    pulumi: `sourceAddresses: ${JSON.stringify(sourceAddresses)}`,
    after: lower(networks.inventory.with('firewalls', keyOf(firewall.id), { ...firewall, natRuleCollections })),
    note: extension,
  };
}

/** A network rule for these clients and this machine, before every collection that denies. */
function networkRuleChange(repair: Repair, firewall: Placed<AzureFirewall>): Change | undefined {
  const { networks, lower, port } = repair;
  const prefixes = prefixesFor(repair);
  const address = portOf(repair)?.config.privateIPAddress;
  const collections = firewall.networkRuleCollections ?? [];
  const denials = collections.filter(({ action }) => action?.type?.toLowerCase() !== 'allow');
  const before = Math.min(65001, ...denials.map(({ priority = 100 }) => priority));
  const taken = collections.map((one) => one.priority);
  const priority = freeNumber(100, before, taken);
  if (!prefixes || address === undefined || priority === undefined) return undefined;
  const name = `allow-tcp-${port}`;
  const rule = {
    name,
    protocols: ['TCP'],
    sourceAddresses: prefixes,
    destinationAddresses: [address],
    destinationPorts: [String(port)],
  };
  const added = { name: freeName(name, collections), priority, action: { type: 'Allow' }, rules: [rule] };
  return {
    removes: '',
    command: az('network firewall network-rule create', firewall.id, {
      'firewall-name': firewall.name ?? nameOf(firewall.id),
      'collection-name': added.name,
      name,
      priority: String(priority),
      action: 'Allow',
      protocols: 'TCP',
      'source-addresses': prefixes,
      'destination-addresses': address,
      'destination-ports': String(port),
    }),
    pulumi: `networkRuleCollections: [${JSON.stringify(added)}]`,
    after: lower(
      networks.inventory.with('firewalls', keyOf(firewall.id), {
        ...firewall,
        networkRuleCollections: [...collections, added],
      }),
    ),
    note: extension,
  };
}

/** A classic firewall lets the clients through, or translates for them, too. */
export const firewallChange: Recipe = (repair, stop) => {
  const firewalls = [...repair.networks.inventory.all('firewalls').values()];
  const named = firewalls.filter(({ name, id }) => (name ?? nameOf(id)) === stop.reason.data.firewall);
  const [firewall] = named;
  if (!firewall || named.length > 1 || firewall.firewallPolicy !== undefined) return undefined;
  return stop.layer.kind === 'azure-firewall'
    ? translationChange(repair, firewall, stop)
    : networkRuleChange(repair, firewall);
};

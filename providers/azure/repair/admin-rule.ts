import { quoted } from '../../../src/record/index.js';
import { groupOf, keyOf, nameOf } from '../records/ids.js';
import type { AdminRule } from '../records/records.js';
import { az, freeName, ownPrefix, portOf, prefixesFor, type Recipe, type Repair } from './recipe.js';

/** The parts of an admin rule's id. */
const path =
  /^(.*\/networkManagers\/([^/]+))\/securityAdminConfigurations\/([^/]+)\/ruleCollections\/([^/]+)\/rules\//i;

const ruleName = ({ name, id }: AdminRule) => name ?? nameOf(id ?? '');

/** The number nearest before the rule that denies which no rule of the configuration has. */
function numberBefore({ priority = 1 }: AdminRule, rules: readonly AdminRule[]): number | undefined {
  const taken = new Set(rules.map((one) => one.priority));
  let number = priority - 1;
  while (number > 0 && taken.has(number)) number -= 1;
  return number > 0 ? number : undefined;
}

/** The configurations of a manager that are in effect anywhere: to deploy some of them is to withdraw the others. */
function deployed({ networks }: Repair, manager: string): string[] {
  const ids = [...networks.inventory.all('adminRules').values()]
    .flatMap(({ value }) => value ?? [])
    .flatMap(({ id = '' }) => {
      const [, of = '', , configuration] = path.exec(id) ?? [];
      return keyOf(of) === keyOf(manager) ? [`${manager}/securityAdminConfigurations/${configuration}`] : [];
    });
  return [...new Map(ids.map((id) => [keyOf(id), id])).values()];
}

/** A rule before the one that denies leaves these clients and this machine to the security groups, and is deployed. */
export const adminRuleChange: Recipe = (repair, stop) => {
  const { networks, lower, port } = repair;
  const end = portOf(repair);
  const network = end?.networkKey;
  const answer = networks.inventory.get('adminRules', network);
  const rules = answer?.value ?? [];
  const denying = rules.find(
    (rule) => ruleName(rule) === stop.reason.data.rule && String(rule.priority ?? '') === stop.reason.data.priority,
  );
  const [, manager = '', managerName = '', configuration = '', collection = ''] = path.exec(denying?.id ?? '') ?? [];
  const priority = denying && numberBefore(denying, rules);
  const { location } = repair.target.machine;
  const [prefix, ...more] = prefixesFor(repair) ?? [];
  const destination = ownPrefix(repair);
  if (!denying?.id || !answer || network === undefined || manager === '' || priority === undefined) return undefined;
  if (location === undefined || prefix === undefined || more.length > 0 || destination === undefined) return undefined;
  const name = freeName(
    `allow-tcp-${port}`,
    rules.map((rule) => ({ name: ruleName(rule) })),
  );
  const endOf = (addressPrefix: string) => [{ addressPrefix, addressPrefixType: 'IPPrefix' }];
  const added: AdminRule = {
    id: denying.id.replace(/[^/]*$/, name),
    name,
    kind: 'Custom',
    access: 'Allow',
    direction: 'Inbound',
    priority,
    protocol: 'Tcp',
    sources: endOf(prefix),
    destinations: endOf(destination),
    sourcePortRanges: ['0-65535'],
    destinationPortRanges: [String(port)],
  };
  const written = (addressPrefix: string) => [`address-prefix=${addressPrefix}`, 'address-prefix-type=IPPrefix'];
  const command = [
    az('network manager security-admin-config rule-collection rule create', manager, {
      'network-manager-name': managerName,
      'configuration-name': configuration,
      'rule-collection-name': collection,
      'rule-name': name,
      kind: 'Custom',
      access: 'Allow',
      priority: String(priority),
      direction: 'Inbound',
      protocol: 'Tcp',
      sources: written(prefix),
      destinations: written(destination),
      'source-port-ranges': '0-65535',
      'dest-port-ranges': String(port),
    }),
    az('network manager post-commit', manager, {
      'network-manager-name': managerName,
      'commit-type': 'SecurityAdmin',
      'configuration-ids': deployed(repair, manager),
      'target-locations': location,
    }),
  ].join(' && ');
  return {
    removes: '',
    command,
    pulumi: `new network.AdminRule(${quoted(name)}, { resourceGroupName: ${quoted(groupOf(manager) ?? '')}, networkManagerName: ${quoted(managerName)}, configurationName: ${quoted(configuration)}, ruleCollectionName: ${quoted(collection)}, ruleName: ${quoted(name)}, kind: "Custom", priority: ${priority}, direction: "Inbound", access: "Allow", protocol: "Tcp", sources: ${JSON.stringify(endOf(prefix))}, destinations: ${JSON.stringify(endOf(destination))}, sourcePortRanges: ["0-65535"], destinationPortRanges: [${quoted(String(port))}] }); // then deploy the configuration`,
    after: lower(networks.inventory.with('adminRules', network, { ...answer, value: [...rules, added] })),
    note: `it is for the owner of ${managerName}, and takes the extension virtual-network-manager; what is named is deployed in ${location} with all its drafts, and what is not named is withdrawn`,
  };
};

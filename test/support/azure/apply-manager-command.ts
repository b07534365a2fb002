import { type Edits, type Given, networkId, number, several, text, word } from './az-words.js';
import { answersAbout, type Documents, type Fields, isFields, isId, of } from './recorded-edit.js';

/** What the commands of the extension virtual-network-manager do: rules are drafts until their configuration is deployed. */
export const managerEdits: Edits = {
  'network manager security-admin-config rule-collection rule create': [
    'network-manager-name configuration-name rule-collection-name rule-name kind protocol access priority direction',
    'description sources* destinations* source-port-ranges* dest-port-ranges* flag',
    create,
  ],
  'network manager post-commit': ['network-manager-name commit-type target-locations*', 'configuration-ids*', deploy],
};

const DRAFTS = 'drafts of this test.json';

function draftsIn(documents: Documents): Fields[] {
  const list = documents.find(({ path }) => path === DRAFTS)?.value;
  return Array.isArray(list) ? list : [];
}

/** Whether a rule was made that no command deployed. */
export function undeployed(documents: Documents): boolean {
  return draftsIn(documents).length > 0;
}

/** `address-prefix=10.0.0.0/8 address-prefix-type=IPPrefix`. */
function end(given: Given, name: string): Fields[] {
  const fields = Object.fromEntries(
    several(given, name).map((pair) => {
      const [key = '', value] = pair.split('=');
      if (key !== 'address-prefix' && key !== 'address-prefix-type') throw new Error(`--${name} ${pair}`);
      return [key, value];
    }),
  );
  const addressPrefixType = fields['address-prefix-type'];
  if (!['IPPrefix', 'ServiceTag', 'NetworkGroup'].includes(String(addressPrefixType))) throw new Error(`--${name}`);
  return [{ addressPrefix: fields['address-prefix'], addressPrefixType }];
}

function create(documents: Documents, given: Given): void {
  const configuration = `${networkId(given, 'networkManagers', 'network-manager-name')}/securityAdminConfigurations/${text(given, 'configuration-name')}`;
  const id = `${configuration}/ruleCollections/${text(given, 'rule-collection-name')}/rules/${text(given, 'rule-name')}`;
  const properties = {
    access: word(given, 'access', 'Allow', 'AlwaysAllow', 'Deny'),
    direction: word(given, 'direction', 'Inbound', 'Outbound'),
    priority: number(given, 'priority', 1, 4096),
    protocol: word(given, 'protocol', 'Ah', 'Any', 'Esp', 'Icmp', 'Tcp', 'Udp'),
    sources: end(given, 'sources'),
    destinations: end(given, 'destinations'),
    sourcePortRanges: several(given, 'source-port-ranges'),
    destinationPortRanges: several(given, 'dest-port-ranges'),
  };
  const rule = { id, name: text(given, 'rule-name'), kind: word(given, 'kind', 'Custom', 'Default'), properties };
  documents.push({ path: DRAFTS, value: [...draftsIn(documents), rule] });
}

const isPartOf = (rule: Fields, id: string) => String(rule.id).toLowerCase().startsWith(`${id.toLowerCase()}/`);

/** What is named is in effect in the region after it, and nothing else of the manager. */
function deploy(documents: Documents, given: Given): void {
  const manager = networkId(given, 'networkManagers', 'network-manager-name');
  if (word(given, 'commit-type', 'Connectivity', 'SecurityAdmin') !== 'SecurityAdmin') return;
  const ids = several(given, 'configuration-ids');
  const drafts = draftsIn(documents).filter((rule) => ids.some((id) => isPartOf(rule, id)));
  for (const answer of answersAbout(documents, 'virtualNetwork')) {
    const rules = (Array.isArray(answer.value) ? answer.value : []).filter(isFields);
    const isFlat = rules.some((rule) => !isFields(rule.properties));
    const kept = rules.filter((rule) => !isPartOf(rule, manager) || ids.some((id) => isPartOf(rule, id)));
    const due = drafts.filter((draft) => kept.some((rule) => isPartOf(rule, collectionOf(draft))));
    const taken = kept.filter((rule) => due.some((draft) => of(draft).priority === of(rule).priority));
    if (taken.length > 0) throw new Error(`priority ${of(taken[0] ?? {}).priority} is taken`);
    const form = ({ properties, ...head }: Fields) =>
      isFlat && isFields(properties) ? { ...head, ...properties } : { ...head, properties };
    answer.value = [...kept, ...due.map(form)];
  }
  const left = draftsIn(documents).filter((rule) => !drafts.some(({ id }) => isId(id, rule.id)));
  documents.splice(0, documents.length, ...documents.filter(({ path }) => path !== DRAFTS));
  if (left.length > 0) documents.push({ path: DRAFTS, value: left });
}

function collectionOf({ id }: Fields): string {
  return String(id).replace(/\/rules\/[^/]*$/i, '');
}

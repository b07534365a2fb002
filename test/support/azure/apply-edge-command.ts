import { type Edits, type Given, networkId, number, several, text, word } from './az-words.js';
import { type Documents, type Fields, of, one, partNamed, partsOf, putPart } from './recorded-edit.js';

/** What the commands about load balancers and, of the extension azure-firewall, about classic firewalls do. */
export const edgeEdits: Edits = {
  'network lb inbound-nat-rule create': [
    'lb-name name backend-port protocol',
    'backend-address-pool enable-floating-ip enable-tcp-reset frontend-ip frontend-port frontend-port-range-start frontend-port-range-end idle-timeout',
    createNatRule,
  ],
  'network nic ip-config inbound-nat-rule add': ['nic-name ip-config-name inbound-nat-rule', 'lb-name', attachNatRule],
  'network firewall network-rule create': [
    'firewall-name collection-name name destination-ports* protocols*',
    'action description destination-addresses* destination-fqdns* destination-ip-groups* priority source-addresses* source-ip-groups*',
    createNetworkRule,
  ],
  'network firewall update': ['name', 'add* set* remove* firewall-policy tags* threat-intel-mode', updateFirewall],
};

function createNatRule(documents: Documents, given: Given): void {
  const balancer = one(documents, networkId(given, 'loadBalancers', 'lb-name'));
  const front = partNamed(balancer, 'frontendIPConfigurations', text(given, 'frontend-ip'));
  const frontendPort = number(given, 'frontend-port', 1, 65534);
  const dialled = [...partsOf(balancer, 'inboundNatRules'), ...partsOf(balancer, 'loadBalancingRules')].map(of);
  for (const rule of dialled) {
    const isIn =
      frontendPort >= Number(rule.frontendPortRangeStart) && frontendPort <= Number(rule.frontendPortRangeEnd);
    if (rule.frontendPort === frontendPort || isIn) throw new Error(`port ${frontendPort} is taken`);
  }
  putPart(balancer, 'inboundNatRules', text(given, 'name'), {
    frontendIPConfiguration: { id: front.id },
    protocol: word(given, 'protocol', 'All', 'Tcp', 'Udp'),
    frontendPort,
    backendPort: number(given, 'backend-port', 1, 65535),
    enableFloatingIP: false,
  });
}

/** The interface and the rule name each other. */
function attachNatRule(documents: Documents, given: Given): void {
  const nic = one(documents, networkId(given, 'networkInterfaces', 'nic-name'));
  const config = partNamed(nic, 'ipConfigurations', text(given, 'ip-config-name'));
  const id = text(given, 'inbound-nat-rule');
  const [balancerId = '', name = ''] = id.split('/inboundNatRules/');
  const rule = of(partNamed(one(documents, balancerId), 'inboundNatRules', name));
  if (rule.backendIPConfiguration || rule.backendAddressPool) throw new Error(`${name} leads somewhere else`);
  rule.backendIPConfiguration = { id: config.id };
  of(config).loadBalancerInboundNatRules = [...partsOf(config, 'loadBalancerInboundNatRules'), { id }];
}

/** A collection is made with a priority and an action, and has them ever after. */
function createNetworkRule(documents: Documents, given: Given): void {
  const firewall = one(documents, networkId(given, 'azureFirewalls', 'firewall-name'));
  const name = text(given, 'collection-name');
  const rule = {
    name: text(given, 'name'),
    protocols: several(given, 'protocols').map((one) =>
      word(new Map([['p', [one]]]), 'p', 'Any', 'ICMP', 'TCP', 'UDP'),
    ),
    sourceAddresses: several(given, 'source-addresses'),
    destinationAddresses: several(given, 'destination-addresses'),
    destinationPorts: several(given, 'destination-ports'),
  };
  const collections = partsOf(firewall, 'networkRuleCollections');
  const found = collections.find((one) => one.name === name);
  if (found) {
    if (given.has('priority') || given.has('action')) throw new Error(`${name} is there already`);
    of(found).rules = [...partsOf(found, 'rules'), rule];
    return;
  }
  const priority = number(given, 'priority', 100, 65000);
  if (collections.some((one) => of(one).priority === priority)) throw new Error(`priority ${priority} is taken`);
  const type = word(given, 'action', '', 'Allow', 'Deny');
  putPart(firewall, 'networkRuleCollections', name, { priority, action: { type }, rules: [rule] });
}

/** `--add LIST[name=X].rules[name=Y].FIELD VALUE...`, which is all of the generic update that is known here. */
function updateFirewall(documents: Documents, given: Given): void {
  const firewall = one(documents, networkId(given, 'azureFirewalls', 'name'));
  const [path = '', ...values] = several(given, 'add');
  const shape = /^(\w+)\[name=([^\]]+)\]\.rules\[name=([^\]]+)\]\.(\w+)$/.exec(path);
  const [, list = '', collection = '', name = '', field = ''] = shape ?? [];
  if (!shape || values.length === 0) throw new Error(`--add ${path}`);
  const rule: Fields = of(partNamed(partNamed(firewall, list, collection), 'rules', name));
  if (!Array.isArray(rule[field])) throw new Error(`${field} is no list`);
  rule[field] = [...rule[field], ...values];
}

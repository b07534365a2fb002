import { quoted } from '../../../src/record/index.js';
import type { Placed } from '../inventory.js';
import { machineName } from '../power.js';
import { groupOf, keyOf, nameOf } from '../records/ids.js';
import type { LoadBalancer } from '../records/records.js';
import { az, freeName, freeNumber, nicName, ownPortOf, type Recipe, withConfig } from './recipe.js';

type NatRule = NonNullable<LoadBalancer['inboundNatRules']>[number];

const dialledFirst = 50001;

/** A port that no rule of the balancer has. */
function freePort({ inboundNatRules = [], loadBalancingRules = [] }: LoadBalancer): number | undefined {
  const ranges = inboundNatRules.flatMap(({ frontendPortRangeStart: first, frontendPortRangeEnd: last }) =>
    first === undefined || last === undefined ? [] : Array.from({ length: last - first + 1 }, (_, k) => first + k),
  );
  const single = [...inboundNatRules, ...loadBalancingRules].map(({ frontendPort }) => frontendPort);
  return freeNumber(dialledFirst, 65535, [...ranges, ...single]);
}

/** The NAT rule for the port that leads to nobody, or the command that makes one. */
function ruleFor(balancer: Placed<LoadBalancer>, port: number, machine: string) {
  const rules = balancer.inboundNatRules ?? [];
  const idle = rules.find(
    (one) => one.backendPort === port && one.frontendPort && !one.backendIPConfiguration && !one.backendAddressPool,
  );
  if (idle) return { rule: idle, command: [] };
  const frontends = balancer.frontendIPConfigurations ?? [];
  const frontend = (frontends.find(({ publicIPAddress }) => publicIPAddress !== undefined) ?? frontends[0])?.id;
  const frontendPort = freePort(balancer);
  if (frontend === undefined || frontendPort === undefined) return undefined;
  const name = freeName(`${machine}-${port}`, rules);
  const rule: NatRule = {
    id: `${balancer.id}/inboundNatRules/${name}`,
    name,
    protocol: 'Tcp',
    frontendIPConfiguration: { id: frontend },
    frontendPort,
    backendPort: port,
  };
  const command = az('network lb inbound-nat-rule create', balancer.id, {
    'lb-name': balancer.name ?? nameOf(balancer.id),
    name,
    protocol: 'Tcp',
    'frontend-ip': nameOf(frontend),
    'frontend-port': String(frontendPort),
    'backend-port': String(port),
  });
  return { rule, command: [command] };
}

/** A NAT rule that ends at the port of the machine. */
export const natRuleChange: Recipe = (repair, stop) => {
  const { networks, lower, target } = repair;
  const end = ownPortOf(repair);
  const named = [...networks.inventory.all('balancers').values()].filter(
    ({ name, id }) => (name ?? nameOf(id)) === stop.component.id,
  );
  const [balancer] = named;
  const made = balancer && named.length === 1 ? ruleFor(balancer, repair.port, machineName(target.machine)) : undefined;
  if (!balancer || !end?.config.id || !made?.rule.id) return undefined;
  const rule = { ...made.rule, backendIPConfiguration: { id: end.config.id } };
  const others = (balancer.inboundNatRules ?? []).filter(({ id }) => id !== rule.id);
  const attached = [...(end.config.loadBalancerInboundNatRules ?? []), { id: made.rule.id }];
  const inventory = withConfig(networks.inventory, end, { loadBalancerInboundNatRules: attached }).with(
    'balancers',
    keyOf(balancer.id),
    { ...balancer, inboundNatRules: [...others, rule] },
  );
  return {
    removes: '',
    command: [
      ...made.command,
      az('network nic ip-config inbound-nat-rule add', end.nic.id, {
        'nic-name': nicName(end),
        'ip-config-name': end.config.name ?? nameOf(end.configKey),
        'inbound-nat-rule': made.rule.id,
      }),
    ].join(' && '),
    pulumi: `const rule = new network.InboundNatRule(${quoted(rule.name ?? '')}, { resourceGroupName: ${quoted(groupOf(balancer.id) ?? '')}, loadBalancerName: ${quoted(nameOf(balancer.id))}, inboundNatRuleName: ${quoted(rule.name ?? '')}, protocol: "Tcp", frontendPort: ${rule.frontendPort}, backendPort: ${repair.port}, frontendIPConfiguration: { id: ${quoted(rule.frontendIPConfiguration?.id ?? '')} } }); // of the IP configuration: loadBalancerInboundNatRules: [{ id: rule.id }]`,
    after: lower(inventory),
    note: `the machine is dialled at port ${rule.frontendPort} of the balancer`,
  };
};

import {
  type Filter,
  type Gap,
  known,
  type Layer,
  type Rule,
  type RuleFilter,
  stopFilter,
  unknown,
} from '../../src/model/index.js';
import { type Address, AddressSet, addressSet, PortSet } from '../../src/set/index.js';
import { tcpPorts } from './firewall-rule.js';
import { type Networks, type Nic, networkRef, resource, serviceAccountOf, tagsOf } from './network.js';
import { pathOf } from './records/names.js';
import type { Firewall } from './records/records.js';

/** The egress rules of a network that are for an interface and meet a destination, in the order in which they decide. */
function egressRules(networks: Networks, nic: Nic, destination: Address): readonly Firewall[] {
  const priority = (rule: Firewall) => rule.priority ?? 1000;
  const account = serviceAccountOf(nic.instance);
  const aims = ({ targetTags = [], targetServiceAccounts = [] }: Firewall) =>
    (targetTags.length === 0 && targetServiceAccounts.length === 0) ||
    targetTags.some((tag) => tagsOf(nic.instance).includes(tag)) ||
    (account !== undefined && targetServiceAccounts.includes(account));
  return [...networks.inventory.all('firewalls').values()]
    .filter(
      (rule) => rule.direction === 'EGRESS' && !rule.disabled && pathOf(rule.network) === nic.network && aims(rule),
    )
    .filter(({ destinationRanges = ['0.0.0.0/0'] }) => addressSet(destinationRanges).has(destination))
    .sort((a, b) => priority(a) - priority(b) || Number(a.denied === undefined) - Number(b.denied === undefined));
}

/** The rule that keeps an interface from opening a connection; undefined where none does: egress is allowed by itself. */
function keeping(networks: Networks, nic: Nic, destination: Address, port: number): Firewall | undefined {
  const first = egressRules(networks, nic, destination).find((rule) =>
    tcpPorts(rule.allowed ?? rule.denied ?? []).has(port),
  );
  return first?.denied ? first : undefined;
}

/** The classic egress rules of the senders of a network: those whom a rule keeps in, each with that rule. */
export function senderLayer(networks: Networks, network: string, destination: Address, port: number): Layer {
  const key = `senders ${network} ${destination.family} ${destination.value} ${port}`;
  const inbound = networks.once(key, (): Filter => {
    const rules = networks.nicsIn(network).flatMap((nic): Rule[] => {
      const { name, status } = nic.instance;
      const peers = known(addressSet([nic.record.networkIP, nic.record.ipv6Address]));
      const base = { id: null, peers, ports: known(PortSet.all), action: 'drop' as const };
      if (status !== undefined && status !== 'RUNNING') {
        const reason = { code: 'gcp/src-not-running', data: { sender: name } };
        return [{ ...base, text: `${name} does not run`, reason, of: resource('instance', name) }];
      }
      const rule = keeping(networks, nic, destination, port);
      if (!rule) return [];
      const of = resource('firewall-rule', rule.name);
      const reason = { code: 'gcp/src-egress-deny', data: { sender: name, service: `tcp/${port}` } };
      return [{ ...base, id: rule.name, of, text: `${rule.name} keeps ${name} in`, reason }];
    });
    const gap = networks.gap('firewalls', network);
    return withDoubt({ kind: 'rules', rules, otherwise: 'allow' }, gap);
  });
  return { kind: 'source-firewall', subject: networkRef(network), inbound };
}

/** Where the rules were not read, anybody may be kept in. */
function withDoubt(filter: RuleFilter, gap: Gap | undefined): RuleFilter {
  if (!gap) return filter;
  const peers = unknown(AddressSet.all, gap);
  const perhaps: Rule = {
    id: null,
    action: 'drop',
    peers,
    ports: known(PortSet.all),
    text: gap.detail,
    reason: { code: gap.code, data: {} },
  };
  return { ...filter, rules: [...filter.rules, perhaps] };
}

/** Google lets no mail out to external addresses, whoever sends it (VPC docs, blocked traffic). */
export function mailLayer(networks: Networks, network: string): Layer {
  const senders = addressSet(
    networks.nics().flatMap(({ record }) => (record.accessConfigs ?? []).map(({ natIP }) => natIP)),
  );
  const stop = stopFilter({ code: 'gcp/src-smtp-blocked', data: {} });
  const rule: Rule = {
    id: null,
    action: 'drop',
    peers: known(senders),
    ports: known(PortSet.single(25)),
    text: 'Google lets no mail out to external addresses',
    ...(stop.reason && { reason: stop.reason }),
  };
  return {
    kind: 'source-egress',
    subject: networkRef(network),
    inbound: { kind: 'rules', rules: [rule], otherwise: 'allow' },
  };
}

import {
  type Filter,
  type Gap,
  known,
  type Layer,
  passFilter,
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

function aims(nic: Nic, { targetTags = [], targetServiceAccounts = [] }: Firewall): boolean {
  const account = serviceAccountOf(nic.instance);
  return (
    (targetTags.length === 0 && targetServiceAccounts.length === 0) ||
    targetTags.some((tag) => tagsOf(nic.instance).includes(tag)) ||
    (account !== undefined && targetServiceAccounts.includes(account))
  );
}

/** The egress rules of a network that are for an interface and meet a destination, in the order in which they decide. */
function egressRules(networks: Networks, nic: Nic, destination: Address): readonly Firewall[] {
  const priority = (rule: Firewall) => rule.priority ?? 1000;
  return [...networks.inventory.all('firewalls').values()]
    .filter((rule) => rule.direction === 'EGRESS' && !rule.disabled && pathOf(rule.network) === nic.network)
    .filter((rule) => aims(nic, rule))
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

/** The interfaces of a network of which some rule may keep something in. */
function restricted(networks: Networks, network: string): readonly Nic[] {
  return networks.once(`restricted ${network}`, () => {
    const denials = [...networks.inventory.all('firewalls').values()].filter(
      (rule) => rule.direction === 'EGRESS' && !rule.disabled && rule.denied && pathOf(rule.network) === network,
    );
    return denials.length === 0
      ? []
      : networks.nicsIn(network).filter((nic) => denials.some((rule) => aims(nic, rule)));
  });
}

function keptIn(networks: Networks, nic: Nic, destination: Address, port: number): Rule[] {
  const rule = keeping(networks, nic, destination, port);
  if (!rule) return [];
  const { name } = nic.instance;
  const of = resource('firewall-rule', rule.name);
  const reason = { code: 'gcp/src-egress-deny', data: { sender: name, service: `tcp/${port}` } };
  const peers = known(addressSet([nic.record.networkIP, nic.record.ipv6Address]));
  return [
    {
      id: rule.name,
      of,
      action: 'drop',
      peers,
      ports: known(PortSet.all),
      text: `${rule.name} keeps ${name} in`,
      reason,
    },
  ];
}

/** Machines that do not run send nothing. Whoever asks about everybody asks about addresses, and who holds them may start. */
function stoppedSenders(networks: Networks, network: string): Rule[] {
  return networks.nicsIn(network).flatMap((nic): Rule[] => {
    const { name, status } = nic.instance;
    if (status === undefined || status === 'RUNNING') return [];
    const peers = known(addressSet([nic.record.networkIP, nic.record.ipv6Address]));
    const reason = { code: 'gcp/src-not-running', data: { sender: name } };
    return [
      {
        id: null,
        of: resource('instance', name),
        action: 'drop',
        peers,
        ports: known(PortSet.all),
        text: `${name} does not run`,
        reason,
      },
    ];
  });
}

/** What keeps the machines of a network from sending to a destination: their rules, and where one of them asks, its state. */
export function senderLayer(
  networks: Networks,
  network: string,
  destination: Address,
  port: number,
  everyone: boolean,
): Layer {
  const subject = networkRef(network);
  const gap = networks.gap('firewalls', network);
  const senders = restricted(networks, network);
  if (everyone && senders.length === 0 && !gap) return { kind: 'source-firewall', subject, inbound: passFilter };
  const key = `senders ${network} ${destination.family} ${destination.value} ${port} ${everyone}`;
  const inbound = networks.once(key, (): Filter => {
    const kept = senders.flatMap((nic) => keptIn(networks, nic, destination, port));
    const rules = everyone ? kept : [...stoppedSenders(networks, network), ...kept];
    return withDoubt({ kind: 'rules', rules, otherwise: 'allow' }, gap);
  });
  return { kind: 'source-firewall', subject, inbound };
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

import { type Filter, known, type Layer, type Rule, stopFilter, unknown } from '../../src/model/index.js';
import { type Address, addressSet, PortSet } from '../../src/set/index.js';
import { egressFilter, tracked } from './firewall.js';
import { runs } from './instance-state.js';
import { addressesOf, type Networks, networkRef, resource } from './network.js';

/** Machines that do not run send nothing. Whoever asks about everybody asks about addresses, and who holds them may start. */
function stoppedSenders(networks: Networks, network: string): Rule[] {
  return networks.nicsIn(network).flatMap((nic): Rule[] => {
    const { name } = nic.instance;
    const state = runs(networks, nic.instance);
    if (state === true) return [];
    const peers = addressesOf(nic);
    const reason = { code: 'gcp/src-not-running', data: { sender: name } };
    const base = {
      id: null,
      of: resource('instance', name),
      action: 'drop' as const,
      ports: known(PortSet.all),
      reason,
    };
    return [
      state === false
        ? { ...base, peers: known(peers), text: `${name} does not run` }
        : { ...base, peers: unknown(peers, state), text: state.detail },
    ];
  });
}

/** Where a sender's record cannot be read, nobody knows whether it sends. */
function doubtfulSenders(networks: Networks, network: string): Rule[] {
  const unread = networks.spoiltSenders(network);
  if (!unread) return [];
  const { gap } = unread;
  const peers = unknown(unread.peers, gap);
  const reason = { code: gap.code, data: {} };
  return [{ id: null, action: 'drop', peers, ports: known(PortSet.all), text: gap.detail, reason }];
}

/** What keeps the machines of a network from sending to a destination: their rules, and where one of them asks, its state. */
export function senderLayer(networks: Networks, network: string, destination: Address, everyone: boolean): Layer {
  const key = `senders ${network} ${destination.family} ${destination.value} ${everyone}`;
  const inbound = networks.once(key, (): Filter => {
    const egress = egressFilter(networks, network, destination);
    const states = [...doubtfulSenders(networks, network), ...(everyone ? [] : stoppedSenders(networks, network))];
    if (states.length === 0) return egress;
    return { kind: 'all', of: [{ kind: 'rules', rules: states, otherwise: 'allow' }, egress] };
  });
  return { kind: 'source-firewall', subject: networkRef(network), inbound, tracked };
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

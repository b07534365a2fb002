import type { NotFound, Owner, Target } from '../../src/provider.js';
import { canonical, type Family } from '../../src/set/index.js';
import type { Placed } from './inventory.js';
import { addressIn, type Networks, resource } from './network.js';
import { machineName } from './power.js';
import { keyOf, subscriptionOf } from './records/ids.js';
import type { VirtualMachine } from './records/records.js';

/** A virtual machine as a target, with its record at hand. */
export interface AzureTarget extends Target {
  readonly key: string;
  readonly machine: Placed<VirtualMachine>;
}

type AzureFound = { readonly kind: 'target'; readonly target: AzureTarget; readonly address?: string } | NotFound;

function familiesOf(networks: Networks, key: string): Family[] {
  const families = new Set(networks.portsOf(key).map(({ family }) => family));
  return families.size === 0 ? [4] : [...families].sort((a, b) => a - b);
}

export function targetOf(networks: Networks, key: string, machine: Placed<VirtualMachine>): AzureTarget {
  const name = machineName(machine);
  return {
    ref: {
      provider: 'azure',
      kind: 'instance',
      id: machine.id,
      name,
      urn: null,
      account: subscriptionOf(machine.id) ?? null,
      region: null,
    },
    resource: resource('instance', name),
    families: familiesOf(networks, key),
    key,
    machine,
  };
}

/** The balancer, firewall or gateway that a public address belongs to. */
function ownerOf(networks: Networks, text: string): Owner | undefined {
  const wanted = canonical(text);
  if (wanted === undefined) return undefined;
  for (const [key, { ipAddress, name, ipConfiguration }] of networks.inventory.all('addresses')) {
    if (ipAddress === undefined || canonical(ipAddress) !== wanted) continue;
    const holder = ipConfiguration?.id ?? '';
    const isBalancer = /\/loadbalancers\//i.test(holder);
    const remark = isBalancer
      ? ', of a load balancer: ask for a machine behind it, with --via load-balancer'
      : holder === ''
        ? ', which is associated with nothing'
        : ', which belongs to no machine';
    return { kind: 'public address', id: name ?? key, remark };
  }
  return undefined;
}

/** Finds the machine that a text names: its name, its ARM id, or one of its addresses. */
export function findTarget(networks: Networks, text: string): AzureFound {
  const machines = networks.machines();
  const byName = [...machines].filter(([key, machine]) => key === keyOf(text) || machineName(machine) === text);
  const holders = networks.holdersOf(text).flatMap(({ machine }) => machine ?? []);
  const keys = [...new Set([...byName.map(([key]) => key), ...holders])];
  const [first] = keys;
  const machine = first === undefined ? undefined : machines.get(first);
  if (first !== undefined && machine && keys.length === 1) {
    return { kind: 'target', target: targetOf(networks, first, machine), ...(holders.length > 0 && { address: text }) };
  }
  if (keys.length > 1) return { kind: 'many', candidates: keys };
  const belongsTo = ownerOf(networks, text);
  const gap = networks.inventory.gap('machines', {})?.detail;
  const code = canonical(text) === undefined ? 'azure/ev-instance' : 'azure/address-missing';
  return { kind: 'none', code, ...(belongsTo && { belongsTo }), ...(gap !== undefined && { gap }) };
}

/** All addresses from which the packets of a machine can come. */
export function addressesOf(networks: Networks, key: string): string[] {
  return networks
    .portsOf(key)
    .flatMap((port) =>
      [port.config.privateIPAddress, addressIn(networks.publicOf(port))].filter((one) => one !== undefined),
    );
}

export function* targetNames(networks: Networks): Iterable<string> {
  for (const machine of networks.machines().values()) yield machineName(machine);
}

import type { Path } from '../../../src/model/index.js';
import type { Change, Cloud, Stop } from '../../../src/provider.js';
import { argument, isIpv6, prefixesToAllow } from '../../../src/record/index.js';
import { type AddressSet, addressSet, canonical } from '../../../src/set/index.js';
import type { Inventory } from '../inventory.js';
import { addressIn, type Networks, type Port } from '../network.js';
import { groupOf, nameOf, subscriptionOf } from '../records/ids.js';
import type { IpConfiguration, Subnet } from '../records/records.js';
import type { AzureTarget } from '../target-index.js';

/** What a change is made for. */
export interface Repair {
  readonly networks: Networks;
  readonly target: AzureTarget;
  readonly path: Path;
  readonly from: AddressSet;
  readonly port: number;
  readonly lower: (inventory: Inventory) => Cloud;
}

/** Answers the smallest change for a stop, or undefined where there is none. */
export type Recipe = (repair: Repair, stop: Stop) => Change | undefined;

export type Options = Readonly<Record<string, string | readonly string[]>>;

/** A command of the Azure CLI about a resource: words, where the resource is, and options in the given order. */
export function az(words: string, id: string, options: Options): string {
  const place = { subscription: subscriptionOf(id) ?? '', 'resource-group': groupOf(id) ?? '' };
  const parts = Object.entries({ ...place, ...options }).map(
    ([name, values]) => `--${name} ${[values].flat().map(argument).join(' ')}`,
  );
  return ['az', words, ...parts].join(' ');
}

/** The IP configuration at which a path ends. */
export function portOf({ networks, target, path }: Repair): Port | undefined {
  const ports = networks.portsOf(target.key).filter(({ ref }) => ref.id === path.interface?.id);
  const dialled = canonical(path.address ?? '');
  const holds = (port: Port) =>
    [port.config.privateIPAddress, addressIn(networks.publicOf(port))].some(
      (one) => one !== undefined && canonical(one) === dialled,
    );
  return ports.find(holds) ?? ports[0];
}

/** The same, where its interface is a resource of its own: those of a Uniform scale set are changed by its model only. */
export function ownPortOf(repair: Repair): Port | undefined {
  const port = portOf(repair);
  return port && repair.networks.inventory.get('interfaces', port.nicKey) ? port : undefined;
}

/** The private address at which a path ends, as a prefix. */
export function ownPrefix(repair: Repair): string | undefined {
  return addressSet([portOf(repair)?.config.privateIPAddress]).prefixes()[0];
}

/** The name of the port's interface, as the record has it. */
export const nicName = ({ nic }: Port): string => nic.name ?? nameOf(nic.id);

/** The subnet at which a path ends, where it was recorded. */
export function subnetOf(repair: Repair): Subnet | undefined {
  const port = portOf(repair);
  const subnet = port && repair.networks.subnet(port.subnetKey);
  return subnet !== undefined && subnet !== 'none' && 'found' in subnet ? subnet.found : undefined;
}

/** The records with some fields of one IP configuration replaced. */
export function withConfig(inventory: Inventory, port: Port, fields: Partial<IpConfiguration>): Inventory {
  const nic = inventory.get('interfaces', port.nicKey) ?? port.nic;
  const ipConfigurations = nic.ipConfigurations?.map((one) =>
    one.id === port.config.id ? { ...one, ...fields } : one,
  );
  return inventory.with('interfaces', port.nicKey, { ...nic, ipConfigurations });
}

/** Where the machine is: without it the CLI makes what is new where the resource group is, which may be another place. */
export function locationOf({ target }: Repair): Options {
  const { location } = target.machine;
  return location === undefined ? {} : { location };
}

/** The wanted name, or one made from it that nothing has; ARM compares names whatever their case. */
export function freeName(wanted: string, named: readonly { readonly name?: string | undefined }[]): string {
  const taken = new Set(named.map(({ name }) => name?.toLowerCase()));
  const names = [wanted, ...Array.from({ length: 99 }, (_, k) => `${wanted}-${k + 2}`)];
  return names.find((name) => !taken.has(name.toLowerCase())) ?? wanted;
}

/** The lowest of the numbers first..before-1 that none of these has. */
export function freeNumber(first: number, before: number, taken: readonly (number | undefined)[]): number | undefined {
  const known = new Set(taken);
  for (let number = first; number < before; number += 1) if (!known.has(number)) return number;
  return undefined;
}

/** The prefixes of the clients, of one family: a rule has no more (NSG docs, security rules). */
export function prefixesFor(repair: Repair): readonly string[] | undefined {
  const prefixes = prefixesToAllow(repair.from);
  const families = [prefixes?.filter((prefix) => !isIpv6(prefix)), prefixes?.filter(isIpv6)];
  return families.find((one) => one !== undefined && one.length > 0);
}

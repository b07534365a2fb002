import { groupBy, Memo, SharedMemo } from '../../src/memo.js';
import type { Gap, ResourceRef } from '../../src/model/index.js';
import { AddressSet, addressSet, canonical, type Family } from '../../src/set/index.js';
import type { Inventory, Placed } from './inventory.js';
import { keyOf, nameOf, parentOf, subscriptionOf } from './records/ids.js';
import type {
  IpConfiguration,
  NetworkInterface,
  NetworkSecurityGroup,
  PublicIPAddress,
  Subnet,
  VirtualMachine,
  VirtualNetwork,
} from './records/records.js';

export function resource(kind: string, id: string): ResourceRef {
  return { kind, id };
}

/** One IP configuration of an interface of a machine. */
export interface Port {
  readonly nic: Placed<NetworkInterface>;
  readonly nicKey: string;
  readonly config: IpConfiguration;
  readonly configKey: string;
  readonly family: Family;
  readonly subnetKey: string | undefined;
  readonly networkKey: string | undefined;
  /** The machine's key, where one has the interface. */
  readonly machine: string | undefined;
  readonly isPrimaryNic: boolean;
  readonly ref: ResourceRef;
}

/** What is there, what surely is not, or why nobody knows. */
export type Found<T> = { readonly found: T } | 'none' | { readonly gap: Gap };

const familyOf = ({ privateIPAddressVersion }: IpConfiguration): Family =>
  privateIPAddressVersion?.toLowerCase() === 'ipv6' ? 6 : 4;

/** The prefixes of a subnet, whichever field holds them. */
export function prefixesOf({
  addressPrefix,
  addressPrefixes,
}: Pick<Subnet, 'addressPrefix' | 'addressPrefixes'>): string[] {
  return [...(addressPrefix ? [addressPrefix] : []), ...(addressPrefixes ?? [])];
}

/** The keys of the application security groups that a configuration is in. */
export function groupsOf({ config }: Pick<Port, 'config'>): readonly string[] {
  return (config.applicationSecurityGroups ?? []).flatMap(({ id }) => (id === undefined ? [] : [keyOf(id)]));
}

/** How the records hang together: the questions that a packet's way asks of them. */
export class Networks extends Memo {
  readonly inventory: Inventory;
  readonly shared = new SharedMemo();
  private readonly untoldNetworks = new Map<string, Gap | undefined>();
  private readonly subnets = new Map<string | undefined, Found<Subnet>>();
  private readonly securityGroups = new Map<string, Found<Placed<NetworkSecurityGroup>>>();

  constructor(inventory: Inventory) {
    super();
    this.inventory = inventory;
  }

  /** Every machine, of scale sets too, by key. */
  machines(): ReadonlyMap<string, Placed<VirtualMachine>> {
    return this.once(
      'machines',
      () => new Map([...this.inventory.all('machines'), ...this.inventory.all('scaleSetMachines')]),
    );
  }

  hasInterface(key: string): boolean {
    return this.interfaces().has(key);
  }

  private interfaces(): ReadonlyMap<string, Placed<NetworkInterface>> {
    return this.once(
      'interfaces',
      () => new Map([...this.inventory.all('interfaces'), ...this.inventory.all('scaleSetInterfaces')]),
    );
  }

  /** The machines that name an interface, and whether it is their primary one. */
  private owners(): ReadonlyMap<string, { readonly machine: string; readonly primary: boolean }> {
    return this.once('owners', () => {
      const owners = new Map<string, { machine: string; primary: boolean }>();
      for (const [machine, { networkProfile }] of this.machines()) {
        const nics = networkProfile?.networkInterfaces ?? [];
        for (const { id, primary } of nics)
          if (id !== undefined) owners.set(keyOf(id), { machine, primary: primary ?? nics.length === 1 });
      }
      return owners;
    });
  }

  private machineOf(nicKey: string, { virtualMachine }: NetworkInterface): string | undefined {
    const named = this.owners().get(nicKey)?.machine;
    return named ?? (virtualMachine?.id === undefined ? undefined : keyOf(virtualMachine.id));
  }

  /** The field that could not be read, where the IP configurations of an interface of a machine could not be. */
  unreadInterface(machine: string): string | undefined {
    const unread = this.once('unread interfaces', () => {
      const all = [...this.interfaces()].filter(([, { ipConfigurations }]) => ipConfigurations === undefined);
      return new Map(all.map(([key, nic]) => [this.machineOf(key, nic), nic.broken ?? 'ipConfigurations']));
    });
    return unread.get(machine);
  }

  /** Every IP configuration that was recorded. */
  ports(): readonly Port[] {
    return this.once('ports', () => {
      const owners = this.owners();
      return [...this.interfaces()].flatMap(([nicKey, nic]) => {
        const owner = owners.get(nicKey);
        const machine = this.machineOf(nicKey, nic);
        const isPrimaryNic = owner?.primary ?? nic.primary ?? true;
        return (nic.ipConfigurations ?? []).map((config): Port => {
          const subnetKey = config.subnet?.id === undefined ? undefined : keyOf(config.subnet.id);
          return {
            nic,
            nicKey,
            config,
            configKey: keyOf(config.id ?? `${nicKey}/ipconfigurations/${config.name}`),
            family: familyOf(config),
            subnetKey,
            networkKey: subnetKey === undefined ? undefined : parentOf(subnetKey),
            machine,
            isPrimaryNic,
            ref: resource('network-interface', nameOf(nic.name ?? nicKey)),
          };
        });
      });
    });
  }

  portsOf(machine: string): readonly Port[] {
    const byMachine = this.once('ports by machine', () => {
      const all = new Map<string, Port[]>();
      for (const port of this.ports()) {
        if (port.machine === undefined) continue;
        all.set(port.machine, [...(all.get(port.machine) ?? []), port]);
      }
      for (const ports of all.values()) ports.sort((a, b) => Number(b.isPrimaryNic) - Number(a.isPrimaryNic));
      return all;
    });
    return byMachine.get(machine) ?? [];
  }

  portsIn(networkKey: string): readonly Port[] {
    return this.once('ports by network', () => groupBy(this.ports(), (port) => port.networkKey)).get(networkKey) ?? [];
  }

  network(key: string | undefined): Placed<VirtualNetwork> | undefined {
    return this.inventory.get('networks', key);
  }

  /** The networks that a network names as its peers, whatever the state of the peerings. */
  peersOf(key: string): readonly string[] {
    return (this.network(key)?.virtualNetworkPeerings ?? []).flatMap(({ remoteVirtualNetwork }) =>
      remoteVirtualNetwork?.id === undefined ? [] : [keyOf(remoteVirtualNetwork.id)],
    );
  }

  /** The address space of a network. */
  spaceOf(key: string): AddressSet {
    return this.once(`space ${key}`, () => addressSet(this.network(key)?.addressSpace?.addressPrefixes ?? []));
  }

  /** Private addresses as a network sees them: one of its own means its holder there, another the one in a peer, else the one elsewhere. */
  addressesSeenFrom(key: string, ports: readonly Port[]): AddressSet {
    const peers = this.peersOf(key);
    const addressesIn = (isThere: (network: string) => boolean) =>
      addressSet(
        ports.filter(({ networkKey = key }) => isThere(networkKey)).map(({ config }) => config.privateIPAddress),
      );
    const space = this.spaceOf(key);
    const near = AddressSet.unionOf([space, ...peers.map((peer) => this.spaceOf(peer))]);
    return AddressSet.unionOf([
      addressesIn((network) => network === key),
      addressesIn((network) => peers.includes(network)).subtract(space),
      addressesIn(() => true).subtract(near),
    ]);
  }

  /** The subnets of a network by their keys. */
  subnetsOf(key: string): ReadonlyMap<string, Subnet> {
    return this.once(`subnets ${key}`, () => {
      const subnets = this.network(key)?.subnets ?? [];
      return new Map(subnets.map((subnet) => [keyOf(subnet.id ?? ''), subnet]));
    });
  }

  subnet(key: string | undefined): Found<Subnet> {
    return remembered(this.subnets, key, () => {
      const found = key === undefined ? undefined : this.subnetsOf(parentOf(key)).get(key);
      if (found && found.broken === undefined) return { found };
      return { gap: this.inventory.dangling('networks', scopeOf(key), `subnet ${nameOf(key ?? 'unknown')}`) };
    });
  }

  /** The gap where it is not known which ranges a network has, or to whom it is joined. */
  untold(key: string): Gap | undefined {
    return remembered(this.untoldNetworks, key, () => {
      const scope = scopeOf(key);
      if (!this.network(key)) return this.inventory.dangling('networks', scope, `network ${nameOf(key)}`);
      return this.inventory.gap('networks', scope) ?? this.unreadable();
    });
  }

  /** The gap that networks leave whose records cannot be read: whom they hold, and to whom they are joined, nobody knows. */
  unreadable(): Gap | undefined {
    return this.once('unreadable networks', () => {
      const broken = [...this.inventory.all('networks').values()].find((one) => one.broken !== undefined);
      return (
        broken &&
        this.inventory.dangling('networks', {}, `a readable record of ${nameOf(broken.id)} (${broken.broken})`)
      );
    });
  }

  /** The public address of an IP configuration. */
  publicOf({ config }: Port): Found<Placed<PublicIPAddress>> {
    return this.publicIp(config.publicIPAddress?.id);
  }

  publicIp(id: string | undefined): Found<Placed<PublicIPAddress>> {
    if (id === undefined) return 'none';
    const key = keyOf(id);
    const found = this.inventory.get('addresses', key) ?? this.inventory.get('scaleSetAddresses', key);
    return found
      ? { found }
      : { gap: this.inventory.dangling('addresses', scopeOf(id), `public address ${nameOf(id)}`) };
  }

  securityGroup(reference: { readonly id?: string | undefined } | undefined): Found<Placed<NetworkSecurityGroup>> {
    const id = reference?.id;
    if (id === undefined) return 'none';
    return remembered(this.securityGroups, id, () => {
      const found = this.inventory.get('securityGroups', keyOf(id));
      if (found) return { found };
      const what = `network security group ${nameOf(id)}`;
      return { gap: this.inventory.dangling('securityGroups', scopeOf(id), what) };
    });
  }

  /** The ports that hold an address: their own, or the public one that leads to them. */
  holdersOf(text: string): readonly Port[] {
    const wanted = canonical(text);
    if (wanted === undefined) return [];
    const index = this.once('ports by address', () => {
      const holders = new Map<string, Port[]>();
      for (const port of this.ports()) {
        const address = this.publicOf(port);
        const own = [
          port.config.privateIPAddress,
          typeof address === 'object' && 'found' in address ? address.found.ipAddress : undefined,
        ];
        for (const one of own) {
          const key = one === undefined ? undefined : canonical(one);
          if (key !== undefined) holders.set(key, [...(holders.get(key) ?? []), port]);
        }
      }
      return holders;
    });
    return index.get(wanted) ?? [];
  }
}

function remembered<K, T>(known: Map<K, T>, key: K, find: () => T): T {
  const found = known.get(key) ?? find();
  known.set(key, found);
  return found;
}

export function scopeOf(id: string | undefined): { readonly account?: string | undefined } {
  return { account: subscriptionOf(id) };
}

/** The address of a record that was found and has one. */
export function addressIn(address: Found<Placed<PublicIPAddress>>): string | undefined {
  return typeof address === 'object' && 'found' in address ? address.found.ipAddress : undefined;
}

import { groupBy, ListMemo, Memo, SharedMemo } from '../../src/memo.js';
import { type Fact, type Gap, known, type ResourceRef, unknown } from '../../src/model/index.js';
import { AddressSet, addressSet, canonical } from '../../src/set/index.js';
import { hasUnreadAccount, hasUnreadTags, spoiltBy } from './instance-doubt.js';
import type { Inventory, Placed } from './inventory.js';
import { nameOf, pathOf, projectOf, regionOf } from './records/names.js';
import type {
  EffectiveFirewalls,
  Instance,
  NetworkInterface,
  NetworkRecord,
  Route,
  Subnetwork,
} from './records/records.js';
import { interfaceKey, networkKey } from './records/subjects.js';

/** One interface of an instance, in the one network that it is in. */
export interface Nic {
  readonly name: string;
  readonly index: number;
  readonly instance: Placed<Instance>;
  /** The instance's path. */
  readonly path: string;
  readonly record: NetworkInterface;
  /** The path of its network; that project owns the rules and the routes, wherever the instance is. */
  readonly network: string;
  readonly region: string | undefined;
  readonly identity: Identity;
  readonly ref: ResourceRef;
}

/** By what rules and routes know a machine. */
export interface Identity {
  /** The path of the network that it is in. */
  readonly network: string;
  readonly tags: readonly string[];
  /** The service account's address; a machine has at most one. */
  readonly account: string | undefined;
  /** Why it may have other tags, or another account: absent where all of them are known. */
  readonly unread?: { readonly tags: Gap | undefined; readonly account: Gap | undefined };
  /** Whether one of these secure tags is in effect on it, or why nobody knows; `name` is who asks. */
  readonly boundTo: (tags: readonly string[], name: string) => boolean | Gap;
}

export function resource(kind: string, id: string): ResourceRef {
  return { kind, id };
}

/** The global IPv6 address of an interface, if it has one. */
export function externalIpv6(nic: NetworkInterface): string | undefined {
  return nic.ipv6AccessType === 'INTERNAL' ? undefined : nic.ipv6AccessConfigs?.[0]?.externalIpv6;
}

/** The external IPv4 address, if there is one now: a configuration without an address is none, and only the first one counts. */
export function externalIpv4(nic: NetworkInterface): string | undefined {
  return nic.accessConfigs?.[0]?.natIP;
}

/** The instance of an interface, by which its secure tags are known. */
type SecureTagHolder = Pick<Nic, 'instance' | 'path'>;

/** How the records hang together: the questions that a packet's way asks of them. */
export class Networks extends Memo {
  readonly inventory: Inventory;
  readonly shared = new SharedMemo();
  private readonly nicsByPath = new Map<string, readonly Nic[]>();
  private readonly texts = new Map<string, string>();

  constructor(inventory: Inventory) {
    super();
    this.inventory = inventory;
  }

  nicsOf(path: string): readonly Nic[] {
    const known = this.nicsByPath.get(path);
    if (known) return known;
    const instance = this.inventory.get('instances', path);
    const nics = instance ? this.interfacesOf(path, instance) : [];
    this.nicsByPath.set(path, nics);
    return nics;
  }

  private interfacesOf(path: string, instance: Placed<Instance>): readonly Nic[] {
    const place = regionOf(path);
    const region = place === undefined ? undefined : this.same(place);
    const [account] = instance.serviceAccounts ?? [];
    const boundTo: Identity['boundTo'] = (tags, name) => this.boundTo({ instance, path }, tags, name);
    const unread = this.unreadIdentity(instance);
    return (instance.networkInterfaces ?? []).map((record, index) => {
      const name = record.name ?? `nic${index}`;
      const network = this.same(pathOf(record.network) ?? record.network ?? '');
      const tags = instance.tags?.items ?? [];
      const identity = { network, tags, account: account?.email, ...(unread && { unread }), boundTo };
      const ref = { kind: 'network-interface', id: name, name: instance.name };
      return { name, index, instance, path, record, network, region, identity, ref };
    });
  }

  private unreadIdentity(instance: Instance): Identity['unread'] {
    const [tags, account] = [hasUnreadTags(instance), hasUnreadAccount(instance)];
    if (!tags && !account) return undefined;
    const gap = (what: string) =>
      this.inventory.dangling('instances', {}, `${what} of ${instance.name} that can be read`);
    return {
      tags: tags ? gap('a list of the tags') : undefined,
      account: account ? gap('a service account') : undefined,
    };
  }

  /** An equal text that came before: many interfaces share few networks and regions, and one text compares at once. */
  private same(text: string): string {
    const first = this.texts.get(text) ?? text;
    this.texts.set(text, first);
    return first;
  }

  nics(): readonly Nic[] {
    return this.once('nics', () => {
      const all: Nic[] = [];
      for (const path of this.inventory.all('instances').keys()) for (const nic of this.nicsOf(path)) all.push(nic);
      return all;
    });
  }

  nicsIn(network: string): readonly Nic[] {
    return this.once('nics by network', () => groupBy(this.nics(), (nic) => nic.network)).get(network) ?? [];
  }

  /** The interfaces in a network whose instances have one of these tags or service accounts. */
  nicsKnownBy(network: string, tags: readonly string[], accounts: readonly string[]): readonly Nic[] {
    const { byTag, byAccount } = this.once(`identities in ${network}`, () => {
      const nics = this.nicsIn(network);
      const tagged = nics.flatMap((nic) => nic.identity.tags.map((tag) => ({ tag, nic })));
      return { byTag: groupBy(tagged, ({ tag }) => tag), byAccount: groupBy(nics, ({ identity }) => identity.account) };
    });
    const worn = tags.flatMap((tag) => (byTag.get(tag) ?? []).map(({ nic }) => nic));
    return [...new Set([...worn, ...accounts.flatMap((account) => byAccount.get(account) ?? [])])];
  }

  /** The interface that holds an address: internal, external, or of an alias range. */
  holdersOf(text: string): readonly Nic[] {
    const index = this.once('nics by address', () => {
      const holders = new Map<string, Nic[]>();
      for (const nic of this.nics()) {
        const { networkIP, ipv6Address } = nic.record;
        for (const address of [networkIP, ipv6Address, externalIpv4(nic.record), externalIpv6(nic.record)]) {
          const key = address === undefined ? undefined : canonical(address);
          if (key !== undefined) holders.set(key, [...(holders.get(key) ?? []), nic]);
        }
      }
      return holders;
    });
    return (
      index.get(canonical(text) ?? text) ?? this.nics().filter((nic) => aliasesOf(nic).overlaps(addressSet([text])))
    );
  }

  record(network: string): Placed<NetworkRecord> | undefined {
    return this.inventory.get('networks', network);
  }

  subnetsOf(network: string): readonly Placed<Subnetwork>[] {
    const byNetwork = this.once('subnets by network', () =>
      groupBy(this.inventory.all('subnetworks').values(), (subnet) => pathOf(subnet.network)),
    );
    return byNetwork.get(network) ?? [];
  }

  routesOf(network: string): readonly Placed<Route>[] {
    const byNetwork = this.once('routes by network', () =>
      groupBy(this.inventory.all('routes').values(), (route) => pathOf(route.network)),
    );
    return byNetwork.get(network) ?? [];
  }

  /** The address ranges of a network's subnets. */
  rangesOf(network: string): AddressSet {
    return this.once(`ranges ${network}`, () => addressSet(this.subnetsOf(network).flatMap(rangesOfSubnet)));
  }

  /** The networks with which a network has an active peering. */
  peersOf(network: string): readonly string[] {
    return (this.record(network)?.peerings ?? []).flatMap(({ network: peer, state }) => {
      const path = pathOf(peer);
      return state === 'ACTIVE' && path !== undefined ? [path] : [];
    });
  }

  private boundTo(nic: SecureTagHolder, tags: readonly string[], name: string): boolean | Gap {
    const { instance, path } = nic;
    const bound = this.secureTagsOf(nic);
    if (bound) return bound.some((tag) => tags.includes(tag));
    const what = `the secure tags of ${instance.name}, for ${name}`;
    const key = numberedPath(nic);
    if (this.inventory.get('effectiveTags', key) ?? this.inventory.get('effectiveTags', path))
      return this.inventory.dangling('effectiveTags', {}, what);
    const gap = this.inventory.gap('effectiveTags', { account: projectOf(path) }, key);
    return gap ?? (this.inventory.complete ? false : this.inventory.dangling('effectiveTags', {}, what));
  }

  /** The secure tags that are in effect on an instance; undefined where no answer tells. */
  secureTagsOf(nic: SecureTagHolder): readonly string[] | undefined {
    const { inventory } = this;
    const answer = inventory.get('effectiveTags', numberedPath(nic)) ?? inventory.get('effectiveTags', nic.path);
    if (!answer?.effectiveTags || answer.broken !== undefined) return undefined;
    return answer.effectiveTags.flatMap(({ tagValue }) => tagValue ?? []);
  }

  /** The best answer about the firewalls of an interface: its own, that of its network in its region, that of its network. */
  firewallsOf({ path, name, network, region }: Nic): EffectiveFirewalls | undefined {
    const { inventory } = this;
    const known = this.once('firewalls of networks', () => new ListMemo<readonly [EffectiveFirewalls | undefined]>());
    const isOfInterfaces = this.once('firewalls of interfaces', () =>
      [...inventory.all('effectiveFirewalls').keys()].some((key) => key.includes('/instances/')),
    );
    const own = isOfInterfaces ? inventory.get('effectiveFirewalls', interfaceKey(path, name)) : undefined;
    const [shared] = known.once([network, region], () => [
      inventory.get('effectiveFirewalls', networkKey(network, region)) ??
        inventory.get('effectiveFirewalls', networkKey(network)),
    ]);
    return own ?? shared;
  }

  /** The primary addresses of the interfaces whose instances are bound to one of these tags, in the network or its peers. */
  taggedSenders(network: string, tags: readonly string[], from: 'network' | 'peer', name: string): Fact<AddressSet> {
    const networks = from === 'network' ? [network] : this.peersOf(network);
    const candidates = networks.flatMap((network) => this.nicsIn(network));
    const addresses = (nics: readonly Nic[]) =>
      addressSet(nics.flatMap(({ record }) => [record.networkIP, record.ipv6Address]));
    const bound = candidates.map((one) => ({ one, is: one.identity.boundTo(tags, name) }));
    const gap = bound.map(({ is }) => is).find((is): is is Gap => typeof is === 'object');
    const may = addresses(bound.filter(({ is }) => is !== false).map(({ one }) => one));
    return gap ? unknown(may, gap) : known(may);
  }

  /** The members of an address group. */
  addressGroup(url: string): { readonly peers: AddressSet } | { readonly gap: Gap } {
    const path = pathOf(url) ?? url;
    const group = this.inventory.get('addressGroups', path);
    if (group?.items && group.broken === undefined) return { peers: addressSet(group.items) };
    return {
      gap: this.inventory.dangling('addressGroups', { account: projectOf(path) }, `address group ${nameOf(path)}`),
    };
  }

  /** The gap in what was answered of a network: in a list of its project, or in what a plan tells of that network alone. */
  gap(name: Parameters<Inventory['gap']>[0], network: string, subject = network): Gap | undefined {
    return this.inventory.gap(name, { account: projectOf(network) }, subject);
  }

  /** The gap that a record of a kind leaves which is of the network, or may be, and cannot be read. */
  unreadable(
    kind: 'routes' | 'policyBasedRoutes' | 'subnetworks' | 'networks' | 'routerStatus' | 'vpnTunnels',
    network: string,
  ): Gap | undefined {
    return this.once(`unreadable ${kind} ${network}`, () => {
      for (const [path, record] of this.inventory.all(kind)) {
        const { broken } = record;
        const owner = kind === 'networks' ? path : 'network' in record ? pathOf(record.network) : undefined;
        if (broken !== undefined && (owner === undefined || owner === network))
          return this.inventory.dangling(kind, {}, `a readable record of ${nameOf(path)} (${broken})`);
      }
      return undefined;
    });
  }

  /** The gap where it is not known which ranges a network has, or to whom it is peered. */
  untold(network: string): Gap | undefined {
    return this.once(`untold ${network}`, () => {
      const lists = this.gap('networks', network) ?? this.gap('subnetworks', network);
      if (lists) return lists;
      if (!this.record(network)) return this.inventory.dangling('networks', {}, `network ${nameOf(network)}`);
      const subnets = this.inventory.all('subnetworks');
      for (const { record } of this.nicsIn(network)) {
        const path = pathOf(record.subnetwork);
        if (path !== undefined && !subnets.has(path))
          return this.inventory.dangling('subnetworks', {}, `subnetwork ${nameOf(path)}`);
      }
      return undefined;
    });
  }

  /** Who may be a machine of a network whose record cannot be read: its addresses, or anybody where these are not told. */
  unreadableSenders(network: string): { readonly peers: AddressSet; readonly gap: Gap } | undefined {
    return this.once(`unreadable senders ${network}`, () => this.unreadSenders(network, () => true));
  }

  /** The same of machines of which nothing is known, whoever rules say that they mean. */
  spoiltSenders(network: string): { readonly peers: AddressSet; readonly gap: Gap } | undefined {
    const isSpoilt = (instance: Instance) => spoiltBy(instance) !== undefined;
    return this.once(`spoilt senders ${network}`, () => this.unreadSenders(network, isSpoilt));
  }

  private unreadSenders(network: string, isMeant: (instance: Instance) => boolean) {
    const found = this.unreadableInstances().filter(
      ({ instance, nics }) =>
        isMeant(instance) &&
        (nics.length === 0 || nics.some((nic) => nic.network === network || nic.record.network === undefined)),
    );
    const [first] = found;
    if (!first) return undefined;
    const { name, broken } = first.instance;
    const gap = this.inventory.dangling('instances', {}, `a readable record of ${name} (${broken})`);
    return { peers: AddressSet.unionOf(found.map(({ nics }) => whereabouts(nics))), gap };
  }

  private unreadableInstances(): readonly { readonly instance: Instance; readonly nics: readonly Nic[] }[] {
    return this.once('unreadable instances', () =>
      [...this.inventory.all('instances')]
        .filter(([, { broken }]) => broken !== undefined)
        .map(([path, instance]) => ({ instance, nics: this.nicsOf(path) })),
    );
  }
}

/** The addresses of interfaces, or all where one of them does not tell. */
function whereabouts(nics: readonly Nic[]): AddressSet {
  const isTold = nics.length > 0 && nics.every(({ record }) => record.networkIP !== undefined);
  return isTold ? AddressSet.unionOf(nics.map(addressesOf)) : AddressSet.all;
}

/** Every address from which an interface sends inside. */
export function addressesOf(nic: Nic): AddressSet {
  const { networkIP, ipv6Address } = nic.record;
  return addressSet([networkIP, ipv6Address, externalIpv6(nic.record)]).union(aliasesOf(nic));
}

export function aliasesOf({ record }: Nic): AddressSet {
  return addressSet((record.aliasIpRanges ?? []).map(({ ipCidrRange }) => ipCidrRange));
}

export function rangesOfSubnet(subnet: Subnetwork): (string | undefined)[] {
  const { ipCidrRange, secondaryIpRanges = [], ipv6CidrRange, externalIpv6Prefix, internalIpv6Prefix } = subnet;
  const secondary = secondaryIpRanges.map((range) => range.ipCidrRange);
  return [ipCidrRange, ...secondary, ipv6CidrRange, externalIpv6Prefix, internalIpv6Prefix];
}

/** A network as sentences name it. */
export function networkRef(network: string): ResourceRef {
  return resource('network', nameOf(network));
}

/** The path of an interface's instance by its number, as answers about tags name it. */
function numberedPath({ instance, path }: SecureTagHolder): string | undefined {
  return instance.id === undefined ? undefined : path.replace(/[^/]+$/, instance.id);
}

import type { NotFound, Owner, Target } from '../../src/provider.js';
import { addressSet, canonical, type Family } from '../../src/set/index.js';
import type { Placed } from './inventory.js';
import { externalIpv4, externalIpv6, type Networks, resource } from './network.js';
import { nameOf, pathOf, projectOf, regionOf } from './records/names.js';
import type { Instance } from './records/records.js';

/** An instance as a target, with its record at hand. */
export interface GcpTarget extends Target {
  readonly path: string;
  readonly instance: Placed<Instance>;
}

type GcpFound = { readonly kind: 'target'; readonly target: GcpTarget; readonly address?: string } | NotFound;

function familiesOf(instance: Instance): Family[] {
  const nics = instance.networkInterfaces ?? [];
  const has4 = nics.some((nic) => nic.networkIP !== undefined);
  const has6 = nics.some((nic) => nic.ipv6Address !== undefined || externalIpv6(nic) !== undefined);
  return [...(has4 || !has6 ? [4 as const] : []), ...(has6 ? [6 as const] : [])];
}

export function targetOf(path: string, instance: Placed<Instance>): GcpTarget {
  const { name } = instance;
  return {
    ref: {
      provider: 'gcp',
      kind: 'instance',
      id: path,
      name,
      urn: null,
      account: projectOf(path) ?? null,
      region: regionOf(path) ?? null,
    },
    resource: resource('instance', name),
    families: familiesOf(instance),
    path,
    instance,
  };
}

/** The load balancer, the route or the like that an address belongs to. */
function ownerOf(networks: Networks, text: string): Owner | undefined {
  const wanted = canonical(text);
  if (wanted === undefined) return undefined;
  for (const rule of networks.inventory.all('forwardingRules').values()) {
    if (rule.IPAddress === undefined || canonical(rule.IPAddress) !== wanted) continue;
    const remark = ': ask for an instance behind it, with --via load-balancer';
    return { kind: 'forwarding rule', id: rule.name, remark };
  }
  for (const { name, destRange, nextHopInstance } of networks.inventory.all('routes').values()) {
    if (destRange === undefined || nextHopInstance === undefined || destRange.endsWith('/0')) continue;
    if (!addressSet([destRange]).overlaps(addressSet([text]))) continue;
    return { kind: 'route', id: name, remark: `, which leads to ${nameOf(nextHopInstance)}: it is no address of it` };
  }
  return undefined;
}

/** The instances that a text names: by path, URL, number or name. */
function named(networks: Networks, text: string): readonly string[] {
  const path = pathOf(text);
  const all = [...networks.inventory.all('instances')];
  return all.filter(([own, { name, id }]) => own === path || name === text || id === text).map(([own]) => own);
}

/** Finds the instance that a text names: its name, number, URL, or one of its addresses. */
export function findTarget(networks: Networks, text: string): GcpFound {
  const holders = canonical(text) === undefined ? [] : networks.holdersOf(text);
  const paths = [...new Set([...named(networks, text), ...holders.map(({ path }) => path)])];
  const [first] = paths;
  const instance = networks.inventory.get('instances', first);
  if (first !== undefined && instance && paths.length === 1) {
    const target = targetOf(first, instance);
    return { kind: 'target', target, ...(holders.length > 0 && { address: text }) };
  }
  if (paths.length > 1) return { kind: 'many', candidates: paths };
  const belongsTo = ownerOf(networks, text);
  const gap = networks.inventory.gap('instances', {})?.detail;
  const isForeign = belongsTo?.kind === 'route';
  const code =
    canonical(text) === undefined ? 'gcp/ev-instance' : isForeign ? 'gcp/nic-foreign-ip' : 'gcp/nic-address-not-ours';
  return { kind: 'none', code, ...(belongsTo && { belongsTo }), ...(gap !== undefined && { gap }) };
}

/** All addresses from which the packets of an instance can come. */
export function addressesOf(instance: Instance): string[] {
  return (instance.networkInterfaces ?? []).flatMap((nic) =>
    [nic.networkIP, nic.ipv6Address, externalIpv4(nic), externalIpv6(nic)].filter((one) => one !== undefined),
  );
}

export function* targetNames(networks: Networks): Iterable<string> {
  for (const path of networks.inventory.all('instances').keys()) yield nameOf(path);
}

import type { Found, Target } from '../../src/provider.js';
import type { Family } from '../../src/set/index.js';
import type { Placed } from './inventory.js';
import { canonical, type Interface, type Network, nameTag, resource } from './network.js';
import type { Instance } from './records.js';

/** An instance as a target, with its record at hand. */
export interface AwsTarget extends Target {
  readonly instance: Placed<Instance>;
}

function familiesOf(enis: readonly Interface[]): Family[] {
  const has4 = enis.some((eni) => eni.addresses.length > 0);
  const has6 = enis.some((eni) => eni.ipv6.length > 0);
  return [...(has4 || !has6 ? [4 as const] : []), ...(has6 ? [6 as const] : [])];
}

export function targetOf(network: Network, instance: Placed<Instance>): AwsTarget {
  const name = nameTag(instance) ?? null;
  const { InstanceId: id, account, region } = instance;
  return {
    ref: { provider: 'aws', kind: 'instance', id, name, urn: null, account: account ?? null, region: region ?? null },
    resource: resource('instance', id, name ?? undefined),
    families: familiesOf(network.interfacesOf(instance)),
    instance,
  };
}

const arnOfInstance = /^arn:aws[\w-]*:ec2:[\w-]*:\d*:instance\/(i-[\w-]+)$/;

function instancesNamed(network: Network, text: string): readonly Placed<Instance>[] {
  const index = network.once('instances by name', () => {
    const byName = new Map<string, Placed<Instance>[]>();
    for (const instance of network.inventory.all('instances').values()) {
      const names = new Set([nameTag(instance), instance.PublicDnsName, instance.PrivateDnsName]);
      for (const name of names) if (name) byName.set(name, [...(byName.get(name) ?? []), instance]);
    }
    return byName;
  });
  return index.get(text) ?? [];
}

/** Says whose address it is, when it is not an instance's. */
function ownerOfAddress(network: Network, text: string): string | undefined {
  const wanted = canonical(text);
  for (const nat of network.inventory.all('nats').values()) {
    const addresses = (nat.NatGatewayAddresses ?? []).flatMap(({ PublicIp, PrivateIp }) => [PublicIp, PrivateIp]);
    if (addresses.some((address) => address && canonical(address) === wanted))
      return `NAT gateway ${nat.NatGatewayId}, which is never a way in`;
  }
  const [eni] = network.holderOf(text);
  if (eni) return `network interface ${eni.id}${eni.type ? ` (${eni.type})` : ''}, which belongs to no instance`;
  for (const address of network.inventory.all('addresses').values()) {
    if (
      address.PublicIp !== undefined &&
      canonical(address.PublicIp) === wanted &&
      address.NetworkInterfaceId === undefined
    ) {
      return `elastic address ${address.AllocationId ?? address.PublicIp}, which is associated with nothing`;
    }
  }
  for (const balancer of network.inventory.all('balancers').values()) {
    if (balancer.DNSName === text || balancer.LoadBalancerArn === text)
      return `load balancer ${balancer.LoadBalancerName ?? balancer.LoadBalancerArn}: ask for an instance behind it, with --via load-balancer`;
  }
  return undefined;
}

/** Finds the instance that a text names: its id, ARN, name, DNS name, or one of its addresses. */
export function findTarget(network: Network, text: string): Found {
  const { inventory } = network;
  const id = arnOfInstance.exec(text)?.[1] ?? text;
  const byId = inventory.get('instances', id);
  if (byId) return { kind: 'target', target: targetOf(network, byId) };
  const instances = new Map(
    network.holderOf(text).flatMap((eni) => {
      const instance = inventory.get('instances', eni.instanceId);
      return instance ? [[instance.InstanceId, instance] as const] : [];
    }),
  );
  const byAddress = instances.size > 0;
  for (const instance of instancesNamed(network, text)) instances.set(instance.InstanceId, instance);
  const [first, ...others] = instances.values();
  if (first && others.length > 0) return { kind: 'many', candidates: [...instances.keys()] };
  if (first) return { kind: 'target', target: targetOf(network, first), ...(byAddress && { address: text }) };
  const belongsTo = ownerOfAddress(network, text);
  const code = canonical(text) === undefined ? 'aws/ev-instance' : 'aws/addr-not-ours';
  const gap = inventory.gap('instances', {})?.detail;
  return { kind: 'none', code, ...(belongsTo !== undefined && { belongsTo }), ...(gap !== undefined && { gap }) };
}

export function* targetNames(network: Network): Iterable<string> {
  for (const instance of network.inventory.all('instances').values()) {
    yield instance.InstanceId;
    const name = nameTag(instance);
    if (name) yield name;
  }
}

import type { NotFound, Owner, Target } from '../../src/provider.js';
import { canonical, type Family } from '../../src/set/index.js';
import type { Placed } from './inventory.js';
import { type Interface, type Network, nameTag, resource } from './network.js';
import type { Instance } from './records/records.js';

/** An instance as a target, with its record at hand. */
export interface AwsTarget extends Target {
  readonly instance: Placed<Instance>;
}

type AwsFound = { readonly kind: 'target'; readonly target: AwsTarget; readonly address?: string } | NotFound;

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

function natGatewayOf(network: Network, text: string, address: string | undefined): Owner | undefined {
  for (const nat of network.inventory.all('nats').values()) {
    const addresses = (nat.NatGatewayAddresses ?? []).flatMap(({ PublicIp, PrivateIp }) => [PublicIp, PrivateIp]);
    const holds = address !== undefined && addresses.some((one) => one !== undefined && canonical(one) === address);
    if (holds || nat.NatGatewayId === text || nameTag(nat) === text)
      return { kind: 'NAT gateway', id: nat.NatGatewayId, remark: ', which is never a way in' };
  }
  return undefined;
}

function interfaceOwner(network: Network, text: string): Owner | undefined {
  const eni = network.holderOf(text)[0] ?? network.interfaces().get(text);
  if (!eni) return undefined;
  const type = eni.type === undefined || eni.type === 'interface' ? '' : ` (${eni.type})`;
  const remark = `${type}, which belongs to ${eni.instanceId ?? 'no instance'}`;
  return { kind: 'network interface', id: eni.id, remark };
}

function spareAddress(network: Network, address: string | undefined): Owner | undefined {
  for (const { PublicIp, AllocationId, NetworkInterfaceId } of network.inventory.all('addresses').values()) {
    if (PublicIp === undefined || canonical(PublicIp) !== address || NetworkInterfaceId !== undefined) continue;
    return { kind: 'elastic address', id: AllocationId ?? PublicIp, remark: ', which is associated with nothing' };
  }
  return undefined;
}

function balancerOf(network: Network, text: string): Owner | undefined {
  for (const { LoadBalancerName: name, LoadBalancerArn: arn, DNSName } of network.inventory.all('balancers').values()) {
    if (![name, arn, DNSName].includes(text)) continue;
    const remark = ': ask for an instance behind it, with --via load-balancer';
    return { kind: 'load balancer', id: name ?? arn, remark };
  }
  return undefined;
}

/** Says whose name or address it is, when it is not an instance's. */
function ownerOf(network: Network, text: string): Owner | undefined {
  const address = canonical(text);
  return (
    natGatewayOf(network, text, address) ??
    interfaceOwner(network, text) ??
    (address === undefined ? undefined : spareAddress(network, address)) ??
    balancerOf(network, text)
  );
}

/** Finds the instance that a text names: its id, ARN, name, DNS name, or one of its addresses. */
export function findTarget(network: Network, text: string): AwsFound {
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
  const belongsTo = ownerOf(network, text);
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

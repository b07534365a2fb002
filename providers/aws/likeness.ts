import { internet } from '../../src/model/index.js';
import type { Likeness } from '../../src/provider.js';
import { parseAddress } from '../../src/set/index.js';
import { subnetOf } from './arrival.js';
import type { Interface, Network } from './network.js';
import { peeringsOf } from './peering-path.js';
import { tellsApart } from './source-side.js';
import type { AwsTarget } from './target-index.js';

/** Whether every way into a VPC is the same for all interfaces of a subnet: no gateway in it picks single addresses. */
function isPlain(network: Network, vpcId: string): boolean {
  return network.once(`plain ${vpcId}`, () => {
    const { inventory } = network;
    const inVpc = (records: Iterable<{ readonly VpcId?: string | undefined }>) =>
      [...records].some((record) => record.VpcId === vpcId);
    const attached = [...inventory.all('vpnGateways').values()].some((gateway) =>
      gateway.VpcAttachments?.some((one) => one.VpcId === vpcId),
    );
    const edge = [...inventory.all('tables').values()].some(
      (table) =>
        table.VpcId === vpcId &&
        (table.Associations === undefined || table.Associations.some((one) => one.GatewayId !== undefined)),
    );
    const joined = inVpc(inventory.all('transitVpcAttachments').values()) || inVpc(inventory.all('balancers').values());
    return !attached && !edge && !joined && inventory.all('byoipCidrs').size === 0;
  });
}

/** What tells one interface from another, apart from its names; undefined where that cannot be said in short. */
function traits(network: Network, eni: Interface): string | undefined {
  const { vpcId, subnetId, groups } = eni;
  const subnet = subnetOf(network, eni);
  if (
    eni.broken !== undefined ||
    eni.attached !== 'yes' ||
    vpcId === undefined ||
    !subnet ||
    !groups?.length ||
    !isPlain(network, vpcId)
  )
    return undefined;
  const vpcs = [vpcId, ...peeringsOf(network, vpcId).map((peered) => peered.vpcId)];
  const apart = network.once(`apart ${vpcId} ${subnet.id}`, () =>
    ([4, 6] as const).some((family) => tellsApart(network, vpcs, subnet, family)),
  );
  if (apart || eni.addresses.some((address) => address.carrierIp ?? address.customerOwnedIp)) return undefined;
  const mapped = eni.addresses.map(
    (address) => `${address.primary ? 'p' : 's'}${address.publicIp === undefined ? '' : '+'}`,
  );
  const ipv6 = eni.ipv6.map((text) => {
    const address = parseAddress(text);
    return address && internet.has(address) ? 'g' : 'l';
  });
  return `${subnetId} ${groups.join(' ')} ${mapped.join('')} ${ipv6.join('')} ${eni.deniesGateway}`;
}

/**
 * Machines of one likeness differ in nothing but their names and addresses, so that an audit can judge one for all: in the
 * same state and the same subnets, with the same groups and the same kinds of addresses.
 */
export function likenessOf(network: Network, target: AwsTarget): Likeness | undefined {
  const { instance } = target;
  const { State: state, Operator: operator } = instance;
  const managed = operator !== undefined && (operator.Managed !== false || operator.broken !== undefined);
  if (state === undefined || instance.broken !== undefined || managed) return undefined;
  const enis = network.interfacesOf(instance);
  const kinds = enis.map((eni) => traits(network, eni));
  if (kinds.length === 0 || kinds.includes(undefined)) return undefined;
  const names = enis.flatMap((eni) => [
    eni.id,
    ...eni.addresses.flatMap((one) => [one.privateIp, one.publicIp ?? '']),
    ...eni.ipv6,
  ]);
  const { id, name } = target.resource;
  return { key: [state.Name, ...kinds].join(' | '), names: [id, name ?? '', ...names] };
}

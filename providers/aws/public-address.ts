import {
  internet,
  known,
  type Layer,
  passFilter,
  type Reason,
  type RuleFilter,
  stopFilter,
  unknownFilter,
} from '../../src/model/index.js';
import { type Family, PortSet, parseAddress } from '../../src/set/index.js';
import { addressSet, type Interface, type InterfaceAddress, type Network, resource } from './network.js';
import { byoipState, held } from './words.js';

const routableOnly: RuleFilter = {
  kind: 'rules',
  rules: [
    {
      id: null,
      action: 'allow',
      peers: known(internet),
      ports: known(PortSet.all),
      text: 'takes addresses of the internet',
    },
  ],
  otherwise: 'drop',
  reason: { code: 'aws/src-not-routable', data: {} },
};

/** A client on the internet must have an address of the internet. */
export function sourceLayer(gateway: ReturnType<typeof resource>): Layer {
  return { kind: 'source', subject: gateway, inbound: routableOnly };
}

/** An elastic address in the same account and Region that belongs to nothing. */
function spareAddress(network: Network, eni: Interface): string | undefined {
  for (const address of network.inventory.all('addresses').values()) {
    const here =
      address.account === undefined || eni.scope.account === undefined || address.account === eni.scope.account;
    const free = address.AssociationId === undefined && address.NetworkInterfaceId === undefined;
    if (here && free && address.PublicIp !== undefined) return address.AllocationId ?? address.PublicIp;
  }
  return undefined;
}

function noPublicIpv4(network: Network, eni: Interface, hasIpv4: boolean): Reason {
  const spare = spareAddress(network, eni);
  const carrier = eni.addresses.some((address) => address.carrierIp !== undefined);
  const symptom = hasIpv4 ? undefined : ('net-unreachable' as const);
  const data = { interface: eni.id, ...(spare && { spare }) };
  const code = carrier
    ? 'aws/addr-carrier-only'
    : spare && hasIpv4
      ? 'aws/addr-eip-unassociated'
      : 'aws/addr-no-public-ipv4';
  return { code, data, ...(symptom && { symptom }) };
}

/** A public address of a pool that a customer brought is reachable only while its range is advertised. */
function byoipFilter(network: Network, publicIp: string): RuleFilter | undefined {
  const byIp = network.once(
    'addresses by ip',
    () => new Map([...network.inventory.all('addresses').values()].map((one) => [one.PublicIp, one])),
  );
  const record = byIp.get(publicIp);
  const pool = record?.PublicIpv4Pool;
  if (pool === undefined || pool === 'amazon') return undefined;
  const address = parseAddress(publicIp);
  for (const cidr of network.inventory.all('byoipCidrs').values()) {
    if (!address || !addressSet([cidr.Cidr]).has(address)) continue;
    const advertised = held(byoipState, cidr.State, 'aws/ev-instance', cidr.Cidr);
    if (advertised === 'yes') return undefined;
    if (advertised !== 'no') return unknownFilter(advertised);
    return stopFilter({
      code: 'aws/addr-byoip-not-advertised',
      data: { address: publicIp, cidr: cidr.Cidr, state: cidr.State ?? '' },
    });
  }
  const gap = network.inventory.dangling(
    'byoipCidrs',
    record ?? {},
    `the range of ${publicIp}, an address of pool ${pool},`,
  );
  return unknownFilter({ ...gap, code: 'aws/ev-instance' });
}

/** Whether the interface has what a client on the internet dials. */
export function publicAddressLayer(
  network: Network,
  eni: Interface,
  address: InterfaceAddress | string | null,
  family: Family,
): Layer {
  const subject = resource('network-interface', eni.id);
  const layer = (inbound: RuleFilter): Layer => ({ kind: 'address', subject, inbound });
  if (eni.broken !== undefined) {
    return layer(
      unknownFilter(
        network.inventory.dangling('interfaces', eni.scope, `a readable record of ${eni.id} (${eni.broken})`),
      ),
    );
  }
  if (family === 6) return layer(ipv6Filter(network, eni, address));
  if (address === null || typeof address === 'string' || address.publicIp === undefined) {
    return layer(stopFilter(noPublicIpv4(network, eni, eni.addresses.length > 0)));
  }
  return layer(byoipFilter(network, address.publicIp) ?? passFilter);
}

function ipv6Filter(network: Network, eni: Interface, address: InterfaceAddress | string | null): RuleFilter {
  const dialled = typeof address === 'string' ? parseAddress(address) : undefined;
  if (!dialled || !internet.has(dialled)) return stopFilter({ code: 'aws/addr-no-ipv6', data: { interface: eni.id } });
  if (eni.deniesGateway) return stopFilter({ code: 'aws/addr-ipv6-igw-denied', data: { interface: eni.id } });
  if (eni.deniesGateway === undefined) {
    return unknownFilter(
      network.inventory.dangling('interfaces', eni.scope, `whether ${eni.id} refuses IPv6 from gateways`),
    );
  }
  return passFilter;
}

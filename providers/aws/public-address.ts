import {
  internet,
  known,
  type Layer,
  passFilter,
  type Reason,
  type ResourceRef,
  type RuleFilter,
  stopFilter,
  unknownFilter,
} from '../../src/model/index.js';
import { addressSet, type Family, PortSet, parseAddress } from '../../src/set/index.js';
import type { Scope } from './inventory.js';
import type { Interface, InterfaceAddress, Network } from './network.js';
import type { Front } from './way.js';
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
export function sourceLayer(gateway: ResourceRef): Layer {
  return { kind: 'source', subject: gateway, inbound: routableOnly };
}

function findSpare(network: Network, { account, region }: Scope): string | undefined {
  const same = (a?: string, b?: string) => a === undefined || b === undefined || a === b;
  for (const address of network.inventory.all('addresses').values()) {
    const here = same(address.account, account) && same(address.region, region);
    const free = address.AssociationId === undefined && address.NetworkInterfaceId === undefined;
    if (here && free && address.PublicIp !== undefined) return address.AllocationId ?? address.PublicIp;
  }
  return undefined;
}

/** An elastic address in the same account and Region that belongs to nothing. */
function spareAddress(network: Network, { scope }: Interface): string | undefined {
  return network.once(`spare address of ${scope.account} ${scope.region}`, () => findSpare(network, scope));
}

function noPublicIpv4(network: Network, eni: Interface): Reason {
  const hasIpv4 = eni.addresses.length > 0;
  const spare = spareAddress(network, eni);
  const carrier = eni.addresses.some((address) => address.carrierIp !== undefined);
  const symptom = hasIpv4 ? undefined : ('net-unreachable' as const);
  const code = carrier
    ? 'aws/addr-carrier-only'
    : spare && hasIpv4
      ? 'aws/addr-eip-unassociated'
      : 'aws/addr-no-public-ipv4';
  return { code, data: spare === undefined ? {} : { spare }, ...(symptom && { symptom }) };
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

function addressLayer(inbound: RuleFilter): Layer {
  return { kind: 'address', subject: 'interface', inbound };
}

/** Why an interface does not have what a client dials: the same for all of which the same is true. */
function lacking(network: Network, reason: Reason): Front {
  const key = `${reason.code} ${reason.data.spare ?? ''} ${reason.symptom ?? ''}`;
  return network.once(`front ${key}`, () => ({ key, layers: [addressLayer(stopFilter(reason))] }));
}

function having(network: Network): Front {
  return network.once('front with address', () => ({ key: 'dialled', layers: [addressLayer(passFilter)] }));
}

/** A front about one interface alone. */
function alone(inbound: RuleFilter): Front {
  return { key: undefined, layers: [addressLayer(inbound)] };
}

/** Whether the interface has what a client on the internet dials: an address of its own, null where it has none. */
export function publicAddressFront(
  network: Network,
  eni: Interface,
  address: InterfaceAddress | string | null,
  family: Family,
): Front {
  if (eni.broken !== undefined) {
    const detail = `a readable record of ${eni.id} (${eni.broken})`;
    return alone(unknownFilter(network.inventory.dangling('interfaces', eni.scope, detail)));
  }
  if (family === 6) return ipv6Front(network, eni, address);
  if (address === null || typeof address === 'string' || address.publicIp === undefined) {
    return lacking(network, noPublicIpv4(network, eni));
  }
  const brought = byoipFilter(network, address.publicIp);
  return brought ? alone(brought) : having(network);
}

function ipv6Front(network: Network, eni: Interface, address: InterfaceAddress | string | null): Front {
  const dialled = typeof address === 'string' ? parseAddress(address) : undefined;
  if (!dialled || !internet.has(dialled)) return lacking(network, { code: 'aws/addr-no-ipv6', data: {} });
  if (eni.deniesGateway) return lacking(network, { code: 'aws/addr-ipv6-igw-denied', data: {} });
  if (eni.deniesGateway === undefined) {
    const detail = `whether ${eni.id} refuses IPv6 from gateways`;
    return alone(unknownFilter(network.inventory.dangling('interfaces', eni.scope, detail)));
  }
  return having(network);
}

import { type Gap, known, unknown } from '../../src/model/index.js';
import { AddressSet, addressSet } from '../../src/set/index.js';
import type { Placed } from './inventory.js';
import type { Network } from './network.js';
import { placeGap } from './ranges.js';
import type { Peering } from './records/records.js';
import type { GroupPair, References, Resolved } from './security-group.js';
import { type Held, held, peeringStatus } from './words.js';

const nobody: Resolved = { peers: known(AddressSet.empty) };

/** The private addresses of the interfaces of one VPC that carry a group; a bound when some interfaces could not be read. */
function members(network: Network, groupId: string, vpcId: string, owner: string | undefined): Resolved {
  return network.once(`members ${groupId} ${vpcId}`, () => {
    const enis = network.interfacesWith(groupId).filter((eni) => eni.vpcId === vpcId);
    const addresses = network.privateAddresses(enis);
    const gap = network.gap('interfaces', { account: owner }) ?? network.unreadInterface(vpcId);
    if (!gap) return { peers: known(addresses) };
    const within = placeGap(network.inventory, 'vpcs', vpcId, {}) ? AddressSet.all : network.rangesOf(vpcId);
    const detail = `who carries ${groupId} is not known: ${gap.detail}`;
    return { peers: unknown(within, { ...gap, code: 'aws/ev-sg-ref', detail }) };
  });
}

/**
 * On the internet a reference never matches: it stands for private addresses, and a member that comes through its public
 * address arrives with that one (VPC guide, security group rules).
 */
export function referencesOnInternet(network: Network): References {
  return network.once(
    'references on the internet',
    (): References => ({
      key: 'internet',
      resolve: ({ GroupId }) => {
        const publicIps = () =>
          network.interfacesWith(GroupId).flatMap((eni) => eni.addresses.map((address) => address.publicIp));
        const peers = network.once(`public addresses of ${GroupId}`, () => addressSet(publicIps()));
        return { lost: 'sg-ref-lost-public-ip', peers };
      },
    }),
  );
}

/** Inside one VPC a reference stands for the private addresses of the members there. */
export function referencesInVpc(network: Network, vpcId: string): References {
  return network.once(
    `references in ${vpcId}`,
    (): References => ({
      key: `vpc ${vpcId}`,
      resolve: (pair) => {
        const group = network.inventory.get('groups', pair.GroupId);
        const home = group?.VpcId ?? pair.VpcId;
        if (
          home !== undefined &&
          home !== vpcId &&
          network.interfacesWith(pair.GroupId).every((eni) => eni.vpcId !== vpcId)
        )
          return nobody;
        return members(network, pair.GroupId, vpcId, pair.UserId);
      },
    }),
  );
}

/** Behind an appliance no reference is honoured: ranges are needed (VPC guide, security group rules). */
export function referencesBehindAppliance(network: Network): References {
  return network.once(
    'references behind an appliance',
    (): References => ({
      key: 'appliance',
      resolve: ({ GroupId }) => ({
        lost: 'sg-ref-not-preserved',
        peers: network.privateAddresses(network.interfacesWith(GroupId)),
      }),
    }),
  );
}

/** From outside the cloud only ranges match. */
export const noReferences: References = { key: 'none', resolve: () => nobody };

/** Packets that carry a known set of groups, whatever their address: those of a load balancer or an endpoint. */
export function referencesOfSender(groups: readonly string[]): References {
  return {
    key: `sender ${groups.join(' ')}`,
    resolve: ({ GroupId }) => (groups.includes(GroupId) ? { peers: known(AddressSet.all) } : nobody),
  };
}

/** Whether a peering carries packets. */
export function isActive(network: Network, peering: Placed<Peering>): Held {
  const { VpcPeeringConnectionId: id, Status: status, broken } = peering;
  const active = held(peeringStatus, status?.Code, 'aws/ev-pcx', `the peering ${id}`, id);
  if (active === 'no' || broken === undefined) return active;
  return network.inventory.dangling('peerings', peering, `a readable record of ${id}`);
}

/** Whether the group and the peering of a rule's reference are there. The peering's status alone may lag behind. */
function isThere(network: Network, ownGroup: string, pair: GroupPair): Held {
  const status = pair.PeeringStatus;
  const active =
    status === undefined ? 'yes' : held(peeringStatus, status, 'aws/ev-sg-ref', `the peering of ${pair.GroupId}`);
  if (active === 'no') return 'no';
  const record = network.inventory.get('staleGroups', ownGroup);
  const isStale = (record?.StaleIpPermissions ?? []).some((permission) =>
    (permission.UserIdGroupPairs ?? []).some((other) => other.GroupId === pair.GroupId),
  );
  if (isStale) return 'no';
  if (record?.broken === undefined) return active;
  return network.inventory.dangling('staleGroups', record, `readable stale rules of ${ownGroup}`);
}

/**
 * Over a peering a reference to a group of the other side works while the connection is active and both sides are in one
 * Region (VPC peering guide, "Update your security groups to reference peer security groups").
 */
export function referencesOverPeering(network: Network, peering: Placed<Peering>, peerVpcId: string): References {
  const { VpcPeeringConnectionId: id, RequesterVpcInfo: one, AccepterVpcInfo: other } = peering;
  const key = `peering ${id} ${peerVpcId}`;
  const references: References = {
    key,
    resolve: (pair, group) => {
      const home = network.inventory.get('groups', pair.GroupId)?.VpcId ?? pair.VpcId;
      if (home !== undefined && home !== peerVpcId) return nobody;
      const ranges = peeredRanges(network, peering, peerVpcId);
      const active = isActive(network, peering);
      if (typeof active === 'object') return { peers: unknown(AddressSet.all, active) };
      if (one?.Region !== other?.Region) return nobody;
      const there = isThere(network, group.GroupId, pair);
      if (active === 'no' || there === 'no') return { lost: 'sg-stale', peers: ranges };
      if (there !== 'yes') return { peers: unknown(AddressSet.all, there) };
      if (home === undefined && pair.VpcPeeringConnectionId !== id) return nobody;
      return members(network, pair.GroupId, peerVpcId, pair.UserId);
    },
  };
  return network.once(`references ${key}`, () => references);
}

/** Nobody knows which groups clients carry of whose network nothing could be read. */
export function referencesUnseen(of: string, gap: Gap): References {
  return { key: `unseen ${of}`, resolve: () => ({ peers: unknown(AddressSet.all, gap) }) };
}

/** The ranges of the far VPC, from its own record or as the peering shows them. */
export function peeredRanges(network: Network, peering: Peering, peerVpcId: string): AddressSet {
  const ranges = network.rangesOf(peerVpcId);
  if (!ranges.isEmpty) return ranges;
  const side = peering.RequesterVpcInfo?.VpcId === peerVpcId ? peering.RequesterVpcInfo : peering.AccepterVpcInfo;
  return addressSet([
    side?.CidrBlock,
    ...(side?.CidrBlockSet ?? []).map((item) => item.CidrBlock),
    ...(side?.Ipv6CidrBlockSet ?? []).map((item) => item.Ipv6CidrBlock),
  ]);
}

/**
 * Over a transit gateway inbound references work when referencing is enabled on the gateway and on both attachments
 * (transit gateway guide, VPC attachments).
 */
export function referencesOverTransit(
  network: Network,
  key: string,
  sourceVpcId: string,
  support: 'enabled' | 'disabled' | Gap,
): References {
  const references: References = {
    key: `transit ${key}`,
    resolve: (pair) => {
      const home = network.inventory.get('groups', pair.GroupId)?.VpcId ?? pair.VpcId;
      if (home !== undefined && home !== sourceVpcId) return nobody;
      const found = members(network, pair.GroupId, sourceVpcId, pair.UserId);
      if (support === 'enabled' || 'lost' in found) return found;
      const peers = found.peers.known ? found.peers.value : found.peers.within;
      return support === 'disabled' ? { lost: 'sg-ref-tgw-disabled', peers } : { peers: unknown(peers, support) };
    },
  };
  return network.once(`references ${references.key}`, () => references);
}

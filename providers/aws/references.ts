import { type Gap, known, unknown } from '../../src/model/index.js';
import { AddressSet } from '../../src/set/index.js';
import { addressSet, type Network } from './network.js';
import type { Peering } from './records.js';
import type { References, Resolved } from './security-group.js';

const nobody: Resolved = { peers: known(AddressSet.empty) };

/** The private addresses of the interfaces of one VPC that carry a group; a bound when the interfaces were not recorded. */
function members(network: Network, groupId: string, vpcId: string, owner: string | undefined): Resolved {
  return network.once(`members ${groupId} ${vpcId}`, () => {
    const enis = network.interfacesWith(groupId).filter((eni) => eni.vpcId === vpcId);
    const addresses = network.privateAddresses(enis);
    const gap = network.gap('interfaces', { account: owner });
    if (!gap) return { peers: known(addresses) };
    const ranges = network.rangesOf(vpcId);
    const within = ranges.isEmpty ? AddressSet.all : ranges;
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

/** Whether a rule's reference is stale: the group or the peering is gone. `peering` status alone may lag behind. */
function isStale(
  network: Network,
  ownGroup: string,
  pair: { readonly GroupId: string; readonly PeeringStatus?: string | undefined },
): boolean {
  if (pair.PeeringStatus !== undefined && pair.PeeringStatus !== 'active') return true;
  const stale = network.inventory.get('staleGroups', ownGroup)?.StaleIpPermissions ?? [];
  return stale.some((permission) =>
    (permission.UserIdGroupPairs ?? []).some((other) => other.GroupId === pair.GroupId),
  );
}

/**
 * Over a peering a reference to a group of the other side works while the connection is active and both sides are in one
 * Region (VPC peering guide, "Update your security groups to reference peer security groups").
 */
export function referencesOverPeering(network: Network, peering: Peering, peerVpcId: string): References {
  const key = `peering ${peering.VpcPeeringConnectionId} ${peerVpcId}`;
  const references: References = {
    key,
    resolve: (pair, group) => {
      const home = network.inventory.get('groups', pair.GroupId)?.VpcId ?? pair.VpcId;
      if (home !== undefined && home !== peerVpcId) return nobody;
      if (peering.RequesterVpcInfo?.Region !== peering.AccepterVpcInfo?.Region) return nobody;
      if (pair.broken !== undefined) {
        const gap = network.inventory.dangling('groups', {}, `a readable reference of ${group.GroupId}`);
        return { peers: unknown(peeredRanges(network, peering, peerVpcId), gap) };
      }
      if (peering.Status?.Code !== 'active' || isStale(network, group.GroupId, pair)) {
        return { lost: 'sg-stale', peers: peeredRanges(network, peering, peerVpcId) };
      }
      if (home === undefined && pair.VpcPeeringConnectionId !== peering.VpcPeeringConnectionId) return nobody;
      return members(network, pair.GroupId, peerVpcId, pair.UserId);
    },
  };
  return network.once(`references ${key}`, () => references);
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

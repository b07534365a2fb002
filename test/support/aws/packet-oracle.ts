import type { CliRecord, RecordedDocument } from './collection.js';
import { recordIn, recordsIn } from './records.js';

/** What a share of client ports, 0 to 1, comes to. */
export function fateOf(share: number): 'reachable' | 'partial' | 'unreachable' {
  return share === 1 ? 'reachable' : share === 0 ? 'unreachable' : 'partial';
}

/** From where the systems send. */
const clientPorts = { unknown: range(1024, 65535), windows: range(49152, 65535), linux: range(32768, 61000) };

/** The recorded documents of one VPC, by their top-level keys, with only what a packet meets. */
export class PacketOracle {
  readonly #documents: readonly RecordedDocument[];

  constructor(documents: readonly RecordedDocument[]) {
    this.#documents = documents;
  }

  /**
   * Follows the packets of a connection from an address of the internet or of the VPC to an instance. Answers from which
   * share of the client's ports it opens, 0 to 1.
   */
  openShare(from: string, instanceId: string, port: number): number {
    const target = this.#interfaceOf(instanceId);
    const instance = this.#all('Reservations')
      .flatMap((reservation) => recordsIn(reservation.Instances))
      .find((one) => one.InstanceId === instanceId);
    if (recordIn(instance?.State).Name !== 'running') return 0;
    return this.#isInside(from) ? this.#fromVpc(from, target, port) : this.#fromInternet(from, target, port);
  }

  #fromInternet(from: string, target: CliRecord, port: number): number {
    const dialled = isIpv6(from) ? ipv6Of(target) : recordIn(target.Association).PublicIp;
    const attached = this.#all('InternetGateways').some((one) => recordsIn(one.Attachments).length > 0);
    const subnet = String(target.SubnetId);
    if (dialled === undefined || !attached) return 0;
    if (!this.#aclAllows(subnet, false, from, port)) return 0;
    if (!this.#groupsAllow(target, false, from, port, false)) return 0;
    if (this.#nextHop(subnet, from) !== 'igw-1') return 0;
    return shareOf(clientPorts.unknown, this.#aclPorts(subnet, true, from));
  }

  #fromVpc(from: string, target: CliRecord, port: number): number {
    const to = isIpv6(from) ? ipv6Of(target) : target.PrivateIpAddress;
    if (typeof to !== 'string') return 0;
    const source = this.#all('NetworkInterfaces').find((eni) => holds(eni, from));
    if (source && !this.#groupsAllow(source, true, to, port, true)) return 0;
    if (!this.#groupsAllow(target, false, from, port, true)) return 0;
    const here = this.#subnetOf(from);
    const there = String(target.SubnetId);
    if (here === there) return 1;
    if (!this.#aclAllows(here, true, to, port) || !this.#aclAllows(there, false, from, port)) return 0;
    if (this.#nextHop(here, to) !== 'local' || this.#nextHop(there, from) !== 'local') return 0;
    const leaves = this.#aclPorts(there, true, from);
    const enters = this.#aclPorts(here, false, to);
    return shareOf(this.#clientPorts(source), (clientPort) => leaves(clientPort) && enters(clientPort));
  }

  /** Linux and Windows say from where they send; anything else may use any port. */
  #clientPorts(source: CliRecord | undefined): readonly number[] {
    const id = recordIn(source?.Attachment).InstanceId;
    const instances = this.#all('Reservations').flatMap((reservation) => recordsIn(reservation.Instances));
    const platform = instances.find((one) => one.InstanceId === id)?.PlatformDetails;
    if (platform === undefined) return clientPorts.unknown;
    return platform === 'Windows' ? clientPorts.windows : clientPorts.linux;
  }

  /** Groups allow what one of their rules allows; between private addresses a rule may name the peer's group. */
  #groupsAllow(eni: CliRecord, egress: boolean, peer: string, port: number, references: boolean): boolean {
    const ids = recordsIn(eni.Groups).map((group) => group.GroupId);
    const peers = this.#all('NetworkInterfaces').filter((one) => references && holds(one, peer));
    const groupsOfPeer = peers.flatMap((one) => recordsIn(one.Groups)).map((group) => group.GroupId);
    const permissions = this.#all('SecurityGroups')
      .filter((group) => ids.includes(group.GroupId))
      .flatMap((group) => recordsIn(egress ? group.IpPermissionsEgress : group.IpPermissions));
    return permissions.some((permission) => {
      const { IpProtocol, FromPort, ToPort } = permission;
      const onPort = IpProtocol === 'tcp' && Number(FromPort) <= port && port <= Number(ToPort);
      if (IpProtocol !== '-1' && !onPort) return false;
      return (
        recordsIn(permission.IpRanges).some(({ CidrIp }) => inside(peer, String(CidrIp))) ||
        recordsIn(permission.Ipv6Ranges).some(({ CidrIpv6 }) => inside(peer, String(CidrIpv6))) ||
        recordsIn(permission.UserIdGroupPairs).some(({ GroupId }) => groupsOfPeer.includes(GroupId))
      );
    });
  }

  #aclAllows(subnet: string, egress: boolean, peer: string, port: number): boolean {
    return this.#aclPorts(subnet, egress, peer)(port);
  }

  /** The entries about one peer by number: the first that is about a port decides, and without one it is denied. */
  #aclPorts(subnet: string, egress: boolean, peer: string): (port: number) => boolean {
    const acl = this.#all('NetworkAcls').find((one) =>
      recordsIn(one.Associations).some((association) => association.SubnetId === subnet),
    );
    const entries = recordsIn(acl?.Entries)
      .filter((entry) => entry.Egress === egress && inside(peer, String(entry.CidrBlock ?? entry.Ipv6CidrBlock)))
      .filter((entry) => entry.Protocol === '-1' || entry.Protocol === '6')
      .sort((a, b) => Number(a.RuleNumber) - Number(b.RuleNumber))
      .map(({ Protocol, PortRange, RuleAction }) => {
        const { From, To } = recordIn(PortRange);
        const all = Protocol === '-1';
        return { first: all ? 0 : Number(From), last: all ? 65535 : Number(To), allows: RuleAction === 'allow' };
      });
    return (port) => entries.find(({ first, last }) => first <= port && port <= last)?.allows ?? false;
  }

  /** The target of the longest route for the address; `dropped` where it is gone or there is none. */
  #nextHop(subnet: string, address: string): string {
    const tables = this.#all('RouteTables');
    const own = tables.find((table) => recordsIn(table.Associations).some((one) => one.SubnetId === subnet));
    const table = own ?? tables.find((one) => recordsIn(one.Associations).some((association) => association.Main));
    const lengthOf = (route: CliRecord) => Number(destinationOf(route).split('/')[1]);
    const [best] = recordsIn(table?.Routes)
      .filter((route) => inside(address, destinationOf(route)))
      .sort((a, b) => lengthOf(b) - lengthOf(a));
    return best?.State === 'active' ? String(best.GatewayId ?? 'elsewhere') : 'dropped';
  }

  #isInside(address: string): boolean {
    return ['10.0.0.0/28', '2001:db8:1::/56'].some((prefix) => inside(address, prefix));
  }

  #subnetOf(address: string): string {
    const prefixes = (subnet: CliRecord) => [
      subnet.CidrBlock,
      ...recordsIn(subnet.Ipv6CidrBlockAssociationSet).map((one) => one.Ipv6CidrBlock),
    ];
    const subnet = this.#all('Subnets').find((one) => prefixes(one).some((text) => inside(address, String(text))));
    return String(subnet?.SubnetId);
  }

  #interfaceOf(instanceId: string): CliRecord {
    const enis = this.#all('NetworkInterfaces');
    return enis.find((eni) => recordIn(eni.Attachment).InstanceId === instanceId) ?? {};
  }

  #all(key: string): readonly CliRecord[] {
    const lists = this.#documents.map(({ value }) => (value as CliRecord)[key]);
    return lists.flatMap((list) => recordsIn(list));
  }
}

function shareOf(ports: readonly number[], isOpen: (port: number) => boolean): number {
  return ports.filter(isOpen).length / ports.length;
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function ipv6Of(eni: CliRecord): CliRecord[string] | undefined {
  return recordsIn(eni.Ipv6Addresses)[0]?.Ipv6Address;
}

function holds(eni: CliRecord, address: string): boolean {
  return [eni.PrivateIpAddress, ipv6Of(eni)].some((own) => typeof own === 'string' && bits(own) === bits(address));
}

function destinationOf(route: CliRecord): string {
  return String(route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock);
}

function isIpv6(address: string): boolean {
  return address.includes(':');
}

/** Whether the address begins with the bits of the prefix. */
function inside(address: string, prefix: string): boolean {
  const [network = '', length] = prefix.split('/');
  return isIpv6(address) === isIpv6(network) && bits(address).startsWith(bits(network).slice(0, Number(length)));
}

const knownBits = new Map<string, string>();

function bits(address: string): string {
  const known = knownBits.get(address) ?? (isIpv6(address) ? ipv6Bits(address) : ipv4Bits(address));
  knownBits.set(address, known);
  return known;
}

function ipv4Bits(address: string): string {
  return address
    .split('.')
    .map((part) => binary(Number(part), 8))
    .join('');
}

function ipv6Bits(address: string): string {
  const [head = '', tail = ''] = address.split('::').map((side) => hexGroups(side));
  return head.padEnd(128 - tail.length, '0') + tail;
}

function hexGroups(side: string): string {
  const groups = side === '' ? [] : side.split(':');
  return groups.map((group) => binary(Number.parseInt(group, 16), 16)).join('');
}

function binary(value: number, digits: number): string {
  return value.toString(2).padStart(digits, '0');
}

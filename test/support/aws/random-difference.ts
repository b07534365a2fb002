import fc from 'fast-check';
import type { CliRecord, RecordedDocument } from './collection.js';
import { instanceState } from './compute-records.js';
import { mutated, placesIn } from './mutation.js';
import { ipPermissions, networkAclEntry, route, securityGroupLine } from './notation.js';
import { addRecord, answerAbout, record, recordsOf } from './recorded-edit.js';
import { ACCOUNT, recordIn, recordsIn, routeTable } from './records.js';

type Documents = readonly RecordedDocument[];

/** What is in an account, by name. */
interface Named {
  readonly acls: readonly string[];
  readonly tables: readonly string[];
  readonly groups: readonly string[];
  readonly lists: readonly string[];
  readonly transitTables: readonly string[];
  readonly instances: readonly string[];
  readonly interfaces: readonly string[];
  readonly gateways: readonly string[];
  readonly hops: readonly string[];
  readonly attachments: readonly string[];
  readonly addresses: readonly string[];
}

const all = (documents: Documents, key: string) => documents.flatMap(({ value }) => recordsOf(value, key));

const instances = (documents: Documents) =>
  all(documents, 'Reservations').flatMap(({ Instances }) => recordsOf({ Instances }, 'Instances'));

/** The private and IPv6 addresses of the machines, the latter of nobody else. */
export function heldAddresses(documents: Documents): string[] {
  return all(documents, 'NetworkInterfaces').flatMap((eni) => [
    ...recordsIn(eni.PrivateIpAddresses).map(({ PrivateIpAddress }) => String(PrivateIpAddress)),
    ...recordsIn(eni.Ipv6Addresses).map(({ Ipv6Address }) => String(Ipv6Address)),
  ]);
}

function named(documents: Documents): Named {
  const ids = (key: string, field: string) => all(documents, key).map((one) => String(one[field]));
  const gateways = [...ids('InternetGateways', 'InternetGatewayId'), ...ids('VpnGateways', 'VpnGatewayId')];
  const interfaces = ids('NetworkInterfaces', 'NetworkInterfaceId');
  return {
    acls: ids('NetworkAcls', 'NetworkAclId'),
    tables: ids('RouteTables', 'RouteTableId'),
    groups: ids('SecurityGroups', 'GroupId'),
    lists: ids('PrefixLists', 'PrefixListId'),
    transitTables: ids('TransitGatewayRouteTables', 'TransitGatewayRouteTableId'),
    instances: all(documents, 'Reservations').map(({ Instances }) => String(recordsIn(Instances)[0]?.InstanceId)),
    interfaces: all(documents, 'NetworkInterfaces')
      .filter(({ Attachment }) => recordIn(Attachment).InstanceId !== undefined)
      .map(({ NetworkInterfaceId }) => String(NetworkInterfaceId)),
    gateways,
    hops: [
      ...gateways,
      ...ids('VpcPeeringConnections', 'VpcPeeringConnectionId'),
      ...ids('TransitGateways', 'TransitGatewayId'),
      ...interfaces.filter((id) => /^eni-(?:fw|vpce-1|2x)$/.test(id)),
    ],
    attachments: ids('TransitGatewayAttachments', 'TransitGatewayAttachmentId'),
    addresses: ['10.0.1.10', ...heldAddresses(documents)],
  };
}

/** Prefixes that tell the machines' addresses apart, and a few that do not. */
function prefixOf({ addresses }: Named): fc.Arbitrary<string> {
  const length = fc.constantFrom(0, 0, 0, 1, 2, 3);
  return fc
    .tuple(fc.constantFrom(...addresses), length)
    .map(([address, less]) => `${address}/${(address.includes(':') ? 128 : 32) - less}`);
}

function differenceOf(names: Named, only: readonly string[]): fc.Arbitrary<string> {
  const prefix = prefixOf(names);
  const is = (...words: readonly string[]) => fc.constantFrom(...words);
  const peer = fc.oneof(
    { weight: 3, arbitrary: prefix },
    { weight: 2, arbitrary: is(...names.groups) },
    ...names.lists.map((id) => is(id)),
  );
  const rule = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(is('tcp 22', 'tcp 22', 'all', 'tcp 80'), peer).map((words) => words.join(' ')) },
    { weight: 1, arbitrary: is('all 0.0.0.0/0', 'all ::/0') },
  );
  const rules = fc.array(rule, { minLength: 1, maxLength: 3 }).map((lines) => lines.join(', '));
  const ports = is('all', 'all', 'tcp 22', 'tcp 1024-65535', 'tcp 40000-50000');
  const number = fc.integer({ min: 1, max: 99 }).map(String);
  const to = fc.oneof(prefix, prefix, prefix, ...names.lists.map((id) => is(id)));
  const [hop, gone] = [is(...names.hops), is('', '', ' blackhole')];
  const transit = [prefix, is(...names.attachments, 'blackhole')];
  const kinds: readonly (readonly [string, readonly string[], ...fc.Arbitrary<string>[]])[] = [
    ['acl', names.acls, is('in', 'out'), number, is('allow', 'deny', 'deny'), ports, prefix],
    ['route', names.tables, to, fc.tuple(hop, gone).map((words) => words.join(''))],
    ['egress', names.groups, rules],
    ['edge', names.gateways, prefix, hop],
    ['state', names.instances, is('stopped', 'stopped', 'pending', 'newfangled')],
    ['gone', names.instances],
    ['unread', names.interfaces],
    ['groups', names.interfaces, is(...names.groups), is(...names.groups)],
    ['unrouted', names.tables],
    ['transit', names.transitTables, ...transit],
    ['transit', names.transitTables, ...transit],
  ];
  const able = kinds.filter(([verb, subjects]) => subjects.length > 0 && (only.length === 0 || only.includes(verb)));
  return fc.oneof(
    ...able.map(([verb, subjects, ...rest]) =>
      fc.tuple(is(verb), is(...subjects), ...rest).map((words) => words.join(' ')),
    ),
  );
}

/** A few entries, routes and rules about single addresses, and machines that differ, as text; `only` some kinds of them. */
export function differences(documents: Documents, only: readonly string[] = []): fc.Arbitrary<readonly string[]> {
  const length = only.length > 0 ? { minLength: 4, maxLength: 12 } : { minLength: 1, maxLength: 8 };
  return fc.array(differenceOf(named(documents), only), length);
}

const edits: Readonly<Record<string, (documents: Documents, subject: string, rest: string) => void>> = {
  acl: (documents, id, rest) => {
    const acl = record(documents, 'NetworkAcls', id, 'NetworkAclId');
    acl.Entries = [
      networkAclEntry(rest.slice(rest.indexOf(' ') + 1), rest.startsWith('out ')),
      ...recordsIn(acl.Entries),
    ];
  },
  route: (documents, id, rest) => {
    const table = record(documents, 'RouteTables', id, 'RouteTableId');
    table.Routes = [...recordsIn(table.Routes), route(rest)];
  },
  /** A table without a VPC still routes the subnets that it names. */
  unrouted: (documents, id) => {
    record(documents, 'RouteTables', id, 'RouteTableId').VpcId = null;
  },
  egress: (documents, id, rest) => {
    const group = record(documents, 'SecurityGroups', id, 'GroupId');
    group.IpPermissionsEgress = ipPermissions(rest.split(', ').map(securityGroupLine), ACCOUNT);
  },
  edge: (documents, gateway, rest) => {
    const [main] = all(documents, 'RouteTables').filter(({ VpcId }) => VpcId === 'vpc-1');
    const local = recordsIn(main?.Routes).filter(({ GatewayId }) => GatewayId === 'local');
    addRecord(documents, 'RouteTables', {
      ...routeTable(`rtb-edge-of-${gateway} ${rest}`, 'vpc-1'),
      Associations: [{ GatewayId: gateway, Main: false, AssociationState: { State: 'associated' } }],
      Routes: [...local, route(rest)],
    });
  },
  state: (documents, id, state) => {
    for (const one of instances(documents)) if (one.InstanceId === id) one.State = instanceState(state);
  },
  /** A machine that is terminated has no interfaces any more. */
  gone: (documents, id) => {
    const [one] = instances(documents).filter(({ InstanceId }) => InstanceId === id);
    if (!one) return;
    one.State = instanceState('terminated');
    one.NetworkInterfaces = [];
    for (const eni of all(documents, 'NetworkInterfaces'))
      if (recordIn(eni.Attachment).InstanceId === id) eni.Attachment = undefined;
  },
  /** Neither view of an interface shows its IPv4 addresses. */
  unread: (documents, id) => {
    const nested = instances(documents).flatMap((one) => recordsOf(one, 'NetworkInterfaces'));
    for (const eni of [...all(documents, 'NetworkInterfaces'), ...nested])
      if (eni.NetworkInterfaceId === id) eni.PrivateIpAddresses = null;
  },
  groups: (documents, id, rest) => {
    const ids = [...new Set(rest.split(' '))];
    const eni = record(documents, 'NetworkInterfaces', id, 'NetworkInterfaceId');
    eni.Groups = ids.map((GroupId) => ({ GroupId, GroupName: GroupId }));
  },
  transit: (documents, id, rest) => {
    const answer = answerAbout(documents, 'Routes', 'TransitGatewayRouteTableId', id);
    const [prefix = '', attachment = ''] = rest.split(' ');
    const { ResourceId, ResourceType } =
      all(documents, 'TransitGatewayAttachments').find((one) => one.TransitGatewayAttachmentId === attachment) ?? {};
    const to = [{ TransitGatewayAttachmentId: attachment, ResourceId, ResourceType }];
    const leads =
      attachment === 'blackhole' ? { State: 'blackhole' } : { State: 'active', TransitGatewayAttachments: to };
    const added: CliRecord = { DestinationCidrBlock: prefix, Type: 'static', ...leads };
    answer.Routes = [...recordsIn(answer.Routes), added];
  },
};

/** The documents with these differences. */
export function differing(documents: Documents, lines: readonly string[]): Documents {
  const copy: RecordedDocument[] = documents.map((one) => structuredClone(one));
  for (const text of lines) {
    const [verb = '', subject = '', ...rest] = text.split(' ');
    edits[verb]?.(copy, subject, rest.join(' '));
  }
  return copy;
}

/** The documents, and one thing that cannot be read in them. */
export function damaged(documents: Documents, nth: number): Documents {
  const places = placesIn(documents);
  const place = places[nth % places.length];
  return place ? mutated(documents, place, place.path.length === 0 ? 'delete' : 'null') : documents;
}

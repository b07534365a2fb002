import { balancerEdits } from './apply-balancer-command.js';
import { transitEdits } from './apply-transit-command.js';
import { vpnEdits } from './apply-vpn-command.js';
import type { CliRecord, RecordedDocument } from './collection.js';
import { addRecord, type Edit, type Options, record, recordsOf, reviveRoutes, shorthand } from './recorded-edit.js';
import { recordIn, recordsIn } from './records.js';

/** What the printed commands do to the records, where it is simple enough to be beyond doubt. */
const edits: Readonly<Record<string, Edit>> = {
  'authorize-security-group-ingress': (documents, options) => authorize(documents, options, 'IpPermissions'),
  'authorize-security-group-egress': (documents, options) => authorize(documents, options, 'IpPermissionsEgress'),
  'create-network-acl-entry': createEntry,
  'create-route': (documents, options) => putRoute(documents, options, false),
  'replace-route': (documents, options) => putRoute(documents, options, true),
  'delete-route': deleteRoute,
  'start-instances': startInstance,
  'attach-internet-gateway': attachInternetGateway,
  'advertise-byoip-cidr': advertise,
  'create-vpc-block-public-access-exclusion': excludeSubnet,
  ...transitEdits,
  ...vpnEdits,
  ...balancerEdits,
};

const services: ReadonlySet<string | undefined> = new Set(['ec2', 'elbv2']);

/** Whether `applyCommand` can do what the command says. */
export function canApply(command: string): boolean {
  return commandsIn(command).every(({ verb }) => verb in edits);
}

/** The documents as they would be recorded after the command, which may be several joined by `&&`. */
export function applyCommand(documents: readonly RecordedDocument[], command: string): RecordedDocument[] {
  const changed = structuredClone([...documents]);
  for (const { verb, options } of commandsIn(command)) {
    const edit = edits[verb];
    if (!edit) throw new Error(`no test knows what '${verb}' does`);
    edit(changed, options);
  }
  return changed;
}

/** The words of a POSIX shell, as far as single quotes go. */
function wordsOf(command: string): string[] {
  return (command.match(/(?:'[^']*'|[^\s'])+/g) ?? []).map((word) => word.replaceAll("'", ''));
}

function commandsIn(command: string): { readonly verb: string; readonly options: Options }[] {
  return command.split(' && ').map((one) => {
    const [program, service, verb = '', ...rest] = wordsOf(one);
    if (program !== 'aws' || !services.has(service)) throw new Error(`not a command of the AWS CLI: ${one}`);
    const options = new Map<string, string>();
    rest.forEach((word, i) => {
      const value = rest[i + 1];
      if (word.startsWith('--')) options.set(word.slice(2), value?.startsWith('--') ? '' : (value ?? ''));
    });
    return { verb, options };
  });
}

function permissionOf(options: Options): CliRecord {
  const whole = shorthand(options.get('ip-permissions') ?? '');
  const prefixes = (name: string) => [...(whole.get(name) ?? '').matchAll(/=([^},]+)/g)].map(([, text = '']) => text);
  const single = options.get('cidr');
  const port = options.get('port');
  return {
    IpProtocol: whole.get('IpProtocol') ?? options.get('protocol'),
    FromPort: Number(whole.get('FromPort') ?? port),
    ToPort: Number(whole.get('ToPort') ?? port),
    IpRanges: (single === undefined ? prefixes('IpRanges') : [single]).map((CidrIp) => ({ CidrIp })),
    Ipv6Ranges: prefixes('Ipv6Ranges').map((CidrIpv6) => ({ CidrIpv6 })),
    PrefixListIds: [],
    UserIdGroupPairs: [],
  };
}

function authorize(documents: readonly RecordedDocument[], options: Options, field: string): void {
  const group = record(documents, 'SecurityGroups', options.get('group-id') ?? '', 'GroupId');
  group[field] = [...recordsIn(group[field]), permissionOf(options)];
}

/** The service refuses a number that is taken. */
function createEntry(documents: readonly RecordedDocument[], options: Options): void {
  const acl = record(documents, 'NetworkAcls', options.get('network-acl-id') ?? '', 'NetworkAclId');
  const ports = shorthand(options.get('port-range') ?? '');
  const entry: CliRecord = {
    RuleNumber: Number(options.get('rule-number')),
    Egress: options.has('egress'),
    RuleAction: options.get('rule-action'),
    Protocol: options.get('protocol'),
    PortRange: { From: Number(ports.get('From')), To: Number(ports.get('To')) },
    ...(options.has('cidr-block')
      ? { CidrBlock: options.get('cidr-block') }
      : { Ipv6CidrBlock: options.get('ipv6-cidr-block') }),
  };
  const entries = recordsIn(acl.Entries);
  if (entries.some((one) => one.Egress === entry.Egress && one.RuleNumber === entry.RuleNumber)) {
    throw new Error(`rule number ${entry.RuleNumber} of ${acl.NetworkAclId} is taken`);
  }
  acl.Entries = [...entries, entry];
}

const hops = {
  'gateway-id': 'GatewayId',
  'transit-gateway-id': 'TransitGatewayId',
  'vpc-peering-connection-id': 'VpcPeeringConnectionId',
} as const;

function routesBut(documents: readonly RecordedDocument[], options: Options) {
  const table = record(documents, 'RouteTables', options.get('route-table-id') ?? '', 'RouteTableId');
  const ipv6 = options.get('destination-ipv6-cidr-block');
  const field = ipv6 === undefined ? 'DestinationCidrBlock' : 'DestinationIpv6CidrBlock';
  const prefix = ipv6 ?? options.get('destination-cidr-block') ?? '';
  const routes = recordsIn(table.Routes);
  const others = routes.filter((route) => route[field] !== prefix);
  return { table, field, prefix, others, found: others.length < routes.length };
}

/** The service refuses to create a route that is there, and to replace one that is not. */
function putRoute(documents: readonly RecordedDocument[], options: Options, replaces: boolean): void {
  const { table, field, prefix, others, found } = routesBut(documents, options);
  if (found !== replaces) throw new Error(`a route to ${prefix}: ${found}`);
  const [option, hop] = Object.entries(hops).find(([name]) => options.has(name)) ?? [];
  if (option === undefined || hop === undefined) throw new Error(`a route to ${prefix} that leads nowhere`);
  table.Routes = [...others, { [field]: prefix, [hop]: options.get(option), Origin: 'CreateRoute', State: 'active' }];
}

function deleteRoute(documents: readonly RecordedDocument[], options: Options): void {
  const { table, prefix, others, found } = routesBut(documents, options);
  if (!found) throw new Error(`no route to ${prefix}`);
  table.Routes = others;
}

function attachInternetGateway(documents: readonly RecordedDocument[], options: Options): void {
  const id = options.get('internet-gateway-id') ?? '';
  const gateway = record(documents, 'InternetGateways', id, 'InternetGatewayId');
  gateway.Attachments = [{ VpcId: options.get('vpc-id'), State: 'available' }];
  reviveRoutes(documents, id);
}

function advertise(documents: readonly RecordedDocument[], options: Options): void {
  const range = record(documents, 'ByoipCidrs', options.get('cidr') ?? '', 'Cidr');
  if (range.State !== 'provisioned') throw new Error(`${options.get('cidr')} is ${String(range.State)}`);
  range.State = 'advertised';
}

function excludeSubnet(documents: readonly RecordedDocument[], options: Options): void {
  const subnet = record(documents, 'Subnets', options.get('subnet-id') ?? '', 'SubnetId');
  addRecord(documents, 'VpcBlockPublicAccessExclusions', {
    ExclusionId: 'vpcbpa-exclude-1a',
    ResourceArn: subnet.SubnetArn,
    InternetGatewayExclusionMode: options.get('internet-gateway-exclusion-mode'),
    State: 'create-complete',
  });
}

function startInstance(documents: readonly RecordedDocument[], options: Options): void {
  const instances = documents
    .flatMap(({ value }) => recordsOf(value, 'Reservations'))
    .flatMap((reservation) => recordsOf(reservation, 'Instances'));
  const instance = instances.find((one) => one.InstanceId === options.get('instance-ids'));
  if (!instance) throw new Error(`no instance '${options.get('instance-ids')}'`);
  instance.State = { ...recordIn(instance.State), Code: 16, Name: 'running' };
}

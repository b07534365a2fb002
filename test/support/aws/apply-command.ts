import type { CliRecord, RecordedDocument } from './collection.js';
import { recordIn, recordsIn } from './records.js';

type Options = ReadonlyMap<string, string>;
type Edit = (documents: readonly RecordedDocument[], options: Options) => void;

/** What the printed commands do to the records, where it is simple enough to be beyond doubt. */
const edits: Readonly<Record<string, Edit>> = {
  'authorize-security-group-ingress': (documents, options) => authorize(documents, options, 'IpPermissions'),
  'authorize-security-group-egress': (documents, options) => authorize(documents, options, 'IpPermissionsEgress'),
  'create-network-acl-entry': createEntry,
  'create-route': (documents, options) => putRoute(documents, options, false),
  'replace-route': (documents, options) => putRoute(documents, options, true),
  'start-instances': startInstance,
};

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
    if (program !== 'aws' || service !== 'ec2') throw new Error(`not a command of the AWS CLI: ${one}`);
    const options = new Map<string, string>();
    rest.forEach((word, i) => {
      const value = rest[i + 1];
      if (word.startsWith('--')) options.set(word.slice(2), value?.startsWith('--') ? '' : (value ?? ''));
    });
    return { verb, options };
  });
}

/** `A=1,B=[{C=2},{C=3}]`, the shorthand of the AWS CLI; what stands in brackets stays text. */
function shorthand(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/(\w+)=(\[[^\]]*\]|[^,]*)/g)].map(([, key = '', value = '']) => [key, value]));
}

function record(documents: readonly RecordedDocument[], key: string, id: string, field: string): MutableRecord {
  const all = documents.flatMap(({ value }) => recordsOf(value, key));
  const found = all.find((one) => one[field] === id);
  if (!found) throw new Error(`no ${key} record '${id}'`);
  return found;
}

type MutableRecord = { -readonly [K in keyof CliRecord]: CliRecord[K] };

function recordsOf(value: unknown, key: string): MutableRecord[] {
  return [...recordsIn((value as CliRecord)[key])];
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

/** The service refuses to create a route that is there, and to replace one that is not. */
function putRoute(documents: readonly RecordedDocument[], options: Options, replaces: boolean): void {
  const table = record(documents, 'RouteTables', options.get('route-table-id') ?? '', 'RouteTableId');
  const destination = options.has('destination-cidr-block')
    ? { DestinationCidrBlock: options.get('destination-cidr-block') }
    : { DestinationIpv6CidrBlock: options.get('destination-ipv6-cidr-block') };
  const [[field, prefix] = []] = Object.entries(destination);
  const others = recordsIn(table.Routes).filter((route) => field === undefined || route[field] !== prefix);
  if (others.length < recordsIn(table.Routes).length !== replaces) throw new Error(`a route to ${prefix}: ${replaces}`);
  const route = { ...destination, GatewayId: options.get('gateway-id'), Origin: 'CreateRoute', State: 'active' };
  table.Routes = [...others, route];
}

function startInstance(documents: readonly RecordedDocument[], options: Options): void {
  const instances = documents
    .flatMap(({ value }) => recordsOf(value, 'Reservations'))
    .flatMap((reservation) => recordsOf(reservation, 'Instances'));
  const instance = instances.find((one) => one.InstanceId === options.get('instance-ids'));
  if (!instance) throw new Error(`no instance '${options.get('instance-ids')}'`);
  instance.State = { ...recordIn(instance.State), Code: 16, Name: 'running' };
}

import {
  type CliRecord,
  COLLECTION_KEYS,
  type CollectionKey,
  fileNameOf,
  idFieldOf,
  type Json,
  operationOf,
  type QuestionOperation,
  questionOf,
  type RecordedDocument,
} from './collection.js';
import * as compute from './compute-records.js';
import { AclEditor, SecurityGroupEditor, TableEditor } from './editors.js';
import * as records from './records.js';

interface Answer {
  readonly operation: string;
  readonly parameter?: string;
  readonly body: CliRecord;
}

/** F0 of the specification, section 7, as the documents that the AWS CLI prints; rows override it before they ask. */
export function f0(): Fixture {
  const f = new Fixture();
  f.addVpc('vpc-1', '10.0.0.0/16', '2001:db8:1::/56');
  f.add('InternetGateways', records.internetGateway('igw-1', 'vpc-1'));
  f.addSubnet('subnet-a', { vpc: 'vpc-1', prefix: '10.0.1.0/24', zone: 'a', prefixV6: '2001:db8:1:1::/64' });
  f.addSubnet('subnet-b', { vpc: 'vpc-1', prefix: '10.0.2.0/24', zone: 'b' });
  f.table('rtb-main').main();
  f.table('rtb-pub').on('subnet-a').routes('0.0.0.0/0 igw-1', '::/0 igw-1');
  f.acl('acl-def').open().on('subnet-a', 'subnet-b');
  f.sg('sg-1').inbound('tcp 22 203.0.113.0/24');
  f.sg('sg-2').egress('all 0.0.0.0/0');
  f.addInstance({
    id: 'i-1',
    eni: 'eni-1',
    subnet: 'subnet-a',
    ip: '10.0.1.10',
    public: '198.51.100.10',
    ipv6: '2001:db8:1:1::10',
    groups: ['sg-1'],
  });
  f.addInstance({ id: 'i-2', eni: 'eni-2x', subnet: 'subnet-b', ip: '10.0.2.20', groups: ['sg-2'] });
  return f;
}

/** What was recorded of one account and region. Every collection is there, empty unless filled, so that nothing is unknown. */
export class Fixture {
  readonly #collections = new Map<CollectionKey, CliRecord[]>(COLLECTION_KEYS.map((key) => [key, []]));
  readonly #unrecorded = new Set<CollectionKey>();
  readonly #answers = new Map<string, Answer>();
  readonly #denials = new Map<string, Answer>();
  readonly #groups = new Map<string, SecurityGroupEditor>();
  readonly #acls = new Map<string, AclEditor>();
  readonly #tables = new Map<string, TableEditor>();

  constructor() {
    this.blockPublicAccess({ InternetGatewayBlockMode: 'off' });
  }

  /** Adds a record to a collection. */
  add(key: CollectionKey, ...added: readonly CliRecord[]): this {
    this.#list(key).push(...added);
    return this;
  }

  /** Overwrites fields of one record; `undefined` removes a field. */
  edit(key: CollectionKey, id: string, fields: CliRecord): this {
    const list = this.#list(key);
    const at = list.findIndex((r) => r[idFieldOf(key)] === id);
    if (at < 0) throw new Error(`the fixture has no ${key} record '${id}'`);
    list[at] = { ...list[at], ...fields };
    return this;
  }

  remove(key: CollectionKey, id: string): this {
    const left = this.#list(key).filter((r) => r[idFieldOf(key)] !== id);
    this.#collections.set(key, left);
    return this;
  }

  /** The record itself, to read a field from. */
  record(key: CollectionKey, id: string): CliRecord {
    const found = this.#list(key).find((r) => r[idFieldOf(key)] === id);
    if (found === undefined) throw new Error(`the fixture has no ${key} record '${id}'`);
    return found;
  }

  /** Records the answer of a call about one subject: `answer('ec2:GetManagedPrefixListEntries', 'pl-1', [...])`. */
  answer(operation: QuestionOperation, subject: string, value: Json): this {
    const question = questionOf(operation);
    if (question === undefined) throw new Error(`'${operation}' does not ask about one subject`);
    const body = { [question.parameter]: subject, [question.answer]: value };
    this.#answers.set(`${operation} ${subject}`, { operation, parameter: subject, body });
    return this;
  }

  /** Records a call without parameter whose answer is not a list of records. */
  single(operation: string, body: CliRecord): this {
    this.#answers.set(operation, { operation, body });
    return this;
  }

  /** Replaces what this call had answered, about everything or about one subject, by a recorded denial. */
  denied(operation: string, subject?: string): this {
    this.#forget(operation, subject);
    const parameter = questionOf(operation)?.parameter;
    const body = parameter === undefined || subject === undefined ? {} : { [parameter]: subject };
    const denial = { operation, body, ...(subject === undefined ? {} : { parameter: subject }) };
    this.#denials.set(`${operation} ${subject ?? ''}`, denial);
    return this;
  }

  /** Drops the document: the call was never made. */
  without(key: CollectionKey | QuestionOperation | 'VpcBlockPublicAccessOptions', subject?: string): this {
    if (key === 'VpcBlockPublicAccessOptions') this.#forget('ec2:DescribeVpcBlockPublicAccessOptions', undefined);
    else if (key.includes(':')) this.#forget(key, subject);
    else this.#unrecorded.add(key as CollectionKey);
    return this;
  }

  /** The group, created where it is new: `sg('sg-1').inbound('tcp 22 203.0.113.0/25').egress()`. */
  sg(id: string, of: { readonly vpc?: string; readonly owner?: string } = {}): SecurityGroupEditor {
    const editor = this.#groups.get(id) ?? new SecurityGroupEditor(id, of.vpc ?? 'vpc-1', of.owner ?? records.ACCOUNT);
    this.#groups.set(id, editor);
    return editor;
  }

  /** Deletes the group; rules that name it stay. */
  forgetGroup(id: string): this {
    this.#groups.delete(id);
    return this;
  }

  /** The ACL, created where it is new: `acl('acl-a').open().in('90 deny tcp 22 0.0.0.0/0').on('subnet-a')`. */
  acl(id: string, vpcId = 'vpc-1'): AclEditor {
    const take = (subnetId: string): void => {
      for (const acl of this.#acls.values()) acl.off(subnetId);
    };
    const editor = this.#acls.get(id) ?? new AclEditor(id, vpcId, take);
    this.#acls.set(id, editor);
    return editor;
  }

  /** The table, created where it is new: `table('rtb-pub').routes('0.0.0.0/0 igw-1').on('subnet-a')`. */
  table(id: string, vpcId = 'vpc-1'): TableEditor {
    const take = (subnetId: string): void => {
      for (const table of this.#tables.values()) table.off(subnetId);
    };
    const editor = this.#tables.get(id) ?? new TableEditor(id, vpcId, take);
    this.#tables.set(id, editor);
    return editor;
  }

  /** A managed prefix list with these entries. */
  prefixList(id: string, ...prefixes: readonly string[]): this {
    this.remove('PrefixLists', id).add('PrefixLists', records.managedPrefixList(id, prefixes));
    return this.answer(
      'ec2:GetManagedPrefixListEntries',
      id,
      prefixes.map((Cidr) => ({ Cidr })),
    );
  }

  /** An instance with its primary interface and its status record. */
  addInstance(spec: compute.InstanceSpec): this {
    const { zone } = this.#placeOf(spec.subnet);
    this.add('Reservations', compute.instance(spec, zone));
    this.add('InstanceStatuses', compute.instanceStatus(spec.id, zone, spec.state ?? 'running'));
    return this.addInterface({ ...spec, id: spec.eni, instance: spec.id });
  }

  /** An interface; its public addresses become elastic addresses. */
  addInterface(spec: compute.InterfaceSpec): this {
    this.add('NetworkInterfaces', compute.networkInterface(spec, this.#placeOf(spec.subnet)));
    return this.add('Addresses', ...compute.elasticAddressesOf(spec));
  }

  /** Replaces the interface's security groups. */
  groups(eni: string, ...ids: readonly string[]): this {
    return this.edit('NetworkInterfaces', eni, { Groups: ids.map((id) => ({ GroupId: id, GroupName: id })) });
  }

  addVpc(id: string, prefix: string, prefixV6?: string): this {
    this.add('Vpcs', records.vpc(id, prefix, prefixV6));
    return this.answer('ec2:DescribeStaleSecurityGroups', id, []);
  }

  addSubnet(id: string, of: records.SubnetSpec): this {
    return this.add('Subnets', records.subnet(id, of));
  }

  /** `blockPublicAccess({ InternetGatewayBlockMode: 'block-ingress' })`: the account's options; VPCs and subnets show the mode. */
  blockPublicAccess(fields: CliRecord): this {
    const options = records.blockPublicAccessOptions(fields);
    const BlockPublicAccessStates = { InternetGatewayBlockMode: options.InternetGatewayBlockMode };
    for (const vpc of this.#list('Vpcs')) this.edit('Vpcs', String(vpc.VpcId), { BlockPublicAccessStates });
    for (const subnet of this.#list('Subnets')) {
      this.edit('Subnets', String(subnet.SubnetId), { BlockPublicAccessStates });
    }
    return this.single('ec2:DescribeVpcBlockPublicAccessOptions', { VpcBlockPublicAccessOptions: options });
  }

  /** Puts the instance into another state; its checks follow. */
  state(id: string, name: string): this {
    const zone = String(this.record('InstanceStatuses', id).AvailabilityZone).slice(-1);
    this.edit('Reservations', id, { State: compute.instanceState(name) });
    return this.remove('InstanceStatuses', id).add('InstanceStatuses', compute.instanceStatus(id, zone, name));
  }

  /** Takes the public address off the interface; `keep` leaves it allocated to the account. */
  dissociate(eni: string, keep: 'keep' | 'release'): this {
    const before = this.record('NetworkInterfaces', eni);
    const addresses = this.#list('Addresses').filter((a) => a.NetworkInterfaceId === eni);
    this.edit('NetworkInterfaces', eni, compute.withoutPublicAddresses(before));
    for (const address of addresses) {
      this.remove('Addresses', String(address.AllocationId));
      if (keep === 'keep') this.add('Addresses', compute.elasticAddress(String(address.PublicIp)));
    }
    return this;
  }

  /** The recorded files: as the CLI prints them, or in the envelope of `port22 fetch`. Denials always have the envelope. */
  documents(form: 'cli' | 'fetched' = 'fetched'): RecordedDocument[] {
    const listed = COLLECTION_KEYS.filter((key) => !this.#unrecorded.has(key)).map((key) => ({
      operation: operationOf(key),
      body: { [key]: this.#recordsOf(key) },
    }));
    const answered = [...listed, ...this.#answers.values()].map((answer) =>
      document(answer, form === 'fetched' ? envelope(answer.operation) : {}),
    );
    const denied = [...this.#denials.values()].map((denial) =>
      document(denial, envelope(denial.operation, records.denialOf(denial.operation))),
    );
    return [...answered, ...denied];
  }

  #recordsOf(key: CollectionKey): readonly CliRecord[] {
    const own = this.#list(key);
    if (key === 'Reservations') return own.map((i) => compute.reservation(i, this.#list('NetworkInterfaces')));
    if (key === 'SecurityGroups') return [...own, ...[...this.#groups.values()].map((g) => g.record())];
    if (key === 'SecurityGroupRules') return [...own, ...[...this.#groups.values()].flatMap((g) => g.rules())];
    if (key === 'NetworkAcls') return [...own, ...[...this.#acls.values()].map((a) => a.record())];
    if (key === 'RouteTables') return [...own, ...[...this.#tables.values()].map((t) => this.#withLocalRoutes(t))];
    return own;
  }

  #withLocalRoutes(table: TableEditor): CliRecord {
    return table.record(records.prefixesOf(this.record('Vpcs', table.vpc)));
  }

  #placeOf(subnetId: string): { vpc: string; zone: string } {
    const subnet = this.record('Subnets', subnetId);
    return { vpc: String(subnet.VpcId), zone: String(subnet.AvailabilityZone).slice(-1) };
  }

  #list(key: CollectionKey): CliRecord[] {
    const list = this.#collections.get(key);
    if (list === undefined) throw new Error(`no such collection: ${key}`);
    return list;
  }

  #forget(operation: string, subject: string | undefined): void {
    for (const key of COLLECTION_KEYS) if (operationOf(key) === operation) this.#unrecorded.add(key);
    for (const [name, answer] of this.#answers) {
      if (answer.operation === operation && (subject === undefined || answer.parameter === subject)) {
        this.#answers.delete(name);
      }
    }
  }
}

function document(answer: Answer, head: CliRecord): RecordedDocument {
  const value: unknown = JSON.parse(JSON.stringify({ ...head, ...answer.body }));
  return { path: fileNameOf(answer.operation, answer.parameter), value };
}

function envelope(operation: string, error?: CliRecord): CliRecord {
  const scope = { provider: 'aws', account: records.ACCOUNT, region: records.REGION };
  return { port22: { schema: 'port22/recording/v1', ...scope, operation, error } };
}

import type { RecordedDocument } from '../../../src/evidence/index.js';
import * as compute from './compute-records.js';
import { emptyAnswers, isAbout, withBackReferences } from './derived.js';
import {
  type Denial,
  denialDocument,
  type Form,
  type Listing,
  listDocuments,
  type SubjectAnswer,
  subjectDocument,
} from './documents.js';
import { ipConfigId, networkId, ref, subnetId } from './ids.js';
import { ALL_KINDS, type JsonRecord, type Kind, listKindOf, operationOf, type Question } from './kinds.js';
import { adminRule } from './manager-records.js';
import * as records from './records.js';

/** A VM with one interface `nicX`, as a row describes it; `vmX` is its name. */
export interface VmSpec {
  /** `vnet1/s1` */
  readonly subnet: string;
  readonly ip: string;
  /** A Standard public address, `ipX`. */
  readonly publicIp?: string;
}

/** The base fixture of the specification, section 7; rows override it before they ask. */
export function f0(): Fixture {
  const f = new Fixture();
  f.addVnet('vnet1', '10.0.0.0/16');
  f.addSubnet('vnet1/s1', '10.0.1.0/24').addSubnet('vnet1/s2', '10.0.2.0/24');
  f.addNsg('nsg1', { subnets: ['vnet1/s1'] }).rule('allow-ssh', {});
  f.addVm('A', { subnet: 'vnet1/s1', ip: '10.0.1.4', publicIp: '20.1.2.3' });
  return f.addVm('B', { subnet: 'vnet1/s2', ip: '10.0.2.4' });
}

/** What was recorded of one subscription. Every list is there, empty unless filled. */
export class Fixture {
  readonly #lists = new Map<Kind, JsonRecord[]>(ALL_KINDS.map((kind) => [kind, []]));
  #answers: SubjectAnswer[] = [];
  readonly #denials: Denial[] = [];
  readonly #unrecorded = new Set<string>();

  add(kind: Kind, ...added: readonly JsonRecord[]): this {
    this.#list(kind).push(...added);
    return this;
  }

  /** Overwrites properties of one record; `undefined` removes a property. `fields` stand beside the properties. */
  edit(kind: Kind, name: string, properties: JsonRecord, fields: JsonRecord = {}): this {
    const list = this.#list(kind);
    const at = records.indexOf(list, name);
    list[at] = { ...records.withProperties(this.record(kind, name), properties), ...fields };
    return this;
  }

  remove(kind: Kind, name: string): this {
    const { id } = this.record(kind, name);
    const left = this.#list(kind).filter((record) => record.id !== id);
    this.#lists.set(kind, left);
    return this;
  }

  record(kind: Kind, name: string): JsonRecord {
    const found = this.#list(kind).find((record) => record.name === name);
    if (found === undefined) throw new Error(`the fixture has no ${kind} record '${name}'`);
    return found;
  }

  /** The rule, created where it is new: inbound allow of TCP 22 from anywhere at priority 100 of nsg1 unless said. */
  rule(name: string, properties: JsonRecord, group = 'nsg1'): this {
    if (this.#children('networkSecurityGroups', group, 'securityRules').some((rule) => rule.name === name))
      return this.#editChild('networkSecurityGroups', group, 'securityRules', name, properties);
    return this.#addChild(
      'networkSecurityGroups',
      group,
      'securityRules',
      records.securityRule(group, name, properties),
    );
  }

  /** A rule that denies everything from anywhere, unless said. */
  deny(name: string, properties: JsonRecord, group = 'nsg1'): this {
    return this.rule(name, { access: 'Deny', protocol: '*', destinationPortRange: '*', ...properties }, group);
  }

  noRule(name: string, group = 'nsg1'): this {
    const securityRules = this.#children('networkSecurityGroups', group, 'securityRules');
    if (records.indexOf(securityRules, name) < 0) throw new Error(`${group} has no rule '${name}'`);
    return this.edit('networkSecurityGroups', group, {
      securityRules: securityRules.filter((rule) => rule.name !== name),
    });
  }

  /** A security group with the default rules only. */
  addNsg(name: string, on: { readonly subnets?: readonly string[]; readonly nics?: readonly string[] }): this {
    const record = records.networkSecurityGroup(name);
    const networkSecurityGroup = ref(String(record.id));
    this.add('networkSecurityGroups', record);
    for (const path of on.subnets ?? []) this.subnet(path, { networkSecurityGroup });
    for (const nic of on.nics ?? []) this.nic(nic, { networkSecurityGroup });
    return this;
  }

  /** Takes the security group off the subnet. */
  noNsg(path = 'vnet1/s1'): this {
    return this.subnet(path, { networkSecurityGroup: undefined });
  }

  addVnet(name: string, ...prefixes: readonly string[]): this {
    return this.add('virtualNetworks', records.virtualNetwork(name, prefixes));
  }

  vnet(name: string, properties: JsonRecord): this {
    return this.edit('virtualNetworks', name, properties);
  }

  /** `addSubnet('vnet1/s1', '10.0.1.0/24')` */
  addSubnet(path: string, prefix: string, properties: JsonRecord = {}): this {
    const [vnet = ''] = path.split('/');
    const record = records.withProperties(records.subnet(path, prefix), properties);
    return this.#addChild('virtualNetworks', vnet, 'subnets', record);
  }

  subnet(path: string, properties: JsonRecord): this {
    const [vnet = '', name = ''] = path.split('/');
    return this.#editChild('virtualNetworks', vnet, 'subnets', name, properties);
  }

  /** `addVm('A', ...)` makes vmA with nicA, and ipA where it has a public address. */
  addVm(letter: string, of: VmSpec): this {
    this.addNic(`nic${letter}`, of, `ip${letter}`);
    const vm = compute.virtualMachine(`vm${letter}`, [`nic${letter}`]);
    return this.add('virtualMachines', vm).add('statuses', compute.status(String(vm.id), 'running'));
  }

  vm(name: string, properties: JsonRecord): this {
    return this.edit('virtualMachines', name, properties);
  }

  /** `deallocated`; without one Azure says nothing of it. */
  power(vm: string, state?: string): this {
    this.remove('statuses', vm);
    return this.add('statuses', compute.status(String(this.record('virtualMachines', vm).id), state));
  }

  /** An interface that no VM has yet. */
  addNic(name: string, of: VmSpec, publicIpName: string): this {
    const publicIPAddress = of.publicIp === undefined ? undefined : ref(networkId('publicIPAddresses', publicIpName));
    if (of.publicIp !== undefined) this.addPublicIp(publicIpName, of.publicIp);
    const ipConfig = { privateIPAddress: of.ip, subnet: ref(subnetId(of.subnet)), publicIPAddress };
    return this.add('networkInterfaces', records.networkInterface(name, {}, ipConfig));
  }

  nic(name: string, properties: JsonRecord): this {
    return this.edit('networkInterfaces', name, properties);
  }

  ipConfig(nic: string, properties: JsonRecord): this {
    return this.#editChild('networkInterfaces', nic, 'ipConfigurations', 'ipconfig1', properties);
  }

  /** One more IP configuration of the interface. */
  addIpConfig(nic: string, name: string, properties: JsonRecord): this {
    const record = records.ipConfiguration(ipConfigId(nic, name), { primary: false, ...properties });
    return this.#addChild('networkInterfaces', nic, 'ipConfigurations', record);
  }

  addPublicIp(name: string, address: string, properties: JsonRecord = {}): this {
    return this.add('publicIPAddresses', records.publicIp(name, address, properties));
  }

  /** Makes the address one of the retired SKU. */
  basicIp(name: string, properties: JsonRecord = {}): this {
    return this.edit('publicIPAddresses', name, properties, { sku: { name: 'Basic', tier: 'Regional' } });
  }

  /** The table `rt-SUBNET` on the subnet; `routes('vnet1/s1', '0.0.0.0/0 VirtualAppliance 10.0.9.4')`. */
  routes(path: string, ...texts: readonly string[]): this {
    const table = `rt-${path.split('/')[1]}`;
    const list = texts.map((text, at) => {
      const [addressPrefix = '', nextHopType = '', nextHopIpAddress] = text.split(' ');
      return records.route(table, `route${at + 1}`, { addressPrefix, nextHopType, nextHopIpAddress });
    });
    this.add('routeTables', records.routeTable(table, list));
    return this.subnet(path, { routeTable: ref(networkId('routeTables', table)) });
  }

  /** Peers two networks; `fields` are of both sides. */
  peer(one: string, other: string, fields: JsonRecord = {}): this {
    return this.halfPeer(one, other, fields).halfPeer(other, one, fields);
  }

  /** One side of a peering. */
  halfPeer(from: string, to: string, fields: JsonRecord = {}): this {
    const record = records.peering(from, this.record('virtualNetworks', to), fields);
    return this.#addChild('virtualNetworks', from, 'virtualNetworkPeerings', record);
  }

  /** Overwrites properties of the side of a peering that stands in `from`. */
  peering(from: string, to: string, properties: JsonRecord): this {
    return this.#editChild('virtualNetworks', from, 'virtualNetworkPeerings', `to-${to}`, properties);
  }

  /** Puts the interface into exactly these application security groups, which are created where they are new. */
  asgs(nic: string, ...names: readonly string[]): this {
    for (const name of names) if (!this.#has('applicationSecurityGroups', name)) this.addAsg(name);
    const applicationSecurityGroups = names.map((name) => ref(networkId('applicationSecurityGroups', name)));
    return this.ipConfig(nic, { applicationSecurityGroups });
  }

  addAsg(name: string): this {
    return this.add('applicationSecurityGroups', records.resource(networkId('applicationSecurityGroups', name), {}));
  }

  /** The deployed rule of vnet1: inbound, for TCP 22, of the manager nm1 unless said. */
  adminRule(name: string, properties: JsonRecord, manager = 'nm1'): this {
    const subject = this.vnetSubject('vnet1');
    const operation = operationOf('effectiveAdminRules');
    const before = this.#answers.find((answer) => isAbout(answer, operation, subject))?.body.value;
    const value = [...records.recordsIn(before), adminRule(name, properties, manager)];
    return this.answer('effectiveAdminRules', subject, { value });
  }

  /** The subject of a question for the network. */
  vnetSubject(name: string): JsonRecord {
    return { virtualNetwork: networkId('virtualNetworks', name) };
  }

  /** What ARM answers about one subject, in place of what it answered before. */
  answer(question: Question, subject: JsonRecord, body: JsonRecord): this {
    const operation = operationOf(question);
    this.#answers = this.#answers.filter((answer) => !isAbout(answer, operation, subject));
    this.#answers.push({ operation, subject, body });
    return this;
  }

  /** Drops the documents: the call was never made. */
  without(call: Kind | Question): this {
    this.#unrecorded.add(operationOf(call));
    return this;
  }

  /** Replaces what this call had answered, about everything or about one subject, by a recorded denial. */
  denied(call: Kind | Question, subject?: JsonRecord): this {
    this.#denials.push({ operation: operationOf(call), subject: subject ?? {} });
    return subject === undefined ? this.without(call) : this;
  }

  documents(form: Form): RecordedDocument[] {
    const list = (kind: Kind): readonly JsonRecord[] => this.#list(kind);
    const isReplaced = ({ operation, subject }: SubjectAnswer): boolean =>
      [...this.#answers].some((answer) => isAbout(answer, operation, subject));
    const isDenied = (answer: SubjectAnswer): boolean =>
      this.#denials.some(({ operation, subject }) => isAbout(answer, operation, subject));
    const answers = [...emptyAnswers(list).filter((answer) => !isReplaced(answer)), ...this.#answers];
    const known = answers.filter((answer) => !this.#unrecorded.has(answer.operation) && !isDenied(answer));
    return [
      ...listDocuments(this.#listings(list), form),
      ...known.flatMap((answer) => subjectDocument(answer, form)),
      ...this.#denials.map(denialDocument),
    ];
  }

  #listings(list: (kind: Kind) => readonly JsonRecord[]): readonly Listing[] {
    return ALL_KINDS.filter((kind) => {
      const { operation, rare } = listKindOf(kind);
      return !this.#unrecorded.has(operation) && !(rare && list(kind).length === 0);
    }).map((kind) => ({ kind, records: withBackReferences(kind, list) }));
  }

  #children(kind: Kind, name: string, field: string): readonly JsonRecord[] {
    return records.recordsIn(records.propertiesOf(this.record(kind, name))[field]);
  }

  #addChild(kind: Kind, name: string, field: string, record: JsonRecord): this {
    return this.edit(kind, name, { [field]: [...this.#children(kind, name, field), record] });
  }

  #editChild(kind: Kind, name: string, field: string, childName: string, properties: JsonRecord): this {
    const children = this.#children(kind, name, field);
    if (records.indexOf(children, childName) < 0) throw new Error(`${name} has no '${childName}' in its ${field}`);
    const edited = children.map((child) =>
      child.name === childName ? records.withProperties(child, properties) : child,
    );
    return this.edit(kind, name, { [field]: edited });
  }

  #has(kind: Kind, name: string): boolean {
    return records.indexOf(this.#list(kind), name) >= 0;
  }

  #list(kind: Kind): JsonRecord[] {
    const list = this.#lists.get(kind);
    if (list === undefined) throw new Error(`no such list: ${kind}`);
    return list;
  }
}

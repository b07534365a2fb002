import type { RecordedDocument } from '../../../src/evidence/index.js';
import * as compute from './compute-records.js';
import { effectiveAnswers, subnetRoutes } from './derived.js';
import {
  type Denial,
  denialDocument,
  type Form,
  type Listing,
  listDocument,
  type SubjectAnswer,
  subjectDocument,
} from './documents.js';
import * as hybrid from './hybrid-records.js';
import { ALL_KINDS, type JsonRecord, type Kind, listKindOf, QUESTIONS, type Question } from './kinds.js';
import * as balancing from './load-balancer-records.js';
import type { PolicySpec } from './policies.js';
import * as records from './records.js';
import { globalUrl, nameIn, PROJECT, projectIn, REGION, ZONE } from './urls.js';

/** The base fixture of the specification, section 7; rows override it before they ask. */
export function f0(): Fixture {
  const f = new Fixture();
  f.addNetwork('net1');
  f.addSubnet('sn1', { network: 'net1', prefix: '10.0.0.0/24' });
  f.rule('allow-ssh', { allowed: records.l4('tcp:22') });
  return f.addVm({
    name: 'vm1',
    ip: '10.0.0.2',
    external: '203.0.113.10',
    tags: ['web'],
    serviceAccount: 'app@p.iam.gserviceaccount.com',
  });
}

/** What was recorded of project `p` and of those whose networks it shares. Every list is there, empty unless filled. */
export class Fixture {
  readonly #lists = new Map<Kind, JsonRecord[]>(ALL_KINDS.map((kind) => [kind, []]));
  readonly #policies: PolicySpec[] = [];
  #answers: SubjectAnswer[] = [];
  readonly #denials: Denial[] = [];
  readonly #unrecorded = new Set<string>();
  readonly #unreachables = new Map<Kind, string>();

  add(kind: Kind, ...added: readonly JsonRecord[]): this {
    this.#list(kind).push(...added);
    return this;
  }

  /** Overwrites fields of one record; `undefined` removes a field. */
  edit(kind: Kind, name: string, fields: JsonRecord): this {
    const list = this.#list(kind);
    const at = list.findIndex((r) => r.name === name);
    if (at < 0) throw new Error(`the fixture has no ${kind} record '${name}'`);
    list[at] = { ...list[at], ...fields };
    return this;
  }

  remove(kind: Kind, name: string): this {
    const left = this.#list(kind).filter((r) => r.name !== name);
    if (left.length === this.#list(kind).length) throw new Error(`the fixture has no ${kind} record '${name}'`);
    this.#lists.set(kind, left);
    return this;
  }

  /** The classic rule, created where it is new: ingress from anywhere at priority 1000 unless said. */
  rule(name: string, { network, ...fields }: JsonRecord & { readonly network?: string }, project = PROJECT): this {
    const all = network === undefined ? fields : { ...fields, network: globalUrl('networks', network, project) };
    if (this.#has('firewalls', name)) return this.edit('firewalls', name, all);
    return this.add('firewalls', records.classicRule(name, all, project));
  }

  noRule(name: string): this {
    return this.remove('firewalls', name);
  }

  vm(name: string, fields: JsonRecord): this {
    return this.edit('instances', name, fields);
  }

  /** Overwrites fields of one interface of the VM. */
  nic(vm: string, index: number, fields: JsonRecord): this {
    const nics = records.recordsIn(this.#record('instances', vm).networkInterfaces);
    const networkInterfaces = nics.map((nic, at) => (at === index ? { ...nic, ...fields } : nic));
    return this.vm(vm, { networkInterfaces });
  }

  addVm(spec: compute.VmSpec): this {
    return this.add('instances', compute.instance(spec));
  }

  /** One more interface of the VM. */
  addNic(vm: string, spec: compute.NicSpec): this {
    const { networkInterfaces, zone } = this.#record('instances', vm);
    const nics = records.recordsIn(networkInterfaces);
    const added = compute.networkInterface(nics.length, spec, compute.regionOf(nameIn(zone)));
    return this.vm(vm, { networkInterfaces: [...nics, added] });
  }

  /** A network as it is created: with a default route to the internet, and without a rule. */
  addNetwork(name: string, fields: JsonRecord = {}, project = PROJECT): this {
    this.add('networks', records.network(name, fields, project));
    return this.route(name === 'net1' ? 'default-internet' : `default-internet-${name}`, {
      network: globalUrl('networks', name, project),
      destRange: '0.0.0.0/0',
      nextHopGateway: records.internetGateway(project),
    });
  }

  network(name: string, fields: JsonRecord): this {
    return this.edit('networks', name, fields);
  }

  /** Makes the network policies of net1 come before its classic rules. */
  policiesFirst(): this {
    return this.network('net1', { networkFirewallPolicyEnforcementOrder: 'BEFORE_CLASSIC_FIREWALL' });
  }

  addSubnet(name: string, of: records.SubnetSpec): this {
    return this.add('subnetworks', records.subnetwork(name, of));
  }

  /** The static route, created where it is new: in net1 at priority 1000 unless said. */
  route(name: string, fields: JsonRecord): this {
    if (this.#has('routes', name)) return this.edit('routes', name, fields);
    return this.add('routes', records.route(name, fields, projectIn(fields.network)));
  }

  noRoute(name: string): this {
    return this.remove('routes', name);
  }

  /** Peers two networks; `fields` are of both sides. */
  peer(one: string, other: string, fields: JsonRecord = {}): this {
    return this.#peering(one, other, fields).#peering(other, one, fields);
  }

  /** The first network asks for a peering that the second one has not configured. */
  halfPeer(one: string, other: string): this {
    const stateDetails = '[2026-01-05T00:00:00.000-08:00]: Waiting for peer network to connect.';
    return this.#peering(one, other, { state: 'INACTIVE', stateDetails });
  }

  policy(spec: PolicySpec): this {
    this.#policies.push(spec);
    return this;
  }

  forwardingRule(name: string, fields: JsonRecord): this {
    return this.add('forwardingRules', balancing.forwardingRule(name, fields));
  }

  /** A target instance that hands its packets to the VM. */
  targetInstance(name: string, vm: string): this {
    return this.add('targetInstances', balancing.targetInstance(name, this.#record('instances', vm)));
  }

  /** A backend service with one instance group `ig-NAME` of these VMs, all of the same health. Global where `region` is null. */
  backendService(name: string, vms: readonly string[], healthState: string, fields: JsonRecord = {}): this {
    const instances = vms.map((vm) => this.#record('instances', vm));
    const group = balancing.instanceGroup(`ig-${name}`, vms.length);
    this.add('instanceGroups', group).add('backendServices', balancing.backendService(name, group, fields));
    const members = { project: PROJECT, zone: ZONE, instanceGroup: `ig-${name}` };
    this.answer('groupInstances', members, balancing.groupInstances(instances));
    const backend = { backendService: name, group: group.selfLink };
    const health = balancing.groupHealth(instances, healthState);
    if (fields.region === null) return this.answer('globalBackendHealth', { project: PROJECT, ...backend }, health);
    return this.answer('backendHealth', { project: PROJECT, region: REGION, ...backend }, health);
  }

  vpnTunnel(name: string, fields: JsonRecord = {}, region = REGION): this {
    return this.add('vpnTunnels', hybrid.vpnTunnel(name, fields, region));
  }

  /** A Cloud Router with what `getRouterStatus` says of it. */
  router(name: string, fields: JsonRecord, status: JsonRecord, region = REGION): this {
    const record = hybrid.router(name, fields, region);
    const body = { kind: 'compute#routerStatusResponse', result: { network: record.network, ...status } };
    return this.add('routers', record).answer('routerStatus', { project: PROJECT, region, router: name }, body);
  }

  policyBasedRoute(name: string, fields: JsonRecord): this {
    return this.add('policyBasedRoutes', records.policyBasedRoute(name, fields));
  }

  /** The secure tags that are in effect on the VM, `tagValues/1`; without one there are none. */
  secureTags(vm: string, ...tagValues: readonly string[]): this {
    const effectiveTags = tagValues.map((tagValue) => ({
      tagValue,
      namespacedTagValue: `${PROJECT}/role/${nameIn(tagValue)}`,
      tagKey: 'tagKeys/1',
      namespacedTagKey: `${PROJECT}/role`,
      inherited: false,
    }));
    return this.answer('effectiveTags', this.tagSubject(vm), { effectiveTags });
  }

  /** The subject of a question for the VM's secure tags. */
  tagSubject(vm: string): JsonRecord {
    const { id, zone } = this.#record('instances', vm);
    return { parent: `//compute.googleapis.com/projects/${PROJECT}/zones/${nameIn(zone)}/instances/${id}` };
  }

  /** What the API answers about one subject. */
  answer(question: Question, subject: JsonRecord, body: JsonRecord): this {
    this.#answers.push({ operation: QUESTIONS[question], subject, body });
    return this;
  }

  /** Drops the documents: the call was never made. */
  without(call: Kind | Question): this {
    this.#unrecorded.add(operationOf(call));
    return this;
  }

  /** Replaces what this call had answered, about everything or about one subject, by a recorded denial. */
  denied(call: Kind | Question, permission: string, subject?: JsonRecord): this {
    const operation = operationOf(call);
    this.#denials.push({ operation, subject: subject ?? {}, permission });
    if (subject === undefined) return this.without(call);
    const own = (a: SubjectAnswer) =>
      a.operation === operation && JSON.stringify(a.subject) === JSON.stringify(subject);
    this.#answers = this.#answers.filter((answer) => !own(answer));
    return this;
  }

  /** An aggregated list that says of one scope that it could not be read; what stands there is not listed. */
  unreachable(kind: Kind, scope: string): this {
    this.#unreachables.set(kind, scope);
    return this;
  }

  /** The subject of a question for the VM's own effective rules. */
  nicSubject(vm: string): JsonRecord {
    return { ...compute.instanceSubject(this.#record('instances', vm)), networkInterface: 'nic0' };
  }

  documents(form: Form): RecordedDocument[] {
    const effective = effectiveAnswers({
      networks: this.#list('networks'),
      subnets: this.#list('subnetworks'),
      rules: this.#list('firewalls'),
      policies: this.#policies,
    });
    const answers = [...effective, ...this.#answers].filter((answer) => !this.#unrecorded.has(answer.operation));
    return [
      ...this.#listings().flatMap((listing) => listDocument(listing, form)),
      ...answers.map((answer) => subjectDocument(answer, form)),
      ...this.#denials.map(denialDocument),
    ];
  }

  #listings(): readonly Listing[] {
    const projects = [...new Set(this.#list('networks').map((network) => projectIn(network.selfLink)))];
    const kinds = ALL_KINDS.filter((kind) => {
      const { operation, rare } = listKindOf(kind);
      return !this.#unrecorded.has(operation) && !(rare && this.#list(kind).length === 0);
    });
    return projects.flatMap((project) => kinds.map((kind) => this.#listing(kind, project)));
  }

  #listing(kind: Kind, project: string): Listing {
    const all =
      kind === 'routes'
        ? [...this.#list(kind), ...subnetRoutes(this.#list('networks'), this.#list('subnetworks'))]
        : this.#list(kind);
    const scope = project === PROJECT ? this.#unreachables.get(kind) : undefined;
    const own = all.filter((r) => projectIn(r.selfLink ?? r.name) === project);
    const read = scope === undefined ? own : own.filter((r) => !String(r.selfLink).includes(`/${scope}/`));
    return { kind, project, records: read, unreachables: scope === undefined ? [] : [scope] };
  }

  #peering(from: string, to: string, fields: JsonRecord): this {
    const before = records.recordsIn(this.#record('networks', from).peerings);
    return this.network(from, { peerings: [...before, records.peering(to, fields)] });
  }

  #has(kind: Kind, name: string): boolean {
    return this.#list(kind).some((r) => r.name === name);
  }

  #record(kind: Kind, name: string): JsonRecord {
    const found = this.#list(kind).find((r) => r.name === name);
    if (found === undefined) throw new Error(`the fixture has no ${kind} record '${name}'`);
    return found;
  }

  #list(kind: Kind): JsonRecord[] {
    const list = this.#lists.get(kind);
    if (list === undefined) throw new Error(`no such list: ${kind}`);
    return list;
  }
}

function operationOf(call: Kind | Question): string {
  return call in QUESTIONS ? QUESTIONS[call as Question] : listKindOf(call as Kind).operation;
}

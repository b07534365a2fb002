import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { PlannedMachine } from '../../../src/plan/planned.js';
import type { Tree } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import { parseAddress } from '../../../src/set/index.js';
import { pathOf, zoneOf } from '../records/names.js';
import { healthKey } from '../records/subjects.js';
import { externalAddress } from './address.js';
import type { ApiRecord, Projection } from './project.js';
import { isKept } from './recording.js';

function addressOf(projection: Projection, record: PlanRecord): string {
  const own = projection.value(record, 'ipAddress') ?? projection.view.observed(record, 'ipAddress');
  if (typeof own === 'string' && parseAddress(own)) return own;
  const recorded = isKept(record) ? projection.recorded('forwardingRules', record)?.IPAddress : undefined;
  return recorded ?? externalAddress(projection);
}

function projectForwardingRule(projection: Projection, record: PlanRecord): void {
  const { leaves, isAsKnown } = projection;
  const [ports, sources] = ['ports', 'sourceIpRanges'].map((name) => leaves.texts(projection.value(record, name)));
  const range = projection.value(record, 'portRange');
  const portRange = leaves.text(range);
  const isLost = ports?.isEmptied || sources?.isEmptied || (range !== undefined && range !== null && !portRange);
  // As declared, one of which a port is not known takes none.
  if (isLost && range !== '' && !isAsKnown) return;
  projection.answer('forwardingRule', {
    name: projection.origin(projection.label(record), record),
    selfLink: projection.selfLink(record),
    IPAddress: addressOf(projection, record),
    IPProtocol: leaves.text(projection.value(record, 'ipProtocol')),
    ports: ports?.items,
    portRange,
    allPorts: leaves.flag(projection.value(record, 'allPorts')),
    loadBalancingScheme: leaves.text(projection.value(record, 'loadBalancingScheme')),
    target: projection.ref(record, 'target'),
    backendService: projection.ref(record, 'backendService'),
    network: projection.ref(record, 'network'),
    allowGlobalAccess: leaves.flag(projection.value(record, 'allowGlobalAccess')),
    sourceIpRanges: sources?.items,
  });
}

/** The ids in a list of references, with one that nobody knows where it may hold others. */
function membersOf(projection: Projection, record: PlanRecord, path: string): readonly unknown[] {
  const { ids, isOpen } = projection.refs(record, path);
  return isOpen ? [...ids, untold] : ids;
}

function projectService(projection: Projection, record: PlanRecord): void {
  const { leaves } = projection;
  const list = leaves.list(projection.value(record, 'backends'));
  const count = Array.isArray(list) ? list.length : 1;
  const groups = Array.from({ length: count }, (_, index) =>
    membersOf(projection, record, `backends[${index}].group`),
  ).flat();
  const policy = leaves.text(projection.value(record, 'securityPolicy'));
  projection.answer('backendService', {
    name: projection.label(record),
    selfLink: projection.selfLink(record),
    portName: leaves.text(projection.value(record, 'portName')),
    loadBalancingScheme: leaves.text(projection.value(record, 'loadBalancingScheme')),
    backends: groups.map((group) => ({ group })),
    ...(policy !== undefined && { securityPolicy: policy === untold ? 'securityPolicies/?' : policy }),
  });
}

/** The ports to which a group gives names; a pair of which one is not known is none, as declared. */
function namedPorts(projection: Projection, record: PlanRecord): unknown {
  const { leaves } = projection;
  const list = leaves.list(projection.value(record, 'namedPorts'));
  if (!Array.isArray(list)) return list;
  return (list as readonly Tree[])
    .map((item) => ({ name: leaves.text(below(item, 'name')), port: leaves.number(below(item, 'port')) }))
    .filter(({ name, port }) => name !== undefined && port !== undefined);
}

/** The machines that a group has by its recording and keeps. */
function recordedMembers(projection: Projection, group: string): readonly string[] {
  const members = projection.base?.get('groupMembers', group)?.items ?? [];
  return members.map(({ instance }) => pathOf(instance) ?? '').filter((path) => isThere(projection, path));
}

function isThere({ ground, answers }: Projection, instance: string): boolean {
  const planned = answers.get('instance') ?? [];
  return ground?.get('instances', instance) !== undefined || planned.some(({ selfLink }) => selfLink === instance);
}

/** The services that send to a group: those of the program, and those that were recorded and of which the backends' health was. */
function servicesOf(projection: Projection, group: string): readonly string[] {
  const planned = (projection.answers.get('backendService') ?? [])
    .filter(({ backends }) => (backends as readonly ApiRecord[]).some((one) => one.group === group))
    .map(({ selfLink }) => String(selfLink));
  const recorded = [...(projection.ground?.all('backendServices') ?? [])]
    .filter(([, { backends = [] }]) => backends.some((one) => pathOf(one.group) === group))
    .map(([path]) => path)
    .filter((path) => projection.base?.get('backendHealth', healthKey(path, group)));
  return [...planned, ...recorded];
}

/** A group and who is in it; in a plan all that are started are taken to be healthy, as they are taken to run. */
function answerGroup(projection: Projection, record: PlanRecord, members: readonly unknown[]): void {
  const group = projection.selfLink(record);
  projection.answer('instanceGroup', {
    name: projection.label(record),
    selfLink: group,
    namedPorts: namedPorts(projection, record),
  });
  const items = members.map((instance) => ({ instance }));
  projection.documents.push({
    kind: 'compute#instanceGroupsListInstances',
    zone: zoneOf(group) ?? '?',
    instanceGroup: group,
    items,
  });
  for (const backendService of servicesOf(projection, group)) {
    const recorded = projection.base?.get('backendHealth', healthKey(backendService, group))?.healthStatus ?? [];
    const seen = new Map(recorded.map(({ instance, healthState }) => [pathOf(instance), healthState]));
    projection.documents.push({
      kind: 'compute#backendServiceGroupHealth',
      backendService,
      group,
      healthStatus: items.map((item) => ({ ...item, healthState: seen.get(String(item.instance)) ?? 'HEALTHY' })),
    });
  }
}

/** The members that a program gives a group; one that lists none leaves those that it has. */
function declaredMembers(projection: Projection, record: PlanRecord): readonly unknown[] {
  const isListed = projection.value(record, 'instances') !== undefined;
  return isListed
    ? membersOf(projection, record, 'instances')
    : recordedMembers(projection, projection.selfLink(record));
}

function projectPool(projection: Projection, record: PlanRecord, machines: readonly PlannedMachine[]): void {
  const id = projection.selfLink(record);
  const managed = ['InstanceGroupManager', 'RegionInstanceGroupManager']
    .flatMap((name) => projection.partsOf(id, [name, 'targetPools[]']))
    .flatMap(({ urn }) => machines.find((machine) => machine.urn === urn)?.instanceIds ?? []);
  projection.answer('targetPool', {
    name: projection.label(record),
    selfLink: id,
    instances: [...membersOf(projection, record, 'instances'), ...managed],
  });
}

/** Forwarding rules, and what stands between them and the machines. */
export function projectBalancers(projection: Projection, machines: readonly PlannedMachine[]): void {
  for (const record of projection.all('ForwardingRule', 'GlobalForwardingRule'))
    projectForwardingRule(projection, record);
  for (const record of projection.all('TargetInstance'))
    projection.answer('targetInstance', {
      name: projection.label(record),
      selfLink: projection.selfLink(record),
      instance: projection.ref(record, 'instance') ?? untold,
    });
  for (const record of projection.all('TargetPool')) projectPool(projection, record, machines);
  for (const record of projection.all('TargetTCPProxy'))
    projection.answer('targetTcpProxy', {
      name: projection.label(record),
      selfLink: projection.selfLink(record),
      service: projection.ref(record, 'backendService') ?? untold,
    });
  for (const record of projection.all('RegionBackendService', 'BackendService')) projectService(projection, record);
  for (const record of projection.all('InstanceGroup'))
    answerGroup(projection, record, declaredMembers(projection, record));
  for (const record of projection.all('InstanceGroupManager', 'RegionInstanceGroupManager'))
    answerGroup(projection, record, [
      ...(machines.find(({ urn }) => urn === record.urn)?.instanceIds ?? []),
      ...recordedMembers(projection, projection.selfLink(record)),
    ]);
}

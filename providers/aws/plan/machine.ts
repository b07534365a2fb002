import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { PlannedMachine } from '../../../src/plan/planned.js';
import type { Tree } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import { answerInterface, type Face } from './face.js';
import { bringsInterfaces } from './identity.js';
import { type ApiRecord, type Projection, tagsOf } from './project.js';
import { asksIpv6, groupsFor, publicAtLaunch, type Start, subnetFor, templatesOf, templateValue } from './start.js';

/** One instance with its interfaces, as EC2 would show it once it runs. */
function answerInstance(projection: Projection, start: Start, instanceId: string, faces: readonly Face[]): void {
  for (const { subnetId } of faces)
    if (subnetId === undefined) projection.unknownOf(start.record, 'subnetId', 'default network');
  const shown = faces.map((face) => answerInterface(projection, face, indexOf(projection)));
  const [first] = faces;
  projection.answer('Instances', {
    InstanceId: instanceId,
    // What is there stays as it is; what is made runs.
    State: projection.base?.get('instances', instanceId)?.State ?? { Name: 'running' },
    ...(typeof first?.subnetId === 'string' && { SubnetId: first.subnetId }),
    KeyName: projection.leaves.text(
      projection.value(start.record, 'keyName') ?? templateValue(projection, start.template, 'keyName'),
    ),
    Tags: tagsOf(start.record),
    NetworkInterfaces: shown,
  });
}

function indexOf(projection: Projection): number {
  const count = projection.once('interfaces', () => ({ used: 0 }));
  count.used += 1;
  return count.used - 1;
}

/** An interface that is a resource of its own, on the machine with this id. */
function standAloneFace(projection: Projection, eniId: string, instanceId: string | undefined, device: number): Face {
  const record = projection.describers(eniId)[0];
  const base = { id: eniId, instanceId, device };
  const recorded = record ? undefined : projection.base?.get('interfaces', eniId);
  if (recorded)
    return {
      ...base,
      subnetId: recorded.SubnetId,
      groups: recorded.Groups ?? untold,
      isPublic: untold,
      hasIpv6: false,
    };
  if (!record) return { ...base, subnetId: untold, groups: untold, isPublic: untold, hasIpv6: false };
  const start: Start = { record, template: undefined, isUnseen: false };
  const subnetId = projection.ref(record, 'subnetId');
  return {
    ...base,
    subnetId,
    groups: groupsFor(projection, start, eniId, subnetId),
    // An interface that exists before its machine gets no address of its own (EC2 guide, public IPv4 at launch).
    isPublic: false,
    hasIpv6: asksIpv6(projection, start),
    record,
  };
}

/** The interfaces of the program's own that stand on a machine: those that it lists, and those that name it. */
function attachedFaces(projection: Projection, record: PlanRecord, instanceId: string): Face[] {
  const listed = [
    'primaryNetworkInterface.networkInterfaceId',
    'secondaryNetworkInterfaces[].networkInterfaceId',
    'networkInterfaces[].networkInterfaceId',
  ];
  const own = projection.view.links
    .of(record)
    .filter(({ slot }) => listed.includes(slot.path))
    .flatMap(({ path }) => {
      const [, list, index] = /^(networkInterfaces)\[(\d+)\]/.exec(path) ?? [];
      const device =
        list === undefined
          ? 0
          : deviceOf(projection, below(below(projection.value(record, list), Number(index)), 'deviceIndex'));
      const { ids, isOpen } = projection.view.refs(record, path);
      // One of nobody knows which is on the machine all the same.
      const all = isOpen && ids.length === 0 ? [`eni-?${record.name} ${path}`] : ids;
      return all.map((id) => ({ id, device: path.startsWith('secondary') ? 1 : device }));
    });
  const joined = [
    ...projection.partsOf(instanceId, ['NetworkInterface', 'attachments[].instance']).map((eni) => ({
      id: projection.id(eni, 'eni'),
      device: deviceOf(projection, below(below(projection.value(eni, 'attachments'), 0), 'deviceIndex')),
    })),
    ...projection
      .partsOf(
        instanceId,
        ['NetworkInterfaceAttachment', 'instanceId'],
        ['native NetworkInterfaceAttachment', 'instanceId'],
      )
      .flatMap((one) => {
        const id = projection.ref(one, 'networkInterfaceId');
        return typeof id === 'string'
          ? [{ id, device: deviceOf(projection, projection.value(one, 'deviceIndex')) }]
          : [];
      }),
  ];
  const seen = new Set<string>();
  return [...own, ...joined].flatMap(({ id, device }) => {
    if (seen.has(id)) return [];
    seen.add(id);
    return [standAloneFace(projection, id, instanceId, device)];
  });
}

function deviceOf(projection: Projection, tree: Tree | undefined): number {
  const device = projection.leaves.number(tree);
  return typeof device === 'number' ? device : 0;
}

function projectInstance(projection: Projection, record: PlanRecord): PlannedMachine {
  const instanceId = projection.id(record, 'instance');
  const { declared, isUnseen } = templatesOf(projection, record);
  const [template] = declared;
  const start: Start = { record, template, isUnseen };
  const faces = attachedFaces(projection, record, instanceId);
  if (!bringsInterfaces(record)) faces.unshift(ownFace(projection, start, projection.id(record, 'eni'), instanceId));
  answerInstance(projection, start, instanceId, faces);
  return {
    urn: record.urn,
    kind: 'instance',
    instanceIds: [instanceId],
    by: template ? [template.urn] : [],
    notes: notesOn(projection, faces),
  };
}

/** Groups that let nothing out: people get in, and nothing else works (the provider removes the rule that AWS makes). */
function notesOn(projection: Projection, faces: readonly Face[]): readonly string[] {
  const silent = projection.once('groups that let nothing out', () => {
    const groups = projection.answers.get('SecurityGroups') ?? [];
    const isSilent = ({ IpPermissionsEgress: rules }: ApiRecord) => Array.isArray(rules) && rules.length === 0;
    return new Map(groups.filter(isSilent).map(({ GroupId, GroupName }) => [GroupId, String(GroupName)]));
  });
  return faces.flatMap(({ groups }) => {
    if (groups === untold || groups.length === 0 || !groups.every((id) => silent.has(id))) return [];
    const names = groups.map((id) => JSON.stringify(silent.get(id))).join(' and ');
    return [
      `${names} ${groups.length === 1 ? 'lets' : 'let'} nothing out: Session Manager and package updates will not work`,
    ];
  });
}

/** The interface that comes with a machine. */
function ownFace(projection: Projection, start: Start, id: string, instanceId: string, place?: string): Face {
  const subnetId = place ?? subnetFor(projection, start);
  return {
    id,
    instanceId,
    device: 0,
    subnetId,
    groups: groupsFor(projection, start, id, subnetId),
    isPublic: publicAtLaunch(projection, start, subnetId),
    hasIpv6: asksIpv6(projection, start),
    record: start.record,
  };
}

/** The subnets in which a scaling group starts its machines; undefined for one that it does not name. */
function groupSubnets(projection: Projection, record: PlanRecord): readonly (string | undefined)[] {
  const refs = [projection.view.refs(record, 'vpcZoneIdentifiers'), projection.view.refs(record, 'vpcZoneIdentifier')];
  const named = refs.flatMap(({ ids }) => ids);
  return named.length === 0 || refs.some(({ isOpen }) => isOpen) ? [...named, undefined] : named;
}

/** What a scaling group starts: one instance for each template in each of its subnets. */
function projectScalingGroup(projection: Projection, record: PlanRecord): PlannedMachine {
  const isEmpty = projection.leaves.number(projection.value(record, 'maxSize')) === 0;
  const { declared, isUnseen } = templatesOf(projection, record);
  const templates: readonly (PlanRecord | undefined)[] =
    isUnseen || declared.length === 0 ? [...declared, undefined] : declared;
  const starts = isEmpty
    ? []
    : templates.flatMap((template) =>
        groupSubnets(projection, record).map((subnet) => ({ template, subnet, isUnseen: template === undefined })),
      );
  const instanceIds = starts.map(({ subnet, ...by }, index) => {
    const instanceId = `i-?${record.name} ${index + 1}`;
    const start: Start = { record, ...by };
    answerInstance(projection, start, instanceId, [
      ownFace(projection, start, `eni-?${record.name} ${index + 1}`, instanceId, subnet),
    ]);
    return instanceId;
  });
  return { urn: record.urn, kind: 'scaling group', instanceIds, by: declared.map(({ urn }) => urn) };
}

/** The machines that stay as they were recorded. */
function recordedMachines(projection: Projection): readonly PlannedMachine[] {
  return [...projection.leftAlone].flatMap((record) => {
    const id = projection.view.links.idOf(record, 'instance');
    return id === undefined ? [] : [{ urn: record.urn, kind: 'instance', instanceIds: [id], by: [] }];
  });
}

/** Every machine that the records declare, and the interfaces that stand alone. */
export function projectMachines(projection: Projection): readonly PlannedMachine[] {
  const machines = [
    ...projection
      .all('Instance', 'SpotInstanceRequest', 'native Instance')
      .map((record) => projectInstance(projection, record)),
    ...projection.all('Group', 'native AutoScalingGroup').map((record) => projectScalingGroup(projection, record)),
    ...recordedMachines(projection),
  ];
  const attached = new Set(projection.answers.get('NetworkInterfaces')?.map((eni) => eni.NetworkInterfaceId));
  for (const record of projection.all('NetworkInterface', 'native NetworkInterface')) {
    const id = projection.id(record, 'eni');
    if (!attached.has(id))
      answerInterface(projection, standAloneFace(projection, id, undefined, 0), indexOf(projection));
  }
  return machines;
}

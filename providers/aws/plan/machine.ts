import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { PlannedMachine } from '../../../src/plan/planned.js';
import { untold } from '../../../src/record/index.js';
import { endpointNotes } from './connect-endpoint.js';
import { answerInterface, type Face } from './face.js';
import { bringsInterfaces } from './identity.js';
import { type Launch, launchers } from './launch.js';
import { lightsailType, projectLightsail } from './lightsail.js';
import { type ApiRecord, type Projection, tagsOf } from './project.js';
import {
  asksIpv6,
  deviceOf,
  groupsFor,
  interfacesAt,
  type ListedInterface,
  listedInterfaces,
  publicAtLaunch,
  type Start,
  standingIn,
  startValue,
  subnetFor,
  templatesOf,
} from './start.js';

/** What EC2 would answer of the instance's user data: its own, or that of its template, as text or wrapped in base64. */
function answerUserData(projection: Projection, start: Start, instanceId: string): void {
  const said = ['userData', 'userDataBase64'].map((name) => startValue(projection, start, name));
  const value = said.find((one) => one !== undefined && one !== null);
  projection.documents.push({
    InstanceId: instanceId,
    UserData: { Value: projection.leaves.text(value) },
  });
}

/** One instance with its interfaces, as EC2 would show it once it runs. */
function answerInstance(projection: Projection, start: Start, instanceId: string, faces: readonly Face[]): void {
  for (const { subnetId } of faces)
    if (subnetId === undefined) projection.unknownOf(start.record, 'subnetId', 'default network');
  const shown = faces.map((face) => answerInterface(projection, face, indexOf(projection)));
  const [first] = faces;
  answerUserData(projection, start, instanceId);
  projection.answer('Instances', {
    InstanceId: instanceId,
    // What is there stays as it is; what is made runs.
    State: projection.base?.get('instances', instanceId)?.State ?? { Name: 'running' },
    ...(typeof first?.subnetId === 'string' && { SubnetId: first.subnetId }),
    KeyName: projection.leaves.text(startValue(projection, start, 'keyName')),
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
  const start: Start = { record, at: '', template: undefined, isUnseen: false };
  const subnetId = projection.ref(record, 'subnetId');
  return {
    ...base,
    subnetId,
    groups: groupsFor(projection, start, undefined, eniId, subnetId),
    // An interface that exists before its machine gets no address of its own (EC2 guide, public IPv4 at launch).
    isPublic: false,
    hasIpv6: asksIpv6(projection, start),
    record,
  };
}

/** The interfaces of the program's own that stand on a machine: those that it names, and those that name it. */
function attachedFaces(projection: Projection, record: PlanRecord, instanceId: string): Face[] {
  const named = ['primaryNetworkInterface.networkInterfaceId', 'secondaryNetworkInterfaces[].networkInterfaceId'];
  const own = projection.view.links
    .of(record)
    .filter(({ slot }) => named.includes(slot.path))
    .flatMap(({ path }) => {
      const device = path.startsWith('secondary') ? 1 : 0;
      return interfacesAt(projection, record, path).map((id) => ({ id, device }));
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
        const device = deviceOf(projection, projection.value(one, 'deviceIndex'));
        return interfacesAt(projection, one, 'networkInterfaceId').map((id) => ({ id, device }));
      }),
  ];
  return [...own, ...joined].map(({ id, device }) => standAloneFace(projection, id, instanceId, device));
}

/** Each interface once, the first one first. */
function distinct(faces: readonly Face[]): readonly Face[] {
  const byId = new Map<string, Face>();
  for (const face of faces) if (!byId.has(face.id)) byId.set(face.id, face);
  return [...byId.values()].sort((a, b) => a.device - b.device);
}

function projectInstance(projection: Projection, record: PlanRecord): PlannedMachine {
  const instanceId = projection.id(record, 'instance');
  const { declared, isUnseen } = templatesOf(projection, record);
  const [template] = declared;
  const start: Start = { record, at: '', template, isUnseen };
  const started = startedFaces(projection, start, projection.id(record, 'eni'), instanceId);
  const own = bringsInterfaces(record) ? started.filter(({ record: of }) => of !== record) : started;
  const faces = distinct([...own, ...attachedFaces(projection, record, instanceId)]);
  answerInstance(projection, start, instanceId, faces);
  return {
    urn: record.urn,
    kind: 'instance',
    instanceIds: [instanceId],
    by: template ? [template.urn] : [],
    notes: [...notesOn(projection, faces), ...endpointNotes(projection, faces)],
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

/** The interfaces with which a machine starts: those that are listed, else the one that comes with it. */
function startedFaces(
  projection: Projection,
  start: Start,
  id: string,
  instanceId: string,
  place?: Face['subnetId'],
): readonly Face[] {
  const listed = listedInterfaces(projection, start);
  if (listed.length === 0) return [newFace(projection, start, undefined, id, instanceId, place)];
  return listed.flatMap((one, index) => {
    const standing = standingIn(projection, one);
    if (standing) return standing.map((eni) => standAloneFace(projection, eni, instanceId, one.device));
    const own = one.device === 0 ? id : `${id} ${index}`;
    return [newFace(projection, start, one, own, instanceId, place)];
  });
}

/** An interface that is made with its machine. */
function newFace(
  projection: Projection,
  start: Start,
  listed: ListedInterface | undefined,
  id: string,
  instanceId: string,
  place: Face['subnetId'],
): Face {
  const subnetId = place ?? subnetFor(projection, start, listed);
  return {
    id,
    instanceId,
    device: listed?.device ?? 0,
    subnetId,
    groups: groupsFor(projection, start, listed, id, subnetId),
    isPublic: publicAtLaunch(projection, start, listed, subnetId),
    hasIpv6: asksIpv6(projection, start, listed),
    record: start.record,
  };
}

/** What a group or a fleet starts: one instance for each way to start one, in each of its subnets. */
function projectLauncher(
  projection: Projection,
  record: PlanRecord,
  kind: string,
  launches: readonly Launch[],
): PlannedMachine {
  const starts = launches.flatMap(({ start, subnets }) => subnets.map((subnet) => ({ start, subnet }) as const));
  const instanceIds = starts.map(({ start, subnet }, index) => {
    const instanceId = `i-?${record.name} ${index + 1}`;
    const eni = `eni-?${record.name} ${index + 1}`;
    answerInstance(projection, start, instanceId, startedFaces(projection, start, eni, instanceId, subnet));
    return instanceId;
  });
  const by = new Set(starts.flatMap(({ start }) => start.template?.urn ?? []));
  return { urn: record.urn, kind, instanceIds, by: [...by] };
}

/** The machines that stay as they were recorded. */
function recordedMachines(projection: Projection): readonly PlannedMachine[] {
  return [...projection.leftAlone].flatMap((record) => {
    const id = projection.view.links.idOf(record, 'instance');
    return id === undefined ? [] : [{ urn: record.urn, kind: 'instance', instanceIds: [id], by: [] }];
  });
}

const instanceTypes: readonly string[] = ['Instance', 'SpotInstanceRequest', 'native Instance'];

/** The names of types that are machines, or start some. */
export const machineTypes: ReadonlySet<string> = new Set([
  ...instanceTypes,
  lightsailType,
  ...launchers.flatMap(([types]) => types),
]);

/** Every machine that the records declare, and the interfaces that stand alone. */
export function projectMachines(projection: Projection): readonly PlannedMachine[] {
  const machines = [
    ...projection.all(...instanceTypes).map((record) => projectInstance(projection, record)),
    ...launchers.flatMap(([types, kind, launches]) =>
      projection.all(...types).map((record) => projectLauncher(projection, record, kind, launches(projection, record))),
    ),
    ...projectLightsail(projection),
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

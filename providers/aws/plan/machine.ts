import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { PlannedMachine } from '../../../src/plan/planned.js';
import type { Tree } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import { ipv6Address, privateAddress, publicAddress } from './address.js';
import { bringsInterfaces } from './identity.js';
import { defaultVpcOf } from './network.js';
import { type ApiRecord, type Projection, tagsOf } from './project.js';
import { DEFAULT_SUBNET, vpcOfUnseen } from './unseen.js';

/** Whether a machine gets a public address when it starts: `untold` where nobody knows. */
type PublicAtLaunch = boolean | typeof untold;

/** Where an interface stands and who guards it. */
interface Face {
  readonly id: string;
  readonly instanceId: string | undefined;
  readonly device: number;
  /** Undefined where nothing is said: the default VPC's. */
  readonly subnetId: string | typeof untold | undefined;
  readonly groups: readonly string[] | typeof untold;
  readonly isPublic: PublicAtLaunch;
  readonly hasIpv6: boolean;
}

/** The record of the subnet with this id, where the deployment declares it. */
function subnetRecord(projection: Projection, id: unknown): PlanRecord | undefined {
  return typeof id === 'string' ? projection.view.links.describers(id)[0] : undefined;
}

/** Under which id an interface stands in a subnet: one that nobody names is the default VPC's. */
function placeOf(subnetId: string | typeof untold | undefined): string {
  if (subnetId === undefined) return DEFAULT_SUBNET;
  return subnetId === untold ? 'subnet-?unseen' : subnetId;
}

/** The VPC of a subnet; `untold` where the subnet is not of this deployment. */
function vpcOf(projection: Projection, subnetId: Face['subnetId']): string | typeof untold | undefined {
  const subnet = subnetRecord(projection, subnetId);
  if (!subnet) return projection.view.reading === 'as declared' ? vpcOfUnseen(placeOf(subnetId)) : untold;
  const isDefault = subnet.token?.name === 'DefaultSubnet';
  return projection.ref(subnet, 'vpcId') ?? (isDefault ? defaultVpcOf(projection) : undefined) ?? untold;
}

/** The elastic addresses that the program maps to an interface or to its machine. */
function elasticOf(projection: Projection, face: Face): readonly (string | undefined)[] {
  const eips = [
    ...(face.device === 0 && face.instanceId !== undefined
      ? projection.partsOf(face.instanceId, ['Eip', 'instance'], ['native Eip', 'instanceId'])
      : []),
    ...projection.partsOf(face.id, ['Eip', 'networkInterface']),
  ];
  const associations = [
    ...(face.device === 0 && face.instanceId !== undefined
      ? projection.partsOf(face.instanceId, ['EipAssociation', 'instanceId'], ['native EipAssociation', 'instanceId'])
      : []),
    ...projection.partsOf(
      face.id,
      ['EipAssociation', 'networkInterfaceId'],
      ['native EipAssociation', 'networkInterfaceId'],
    ),
  ];
  const known = (record: PlanRecord) => {
    const address = projection.view.observed(record, 'publicIp');
    return typeof address === 'string' ? address : undefined;
  };
  return [...eips.map(known), ...associations.map(known)];
}

function ipv6Of(projection: Projection, face: Face): readonly ApiRecord[] {
  const subnet = subnetRecord(projection, face.subnetId);
  const assigns = subnet && projection.leaves.flag(projection.value(subnet, 'assignIpv6AddressOnCreation'));
  if (!face.hasIpv6 && assigns !== true) return [];
  return [{ Ipv6Address: ipv6Address(projection, subnet) }];
}

function answerInterface(projection: Projection, face: Face, index: number): ApiRecord {
  const groups = face.groups === untold ? untold : face.groups.map((GroupId) => ({ GroupId }));
  const elastic = elasticOf(projection, face);
  const PrivateIpAddress = privateAddress(projection, subnetRecord(projection, face.subnetId), index);
  const association = (): unknown => {
    if (elastic.length > 0) return { PublicIp: elastic[0] ?? publicAddress(projection) };
    if (face.isPublic === untold) return untold;
    return face.isPublic ? { PublicIp: publicAddress(projection) } : undefined;
  };
  const own = {
    NetworkInterfaceId: face.id,
    SubnetId: placeOf(face.subnetId),
    VpcId: vpcOf(projection, face.subnetId),
    Groups: groups,
    PrivateIpAddresses: [{ PrivateIpAddress, Primary: true, Association: association() }],
    Ipv6Addresses: ipv6Of(projection, face),
  };
  projection.answer('NetworkInterfaces', {
    ...own,
    InterfaceType: 'interface',
    ...(face.instanceId !== undefined && {
      Attachment: { InstanceId: face.instanceId, DeviceIndex: face.device, Status: 'attached' },
    }),
  });
  return { ...own, Attachment: { DeviceIndex: face.device, Status: 'attached' } };
}

/** Values of a machine that may stand in the template that starts it. */
interface Start {
  readonly record: PlanRecord;
  readonly template: PlanRecord | undefined;
}

/** `launchTemplateData` of Cloud Control holds what the bridged type has at its top. */
function templateValue(projection: Projection, template: PlanRecord | undefined, name: string): Tree | undefined {
  if (!template) return undefined;
  const data = projection.value(template, 'launchTemplateData');
  return data === undefined ? projection.value(template, name) : below(data, name);
}

/** The path at which a template lists the groups of its machines. */
function templateGroups(
  projection: Projection,
  template: PlanRecord,
): { readonly ids: readonly string[]; readonly isOpen: boolean } {
  const paths = [
    'networkInterfaces[0].securityGroups',
    'vpcSecurityGroupIds',
    'launchTemplateData.networkInterfaces[0].groups',
    'launchTemplateData.securityGroupIds',
    'securityGroups',
  ];
  for (const path of paths) {
    const refs = projection.view.refs(template, path);
    if (refs.ids.length > 0 || refs.isOpen) return refs;
  }
  return { ids: [], isOpen: false };
}

function groupsFor(
  projection: Projection,
  { record, template }: Start,
  eni: string,
  subnetId: Face['subnetId'],
): readonly string[] | typeof untold {
  const own = ['vpcSecurityGroupIds', 'securityGroupIds', 'networkInterfaces[0].groupSet', 'securityGroups', 'groupSet']
    .map((path) => projection.view.refs(record, path))
    .find(({ ids, isOpen }) => ids.length > 0 || isOpen);
  const refs = own ?? (template ? templateGroups(projection, template) : { ids: [], isOpen: false });
  const attached = projection
    .partsOf(eni, ['NetworkInterfaceSecurityGroupAttachment', 'networkInterfaceId'])
    .flatMap((one) => {
      const id = projection.ref(one, 'securityGroupId');
      return typeof id === 'string' ? [id] : id === untold ? [`sg-?${one.name} unknown`] : [];
    });
  const named = projection.leaves.list(projection.value(record, 'securityGroups'));
  const hasNames = Array.isArray(named) && named.length > 0 && refs.ids.length === 0;
  const open =
    refs.isOpen || (hasNames && record.token?.name !== 'NetworkInterface') ? [`sg-?${record.name} unknown`] : [];
  const all = [...refs.ids, ...open, ...attached];
  if (all.length > 0) return [...new Set(all)];
  const vpcId = vpcOf(projection, subnetId);
  const vpc = typeof vpcId === 'string' ? projection.view.links.describers(vpcId)[0] : undefined;
  const group = vpc && projection.view.links.idOf(vpc, 'sg');
  return group === undefined ? [`sg-?${typeof vpcId === 'string' ? vpcId : record.name} default`] : [group];
}

function publicAtLaunch(projection: Projection, { record, template }: Start, subnetId: unknown): PublicAtLaunch {
  const { leaves } = projection;
  const asked = [
    leaves.flag(projection.value(record, 'associatePublicIpAddress')),
    leaves.flag(below(below(projection.value(record, 'networkInterfaces'), 0), 'associatePublicIpAddress')),
    leaves.flag(templateValue(projection, template, 'associatePublicIpAddress')),
    leaves.flag(below(below(templateValue(projection, template, 'networkInterfaces'), 0), 'associatePublicIpAddress')),
  ].find((flag): flag is PublicAtLaunch => flag !== undefined);
  if (asked !== undefined) return asked;
  const subnet = subnetRecord(projection, subnetId);
  if (!subnet) return projection.view.reading === 'as known' ? untold : false;
  const mapped = leaves.flag(projection.value(subnet, 'mapPublicIpOnLaunch'));
  return mapped ?? subnet.token?.name === 'DefaultSubnet';
}

function asksIpv6(projection: Projection, { record, template }: Start): boolean {
  const count = (tree: Tree | undefined) => typeof tree === 'number' && tree > 0;
  const listed = (tree: Tree | undefined) => Array.isArray(tree) && tree.length > 0;
  return (
    count(projection.value(record, 'ipv6AddressCount')) ||
    listed(projection.value(record, 'ipv6Addresses')) ||
    count(below(below(templateValue(projection, template, 'networkInterfaces'), 0), 'ipv6AddressCount'))
  );
}

function subnetFor(projection: Projection, { record, template }: Start): string | typeof untold | undefined {
  const own = projection.ref(record, 'subnetId', 'networkInterfaces[0].subnetId');
  if (own !== undefined || !template) return own;
  return projection.ref(template, 'networkInterfaces[0].subnetId', 'launchTemplateData.networkInterfaces[0].subnetId');
}

/** One instance with its interfaces, as EC2 would show it once it runs. */
function answerInstance(projection: Projection, start: Start, instanceId: string, faces: readonly Face[]): void {
  const shown = faces.map((face) => answerInterface(projection, face, indexOf(projection)));
  const [first] = faces;
  projection.answer('Instances', {
    InstanceId: instanceId,
    State: { Name: 'running' },
    ...(first?.subnetId !== undefined && { SubnetId: first.subnetId }),
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
  const record = projection.view.links.describers(eniId)[0];
  const base = { id: eniId, instanceId, device };
  if (!record) return { ...base, subnetId: untold, groups: untold, isPublic: untold, hasIpv6: false };
  const start = { record, template: undefined };
  const subnetId = projection.ref(record, 'subnetId');
  return {
    ...base,
    subnetId,
    groups: groupsFor(projection, start, eniId, subnetId),
    // An interface that exists before its machine gets no address of its own (EC2 guide, public IPv4 at launch).
    isPublic: false,
    hasIpv6: asksIpv6(projection, start),
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
      return projection.view
        .refs(record, path)
        .ids.map((id) => ({ id, device: path.startsWith('secondary') ? 1 : device }));
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

/** The template that starts a machine, where the deployment declares it. */
function templatesOf(projection: Projection, record: PlanRecord): readonly PlanRecord[] {
  const places = projection.view.links.of(record).filter(({ slot }) => slot.kind === 'lt' || slot.kind === 'lc');
  const ids = new Set(places.flatMap(({ path }) => projection.view.refs(record, path).ids));
  return [...ids].flatMap((id) => projection.view.links.describers(id).slice(0, 1));
}

function projectInstance(projection: Projection, record: PlanRecord): PlannedMachine {
  const instanceId = projection.id(record, 'instance');
  const [template] = templatesOf(projection, record);
  const start: Start = { record, template };
  const faces = attachedFaces(projection, record, instanceId);
  if (!bringsInterfaces(record)) {
    const subnetId = subnetFor(projection, start);
    const id = projection.id(record, 'eni');
    faces.unshift({
      id,
      instanceId,
      device: 0,
      subnetId,
      groups: groupsFor(projection, start, id, subnetId),
      isPublic: publicAtLaunch(projection, start, subnetId),
      hasIpv6: asksIpv6(projection, start),
    });
  }
  answerInstance(projection, start, instanceId, faces);
  return { urn: record.urn, kind: 'instance', instanceIds: [instanceId], by: template ? [template.urn] : [] };
}

/** What a scaling group starts: one instance for each template in each of its subnets. */
function projectScalingGroup(projection: Projection, record: PlanRecord): PlannedMachine {
  const most = projection.leaves.number(projection.value(record, 'maxSize'));
  const templates = most === 0 ? [] : templatesOf(projection, record);
  const { ids, isOpen } = projection.view.refs(record, 'vpcZoneIdentifiers');
  const native = projection.view.refs(record, 'vpcZoneIdentifier');
  const named = [...ids, ...native.ids];
  const subnets: (string | undefined)[] = named.length === 0 || isOpen || native.isOpen ? [...named, undefined] : named;
  const instanceIds: string[] = [];
  for (const template of templates) {
    for (const subnetId of subnets) {
      const start: Start = { record, template };
      const instanceId = `i-?${record.name} ${instanceIds.length + 1}`;
      const id = `eni-?${record.name} ${instanceIds.length + 1}`;
      const place = subnetId ?? subnetFor(projection, start);
      instanceIds.push(instanceId);
      answerInstance(projection, start, instanceId, [
        {
          id,
          instanceId,
          device: 0,
          subnetId: place,
          groups: groupsFor(projection, { record: template, template }, id, place),
          isPublic: publicAtLaunch(projection, { record: template, template }, place),
          hasIpv6: asksIpv6(projection, { record: template, template }),
        },
      ]);
    }
  }
  return { urn: record.urn, kind: 'scaling group', instanceIds, by: templates.map(({ urn }) => urn) };
}

/** Every machine that the records declare, and the interfaces that stand alone. */
export function projectMachines(projection: Projection): readonly PlannedMachine[] {
  const machines = [
    ...projection
      .all('Instance', 'SpotInstanceRequest', 'native Instance')
      .map((record) => projectInstance(projection, record)),
    ...projection.all('Group', 'native AutoScalingGroup').map((record) => projectScalingGroup(projection, record)),
  ];
  return machines;
}

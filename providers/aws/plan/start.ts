import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { isBranch, type Tree, Unknown } from '../../../src/plan/tree.js';
import type { Refs } from '../../../src/plan/view.js';
import { untold } from '../../../src/record/index.js';
import { type Face, type PublicAtLaunch, subnetRecord, vpcOf } from './face.js';
import { mapsPublicAddress } from './network.js';
import { nameOf, type Projection, takenOver } from './project.js';
import { groupsThere } from './recorded-groups.js';

/** What says how a machine is started: a resource, or the part of one that stands at a path. */
export interface Said {
  readonly record: PlanRecord;
  /** Empty where the whole resource does. */
  readonly at: string;
}

/** Values of a machine that may stand in the template that starts it. */
export interface Start extends Said {
  readonly template: PlanRecord | undefined;
  /** It is started from a template that the deployment does not hold. */
  readonly isUnseen: boolean;
}

const none: Refs = { ids: [], isOpen: false, isUnsettled: false };

const pathIn = ({ at }: Pick<Said, 'at'>, name: string): string => (at === '' ? name : `${at}.${name}`);

/** The value at a path of a resource: `launchSpecifications[0].subnetId`. */
export function valueAt(projection: Projection, record: PlanRecord, path: string): Tree | undefined {
  const [top = '', ...steps] = path.match(/[^.[\]]+/g) ?? [];
  return steps.reduce(
    (tree: Tree | undefined, step) => below(tree, /^\d+$/.test(step) ? Number(step) : step),
    projection.value(record, top),
  );
}

function saidValue(projection: Projection, said: Said, name: string): Tree | undefined {
  return valueAt(projection, said.record, pathIn(said, name));
}

/** The groups that a list names, each by itself or as the one property of an object. */
function groupsAt(projection: Projection, said: Said, name: string): Refs {
  const list = pathIn(said, name);
  const { links } = projection.view;
  const paths = links.of(said.record).flatMap(({ path }) => (path.startsWith(`${list}[`) ? [path] : []));
  const all = [list, ...paths].map((path) => projection.view.refs(said.record, path));
  return {
    ids: [...new Set(all.flatMap(({ ids }) => ids))],
    isOpen: all.some(({ isOpen }) => isOpen),
    isUnsettled: all.some(({ isUnsettled }) => isUnsettled),
  };
}

const isNamed = ({ ids, isOpen }: Refs): boolean => ids.length > 0 || isOpen;

/** The template after the resource: what that does not say, the template does. Cloud Control keeps its content in one property. */
function saidBy({ record, at, template }: Start): readonly Said[] {
  if (!template) return [{ record, at }];
  return [
    { record, at },
    { record: template, at: nameOf(template) === 'native LaunchTemplate' ? 'launchTemplateData' : '' },
  ];
}

/** The first value that is there, by the resource or by its template. */
export function startValue(projection: Projection, start: Start, name: string): Tree | undefined {
  for (const said of saidBy(start)) {
    const value = saidValue(projection, said, name);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** An interface that a machine is to be started with, where that is written. */
export interface ListedInterface extends Said {
  readonly device: number;
  /** There are others beside it: then none gets a public address by itself (EC2 guide, public IPv4 at launch). */
  readonly isOneOfMany: boolean;
}

/** The interfaces that a machine is to be started with; none where it gets the one that comes with it. */
export function listedInterfaces(projection: Projection, start: Start): readonly ListedInterface[] {
  for (const said of saidBy(start)) {
    const at = pathIn(said, 'networkInterfaces');
    const list = valueAt(projection, said.record, at);
    // One of nobody knows what is the machine's all the same.
    if (list instanceof Unknown) return [{ record: said.record, at: `${at}[0]`, device: 0, isOneOfMany: false }];
    if (!Array.isArray(list) || list.length === 0) continue;
    return (list as readonly Tree[]).map((item, index) => ({
      record: said.record,
      at: `${at}[${index}]`,
      device: deviceOf(projection, below(item, 'deviceIndex')),
      isOneOfMany: list.length > 1,
    }));
  }
  return [];
}

/** Which interface of its machine one is; where it does not say, the first. */
export function deviceOf(projection: Projection, tree: Tree | undefined): number {
  const device = projection.leaves.number(tree);
  return typeof device === 'number' ? device : 0;
}

const interfaceGroups = ['securityGroups', 'groups', 'groupSet'] as const;
/** In order: by ids, of an interface, by names. */
const machineGroups = [
  'vpcSecurityGroupIds',
  'securityGroupIds',
  'groupSet',
  'securityGroups',
  'securityGroupNames',
] as const;

/** The groups that are said of a machine's interface: a list of interfaces excludes the list beside it. */
function groupsSaid(projection: Projection, start: Start, listed: ListedInterface | undefined): Refs | undefined {
  const first = (said: Said, names: readonly string[]) =>
    names.map((name) => groupsAt(projection, said, name)).find(isNamed);
  if (listed) {
    const isTemplates = listed.record === start.template;
    const own = isTemplates && listed.device === 0 ? first(start, machineGroups) : undefined;
    return own ?? first(listed, interfaceGroups) ?? none;
  }
  return saidBy(start)
    .map((said) => first(said, machineGroups))
    .find((refs) => refs !== undefined);
}

/** The group that a VPC gives to interfaces that name none, where the deployment or the recording shows it. */
function defaultGroupOf(projection: Projection, vpcId: string): string | undefined {
  const vpc = projection.describers(vpcId)[0];
  if (vpc) return projection.view.links.idOf(vpc, 'sg');
  const recorded = projection.once('recorded default groups', () => {
    const groups = [...(projection.base?.all('groups').values() ?? [])];
    return new Map(groups.flatMap((one) => (one.GroupName === 'default' ? [[one.VpcId, one.GroupId] as const] : [])));
  });
  return recorded.get(vpcId);
}

export function groupsFor(
  projection: Projection,
  start: Start,
  listed: ListedInterface | undefined,
  eni: string,
  subnetId: Face['subnetId'],
): readonly string[] | typeof untold {
  const { record, isUnseen } = start;
  const there = projection.base?.get('interfaces', eni);
  // What the run does not change of a machine that is there stays as it was recorded.
  const isLeft = [...machineGroups, ...interfaceGroups, 'networkInterfaces'].every(
    (name) => projection.listed(record, name, eni) === undefined,
  );
  if (there && isLeft) return groupsThere(projection, there);
  const hidden: Refs = { ids: [], isUnsettled: isUnseen, isOpen: isUnseen && projection.view.reading === 'as known' };
  const refs = groupsSaid(projection, start, listed) ?? hidden;
  const attached = projection
    .partsOf(eni, ['NetworkInterfaceSecurityGroupAttachment', 'networkInterfaceId'])
    .flatMap((one) => {
      const id = projection.ref(one, 'securityGroupId');
      return typeof id === 'string' ? [id] : id === untold ? [`sg-?${one.name} unknown`] : [];
    });
  const open = refs.isOpen ? [`sg-?${record.name} unknown`] : [];
  const all = [...refs.ids, ...open, ...attached];
  if (all.length > 0) return [...new Set(all)];
  const vpcId = vpcOf(projection, subnetId);
  if (typeof vpcId !== 'string') return [`sg-?${record.name} default`];
  return [defaultGroupOf(projection, vpcId) ?? `sg-?${vpcId} default`];
}

export function publicAtLaunch(
  projection: Projection,
  start: Start,
  listed: ListedInterface | undefined,
  subnetId: unknown,
): PublicAtLaunch {
  const { leaves } = projection;
  const { isUnseen } = start;
  const asked =
    leaves.flag(listed && saidValue(projection, listed, 'associatePublicIpAddress')) ??
    leaves.flag(startValue(projection, start, 'associatePublicIpAddress'));
  if (listed && (listed.device !== 0 || (listed.isOneOfMany && asked === undefined))) return false;
  if (asked !== undefined) return asked;
  const subnet = subnetRecord(projection, subnetId);
  // AWS makes the subnets of the default VPC so that they do (VPC guide, default VPC).
  if (subnetId === undefined && !isUnseen && projection.takesDefaultNetwork) return true;
  const recorded = typeof subnetId === 'string' && !subnet ? projection.base?.get('subnets', subnetId) : undefined;
  if (recorded?.MapPublicIpOnLaunch !== undefined && !isUnseen) return recorded.MapPublicIpOnLaunch;
  if (!subnet || isUnseen) return projection.view.reading === 'as known' ? untold : false;
  return mapsPublicAddress(projection, subnet);
}

/** Whether a machine asks for IPv6 addresses: `untold` where nobody knows. */
export function asksIpv6(projection: Projection, start: Start, listed?: ListedInterface): boolean | typeof untold {
  const { leaves } = projection;
  const values = ['ipv6AddressCount', 'ipv6Addresses'].flatMap((name) => [
    listed && saidValue(projection, listed, name),
    startValue(projection, start, name),
  ]);
  const asks = values.map((tree) => {
    if (Array.isArray(tree)) return tree.length > 0;
    const count = leaves.number(tree);
    return count === untold ? untold : (count ?? 0) > 0;
  });
  return asks.includes(true) || (asks.includes(untold) && untold);
}

export function subnetFor(
  projection: Projection,
  start: Start,
  listed: ListedInterface | undefined,
): string | typeof untold | undefined {
  const own = listed && projection.ref(listed.record, pathIn(listed, 'subnetId'));
  for (const said of saidBy(start)) {
    const named = projection.ref(said.record, pathIn(said, 'subnetId'));
    if (named !== undefined) return named;
  }
  if (own !== undefined) return own;
  if (start.isUnseen) return untold;
  // A default subnet that the program has taken over is where an instance lands that names none.
  return takenOver(projection, 'DefaultSubnet', 'subnet');
}

/** The interfaces that a place names. One of nobody knows which is on the machine all the same. */
export function interfacesAt(projection: Projection, record: PlanRecord, path: string): readonly string[] {
  const { ids, isOpen } = projection.view.refs(record, path);
  return isOpen && ids.length === 0 ? [`eni-?${record.name} ${path}`] : ids;
}

/** The interface of the program's own that stands in a listed place; undefined where that is for a new one. */
export function standingIn(projection: Projection, listed: ListedInterface): readonly string[] | undefined {
  const path = pathIn(listed, 'networkInterfaceId');
  const place = projection.view.links.of(listed.record).some((one) => one.path === path);
  if (!place) return undefined;
  return interfacesAt(projection, listed.record, path);
}

/** The templates that may start a machine. */
export interface Templates {
  readonly declared: readonly PlanRecord[];
  /** Another one does, or may, that the deployment does not hold. */
  readonly isUnseen: boolean;
}

/** The templates that a resource names: all of them, or those at a path. */
export function templatesOf(projection: Projection, record: PlanRecord, at = ''): Templates {
  const isThere = (path: string) => path.startsWith(at) || at.startsWith(path);
  const places = projection.view.links
    .of(record)
    .filter(({ slot, path }) => (slot.kind === 'lt' || slot.kind === 'lc') && isThere(path));
  const refs = places.map(({ path }) => projection.view.refs(record, path));
  const ids = [...new Set(refs.flatMap((one) => one.ids))];
  const declared = ids.flatMap((id) => projection.describers(id).slice(0, 1));
  return { declared, isUnseen: declared.length < ids.length || refs.some(({ isOpen }) => isOpen) };
}

/** Whether a part of a resource is there, or may be. */
export function isGiven(tree: Tree | undefined): boolean {
  return tree instanceof Unknown || isBranch(tree);
}

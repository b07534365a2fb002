import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Tree } from '../../../src/plan/tree.js';
import type { Refs } from '../../../src/plan/view.js';
import { untold } from '../../../src/record/index.js';
import { type Face, type PublicAtLaunch, subnetRecord, vpcOf } from './face.js';
import { type Projection, takenOver } from './project.js';

/** Values of a machine that may stand in the template that starts it. */
export interface Start {
  readonly record: PlanRecord;
  readonly template: PlanRecord | undefined;
  /** It is started from a template that the deployment does not hold. */
  readonly isUnseen: boolean;
}

/** `launchTemplateData` of Cloud Control holds what the bridged type has at its top. */
export function templateValue(
  projection: Projection,
  template: PlanRecord | undefined,
  name: string,
): Tree | undefined {
  if (!template) return undefined;
  const data = projection.value(template, 'launchTemplateData');
  return data === undefined ? projection.value(template, name) : below(data, name);
}

/** The path at which a template lists the groups of its machines. */
function templateGroups(projection: Projection, template: PlanRecord): Refs {
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
  return { ids: [], isOpen: false, isUnsettled: false };
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
  { record, template, isUnseen }: Start,
  eni: string,
  subnetId: Face['subnetId'],
): readonly string[] | typeof untold {
  const own = ['vpcSecurityGroupIds', 'securityGroupIds', 'networkInterfaces[0].groupSet', 'securityGroups', 'groupSet']
    .map((path) => projection.view.refs(record, path))
    .find(({ ids, isOpen }) => ids.length > 0 || isOpen);
  const hidden: Refs = { ids: [], isUnsettled: isUnseen, isOpen: isUnseen && projection.view.reading === 'as known' };
  const refs = own ?? (template ? templateGroups(projection, template) : hidden);
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
  if (typeof vpcId !== 'string') return [`sg-?${record.name} default`];
  return [defaultGroupOf(projection, vpcId) ?? `sg-?${vpcId} default`];
}

export function publicAtLaunch(
  projection: Projection,
  { record, template, isUnseen }: Start,
  subnetId: unknown,
): PublicAtLaunch {
  const { leaves } = projection;
  const asked = [
    leaves.flag(projection.value(record, 'associatePublicIpAddress')),
    leaves.flag(below(below(projection.value(record, 'networkInterfaces'), 0), 'associatePublicIpAddress')),
    leaves.flag(templateValue(projection, template, 'associatePublicIpAddress')),
    leaves.flag(below(below(templateValue(projection, template, 'networkInterfaces'), 0), 'associatePublicIpAddress')),
  ].find((flag): flag is PublicAtLaunch => flag !== undefined);
  if (asked !== undefined) return asked;
  const subnet = subnetRecord(projection, subnetId);
  // AWS makes the subnets of the default VPC so that they do (VPC guide, default VPC).
  if (subnetId === undefined && !isUnseen && projection.takesDefaultNetwork) return true;
  const recorded = typeof subnetId === 'string' && !subnet ? projection.base?.get('subnets', subnetId) : undefined;
  if (recorded && !isUnseen) return recorded.MapPublicIpOnLaunch ?? false;
  if (!subnet || isUnseen) return projection.view.reading === 'as known' ? untold : false;
  const mapped = leaves.flag(projection.value(subnet, 'mapPublicIpOnLaunch'));
  return mapped ?? subnet.token?.name === 'DefaultSubnet';
}

export function asksIpv6(projection: Projection, { record, template }: Start): boolean {
  const count = (tree: Tree | undefined) => typeof tree === 'number' && tree > 0;
  const listed = (tree: Tree | undefined) => Array.isArray(tree) && tree.length > 0;
  return (
    count(projection.value(record, 'ipv6AddressCount')) ||
    listed(projection.value(record, 'ipv6Addresses')) ||
    count(below(below(templateValue(projection, template, 'networkInterfaces'), 0), 'ipv6AddressCount'))
  );
}

export function subnetFor(
  projection: Projection,
  { record, template, isUnseen }: Start,
): string | typeof untold | undefined {
  const own = projection.ref(record, 'subnetId', 'networkInterfaces[0].subnetId');
  const named =
    own ??
    (template &&
      projection.ref(template, 'networkInterfaces[0].subnetId', 'launchTemplateData.networkInterfaces[0].subnetId'));
  if (named !== undefined) return named;
  if (isUnseen) return untold;
  // A default subnet that the program has taken over is where an instance lands that names none.
  return takenOver(projection, 'DefaultSubnet', 'subnet');
}

/** The templates that may start a machine. */
export interface Templates {
  readonly declared: readonly PlanRecord[];
  /** Another one does, or may, that the deployment does not hold. */
  readonly isUnseen: boolean;
}

export function templatesOf(projection: Projection, record: PlanRecord): Templates {
  const places = projection.view.links.of(record).filter(({ slot }) => slot.kind === 'lt' || slot.kind === 'lc');
  const refs = places.map(({ path }) => projection.view.refs(record, path));
  const ids = [...new Set(refs.flatMap((one) => one.ids))];
  const declared = ids.flatMap((id) => projection.describers(id).slice(0, 1));
  return { declared, isUnseen: declared.length < ids.length || refs.some(({ isOpen }) => isOpen) };
}

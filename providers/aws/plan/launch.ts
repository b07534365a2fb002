import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { type Tree, Unknown } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import type { Face } from './face.js';
import type { Projection } from './project.js';
import { isGiven, type Start, templatesOf, valueAt } from './start.js';

/** One way in which a group or a fleet starts machines, and where: undefined where its template says, or the default VPC is meant. */
export interface Launch {
  readonly start: Start;
  readonly subnets: readonly Face['subnetId'][];
}

/** In a subnet of nobody knows which. */
const anywhere: readonly Face['subnetId'][] = [untold];

const elements = (tree: Tree | undefined): readonly Tree[] => (Array.isArray(tree) ? (tree as readonly Tree[]) : []);

/** The subnets that places name; one of nobody knows which where they may name others. */
function subnetsAt(projection: Projection, record: PlanRecord, paths: readonly string[]): readonly Face['subnetId'][] {
  const all = paths.map((path) => projection.view.refs(record, path));
  const named = [...new Set(all.flatMap(({ ids }) => ids))];
  if (all.some(({ isOpen }) => isOpen)) return [...named, untold];
  return named.length === 0 ? [undefined] : named;
}

/** A start for each template at a path, and for the one that the deployment does not hold. */
function startsFrom(projection: Projection, record: PlanRecord, at: string): readonly Start[] {
  const { declared, isUnseen } = templatesOf(projection, record, at);
  const templates: readonly (PlanRecord | undefined)[] =
    isUnseen || declared.length === 0 ? [...declared, undefined] : declared;
  return templates.map((template) => ({ record, at: '', template, isUnseen: template === undefined }));
}

const mixed = 'mixedInstancesPolicy.launchTemplate';

/** From which templates a scaling group starts its machines: overrides may each have one of their own. */
function scalingStarts(projection: Projection, record: PlanRecord): readonly Start[] {
  const overrides = valueAt(projection, record, `${mixed}.overrides`);
  if (!isGiven(valueAt(projection, record, mixed)) || overrides instanceof Unknown)
    return startsFrom(projection, record, '');
  const list = elements(overrides);
  const own = (index: number) => `${mixed}.overrides[${index}].launchTemplateSpecification`;
  const paths = list.map((item, index) =>
    item instanceof Unknown || isGiven(below(item, 'launchTemplateSpecification'))
      ? own(index)
      : `${mixed}.launchTemplateSpecification`,
  );
  const distinct = new Set(list.length === 0 ? [`${mixed}.launchTemplateSpecification`] : paths);
  return [...distinct].flatMap((at) => startsFrom(projection, record, at));
}

function scalingLaunches(projection: Projection, record: PlanRecord): readonly Launch[] {
  if (projection.leaves.number(projection.value(record, 'maxSize')) === 0) return [];
  const subnets = subnetsAt(projection, record, ['vpcZoneIdentifiers', 'vpcZoneIdentifier']);
  return scalingStarts(projection, record).map((start) => ({ start, subnets }));
}

/** The machines of a fleet's templates: in the subnets of the overrides, else where the template says (EC2 guide, fleets). */
function templateLaunches(projection: Projection, record: PlanRecord, at: string): readonly Launch[] {
  const list = valueAt(projection, record, at);
  if (list instanceof Unknown) return startsFrom(projection, record, at).map((start) => ({ start, subnets: anywhere }));
  return elements(list).flatMap((_, index) => {
    const config = `${at}[${index}]`;
    const overrides = valueAt(projection, record, `${config}.overrides`);
    const count = elements(overrides).length;
    const subnets =
      overrides instanceof Unknown
        ? anywhere
        : subnetsEach(projection, record, `${config}.overrides`, count, 'subnetId');
    const starts = startsFrom(projection, record, `${config}.launchTemplateSpecification`);
    // What an override says of interfaces is not read: it may let in whom the template does not.
    const isOverridden = elements(overrides).some(
      (item) => item instanceof Unknown || below(item, 'networkInterfaces') !== undefined,
    );
    return starts.map((start) => ({ start: isOverridden ? { ...start, isUnseen: true } : start, subnets }));
  });
}

/** The subnets of each element of a list; an element without one counts as such. */
function subnetsEach(
  projection: Projection,
  record: PlanRecord,
  list: string,
  count: number,
  name: string,
): readonly Face['subnetId'][] {
  if (count === 0) return [undefined];
  const each = Array.from({ length: count }, (_, index) =>
    subnetsAt(projection, record, [`${list}[${index}].${name}`]),
  );
  return [...new Set(each.flat())];
}

function specificationLaunches(projection: Projection, record: PlanRecord, list: string): readonly Launch[] {
  const specifications = valueAt(projection, record, list);
  if (specifications instanceof Unknown)
    return [{ start: { record, at: '', template: undefined, isUnseen: true }, subnets: anywhere }];
  return elements(specifications).map((item, index) => {
    const at = `${list}[${index}]`;
    const start = { record, at, template: undefined, isUnseen: item instanceof Unknown };
    return { start, subnets: subnetsAt(projection, record, [`${at}.subnetId`]) };
  });
}

function spotFleetLaunches(projection: Projection, record: PlanRecord): readonly Launch[] {
  const at = record.token?.pkg === 'aws-native' ? 'spotFleetRequestConfigData.' : '';
  if (projection.leaves.number(valueAt(projection, record, `${at}targetCapacity`)) === 0) return [];
  return [
    ...specificationLaunches(projection, record, `${at}launchSpecifications`),
    ...templateLaunches(projection, record, `${at}launchTemplateConfigs`),
  ];
}

function fleetLaunches(projection: Projection, record: PlanRecord): readonly Launch[] {
  const capacity = valueAt(projection, record, 'targetCapacitySpecification.totalTargetCapacity');
  if (projection.leaves.number(capacity) === 0) return [];
  return templateLaunches(projection, record, 'launchTemplateConfigs');
}

/** What starts several machines: by the names of its types, as people call it, and what it starts. */
export const launchers: readonly (readonly [
  types: readonly string[],
  kind: string,
  launches: (projection: Projection, record: PlanRecord) => readonly Launch[],
])[] = [
  [['Group', 'native AutoScalingGroup'], 'scaling group', scalingLaunches],
  [['SpotFleetRequest', 'native SpotFleet'], 'spot fleet', spotFleetLaunches],
  [['Fleet', 'native Ec2Fleet'], 'fleet', fleetLaunches],
];

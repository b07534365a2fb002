import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { PlannedMachine } from '../../../src/plan/planned.js';
import { isBranch, type Tree, Unknown } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import { nameOf, pathOf, projectOf, zoneOf } from '../records/names.js';
import { userDataKeys } from '../records/recording.js';
import type { Instance } from '../records/records.js';
import { interfaceOf } from './interface.js';
import { asPart } from './place.js';
import type { ApiRecord, Projection } from './project.js';
import { carried, isKept } from './recording.js';

/** What a machine takes from elsewhere where it does not say it itself. */
type Source = PlanRecord | 'none' | 'unknown';

/** A machine that is told: what says how it is, and what it is called. */
interface Start {
  readonly record: PlanRecord;
  readonly source: Source;
  /** The path of the instance. */
  readonly path: string;
  readonly name: string;
  /** The machine as it was recorded, where it stays. */
  readonly recorded?: Instance | undefined;
}

/** A property, with the resource that says it. */
interface Said {
  readonly record: PlanRecord;
  readonly tree: Tree;
}

const unread = new Unknown('until deployed');

/** What is said of a machine: by itself, else by its template; of one that nobody shows everything is unknown. */
function saidOf(projection: Projection, { record, source }: Start, property: string): Said | undefined {
  const isManager = record.token?.name.endsWith('Manager');
  const own = isManager ? undefined : projection.value(record, property);
  if (own !== undefined) return { record, tree: own };
  if (source === 'none') return undefined;
  if (source === 'unknown') return { record, tree: unread };
  const tree = projection.value(source, property);
  return tree === undefined ? undefined : { record: source, tree };
}

function interfacesOf(projection: Projection, start: Start): unknown {
  const said = saidOf(projection, start, 'networkInterfaces');
  const list = said && projection.leaves.list(said.tree);
  // No machine is without an interface: one that shows none is not shown as it is.
  if (!said || list === undefined || list === untold || list.length === 0) return projection.leaves.unknown ?? [];
  const project = projectOf(start.path) ?? '';
  return list.map((item, index) => {
    const tree = isBranch(item) ? item : unread;
    return interfaceOf(projection, { record: said.record, index, tree, project, recorded: start.recorded });
  });
}

/** The service account of a machine: none where none is said, and the project's own where its address is left out. */
function accountsOf(projection: Projection, start: Start): unknown {
  const said = saidOf(projection, start, 'serviceAccount');
  if (!said) return [];
  if (said.tree instanceof Unknown) return projection.leaves.unknown ?? [];
  const email = projection.ref(said.record, 'serviceAccount.email');
  if (typeof email === 'string') return [{ email }];
  return projection.isAsKnown ? [{ email: untold }] : [];
}

/** Whether it runs: it does unless something else is asked for. */
function statusOf(projection: Projection, start: Start): unknown {
  const { record } = start;
  const status = projection.leaves.text(projection.value(record, 'desiredStatus'));
  const isThere = projection.view.links.moment === 'deployed';
  const seen = isThere ? projection.view.observed(record, 'currentStatus') : undefined;
  return status ?? (typeof seen === 'string' ? seen : 'RUNNING');
}

/** The secure tags that the program binds to a machine, where it binds none by resources of their own. */
function answerSecureTags(projection: Projection, start: Start): void {
  // Of one that is there already the recording tells.
  if (start.recorded && projection.isAsKnown) return;
  if (projection.assumptions.unseenControls === 'unknown' && projection.isAsKnown) return;
  if (projection.all('TagBinding', 'LocationTagBinding').length > 0) return;
  const params = saidOf(projection, start, 'params')?.tree;
  const tags = below(params, 'resourceManagerTags') ?? saidOf(projection, start, 'resourceManagerTags')?.tree;
  const values = tags instanceof Unknown ? [tags] : Object.values((tags ?? {}) as Readonly<Record<string, Tree>>);
  const known = values.map((value) => projection.leaves.text(value)).filter((value) => value !== undefined);
  projection.documents.push({
    parent: start.path,
    effectiveTags: known.map((tagValue) => ({ tagValue })),
  });
}

/** What the machine runs at its boot: in its metadata, or where the provider has a property for it. */
function metadataOf(projection: Projection, start: Start): unknown {
  const metadata = saidOf(projection, start, 'metadata')?.tree;
  const script = saidOf(projection, start, 'metadataStartupScript')?.tree;
  if (metadata instanceof Unknown) return projection.leaves.unknown ?? [];
  const items = userDataKeys.map((key) => ({ key, value: projection.leaves.text(below(metadata, key)) }));
  const own = projection.leaves.text(script);
  return [
    ...items.filter(({ value }) => value !== undefined),
    ...(own === undefined ? [] : [{ key: 'startup-script', value: own }]),
  ];
}

/** The disk that it boots from, by the name of its image: a recording has the licences of that one. */
function imageOf(projection: Projection, start: Start): unknown {
  const disk = saidOf(projection, start, 'bootDisk')?.tree;
  const image = projection.leaves.text(below(below(disk, 'initializeParams'), 'image'));
  return typeof image === 'string' ? [{ boot: true, licenses: [image] }] : [];
}

function answerInstance(projection: Projection, start: Start): void {
  const { leaves } = projection;
  const tags = saidOf(projection, start, 'tags')?.tree;
  projection.answer('instance', {
    ...carried(start.recorded, 'id'),
    name: start.name,
    selfLink: start.path,
    zone: zoneOf(start.path),
    status: statusOf(projection, start),
    canIpForward: leaves.flag(saidOf(projection, start, 'canIpForward')?.tree),
    tags: { items: leaves.texts(tags).items },
    serviceAccounts: accountsOf(projection, start),
    metadata: { items: metadataOf(projection, start) },
    disks: imageOf(projection, start),
    networkInterfaces: interfacesOf(projection, start),
  });
  answerSecureTags(projection, start);
}

/** The templates that a slot holds: those that the deployment describes, and `unknown` for any other. */
function templatesAt(projection: Projection, record: PlanRecord, path: string): readonly Source[] {
  const { ids, isOpen } = projection.refs(record, path);
  const found = ids.map(
    (id): Source => projection.describer(id, 'InstanceTemplate', 'RegionInstanceTemplate') ?? 'unknown',
  );
  return isOpen || found.length === 0 ? [...found, 'unknown'] : found;
}

function urnsOf(sources: readonly Source[]): readonly string[] {
  return sources.flatMap((source) => (typeof source === 'string' ? [] : [source.urn]));
}

function projectInstance(projection: Projection, record: PlanRecord): PlannedMachine {
  const path = projection.selfLink(record);
  const type = record.token?.name;
  const sources: readonly Source[] =
    type === 'InstanceFromTemplate'
      ? templatesAt(projection, record, 'sourceInstanceTemplate')
      : [type === 'Instance' ? 'none' : 'unknown'];
  const [source = 'unknown'] = sources.length === 1 ? sources : ['unknown' as const];
  const recorded = isKept(record) ? projection.recorded('instances', record) : undefined;
  answerInstance(projection, { record, source, path, name: projection.label(record), recorded });
  return { urn: record.urn, kind: 'instance', instanceIds: [path], by: urnsOf(sources) };
}

function sizeOf(projection: Projection, record: PlanRecord): number | undefined {
  const size = projection.leaves.number(projection.value(record, 'targetSize'));
  return typeof size === 'number' ? size : undefined;
}

/** The zone in which a group starts a machine; of a regional one any of its region. */
function zoneOfGroup(projection: Projection, record: PlanRecord, group: string): string {
  const zones = projection.leaves.list(projection.value(record, 'distributionPolicyZones'));
  const [first] = Array.isArray(zones) ? zones : [];
  if (typeof first === 'string') return nameOf(first);
  return zoneOf(group) ?? `${/\/regions\/([^/]+)/.exec(group)?.[1] ?? '?'}-a`;
}

/** What an instance group starts: one machine for each of its templates. */
function projectGroup(projection: Projection, record: PlanRecord): PlannedMachine {
  const group = projection.selfLink(record);
  const versions = projection.leaves.list(projection.value(record, 'versions'));
  const count = Array.isArray(versions) ? Math.max(versions.length, 1) : 1;
  const all = Array.from({ length: count }, (_, index) => `versions[${index}].instanceTemplate`);
  const sources = [...new Set(all.flatMap((path) => templatesAt(projection, record, path)))];
  const started = sizeOf(projection, record) === 0 ? [] : sources;
  const zone = zoneOfGroup(projection, record, group);
  const instanceIds = started.map((source, index) => {
    const name = asPart(`?${projection.label(record)} ${index + 1}`);
    const path = `projects/${projectOf(group)}/zones/${zone}/instances/${name}`;
    answerInstance(projection, { record, source, path, name: projection.label(record) });
    return path;
  });
  return { urn: record.urn, kind: 'instance group', instanceIds, by: urnsOf(started) };
}

/** The machines that stay as they were recorded. */
function recordedMachines(projection: Projection): readonly PlannedMachine[] {
  const { base, leftAlone, view } = projection;
  return [...leftAlone].flatMap((record): PlannedMachine[] => {
    const id = view.links.idOf(record, 'instance');
    if (id !== undefined) return [{ urn: record.urn, kind: 'instance', instanceIds: [id], by: [] }];
    if (!record.token?.name.endsWith('InstanceGroupManager')) return [];
    const members = base?.get('groupMembers', projection.selfLink(record))?.items ?? [];
    const instanceIds = members.flatMap(({ instance }) => pathOf(instance) ?? []);
    return [
      {
        urn: record.urn,
        kind: 'instance group',
        instanceIds: instanceIds.filter((one) => base?.get('instances', one)),
        by: [],
      },
    ];
  });
}

/** Every machine that the records declare. */
export function projectMachines(projection: Projection): readonly PlannedMachine[] {
  return [
    ...projection
      .all('Instance', 'InstanceFromTemplate', 'InstanceFromMachineImage')
      .map((record) => projectInstance(projection, record)),
    ...projection
      .all('InstanceGroupManager', 'RegionInstanceGroupManager')
      .map((record) => projectGroup(projection, record)),
    ...recordedMachines(projection),
    ...projection.all('InstanceTemplate', 'RegionInstanceTemplate').map((record): PlannedMachine => {
      return { urn: record.urn, kind: 'instance template', instanceIds: [], by: [] };
    }),
  ];
}

/** The instances that a record of the API names, by the network in which each interface of theirs stands. */
export function regionsByNetwork(
  instances: readonly ApiRecord[],
  regionOf: (path: string) => string | undefined,
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { selfLink, networkInterfaces } of instances) {
    if (!Array.isArray(networkInterfaces)) continue;
    for (const { network: url } of networkInterfaces as readonly ApiRecord[]) {
      if (typeof url !== 'string') continue;
      const network = pathOf(url) ?? url;
      const regions = found.get(network) ?? new Set<string>();
      const region = regionOf(String(selfLink));
      if (region !== undefined) regions.add(region);
      found.set(network, regions);
    }
  }
  return found;
}

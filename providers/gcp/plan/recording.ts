import { Memo } from '../../../src/memo.js';
import { observed } from '../../../src/plan/declared.js';
import type { Links } from '../../../src/plan/links.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { isLeftAlone } from '../../../src/plan/projection.js';
import { AsRead, isUnread, untold } from '../../../src/record/index.js';
import type { Inventory } from '../inventory.js';
import type { KindName } from '../records/kinds.js';
import { pathOf, projectOf, regionOf } from '../records/names.js';
import type { EffectivePolicy } from '../records/records.js';
import { linkOf, planTypeOf } from './identity.js';

/** What was found out of a recording, once. */
const memo = new Memo();

/** The lists in which what a program describes stands. */
const lists = [
  'instances',
  'firewalls',
  'networks',
  'subnetworks',
  'routes',
  'forwardingRules',
  'addresses',
  'targetInstances',
  'targetPools',
  'targetTcpProxies',
  'backendServices',
  'instanceGroups',
  'addressGroups',
] as const satisfies readonly KindName[];

/** In front of what rules are in effect: a network, a network in a region, or an interface in it. */
export interface Guarded {
  readonly network: string;
  readonly region: string | undefined;
  readonly face?: { readonly instance: string; readonly name: string };
}

/** What a recorded answer about effective rules is about; undefined where that is an interface that no record shows. */
export function guardedIn(base: Inventory, key: string): Guarded | undefined {
  const [subject = '', rest] = key.split(' ');
  if (!subject.includes('/instances/')) return { network: subject, region: rest };
  const name = rest ?? 'nic0';
  const nic = base.get('instances', subject)?.networkInterfaces?.find((one) => (one.name ?? 'nic0') === name);
  const network = pathOf(nic?.network);
  return network === undefined ? undefined : { network, region: regionOf(subject), face: { instance: subject, name } };
}

/** The path of a policy as it stands in the answer about what it guards; undefined for one of Google's own. */
export function policyIdOf({ type, name }: EffectivePolicy, { network, region }: Guarded): string | undefined {
  if (name === undefined) return undefined;
  if (type === 'HIERARCHY') return `locations/global/firewallPolicies/${name}`;
  const project = `projects/${projectOf(network)}`;
  if (type === 'NETWORK') return `${project}/global/firewallPolicies/${name}`;
  return type === 'NETWORK_REGIONAL' ? `${project}/regions/${region}/firewallPolicies/${name}` : undefined;
}

function policiesById(base: Inventory): ReadonlyMap<string, EffectivePolicy> {
  return memo.onceFor(base, 'policies', () => {
    const found = new Map<string, EffectivePolicy>();
    for (const [key, { firewallPolicys = [] }] of base.all('effectiveFirewalls')) {
      const guarded = guardedIn(base, key);
      for (const policy of guarded ? firewallPolicys : []) {
        const id = guarded && policyIdOf(policy, guarded);
        if (id !== undefined && !found.has(id)) found.set(id, policy);
      }
    }
    return found;
  });
}

/** A policy as it stands in front of anything. */
export function recordedPolicy(base: Inventory | undefined, id: string): EffectivePolicy | undefined {
  return base && policiesById(base).get(id);
}

/** The policies of folders and organisations above a project; undefined where no answer of it shows any policies. */
export function policiesAbove(base: Inventory | undefined, project: string): readonly EffectivePolicy[] | undefined {
  if (!base) return undefined;
  const byProject = memo.onceFor(base, 'above', () => {
    const found = new Map<string | undefined, readonly EffectivePolicy[]>();
    for (const [key, { firewallPolicys }] of base.all('effectiveFirewalls')) {
      const guarded = guardedIn(base, key);
      if (!guarded || guarded.face || !firewallPolicys) continue;
      found.set(projectOf(guarded.network), firewallPolicys);
    }
    return found;
  });
  return byProject.get(project)?.filter(({ type }) => type === 'HIERARCHY');
}

/** The networks of which anything was recorded. */
export function recordedNetworks(base: Inventory): ReadonlySet<string> {
  return memo.onceFor(base, 'networks', () => {
    const found = new Set<string>(base.all('networks').keys());
    for (const key of base.all('effectiveFirewalls').keys()) {
      const guarded = guardedIn(base, key);
      if (guarded) found.add(guarded.network);
    }
    for (const kind of ['subnetworks', 'routes', 'firewalls'] as const)
      for (const { network } of base.all(kind).values()) {
        const path = pathOf(network);
        if (path !== undefined) found.add(path);
      }
    return found;
  });
}

/** Whether the recording shows the thing with this path. */
export function holds(base: Inventory, id: string): boolean {
  return recordedNetworks(base).has(id) || policiesById(base).has(id) || lists.some((list) => base.all(list).has(id));
}

/** The machines of a group of which none will be left. */
function* leavingMembers(base: Inventory, links: Links): Iterable<string> {
  const empty = links.records.filter((record) => record.inputs?.targetSize === 0 && record.status === 'managed');
  for (const record of [...links.former, ...empty]) {
    if (!record.token?.name.endsWith('InstanceGroupManager')) continue;
    for (const { instance } of base.get('groupMembers', linkOf(record))?.items ?? []) yield pathOf(instance) ?? '';
  }
}

/** What was recorded without what the deployment says otherwise: what goes, and what it describes itself. */
function cleared(base: Inventory, links: Links): Inventory {
  const rest = base.copy();
  const remove = (id: string | undefined) => {
    if (id !== undefined) for (const list of lists) rest.remove(list, id);
  };
  const describes = (record: PlanRecord) => planTypeOf(record)?.collection !== undefined;
  for (const record of links.former.filter(describes)) remove(linkOf(record));
  for (const id of leavingMembers(base, links)) rest.remove('instances', id);
  for (const record of links.records)
    if (record.status === 'managed' && !isLeftAlone(links, record, (id) => holds(base, id)))
      for (const { id } of links.identitiesOf(record)) remove(id);
  return rest;
}

/** The recording on which a deployment is laid: the same for all ways in which that may turn out. */
export function groundOf(base: Inventory, links: Links): Inventory {
  const known = memo.onceFor(base, 'grounds', () => new WeakMap<Links, Inventory>());
  const ground = known.get(links) ?? cleared(base, links);
  known.set(links, ground);
  return ground.copy();
}

/** Fields of a record that stay as they were recorded, in the API's words; what could not be read of them is `untold`. */
export function carried<R extends { readonly broken?: string | undefined }>(
  record: R | undefined,
  ...fields: readonly (keyof R & string)[]
): Readonly<Record<string, unknown>> {
  if (!record) return {};
  const again = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(again);
    return typeof value === 'object' && value !== null ? new AsRead(value) : value;
  };
  const told = fields.map((field) => [field, isUnread(record, field) ? untold : again(record[field])] as const);
  return Object.fromEntries(told.filter(([, value]) => value !== undefined));
}

/** Whether a resource is there already, so that what the cloud chose for it stays. */
export function isKept(record: PlanRecord): boolean {
  return record.id !== undefined || observed(record, 'selfLink') !== undefined;
}

import { layerWords } from '../message/index.js';
import type { ResourceRef, Step } from '../model/index.js';
import type { Links } from '../plan/links.js';
import type { PlanRecord } from '../plan/plan-record.js';
import type { Planned } from '../plan/planned.js';

export const quoted = (text: string): string => JSON.stringify(text);

/** The resource that an object of the cloud comes from, and whether it is the object itself or only brings it. */
function sourceOf(links: Links, { id, kind }: ResourceRef): { record: PlanRecord; isOwn: boolean } | undefined {
  const [first, ...others] = links.describers(id);
  if (!first) return undefined;
  // What takes over a default object names it, else it is its network's.
  const record = others.find((one) => links.identitiesOf(one).length === 1) ?? first;
  const [own] = links.identitiesOf(record);
  return { record, isOwn: own?.id === id || kind === 'network-interface' };
}

/** An object in the program's own words: `security group "web"`, `default network acl of "vpc"`. */
export function componentWords(links: Links, component: ResourceRef): string {
  const { label } = layerWords(component.kind);
  const source = sourceOf(links, component);
  // A `?` stands in no id of a cloud: it is what the network would have that nobody shows.
  if (!source)
    return component.id.includes('?') ? `${label} that no program shows` : `${label} ${quoted(component.id)}`;
  return source.isOwn ? `${label} ${quoted(source.record.name)}` : `default ${label} of ${quoted(source.record.name)}`;
}

/** The path of a rule's far ends without the place in their list: what one edits. */
const listOf = (path: string): string => path.replace(/(\.\w+)\[\d+\]$/, '$1');

/** Where a rule is written, in the words of the program. */
export function ruleWords(links: Links, planned: Planned, step: Pick<Step, 'rule' | 'component'>): string | undefined {
  const { id, name = id } = step.component;
  // Rules of some objects are told apart by their object only.
  const origin = step.rule === null ? undefined : (planned.origin(`${name} ${step.rule}`) ?? planned.origin(step.rule));
  const record = origin && links.recordOf(origin.urn);
  if (!record) return undefined;
  const owner = componentWords(links, step.component);
  if (origin.path === undefined && owner.endsWith(` ${quoted(record.name)}`)) return owner;
  return origin.path === undefined ? `rule ${quoted(record.name)} of ${owner}` : `${owner} ${listOf(origin.path)}`;
}

/** Steps that say nothing about the program: that a machine runs, that it has an address. */
const silent: ReadonlySet<string> = new Set([
  'instance',
  'address',
  'source',
  'block-public-access',
  'encryption-control',
  'internet-edge',
]);

/** A route by its destination; one that has none is called by what it is. */
function routeWords(rule: string | null): string {
  if (rule === null) return 'a route';
  return rule.startsWith('the ') ? rule : `route ${rule}`;
}

/** What a packet passes, each in a few words: who decides, and by which rule. */
export function pathWords(links: Links, planned: Planned, steps: readonly Step[]): string[] {
  const told = steps.filter(
    ({ layer, direction }) => !silent.has(layer) && (direction === 'inbound' || layer === 'route-table'),
  );
  const isRoute = ({ layer }: Step) => layer === 'route-table';
  const inOrder = [
    ...told.filter(({ layer }) => layer === 'internet-gateway'),
    ...told.filter(isRoute),
    ...told.filter((step) => step.layer !== 'internet-gateway' && !isRoute(step)),
  ];
  return inOrder.map((step) => {
    if (step.layer === 'internet-gateway') return componentWords(links, step.component);
    const rule = ruleWords(links, planned, step);
    if (rule !== undefined) return `${rule} (${step.text})`;
    if (isRoute(step)) return `${routeWords(step.rule)} in ${componentWords(links, step.component)}`;
    const named = step.rule === null ? '' : ` rule ${step.rule}`;
    return `${componentWords(links, step.component)}${named} (${step.text})`;
  });
}

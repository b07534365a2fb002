import { below } from '../../../src/plan/declared.js';
import type { Links } from '../../../src/plan/links.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Conflict } from '../../../src/plan/planned.js';
import type { Tree } from '../../../src/plan/tree.js';
import { View } from '../../../src/plan/view.js';
import { untold } from '../../../src/record/index.js';
import { nameOf, parentOf } from '../records/ids.js';
import { isWord, rulesOf, type WrittenRule } from './group.js';
import { groupRivals } from './interface.js';
import { rivals } from './network.js';
import { elements, Projection } from './project.js';

const quoted = (name: string) => JSON.stringify(name);

/** What stands alone and is listed inline as well: each removes what the other makes (pulumi-azure-native#3359, #611). */
function twice(
  projection: Projection,
  owner: PlanRecord,
  list: string,
  what: string,
  parts: readonly PlanRecord[],
): Conflict[] {
  const value = projection.value(owner, list);
  if (!Array.isArray(value) || value.length === 0) return [];
  return parts.map((part) => ({
    urn: part.urn,
    message: `${quoted(owner.name)} lists its ${what} inline (${list}), and ${quoted(part.name)} is one of its own: each removes what the other makes`,
  }));
}

function inlineAndAlone(projection: Projection): Conflict[] {
  const parts = (owner: PlanRecord, kind: string, name: string, slot: string) =>
    projection.partsOf(projection.id(owner, kind), [name, slot]);
  const subnetsOf = (network: PlanRecord) =>
    projection
      .all('Subnet')
      .filter((subnet) => parentOf(projection.id(subnet, 'subnet')) === projection.id(network, 'vnet'));
  return [
    ...projection
      .all('NetworkSecurityGroup')
      .flatMap((group) =>
        twice(
          projection,
          group,
          'securityRules',
          'rules',
          parts(group, 'nsg', 'SecurityRule', 'networkSecurityGroupName'),
        ),
      ),
    ...projection
      .all('RouteTable')
      .flatMap((table) => twice(projection, table, 'routes', 'routes', parts(table, 'rt', 'Route', 'routeTableName'))),
    ...projection
      .all('VirtualNetwork')
      .flatMap((network) => twice(projection, network, 'subnets', 'subnets', subnetsOf(network))),
  ];
}

/** Where a rule is written, as people find it. */
const nameOfRule = ({ name, at, record }: WrittenRule) =>
  at === '' ? quoted(name) : `${quoted(name)} of ${quoted(record.name)}`;

/** User rules have numbers from 100 to 4096, and one for each direction (NSG docs, security rules): Azure refuses others. */
function wrongPriorities(projection: Projection): Conflict[] {
  return projection.all('NetworkSecurityGroup').flatMap((group) => {
    const taken = new Map<string, WrittenRule>();
    return rulesOf(projection, group).flatMap((rule): Conflict[] => {
      if (rule === untold) return [];
      const priority = projection.leaves.number(rule.field('priority'));
      if (typeof priority !== 'number') return [];
      const { urn } = rule.record;
      if (priority < 100 || priority > 4096)
        return [
          { urn, message: `rule ${nameOfRule(rule)} has the priority ${priority}: Azure takes 100 to 4096 only` },
        ];
      const direction = ['inbound', 'outbound'].find((word) => isWord(rule.field('direction'), word));
      if (direction === undefined) return [];
      const first = taken.get(`${direction} ${priority}`);
      if (!first) {
        taken.set(`${direction} ${priority}`, rule);
        return [];
      }
      const message = `the ${direction} rules ${nameOfRule(first)} and ${nameOfRule(rule)} have the same priority ${priority}: Azure refuses the second one (SecurityRuleConflict)`;
      return [{ urn, message }];
    });
  });
}

/** Of several associations of one thing one counts. */
function rivalParts(projection: Projection): Conflict[] {
  const second = (what: string, of: string, [first, ...others]: readonly PlanRecord[]) =>
    others.map((other) => ({
      urn: other.urn,
      message: `${of} gets a second ${what} by ${quoted(other.name)}, after ${quoted(first?.name ?? '')}: one of them counts, and nobody can say which`,
    }));
  const subnets = new Map(
    projection.records.flatMap((record) =>
      projection.view.links
        .identitiesOf(record)
        .flatMap(({ kind, id }) => (kind === 'subnet' ? [[id, record] as const] : [])),
    ),
  );
  return [
    ...[...subnets.keys()].flatMap((id) => [
      ...second('security group', `subnet ${quoted(nameOf(id))}`, rivals(projection, id, 'nsg')),
      ...second('route table', `subnet ${quoted(nameOf(id))}`, rivals(projection, id, 'rt')),
    ]),
    ...projection
      .all('NetworkInterface')
      .flatMap((nic) =>
        second('security group', `interface ${quoted(nic.name)}`, groupRivals(projection, projection.id(nic, 'nic'))),
      ),
  ];
}

/** What undoes itself, or what Azure will refuse, by the resource that stands alone. */
export function conflictsOf(links: Links): readonly Conflict[] {
  const projection = new Projection(new View(links, 'as known'), links.records);
  return [...inlineAndAlone(projection), ...wrongPriorities(projection), ...rivalParts(projection)];
}

/** Pools whose members are addresses, not interfaces: who is behind these is not worked out. */
export function remarksOn(links: Links): readonly Conflict[] {
  const projection = new Projection(new View(links, 'as known'), links.records);
  const isGiven = (tree: Tree | undefined) => tree !== undefined && tree !== null && !isEmptyList(tree);
  const list = 'loadBalancerBackendAddresses';
  const pools = projection.all('BackendAddressPool').filter((pool) => isGiven(projection.value(pool, list)));
  const balancers = projection
    .all('LoadBalancer')
    .filter((one) =>
      elements(projection, one, 'backendAddressPools').some(
        ({ item }) => item !== untold && isGiven(below(item, list)),
      ),
    );
  return [...pools, ...balancers].map(({ urn, name }) => ({
    urn,
    message: `members of ${quoted(name)} that are listed by address are not judged (unsupported-type)`,
  }));
}

const isEmptyList = (tree: Tree): boolean => Array.isArray(tree) && tree.length === 0;

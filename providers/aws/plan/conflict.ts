import type { Links } from '../../../src/plan/links.js';
import type { Conflict } from '../../../src/plan/planned.js';
import { View } from '../../../src/plan/view.js';
import { rivals } from './association.js';
import { Projection } from './project.js';

const quoted = (name: string) => JSON.stringify(name);

/** Resources that list something inline and have the same as resources of their own, which undo each other (pulumi-aws#3788). */
const twice: readonly (readonly [
  kind: string,
  types: readonly string[],
  lists: readonly string[],
  parts: readonly (readonly [string, string])[],
  what: string,
])[] = [
  [
    'sg',
    ['SecurityGroup', 'DefaultSecurityGroup'],
    ['ingress', 'egress'],
    [
      ['SecurityGroupRule', 'securityGroupId'],
      ['SecurityGroupIngressRule', 'securityGroupId'],
      ['SecurityGroupEgressRule', 'securityGroupId'],
    ],
    'rules',
  ],
  [
    'sg',
    ['native SecurityGroup'],
    ['securityGroupIngress', 'securityGroupEgress'],
    [
      ['native SecurityGroupIngress', 'groupId'],
      ['native SecurityGroupEgress', 'groupId'],
    ],
    'rules',
  ],
  ['rtb', ['RouteTable', 'DefaultRouteTable'], ['routes'], [['Route', 'routeTableId']], 'routes'],
  ['nacl', ['NetworkAcl', 'DefaultNetworkAcl'], ['ingress', 'egress'], [['NetworkAclRule', 'networkAclId']], 'entries'],
];

function inlineAndAlone(projection: Projection): Conflict[] {
  return twice.flatMap(([kind, types, lists, parts, what]) =>
    projection.all(...types).flatMap((owner) => {
      const list = lists.find((property) => {
        const value = projection.value(owner, property);
        return Array.isArray(value) && value.length > 0;
      });
      if (list === undefined) return [];
      return projection.partsOf(projection.id(owner, kind), ...parts).map((part) => ({
        urn: part.urn,
        message: `${quoted(owner.name)} lists its ${what} inline (${list}), and ${quoted(part.name)} is one of its own: each removes what the other makes`,
      }));
    }),
  );
}

function rivalParts(projection: Projection): Conflict[] {
  const words = { rtb: 'route table', nacl: 'network ACL' } as const;
  return projection.all('Subnet', 'DefaultSubnet', 'native Subnet').flatMap((subnet) =>
    (['rtb', 'nacl'] as const).flatMap((kind) => {
      const [first, ...others] = rivals(projection, projection.id(subnet, 'subnet'), kind);
      return others.map((other) => ({
        urn: other.urn,
        message: `subnet ${quoted(subnet.name)} gets a second ${words[kind]} by ${quoted(other.name)}, after ${quoted(first?.name ?? '')}: one of them counts, and nobody can say which`,
      }));
    }),
  );
}

/** What undoes itself, by the resource that stands alone. */
export function conflictsOf(links: Links): readonly Conflict[] {
  const projection = new Projection(new View(links, 'as known'), links.records);
  return [...inlineAndAlone(projection), ...rivalParts(projection)];
}

import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { type Tree, Unknown } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import { AddressSet } from '../../../src/set/index.js';
import { azureName, partName } from './identity.js';
import { guardOfSubnet } from './network.js';
import { type ApiRecord, elements, type Projection, prefixesIn, texts } from './project.js';
import { elementsOf, keyIn } from './recorded.js';

/** A rule that somebody wrote, and where. */
export interface WrittenRule {
  readonly record: PlanRecord;
  /** `securityRules[0]`; empty where the resource is the rule. */
  readonly at: string;
  readonly name: string;
  readonly field: (name: string) => Tree | undefined;
}

/** A condition of a rule: what is known to meet it, and whether there is more. */
interface Condition {
  readonly fields: ApiRecord;
  readonly isEmpty: boolean;
  readonly isOpen: boolean;
  /** The fields of a condition of which nothing is known. */
  readonly unread: ApiRecord;
}

/** Whether an address that Azure is yet to choose may or may not be meant by a prefix. */
function isDoubtful(projection: Projection, text: string): boolean {
  const [prefix] = prefixesIn([text]);
  if (!prefix) return false;
  const meant = AddressSet.fromPrefixes([prefix]);
  return [...projection.loose.values()].some((place) => meant.overlaps(place) && !meant.covers(place));
}

function sideOf(projection: Projection, { record, at, field }: WrittenRule, side: 'source' | 'destination'): Condition {
  const { known, isOpen } = texts(field(`${side}AddressPrefix`), field(`${side}AddressPrefixes`));
  // Only the far end of outbound rules is not about the guarded address, and they decide nothing that is asked of a plan.
  const doubtful = side === 'destination' ? known.filter((text) => isDoubtful(projection, text)) : [];
  const path = (name: string) => (at === '' ? name : `${at}.${name}`);
  const lists = [`${side}ApplicationSecurityGroups`, `${side}ApplicationSecurityGroupIds`].map(path);
  const places = projection.view.links
    .of(record)
    .filter((place) => lists.some((list) => place.path === list || place.path.startsWith(`${list}[`)));
  const groups = [...new Set(places.flatMap((place) => projection.view.refs(record, place.path).ids))];
  const sure = known.filter((text) => !doubtful.includes(text));
  return {
    fields: {
      ...(sure.length > 0 && { [`${side}AddressPrefixes`]: sure }),
      ...(groups.length > 0 && { [`${side}ApplicationSecurityGroups`]: groups.map((id) => ({ id })) }),
    },
    isEmpty: sure.length === 0 && groups.length === 0,
    isOpen: isOpen || doubtful.length > 0 || places.some(({ link }) => link.is === 'open'),
    unread: { [`${side}AddressPrefixes`]: untold },
  };
}

function portsOf({ field }: WrittenRule, side: 'source' | 'destination'): Condition {
  const { known, isOpen } = texts(field(`${side}PortRange`), field(`${side}PortRanges`));
  return {
    fields: known.length > 0 ? { [`${side}PortRanges`]: known } : {},
    // Where no source port is given it is any.
    isEmpty: known.length === 0 && (side === 'destination' || isOpen),
    isOpen,
    unread: { [`${side}PortRanges`]: untold },
  };
}

/**
 * A rule as ARM lists it; where something of it is not known, as two: what surely is of it, and what may be. The second says
 * `untold` where it is about something that nobody knows, so that what is known still bounds it.
 */
function answerRule(projection: Projection, rule: WrittenRule): readonly ApiRecord[] {
  const { leaves } = projection;
  const word = (name: string) => leaves.text(rule.field(name));
  const priority = leaves.number(rule.field('priority'));
  const words = { protocol: word('protocol'), access: word('access'), direction: word('direction'), priority };
  const isDeclared = Object.values(words).every((one) => one !== undefined);
  // As declared, a rule of which such a part is not known matches nothing.
  if (!isDeclared && leaves.unknown === undefined) return [];
  const base = {
    name: projection.rename(rule.name, rule.record, rule.at === '' ? undefined : rule.at),
    ...Object.fromEntries(Object.entries(words).map(([name, one]) => [name, one ?? untold])),
  };
  const conditions = [
    sideOf(projection, rule, 'source'),
    sideOf(projection, rule, 'destination'),
    portsOf(rule, 'source'),
    portsOf(rule, 'destination'),
  ];
  const isOpen = conditions.some((one) => one.isOpen);
  const sure = Object.assign({}, base, ...conditions.map(({ fields }) => fields)) as ApiRecord;
  if (!isOpen) return [sure];
  const perhaps = Object.assign({}, base, ...conditions.map((one) => (one.isOpen ? one.unread : one.fields)));
  return [
    ...(conditions.some(({ isEmpty }) => isEmpty) ? [] : [sure]),
    ...(leaves.unknown === undefined ? [] : [perhaps as ApiRecord]),
  ];
}

/** A rule of which nothing is known but that there may be one. */
const anyRule: ApiRecord = {
  name: '?',
  protocol: untold,
  access: untold,
  direction: untold,
  priority: untold,
  sourceAddressPrefixes: untold,
  destinationAddressPrefixes: untold,
  destinationPortRanges: untold,
};

/** The rules of a group, those that it lists and those that are resources of their own; `untold` for those of which nothing is known. */
export function rulesOf(projection: Projection, group: PlanRecord): readonly (WrittenRule | typeof untold)[] {
  const inline = elements(projection, group, 'securityRules').map(
    ({ at, item }, index): WrittenRule | typeof untold => {
      if (item === untold) return untold;
      return { record: group, at, name: partName(item, index), field: (name) => below(item, name) };
    },
  );
  return [...inline, ...ownRules(projection, projection.id(group, 'nsg'))];
}

/** The rules of a group that are resources of their own. */
function ownRules(projection: Projection, groupId: string): readonly WrittenRule[] {
  return projection.partsOf(groupId, ['SecurityRule', 'networkSecurityGroupName']).map((record) => ({
    record,
    at: '',
    name: azureName(record) ?? record.name,
    field: (name: string) => projection.value(record, name),
  }));
}

/** A rule that is there and stays. It may or may not be about an address that Azure is yet to choose, as those of the program. */
function answerThere(projection: Projection, rule: ApiRecord): readonly ApiRecord[] {
  const { known } = texts(rule.destinationAddressPrefix as Tree, rule.destinationAddressPrefixes as Tree);
  const sure = known.filter((text) => !isDoubtful(projection, text));
  if (sure.length === known.length || isWord(rule.direction as Tree, 'outbound')) return [rule];
  const about = (destinationAddressPrefixes: unknown) => ({
    ...rule,
    destinationAddressPrefix: undefined,
    destinationAddressPrefixes,
  });
  const isEmpty = sure.length === 0 && !rule.destinationApplicationSecurityGroups;
  return [...(isEmpty ? [] : [about(sure)]), ...(projection.isAsKnown ? [about(untold)] : [])];
}

/** All rules of a group: of those that are there the ones that the program leaves alone, and its own. */
function answerRules(projection: Projection, id: string, group: PlanRecord | undefined): readonly ApiRecord[] {
  const written = group ? rulesOf(projection, group) : ownRules(projection, id);
  const names = written.map((rule) => (rule === untold ? undefined : rule.name));
  const list = group && projection.value(group, 'securityRules');
  const left = projection.untouched(projection.there('securityGroups', id), 'securityRules', list, names);
  return [
    ...left.flatMap((rule) => (rule === untold ? [anyRule] : answerThere(projection, rule))),
    ...written.flatMap((rule) => (rule === untold ? [anyRule] : answerRule(projection, rule))),
  ];
}

/** The recorded groups that guard interfaces of the program: their own, and those of their subnets. */
function guardsThere(projection: Projection): readonly string[] {
  const faces = ['interfaces', 'scaleSetInterfaces'].flatMap((kind) => projection.answers.get(kind) ?? []);
  const subnets = faces.flatMap(({ ipConfigurations }) =>
    elementsOf({ ipConfigurations }, 'ipConfigurations').flatMap((config) =>
      config === untold ? [] : [keyIn(config.subnet)],
    ),
  );
  const ofSubnets = subnets.map((id) => guardOfSubnet(projection, id));
  const all = [...faces.map(({ networkSecurityGroup }) => networkSecurityGroup), ...ofSubnets];
  return all.map((guard) => keyIn(guard)).filter((id) => id !== '');
}

/** The security groups with their rules. Azure's own rules are added where they are read. */
export function projectGroups(projection: Projection): void {
  for (const group of projection.all('NetworkSecurityGroup')) {
    const id = projection.id(group, 'nsg');
    projection.answer('securityGroups', {
      id,
      name: group.name,
      securityRules: answerRules(projection, id, group),
    });
  }
  for (const id of new Set([...projection.joinedThere('nsg'), ...guardsThere(projection)])) {
    const isThere = projection.describers(id).length === 0 && projection.account?.holds(id);
    if (isThere) projection.answer('securityGroups', { id, securityRules: answerRules(projection, id, undefined) });
  }
  for (const group of projection.all('ApplicationSecurityGroup'))
    projection.answer('applicationGroups', { id: projection.id(group, 'asg'), name: group.name });
}

/** Whether some rule of a group that guards the program's machines may deny what comes in, Azure's own not counted. */
export function mayDeny(projection: Projection): boolean {
  return projection.once('may deny', () => {
    const isDenying = (access: Tree | undefined, direction: Tree | undefined): boolean =>
      [access, direction].some((one) => one instanceof Unknown || typeof one === 'symbol') ||
      (isWord(access, 'deny') && isWord(direction, 'inbound'));
    const there = guardsThere(projection).flatMap((id) =>
      elementsOf(projection.there('securityGroups', id), 'securityRules'),
    );
    return (
      there.some((rule) => rule === untold || isDenying(rule.access as Tree, rule.direction as Tree)) ||
      projection
        .all('NetworkSecurityGroup')
        .some((group) =>
          rulesOf(projection, group).some(
            (rule) => rule === untold || isDenying(rule.field('access'), rule.field('direction')),
          ),
        )
    );
  });
}

export function isWord(tree: Tree | undefined, word: string): boolean {
  return typeof tree === 'string' && tree.toLowerCase() === word;
}

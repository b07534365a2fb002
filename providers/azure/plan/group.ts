import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { type Tree, Unknown } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import { AddressSet } from '../../../src/set/index.js';
import { azureName, partName } from './identity.js';
import { type ApiRecord, elements, type Projection, prefixesIn, texts } from './project.js';

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
  const own = projection
    .partsOf(projection.id(group, 'nsg'), ['SecurityRule', 'networkSecurityGroupName'])
    .map((record) => ({
      record,
      at: '',
      name: azureName(record) ?? record.name,
      field: (name: string) => projection.value(record, name),
    }));
  return [...inline, ...own];
}

/** The security groups with their rules. Azure's own rules are added where they are read. */
export function projectGroups(projection: Projection): void {
  for (const group of projection.all('NetworkSecurityGroup')) {
    projection.answer('securityGroups', {
      id: projection.id(group, 'nsg'),
      name: group.name,
      securityRules: rulesOf(projection, group).flatMap((rule) =>
        rule === untold ? [anyRule] : answerRule(projection, rule),
      ),
    });
  }
  for (const group of projection.all('ApplicationSecurityGroup'))
    projection.answer('applicationGroups', { id: projection.id(group, 'asg'), name: group.name });
}

/** Whether some rule of a group may deny what comes in, Azure's own not counted. */
export function mayDeny(projection: Projection): boolean {
  return projection.all('NetworkSecurityGroup').some((group) =>
    rulesOf(projection, group).some((rule) => {
      if (rule === untold) return true;
      const [access, direction] = [rule.field('access'), rule.field('direction')];
      return (
        [access, direction].some((one) => one instanceof Unknown) ||
        (isWord(access, 'deny') && isWord(direction, 'inbound'))
      );
    }),
  );
}

export function isWord(tree: Tree | undefined, word: string): boolean {
  return typeof tree === 'string' && tree.toLowerCase() === word;
}

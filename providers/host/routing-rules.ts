import { AddressSet, type Family, parsePrefix } from '../../src/set/index.js';
import type { Bundle } from './bundle.js';
import { type JsonObject, jsonObjects, textField } from './json.js';
import { linesOf, wordsOf } from './lines.js';
import { outputOf, type Reading } from './reading.js';

/** One rule of the policy database (ip-rule(8)). */
export interface RoutingRule {
  readonly priority: number;
  /** The sources and destinations that it is about; all where it names none. */
  readonly from: AddressSet;
  readonly to: AddressSet;
  readonly not: boolean;
  /** A mark that the packet must have, under a mask. */
  readonly mark?: { readonly value: number; readonly mask: number };
  /** The device by which the packet came; `lo` for the machine's own. */
  readonly inDevice?: string;
  readonly does: { readonly table: string } | { readonly refuses: 'unreachable' | 'prohibit' | 'blackhole' };
  /** Routes of at most so many bits do not count: `suppress_prefixlength`. */
  readonly suppressed?: number;
  /** What else it asks, which nobody can tell here: a user, a port, another rule. */
  readonly opaque?: string;
  readonly line: string;
}

/** The words that a rule may have and that are understood, under the names of the JSON. */
const understood: ReadonlySet<string> = new Set([
  'priority',
  'src',
  'srclen',
  'dst',
  'dstlen',
  'not',
  'fwmark',
  'fwmask',
  'iif',
  'table',
  'action',
  'suppress_prefixlen',
  'protocol',
]);

/** The rules of a family, in the order in which they are asked. */
export function routingRules(bundle: Bundle, family: Family): Reading<readonly RoutingRule[]> {
  const key = family === 4 ? 'rules' : 'rules6';
  const json = outputOf(bundle, key);
  const objects = 'value' in json ? jsonObjects(json.value) : undefined;
  const text = objects ? undefined : outputOf(bundle, `${key}-text`);
  const read = objects ?? (text && 'value' in text ? linesOf(text.value).flatMap(fieldsOfLine) : undefined);
  if (!read) return { unknown: 'unknown' in json ? json.unknown : `${key}: not the JSON of ip` };
  const rules = read.map((fields) => ruleOf(fields, family));
  return { value: rules.toSorted((a, b) => a.priority - b.priority) };
}

function ruleOf(fields: JsonObject, family: Family): RoutingRule {
  const [from, to] = [sideOf(fields, 'src', family), sideOf(fields, 'dst', family)];
  const mark = markOf(fields);
  const device = textField(fields, 'iif');
  const suppressed = textField(fields, 'suppress_prefixlen');
  const does = actionOf(fields);
  const others = Object.keys(fields).filter((name) => !understood.has(name));
  const unread = [
    from ? '' : 'src',
    to ? '' : 'dst',
    mark === 'unread' ? 'fwmark' : '',
    does ? '' : 'action',
    ...others,
  ];
  const opaque = unread.filter((name) => name !== '').join(', ');
  return {
    priority: Number(fields.priority ?? 0),
    from: from ?? AddressSet.all,
    to: to ?? AddressSet.all,
    not: Object.hasOwn(fields, 'not'),
    does: does ?? { table: '' },
    line: Object.entries(fields)
      .map(([name]) => [name, textField(fields, name)].filter((part) => part !== undefined).join(' '))
      .join(' '),
    ...(mark && mark !== 'unread' ? { mark } : {}),
    ...(device === undefined ? {} : { inDevice: device }),
    ...(suppressed === undefined ? {} : { suppressed: Number(suppressed) }),
    ...(opaque === '' ? {} : { opaque }),
  };
}

function actionOf(fields: JsonObject): RoutingRule['does'] | undefined {
  const action = textField(fields, 'action');
  if (action === 'unreachable' || action === 'prohibit' || action === 'blackhole') return { refuses: action };
  const table = textField(fields, 'table');
  return table === undefined || (action !== undefined && action !== 'to_tbl') ? undefined : { table };
}

function sideOf(fields: JsonObject, name: 'src' | 'dst', family: Family): AddressSet | undefined {
  const written = textField(fields, name);
  if (written === undefined || written === 'all') return family === 4 ? AddressSet.ipv4 : AddressSet.ipv6;
  const length = textField(fields, `${name}len`);
  const prefix = parsePrefix(length === undefined ? written : `${written}/${length}`);
  return prefix && AddressSet.fromPrefixes([prefix]);
}

function markOf(fields: JsonObject): RoutingRule['mark'] | 'unread' {
  const [value, mask = '0xffffffff'] = [textField(fields, 'fwmark'), textField(fields, 'fwmask')];
  if (value === undefined) return undefined;
  const numbers = { value: Number(value), mask: Number(mask) };
  return Number.isInteger(numbers.value) && Number.isInteger(numbers.mask) ? numbers : 'unread';
}

const names: Readonly<Record<string, string>> = {
  from: 'src',
  to: 'dst',
  lookup: 'table',
  table: 'table',
  iif: 'iif',
  fwmark: 'fwmark',
  suppress_prefixlength: 'suppress_prefixlen',
  proto: 'protocol',
};

/** `32765:	from 10.22.2.3 lookup 100`: the fields under the names that the JSON has. */
function fieldsOfLine(line: string): readonly JsonObject[] {
  const [, priority, rest = ''] = /^(\d{1,10}):\s(.{0,1024})$/.exec(line) ?? [];
  if (priority === undefined) return line === '' ? [] : [{ priority: 0, unread: line }];
  const words = wordsOf(rest);
  const fields: Record<string, string | null> = { priority };
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const name = Object.hasOwn(names, word) ? names[word] : undefined;
    if (name !== undefined) fields[name] = words[++i] ?? null;
    else if (word === 'not') fields.not = null;
    else if (word === 'unreachable' || word === 'prohibit' || word === 'blackhole') fields.action = word;
    // What is not known takes the rest with it.
    else fields[word] = null;
  }
  if (fields.table?.startsWith('[')) fields.l3mdev = null;
  const [mark, mask] = (fields.fwmark ?? '').split('/');
  if (mask !== undefined) Object.assign(fields, { fwmark: mark, fwmask: mask });
  return [fields];
}

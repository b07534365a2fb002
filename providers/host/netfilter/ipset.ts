import { AddressSet, type Family, PortSet, type Prefix, parseAddress, parsePrefix } from '../../../src/set/index.js';
import { highestPort, protocolNumber } from './protocols.js';
import type { Doubt } from './ruleset.js';

type Dimension = 'address' | 'port' | 'interface' | 'other';

/** What an element of a set says about one thing that a packet is compared by. */
export type IpSetPart =
  | { readonly kind: 'addresses'; readonly addresses: AddressSet }
  /** Of the packets of one protocol; of any with ports where it is left out. */
  | { readonly kind: 'ports'; readonly ports: PortSet; readonly protocol?: number }
  | { readonly kind: 'interface'; readonly name: string }
  /** A mark, a hardware address, a type of ICMP, a port of a bridge. */
  | { readonly kind: 'other'; readonly text: string; readonly protocol?: number };

/** A set of the kernel as `ipset save` writes it. */
export interface IpSet {
  readonly name: string;
  /** `hash:ip,port`; empty where only its elements were seen. */
  readonly type: string;
  /** The only family whose packets it can match; undefined where it takes both. */
  readonly family: Family | undefined;
  /** A packet is in the set when it agrees with all parts of one of these. */
  readonly tuples: readonly (readonly IpSetPart[])[];
  /** The names of the sets in a `list:set`. */
  readonly members: readonly string[];
  /** Set when something about it could not be understood: then nothing is known of what it matches. */
  readonly doubt?: Doubt;
}

interface Group {
  readonly rest: readonly string[];
  readonly in: Prefix[];
  readonly out: Prefix[];
  readonly ranges: AddressSet[];
}

interface Draft {
  readonly name: string;
  readonly type: string;
  readonly family: Family | undefined;
  readonly dimensions: readonly Dimension[];
  /** The dimension whose addresses are joined where the others agree. */
  readonly main: number;
  readonly netmask: number | undefined;
  readonly groups: Map<string, Group>;
  readonly members: string[];
  doubt: Doubt | undefined;
}

const dimensionOf: Readonly<Record<string, Dimension>> = {
  ip: 'address',
  net: 'address',
  port: 'port',
  iface: 'interface',
  mac: 'other',
  mark: 'other',
};

const extensions =
  /^(?:(?: (?:timeout|packets|bytes|skbmark|skbprio|skbqueue) [^ "]+)|(?: comment "[^"]*")| nomatch| wildcard)*$/;
/** A comment has at most 255 characters (ipset(8)), numbers few digits. */
const longestExtensions = 2_000;
const commentText = /comment "[^"]*"/;

/**
 * The sets of `ipset save` by name (ipset(8)): addresses, nets with `nomatch` and timeouts, ports, interfaces and lists of sets. A
 * set with an element or an option that is not understood has a `doubt`; a line that belongs to no set gives one to all.
 */
export function parseIpset(text: string): ReadonlyMap<string, IpSet> {
  const drafts = new Map<string, Draft>();
  let stray: Doubt | undefined;
  for (const line of text.split('\n')) {
    const written = line.trimEnd();
    const [, verb, name = '', rest = ''] = /^(create|add) ([^ ]+) (.*)$/s.exec(written) ?? [];
    if (verb === 'create') drafts.set(name, draftOf(name, rest));
    else if (verb === 'add') {
      const draft = drafts.get(name) ?? unknownSet(name, written);
      drafts.set(name, draft);
      if (!addElement(draft, rest)) draft.doubt ??= { kind: 'unparsed', text: written };
    } else if (written !== '' && !written.startsWith('#')) stray ??= { kind: 'unparsed', text: written };
  }
  return new Map([...drafts].map(([name, draft]) => [name, finished(draft, stray)]));
}

/** The sets, of which those that packets fill or empty are doubtful: what they hold now they need not hold then. */
export function withChanging(
  sets: ReadonlyMap<string, IpSet> | undefined,
  names: ReadonlySet<string>,
): ReadonlyMap<string, IpSet> | undefined {
  if (!sets || names.size === 0) return sets;
  const doubtOf = (name: string): Doubt => ({ kind: 'stateful', text: `set ${name}, which rules change` });
  return new Map([...sets].map(([name, set]) => [name, names.has(name) ? { ...set, doubt: doubtOf(name) } : set]));
}

function unknownSet(name: string, line: string): Draft {
  return { ...draftOf(name, ''), doubt: { kind: 'unparsed', text: line } };
}

function draftOf(name: string, rest: string): Draft {
  const [type = '', ...words] = rest.split(' ');
  const after = (word: string) => words[words.indexOf(word) + 1] ?? '';
  const [method = '', kinds = ''] = type.split(':');
  const dimensions = kinds.split(',').map((kind) => dimensionOf[kind] ?? 'other');
  const isKnown =
    type === 'list:set' ||
    ((method === 'hash' || method === 'bitmap') && kinds.split(',').every((kind) => Object.hasOwn(dimensionOf, kind)));
  const netmask = words.includes('netmask') ? after('netmask') : undefined;
  const isRead = isKnown && !words.includes('bitmask') && (netmask === undefined || /^[0-9]{1,3}$/.test(netmask));
  const family = words.includes('family') ? after('family') : 'inet';
  return {
    name,
    type,
    family: dimensions.includes('address') ? (family === 'inet6' ? 6 : 4) : undefined,
    dimensions,
    main: Math.max(kinds.split(',').lastIndexOf('net'), dimensions.indexOf('address')),
    netmask: netmask === undefined ? undefined : Number(netmask),
    groups: new Map(),
    members: [],
    doubt: isRead ? undefined : { kind: 'unparsed', text: `create ${name} ${rest}`.trimEnd() },
  };
}

/** Whether the element was understood. */
function addElement(draft: Draft, rest: string): boolean {
  const blank = rest.indexOf(' ');
  const element = blank < 0 ? rest : rest.slice(0, blank);
  const extra = blank < 0 ? '' : rest.slice(blank);
  if (extra.length > longestExtensions || !extensions.test(extra)) return false;
  const flags = extra === '' ? extra : extra.replace(commentText, '');
  if (draft.type === 'list:set') return draft.members.push(element) > 0;
  const parts = element.split(',');
  if (parts.length !== draft.dimensions.length) return false;
  const isOut = flags.includes(' nomatch');
  // The most specific net decides (ipset(8): nomatch); between elements of two nets, or beside wildcards, that is no order of one kind.
  if (isOut && (draft.type.split('net').length !== 2 || flags.includes(' wildcard'))) return false;
  const others = parts.map((part, i) =>
    draft.dimensions[i] === 'interface' && flags.includes(' wildcard') ? `${part}+` : part,
  );
  const main = draft.main < 0 ? '' : (parts[draft.main] ?? '');
  if (draft.main >= 0) others[draft.main] = '';
  const key = parts.length === 1 ? '' : others.join(',');
  const group = draft.groups.get(key) ?? { rest: others, in: [], out: [], ranges: [] };
  if (draft.main < 0) draft.groups.set(others.join(','), group);
  else draft.groups.set(key, group);
  return draft.main < 0 || addAddress(draft, group, main, isOut);
}

function addAddress(draft: Draft, group: Group, text: string, isOut: boolean): boolean {
  if (draft.netmask !== undefined) {
    const masked = parsePrefix(`${text}/${draft.netmask}`);
    return masked !== undefined && masked.network.family === draft.family && group.in.push(masked) > 0;
  }
  const prefix = parsePrefix(text);
  if (prefix) return prefix.network.family === draft.family && (isOut ? group.out : group.in).push(prefix) > 0;
  const range = isOut ? undefined : rangeOf(text);
  return range !== undefined && group.ranges.push(range) > 0;
}

function rangeOf(text: string): AddressSet | undefined {
  const [first, last] = text.split('-').map(parseAddress);
  if (!first || !last || first.family !== last.family || first.value > last.value) return undefined;
  return AddressSet.range(first, last);
}

/** The addresses of a group: of the nets that hold an address the longest decides. */
function addressesOf({ in: inside, out, ranges }: Group): AddressSet {
  const all = AddressSet.unionOf([AddressSet.fromPrefixes(inside), ...ranges]);
  if (out.length === 0) return all;
  let sum = AddressSet.unionOf(ranges);
  for (const length of [...new Set([...inside, ...out].map((prefix) => prefix.length))].sort((a, b) => a - b)) {
    const ofLength = (prefixes: readonly Prefix[]) =>
      AddressSet.fromPrefixes(prefixes.filter((prefix) => prefix.length === length));
    sum = sum.union(ofLength(inside)).subtract(ofLength(out));
  }
  return sum;
}

function finished(draft: Draft, stray: Doubt | undefined): IpSet {
  const { name, type, family, members, dimensions } = draft;
  const tuples: IpSetPart[][] = [];
  let doubt = draft.doubt ?? stray;
  const ports = type === 'bitmap:port' ? portsOf([...draft.groups.keys()]) : undefined;
  if (ports) tuples.push([{ kind: 'ports', ports }]);
  else {
    for (const group of draft.groups.values()) {
      const parts = dimensions.map((dimension, i) =>
        i === draft.main
          ? ({ kind: 'addresses', addresses: addressesOf(group) } as const)
          : partOf(dimension, group.rest[i] ?? '', family),
      );
      const read = parts.filter((part) => part !== undefined);
      if (read.length < parts.length) doubt ??= { kind: 'unparsed', text: `add ${name} ${group.rest.join(',')}` };
      else tuples.push(read);
    }
  }
  return { name, type, family, tuples, members, ...(doubt && { doubt }) };
}

const portText = /^(0|[1-9][0-9]{0,4})(?:-(0|[1-9][0-9]{0,4}))?$/;

/** The union of texts that are ports or ranges; undefined when one is neither. */
function portsOf(texts: readonly string[]): PortSet | undefined {
  const ranges: (readonly [number, number])[] = [];
  for (const text of texts) {
    const [, first, last = first] = portText.exec(text) ?? [];
    if (first === undefined || Number(first) > Number(last) || Number(last) > highestPort) return undefined;
    ranges.push([Number(first), Number(last)]);
  }
  return PortSet.ofRanges(ranges);
}

function partOf(dimension: Dimension, text: string, family: Family | undefined): IpSetPart | undefined {
  if (dimension === 'other') return { kind: 'other', text };
  if (dimension === 'interface') {
    return text.startsWith('physdev:') ? { kind: 'other', text } : { kind: 'interface', name: text };
  }
  if (dimension === 'address') {
    const prefix = parsePrefix(text);
    const addresses = prefix ? AddressSet.fromPrefixes([prefix]) : rangeOf(text);
    return addresses?.families().every((of) => of === family) ? { kind: 'addresses', addresses } : undefined;
  }
  const colon = text.indexOf(':');
  const protocol = colon < 0 ? 6 : protocolNumber(text.slice(0, colon));
  if (protocol === undefined) return undefined;
  if (protocol === 1 || protocol === 58) return { kind: 'other', text, protocol };
  const ports = portsOf([text.slice(colon + 1)]);
  return ports && { kind: 'ports', ports, protocol };
}

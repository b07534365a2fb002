import {
  isUnread,
  list,
  may,
  number,
  object,
  possible,
  type Read,
  sharedText,
  text,
} from '../../../src/record/index.js';
import { parsePrefix } from '../../../src/set/index.js';

/** A number, or the decimal text of one: both are met, in REST answers and in what people write by hand. */
export const looseNumber: Read<number> = (value, reading) =>
  number(typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value, reading);

/** One of the words that a field may hold; another one is as good as none that can be read. */
export function word(...words: readonly string[]): Read<string> {
  const known = new Set(words);
  return possible(sharedText, `one of ${words.join(', ')}`, (value) => known.has(value));
}

const protocolName = /^(?:all|tcp|udp|icmp|icmpv6|ipv6-icmp|igmp|gre|esp|ah|ipip|sctp|\d{1,3})$/;

/** A protocol by its name or its number, in lower case. */
const protocol: Read<string> = (value, reading) => {
  const own = text(typeof value === 'number' ? String(value) : value, reading)?.toLowerCase();
  return own === undefined ? undefined : protocolText(own, reading);
};

const protocolText = possible(text, 'a protocol', (value) => protocolName.test(value));

export const texts = list(sharedText);

/** An address or a prefix; an address alone stands for itself. */
export const prefix = possible(sharedText, 'a CIDR block', (value) => parsePrefix(value) !== undefined);

export const prefixes = list(prefix);

/**
 * A record whose lists keep the elements that can be read, where others cannot: such a list still counts as unread, and holds what is
 * sure of it.
 */
export function keeping<T extends { readonly broken?: string }>(
  read: Read<T>,
  elements: Readonly<Record<string, Read<unknown>>>,
): Read<T> {
  return (value, reading) => {
    const record = read(value, reading);
    if (record?.broken === undefined) return record;
    const told = { ...reading, fault: () => undefined };
    const kept: Record<string, unknown> = {};
    for (const [field, element] of Object.entries(elements)) {
      const raw: unknown = (value as Readonly<Record<string, unknown>>)[field];
      if (!isUnread(record, field) || !Array.isArray(raw)) continue;
      const items = raw.map((one: unknown) => element(one, told)).filter((item) => item !== undefined);
      if (items.length > 0) kept[field] = items;
    }
    return { ...record, ...kept };
  };
}

/** `22` or `20-25`, both ends included. */
export const portRange = possible(text, 'a port or a range of ports', (value) => portsOf(value) !== undefined);

export const ports = list(portRange);

/** Prefixes, or `*` for everybody. */
export const edgePrefixes = list(
  possible(sharedText, 'a CIDR block or *', (value) => value === '*' || parsePrefix(value) !== undefined),
);

const layer4Entry = keeping(object({ IPProtocol: may(protocol), ipProtocol: may(protocol), ports: may(ports) }), {
  ports: portRange,
});

/** A protocol and ports, in either spelling; one without a protocol says nothing. */
export const layer4Config: Read<NonNullable<ReturnType<typeof layer4Entry>>> = (value, reading) => {
  const entry = layer4Entry(value, reading);
  if (entry === undefined || entry.broken !== undefined || (entry.IPProtocol ?? entry.ipProtocol) !== undefined)
    return entry;
  reading.fault([...reading.trail, 'IPProtocol'], 'is missing');
  return { ...entry, broken: 'IPProtocol' };
};

export const layer4 = list(layer4Config);

/** The first and the last port of `22` or `20-25`. */
export function portsOf(range: string): readonly [first: number, last: number] | undefined {
  const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(range) ?? [];
  const [low, high] = [Number(first), Number(last ?? first)];
  return first !== undefined && low <= high && high <= 65535 ? [low, high] : undefined;
}

import { type Address, type Family, type Prefix, parsePrefix } from '../../src/set/index.js';
import type { Bundle } from './bundle.js';
import { type JsonObject, jsonObjects, objectsField, textField, textsField } from './json.js';
import { linesOf, wordsOf } from './lines.js';
import { outputOf, type Reading } from './reading.js';
import { writtenAddress } from './source.js';

const routeTypes = [
  'unicast',
  'local',
  'broadcast',
  'multicast',
  'anycast',
  'unreachable',
  'prohibit',
  'blackhole',
  'throw',
] as const;

/** What a route does with a packet (ip-route(8)): `throw` goes on with the next rule. */
export type RouteType = (typeof routeTypes)[number];

export interface Route {
  readonly type: RouteType;
  readonly to: Prefix;
  /** `main`, `local`, or another name or number. */
  readonly table: string;
  readonly metric: number;
  readonly device?: string;
  readonly gateway?: Address;
  /** Its device has no carrier: the kernel uses it all the same (ip-sysctl, ignore_routes_with_linkdown). */
  readonly isLinkDown: boolean;
  /** It holds for some packets only: a type of service, a source. Nobody can tell here whether it fits. */
  readonly isNarrow: boolean;
  /** The route as a line of `ip route`. Untrusted text. */
  readonly line: string;
}

/**
 * The routes of a family in all tables, by `ip -j route show table all`, or by its text. The one without `-6` prints those of both
 * families (measured, iproute2 6.1), so each is taken by what it is about.
 */
export function routesOf(bundle: Bundle, family: Family): Reading<readonly Route[]> {
  const key = family === 4 ? 'routes' : 'routes6';
  const json = outputOf(bundle, key);
  const objects = 'value' in json ? jsonObjects(json.value) : undefined;
  const text = objects ? undefined : outputOf(bundle, `${key}-text`);
  if (!objects && !(text && 'value' in text)) {
    return { unknown: 'unknown' in json ? json.unknown : `${key}: not the JSON of ip` };
  }
  const read = objects ?? (text && 'value' in text ? linesOf(text.value).flatMap(fieldsOfLine) : []);
  const routes = read.flatMap((fields) => routeOf(fields, family));
  return routes.includes('unread')
    ? { unknown: `${key}: a route that cannot be read` }
    : { value: routes.filter(isRead) };
}

function isRead(route: Route | 'unread'): route is Route {
  return route !== 'unread';
}

/** The families of what names addresses; `pref` is of IPv6 alone (RFC 4191). */
function familyOf(fields: JsonObject): Family | undefined {
  const named = ['dst', 'gateway', 'prefsrc', 'from'].map((name) => textField(fields, name)?.split('/')[0] ?? '');
  const hops = objectsField(fields, 'nexthops').map((hop) => textField(hop, 'gateway') ?? '');
  const found = [...named, ...hops].flatMap((written) => writtenAddress(written) ?? []);
  return found[0]?.family ?? (fields.pref === undefined ? undefined : 6);
}

/** One of an other family is nothing; what is unreadable stays visible, because it may be the route that counts. */
function routeOf(fields: JsonObject, family: Family): readonly (Route | 'unread')[] {
  const written = textField(fields, 'dst');
  if (written === undefined) return ['unread'];
  // A default route without a gateway says nothing of its family: it is the one that was asked for.
  const own = familyOf(fields) ?? family;
  if (own !== family) return [];
  const to =
    written === 'default' || written === 'all'
      ? parsePrefix(family === 4 ? '0.0.0.0/0' : '::/0')
      : parsePrefix(written);
  const type = routeTypes.find((name) => name === (textField(fields, 'type') ?? 'unicast'));
  if (!to || !type) return ['unread'];
  const hops = [fields, ...objectsField(fields, 'nexthops')];
  const flags = hops.flatMap((hop) => textsField(hop, 'flags'));
  if (flags.includes('dead')) return [];
  const device = hops.flatMap((hop) => textField(hop, 'dev') ?? [])[0];
  const gateway = writtenAddress(hops.flatMap((hop) => textField(hop, 'gateway') ?? [])[0] ?? '');
  const source = textField(fields, 'from');
  const route: Route = {
    type,
    to,
    table: textField(fields, 'table') ?? 'main',
    metric: Number(fields.metric ?? 0),
    isLinkDown: flags.includes('linkdown'),
    isNarrow: fields.tos !== undefined || (source !== undefined && source !== 'default' && source !== 'all'),
    line: lineOf(fields),
    ...(device === undefined ? {} : { device }),
    ...(gateway ? { gateway } : {}),
  };
  return [route];
}

function lineOf(fields: JsonObject): string {
  const parts = ['type', 'dst'].map((name) => textField(fields, name));
  const named = [
    ['via', 'gateway'],
    ['dev', 'dev'],
    ['table', 'table'],
    ['metric', 'metric'],
  ] as const;
  const rest = named.map(([word, name]) =>
    fields[name] === undefined ? undefined : `${word} ${textField(fields, name) ?? ''}`,
  );
  return [...parts, ...rest].filter((part) => part !== undefined).join(' ');
}

/** Words of a route that have a value after them. */
const valued: Readonly<Record<string, string>> = {
  via: 'gateway',
  dev: 'dev',
  table: 'table',
  metric: 'metric',
  src: 'prefsrc',
  from: 'from',
  tos: 'tos',
  pref: 'pref',
};

/** `unreachable 10.22.1.2 dev lo metric 1024`: the fields under the names that the JSON has. */
function fieldsOfLine(line: string): readonly JsonObject[] {
  const words = wordsOf(line);
  const [first = ''] = words;
  // The further hops of a route stand on lines of their own, further in.
  if (line === '' || first === 'nexthop') return [];
  const type = routeTypes.find((name) => name === first);
  const rest = type ? words.slice(1) : words;
  const fields: Record<string, unknown> = { dst: rest[0], ...(type ? { type } : {}) };
  rest.forEach((word, i) => {
    const name = i > 0 && Object.hasOwn(valued, word) ? valued[word] : undefined;
    if (name === undefined || fields[name] !== undefined) return;
    // `via inet6 fe80::1`: a gateway of the other family.
    fields[name] = rest[i + 1]?.startsWith('inet') ? rest[i + 2] : rest[i + 1];
  });
  return [{ ...fields, flags: ['dead', 'linkdown'].filter((flag) => rest.includes(flag)) }];
}

import type { Sign } from '../../src/model/index.js';
import { type Address, AddressSet } from '../../src/set/index.js';
import type { Bundle } from './bundle.js';
import { jsonObjects, textField, textsField } from './json.js';
import { linesOf, wordsOf } from './lines.js';
import { ownAddresses } from './own-addresses.js';
import { namedRecords, partOf } from './reading.js';
import { returnRoute, returnRoutes } from './return-routes.js';
import { routingRules } from './routing-rules.js';
import { unmapped, writtenAddress } from './source.js';
import { sysctls } from './sysctl.js';

export interface NetworkQuestion {
  readonly client?: Address;
  /** The machine's own address that the client dials. */
  readonly address?: Address;
}

/**
 * What stops answers on their way out of the machine, and packets at its door: no way back to the client, another way back
 * than the way in where sources are checked strictly, a next hop that does not answer, an address whose device is down.
 */
export function networkSigns(bundle: Bundle, { client, address }: NetworkQuestion): Sign[] {
  const way = client ? answerWay(bundle, client, address) : undefined;
  const known: Sign[] = client && way ? [...lostAnswers(client, way), ...deadHop(bundle, client, way)] : [];
  return [
    ...known,
    ...(client && address && way ? otherWay(bundle, client, address, way) : []),
    ...(address ? downAddress(bundle, address) : []),
  ];
}

/** Where answers to a client go. */
interface AnswerWay {
  /** Undefined where they go nowhere. */
  readonly device?: string;
  readonly gateway?: Address;
  /** Why they go nowhere: `unreachable`, `prohibit`, `blackhole`, `none`. */
  readonly lost?: string;
  /** Whether nothing that is not known may choose another way. */
  readonly isSure: boolean;
  readonly at: string;
  readonly line: string;
}

/** By the rules and routes where all of them are known and the dialled address is; else by what the kernel says for the client alone. */
function answerWay(bundle: Bundle, client: Address, near: Address | undefined): AnswerWay | undefined {
  const asked = askedRoute(bundle, client);
  if (!near || near.family !== client.family) return asked;
  const answer = returnRoutes(bundle, { near });
  if (!('routes' in answer)) return asked;
  const found = returnRoute(answer.routes, client);
  const at = near.family === 4 ? 'routes' : 'routes6';
  if (found === 'none') return { lost: 'none', isSure: true, at, line: asked?.line ?? '' };
  const { kind, device, gateway, line } = found;
  const isLost = kind === 'unreachable' || kind === 'prohibit' || kind === 'blackhole';
  const way = { ...(device === undefined ? {} : { device }), ...(gateway ? { gateway } : {}) };
  return { isSure: true, at, line, ...(isLost ? { lost: kind } : way) };
}

/** What the kernel answers to `ip route get`, by the errno that is its word for the kind of the route (measured, iproute2 6.1). */
const errors: Readonly<Record<string, string>> = {
  'Network is unreachable': 'none',
  'No route to host': 'unreachable',
  'Permission denied': 'prohibit',
  'Invalid argument': 'blackhole',
};

/** `ip route get CLIENT`: it knows no source and no mark, so where rules ask for these another way may be taken. */
function askedRoute(bundle: Bundle, client: Address): AnswerWay | undefined {
  const own = namedRecords(bundle, 'route-get').find(({ name }) => {
    const asked = writtenAddress(name);
    return asked !== undefined && AddressSet.single(unmapped(client)).has(asked);
  });
  const record = own && bundle.records.get(own.key);
  if (record?.outcome !== 'ran') return undefined;
  const rules = routingRules(bundle, client.family);
  const isSure =
    'value' in rules && rules.value.every((rule) => isForAll(rule.from) && !rule.mark && rule.opaque === undefined);
  const base = { isSure, at: own?.key ?? '' };
  const said = linesOf(record.stderr).find((line) => line.startsWith('RTNETLINK answers: '));
  const lost = errors[said?.slice('RTNETLINK answers: '.length) ?? ''];
  if (said !== undefined) return lost === undefined ? undefined : { ...base, lost, line: said };
  const [line = ''] = linesOf(record.stdout);
  const words = wordsOf(line.slice(0, 1024));
  const after = (word: string) => (words.includes(word) ? words[words.indexOf(word) + 1] : undefined);
  const [first = ''] = words;
  if (first === 'unreachable' || first === 'prohibit' || first === 'blackhole') return { ...base, lost: first, line };
  const [device, gateway] = [after('dev'), writtenAddress(after('via') ?? '')];
  if (record.status !== 0 || device === undefined) return undefined;
  return { ...base, device, line, ...(gateway ? { gateway } : {}) };
}

function isForAll(from: AddressSet): boolean {
  return from.equals(AddressSet.ipv4) || from.equals(AddressSet.ipv6);
}

/** The SYN arrives, and its answer is never sent (measured). */
function lostAnswers(client: Address, { lost, isSure, at, line }: AnswerWay): Sign[] {
  if (lost === undefined) return [];
  const says = isSure ? 'proves' : 'suggests';
  return [{ code: 'host/no-return-route', says, from: AddressSet.single(client), at, line, data: { kind: lost } }];
}

/** The next hop, or the client where it is a neighbour, did not answer when it was looked for. */
function deadHop(bundle: Bundle, client: Address, { gateway, lost, device }: AnswerWay): Sign[] {
  if (lost !== undefined) return [];
  const at = 'neighbours';
  const hop = AddressSet.single(gateway ?? client);
  const json = jsonObjects(partOf(bundle, at)) ?? [];
  return json.flatMap((neighbour): Sign[] => {
    const address = writtenAddress(textField(neighbour, 'dst') ?? '');
    const isDead = textsField(neighbour, 'state').includes('FAILED') && textField(neighbour, 'dev') === device;
    if (!address || !hop.has(address) || !isDead) return [];
    const line = `${textField(neighbour, 'dst') ?? ''} dev ${device ?? ''} FAILED`;
    const data = { kind: 'neighbour', device: device ?? '' };
    return [{ code: 'host/no-return-route', says: 'suggests', from: AddressSet.single(client), at, line, data }];
  });
}

/**
 * With strict checks a packet is dropped where the way back is not by the device by which it came (ip-sysctl, rp_filter). It
 * suggests: the client's packets most likely come in where the dialled address is, and nothing tells so.
 */
function otherWay(bundle: Bundle, client: Address, address: Address, { device, at, line }: AnswerWay): Sign[] {
  const own = ownAddresses(bundle);
  const home =
    'value' in own ? own.value.find((one) => AddressSet.single(address).has(one.address))?.device : undefined;
  if (client.family === 6 || home === undefined || device === undefined || device === home || device === 'lo')
    return [];
  if (sysctls(bundle).reversePathFilter(home) !== 1) return [];
  const data = { device: home, back: device };
  return [{ code: 'host/reverse-path-filter', says: 'suggests', from: AddressSet.single(client), at, line, data }];
}

/** Nobody answers for an address whose device is down, or that was found to be another machine's. */
function downAddress(bundle: Bundle, address: Address): Sign[] {
  const own = ownAddresses(bundle);
  const found = 'value' in own ? own.value.filter((one) => AddressSet.single(address).has(one.address)) : [];
  const [first] = found;
  if (!first || found.some(({ isUp, isTentative }) => isUp && !isTentative)) return [];
  const line = `${first.device} ${first.isUp ? 'tentative' : 'down'}`;
  return [{ code: 'path/no-such-host', says: 'suggests', at: 'addresses', line, data: { device: first.device } }];
}

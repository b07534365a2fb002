import { AddressSet, type Family, parsePrefix } from '../../src/set/index.js';
import type { Bundle } from './bundle.js';
import { linesOf } from './lines.js';
import { type Bind, parseListen } from './systemd-listen.js';

/** A set of addresses as a unit writes it, and the words that cannot be read. */
export interface UnitAddresses {
  readonly addresses: AddressSet;
  readonly unread: readonly string[];
}

/** A unit of systemd as `systemctl show` tells it. Absent properties are undefined. Texts are those of a stranger. */
export interface Unit {
  readonly name: string;
  /** `loaded`, `not-found`, `masked`, `error`, `bad-setting`. */
  readonly loadState?: string;
  /** `active`, `inactive`, `failed`, `activating`, `deactivating`, `reloading`. */
  readonly activeState?: string;
  readonly subState?: string;
  /** `success`, `exit-code`, `start-limit-hit`, `trigger-limit-hit`, `service-start-limit-hit`, ... */
  readonly result?: string;
  /** `enabled`, `disabled`, `masked`, `static`, `generated`, ... */
  readonly unitFileState?: string;
  readonly exitStatus?: number;
  readonly restarts?: number;
  /** Whether its conditions held when it was last started. */
  readonly conditionResult?: boolean;
  /** What its socket listens on, of TCP. */
  readonly listens: readonly Bind[];
  readonly accept?: boolean;
  readonly maxConnections?: number;
  readonly connections?: number;
  readonly triggers: readonly string[];
  readonly triggeredBy: readonly string[];
  readonly fragmentPath?: string;
  readonly dropInPaths: readonly string[];
  readonly addressDeny: UnitAddresses;
  readonly addressAllow: UnitAddresses;
  readonly privateNetwork?: boolean;
  /** The families of IP for which it may make sockets; undefined where it may for all, or that cannot be read. */
  readonly addressFamilies?: readonly Family[];
  readonly socketBindDeny: readonly string[];
  readonly socketBindAllow: readonly string[];
  /** The words of the program that it starts, with the names of variables as they are. */
  readonly execStart?: readonly string[];
  /** The line of a property, to quote. */
  readonly lineOf: (property: string) => string | undefined;
}

/** The unit that a bundle tells of; undefined where it tells of none, or systemctl did not answer. */
export function systemdUnit(bundle: Bundle, name: string): Unit | undefined {
  const record = bundle.records.get(`unit ${name}`);
  if (record?.outcome !== 'ran' || !/^LoadState=/m.test(record.stdout)) return undefined;
  return parseUnit(name, record.stdout);
}

/** `systemctl show NAME` (systemctl(1), org.freedesktop.systemd1(5)). */
export function parseUnit(name: string, text: string): Unit {
  const lines = new Map<string, string[]>();
  for (const line of linesOf(text)) {
    const property = /^([A-Za-z0-9]+)=/.exec(line)?.[1];
    if (property === undefined) continue;
    const before = lines.get(property);
    if (before) before.push(line);
    else lines.set(property, [line]);
  }
  const valuesOf = (property: string) =>
    (lines.get(property) ?? []).map((line) => line.slice(property.length + 1).trim());
  const wordsOf = (property: string) =>
    valuesOf(property).flatMap((value) => value.split(/\s+/).filter((word) => word !== ''));
  const textOf = (property: string) => valuesOf(property)[0] || undefined;
  return {
    name,
    ...texts(textOf),
    ...numbers(textOf),
    ...flags(textOf),
    listens: valuesOf('Listen').flatMap((value) => parseListen(value)),
    triggers: wordsOf('Triggers'),
    triggeredBy: wordsOf('TriggeredBy'),
    dropInPaths: wordsOf('DropInPaths'),
    addressDeny: addressesOf(wordsOf('IPAddressDeny')),
    addressAllow: addressesOf(wordsOf('IPAddressAllow')),
    ...familiesOf(textOf('RestrictAddressFamilies')),
    socketBindDeny: wordsOf('SocketBindDeny'),
    socketBindAllow: wordsOf('SocketBindAllow'),
    ...execStartOf(textOf('ExecStart')),
    lineOf: (property) => lines.get(property)?.[0],
  };
}

type TextOf = (property: string) => string | undefined;

function texts(textOf: TextOf) {
  const [loadState, activeState, subState] = [textOf('LoadState'), textOf('ActiveState'), textOf('SubState')];
  const [result, unitFileState, fragmentPath] = [textOf('Result'), textOf('UnitFileState'), textOf('FragmentPath')];
  return {
    ...(loadState !== undefined && { loadState }),
    ...(activeState !== undefined && { activeState }),
    ...(subState !== undefined && { subState }),
    ...(result !== undefined && { result }),
    ...(unitFileState !== undefined && { unitFileState }),
    ...(fragmentPath !== undefined && { fragmentPath }),
  };
}

function numbers(textOf: TextOf) {
  const number = (property: string) => {
    const text = textOf(property);
    return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  };
  const [exitStatus, restarts] = [number('ExecMainStatus'), number('NRestarts')];
  const [maxConnections, connections] = [number('MaxConnections'), number('NConnections')];
  return {
    ...(exitStatus !== undefined && { exitStatus }),
    ...(restarts !== undefined && { restarts }),
    ...(maxConnections !== undefined && { maxConnections }),
    ...(connections !== undefined && { connections }),
  };
}

function flags(textOf: TextOf) {
  const flag = (property: string) => {
    const text = textOf(property);
    return text === 'yes' ? true : text === 'no' ? false : undefined;
  };
  const [conditionResult, accept] = [flag('ConditionResult'), flag('Accept')];
  const privateNetwork = flag('PrivateNetwork');
  return {
    ...(conditionResult !== undefined && { conditionResult }),
    ...(accept !== undefined && { accept }),
    ...(privateNetwork !== undefined && { privateNetwork }),
  };
}

/** The words that systemd.resource-control(5) has for prefixes. */
const namedAddresses: ReadonlyMap<string, AddressSet> = new Map([
  ['any', AddressSet.all],
  ['localhost', AddressSet.of('127.0.0.0/8', '::1/128')],
  ['link-local', AddressSet.of('169.254.0.0/16', 'fe80::/64')],
  ['multicast', AddressSet.of('224.0.0.0/4', 'ff00::/8')],
]);

function addressesOf(words: readonly string[]): UnitAddresses {
  const sets: AddressSet[] = [];
  const unread: string[] = [];
  for (const word of words) {
    const prefix = parsePrefix(word);
    const set = namedAddresses.get(word) ?? (prefix && AddressSet.fromPrefixes([prefix]));
    if (set) sets.push(set);
    else unread.push(word);
  }
  return { addresses: AddressSet.unionOf(sets), unread };
}

/** `AF_UNIX AF_INET`: only these; `~AF_INET`: all but these; `none`; nothing: all (systemd.exec(5)). */
function familiesOf(text: string | undefined): { addressFamilies?: readonly Family[] } {
  if (text === undefined) return {};
  const denies = text.startsWith('~');
  const words = new Set((denies ? text.slice(1) : text).split(/\s+/));
  const families = ([4, 6] as const).filter((family) => words.has(family === 4 ? 'AF_INET' : 'AF_INET6') !== denies);
  return { addressFamilies: families };
}

/** `{ path=/usr/sbin/sshd ; argv[]=/usr/sbin/sshd -D $SSHD_OPTS ; ignore_errors=no ; ... }` */
function execStartOf(text: string | undefined): { execStart?: readonly string[] } {
  const argv = /argv\[\]=(.*?) ; /.exec(text?.slice(0, 8192) ?? '')?.[1];
  return argv === undefined ? {} : { execStart: argv.split(/\s+/).filter((word) => word !== '') };
}

/** The clients whose packets the unit drops, in both directions: what is denied and not allowed (systemd.resource-control(5)). */
export function deniedAddresses(unit: Unit): { readonly sure: AddressSet; readonly unread: readonly string[] } {
  const { addressDeny, addressAllow } = unit;
  return {
    sure: addressAllow.unread.length > 0 ? AddressSet.empty : addressDeny.addresses.subtract(addressAllow.addresses),
    unread: [...addressDeny.unread, ...addressAllow.unread],
  };
}

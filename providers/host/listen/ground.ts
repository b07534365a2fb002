import type { Sign } from '../../../src/model/index.js';
import { type Address, type Family, formatAddress } from '../../../src/set/index.js';
import type { Bundle } from '../bundle.js';
import type { Listener, Sockets } from '../sockets/listener.js';
import { isLoopbackOnly, listensOn } from '../sockets/listens-on.js';
import { parseSockets } from '../sockets/sockets.js';
import { unmapped } from '../source.js';
import type { Bind } from '../sshd/listen-address.js';

/** What is asked: one address, any of a family, or any at all. */
export interface AskedListener {
  readonly address?: Address;
  readonly family?: Family;
  readonly port: number;
}

/** What the signs of a listener rest upon. */
export interface Ground {
  readonly bundle: Bundle;
  readonly asked: AskedListener;
  readonly sockets: Sockets;
  readonly listening: 'yes' | 'no' | 'unknown';
  readonly listener?: Listener;
  /** Whether the bundle was gathered by root; undefined where it does not tell. */
  readonly root?: boolean;
}

export function groundOf(bundle: Bundle, asked: AskedListener): Ground {
  const sockets = parseSockets(bundle);
  const uid = bundle.records.get('uid')?.stdout.trim();
  const root = uid !== undefined && /^\d+$/.test(uid) ? uid === '0' : undefined;
  return { bundle, asked, sockets, ...found(sockets, asked), ...(root !== undefined && { root }) };
}

function found(sockets: Sockets, asked: AskedListener): Pick<Ground, 'listening' | 'listener'> {
  if (asked.address) {
    const listens = listensOn(sockets, asked.address, asked.port);
    return { listening: listens.kind, ...(listens.kind === 'yes' && { listener: listens.listener }) };
  }
  const families = asked.family ? [asked.family] : ([4, 6] as const);
  const found = families.map((family) => ofFamily(sockets, family, asked.port));
  const first = found[0];
  if (first && found.every(({ listening }) => listening === first.listening)) return first;
  return { listening: 'unknown' };
}

/** Without an address, only a wildcard is a sure yes, and only nothing but loopback a sure no. */
function ofFamily(sockets: Sockets, family: Family, port: number): Pick<Ground, 'listening' | 'listener'> {
  const onPort = sockets.listeners.filter((one) => one.port === port && !isLoopbackOnly(one));
  const wildcard = onPort.find((one) => one.device === undefined && takesAllOf(one, family));
  if (wildcard) return { listening: 'yes', listener: wildcard };
  const none = !sockets.gap && onPort.every((one) => takesNoneOf(one, family));
  return { listening: none ? 'no' : 'unknown' };
}

function takesAllOf({ address, v6only }: Listener, family: Family): boolean {
  if (address === 'dual') return true;
  return family === 4 ? address === 'any4' || (address === 'any6' && v6only === false) : address === 'any6';
}

function takesNoneOf({ address, v6only }: Listener, family: Family): boolean {
  if (typeof address !== 'string') return address.family !== family;
  return family === 4 ? address === 'any6' && v6only === true : address === 'any4';
}

/** What is so now is proven only where it is known that nothing listens: a listener stands whatever its configuration says. */
export function weighed({ listening }: Ground, says: Sign['says']): Sign['says'] {
  return says === 'proves' && listening !== 'no' ? 'suggests' : says;
}

/** Whether a bind of sshd or of a socket unit takes what is asked; undefined where that is not told. */
export function takesAsked(
  bind: Pick<Listener, 'address' | 'v6only'> & Pick<Bind, 'port'>,
  asked: AskedListener,
): boolean | undefined {
  if (bind.port !== asked.port) return false;
  const listener = { ...bind, owners: [], queue: { waiting: 0 }, via: 'ss' as const, at: '', line: '' };
  return { yes: true, no: false, unknown: undefined }[found({ at: '', listeners: [listener] }, asked).listening];
}

/** Whether an address as sshd writes it in its log is what is asked, or a wildcard of it; true where no address is asked. */
export function isAskedAddress(text: string, { address, family }: AskedListener): boolean {
  const dialled = address && unmapped(address);
  const wanted = dialled?.family ?? family;
  if (text === '0.0.0.0') return wanted !== 6;
  if (text === '::') return wanted !== 4;
  return dialled === undefined || formatAddress(dialled) === text;
}

import { type Filter, type Gap, known, type Reason, stopFilter, unknownFilter } from '../../src/model/index.js';
import { type Address, AddressSet, type Family, PortSet } from '../../src/set/index.js';
import type { Listener, Sockets } from './sockets/listener.js';
import { boundText, type ListenDoubt, type Listens, listensOn, ownerOf, speaksSsh } from './sockets/listens-on.js';

const loopback = AddressSet.of('127.0.0.0/8', '::1/128');

function familyOf({ address }: Listener): Family | undefined {
  if (address === 'any4') return 4;
  if (address === 'any6') return 6;
  return typeof address === 'string' ? undefined : address.family;
}

const isLoopback = ({ address }: Listener) => typeof address !== 'string' && loopback.has(address);

/** Why the nearest listeners do not take it; the code says what to do about it. */
function codeOf(nearest: readonly Listener[], port: number, family: Family): string {
  const onPort = nearest.filter((listener) => listener.port === port);
  if (onPort.length === 0) return nearest.some(speaksSsh) ? 'host/other-port' : 'host/no-listener';
  if (onPort.every(isLoopback)) return 'host/listener-loopback-only';
  const open = onPort.filter((listener) => !isLoopback(listener));
  if (open.every((listener) => familyOf(listener) === 4) && family === 6) return 'host/listener-ipv4-only';
  if (open.every((listener) => familyOf(listener) === 6) && family === 4) return 'host/listener-ipv6-only';
  return 'host/listener-other-address';
}

/** What the kernel answers where nobody listens. */
export function refusal(nearest: readonly Listener[], port: number, family: Family): Reason {
  const data = {
    ports: [...new Set(nearest.map((listener) => `${listener.port}`))].join(', '),
    addresses: nearest.map(boundText).join(', '),
    process: nearest.map(ownerOf).find((owner) => owner !== undefined) ?? '',
  };
  return { code: codeOf(nearest, port, family), data, symptom: 'refused', answer: 'reset' };
}

const doubtWords: Readonly<Record<ListenDoubt['kind'], string>> = {
  family: 'whether it takes this family is not told',
  device: 'by which interface the client comes is not told',
  gap: 'what listens could not be read to the end',
};

function gapOf(why: ListenDoubt): Gap {
  const what = why.kind === 'gap' ? `${why.gap.at}: ${why.gap.line ?? why.gap.kind}` : why.listener.line;
  return {
    code: 'host/ev-sockets',
    kind: why.kind === 'gap' && why.gap.kind === 'denied' ? 'not-permitted' : 'not-collected',
    what: why.kind === 'gap' ? why.gap.at : why.listener.at,
    detail: `${doubtWords[why.kind]}: ${what}`,
  };
}

/** Whether something listens for packets that are past every filter of the machine. */
export function listenerAt(
  sockets: Sockets,
  near: Address | undefined,
  { port, family, device }: { readonly port: number; readonly family: Family; readonly device: string | undefined },
): Listens {
  if (near) return listensOn(sockets, near, port, device);
  // Which of its addresses it is does not matter where a listener takes them all, or none has the port.
  const wildcard: Address = family === 4 ? { family, value: 0 } : { family, value: 0n };
  const all = listensOn(sockets, wildcard, port, device);
  if (all.kind !== 'no') return all;
  const [some] = sockets.listeners.filter((listener) => listener.port === port && !isLoopback(listener));
  return some ? { kind: 'unknown', why: { kind: 'family', listener: some } } : all;
}

export function listenerFilter(listens: Listens, port: number, family: Family): Filter {
  switch (listens.kind) {
    case 'yes': {
      const owner = ownerOf(listens.listener);
      const text = `${owner ?? 'something'} listens on ${boundText(listens.listener)}`;
      const all = { peers: known(AddressSet.all), ports: known(PortSet.all) };
      return { kind: 'rules', rules: [{ id: null, action: 'allow', text, ...all }], otherwise: 'drop' };
    }
    case 'no':
      return stopFilter(refusal(listens.nearest, port, family));
    case 'unknown':
      return unknownFilter(gapOf(listens.why));
  }
}

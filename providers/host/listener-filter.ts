import {
  type Filter,
  type Gap,
  known,
  type Reason,
  type Rule,
  type Sign,
  stopFilter,
  unknownFilter,
} from '../../src/model/index.js';
import { type Address, AddressSet, type Family, PortSet } from '../../src/set/index.js';
import type { Listener, Sockets } from './sockets/listener.js';
import {
  boundText,
  type ListenDoubt,
  type Listens,
  listensOn,
  ownerOf,
  speaks,
  whyNotListening,
} from './sockets/listens-on.js';

/** What the kernel answers where nobody listens. */
function refusal(signs: readonly Sign[]): Reason {
  const [sign] = signs;
  const data = { ...sign?.data, ...(sign?.line ? { rule: sign.line } : {}) };
  return { code: sign?.code ?? 'host/no-listener', data, symptom: 'refused', answer: 'reset' };
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

/** Where packets that are past every filter of the machine end. */
export interface Destination {
  /** Undefined where it is not told which of the machine's addresses that is. */
  readonly near: Address | undefined;
  readonly port: number;
  readonly family: Family;
  readonly device: string | undefined;
}

const loopback = AddressSet.of('127.0.0.0/8', '::1/128');
const isLoopback = ({ address }: Listener) => typeof address !== 'string' && loopback.has(address);

/** Any address of a family: what listens on all of them listens there. */
function anyOf(family: Family): Address {
  return family === 4 ? { family, value: 0 } : { family, value: 0n };
}

/** Whether something listens there. */
export function listenerAt(sockets: Sockets, { near, port, family, device }: Destination): Listens {
  if (near) return listensOn(sockets, near, port, device);
  // Which of its addresses it is does not matter where a listener takes them all, or none has the port.
  const all = listensOn(sockets, anyOf(family), port, device);
  if (all.kind !== 'no') return all;
  const some = sockets.listeners.find((listener) => listener.port === port && !isLoopback(listener));
  return some ? { kind: 'unknown', why: { kind: 'family', listener: some } } : all;
}

/** The same where a rule has sent the packets there: whoever dials the port of sshd meets the rule, not sshd. */
function redirection(rule: string, port: number): Reason {
  return { code: 'host/port-redirected', data: { rule, port: `${port}` }, symptom: 'refused', answer: 'reset' };
}

/** What takes the connection, in words, and what the client sees of it where that is no program of SSH. */
function servedBy(listener: Listener): Pick<Rule, 'text' | 'sees'> {
  const bound = boundText(listener);
  const owner = ownerOf(listener);
  switch (speaks(listener)) {
    case 'ssh':
      return { text: `${owner ?? 'something'} listens on ${bound}` };
    case 'http':
      return { text: `${bound} is held by ${owner}, which does not speak SSH itself`, sees: 'not-ssh' };
    default:
      return { text: `${bound} is held by ${owner}, which is no server of SSH by its name`, sees: 'cannot-tell' };
  }
}

/** The listener as the last thing that decides; `redirectedBy` is the rule that has sent the packets to it, where one did. */
export function listenerFilter(
  sockets: Sockets,
  listens: Listens,
  { near, port, family, device }: Destination,
  redirectedBy?: string,
): Filter {
  switch (listens.kind) {
    case 'yes': {
      const all = { peers: known(AddressSet.all), ports: known(PortSet.all) };
      const rule: Rule = { id: null, action: 'allow', ...all, ...servedBy(listens.listener) };
      return { kind: 'rules', rules: [rule], otherwise: 'drop' };
    }
    case 'no':
      if (redirectedBy !== undefined) return stopFilter(redirection(redirectedBy, port));
      return stopFilter(refusal(whyNotListening(sockets, near ?? anyOf(family), port, device)));
    case 'unknown':
      return unknownFilter(gapOf(listens.why));
  }
}

import { connect, type Socket } from 'node:net';
import { type Greeting, greetingReader } from './probe-greeting.js';
import { goodbye, packetReader } from './probe-packet.js';

/** One address as it is dialled. */
export interface Dialled {
  /** A literal; IPv6 may have a zone. */
  readonly address: string;
  readonly port: number;
}

/**
 * How a conversation ended:
 * - `error`: an error of the socket;
 * - `end`: the server closed its side;
 * - `timer`: nothing came in time;
 * - `kexinit`: the server's half of the key exchange came;
 * - `disconnect`: the server said goodbye in a message of SSH;
 * - `garbage`: after the identification came what is no packet of SSH;
 * - `refused`: what came cannot become a greeting.
 */
export type Ending =
  | { readonly how: 'error'; readonly code: string; readonly message: string }
  | { readonly how: 'disconnect'; readonly text: string }
  | { readonly how: 'end' | 'timer' | 'kexinit' | 'garbage' | 'refused' };

/** What happened on one connection, without a judgement. Times are milliseconds from the start, by a clock that only goes forward. */
export interface Conversation {
  /** When the TCP handshake was over; undefined when it never was. */
  readonly connected: number | undefined;
  readonly greeting: Greeting;
  readonly ending: Ending;
  readonly elapsed: number;
}

const identification = 'SSH-2.0-port22\r\n';
/** How long the server may take to close its side after the goodbye. */
const patience = 500;

function endingOf(error: NodeJS.ErrnoException): Ending {
  return { how: 'error', code: error.code ?? '', message: error.message };
}

/** Closes a connection; after a key exchange with a message, so that the server does not log a client that vanished. */
function leave(socket: Socket, politely: boolean): Promise<void> {
  socket.removeAllListeners();
  socket.on('error', () => {});
  if (!politely || socket.destroyed) {
    socket.destroy();
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    const late = setTimeout(() => socket.destroy(), patience);
    socket.once('close', () => {
      clearTimeout(late);
      resolve();
    });
    socket.resume();
    socket.end(goodbye());
  });
}

/** Sees through what the server sends: answers the ending, or nothing while there may be more. */
function listener(onIdentification: () => void): {
  readonly hear: (bytes: Buffer) => Ending | undefined;
  readonly greeting: () => Greeting;
} {
  const reader = greetingReader();
  const packets = packetReader();
  const hearPacket = (bytes: Buffer): Ending | undefined => {
    const packet = packets(bytes);
    if (packet.kind === 'more') return undefined;
    return packet.kind === 'disconnect' ? { how: 'disconnect', text: packet.text } : { how: packet.kind };
  };
  return {
    greeting: reader.soFar,
    hear: (bytes) => {
      if (reader.soFar().identification !== undefined) return hearPacket(bytes);
      const greeting = reader.take(bytes);
      if (greeting.refused !== undefined) return { how: 'refused' };
      if (greeting.identification === undefined) return undefined;
      onIdentification();
      return hearPacket(greeting.rest);
    },
  };
}

/**
 * Opens one connection and listens. `timer` is the milliseconds for each of three waits: for the handshake, for the greeting,
 * for the server's half of the key exchange. The client identifies itself when the server has, or when half of the time for the
 * greeting is over: some servers wait for the client to speak, and HTTP answers only then. Never rejects.
 */
export function converse({ address, port }: Dialled, timer: number): Promise<Conversation> {
  return new Promise((resolve) => {
    const start = performance.now();
    const since = () => performance.now() - start;
    let connected: number | undefined;
    let spoken = false;
    let over = false;
    let alarm: NodeJS.Timeout | undefined;
    let nudge: NodeJS.Timeout | undefined;
    const socket = connect({ host: address, port, autoSelectFamily: false, allowHalfOpen: true, noDelay: true });
    const finish = (ending: Ending) => {
      if (over) return;
      over = true;
      clearTimeout(alarm);
      clearTimeout(nudge);
      const conversation = { connected, greeting: ear.greeting(), ending, elapsed: since() };
      void leave(socket, ending.how === 'kexinit').then(() => resolve(conversation));
    };
    const wait = () => {
      clearTimeout(alarm);
      alarm = setTimeout(() => finish({ how: 'timer' }), timer);
    };
    const speak = () => {
      if (!spoken) socket.write(identification);
      spoken = true;
    };
    const ear = listener(() => {
      speak();
      wait();
    });
    wait();
    socket.once('connect', () => {
      connected = since();
      wait();
      nudge = setTimeout(speak, timer / 2);
    });
    socket.on('data', (bytes) => {
      const ending = ear.hear(bytes);
      if (ending) finish(ending);
    });
    socket.once('end', () => finish({ how: 'end' }));
    socket.once('error', (error) => finish(endingOf(error)));
    socket.once('close', () => finish({ how: 'end' }));
  });
}

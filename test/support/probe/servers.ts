import { createServer, type Server, type Socket } from 'node:net';

/** A listener on loopback that counts what it accepted, and when (milliseconds of the test's own clock). */
export interface Listener {
  readonly port: number;
  readonly accepted: readonly number[];
  /** Everything that clients sent, by connection. */
  readonly received: readonly Buffer[];
}

/** What a server does with a connection. */
export type Behaviour = (socket: Socket) => void;

/** Servers of one test file; `close` ends them and what hangs on them. */
export function servers(): {
  readonly listen: (behaviour: Behaviour, at?: { readonly host?: string; readonly port?: number }) => Promise<Listener>;
  readonly close: () => Promise<void>;
} {
  const open: Server[] = [];
  const sockets = new Set<Socket>();
  return {
    listen: (behaviour, { host = '127.0.0.1', port = 0 } = {}) =>
      new Promise((resolve, reject) => {
        const accepted: number[] = [];
        const received: Buffer[] = [];
        const server = createServer({ allowHalfOpen: true }, (socket) => {
          const index = accepted.push(performance.now()) - 1;
          received.push(Buffer.alloc(0));
          sockets.add(socket);
          socket.on('error', () => {});
          socket.once('end', () => socket.end());
          socket.on('close', () => sockets.delete(socket));
          socket.on('data', (bytes) => {
            received[index] = Buffer.concat([received[index] ?? Buffer.alloc(0), bytes]);
          });
          behaviour(socket);
        });
        server.once('error', reject);
        server.listen({ host, port, ipv6Only: host.includes(':') }, () => {
          open.push(server);
          const bound = server.address();
          if (bound === null || typeof bound === 'string') reject(new Error('no port'));
          else resolve({ port: bound.port, accepted, received });
        });
      }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all(open.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

/** A packet of SSH before encryption: type and payload with four bytes of padding or more (RFC 4253, section 6). */
export function sshPacket(type: number, payload = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from([type]), payload]);
  const padding = 4 + ((8 - ((5 + body.length + 4) % 8)) % 8);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(1 + body.length + padding);
  head.writeUInt8(padding, 4);
  return Buffer.concat([head, body, Buffer.alloc(padding)]);
}

/** A KEXINIT of the size of sshd's. */
export const kexinit = sshPacket(20, Buffer.alloc(1048, 'a'));

export const identification = 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10';

/** Greets as sshd does: identifies itself, and sends its half of the key exchange when the client has identified itself. */
export const sshd: Behaviour = (socket) => {
  socket.write(`${identification}\r\n`);
  socket.once('data', () => socket.write(kexinit));
};

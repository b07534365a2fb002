// Runs in the network of the server: listens where its arguments say (`[address]:port`), and greets as SSH does, naming the port, or
// with the text in GREETING (none where it is empty). Says `ready` when all are open.
import { createServer } from 'node:net';

const { GREETING, AFTER } = process.env;
const servers = process.argv.slice(2).map((text) => {
  const [, host, port] = /^\[(.+)\]:(\d+)$/.exec(text);
  const server = createServer((socket) => {
    socket.on('error', () => {});
    const greeting = GREETING ?? `SSH-2.0-port${port}\r\n`;
    if (greeting !== '') socket.write(greeting);
    if (AFTER === 'close') socket.end();
    else if (AFTER === 'reset') socket.resetAndDestroy();
    else socket.resume();
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(
      { host, port: Number(port), backlog: 4096, ipv6Only: host.includes(':') && !process.env.DUAL },
      resolve,
    );
  });
});
await Promise.all(servers);
process.stdout.write('ready\n');
// Whoever started it lets go of its input, and it ends.
process.stdin.resume().on('end', () => process.exit(0));

import { expect, test } from '@jest/globals';
import { absent, diagnosed, explained, inShort, reachable, stopped } from '../../support/host/machine.js';

const times = <T>(count: number, make: (k: number) => T) => Array.from({ length: count }, (_, k) => make(k));
const many = 150_000;
const hex = (k: number) => k.toString(16).toUpperCase().padStart(4, '0');
const timedOut = 'ssh: connect to host 10.22.2.2 port 22: Connection timed out';

/** A row of /proc/net/tcp: something listens on a port of every address. */
const row = (k: number) =>
  `   ${k}: 00000000:${hex(1024 + (k % 60_000))} 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 ${k} 1 0000000000000000 100 0 0 10 0`;

test('a machine with very many sockets is judged all the same', async () => {
  const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
  const records = { sockets: absent, 'proc-tcp': `${head}${times(many, row).join('\n')}\n`, 'proc-tcp6': absent };
  expect(inShort(await explained(records))).toEqual(stopped('refused', 'host/no-listener'));
}, 180_000);

test('so is one with very many listeners on one port, and one with very many routes', async () => {
  const listener = (k: number) =>
    `LISTEN 0 128 10.${k >> 16}.${(k >> 8) & 255}.${k & 255}:22 0.0.0.0:* ino:${k} sk:1 <->`;
  const sockets = `${times(many, listener).join('\n')}\n`;
  expect((await diagnosed(timedOut, { sockets }, { from: '10.22.1.2' })).causes.length).toBeGreaterThan(0);
  const route = (k: number) => ({
    dst: `11.${k >> 16}.${(k >> 8) & 255}.${k & 255}`,
    gateway: '10.22.2.1',
    dev: 'eth0',
  });
  const routes = JSON.stringify([
    ...times(many, route),
    { dst: 'default', gateway: '10.22.2.1', dev: 'eth0', flags: [] },
  ]);
  expect(inShort(await explained({ routes }))).toEqual(reachable);
}, 180_000);

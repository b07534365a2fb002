// Runs in the network of the client. Reads jobs, one JSON array a line, and answers each array with one:
// {id, host, port, local?, localPort?, timer, banner?} -> {id, what, ms, line?, from?}; see ../prober.ts.
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const WIDTH = 250;

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await all(JSON.parse(line)))}\n`);
}
process.exit(0);

/** At most WIDTH at a time: the timers of many more would run out because of each other. */
async function all(jobs) {
  const answers = [];
  let next = 0;
  async function lane() {
    while (next < jobs.length) {
      const at = next++;
      answers[at] = await attempt(jobs[at]);
    }
  }
  await Promise.all(Array.from({ length: Math.min(WIDTH, jobs.length) }, lane));
  return answers;
}

function attempt({ id, host, port, local, localPort, timer, banner }) {
  const start = performance.now();
  return new Promise((resolve) => {
    let connected = false;
    let received = '';
    let clock = setTimeout(() => done('TIMEOUT'), timer);
    const socket = connect({ host, port, localAddress: local, localPort, autoSelectFamily: false });

    function done(what) {
      clearTimeout(clock);
      const ms = Math.round((performance.now() - start) * 10) / 10;
      const stage = received !== '' ? 'greeted' : connected ? 'connected' : 'connecting';
      const [first] = received.split('\n');
      resolve({ id, what, stage, ms, ...(received === '' ? {} : { line: first.replace(/\r$/, '') }) });
      socket.removeAllListeners();
      socket.on('error', () => {});
      if (connected) socket.resetAndDestroy();
      else socket.destroy();
    }

    socket.on('error', ({ code }) => done(code));
    socket.on('end', () => done('END'));
    socket.on('connect', () => {
      connected = true;
      if (banner === undefined) return done('CONNECTED');
      clearTimeout(clock);
      clock = setTimeout(() => done('SILENT'), banner);
    });
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      if (received.includes('\n') || received.length > 4096) done('GREETED');
    });
  });
}

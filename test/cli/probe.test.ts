import { createServer, type Socket } from 'node:net';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Observation, ProbeResult } from '../../src/model/index.js';
import { port22, problemsOf } from '../support/command.js';
import { type Behaviour, identification, kexinit, servers, sshd, sshPacket } from '../support/probe/servers.js';
import { schemaErrors } from '../support/report-schema.js';

const { listen, close } = servers();
afterAll(close);

const later = (time: number, act: () => void) => {
  setTimeout(act, time).unref();
};

/** A port of loopback on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return bound.port;
}

interface Probed extends ProbeResult {
  readonly exitCode: number;
}

async function probed(
  host: string,
  port: number,
  more: readonly string[] = [],
  addresses?: readonly string[],
): Promise<Probed> {
  const args = ['probe', host, '--port', String(port), '--format', 'json', ...more];
  const resolve = async () => (addresses ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const { exitCode, out } = await port22(args, addresses ? { resolve } : {});
  const result: ProbeResult = JSON.parse(out);
  expect(schemaErrors(result, 'probe')).toEqual([]);
  return { ...result, exitCode };
}

async function only(behaviour: Behaviour, timeout = '0.4'): Promise<Observation & { readonly exitCode: number }> {
  const { port } = await listen(behaviour);
  const { attempts, exitCode } = await probed('127.0.0.1', port, ['--timeout', timeout]);
  const [observation, ...others] = attempts;
  if (!observation || others.length > 0) throw new Error(`one observation expected, ${attempts.length} came`);
  return { ...observation, exitCode };
}

const say =
  (text: string | Buffer): Behaviour =>
  (socket) =>
    socket.write(text);
const sayAndEnd =
  (text: string | Buffer): Behaviour =>
  (socket) =>
    socket.end(text);
const answer =
  (text: string): Behaviour =>
  (socket) =>
    socket.once('data', () => socket.end(text));

describe('what a server does is told as a symptom', () => {
  interface Row {
    readonly server: string;
    readonly does: Behaviour;
    readonly symptom: string;
    readonly stage: string;
    readonly greeting?: string | undefined;
    readonly line?: RegExp;
    readonly timeout?: string;
  }
  const reset = (socket: Socket) => socket.resetAndDestroy();
  const none = { greeting: undefined };
  const rows: readonly Row[] = [
    { server: 'sshd', does: sshd, symptom: 'connects', stage: 'key-exchange', greeting: identification },
    {
      server: 'sshd that sends all at once',
      does: say(Buffer.concat([Buffer.from(`${identification}\r\n`), kexinit])),
      symptom: 'connects',
      stage: 'key-exchange',
      greeting: identification,
    },
    {
      server: 'sshd byte by byte, with a line end of LF alone',
      does: (socket) => {
        socket.setNoDelay(true);
        const bytes = Buffer.concat([Buffer.from(`${identification}\n`), kexinit.subarray(0, 60)]);
        for (const [index, byte] of bytes.entries()) later(index, () => socket.write(Buffer.from([byte])));
        later(bytes.length + 5, () => socket.write(kexinit.subarray(60)));
      },
      timeout: '3',
      symptom: 'connects',
      stage: 'key-exchange',
      greeting: identification,
    },
    {
      server: 'sshd behind a debug message',
      does: (socket) => {
        socket.write(`SSH-1.99-Cisco-1.25\n`);
        socket.write(Buffer.concat([sshPacket(4, Buffer.alloc(20)), sshPacket(2), kexinit]));
      },
      symptom: 'connects',
      stage: 'key-exchange',
      greeting: 'SSH-1.99-Cisco-1.25',
    },
    {
      server: 'sshd with lines before its identification, which RFC 4253 allows',
      does: (socket) => {
        socket.write('Authorised users only.\r\n\r\n220 is no number here\r\n');
        sshd(socket);
      },
      symptom: 'connects',
      stage: 'key-exchange',
      greeting: identification,
      line: /after 3 other lines/,
    },
    {
      server: 'sshd that waits for the client to speak',
      does: (socket) =>
        socket.once('data', () => sshd(socket)).once('data', () => later(20, () => socket.write(kexinit))),
      symptom: 'connects',
      stage: 'key-exchange',
      greeting: identification,
    },
    { server: 'accepts and closes', does: (socket) => socket.end(), symptom: 'closed', stage: 'connected', ...none },
    {
      server: 'accepts and closes after a pause',
      does: (socket) => later(150, () => socket.end()),
      symptom: 'closed',
      stage: 'connected',
      ...none,
    },
    {
      server: 'accepts and resets after a pause',
      does: (socket) => later(60, () => reset(socket)),
      symptom: 'reset',
      stage: 'connected',
      ...none,
    },
    { server: 'is silent', does: () => {}, symptom: 'silent', stage: 'connected', ...none },
    {
      server: 'MaxStartups of OpenSSH 9.2',
      does: sayAndEnd('Exceeded MaxStartups\r\n'),
      symptom: 'banner-text',
      stage: 'greeted',
      greeting: 'Exceeded MaxStartups',
    },
    {
      server: 'a penalty of OpenSSH 10.0, and a reset after it',
      does: (socket) => {
        socket.write('Not allowed at this time\r\n');
        later(60, () => reset(socket));
      },
      symptom: 'banner-text',
      stage: 'greeted',
      greeting: 'Not allowed at this time',
    },
    {
      server: 'a text without the end of its line',
      does: sayAndEnd('go away'),
      symptom: 'banner-text',
      stage: 'greeted',
      greeting: 'go away',
    },
    {
      server: 'HTTP, which waits for the client to speak',
      does: answer('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
      symptom: 'not-ssh',
      stage: 'greeted',
      greeting: 'HTTP/1.1 400 Bad Request',
    },
    {
      server: 'SMTP, which then waits',
      does: say('220 mail.example.com ESMTP Postfix\r\n'),
      symptom: 'not-ssh',
      stage: 'greeted',
      greeting: '220 mail.example.com ESMTP Postfix',
    },
    {
      server: 'a text after which it waits',
      does: say('login: \n'),
      symptom: 'not-ssh',
      stage: 'greeted',
      greeting: 'login: ',
    },
    {
      server: 'TLS',
      does: answer('\x15\x03\x01\x00\x02\x02\x46'),
      symptom: 'not-ssh',
      stage: 'greeted',
      line: /speaks TLS/,
    },
    {
      server: 'MySQL',
      does: say('J\0\0\0\n8.0.36\0'),
      symptom: 'not-ssh',
      stage: 'greeted',
      line: /no text/,
    },
    {
      server: 'control characters, then the end',
      does: sayAndEnd('\x01\x02\x7f\n'),
      symptom: 'not-ssh',
      stage: 'greeted',
    },
    {
      server: 'SSH 1',
      does: say('SSH-1.5-1.2.27\n'),
      symptom: 'not-ssh',
      stage: 'greeted',
      greeting: 'SSH-1.5-1.2.27',
    },
    {
      server: 'endless lines',
      does: say('x\n'.repeat(5000)),
      symptom: 'not-ssh',
      stage: 'greeted',
      line: /1024 lines without an SSH identification/,
    },
    {
      server: 'half an identification',
      does: say('SSH-2.0-Open'),
      symptom: 'cannot-tell',
      stage: 'greeted',
      greeting: 'SSH-2.0-Open',
    },
    {
      server: 'an identification and no more',
      does: say(`${identification}\r\n`),
      symptom: 'kex-hang',
      stage: 'key-exchange',
      greeting: identification,
    },
    {
      server: 'an identification and the start of KEXINIT',
      does: say(Buffer.concat([Buffer.from(`${identification}\r\n`), kexinit.subarray(0, 500)])),
      symptom: 'kex-hang',
      stage: 'key-exchange',
      greeting: identification,
    },
    {
      server: 'an identification and a reset',
      does: (socket) => {
        socket.write(`${identification}\r\n`);
        later(60, () => reset(socket));
      },
      symptom: 'reset',
      stage: 'key-exchange',
      greeting: identification,
    },
    {
      server: 'an identification and the end',
      does: sayAndEnd(`${identification}\r\n`),
      symptom: 'closed',
      stage: 'key-exchange',
      greeting: identification,
    },
    {
      server: 'an identification and a goodbye',
      does: say(
        Buffer.concat([
          Buffer.from('SSH-2.0-Go\r\n'),
          sshPacket(1, Buffer.from('\0\0\0\x0b\0\0\0\x04busy\0\0\0\0', 'latin1')),
        ]),
      ),
      symptom: 'closed',
      stage: 'key-exchange',
      greeting: 'SSH-2.0-Go',
      line: /goodbye: "busy"/,
    },
    {
      server: 'an identification and what is no SSH',
      does: say(`SSH-2.0-portspoof\r\n${'z'.repeat(500)}`),
      symptom: 'cannot-tell',
      stage: 'key-exchange',
    },
  ];
  test.each(rows)('$server', async ({ does, symptom, stage, line, timeout, ...row }) => {
    const seen = await only(does, timeout);
    expect(seen).toMatchObject({ symptoms: [symptom], stage, tool: 'probe', family: 4, showsGreeting: true });
    expect(seen.exitCode).toBe(symptom === 'connects' ? 0 : symptom === 'cannot-tell' ? 3 : 1);
    if ('greeting' in row) expect(seen.greeting).toBe(row.greeting);
    if (line) expect(seen.line).toMatch(line);
  });

  test('the time of an end without a greeting is told: TCP wrappers take 5.0 s', async () => {
    const seen = await only((socket) => later(250, () => socket.end()), '2');
    expect(seen.elapsed).toBeGreaterThanOrEqual(249);
    expect(seen.elapsed).toBeLessThan(900);
    expect(seen).toMatchObject({ symptoms: ['closed'], timer: 2000 });
  });

  test('a reset with the handshake is a reset, whether connect or the first read tells it', async () => {
    expect(await only((socket) => socket.resetAndDestroy())).toMatchObject({ symptoms: ['reset'], exitCode: 1 });
  });

  test('ten megabytes without the end of a line are not read', async () => {
    const bytes = Buffer.alloc(10_000_000, 'a');
    const seen = await only(say(bytes));
    expect(seen).toMatchObject({
      symptoms: ['not-ssh'],
      greeting: 'a'.repeat(8192),
      line: expect.stringMatching(/more than 8192 bytes/),
    });
  });

  test('the client leaves with a message, as a client that vanishes is counted as an attack', async () => {
    const listener = await listen(sshd);
    await probed('127.0.0.1', listener.port);
    const [said = Buffer.alloc(0)] = listener.received;
    expect(said.subarray(0, 16).toString()).toBe('SSH-2.0-port22\r\n');
    const packet = said.subarray(16);
    expect(packet.readUInt32BE(0)).toBe(packet.length - 4);
    expect(packet.length % 8).toBe(0);
    expect(packet.readUInt8(4)).toBeGreaterThanOrEqual(4);
    // SSH_MSG_DISCONNECT, SSH_DISCONNECT_BY_APPLICATION.
    expect([...packet.subarray(5, 10)]).toEqual([1, 0, 0, 0, 11]);
  });

  test('nothing is said to a server that answers at once with text', async () => {
    const listener = await listen(sayAndEnd('Exceeded MaxStartups\r\n'));
    await probed('127.0.0.1', listener.port);
    expect(listener.received.map(String)).toEqual(['']);
  });
});

describe('a port that refuses', () => {
  test('is tried eight times in a row, all at once, and is not called a reset for sure', async () => {
    const port = await closedPort();
    const { attempts, exitCode } = await probed('127.0.0.1', port);
    expect(exitCode).toBe(1);
    expect(attempts).toMatchObject([{ symptoms: ['refused'], stage: 'connecting', address: '127.0.0.1', port }]);
    expect(attempts[0]?.repeats).toHaveLength(8);
    expect(Math.max(...(attempts[0]?.repeats ?? []))).toBeLessThan(500);
    expect(attempts[0]).not.toHaveProperty('answer');
  });

  test('and says what that means', async () => {
    const port = await closedPort();
    const { out } = await port22(['probe', '127.0.0.1', '--port', String(port)]);
    expect(out).toMatch(
      new RegExp(`^127\\.0\\.0\\.1  tcp/${port}  the client is refused, after \\d+ ms; 8 of 8 at once\n`),
    );
    expect(out).toMatch(
      /\n {2}seen {3}connect ECONNREFUSED 127\.0\.0\.1:\d+\n {2}means {2}a TCP reset, most likely: nothing listens/,
    );
  });

  test('one that then accepts is two observations, and the second one is kept', async () => {
    const port = await closedPort();
    const seen = probed('127.0.0.1', port, ['--timeout', '1']);
    // Listening begins between two of the attempts, or before all or after all of them: each of these is told as it was.
    await listen(sshd, { port });
    const { attempts } = await seen;
    const symptoms = attempts.map(({ symptoms: [symptom] }) => symptom);
    expect([['refused'], ['connects'], ['refused', 'connects']]).toContainEqual(symptoms);
  });
});

describe('the budget', () => {
  test('four addresses of one name: three connections, a second apart, and the fourth is not tried', async () => {
    const addresses = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4'];
    const listener = await listen(sshd, { host: '0.0.0.0' });
    const { attempts, notTried, exitCode } = await probed('four.test', listener.port, [], addresses);
    expect(attempts.map(({ address }) => address)).toEqual(addresses.slice(0, 3));
    expect(notTried).toEqual([{ address: '127.0.0.4', reason: 'connection-budget' }]);
    expect(exitCode).toBe(0);
    const [a = 0, b = 0, c = 0, ...more] = listener.accepted;
    expect(more).toEqual([]);
    expect(b - a).toBeGreaterThanOrEqual(990);
    expect(c - b).toBeGreaterThanOrEqual(990);
  });

  test('a server that closes, resets or hangs gets no more connections', async () => {
    const addresses = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'];
    const behaviours: readonly Behaviour[] = [(socket) => socket.end(), (socket) => socket.resetAndDestroy(), () => {}];
    await Promise.all(
      behaviours.map(async (behaviour) => {
        const listener = await listen(behaviour, { host: '0.0.0.0' });
        const { notTried, exitCode } = await probed('five.test', listener.port, ['--timeout', '0.2'], addresses);
        expect(listener.accepted).toHaveLength(3);
        expect(notTried).toHaveLength(2);
        expect(exitCode).toBe(3);
      }),
    );
  });

  test('refusals cost nothing, and an address that comes twice is tried once', async () => {
    const port = await closedPort();
    const addresses = ['127.0.0.5', '127.0.0.6', '127.0.0.5', '127.0.0.7', '127.0.0.8', '127.0.0.9'];
    const { attempts, notTried } = await probed('many.test', port, [], addresses);
    expect(attempts.map(({ address }) => address)).toEqual([...new Set(addresses)]);
    expect(notTried).toEqual([]);
  });

  test('a name with very many addresses is not walked to its end, and that is told', async () => {
    const port = await closedPort();
    const addresses = Array.from({ length: 20 }, (_, index) => `127.0.1.${index + 1}`);
    const { attempts, notTried, exitCode } = await probed('crowd.test', port, [], addresses);
    expect(attempts).toHaveLength(16);
    expect(notTried).toEqual(addresses.slice(16).map((address) => ({ address, reason: 'too-many-addresses' })));
    expect(exitCode).toBe(3);
    const resolve = async () => addresses.map((address) => ({ address, family: 4 }));
    const { out } = await port22(['probe', 'crowd.test', '--port', String(port)], { resolve });
    expect(out).toContain(`127.0.1.20  tcp/${port}  not tried: the name has more addresses than one run tries\n`);
  });
});

describe('a name with an address of each family', () => {
  test('two experiments, each with its own answer, in the order of the resolver', async () => {
    const listener = await listen(sshd, { host: '::1' });
    for (const addresses of [
      ['::1', '127.0.0.1'],
      ['127.0.0.1', '::1'],
    ]) {
      const { attempts, exitCode } = await probed('two.test', listener.port, [], addresses);
      const seen = attempts.map(({ address, family, symptoms, host }) => ({ address, family, symptoms, host }));
      const expected = [
        { address: '::1', family: 6, symptoms: ['connects'], host: 'two.test' },
        { address: '127.0.0.1', family: 4, symptoms: ['refused'], host: 'two.test' },
      ];
      expect(seen).toEqual(addresses[0] === '::1' ? expected : expected.reverse());
      expect(exitCode).toBe(0);
    }
    expect(listener.accepted).toHaveLength(2);
  });

  test('a silent one does not hide the other, nor the other way round', async () => {
    const listener = await listen(() => {}, { host: '::1' });
    await listen(sshd, { port: listener.port });
    const { attempts } = await probed('two.test', listener.port, ['--timeout', '0.3'], ['::1', '127.0.0.1']);
    expect(attempts.map(({ symptoms }) => symptoms[0])).toEqual(['silent', 'connects']);
  });

  test('an IPv4 address in IPv6 clothes is dialled, and told, as IPv4', async () => {
    const listener = await listen(sshd);
    for (const host of ['::ffff:127.0.0.1', '[::ffff:7f00:1]']) {
      const { attempts } = await probed(host, listener.port);
      expect(attempts).toMatchObject([{ address: '127.0.0.1', family: 4, symptoms: ['connects'] }]);
    }
  });
});

describe('HOST', () => {
  test('a name that does not resolve is told as a symptom, and is no answer', async () => {
    const resolve = async () => {
      throw new Error('getaddrinfo ENOTFOUND no-such.test');
    };
    const { exitCode, out, err } = await port22(['probe', 'no-such.test', '--format', 'json'], { resolve });
    expect(exitCode).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      attempts: [{ symptoms: ['dns-failed'], stage: 'resolving', host: 'no-such.test' }],
    });
    expect(problemsOf(err)).toMatchObject([
      { what: 'no-such.test does not resolve', where: 'HOST', why: 'getaddrinfo ENOTFOUND no-such.test' },
    ]);
    expect(await port22(['probe', 'empty.test'], { resolve: async () => [] })).toMatchObject({ exitCode: 2 });
  });

  test('the resolver of the system is asked where the shell has none', async () => {
    const { attempts, exitCode } = await probed('no-such-host.invalid', 22);
    expect({ exitCode, symptoms: attempts[0]?.symptoms }).toEqual({ exitCode: 2, symptoms: ['dns-failed'] });
  });

  test.each<[string, string[], { what: string; where?: string; fix?: string }]>([
    ['none', [], { what: 'there is no host', where: 'HOST' }],
    ['two', ['a.test', 'b.test'], { what: 'there is more than one host: a.test b.test' }],
    ['a user', ['root@a.test'], { what: 'root@a.test is no host', fix: 'leave the user out: port22 probe a.test' }],
    ['a port', ['a.test:2222'], { what: 'a.test:2222 is no host', fix: 'port22 probe a.test --port 2222' }],
    ['an address', ['ssh://a.test'], { what: 'ssh://a.test is no host' }],
    ['blanks', ['a test'], { what: 'a test is no host' }],
    [
      'a link without its interface',
      ['fe80::1'],
      { fix: 'name the interface: fe80::1%eth0', what: 'fe80::1 without its interface is no host' },
    ],
    ['no time', ['a.test', '--timeout', '0'], { what: '0 is no time to wait', where: '--timeout' }],
    ['a long time', ['a.test', '--timeout', '301'], { what: '301 is no time to wait', where: '--timeout' }],
    ['a word for a time', ['a.test', '--timeout', '1e1'], { what: '1e1 is no time to wait' }],
    ['no port', ['a.test', '--port', '0'], { what: '0 is not a TCP port', where: '--port' }],
    ['a format', ['a.test', '--format', 'sarif'], { what: '--format cannot be sarif' }],
  ])('%s', async (_, args, problem) => {
    const resolve = () => Promise.reject(new Error('asked'));
    const { exitCode, out, err } = await port22(['probe', ...args], { resolve });
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(problemsOf(err)).toMatchObject([{ severity: 'cannot', ...problem }]);
  });

  test('an interface that is not there is told, without a crash', async () => {
    const { attempts, exitCode } = await probed('fe80::1%nowhere9', 22);
    expect({ exitCode, symptoms: attempts[0]?.symptoms }).toEqual({ exitCode: 3, symptoms: ['cannot-tell'] });
  });
});

describe('what is printed', () => {
  test('escapes what a server sends, in both forms, and counts what it leaves out', async () => {
    const hostile = `\u001b]0;owned\u0007\u202e${'x'.repeat(3000)}`;
    const { port } = await listen(sayAndEnd(`${hostile}\r\n`));
    for (const format of ['text', 'json']) {
      const { out } = await port22(['probe', '127.0.0.1', '--port', String(port), '--format', format]);
      expect(out).toMatch(/^[\n -~]*$/);
    }
    const { out } = await port22(['probe', '127.0.0.1', '--port', String(port)]);
    expect(out).toMatch(/\\u\{1b\}\]0;owned\\u\{7\}\\u\{202e\}x+\.\.\. \(\d+ more characters\)\n/);
    expect((await probed('127.0.0.1', port)).attempts[0]?.greeting).toBe(hostile);
  });

  test('the host is escaped as well', async () => {
    const resolve = () => Promise.reject(new Error('no\u001b[31m'));
    const { out, err } = await port22(['probe', 'a\u202eb'], { resolve });
    expect(out + err).toMatch(/^[\n -~]*$/);
  });

  test('the JSON names its schema and the tool, and one observation is one line', async () => {
    const { port } = await listen(sshd);
    const { out } = await port22(['probe', '127.0.0.1', '--port', String(port), '--format', 'json']);
    expect(JSON.parse(out)).toEqual({
      schema: 'port22/probe/v1',
      tool: { name: 'port22', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
      host: '127.0.0.1',
      port,
      attempts: [
        {
          tool: 'probe',
          os: 'linux',
          host: '127.0.0.1',
          port,
          showsGreeting: true,
          symptoms: ['connects'],
          stage: 'key-exchange',
          address: '127.0.0.1',
          family: 4,
          elapsed: expect.any(Number),
          timer: 12_000,
          greeting: identification,
          line: `"${identification}", then the key exchange began`,
        },
      ],
      notTried: [],
    });
    expect(out.split('\n').filter((line) => line.includes('"symptoms"'))).toHaveLength(1);
  });

  test('a paragraph an address', async () => {
    const listener = await listen(sshd, { host: '127.0.0.9' });
    const resolve = async () => ['127.0.0.8', '127.0.0.9'].map((address) => ({ address, family: 4 }));
    const { out, err, exitCode } = await port22(['probe', 'a.test', '--port', String(listener.port)], { resolve });
    expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 });
    expect(out).toMatch(
      new RegExp(
        `^127\\.0\\.0\\.8  tcp/\\d+  the client is refused.*\n  seen .*\n  means .*\n127\\.0\\.0\\.9  tcp/\\d+  the client connects, after \\d+ ms\n  seen   "${identification.replaceAll('+', '\\+')}", then the key exchange began\n  means  `,
      ),
    );
  });

  test('progress is shown on a terminal only, and not with --quiet', async () => {
    const { port } = await listen(sshd);
    const args = ['probe', '127.0.0.1', '--port', String(port)];
    expect((await port22(args, { terminals: ['err'] })).err).toContain('trying 127.0.0.1, 1 of 1');
    expect((await port22([...args, '--quiet'], { terminals: ['err'] })).err).toBe('');
  });
});

test('no other command connects', async () => {
  const listener = await listen(sshd);
  for (const command of ['explain', 'audit', 'diff', 'fetch', 'schema'])
    await port22([command, '127.0.0.1', '--from', '127.0.0.1', '--port', String(listener.port)]);
  expect(listener.accepted).toEqual([]);
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSaw } from '../../src/diagnose/read-saw.js';
import { stages, symptoms } from '../../src/model/index.js';
import { runs } from '../support/runs.js';
import { httpRows } from './saw/http.js';
import { languagesRows } from './saw/languages.js';
import { netcatRows } from './saw/netcat.js';
import { nodeRows } from './saw/node.js';
import { opensshConnectRows } from './saw/openssh-connect.js';
import { opensshExchangeRows } from './saw/openssh-exchange.js';
import { opensshLoginRows } from './saw/openssh-login.js';
import { opensshStandingRows } from './saw/openssh-standing.js';
import { puttyRows } from './saw/putty.js';
import { pythonRows } from './saw/python.js';
import type { Row } from './saw/row.js';
import { shellRows } from './saw/shell.js';
import { timesRows } from './saw/times.js';
import { wordsRows } from './saw/words.js';
import { wrappersRows } from './saw/wrappers.js';

const groups: Readonly<Record<string, readonly Row[]>> = {
  'ssh connects': opensshConnectRows,
  'ssh exchanges greetings': opensshExchangeRows,
  'ssh stands still': opensshStandingRows,
  'ssh logs in': opensshLoginRows,
  'what wraps ssh': wrappersRows,
  PuTTY: puttyRows,
  'nc and ncat': netcatRows,
  'curl and wget': httpRows,
  'telnet, shells, nmap': shellRows,
  Node: nodeRows,
  Python: pythonRows,
  'Go, Java, .NET': languagesRows,
  'bare words': wordsRows,
  times: timesRows,
};

const rows = Object.values(groups).flat();

describe.each(Object.entries(groups))('%s', (_, group) => {
  test.each(group.map((row) => [row.name, row] as const))('%s', (_name, { paste, saw }) => {
    const { observations, unread } = readSaw(paste);
    expect(observations).toEqual(saw.map((one) => ({ showsGreeting: false, line: paste, ...one })));
    expect(unread !== undefined).toBe(saw.length === 0);
  });
});

test('host#81 the two wordings of a close have one set of symptoms', () => {
  const closed = readSaw('kex_exchange_identification: Connection closed by remote host').observations[0];
  const reset = readSaw('kex_exchange_identification: read: Connection reset by peer').observations[0];
  expect({ ...reset, line: closed?.line }).toEqual(closed);
});

test('line ends, blanks, quotation marks of a mail and log times change nothing', () => {
  const dressed: readonly ((line: string) => string)[] = [
    (line) => `${line}\r`,
    (line) => `   ${line}  `,
    (line) => `> ${line}`,
    (line) => `│ ${line}`,
    (line) => `\x1b[1;31m${line}\x1b[0m`,
    (line) => `[12:00:00] ${line}`,
    (line) => `2026-01-02T03:04:05Z ${line}`,
  ];
  const plain = rows.filter(
    ({ paste }) => /^(?:ssh|dial tcp|Error|paramiko|nc|Ncat|curl|FATAL ERROR): /.test(paste) && !paste.includes('\n'),
  );
  expect(plain.length).toBeGreaterThan(25);
  for (const { paste } of plain) {
    const { observations } = readSaw(paste);
    for (const dress of dressed) expect(readSaw(dress(paste)).observations).toEqual(observations);
  }
});

test('a text that tells nothing says what was looked for, and in how many lines', () => {
  expect(readSaw('\n\nhello\r\n  \nworld\n')).toEqual({
    observations: [],
    unread: { lines: 2, lookedFor: expect.arrayContaining([expect.stringContaining('ssh')]) },
  });
  expect(readSaw('').unread?.lines).toBe(0);
});

test('a verdict behind 10 MB without a line feed is found', () => {
  const text = `${'x'.repeat(10_000_000)} ssh: connect to host box port 22: Connection refused`;
  expect(readSaw(text).observations).toMatchObject([{ symptoms: ['refused'], host: 'box', port: 22 }]);
});

describe('hostile texts take time in proportion to their length', () => {
  const units: readonly string[] = [
    'ssh: connect to host ',
    'ssh: connect to host h port 22: x\n',
    'ssh: connect to host h port 22: Connection refused (3 ms)\n',
    'debug1: Connection established.\n',
    'kex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535\n',
    'Unable to connect to port 22 on 1.1.1.1, ',
    '"msg": "',
    '\\r\\n": "',
    '\x1b[',
    '\x1b]0;',
    '$ ssh -o ',
    'time sudo ',
    '1 ms x9 then ',
    '00:00:00 ',
    '[1.1.1.1] ',
    'dial tcp ',
    '"',
    '│ ',
    '\n',
  ];

  /** Each of these lines is an attempt, or a part of one. */
  const attempts: readonly string[] = [
    'debug1: Connecting to h [1.1.1.1] port 22.\n',
    '*   Trying 1.1.1.1:22...\n',
    'nc: connect to h port 22 (tcp) failed: Connection refused\nnc: connect to h port 22 (tcp) failed: No route to host\n',
    'AggregateError [ETIMEDOUT]: \nError: connect ETIMEDOUT 1.1.1.1:22\nError: connect EACCES 1.1.1.2:22\n',
  ];

  function seconds(unit: string, length: number): number {
    const text = unit.repeat(Math.ceil(length / unit.length));
    const start = process.cpuUsage();
    readSaw(text);
    return process.cpuUsage(start).user / 1e6;
  }

  test.each([...units.map((unit) => [unit, 20_000] as const), ...attempts.map((unit) => [unit, 100_000] as const)])(
    '%j',
    (unit, length) => {
      seconds(unit, length);
      // Eight times the text: quadratic time would be 64 times as long.
      expect(seconds(unit, 8 * length)).toBeLessThan(20 * seconds(unit, length) + 0.2);
    },
  );
});

test('no text makes it throw, and what it tells is well formed', () => {
  const pieces = rows.flatMap(({ paste }) => paste.split('\n'));
  const line = fc.oneof(
    fc.constantFrom(...pieces),
    fc.constantFrom(...pieces).chain((piece) => fc.nat(piece.length).map((end) => piece.slice(0, end))),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('real\t0m1.5s', 'after 3 s', '$ ', '', '\x1b[0m', '\u202e', 'ssh -', '(((('),
  );
  const paste = fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(paste, (text) => {
      const { observations, unread } = readSaw(text);
      expect(unread === undefined).toBe(observations.length > 0);
      for (const one of observations) {
        expect(one.symptoms.length).toBeGreaterThan(0);
        expect(one.symptoms.every((symptom) => symptoms.includes(symptom))).toBe(true);
        expect(new Set(one.symptoms).size).toBe(one.symptoms.length);
        expect(stages).toContain(one.stage);
        expect(one.line).not.toBe('');
        for (const time of [one.elapsed ?? 0, one.timer ?? 1, ...(one.repeats ?? [])])
          expect(time).toBeGreaterThanOrEqual(0);
        if (one.port !== undefined) expect(one.port).toBeGreaterThan(0);
        if (one.address !== undefined) expect(one.family).toBeDefined();
        if (one.repeats !== undefined) expect(one.elapsed).toBe(one.repeats[0]);
      }
    }),
    runs(200),
  );
});

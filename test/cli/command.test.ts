import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { f0 } from '../support/aws/fixture.js';
import { port22, problemsOf, type Ran, recorded } from '../support/command.js';
import { schemaErrors } from '../support/report-schema.js';
import { tempFolder } from '../support/temp-folder.js';

const folder = tempFolder();
afterAll(() => folder.remove());

const whole = recorded(f0().documents('cli'), folder.path, 'whole');
const withoutAcls = recorded(f0().without('NetworkAcls').documents('cli'), folder.path, 'without-acls');
const closed = recorded(closedAccount().documents('fetched'), folder.path, 'closed');

function closedAccount() {
  const fixture = f0();
  fixture.sg('sg-1').inbound();
  return fixture;
}

/** F0 as recorded files, and a source for each verdict. */
const asked = {
  reachable: ['explain', 'i-1', '--from', '203.0.113.5', '--in', whole],
  unreachable: ['explain', 'i-1', '--from', '198.51.100.1', '--in', whole],
  partial: ['explain', 'i-1', '--from', '203.0.112.0/23', '--in', whole],
  unknown: ['explain', 'i-1', '--from', '203.0.113.5', '--in', withoutAcls],
} as const;

type Verdict = keyof typeof asked;
const verdicts = Object.keys(asked) as Verdict[];

const ESCAPE = '\u001b';

/** Answers of more than a megabyte: thirty machines and whom they let in, one by one. */
function talkative() {
  const sources = Array.from({ length: 2500 }, (_, at) => `203.0.${at >> 7}.${(at & 127) * 2}/32`);
  const fixture = f0().prefixList('pl-1', ...sources);
  fixture.sg('sg-1').inbound('tcp 22 pl-1');
  for (let at = 0; at < 30; at++) {
    const addresses = { ip: `10.0.1.${100 + at}`, public: `198.51.100.${100 + at}` };
    fixture.addInstance({ id: `i-x${at}`, eni: `eni-x${at}`, subnet: 'subnet-a', groups: ['sg-1'], ...addresses });
  }
  return fixture;
}

describe('a large report', () => {
  const large = recorded(talkative().documents('cli'), folder.path, 'large');
  const file = join(folder.path, 'large.json');

  test('comes whole, in pieces, to a slow reader and to a file', async () => {
    const { out } = await port22(['audit', '--in', large, '--format', 'json']);
    expect(out.length).toBeGreaterThan(2 ** 20);
    expect(JSON.parse(out).targets).toHaveLength(32);
    await port22(['audit', '--in', large, '--format', 'json', '--output', file]);
    expect(readFileSync(file, 'utf8')).toBe(out);
  });
});

describe('the exit code of explain', () => {
  test.each<[Verdict, number, number, number]>([
    ['reachable', 0, 0, 1],
    ['unreachable', 1, 1, 0],
    ['partial', 3, 1, 1],
    ['unknown', 3, 3, 3],
  ])('%s: %i, expected reachable %i, expected unreachable %i', async (verdict, plain, reachable, unreachable) => {
    const exitCodes = [];
    for (const expected of [[], ['--expect', 'reachable'], ['--expect', 'unreachable']]) {
      const { exitCode, out } = await port22([...asked[verdict], ...expected]);
      expect(out.split('\n')[0]).toMatch(new RegExp(`^i-1 {2}tcp/22 from \\S+ {3}${verdict}(:|$)`));
      exitCodes.push(exitCode);
    }
    expect(exitCodes).toEqual([plain, reachable, unreachable]);
  });

  test('is 2 for an unreadable input, whatever is expected and whatever else is known', async () => {
    for (const expected of [[], ['--expect', 'reachable'], ['--expect', 'unreachable']]) {
      const { exitCode, out, err } = await port22([...asked.reachable, '--in', join(folder.path, 'none'), ...expected]);
      expect(exitCode).toBe(2);
      expect(out).toMatch(/^i-1 .* reachable\n/);
      expect(problemsOf(err)).toMatchObject([{ severity: 'cannot', where: join(folder.path, 'none') }]);
    }
  });
});

describe('the exit code of audit', () => {
  test.each([
    ['everything is answered', whole, 0],
    ['everything is closed', closed, 0],
    ['something stays unknown', withoutAcls, 3],
    ['an input cannot be read', join(folder.path, 'none'), 2],
  ])('%s', async (_, input, exitCode) => {
    expect(await port22(['audit', '--in', input])).toMatchObject({ exitCode });
  });

  test('does not count what stays open', async () => {
    const { exitCode, out } = await port22(['audit', '--in', whole]);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^audit {2}tcp\/22 {2}2 instances\n/);
    expect(out).toMatch(/open to some: 1\n {4}i-1 {2}from 203\.0\.113\.0\/24\n/);
    expect(out).toMatch(/closed: 1\n {4}i-2 {2}no rule of sg-2 allows tcp\/22 from anyone\n/);
  });
});

describe('an audit of a list of instances that', () => {
  const empty = f0().remove('Reservations', 'i-1').remove('Reservations', 'i-2');
  const refusedElsewhere = [
    ...f0().documents('fetched'),
    {
      path: 'us-east-1/describe-instances.json',
      value: {
        port22: {
          schema: 'port22/recording/v1',
          provider: 'aws',
          account: '111122223333',
          region: 'us-east-1',
          operation: 'ec2:DescribeInstances',
          error: { code: 'UnauthorizedOperation', message: 'not authorized' },
        },
      },
    },
  ];
  const cut = f0()
    .documents('cli')
    .map((document) =>
      document.path === 'describe-instances.json'
        ? { ...document, value: { ...Object(document.value), NextToken: 'more' } }
        : document,
    );
  const none = 'ec2:DescribeInstances: no answer of ec2:DescribeInstances was given; what is not listed is not judged';
  test.each([
    ['is empty', empty.documents('cli'), [], 0, 0, undefined],
    ['was not given', f0().without('Reservations').documents('cli'), [], 3, 0, none],
    [
      'was not given, where all is said to be',
      f0().without('Reservations').documents('cli'),
      ['--complete'],
      0,
      0,
      undefined,
    ],
    [
      'was refused',
      f0().denied('ec2:DescribeInstances').documents('fetched'),
      [],
      3,
      0,
      /UnauthorizedOperation: .*; what is not listed/,
    ],
    ['was refused in one region', refusedElsewhere, [], 3, 2, /\(111122223333 us-east-1\): UnauthorizedOperation/],
    ['is cut', cut, [], 3, 2, /only some of its pages were recorded; what is not listed/],
  ])('%s', async (name, documents, options, exitCode, count, gap) => {
    const input = recorded(documents, folder.path, `list-${name}`);
    const text = await port22(['audit', '--in', input, ...options]);
    const json = await port22(['audit', '--in', input, '--format', 'json', ...options]);
    expect([text.exitCode, json.exitCode]).toEqual([exitCode, exitCode]);
    const { targets, gaps } = JSON.parse(json.out);
    expect(targets).toHaveLength(count);
    expect(text.out).toMatch(
      count === 0 ? /^audit .* 0 instances\n\n {2}no instance is in the evidence\n/ : /2 instances\n/,
    );
    const told = gaps.map((one: { subject: string; detail: string }) => `${one.subject}: ${one.detail}`);
    expect(told).toEqual(gap === undefined ? [] : [expect.stringMatching(gap)]);
    for (const line of told) expect(text.out).toContain(line);
  });
});

describe('--format json', () => {
  test.each(verdicts)('%s: follows the schema and says what the text says', async (verdict) => {
    const text = await port22(asked[verdict]);
    const { exitCode, out, err } = await port22([...asked[verdict], '--format', 'json']);
    const report = JSON.parse(out);
    expect(schemaErrors(report)).toEqual([]);
    expect(report).toMatchObject({
      schema: 'port22/report/v1',
      question: { command: 'explain', target: 'i-1', port: 22 },
    });
    expect(report.targets).toMatchObject([
      { target: { provider: 'aws', id: 'i-1', account: '111122223333' }, verdict },
    ]);
    expect({ exitCode, err }).toEqual({ exitCode: text.exitCode, err: text.err });
    expect(text.out.split('\n')[0]).toContain(verdict);
  });

  test('audit follows the schema, a target for each instance', async () => {
    const { out } = await port22(['audit', '--in', withoutAcls, '--format', 'json', '--port', '2222']);
    const report = JSON.parse(out);
    expect(schemaErrors(report)).toEqual([]);
    expect(report.question).toEqual({ command: 'audit', from: ['anyone'], port: 2222 });
    expect(report.targets.map((one: { target: { id: string } }) => one.target.id)).toEqual(['i-1', 'i-2']);
  });

  test('the schema that is printed is the one that reports follow', async () => {
    const { exitCode, out } = await port22(['schema', 'report']);
    expect(exitCode).toBe(0);
    const schema = JSON.parse(out);
    expect(schema.required).toEqual(
      expect.arrayContaining(['schema', 'tool', 'question', 'targets', 'violations', 'gaps']),
    );
    expect(schema.properties.schema).toEqual({ const: 'port22/report/v1' });
  });

  test('is the same bytes each time, whatever the form of the recording', async () => {
    const fetched = recorded(f0().documents('fetched'), folder.path, 'fetched');
    const one = await port22([...asked.unreachable, '--format', 'json']);
    expect(await port22([...asked.unreachable, '--format', 'json'])).toEqual(one);
    const other = await port22(['explain', 'i-1', '--from', '198.51.100.1', '--in', fetched, '--format', 'json']);
    expect(other).toEqual(one);
  });
});

describe('--output', () => {
  test.each(['text', 'json'])('%s: takes the result, and stdout stays empty', async (format) => {
    const file = join(folder.path, `result.${format}`);
    const printed = await port22([...asked.unreachable, '--format', format]);
    const { exitCode, out } = await port22([...asked.unreachable, '--format', format, '--output', file]);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(readFileSync(file, 'utf8')).toBe(printed.out);
  });

  test('of a schema', async () => {
    const file = join(folder.path, 'schema.json');
    expect(await port22(['schema', 'snapshot', '--output', file])).toEqual({ exitCode: 0, out: '', err: '' });
    expect(JSON.parse(readFileSync(file, 'utf8')).title).toMatch(/recording/);
  });

  test.each([
    ['in a folder that does not exist', join(folder.path, 'none/result.txt')],
    ['that is a folder', folder.path],
    ['without a name', ''],
  ])('%s is an error, and the exit code does not tell a verdict', async (_, file) => {
    for (const args of [asked.reachable, ['audit', '--in', whole], ['schema', 'report']]) {
      const { exitCode, out, err } = await port22([...args, '--output', file]);
      expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
      expect(problemsOf(err)).toMatchObject([{ severity: 'cannot', what: 'the result cannot be written' }]);
    }
    if (file.includes('none')) expect(existsSync(file)).toBe(false);
  });
});

describe('colour', () => {
  const both = ['out', 'err'] as const;
  const noisy = [...asked.unreachable, '--in', join(folder.path, 'none')];

  function colours({ out, err }: Ran): string {
    return [out.includes(ESCAPE) && 'out', err.includes(ESCAPE) && 'err'].filter(Boolean).join(' ');
  }

  test.each([
    ['auto on terminals', [], { terminals: both }, 'out err'],
    ['auto without a terminal', [], {}, ''],
    ['auto: each stream by itself', [], { terminals: ['err'] as const }, 'err'],
    ['auto with NO_COLOR', [], { terminals: both, env: { NO_COLOR: '1' } }, ''],
    ['auto with an empty NO_COLOR, which counts as none', [], { terminals: both, env: { NO_COLOR: '' } }, 'out err'],
    ['auto on a terminal without colours', [], { terminals: both, env: { TERM: 'dumb' } }, ''],
    ['always without a terminal', ['--color', 'always'], {}, 'out err'],
    ['always beats NO_COLOR', ['--color', 'always'], { env: { NO_COLOR: '1' } }, 'out err'],
    ['never on terminals', ['--color', 'never'], { terminals: both }, ''],
    ['json is never coloured', ['--color', 'always', '--format', 'json'], {}, 'err'],
  ])('%s', async (_, args, surroundings, streams) => {
    expect(colours(await port22([...noisy, ...args], surroundings))).toBe(streams);
  });

  test('auto writes no colours into a file', async () => {
    const file = join(folder.path, 'plain.txt');
    await port22([...asked.unreachable, '--output', file], { terminals: both });
    expect(readFileSync(file, 'utf8')).not.toContain(ESCAPE);
  });

  test('repeats what the words say', async () => {
    for (const command of [asked.unreachable, ['audit', '--in', whole]]) {
      const painted = await port22([...command, '--color', 'always']);
      const plain = await port22([...command, '--color', 'never']);
      expect(painted.out.replace(/\u001b\[\d+m/g, '')).toBe(plain.out);
    }
  });
});

describe('the streams', () => {
  const strange = join(folder.path, 'strange');
  folder.write({ 'strange/notes.json': '{"notes": 1}' });

  test('results on stdout, problems on stderr', async () => {
    const clean = await port22(asked.reachable);
    expect(clean.err).toBe('');
    const { out, err } = await port22([...asked.reachable, '--in', strange]);
    expect(out).toBe(clean.out);
    expect(problemsOf(err)).toMatchObject([{ severity: 'warning', where: join(strange, 'notes.json') }]);
  });

  test('--quiet silences warnings, not errors, and leaves the result as it is', async () => {
    const loud = await port22([...asked.reachable, '--in', strange, '--in', join(folder.path, 'none')]);
    const quiet = await port22([...asked.reachable, '--in', strange, '--in', join(folder.path, 'none'), '--quiet']);
    expect(problemsOf(loud.err).map(({ severity }) => severity)).toEqual(['warning', 'cannot']);
    expect(problemsOf(quiet.err).map(({ severity }) => severity)).toEqual(['cannot']);
    expect({ ...quiet, err: '' }).toEqual({ ...loud, err: '' });
  });

  test('no answer leaves stdout empty', async () => {
    for (const args of [
      ['explain', 'i-9', '--from', '203.0.113.5', '--in', whole],
      ['explain'],
      ['audit'],
      ['fetch'],
    ]) {
      const { exitCode, out, err } = await port22([...args, '--format', 'json']);
      expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
      expect(problemsOf(err)).toHaveLength(1);
    }
  });

  test('recorded files show no progress', async () => {
    const { err } = await port22(asked.reachable, { terminals: ['out', 'err'] });
    expect(err).toBe('');
  });
});

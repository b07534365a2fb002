import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { type Fixture, f0 } from '../support/aws/fixture.js';
import { port22, problemsOf, recorded } from '../support/command.js';
import { schemaErrors } from '../support/report-schema.js';
import { tempFolder } from '../support/temp-folder.js';

const folder = tempFolder();
afterAll(() => folder.remove());

function state(name: string, edit: (f: Fixture) => unknown = () => undefined): string {
  const fixture = f0();
  fixture.sg('sg-1').egress('all 0.0.0.0/0');
  edit(fixture);
  return recorded(fixture.documents('cli'), folder.path, name);
}

const before = state('before');
const closed = state('closed', (f) => f.sg('sg-1').inbound());
const world = state('world', (f) => f.sg('sg-1').inbound('tcp 22 203.0.113.0/24', 'tcp 22 0.0.0.0/0', 'tcp 22 ::/0'));
const blind = state('blind', (f) => f.without('NetworkAcls'));
const gone = state('gone', (f) => f.remove('Reservations', 'i-1'));
/** The state before, in which the group has a name that no terminal should see. */
const hostile = recorded(
  f0()
    .documents('cli')
    .map(({ path, value }) => ({
      path,
      value: JSON.parse(JSON.stringify(value).replaceAll('"GroupName":"sg-1"', '"GroupName":"a\\u001b[31m\\u202eb"')),
    })),
  folder.path,
  'hostile',
);

describe('the text', () => {
  test('says who loses access, why, and what becomes of open connections', async () => {
    const { exitCode, out, err } = await port22(['diff', before, closed]);
    expect({ exitCode, err }).toEqual({ exitCode: 1, err: '' });
    expect(out).toBe(
      [
        'diff  tcp/22  1 of 2 instances changed',
        '',
        '  i-1',
        '    loses   203.0.113.0/24: the client times out',
        '    why     no rule of sg-1 allows tcp/22 from 203.0.113.0/24; a security group drops what no rule allows, without an answer, so the client waits until it times out',
        '    open    connections that are open go on until they idle out: they are tracked',
        '',
      ].join('\n'),
    );
  });

  test('says who gains access, through what, and that it is the whole internet', async () => {
    const { exitCode, out } = await port22(['diff', before, world]);
    expect(exitCode).toBe(1);
    expect(out).toMatch(
      /^ {4}gains {3}the whole internet .* through security group sg-1, rule sgr-1-in[23]; it is open to the whole internet now$/m,
    );
  });

  test('says that a machine is gone or new', async () => {
    expect((await port22(['diff', before, gone])).out).toMatch(
      /^ {2}i-1, gone\n {4}loses .*\n {4}open {4}connections that are open end, too/m,
    );
    expect((await port22(['diff', gone, before])).out).toMatch(
      /^ {2}i-1, new\n {4}gains {3}203\.0\.113\.0\/24 through security group sg-1/m,
    );
  });

  test('says what is not known, and what could not be read', async () => {
    const { exitCode, out } = await port22(['diff', before, blind]);
    expect(exitCode).toBe(3);
    expect(out).toContain('    ?       whether 203.0.113.0/24');
    expect(out).toMatch(/^ {4}need {4}ec2:DescribeNetworkAcls: /m);
    expect(out).not.toMatch(/gains|loses {2}/);
    const unlisted = await port22(['diff', before, state('unlisted', (f) => f.without('Reservations'))]);
    expect(unlisted.out).toMatch(
      /^ {2}i-1\n {4}\? .*\n {4}need {4}whether there is such an instance after is not known/m,
    );
    const denied = await port22(['diff', before, state('denied', (f) => f.denied('ec2:DescribeNetworkAcls'))]);
    expect(denied.out).toMatch(/^ {2}what could not be read after\n {4}ec2:DescribeNetworkAcls .*: Unauthorized/m);
  });

  test('shows no control characters out of the evidence', async () => {
    const { out } = await port22(['diff', closed, hostile]);
    expect(out).toContain('through security group sg-1 (a');
    expect(out).toMatch(/^[\n\u0020-\u007e]*$/);
  });
});

describe('what a program gets', () => {
  test('nothing where nothing changed', async () => {
    const { exitCode, out, err } = await port22(['diff', before, before, '--format', 'json']);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    const report: unknown = JSON.parse(out);
    expect(schemaErrors(report, 'diff')).toEqual([]);
    expect(report).toMatchObject({ question: { command: 'diff', port: 22 }, targets: [], unchanged: 2 });
  });

  test('the port that it asks for', async () => {
    const { exitCode, out } = await port22(['diff', before, world, '--format', 'json', '--port', '80']);
    expect({ exitCode, targets: JSON.parse(out).targets }).toEqual({ exitCode: 0, targets: [] });
  });

  test('a file, the same as on a terminal', async () => {
    const file = join(folder.path, 'diff.json');
    const { out } = await port22(['diff', before, hostile, '--format', 'json']);
    await port22(['diff', before, hostile, '--format', 'json', '--output', file]);
    expect(readFileSync(file, 'utf8')).toBe(out);
    expect(out).toMatch(/^[\n\u0020-\u007e]*$/);
  });
});

describe('misuse', () => {
  test.each([
    ['no state', []],
    ['one state', [before]],
    ['three states', [before, closed, world]],
  ])('%s', async (_, words) => {
    const { exitCode, out, err } = await port22(['diff', ...words]);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(problemsOf(err)).toMatchObject([
      { severity: 'cannot', where: 'the command line', fix: 'port22 diff monday/ tuesday/' },
    ]);
  });

  test('a folder that is not there is told, and the other one is not taken for an answer', async () => {
    const { exitCode, err } = await port22(['diff', before, join(folder.path, 'nowhere')]);
    expect(exitCode).toBe(2);
    expect(problemsOf(err).map(({ where }) => where)).toContainEqual(expect.stringContaining('nowhere'));
  });
});

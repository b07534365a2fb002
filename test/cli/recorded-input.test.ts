import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { f0 } from '../support/aws/fixture.js';
import { port22, problemsOf, recorded } from '../support/command.js';
import { tempFolder } from '../support/temp-folder.js';

const folder = tempFolder();
afterAll(() => folder.remove());

type Answer = Record<string, unknown>;

const answers = f0()
  .documents('cli')
  .map(({ value }) => value as Answer);
/** Every answer in one object, as one who pastes them together would have it. */
const merged: Answer = Object.assign({}, ...answers);
const mergedText = JSON.stringify(merged, null, 2);

/** The merged answers without these. */
function without(...keys: string[]): Answer {
  return Object.fromEntries(Object.entries(merged).filter(([key]) => !keys.includes(key)));
}

/** Writes one file and answers its path. */
function file(name: string, text: string): string {
  folder.write({ [name]: text });
  return join(folder.path, name);
}

const good = file('good/all.json', mergedText);

/** Asks Q0 of these inputs. */
async function asked(inputs: readonly string[], ...more: string[]) {
  const named = inputs.flatMap((input) => ['--in', input]);
  const { exitCode, out, err } = await port22([
    'explain',
    'i-1',
    '--from',
    '203.0.113.5',
    ...named,
    '--format',
    'json',
    ...more,
  ]);
  const target = out === '' ? undefined : JSON.parse(out).targets[0];
  return { exitCode, verdict: target?.verdict, target, out, problems: problemsOf(err) };
}

const REACHABLE = { exitCode: 0, verdict: 'reachable', problems: [] };

describe('recorded files are read', () => {
  test.each<[string, () => string[]]>([
    ['as one file', () => [good]],
    ['whatever the file is called', () => [file('named/answers.txt', mergedText)]],
    [
      'from a folder, with all below it',
      () => {
        recorded(f0().documents('cli').slice(0, 10), folder.path, 'deep');
        recorded(f0().documents('fetched').slice(10), folder.path, 'deep/er/still');
        return [join(folder.path, 'deep')];
      },
    ],
    [
      'from several inputs',
      () => answers.map((answer, index) => file(`several/${index}/x.json`, JSON.stringify(answer))),
    ],
    ['as JSON lines', () => [file('lines/all.jsonl', answers.map((answer) => JSON.stringify(answer)).join('\n'))]],
    [
      'as several roots of one file',
      () => [file('roots/all.json', answers.map((answer) => JSON.stringify(answer, null, 4)).join('\n'))],
    ],
    ['once where they are given twice', () => [good, join(folder.path, 'good'), good]],
  ])('%s', async (_, inputs) => {
    const { exitCode, verdict, problems, out } = await asked(inputs());
    expect({ exitCode, verdict, problems }).toEqual(REACHABLE);
    expect(out).toBe((await asked([good])).out);
  });

  test.each([
    ['little', 'utf16le'],
    ['big', 'utf16be'],
  ])('in UTF-16, %s end first', async (_, encoding) => {
    const bytes = Buffer.from(`\ufeff${mergedText}`, 'utf16le');
    const path = join(folder.path, encoding);
    mkdirSync(path);
    writeFileSync(join(path, 'all.json'), encoding === 'utf16be' ? bytes.swap16() : bytes);
    expect(await asked([path])).toMatchObject(REACHABLE);
  });

  test('with the account and the region of their folders where they do not say', async () => {
    const bare = JSON.parse(
      mergedText.replaceAll(/"(OwnerId|AvailabilityZone|SubnetArn)": "[^"]*",?/g, '').replaceAll(/,(\s*})/g, '$1'),
    );
    const path = file('accounts/444455556666/eu-central-1/all.json', JSON.stringify(bare));
    const { target } = await asked([join(folder.path, 'accounts')]);
    expect(target.target).toMatchObject({ account: '444455556666', region: 'eu-central-1' });
    expect(path).toContain('444455556666');
    const own = await asked([file('444455556666/us-east-1/all.json', mergedText)]);
    expect(own.target.target).toMatchObject({ account: '111122223333' });
  });
});

describe('an input that cannot be read is an error of exit code 2, and the rest is judged', () => {
  mkdirSync(join(folder.path, 'empty'));

  test.each<[string, () => string, { what: string | RegExp; where: RegExp }]>([
    [
      'malformed JSON',
      () => file('bad/malformed.json', '{"Vpcs": [\n  {"VpcId": }]}'),
      { what: "expected a value, found '}'", where: /malformed\.json:2:13$/ },
    ],
    [
      'a truncated file',
      () => file('bad/cut.json', mergedText.slice(0, 1000)),
      { what: 'the file ends before its JSON does', where: /cut\.json:\d+:\d+$/ },
    ],
    [
      'a file that is empty',
      () => file('bad/empty.json', ''),
      { what: 'the file is empty', where: /empty\.json:1:1$/ },
    ],
    [
      'a page of HTML',
      () => file('bad/page.json', '<!doctype html>'),
      { what: "expected a value, found '<'", where: /page\.json:1:1$/ },
    ],
    [
      'a log',
      () => file('bad/log.json', 'An error occurred (UnauthorizedOperation)'),
      { what: /is no JSON value$/, where: /log\.json:1:1$/ },
    ],
    [
      'a key that stands twice',
      () => file('bad/twice.json', '{"Notes": 1,\n "Notes": 2}'),
      { what: "the key 'Notes' stands twice in one object", where: /twice\.json:2:2$/ },
    ],
    [
      'a folder without files',
      () => join(folder.path, 'empty'),
      { what: 'there is no recorded file', where: /empty$/ },
    ],
    [
      'a path that does not exist',
      () => join(folder.path, 'none'),
      { what: 'there is no such file or folder', where: /none$/ },
    ],
    ['a path below a file', () => join(good, 'x'), { what: /^it cannot be read: ENOTDIR/, where: /all\.json\/x$/ }],
    ['an empty path', () => '', { what: 'there is no such file or folder', where: /^--in$/ }],
  ])('%s', async (_, bad, { what, where }) => {
    const path = bad();
    const { exitCode, verdict, problems } = await asked([path, good]);
    expect({ exitCode, verdict }).toEqual({ exitCode: 2, verdict: 'reachable' });
    const told = typeof what === 'string' ? what : expect.stringMatching(what);
    expect(problems).toMatchObject([{ severity: 'cannot', what: told, where: expect.stringMatching(where) }]);
    expect(await asked([path])).toMatchObject({ exitCode: 2, verdict: undefined });
  });

  test('every fault of every file is told', async () => {
    folder.write({ 'faults/a.json': '{"a" 1}', 'faults/b.json': '[1, nul]\n[2, x]', 'faults/all.json': mergedText });
    const { exitCode, verdict, problems } = await asked([join(folder.path, 'faults')]);
    expect({ exitCode, verdict }).toEqual({ exitCode: 2, verdict: 'reachable' });
    expect(problems.map(({ where }) => where.slice(folder.path.length))).toEqual([
      '/faults/a.json:1:6',
      '/faults/b.json:1:5',
      '/faults/b.json:2:5',
    ]);
  });

  test('what stood behind the cut is unknown', async () => {
    const cut = mergedText.slice(0, mergedText.indexOf('"RouteTables"') + 400);
    const { exitCode, verdict, target } = await asked([file('cut/all.json', cut)]);
    expect({ exitCode, verdict }).toEqual({ exitCode: 2, verdict: 'unknown' });
    const missing = target.findings.flatMap((finding: { missing: { what: string }[] }) => finding.missing);
    expect(missing).toContainEqual(expect.objectContaining({ code: 'aws/ev-route', what: 'ec2:DescribeRouteTables' }));
  });
});

describe('what is not understood is a warning that names it', () => {
  test.each<[string, string, string, string]>([
    ['an unknown object', 'notes.json', '{"notes": []}', 'this JSON is of no kind that port22 knows'],
    ['a list', 'list.json', '[1, 2]', 'this JSON is of no kind that port22 knows'],
    ['a word', 'word.json', '"reachable"', 'this JSON is of no kind that port22 knows'],
    ['nothing', 'null.json', 'null', 'this JSON is of no kind that port22 knows'],
    [
      'entries of no prefix list',
      'entries.json',
      '{"Entries": [{"Cidr": "0.0.0.0/0"}]}',
      'Entries does not say what it belongs to',
    ],
    [
      'entries of two prefix lists',
      'pl-1.and.pl-2.json',
      '{"Entries": [{"Cidr": "0.0.0.0/0"}]}',
      'Entries does not say what it belongs to',
    ],
    ['routes of no table', 'routes.json', '{"Routes": []}', 'Routes does not say what it belongs to'],
  ])('%s', async (_, name, text, what) => {
    const path = file(`strange/${name}`, text);
    const { exitCode, verdict, problems } = await asked([good, path]);
    expect({ exitCode, verdict }).toEqual({ exitCode: 0, verdict: 'reachable' });
    expect(problems).toMatchObject([{ severity: 'warning', what, where: path }]);
  });

  test('of several roots of one file too', async () => {
    const { verdict, problems } = await asked([file('roots/strange.json', `${mergedText}\n{"notes": 1}`)]);
    expect(verdict).toBe('reachable');
    expect(problems).toMatchObject([{ severity: 'warning', what: 'this JSON is of no kind that port22 knows' }]);
  });

  test('an answer of which only one page was recorded', async () => {
    const first = { SecurityGroups: merged.SecurityGroups, NextToken: 'more' };
    const path = file('pages/first.json', JSON.stringify(first));
    const { problems } = await asked([file('pages/rest.json', JSON.stringify(without('SecurityGroups'))), path]);
    expect(problems).toMatchObject([{ severity: 'warning', what: `${path} holds only some of the pages` }]);
  });

  test('known answers without a use are passed over', async () => {
    const path = file('ignored.json', JSON.stringify({ Regions: [{ RegionName: 'eu-west-1' }] }));
    expect(await asked([good, path])).toMatchObject(REACHABLE);
  });
});

describe('a subject is understood', () => {
  const listed = f0();
  listed.prefixList('pl-1', '203.0.113.0/24').sg('sg-1').inbound('tcp 22 pl-1');
  const documents = listed.documents('cli');
  const entries = { Entries: [{ Cidr: '203.0.113.0/24' }] };
  const rest = recorded(
    documents.filter(({ path }) => !path.includes('entries')),
    folder.path,
    'lists',
  );

  test.each([
    ['when it stands beside the answer', 'answer.json', { PrefixListId: 'pl-1', ...entries }, 'reachable'],
    ['when it stands in the name of the file', 'get-managed-prefix-list-entries-pl-1.json', entries, 'reachable'],
    ['not when only the folder is called so', 'pl-1/answer.json', entries, 'unknown'],
  ])('%s', async (_, name, answer, verdict) => {
    const path = file(`subjects/${verdict}/${name}`, JSON.stringify(answer));
    expect(await asked([rest, path])).toMatchObject({ verdict });
  });
});

describe('--complete', () => {
  test('means that what was not recorded does not exist', async () => {
    const fixture = f0().blockPublicAccess({ InternetGatewayBlockMode: 'block-ingress' });
    const input = recorded(fixture.without('VpcBlockPublicAccessExclusions').documents('cli'), folder.path, 'blocked');
    expect(await asked([input])).toMatchObject({ exitCode: 3, verdict: 'unknown' });
    expect(await asked([input], '--complete')).toMatchObject({ exitCode: 1, verdict: 'unreachable' });
  });

  test('but never what the cloud always creates', async () => {
    for (const key of ['NetworkAcls', 'RouteTables']) {
      const path = file(`always/${key}.json`, JSON.stringify(without(key)));
      expect(await asked([path], '--complete')).toMatchObject({ exitCode: 3, verdict: 'unknown' });
    }
  });
});

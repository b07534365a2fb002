import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RecordedDocument } from '../support/aws/collection.js';
import { type Fixture, f0 } from '../support/aws/fixture.js';
import { peeredVpc2 } from '../support/aws/topology.js';
import { port22, problemsOf, recorded } from '../support/command.js';
import { tempFolder } from '../support/temp-folder.js';

const folder = tempFolder();
const shellFolder = join(folder.path, 'shell');
beforeAll(() => {
  mkdirSync(shellFolder);
});
afterAll(() => folder.remove());

/** What could stand in a name, an id or a message of a cloud that somebody else writes to. */
const hostile = {
  'what a terminal obeys or hides':
    '\u001b[31mred\u001b]0;title\u0007\u0008\u007f\u009b2J\u0085a\r\nb\u2028c\u202ed\u2066e\u2069f\u200bg\u00adh\ufeffi\u2060j',
  'a NUL and half a character': '\u0000\ud800',
  'words of a shell': '$(: > pwned)`: > pwned`; : > pwned # && : > pwned\' " \\ * ~ ! {a,b} $HOME --help',
  'words of a formatter': '%s%n $1 {{x}} \\u001b \\x1b \\n <b>',
} as const;

type Kind = keyof typeof hostile;
const kinds = Object.keys(hostile) as Kind[];

/** The ids of F0 and its neighbours that faults and their repairs name. */
const IDS = [
  'i-1',
  'i-2',
  'eni-1',
  'sg-1',
  'sg-2',
  'acl-def',
  'rtb-pub',
  'rtb-main',
  'subnet-a',
  'vpc-1',
  'igw-1',
  'pcx-1',
];

/** The documents with this text behind every id and name. */
function tainted(fixture: Fixture, kind: Kind): RecordedDocument[] {
  const taint = JSON.stringify(hostile[kind]).slice(1, -1);
  return fixture.documents('fetched').map(({ path, value }) => {
    let text = JSON.stringify(value);
    for (const id of IDS) text = text.replaceAll(`"${id}"`, () => `"${id}${taint}"`);
    return { path, value: JSON.parse(text) };
  });
}

interface Scenario {
  readonly given: (f: Fixture) => unknown;
  readonly from: string;
  /** The words of the command that mends it, up to the ids. */
  readonly fix?: string;
  /** The id that the command must hand over as one word. */
  readonly mends?: string;
}

const outside = { from: '203.0.113.5' };
const inside = { from: '10.0.2.20' };
const openInside = (f: Fixture) => f.sg('sg-1').inbound('tcp 22 10.0.0.0/16', 'tcp 22 10.1.0.0/16');

const scenarios: Readonly<Record<string, Scenario>> = {
  open: { given: () => {}, ...outside },
  'a closed group': {
    given: (f) => f.sg('sg-1').inbound(),
    ...outside,
    fix: 'ec2 authorize-security-group-ingress',
    mends: 'sg-1',
  },
  'a denying ACL': {
    given: (f) => f.acl('acl-def').in('100 deny tcp 22 0.0.0.0/0'),
    ...outside,
    fix: 'ec2 create-network-acl-entry',
    mends: 'acl-def',
  },
  'no route': {
    given: (f) => f.table('rtb-pub').routes('::/0 igw-1'),
    ...outside,
    fix: 'ec2 create-route',
    mends: 'rtb-pub',
  },
  'a stopped instance': {
    given: (f) => f.state('i-1', 'stopped'),
    ...outside,
    fix: 'ec2 start-instances',
    mends: 'i-1',
  },
  'no public address': {
    given: (f) => f.dissociate('eni-1', 'release'),
    ...outside,
    fix: 'ec2 associate-address',
    mends: 'eni-1',
  },
  'blocked public access': {
    given: (f) => f.blockPublicAccess({ InternetGatewayBlockMode: 'block-ingress' }),
    ...outside,
    fix: 'ec2 create-vpc-block-public-access-exclusion',
    mends: 'subnet-a',
  },
  'a source that may not send': {
    given: (f) => openInside(f) && f.sg('sg-2').egress(),
    ...inside,
    fix: 'ec2 authorize-security-group-egress',
    mends: 'sg-2',
  },
  'a peering that waits': {
    given: (f) => {
      openInside(peeredVpc2(f) && f);
      f.edit('VpcPeeringConnections', 'pcx-1', { Status: { Code: 'pending-acceptance' } });
    },
    from: '10.1.0.9',
    fix: 'ec2 accept-vpc-peering-connection',
    mends: 'pcx-1',
  },
};

const names = Object.keys(scenarios);

/** What a terminal may obey or a reader cannot see, except the end of a line. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
/** JSON may hold what its syntax allows, and a reader decodes the rest. */
const UNSEEN_IN_JSON = /(?!\n)[\u0000-\u001f]/;
const COLOUR = /\u001b\[\d{1,2}m/g;

interface Report {
  readonly targets: readonly {
    readonly findings: readonly { readonly fixes: readonly { readonly command: string }[] }[];
  }[];
}

/** The recorded files of a scenario, written once. */
function inputOf(name: string, kind: Kind): string {
  const path = `${names.indexOf(name)}-${kinds.indexOf(kind)}`;
  if (existsSync(join(folder.path, path))) return join(folder.path, path);
  const fixture = f0();
  fixture.edit('Reservations', 'i-1', { Tags: [{ Key: 'Name', Value: 'i-1' }] });
  scenarios[name]?.given(fixture);
  return recorded(tainted(fixture, kind), folder.path, path);
}

function run(name: string, kind: Kind, ...more: string[]) {
  const from = scenarios[name]?.from ?? '';
  return port22(['explain', `i-1${hostile[kind]}`, '--from', from, '--in', inputOf(name, kind), ...more]);
}

/** The words that a POSIX shell makes of a command line; `aws` itself is replaced, and there is nothing else to run. */
function wordsOf(command: string): string[] {
  const input = `aws() { printf '%s\\001' "$@"; }\n${command}\n`;
  const out = execFileSync('/bin/sh', [], { input, cwd: shellFolder, env: { PATH: '/nowhere' }, encoding: 'utf8' });
  return out.split('\u0001').slice(0, -1);
}

/** The text as a terminal may be given it. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (one) => `\\u{${one.codePointAt(0)?.toString(16)}}`);
}

describe.each(kinds)('%s in every id and name', (kind) => {
  test.each(names)('%s: reach no terminal', async (name) => {
    const { out, err } = await run(name, kind);
    expect(err).toBe('');
    expect(out).not.toMatch(UNSEEN);
    expect(out).toContain(`i-1${visible(hostile[kind])}`);
  });

  test.each(names)('%s: reach no terminal from audit', async (name) => {
    const { out, err } = await port22(['audit', '--in', inputOf(name, kind)]);
    expect(err).toBe('');
    expect(out).not.toMatch(UNSEEN);
  });

  test.each(names)('%s: stay inside the strings of JSON', async (name) => {
    const { out } = await run(name, kind, '--format', 'json');
    expect(out).not.toMatch(UNSEEN_IN_JSON);
    expect(JSON.parse(out).targets[0].target).toMatchObject({ id: `i-1${hostile[kind]}`, name: `i-1${hostile[kind]}` });
  });

  test('reach no terminal between colours', async () => {
    const painted = await run('a closed group', kind, '--color', 'always');
    expect(painted.out.replace(COLOUR, '')).toBe((await run('a closed group', kind)).out);
  });
});

// A shell cannot hold a NUL.
describe.each(kinds.filter((kind) => kind !== 'a NUL and half a character'))('%s in a command that mends', (kind) => {
  test.each(names.filter((name) => scenarios[name]?.fix))('%s: stay one word', async (name) => {
    const { fix = '', mends = '' } = scenarios[name] ?? {};
    const report: Report = JSON.parse((await run(name, kind, '--format', 'json')).out);
    const fixes = report.targets.flatMap(({ findings }) => findings.flatMap((finding) => finding.fixes));
    const words = wordsOf(fixes.find(({ command }) => command.includes(fix))?.command ?? '');
    expect(words.slice(0, 2)).toEqual(fix.split(' '));
    expect(words).toContain(`${mends}${hostile[kind]}`);

    const { out } = await run(name, kind);
    const printed = out.split('\n').find((line) => line.includes(` aws ${fix} `)) ?? '';
    expect(wordsOf(printed.replace(/^ *(fix)? */, ''))).toEqual(words.map(visible));
    expect(existsSync(join(shellFolder, 'pwned'))).toBe(false);
  });
});

describe.each(kinds)('%s in what a person or a service says', (kind) => {
  const text = hostile[kind];

  test('as a target, a source, a value of an option or a command', async () => {
    const input = recorded(f0().documents('cli'), folder.path, 'plain');
    for (const args of [
      [text],
      ['help', text],
      ['explain', text, '--from', '203.0.113.5', '--in', input],
      ['explain', 'i-1', `--from=${text}`, '--in', input],
      ['explain', 'i-1', '--from', '203.0.113.5', '--in', input, `--port=${text}`],
      ['explain', 'i-1', '--from', '203.0.113.5', '--in', input, `--via=${text}`],
      ['explain', 'i-1', '--from', '203.0.113.5', '--in', input, `--format=${text}`],
      ['explain', 'i-1', '--from', '203.0.113.5', '--in', input, `--output=${folder.path}/none/${text}`],
      ['explain', 'i-1', '--from', '203.0.113.5', `--in=${folder.path}/none/${text}`],
      ['audit', '--in', input, `--${text}`],
      ['audit', '--in', input, text],
      ['schema', text],
    ]) {
      const { exitCode, out, err } = await port22(args);
      expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
      expect(err).not.toMatch(UNSEEN);
      expect(problemsOf(err).length).toBeGreaterThan(0);
    }
  });

  test('in the refusal of a call', async () => {
    const documents = f0()
      .denied('ec2:DescribeNetworkAcls')
      .documents()
      .map(({ path, value }) => ({
        path,
        value: JSON.parse(
          JSON.stringify(value).replace('"You are not authorized', () => `"${JSON.stringify(text).slice(1, -1)}`),
        ),
      }));
    const input = recorded(documents, folder.path, `denied-${kinds.indexOf(kind)}`);
    for (const args of [
      ['explain', 'i-1', '--from', '203.0.113.5', '--in', input],
      ['audit', '--in', input],
    ]) {
      const { exitCode, out, err } = await port22(args);
      expect({ exitCode, err }).toEqual({ exitCode: 3, err: '' });
      expect(out).not.toMatch(UNSEEN);
    }
  });

  test('in values that are not what they ought to be', async () => {
    const [reservations] = f0()
      .documents('cli')
      .map(({ value }) => value);
    const { Reservations } = reservations as { Reservations: { Instances: object[] }[] };
    const broken = { ...Reservations[0]?.Instances[0], State: text, NetworkInterfaces: { [text]: text } };
    const file = { path: 'x.json', value: { Reservations: [{ OwnerId: text, Instances: [broken] }], [text]: text } };
    const input = recorded([file], folder.path, `broken-${kinds.indexOf(kind)}`);
    const { out, err } = await port22(['explain', 'i-1', '--from', '203.0.113.5', '--in', input]);
    expect(out + err).not.toMatch(UNSEEN);
    expect(problemsOf(err).length).toBeGreaterThan(1);
  });

  test('in a file that is no JSON', async () => {
    folder.write({ [`torn-${kinds.indexOf(kind)}.json`]: `{"a": ${text}` });
    const { err } = await port22(['audit', '--in', join(folder.path, `torn-${kinds.indexOf(kind)}.json`)]);
    expect(err).not.toMatch(UNSEEN);
    expect(problemsOf(err)[0]).toMatchObject({ severity: 'cannot' });
  });
});

test('a file whose name is hostile is named without harm', async () => {
  const name = '\u001b[31m\u202e$(: > pwned).json';
  folder.write({ [`named/${name}`]: '{"notes": 1}' });
  const { err } = await port22(['audit', '--in', join(folder.path, 'named')]);
  expect(err).not.toMatch(UNSEEN);
  expect(problemsOf(err)).toMatchObject([
    { where: `${join(folder.path, 'named')}/\\u{1b}[31m\\u{202e}$(: > pwned).json` },
  ]);
});

test('a name of a million characters is printed, and nothing else suffers', async () => {
  const name = 'x'.repeat(1_000_000);
  const fixture = f0().edit('Reservations', 'i-1', { Tags: [{ Key: 'Name', Value: name }] });
  const input = recorded(fixture.documents('cli'), folder.path, 'long');
  const { exitCode, out } = await port22(['explain', name, '--from', '203.0.113.5', '--in', input]);
  expect(exitCode).toBe(0);
  expect(out.slice(0, 20)).toBe(`i-1 (${name.slice(0, 15)}`);
  const mistyped = await port22(['explain', 'i-3', '--from', '203.0.113.5', '--in', input]);
  expect(problemsOf(mistyped.err)).toMatchObject([{ fix: 'did you mean i-1 or i-2?' }]);
});

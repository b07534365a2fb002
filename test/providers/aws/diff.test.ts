import { describe, expect, test } from '@jest/globals';
import { diff } from '../../../src/index.js';
import { type Fixture, f0 } from '../../support/aws/fixture.js';
import { nlb } from '../../support/aws/load-balancer.js';
import { schemaErrors } from '../../support/report-schema.js';

type Edit = (f: Fixture) => unknown;

/** Who loses access, as a row says it: `prefixes: fate of open connections, symptom of new ones, codes`. */
interface DiffRow {
  readonly tag?: string;
  readonly name: string;
  readonly before?: Edit;
  readonly after: Edit;
  readonly gains?: readonly string[];
  readonly through?: string;
  readonly losses?: readonly string[];
  readonly unknown?: readonly string[];
  readonly flags?: readonly string[];
  readonly exists?: string;
  readonly exitCode?: 0 | 1 | 3;
}

function documentsOf(form: 'cli' | 'fetched', ...edits: readonly (Edit | undefined)[]) {
  const fixture = f0();
  for (const edit of edits) edit?.(fixture);
  return { documents: fixture.documents(form) };
}

function check(row: DiffRow): void {
  for (const form of ['cli', 'fetched'] as const) {
    const { report, problems, exitCode } = diff(
      documentsOf(form, row.before),
      documentsOf(form, row.before, row.after),
    );
    expect(schemaErrors(report, 'diff')).toEqual([]);
    const target = report?.targets.find((one) => one.target.id === 'i-1');
    const { gains = [], losses = [], unknown = [], flags = [], exists = 'both' } = row;
    const nothing = gains.length + losses.length + unknown.length === 0;
    expect({
      problems,
      exitCode,
      gains: target?.gains ?? [],
      through: target?.through ? [target.through.component.id, target.through.rule].join(' ') : undefined,
      losses: (target?.losses ?? []).map(({ from, openConnections, symptom, causes }) =>
        [`${from.join(', ')}: ${openConnections}`, symptom, ...causes.map(({ code }) => code)].join(', '),
      ),
      unknown: target?.unknown ?? [],
      flags: target?.flags ?? [],
      exists: target?.exists ?? 'both',
    }).toEqual({
      problems: [],
      exitCode: row.exitCode ?? (nothing ? 0 : 1),
      gains,
      through: row.through,
      losses,
      unknown,
      flags,
      exists,
    });
  }
}

function rows(table: readonly DiffRow[]): void {
  for (const row of table) test([row.tag, row.name].filter(Boolean).join(' '), () => check(row));
}

const inbound =
  (...lines: readonly string[]): Edit =>
  (f) =>
    f.sg('sg-1').inbound(...lines);

const open: Edit = (f) => f.sg('sg-1').inbound('tcp 22 0.0.0.0/0').egress('all 0.0.0.0/0');
/** Everyone but the VPC itself and what is no address of the internet. */
const office = '203.0.113.0/24';

describe('who loses access', () => {
  rows([
    { name: 'nobody, where nothing changed', after: () => undefined },
    {
      tag: 'aws#44',
      name: 'a narrow rule is removed: open connections go on, new ones time out',
      before: (f) => f.sg('sg-1').egress('all 0.0.0.0/0'),
      after: inbound(),
      losses: [`${office}: go-on, times-out, aws/sg-no-inbound`],
    },
    {
      name: 'a narrow rule is removed, and nothing may go out either: open connections go on',
      after: inbound(),
      losses: [`${office}: go-on, times-out, aws/sg-no-inbound`],
    },
    {
      name: 'only a part of it',
      after: inbound('tcp 22 203.0.113.0/25'),
      losses: ['203.0.113.128/25: go-on, times-out, aws/sg-no-inbound'],
    },
    {
      name: 'the access list drops them: open connections end',
      after: (f) => f.acl('acl-def').in('100 allow tcp 80 0.0.0.0/0'),
      losses: [`${office}: end, times-out, aws/nacl-in-deny`],
    },
    {
      name: 'the group and the access list: open connections end',
      after: (f) => {
        f.sg('sg-1').inbound();
        f.acl('acl-def').in('100 allow tcp 80 0.0.0.0/0');
      },
      losses: [`${office}: end, times-out, aws/nacl-in-deny, aws/sg-no-inbound`],
    },
    {
      name: 'the machine is stopped: open connections end',
      after: (f) => f.state('i-1', 'stopped'),
      losses: [`${office}: end, times-out, aws/inst-not-running`],
    },
    {
      name: 'the public address is gone: open connections end',
      after: (f) => f.dissociate('eni-1', 'release'),
      losses: [`${office}: end, times-out, aws/addr-no-public-ipv4`],
    },
    {
      name: 'another group is put on the interface: whether that ends open connections is not documented',
      after: (f) => f.groups('eni-1', 'sg-2'),
      losses: [`${office}: unknown, times-out, aws/sg-no-inbound`],
    },
    {
      name: 'the machine is gone',
      after: (f) => f.remove('Reservations', 'i-1'),
      losses: [`${office}: end, times-out`],
      exists: 'before',
    },
  ]);

  test('aws#45 the rule for everybody is removed where everything may go out: open connections end, too', () => {
    const { report, exitCode } = diff(
      documentsOf('cli', open),
      documentsOf('cli', open, (f) => f.sg('sg-1').inbound().egress()),
    );
    const [target] = report?.targets ?? [];
    // Machines of the VPC lose access as well, by their own groups.
    const loss = target?.losses.find(({ from }) => from.includes('128.0.0.0/3'));
    expect(target?.losses.map(({ openConnections }) => openConnections)).toEqual(['end', 'end']);
    expect(loss).toMatchObject({
      openConnections: 'end',
      symptom: 'times-out',
      causes: [{ code: 'aws/sg-no-inbound', component: { kind: 'security-group', id: 'sg-1' } }],
    });
    expect({ gains: target?.gains, unknown: target?.unknown, exitCode }).toEqual({
      gains: [],
      unknown: [],
      exitCode: 1,
    });
  });

  test('tracked and untracked clients of one group are told apart', () => {
    const both: Edit = (f) => f.sg('sg-1').inbound('tcp 22 0.0.0.0/0', 'tcp 22 ::/0').egress('all 0.0.0.0/0');
    const { report } = diff(documentsOf('cli', both), documentsOf('cli', both, inbound()));
    const fates = report?.targets[0]?.losses.map(({ from, openConnections }) => [
      from.some((prefix) => prefix.includes(':')),
      from.some((prefix) => prefix.includes('.')),
      openConnections,
    ]);
    expect(fates).toEqual([
      [false, true, 'end'],
      [true, false, 'go-on'],
    ]);
  });

  test('a balancer tracks all of its connections', () => {
    const balanced: Edit = (f) => {
      nlb(f, { preserveClientIp: true });
      open(f);
    };
    const { report } = diff(documentsOf('cli', balanced), documentsOf('cli', balanced, inbound()));
    // The same clients come directly, too, and those connections end.
    expect(report?.targets[0]?.losses.map(({ openConnections }) => openConnections)).toContain('unknown');
  });
});

describe('who gains access', () => {
  rows([
    {
      name: 'by a rule',
      after: inbound('tcp 22 203.0.113.0/24', 'tcp 22 198.51.100.7/32'),
      gains: ['198.51.100.7/32'],
      through: 'sg-1 sgr-1-in2',
    },
    {
      name: 'while others lose it',
      after: inbound('tcp 22 198.51.100.7/32'),
      gains: ['198.51.100.7/32'],
      through: 'sg-1 sgr-1-in1',
      losses: [`${office}: go-on, times-out, aws/sg-no-inbound`],
    },
    {
      name: 'by a machine that starts',
      before: (f) => f.state('i-1', 'stopped'),
      after: (f) => f.state('i-1', 'running'),
      gains: [office],
      through: 'sg-1 sgr-1-in1',
    },
  ]);

  test('by a new machine, and the whole internet at that', () => {
    const { report, exitCode } = diff(
      documentsOf('cli', open, (f) => f.remove('Reservations', 'i-1')),
      documentsOf('cli', open),
    );
    const [target] = report?.targets ?? [];
    expect({ exists: target?.exists, flags: target?.flags, through: target?.through, exitCode }).toEqual({
      exists: 'after',
      flags: ['world-open'],
      through: { component: { kind: 'security-group', id: 'sg-1' }, rule: 'sgr-1-in1' },
      exitCode: 1,
    });
    expect(report?.unchanged).toBe(1);
  });
});

describe('what is not known', () => {
  test('on one side is neither gained nor lost', () => {
    const blind: Edit = (f) => f.without('NetworkAcls');
    for (const [before, after] of [
      [blind, undefined],
      [undefined, blind],
      [blind, blind],
    ] as const) {
      const { report, exitCode } = diff(documentsOf('cli', before), documentsOf('cli', after));
      const target = report?.targets.find((one) => one.target.id === 'i-1');
      expect({ gains: target?.gains, loses: target?.loses, exitCode }).toEqual({ gains: [], loses: [], exitCode: 3 });
      expect(target?.unknown).toContain(office);
    }
  });

  test('of the list of machines leaves open whether one is gone', () => {
    const { report, exitCode } = diff(
      documentsOf('cli'),
      documentsOf('cli', (f) => f.without('Reservations')),
    );
    expect({
      targets: report?.targets.map(({ exists, loses, unknown }) => ({ exists, loses, unknown })),
      exitCode,
    }).toEqual({
      targets: [{ exists: 'before', loses: [], unknown: [office] }],
      exitCode: 3,
    });
  });
});

test('a port that is none is no question', () => {
  const { report, problems, exitCode } = diff(documentsOf('cli'), documentsOf('cli'), { port: 0 });
  expect({ report, exitCode, what: problems.map(({ what }) => what) }).toEqual({
    report: null,
    exitCode: 2,
    what: ['0 is not a TCP port'],
  });
});

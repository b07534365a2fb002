import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { port22 } from '../support/command.js';
import { auditFiles } from '../support/gate/audited-files.js';
import { exportOf, f0, f0Made, f0With, later, made, previewOf, tcp22, urnOf } from '../support/gate/deployment.js';
import { tempFolder } from '../support/temp-folder.js';

const folder = tempFolder();
afterAll(() => folder.remove());

interface Report {
  readonly targets: readonly {
    readonly target: { readonly id: string; readonly name: string; readonly urn: string | null };
    readonly verdict: string;
    readonly reachableFrom: readonly string[];
    readonly flags: readonly string[];
    readonly findings: readonly { readonly address: string | null; readonly missing: readonly { message: string }[] }[];
  }[];
  readonly gaps: readonly { readonly code: string; readonly subject: string; readonly detail: string }[];
}

async function audited(...inputs: readonly unknown[]) {
  const { exitCode, out, err } = await auditFiles(...inputs);
  return { exitCode, report: JSON.parse(out) as Report, err };
}

const WEB = 'urn:pulumi:s::p::aws:ec2/instance:Instance::web';
const web = (inputs: Readonly<Record<string, unknown>>) =>
  made('Instance', 'web', { subnetId: later('sub'), vpcSecurityGroupIds: [later('sg')], ...inputs });
const ambiguous = f0With(
  { web: web({ vpcSecurityGroupIds: [later('sg', 'sgB')] }) },
  made('SecurityGroup', 'sgB', { vpcId: later('vpc') }),
);

describe('a preview', () => {
  test('is audited before anything exists', async () => {
    const { exitCode, report, err } = await audited(previewOf(f0));
    expect([exitCode, err]).toEqual([0, '']);
    expect(report.targets).toMatchObject([
      { target: { id: 'i-?web', name: 'web', urn: WEB }, verdict: 'partial', flags: ['world-open'] },
    ]);
    expect(report.targets[0]?.findings[0]?.address).toBe('not assigned yet');
  });

  test('is unknown where its references make a difference, and says which', async () => {
    const { exitCode, report } = await audited(previewOf(ambiguous));
    expect(exitCode).toBe(3);
    expect(report.targets[0]?.verdict).toBe('unknown');
    expect(report.gaps).toContainEqual({
      code: 'not-known-before-deployment',
      subject: WEB,
      detail: expect.stringContaining('vpcSecurityGroupIds[0] of "web" ("sg" or "sgB": nothing tells which)'),
    });
  });

  test('is known where they make none', async () => {
    const open = made('SecurityGroup', 'sgB', { vpcId: later('vpc'), ingress: [tcp22('0.0.0.0/0')] });
    const { exitCode, report } = await audited(previewOf([...ambiguous.filter(({ name }) => name !== 'sgB'), open]));
    expect([exitCode, report.targets[0]?.flags]).toEqual([0, ['world-open']]);
  });

  test('pulumi#92 of which resources were left out is not whole', async () => {
    const { exitCode, report } = await audited({ ...previewOf(f0), changeSummary: { create: 7, same: 5 } });
    expect(exitCode).toBe(3);
    expect(report.gaps.map(({ detail }) => detail)).toContainEqual(expect.stringContaining('--show-sames'));
  });

  test('may be asked by the URN of a machine', async () => {
    const path = join(folder.path, 'preview.json');
    writeFileSync(path, JSON.stringify(previewOf(f0)));
    const ran = await port22(['explain', WEB, '--from', '198.51.100.7', '--in', path]);
    expect(ran.exitCode).toBe(0);
    expect(ran.out).toContain('reachable');
    const closed = await port22(['explain', 'web', '--from', '198.51.100.7', '--port', '80', '--in', path]);
    expect(closed.exitCode).toBe(1);
    // A program is mended in the program.
    expect(closed.out).not.toContain('aws ec2');
  });
});

describe('a log of events', () => {
  const made = f0Made.map((one, sequence) => ({
    sequence,
    timestamp: 1,
    resourcePreEvent: {
      metadata: {
        op: 'create',
        urn: urnOf(one),
        type: one.type,
        new: { urn: urnOf(one), type: one.type, custom: true, id: one.more.id, inputs: one.inputs, outputs: {} },
      },
    },
  }));
  const logged = async (events: readonly unknown[]) => {
    const path = join(folder.path, `${events.length}.jsonl`);
    writeFileSync(path, events.map((event) => JSON.stringify(event)).join('\n'));
    const { exitCode, out } = await port22(['audit', '--in', path, '--format', 'json']);
    return { exitCode, report: JSON.parse(out) as Report };
  };

  test('is linked by ids, and says that it tells nothing of what depends on what', async () => {
    const { exitCode, report } = await logged([...made, { sequence: 99, timestamp: 1, summaryEvent: {} }]);
    expect([exitCode, report.targets[0]?.flags]).toEqual([3, ['world-open']]);
    expect(report.gaps.map(({ detail }) => detail)).toContainEqual(expect.stringContaining('what depends on what'));
  });

  test('has an empty text for what is not known: then it is unknown', async () => {
    const hidden = made.map((event) => {
      const { metadata } = event.resourcePreEvent;
      if (!metadata.urn.endsWith('::web')) return event;
      const inputs = { subnetId: '', vpcSecurityGroupIds: [''] };
      return { ...event, resourcePreEvent: { metadata: { ...metadata, new: { ...metadata.new, inputs } } } };
    });
    expect((await logged(hidden)).report.targets[0]?.verdict).toBe('unknown');
  });
});

describe('an export', () => {
  test('is audited by what was made', async () => {
    const { exitCode, report } = await audited(exportOf(f0Made));
    expect(exitCode).toBe(0);
    expect(report.targets).toMatchObject([
      { target: { id: 'i-1', name: 'web', urn: WEB }, verdict: 'partial', flags: ['world-open'] },
    ]);
    expect(report.targets[0]?.findings[0]?.address).toBe('198.51.100.10');
  });

  test('of a version that nobody knows is not used, and that is said', async () => {
    const { exitCode, err } = await audited({ ...exportOf(f0Made), version: 99 });
    expect(exitCode).toBe(3);
    expect(err).toContain('exported in a version that is not known');
  });
});

describe('a plan on what was recorded', () => {
  const permission = (cidr: string) => ({ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: cidr }] });
  const group = (id: string, ...cidrs: readonly string[]) => ({
    SecurityGroups: [{ GroupId: id, VpcId: 'vpc-1', IpPermissions: cidrs.map(permission), IpPermissionsEgress: [] }],
  });
  const literal = f0With({ web: web({ vpcSecurityGroupIds: ['sg-lit'] }) });
  const worldOpen = ({ report }: Awaited<ReturnType<typeof audited>>) => report.targets.map(({ flags }) => flags);

  test('finds there what the program only refers to', async () => {
    const alone = await audited(previewOf(literal));
    expect(alone.report.targets[0]?.verdict).toBe('unknown');
    expect(worldOpen(await audited(previewOf(literal), group('sg-lit', '0.0.0.0/0')))).toEqual([['world-open']]);
    expect(worldOpen(await audited(group('sg-lit', '203.0.113.0/24'), previewOf(literal)))).toEqual([[]]);
  });

  test('adds a rule of the program to a group that was there', async () => {
    const rule = made('SecurityGroupRule', 'rule', {
      type: 'ingress',
      ...tcp22('0.0.0.0/0'),
      securityGroupId: 'sg-lit',
    });
    expect(worldOpen(await audited(previewOf([...literal, rule]), group('sg-lit')))).toEqual([['world-open']]);
  });

  test('lets a lost rule be one of a recorded group', async () => {
    const verdicts = async (...inputs: readonly unknown[]) =>
      (await audited(...inputs)).report.targets.map(({ verdict }) => verdict);
    const lost = made('SecurityGroupRule', 'lost', {
      type: 'ingress',
      ...tcp22('0.0.0.0/0'),
      securityGroupId: later(),
    });
    expect(await verdicts(previewOf(literal), group('sg-lit'))).toEqual(['unreachable']);
    expect(await verdicts(previewOf([...literal, lost]), group('sg-lit'))).toEqual(['unknown']);
    expect(await verdicts(previewOf([...literal, lost]), group('sg-other'), group('sg-lit', '0.0.0.0/0'))).toEqual([
      'partial',
    ]);
  });

  test('takes away what goes', async () => {
    const rule = made(
      'SecurityGroupRule',
      'rule',
      { type: 'ingress', ...tcp22('0.0.0.0/0'), securityGroupId: 'sg-lit' },
      { op: 'delete', id: 'sgrule-1' },
    );
    expect(worldOpen(await audited(previewOf([...literal, rule]), group('sg-lit', '0.0.0.0/0')))).toEqual([[]]);
  });

  test('keeps a rule that somebody made by hand in a group that the program leaves alone', async () => {
    const kept = made('SecurityGroup', 'sg', { vpcId: later('vpc') }, { op: 'same', id: 'sg-1' });
    const given = previewOf(f0With({ sg: kept }));
    expect(worldOpen(await audited(given, group('sg-1', '0.0.0.0/0')))).toEqual([['world-open']]);
    expect(worldOpen(await audited(given, group('sg-1')))).toEqual([[]]);
  });

  test('replaces what the program lists itself', async () => {
    const before = { ingress: [tcp22('10.0.0.0/8')] };
    const inputs = { vpcId: later('vpc'), ingress: [] };
    const listed = made('SecurityGroup', 'sg', inputs, { op: 'update', id: 'sg-1', before });
    expect(worldOpen(await audited(previewOf(f0With({ sg: listed })), group('sg-1', '0.0.0.0/0')))).toEqual([[]]);
  });

  test.each([
    ['leaves the group as it is', { op: 'same' }],
    ['changes something else about the group', { op: 'update', before: { ingress: [], description: 'old' } }],
  ])('does not undo what somebody did by hand where the run %s', async (_, how) => {
    const inputs = { vpcId: later('vpc'), ingress: [], description: 'new' };
    const listed = made('SecurityGroup', 'sg', inputs, { id: 'sg-1', ...how });
    const given = previewOf(f0With({ sg: listed }));
    expect(worldOpen(await audited(given, group('sg-1', '0.0.0.0/0')))).toEqual([['world-open']]);
    expect(worldOpen(await audited(given, group('sg-1')))).toEqual([[]]);
  });

  test('takes one route away, and no other', async () => {
    const subnet = { SubnetId: 'subnet-9', VpcId: 'vpc-9', CidrBlock: '10.0.1.0/24', MapPublicIpOnLaunch: true };
    const route = (to: object) => ({ ...to, GatewayId: 'igw-9', Origin: 'CreateRoute', State: 'active' });
    const recorded = {
      Subnets: [subnet],
      Vpcs: [{ VpcId: 'vpc-9', CidrBlock: '10.0.0.0/16' }],
      InternetGateways: [{ InternetGatewayId: 'igw-9', Attachments: [{ VpcId: 'vpc-9', State: 'available' }] }],
      NetworkAcls: [
        {
          NetworkAclId: 'acl-9',
          VpcId: 'vpc-9',
          Associations: [{ SubnetId: 'subnet-9' }],
          Entries: [false, true].map((Egress) => ({
            Egress,
            RuleNumber: 100,
            RuleAction: 'allow',
            Protocol: '-1',
            CidrBlock: '0.0.0.0/0',
          })),
        },
      ],
      RouteTables: [
        {
          RouteTableId: 'rtb-9',
          VpcId: 'vpc-9',
          Associations: [{ SubnetId: 'subnet-9' }],
          Routes: [route({ DestinationCidrBlock: '0.0.0.0/0' }), route({ DestinationIpv6CidrBlock: '::/0' })],
        },
      ],
    };
    const goes = (destination: object) =>
      made('Route', 'gone', { routeTableId: 'rtb-9', ...destination }, { op: 'delete', id: 'r-1' });
    const given = [
      made('SecurityGroup', 'sg', { vpcId: 'vpc-9', ingress: [tcp22('0.0.0.0/0')] }),
      made('Instance', 'web', { subnetId: 'subnet-9', vpcSecurityGroupIds: [later('sg')] }),
    ];
    const flags = async (destination: object) =>
      worldOpen(await audited(previewOf([...given, goes(destination)]), recorded));
    expect(await flags({ destinationIpv6CidrBlock: '2001:db8::/32' })).toEqual([['world-open']]);
    expect(await flags({ destinationIpv6CidrBlock: '::/0' })).toEqual([['world-open']]);
    expect(await flags({ destinationCidrBlock: '0.0.0.0/0' })).toEqual([[]]);
  });

  test('has the new one of what is replaced, and not the old one', async () => {
    const instance = { InstanceId: 'i-0aaa', State: { Name: 'running' }, NetworkInterfaces: [] };
    const replaced = [
      ...f0With({ web: made('Instance', 'web', web({}).inputs, { op: 'create-replacement' }) }),
      made('Instance', 'web', {}, { op: 'delete-replaced', id: 'i-0aaa' }),
    ];
    const { report } = await audited(previewOf(replaced), { Reservations: [{ Instances: [instance] }] });
    expect(report.targets.map(({ target }) => target.id)).toEqual(['i-?web']);
  });

  test('has the machines of both, save those that go', async () => {
    const instance = (id: string) => ({ InstanceId: id, State: { Name: 'running' }, NetworkInterfaces: [] });
    const recorded = { Reservations: [{ Instances: [instance('i-0aaa'), instance('i-0bbb')] }] };
    const gone = made('Instance', 'old', {}, { op: 'delete', id: 'i-0aaa' });
    const { report } = await audited(previewOf([...f0, gone]), recorded);
    expect(report.targets.map(({ target }) => target.id).sort()).toEqual(['i-0bbb', 'i-?web']);
  });
});

import { describe, expect, test } from '@jest/globals';
import { unknownCheckingProxy } from '@pulumi/policy';
import { exposed } from '../../policies/exposed.js';
import { readSettings } from '../../policies/settings.js';
import { awsPlan } from '../../providers/aws/plan/index.js';
import { explain } from '../../src/ask/explain.js';
import { cloudOfPlan, Gate, Sources } from '../../src/gate/index.js';
import { AddressSet, parsePrefix } from '../../src/set/index.js';
import {
  exportPlanOf,
  f0,
  f0Made,
  f0With,
  later,
  type Made,
  made,
  packPlanOf,
  previewPlanOf,
  tcp22,
} from '../support/gate/deployment.js';
import { findingOn, policyFor, reportOf } from '../support/gate/verdict.js';
import { UNKNOWN } from '../support/pulumi/properties.js';

const web = (inputs: Readonly<Record<string, unknown>>) =>
  made('Instance', 'web', { subnetId: later('sub'), vpcSecurityGroupIds: [later('sg')], ...inputs });
const told = (finding: ReturnType<typeof findingOn>) => [policyFor(finding), finding.missing.map(({ code }) => code)];
const sources = [
  ['a policy pack', packPlanOf],
  ['a preview', previewPlanOf],
] as const;

describe.each(sources)('a stack that stays as it is, from %s', (_, planOf) => {
  const first = () => findingOn(reportOf(previewPlanOf(f0)), 'web');
  const withDependencies = (on: readonly string[]): Made[] =>
    f0Made.map((one) => ({
      ...one,
      more: {
        ...one.more,
        propertyDependencies: Object.fromEntries(Object.keys(one.inputs).map((property) => [property, on])),
      },
    }));

  test.each([
    ['pulumi#3', f0Made],
    ['pulumi#4', withDependencies([])],
    ['pulumi#5', withDependencies(['vpc'])],
  ])('%s is linked by its ids', (__, given) => {
    const finding = findingOn(reportOf(planOf(given)), 'web');
    expect(told(finding)).toEqual(['exposed', []]);
    expect(finding.path).toEqual(first().path);
    expect(finding.assumed.filter((text) => text.startsWith('links'))).toEqual([]);
  });
});

test('pulumi#84 a deployment is judged alike from every source, in the same words', () => {
  const findings = [packPlanOf(f0), previewPlanOf(f0), exportPlanOf(f0Made)].map((plan) =>
    findingOn(reportOf(plan), 'web'),
  );
  for (const { verdict, from, path, change } of findings) {
    expect({ verdict, from, path, change }).toEqual({
      verdict: 'reachable',
      from: ['0.0.0.0/0'],
      path: findings[0]?.path,
      change: 'security group "sg" ingress[0].cidrBlocks',
    });
  }
});

describe('what is only looked up', () => {
  const read = made(
    'SecurityGroup',
    'nine',
    {},
    { op: 'read', id: 'sg-9', outputs: { id: 'sg-9', vpcId: 'vpc-1', ingress: [tcp22('0.0.0.0/0')] } },
  );

  test('pulumi#18 is known to a preview and not to a pack, and changes nothing where another group lets them in', () => {
    const given = f0With({ web: web({ vpcSecurityGroupIds: [later('sg', 'nine'), 'sg-9'] }) }, read);
    for (const [, planOf] of sources) expect(told(findingOn(reportOf(planOf(given)), 'web'))).toEqual(['exposed', []]);
  });

  test('pulumi#96 is used where an export holds it', () => {
    const given = [...f0Made.filter(({ name }) => name !== 'sg'), read].map((one) =>
      one.name === 'web'
        ? { ...one, more: { ...one.more, outputs: { ...one.more.outputs, vpcSecurityGroupIds: ['sg-9'] } } }
        : one,
    );
    const plan = exportPlanOf(given, ({ name }) => (name === 'nine' ? { external: true } : {}));
    expect(told(findingOn(reportOf(plan), 'web'))).toEqual(['exposed', []]);
  });
});

describe('places of which each means something of its own', () => {
  const egress = [{ protocol: '-1', fromPort: 0, toPort: 0, cidrBlocks: ['0.0.0.0/0'] }];
  const a = made('SecurityGroup', 'a', { vpcId: later('vpc'), egress });
  const b = made('SecurityGroup', 'b', { vpcId: later('vpc') });
  const from = (port: number) => ({ protocol: 'tcp', fromPort: port, toPort: port, securityGroups: [later('a', 'b')] });
  const given = f0With(
    { sg: made('SecurityGroup', 'sg', { vpcId: later('vpc'), ingress: [from(22), from(80)] }) },
    a,
    b,
    {
      ...web({ vpcSecurityGroupIds: [later('a')] }),
      name: 'client',
    },
  );

  test('pulumi#36 two rules and two groups: closed to the internet, and of a member of one nobody knows', () => {
    for (const [, planOf] of sources) {
      const plan = planOf(given);
      expect(told(findingOn(reportOf(plan), 'web'))).toEqual(['-', []]);
      const answer = explain(cloudOfPlan(plan, awsPlan, undefined), { target: 'web', from: 'client' });
      expect(answer.report?.targets[0]?.verdict).toBe('unknown');
    }
  });

  test('pulumi#37 seven interfaces in seven places are more ways than are tried', () => {
    const names = ['e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'e7'];
    const networkInterfaces = names.map((_, deviceIndex) => ({ deviceIndex, networkInterfaceId: later(...names) }));
    const enis = names.map((name) =>
      made('NetworkInterface', name, { subnetId: later('sub'), securityGroups: [later('sg')] }),
    );
    const many = f0With(
      { web: made('Instance', 'web', { networkInterfaces }) },
      ...enis,
      made('Eip', 'eip', { networkInterface: later('e1') }),
    );
    expect(told(findingOn(reportOf(packPlanOf(many)), 'web'))[1]).toEqual(['ev-fork-limit']);
  });
});

describe('what a pack is given', () => {
  const sg = (more: Made['more']) =>
    made('SecurityGroup', 'sg', { vpcId: later('vpc'), ingress: [tcp22('0.0.0.0/0')] }, more);
  const unseen = f0.map((one) => ({ ...one, more: { unseen: true } }));

  test('pulumi#46 may be what the program asks for and nothing else', () => {
    const given = f0.map((one) => ({ ...one, more: { outputs: {} } }));
    expect(told(findingOn(reportOf(packPlanOf(given)), 'web'))).toEqual(['exposed', []]);
  });

  test('pulumi#47 a group of which nothing was seen is not one without rules', () => {
    const given = unseen.map((one) => (one.name === 'sg' ? sg({ unseen: true, outputs: {} }) : one));
    const report = reportOf(packPlanOf(given));
    expect(policyFor(findingOn(report, 'web'))).toBe('undecided');
    expect(report.remarks.map(({ message }) => message)).toContainEqual(expect.stringContaining('ev-unreadable'));
  });

  test('pulumi#81 what is not to change is asked for as it was', () => {
    const given = f0With({ sg: sg({ outputs: { ingress: [] } }) });
    expect(told(findingOn(reportOf(packPlanOf(given)), 'web'))).toEqual(['exposed', []]);
  });

  test('pulumi#54 throws where a value is got that is not known, and nothing here gets one', () => {
    const properties = unknownCheckingProxy({ subnetId: UNKNOWN }) as { subnetId?: unknown };
    expect(() => properties.subnetId).toThrow(/can't be known during preview/);
    expect(reportOf(packPlanOf(f0)).failures).toEqual([]);
  });
});

describe('a secret', () => {
  const hidden = (cidr: unknown) =>
    f0With({ sg: made('SecurityGroup', 'sg', { vpcId: later('vpc'), ingress: [tcp22(cidr)] }) });

  test('pulumi#52 is plain to a pack, and hidden in a preview', () => {
    expect(told(findingOn(reportOf(packPlanOf(hidden('0.0.0.0/0'))), 'web'))).toEqual(['exposed', []]);
    expect(told(findingOn(reportOf(previewPlanOf(hidden('[secret]'))), 'web'))).toEqual(['undecided', ['ev-secret']]);
  });

  test('pulumi#94 is hidden in an export', () => {
    const secret = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270', ciphertext: 'v1:x' };
    const given = f0Made.map((one) => {
      const ingress = [tcp22(secret)];
      return one.name === 'sg'
        ? {
            ...one,
            inputs: { vpcId: 'vpc-1', ingress },
            more: { ...one.more, outputs: { id: 'sg-1', vpcId: 'vpc-1', ingress } },
          }
        : one;
    });
    expect(told(findingOn(reportOf(exportPlanOf(given)), 'web'))).toEqual(['undecided', ['ev-secret']]);
  });
});

test('pulumi#95 a copy that waits for its deletion is nothing', () => {
  const closed = made(
    'SecurityGroup',
    'sg',
    { vpcId: 'vpc-1', ingress: [] },
    { id: 'sg-2', outputs: { id: 'sg-2', vpcId: 'vpc-1', ingress: [] } },
  );
  const given = f0Made.map((one) =>
    one.name === 'web'
      ? { ...one, more: { ...one.more, outputs: { ...one.more.outputs, vpcSecurityGroupIds: ['sg-2'] } } }
      : one,
  );
  const plan = exportPlanOf([...given, closed], ({ more }) => (more.id === 'sg-1' ? { delete: true } : {}));
  expect(told(findingOn(reportOf(plan), 'web'))).toEqual(['-', []]);
});

test('pulumi#101 a failure of port22 itself is told of its machine, and the others are judged', () => {
  const bad = { ...web({ vpcSecurityGroupIds: [later('sg', 'sgB')] }), name: 'bad' };
  const plan = packPlanOf([...f0, bad, made('SecurityGroup', 'sgB', { vpcId: later('vpc') })]);
  const failing: typeof awsPlan = {
    ...awsPlan,
    lower: (view, records, ...more) => {
      if (records.length < plan.records.length) throw new Error('boom');
      return awsPlan.lower(view, records, ...more);
    },
  };
  const question = {
    port: 22,
    isStrict: false,
    maxForks: 64,
    assumptions: { unseenControls: 'assume-none', defaultNetwork: 'likely' },
  } as const;
  const prefixes = ['0.0.0.0/0'].map(parsePrefix).filter((prefix) => prefix !== undefined);
  const report = new Gate(plan, [failing], question).forbidden(new Sources(prefixes, AddressSet.empty));
  const settings = readSettings({});
  if ('faults' in settings) throw new Error('the defaults are wrong');
  const found = exposed({ settings, report, required: () => ({ findings: [], failures: [] }), today: '2026-01-01' });
  expect(found.map(({ message }) => message.split('\n')[0])).toEqual([
    'tcp/22 on instance "web" is reachable from 0.0.0.0/0',
    expect.stringContaining('internal error of port22 about "bad"'),
  ]);
});

import { describe, expect, test } from '@jest/globals';
import type { Plan } from '../../src/plan/plan.js';
import { isPreview, readPreview } from '../../src/plan/preview.js';
import { isStackExport, readStackExport } from '../../src/plan/stack-export.js';
import { Unknown } from '../../src/plan/tree.js';

const LATER = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
const urn = (type: string, name: string) => `urn:pulumi:dev::shop::${type}::${name}`;
const GROUP = urn('aws:ec2/securityGroup:SecurityGroup', 'sg');
const WEB = urn('aws:ec2/instance:Instance', 'web::one');
const PROVIDER = urn('pulumi:providers:aws', 'default');

const group = {
  urn: GROUP,
  custom: true,
  id: 'sg-1',
  type: 'aws:ec2/securityGroup:SecurityGroup',
  inputs: { __defaults: [], ingress: [{ fromPort: 22 }] },
  outputs: { id: 'sg-1', ingress: [{ fromPort: 22 }] },
  parent: urn('pulumi:pulumi:Stack', 'shop-dev'),
  provider: `${PROVIDER}::0b9a6bd7`,
  dependencies: [],
};
const web = {
  urn: WEB,
  custom: true,
  type: 'aws:ec2/instance:Instance',
  inputs: { vpcSecurityGroupIds: [LATER] },
  dependencies: [GROUP, urn('aws:ec2/vpc:Vpc', 'a'), GROUP],
  propertyDependencies: { vpcSecurityGroupIds: [GROUP], subnetId: null },
};

function exported(...resources: readonly unknown[]): Plan | undefined {
  return readStackExport({ version: 3, deployment: { manifest: {}, resources } });
}

function statuses(plan: Plan | undefined): unknown {
  return plan?.records.map(({ name, status, id }) => [name, status, id]);
}

describe('what pulumi stack export writes', () => {
  test('is records by URN', () => {
    const plan = exported(web, group);
    expect(plan?.gaps).toEqual([]);
    expect(plan?.records.map(({ name }) => name)).toEqual(['web::one', 'sg']);
    expect(plan?.records[1]).toEqual({
      isUnchanged: true,
      urn: GROUP,
      type: 'aws:ec2/securityGroup:SecurityGroup',
      token: { pkg: 'aws', module: 'ec2', name: 'SecurityGroup' },
      name: 'sg',
      parent: urn('pulumi:pulumi:Stack', 'shop-dev'),
      isComponent: false,
      inputs: { ingress: [{ fromPort: 22 }] },
      outputs: { id: 'sg-1', ingress: [{ fromPort: 22 }] },
      id: 'sg-1',
      dependencies: [],
      propertyDependencies: new Map(),
      provider: PROVIDER,
      status: 'managed',
      isReadable: true,
    });
    expect(plan?.records[0]).toMatchObject({
      dependencies: [GROUP, urn('aws:ec2/vpc:Vpc', 'a')].toSorted(),
      propertyDependencies: new Map([
        ['vpcSecurityGroupIds', [GROUP]],
        ['subnetId', []],
      ]),
    });
  });

  test('is the same in whatever order', () => {
    expect(exported(group, web)).toEqual(exported(web, group));
  });

  test('tells what is read, and leaves out what is about to be deleted and copies of it', () => {
    const read = { ...group, urn: urn(group.type, 'read'), external: true };
    const gone = { ...group, urn: urn(group.type, 'gone'), delete: true };
    const copy = { ...group, id: 'sg-0', delete: true };
    const wanted = [
      ['read', 'external', 'sg-1'],
      ['sg', 'managed', 'sg-1'],
    ];
    expect(statuses(exported(copy, group, read, gone))).toEqual(wanted);
    expect(statuses(exported(group, copy, read, gone))).toEqual(wanted);
  });

  test('has components, which are nothing by themselves', () => {
    const component = { urn: urn('my:net:Network', 'net'), type: 'my:net:Network', custom: false };
    expect(exported(component)?.records).toMatchObject([{ isComponent: true, isReadable: true, inputs: undefined }]);
  });

  test.each([
    ['nothing', {}, {}],
    ['nothing at all', undefined, undefined],
    ['what is no object', 'x', ['y']],
  ])('may say %s of a resource', (_, inputs, outputs) => {
    expect(exported({ ...group, inputs, outputs })?.records).toMatchObject([{ isReadable: false }]);
  });

  test.each([[null], ['x'], [{}], [{ urn: GROUP }], [{ type: 'aws:ec2/instance:Instance' }]])(
    'may be broken: %j',
    (one) => {
      expect(exported(one, group)).toMatchObject({ records: [{ urn: GROUP }], gaps: ['unreadable-resource'] });
    },
  );

  test('is of a version that is known', () => {
    expect(isStackExport({ version: 99, deployment: {} })).toBe(true);
    expect(readStackExport({ version: 99, deployment: { resources: [] } })).toBeUndefined();
    expect(isStackExport({ steps: [], changeSummary: {} })).toBe(false);
    expect(isStackExport([])).toBe(false);
  });
});

describe('what pulumi preview --json writes', () => {
  const planned = (...steps: readonly unknown[]) => readPreview({ config: {}, steps, changeSummary: { create: 1 } });

  test('is what is to be created, with what is not known', () => {
    const plan = planned({
      op: 'create',
      urn: WEB,
      newState: { ...web, outputs: { id: LATER, subnetId: 'subnet-1' } },
    });
    expect(plan?.records).toMatchObject([
      {
        urn: WEB,
        id: undefined,
        status: 'managed',
        inputs: { vpcSecurityGroupIds: [new Unknown('until deployed')] },
        outputs: undefined,
      },
    ]);
  });

  test('says the same whether or not the engine had the outputs of a step', () => {
    const newState = { ...web, outputs: { id: LATER } };
    const step = (op: string, state: object) =>
      planned({ op, urn: WEB, newState: state, oldState: { ...web, id: 'i-1' } });
    for (const op of ['create', 'update', 'create-replacement'])
      expect(step(op, newState)).toEqual(step(op, { ...newState, outputs: undefined }));
  });

  test('has the id of what is kept, and not of what is replaced', () => {
    const oldState = { ...web, id: 'i-1' };
    expect(statuses(planned({ op: 'update', urn: WEB, newState: web, oldState }))).toEqual([
      ['web::one', 'managed', 'i-1'],
    ]);
    const replaced = planned(
      { op: 'create-replacement', urn: WEB, newState: web, oldState },
      { op: 'replace', urn: WEB, newState: web, oldState },
      { op: 'delete-replaced', urn: WEB, oldState },
    );
    expect(statuses(replaced)).toEqual([['web::one', 'managed', undefined]]);
    expect(replaced?.former.map(({ urn, id }) => [urn, id])).toEqual([[WEB, 'i-1']]);
  });

  test('has what is deleted, read, and kept', () => {
    const old = (name: string) => ({ ...group, urn: urn(group.type, name) });
    const plan = planned(
      { op: 'delete', urn: old('gone').urn, oldState: old('gone') },
      { op: 'read', urn: old('read').urn, newState: old('read') },
      { op: 'same', urn: old('kept').urn, newState: old('kept'), oldState: old('kept') },
    );
    expect(statuses(plan)).toEqual([
      ['kept', 'managed', 'sg-1'],
      ['read', 'external', 'sg-1'],
    ]);
    expect(plan?.former.map(({ name }) => name)).toEqual(['gone']);
    expect([...(plan?.records ?? []), ...(plan?.former ?? [])].every(({ outputs }) => outputs?.id === 'sg-1')).toBe(
      true,
    );
  });

  test('keeps what a change replaces apart from what it makes', () => {
    const step = { op: 'update', urn: GROUP, newState: { ...group, inputs: { ingress: [] } }, oldState: group };
    expect(planned(step)?.records).toMatchObject([{ inputs: { ingress: [] } }]);
    expect(planned(step)?.former).toMatchObject([{ inputs: { ingress: [{ fromPort: 22 }] } }]);
  });

  test.each([
    ['is to be retained', 'delete', { retainOnDelete: true }],
    ['is only read no more', 'discard', { external: true }],
    ["was never the program's", 'delete', { external: true }],
  ])('is not rid of what %s', (_, op, more) => {
    const plan = planned({ op, urn: GROUP, oldState: { ...group, ...more } });
    expect([plan?.records, plan?.former, plan?.gaps]).toEqual([[], [], []]);
  });

  test('may lack what stays as it is', () => {
    const same = { op: 'same', urn: GROUP, newState: group, oldState: group };
    const of = (...steps: readonly unknown[]) => readPreview({ steps, changeSummary: { same: 1, create: 1 } })?.gaps;
    expect([of(), of(same)]).toEqual([['partial-preview'], []]);
  });

  test.each([[null], ['x'], [{}], [{ op: 'create' }], [{ op: 'create', newState: 'x' }]])(
    'may be broken: %j',
    (step) => {
      expect(planned(step)?.gaps).toEqual(['unreadable-resource']);
    },
  );

  test('is told by its members', () => {
    expect([{ steps: [], changeSummary: {} }, { steps: [] }, { deployment: {} }, null].map(isPreview)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

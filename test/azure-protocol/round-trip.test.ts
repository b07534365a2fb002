import { describe, expect, test } from '@jest/globals';
import { withoutSecrets } from '../../providers/azure/records/recording.js';
import type { RecordedDocument } from '../../src/evidence/index.js';
import { explain } from '../../src/index.js';
import { type Fixture, f0 } from '../support/azure/fixture.js';
import { balancer, balancingRule, health, natRange, portMapping } from '../support/azure/load-balancer.js';
import { networkManager } from '../support/azure/manager-records.js';
import { uniform } from '../support/azure/scale-set.js';
import { bastion, neighbour, vpn } from '../support/azure/topology.js';
import { fetcher } from '../support/azure-server/fetcher.js';

const azure = fetcher();

type Value = Readonly<Record<string, unknown>> & {
  readonly port22: { readonly subscription: string; readonly operation: string };
};

const SUBJECTS = [
  'virtualNetwork',
  'applicationSecurityGroup',
  'location',
  'loadBalancingRule',
  'backendAddressPool',
  'ipConfiguration',
];

/** Documents by subscription, call and subject. */
function byCall(documents: readonly RecordedDocument[]): Map<string, Value> {
  return new Map(
    documents.map(({ value }) => {
      const { port22, ...body } = JSON.parse(JSON.stringify(value), withoutSecrets) as Value;
      const subject = SUBJECTS.flatMap((name) => (body[name] === undefined ? [] : JSON.stringify(body[name])));
      return [[port22.subscription, port22.operation, ...subject].join(' '), { port22, ...body }];
    }),
  );
}

/** The verdict with everything that a user sees beside it. */
function verdict(documents: readonly RecordedDocument[], from: string, target: string) {
  const { report, problems, exitCode } = explain({ documents }, { target, from });
  const [judged] = report?.targets ?? [];
  const codes = judged?.findings.flatMap(({ causes, missing }) => [...causes, ...missing].map(({ code }) => code));
  return { exitCode, problems: problems.map(({ what }) => what), verdict: judged?.verdict, codes };
}

interface Row {
  readonly name: string;
  readonly build: (f: Fixture) => unknown;
  readonly from?: string;
  readonly target?: string;
}

const ROWS: readonly Row[] = [
  { name: 'F0', build: () => {} },
  { name: 'a rule that denies', build: (f) => f.deny('deny', { priority: 99 }) },
  {
    name: 'an admin rule',
    build: (f) => f.add('networkManagers', networkManager('nm1')).adminRule('deny', { access: 'Deny' }),
  },
  { name: 'a machine that is off', build: (f) => f.power('vmA', 'deallocated') },
  { name: 'a group of applications', build: (f) => f.asgs('nicA', 'web') },
  { name: 'two networks that are peers', build: neighbour, from: '10.1.0.4' },
  { name: 'a VPN', build: (f) => vpn(f, 'vnet1', '10.0.255.0/27'), from: '172.20.0.9', target: '10.0.1.4' },
  { name: 'an instance of a Uniform scale set', build: (f) => uniform(f, 'nsg1'), target: '20.3.3.3' },
  {
    name: 'a balancing rule',
    build: (f) => health(balancer(f, { members: ['nicA'], rules: [balancingRule()] }), 'Up', 'nicA'),
    target: '20.4.4.4',
  },
  {
    name: 'a NAT rule of version 2',
    build: (f) => portMapping(balancer(f, { members: ['nicA'], natRules: [natRange(50_000, 50_010)] }), 'nicA', 50_001),
  },
  { name: 'a Bastion host', build: (f) => bastion(f, 'Standard') },
  { name: 'routes', build: (f) => f.routes('vnet1/s1', '0.0.0.0/0 None') },
  { name: 'a denied list', build: (f) => f.denied('routeTables') },
  { name: 'a denied question', build: (f) => f.denied('effectiveAdminRules', f.vnetSubject('vnet1')) },
];

/** Nobody asks for what no verdict hangs on. */
const UNASKED = [
  'Microsoft.Network/firewallPolicies/read',
  'Microsoft.Network/ipGroups/read',
  'Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections/rules/read',
];

describe('what is fetched is what was recorded', () => {
  test.each(ROWS)('$name', async ({ build, from = '198.51.100.7', target = '20.1.2.3' }) => {
    const fixture = f0();
    build(fixture);
    const documents = fixture.documents('fetched');
    await azure.serve({ documents });
    const fetched = await azure.fetched();
    const wanted = byCall(documents);
    const found = byCall(fetched.documents);
    const isAsked = (call: string) => UNASKED.every((operation) => !call.includes(operation));
    expect([...wanted.keys()].filter((call) => isAsked(call) && !found.has(call))).toEqual([]);
    for (const [call, { virtualMachineScaleSet: _, ...value }] of found)
      if (wanted.has(call)) expect([call, value]).toEqual([call, wanted.get(call)]);
    expect(verdict(fetched.documents, from, target)).toEqual(verdict(documents, from, target));
  });
});

describe('Resource Graph tells of a tenant what lists tell of a subscription', () => {
  test.each(ROWS)('$name', async ({ build, from = '198.51.100.7', target = '20.1.2.3' }) => {
    const fixture = f0();
    build(fixture);
    const documents = fixture.documents('fetched');
    await azure.serve({ documents });
    const { documents: fetched } = await azure.fetched({ subscriptions: ['all'] });
    expect(verdict(fetched, from, target)).toEqual(verdict(documents, from, target));
  });
});

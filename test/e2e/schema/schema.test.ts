import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { CollectedLine } from '../../support/collected-answers.js';
import { pythonWith } from '../../support/python.js';
import { allowed } from './allowed.js';
import { type Collected, collectAnswers, exampleAnswers, testsWithRecords } from './answers.js';
import { azureShapes } from './azure-shapes.js';
import { googleShapes } from './google-shapes.js';
import { type Judgement, judgeAnswers, type Schemas } from './judgement.js';

let schemas: Schemas;
let collected: Collected;
let judgement: Judgement;

beforeAll(async () => {
  const python = await pythonWith(join(__dirname, 'requirements.txt'), 'schemas');
  schemas = { google: googleShapes(python), azure: azureShapes(python) };
  collected = await collectAnswers();
  judgement = judgeAnswers(collected.answers, schemas);
}, 1_100_000);

describe('what the tests hand to port22 as the answer of a cloud', () => {
  test('is what Google and Microsoft say that it is', () => {
    expect(judgement.complaints).toEqual([]);
  });

  test('comes from every test that has records of these clouds', () => {
    expect(testsWithRecords().filter((name) => !collected.tests.includes(name))).toEqual([]);
    expect(collected.tests.length).toBeGreaterThan(30);
  });

  test.each([
    ['compute.Instance', 100],
    ['compute.Firewall', 100],
    ['compute.NetworksGetEffectiveFirewallsResponseEffectiveFirewallPolicy', 100],
    ['compute.VirtualMachine', 50],
    ['network.NetworkInterface', 50],
    ['network.NetworkSecurityGroup', 50],
    ['security.JitNetworkAccessPolicy', 1],
  ])('has many of %s', (name, least) => {
    expect(judgement.records.get(name)).toBeGreaterThanOrEqual(least);
  });

  test('needs everything that is allowed', () => {
    expect(allowed.filter((entry) => !judgement.used.has(entry)).map(({ reason }) => reason)).toEqual([]);
  });
});

test('the bundled example is what Google and Microsoft say that it is', () => {
  const { complaints, records } = judgeAnswers(exampleAnswers(), schemas);
  expect(complaints).toEqual([]);
  expect(Math.min(...['compute.Instance', 'network.NetworkInterface'].map((name) => records.get(name) ?? 0))).toBe(3);
});

describe('a judge', () => {
  const RULES = 'compute.firewalls.list';
  const INTERFACES = 'Microsoft.Network/networkInterfaces/read';
  const PROPERTIES = { enableIPForwarding: false, ipConfigurations: [{ properties: { primary: true } }] };
  const google = (record: object, operation = RULES) => complaintsAbout('gcp', operation, 'gcloud', [record]);
  const azure = (properties: object) => complaintsAbout('azure', INTERFACES, 'rest', { value: [{ properties }] });
  const az = (record: object) => complaintsAbout('azure', INTERFACES, 'az', [record]);

  function complaintsAbout(cloud: CollectedLine['cloud'], operation: string, form: string, body: unknown) {
    const line = { cloud, operation, form, body, test: '', invented: [] };
    return judgeAnswers([line], schemas).complaints.map((complaint) => complaint.replace(/ \(.*/, ''));
  }

  test('finds nothing in what is sound', () => {
    expect(google({ name: 'r', id: '123', priority: 1000, direction: 'INGRESS' })).toEqual([]);
    expect(azure(PROPERTIES)).toEqual([]);
    expect(az({ enableIPForwarding: false, ipConfigurations: [{ primary: true }] })).toEqual([]);
  });

  test.each([
    [{ sourceRange: ['10.0.0.0/8'] }, 'sourceRange: unknown field'],
    [{ allowed: [{ ipProtocol: 'tcp' }] }, 'allowed[].ipProtocol: unknown field'],
    [{ direction: 'INBOUND' }, "direction: 'INBOUND' is none of EGRESS, INGRESS"],
    [{ id: 123 }, 'id: 123 where a text is due'],
    [{ id: 'one' }, "id: 'one' is no uint64"],
    [{ priority: '1000' }, 'priority: "1000" where an integer is due'],
    [{ disabled: null }, 'disabled: null where a boolean is due'],
    [{ allowed: {} }, 'allowed: {} where a list is due'],
    [{ kind: 'compute#firewalls' }, "kind: 'compute#firewalls' is none of compute#firewall"],
  ])('finds in a record of Google %j', (record, complaint) => {
    expect(google(record)).toEqual([`gcp ${RULES}: [].${complaint}`]);
  });

  test.each([
    [{ ...PROPERTIES, ipForwarding: true }, 'properties.ipForwarding: unknown field'],
    [{ nicType: 'Big' }, "properties.nicType: 'Big' is none of Standard, Elastic"],
    [{ ipConfigurations: [{ primary: true }] }, 'properties.ipConfigurations[].primary: unknown field'],
    [{ enableIPForwarding: 'false' }, 'properties.enableIPForwarding: "false" where a boolean is due'],
  ])('finds in a record of Azure %j', (properties, complaint) => {
    expect(azure(properties)).toEqual([`azure network.NetworkInterface: value[].${complaint}`]);
  });

  test('finds in what az prints that it is not flat', () => {
    expect(az({ properties: PROPERTIES })).toEqual(['azure network.NetworkInterface: [].properties: unknown field']);
  });

  test('knows that a call was never described', () => {
    expect(() => google({}, 'compute.firewalls.guess')).toThrow('compute.firewalls.guess');
    expect(() => complaintsAbout('azure', 'Microsoft.Guess/read', 'rest', {})).toThrow('Microsoft.Guess/read');
  });

  test('tells of a word that a test makes up needlessly', () => {
    const body = [{ direction: 'INGRESS' }];
    const line: CollectedLine = {
      cloud: 'gcp',
      operation: RULES,
      form: 'gcloud',
      body,
      test: 'T',
      invented: ['INGRESS'],
    };
    expect(judgeAnswers([line], schemas).complaints).toEqual(["T makes up 'INGRESS', which the schemas have"]);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { audit, explain, type RecordedDocument, type TargetReport } from '../src/index.js';

const FOLDER = join(__dirname, '../examples/three-tier');
const evidence = { documents: recordedBelow(FOLDER) };

const OFFICE = '198.51.100.7';
const IPV6_CLIENT = '2001:db8:ffff::7';

const instances = {
  bastion: 'i-041338a683659f04c',
  batch: 'i-022d1568228118659',
};
const groups = { db: 'sg-0e67b1dcd2de027d4', webGreen: 'sg-049c1fa3001fdcdc9' };
const acls = { appHardened: 'acl-01e5007b375aa71d1', data: 'acl-0d8d8fe162b079cc4' };
const tables = {
  data: 'rtb-0617c5ffa338acf4f',
  private: 'rtb-058aaf876d55333e9',
  private2021: 'rtb-0d2ce0e50bc77a850',
};
const interfaces = { db: 'eni-0e46731f44ac63a94', metrics: 'eni-08dd8cf47b23f0ab7' };
const gateway = 'igw-0abd4f9a9feddb89f';
const peering = 'pcx-03355e775e4462342';

function recordedBelow(folder: string): RecordedDocument[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  return names.map((name) => ({ path: name, value: JSON.parse(readFileSync(join(folder, name), 'utf8')) }));
}

/** The judged target of one question; fails when anything of the account was not understood or is missing. */
function asked(target: string, from: string): TargetReport {
  const { report, problems } = explain(evidence, { target, from });
  expect(problems).toEqual([]);
  expect(report?.gaps).toEqual([]);
  const [judged] = report?.targets ?? [];
  if (judged === undefined) throw new Error(`there is no answer for ${target}`);
  expect(judged.findings.flatMap(({ missing }) => missing)).toEqual([]);
  return judged;
}

/** The answer over the way that comes first: the best one. */
function answer(target: string, from: string) {
  const { verdict, symptom, findings } = asked(target, from);
  const [best] = findings;
  return {
    verdict,
    symptom,
    path: best?.path,
    causes: best?.causes.map(({ code, component, rule }) => [code, component.id, rule].filter(Boolean).join(' ')),
    fixes: best?.fixes.map(({ command, checked, gains, loses }) => ({ command, checked, gains, loses })),
  };
}

function reachable(path: string) {
  return { verdict: 'reachable', symptom: 'connects', path, causes: [], fixes: [] };
}

function timesOut(path: string, cause: string, fix: { readonly command: string; readonly gains: readonly string[] }) {
  const fixes = [{ checked: true, loses: [], ...fix }];
  return { verdict: 'unreachable', symptom: 'times-out', path, causes: [cause], fixes };
}

function waysIn({ alternatives }: TargetReport): Record<string, string> {
  return Object.fromEntries(alternatives.map(({ kind, works }) => [kind, works]));
}

describe('in the three-tier example', () => {
  test.each([
    ['bastion', OFFICE, 'internet'],
    ['web-1', OFFICE, 'internet'],
    ['ci', OFFICE, 'internet'],
    ['web-1', 'bastion', 'same-subnet'],
    ['web-3', 'bastion', 'same-vpc'],
    ['app-2', 'bastion', 'same-vpc'],
  ])('%s can be reached from %s', (target, from, path) => {
    expect(answer(target, from)).toEqual(reachable(path));
  });

  test("web-2's group does not know the office", () => {
    expect(answer('web-2', OFFICE)).toEqual(
      timesOut('internet', `aws/sg-no-inbound ${groups.webGreen}`, {
        command: `aws ec2 authorize-security-group-ingress --region eu-west-1 --group-id ${groups.webGreen} --protocol tcp --port 22 --cidr ${OFFICE}/32`,
        gains: [`${OFFICE}/32`],
      }),
    );
    expect(asked('web-2', OFFICE).findings[0]?.causes[0]?.closest).toContain('192.0.2.64/27');
    expect(waysIn(asked('web-2', OFFICE))).toMatchObject({ ssm: 'yes', 'instance-connect-endpoint': 'no' });
  });

  test("the network ACL of app-1's subnet forgets the reply", () => {
    expect(answer('app-1', 'bastion')).toEqual(
      timesOut('same-vpc', `aws/nacl-out-deny ${acls.appHardened} 32767`, {
        command: `aws ec2 create-network-acl-entry --region eu-west-1 --network-acl-id ${acls.appHardened} --egress --rule-number 120 --protocol 6 --port-range From=1024,To=65535 --cidr-block 10.20.0.10/32 --rule-action allow`,
        gains: ['10.20.0.10/32'],
      }),
    );
  });

  test('db-1 has no public address, and the Instance Connect Endpoint works', () => {
    const { verdict, symptom, causes, fixes } = answer('db-1', OFFICE);
    expect({ verdict, symptom, causes }).toEqual({
      verdict: 'unreachable',
      symptom: 'times-out',
      causes: [
        `aws/addr-no-public-ipv4 ${interfaces.db}`,
        `aws/nacl-in-deny ${acls.data} 32767`,
        `aws/sg-no-inbound ${groups.db}`,
        `aws/nacl-out-deny ${acls.data} 32767`,
        `aws/rt-missing ${tables.data}`,
      ],
    });
    expect(fixes?.map(({ checked }) => checked)).toEqual([true, true, true, true, true]);
    expect(waysIn(asked('db-1', OFFICE))).toMatchObject({ 'instance-connect-endpoint': 'yes', ssm: 'no' });
  });

  test('legacy is open to everybody, although no rule says 0.0.0.0/0', () => {
    const { verdict, flags } = asked('legacy', 'internet');
    expect({ verdict, flags }).toEqual({ verdict: 'reachable', flags: ['world-open'] });
  });

  test('batch is stopped', () => {
    expect(answer('batch', 'bastion')).toEqual(
      timesOut('same-vpc', `aws/inst-not-running ${instances.batch}`, {
        command: `aws ec2 start-instances --region eu-west-1 --instance-ids ${instances.batch}`,
        gains: ['10.20.0.10/32', '10.20.11.200/32'],
      }),
    );
  });

  test("web-3's subnet sends its replies to a NAT gateway that is gone", () => {
    expect(answer('web-3', OFFICE)).toEqual(
      timesOut('internet', `aws/rt-blackhole ${tables.private2021} 0.0.0.0/0`, {
        command: `aws ec2 replace-route --region eu-west-1 --route-table-id ${tables.private2021} --destination-cidr-block 0.0.0.0/0 --gateway-id ${gateway}`,
        gains: ['198.51.100.0/24'],
      }),
    );
  });

  test('the peering has no route back from app-2 to ci', () => {
    expect(answer('app-2', 'ci')).toEqual(
      timesOut('peering', `aws/rt-missing ${tables.private} 0.0.0.0/0`, {
        command: `aws ec2 create-route --region eu-west-1 --route-table-id ${tables.private} --destination-cidr-block 10.30.0.0/16 --vpc-peering-connection-id ${peering}`,
        gains: ['10.30.0.14/32'],
      }),
    );
  });

  test('metrics is closed over IPv4 and open to everybody over IPv6', () => {
    expect(answer('metrics', OFFICE)).toMatchObject({
      verdict: 'unreachable',
      causes: [`aws/addr-no-public-ipv4 ${interfaces.metrics}`],
    });
    expect(answer('metrics', IPV6_CLIENT)).toEqual(reachable('internet'));
    expect(answer('metrics', 'internet')).toMatchObject({ verdict: 'partial', symptom: 'times-out' });
  });

  test('the audit says of every instance who can reach it', () => {
    const { report, problems, exitCode } = audit(evidence);
    expect({ problems, exitCode, gaps: report?.gaps }).toEqual({ problems: [], exitCode: 0, gaps: [] });
    const reachableFrom = report?.targets.map(({ target, reachableFrom: from }) => [target.name, from]);
    expect(Object.fromEntries(reachableFrom ?? [])).toEqual({
      bastion: ['198.51.100.0/24'],
      'web-1': ['10.20.0.10/32', '198.51.100.0/24'],
      'web-2': ['10.20.0.10/32', '192.0.2.64/27'],
      'web-3': ['10.20.0.10/32'],
      'app-1': [],
      'app-2': ['10.20.0.10/32', '10.20.11.200/32'],
      batch: [],
      'db-1': ['10.20.11.200/32'],
      legacy: expect.arrayContaining(['1.0.0.0/8', '128.0.0.0/3', '10.30.0.0/24']),
      metrics: expect.arrayContaining(['2002::/15', '3000::/4', '10.30.0.0/24']),
      ci: ['198.51.100.0/24'],
    });
    const unsure = report?.targets.flatMap(({ partialFrom, unknownFrom }) => [...partialFrom, ...unknownFrom]);
    expect(unsure).toEqual([]);
    const open = report?.targets.filter(({ flags }) => flags.includes('world-open')).map(({ target }) => target.name);
    expect(open).toContain('legacy');
  });

  test('every command of its README gets an answer', () => {
    const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8');
    const commands = [...readme.matchAll(/^npx port22 explain (\S+) +--from (\S+) +--in examples\/three-tier$/gm)];
    expect(commands.length).toBe(9);
    for (const [, target = '', from = ''] of commands) expect(asked(target, from).findings).not.toEqual([]);
  });
});

import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { run } from '../../src/cli/run.js';
import { audit } from '../../src/index.js';
import { schemas } from '../../src/report/schemas.js';
import { type Fixture, f0 } from '../support/aws/fixture.js';
import { nlb } from '../support/aws/load-balancer.js';
import { schemaErrors } from '../support/report-schema.js';
import { tempFolder } from '../support/temp-folder.js';

function policyOf(...rules: readonly object[]): object {
  return { schema: 'port22/policy/v1', rules };
}

function audited(fixture: Fixture, ...rules: readonly object[]) {
  return audit({ documents: fixture.documents() }, { policy: policyOf(...rules) });
}

const noInternet = { policy: 'ssh-open-to-internet', severity: 'critical', forbid: ['internet'] };

const office = { policy: 'office', require: ['192.0.2.0/24'] };

describe('a policy', () => {
  test('that forbids sources tells who they are, exactly', () => {
    const { report, exitCode } = audited(f0(), { ...noInternet, except: ['203.0.113.0/25'] });
    expect(report?.violations).toEqual([
      {
        policy: 'ssh-open-to-internet',
        severity: 'critical',
        target: report?.targets[0]?.target,
        blame: { kind: 'security-group', id: 'sg-1' },
        rule: 'sgr-1-in1',
        from: ['203.0.113.128/25'],
        message: 'i-1 lets in who must not get in',
      },
    ]);
    expect(exitCode).toBe(1);
  });

  test('that requires sources tells whom it misses', () => {
    const { report, exitCode } = audited(f0(), {
      policy: 'office',
      targets: ['i-1'],
      require: ['203.0.113.0/24', '192.0.2.0/24'],
    });
    expect(report?.violations.map(({ policy, from }) => ({ policy, from }))).toEqual([
      { policy: 'office', from: ['192.0.2.0/24'] },
    ]);
    expect(exitCode).toBe(1);
  });

  test('that holds is 0, and is about the named targets only', () => {
    expect(audited(f0(), { ...noInternet, targets: ['i-2'] }).exitCode).toBe(0);
    expect(audited(f0(), { policy: 'office', targets: ['i-1'], require: ['203.0.113.0/24'] }).exitCode).toBe(0);
  });

  test('aws#200 whose question stays unknown is neither kept nor broken, so nobody may pass by it', () => {
    const fixture = f0().denied('ec2:DescribeNetworkAcls');
    for (const rule of [noInternet, { policy: 'office', targets: ['i-1'], require: ['203.0.113.7'] }]) {
      const { report, exitCode } = audited(fixture, rule);
      expect(report?.violations).toEqual([]);
      expect(report?.targets[0]?.verdict).toBe('unknown');
      expect(report?.targets[0]?.findings[0]?.missing).toMatchObject([{ code: 'aws/ev-nacl' }]);
      expect(exitCode).toBe(3);
    }
  });

  test.each<[string, (f: Fixture) => unknown, object, string, string | null]>([
    [
      'the group of several that lets it in',
      (f) => {
        f.sg('sg-3').inbound('tcp 443 0.0.0.0/0', 'tcp 22 0.0.0.0/0');
        f.groups('eni-1', 'sg-1', 'sg-3');
      },
      noInternet,
      'security-group sg-3',
      'sgr-3-in2',
    ],
    [
      'the group, whatever the network ACL allows',
      (f) => f.acl('acl-def').in('90 allow tcp 22 203.0.113.0/24'),
      noInternet,
      'security-group sg-1',
      'sgr-1-in1',
    ],
    [
      'the group for clients of whom some ports get through',
      (f) => f.acl('acl-def').out('100 allow tcp 32768-61000 0.0.0.0/0'),
      noInternet,
      'security-group sg-1',
      'sgr-1-in1',
    ],
    [
      'the group of a balancer that lets it in',
      (f) => {
        f.sg('sg-nlb').inbound('tcp 22 203.0.113.0/24').egress('all 0.0.0.0/0');
        f.sg('sg-1').inbound('tcp 22 sg-nlb');
        nlb(f, { groups: ['sg-nlb'] });
      },
      noInternet,
      'security-group sg-nlb',
      'sgr-nlb-in1',
    ],
    [
      'the group behind a balancer without one',
      (f) => {
        f.sg('sg-1').inbound('tcp 22 10.0.4.0/24');
        nlb(f, { preserveClientIp: false });
      },
      noInternet,
      'security-group sg-1',
      'sgr-1-in1',
    ],
    ['the group that keeps it out', () => undefined, office, 'security-group sg-1', null],
    [
      'what stops it first',
      (f) => f.acl('acl-def').in('90 deny tcp 22 192.0.2.0/24'),
      office,
      'network-acl acl-def',
      '90',
    ],
    [
      'what stops it on the way that it gets furthest on',
      (f) => {
        f.acl('acl-a').open().in('90 deny tcp 22 192.0.2.0/24', '100 allow all 0.0.0.0/0').on('subnet-a');
        f.sg('sg-nlb').inbound('tcp 22 203.0.113.0/24').egress('all 0.0.0.0/0');
        f.sg('sg-1').inbound('tcp 22 sg-nlb');
        nlb(f, { groups: ['sg-nlb'], preserveClientIp: false });
      },
      office,
      'security-group sg-nlb',
      null,
    ],
    ['the machine that does not run', (f) => f.state('i-1', 'stopped'), office, 'instance i-1', null],
    [
      'the interface without an address of the family',
      (f) => f.edit('NetworkInterfaces', 'eni-1', { Ipv6Addresses: [] }),
      { ...office, require: ['2001:db8:f::/48'] },
      'network-interface eni-1',
      null,
    ],
  ])('blames %s', (_name, given, rule, component, ruleId) => {
    const f = f0();
    given(f);
    const { report } = audited(f, { ...rule, targets: ['i-1'] });
    const blamed = report?.violations.map(({ blame, rule }) => [`${blame?.kind} ${blame?.id}`, rule]);
    expect(blamed).toEqual([[component, ruleId]]);
    expect(schemaErrors(report)).toEqual([]);
  });

  test('blames of machines that are alike the object of each', () => {
    const f = f0();
    for (const group of ['sg-1', 'sg-2']) f.sg(group).egress('all 0.0.0.0/0', 'all ::/0');
    for (const index of [3, 4, 5]) {
      const of = { subnet: 'subnet-b', ip: `10.0.2.${index}0`, groups: ['sg-2'] };
      f.addInstance({ id: `i-${index}`, eni: `eni-${index}`, ...of });
    }
    const { report } = audited(f, { ...office, targets: ['i-4', 'i-5'] });
    expect(report?.violations.map(({ target, blame }) => `${target.id} ${blame?.id}`)).toEqual([
      'i-4 eni-4',
      'i-5 eni-5',
    ]);
  });

  test.each([
    ['no policy', { rules: [] }, 'this is no policy'],
    ['an unknown key', policyOf({ ...noInternet, forbidden: [] }), 'there is no key forbidden'],
    ['no prefix', policyOf({ policy: 'p', forbid: ['203.0.113.0/33'] }), '203.0.113.0/33 is no prefix'],
    ['both', policyOf({ policy: 'p', forbid: [], require: [] }), 'a rule either forbids or requires'],
    ['neither', policyOf({ policy: 'p' }), 'a rule either forbids or requires'],
    ['no name', policyOf({ forbid: ['internet'] }), 'the rule has no name'],
    ['no severity', policyOf({ ...noInternet, severity: 'urgent' }), 'this is no severity'],
  ])('with a mistake judges nothing: %s', (_name, policy, what) => {
    const answer = audit({ documents: f0().documents() }, { policy });
    expect(answer).toMatchObject({ report: null, exitCode: 2, problems: [{ severity: 'error', what }] });
    expect(new Ajv2020().validate(schemas.policy, policy)).toBe(what.endsWith('is no prefix'));
  });

  test('is read from a file, and its violations are printed', async () => {
    const recorded = tempFolder();
    const other = tempFolder();
    recorded.write(
      Object.fromEntries(
        f0()
          .documents()
          .map(({ path, value }) => [path, JSON.stringify(value)]),
      ),
    );
    const file = join(other.path, 'policy.json');
    const call = async () => {
      let out = '';
      let err = '';
      const exitCode = await run({
        args: ['audit', '--in', recorded.path, '--policy', file],
        env: {},
        out: async (text) => {
          out += text;
        },
        err: (text) => (err += text),
        input: async () => '',
        outIsTerminal: false,
        errIsTerminal: false,
      });
      return { out, err, exitCode };
    };
    other.write({ 'policy.json': JSON.stringify(policyOf(noInternet)) });
    expect(await call()).toMatchObject({
      exitCode: 1,
      out: expect.stringMatching(
        /critical {2}ssh-open-to-internet: i-1 lets in .*\n {6}blame {2}security group sg-1, rule sgr-1-in1\n/,
      ),
      err: '',
    });
    other.write({ 'policy.json': '{"schema": "port22/policy/v1", "rules": [}' });
    expect(await call()).toMatchObject({ exitCode: 2, out: '', err: expect.stringContaining('policy.json:1:') });
    recorded.remove();
    other.remove();
  });
});

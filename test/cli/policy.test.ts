import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { run } from '../../src/cli/run.js';
import { audit } from '../../src/index.js';
import { schemas } from '../../src/report/schemas.js';
import { type Fixture, f0 } from '../support/aws/fixture.js';
import { tempFolder } from '../support/temp-folder.js';

function policyOf(...rules: readonly object[]): object {
  return { schema: 'port22/policy/v1', rules };
}

function audited(fixture: Fixture, ...rules: readonly object[]) {
  return audit({ documents: fixture.documents() }, { policy: policyOf(...rules) });
}

const noInternet = { policy: 'ssh-open-to-internet', severity: 'critical', forbid: ['internet'] };

describe('a policy', () => {
  test('that forbids sources tells who they are, exactly', () => {
    const { report, exitCode } = audited(f0(), { ...noInternet, except: ['203.0.113.0/25'] });
    expect(report?.violations).toEqual([
      {
        policy: 'ssh-open-to-internet',
        severity: 'critical',
        target: report?.targets[0]?.target,
        blame: null,
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

  test('whose question stays unknown is neither kept nor broken', () => {
    const fixture = f0().denied('ec2:DescribeNetworkAcls');
    for (const rule of [noInternet, { policy: 'office', targets: ['i-1'], require: ['203.0.113.7'] }]) {
      const { report, exitCode } = audited(fixture, rule);
      expect(report?.violations).toEqual([]);
      expect(exitCode).toBe(3);
    }
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
        out: (text) => (out += text),
        err: (text) => (err += text),
        outIsTerminal: false,
        errIsTerminal: false,
      });
      return { out, err, exitCode };
    };
    other.write({ 'policy.json': JSON.stringify(policyOf(noInternet)) });
    expect(await call()).toMatchObject({
      exitCode: 1,
      out: expect.stringContaining('critical  ssh-open-to-internet: i-1 lets in'),
      err: '',
    });
    other.write({ 'policy.json': '{"schema": "port22/policy/v1", "rules": [}' });
    expect(await call()).toMatchObject({ exitCode: 2, out: '', err: expect.stringContaining('policy.json:1:') });
    recorded.remove();
    other.remove();
  });
});

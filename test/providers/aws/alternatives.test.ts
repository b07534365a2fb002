import { describe, expect, test } from '@jest/globals';
import { explain } from '../../../src/index.js';
import { type ConnectEndpointSpec, connectEndpoint, managedInstance } from '../../support/aws/alternative.js';
import { type Fixture, f0 } from '../../support/aws/fixture.js';
import { type Row, rows } from '../../support/aws/row.js';

const open = { verdict: 'reachable' } as const;
const UNREACHABLE = { verdict: 'unreachable', symptom: 'times-out' } as const;

/** i-1 without a public address, eice-1 ready, sg-1 lets sg-eice in beside the client. */
function privately(of: ConnectEndpointSpec = {}, change?: (f: Fixture) => unknown): Pick<Row, 'given' | 'target'> {
  const given = (f: Fixture): void => {
    f.dissociate('eni-1', 'release');
    connectEndpoint(f, of).sg('sg-1').inbound('tcp 22 203.0.113.0/24', 'tcp 22 sg-eice');
    change?.(f);
  };
  return { given, target: 'i-1' };
}

describe('an EC2 Instance Connect Endpoint', () => {
  const direct = { ...UNREACHABLE, causes: ['aws/addr-no-public-ipv4'] };
  const directAndMore = { ...UNREACHABLE, among: ['aws/addr-no-public-ipv4'] };
  const failsWith = (code: string): NonNullable<Row['alternatives']> => ({
    'instance-connect-endpoint': { works: 'no', causes: [code], symptom: 'closed' },
  });
  rows([
    {
      tag: 'aws#179',
      name: 'reaches what has no public address',
      ...privately(),
      ...direct,
      alternatives: { 'instance-connect-endpoint': { works: 'yes', causes: [] } },
    },
    {
      tag: 'aws#180',
      name: 'serves the ports 22 and 3389 only',
      ...privately(),
      port: 2222,
      ...directAndMore,
      alternatives: failsWith('aws/eice-port'),
    },
    {
      tag: 'aws#181',
      name: 'needs an egress rule',
      ...privately({}, (f) => f.sg('sg-eice').egress()),
      ...direct,
      alternatives: failsWith('aws/eice-sg-egress'),
    },
    {
      tag: 'aws#182',
      name: "that keeps the client's address needs a rule for the client",
      ...privately({ preserveClientIp: true }, (f) => f.sg('sg-1').inbound('tcp 22 10.0.0.0/16')),
      ...directAndMore,
      alternatives: failsWith('aws/eice-client-ip'),
    },
    {
      tag: 'aws#183',
      name: 'under way may do so later',
      ...privately({ state: 'create-in-progress' }),
      ...direct,
      alternatives: { 'instance-connect-endpoint': { works: 'unknown', causes: ['aws/eice-state'] } },
    },
  ]);
});

describe('Session Manager', () => {
  const closed = (status: Parameters<typeof managedInstance>[0]) => (f: Fixture) => {
    f.sg('sg-1').inbound();
    f.add('InstanceInformationList', managedInstance(status));
  };
  rows([
    {
      tag: 'aws#184',
      name: 'needs no way in',
      given: closed('Online'),
      ...UNREACHABLE,
      causes: ['aws/sg-no-inbound sg-1'],
      alternatives: { ssm: { works: 'yes', causes: [] } },
    },
    {
      tag: 'aws#185',
      name: 'needs an agent that answers',
      given: closed('ConnectionLost'),
      ...UNREACHABLE,
      causes: ['aws/sg-no-inbound sg-1'],
      alternatives: { ssm: { works: 'no', causes: ['aws/ssm-offline'] } },
    },
  ]);
});

describe('the serial console', () => {
  const access = (enabled: boolean) => (f: Fixture) =>
    f.single('ec2:GetSerialConsoleAccessStatus', { SerialConsoleAccessEnabled: enabled, ManagedBy: 'account' });
  const console = (works: 'no' | 'unknown', ...causes: string[]): Pick<Row, 'alternatives'> => ({
    alternatives: { 'serial-console': { works, causes, symptom: works === 'no' ? 'closed' : 'cannot-tell' } },
  });
  const unknown = console('unknown');
  rows([
    {
      tag: 'aws 5.6',
      name: 'allowed: whether a user has a password is not known',
      given: access(true),
      ...open,
      ...unknown,
    },
    {
      tag: 'aws 5.6',
      name: 'not allowed',
      given: access(false),
      ...open,
      ...console('no', 'aws/serial-console-disabled'),
    },
    { tag: 'aws 5.6', name: 'not recorded', ...open, ...unknown },
    {
      tag: 'aws 5.6',
      name: 'not permitted',
      given: (f) => f.denied('ec2:GetSerialConsoleAccessStatus'),
      ...open,
      ...unknown,
    },
    {
      tag: 'aws 5.6',
      name: 'not allowed, and the machine does not run',
      given: (f) => access(false)(f.state('i-1', 'stopped')),
      ...UNREACHABLE,
      causes: ['aws/inst-not-running'],
      ...console('no', 'aws/inst-not-running', 'aws/serial-console-disabled'),
    },
  ]);

  const status = (region: string, SerialConsoleAccessEnabled: unknown) => ({
    path: `${region}.json`,
    value: {
      port22: { schema: 'port22/recording/v1', provider: 'aws', account: '111122223333', region },
      SerialConsoleAccessEnabled,
    },
  });
  test.each([
    ['of another region', [status('us-east-1', false)], 'unknown', []],
    ['of each region', [status('us-east-1', true), status('eu-west-1', false)], 'no', []],
    ['twice, and differing', [status('eu-west-1', true), status('eu-west-1', false)], 'unknown', ['enabled']],
    ['that cannot be read', [status('eu-west-1', 'no')], 'unknown', ['expected true or false']],
  ])('as the answer %s says', (_name, more, works, warnings) => {
    const documents = [...f0().documents('fetched'), ...more];
    const { report, problems } = explain({ documents }, { target: 'i-1', from: '203.0.113.5' });
    expect(report?.targets[0]?.alternatives).toContainEqual(expect.objectContaining({ kind: 'serial-console', works }));
    expect(problems.map(({ what }) => what)).toEqual(warnings.map((text) => expect.stringContaining(text)));
    const causes = report?.targets[0]?.alternatives.flatMap((way) => way.causes.map(({ message }) => message));
    const message = 'account 111122223333 does not allow the serial console in eu-west-1';
    expect(causes?.includes(message)).toBe(works === 'no');
  });
});

import { describe } from '@jest/globals';
import type { Fixture } from '../../support/aws/fixture.js';
import { type Row, rows } from '../../support/aws/row.js';

/** Q0 reaches i-1; only what is known of the machine differs. */
function known(name: string, given: (f: Fixture) => unknown, host: NonNullable<Row['host']>, port?: number): Row {
  const open = (f: Fixture): void => {
    f.sg('sg-1').inbound('tcp 1-65535 203.0.113.0/24');
    given(f);
  };
  return { tag: 'aws 5', name, given: open, verdict: 'reachable', host, ...(port === undefined ? {} : { port }) };
}

const windows = (f: Fixture) => f.edit('Reservations', 'i-1', { PlatformDetails: 'Windows', Platform: 'windows' });

describe('the machine behind the network', () => {
  rows([
    known('checks passed', () => undefined, { verdict: 'ok', symptom: 'connects' }),
    known('checks not recorded', (f) => f.without('InstanceStatuses'), { verdict: 'unknown', symptom: 'cannot-tell' }),
    known('checks not permitted', (f) => f.denied('ec2:DescribeInstanceStatus'), { verdict: 'unknown' }),
    known(
      'a volume that fails its check',
      (f) => f.edit('InstanceStatuses', 'i-1', { AttachedEbsStatus: { Status: 'impaired' } }),
      { verdict: 'risk', causes: ['aws/host-status'], symptom: 'times-out' },
    ),
    known('launched without a key pair', (f) => f.edit('Reservations', 'i-1', { KeyName: undefined }), {
      verdict: 'risk',
      causes: ['aws/host-no-keys'],
      symptom: 'auth-failed',
    }),
    known('Windows, asked for ssh', windows, { verdict: 'risk', causes: ['aws/host-windows'], symptom: 'times-out' }),
    known('Windows, asked for remote desktop', windows, { verdict: 'ok' }, 3389),
    known('a port on which nothing usually listens', () => undefined, { verdict: 'unknown' }, 8022),
    known(
      'the worst counts, every reason is listed',
      (f) => {
        f.edit('Reservations', 'i-1', { KeyName: undefined });
        f.edit('InstanceStatuses', 'i-1', { SystemStatus: { Status: 'impaired' } });
      },
      { verdict: 'broken', causes: ['aws/host-status', 'aws/host-no-keys'], symptom: 'times-out' },
    ),
  ]);
});

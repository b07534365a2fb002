import { describe, expect, test } from '@jest/globals';
import { boundText } from '../../../providers/host/sockets/listens-on.js';
import { parseSshdEffective } from '../../../providers/host/sshd/sshd-effective.js';
import { sshdFailure } from '../../../providers/host/sshd/sshd-failure.js';

const ran = (stdout: string, stderr = '', status = 0) => ({ outcome: 'ran' as const, status, stdout, stderr });

describe('sshd -T', () => {
  test('the listenaddress lines are what it binds, not the ports', () => {
    const text = `port 22\nport 2222\naddressfamily any\nlistenaddress [::]:2222\nlistenaddress 10.22.2.2:2200\nlistenaddress [fe80::1%eth0]:22\nlistenaddress 10.22.2.9:22 rdomain blue\nmaxstartups 10:30:100\n`;
    const effective = parseSshdEffective(ran(text));
    if (effective.kind !== 'effective') throw new Error(effective.kind);
    expect(effective.binds.map(boundText)).toEqual(['[::]:2222', '10.22.2.2:2200', '[fe80::1]:22', '10.22.2.9:22']);
    expect(effective.binds.map(({ device }) => device)).toEqual([undefined, undefined, 'eth0', 'blue']);
    expect(effective).toMatchObject({ addressFamily: 'any' });
    expect(effective.values.get('maxstartups')).toEqual(['10:30:100']);
  });

  test.each([
    [
      'no host keys',
      ran('', 'sshd: no hostkeys available -- exiting.\n', 1),
      { kind: 'failed', failure: { kind: 'host-keys' } },
    ],
    [
      'no /run/sshd',
      ran('', 'Missing privilege separation directory: /run/sshd\n', 255),
      { kind: 'failed', failure: { kind: 'privsep-directory', directory: '/run/sshd' } },
    ],
    [
      'a line',
      ran(
        '',
        '/etc/ssh/sshd_config: line 3: Bad configuration option: Prot\n/etc/ssh/sshd_config: terminating, 1 bad configuration options\n',
        255,
      ),
      { kind: 'failed', failure: { kind: 'config', file: '/etc/ssh/sshd_config', line: '3' } },
    ],
    [
      'Match without a client',
      ran('', "'Match User' in configuration but 'user' not in connection test specification.\n", 255),
      { kind: 'unknown' },
    ],
    ['a file that may not be read', ran('', '/etc/ssh/sshd_config: Permission denied\n', 1), { kind: 'unknown' }],
    ['no sshd', { ...ran(''), outcome: 'absent' as const }, { kind: 'unknown' }],
    ['a list that was cut', { ...ran('listenaddress [::]:22\n'), outcome: 'cut' as const }, { kind: 'unknown' }],
    ['nothing', ran(''), { kind: 'unknown' }],
    ['an address that cannot be read', ran('listenaddress x:22\n'), { kind: 'unknown' }],
    [
      'deprecated options',
      ran('listenaddress [::]:22\n', '/etc/ssh/sshd_config line 1: Deprecated option UseLogin\n'),
      { kind: 'effective' },
    ],
  ])('%s', (_, record, expected) => {
    expect(parseSshdEffective(record)).toMatchObject(expected);
  });
});

test.each([
  ['Bind to port 22 on 0.0.0.0 failed: Address already in use.', 'host/port-taken'],
  ['Bind to port 22 on 10.99.99.99 failed: Cannot assign requested address.', 'host/listen-address-absent'],
  ['Bind to port 2222 on 0.0.0.0 failed: Permission denied.', 'host/bind-denied'],
  ['/run/sshd must be owned by root and not group or world-writable.', 'host/no-privsep-directory'],
  ['Privilege separation user sshd does not exist', 'host/no-privsep-user'],
  ['sshd: no hostkeys available -- exiting.', 'host/no-host-keys'],
  ['/etc/ssh/sshd_config line 1: no argument after keyword "Port"', 'host/bad-config'],
  ["/etc/ssh/sshd_config line 9: Bad SSH2 cipher spec 'foo-cbc'.", 'host/bad-config'],
  ["/etc/ssh/sshd_config line 2: Directive 'Port' is not allowed within a Match block", 'host/bad-config'],
  ['bad addr or host: no.such.invalid (Name or service not known)', 'host/bad-config'],
  ['/etc/ssh/sshd_config line 1: Deprecated option UseLogin', undefined],
  ['reprocess config line 1: Deprecated option rhostsrsaauthentication', undefined],
  ['Could not load host key: /etc/ssh/ssh_host_dsa_key', undefined],
  ['Accepted publickey for root from 10.22.1.2', undefined],
  [`Bind to port ${'9'.repeat(1_000_000)}`, undefined],
])('%s', (line, code) => {
  expect(sshdFailure(line)?.code).toBe(code);
});

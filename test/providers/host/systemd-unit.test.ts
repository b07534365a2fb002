import { describe, expect, test } from '@jest/globals';
import { openrcService } from '../../../providers/host/openrc.js';
import { boundText } from '../../../providers/host/sockets/listens-on.js';
import { deniedAddresses, parseUnit, systemdUnit } from '../../../providers/host/systemd-unit.js';
import { givenBundle } from '../../support/host/given-bundle.js';

test('a socket unit', () => {
  const unit = parseUnit(
    'ssh.socket',
    'LoadState=loaded\nActiveState=active\nSubState=listening\nResult=success\nUnitFileState=enabled\nListen=0.0.0.0:2222 (Stream)\nListen=[::]:2222 (Stream)\nListen=10.22.2.2:22 (Stream)\nListen=/run/x.sock (Stream)\nListen=[fe80::1%eth0]:22 (Stream)\nListen=[::]:53 (Datagram)\nAccept=no\nMaxConnections=64\nNConnections=3\nTriggers=ssh.service\nFragmentPath=/usr/lib/systemd/system/ssh.socket\nDropInPaths=/etc/systemd/system/ssh.socket.d/addresses.conf /x\n',
  );
  expect(unit.listens.map(boundText)).toEqual(['0.0.0.0:2222', '[::]:2222', '10.22.2.2:22', '[fe80::1]:22']);
  expect(unit).toMatchObject({
    ...{
      loadState: 'loaded',
      activeState: 'active',
      subState: 'listening',
      result: 'success',
      unitFileState: 'enabled',
    },
    ...{ accept: false, maxConnections: 64, connections: 3, triggers: ['ssh.service'] },
    dropInPaths: ['/etc/systemd/system/ssh.socket.d/addresses.conf', '/x'],
  });
  expect(unit.lineOf('Listen')).toBe('Listen=0.0.0.0:2222 (Stream)');
});

describe('sandboxing', () => {
  const unitOf = (lines: string) => parseUnit('ssh.service', `LoadState=loaded\n${lines}\n`);

  test('IPAddressAllow= wins over IPAddressDeny=', () => {
    const unit = unitOf('IPAddressDeny=0.0.0.0/0 ::/0\nIPAddressAllow=10.0.0.0/8 localhost');
    const { sure, unread } = deniedAddresses(unit);
    expect(unread).toEqual([]);
    expect(sure.has({ family: 4, value: 0x0a000001 })).toBe(false);
    expect(sure.has({ family: 4, value: 0x0b000001 })).toBe(true);
    expect(sure.has({ family: 6, value: 1n })).toBe(false);
    expect(deniedAddresses(unitOf('IPAddressDeny=any\nIPAddressAllow=nonsense'))).toMatchObject({
      unread: ['nonsense'],
    });
    expect(deniedAddresses(unitOf('IPAddressDeny=any\nIPAddressAllow=nonsense')).sure.isEmpty).toBe(true);
    expect(deniedAddresses(unitOf('IPAddressDeny=\nIPAddressAllow=')).sure.isEmpty).toBe(true);
  });

  test.each([
    ['', undefined],
    ['AF_UNIX AF_INET6 AF_NETLINK', [6]],
    ['AF_INET AF_INET6', [4, 6]],
    ['~AF_INET6', [4]],
    ['~AF_PACKET', [4, 6]],
    ['none', []],
  ])('RestrictAddressFamilies=%s', (value, families) => {
    expect(unitOf(`RestrictAddressFamilies=${value}`).addressFamilies).toEqual(families);
  });
});

test('what is started, without the rest', () => {
  const unit = parseUnit(
    'ssh.service',
    'ExecStart={ path=/usr/sbin/sshd ; argv[]=/usr/sbin/sshd -D $SSHD_OPTS ; ignore_errors=no }\nExecMainStatus=255\nNRestarts=5\nConditionResult=no\nPrivateNetwork=yes\n',
  );
  expect(unit).toMatchObject({
    execStart: ['/usr/sbin/sshd', '-D', '$SSHD_OPTS'],
    ...{ exitStatus: 255, restarts: 5, conditionResult: false, privateNetwork: true },
  });
});

test.each([
  ['no systemctl', { outcome: 'absent' as const, status: 127 }],
  ['no systemd', { status: 1, stderr: 'System has not been booted with systemd as init system\n' }],
  ['a list that was cut', { outcome: 'cut' as const, stdout: 'LoadState=loaded\n' }],
])('%s is no unit', (_, record) => {
  expect(systemdUnit(givenBundle({ 'unit ssh.service': record }), 'ssh.service')).toBeUndefined();
});

test.each([
  [' * status: started\n', 0, 'started'],
  [' \u001b[32;01m*\u001b[0m status: stopped\n', 3, 'stopped'],
  [' * status: crashed\n', 32, 'crashed'],
  [" * rc-service: service `sshd' does not exist\n", 1, 'none'],
])('OpenRC: %j', (stdout, status, state) => {
  const bundle = givenBundle({ openrc: { stdout, status }, 'openrc-default': '                 sshd | default\n' });
  expect(openrcService(bundle)).toMatchObject({ state, enabled: true });
});

test('no OpenRC', () => {
  expect(openrcService(givenBundle({ openrc: { outcome: 'absent', status: 127 } }))).toBeUndefined();
});

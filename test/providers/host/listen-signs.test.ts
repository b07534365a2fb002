import { describe, expect, test } from '@jest/globals';
import type { BundleRecord } from '../../../providers/host/bundle.js';
import { listenSigns } from '../../../providers/host/listen/listen-signs.js';
import { parseAddress } from '../../../src/set/index.js';
import { givenBundle } from '../../support/host/given-bundle.js';

type Records = Readonly<Record<string, string | Partial<BundleRecord>>>;

const ss = (local: string, users = 'users:(("sshd",pid=812,fd=3))', more = '') =>
  `LISTEN 0 128 ${local} 0.0.0.0:* ${users} ${more}\n`;
const journal = (...messages: string[]) => messages.map((text) => `2025-11-22T05:58:58+0000 host ${text}\n`).join('');
const unit = (properties: Readonly<Record<string, string>>) =>
  Object.entries({ LoadState: 'loaded', ...properties })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
const fails = (stderr: string, status = 255) => ({ status, stderr: `${stderr}\n` });

/** `says code at` of every sign for port 22 of 10.22.2.2, or what is asked; those that exclude are left out unless wanted. */
function signs(
  records: Records,
  asked: { address?: string; family?: 4 | 6; port?: number } = {},
  excluded = false,
): string[] {
  const { address = '10.22.2.2', port = 22, family } = asked;
  const parsed = family === undefined ? parseAddress(address) : undefined;
  const found = listenSigns(givenBundle({ uid: '0', sockets: '', ...records }), {
    port,
    ...(parsed && { address: parsed }),
    ...(family && { family }),
  });
  return found
    .filter(({ says }) => excluded || says !== 'excludes')
    .map(({ code, says, at }) => `${says} ${code.slice('host/'.length)} ${at}`);
}

const none = 'proves no-listener sockets';

describe('the list of the kernel', () => {
  test('where something listens, all that is about the listener is excluded, and nothing is proven', () => {
    const records = {
      sockets: ss('0.0.0.0:22'),
      'sshd-test': fails('/etc/ssh/sshd_config: line 3: Bad configuration option: Prot'),
      'unit ssh.service': unit({ ActiveState: 'failed', Result: 'exit-code', ExecMainStatus: '255' }),
      journal: journal(
        'sshd[700]: Bind to port 22 on 0.0.0.0 failed: Cannot assign requested address.',
        'sshd[812]: sshd: no hostkeys available -- exiting.',
      ),
      'cloud-init': 'status: running\n',
    };
    expect(signs(records, {}, true)).toEqual([
      ...[
        'no-listener',
        'other-port',
        'listener-loopback-only',
        'listener-other-address',
        'listener-ipv4-only',
        'listener-ipv6-only',
      ].map((code) => `excludes ${code} sockets`),
      'suggests start-failed-for-good unit ssh.service',
      'suggests bad-config sshd-test',
    ]);
  });

  test('where nobody knows what listens, nothing is proven', () => {
    const records = {
      sockets: { outcome: 'denied' as const },
      'sshd-test': fails('sshd: no hostkeys available -- exiting.', 1),
      'unit ssh.service': unit({ ActiveState: 'failed', ExecMainStatus: '255' }),
      journal: journal('sshd[700]: Bind to port 22 on 0.0.0.0 failed: Cannot assign requested address.'),
    };
    const found = signs(records);
    expect(found.length).toBeGreaterThan(3);
    expect(found.filter((sign) => sign.startsWith('proves'))).toEqual([]);
  });

  test.each([
    ['nothing', '', undefined, [none]],
    ['loopback', ss('127.0.0.1:22'), undefined, ['proves listener-loopback-only sockets']],
    ['loopback, of a family', ss('127.0.0.1:22'), 4 as const, ['proves listener-loopback-only sockets']],
    ['IPv4, of IPv6', ss('0.0.0.0:22'), 6 as const, ['proves listener-ipv4-only sockets']],
    ['one address, of a family', ss('10.22.2.3:22'), 4 as const, []],
    ['sshd elsewhere', ss('0.0.0.0:2222'), undefined, ['proves other-port sockets']],
  ])('%s', (_, sockets, family, expected) => {
    expect(signs({ sockets }, family ? { family } : {})).toEqual(expected);
  });
});

describe('starts that failed', () => {
  test('host#14: no such address, and none left; on Debian for good', () => {
    const records = {
      journal: journal(
        'sshd[700]: error: Bind to port 22 on 10.99.99.99 failed: Cannot assign requested address.',
        'sshd[700]: fatal: Cannot bind any address.',
        'systemd[1]: ssh.service: Main process exited, code=exited, status=255/EXCEPTION',
      ),
      'unit ssh.service': unit({
        ActiveState: 'failed',
        SubState: 'failed',
        Result: 'exit-code',
        ExecMainStatus: '255',
      }),
    };
    expect(signs(records)).toEqual([
      none,
      'proves start-failed-for-good unit ssh.service',
      'suggests no-listener unit ssh.service',
      'proves listen-address-absent journal',
    ]);
    const redHat = {
      ...records,
      'unit sshd.service': records['unit ssh.service'],
      'unit ssh.service': unit({ LoadState: 'not-found' }),
    };
    expect(signs(redHat)).not.toContain('proves start-failed-for-good unit sshd.service');
  });

  test('the same, but sshd listens on another address: only the one that failed is concerned', () => {
    const records = {
      sockets: ss('10.22.2.2:22'),
      journal: journal(
        'sshd[700]: Bind to port 22 on 10.99.99.99 failed: Cannot assign requested address.',
        'sshd[700]: Server listening on 10.22.2.2 port 22.',
      ),
    };
    expect(signs(records)).toEqual([]);
    expect(signs(records, { address: '10.99.99.99' })).toEqual([
      'proves listener-other-address sockets',
      'proves listen-address-absent journal',
    ]);
    expect(signs(records, { address: '10.22.2.3' })).toEqual(['proves listener-other-address sockets']);
  });

  test.each([
    ['a later start did better', ['sshd[900]: Server listening on 0.0.0.0 port 2222.'], 'suggests'],
    ['nothing since', [], 'proves'],
  ])('a line of the journal: %s', (_, later, says) => {
    const records = { journal: journal('sshd[700]: Bind to port 22 on 0.0.0.0 failed: Permission denied.', ...later) };
    expect(signs(records)).toContain(`${says} bind-denied journal`);
  });

  test('a file of a syslog may be of another boot', () => {
    const line =
      'Nov 22 05:58:58 host sshd[700]: Bind to port 22 on 0.0.0.0 failed: Cannot assign requested address.\n';
    expect(signs({ 'log /var/log/auth.log': line })).toEqual([
      none,
      'suggests listen-address-absent log /var/log/auth.log',
    ]);
  });

  test('a bind of another port is not what is asked', () => {
    expect(signs({ journal: journal('sshd[700]: Bind to port 2222 on 0.0.0.0 failed: Permission denied.') })).toEqual([
      none,
    ]);
  });

  test('a port that another program holds', () => {
    const sockets = ss('0.0.0.0:22', 'users:(("nginx",pid=9,fd=3))');
    const lines = journal('sshd[700]: Bind to port 22 on 0.0.0.0 failed: Address already in use.');
    expect(signs({ sockets, journal: lines })).toEqual(['suggests port-taken journal']);
  });

  test('host#16: SELinux refuses a port, or root is missing', () => {
    const avc =
      'type=AVC msg=audit(1764390000.1:9): avc:  denied  { name_bind } for  pid=9 comm="sshd" src=2222 scontext=x tcontext=y tclass=tcp_socket permissive=0\n';
    const lines = journal('sshd[700]: Bind to port 2222 on 0.0.0.0 failed: Permission denied.');
    const found = (more: Records) =>
      listenSigns(givenBundle({ sockets: '', journal: lines, ...more }), { port: 2222 })
        .filter(({ code }) => code === 'host/bind-denied')
        .map(({ at, data, says }) => [says, at, data?.by]);
    expect(found({ uid: '0', selinux: 'Enforcing\n', 'audit-denials': avc })).toEqual([
      ['proves', 'journal', 'selinux'],
      ['proves', 'audit-denials', 'selinux'],
    ]);
    expect(found({ uid: '1000' })).toEqual([['proves', 'journal', 'user']]);
    expect(found({ uid: '0' })).toEqual([['proves', 'journal', undefined]]);
    expect(found({ uid: '0', selinux: 'Permissive\n', 'audit-denials': avc })).toEqual([
      ['proves', 'journal', undefined],
    ]);
    expect(found({ uid: '0', 'audit-denials': avc.replace('src=2222', 'src=22') })).toEqual([
      ['proves', 'journal', undefined],
    ]);
  });

  test('host#11: sshd -T of a stopped service misses /run/sshd, which says nothing', () => {
    const records = {
      'sshd-effective': fails('Missing privilege separation directory: /run/sshd'),
      'sshd-test': fails('Missing privilege separation directory: /run/sshd'),
      'unit ssh.service': unit({ ActiveState: 'inactive', SubState: 'dead' }),
    };
    expect(signs(records)).toEqual([none, 'suggests no-listener unit ssh.service']);
  });

  test('host#12: the same in the log of the start, and status 255', () => {
    const records = {
      journal: journal('sshd[700]: fatal: Missing privilege separation directory: /run/sshd'),
      'unit ssh.service': unit({ ActiveState: 'failed', Result: 'exit-code', ExecMainStatus: '255' }),
    };
    expect(signs(records)).toContain('proves no-privsep-directory journal');
  });

  test('host#13: without root no host key can be read, which says nothing', () => {
    const record = fails('sshd: no hostkeys available -- exiting.', 1);
    expect(signs({ uid: '1000', 'sshd-test': record })).toEqual([none]);
    expect(signs({ uid: '0', 'sshd-test': record })).toEqual([none, 'proves no-host-keys sshd-test']);
  });

  test('a reload with a configuration that is bad', () => {
    const records = {
      journal: journal(
        'sshd[700]: Server listening on 0.0.0.0 port 22.',
        'sshd[700]: Received SIGHUP; restarting.',
        'sshd[700]: /etc/ssh/sshd_config: line 3: Bad configuration option: Prot',
        'sshd[700]: /etc/ssh/sshd_config: terminating, 1 bad configuration options',
      ),
    };
    expect(signs(records)).toEqual([none, 'proves bad-config journal', 'proves reload-with-bad-config journal']);
  });

  test('what was once in the log is not excluded by a test that passes now', () => {
    const passed = { 'sshd-test': '' };
    expect(signs(passed, {}, true)).toContain('excludes bad-config sshd-test');
    const records = {
      ...passed,
      journal: journal('sshd[700]: /etc/ssh/sshd_config: line 3: Bad configuration option: Prot'),
    };
    expect(signs(records, {}, true)).not.toContain('excludes bad-config sshd-test');
    expect(signs({ ...passed, uid: '1000' }, {}, true)).not.toContain('excludes bad-config sshd-test');
  });

  test('the files tell where sshd was not asked', () => {
    expect(signs({ 'file /etc/ssh/sshd_config': 'Port 0\n' })).toContain('proves bad-config file /etc/ssh/sshd_config');
    expect(signs({ 'file /etc/ssh/sshd_config': 'Prot 22\n' })).toContain(
      'suggests bad-config file /etc/ssh/sshd_config',
    );
    expect(signs({ 'file /etc/ssh/sshd_config': 'Port 0\n', 'sshd-test': '' })).toEqual([none]);
  });
});

describe('what is configured and not in force', () => {
  const effective = 'port 2222\nlistenaddress [::]:2222\nlistenaddress 0.0.0.0:2222\n';
  const running = { sockets: ss('0.0.0.0:22'), 'sshd-effective': effective };
  const at2222 = { port: 2222 };

  test('configured and not listening is no other port', () => {
    expect(signs({ 'sshd-effective': 'port 22\nlistenaddress [::]:22\nlistenaddress 0.0.0.0:22\n' })).toEqual([none]);
  });

  test('a daemon that was not restarted', () => {
    expect(signs(running, at2222)).toEqual(['proves other-port sockets', 'proves config-not-loaded sockets']);
    expect(signs({ sockets: ss('0.0.0.0:22'), 'file /etc/ssh/sshd_config': 'Port 2222\n' }, at2222)).toContain(
      'proves config-not-loaded sockets',
    );
  });

  test.each([
    ['a bind that failed', { journal: journal('sshd[812]: Bind to port 2222 on 0.0.0.0 failed: Permission denied.') }],
    [
      'a command line of its own',
      { processes: '  812     1 Ss   100 sshd: /usr/sbin/sshd -D -p 22 [listener] 0 of 10-100 startups\n' },
    ],
  ])('%s is why it listens elsewhere', (_, more) => {
    expect(signs({ ...running, ...more }, at2222)).not.toContain('proves config-not-loaded sockets');
  });

  test('the socket of systemd does not know of the port', () => {
    const records = {
      sockets: ss('*:22', 'users:(("systemd",pid=1,fd=41))', 'ino:1 sk:1 v6only:0 <->'),
      'file /etc/ssh/sshd_config': 'Port 2222\n',
      'unit ssh.socket': unit({ ActiveState: 'active', SubState: 'listening', Listen: '[::]:22 (Stream)' }),
      'unit ssh.service': unit({ ActiveState: 'inactive' }),
    };
    expect(signs(records, at2222)).toEqual(['proves socket-port unit ssh.socket']);
    expect(signs(records)).toEqual([]);
    expect(signs(records, {}, true)).toContain('excludes no-listener sockets');
  });
});

describe('units', () => {
  test.each([
    ['ssh.socket', { ActiveState: 'failed', Result: 'trigger-limit-hit' }, 'proves start-limit unit ssh.socket'],
    ['ssh.socket', { ActiveState: 'failed', Result: 'service-start-limit-hit' }, 'proves start-limit unit ssh.socket'],
    ['ssh.service', { ActiveState: 'failed', Result: 'start-limit-hit' }, 'proves start-limit unit ssh.service'],
    ['ssh.service', { ActiveState: 'active', PrivateNetwork: 'yes' }, 'proves unit-private-network unit ssh.service'],
    [
      'ssh.service',
      { ActiveState: 'active', RestrictAddressFamilies: 'AF_UNIX AF_INET6' },
      'proves unit-address-families unit ssh.service',
    ],
    ['ssh.service', { ActiveState: 'inactive', UnitFileState: 'disabled' }, 'suggests no-listener unit ssh.service'],
    ['ssh.service', { LoadState: 'masked', ActiveState: 'inactive' }, 'suggests no-listener unit ssh.service'],
    ['ssh.service', { LoadState: 'not-found', ActiveState: 'inactive' }, 'suggests no-listener unit ssh.service'],
  ])('%s %j', (name, properties, expected) => {
    expect(signs({ [`unit ${name}`]: unit(properties) })).toContain(expected);
  });

  test('a start that is tried again leaves status 0, and is not for good', () => {
    const records = {
      'unit ssh.service': unit({ ActiveState: 'activating', SubState: 'auto-restart', ExecMainStatus: '0' }),
    };
    expect(signs(records)).toEqual([none]);
    const limit = { journal: journal('systemd[1]: ssh.service: Start request repeated too quickly.') };
    expect(signs({ ...records, ...limit })).toContain('proves start-limit journal');
  });

  test('families that are allowed are no cause', () => {
    const records = { 'unit ssh.service': unit({ ActiveState: 'active', RestrictAddressFamilies: 'AF_UNIX AF_INET' }) };
    expect(signs(records)).toEqual([none]);
    expect(signs(records, { family: 6 })).toContain('proves unit-address-families unit ssh.service');
  });

  test('addresses that a unit denies are those of clients, and only its own sockets are filtered', () => {
    const denies = unit({ ActiveState: 'active', IPAddressDeny: '10.22.1.0/24', IPAddressAllow: '10.22.1.9/32' });
    const [sign] = listenSigns(givenBundle({ sockets: ss('0.0.0.0:22'), 'unit ssh.service': denies }), {
      port: 22,
      family: 4,
    }).filter(({ code }) => code === 'host/unit-address-deny');
    expect(sign).toMatchObject({ says: 'proves', at: 'unit ssh.service', line: 'IPAddressDeny=10.22.1.0/24' });
    expect(sign?.from?.has({ family: 4, value: 0x0a160102 })).toBe(true);
    expect(sign?.from?.has({ family: 4, value: 0x0a160109 })).toBe(false);
    const bySystemd = ss('0.0.0.0:22', 'users:(("systemd",pid=1,fd=41))');
    expect(signs({ sockets: bySystemd, 'unit ssh.service': denies })).toEqual([
      'suggests unit-address-deny unit ssh.service',
    ]);
  });

  test('a socket that holds as many connections as it may', () => {
    const full = unit({ ActiveState: 'active', Accept: 'yes', MaxConnections: '64', NConnections: '64' });
    const sockets = ss('*:22', 'users:(("systemd",pid=1,fd=41))', 'v6only:0');
    expect(signs({ sockets, 'unit sshd.socket': full })).toEqual(['proves socket-connections unit sshd.socket']);
  });

  test('OpenRC', () => {
    expect(signs({ openrc: { stdout: ' * status: crashed\n', status: 32 } })).toEqual([
      none,
      'suggests no-listener openrc',
    ]);
  });
});

describe('machines that are not ready, or not to be', () => {
  const booting = { 'cloud-init': 'status: running\nextended_status: running\n' };

  test('while cloud-init runs and no key is there', () => {
    expect(signs({ ...booting, files: 'drwxr-xr-x 2 root root 40 Nov 22 05:58 /run/sshd\n' })).toEqual([
      none,
      'proves booting cloud-init',
    ]);
    const key = '-rw------- 1 root root 411 Nov 22 05:58 /etc/ssh/ssh_host_ed25519_key\n';
    expect(signs({ ...booting, files: key })).toEqual([none, 'suggests booting cloud-init']);
    expect(signs({ 'cloud-init': 'status: done\n', files: '' })).toEqual([none]);
    const noKeys = fails('sshd: no hostkeys available -- exiting.', 1);
    expect(signs({ ...booting, files: key, 'sshd-test': noKeys })).toContain('suggests no-host-keys sshd-test');
  });

  test('the file that Debian heeds', () => {
    const files = '-rw-r--r-- 1 root root 0 Nov 22 05:58 /etc/ssh/sshd_not_to_be_run\n';
    expect(signs({ files, 'unit ssh.service': unit({ ActiveState: 'inactive', ConditionResult: 'no' }) })).toContain(
      'proves disabled-by-file files',
    );
    expect(signs({ files })).toEqual([none, 'suggests disabled-by-file files']);
    expect(
      signs({
        files: { stderr: "ls: cannot access '/etc/ssh/sshd_not_to_be_run': No such file or directory\n", status: 2 },
      }),
    ).toEqual([none]);
  });
});

test('a sign quotes the line that says so', () => {
  const line =
    '2025-11-22T05:58:58+0000 host sshd[700]: Bind to port 22 on 10.22.2.2 failed: Cannot assign requested address.';
  const found = listenSigns(givenBundle({ sockets: '', journal: `${line}\n` }), { port: 22 });
  expect(found).toContainEqual({
    code: 'host/listen-address-absent',
    ...{
      says: 'proves',
      at: 'journal',
      line,
      data: { address: '10.22.2.2', port: '22', reason: 'Cannot assign requested address' },
    },
  });
});

test('a hostile bundle takes no long', () => {
  const started = performance.now();
  const noise = `${'sshd[1]: '.repeat(100_000)}\n${'\u001b[0m x systemd: Bind to port '.repeat(30_000)}\n`;
  const many = 'Nov 22 05:58:58 h sshd[1]: Bind to port 22 on 0.0.0.0 failed: Permission denied.\n'.repeat(300);
  signs({
    journal: noise + many,
    'log /var/log/secure': noise,
    'sshd-test': fails(noise),
    files: noise,
    'cloud-init': noise,
    processes: noise,
    'unit ssh.service': `LoadState=${noise}`,
    openrc: noise,
  });
  expect(performance.now() - started).toBeLessThan(8000);
});

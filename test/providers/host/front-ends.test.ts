import { describe, expect, test } from '@jest/globals';
import { isBan } from '../../../providers/host/ban-name.js';
import { fail2ban, fail2banSigns } from '../../../providers/host/fail2ban.js';
import { firewalld, zoneOf } from '../../../providers/host/firewalld.js';
import { firewalldFix, firewalldSigns } from '../../../providers/host/firewalld-fix.js';
import { ufw } from '../../../providers/host/ufw.js';
import { ufwFix } from '../../../providers/host/ufw-fix.js';
import { type Address, parseAddress } from '../../../src/set/index.js';
import { givenBundle } from '../../support/host/given-bundle.js';

function address(text: string): Address {
  const parsed = parseAddress(text);
  if (!parsed) throw new Error(text);
  return parsed;
}

describe('the names of programs that ban', () => {
  test.each([
    'f2b-sshd',
    'f2b-table',
    'f2b-chain',
    'addr-set-sshd',
    'addr6-set-sshd',
    'f2b-sshd6',
    'fail2ban-SSH',
    'sshguard',
    'sshguard6',
    'crowdsec',
    'crowdsec-blacklists',
    'crowdsec6',
    'by Fail2Ban after 5 attempts against sshd',
  ])('%s', (name) => {
    expect(isBan(name)).toBe(true);
  });
  test.each(['INPUT', 'ufw-user-input', 'my-f2b-', 'guard', '', 'allowed by Fail2Ban'])('not %j', (name) => {
    expect(isBan(name)).toBe(false);
  });
});

/** As fail2ban 1.0.2 prints them. */
const bans = {
  fail2ban: 'Status\n|- Number of jail:\t2\n`- Jail list:\tsshd, sshroute\n',
  'fail2ban-jail sshd':
    'Status for the jail: sshd\n|- Filter\n|  |- Currently failed:\t0\n|  `- File list:\t/var/log/auth.log\n`- Actions\n   |- Currently banned:\t3\n   |- Total banned:\t3\n   `- Banned IP list:\t10.22.1.2 203.0.113.0/24 fd22:1::2\n',
  'fail2ban-bans sshd':
    '10.22.1.2 \t2026-11-29 04:52:27 + 600 = 2026-11-29 05:02:27\n203.0.113.0/24 \t2026-11-29 04:52:27 + 600 = 2026-11-29 05:02:27\nfd22:1::2 \t2026-11-29 04:52:27 + 600 = 2026-11-29 05:02:27\n',
  'fail2ban-actions sshd': 'The jail sshd has the following actions:\niptables-multiport\n',
  'fail2ban-jail sshroute': 'Status for the jail: sshroute\n`- Actions\n   `- Banned IP list:\t198.51.100.9\n',
  'fail2ban-bans sshroute': '198.51.100.9 \t2026-11-29 04:52:27 + -1 = 9999-12-31 23:59:59\n',
  'fail2ban-actions sshroute': 'The jail sshroute has the following actions:\nroute, hostsdeny\n',
};

describe('fail2ban', () => {
  const of = (client: string, records: Parameters<typeof givenBundle>[0] = bans) =>
    fail2banSigns(givenBundle(records), address(client));

  test('the ban of the client, with its jail, its action and its end', () => {
    const [sign, ...others] = of('10.22.1.2');
    expect(others).toEqual([]);
    expect(sign).toMatchObject({
      code: 'host/banned',
      says: 'suggests',
      at: 'fail2ban-bans sshd',
      line: '10.22.1.2 \t2026-11-29 04:52:27 + 600 = 2026-11-29 05:02:27',
      data: { jail: 'sshd', actions: 'iptables-multiport', until: '2026-11-29 05:02:27' },
    });
  });

  test.each([
    ['a banned block', '203.0.113.7', ['host/banned']],
    ['IPv6', 'fd22:1::2', ['host/banned']],
    ['another address', '192.0.2.1', []],
    ['by a route and by hosts.deny', '198.51.100.9', ['host/ban-drops', 'host/tcp-wrappers']],
  ])('%s', (_name, client, codes) => {
    expect(of(client).map(({ code }) => code)).toEqual(codes);
  });

  test('the list of the status counts where the times are not there, and any client where none is given', () => {
    const { 'fail2ban-bans sshd': _, ...untimed } = bans;
    expect(of('203.0.113.7', untimed)[0]).toMatchObject({ at: 'fail2ban-jail sshd' });
    expect(fail2banSigns(givenBundle(untimed), undefined).map(({ from }) => from?.toString())).toEqual([
      '10.22.1.2/32, 203.0.113.0/24, fd22:1::2/128',
      '198.51.100.9/32',
      '198.51.100.9/32',
    ]);
  });

  test.each([
    ['asked', bans.fail2ban, 'yes'],
    [
      'no socket',
      {
        status: 255,
        stderr:
          '2026 fail2ban [20]: ERROR   Failed to access socket path: /var/run/fail2ban/fail2ban.sock. Is fail2ban running?\n',
      },
      'no',
    ],
    [
      'killed',
      {
        status: 255,
        stderr:
          '2026 fail2ban [79]: ERROR   [[Errno 111] Connection refused] Unable to contact server. Is it running?\n',
      },
      'no',
    ],
    [
      'not root',
      {
        status: 255,
        stderr:
          '2026 fail2ban [77]: ERROR   Permission denied to socket: /var/run/fail2ban/fail2ban.sock, (you must be root)\n',
      },
      'unknown',
    ],
    ['not installed', { outcome: 'absent' as const }, 'unknown'],
  ])('whether it runs: %s', (_name, record, running) => {
    expect(fail2ban(givenBundle({ fail2ban: record })).running).toBe(running);
  });
});

/** As ufw 0.36.2 prints it. */
const verbose = `Status: active
Logging: on (low)
Default: deny (incoming), allow (outgoing), disabled (routed)
New profiles: skip

To                         Action      From
--                         ------      ----
22                         ALLOW IN    10.22.9.0/24              
22/tcp (OpenSSH)           ALLOW IN    Anywhere                  
8443/tcp (Web Admin)       DENY IN     Anywhere                  
22/tcp (OpenSSH (v6))      ALLOW IN    Anywhere (v6)             
`;
const numbered = `Status: active

     To                         Action      From
     --                         ------      ----
[ 1] 22                         ALLOW IN    10.22.9.0/24              
[ 2] 22/tcp on eth9             ALLOW IN    Anywhere                  
[ 3] 22/tcp                     LIMIT IN    Anywhere                   # office; # hash
[ 4] Anywhere                   DENY IN     203.0.113.7               
[ 5] OpenSSH                    ALLOW IN    Anywhere                  
[ 6] 10.22.2.2 22,2222/tcp      REJECT IN   10.0.0.0/8 1024:65535/tcp 
[ 7] 25/tcp                     DENY OUT    Anywhere                   (out)
[ 8] 80/tcp                     ALLOW IN    Anywhere                   (log)
[ 9] 10.0.0.5 22/tcp on eth1    ALLOW FWD   Anywhere on eth0          
[10] Anywhere                   ALLOW IN    10.1.0.0/16/esp           
[11] 2200:2300/tcp              DENY IN     Anywhere                  
[12] Web Admin                  DENY IN     Anywhere                  
[13] 22/tcp                     ALLOW IN    2001:db8::9               
[14] Anywhere (v6)              DENY IN     2001:db8::7               
[15] OpenSSH (v6)               ALLOW IN    Anywhere (v6)             
`;

describe('ufw', () => {
  const rules = (list: string, status = verbose) =>
    givenBundle({ 'ufw-status': status, 'ufw-numbered': `Status: active\n\n${list}\n` });

  test('rules with their devices, families, comments and directions', () => {
    const state = ufw(
      givenBundle({
        'ufw-status': verbose,
        'ufw-numbered': numbered,
        'file /etc/ufw/ufw.conf': '# x\nENABLED=no\nLOGLEVEL=low\n',
      }),
    );
    expect(state).toMatchObject({ active: true, incoming: 'deny', atBoot: false });
    expect(state?.rules).toHaveLength(15);
    expect(state?.rules.slice(1, 4)).toMatchObject([
      { number: 2, action: 'ALLOW', to: '22/tcp', device: 'eth9', from: 'Anywhere', isIpv6: false },
      { number: 3, action: 'LIMIT', comment: 'office; # hash', from: 'Anywhere' },
      { number: 4, action: 'DENY', to: 'Anywhere', from: '203.0.113.7' },
    ]);
    expect(state?.rules[6]).toMatchObject({ direction: 'OUT', from: 'Anywhere' });
    expect(state?.rules[8]).toMatchObject({ direction: 'FWD', from: 'Anywhere' });
    expect(state?.rules.slice(12).every(({ isIpv6 }) => isIpv6)).toBe(true);
    expect(state?.applications.get('Web Admin')).toBe('8443/tcp');
  });

  test.each([
    [
      'nothing names the port',
      '[ 1] 80/tcp                     ALLOW IN    Anywhere',
      '203.0.113.7',
      22,
      'ufw allow from 203.0.113.7 to any port 22 proto tcp',
    ],
    [
      'a rule before stops the client',
      '[ 1] 80/tcp  ALLOW IN  Anywhere\n[ 2] Anywhere  DENY IN  203.0.113.0/24\n[ 3] 22/tcp  ALLOW IN  Anywhere',
      '203.0.113.7',
      22,
      'ufw insert 2 allow from 203.0.113.7 to any port 22 proto tcp',
    ],
    [
      'an earlier rule lets it in',
      '[ 1] 22/tcp                     ALLOW IN    Anywhere\n[ 2] Anywhere                   DENY IN     203.0.113.7',
      '203.0.113.7',
      22,
      undefined,
    ],
    [
      'IPv6 has its own places',
      '[ 1] Anywhere                   DENY IN     203.0.113.7\n[ 2] Anywhere (v6)              DENY IN     2001:db8::7',
      '2001:db8::7',
      22,
      'ufw insert 2 allow from 2001:db8::7 to any port 22 proto tcp',
    ],
    [
      'a range of ports',
      '[ 1] 2200:2300/tcp              REJECT IN   Anywhere',
      '203.0.113.7',
      2222,
      'ufw insert 1 allow from 203.0.113.7 to any port 2222 proto tcp',
    ],
    [
      'an application whose ports are told',
      '[ 1] Web Admin                  DENY IN     Anywhere',
      '203.0.113.7',
      22,
      'ufw allow from 203.0.113.7 to any port 22 proto tcp',
    ],
    [
      'an application whose ports are not',
      '[ 1] Something                  DENY IN     Anywhere',
      '203.0.113.7',
      22,
      'ufw insert 1 allow from 203.0.113.7 to any port 22 proto tcp',
    ],
    [
      'an allow that holds for one device only',
      '[ 1] 22/tcp on eth9             ALLOW IN    Anywhere\n[ 2] 22/tcp                     LIMIT IN    Anywhere',
      '203.0.113.7',
      22,
      'ufw insert 2 allow from 203.0.113.7 to any port 22 proto tcp',
    ],
    [
      'udp is no tcp',
      '[ 1] 22/udp                     ALLOW IN    Anywhere',
      '203.0.113.7',
      22,
      'ufw allow from 203.0.113.7 to any port 22 proto tcp',
    ],
  ])('the fix: %s', (_name, list, client, port, command) => {
    expect(ufwFix(rules(list), { client: address(client), port })).toBe(command);
  });

  test('a default that allows needs no rule; nobody in particular gets a rule for all', () => {
    expect(ufwFix(rules('', verbose.replace('deny (incoming)', 'allow (incoming)')), { port: 22 })).toBeUndefined();
    expect(ufwFix(rules(''), { port: 22 })).toBe('ufw allow 22/tcp');
  });

  test.each([
    ['inactive', { 'ufw-status': 'Status: inactive\n', 'ufw-numbered': 'Status: inactive\n' }],
    ['not root', { 'ufw-status': { status: 1, stderr: 'ERROR: You need to be root to run this script\n' } }],
    ['not there', { 'ufw-status': { outcome: 'absent' as const } }],
    ['never asked', {}],
  ])('no command where ufw is %s', (_name, records) => {
    expect(ufwFix(givenBundle(records), { client: address('203.0.113.7'), port: 22 })).toBeUndefined();
  });
});

/** As firewalld 1.3.3 prints it. */
const zone = (
  name: string,
  { target = 'default', interfaces = '', sources = '', services = '', ports = '', rich = [] as readonly string[] },
) =>
  `${name}${interfaces || sources ? ' (active)' : ''}\n  target: ${target}\n  icmp-block-inversion: no\n  interfaces: ${interfaces}\n  sources: ${sources}\n  services: ${services}\n  ports: ${ports}\n  protocols: \n  forward: yes\n  masquerade: no\n  forward-ports: \n  source-ports: \n  icmp-blocks: \n  rich rules: \n${rich.map((rule) => `\t${rule}\n`).join('')}\n`;

describe('firewalld', () => {
  const reject = 'rule family="ipv4" source address="10.22.1.2" service name="ssh" reject';
  const running = (zones: string, more: Parameters<typeof givenBundle>[0] = {}) =>
    givenBundle({
      'firewalld-state': 'running\n',
      'firewalld-default': 'public\n',
      'firewalld-panic': { stdout: 'no\n', status: 1 },
      firewalld: zones,
      ...more,
    });
  const asked = { client: address('10.22.1.2'), device: 'eth0', port: 22 };
  const publicZone = zone('public', { interfaces: 'eth0', services: 'dhcpv6-client' });

  test('zones with all that they hold', () => {
    const state = firewalld(
      running(
        zone('public', {
          interfaces: 'eth0 eth1',
          services: 'dhcpv6-client',
          ports: '2222/tcp 3000-3010/tcp',
          rich: [reject],
        }),
      ),
    );
    expect(state).toMatchObject({
      running: true,
      panic: false,
      defaultZone: 'public',
      zones: [
        {
          name: 'public',
          interfaces: ['eth0', 'eth1'],
          services: ['dhcpv6-client'],
          ports: ['2222/tcp', '3000-3010/tcp'],
          richRules: [reject],
        },
      ],
    });
    expect(state?.permanent).toBeUndefined();
  });

  test.each([
    ['source before device', zone('drop', { target: 'DROP', sources: '10.22.1.0/24' }) + publicZone, asked, 'drop'],
    ['device before default', publicZone.replace('public', 'home') + zone('public', {}), asked, 'home'],
    ['the default for a device without a zone', zone('public', {}), asked, 'public'],
    ['not known: a source that is a set', zone('x', { sources: 'ipset:office' }) + publicZone, asked, undefined],
    [
      'not known: devices in two zones',
      publicZone.replace('public', 'home') + zone('public', {}),
      { client: asked.client },
      undefined,
    ],
    ['all devices in the default zone', publicZone, { client: asked.client }, 'public'],
  ])('the zone of a packet: %s', (_name, zones, who, name) => {
    const state = firewalld(running(zones));
    expect(state && zoneOf(state, who)?.name).toBe(name);
  });

  const reload = 'firewall-cmd --reload';
  test.each([
    ['the service', publicZone, 22, {}, ['firewall-cmd --permanent --zone=public --add-service=ssh', reload]],
    [
      'another port, because the service is 22',
      zone('public', { services: 'ssh', interfaces: 'eth0' }),
      2222,
      {},
      ['firewall-cmd --permanent --zone=public --add-port=2222/tcp', reload],
    ],
    [
      'the zone of the source',
      zone('drop', { target: 'DROP', sources: '10.22.1.0/24' }) + publicZone,
      22,
      {},
      ['firewall-cmd --permanent --zone=drop --add-service=ssh', reload],
    ],
    [
      'a rule against the client',
      zone('public', { interfaces: 'eth0', services: 'ssh', rich: [reject] }),
      22,
      {},
      [`firewall-cmd --permanent --zone=public --remove-rich-rule='${reject}'`, reload],
    ],
    [
      'a rule against another',
      zone('public', { interfaces: 'eth0', services: 'ssh', rich: [reject.replace('1.2', '1.3')] }),
      22,
      {},
      [],
    ],
    ['only a reload', publicZone, 22, { 'firewalld-permanent': zone('public', { services: 'ssh' }) }, [reload]],
    ['the end of the panic', publicZone, 22, { 'firewalld-panic': 'yes\n' }, ['firewall-cmd --panic-off']],
    ['nothing: a range holds the port', zone('public', { interfaces: 'eth0', ports: '2200-2300/tcp' }), 2222, {}, []],
    ['nothing: the name is a command', zone('$(reboot)', { interfaces: 'eth0' }), 22, {}, []],
    [
      'nothing: the rule is a command',
      zone('public', { interfaces: 'eth0', rich: [reject.replace('ssh" ', 'ssh" log prefix="\'; reboot \'" ')] }),
      22,
      {},
      [],
    ],
  ])('the fix is %s', (_name, zones, port, more, commands) => {
    expect(firewalldFix(running(zones, more), { ...asked, port })).toEqual(commands);
  });

  test('what is written down and not loaded, and panic, are signs', () => {
    const permanent = { 'firewalld-permanent': zone('public', { services: 'ssh' }) };
    expect(firewalldSigns(running(publicZone, permanent), asked)).toMatchObject([
      {
        code: 'host/firewall-prohibits',
        says: 'suggests',
        at: 'firewalld-permanent',
        data: { zone: 'public', permanent: 'ssh' },
      },
    ]);
    expect(firewalldSigns(running(publicZone), asked)).toEqual([]);
    expect(firewalldSigns(running(publicZone, { 'firewalld-panic': 'yes\n' }), asked)).toMatchObject([
      { code: 'host/firewall-drops', says: 'proves' },
    ]);
  });

  test('where it does not run there is nothing to say', () => {
    const stopped = { 'firewalld-state': { stderr: 'not running\n', status: 252 }, firewalld: publicZone };
    expect(firewalldFix(givenBundle(stopped), asked)).toEqual([]);
    expect(firewalld(givenBundle(stopped))?.running).toBe(false);
    expect(firewalld(givenBundle({}))).toBeUndefined();
  });
});

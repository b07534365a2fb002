import { describe, expect, test } from '@jest/globals';
import {
  type Asked,
  ago,
  diagnosed,
  dump,
  excludedBy,
  explained,
  explainedText,
  inShort,
  overIpv6,
  type Records,
  reachable,
  sshdRow,
  standings,
  stopped,
} from '../../support/host/machine.js';

const client = { from: '10.22.1.2' };
const saw = {
  refused: 'ssh: connect to host 10.22.2.2 port 22: Connection refused',
  closed:
    'debug1: Connection established.\nkex_exchange_identification: Connection closed by remote host\nConnection closed by 10.22.2.2 port 22',
};

function ufw(name: string): Records {
  return {
    'iptables-save': dump(`${name}.iptables-save`),
    'ip6tables-save': '',
    'ufw-status': dump(`${name}.status`),
    'ufw-numbered': dump(`${name}.numbered`),
    'file /etc/ufw/ufw.conf': 'ENABLED=yes\nLOGLEVEL=low\n',
  };
}

describe('ufw', () => {
  test('host#43 active, default deny, no rules', async () => {
    const report = await explained(ufw('ufw-deny'));
    expect(inShort(report)).toEqual(stopped('times-out', 'host/firewall-drops'));
    const fixes = report.findings.flatMap((finding) => finding.fixes.map(({ command }) => command));
    expect(fixes.join('\n')).toContain('ufw allow from 10.22.1.2 to any port 22 proto tcp');
  });

  test('host#44 a reject rule answers with a reset, a default of reject with an ICMP message', async () => {
    expect(inShort(await explained(ufw('ufw-reject-rule')))).toEqual(stopped('refused', 'host/firewall-resets'));
    expect(inShort(await explained(ufw('ufw-default-reject')))).toEqual(stopped('refused', 'host/firewall-rejects'));
  });

  test('host#45 a limit after five connections of half a minute', async () => {
    const records = {
      ...ufw('ufw-limit'),
      'kernel-log': `${ago(3)} web-1 kernel: [UFW LIMIT BLOCK] IN=eth0 OUT= MAC=0a:00 SRC=10.22.1.2 DST=10.22.2.2 LEN=60 TOS=0x00 PREC=0x00 TTL=63 ID=1 DF PROTO=TCP SPT=51860 DPT=22 WINDOW=64240 RES=0x00 SYN URGP=0\n`,
    };
    expect((await explained(records)).verdict).toBe('unknown');
    const { causes } = await diagnosed(saw.refused, records, client);
    expect(causes[0]).toMatchObject({ code: 'host/rate-limit', standing: 'likely' });
    expect(`${causes[0]?.message} ${causes[0]?.why}`).toMatch(/wait .* do not retry/);
  });

  test('host#46 the first rule that matches decides', async () => {
    expect(inShort(await explained(ufw('ufw-allow-then-deny')))).toEqual(reachable);
  });
});

function firewalld(name: string, permanent = dump(`${name}.zones`)): Records {
  return {
    'nft-json': dump(`${name}.nft-json`),
    'firewalld-state': { stderr: 'running\n' },
    firewalld: dump(`${name}.zones`),
    'firewalld-permanent': permanent,
    'firewalld-default': 'public\n',
    'firewalld-panic': { stdout: 'no\n', status: 1 },
  };
}

describe('firewalld', () => {
  test.each<readonly [string, Records, Asked, object]>([
    [
      'host#47 public without ssh',
      firewalld('firewalld-without-ssh'),
      {},
      stopped('no-route', 'host/firewall-prohibits'),
    ],
    [
      'host#47 over IPv6',
      firewalld('firewalld-without-ssh'),
      overIpv6,
      stopped('permission-denied', 'host/firewall-prohibits-ipv6'),
    ],
    [
      'host#48 the zone of the source',
      firewalld('firewalld-source-drop'),
      {},
      stopped('times-out', 'host/firewall-drops'),
    ],
    [
      'host#48 and of others that of the interface',
      firewalld('firewalld-source-drop'),
      { from: '10.22.9.2' },
      reachable,
    ],
    ['host#50 a rich rule', firewalld('firewalld-rich-reject'), {}, stopped('refused', 'host/firewall-rejects')],
    [
      'host#51 the service ssh is port 22, whatever sshd has',
      { ...firewalld('firewalld-public'), sockets: sshdRow('0.0.0.0:2222') },
      { port: 2222 },
      stopped('no-route', 'host/firewall-prohibits'),
    ],
  ])('%s', async (_name, records, asked, expected) => {
    expect(inShort(await explained(records, asked))).toEqual(expected);
  });

  test('host#49 written down, and not loaded', async () => {
    const records = firewalld('firewalld-without-ssh', dump('firewalld.permanent'));
    expect(inShort(await explained(records))).toEqual(stopped('no-route', 'host/firewall-prohibits'));
    expect(await explainedText(records)).toMatch(
      /permanent zone public lets ssh in, and firewall-cmd --reload loads it/,
    );
  });
});

/** As fail2ban 1.0.2 prints it. */
function fail2ban(address: string): Records {
  return {
    'nft-json': dump('nft-fail2ban.nft-json').replaceAll('10.22.1.2', address),
    fail2ban: 'Status\n|- Number of jail:\t1\n`- Jail list:\tsshd\n',
    'fail2ban-jail sshd': `Status for the jail: sshd\n|- Filter\n|  |- Currently failed:\t0\n|  \`- File list:\t/var/log/auth.log\n\`- Actions\n   |- Currently banned:\t1\n   |- Total banned:\t1\n   \`- Banned IP list:\t${address}\n`,
    'fail2ban-bans sshd': `${address} \t2025-11-29 04:15:00 + 600 = 2025-11-29 04:25:00\n`,
    'fail2ban-actions sshd': 'The jail sshd has the following actions:\nnftables\n',
  };
}

describe('fail2ban', () => {
  test('host#52 a ban of the client goes before a listener that is there', async () => {
    expect(inShort(await explained(fail2ban('10.22.1.2')))).toEqual(stopped('refused', 'host/banned'));
    const diagnosis = await diagnosed(saw.refused, fail2ban('10.22.1.2'), client);
    expect(diagnosis.causes[0]).toMatchObject({ code: 'host/banned', standing: 'proved' });
    const later = diagnosis.causes.slice(1).map(({ code }) => code);
    expect([...later, ...Object.keys(excludedBy(diagnosis))]).toContain('host/no-listener');
    expect(standings(diagnosis).likely).not.toContain('host/no-listener');
  });

  test('host#53 a ban of another is no cause', async () => {
    const records = fail2ban('198.51.100.9');
    expect(inShort(await explained(records))).toEqual(reachable);
    expect(Object.keys(excludedBy(await diagnosed(saw.refused, records, client)))).toContain('host/banned');
  });

  test('host#54 installed, not running, and nothing left in the rules', async () => {
    const said =
      '2025-11-29 04:20:00,000 fail2ban [20]: ERROR   Failed to access socket path: /var/run/fail2ban/fail2ban.sock. Is fail2ban running?\n';
    const records = { fail2ban: { stderr: said, status: 255 } };
    expect(inShort(await explained(records))).toEqual(reachable);
    expect(Object.keys(excludedBy(await diagnosed(saw.refused, records, client)))).toContain('host/banned');
    // One that was killed leaves its bans in the rules.
    const killed = { ...records, 'nft-json': dump('nft-fail2ban.nft-json') };
    expect(inShort(await explained(killed))).toEqual(stopped('refused', 'host/banned'));
  });

  test('host#55 a ban of port 22 is none of sshd on 2222', async () => {
    const records = { ...fail2ban('10.22.1.2'), sockets: sshdRow('0.0.0.0:2222') };
    expect(inShort(await explained(records, { port: 2222 }))).toEqual(reachable);
  });
});

describe('TCP wrappers', () => {
  const linked = '\tlibwrap.so.0 => /lib/x86_64-linux-gnu/libwrap.so.0 (0x00007f29d4c1e000)\n';
  const wrapped = (deny: string, allow = ''): Records => ({
    libwrap: linked,
    'file /etc/hosts.deny': deny,
    'file /etc/hosts.allow': allow,
  });

  test.each<readonly [string, Records, Asked, object]>([
    ['host#56 the client by its address', wrapped('sshd: 10.22.1.2\n'), {}, stopped('closed', 'host/tcp-wrappers')],
    [
      'host#57 an sshd without libwrap',
      {
        ...wrapped('sshd: 10.22.1.2\n'),
        libwrap: '\tlibc.so.6 => /lib64/libc.so.6 (0x00007f0000000000)\n',
        'file /etc/os-release': 'ID="rhel"\nVERSION_ID="9.4"\n',
        'sshd-version': { stderr: 'OpenSSH_8.7p1, OpenSSL 3.0.7 1 Nov 2022\n' },
      },
      {},
      reachable,
    ],
    ['host#58 bits of the host in a network', wrapped('sshd: 10.22.1.2/24\n'), {}, reachable],
    ['host#58 IPv6 without brackets', wrapped('sshd: fd22:1::2\n'), overIpv6, reachable],
    [
      'host#59 hosts.allow may deny',
      wrapped('', 'sshd: 10.22.1.2: deny\n'),
      {},
      stopped('closed', 'host/tcp-wrappers'),
    ],
    [
      'a last line without a newline denies everybody',
      { ...wrapped('sshd: 10.9.9.9\n'), 'end /etc/hosts.deny': '9\n' },
      {},
      stopped('closed', 'host/tcp-wrappers'),
    ],
  ])('%s', async (_name, records, asked, expected) => {
    expect(inShort(await explained(records, asked))).toEqual(expected);
  });

  test('how hosts.deny ends decides, and where that was not recorded nothing is sure', async () => {
    const { verdict, findings } = await explained({ ...wrapped('sshd: 10.9.9.9\n'), 'end /etc/hosts.deny': undefined });
    expect(verdict).toBe('unknown');
    expect(findings.flatMap(({ missing }) => missing)).toMatchObject([{ message: expect.stringMatching(/newline/) }]);
  });

  test('an sshd that is not linked with them is none of theirs', async () => {
    const because = excludedBy(await diagnosed(saw.closed, {}, client));
    expect(because['host/tcp-wrappers']).toMatch(/^libwrap: /);
  });

  test('host#56 five seconds are those of libwrap', async () => {
    const diagnosis = await diagnosed(`${saw.closed}\n\nreal\t0m5.020s`, wrapped('sshd: 10.22.1.2\n'), client);
    expect(diagnosis.causes[0]).toMatchObject({ code: 'host/tcp-wrappers', standing: 'proved' });
  });
});

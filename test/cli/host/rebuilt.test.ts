import { describe, expect, test } from '@jest/globals';
import { ago, diagnosed, inactive, overIpv6, type Records, sshdRow, standings } from '../../support/host/machine.js';

const client = { from: '10.22.1.2' };
const dialled = (host: string) => `debug1: Connecting to ${host} [${host}] port 22.\n`;
const failed = (words: string, host = '10.22.2.2') =>
  `${dialled(host)}ssh: connect to host ${host} port 22: ${words}\n`;
const opened = `${dialled('10.22.2.2')}debug1: Connection established.\n`;
const silent = `${opened}debug1: Local version string SSH-2.0-OpenSSH_9.2p1\nConnection timed out during banner exchange\nConnection to 10.22.2.2 port 22 timed out\n`;
const closed = `${opened}kex_exchange_identification: Connection closed by remote host\nConnection closed by 10.22.2.2 port 22\n`;
const took = (seconds: number) => `\nreal\t0m${seconds.toFixed(3)}s\n`;
const startups = '    700       1 Ss    86400 sshd: /usr/sbin/sshd -D [listener] 2 of 10-100 startups\n';
const stopped: Records = { sockets: '', processes: '', 'unit ssh.service': inactive, journal: '' };
const owner = (program: string) =>
  `LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("${program}",pid=800,fd=3)) ino:24106 sk:1 <->\n`;
const nft = (...objects: readonly object[]) =>
  JSON.stringify({ nftables: [{ metainfo: { version: '1.0.6', json_schema_version: 1 } }, ...objects] });
const table = (family: string) => ({ table: { family, name: 'lab', handle: 1 } });
const chain = (family: string, more: object) => ({
  chain: { family, table: 'lab', name: 'only', handle: 1, type: 'filter', policy: 'accept', prio: 0, ...more },
});
const rule = (family: string, ...expr: readonly object[]) => ({
  rule: { family, table: 'lab', chain: 'only', handle: 2, expr },
});
const to22 = { match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right: 22 } };

async function first(saw: string, records: Records, asked: Parameters<typeof diagnosed>[2] = client) {
  const { causes, contradictions } = await diagnosed(saw, records, asked);
  return { code: causes[0]?.code, standing: causes[0]?.standing, contradictions: contradictions.length };
}

const proved = (code: string) => ({ code, standing: 'proved', contradictions: 0 });
const likely = (code: string) => ({ code, standing: 'likely', contradictions: 0 });

describe('what real machines showed', () => {
  test('a client that gives up before the pause of TCP wrappers ends contradicts nothing', async () => {
    const records = {
      libwrap: '\tlibwrap.so.0 => /lib/x86_64-linux-gnu/libwrap.so.0 (0x00007f29d4c1e000)\n',
      'file /etc/hosts.deny': 'sshd: 10.22.1.2\n',
    };
    expect(await first(`${silent}${took(2)}`, records)).toEqual(proved('host/tcp-wrappers'));
  });

  test.each([
    ['all', [0, 1, 2, 3, 4], 'proved'],
    ['all but one', [0, 1, 3, 4], 'likely'],
  ])('sshd has %s of its files open, and a connection waits', async (_name, numbers, standing) => {
    const records = {
      'sshd-limits': 'Max open files            5                    5                    files     \n',
      'sshd-files': `/proc/700/fd\n${numbers.map((number) => `/proc/700/fd/${number}\n`).join('')}`,
    };
    expect(await first(`${silent}${took(2)}`, records)).toEqual({
      code: 'host/out-of-files',
      standing,
      contradictions: 0,
    });
  });

  test('the devices of a chain stand in the text of nft 1.0.6, and not in its JSON', async () => {
    const json = nft(table('netdev'), chain('netdev', { hook: 'ingress' }), rule('netdev', to22, { drop: null }));
    const chains = (device: string) =>
      `table netdev lab {\n\tchain only {\n\t\ttype filter hook ingress device "${device}" priority filter; policy accept;\n\t}\n}\n`;
    const saw = failed('Connection timed out');
    expect(await first(saw, { 'nft-json': json, 'nft-chains': chains('eth0') })).toEqual(proved('host/firewall-early'));
    expect(await first(saw, { 'nft-json': json, 'nft-chains': chains('eth9') })).toMatchObject({
      standing: 'possible',
      contradictions: 1,
    });
  });

  test.each([
    ['refuses', closed, stopped, 'path/proxy-without-listener'],
    [
      'drops',
      silent,
      { 'iptables-save': '*filter\n:INPUT DROP [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n' },
      'path/silent-proxy',
    ],
  ])(
    'a connection that opened although the machine %s it was opened by something else',
    async (_, saw, records, code) => {
      expect(await first(saw, records)).toEqual({ code, standing: 'likely', contradictions: 1 });
    },
  );

  test('where the half of the server came, large packets to the client are not lost', async () => {
    const half = `${opened}debug1: Remote protocol version 2.0, remote software version OpenSSH_9.2p1\ndebug1: SSH2_MSG_KEXINIT sent\n`;
    expect(await first(half, {})).toMatchObject({ code: 'path/mtu-to-client' });
    const both = `${half}debug1: SSH2_MSG_KEXINIT received\ndebug1: expecting SSH2_MSG_KEX_ECDH_REPLY\n`;
    expect(await first(both, {})).toMatchObject({ code: 'path/mtu-to-server' });
    const { excluded } = await diagnosed(both, {}, client);
    const offer =
      'Unable to negotiate with 10.22.2.2 port 22: no matching host key type found. Their offer: ssh-ed25519';
    const received = `${half}debug1: SSH2_MSG_KEXINIT received\n`;
    expect(await first(`${received}${offer}\n`, {})).toMatchObject({ code: 'login/no-common-algorithm' });
    const reset = await diagnosed(`${received}Connection reset by 10.22.2.2 port 22\n`, {}, client);
    expect(reset.causes.map(({ code }) => code)).toContain('path/payload-filter');
    expect(excluded.find(({ code }) => code === 'path/mtu-to-client')).toMatchObject({ by: 'look' });
  });

  test('a rule that counts is a limit', async () => {
    const recent = '-A INPUT -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -m recent';
    const text = `*filter\n:INPUT ACCEPT [0:0]\n[9:9] ${recent} --update --seconds 30 --hitcount 6 --name DEFAULT --mask 255.255.255.255 --rsource -j REJECT --reject-with icmp-port-unreachable\nCOMMIT\n`;
    expect(await first(failed('Connection refused'), { 'iptables-save': text })).toEqual(likely('host/rate-limit'));
  });

  test('behind a translation to another machine only that machine counts', async () => {
    const dnat = nft(
      table('ip'),
      chain('ip', { type: 'nat', hook: 'prerouting', prio: -100 }),
      rule('ip', to22, { dnat: { addr: '10.22.2.98', port: 22 } }),
    );
    const neighbours = JSON.stringify([{ dst: '10.22.2.98', dev: 'eth0', state: ['FAILED'] }]);
    const records = {
      ...stopped,
      'nft-json': dnat,
      neighbours,
      sysctl: 'net.ipv4.ip_forward = 1\n',
      'sshd-test': { stderr: 'sshd: no hostkeys available -- exiting.\n', status: 1 },
    };
    expect(await first(`${failed('No route to host')}${took(3.1)}`, records)).toEqual(
      likely('host/redirect-target-dead'),
    );
  });

  test.each([
    ['nothing of what neighbours ask', [], 'host/neighbour-discovery-dropped', 'likely'],
    ['what neighbours ask', ['nd-neighbor-solicit'], 'path/no-such-host', 'possible'],
  ])('a policy that drops, and rules for TCP and %s', async (_name, types, code, standing) => {
    const neighbours = types.map((right) =>
      rule(
        'ip6',
        { match: { op: '==', left: { payload: { protocol: 'icmpv6', field: 'type' } }, right } },
        { accept: null },
      ),
    );
    const json = nft(
      table('ip6'),
      chain('ip6', { hook: 'input', policy: 'drop' }),
      rule('ip6', to22, { accept: null }),
      ...neighbours,
    );
    const saw = `${failed('No route to host', 'fd22:2::2')}${took(3.1)}`;
    expect(await first(saw, { 'nft-json': json }, overIpv6)).toMatchObject({ code, standing });
  });

  test('a limit of one source says first that MaxStartups begins', async () => {
    const lines = [
      'error: beginning MaxStartups throttling',
      'drop connection #2 from [10.22.1.2]:32032 on [10.22.2.2]:22 past MaxStartups',
    ].map((line) => `${ago(5)} web-1 sshd[700]: ${line}\n`);
    const saw = closed.replace(
      'kex_',
      'debug1: kex_exchange_identification: banner line 0: Exceeded MaxStartups\nkex_',
    );
    const diagnosis = await diagnosed(saw, { journal: lines.join(''), processes: startups }, client);
    expect(standings(diagnosis)).toMatchObject({ proved: [], likely: ['host/per-source-max-startups'] });
  });

  test.each([
    ['systemd makes the directory', 'systemd', 'host/no-listener', 'proved'],
    ['a container', 'sh', 'host/no-privsep-directory', 'likely'],
  ])('sshd misses its directory: %s', async (_name, init, code, standing) => {
    const records = {
      ...stopped,
      'file /proc/1/comm': `${init}\n`,
      'sshd-test': { stderr: 'Missing privilege separation directory: /run/sshd\n', status: 255 },
    };
    expect(await first(failed('Connection refused'), records)).toEqual({ code, standing, contradictions: 0 });
  });

  test('a reload of which a syslog has the half', async () => {
    const records = {
      ...stopped,
      journal: '',
      'log /var/log/auth.log': 'Nov 29 04:19:50 web-1 auth.info sshd[700]: Received SIGHUP; restarting.\n',
      'sshd-test': { stderr: '/etc/ssh/sshd_config: line 1: Bad configuration option: Prot\n', status: 255 },
    };
    const { causes } = await diagnosed(failed('Connection refused'), records, client);
    expect(causes.slice(0, 3).map(({ code, standing }) => [code, standing])).toEqual([
      ['host/reload-with-bad-config', 'likely'],
      ['host/bad-config', 'proved'],
      ['host/no-listener', 'proved'],
    ]);
  });

  test('a ban before the rule that it wrote', async () => {
    const records = {
      'iptables-save':
        '*filter\n:INPUT ACCEPT [0:0]\n[9:9] -A INPUT -s 10.22.1.2/32 -p tcp -m tcp --dport 22 -j REJECT --reject-with icmp-port-unreachable\nCOMMIT\n',
      fail2ban: 'Status\n|- Number of jail:\t1\n`- Jail list:\tsshd\n',
      'fail2ban-jail sshd':
        'Status for the jail: sshd\n|- Filter\n`- Actions\n   |- Currently banned:\t1\n   `- Banned IP list:\t10.22.1.2\n',
      'fail2ban-bans sshd': '10.22.1.2 \t2025-11-29 04:10:00 + 600 = 2025-11-29 04:20:00\n',
      'fail2ban-actions sshd': 'The jail sshd has the following actions:\nufw\n',
    };
    const { causes } = await diagnosed(failed('Connection refused'), records, client);
    expect(causes.slice(0, 2).map(({ code, standing }) => [code, standing])).toEqual([
      ['host/banned', 'likely'],
      ['host/firewall-rejects', 'proved'],
    ]);
  });

  test('PAM says why before sshd says that', async () => {
    const lines = [
      'pam_unix(sshd:account): account u has expired (account expired)',
      'fatal: Access denied for user u by PAM account configuration [preauth]',
    ].map((line) => `${ago(5)} web-1 sshd[900]: ${line}\n`);
    const saw = `${opened}debug1: SSH2_MSG_SERVICE_ACCEPT received\nConnection closed by 10.22.2.2 port 22\n`;
    expect(standings(await diagnosed(saw, { journal: lines.join('') }, client)).likely).toEqual([
      'login/account-expired',
    ]);
  });

  test('a unit without IPv4 leaves a listener of IPv6 alone', async () => {
    const records = {
      sockets: sshdRow('[::]:22', true),
      'unit ssh.service':
        'Id=ssh.service\nLoadState=loaded\nActiveState=active\nSubState=running\nRestrictAddressFamilies=AF_INET6 AF_UNIX\n',
    };
    const diagnosis = await diagnosed(failed('Connection refused'), records, client);
    expect(standings(diagnosis).proved).toEqual(['host/unit-address-families', 'host/listener-ipv6-only']);
  });

  test('a socket unit that systemd gave up, and its last client', async () => {
    const records = {
      ...stopped,
      'unit ssh.socket':
        'Id=ssh.socket\nLoadState=loaded\nActiveState=failed\nSubState=failed\nResult=service-start-limit-hit\n',
    };
    expect(await first(`${closed}${took(1.3)}`, records)).toMatchObject({
      code: 'host/socket-activation-fails',
      standing: 'likely',
    });
  });

  test.each([
    ['python3', 'host/accept-then-reset'],
    ['haproxy', 'path/proxy-backend-dead'],
  ])('%s holds the port, and closes', async (program, code) => {
    expect(await first(closed, { sockets: owner(program) })).toMatchObject({ code, standing: 'likely' });
  });

  test('a mail server that greets, or says nothing', async () => {
    const records = { sockets: owner('master') };
    expect(await first(`${silent}${took(2)}`, records)).toMatchObject({ code: 'host/other-service' });
    const saw = silent.replace(
      'Connection timed',
      'debug1: kex_exchange_identification: banner line 0: 220 mail ESMTP\nConnection timed',
    );
    expect(await first(saw, records)).toEqual(likely('host/other-service'));
  });

  test.each([
    ['+0100', 'proved'],
    [undefined, 'likely'],
  ])('a stamp of a syslog has no zone, and the machine says %s', async (zone, standing) => {
    const stamp = ago(10 - 3600).slice(11, 19);
    const records = {
      journal: '',
      ...(zone && { zone: `${zone}\n` }),
      'sshd-version': { stderr: 'OpenSSH_9.2p1 Debian-2+deb12u7, OpenSSL 3.0.17 1 Jul 2025\n' },
      'log /var/log/auth.log': `Nov 29 ${stamp} web-1 sshd[802]: sshd: no hostkeys available -- exiting.\n`,
    };
    expect(await first(closed, records)).toEqual({ code: 'host/host-keys-deleted', standing, contradictions: 0 });
  });

  test('what never left the client contradicts no evidence', async () => {
    const saw = failed('Cannot assign requested address');
    expect(await first(saw, {})).toEqual({ code: 'client/no-free-port', standing: 'possible', contradictions: 0 });
  });

  test('libwrap asks a dead name server, and what the client said waits', async () => {
    const records = {
      libwrap: '\tlibwrap.so.0 => /lib/x86_64-linux-gnu/libwrap.so.0 (0x00007f29d4c1e000)\n',
      'file /etc/hosts.deny': 'sshd: .bad.example\n',
      connections: 'CLOSE-WAIT 22     0      10.22.2.2:22 10.22.1.2:56493\n',
    };
    expect(await first(`${silent}${took(2)}`, records)).toEqual(likely('host/slow-resolver'));
    const waiting = { ...records, sockets: sshdRow('0.0.0.0:22').replace('LISTEN 0', 'LISTEN 1') };
    expect(await first(`${silent}${took(2)}`, waiting)).toEqual(likely('host/sshd-hung'));
  });

  test.each([
    [2, 'host/login-grace', 'likely'],
    [120, 'login/key-refused', 'possible'],
  ])('a client that waited for its agent, and %d seconds to log in', async (seconds, code, standing) => {
    const saw = `${opened}debug1: SSH2_MSG_SERVICE_ACCEPT received\nConnection closed by 10.22.2.2 port 22\n${took(4)}`;
    const records = { 'sshd-effective': `port 22\nlistenaddress 0.0.0.0:22\nlogingracetime ${seconds}\n` };
    expect(await first(saw, records)).toMatchObject({ code, standing });
  });

  test('the key of another machine is no refused user', async () => {
    const saw = `${opened}debug1: SSH2_MSG_KEXINIT sent\nHost key verification failed.\n`;
    const { causes } = await diagnosed(saw);
    expect(causes.map(({ code }) => code)).toEqual(['path/other-machine']);
  });

  test('a password that has to be changed at once took no time', async () => {
    const saw = `${opened}debug1: Offering public key: /root/.ssh/id ED25519 SHA256:x\nYou are required to change your password immediately (administrator enforced).\nAuthenticated to 10.22.2.2 ([10.22.2.2]:22) using "publickey".\n`;
    const { observation } = await diagnosed(saw);
    expect(observation).toMatchObject({ symptoms: ['connects'] });
    expect(observation).not.toHaveProperty('elapsed');
  });
});

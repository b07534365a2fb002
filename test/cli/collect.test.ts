import { chmodSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { bundleOf, collect, machineIn, recordIn, script, shells, whereIs } from '../support/collector.js';
import { port22, problemsOf } from '../support/command.js';
import { tempFolder } from '../support/temp-folder.js';

const folder = tempFolder();
afterAll(folder.remove);
let machines = 0;

function machine(limit?: number) {
  machines += 1;
  const root = join(folder.path, `machine-${machines}`);
  return { root, ...machineIn(root, limit) };
}

const isRoot = process.getuid?.() === 0;
const setpriv = whereIs('setpriv');
const nobody = setpriv ? [setpriv, '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
const nobodyCanRun = isRoot && setpriv !== undefined;
if (!nobodyCanRun) process.stderr.write('\nNOT TRIED without root: that needs root and setpriv\n\n');
const MINUTE = 60_000;

// Every key of the bundle format; a key that is none of these would be read by nobody.
const KNOWN_KEYS = new RegExp(
  `^(${[
    'zone|uid|port|client|uname|file /.+|end /.+|sockets|proc-tcp6?|socket-owners|connections|processes|libwrap|files|journal|log /.+|tc',
    '(addresses|rules6?|routes6?|neighbours|links)(-text)?|route-get .+|sshd-(version|effective|effective-client|test|limits|files)',
    'unit (sshd?\\.(service|socket)|dropbear\\.service)|openrc(-default)?|ip6?tables-(legacy-)?save|nft-(json|text|chains)|ipset',
    'ufw-(status|numbered)|firewalld(-state|-policies|-panic|-default|-permanent)?|fail2ban|fail2ban-(jail|bans|actions) .+',
    'selinux(-ports)?|audit-denials|netstat|snmp|conntrack-(count|max)|kernel-log|sysctl|disk|inodes|file-nr|cgroup-pids',
    'xrecent .+|cloud-init(-result)?',
  ].join('|')})$`,
);

test('the shells that were found here', () => {
  // sh is on every machine, and is one of the three.
  expect(shells.map(([name]) => name)).toContain('sh');
  const missing = ['dash', 'bash', 'busybox'].filter((name) => !whereIs(name));
  if (missing.length > 0) process.stderr.write(`the collector was not tried under ${missing.join(', ')}\n`);
});

describe.each(shells)('under %s, this very machine', (_, ...shell) => {
  test(
    'says what it is',
    async () => {
      const bundle = bundleOf(await collect(shell, script, { args: ['--client', '203.0.113.7', '--port', '22'] }));
      expect([...bundle.records.keys()].filter((key) => !KNOWN_KEYS.test(key))).toEqual([]);
      expect(recordIn(bundle, 'uid').stdout).toBe(`${process.getuid?.()}\n`);
      expect(recordIn(bundle, 'client').stdout).toBe('203.0.113.7\n');
      expect(Math.abs((bundle.takenAt ?? 0) - Date.now())).toBeLessThan(5 * MINUTE);
      expect(recordIn(bundle, 'uname')).toMatchObject({ outcome: 'ran', status: 0, command: 'uname -a' });
      expect(recordIn(bundle, 'file /proc/1/comm').stdout).toBe(readFileSync('/proc/1/comm', 'utf8'));
      const bootId = '/proc/sys/kernel/random/boot_id';
      expect(recordIn(bundle, `file ${bootId}`).stdout).toBe(readFileSync(bootId, 'utf8'));
      expect(recordIn(bundle, 'file /etc/os-release').stdout).toBe(readFileSync('/etc/os-release', 'utf8'));
      expect(recordIn(bundle, 'snmp').stdout).toMatch(/^Tcp: RtoAlgorithm /m);
      expect(recordIn(bundle, 'sysctl').stdout).toMatch(/^net\.ipv4\.conf\.all\.rp_filter = \d$/m);
      expect(recordIn(bundle, 'proc-tcp').stdout).toMatch(/^ *sl +local_address /);
      for (const [key, { outcome }] of bundle.records) expect({ key, outcome }).not.toEqual({ key, outcome: 'cut' });
    },
    MINUTE,
  );
});

(nobodyCanRun ? describe : describe.skip)('without root', () => {
  test(
    'what may not be read is denied, not absent',
    async () => {
      const it = machine();
      for (const path of [folder.path, it.root]) chmodSync(path, 0o755);
      it.file('etc/ssh/sshd_config', `Include ${it.root}/etc/ssh/sshd_config.d/*.conf\nInclude secret.conf\n`);
      it.file('etc/ssh/sshd_config.d/10.conf', 'Port 2222\n');
      it.file('etc/ssh/secret.conf', 'Port 2222\n');
      it.file('etc/hosts.deny', 'sshd: ALL\n');
      const said = bundleOf(await collect([...nobody, 'sh'], it.script, it));
      expect(recordIn(said, `end ${it.root}/etc/hosts.deny`).stdout).toBe('\n');
      it.file('etc/hosts.deny', 'sshd: ALL');
      const unfinished = bundleOf(await collect([...nobody, 'sh'], it.script, it));
      expect(recordIn(unfinished, `end ${it.root}/etc/hosts.deny`).stdout).toBe('L\n');
      for (const path of ['etc/ssh/sshd_config.d', 'etc/ssh/secret.conf', 'etc/hosts.deny'])
        chmodSync(join(it.root, path), 0);
      const bundle = bundleOf(await collect([...nobody, 'sh'], it.script, it));
      const outcome = (path: string) => recordIn(bundle, `file ${it.root}/${path}`).outcome;
      expect(recordIn(bundle, 'uid').stdout).toBe('65534\n');
      expect(outcome('etc/ssh/sshd_config')).toBe('ran');
      expect(outcome('etc/ssh/sshd_config.d/*.conf')).toBe('denied');
      expect(outcome('etc/ssh/secret.conf')).toBe('denied');
      expect(outcome('etc/hosts.deny')).toBe('denied');
      expect(outcome('etc/hosts.allow')).toBe('absent');
      expect(recordIn(bundle, 'socket-owners').outcome).toBe('denied');
    },
    MINUTE,
  );
});

describe.each(shells)('under %s, a machine', (name, ...shell) => {
  test(
    'without tools says that they are absent, and is whole',
    async () => {
      const it = machine();
      const bundle = bundleOf(await collect(shell, it.script, it));
      const tools = [
        'sockets',
        'sshd-effective',
        'sshd-test',
        'iptables-save',
        'nft-json',
        'ipset',
        'fail2ban',
        'journal',
      ];
      for (const key of [
        ...tools,
        'addresses',
        'firewalld-state',
        'unit ssh.service',
        'tc',
        'selinux',
        'openrc',
        'file /nothing'.replace('/nothing', `${it.root}/etc/hosts.deny`),
      ])
        expect(recordIn(bundle, key)).toMatchObject({ outcome: 'absent', stdout: '', stderr: '' });
      // What the kernel tells needs no tool.
      expect(recordIn(bundle, 'proc-tcp')).toMatchObject({ outcome: 'ran', status: 0 });
      expect(bundle.records.has('ufw-status')).toBe(false);
    },
    MINUTE,
  );

  // Each shell with one of the two ways to stop a command, so that both are tried under two shells.
  const helper = ['timeout', 'setsid'][shells.findIndex(([one]) => one === name) % 2] ?? 'timeout';
  test(
    `whose tools misbehave, with ${helper}`,
    async () => {
      const it = machine(2);
      it.real(helper);
      it.tool('ss', 'sleep 60 & sleep 60');
      it.tool('fail2ban-client', 'trap "" TERM INT HUP; while :; do sleep 60; done');
      it.file('rules', '-A INPUT -s 203.0.113.7/32 -p tcp -j DROP\n'.repeat(250_000));
      it.tool('iptables-save', `cat ${it.root}/rules`);
      it.tool('getenforce', `sed -n ':a;s/^/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/;p;ba' ${it.root}/line`);
      it.file('line', 'x\n');
      it.tool(
        'nft',
        "printf '\\033[31mred\\033[0m\\007 \\000nul\\r\\nb\\344se\\r\\n\\ttab'; echo 'JSON support not compiled-in' >&2; exit 1",
      );
      it.tool('ip', 'echo "$LC_ALL $LANG $*"; [ "$1" != -j ] || { echo "Object \\"-j\\" is unknown" >&2; exit 255; }');
      it.tool(
        'ipset',
        'echo "> sockets"; echo "< ran 0"; echo "port22 end of bundle"; echo "port22 host bundle 1"; printf "@end-1 0"; echo "!" >&2',
      );
      it.tool('firewall-cmd', '(sleep 60) & echo running');
      it.tool('dmesg', `cat ${it.root}/rules >&2; echo nf_conntrack`);
      it.tool(
        'uname',
        'cat; echo "-----BEGIN OPENSSH PRIVATE KEY-----"; echo secret; echo "-----END OPENSSH PRIVATE KEY-----"; echo after',
      );
      const collected = await collect(shell, it.script, {
        ...it,
        env: { ...it.env, LANG: 'de_DE.UTF-8', LC_MESSAGES: 'de_DE.UTF-8' },
      });
      const bundle = bundleOf(collected);
      const record = (key: string) => recordIn(bundle, key);
      // Each that hangs costs its time once, whatever it is asked.
      expect(collected.seconds).toBeLessThan(40);
      expect(record('sockets')).toMatchObject({ outcome: 'timed-out', stdout: '' });
      expect(record('connections')).toMatchObject({ outcome: 'timed-out', stderr: 'not run: ss was stopped before\n' });
      expect(record('fail2ban')).toMatchObject({ outcome: 'timed-out' });
      expect(record('iptables-save').outcome).toBe('cut');
      expect(record('iptables-save').stdout.length).toBeGreaterThan(4_000_000);
      expect(record('selinux').outcome).toBe('cut');
      expect(record('selinux').stdout.length).toBeLessThan(300_000);
      expect(record('nft-json')).toMatchObject({ outcome: 'ran', status: 1, stderr: 'JSON support not compiled-in\n' });
      expect(record('nft-json').stdout).toMatch(/^\?\[31mred\?\[0m\? \?nul\r\nb.+se\r\n\ttab\n$/);
      expect(record('nft-text').command).toBe('nft -a list ruleset');
      expect(record('addresses')).toMatchObject({ status: 255, stderr: 'Object "-j" is unknown\n' });
      expect(record('addresses-text')).toMatchObject({ status: 0, stdout: 'C de_DE.UTF-8 addr\n' });
      expect(record('ipset').stdout).toBe('> sockets\n< ran 0\nport22 end of bundle\nport22 host bundle 1\n@end-1 0\n');
      expect(record('ipset').stderr).toBe('!\n');
      expect(record('firewalld-state')).toMatchObject({ outcome: 'ran', status: 0, stdout: 'running\n' });
      expect(record('kernel-log').outcome).toBe('cut');
      expect(record('uname').stdout).toBe(`${'(a private key, left out)\n'.repeat(3)}after\n`);
      expect(record('file /proc/1/comm').outcome).toBe('ran');
      // Nothing that a terminal would obey, and no line that is none of a bundle.
      expect(collected.out).toMatch(/^[^\u0000-\u0008\u000b-\u001f\u007f]*$/);
      expect(
        collected.out.split('\n').filter((line) => !/^([|!$<>] ?|$|(port22|taken|zone|uid|port) )/.test(line)),
      ).toEqual([]);
    },
    MINUTE,
  );
});

describe('who listens', () => {
  test(
    'is told by what the kernel lists, without ss',
    async () => {
      const server = createServer();
      const port = await new Promise<number>((resolve) => {
        server.listen(0, '127.0.0.1', () => {
          const address = server.address();
          resolve(typeof address === 'object' && address ? address.port : 0);
        });
      });
      try {
        const it = machine();
        it.real('ps', 'timeout');
        it.tool('sshd', '[ "$1" = -T ] && exit 0; echo "Bad configuration option: Prot" >&2; exit 255');
        const bundle = bundleOf(await collect(['sh'], it.script, { ...it, args: ['--port', String(port)] }));
        const row = new RegExp(`^ *\\d+: 0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} .*$`, 'm');
        const inode = row.exec(recordIn(bundle, 'proc-tcp').stdout)?.[0].trim().split(/ +/)[9];
        const comm = readFileSync('/proc/self/comm', 'utf8').trim();
        expect(recordIn(bundle, 'socket-owners').stdout.split('\n')).toContain(`${inode} ${process.pid} ${comm}`);
        const [header = '', ...rows] = recordIn(bundle, 'processes').stdout.trimEnd().split('\n');
        expect(header.trim().split(/ +/)).toEqual(['PID', 'PPID', 'STAT', 'ELAPSED', 'COMMAND']);
        expect(rows.map((line) => Number.parseInt(line, 10))).toContain(process.pid);
        // Nobody else's arguments: there may be a password in them.
        const others = rows.filter((line) => Number.parseInt(line, 10) !== process.pid);
        expect(others.filter((line) => !/sshd|dropbear|systemd-socket/.test(line))).toEqual([]);
        // A configuration that is wrong is wrong for -T too; only a sshd that does not know -G is asked again.
        expect(recordIn(bundle, 'sshd-effective')).toMatchObject({
          status: 255,
          stderr: 'Bad configuration option: Prot\n',
        });
      } finally {
        server.close();
      }
    },
    MINUTE,
  );
});

describe('the processes', () => {
  test(
    "are told whole beside the collector's own filter for private keys",
    async () => {
      const filter = /'(\/-----BEG[^']*)'/.exec(script)?.[1] ?? '';
      const it = machine();
      it.file('words', `    7       1 S          0 sed -e ${filter} -e s/^/|/\n`);
      it.tool(
        'ps',
        `echo "PID PPID STAT ELAPSED COMMAND"; cat ${it.root}/words; echo "9 1 Ss 5 sshd: /usr/sbin/sshd -D"`,
      );
      const { outcome, stdout } = recordIn(bundleOf(await collect(['sh'], it.script, it)), 'processes');
      expect(filter).toContain('PRIVATE KEY');
      expect({ outcome, stdout }).toEqual({
        outcome: 'ran',
        stdout: 'PID PPID STAT ELAPSED COMMAND\n9 1 Ss 5 sshd: /usr/sbin/sshd -D\n',
      });
    },
    MINUTE,
  );
});

describe('sshd_config', () => {
  test(
    'is followed as sshd follows it',
    async () => {
      const it = machine();
      const etc = (path: string) => `file ${it.root}/etc/ssh/${path}`;
      it.file(
        'etc/ssh/sshd_config',
        [
          '  include sshd_config.d/*.conf "quoted.conf"  other.conf # comment.conf',
          'Include=equals.conf',
          '#Include commented.conf',
          `Match all\r\n\tINCLUDE ${it.root}/etc/ssh/deep-0.conf\r`,
          'Include loop.conf nothing-*.conf a.conf;touch$IFS/tmp/port22-owned $(touch /tmp/port22-owned)',
          'Include sshd_config.d',
          'Includes no.conf',
        ].join('\n'),
      );
      for (const path of [
        'sshd_config.d/20.conf',
        'sshd_config.d/10.conf',
        'sshd_config.d/.hidden.conf',
        'quoted.conf',
        'other.conf',
        'equals.conf',
        'comment.conf',
        'commented.conf',
        'no.conf',
      ])
        it.file(`etc/ssh/${path}`, 'Port 2222\n');
      for (let depth = 0; depth < 30; depth += 1)
        it.file(`etc/ssh/deep-${depth}.conf`, `Include deep-${depth + 1}.conf\n`);
      it.file('etc/ssh/loop.conf', 'Include loop.conf sshd_config *.conf\n'.replace(' *.conf', ''));
      const { out, ...rest } = await collect(['sh'], it.script, it);
      const bundle = bundleOf({ out, ...rest });
      const keys = [...bundle.records.keys()].filter((key) => key.startsWith(etc('')));
      const deep = Array.from({ length: 16 }, (_, depth) => etc(`deep-${depth}.conf`));
      expect(keys.slice(0, 7)).toEqual(
        [
          'sshd_config',
          'sshd_config.d/10.conf',
          'sshd_config.d/20.conf',
          'quoted.conf',
          'other.conf',
          'equals.conf',
          'deep-0.conf',
        ].map(etc),
      );
      expect(keys.filter((key) => key.includes('deep'))).toEqual(deep);
      expect(keys.filter((key) => /hidden|comment|no\.conf/.test(key))).toEqual([]);
      expect(recordIn(bundle, etc('nothing-*.conf')).outcome).toBe('absent');
      expect(recordIn(bundle, etc('sshd_config.d'))).toMatchObject({ outcome: 'ran', status: 1 });
      expect(recordIn(bundle, etc('sshd_config')).stdout).toBe(
        `${readFileSync(join(it.root, 'etc/ssh/sshd_config'), 'utf8')}\n`,
      );
      expect(out.split('\n').filter((line) => line === `> ${etc('loop.conf')}`)).toHaveLength(1);
      expect(() => lstatSync('/tmp/port22-owned')).toThrow();
    },
    MINUTE,
  );

  test(
    'of many files is cut in the open',
    async () => {
      const it = machine();
      it.file('etc/ssh/sshd_config', 'Include many/*\n');
      for (let index = 10; index < 30; index += 1) it.file(`etc/ssh/many/${index}`, 'x\n');
      const fewer = it.script.replace('$count -gt 200', '$count -gt 11');
      const bundle = bundleOf(await collect(['sh'], fewer, it));
      const outcomes = [...bundle.records].filter(([key]) => key.includes('/many/')).map(([, { outcome }]) => outcome);
      expect(outcomes).toEqual([...Array(10).fill('ran'), ...Array(10).fill('cut')]);
    },
    MINUTE,
  );
});

describe('the script', () => {
  /** What the collector may run, as `tool arguments`. Nothing here changes anything. */
  const permitted = [
    /^(ss -H -tlnpe|ss -H -tan sport = :22|ps (-eo pid,ppid,stat,etimes|-o pid,ppid,stat,etime),args|uname -a|dmesg|getenforce)$/,
    /^ip (-j )?(addr|-d link|(-6 )?rule|(-6 )?route show table all|neigh)$|^ip route get 203\.0\.113\.7$/,
    /^sshd (-V|-G|-T|-t)$|^sshd -T -C addr=203\.0\.113\.7,user=root,host=203\.0\.113\.7,laddr=\S+,lport=22$/,
    /^systemctl show --no-pager \S+ -p [A-Za-z,]+$|^(rc-service sshd status|rc-update show default)$/,
    /^(ip6?tables-(legacy-)?save -c|nft -j list ruleset|nft -a list ruleset|nft list chains|ipset save|semanage port -l)$/,
    /^(ufw status (verbose|numbered)|cloud-init status --long|df -i?P|tc filter show dev \S+ ingress)$/,
    /^firewall-cmd (--state|(--permanent )?--list-all-zones|--list-all-policies|--query-panic|--get-default-zone)$/,
    /^fail2ban-client (status( sshd)?|get sshd (banip --with-time|actions))$/,
    /^journalctl --no-pager -b -n 300 -o short-iso [A-Z_a-z=.+ -]+$|^ldd( \S+)+$/,
  ];

  test(
    'runs nothing that could change anything, and writes no file',
    async () => {
      const it = machine();
      const log = join(it.root, 'log');
      it.real('timeout');
      // Each tool is there, and answers so that everything that can follow its answer follows.
      const answers: Record<string, string> = {
        'fail2ban-client': "printf '%s\\n' '`- Jail list:\tsshd, -x, $(reboot), a/b'",
        nft: 'exit 1',
        sshd: 'exit 1',
      };
      const names =
        'ss ps uname dmesg getenforce ip sshd ssh systemctl rc-service rc-update iptables ip6tables iptables-save ip6tables-save iptables-legacy-save ip6tables-legacy-save nft ipset ufw firewall-cmd fail2ban-client journalctl ldd semanage cloud-init df tc sysctl modprobe kill rm touch mktemp service awk xargs python3 perl reboot';
      for (const name of names.split(' ')) it.tool(name, `echo "${name} $*" >> ${log}\n${answers[name] ?? ''}`);
      it.file('etc/ufw/ufw.conf', 'ENABLED=yes\n');
      it.file('etc/ssh/sshd_config', 'Include sshd_config.d/*.conf\n');
      it.file('etc/ssh/sshd_config.d/a.conf', 'Port 22\n');
      it.file('etc/ssh/ssh_host_rsa_key', 'secret key\n');
      it.file('log', '');
      const before = treeOf(join(it.root, 'etc'));
      const collected = await collect(['sh'], it.script, { ...it, args: ['--client', '203.0.113.7'] });
      const bundle = bundleOf(collected);
      expect(treeOf(join(it.root, 'etc'))).toEqual(before);
      expect(readdirSync(it.root).sort()).toEqual(['etc', 'log', 'tools']);
      const ran = readFileSync(log, 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.trim());
      expect(ran.filter((line) => !permitted.some((one) => one.test(line)))).toEqual([]);
      // The table holds what was to be shown: each of these branches was taken.
      for (const line of [
        'nft -a list ruleset',
        'ufw status numbered',
        'fail2ban-client get sshd actions',
        'firewall-cmd --query-panic',
      ])
        expect(ran).toContain(line);
      expect([...bundle.records.keys()].filter((key) => key.startsWith('fail2ban-jail'))).toEqual([
        'fail2ban-jail sshd',
      ]);
      expect(collected.out).not.toContain('secret key');
    },
    MINUTE,
  );

  test('writes to streams only', () => {
    const code = script
      .replace(/(^|\s)#.*/gm, '')
      .replace(/'[^']*'/g, "''")
      .replace(/"[^"]*"/g, '""');
    const targets = [...code.matchAll(/>+\s*(&?[^\s);]+)/g)].map(([, target]) => target);
    expect(new Set(targets)).toEqual(new Set(['&1', '&2', '&4', '&5', '&-', '/dev/null']));
    expect(code).not.toMatch(/<<|mktemp|\beval\b|iptables(-legacy)? -|ip6tables(-legacy)? -[LS]/);
  });

  test('fits into a serial console', () => {
    expect(Buffer.byteLength(script)).toBeLessThan(12_500);
    // Tabs would complete names, other characters need a terminal that knows them.
    expect(script).toMatch(/^[\n -~]*$/);
    for (const line of script.split('\n')) expect(line.length).toBeLessThan(1000);
  });

  test.each([0.1, 0.5, 0.9, 0.999])('runs nothing when %d of it arrived', async (part) => {
    const { out } = await collect(['sh'], script.slice(0, script.length * part));
    expect(out).toBe('');
  });

  test.each([
    [['--client']],
    [['--client', '203.0.113.7; reboot']],
    [['--client', '-h']],
    [['--client', 'web-1.example']],
    [['--client', '1.1.1.1\n']],
    [['--client', '$(reboot)']],
    [['--port', '']],
    [['--port', '0']],
    [['--port', '022']],
    [['--port', '65536']],
    [['--port', '999999']],
    [['--port', '22 ']],
    [['--port', '-1']],
    [['--help']],
    [['x', 'y']],
  ])('%j is refused', async (args) => {
    expect(await collect(['sh'], script, { args })).toMatchObject({
      status: 2,
      out: '',
      err: 'usage: sh collect.sh [--client ADDRESS] [--port N]\n',
    });
  });
});

/** Every file below a folder with what a change of it would change. */
function treeOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => {
      const { size, mode, mtimeMs, ctimeMs } = lstatSync(join(folder, name));
      return [name, `${size} ${mode} ${mtimeMs} ${ctimeMs}`];
    }),
  );
}

describe('port22 collect', () => {
  test('prints the script', async () => {
    expect(await port22(['collect'])).toEqual({ exitCode: 0, out: script, err: '' });
  });

  test.each([
    [['--client', '203.0.113.7'], "client='203.0.113.7'\nport='22'"],
    [['--client', '2001:db8::7', '--port', '2222'], "client='2001:db8::7'\nport='2222'"],
    [['--port', '65535'], "client=''\nport='65535'"],
  ])('%j is what the script asks about', async (args, lines) => {
    const { exitCode, out } = await port22(['collect', ...args]);
    expect(exitCode).toBe(0);
    expect(out).toBe(script.replace("client=''\nport='22'", lines));
  });

  test(
    'asks about them on a machine, unless that is told otherwise there',
    async () => {
      const it = machine();
      const { out } = await port22(['collect', '--client', '203.0.113.7', '--port', '2222']);
      const text = out.replaceAll('/etc/', `${it.root}/etc/`).replace(/^PATH=.*\n/m, '');
      const there = bundleOf(await collect(['sh'], text, it));
      expect(recordIn(there, 'client').stdout).toBe('203.0.113.7\n');
      expect(recordIn(there, 'port').stdout).toBe('2222\n');
      const told = bundleOf(await collect(['sh'], text, { ...it, args: ['--client', '2001:db8::1', '--port', '22'] }));
      expect(recordIn(told, 'client').stdout).toBe('2001:db8::1\n');
      expect(recordIn(told, 'port').stdout).toBe('22\n');
    },
    MINUTE,
  );

  test('--output writes a file', async () => {
    const file = join(folder.path, 'collect.sh');
    expect(await port22(['collect', '--output', file])).toEqual({ exitCode: 0, out: '', err: '' });
    expect(readFileSync(file, 'utf8')).toBe(script);
  });

  test.each([
    [['--client', "'; reboot; '"]],
    [['--client', '203.0.113.7\nreboot']],
    [['--client', '$(reboot)']],
    [['--client', '203.0.113.0/24']],
    [['--client', '203.0.113']],
    [['--client', 'fe80::1%eth0']],
    [['--client', '']],
    [['--client', 'internet']],
    [['--port', '22; reboot']],
    [['--port', '0']],
    [['--port', '٢٢']],
    [['web-1']],
  ])('%j is refused', async (args) => {
    const { exitCode, out, err } = await port22(['collect', ...args]);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err.startsWith('cannot  ')).toBe(true);
  });

  test('misuse is told in four parts', async () => {
    const { err } = await port22(['collect', '--client', 'web-1', '--port', 'ssh']);
    expect(problemsOf(err)).toMatchObject([
      { where: '--port' },
      { what: 'web-1 is not an IP address', where: '--client' },
    ]);
  });
});

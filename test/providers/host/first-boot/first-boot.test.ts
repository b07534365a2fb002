import { Buffer } from 'node:buffer';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { type FirstBoot, firstBoot } from '../../../../providers/host/first-boot/first-boot.js';
import type { ImageFamily } from '../../../../providers/host/first-boot/stock-image.js';
import { assess } from '../../../support/host/first-boot.js';

type Family = ImageFamily | 'unknown';

const script = (...lines: string[]) => ['#!/bin/bash', ...lines, ''].join('\n');

/** `22`, `2222@127.0.0.1`, `22/4`, or `?` where nobody knows. */
function shown({ listeners }: Pick<FirstBoot, 'listeners'>): string {
  if (!listeners.known) return '?';
  const all = listeners.value.map(({ address, port, families }) => {
    const at = address === 'any' ? '' : `@${address}`;
    return `${port}${at}${families.length === 2 || address !== 'any' ? '' : `/${families[0]}`}`;
  });
  return all.join(' ') || 'nothing';
}

type Row = readonly [lines: string, listeners: string, family?: Family];
const withFamily = (rows: readonly Row[]) =>
  rows.map(([lines, listeners, family = 'debian']) => ({ lines, listeners, family }));

const runs = (lines: string, family: Family = 'debian') => firstBoot(script(lines), { family });

describe('files of a firewall that are written past its commands', () => {
  const config = (path: string, text: string, ...run: readonly string[]) =>
    [
      '#cloud-config',
      'write_files:',
      `- path: ${path}`,
      `  content: "${text}"`,
      'runcmd:',
      ...run.map((one) => `- ${one}`),
      '',
    ].join('\n');
  const filters = (text: string, family: Family = 'debian') =>
    firstBoot(text, { family }).filters.map(
      ({ by, filter }) => `${by} ${filter.kind === 'rules' ? filter.rules[0]?.peers.known : '?'}`,
    );

  test.each<[string, string, readonly string[], Family]>([
    [
      'a running ufw',
      config('/etc/ufw/user.rules', '-A ufw-user-input -j DROP', 'ufw --force enable'),
      ['ufw false'],
      'debian',
    ],
    ['a ufw that is switched on so', config('/etc/ufw/ufw.conf', 'ENABLED=yes', 'true'), ['ufw false'], 'debian'],
    ['a ufw that is off', config('/etc/ufw/user.rules', '-A ufw-user-input -j DROP', 'true'), [], 'debian'],
    [
      'a running firewalld',
      config('/etc/firewalld/zones/public.xml', '<zone/>', 'systemctl start firewalld'),
      ['firewalld false'],
      'rhel',
    ],
    ['a firewalld that is not there', config('/etc/firewalld/zones/public.xml', '<zone/>', 'true'), [], 'debian'],
  ])('%s', (_, text, expected, family) => expect(filters(text, family)).toEqual(expected));
});

describe('what sshd binds in the end', () => {
  const port = 'sed -i "s/^#Port 22/Port 2222/" /etc/ssh/sshd_config';
  const rows: readonly [lines: string, listeners: string, family?: Family][] = [
    ['true', '22'],
    [`${port}; systemctl restart ssh`, '2222'],
    [`${port}\nsystemctl restart sshd`, '2222'],
    [`${port} && service ssh reload`, '2222'],
    [`${port}`, '22'],
    [`${port}; systemctl restart sshd`, '2222', 'rhel'],
    [`${port}; systemctl restart ssh`, '22', 'rhel'],
    [`${port}; systemctl restart sshd`, '2222', 'amazon'],
    [`${port}; rc-service sshd restart`, '2222', 'alpine'],
    [`${port}; pkill -HUP sshd`, '2222'],
    [`${port}; reboot`, '2222'],
    ["sed -i 's/^#*Port .*/Port 2222/' /etc/ssh/sshd_config; systemctl restart ssh", '2222'],
    ["sed -i -E 's/^#?Port\\s+22$/Port 2222/' /etc/ssh/sshd_config; systemctl restart ssh", '2222'],
    ["sed -i 's/^#\\?Port [0-9]\\+/Port 2222/g' /etc/ssh/sshd_config; systemctl restart ssh", '2222'],
    ["sed -i '/^#Port 22/a Port 2222' /etc/ssh/sshd_config; systemctl restart ssh", '2222'],
    ["sed -i 's|#Port 22|Port 22\\nPort 2222|' /etc/ssh/sshd_config; systemctl restart ssh", '22 2222'],
    ["sed -i 's/^Port 22/Port 2222/' /etc/ssh/sshd_config; systemctl restart ssh", '22'],
    ['echo "Port 2222" >> /etc/ssh/sshd_config; systemctl restart ssh', '2222'],
    ["printf 'Port %s\\n' 2222 2022 >> /etc/ssh/sshd_config; systemctl restart ssh", '2222 2022'],
    ['echo "Port 2222" | sudo tee -a /etc/ssh/sshd_config > /dev/null; sudo systemctl restart ssh', '2222'],
    ['cat > /etc/ssh/sshd_config.d/port.conf <<EOF\nPort 2222\nEOF\nsystemctl restart ssh', '2222'],
    ["cat <<-'EOF' | tee /etc/ssh/sshd_config.d/port.conf\n\tPort 2222\n\tEOF\nsystemctl restart ssh", '2222'],
    ['cat > /etc/ssh/sshd_config.d/port.conf <<EOF\nPort 2222\nEOF\nsystemctl restart sshd', '22', 'amazon'],
    ['P=2222\necho "Port $P" >> /etc/ssh/sshd_config\nsystemctl restart ssh', '2222'],
    ['for p in 22 2222; do echo "Port $p" >> /etc/ssh/sshd_config; done; systemctl restart ssh', '22 2222'],
    ['setup() { echo "Port $1" >> /etc/ssh/sshd_config; }\nsetup 2222\nsystemctl restart ssh', '2222'],
    ["bash -c 'echo Port 2222 >> /etc/ssh/sshd_config'; systemctl restart ssh", '2222'],
    ['bash <<EOF\necho Port 2222 >> /etc/ssh/sshd_config\nEOF\nsystemctl restart ssh', '2222'],
    ['echo "Port $(echo 2222)" >> /etc/ssh/sshd_config; systemctl restart ssh', '2222'],
    ['{ echo Port 22; echo Port 2222; } >> /etc/ssh/sshd_config; systemctl restart ssh', '22 2222'],
    [
      'cp /etc/ssh/sshd_config /tmp/x; echo Port 2222 >> /tmp/x; mv /tmp/x /etc/ssh/sshd_config; systemctl restart ssh',
      '2222',
    ],
    ['echo ListenAddress 127.0.0.1 >> /etc/ssh/sshd_config; systemctl restart ssh', '22@127.0.0.1'],
    ['echo ListenAddress 0.0.0.0 >> /etc/ssh/sshd_config; systemctl restart ssh', '22/4'],
    ['echo AddressFamily inet6 >> /etc/ssh/sshd_config; systemctl restart ssh', '22/6'],
    ['echo Port 99999 >> /etc/ssh/sshd_config; systemctl restart ssh', 'nothing'],
    ['echo Port 99999 >> /etc/ssh/sshd_config; systemctl reload ssh', '22'],
    ['systemctl stop ssh', 'nothing'],
    ['systemctl disable --now ssh', 'nothing'],
    ['systemctl disable ssh', '22'],
    ['systemctl mask ssh; reboot', 'nothing'],
    ['apt-get purge -y openssh-server', 'nothing'],
    ['apt-get update && apt-get install -y nginx || true', '22'],
    // What nobody can tell.
    ['echo "Port $PORT" >> /etc/ssh/sshd_config; systemctl restart ssh', '?'],
    ['echo "AllowUsers $NAME" >> /etc/ssh/sshd_config; systemctl restart ssh', '22'],
    [`if [ -f /tmp/x ]; then ${port}; fi; systemctl restart ssh`, '?'],
    [`[ -f /tmp/x ] && ${port}\nsystemctl restart ssh`, '?'],
    [`[ -f /tmp/x ] || exit 0\n${port}; systemctl restart ssh`, '?'],
    [`apt-get update || exit 1\n${port}; systemctl restart ssh`, '2222'],
    [`exit 0\n${port}; systemctl restart ssh`, '22'],
    ['curl -o /etc/ssh/sshd_config https://example.com/x; systemctl restart ssh', '?'],
    ['python3 -c \'open("/etc/ssh/sshd_config")\'; systemctl restart ssh', '?'],
    ["perl -pi -e 's/#Port 22/Port 2222/' /etc/ssh/sshd_config; systemctl restart ssh", '?'],
    ["sed -i '5,9d' /etc/ssh/sshd_config; systemctl restart ssh", '?'],
    ['pkill sshd', '?'],
    [`systemctl restart $UNIT`, '22'],
    [`${port}; systemctl restart $UNIT`, '?'],
    // Sockets of Ubuntu.
    [`${port}; systemctl restart ssh`, '?', 'ubuntu'],
    [`${port}; systemctl daemon-reload; systemctl restart ssh.socket`, '2222', 'ubuntu'],
    [`${port}; systemctl restart ssh.socket`, '?', 'ubuntu'],
    [`${port}; systemctl disable --now ssh.socket; systemctl enable --now ssh.service`, '2222', 'ubuntu'],
    [`${port}; reboot`, '2222', 'ubuntu'],
    [
      'mkdir -p /etc/systemd/system/ssh.socket.d\nprintf "[Socket]\\nListenStream=\\nListenStream=2222\\n" > /etc/systemd/system/ssh.socket.d/p.conf\nsystemctl daemon-reload; systemctl restart ssh.socket',
      '2222',
      'ubuntu',
    ],
    ['systemctl stop ssh.socket', 'nothing', 'ubuntu'],
  ];

  test.each(withFamily(rows))('$family: $lines -> $listeners', ({ lines, listeners, family }) => {
    expect(shown(runs(lines, family))).toBe(listeners);
  });

  test('an image of nobody knows whom is each of them', () => {
    const lines = `sed -i 's/^#Port 22/Port 2222/' /etc/ssh/sshd_config; systemctl restart sshd`;
    expect(shown(runs(lines, 'unknown'))).toBe('?');
    expect(runs(lines, 'unknown').either?.map(shown)).toEqual(['2222', '?', '22']);
    expect(shown(runs('true', 'unknown'))).toBe('22');
    expect(runs('dnf -y install nginx', 'unknown').families).toEqual(['rhel', 'amazon', 'amazon2023']);
  });
});

describe('cloud-config', () => {
  const config = (text: string, family: Family = 'debian') => firstBoot(`#cloud-config\n${text}`, { family });
  const dropIn = 'write_files:\n- path: /etc/ssh/sshd_config.d/port.conf\n  content: |\n    Port 2222\n';

  test.each(
    withFamily([
      [dropIn, '2222'],
      [dropIn, '22', 'amazon'],
      [dropIn, '?', 'ubuntu'],
      [`${dropIn}  defer: true\n`, '22'],
      [`${dropIn}  defer: true\nruncmd: [[systemctl, restart, ssh]]`, '2222'],
      ['write_files: [{path: /etc/ssh/sshd_config, append: true, content: "Port 2222\\n"}]', '2222'],
      [
        `write_files: [{path: /etc/ssh/sshd_config, encoding: b64, content: ${Buffer.from('Port 2222').toString('base64')}}]`,
        '2222',
      ],
      [
        `write_files: [{path: /etc/ssh/sshd_config, encoding: gz+b64, content: ${gzipSync('Port 2222').toString('base64')}}]`,
        '2222',
      ],
      [`write_files: [{path: /etc/ssh/sshd_config, source: {uri: 'https://example.com'}}]`, '?'],
      ['bootcmd: ["echo Port 2222 >> /etc/ssh/sshd_config"]', '2222'],
      ['bootcmd: [[sh, -c, "echo Port 2222 >> /etc/ssh/sshd_config"]]', '2222'],
      ['runcmd: ["P=2222", "echo Port $P >> /etc/ssh/sshd_config", "systemctl restart ssh"]', '2222'],
      ['runcmd: ["exit 0", "systemctl stop ssh"]', '22'],
      [`${dropIn}power_state: {mode: reboot}`, '2222', 'ubuntu'],
      [
        'write_files: [{path: /root/x.sh, content: "#!/bin/sh\\nsystemctl stop ssh\\n"}]\nruncmd: [sh /root/x.sh]',
        'nothing',
      ],
      [
        'write_files: [{path: /root/x.sh, content: "#!/bin/sh\\nsystemctl stop ssh\\n"}]\nruncmd: [[/root/x.sh]]',
        'nothing',
      ],
    ]),
  )('$family: $lines -> $listeners', ({ lines: text, listeners, family }) => {
    expect(shown(config(text, family))).toBe(listeners);
  });

  test('what is changed after sshd has started leaves a window on the old port', () => {
    const boot = config('runcmd: ["echo Port 2222 >> /etc/ssh/sshd_config", "systemctl restart ssh"]');
    expect(shown(boot)).toBe('2222');
    expect(shown({ listeners: boot.atStart })).toBe('22');
    expect(shown({ listeners: config(dropIn).atStart })).toBe('2222');
  });

  test('host keys that are deleted and not made anew leave sshd without one', () => {
    const boot = config('ssh_genkeytypes: []');
    expect(shown(boot)).toBe('nothing');
    expect(boot.stopped).toMatchObject({ code: 'host/no-host-keys', line: { at: 'ssh_genkeytypes' } });
    expect(shown(config('ssh_genkeytypes: []\nssh_deletekeys: false'))).toBe('?');
    expect(shown(config('ssh_genkeytypes: [ed25519]'))).toBe('22');
  });

  test('a later part takes the place of an earlier one, unless it asks for its lists to be joined', () => {
    const archive = (how: string) =>
      `#cloud-config-archive\n- "#cloud-config\\nruncmd: [systemctl stop ssh]"\n- "#cloud-config\\n${how}runcmd: [true]"`;
    expect(shown(firstBoot(archive(''), { family: 'debian' }))).toBe('22');
    expect(
      shown(firstBoot(archive('merge_how: list(append)+dict(recurse_array)+str()\\n'), { family: 'debian' })),
    ).toBe('nothing');
  });
});

describe('numbered cases', () => {
  test('host#84 a sed whose pattern does not fit the stock line changes nothing: sshd stays on 22', () => {
    for (const family of ['debian', 'rhel', 'amazon', 'alpine', 'ubuntu'] as const) {
      const boot = firstBoot(
        '#cloud-config\nruncmd:\n- sed -i "s/^Port 22/Port 2222/" /etc/ssh/sshd_config\n- systemctl restart ssh sshd\n',
        { family },
      );
      expect(shown(boot)).toBe('22');
      expect(boot.notes).toContainEqual(
        expect.objectContaining({ line: expect.objectContaining({ at: 'runcmd[0]' }) }),
      );
    }
  });

  test('host#85 "# cloud-config" is ignored, and no effects are predicted', () => {
    const boot = firstBoot('# cloud-config\nruncmd:\n- systemctl stop ssh\n- ufw --force enable\n', {
      family: 'debian',
    });
    expect(shown(boot)).toBe('22');
    expect(boot.filters).toEqual([]);
    expect(boot.touches).toBe(false);
    expect(boot.notes).toEqual([
      { why: expect.stringContaining('#cloud-config'), line: { at: 'user data', text: '' } },
    ]);
  });

  test('gzip, base64 and a message with a part for the shell: ufw drops 22 after the final stage', () => {
    const message = `Content-Type: multipart/mixed; boundary=x\nMIME-Version: 1.0\n\n--x\nContent-Type: text/x-shellscript\n\n#!/bin/sh\nufw --force enable\n--x--\n`;
    const boot = firstBoot(gzipSync(message).toString('base64'), { encoding: 'base64' });
    expect(shown(boot)).toBe('22');
    expect(assess(boot, '203.0.113.7', 22)).toEqual(['drop times-out']);
    expect(boot.filters).toMatchObject([
      { by: 'ufw', line: { at: 'user data part 1 line 2', text: 'ufw --force enable' } },
    ]);
  });

  test('ports of a drop-in and of the main file add up', () => {
    const boot = firstBoot(
      '#cloud-config\nwrite_files:\n- {path: /etc/ssh/sshd_config.d/a.conf, content: Port 2222}\n- {path: /etc/ssh/sshd_config, append: true, content: Port 22}\n',
      { family: 'debian' },
    );
    expect(shown(boot)).toBe('2222 22');
  });
});

describe('packet filters', () => {
  const office = '203.0.113.7';
  const stranger = '198.51.100.9';
  const rows: readonly [lines: string, office: string, stranger: string, family?: Family, port?: number][] = [
    ['ufw allow 22/tcp', 'allow', 'allow'],
    ['ufw --force enable', 'drop times-out', 'drop times-out'],
    ['ufw allow ssh; ufw --force enable', 'allow', 'allow'],
    ['ufw allow OpenSSH\nyes | ufw enable', 'allow', 'allow'],
    ['ufw enable; ufw disable', 'allow', 'allow'],
    [
      'ufw default deny incoming; ufw allow from 203.0.113.0/24 to any port 22 proto tcp; ufw --force enable',
      'allow',
      'drop times-out',
    ],
    ['ufw allow from 203.0.113.7; ufw enable', 'allow', 'drop times-out'],
    ['ufw allow 22; ufw deny from 203.0.113.7; ufw enable', 'allow', 'allow'],
    ['ufw allow 22; ufw insert 1 deny from 203.0.113.7; ufw enable', 'drop times-out', 'allow'],
    ['ufw allow 22; ufw deny 22; ufw enable', 'drop times-out', 'drop times-out'],
    ['ufw allow 22; ufw delete allow 22; ufw enable', 'drop times-out', 'drop times-out'],
    ['ufw reject 22/tcp; ufw enable', 'reject refused', 'reject refused'],
    ['ufw default reject; ufw enable', 'reject refused', 'reject refused'],
    ['ufw limit 22/tcp; ufw enable', 'allow|reject refused', 'allow|reject refused'],
    ['ufw allow 22/udp; ufw enable', 'drop times-out', 'drop times-out'],
    ['ufw allow "Nginx Full"; ufw enable', 'drop times-out', 'drop times-out'],
    ['ufw allow 80,443/tcp; ufw allow 2222; ufw enable', 'drop times-out', 'drop times-out'],
    ['for p in 22 80; do ufw allow $p; done; ufw enable', 'allow', 'allow'],
    ['ufw allow $PORT; ufw enable', 'allow|drop times-out', 'allow|drop times-out'],
    ['ufw allow from $OFFICE to any port 22; ufw enable', 'allow|drop times-out', 'allow|drop times-out'],
    ['if [ "$X" = y ]; then ufw allow 22; fi; ufw enable', 'allow|drop times-out', 'allow|drop times-out'],
    ['ufw allow 22; if [ "$X" = y ]; then ufw enable; fi', 'allow|drop', 'allow|drop'],
    ['ufw allow in on eth0 to any port 22; ufw enable', 'allow|drop times-out', 'allow|drop times-out'],
    ['ufw deny out 22; ufw allow 22; ufw enable', 'allow', 'allow'],
    ['iptables -P INPUT DROP', 'drop times-out', 'drop times-out'],
    [
      'iptables -A INPUT -p tcp --dport 22 -s 203.0.113.0/24 -j ACCEPT\niptables -A INPUT -p tcp --dport 22 -j DROP',
      'allow',
      'drop times-out',
    ],
    ['iptables -A INPUT -p tcp --dport 22 -j REJECT', 'reject refused', 'reject refused'],
    ['iptables -A INPUT -j REJECT --reject-with icmp-host-prohibited', 'reject no-route', 'reject no-route'],
    ['iptables -A INPUT -p tcp --dport 22 -j REJECT --reject-with tcp-reset', 'reject refused', 'reject refused'],
    [
      'iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT; iptables -A INPUT -i lo -j ACCEPT; iptables -P INPUT DROP',
      'drop times-out',
      'drop times-out',
    ],
    ['iptables -P INPUT DROP; iptables -I INPUT -p tcp -m multiport --dports 22,80 -j ACCEPT', 'allow', 'allow'],
    ['iptables -A INPUT -p tcp --dport 22 -j DROP; iptables -F', 'allow', 'allow'],
    ['iptables -A INPUT -p tcp --dport 22 -j DROP; iptables -D INPUT -p tcp --dport 22 -j DROP', 'allow', 'allow'],
    ['iptables -A INPUT -p tcp --dport 22 -j DROP; reboot', 'allow', 'allow'],
    ['iptables -A INPUT -p tcp --dport 22 -m recent --update -j DROP', 'allow|drop times-out', 'allow|drop times-out'],
    [
      'iptables -t nat -A PREROUTING -p tcp --dport 22 -j REDIRECT --to-ports 2222',
      'allow|drop times-out',
      'allow|drop times-out',
    ],
    ['iptables -t nat -A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 8080', 'allow', 'allow'],
    ['ip6tables -P INPUT DROP', 'allow', 'allow'],
    [
      'iptables-restore <<EOF\n*filter\n:INPUT DROP [0:0]\n-A INPUT -s 203.0.113.7/32 -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\nEOF',
      'allow',
      'drop times-out',
    ],
    ['iptables-restore < /root/rules', 'allow|drop', 'allow|drop'],
    [
      'nft -f - <<EOF\nflush ruleset\ntable inet filter {\n chain input {\n  type filter hook input priority 0; policy drop;\n  ct state established,related accept\n  iif lo accept\n  ip saddr 203.0.113.0/24 tcp dport { 22, 80 } accept\n }\n}\nEOF',
      'allow',
      'drop times-out',
    ],
    [
      "nft add table inet f; nft 'add chain inet f input { type filter hook input priority 0 ; policy drop ; }'",
      'drop times-out',
      'drop times-out',
    ],
    ['nft -f /etc/nftables.conf', 'allow|drop', 'allow|drop'],
    ['dnf install -y firewalld; systemctl enable --now firewalld', 'allow', 'allow', 'rhel'],
    ['systemctl enable --now firewalld', 'reject no-route', 'reject no-route', 'rhel', 2222],
    [
      'systemctl start firewalld; firewall-cmd --permanent --add-port=2222/tcp; firewall-cmd --reload',
      'allow',
      'allow',
      'rhel',
      2222,
    ],
    [
      'systemctl start firewalld; firewall-cmd --permanent --add-port=2222/tcp',
      'reject no-route',
      'reject no-route',
      'rhel',
      2222,
    ],
    ['systemctl start firewalld; firewall-cmd --remove-service=ssh', 'reject no-route', 'reject no-route', 'rhel'],
    ['systemctl start firewalld; firewall-cmd --set-default-zone=drop', 'drop times-out', 'drop times-out', 'rhel'],
    [
      `systemctl start firewalld; firewall-cmd --remove-service=ssh; firewall-cmd --add-rich-rule='rule family="ipv4" source address="203.0.113.0/24" service name="ssh" accept'`,
      'allow',
      'reject no-route',
      'rhel',
    ],
    ['true', 'allow', 'allow', 'rhel', 2222],
    ['firewall-cmd --add-port=80/tcp', 'allow|reject no-route', 'allow|reject no-route', 'rhel', 2222],
    ['true', 'allow', 'allow', 'rhel', 22],
    [
      'yum install -y iptables-services; systemctl enable --now iptables; iptables -t nat -A POSTROUTING -j MASQUERADE',
      'allow',
      'allow',
      'amazon',
    ],
    ['yum install -y iptables-services; service iptables start', 'reject no-route', 'reject no-route', 'amazon', 2222],
    ['apt-get install -y firewalld', 'reject no-route', 'reject no-route', 'debian', 2222],
  ];

  test.each(rows.map(([lines, ...rest]) => ({ lines, rest })))(
    '$lines',
    ({ lines, rest: [forOffice, forStranger, family = 'debian', port = 22] }) => {
      const boot = runs(lines, family);
      expect(assess(boot, office, port).join('|')).toBe(forOffice);
      expect(assess(boot, stranger, port).join('|')).toBe(forStranger);
    },
  );

  test('firewalld answers a client of IPv6 with other words', () => {
    expect(assess(runs('systemctl start firewalld', 'rhel'), '2001:db8::1', 2222)).toEqual([
      'reject permission-denied',
    ]);
  });

  test('ufw without IPv6 drops it', () => {
    const boot = runs("sed -i 's/IPV6=yes/IPV6=no/' /etc/default/ufw; ufw allow 22; ufw enable");
    expect([assess(boot, '2001:db8::1', 22), assess(boot, office, 22)]).toEqual([['drop times-out'], ['allow']]);
  });

  test('every rule names its line', () => {
    const { filters } = firstBoot('#cloud-config\nruncmd:\n- ufw deny 22\n- [ufw, --force, enable]\n', {
      family: 'debian',
    });
    expect(filters).toMatchObject([
      {
        by: 'ufw',
        line: { at: 'runcmd[1]', text: 'ufw --force enable' },
        filter: { rules: [{ text: 'runcmd[0]: ufw deny 22' }, {}] },
      },
    ]);
  });
});

describe('what may do anything', () => {
  test.each([
    'curl -fsSL https://example.com/x | sh',
    'bash <(curl -s https://example.com/x)',
    'eval "$(curl -s https://example.com/x)"',
    '/opt/install.sh --token secret',
    './configure',
    '. /opt/env',
    'ansible-pull -U https://example.com/x',
    'docker run --net host x',
  ])('%s is a doubt of its own, and names no secret', (line) => {
    const boot = runs(line);
    expect(shown(boot)).toBe('22');
    expect(boot.touches).toBe(false);
    expect(boot.mayChange).toHaveLength(1);
    expect(JSON.stringify(boot.mayChange)).not.toContain('secret');
  });

  test.each([
    '#include\nhttps://example.com/x',
    '{"ignition":{}}',
    '## template: jinja\n#cloud-config\nhostname: {{ x }}',
  ])('%s', (data) => {
    expect(firstBoot(data, { family: 'debian' }).mayChange).toHaveLength(1);
  });

  test('a template that names a firewall leaves it unknown', () => {
    const boot = firstBoot('## template: jinja\n#cloud-config\nruncmd: [ufw allow {{ x }}]', { family: 'debian' });
    expect(assess(boot, '203.0.113.7', 22)).toEqual(['allow', 'drop']);
  });

  test('a program for another interpreter that names sshd leaves its files unknown', () => {
    const boot = firstBoot('#!/usr/bin/env python3\nopen("/etc/ssh/sshd_config", "a").write("Port 2222")\n', {
      family: 'debian',
    });
    expect(shown(boot)).toBe('?');
  });
});

describe('hostile user data', () => {
  test.each([
    ['an endless loop', script('while true; do ufw allow 22; done')],
    ['a function of itself', script('f() { f; f; }', 'f')],
    [
      'loops in loops',
      script(
        ...Array.from({ length: 8 }, (_, at) => `for a${at} in ${'x '.repeat(60)}; do`),
        'ufw allow 22',
        ...Array.from({ length: 8 }, () => 'done'),
      ),
    ],
    ['brackets without end', script('('.repeat(1e5))],
    ['substitutions without end', script('$('.repeat(1e5))],
    ['quotes without end', script(`echo "${'$(echo "'.repeat(2e4)}`)],
    ['words without end', script('a '.repeat(1e5))],
    ['conditions in conditions', script(...Array.from({ length: 2000 }, () => 'if true; then'))],
    [
      'a script that runs itself',
      '#cloud-config\nwrite_files: [{path: /x.sh, content: "#!/bin/sh\\nsh /x.sh\\nsh /x.sh\\n"}]\nruncmd: [sh /x.sh]',
    ],
    [
      'text that doubles',
      script('a=xxxxxxxxxxxxxxxx', ...Array.from({ length: 60 }, () => 'a="$a$a"'), 'echo $a >> /etc/ssh/sshd_config'),
    ],
    [
      'an expression that backtracks',
      script(
        `echo '${'a'.repeat(5000)}' > /etc/ssh/sshd_config`,
        "sed -i -E 's/(a*)*b/x/;s/a*a*a*a*a*a*a*a*b/x/' /etc/ssh/sshd_config",
      ),
    ],
    ['noise', script('\u0000\u0001\u001b[31m;;&&||<<<>>>{}()[]')],
    ['aliases', '#cloud-config\na: &a [*a]'],
  ])('%s', (_, data) => {
    const start = performance.now();
    expect(firstBoot(data, { family: 'debian' }).families).toEqual(['debian']);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

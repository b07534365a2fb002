import type { Records } from './given-bundle.js';

const absent = { outcome: 'absent' } as const;

const addresses = [
  {
    ifname: 'lo',
    flags: ['LOOPBACK', 'UP', 'LOWER_UP'],
    addr_info: [{ local: '127.0.0.1', prefixlen: 8, scope: 'host' }],
  },
  {
    ifname: 'eth0',
    flags: ['BROADCAST', 'UP', 'LOWER_UP'],
    addr_info: [
      { family: 'inet', local: '192.0.2.10', prefixlen: 24, scope: 'global' },
      { family: 'inet6', local: '2001:db8::10', prefixlen: 64, scope: 'global' },
    ],
  },
];
const rules = [
  { priority: 0, src: 'all', table: 'local' },
  { priority: 32_766, src: 'all', table: 'main' },
];
const routes = (gateway: string, own: string) => [
  { dst: 'default', gateway, dev: 'eth0', flags: [] },
  { dst: own, dev: 'eth0', scope: 'link', flags: [] },
];

export const osRelease = {
  debian: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n',
  ubuntu22: 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="22.10"\n',
  ubuntu24: 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n',
  rocky: 'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\n',
  amazon: 'ID="amzn"\nID_LIKE="centos rhel fedora"\nVERSION_ID="2"\n',
  alpine: 'ID=alpine\nVERSION_ID=3.20.1\n',
  cos: 'ID=cos\nVERSION=113\n',
  arch: 'ID=arch\n',
} as const;

/** A machine of which all is known that decides over packets, and which lets everybody in, with what is different. */
export function webMachine(system: keyof typeof osRelease, different: Records = {}): Records {
  return {
    uid: '0\n',
    uname: 'Linux web-1 6.1.0-18-amd64 #1 SMP x86_64 GNU/Linux\n',
    'file /etc/os-release': osRelease[system],
    'file /proc/1/comm': system === 'alpine' ? 'init\n' : 'systemd\n',
    sockets:
      'LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=812,fd=3)) ino:1 sk:1 <->\nLISTEN 0 128 [::]:22 [::]:* users:(("sshd",pid=812,fd=4)) ino:2 sk:2 v6only:1 <->\n',
    addresses: JSON.stringify(addresses),
    rules: JSON.stringify(rules),
    rules6: JSON.stringify(rules),
    routes: JSON.stringify(routes('192.0.2.1', '192.0.2.0/24')),
    routes6: JSON.stringify(routes('2001:db8::1', '2001:db8::/64')),
    'iptables-save': '',
    'ip6tables-save': '',
    'file /proc/net/ip_tables_names': absent,
    'file /proc/net/ip6_tables_names': absent,
    'nft-json': absent,
    'file /etc/hosts.allow': absent,
    'file /etc/hosts.deny': absent,
    'end /etc/hosts.deny': '\n',
    libwrap: '\tlibwrap.so.0 => /lib/x86_64-linux-gnu/libwrap.so.0 (0x7f00)\n',
    ...different,
  };
}

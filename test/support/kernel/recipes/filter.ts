import type { CauseCode } from '../../../../src/model/cause-code.js';
import type { Symptom } from '../../../../src/model/symptom.js';
import { startSshd } from '../sshd.js';
import { addresses } from '../topology.js';
import { nft, type Recipe, V6 } from './recipe.js';

const FAST = [0, 900] as const;

/** A rule of iptables or ip6tables before a healthy sshd. */
function restore(id: string, code: CauseCode, symptom: Symptom, rule: string, more: Partial<Recipe> = {}): Recipe {
  const loader = more.host === V6 ? 'ip6tables-restore' : 'iptables-restore';
  const [table, line] = rule.startsWith('*')
    ? [rule.slice(1, rule.indexOf(' ')), rule.slice(rule.indexOf(' ') + 1)]
    : ['filter', rule];
  return {
    id,
    code,
    symptom,
    ...(symptom === 'times-out' ? {} : { takes: FAST }),
    ...more,
    async arrange(lab) {
      await startSshd(lab.server);
      await lab.load(loader, `*${table}\n${line}\nCOMMIT\n`);
    },
  };
}

const REJECT = '-A INPUT -p tcp --dport 22 -j REJECT --reject-with';

/** Packet filters of the host. */
export const filterRecipes: readonly Recipe[] = [
  restore('F1', 'host/firewall-drops', 'times-out', ':INPUT DROP'),
  restore('F2', 'host/firewall-rejects', 'refused', '-A INPUT -p tcp --dport 22 -j REJECT'),
  restore('F2 by IPv6', 'host/firewall-rejects', 'refused', '-A INPUT -p tcp --dport 22 -j REJECT', { host: V6 }),
  restore('F3', 'host/firewall-resets', 'refused', `${REJECT} tcp-reset`),
  restore('F4', 'host/firewall-prohibits', 'no-route', `${REJECT} icmp-host-prohibited`),
  restore('F4 host unreachable', 'host/firewall-prohibits', 'no-route', `${REJECT} icmp-host-unreachable`),
  restore('F4 admin prohibited', 'host/firewall-prohibits', 'no-route', `${REJECT} icmp-admin-prohibited`),
  restore('F4 by IPv6', 'host/firewall-prohibits', 'no-route', `${REJECT} icmp6-addr-unreachable`, { host: V6 }),
  restore('F5', 'host/firewall-prohibits-ipv6', 'permission-denied', `${REJECT} icmp6-adm-prohibited`, { host: V6 }),
  restore('F5 policy', 'host/firewall-prohibits-ipv6', 'permission-denied', `${REJECT} icmp6-policy-fail`, {
    host: V6,
  }),
  restore('F5 reject route', 'host/firewall-prohibits-ipv6', 'permission-denied', `${REJECT} icmp6-reject-route`, {
    host: V6,
  }),
  restore('F6', 'host/firewall-net-unreachable', 'net-unreachable', `${REJECT} icmp-net-unreachable`),
  restore('F6 prohibited', 'host/firewall-net-unreachable', 'net-unreachable', `${REJECT} icmp-net-prohibited`),
  restore('F6 by IPv6', 'host/firewall-net-unreachable', 'net-unreachable', `${REJECT} icmp6-no-route`, { host: V6 }),
  restore('F7', 'host/firewall-protocol-unreachable', 'no-protocol', `${REJECT} icmp-proto-unreachable`),
  restore('F10', 'host/firewall-drops-replies', 'times-out', '-A OUTPUT -p tcp --sport 22 -j DROP'),
  restore('F10 reject', 'host/firewall-drops-replies', 'times-out', '-A OUTPUT -p tcp --sport 22 -j REJECT'),
  restore('F11 raw', 'host/firewall-early', 'times-out', '*raw -A PREROUTING -p tcp --dport 22 -j DROP'),
  restore('F11 mangle', 'host/firewall-early', 'times-out', '*mangle -A PREROUTING -p tcp --dport 22 -j DROP'),
  restore(
    'F13',
    'host/port-redirected',
    'refused',
    '*nat -A PREROUTING -p tcp --dport 22 -j REDIRECT --to-ports 2222',
    {
      besides: ['host/other-port'],
    },
  ),
  {
    id: 'F11 at the interface',
    code: 'host/firewall-early',
    symptom: 'times-out',
    async arrange(lab) {
      await startSshd(lab.server);
      await lab.load(
        'nft',
        'table netdev lab {\nchain only {\ntype filter hook ingress device eth0 priority 0;\ntcp dport 22 drop\n}\n}\n',
      );
    },
  },
  {
    id: 'F12',
    code: 'host/firewall-rejects',
    symptom: 'refused',
    async arrange(lab) {
      await startSshd(lab.server);
      await lab.load('iptables-legacy-restore', '*filter\n-A INPUT -p tcp --dport 22 -j REJECT\nCOMMIT\n');
    },
  },
  {
    id: 'F9',
    code: 'host/rate-limit',
    symptom: 'refused',
    async arrange(lab) {
      await startSshd(lab.server);
      const rule = '-A INPUT -p tcp --dport 22 -m conntrack --ctstate NEW -m recent';
      await lab.load(
        'iptables-restore',
        `*filter\n${rule} --set --name D\n${rule} --update --seconds 30 --hitcount 6 --name D -j REJECT\nCOMMIT\n`,
      );
      for (let count = 1; count < 6; count++) await mustConnect(lab.attempt(addresses.server[4], 22));
    },
  },
  {
    id: 'F13 to an address that nobody has',
    code: 'host/redirect-target-dead',
    symptom: 'no-route',
    takes: [2400, 4500],
    patience: 8,
    async arrange(lab) {
      await lab.client.must('echo 6 >/proc/sys/net/ipv4/tcp_syn_retries');
      await lab.server.must('echo 1 >/proc/sys/net/ipv4/ip_forward');
      await lab.load(
        'nft',
        'table ip lab {\nchain only {\ntype nat hook prerouting priority dstnat;\ntcp dport 22 dnat to 10.10.1.98:22\n}\n}\n',
      );
    },
  },
  {
    id: 'F15',
    code: 'host/accept-queue-full',
    symptom: 'times-out',
    async arrange({ server, client }) {
      await server.must(`python3 -c '${QUEUE}' </dev/null >/dev/null 2>&1 & while [ -z "$(ss -Htln)" ]; do :; done`);
      await client.must(`python3 -c '${HOLD}' </dev/null >/dev/null 2>&1 & sleep 1`);
    },
  },
  {
    id: 'F16',
    code: 'host/reverse-path-filter',
    router: true,
    symptom: 'times-out',
    async arrange({ server }) {
      await startSshd(server);
      await server.must(
        [
          'ip link add x1 type veth peer name x2; ip addr add 10.55.0.1/24 dev x1; ip link set x1 up; ip link set x2 up',
          'ip route add 10.10.0.0/24 via 10.55.0.2 dev x1',
          'echo 1 >/proc/sys/net/ipv4/conf/all/rp_filter; echo 1 >/proc/sys/net/ipv4/conf/eth0/rp_filter',
        ].join('; '),
      );
    },
  },
  ...['unreachable', 'blackhole', 'prohibit'].map(
    (kind): Recipe => ({
      id: `F17 ${kind}`,
      code: 'host/no-return-route',
      symptom: 'times-out',
      async arrange({ server }) {
        await startSshd(server);
        await server.must(`ip route add ${kind} 10.10.1.1; ip route replace ${kind} 10.10.0.0/24`);
      },
    }),
  ),
  {
    id: 'neighbour discovery dropped (section 8.3)',
    code: 'host/neighbour-discovery-dropped',
    host: V6,
    router: true,
    symptom: 'no-route',
    takes: [2400, 4500],
    patience: 8,
    async arrange(lab) {
      await startSshd(lab.server);
      await lab.client.must('echo 6 >/proc/sys/net/ipv4/tcp_syn_retries');
      await lab.load('nft', nft('tcp dport 22 accept\nmeta nfproto ipv6 drop'));
      await lab.router?.must('ip -6 neigh flush all');
    },
  },
];

async function mustConnect(attempt: Promise<{ readonly what: string }>): Promise<void> {
  const { what } = await attempt;
  if (what !== 'GREETED') throw new Error(`not connected before the limit: ${what}`);
}

/** A listener that never accepts, and those who fill its queue. */
const QUEUE = 'import socket, time; s = socket.socket(); s.bind(("0.0.0.0", 22)); s.listen(2); time.sleep(600)';
const HOLD = `import socket, time
held = [socket.socket() for _ in range(8)]
for s in held: s.setblocking(False); s.connect_ex(("${addresses.server[4]}", 22))
time.sleep(600)`;

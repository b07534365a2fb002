import { startSshd } from '../sshd.js';
import { nft, type Recipe, V6 } from './recipe.js';

/** A router that rejects what it is to forward. */
const forwarded = (id: string, rule: string, symptom: Recipe['symptom'], host?: string): Recipe => ({
  id,
  code: 'path/router-rejects',
  router: true,
  symptom,
  ...(host === undefined ? {} : { host }),
  async arrange({ server, router }) {
    await startSshd(server);
    await router?.must('nft -f -', { input: nft(`tcp dport 22 ${rule}`, 'forward') });
  },
});

const routes: readonly (readonly [kind: string, v4: Recipe['symptom'], v6: Recipe['symptom']])[] = [
  ['blackhole', 'times-out', 'times-out'],
  ['unreachable', 'no-route', 'net-unreachable'],
  ['prohibit', 'no-route', 'permission-denied'],
];

function routeOf(kind: string, symptom: Recipe['symptom'], family: 4 | 6): Recipe {
  const [ip, prefix] = family === 4 ? ['ip', '10.10.1.2/32'] : ['ip -6', 'fd10:1::2/128'];
  return {
    id: `N4 ${kind}${family === 6 ? ' by IPv6' : ''}`,
    code: 'path/router-route',
    router: true,
    symptom,
    ...(family === 6 ? { host: V6 } : {}),
    async arrange({ server, router }) {
      await startSshd(server);
      await router?.must(`${ip} route add ${kind} ${prefix}`);
    },
  };
}

/** What stands between the client and the server. */
export const betweenRecipes: readonly Recipe[] = [
  forwarded('F8', 'reject', 'refused'),
  forwarded('F8 reset', 'reject with tcp reset', 'refused'),
  forwarded('F8 prohibited', 'reject with icmpx admin-prohibited', 'no-route'),
  forwarded('F8 prohibited by IPv6', 'reject with icmpx admin-prohibited', 'permission-denied', V6),
  ...routes.flatMap(([kind, v4, v6]) => [routeOf(kind, v4, 4), routeOf(kind, v6, 6)]),
  {
    id: 'N4 none',
    code: 'path/router-route',
    router: true,
    host: '192.0.2.1',
    symptom: 'net-unreachable',
    arrange: ({ server }) => startSshd(server),
  },
  {
    id: 'N1',
    code: 'path/no-such-host',
    router: true,
    host: '10.10.1.98',
    symptom: 'no-route',
    takes: [2400, 4500],
    patience: 8,
    async arrange({ client, server }) {
      await startSshd(server);
      await client.must('echo 6 >/proc/sys/net/ipv4/tcp_syn_retries');
    },
  },
  {
    id: 'N1 on the same network',
    code: 'path/no-such-host',
    host: '10.10.1.98',
    symptom: 'no-route',
    takes: [2400, 4500],
    patience: 8,
    async arrange({ client, server }) {
      await startSshd(server);
      await client.must('echo 6 >/proc/sys/net/ipv4/tcp_syn_retries');
    },
  },
  {
    id: 'P14 that says nothing',
    code: 'host/other-service',
    symptom: 'silent',
    async arrange({ listen }) {
      await listen(['[0.0.0.0]:22'], { greeting: '' });
    },
  },
  {
    id: 'P15',
    code: 'path/silent-proxy',
    router: true,
    symptom: 'silent',
    async arrange(lab) {
      await startSshd(lab.server);
      await lab.load('nft', nft('tcp dport 22 drop'));
      await synproxy(lab.router);
    },
  },
  {
    id: 'P16',
    code: 'path/proxy-without-listener',
    router: true,
    symptom: 'closed',
    or: 'reset',
    arrange: (lab) => synproxy(lab.router),
  },
  {
    id: 'P17',
    code: 'path/proxy-backend-dead',
    symptom: 'closed',
    async arrange({ server }) {
      await server.must(
        'socat TCP-LISTEN:22,fork,reuseaddr TCP:127.0.0.1:2222 </dev/null >/dev/null 2>&1 & until [ -n "$(ss -Htln)" ]; do :; done',
      );
    },
  },
  {
    id: 'P17 by haproxy',
    code: 'path/proxy-backend-dead',
    symptom: 'closed',
    takes: [0, 6000],
    patience: 8,
    async arrange({ server }) {
      const lines = [
        'defaults',
        ' mode tcp',
        ' timeout connect 5s',
        ' timeout client 30s',
        ' timeout server 30s',
        'listen ssh',
        ' bind :22',
        ' server one 127.0.0.1:2222',
        '',
      ];
      await server.must('cat >/tmp/haproxy.cfg; haproxy -D -f /tmp/haproxy.cfg </dev/null >/dev/null 2>&1', {
        input: lines.join('\n'),
      });
    },
  },
  {
    id: 'P18',
    code: 'path/mtu-to-client',
    router: true,
    symptom: 'kex-hang',
    probe: 'connects',
    async arrange({ server, router }) {
      await startSshd(server);
      await router?.must('ip route replace 10.10.0.0/24 dev eth0 mtu 1000 && nft -f -', {
        input: nft('icmp type destination-unreachable drop', 'output'),
      });
    },
  },
  {
    id: 'P19',
    code: 'path/mtu-to-server',
    router: true,
    symptom: 'kex-hang',
    probe: 'connects',
    words: /SSH2_MSG_KEXINIT received[\s\S]*expecting SSH2_MSG_KEX_ECDH_REPLY/,
    async arrange({ server, router }) {
      await startSshd(server);
      await router?.must('ip route replace 10.10.1.0/24 dev eth1 mtu 1000 && nft -f -', {
        input: nft('icmp type destination-unreachable drop', 'output'),
      });
    },
  },
  {
    id: 'P20 drop',
    code: 'path/payload-filter',
    router: true,
    symptom: 'silent',
    async arrange({ server, router }) {
      await startSshd(server);
      await router?.must('nft -f -', { input: nft('tcp sport 22 @ih,0,32 0x5353482d drop', 'forward') });
    },
  },
  {
    id: 'P21',
    code: 'path/only-first-packet',
    router: true,
    symptom: 'silent',
    async arrange({ server, router }) {
      await startSshd(server);
      await router?.must('nft -f -', { input: nft('tcp dport 22 tcp flags & (syn|ack) != syn drop', 'forward') });
    },
  },
];

async function synproxy(
  router: { must(script: string, options: { readonly input: string }): Promise<string> } | undefined,
): Promise<void> {
  await router?.must(
    'echo 0 >/proc/sys/net/netfilter/nf_conntrack_tcp_loose; echo 1 >/proc/sys/net/ipv4/tcp_syncookies; nft -f -',
    {
      input: [
        'table ip proxy {',
        'chain raw {\ntype filter hook prerouting priority raw;\ntcp dport 22 tcp flags syn notrack\n}',
        'chain forward {\ntype filter hook forward priority filter;\ntcp dport 22 ct state invalid,untracked synproxy mss 1460 wscale 7 timestamp sack-perm',
        'ct state invalid drop\n}\n}\n',
      ].join('\n'),
    },
  );
}

import { startSshd } from '../sshd.js';
import { nft, type Recipe, V4, V6 } from './recipe.js';

const kinds: readonly (readonly [kind: string, symptom: Recipe['symptom']])[] = [
  ['blackhole', 'invalid-argument'],
  ['unreachable', 'no-route'],
  ['prohibit', 'permission-denied'],
  ['throw', 'net-unreachable'],
];

/** The client's own machine. */
export const clientRecipes: readonly Recipe[] = [
  ...kinds.map(
    ([kind, symptom]): Recipe => ({
      id: `N3 ${kind}`,
      code: 'client/route-blocks',
      symptom,
      async arrange({ client, server }) {
        await startSshd(server);
        await client.must(`ip route add ${kind} ${V4}/32`);
      },
    }),
  ),
  {
    id: 'N2',
    code: 'client/no-route',
    router: true,
    symptom: 'net-unreachable',
    async arrange({ client, server }) {
      await startSshd(server);
      await client.must('ip route del default');
    },
  },
  {
    id: 'N7',
    code: 'client/no-ipv6',
    router: true,
    host: V6,
    symptom: 'net-unreachable',
    async arrange({ client, server }) {
      await startSshd(server);
      await client.must('echo 1 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6');
    },
  },
  {
    id: 'N5 output',
    code: 'client/firewall',
    symptom: 'times-out',
    async arrange({ client, server }) {
      await startSshd(server);
      await client.must('nft -f -', { input: nft('tcp dport 22 drop', 'output') });
    },
  },
  {
    id: 'N5 replies',
    code: 'client/firewall',
    symptom: 'times-out',
    async arrange({ client, server }) {
      await startSshd(server);
      await client.must('nft -f -', { input: nft('tcp sport 22 drop') });
    },
  },
  {
    id: 'N6',
    code: 'client/no-free-port',
    symptom: 'no-client-port',
    async arrange({ client, server, listen }) {
      await startSshd(server);
      await listen(['[0.0.0.0]:2200']);
      await client.must(
        "echo '2000 2001' >/proc/sys/net/ipv4/ip_local_port_range; " +
          'bash -c "exec 7<>/dev/tcp/10.10.1.2/22 8<>/dev/tcp/10.10.1.2/22; sleep 600" </dev/null >/dev/null 2>&1 & sleep 0.7',
      );
    },
  },
  {
    id: "an address that is nobody's",
    code: 'client/not-an-address',
    host: '240.0.0.1',
    symptom: 'net-unreachable',
    arrange: ({ server }) => startSshd(server),
  },
];

import type { Lab } from '../lab.js';
import { shareKey, startSshd } from '../sshd.js';
import { addresses } from '../topology.js';
import { type Recipe, V4 } from './recipe.js';

/** Of the addresses that the client has besides its own. */
const OTHERS = '10.10.64';

/** Connections of other addresses of the client, which stay until the lab ends. */
async function knock({ client }: Lab, count: number): Promise<void> {
  const program = `import socket, time
held = [socket.socket() for _ in range(${count})]
for at, one in enumerate(held):
    one.bind(("${OTHERS}.%d" % (at % 250 + 1), 0)); one.setblocking(False); one.connect_ex(("${V4}", 22))
time.sleep(600)`;
  await client.must(`python3 -c '${program}' </dev/null >/dev/null 2>&1 & sleep 1`);
}

/** A client whose agent waits for its owner, for so many seconds. */
function lateLogin(id: string, seconds: number, more: Partial<Recipe>): Recipe {
  return {
    id,
    code: 'host/login-grace',
    symptom: 'closed',
    probe: 'connects',
    patience: 4,
    ssh: ['-o', 'IdentityAgent=/tmp/agent'],
    ...more,
    async arrange({ client, server }) {
      await startSshd(server, { config: ['LoginGraceTime 2'] });
      await shareKey(client, server);
      await client.must(
        `socat UNIX-LISTEN:/tmp/agent,fork "EXEC:sleep ${seconds}" </dev/null >/dev/null 2>&1 & until [ -S /tmp/agent ]; do :; done`,
      );
    },
  };
}

/** Who waits, and for what. */
export const waitingRecipes: readonly Recipe[] = [
  lateLogin('P12', 4, {}),
  // It adds up to four seconds by chance.
  lateLogin('P12 of OpenSSH 10', 8, { suite: 'trixie', log: /Timeout before authentication for connection from/ }),
  {
    id: 'P5 with a full queue (section 8.12)',
    code: 'host/sshd-hung',
    first: {
      code: 'host/accept-queue-full',
      because: 'that is what drops the packet, of a daemon that accepts nobody',
    },
    symptom: 'times-out',
    async arrange(lab) {
      await startSshd(lab.server);
      await lab.server.must('kill -STOP $(cat /run/sshd.main)');
      await knock(lab, 140);
    },
  },
  {
    id: 'unfinished handshakes fill their queue (section 8.13)',
    code: 'host/syn-queue-full',
    symptom: 'times-out',
    async arrange(lab) {
      await lab.server.must('cd /proc/sys/net/ipv4; echo 0 >tcp_syncookies; echo 32 >tcp_max_syn_backlog');
      await startSshd(lab.server);
      await lab.client.must('nft -f -', {
        input: `table ip lost {\nchain only {\ntype filter hook prerouting priority raw;\nip daddr ${OTHERS}.0/24 tcp sport 22 drop\n}\n}\n`,
      });
      await knock(lab, 200);
    },
  },
  {
    id: 'a name server that is dead, and names in hosts.deny',
    code: 'host/slow-resolver',
    symptom: 'silent',
    async arrange({ server }) {
      await startSshd(server);
      await server.must(
        `echo 'sshd: .bad.example' >/etc/hosts.deny; echo nameserver ${addresses.nobody[4]} >/etc/resolv.conf`,
      );
    },
  },
];

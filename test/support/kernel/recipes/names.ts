import { shareKey, startSshd, stopSshd } from '../sshd.js';
import { type Recipe, V4 } from './recipe.js';

/** By which name, and by which hop, a machine is dialled. */
export const nameRecipes: readonly Recipe[] = [
  {
    id: 'a name that nobody knows',
    code: 'client/name',
    host: 'web.invalid',
    knocks: V4,
    symptom: 'dns-failed',
    probe: 'connects',
    arrange: ({ server }) => startSshd(server),
  },
  {
    id: 'a name that leads to another machine',
    code: 'path/other-machine',
    router: true,
    host: 'web.example',
    knocks: '10.10.0.254',
    symptom: 'refused',
    async arrange({ client, server }) {
      await startSshd(server);
      await client.must('echo 10.10.0.254 web.example >>/etc/hosts');
    },
  },
  {
    id: 'a server that was made anew',
    code: 'path/other-machine',
    symptom: 'auth-failed',
    probe: 'connects',
    ssh: ['-o', 'StrictHostKeyChecking=yes', '-o', 'UserKnownHostsFile=/root/known'],
    async arrange({ client, server }) {
      await startSshd(server);
      await client.must(
        "ssh-keygen -q -t ed25519 -N '' -f /root/old && echo \"10.10.1.2 $(cut -d' ' -f1,2 /root/old.pub)\" >/root/known",
      );
    },
  },
  {
    id: 'through a jump host, to a port that nobody listens on',
    code: 'host/no-listener',
    router: true,
    symptom: 'refused',
    words: /channel 0: open failed: connect failed: Connection refused[\s\S]*stdio forwarding failed/,
    ssh: ['-o', 'ProxyCommand=ssh -F none -v -o BatchMode=yes -o StrictHostKeyChecking=no -W %h:%p root@10.10.0.254'],
    async arrange({ client, server, router }) {
      if (router === undefined) throw new Error('no router');
      await startSshd(server);
      await stopSshd(server);
      await startSshd(router);
      await shareKey(client, router);
    },
  },
];

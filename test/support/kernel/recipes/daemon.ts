import type { Lab } from '../lab.js';
import { startSshd } from '../sshd.js';
import type { Recipe } from './recipe.js';

/** Connections of the client that say nothing and stay, until the lab ends. */
async function hold({ client, server }: Lab, count: number): Promise<void> {
  const holder = `for n in $(seq ${count}); do exec {held}<>/dev/tcp/10.10.1.2/22; done; sleep 600`;
  await client.must(`bash -c '${holder}' </dev/null >/dev/null 2>&1 &`);
  await server.must(
    `until [ "$(ss -Htn state established sport = :22 | wc -l)" -ge ${count} ]; do sleep 0.02; done; sleep 0.2`,
  );
}

/**
 * How many more files the daemon may open decides where it stops: at the connection, at the pipe to its child, or at the child. Its log
 * says nothing of that: the way there would be one more.
 */
const outOfFiles = (
  [
    [0, 'silent'],
    [1, 'closed'],
    [3, 'closed'],
  ] as const
).map(
  ([more, symptom]): Recipe => ({
    id: `P9 with ${more} more`,
    code: 'host/out-of-files',
    symptom,
    async arrange({ server }) {
      await startSshd(server);
      await server.must(
        'main=$(cat /run/sshd.main); open=$(ls /proc/$main/fd | wc -l); ' +
          `prlimit --nofile=$((open + ${more})) --pid $main`,
      );
    },
  }),
);

/** The daemon takes the connection, and no more. */
export const daemonRecipes: readonly Recipe[] = [
  {
    id: 'P1',
    code: 'host/max-startups',
    symptom: 'banner-text',
    words: /banner line 0: Exceeded MaxStartups/,
    log: /past MaxStartups/,
    async arrange(lab) {
      await startSshd(lab.server, { config: ['MaxStartups 3'] });
      await hold(lab, 3);
    },
  },
  {
    id: 'P1 of OpenSSH 10',
    code: 'host/max-startups',
    suite: 'trixie',
    symptom: 'banner-text',
    words: /banner line 0: Not allowed at this time/,
    log: /drop connection #3 .* Maxstartups/,
    async arrange(lab) {
      await startSshd(lab.server, { config: ['MaxStartups 3'] });
      await hold(lab, 3);
    },
  },
  {
    id: 'P2',
    code: 'host/per-source-max-startups',
    symptom: 'banner-text',
    log: /drop connection #2 .* past MaxStartups/,
    async arrange(lab) {
      await startSshd(lab.server, { config: ['PerSourceMaxStartups 2'] });
      await hold(lab, 2);
    },
  },
  {
    id: 'P3',
    code: 'host/per-source-penalty',
    suite: 'trixie',
    symptom: 'banner-text',
    words: /banner line 0: Not allowed at this time/,
    log: /penalty: failed authentication/,
    async arrange({ server, client }) {
      await startSshd(server);
      await client.must("ssh-keygen -q -t ed25519 -N '' -f /root/wrong");
      const login = 'ssh -o BatchMode=yes -o StrictHostKeyChecking=no -i /root/wrong root@10.10.1.2';
      await client.run(`for n in 1 2 3 4 5 6; do ${login}; done`);
    },
  },
  {
    id: 'P5',
    code: 'host/sshd-hung',
    symptom: 'silent',
    async arrange({ server }) {
      await startSshd(server);
      await server.must('kill -STOP $(cat /run/sshd.main)');
    },
  },
  {
    id: 'P6',
    code: 'host/host-keys-deleted',
    symptom: 'closed',
    log: /Unable to load host key[\s\S]*no hostkeys available -- exiting\./,
    async arrange({ server }) {
      await startSshd(server);
      await server.must('rm /etc/ssh/ssh_host_*');
    },
  },
  {
    id: 'P6 of OpenSSH 10 is harmless (section 8.5)',
    code: 'host/host-keys-deleted',
    suite: 'trixie',
    symptom: 'connects',
    async arrange({ server }) {
      await startSshd(server);
      await server.must('rm /etc/ssh/ssh_host_*');
    },
  },
  {
    id: 'P7',
    code: 'host/privsep-directory-deleted',
    symptom: 'closed',
    log: /Missing privilege separation directory: \/run\/sshd/,
    async arrange({ server }) {
      await startSshd(server);
      await server.must('rmdir /run/sshd');
    },
  },
  {
    id: 'P7 of OpenSSH 10 (section 8.5)',
    code: 'host/privsep-directory-deleted',
    suite: 'trixie',
    symptom: 'reset',
    probe: 'connects',
    words: /SSH2_MSG_KEXINIT sent[\s\S]*Connection (reset|closed) by/,
    log: /chroot\("\/run\/sshd"\): No such file or directory \[preauth\]/,
    async arrange({ server }) {
      await startSshd(server);
      await server.must('rmdir /run/sshd');
    },
  },
  {
    id: 'P8',
    code: 'host/sshd-upgraded',
    suite: 'trixie',
    symptom: 'closed',
    log: /rexec of \S+sshd-session failed: No such file or directory/,
    async arrange({ server }) {
      await startSshd(server);
      await server.must('rm /usr/lib/openssh/sshd-session');
    },
  },
  ...outOfFiles,
  {
    id: 'B3',
    code: 'host/tcp-wrappers',
    symptom: 'closed',
    takes: [4800, 9000],
    patience: 12,
    async arrange({ server }) {
      await startSshd(server);
      await server.must('echo "sshd: 10.10.1.1 10.10.0.1" >/etc/hosts.deny');
    },
  },
  {
    id: 'B3 with little patience (section 8.2)',
    code: 'host/tcp-wrappers',
    symptom: 'silent',
    async arrange({ server }) {
      await startSshd(server);
      await server.must('echo "sshd: 10.10.1.1 10.10.0.1" >/etc/hosts.deny');
    },
  },
  {
    id: 'B3 of a prefix with host bits set is no deny',
    code: 'host/tcp-wrappers',
    symptom: 'connects',
    async arrange({ server }) {
      await startSshd(server);
      await server.must('echo "sshd: 10.10.1.1/24 10.10.0.1/24" >/etc/hosts.deny');
    },
  },
  {
    id: 'B4',
    code: 'host/tcp-wrappers-text',
    symptom: 'not-ssh',
    words: /banner line 0: go away/,
    async arrange({ server }) {
      await startSshd(server);
      await server.must('echo "sshd: ALL: twist /bin/echo go away" >/etc/hosts.deny');
    },
  },
  {
    id: 'P13',
    code: 'host/http-on-port',
    symptom: 'not-ssh',
    words: /banner line \d+: .*400 Bad Request/,
    // It waits for a question.
    probe: 'silent',
    async arrange({ server }) {
      await server.must('mkdir -p /srv/www && busybox httpd -p 22 -h /srv/www');
    },
  },
  {
    id: 'P14',
    code: 'host/other-service',
    symptom: 'silent',
    words: /banner line 0: 220 mail ESMTP/,
    probe: 'not-ssh',
    async arrange({ listen }) {
      await listen(['[0.0.0.0]:22'], { greeting: '220 mail ESMTP\r\n' });
    },
  },
  {
    id: 'P14 of bytes that are no text',
    code: 'host/other-service',
    symptom: 'silent',
    words: /banner line 0: \\026\\003\\001\\002/,
    probe: 'not-ssh',
    async arrange({ listen }) {
      await listen(['[0.0.0.0]:22'], { greeting: '\u0016\u0003\u0001\u0002\n' });
    },
  },
  {
    id: 'P22',
    code: 'host/accept-then-reset',
    symptom: 'reset',
    or: 'closed',
    async arrange({ listen }) {
      await listen(['[0.0.0.0]:22'], { greeting: '', after: 'reset' });
    },
  },
];

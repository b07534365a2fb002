import { shareKey, startSshd } from '../sshd.js';
import type { Recipe } from './recipe.js';

/** A login with a key that fits, but for what `arrange` does to it. */
function login(
  id: string,
  code: Recipe['code'],
  more: Partial<Recipe> & { readonly config?: readonly string[]; readonly does?: string },
): Recipe {
  const { config, does = ':', ...rest } = more;
  return {
    id,
    code,
    symptom: 'auth-failed',
    probe: 'connects',
    ...rest,
    async arrange({ client, server }) {
      await startSshd(server, config ? { config } : {});
      await shareKey(client, server);
      await server.must(does);
    },
  };
}

const USER =
  'useradd -m u && install -d -m 0700 -o u /home/u/.ssh && install -m 0600 -o u /root/.ssh/authorized_keys /home/u/.ssh/';
const asUser = { ssh: ['-l', 'u'] } as const;

/** Who is not let in although everything connects. */
export const loginRecipes: readonly Recipe[] = [
  login('a key that fits', 'login/key-refused', { symptom: 'connects', words: /^Authenticated to/m }),
  login('A1', 'login/user-not-allowed', {
    config: ['DenyUsers root'],
    log: /User root from \S+ not allowed because listed in DenyUsers/,
  }),
  login('A2', 'login/nologin', {
    ...asUser,
    symptom: 'closed',
    words: /gone fishing[\s\S]*Connection closed by/,
    does: `${USER}; echo gone fishing >/etc/nologin`,
    log: /Access denied for user u by PAM account configuration \[preauth\]/,
  }),
  login('A3', 'login/account-expired', {
    ...asUser,
    symptom: 'closed',
    words: /Your account has expired[\s\S]*Connection closed by/,
    does: `${USER}; chage -E 1 u`,
  }),
  login('A4', 'login/shell', {
    ...asUser,
    does: `${USER}; usermod -s /bin/none u`,
    log: /User u not allowed because shell \/bin\/none does not exist/,
  }),
  login('A5', 'login/password-change', {
    ...asUser,
    words: /Password change required but no TTY available\./,
    does: `${USER}; chage -d 0 u`,
  }),
  login('A6', 'login/key-refused', {
    ...asUser,
    does: `${USER}; chmod 0777 /home/u`,
    log: /Authentication refused: bad ownership or modes for directory \/home\/u/,
  }),
  login('A7', 'login/too-many-keys', {
    config: ['MaxAuthTries 1'],
    does: ': >/root/.ssh/authorized_keys',
    ssh: ['-o', 'PreferredAuthentications=publickey,password'],
    words: /Too many authentication failures/,
  }),
  login('A8', 'login/no-common-algorithm', {
    symptom: 'negotiation-failed',
    ssh: ['-o', 'HostKeyAlgorithms=rsa-sha2-512'],
    words: /no matching host key type found\. Their offer: ssh-ed25519/,
  }),
  login('P4', 'host/refuse-connection', {
    suite: 'trixie',
    config: ['RefuseConnection yes'],
    symptom: 'closed',
    words: /SSH2_MSG_SERVICE_ACCEPT received[\s\S]*Connection closed by/,
    log: /administratively prohibited connection for root from/,
  }),
];

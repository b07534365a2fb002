import { noteOf, type Recipe } from './remedy.js';
import { isPlainPath, userName, wordOr } from './words.js';

const forUser =
  (command: (user: string) => string, note?: string): Recipe =>
  ({ data }) => ({ commands: [command(wordOr('USER', data.user, userName))], ...noteOf(note) });

/** sshd takes no key out of a file that others may write (sshd_config(5), StrictModes). */
const keyRefused: Recipe = ({ data, system }) => {
  const isModes = data.reason?.includes('bad ownership or modes') === true;
  const label = system.family === 'rhel' ? [`restorecon -R ${isPlainPath(data.file) ? data.file : '~USER/.ssh'}`] : [];
  if (isModes) return { commands: [`chmod go-w ${isPlainPath(data.file) ? data.file : '~USER ~USER/.ssh'}`, ...label] };
  return {
    commands: [],
    ...noteOf('put the public key into ~/.ssh/authorized_keys of the user, or give ssh the right one with -i'),
  };
};

/** What helps an account that the network does not keep out. */
export const loginRecipes = {
  'login/user-not-allowed': () => ({
    commands: ["sshd -T | grep -E '^(allow|deny)(users|groups) '"],
    ...noteOf('change the line that names the user or leaves it out, then reload sshd'),
  }),
  'login/nologin': () => ({
    commands: ['rm -f /etc/nologin /run/nologin'],
    ...noteOf('not while the machine starts or stops: then it goes away by itself'),
  }),
  'login/account-expired': forUser((user) => `chage -E -1 ${user}`),
  'login/shell': forUser((user) => `usermod -s /bin/sh ${user}`),
  'login/password-change': forUser((user) => `passwd ${user}`),
  'login/key-refused': keyRefused,
  'login/too-many-keys': ({ port }) => ({
    commands: [`ssh -o IdentitiesOnly=yes -i KEY -p ${port} HOST`],
    ...noteOf('on the client: KEY is the file of the right key'),
  }),
  'login/no-common-algorithm': () => ({
    commands: [],
    ...noteOf('update the older side; to allow an old algorithm again weakens both'),
  }),
} satisfies Readonly<Record<string, Recipe>>;

import { at, none, type Row, to } from './row.js';

export const opensshLoginRows: readonly Row[] = [
  {
    name: 'no common key exchange',
    paste:
      'Unable to negotiate with 10.77.2.27 port 22: no matching key exchange method found. Their offer: diffie-hellman-group14-sha1',
    saw: [{ symptoms: ['negotiation-failed'], stage: 'key-exchange', tool: 'openssh', ...at('10.77.2.27') }],
  },
  {
    name: 'the key exchange timed out',
    paste: 'ssh_dispatch_run_fatal: Connection to 10.22.2.2 port 22: Connection timed out',
    saw: [{ symptoms: ['kex-hang'], stage: 'key-exchange', tool: 'openssh', ...at('10.22.2.2') }],
  },
  {
    name: 'the key exchange broke',
    paste: 'ssh_dispatch_run_fatal: Connection to 10.22.2.2 port 22: error in libcrypto',
    saw: [{ symptoms: ['negotiation-failed'], stage: 'key-exchange', tool: 'openssh', ...at('10.22.2.2') }],
  },
  {
    name: 'another key than before',
    paste: `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
Host key for 10.77.2.12 has changed and you have requested strict checking.
Host key verification failed.`,
    saw: [
      {
        symptoms: ['auth-failed'],
        stage: 'key-exchange',
        tool: 'openssh',
        ...to('10.77.2.12', none),
        line: '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @',
      },
    ],
  },
  {
    name: 'a key that is not known',
    paste: `No ED25519 host key is known for 10.77.2.12 and you have requested strict checking.
Host key verification failed.`,
    saw: [
      {
        symptoms: ['auth-failed'],
        stage: 'key-exchange',
        tool: 'openssh',
        ...to('10.77.2.12', none),
        line: 'No ED25519 host key is known for 10.77.2.12 and you have requested strict checking.',
      },
    ],
  },
  {
    name: 'host key verification failed alone',
    paste: 'Host key verification failed.',
    saw: [{ symptoms: ['auth-failed'], stage: 'key-exchange', tool: 'openssh' }],
  },
  {
    name: "the user's key",
    paste: 'root@10.77.2.12: Permission denied (publickey).',
    saw: [{ symptoms: ['auth-failed'], stage: 'login', tool: 'openssh', ...to('10.77.2.12', none) }],
  },
  {
    name: "the user's password",
    paste: `ann@10.22.2.2's password:
Permission denied, please try again.
ann@10.22.2.2: Permission denied (publickey,password).`,
    saw: [
      {
        symptoms: ['auth-failed'],
        stage: 'login',
        tool: 'openssh',
        ...to('10.22.2.2', none),
        line: 'Permission denied, please try again.',
      },
    ],
  },
  {
    name: 'too many keys',
    paste: `Received disconnect from 10.22.2.2 port 22:2: Too many authentication failures
Disconnected from 10.22.2.2 port 22`,
    saw: [
      {
        symptoms: ['auth-failed'],
        stage: 'login',
        tool: 'openssh',
        ...at('10.22.2.2'),
        line: 'Received disconnect from 10.22.2.2 port 22:2: Too many authentication failures',
      },
    ],
  },
  {
    name: 'an account that expired',
    paste: `Your account has expired; please contact your system administrator.
Connection closed by 10.22.2.2 port 22`,
    saw: [
      {
        symptoms: ['auth-failed'],
        stage: 'login',
        tool: 'openssh',
        ...at('10.22.2.2'),
        line: 'Your account has expired; please contact your system administrator.',
      },
    ],
  },
  {
    name: 'nologin',
    paste: `"System is booting up. Unprivileged users are not permitted to log in yet. Please come back later."
Connection closed by 10.22.2.2 port 22`,
    saw: [
      {
        symptoms: ['auth-failed'],
        stage: 'login',
        tool: 'openssh',
        ...at('10.22.2.2'),
        line: '"System is booting up. Unprivileged users are not permitted to log in yet. Please come back later."',
      },
    ],
  },
  {
    name: 'a shell that says no',
    paste: `This account is currently not available.
Connection to 10.22.2.2 closed.`,
    saw: [
      { symptoms: ['auth-failed'], stage: 'login', tool: 'openssh', line: 'This account is currently not available.' },
    ],
  },
  {
    name: 'a password that must be changed',
    paste: 'Password change required but no TTY available.',
    saw: [{ symptoms: ['auth-failed'], stage: 'login', tool: 'openssh' }],
  },
  {
    name: 'a session that ended',
    paste: 'client_loop: send disconnect: Broken pipe',
    saw: [{ symptoms: ['connects'], stage: 'login', tool: 'openssh' }],
  },
  {
    name: 'no common algorithm, shortened',
    paste: 'no matching host key type found. Their offer: ssh-rsa',
    saw: [{ symptoms: ['negotiation-failed'], stage: 'key-exchange', tool: 'openssh' }],
  },
  {
    name: 'another key at another port',
    paste: 'Host key for [10.22.2.2]:2222 has changed and you have requested strict checking.',
    saw: [{ symptoms: ['auth-failed'], stage: 'key-exchange', tool: 'openssh', ...to('10.22.2.2', 2222) }],
  },
];

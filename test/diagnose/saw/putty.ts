import { closedOrHidden, none, type Row, to } from './row.js';

export const puttyRows: readonly Row[] = [
  {
    name: 'plink, refused',
    paste: 'FATAL ERROR: Connection refused',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'putty' }],
  },
  {
    name: 'PuTTY, refused',
    paste: 'FATAL ERROR: Network error: Connection refused',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'putty' }],
  },
  {
    name: 'PuTTY, timed out',
    paste: 'Network error: Connection timed out',
    saw: [{ symptoms: ['times-out'], stage: 'connecting', tool: 'putty' }],
  },
  {
    name: 'PuTTY, aborted',
    paste: 'Network error: Software caused connection abort',
    saw: [{ symptoms: ['reset', 'closed', 'silent', 'banner-text', 'not-ssh'], stage: 'connected', tool: 'putty' }],
  },
  {
    name: 'PuTTY, reset',
    paste: 'Network error: Connection reset by peer',
    saw: [{ symptoms: closedOrHidden, stage: 'connected', tool: 'putty' }],
  },
  {
    name: 'PuTTY, closed',
    paste: 'Remote side unexpectedly closed network connection',
    saw: [{ symptoms: ['closed', 'auth-failed', 'banner-text', 'not-ssh'], stage: 'connected', tool: 'putty' }],
  },
  {
    name: 'WinSCP, closed',
    paste: 'Server unexpectedly closed network connection.',
    saw: [{ symptoms: ['closed', 'auth-failed', 'banner-text', 'not-ssh'], stage: 'connected', tool: 'putty' }],
  },
  {
    name: 'WinSCP, timed out',
    paste: 'Network error: Connection to "box.example.com" timed out.',
    saw: [{ symptoms: ['times-out'], stage: 'connecting', tool: 'putty', host: 'box.example.com' }],
  },
  {
    name: 'WinSCP, refused',
    paste: 'Network error: Connection to "10.22.2.2" refused.',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'putty', ...to('10.22.2.2', none) }],
  },
  {
    name: 'WinSCP, no route',
    paste: 'Network error: No route to host "10.22.2.2".',
    saw: [{ symptoms: ['no-route'], stage: 'connecting', tool: 'putty', ...to('10.22.2.2', none) }],
  },
  {
    name: 'WinSCP, the name',
    paste: 'Host "nosuch.example" does not exist.',
    saw: [{ symptoms: ['dns-failed'], stage: 'resolving', tool: 'putty', host: 'nosuch.example' }],
  },
  {
    name: 'PuTTY, the name in three lines',
    paste: `Unable to open connection to
nosuch.example
Host does not exist`,
    saw: [{ symptoms: ['dns-failed'], stage: 'resolving', tool: 'putty', line: 'Host does not exist' }],
  },
  {
    name: 'plink, EACCES in two lines',
    paste: `Unable to open connection:
Permission denied`,
    saw: [
      {
        symptoms: ['permission-denied'],
        stage: 'connecting',
        tool: 'putty',
        line: 'Unable to open connection: Permission denied',
      },
    ],
  },
  {
    name: 'PuTTY, no common key exchange',
    paste: `Couldn't agree a key exchange algorithm (available: curve25519-sha256)`,
    saw: [{ symptoms: ['negotiation-failed'], stage: 'key-exchange', tool: 'putty' }],
  },
  {
    name: 'PuTTY, SSH 1',
    paste:
      'FATAL ERROR: SSH protocol version 2 required by our configuration but remote only provides (old, insecure) SSH-1',
    saw: [{ symptoms: ['not-ssh'], stage: 'greeted', tool: 'putty' }],
  },
  {
    name: 'plink, the user',
    paste: 'FATAL ERROR: No supported authentication methods available (server sent: publickey)',
    saw: [{ symptoms: ['auth-failed'], stage: 'login', tool: 'putty' }],
  },
  {
    name: 'plink, an unknown key',
    paste: 'FATAL ERROR: Cannot confirm a host key in batch mode',
    saw: [{ symptoms: ['auth-failed'], stage: 'key-exchange', tool: 'putty' }],
  },
  {
    name: 'PuTTY, too many keys',
    paste:
      'FATAL ERROR: Remote side sent disconnect message type 2 (protocol error): "Too many authentication failures"',
    saw: [{ symptoms: ['auth-failed'], stage: 'login', tool: 'putty' }],
  },
  {
    name: 'plink -v, two addresses',
    paste: `Looking up host "both.lab" for SSH connection
Connecting to fd77:2::3 port 22
We claim version: SSH-2.0-PuTTY_Release_0.78
Failed to connect to fd77:2::3: Connection timed out
Connecting to 10.77.2.2 port 22
Failed to connect to 10.77.2.2: Connection refused
Connection refused
FATAL ERROR: Connection refused`,
    saw: [
      {
        symptoms: ['times-out'],
        stage: 'connecting',
        tool: 'putty',
        ...to('fd77:2::3'),
        host: 'both.lab',
        line: 'Failed to connect to fd77:2::3: Connection timed out',
      },
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'putty',
        ...to('10.77.2.2'),
        host: 'both.lab',
        line: 'Failed to connect to 10.77.2.2: Connection refused',
      },
    ],
  },
  {
    name: 'FileZilla',
    paste: `Error:\tFATAL ERROR: Network error: Connection refused
Error:\tCould not connect to server`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'putty',
        line: 'Error:\tFATAL ERROR: Network error: Connection refused',
      },
    ],
  },
];

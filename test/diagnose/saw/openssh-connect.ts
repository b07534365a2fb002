import { type Row, to } from './row.js';

export const opensshConnectRows: readonly Row[] = [
  {
    name: 'refused, without -v',
    paste: 'ssh: connect to host 10.22.2.2 port 22: Connection refused',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'openssh', ...to('10.22.2.2') }],
  },
  {
    name: 'no route',
    paste: 'ssh: connect to host db.example.com port 2222: No route to host',
    saw: [{ symptoms: ['no-route'], stage: 'connecting', tool: 'openssh', host: 'db.example.com', port: 2222 }],
  },
  {
    name: 'network unreachable',
    paste: 'ssh: connect to host 2001:db8::7 port 22: Network is unreachable',
    saw: [{ symptoms: ['net-unreachable'], stage: 'connecting', tool: 'openssh', ...to('2001:db8::7') }],
  },
  {
    name: 'EACCES of an IPv6 target is no login',
    paste: 'ssh: connect to host fd22:2::2 port 22: Permission denied',
    saw: [{ symptoms: ['permission-denied'], stage: 'connecting', tool: 'openssh', ...to('fd22:2::2') }],
  },
  {
    name: 'protocol not available',
    paste: 'ssh: connect to host 10.22.2.2 port 22: Protocol not available',
    saw: [{ symptoms: ['no-protocol'], stage: 'connecting', tool: 'openssh', ...to('10.22.2.2') }],
  },
  {
    name: 'a blackhole route of the client',
    paste: 'ssh: connect to host 10.22.2.2 port 22: Invalid argument',
    saw: [{ symptoms: ['invalid-argument'], stage: 'connecting', tool: 'openssh', ...to('10.22.2.2') }],
  },
  {
    name: 'no free port of the client',
    paste: 'ssh: connect to host 10.22.2.2 port 22: Cannot assign requested address',
    saw: [{ symptoms: ['no-client-port'], stage: 'connecting', tool: 'openssh', ...to('10.22.2.2') }],
  },
  {
    name: 'accepted and reset at once',
    paste: 'ssh: connect to host 10.22.2.2 port 22: Connection reset by peer',
    saw: [{ symptoms: ['reset'], stage: 'connecting', tool: 'openssh', ...to('10.22.2.2') }],
  },
  {
    name: 'timed out under a timer, with the command',
    paste: `$ ssh -o ConnectTimeout=5 -p 2222 admin@10.22.2.2
ssh: connect to host 10.22.2.2 port 2222: Connection timed out`,
    saw: [
      {
        symptoms: ['times-out'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.22.2.2', 2222),
        timer: 5000,
        line: 'ssh: connect to host 10.22.2.2 port 2222: Connection timed out',
      },
    ],
  },
  {
    name: 'macOS or musl say that a connect timed out',
    paste: 'ssh: connect to host 10.22.2.2 port 22: Operation timed out',
    saw: [{ symptoms: ['times-out'], stage: 'connecting', tool: 'openssh', ...to('10.22.2.2') }],
  },
  {
    name: 'macOS: the neighbour does not answer',
    paste: 'ssh: connect to host 10.22.2.2 port 22: Host is down',
    saw: [{ symptoms: ['no-route'], stage: 'connecting', tool: 'openssh', ...to('10.22.2.2'), os: 'macos' }],
  },
  {
    name: 'macOS: the name',
    paste: 'ssh: Could not resolve hostname nosuch.example: nodename nor servname provided, or not known',
    saw: [{ symptoms: ['dns-failed'], stage: 'resolving', tool: 'openssh', host: 'nosuch.example', os: 'macos' }],
  },
  {
    name: 'Linux: the name',
    paste: 'ssh: Could not resolve hostname nosuch.example: Temporary failure in name resolution',
    saw: [{ symptoms: ['dns-failed'], stage: 'resolving', tool: 'openssh', host: 'nosuch.example' }],
  },
  {
    name: 'Windows: the name, in English',
    paste: 'ssh: Could not resolve hostname nosuch.example: No such host is known.',
    saw: [{ symptoms: ['dns-failed'], stage: 'resolving', tool: 'openssh', host: 'nosuch.example', os: 'windows' }],
  },
  {
    name: 'Windows: the name, in Chinese as octal escapes',
    paste:
      'ssh: Could not resolve hostname nosuch.example: \\262\\273\\326\\252\\265\\300\\325\\342\\321\\371\\265\\304\\326\\367\\273\\372\\241\\243',
    saw: [{ symptoms: ['dns-failed'], stage: 'resolving', tool: 'openssh', host: 'nosuch.example', os: 'windows' }],
  },
  {
    name: 'Windows: an error that it has no text for',
    paste: `PS C:\\Users\\Ann> ssh ann@10.22.2.2
ssh: connect to host 10.22.2.2 port 22: Unknown error`,
    saw: [
      {
        symptoms: ['cannot-tell'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.22.2.2'),
        os: 'windows',
        line: 'ssh: connect to host 10.22.2.2 port 22: Unknown error',
      },
    ],
  },
  {
    name: 'Windows: getsockname',
    paste: `C:\\Users\\ann>ssh ann@10.22.2.2
getsockname failed: Not a socket
ssh: connect to host 10.22.2.2 port 22: Unknown error`,
    saw: [
      {
        symptoms: ['cannot-tell'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.22.2.2'),
        os: 'windows',
        line: 'getsockname failed: Not a socket',
      },
    ],
  },
  {
    name: 'Git for Windows',
    paste: `ssh: connect to host github.com port 22: Bad file number
fatal: Could not read from remote repository.`,
    saw: [
      {
        symptoms: ['cannot-tell'],
        stage: 'connecting',
        tool: 'openssh',
        host: 'github.com',
        port: 22,
        line: 'ssh: connect to host github.com port 22: Bad file number',
      },
    ],
  },
  {
    name: 'Windows: verbose, refused',
    paste: `OpenSSH_for_Windows_8.1p1, LibreSSL 3.0.2
debug1: Connecting to box [10.22.2.2] port 22.
debug1: connect to address 10.22.2.2 port 22: Connection refused
ssh: connect to host box port 22: Connection refused`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.22.2.2'),
        host: 'box',
        os: 'windows',
        showsGreeting: true,
        line: 'debug1: connect to address 10.22.2.2 port 22: Connection refused',
      },
    ],
  },
  {
    name: 'macOS: verbose, refused',
    paste: `OpenSSH_9.6p1, LibreSSL 3.3.6
debug1: Reading configuration data /etc/ssh/ssh_config
debug1: Connecting to box port 22.
debug1: connect to address 10.22.2.2 port 22: Connection refused
ssh: connect to host box port 22: Connection refused`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.22.2.2'),
        host: 'box',
        os: 'macos',
        showsGreeting: true,
        line: 'debug1: connect to address 10.22.2.2 port 22: Connection refused',
      },
    ],
  },
  {
    name: '-v with two addresses: two attempts',
    paste: `user@laptop:~$ ssh -v -o ConnectTimeout=3 u@both.lab
OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.19 27 Jan 2026
debug1: Connecting to both.lab [fd77:2::3] port 22.
debug1: connect to address fd77:2::3 port 22: Connection timed out
debug1: Connecting to both.lab [10.77.2.2] port 22.
debug1: connect to address 10.77.2.2 port 22: Connection refused
ssh: connect to host both.lab port 22: Connection refused`,
    saw: [
      {
        symptoms: ['times-out'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('fd77:2::3'),
        host: 'both.lab',
        timer: 3000,
        showsGreeting: true,
        line: 'debug1: connect to address fd77:2::3 port 22: Connection timed out',
      },
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.77.2.2'),
        host: 'both.lab',
        timer: 3000,
        showsGreeting: true,
        line: 'debug1: connect to address 10.77.2.2 port 22: Connection refused',
      },
    ],
  },
  {
    name: 'the first address fails, and the second logs in',
    paste: `debug1: Connecting to both.lab [fd77:2::3] port 22.
debug1: connect to address fd77:2::3 port 22: Connection timed out
debug1: Connecting to both.lab [10.77.2.2] port 22.
debug1: Connection established.
debug1: Local version string SSH-2.0-OpenSSH_9.2p1
debug1: Remote protocol version 2.0, remote software version OpenSSH_9.2p1
debug1: SSH2_MSG_KEXINIT sent
debug1: SSH2_MSG_NEWKEYS received
Authenticated to both.lab ([10.77.2.2]:22) using "publickey".
debug1: Entering interactive session.`,
    saw: [
      {
        symptoms: ['times-out'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('fd77:2::3'),
        host: 'both.lab',
        showsGreeting: true,
        line: 'debug1: connect to address fd77:2::3 port 22: Connection timed out',
      },
      {
        symptoms: ['connects'],
        stage: 'login',
        tool: 'openssh',
        ...to('10.77.2.2'),
        host: 'both.lab',
        greeting: 'SSH-2.0-OpenSSH_9.2p1',
        showsGreeting: true,
        line: 'Authenticated to both.lab ([10.77.2.2]:22) using "publickey".',
      },
    ],
  },
];

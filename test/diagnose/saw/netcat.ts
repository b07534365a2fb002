import { at, closedOrHidden, none, onceConnected, onceGreeted, type Row, to } from './row.js';

export const netcatRows: readonly Row[] = [
  {
    name: 'nc of OpenBSD, refused',
    paste: `$ nc -zv -w 2 10.77.2.2 22
nc: connect to 10.77.2.2 port 22 (tcp) failed: Connection refused`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'nc',
        ...to('10.77.2.2'),
        timer: 2000,
        line: 'nc: connect to 10.77.2.2 port 22 (tcp) failed: Connection refused',
      },
    ],
  },
  {
    name: 'nc of OpenBSD, two addresses under a timer',
    paste: `$ nc -zv -w 2 both.lab 22
nc: connect to both.lab (fd77:2::3) port 22 (tcp) timed out: Operation now in progress
nc: connect to both.lab (10.77.2.2) port 22 (tcp) failed: Connection refused`,
    saw: [
      {
        symptoms: ['times-out'],
        stage: 'connecting',
        tool: 'nc',
        ...to('fd77:2::3'),
        host: 'both.lab',
        timer: 2000,
        line: 'nc: connect to both.lab (fd77:2::3) port 22 (tcp) timed out: Operation now in progress',
      },
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'nc',
        ...to('10.77.2.2'),
        host: 'both.lab',
        timer: 2000,
        line: 'nc: connect to both.lab (10.77.2.2) port 22 (tcp) failed: Connection refused',
      },
    ],
  },
  {
    name: 'nc says succeeded of everything that answers a SYN',
    paste: `$ nc -zv 10.77.2.7 22
Connection to 10.77.2.7 22 port [tcp/ssh] succeeded!`,
    saw: [
      {
        symptoms: onceConnected,
        stage: 'connected',
        tool: 'nc',
        ...to('10.77.2.7'),
        line: 'Connection to 10.77.2.7 22 port [tcp/ssh] succeeded!',
      },
    ],
  },
  {
    name: 'nc on macOS',
    paste: 'Connection to 10.77.2.7 port 22 [tcp/ssh] succeeded!',
    saw: [{ symptoms: onceConnected, stage: 'connected', tool: 'nc', ...to('10.77.2.7') }],
  },
  {
    name: 'nc on macOS, timed out',
    paste: 'nc: connectx to 10.77.2.3 port 22 (tcp) failed: Operation timed out',
    saw: [{ symptoms: ['times-out'], stage: 'connecting', tool: 'nc', ...to('10.77.2.3') }],
  },
  {
    name: 'nc, a reset by race',
    paste: 'nc: connect to 10.77.2.10 port 22 (tcp) failed: Connection reset by peer',
    saw: [{ symptoms: ['reset'], stage: 'connecting', tool: 'nc', ...to('10.77.2.10') }],
  },
  {
    name: 'nc that reads shows the text',
    paste: `$ nc -v 10.77.2.8 22
Connection to 10.77.2.8 22 port [tcp/ssh] succeeded!
Exceeded MaxStartups`,
    saw: [
      {
        symptoms: ['banner-text'],
        stage: 'greeted',
        tool: 'nc',
        ...to('10.77.2.8'),
        greeting: 'Exceeded MaxStartups',
        showsGreeting: true,
        line: 'Exceeded MaxStartups',
      },
    ],
  },
  {
    name: 'nc that reads shows a greeting',
    paste: `$ nc 10.77.2.12 22
SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10`,
    saw: [
      {
        symptoms: onceGreeted,
        stage: 'greeted',
        tool: 'nc',
        ...to('10.77.2.12'),
        greeting: 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10',
        showsGreeting: true,
        line: 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10',
      },
    ],
  },
  {
    name: 'nc, the name',
    paste: 'nc: getaddrinfo for host "nosuch.lab" port 22: Temporary failure in name resolution',
    saw: [{ symptoms: ['dns-failed'], stage: 'resolving', tool: 'nc', host: 'nosuch.lab', port: 22 }],
  },
  {
    name: 'nc in German',
    paste: 'nc: connect to 10.77.2.2 port 22 (tcp) failed: Verbindungsaufbau abgelehnt',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'nc', ...to('10.77.2.2') }],
  },
  {
    name: 'traditional nc',
    paste: 'drop.lab [10.77.2.3] 22 (ssh) : Connection timed out',
    saw: [{ symptoms: ['times-out'], stage: 'connecting', tool: 'nc', ...to('10.77.2.3'), host: 'drop.lab' }],
  },
  {
    name: 'traditional nc without a name',
    paste: `10.77.2.5: inverse host lookup failed: Host name lookup failure
(UNKNOWN) [10.77.2.5] 22 (ssh) : Network is unreachable`,
    saw: [
      {
        symptoms: ['net-unreachable'],
        stage: 'connecting',
        tool: 'nc',
        ...at('10.77.2.5'),
        line: '(UNKNOWN) [10.77.2.5] 22 (ssh) : Network is unreachable',
      },
    ],
  },
  {
    name: 'traditional nc, open',
    paste: 'closed.lab [10.77.2.7] 22 (ssh) open',
    saw: [{ symptoms: onceConnected, stage: 'connected', tool: 'nc', ...to('10.77.2.7'), host: 'closed.lab' }],
  },
  {
    name: 'traditional nc, the name',
    paste: 'nosuch.lab: forward host lookup failed: Host name lookup failure : Resource temporarily unavailable',
    saw: [{ symptoms: ['dns-failed'], stage: 'resolving', tool: 'nc', host: 'nosuch.lab' }],
  },
  {
    name: 'ncat, refused',
    paste: `Ncat: Version 7.93 ( https://nmap.org/ncat )
Ncat: Connection refused.`,
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'ncat', line: 'Ncat: Connection refused.' }],
  },
  {
    name: 'ncat, its own timer',
    paste: 'Ncat: TIMEOUT.',
    saw: [{ symptoms: ['times-out'], stage: 'connecting', tool: 'ncat', timer: 10000 }],
  },
  {
    name: 'ncat, two addresses',
    paste: `$ ncat -v -w 2 both.lab 22
Ncat: Version 7.93 ( https://nmap.org/ncat )
Ncat: Connection to fd77:2::3 failed: TIMEOUT.
Ncat: Trying next address...
Ncat: Connection refused.`,
    saw: [
      {
        symptoms: ['times-out'],
        stage: 'connecting',
        tool: 'ncat',
        ...to('fd77:2::3'),
        host: 'both.lab',
        timer: 2000,
        showsGreeting: true,
        line: 'Ncat: Connection to fd77:2::3 failed: TIMEOUT.',
      },
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'ncat',
        host: 'both.lab',
        port: 22,
        timer: 2000,
        showsGreeting: true,
        line: 'Ncat: Connection refused.',
      },
    ],
  },
  {
    name: 'ncat, connected',
    paste: `Ncat: Version 7.93 ( https://nmap.org/ncat )
Ncat: Connected to 10.77.2.7:22.
Ncat: 0 bytes sent, 0 bytes received in 0.17 seconds.`,
    saw: [
      {
        symptoms: onceConnected,
        stage: 'connected',
        tool: 'ncat',
        ...to('10.77.2.7'),
        line: 'Ncat: Connected to 10.77.2.7:22.',
      },
    ],
  },
  {
    name: 'ncat, reset',
    paste: `Ncat: Connected to 10.77.2.10:22.
Ncat: Connection reset by peer.`,
    saw: [
      {
        symptoms: closedOrHidden,
        stage: 'connected',
        tool: 'ncat',
        ...to('10.77.2.10'),
        line: 'Ncat: Connection reset by peer.',
      },
    ],
  },
  {
    name: 'ncat, the name',
    paste: 'Ncat: Could not resolve hostname "nosuch.lab": Temporary failure in name resolution. QUITTING.',
    saw: [{ symptoms: ['dns-failed'], stage: 'resolving', tool: 'ncat', host: 'nosuch.lab' }],
  },
  {
    name: 'BusyBox nc',
    paste: `nc: can't connect to remote host (10.77.2.2): Connection refused`,
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'nc', ...at('10.77.2.2', none) }],
  },
  {
    name: 'BusyBox nc under a timer',
    paste: `/ # nc -w 2 10.77.2.3 22
nc: timed out`,
    saw: [
      {
        symptoms: ['times-out'],
        stage: 'connecting',
        tool: 'nc',
        ...to('10.77.2.3'),
        timer: 2000,
        showsGreeting: true,
        line: 'nc: timed out',
      },
    ],
  },
  {
    name: 'BusyBox telnet, the name',
    paste: `telnet: bad address 'nosuch.lab'`,
    saw: [{ symptoms: ['dns-failed'], stage: 'resolving', tool: 'telnet', host: 'nosuch.lab' }],
  },
  {
    name: 'ncat with a timer',
    paste: `$ ncat -v -w 3 10.77.2.3 22
Ncat: Version 7.93 ( https://nmap.org/ncat )
Ncat: TIMEOUT.`,
    saw: [
      {
        symptoms: ['times-out'],
        stage: 'connecting',
        tool: 'ncat',
        ...to('10.77.2.3'),
        timer: 3000,
        showsGreeting: true,
        line: 'Ncat: TIMEOUT.',
      },
    ],
  },
];

import { at, none, onceConnected, onceGreeted, type Row, to } from './row.js';

export const shellRows: readonly Row[] = [
  {
    name: 'telnet, refused',
    paste: `$ telnet 10.77.2.2 22
Trying 10.77.2.2...
telnet: Unable to connect to remote host: Connection refused`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'telnet',
        ...to('10.77.2.2'),
        showsGreeting: true,
        line: 'telnet: Unable to connect to remote host: Connection refused',
      },
    ],
  },
  {
    name: 'telnet, two addresses',
    paste: `Trying fd77:2::3...
Connection failed: Connection timed out
Trying 10.77.2.2...
telnet: Unable to connect to remote host: Connection refused`,
    saw: [
      {
        symptoms: ['times-out'],
        stage: 'connecting',
        tool: 'telnet',
        ...at('fd77:2::3', none),
        showsGreeting: true,
        line: 'Connection failed: Connection timed out',
      },
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'telnet',
        ...at('10.77.2.2', none),
        showsGreeting: true,
        line: 'telnet: Unable to connect to remote host: Connection refused',
      },
    ],
  },
  {
    name: 'telnet in the log of a pipe: errors first',
    paste: `telnet: Unable to connect to remote host: No route to host
Trying 10.77.2.4...`,
    saw: [
      {
        symptoms: ['no-route'],
        stage: 'connecting',
        tool: 'telnet',
        ...at('10.77.2.4', none),
        showsGreeting: true,
        line: 'telnet: Unable to connect to remote host: No route to host',
      },
    ],
  },
  {
    name: 'telnet on macOS',
    paste: `Trying 10.77.2.2...
telnet: connect to address 10.77.2.2: Connection refused
telnet: Unable to connect to remote host`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'telnet',
        ...at('10.77.2.2', none),
        showsGreeting: true,
        line: 'telnet: connect to address 10.77.2.2: Connection refused',
      },
    ],
  },
  {
    name: 'telnet, greeted',
    paste: `Trying 10.77.2.12...
Connected to 10.77.2.12.
Escape character is '^]'.
SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10`,
    saw: [
      {
        symptoms: onceGreeted,
        stage: 'greeted',
        tool: 'telnet',
        ...at('10.77.2.12', none),
        greeting: 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10',
        showsGreeting: true,
        line: 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10',
      },
    ],
  },
  {
    name: 'telnet, closed',
    paste: `Trying 10.77.2.7...
Connected to 10.77.2.7.
Escape character is '^]'.
Connection closed by foreign host.`,
    saw: [
      {
        symptoms: ['closed', 'reset'],
        stage: 'connected',
        tool: 'telnet',
        ...at('10.77.2.7', none),
        showsGreeting: true,
        line: 'Connection closed by foreign host.',
      },
    ],
  },
  {
    name: 'telnet, the name',
    paste: 'Server lookup failure:  nosuch.lab:22, Temporary failure in name resolution',
    saw: [{ symptoms: ['dns-failed'], stage: 'resolving', tool: 'telnet', host: 'nosuch.lab', showsGreeting: true }],
  },
  {
    name: 'telnet on Windows cannot tell',
    paste: 'Connecting To 10.77.2.2...Could not open connection to the host, on port 22: Connect failed',
    saw: [
      {
        symptoms: [
          'times-out',
          'refused',
          'no-route',
          'net-unreachable',
          'permission-denied',
          'no-protocol',
          'invalid-argument',
          'no-client-port',
          'reset',
        ],
        stage: 'connecting',
        tool: 'telnet',
        ...to('10.77.2.2'),
        os: 'windows',
        showsGreeting: true,
      },
    ],
  },
  {
    name: 'bash',
    paste: `bash: connect: Connection refused
bash: line 1: /dev/tcp/10.77.2.2/22: Connection refused`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'bash',
        ...to('10.77.2.2'),
        line: 'bash: connect: Connection refused',
      },
    ],
  },
  {
    name: 'bash in French',
    paste: `bash: connect: Connexion refusée
bash: ligne 1: /dev/tcp/10.77.2.2/22: Connexion refusée`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'bash',
        ...to('10.77.2.2'),
        line: 'bash: connect: Connexion refusée',
      },
    ],
  },
  {
    name: 'bash in Chinese',
    paste: 'bash: /dev/tcp/10.77.2.3/22: 连接超时',
    saw: [{ symptoms: ['times-out'], stage: 'connecting', tool: 'bash', ...to('10.77.2.3') }],
  },
  {
    name: 'bash in a language that is not known',
    paste: 'bash: /dev/tcp/10.77.2.3/22: Sambungan ora ditampa',
    saw: [{ symptoms: ['cannot-tell'], stage: 'connecting', tool: 'bash', ...to('10.77.2.3') }],
  },
  {
    name: 'bash, the name',
    paste: `bash: line 1: nosuch.lab: Temporary failure in name resolution
bash: line 1: /dev/tcp/nosuch.lab/22: Invalid argument`,
    saw: [
      {
        symptoms: ['dns-failed'],
        stage: 'resolving',
        tool: 'bash',
        host: 'nosuch.lab',
        port: 22,
        line: 'bash: line 1: nosuch.lab: Temporary failure in name resolution',
      },
    ],
  },
  {
    name: 'bash, an invalid argument of a name may be the name',
    paste: 'bash: /dev/tcp/nosuch.lab/22: Invalid argument',
    saw: [
      { symptoms: ['dns-failed', 'invalid-argument'], stage: 'resolving', tool: 'bash', host: 'nosuch.lab', port: 22 },
    ],
  },
  {
    name: 'Test-NetConnection cannot tell',
    paste: `PS C:\\> Test-NetConnection -ComputerName box.example.com -Port 22
WARNING: TCP connect to (10.22.2.2 : 22) failed

ComputerName           : box.example.com
RemoteAddress          : 10.22.2.2
RemotePort             : 22
InterfaceAlias         : Ethernet
PingSucceeded          : True
TcpTestSucceeded       : False`,
    saw: [
      {
        symptoms: [
          'times-out',
          'refused',
          'no-route',
          'net-unreachable',
          'permission-denied',
          'no-protocol',
          'invalid-argument',
          'no-client-port',
          'reset',
        ],
        stage: 'connecting',
        tool: 'powershell',
        ...to('10.22.2.2'),
        host: 'box.example.com',
        os: 'windows',
        line: 'WARNING: TCP connect to (10.22.2.2 : 22) failed',
      },
    ],
  },
  {
    name: 'Test-NetConnection, open',
    paste: `ComputerName     : box.example.com
RemoteAddress    : 10.22.2.2
RemotePort       : 22
TcpTestSucceeded : True`,
    saw: [
      {
        symptoms: onceConnected,
        stage: 'connected',
        tool: 'powershell',
        ...to('10.22.2.2'),
        host: 'box.example.com',
        os: 'windows',
        line: 'TcpTestSucceeded : True',
      },
    ],
  },
  {
    name: 'Test-NetConnection, the name',
    paste: 'WARNING: Name resolution of nosuch.example failed',
    saw: [{ symptoms: ['dns-failed'], stage: 'resolving', tool: 'powershell', host: 'nosuch.example', os: 'windows' }],
  },
  {
    name: 'nmap, closed by RST',
    paste: `Nmap scan report for refused.lab (10.77.2.2)
Host is up, received user-set (0.000078s latency).

PORT   STATE  SERVICE REASON
22/tcp closed ssh     reset ttl 64`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'unknown',
        ...to('10.77.2.2'),
        host: 'refused.lab',
        answer: { kind: 'rst' },
        line: '22/tcp closed ssh     reset ttl 64',
      },
    ],
  },
  {
    name: 'nmap, no answer',
    paste: '22/tcp filtered ssh     no-response',
    saw: [{ symptoms: ['times-out'], stage: 'connecting', tool: 'unknown', port: 22 }],
  },
  {
    name: 'nmap, port-unreachable',
    paste: '22/tcp filtered ssh     port-unreach ttl 64',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'unknown', port: 22, answer: { kind: 'icmp' } }],
  },
  {
    name: 'nmap, a router says so',
    paste: `Nmap scan report for 10.22.2.2
22/tcp filtered ssh     admin-prohibited from 10.22.1.1 ttl 64`,
    saw: [
      {
        symptoms: ['no-route', 'permission-denied'],
        stage: 'connecting',
        tool: 'unknown',
        ...to('10.22.2.2'),
        answer: { kind: 'icmp', from: '10.22.1.1' },
        line: '22/tcp filtered ssh     admin-prohibited from 10.22.1.1 ttl 64',
      },
    ],
  },
  {
    name: 'nmap, connect scan',
    paste: '22/tcp closed ssh     conn-refused',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'unknown', port: 22 }],
  },
  {
    name: 'nmap without reasons',
    paste: '22/tcp filtered ssh',
    saw: [
      {
        symptoms: ['times-out', 'refused', 'no-route', 'net-unreachable', 'no-protocol', 'permission-denied'],
        stage: 'connecting',
        tool: 'unknown',
        port: 22,
      },
    ],
  },
  {
    name: 'nmap, open, and other ports',
    paste: `PORT    STATE  SERVICE
22/tcp  open   ssh
80/tcp  closed http
443/tcp open   https`,
    saw: [{ symptoms: onceConnected, stage: 'connected', tool: 'unknown', port: 22, line: '22/tcp  open   ssh' }],
  },
  {
    name: 'nmap without -Pn',
    paste: 'Note: Host seems down. If it is really up, but blocking our ping probes, try -Pn',
    saw: [{ symptoms: ['cannot-tell'], stage: 'connecting', tool: 'unknown' }],
  },
];

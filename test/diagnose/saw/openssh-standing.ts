import { at, type Row, to } from './row.js';

export const opensshStandingRows: readonly Row[] = [
  {
    name: 'it stands still after its own version string',
    paste: `debug1: Connecting to 10.22.2.2 [10.22.2.2] port 22.
debug1: Connection established.
debug1: Local version string SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10
^C`,
    saw: [
      {
        symptoms: ['silent'],
        stage: 'connected',
        tool: 'openssh',
        ...to('10.22.2.2'),
        showsGreeting: true,
        line: 'debug1: Local version string SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10',
      },
    ],
  },
  {
    name: 'it stands still at connecting',
    paste: `$ ssh -vvv root@10.22.2.2
OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.19 27 Jan 2026
debug3: ssh_connect_direct: entering
debug1: Connecting to 10.22.2.2 [10.22.2.2] port 22.
debug3: set_sock_tos: set socket 3 IP_TOS 0x10
^C`,
    saw: [
      {
        symptoms: ['times-out'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.22.2.2'),
        showsGreeting: true,
        line: 'debug1: Connecting to 10.22.2.2 [10.22.2.2] port 22.',
      },
    ],
  },
  {
    name: 'it stands still in the key exchange',
    paste: `debug1: Connecting to 10.22.2.2 [10.22.2.2] port 22.
debug1: Connection established.
debug1: Local version string SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10
debug1: Remote protocol version 2.0, remote software version OpenSSH_9.2p1 Debian-2
debug1: Authenticating to 10.22.2.2:22 as 'u'
debug1: SSH2_MSG_KEXINIT sent`,
    saw: [
      {
        symptoms: ['kex-hang'],
        stage: 'key-exchange',
        tool: 'openssh',
        ...to('10.22.2.2'),
        greeting: 'SSH-2.0-OpenSSH_9.2p1 Debian-2',
        showsGreeting: true,
        line: 'debug1: SSH2_MSG_KEXINIT sent',
      },
    ],
  },
  {
    name: 'it waits for the reply of ECDH',
    paste: `debug1: Remote protocol version 2.0, remote software version OpenSSH_9.2p1 Debian-2
debug1: SSH2_MSG_KEXINIT sent
debug1: SSH2_MSG_KEXINIT received
debug1: expecting SSH2_MSG_KEX_ECDH_REPLY`,
    saw: [
      {
        symptoms: ['kex-hang'],
        stage: 'key-reply',
        tool: 'openssh',
        greeting: 'SSH-2.0-OpenSSH_9.2p1 Debian-2',
        showsGreeting: true,
        line: 'debug1: expecting SSH2_MSG_KEX_ECDH_REPLY',
      },
    ],
  },
  {
    name: 'reset in the key exchange',
    paste: `debug1: Connection established.
debug1: Remote protocol version 2.0, remote software version OpenSSH_9.2p1
debug1: SSH2_MSG_KEXINIT sent
Connection reset by 10.77.2.11 port 22`,
    saw: [
      {
        symptoms: ['closed', 'reset'],
        stage: 'key-exchange',
        tool: 'openssh',
        ...at('10.77.2.11'),
        greeting: 'SSH-2.0-OpenSSH_9.2p1',
        showsGreeting: true,
        line: 'Connection reset by 10.77.2.11 port 22',
      },
    ],
  },
  {
    name: 'a reset later than the greeting, without -v',
    paste: `$ ssh u@10.77.2.11
Connection reset by 10.77.2.11 port 22`,
    saw: [
      {
        symptoms: ['closed', 'reset', 'auth-failed'],
        stage: 'key-exchange',
        tool: 'openssh',
        ...to('10.77.2.11'),
        line: 'Connection reset by 10.77.2.11 port 22',
      },
    ],
  },
  {
    name: 'the last line alone: the line before it may be lost',
    paste: 'Connection reset by 10.77.2.11 port 22',
    saw: [
      {
        symptoms: ['closed', 'reset', 'banner-text', 'not-ssh', 'auth-failed'],
        stage: 'connected',
        tool: 'openssh',
        ...at('10.77.2.11'),
      },
    ],
  },
  {
    name: 'the last line of a time-out alone',
    paste: 'Connection to 10.77.2.6 port 22 timed out',
    saw: [{ symptoms: ['silent', 'kex-hang', 'not-ssh'], stage: 'connected', tool: 'openssh', ...at('10.77.2.6') }],
  },
  {
    name: "the server's log speaks of clients and is none",
    paste: `Nov 29 05:05:48 web sshd[1884]: Connection closed by 203.0.113.7 port 51234 [preauth]
Nov 29 05:05:49 web sshd-session[1885]: Unable to negotiate with 203.0.113.7 port 51236: no matching host key type found. Their offer: ssh-rsa [preauth]
Connection reset by authenticating user root 203.0.113.7 port 51238 [preauth]`,
    saw: [],
  },
  {
    name: 'closed after the keys, with -v',
    paste: `debug1: SSH2_MSG_NEWKEYS received
debug1: SSH2_MSG_SERVICE_ACCEPT received
Connection closed by 10.22.2.2 port 22`,
    saw: [
      {
        symptoms: ['closed', 'reset', 'auth-failed'],
        stage: 'login',
        tool: 'openssh',
        ...at('10.22.2.2'),
        showsGreeting: true,
        line: 'Connection closed by 10.22.2.2 port 22',
      },
    ],
  },
  {
    name: 'MaxStartups',
    paste: `debug1: Local version string SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10
debug1: kex_exchange_identification: banner line 0: Exceeded MaxStartups
kex_exchange_identification: read: Connection reset by peer
Connection reset by 10.77.2.8 port 22`,
    saw: [
      {
        symptoms: ['banner-text'],
        stage: 'greeted',
        tool: 'openssh',
        ...at('10.77.2.8'),
        greeting: 'Exceeded MaxStartups',
        showsGreeting: true,
        line: 'kex_exchange_identification: read: Connection reset by peer',
      },
    ],
  },
  {
    name: 'MaxStartups of clients before 8.1',
    paste: `debug1: ssh_exchange_identification: Exceeded MaxStartups
ssh_exchange_identification: Connection closed by remote host`,
    saw: [
      {
        symptoms: ['banner-text'],
        stage: 'greeted',
        tool: 'openssh',
        greeting: 'Exceeded MaxStartups',
        showsGreeting: true,
        line: 'ssh_exchange_identification: Connection closed by remote host',
      },
    ],
  },
  {
    name: 'not allowed at this time',
    paste: `debug1: kex_exchange_identification: banner line 0: Not allowed at this time
kex_exchange_identification: Connection closed by remote host
Connection closed by 10.77.2.16 port 22`,
    saw: [
      {
        symptoms: ['banner-text'],
        stage: 'greeted',
        tool: 'openssh',
        ...at('10.77.2.16'),
        greeting: 'Not allowed at this time',
        showsGreeting: true,
        line: 'kex_exchange_identification: Connection closed by remote host',
      },
    ],
  },
  {
    name: 'HTTP on 22',
    paste: `debug1: kex_exchange_identification: banner line 0: HTTP/1.1 400 Bad Request
debug1: kex_exchange_identification: banner line 1: Server: nginx/1.22.1
debug1: kex_exchange_identification: banner line 5: <html>
kex_exchange_identification: Connection closed by remote host
Connection closed by 10.77.2.13 port 22`,
    saw: [
      {
        symptoms: ['not-ssh'],
        stage: 'greeted',
        tool: 'openssh',
        ...at('10.77.2.13'),
        greeting: 'HTTP/1.1 400 Bad Request',
        showsGreeting: true,
        line: 'kex_exchange_identification: Connection closed by remote host',
      },
    ],
  },
  {
    name: 'SMTP on 22 waits',
    paste: `debug1: kex_exchange_identification: banner line 0: 220 mail.example.com ESMTP Postfix
Connection timed out during banner exchange
Connection to 10.77.2.14 port 22 timed out`,
    saw: [
      {
        symptoms: ['not-ssh'],
        stage: 'greeted',
        tool: 'openssh',
        ...at('10.77.2.14'),
        greeting: '220 mail.example.com ESMTP Postfix',
        showsGreeting: true,
        line: 'Connection timed out during banner exchange',
      },
    ],
  },
  {
    name: 'a text that nobody knows: a wrapper or another service',
    paste: `debug1: kex_exchange_identification: banner line 0: Go away, 10.22.1.2
kex_exchange_identification: read: Connection reset by peer
Connection reset by 10.77.2.17 port 22`,
    saw: [
      {
        symptoms: ['banner-text', 'not-ssh'],
        stage: 'greeted',
        tool: 'openssh',
        ...at('10.77.2.17'),
        greeting: 'Go away, 10.22.1.2',
        showsGreeting: true,
        line: 'kex_exchange_identification: read: Connection reset by peer',
      },
    ],
  },
  {
    name: 'a banner that speaks like a client',
    paste: `debug1: kex_exchange_identification: banner line 0: ssh: connect to host x port 22: Connection refused
kex_exchange_identification: Connection closed by remote host`,
    saw: [
      {
        symptoms: ['banner-text', 'not-ssh'],
        stage: 'greeted',
        tool: 'openssh',
        greeting: 'ssh: connect to host x port 22: Connection refused',
        showsGreeting: true,
        line: 'kex_exchange_identification: Connection closed by remote host',
      },
    ],
  },
  {
    name: 'invalid characters',
    paste: `banner line contains invalid characters
banner exchange: Connection to 10.22.2.2 port 22: invalid format`,
    saw: [
      {
        symptoms: ['not-ssh'],
        stage: 'greeted',
        tool: 'openssh',
        ...at('10.22.2.2'),
        line: 'banner line contains invalid characters',
      },
    ],
  },
  {
    name: 'SSH 1',
    paste: `debug1: Remote protocol version 1.5, remote software version 1.2.27
Protocol major versions differ: 2 vs. 1
banner exchange: Connection to 10.77.2.15 port 22: could not read protocol version`,
    saw: [
      {
        symptoms: ['not-ssh'],
        stage: 'greeted',
        tool: 'openssh',
        ...at('10.77.2.15'),
        greeting: 'SSH-1.5-1.2.27',
        showsGreeting: true,
        line: 'Protocol major versions differ: 2 vs. 1',
      },
    ],
  },
  {
    name: 'no version in 1024 lines',
    paste: 'No SSH version received in first 1024 lines from server',
    saw: [{ symptoms: ['not-ssh'], stage: 'greeted', tool: 'openssh' }],
  },
];

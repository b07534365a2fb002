import { closedOrHidden, type Row, to } from './row.js';

export const languagesRows: readonly Row[] = [
  {
    name: 'Go, refused',
    paste: 'dial tcp 10.77.2.2:22: connect: connection refused',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'unknown', ...to('10.77.2.2') }],
  },
  {
    name: 'Go, its own timer',
    paste: 'dial tcp 10.77.2.3:22: i/o timeout',
    saw: [{ symptoms: ['times-out'], stage: 'connecting', tool: 'unknown', ...to('10.77.2.3') }],
  },
  {
    name: 'Go, IPv6',
    paste: 'dial tcp [fd77:2::4]:22: connect: permission denied',
    saw: [{ symptoms: ['permission-denied'], stage: 'connecting', tool: 'unknown', ...to('fd77:2::4') }],
  },
  {
    name: 'Go on Windows',
    paste:
      'dial tcp 10.77.2.2:22: connectex: No connection could be made because the target machine actively refused it.',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'unknown', ...to('10.77.2.2'), os: 'windows' }],
  },
  {
    name: 'Go on Windows, timed out',
    paste:
      'dial tcp 10.77.2.3:22: connectex: A connection attempt failed because the connected party did not properly respond after a period of time, or established connection failed because connected host has failed to respond.',
    saw: [{ symptoms: ['times-out'], stage: 'connecting', tool: 'unknown', ...to('10.77.2.3'), os: 'windows' }],
  },
  {
    name: "Go, the name; the resolver's own error is not the host's",
    paste: 'dial tcp: lookup nosuch.lab on [::1]:53: read udp [::1]:37712->[::1]:53: read: connection refused',
    saw: [{ symptoms: ['dns-failed'], stage: 'resolving', tool: 'unknown', host: 'nosuch.lab' }],
  },
  {
    name: 'Go, closed',
    paste: 'ssh: handshake failed: EOF',
    saw: [{ symptoms: closedOrHidden, stage: 'connected', tool: 'unknown' }],
  },
  {
    name: 'Go, reset',
    paste: 'ssh: handshake failed: read tcp 10.77.0.1:48578->10.77.2.7:22: read: connection reset by peer',
    saw: [{ symptoms: closedOrHidden, stage: 'connected', tool: 'unknown', ...to('10.77.2.7') }],
  },
  {
    name: 'Go, silent under a deadline',
    paste: 'ssh: handshake failed: read tcp 10.77.0.1:48578->10.77.2.6:22: i/o timeout',
    saw: [{ symptoms: ['silent', 'kex-hang', 'not-ssh'], stage: 'connected', tool: 'unknown', ...to('10.77.2.6') }],
  },
  {
    name: 'Go, the user',
    paste:
      'ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain',
    saw: [{ symptoms: ['auth-failed'], stage: 'login', tool: 'unknown' }],
  },
  {
    name: 'Go, no common algorithm',
    paste:
      'ssh: handshake failed: ssh: no common algorithm for key exchange; we offered: ["curve25519-sha256"], peer offered: ["x"]',
    saw: [{ symptoms: ['negotiation-failed'], stage: 'key-exchange', tool: 'unknown' }],
  },
  {
    name: 'Go, another key',
    paste: 'ssh: handshake failed: knownhosts: key mismatch',
    saw: [{ symptoms: ['auth-failed'], stage: 'key-exchange', tool: 'unknown' }],
  },
  {
    name: 'Go, from a bastion',
    paste: 'ssh: rejected: connect failed (Connection refused)',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'unknown', through: 'jump-host' }],
  },
  {
    name: 'Java, refused',
    paste: 'java.net.ConnectException: Connection refused',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'unknown' }],
  },
  {
    name: 'Java on Windows',
    paste: 'java.net.ConnectException: Connection timed out: connect',
    saw: [{ symptoms: ['times-out'], stage: 'connecting', tool: 'unknown', os: 'windows' }],
  },
  {
    name: 'Java, no route',
    paste: 'java.net.NoRouteToHostException: No route to host (Host unreachable)',
    saw: [{ symptoms: ['no-route'], stage: 'connecting', tool: 'unknown' }],
  },
  {
    name: 'Java, timed out',
    paste: 'java.net.SocketTimeoutException: connect timed out',
    saw: [{ symptoms: ['times-out'], stage: 'connecting', tool: 'unknown' }],
  },
  {
    name: 'Java, the name',
    paste: 'java.net.UnknownHostException: nosuch.example',
    saw: [{ symptoms: ['dns-failed'], stage: 'resolving', tool: 'unknown', host: 'nosuch.example' }],
  },
  {
    name: 'JSch wraps it',
    paste: `com.jcraft.jsch.JSchException: java.net.ConnectException: Connection refused (Connection refused)
Caused by: java.net.ConnectException: Connection refused (Connection refused)`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'unknown',
        line: 'com.jcraft.jsch.JSchException: java.net.ConnectException: Connection refused (Connection refused)',
      },
    ],
  },
  {
    name: 'JSch, its timer',
    paste: 'com.jcraft.jsch.JSchException: timeout: socket is not established',
    saw: [{ symptoms: ['times-out'], stage: 'connecting', tool: 'unknown' }],
  },
  {
    name: 'JSch, closed',
    paste: 'com.jcraft.jsch.JSchException: Session.connect: java.io.IOException: End of IO Stream Read',
    saw: [{ symptoms: closedOrHidden, stage: 'connected', tool: 'unknown' }],
  },
  {
    name: 'JSch, silent',
    paste: 'com.jcraft.jsch.JSchException: Session.connect: java.net.SocketTimeoutException: Read timed out',
    saw: [{ symptoms: ['silent', 'kex-hang', 'not-ssh'], stage: 'connected', tool: 'unknown' }],
  },
  {
    name: 'JSch, the user',
    paste: 'com.jcraft.jsch.JSchException: Auth fail',
    saw: [{ symptoms: ['auth-failed'], stage: 'login', tool: 'unknown' }],
  },
  {
    name: 'JSch, no common algorithm',
    paste: 'com.jcraft.jsch.JSchException: Algorithm negotiation fail',
    saw: [{ symptoms: ['negotiation-failed'], stage: 'key-exchange', tool: 'unknown' }],
  },
  {
    name: '.NET, refused',
    paste:
      'System.Net.Sockets.SocketException (10061): No connection could be made because the target machine actively refused it. [::ffff:10.22.2.2]:22',
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'unknown',
        ...to('10.22.2.2'),
        host: '::ffff:10.22.2.2',
        os: 'windows',
      },
    ],
  },
  {
    name: '.NET, timed out',
    paste:
      'A connection attempt failed because the connected party did not properly respond after a period of time, or established connection failed because connected host has failed to respond.',
    saw: [{ symptoms: ['times-out'], stage: 'connecting', tool: 'unknown', os: 'windows' }],
  },
  {
    name: 'SSH.NET, its timer',
    paste:
      'Renci.SshNet.Common.SshOperationTimeoutException: Connection failed to establish within 30000 milliseconds.',
    saw: [{ symptoms: ['times-out'], stage: 'connecting', tool: 'unknown', timer: 30000 }],
  },
  {
    name: 'SSH.NET, no SSH',
    paste: 'Renci.SshNet.Common.SshConnectionException: Server response does not contain SSH protocol identification.',
    saw: [{ symptoms: ['closed', 'reset', 'not-ssh', 'banner-text'], stage: 'connected', tool: 'unknown' }],
  },
];

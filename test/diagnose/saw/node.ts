import { at, closedOrHidden, type Row, to } from './row.js';

export const nodeRows: readonly Row[] = [
  {
    name: 'Node, an error with its stack',
    paste: `Error: connect ECONNREFUSED 10.77.2.2:22
    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16) {
  errno: -111,
  code: 'ECONNREFUSED',
  syscall: 'connect',
  address: '10.77.2.2',
  port: 22
}`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'node',
        ...to('10.77.2.2'),
        os: 'linux',
        line: 'Error: connect ECONNREFUSED 10.77.2.2:22',
      },
    ],
  },
  {
    name: 'host#77 Node, an AggregateError at 265 ms has two ends',
    paste: `AggregateError [ETIMEDOUT]: 
    at internalConnectMultiple (node:net:1122:18)
    at afterConnectMultiple (node:net:1689:7) {
  code: 'ETIMEDOUT',
  [errors]: [
    Error: connect ETIMEDOUT fd77:2::3:22
        at createConnectionError (node:net:1652:14)
        at Timeout.internalConnectMultipleTimeout (node:net:1711:38) {
      errno: -110,
      code: 'ETIMEDOUT',
      syscall: 'connect',
      address: 'fd77:2::3',
      port: 22
    },
    Error: connect ECONNREFUSED 10.77.2.2:22
        at createConnectionError (node:net:1652:14)
        at afterConnectMultiple (node:net:1682:16) {
      errno: -111,
      code: 'ECONNREFUSED',
      syscall: 'connect',
      address: '10.77.2.2',
      port: 22
    }
  ]
}
after 265 ms`,
    saw: [
      {
        symptoms: ['times-out'],
        stage: 'connecting',
        tool: 'node',
        ...to('fd77:2::3'),
        os: 'linux',
        timer: 250,
        line: 'Error: connect ETIMEDOUT fd77:2::3:22',
      },
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'node',
        ...to('10.77.2.2'),
        os: 'linux',
        line: 'Error: connect ECONNREFUSED 10.77.2.2:22',
      },
    ],
  },
  {
    name: 'Node, inner errors without stacks',
    paste: `AggregateError [ETIMEDOUT]: 
  [errors]: [
    Error: connect ETIMEDOUT fd77:2::3:22
    Error: connect ETIMEDOUT 10.77.2.3:22
  ]`,
    saw: [
      {
        symptoms: ['times-out'],
        stage: 'connecting',
        tool: 'node',
        ...to('fd77:2::3'),
        timer: 250,
        line: 'Error: connect ETIMEDOUT fd77:2::3:22',
      },
      {
        symptoms: ['times-out'],
        stage: 'connecting',
        tool: 'node',
        ...to('10.77.2.3'),
        line: 'Error: connect ETIMEDOUT 10.77.2.3:22',
      },
    ],
  },
  {
    name: 'Node, an AggregateError without its errors cannot tell',
    paste: 'AggregateError ETIMEDOUT 265 ms',
    saw: [{ symptoms: ['times-out', 'cannot-tell'], stage: 'connecting', tool: 'node', elapsed: 265 }],
  },
  {
    name: 'Node, reset at once',
    paste: 'Error: connect ECONNRESET 10.77.2.10:22',
    saw: [{ symptoms: ['reset'], stage: 'connecting', tool: 'node', ...to('10.77.2.10') }],
  },
  {
    name: 'Node, reset while reading',
    paste: `Error: read ECONNRESET
  errno: -104,
  code: 'ECONNRESET',
  syscall: 'read'`,
    saw: [{ symptoms: closedOrHidden, stage: 'connected', tool: 'node', os: 'linux', line: 'Error: read ECONNRESET' }],
  },
  {
    name: 'Node on Windows',
    paste: `Error: connect ETIMEDOUT 10.77.2.3:22
  errno: -4039,
  code: 'ETIMEDOUT'`,
    saw: [
      {
        symptoms: ['times-out'],
        stage: 'connecting',
        tool: 'node',
        ...to('10.77.2.3'),
        os: 'windows',
        line: 'Error: connect ETIMEDOUT 10.77.2.3:22',
      },
    ],
  },
  {
    name: 'Node on macOS',
    paste: `Error: connect EHOSTUNREACH 10.77.2.4:22 - Local (10.0.0.3:52341)
  errno: -65,
  code: 'EHOSTUNREACH',`,
    saw: [
      {
        symptoms: ['no-route'],
        stage: 'connecting',
        tool: 'node',
        ...to('10.77.2.4'),
        os: 'macos',
        line: 'Error: connect EHOSTUNREACH 10.77.2.4:22 - Local (10.0.0.3:52341)',
      },
    ],
  },
  {
    name: 'Node, EACCES',
    paste: 'Error: connect EACCES fd77:2::4:22',
    saw: [{ symptoms: ['permission-denied'], stage: 'connecting', tool: 'node', ...to('fd77:2::4') }],
  },
  {
    name: 'Node, the name',
    paste: 'Error: getaddrinfo ENOTFOUND nosuch.example',
    saw: [{ symptoms: ['dns-failed'], stage: 'resolving', tool: 'node', host: 'nosuch.example' }],
  },
  {
    name: 'Node, an error as JSON',
    paste: '{"errno":-111,"code":"ECONNREFUSED","syscall":"connect","address":"10.77.2.2","port":22}',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'node', ...at('10.77.2.2'), os: 'linux' }],
  },
  {
    name: 'Node, a log with the time',
    paste: 'Error: connect EHOSTUNREACH 10.77.2.4:22 EHOSTUNREACH 25 ms',
    saw: [{ symptoms: ['no-route'], stage: 'connecting', tool: 'node', ...to('10.77.2.4'), elapsed: 25 }],
  },
  {
    name: 'ssh2, its timer covers all',
    paste: `Error: Timed out while waiting for handshake
    at Timeout._onTimeout (/app/node_modules/ssh2/lib/client.js:1114:23) {
  level: 'client-timeout'
}`,
    saw: [
      {
        symptoms: ['times-out', 'silent', 'kex-hang', 'not-ssh'],
        stage: 'connecting',
        tool: 'ssh2',
        line: 'Error: Timed out while waiting for handshake',
      },
    ],
  },
  {
    name: 'ssh2, closed',
    paste: 'Error: Connection lost before handshake',
    saw: [{ symptoms: closedOrHidden, stage: 'connected', tool: 'ssh2' }],
  },
  {
    name: 'ssh2, the user',
    paste: 'Error: All configured authentication methods failed',
    saw: [{ symptoms: ['auth-failed'], stage: 'login', tool: 'ssh2' }],
  },
  {
    name: 'ssh2, no common algorithm',
    paste: 'Error: Handshake failed: no matching key exchange algorithm',
    saw: [{ symptoms: ['negotiation-failed'], stage: 'key-exchange', tool: 'ssh2' }],
  },
];

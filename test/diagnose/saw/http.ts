import { at, closedOrHidden, connectFailed, type Row, to } from './row.js';

export const httpRows: readonly Row[] = [
  {
    name: 'curl cannot tell refused from no route',
    paste: `curl: (7) Failed to connect to 10.77.2.2 port 22 after 0 ms: Couldn't connect to server`,
    saw: [{ symptoms: connectFailed, stage: 'connecting', tool: 'curl', ...to('10.77.2.2'), elapsed: 0 }],
  },
  {
    name: 'curl, a time-out of the kernel',
    paste: `curl: (28) Failed to connect to 10.77.2.3 port 22 after 133112 ms: Couldn't connect to server`,
    saw: [{ symptoms: ['times-out'], stage: 'connecting', tool: 'curl', ...to('10.77.2.3'), elapsed: 133112 }],
  },
  {
    name: 'curl, its own timer',
    paste: `$ curl -sS --connect-timeout 3 telnet://10.77.2.3:22
curl: (28) Connection timed out after 3001 milliseconds`,
    saw: [
      {
        symptoms: ['times-out'],
        stage: 'connecting',
        tool: 'curl',
        ...to('10.77.2.3'),
        timer: 3001,
        showsGreeting: true,
        line: 'curl: (28) Connection timed out after 3001 milliseconds',
      },
    ],
  },
  {
    name: 'curl, silent',
    paste: `$ curl -sS -m 3 telnet://10.77.2.6:22
curl: (28) Time-out`,
    saw: [
      {
        symptoms: ['silent'],
        stage: 'connected',
        tool: 'curl',
        ...to('10.77.2.6'),
        timer: 3000,
        showsGreeting: true,
        line: 'curl: (28) Time-out',
      },
    ],
  },
  {
    name: 'curl, the name',
    paste: 'curl: (6) Could not resolve host: nosuch.lab',
    saw: [{ symptoms: ['dns-failed'], stage: 'resolving', tool: 'curl', host: 'nosuch.lab' }],
  },
  {
    name: 'curl -v tells',
    paste: `*   Trying 10.77.2.4:22...
* connect to 10.77.2.4 port 22 failed: No route to host
* Failed to connect to 10.77.2.4 port 22 after 0 ms: Couldn't connect to server
* Closing connection 0
curl: (7) Failed to connect to 10.77.2.4 port 22 after 0 ms: Couldn't connect to server`,
    saw: [
      {
        symptoms: ['no-route'],
        stage: 'connecting',
        tool: 'curl',
        ...to('10.77.2.4'),
        elapsed: 0,
        line: '* connect to 10.77.2.4 port 22 failed: No route to host',
      },
    ],
  },
  {
    name: 'curl -v, two addresses at once',
    paste: `$ curl -v --connect-timeout 2 telnet://both.lab:22
*   Trying [fd77:2::3]:22...
*   Trying 10.77.2.2:22...
* connect to 10.77.2.2 port 22 failed: Connection refused
* ipv6 connect timeout after 1997ms, move on!
* Failed to connect to both.lab port 22 after 2000 ms: Timeout was reached
* Closing connection 0
curl: (28) Failed to connect to both.lab port 22 after 2000 ms: Timeout was reached`,
    saw: [
      {
        symptoms: ['times-out'],
        stage: 'connecting',
        tool: 'curl',
        ...to('fd77:2::3'),
        host: 'both.lab',
        timer: 1997,
        showsGreeting: true,
        line: '* ipv6 connect timeout after 1997ms, move on!',
      },
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'curl',
        ...to('10.77.2.2'),
        host: 'both.lab',
        timer: 2000,
        showsGreeting: true,
        line: '* connect to 10.77.2.2 port 22 failed: Connection refused',
      },
    ],
  },
  {
    name: 'curl 8: from which port',
    paste: '* connect to 10.77.2.2 port 22 from 10.77.0.1 port 51234 failed: Connection refused',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'curl', ...at('10.77.2.2') }],
  },
  {
    name: 'curl before 7.86',
    paste: 'curl: (7) Failed to connect to 10.77.2.2 port 22: Connection refused',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'curl', ...to('10.77.2.2') }],
  },
  {
    name: 'curl of HTTP to ssh',
    paste: 'curl: (56) Recv failure: Connection reset by peer',
    saw: [{ symptoms: closedOrHidden, stage: 'connected', tool: 'curl' }],
  },
  {
    name: 'curl reads what is not HTTP',
    paste: 'curl: (1) Received HTTP/0.9 when not allowed',
    saw: [
      {
        symptoms: [
          'connects',
          'closed',
          'reset',
          'kex-hang',
          'negotiation-failed',
          'auth-failed',
          'banner-text',
          'not-ssh',
        ],
        stage: 'greeted',
        tool: 'curl',
      },
    ],
  },
  {
    name: 'curl by its exit number',
    paste: 'curl exit status 7',
    saw: [{ symptoms: connectFailed, stage: 'connecting', tool: 'curl' }],
  },
  {
    name: 'curl -v shows the text of the server',
    paste: `$ curl -v telnet://10.77.2.8:22
*   Trying 10.77.2.8:22...
* Connected to 10.77.2.8 (10.77.2.8) port 22 (#0)
Exceeded MaxStartups`,
    saw: [
      {
        symptoms: ['banner-text'],
        stage: 'greeted',
        tool: 'curl',
        ...to('10.77.2.8'),
        greeting: 'Exceeded MaxStartups',
        showsGreeting: true,
        line: 'Exceeded MaxStartups',
      },
    ],
  },
  {
    name: 'wget, two addresses',
    paste: `Resolving both.lab (both.lab)... fd77:2::3, 10.77.2.2
Connecting to both.lab (both.lab)|fd77:2::3|:22... failed: Connection timed out.
Connecting to both.lab (both.lab)|10.77.2.2|:22... failed: Connection refused.`,
    saw: [
      {
        symptoms: ['times-out'],
        stage: 'connecting',
        tool: 'unknown',
        ...to('fd77:2::3'),
        host: 'both.lab',
        line: 'Connecting to both.lab (both.lab)|fd77:2::3|:22... failed: Connection timed out.',
      },
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'unknown',
        ...to('10.77.2.2'),
        host: 'both.lab',
        line: 'Connecting to both.lab (both.lab)|10.77.2.2|:22... failed: Connection refused.',
      },
    ],
  },
  {
    name: 'wget, the name',
    paste: `wget: unable to resolve host address 'nosuch.lab'`,
    saw: [{ symptoms: ['dns-failed'], stage: 'resolving', tool: 'unknown', host: 'nosuch.lab' }],
  },
];

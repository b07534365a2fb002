import { at, closedOrHidden, type Row, to } from './row.js';

export const opensshExchangeRows: readonly Row[] = [
  {
    name: 'closed by remote host: a plain client hides what was sent',
    paste: `kex_exchange_identification: Connection closed by remote host
Connection closed by 10.22.2.2 port 22`,
    saw: [
      {
        symptoms: closedOrHidden,
        stage: 'connected',
        tool: 'openssh',
        ...at('10.22.2.2'),
        line: 'kex_exchange_identification: Connection closed by remote host',
      },
    ],
  },
  {
    name: 'reset by peer: the same by a race',
    paste: `kex_exchange_identification: read: Connection reset by peer
Connection reset by 10.22.2.2 port 22`,
    saw: [
      {
        symptoms: closedOrHidden,
        stage: 'connected',
        tool: 'openssh',
        ...at('10.22.2.2'),
        line: 'kex_exchange_identification: read: Connection reset by peer',
      },
    ],
  },
  {
    name: 'the same of older clients',
    paste: 'ssh_exchange_identification: read: Connection reset by peer',
    saw: [{ symptoms: closedOrHidden, stage: 'connected', tool: 'openssh' }],
  },
  {
    name: 'closed, with -v nothing is hidden',
    paste: `debug1: Connecting to 10.22.2.2 [10.22.2.2] port 22.
debug1: Connection established.
debug1: Local version string SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10
kex_exchange_identification: Connection closed by remote host
Connection closed by 10.22.2.2 port 22`,
    saw: [
      {
        symptoms: ['closed', 'reset'],
        stage: 'connected',
        tool: 'openssh',
        ...to('10.22.2.2'),
        showsGreeting: true,
        line: 'kex_exchange_identification: Connection closed by remote host',
      },
    ],
  },
  {
    name: 'write: Connection reset by peer',
    paste: `debug1: Connection established.
kex_exchange_identification: write: Connection reset by peer
banner exchange: Connection to 10.22.2.2 port 22: Connection reset by peer`,
    saw: [
      {
        symptoms: ['closed', 'reset'],
        stage: 'connected',
        tool: 'openssh',
        ...at('10.22.2.2'),
        showsGreeting: true,
        line: 'kex_exchange_identification: write: Connection reset by peer',
      },
    ],
  },
  {
    name: 'CLOSED5 from time stamps',
    paste: `2026-11-29T05:05:48.104071 debug1: Connecting to 10.77.2.18 [10.77.2.18] port 22.
2026-11-29T05:05:48.104082 debug1: Connection established.
2026-11-29T05:05:48.104240 debug1: Local version string SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10
2026-11-29T05:05:53.102051 kex_exchange_identification: read: Connection reset by peer
2026-11-29T05:05:53.102150 Connection reset by 10.77.2.18 port 22`,
    saw: [
      {
        symptoms: ['closed', 'reset'],
        stage: 'connected',
        tool: 'openssh',
        ...to('10.77.2.18'),
        elapsed: 4998,
        showsGreeting: true,
        line: 'kex_exchange_identification: read: Connection reset by peer',
      },
    ],
  },
  {
    name: 'silent under a timer',
    paste: `$ ssh -o ConnectTimeout=2 u@10.77.2.6
Connection timed out during banner exchange
Connection to 10.77.2.6 port 22 timed out`,
    saw: [
      {
        symptoms: ['silent', 'not-ssh'],
        stage: 'connected',
        tool: 'openssh',
        ...to('10.77.2.6'),
        timer: 2000,
        line: 'Connection timed out during banner exchange',
      },
    ],
  },
  {
    name: 'silent with -v',
    paste: `$ ssh -v -o ConnectTimeout=2 u@10.77.2.6
debug1: Connecting to 10.77.2.6 [10.77.2.6] port 22.
debug1: Connection established.
debug1: Local version string SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10
Connection timed out during banner exchange
Connection to 10.77.2.6 port 22 timed out`,
    saw: [
      {
        symptoms: ['silent'],
        stage: 'connected',
        tool: 'openssh',
        ...to('10.77.2.6'),
        timer: 2000,
        showsGreeting: true,
        line: 'Connection timed out during banner exchange',
      },
    ],
  },
];

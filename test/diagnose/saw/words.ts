import { closedOrHidden, none, onceGreeted, type Row, to } from './row.js';

export const wordsRows: readonly Row[] = [
  {
    name: 'the bare error',
    paste: 'Connection refused',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'unknown' }],
  },
  {
    name: 'the bare error with its time',
    paste: 'Connection refused immediately',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'unknown', elapsed: 0 }],
  },
  {
    name: 'the name of the number',
    paste: 'ECONNREFUSED',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'unknown' }],
  },
  {
    name: 'a symptom of port22',
    paste: 'times-out',
    saw: [{ symptoms: ['times-out'], stage: 'connecting', tool: 'unknown' }],
  },
  {
    name: 'a symptom in two words',
    paste: 'no route',
    saw: [{ symptoms: ['no-route'], stage: 'connecting', tool: 'unknown' }],
  },
  {
    name: 'timeout',
    paste: 'timeout',
    saw: [{ symptoms: ['times-out'], stage: 'connecting', tool: 'unknown' }],
  },
  {
    name: 'a sentence',
    paste: 'I get "Connection timed out" after 133 s',
    saw: [{ symptoms: ['times-out'], stage: 'connecting', tool: 'unknown', elapsed: 133000 }],
  },
  {
    name: 'no route at once',
    paste: 'No route to host (3 ms)',
    saw: [{ symptoms: ['no-route'], stage: 'connecting', tool: 'unknown', elapsed: 3 }],
  },
  {
    name: 'no route after neighbour discovery',
    paste: 'No route to host (3.1s)',
    saw: [{ symptoms: ['no-route'], stage: 'connecting', tool: 'unknown', elapsed: 3100 }],
  },
  {
    name: 'it hangs',
    paste: 'ssh hangs for 2 minutes',
    saw: [{ symptoms: ['times-out', 'silent', 'kex-hang'], stage: 'connecting', tool: 'unknown', elapsed: 120000 }],
  },
  {
    name: 'reset',
    paste: 'Connection reset by peer',
    saw: [{ symptoms: closedOrHidden, stage: 'connected', tool: 'unknown' }],
  },
  {
    name: 'closed after five seconds',
    paste: 'Connection closed by remote host after 5 seconds',
    saw: [{ symptoms: closedOrHidden, stage: 'connected', tool: 'unknown', elapsed: 5000 }],
  },
  {
    name: 'permission denied may be both',
    paste: 'Permission denied',
    saw: [{ symptoms: ['permission-denied', 'auth-failed'], stage: 'connecting', tool: 'unknown' }],
  },
  {
    name: 'publickey is a login',
    paste: 'Permission denied (publickey)',
    saw: [{ symptoms: ['auth-failed'], stage: 'login', tool: 'openssh' }],
  },
  {
    name: 'an error in another language',
    paste: 'Connexion refusée',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'unknown' }],
  },
  {
    name: 'a greeting alone',
    paste: 'SSH-2.0-OpenSSH_9.2',
    saw: [
      {
        symptoms: onceGreeted,
        stage: 'greeted',
        tool: 'unknown',
        greeting: 'SSH-2.0-OpenSSH_9.2',
        showsGreeting: true,
      },
    ],
  },
  {
    name: 'MaxStartups alone',
    paste: 'Exceeded MaxStartups',
    saw: [
      {
        symptoms: ['banner-text'],
        stage: 'greeted',
        tool: 'unknown',
        greeting: 'Exceeded MaxStartups',
        showsGreeting: true,
      },
    ],
  },
  {
    name: 'penalties alone',
    paste: 'Not allowed at this time',
    saw: [
      {
        symptoms: ['banner-text'],
        stage: 'greeted',
        tool: 'unknown',
        greeting: 'Not allowed at this time',
        showsGreeting: true,
      },
    ],
  },
  {
    name: 'HTTP alone',
    paste: 'HTTP/1.1 400 Bad Request',
    saw: [
      {
        symptoms: ['not-ssh'],
        stage: 'greeted',
        tool: 'unknown',
        greeting: 'HTTP/1.1 400 Bad Request',
        showsGreeting: true,
      },
    ],
  },
  {
    name: 'several probes: ICMP is rate limited',
    paste: 'Connection refused: 3 ms x6 then 1.02 s',
    saw: [
      { symptoms: ['refused'], stage: 'connecting', tool: 'unknown', elapsed: 3, repeats: [3, 3, 3, 3, 3, 3, 1020] },
    ],
  },
  {
    name: 'several probes: RST is not',
    paste: 'Connection refused 0 ms x12',
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'unknown',
        elapsed: 0,
        repeats: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      },
    ],
  },
  {
    name: 'times in a line of their own',
    paste: `Connection refused
3 ms x6 then 1.02 s`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'unknown',
        elapsed: 3,
        repeats: [3, 3, 3, 3, 3, 3, 1020],
        line: 'Connection refused',
      },
    ],
  },
  {
    name: 'numbered probes',
    paste: `probe 1: 3 ms Connection refused
probe 2: 4 ms Connection refused
probe 3: 1.02 s Connection refused`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'unknown',
        elapsed: 3,
        repeats: [3, 4, 1020],
        line: 'probe 1: 3 ms Connection refused',
      },
    ],
  },
  {
    name: "the words of a library that holds ssh's",
    paste: 'connect to 10.22.2.2 port 22: Connection refused',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'unknown', ...to('10.22.2.2') }],
  },
  {
    name: 'a time-out of nobody knows what',
    paste: 'Connection to 10.22.2.2 timed out',
    saw: [
      {
        symptoms: ['times-out', 'silent', 'kex-hang', 'not-ssh'],
        stage: 'connecting',
        tool: 'unknown',
        ...to('10.22.2.2', none),
      },
    ],
  },
];

import { at, closedOrHidden, onceConnected, type Row, to } from './row.js';

export const timesRows: readonly Row[] = [
  {
    name: 'time of bash',
    paste: `$ time ssh root@10.22.2.2
ssh: connect to host 10.22.2.2 port 22: Connection timed out

real\t2m13.497s
user\t0m0.013s
sys\t0m0.000s`,
    saw: [
      {
        symptoms: ['times-out'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.22.2.2'),
        elapsed: 133497,
        line: 'ssh: connect to host 10.22.2.2 port 22: Connection timed out',
      },
    ],
  },
  {
    name: 'time of zsh',
    paste: `% time ssh root@10.22.2.2
ssh: connect to host 10.22.2.2 port 22: Operation timed out
ssh root@10.22.2.2  0.01s user 0.01s system 0% cpu 1:15.02 total`,
    saw: [
      {
        symptoms: ['times-out'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.22.2.2'),
        elapsed: 75020,
        line: 'ssh: connect to host 10.22.2.2 port 22: Operation timed out',
      },
    ],
  },
  {
    name: 'time of GNU time',
    paste: `ssh: connect to host 10.22.2.2 port 22: Connection refused
Command exited with non-zero status 255
0.01user 0.00system 0:01.02elapsed 1%CPU (0avgtext+0avgdata 9000maxresident)k`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.22.2.2'),
        elapsed: 1020,
        line: 'ssh: connect to host 10.22.2.2 port 22: Connection refused',
      },
    ],
  },
  {
    name: 'time of fish',
    paste: `ssh: connect to host 10.22.2.2 port 22: No route to host
Executed in    3.07 secs      fish           external`,
    saw: [
      {
        symptoms: ['no-route'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.22.2.2'),
        elapsed: 3070,
        line: 'ssh: connect to host 10.22.2.2 port 22: No route to host',
      },
    ],
  },
  {
    name: 'a sentence before',
    paste: `It hangs for 5 seconds, then:
kex_exchange_identification: Connection closed by remote host
Connection closed by 10.22.2.2 port 22`,
    saw: [
      {
        symptoms: closedOrHidden,
        stage: 'connected',
        tool: 'openssh',
        ...at('10.22.2.2'),
        elapsed: 5000,
        line: 'kex_exchange_identification: Connection closed by remote host',
      },
    ],
  },
  {
    name: 'a sentence behind',
    paste: `ssh: connect to host 10.22.2.2 port 22: No route to host
That took about 3 seconds.`,
    saw: [
      {
        symptoms: ['no-route'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.22.2.2'),
        elapsed: 3000,
        line: 'ssh: connect to host 10.22.2.2 port 22: No route to host',
      },
    ],
  },
  {
    name: 'a time in the line',
    paste: 'ssh: connect to host 10.22.2.2 port 22: Connection refused (3.1s)',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'openssh', ...to('10.22.2.2'), elapsed: 3100 }],
  },
  {
    name: 'attempts in a row with their times',
    paste: `ssh: connect to host 10.22.2.2 port 22: Connection refused
real\t0m0.003s
ssh: connect to host 10.22.2.2 port 22: Connection refused
real\t0m0.004s
ssh: connect to host 10.22.2.2 port 22: Connection refused
real\t0m1.020s`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.22.2.2'),
        elapsed: 3,
        repeats: [3, 4, 1020],
        line: 'ssh: connect to host 10.22.2.2 port 22: Connection refused',
      },
    ],
  },
  {
    name: 'attempts in a row without times',
    paste: `ssh: connect to host 10.22.2.2 port 22: Connection refused
ssh: connect to host 10.22.2.2 port 22: Connection refused`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.22.2.2'),
        line: 'ssh: connect to host 10.22.2.2 port 22: Connection refused',
      },
    ],
  },
  {
    name: 'clock stamps without parts of a second',
    paste: `10:00:00 debug1: Connecting to 10.22.2.2 [10.22.2.2] port 22.
10:02:13 debug1: connect to address 10.22.2.2 port 22: Connection timed out
10:02:13 ssh: connect to host 10.22.2.2 port 22: Connection timed out`,
    saw: [
      {
        symptoms: ['times-out'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.22.2.2'),
        elapsed: 133000,
        showsGreeting: true,
        line: 'debug1: connect to address 10.22.2.2 port 22: Connection timed out',
      },
    ],
  },
  {
    name: 'a second on a clock without parts of a second tells nothing',
    paste: `10:00:00 debug1: Connecting to 10.22.2.2 [10.22.2.2] port 22.
10:00:01 debug1: connect to address 10.22.2.2 port 22: Connection refused`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.22.2.2'),
        showsGreeting: true,
        line: 'debug1: connect to address 10.22.2.2 port 22: Connection refused',
      },
    ],
  },
  {
    name: 'one time for two addresses is of neither',
    paste: `$ time ssh -v both.lab
debug1: Connecting to both.lab [fd77:2::3] port 22.
debug1: connect to address fd77:2::3 port 22: Connection timed out
debug1: Connecting to both.lab [10.77.2.2] port 22.
debug1: connect to address 10.77.2.2 port 22: Connection refused
ssh: connect to host both.lab port 22: Connection refused
real\t2m13.497s`,
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
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.77.2.2'),
        host: 'both.lab',
        showsGreeting: true,
        line: 'debug1: connect to address 10.77.2.2 port 22: Connection refused',
      },
    ],
  },
  {
    name: 'when the next try is, is no time of this one',
    paste: `ssh: connect to host 10.22.2.2 port 22: Connection refused
Retrying in 10 seconds`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.22.2.2'),
        line: 'ssh: connect to host 10.22.2.2 port 22: Connection refused',
      },
    ],
  },
  {
    name: 'clock stamps over midnight',
    paste: `23:59:58.500 debug1: Connecting to 10.22.2.2 [10.22.2.2] port 22.
00:00:01.500 debug1: connect to address 10.22.2.2 port 22: No route to host`,
    saw: [
      {
        symptoms: ['no-route'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.22.2.2'),
        elapsed: 3000,
        showsGreeting: true,
        line: 'debug1: connect to address 10.22.2.2 port 22: No route to host',
      },
    ],
  },
  {
    name: 'two clients of one paste',
    paste: `$ nc -zv 10.22.2.2 22
Connection to 10.22.2.2 22 port [tcp/ssh] succeeded!
$ ssh -v root@10.22.2.2
debug1: Connecting to 10.22.2.2 [10.22.2.2] port 22.
debug1: Connection established.
debug1: Local version string SSH-2.0-OpenSSH_9.2p1`,
    saw: [
      {
        symptoms: onceConnected,
        stage: 'connected',
        tool: 'nc',
        ...to('10.22.2.2'),
        line: 'Connection to 10.22.2.2 22 port [tcp/ssh] succeeded!',
      },
      {
        symptoms: ['silent'],
        stage: 'connected',
        tool: 'openssh',
        ...to('10.22.2.2'),
        showsGreeting: true,
        line: 'debug1: Local version string SSH-2.0-OpenSSH_9.2p1',
      },
    ],
  },
  {
    name: 'colours, CRLF and a prompt',
    paste: `\x1b[32muser@host\x1b[0m:\x1b[34m~\x1b[0m$ ssh -p 2222 box
\x1b[31mssh: connect to host box port 2222: Connection refused\x1b[0m`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'openssh',
        host: 'box',
        port: 2222,
        line: 'ssh: connect to host box port 2222: Connection refused',
      },
    ],
  },
  {
    name: 'a line that a terminal broke',
    paste: `ssh: connect to host ec2-203-0-113-9.eu-central-1.compute.amazonaws.com port 22: Connection re
fused`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'openssh',
        host: 'ec2-203-0-113-9.eu-central-1.compute.amazonaws.com',
        port: 22,
        line: 'ssh: connect to host ec2-203-0-113-9.eu-central-1.compute.amazonaws.com port 22: Connection refused',
      },
    ],
  },
  {
    name: 'a quoted mail',
    paste: `> $ ssh box
> ssh: connect to host box port 22: Connection refused`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'openssh',
        host: 'box',
        port: 22,
        line: 'ssh: connect to host box port 22: Connection refused',
      },
    ],
  },
  {
    name: 'advice that speaks of errors',
    paste: `If you see "Connection refused", then nothing listens on the port.
A timeout means that a firewall drops the packets.`,
    saw: [],
  },
  {
    name: 'a log of another program',
    paste: '[error] upstream timed out (110: Connection timed out) while connecting to upstream',
    saw: [],
  },
];

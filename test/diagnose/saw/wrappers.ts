import { at, closedOrHidden, none, type Row, to } from './row.js';

export const wrappersRows: readonly Row[] = [
  {
    name: 'ProxyJump: the way from the hop is refused',
    paste: `$ ssh -J root@10.77.2.12 root@10.77.2.2
channel 0: open failed: connect failed: Connection refused
stdio forwarding failed
kex_exchange_identification: Connection closed by remote host
Connection closed by UNKNOWN port 65535`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.77.2.2', none),
        through: 'jump-host',
        line: 'channel 0: open failed: connect failed: Connection refused',
      },
    ],
  },
  {
    name: 'ProxyJump: the hop has no route',
    paste: `channel 0: open failed: connect failed: No route to host
stdio forwarding failed
kex_exchange_identification: Connection closed by remote host
Connection closed by UNKNOWN port 65535`,
    saw: [
      {
        symptoms: ['no-route'],
        stage: 'connecting',
        tool: 'openssh',
        through: 'jump-host',
        line: 'channel 0: open failed: connect failed: No route to host',
      },
    ],
  },
  {
    name: 'ProxyJump: the hop itself refuses',
    paste: `$ ssh -J root@10.77.2.2 root@10.77.2.12
ssh: connect to host 10.77.2.2 port 22: Connection refused
kex_exchange_identification: Connection closed by remote host
Connection closed by UNKNOWN port 65535`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.77.2.2'),
        through: 'jump-host',
        line: 'ssh: connect to host 10.77.2.2 port 22: Connection refused',
      },
    ],
  },
  {
    name: 'ProxyJump: the hop has no name',
    paste: `$ ssh -J nosuch.lab root@10.77.2.12
ssh: Could not resolve hostname nosuch.lab: Temporary failure in name resolution
kex_exchange_identification: Connection closed by remote host
Connection closed by UNKNOWN port 65535`,
    saw: [
      {
        symptoms: ['dns-failed'],
        stage: 'resolving',
        tool: 'openssh',
        host: 'nosuch.lab',
        through: 'jump-host',
        line: 'ssh: Could not resolve hostname nosuch.lab: Temporary failure in name resolution',
      },
    ],
  },
  {
    name: 'ProxyJump: the hop forbids it',
    paste: `channel 0: open failed: administratively prohibited: open failed
stdio forwarding failed
kex_exchange_identification: Connection closed by remote host
Connection closed by UNKNOWN port 65535`,
    saw: [
      {
        symptoms: ['cannot-tell'],
        stage: 'connecting',
        tool: 'openssh',
        through: 'jump-host',
        line: 'channel 0: open failed: administratively prohibited: open failed',
      },
    ],
  },
  {
    name: 'ProxyCommand that ends',
    paste: `$ ssh -o "ProxyCommand=nc %h %p" root@10.77.2.2
kex_exchange_identification: Connection closed by remote host
Connection closed by UNKNOWN port 65535`,
    saw: [
      {
        symptoms: closedOrHidden,
        stage: 'connected',
        tool: 'openssh',
        ...to('10.77.2.2', none),
        through: 'proxy-command',
        line: 'kex_exchange_identification: Connection closed by remote host',
      },
    ],
  },
  {
    name: 'ProxyCommand of nc that says why',
    paste: `nc: connect to 10.77.2.2 port 22 (tcp) failed: Connection refused
kex_exchange_identification: Connection closed by remote host
Connection closed by UNKNOWN port 65535`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'nc',
        ...to('10.77.2.2'),
        through: 'proxy-command',
        line: 'nc: connect to 10.77.2.2 port 22 (tcp) failed: Connection refused',
      },
    ],
  },
  {
    name: 'ProxyJump with -v on both sides',
    paste: `debug1: Executing proxy command: exec ssh -v -W '[10.77.2.2]:22' root@10.77.2.12
debug1: Local version string SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10
OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.19 27 Jan 2026
debug1: Connecting to 10.77.2.12 [10.77.2.12] port 22.
debug1: Connection established.
debug1: Remote protocol version 2.0, remote software version OpenSSH_9.2p1
debug1: SSH2_MSG_KEXINIT sent
debug1: SSH2_MSG_NEWKEYS received
Authenticated to 10.77.2.12 ([10.77.2.12]:22) using "publickey".
debug1: channel 0: new stdio-forward [stdio-forward] (inactive timeout: 0)
debug1: Entering interactive session.
channel 0: open failed: connect failed: Connection refused
stdio forwarding failed
kex_exchange_identification: Connection closed by remote host
Connection closed by UNKNOWN port 65535`,
    saw: [
      {
        symptoms: ['connects'],
        stage: 'login',
        tool: 'openssh',
        ...to('10.77.2.12'),
        greeting: 'SSH-2.0-OpenSSH_9.2p1',
        showsGreeting: true,
        line: 'Authenticated to 10.77.2.12 ([10.77.2.12]:22) using "publickey".',
      },
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'openssh',
        host: '10.77.2.2',
        port: 22,
        through: 'jump-host',
        showsGreeting: true,
        line: 'channel 0: open failed: connect failed: Connection refused',
      },
    ],
  },
  {
    name: 'git',
    paste: `$ git clone git@git.example.com:x/y.git
Cloning into 'y'...
ssh: connect to host git.example.com port 22: Connection timed out
fatal: Could not read from remote repository.

Please make sure you have the correct access rights
and the repository exists.`,
    saw: [
      {
        symptoms: ['times-out'],
        stage: 'connecting',
        tool: 'openssh',
        host: 'git.example.com',
        port: 22,
        line: 'ssh: connect to host git.example.com port 22: Connection timed out',
      },
    ],
  },
  {
    name: 'git alone',
    paste: 'fatal: Could not read from remote repository.',
    saw: [{ symptoms: ['cannot-tell'], stage: 'resolving', tool: 'git' }],
  },
  {
    name: 'scp',
    paste: `ssh: connect to host 10.77.2.2 port 22: Connection refused
scp: Connection closed`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.77.2.2'),
        line: 'ssh: connect to host 10.77.2.2 port 22: Connection refused',
      },
    ],
  },
  {
    name: 'scp before 9.0',
    paste: `ssh: connect to host 10.77.2.2 port 22: Connection refused
lost connection`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.77.2.2'),
        line: 'ssh: connect to host 10.77.2.2 port 22: Connection refused',
      },
    ],
  },
  {
    name: 'sftp',
    paste: `kex_exchange_identification: read: Connection reset by peer
Connection reset by 10.77.2.7 port 22
Connection closed.
Connection closed`,
    saw: [
      {
        symptoms: closedOrHidden,
        stage: 'connected',
        tool: 'openssh',
        ...at('10.77.2.7'),
        line: 'kex_exchange_identification: read: Connection reset by peer',
      },
    ],
  },
  {
    name: 'rsync',
    paste: `ssh: connect to host 10.77.2.2 port 22: Connection refused
rsync: connection unexpectedly closed (0 bytes received so far) [sender]
rsync error: error in rsync protocol data stream (code 12) at io.c(285) [sender=3.5.0]`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.77.2.2'),
        line: 'ssh: connect to host 10.77.2.2 port 22: Connection refused',
      },
    ],
  },
  {
    name: 'mosh dials by itself',
    paste: `$ mosh u@10.77.2.2
/usr/bin/mosh: Could not connect to 10.77.2.2, last tried 10.77.2.2: Connection refused
kex_exchange_identification: Connection closed by remote host
Connection closed by UNKNOWN port 65535
/usr/bin/mosh: Did not find remote IP address (is SSH ProxyCommand disabled?).`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.77.2.2', none),
        line: '/usr/bin/mosh: Could not connect to 10.77.2.2, last tried 10.77.2.2: Connection refused',
      },
    ],
  },
  {
    name: 'Ansible, refused',
    paste: `10.77.2.2 | UNREACHABLE! => {
    "changed": false,
    "msg": "Failed to connect to the host via ssh: ssh: connect to host 10.77.2.2 port 22: Connection refused",
    "unreachable": true
}`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.77.2.2'),
        line: '"msg": "Failed to connect to the host via ssh: ssh: connect to host 10.77.2.2 port 22: Connection refused",',
      },
    ],
  },
  {
    name: 'Ansible, closed: two lines in one',
    paste:
      '    "msg": "Failed to connect to the host via ssh: kex_exchange_identification: Connection closed by remote host\\r\\nConnection closed by 10.77.2.7 port 22",',
    saw: [
      {
        symptoms: closedOrHidden,
        stage: 'connected',
        tool: 'openssh',
        ...at('10.77.2.7'),
        line: '"msg": "Failed to connect to the host via ssh: kex_exchange_identification: Connection closed by remote host',
      },
    ],
  },
  {
    name: 'Ansible, silent',
    paste:
      'fatal: [10.77.2.6]: UNREACHABLE! => {"changed": false, "msg": "Failed to connect to the host via ssh: Connection timed out during banner exchange\\r\\nConnection to 10.77.2.6 port 22 timed out", "unreachable": true}',
    saw: [
      {
        symptoms: ['silent', 'not-ssh'],
        stage: 'connected',
        tool: 'openssh',
        ...at('10.77.2.6'),
        line: 'fatal: [10.77.2.6]: UNREACHABLE! => {"changed": false, "msg": "Failed to connect to the host via ssh: Connection timed out during banner exchange',
      },
    ],
  },
  {
    name: 'Ansible, a key',
    paste:
      'fatal: [web]: UNREACHABLE! => {"changed": false, "msg": "Failed to connect to the host via ssh: ubuntu@10.22.2.2: Permission denied (publickey).", "unreachable": true}',
    saw: [{ symptoms: ['auth-failed'], stage: 'login', tool: 'openssh', ...to('10.22.2.2', none) }],
  },
  {
    name: 'Terraform',
    paste: `│ Error: remote-exec provisioner error
│
│   with aws_instance.web,
│   on main.tf line 12, in resource "aws_instance" "web":
│
│ timeout - last error: dial tcp 203.0.113.9:22: connect: connection refused`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'unknown',
        ...to('203.0.113.9'),
        line: 'timeout - last error: dial tcp 203.0.113.9:22: connect: connection refused',
      },
    ],
  },
  {
    name: 'Terraform in a narrow terminal',
    paste: `│ timeout - last error: dial tcp 203.0.113.9:22: connect: connection
│ refused`,
    saw: [
      {
        symptoms: ['refused'],
        stage: 'connecting',
        tool: 'unknown',
        ...to('203.0.113.9'),
        line: 'timeout - last error: dial tcp 203.0.113.9:22: connect: connection refused',
      },
    ],
  },
  {
    name: 'Terraform, the user',
    paste:
      '│ timeout - last error: SSH authentication failed (ubuntu@203.0.113.9:22): ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain',
    saw: [
      {
        symptoms: ['auth-failed'],
        stage: 'login',
        tool: 'unknown',
        line: 'timeout - last error: SSH authentication failed (ubuntu@203.0.113.9:22): ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain',
      },
    ],
  },
  {
    name: "Pulumi's remote command",
    paste: 'error: after 60 failed attempts: dial tcp 203.0.113.9:22: connect: connection timed out',
    saw: [{ symptoms: ['times-out'], stage: 'connecting', tool: 'unknown', ...to('203.0.113.9') }],
  },
  {
    name: "an editor's log",
    paste: `[14:10:32.123] > ssh: connect to host 10.22.2.2 port 22: Connection timed out
[14:10:32.131] > The process tried to write to a nonexistent pipe.`,
    saw: [
      {
        symptoms: ['times-out'],
        stage: 'connecting',
        tool: 'openssh',
        ...to('10.22.2.2'),
        os: 'windows',
        line: 'ssh: connect to host 10.22.2.2 port 22: Connection timed out',
      },
    ],
  },
  {
    name: "an editor's own timer",
    paste: '[14:10:32.123] Resolver error: Error: Connecting with SSH timed out',
    saw: [
      {
        symptoms: ['times-out', 'silent', 'kex-hang', 'cannot-tell'],
        stage: 'connecting',
        tool: 'openssh',
        line: 'Resolver error: Error: Connecting with SSH timed out',
      },
    ],
  },
];

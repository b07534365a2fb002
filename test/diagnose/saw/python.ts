import { at, closedOrHidden, type Row } from './row.js';

export const pythonRows: readonly Row[] = [
  {
    name: 'paramiko cannot tell refused from no route',
    paste: 'paramiko.ssh_exception.NoValidConnectionsError: [Errno None] Unable to connect to port 22 on 10.77.2.2',
    saw: [{ symptoms: ['refused', 'no-route'], stage: 'connecting', tool: 'paramiko', ...at('10.77.2.2') }],
  },
  {
    name: 'paramiko, several addresses',
    paste:
      'paramiko.ssh_exception.NoValidConnectionsError: [Errno None] Unable to connect to port 22 on 10.77.2.2 or fd77:2::2',
    saw: [
      { symptoms: ['refused', 'no-route'], stage: 'connecting', tool: 'paramiko', ...at('10.77.2.2') },
      { symptoms: ['refused', 'no-route'], stage: 'connecting', tool: 'paramiko', ...at('fd77:2::2') },
    ],
  },
  {
    name: 'paramiko, the banner alone',
    paste: 'paramiko.ssh_exception.SSHException: Error reading SSH protocol banner',
    saw: [{ symptoms: ['closed', 'reset', 'silent', 'banner-text', 'not-ssh'], stage: 'connected', tool: 'paramiko' }],
  },
  {
    name: 'paramiko, closed',
    paste: `Exception (client): Error reading SSH protocol banner
Traceback (most recent call last):
  File "paramiko/transport.py", line 2227, in _check_banner
  File "paramiko/packet.py", line 665, in _read_timeout
EOFError

During handling of the above exception, another exception occurred:

paramiko.ssh_exception.SSHException: Error reading SSH protocol banner`,
    saw: [
      {
        symptoms: closedOrHidden,
        stage: 'connected',
        tool: 'paramiko',
        line: 'Exception (client): Error reading SSH protocol banner',
      },
    ],
  },
  {
    name: 'paramiko, silent',
    paste: `  File "paramiko/packet.py", line 673, in _read_timeout
TimeoutError

During handling of the above exception, another exception occurred:

paramiko.ssh_exception.SSHException: Error reading SSH protocol banner`,
    saw: [
      {
        symptoms: ['silent', 'not-ssh'],
        stage: 'connected',
        tool: 'paramiko',
        line: 'paramiko.ssh_exception.SSHException: Error reading SSH protocol banner',
      },
    ],
  },
  {
    name: 'paramiko, reset',
    paste: `ConnectionResetError: [Errno 104] Connection reset by peer

During handling of the above exception, another exception occurred:

paramiko.ssh_exception.SSHException: Error reading SSH protocol banner[Errno 104] Connection reset by peer`,
    saw: [
      {
        symptoms: closedOrHidden,
        stage: 'connected',
        tool: 'paramiko',
        os: 'linux',
        line: 'ConnectionResetError: [Errno 104] Connection reset by peer',
      },
    ],
  },
  {
    name: 'paramiko, a greeting of another protocol',
    paste: 'paramiko.ssh_exception.SSHException: Indecipherable protocol version "220 mail.example.com ESMTP"',
    saw: [{ symptoms: ['not-ssh'], stage: 'greeted', tool: 'paramiko', greeting: '220 mail.example.com ESMTP' }],
  },
  {
    name: 'paramiko, the user',
    paste: 'paramiko.ssh_exception.AuthenticationException: Authentication failed.',
    saw: [{ symptoms: ['auth-failed'], stage: 'login', tool: 'paramiko' }],
  },
  {
    name: 'paramiko, no common algorithm',
    paste: 'paramiko.ssh_exception.IncompatiblePeer: Incompatible ssh peer (no acceptable kex algorithm)',
    saw: [{ symptoms: ['negotiation-failed'], stage: 'key-exchange', tool: 'paramiko' }],
  },
  {
    name: 'Python on Linux',
    paste: 'TimeoutError: [Errno 110] Connection timed out',
    saw: [{ symptoms: ['times-out'], stage: 'connecting', tool: 'unknown', os: 'linux' }],
  },
  {
    name: 'Python on macOS',
    paste: 'ConnectionRefusedError: [Errno 61] Connection refused',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'unknown', os: 'macos' }],
  },
  {
    name: 'Python on Windows',
    paste:
      'ConnectionRefusedError: [WinError 10061] No connection could be made because the target machine actively refused it',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'unknown', os: 'windows' }],
  },
  {
    name: 'Python on Windows in German',
    paste:
      'ConnectionRefusedError: [WinError 10061] Es konnte keine Verbindung hergestellt werden, da der Zielcomputer die Verbindung verweigerte',
    saw: [{ symptoms: ['refused'], stage: 'connecting', tool: 'unknown', os: 'windows' }],
  },
  {
    name: 'Python, a timer of its own',
    paste: 'TimeoutError: timed out',
    saw: [{ symptoms: ['times-out', 'silent'], stage: 'connecting', tool: 'unknown' }],
  },
  {
    name: 'Python, the name',
    paste: 'socket.gaierror: [Errno -2] Name or service not known',
    saw: [{ symptoms: ['dns-failed'], stage: 'resolving', tool: 'unknown' }],
  },
  {
    name: 'asyncio, two addresses',
    paste: `OSError: Multiple exceptions: [Errno 111] Connect call failed ('::1', 22, 0, 0), [Errno 113] Connect call failed ('10.77.2.4', 22)`,
    saw: [
      { symptoms: ['refused'], stage: 'connecting', tool: 'unknown', ...at('::1'), os: 'linux' },
      { symptoms: ['no-route'], stage: 'connecting', tool: 'unknown', ...at('10.77.2.4'), os: 'linux' },
    ],
  },
];

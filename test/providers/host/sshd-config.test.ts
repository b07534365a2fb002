import { describe, expect, test } from '@jest/globals';
import { boundText } from '../../../providers/host/sockets/listens-on.js';
import { argumentsOfTitle, argumentsOfVariables } from '../../../providers/host/sshd/arguments.js';
import type { SshdConfig, SshdConfigOptions } from '../../../providers/host/sshd/config-result.js';
import { configuredSshd } from '../../../providers/host/sshd/configured.js';
import { filesOf } from '../../../providers/host/sshd/file-glob.js';
import { readSshdConfig } from '../../../providers/host/sshd/sshd-config.js';
import { givenBundle } from '../../support/host/given-bundle.js';

const main = '/etc/ssh/sshd_config';
const read = (text: string, more: Record<string, string> = {}, options: SshdConfigOptions = {}) =>
  readSshdConfig(new Map([[main, text], ...Object.entries(more)]), options);

/** `unknown: WHY`, `stops: MESSAGE`, or the sorted addresses. */
function said({ binds, errors }: SshdConfig): string {
  if (!binds.known) return `unknown: ${binds.why}`;
  const stop = errors.find(({ sure }) => sure);
  return stop ? `stops: ${stop.message}` : binds.binds.map(boundText).sort().join(' ');
}
const both = (port: number) => `0.0.0.0:${port} [::]:${port}`;

describe('one file', () => {
  test.each([
    ['', both(22)],
    ['#Port 2222', both(22)],
    ['port = "2222"', both(2222)],
    ["PORT='2222'", both(2222)],
    ['Port=2222', both(2222)],
    ['\t Port\t2222 # comment\r', both(2222)],
    ['"Port" 2222', both(2222)],
    ['Port ssh', both(22)],
    ['Port 02222', both(2222)],
    ['Port 22\nPort 2222', `0.0.0.0:22 0.0.0.0:2222 [::]:22 [::]:2222`],
    ['Port 22\nPort 22', both(22)],
    ['AddressFamily inet\nAddressFamily inet6', '0.0.0.0:22'],
    ['AddressFamily INET6', '[::]:22'],
    ['ListenAddress 10.22.2.2:2200\nPort 2222', '10.22.2.2:2200'],
    ['ListenAddress 10.22.2.2\nPort 22\nPort 2222', '10.22.2.2:22 10.22.2.2:2222'],
    ['ListenAddress [fd22:2::2]:2200\nListenAddress fd22:2::3', '[fd22:2::2]:2200 [fd22:2::3]:22'],
    ['ListenAddress fd22:2::2:2222', '[fd22:2::2:2222]:22'],
    ['ListenAddress 0.0.0.0', '0.0.0.0:22'],
    ['ListenAddress *', '127.0.0.1:22 [::1]:22'],
    ['ListenAddress *\nAddressFamily inet6', '[::1]:22'],
    ['ListenAddress 127.1', '127.0.0.1:22'],
    ['ListenAddress host.example', 'unknown: the addresses of host.example are what its name resolves to'],
    ['ListenAddress 10.22.2.2 rdomain blue', 'unknown: whether there is a routing domain blue is not known'],
    ['Port 0', 'stops: Badly formatted port number.'],
    ['Port 99999', 'stops: Badly formatted port number.'],
    ['Port 22,2222', 'stops: Badly formatted port number.'],
    ['Port', 'stops: no argument after keyword "Port"'],
    ['Port 22 2222', 'stops: keyword Port extra arguments at end of line'],
    ['Port "22', 'stops: invalid quotes'],
    ['Port mysshport', 'unknown: the port mysshport is a name'],
    ['ListenAddress 10.22.2.2 2222', 'stops: bad ListenAddress syntax'],
    ['ListenAddress 10.22.2.2/24', 'stops: bad address:port usage'],
    ['AddressFamily inet\nListenAddress ::', 'stops: bad addr or host: :: (Address family for hostname not supported)'],
    [
      'ListenAddress 10.22.2.2\nAddressFamily inet6',
      'stops: bad addr or host: 10.22.2.2 (Address family for hostname not supported)',
    ],
    ['PermitRootLogin maybe', 'stops: unsupported option "maybe".'],
    ['Deprecated yes', 'unknown: Bad configuration option: Deprecated'],
    ['Prot 22', 'unknown: Bad configuration option: Prot'],
    ['RSAAuthentication yes', both(22)],
    ['\uFEFFPort 22', 'stops: Bad configuration option: \uFEFFPort'],
    ['Ciphers foo-cbc', "unknown: Bad SSH2 cipher spec 'foo-cbc'."],
    ['Match user x\nPort 22', "stops: Directive 'Port' is not allowed within a Match block"],
    ['Match user x\nMatch all\nPort 2222', both(2222)],
    ['Match all\nPort 2222', both(2222)],
    ['Match user x all', 'stops: Bad Match condition'],
    ['Match user x\nPermitRootLogin no', both(22)],
    ['Po"rt 2222', both(22)],
    ['Port 22 \\\nPort 2222', 'stops: keyword Port extra arguments at end of line'],
    ['Port 22\u0000', 'unknown: line 1 of /etc/ssh/sshd_config holds a zero byte'],
  ])('%j: %s', (text, expected) => {
    expect(said(read(`${text}\n`))).toBe(expected);
  });

  test('an error knows its line, and sshd reads on to the end of the file where it only counts', () => {
    expect(read('# x\nPort\nBanner a b\nPort 0\nPort\n').errors).toMatchObject([
      { file: main, line: 2, text: 'Port', code: 'host/bad-config', sure: true },
      { line: 3, message: 'keyword Banner extra arguments at end of line' },
      { line: 4, message: 'Badly formatted port number.' },
    ]);
  });

  test('the lines that decide are told', () => {
    expect(read('Port 2222\nBanner x\nListenAddress 10.22.2.2\n').lines).toEqual([
      { keyword: 'port', file: main, line: 1, text: 'Port 2222' },
      { keyword: 'listenaddress', file: main, line: 3, text: 'ListenAddress 10.22.2.2' },
    ]);
  });
});

describe('Include', () => {
  const drop = '/etc/ssh/sshd_config.d';
  const include = 'Include /etc/ssh/sshd_config.d/*.conf\n';
  test.each([
    [
      'ports add up',
      `${include}Port 22\n`,
      { [`${drop}/a.conf`]: 'Port 2222\n' },
      '0.0.0.0:22 0.0.0.0:2222 [::]:22 [::]:2222',
    ],
    [
      'the first value wins, in lexical order',
      `${include}AddressFamily any\n`,
      { [`${drop}/b.conf`]: 'AddressFamily inet6\n', [`${drop}/a.conf`]: 'AddressFamily inet\n' },
      '0.0.0.0:22',
    ],
    [
      'a relative path is under /etc/ssh',
      'Include sshd_config.d/a.conf\n',
      { [`${drop}/a.conf`]: 'Port 2222\n' },
      both(2222),
    ],
    [
      'several in a line',
      `Include ${drop}/b.conf ${drop}/a.conf\n`,
      { [`${drop}/a.conf`]: 'Port 1\n', [`${drop}/b.conf`]: 'Port 2\n' },
      '0.0.0.0:1 0.0.0.0:2 [::]:1 [::]:2',
    ],
    [
      'names that do not fit and hidden ones are left alone',
      include,
      {
        [`${drop}/a.conf`]: '',
        [`${drop}/a.bak`]: 'Port 1\n',
        [`${drop}/.b.conf`]: 'Port 2\n',
        [`${drop}/x/c.conf`]: 'Port 3\n',
      },
      both(22),
    ],
    ['a Match ends with its file', `${include}Port 2222\n`, { [`${drop}/a.conf`]: 'Match user x\n' }, both(2222)],
    [
      'within a Match nothing listens',
      `Match user x\n${include}`,
      { [`${drop}/a.conf`]: 'Match all\nPort 1\n' },
      "stops: Directive 'Port' is not allowed within a Match block",
    ],
    ['a file that includes itself', `Include ${main}\n`, {}, 'stops: Too many recursive configuration includes'],
    [
      'files that include one another very often',
      `${'Include a b\n'.repeat(9)}`,
      {
        '/etc/ssh/a': 'Include b b b b b b b b\n',
        '/etc/ssh/b': 'Include c c c c c c c c\n',
        '/etc/ssh/c': 'Include d d d d d d d d\n',
        '/etc/ssh/d': '\n'.repeat(100),
      },
      'unknown: the configuration is longer than is read',
    ],
    [
      'a file that is not in the evidence',
      'Include /etc/crypto-policies/back-ends/opensshserver.config\n',
      {},
      'unknown: /etc/crypto-policies/back-ends/opensshserver.config, which line 1 of /etc/ssh/sshd_config includes, is not in the evidence',
    ],
    [
      'a pattern of which nothing is in the evidence',
      include,
      {},
      'unknown: /etc/ssh/sshd_config.d/*.conf, which line 1 of /etc/ssh/sshd_config includes, is not in the evidence',
    ],
  ])('%s', (_, text, more, expected) => {
    expect(said(read(text, more))).toBe(expected);
  });

  test('a pattern that is known to fit nothing, and a file that may not be read', () => {
    expect(said(read(include, {}, { absent: new Set([`${drop}/*.conf`]) }))).toBe(both(22));
    const unread = new Set([`${drop}/50-cloud-init.conf`]);
    expect(said(read(include, { [`${drop}/a.conf`]: 'Port 1\n' }, { unread }))).toBe(
      `unknown: ${drop}/50-cloud-init.conf could not be read`,
    );
  });

  test.each([
    ['/a/*.conf', ['/a/b.conf', '/a/.conf', '/a/b/c.conf', '/a/z.conf'], ['/a/b.conf', '/a/z.conf']],
    ['/a/[0-4]*-?.conf', ['/a/10-x.conf', '/a/50-x.conf', '/a/1-xx.conf'], ['/a/10-x.conf']],
    ['/a/[!0-4]*', ['/a/10', '/a/50'], ['/a/50']],
    ['/a/x[', ['/a/x[', '/a/x'], ['/a/x[']],
    ['/a/\\*', ['/a/*', '/a/b'], ['/a/*']],
    ['/a/*a*a*a*b', [`/a/${'a'.repeat(5000)}`], []],
  ])('the pattern %s', (pattern, paths, found) => {
    expect(filesOf(pattern, paths)).toEqual(found);
  });
});

describe('the command line', () => {
  const config = 'Port 22\nListenAddress 10.22.2.3\nListenAddress 10.22.2.2:2300\n';
  test.each([
    [['-D'], '10.22.2.2:2300 10.22.2.3:22'],
    [['-p', '2200'], '10.22.2.2:2300 10.22.2.3:2200'],
    [['-Dp2200'], '10.22.2.2:2300 10.22.2.3:2200'],
    [['-o', 'Port=88'], '10.22.2.2:2300 10.22.2.3:22 10.22.2.3:88'],
    [['-p2200', '-oPort=88'], '10.22.2.2:2300 10.22.2.3:2200'],
    [['-4'], '10.22.2.2:2300 10.22.2.3:22'],
    [['-6'], 'stops: bad addr or host: 10.22.2.3 (Address family for hostname not supported)'],
    [['-i'], ''],
    [['-p', 'x y'], 'stops: Bad port number.'],
    [['-f', '/etc/other'], 'unknown: /etc/other is not in the evidence'],
  ])('%j', (words, expected) => {
    expect(said(read(config, {}, { arguments: words }))).toBe(expected);
  });

  test.each([
    [
      'sshd: /usr/sbin/sshd -D -e -f /dev/null -o Port 22 -o MaxStartups 3 [listener] 3 of 3-3 startups',
      ['-D', '-e', '-f', '/dev/null', '-o', 'Port 22', '-o', 'MaxStartups 3'],
    ],
    ['/usr/sbin/sshd -D', ['-D']],
    ['/usr/sbin/sshd', []],
    ['sshd: root@pts/0', undefined],
    ['sshd: joe [priv]', undefined],
    ['/usr/sbin/sshd-session -R', undefined],
    ['nginx: master', undefined],
  ])('the title %s', (title, words) => {
    expect(argumentsOfTitle(title)).toEqual(words);
  });

  test('variables of the distributions', () => {
    expect(argumentsOfVariables('# SSHD_OPTS=-p1\nSSHD_OPTS="-p 2222"\n')).toEqual(['-p', '2222']);
    expect(argumentsOfVariables('OPTIONS=-4\n')).toEqual(['-4']);
  });
});

test('a bundle gives the files, what is absent, and the arguments of the next start', () => {
  const config = configuredSshd(
    givenBundle({
      [`file ${main}`]: 'Include /etc/ssh/sshd_config.d/*.conf\n',
      'file /etc/ssh/sshd_config.d/*.conf': { outcome: 'absent', status: 1 },
      'file /etc/default/ssh': 'SSHD_OPTS="-p 2222"\n',
      'unit ssh.service':
        'LoadState=loaded\nExecStart={ path=/usr/sbin/sshd ; argv[]=/usr/sbin/sshd -D $SSHD_OPTS ; ignore_errors=no ; pid=0 }\n',
    }),
  );
  expect(said(config)).toBe(both(2222));
  expect(said(configuredSshd(givenBundle({})))).toBe(`unknown: ${main} is not in the evidence`);
  expect(said(configuredSshd(givenBundle({ [`file ${main}`]: { outcome: 'cut', stdout: 'Port 1\n' } })))).toContain(
    'unknown',
  );
});

test('hostile configurations take no long', () => {
  const started = performance.now();
  read(`Port ${'"a" '.repeat(200_000)}\n`);
  read(`${'\\"'.repeat(500_000)}\n${' '.repeat(1_000_000)}x\nMatch ${'user '.repeat(200_000)}\n`);
  read('Port 22 23\n'.repeat(50_000));
  expect(performance.now() - started).toBeLessThan(8000);
});

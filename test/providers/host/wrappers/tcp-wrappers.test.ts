import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { tcpWrappersOf } from '../../../../providers/host/wrappers/bundle-wrappers.js';
import { libwrapLinked } from '../../../../providers/host/wrappers/libwrap.js';
import { parseTcpWrappers, wrapperFilter } from '../../../../providers/host/wrappers/tcp-wrappers.js';
import { type Address, formatAddress, parseAddress } from '../../../../src/set/index.js';
import { givenBundle } from '../../../support/host/given-bundle.js';
import { runs } from '../../../support/runs.js';
import { outcomes } from './verdict.js';

const rulesOf = (deny: string, allow = '', more = {}) => parseTcpWrappers({ allow, deny, ...more });
const denied = (deny: string, client: string, allow = '', more = {}) =>
  outcomes(rulesOf(deny, allow, more), client).join(' or ');

describe('hosts.allow and hosts.deny, as tcpdmatch of Debian 12 judges them', () => {
  test.each([
    ['sshd: 10.22.1.2', '10.22.1.2', 'deny'],
    ['sshd: 10.22.1.2', '10.22.1.3', 'allow'],
    ['sshd: 10.22.1.', '10.22.1.2', 'deny'],
    ['sshd: 10.22.1', '10.22.1.2', 'allow'],
    ['sshd: 10.22.1.0/24', '10.22.1.9', 'deny'],
    ['sshd: 10.22.1.2/24', '10.22.1.2', 'allow'],
    ['sshd: 10.22.1.0/255.255.255.0', '10.22.1.2', 'deny'],
    ['sshd: 10.22.1.2/32', '10.22.1.2', 'deny'],
    ['sshd: 10.22.1.2/255.255.255.255', '10.22.1.2', 'allow'],
    ['sshd: 0.0.0.0/0', '10.22.1.2', 'allow'],
    ['sshd: 0.0.0.0/0.0.0.0', '10.22.1.2', 'deny'],
    ['sshd: 10.0.1.0/255.0.255.0', '10.22.1.2', 'allow or deny'],
    ['sshd: 10.22/16', '10.22.1.2', 'allow'],
    ['sshd: 010.022.0.0/16', '8.18.1.2', 'deny'],
    ['sshd: 10.22.1.*', '10.22.1.2', 'deny'],
    ['sshd: 10.22.*.2', '10.22.7.2', 'deny'],
    ['sshd: 10.22.1.?', '10.22.1.12', 'allow'],
    ['sshd: *', 'fd22:1::2', 'deny'],
    ['sshd: fd*', 'fd22:1::2', 'allow or deny'],
    ['sshd: .2', '10.22.1.2', 'allow or deny'],
    ['sshd: [fd22:1::2]', 'fd22:1::2', 'deny'],
    ['sshd: [FD22:1:0::2]', 'fd22:1::2', 'deny'],
    ['sshd: fd22:1::2', 'fd22:1::2', 'allow'],
    ['sshd: [fd22:1::]/64', 'fd22:1::2', 'deny'],
    ['sshd: [fd22:1::5]/64', 'fd22:1::2', 'deny'],
    ['sshd: [fd22:1::/64]', 'fd22:1::2', 'allow'],
    ['sshd: [fd22:1::3]/x', '2001:db8::1', 'deny'],
    ['sshd: [10.22.1.2]', '10.22.1.2', 'allow'],
    ['sshd: ALL EXCEPT 10.22.1.0/24', '10.22.1.2', 'allow'],
    ['sshd: ALL EXCEPT ALL EXCEPT 10.22.1.2', '10.22.1.2', 'deny'],
    ['ALL EXCEPT sshd: ALL', '10.22.1.2', 'allow'],
    ['SSHD: all', '10.22.1.2', 'deny'],
    ['ssh*: ALL', '10.22.1.2', 'deny'],
    ['ssh: ALL', '10.22.1.2', 'allow'],
    ['vsftpd, sshd : 10.22.1.2, 10.22.1.3', '10.22.1.3', 'deny'],
    ['sshd: LOCAL', '10.22.1.2', 'allow or deny'],
    ['sshd: UNKNOWN', '10.22.1.2', 'allow or deny'],
    ['sshd: .example.org', '10.22.1.2', 'allow or deny'],
    ['sshd: ALL EXCEPT .example.org', '10.22.1.2', 'allow or deny'],
    ['sshd: 10.22.1.3 #, 10.22.1.2', '10.22.1.2', 'deny'],
    ['sshd 10.22.1.2', '10.22.1.2', 'allow'],
    ['# sshd: ALL', '10.22.1.2', 'allow'],
    ['sshd: 10.22.1.3, \\\n 10.22.1.2', '10.22.1.2', 'deny'],
    ['sshd : 10.22.1.2 : allow', '10.22.1.2', 'allow'],
    ['sshd : 10.22.1.2 : spawn (echo x) : allow', '10.22.1.2', 'allow'],
    ['sshd : 10.22.1.2 : spawn (echo a\\:b) &', '10.22.1.2', 'deny'],
    ['sshd : 10.22.1.2 : twist /bin/echo no', '10.22.1.2', 'twist'],
    ['sshd : 10.22.1.2 : nonsense', '10.22.1.2', 'deny'],
    ['sshd : 10.22.1.2 : allow : spawn x', '10.22.1.2', 'deny'],
    ['sshd : 10.22.1.2 : aclexec /bin/true', '10.22.1.2', 'allow or deny'],
    ['sshd@10.22.2.2 : ALL', '10.22.1.2', 'allow or deny'],
    ['sshd: ALL@10.22.1.2', '10.22.1.2', 'deny'],
    ['sshd: joe@10.22.1.2', '10.22.1.2', 'allow or deny'],
    ['sshd: joe@10.22.1.2', '10.22.1.3', 'allow'],
    ['sshd: @admins', '10.22.1.2', 'allow or deny'],
    ['sshd: /etc/banned', '10.22.1.2', 'allow or deny'],
  ])('%s, from %s: %s', (line, client, expected) => {
    expect(denied(`${line}\n`, client)).toBe(expected);
  });

  test.each([
    ['hosts.allow wins over hosts.deny', 'sshd: ALL\n', 'sshd: 10.22.1.2\n', 'allow'],
    ['hosts.allow may deny', '', 'sshd: 10.22.1.2: deny\n', 'deny'],
    ['an option that is wrong denies in hosts.allow', '', 'sshd: 10.22.1.2: nonsense\n', 'deny'],
    ['an empty option is wrong', '', 'sshd: 10.22.1.2:\n', 'deny'],
    ['the first line that matches decides', 'sshd: ALL: allow\nsshd: ALL\n', '', 'allow'],
    ['CRLF', 'sshd: 10.22.1.2\r\n', '', 'deny'],
    ['a backslash at the end continues nothing, and denies everybody', 'foo: 1.1.1.1 \\', '', 'deny'],
    ['a line that is too long denies everybody', `foo: 1.1.1.1${' '.repeat(2040)}\n`, '', 'deny'],
    ['nothing', '', '', 'allow'],
  ])('%s', (_, deny, allow, expected) => {
    expect(denied(deny, '10.22.1.2', allow)).toBe(expected);
  });

  test('host#58: host bits in an IPv4 mask, and IPv6 without brackets, have no effect', () => {
    expect(denied('sshd: 10.22.1.2/24\n', '10.22.1.2')).toBe('allow');
    expect(denied('sshd: fd22:1::2\n', 'fd22:1::2')).toBe('allow');
  });

  test('hosts.deny without a newline at its end denies everybody who comes so far, where that is known', () => {
    const more = { denyEndsUnfinished: true } as const;
    expect(denied('foo: 1.1.1.1', '10.22.1.2', '', more)).toBe('deny');
    expect(denied('foo: 1.1.1.1', '10.22.1.2', 'sshd: 10.22.1.2\n', more)).toBe('allow');
    expect(denied('foo: 1.1.1.1', '10.22.1.2')).toBe('allow');
  });

  test('the address that was dialled, and files of patterns, settle what hangs on them', () => {
    const server = parseAddress('10.22.2.2');
    expect(denied('sshd@10.22.2. : ALL\n', '10.22.1.2', '', { server })).toBe('deny');
    expect(denied('sshd@10.22.3. : ALL\n', '10.22.1.2', '', { server })).toBe('allow');
    const patterns = (path: string) => (path === '/etc/banned' ? '10.22.1.2 10.22.7.\n' : undefined);
    expect(denied('sshd: /etc/banned\n', '10.22.1.2', '', { patterns })).toBe('deny');
    expect(denied('sshd: /etc/banned\n', '10.22.1.3', '', { patterns })).toBe('allow');
    const itself = () => '/etc/banned';
    expect(denied('sshd: /etc/banned\n', '10.22.1.3', '', { patterns: itself })).toBe('allow or deny');
  });

  test('a rule knows its file, its first line and its text', () => {
    expect(rulesOf('# x\n\nsshd : \\\n 10.22.1.2 \n')).toMatchObject([
      { file: '/etc/hosts.deny', line: 3, text: 'sshd :  10.22.1.2', action: 'deny' },
    ]);
  });
});

describe('a filter of the rules', () => {
  test('rejects with the reason that it is given, and what only may match is unknown', () => {
    const rules = rulesOf('sshd: 10.22.1.2 .example.org\n', 'sshd: 10.9.0.0/16 : aclexec /x\n');
    const filter = wrapperFilter(rules, ({ line }, action) => ({ code: `test/${action}`, data: { line: `${line}` } }));
    expect(filter.otherwise).toBe('allow');
    expect(filter.rules.map(({ action, peers, reason }) => [action, peers.known, reason?.code])).toEqual([
      ['allow', false, undefined],
      ['reject', false, 'test/deny'],
      ['reject', true, 'test/deny'],
      ['reject', false, 'test/deny'],
    ]);
  });
});

describe('in a bundle', () => {
  test('a file that is absent has no rules; one that may not be read may have any', () => {
    const allow = { outcome: 'absent' as const, status: 1 };
    expect(tcpWrappersOf(givenBundle({ 'file /etc/hosts.allow': allow, 'file /etc/hosts.deny': allow }))).toEqual([]);
    const deny = { outcome: 'denied' as const };
    const rules = tcpWrappersOf(givenBundle({ 'file /etc/hosts.allow': allow, 'file /etc/hosts.deny': deny }));
    expect(outcomes(rules, '10.22.1.2')).toEqual(['allow', 'deny']);
    expect(outcomes(tcpWrappersOf(givenBundle({})), '10.22.1.2')).toEqual(['allow', 'deny']);
  });

  const libc = '\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f29d4c1e000)\n';
  test.each([
    [
      'linked',
      { libwrap: `\tlibwrap.so.0 => /lib/x86_64-linux-gnu/libwrap.so.0 (0x00007f29d4c1e000)\n${libc}` },
      'yes',
    ],
    ['not linked', { libwrap: libc, 'sshd-version': 'OpenSSH_8.7p1, OpenSSL 3.0.7\n' }, 'no'],
    ['sshd alone, where sshd-session would ask', { libwrap: libc, 'sshd-version': 'OpenSSH_9.9p1\n' }, 'unknown'],
    ['both', { libwrap: `/usr/sbin/sshd:\n${libc}/usr/libexec/openssh/sshd-session:\n${libc}` }, 'no'],
    ['no ldd', { libwrap: { outcome: 'absent' as const, status: 127 } }, 'unknown'],
    ['nothing', {}, 'unknown'],
    ['a static binary', { libwrap: '\tnot a dynamic executable\n', 'sshd-version': 'OpenSSH_8.7p1' }, 'unknown'],
  ])('%s', (_, records, linked) => {
    expect(libwrapLinked(givenBundle(records)).linked).toBe(linked);
  });
});

describe('against a plain reading of each line for each address', () => {
  const word = fc.constantFrom;
  const universe: Address[] = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => ({ family: 4, value: 0x0a160100 + n }));
  universe.push(...[0n, 1n, 2n, 3n].map((n): Address => ({ family: 6, value: (0xfd22n << 112n) + n })));

  /** Whether a word matches an address: by its text alone, one case after the other. */
  function fits(pattern: string, address: Address): boolean {
    const text = formatAddress(address);
    if (pattern === 'ALL') return true;
    if (pattern.endsWith('.')) return text.startsWith(pattern);
    const [net = '', length] = pattern.split('/');
    if (length === undefined)
      return pattern.replace(/^\[|\]$/g, '') === text && (address.family === 4 || pattern.startsWith('['));
    const base = parseAddress(net.replace(/^\[|\]$/g, ''));
    if (base === undefined || base.family !== address.family) return false;
    const shift = 2n ** BigInt((base.family === 4 ? 32 : 128) - Number(length));
    const isNetwork = base.family === 6 || BigInt(base.value) % shift === 0n;
    return isNetwork && BigInt(base.value) / shift === BigInt(address.value) / shift;
  }

  function listFits(words: readonly string[], matches: (word: string) => boolean): boolean {
    const at = words.indexOf('EXCEPT');
    const head = at < 0 ? words : words.slice(0, at);
    return head.some(matches) && !(at >= 0 && listFits(words.slice(at + 1), matches));
  }

  type Line = readonly [daemons: readonly string[], clients: readonly string[], option: string];
  function judge(allow: readonly Line[], deny: readonly Line[], address: Address): string {
    for (const [file, lines] of [
      ['allow', allow],
      ['deny', deny],
    ] as const) {
      for (const [daemons, clients, option] of lines) {
        const isOurs = listFits(daemons, (name) => name === 'sshd' || name === 'ALL');
        if (isOurs && listFits(clients, (name) => fits(name, address))) return option === '' ? file : option;
      }
    }
    return 'allow';
  }

  const client = word(
    'ALL',
    '10.22.1.',
    '10.22.1.2',
    '10.22.1.5',
    '10.22.1.4/30',
    '10.22.1.5/30',
    '10.22.1.0/29',
    '[fd22::]/127',
    '[fd22::3]',
    '[fd22::3]/127',
    'EXCEPT',
    'EXCEPT',
  );
  const line = fc.tuple(
    fc.array(word('sshd', 'ALL', 'vsftpd', 'EXCEPT'), { minLength: 1, maxLength: 3 }),
    fc.array(client, { minLength: 1, maxLength: 5 }),
    word('', '', 'allow', 'deny', 'twist'),
  );
  const textOf = (lines: readonly Line[]) =>
    lines
      .map(
        ([daemons, clients, option]) =>
          `${daemons.join(' ')} : ${clients.join(', ')}${option && ` : ${option}${option === 'twist' ? ' x' : ''}`}\n`,
      )
      .join('');

  test('every address fares the same', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 3 }), fc.array(line, { maxLength: 4 }), (allow, deny) => {
        const rules = rulesOf(textOf(deny), textOf(allow));
        for (const address of universe)
          expect([formatAddress(address), outcomes(rules, address)]).toEqual([
            formatAddress(address),
            [judge(allow, deny, address)],
          ]);
      }),
      runs(1000),
    );
  });
});

test('hostile files take no long', () => {
  const started = performance.now();
  rulesOf(`${'sshd:'.repeat(400_000)}\n${'sshd: 10.1.1.1\n'.repeat(20_000)}${'\\\n'.repeat(100_000)}`);
  rulesOf(`sshd: ${'1 EXCEPT '.repeat(200)}\nsshd: ${'*?'.repeat(900)}\nsshd: ${'*1'.repeat(30)} ${'?'.repeat(60)}\n`);
  const patterns = () => '10.1.1.1 *?*.5 '.repeat(50_000);
  outcomes(rulesOf('sshd: /x\n', '', { patterns }), '10.1.1.1');
  expect(performance.now() - started).toBeLessThan(8000);
});

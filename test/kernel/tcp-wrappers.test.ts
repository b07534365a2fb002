import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseTcpWrappers } from '../../providers/host/wrappers/tcp-wrappers.js';
import { parseAddress } from '../../src/set/index.js';
import { outcomes } from '../providers/host/wrappers/verdict.js';
import { debianTree } from '../support/kernel/debian-tree.js';
import { describeKernel, GATHER_AND_START_MS } from '../support/kernel/suite.js';
import { runs } from '../support/runs.js';

/** Inside the Debian tree, which is the root of what runs. */
const folder = `/tmp/port22-tcpd-${process.pid}`;
let tree = '';
beforeAll(async () => {
  tree = await debianTree('bookworm');
  mkdirSync(join(tree, folder), { recursive: true });
}, GATHER_AND_START_MS);
afterAll(() => rmSync(join(tree, folder), { recursive: true, force: true }));

const word = fc.constantFrom;
const octet = word('10', '22', '1', '2', '0', '12', '255', '010', '256', '*', '?', '');
const ipv4Word = fc.oneof(
  { weight: 3, arbitrary: word('10.22.1.2', '10.22.1.', '10.22.', '10.', '10.22.1.0/24', '10.22.0.0/255.255.0.0') },
  fc.array(octet, { minLength: 1, maxLength: 5 }).map((octets) => octets.join('.')),
  fc
    .tuple(
      word('10.22.1.0', '10.22.1.2', '10.0.0.0', '0.0.0.0', '10.22.0.0', '10.22.1', '012.026.1.0', '0x0a.22.1.0'),
      word(
        '24',
        '8',
        '0',
        '32',
        '33',
        '255.255.255.0',
        '255.255.255.255',
        '0.0.0.0',
        '255.0.255.0',
        '016',
        '24x',
        '+24',
        '-1',
        '',
        '0x18',
        ' ',
      ),
    )
    .map(([net, mask]) => `${net}/${mask}`),
);
const ipv6Word = fc.oneof(
  word(
    '[fd22:1::2]',
    '[FD22:1::2]',
    '[fd22:1:0:0::2]',
    '[fd22:1::3]',
    'fd22:1::2',
    '[fd22::2',
    'fd22*',
    '[::ffff:10.22.1.2]',
  ),
  fc
    .tuple(
      word('fd22:1::', 'fd22:1::2', 'fd23::', '::', 'fd22:1:8000::'),
      word('64', '0', '128', '33', '129', '-1', 'x', ''),
    )
    .map(([net, length]) => `[${net}]/${length}`),
);
const client = fc.oneof(
  { weight: 4, arbitrary: ipv4Word },
  { weight: 3, arbitrary: ipv6Word },
  word(
    'ALL',
    'all',
    'KNOWN',
    'LOCAL',
    'UNKNOWN',
    '.1.2',
    '.2',
    'host.example',
    '[10.22.1.2]',
    '#',
    '@group',
    'ALL@10.22.1.2',
    'joe@10.22.',
  ),
);
const separator = word(' ', ', ', ',', '\t', ' \\\n ', '\\\n');
const list = (member: fc.Arbitrary<string>) =>
  fc
    .array(fc.tuple(fc.oneof({ weight: 6, arbitrary: member }, word('EXCEPT', 'except')), separator), {
      minLength: 1,
      maxLength: 5,
    })
    .map((members) => members.flat().join(''));
const daemon = fc.oneof(
  { weight: 4, arbitrary: word('sshd', 'ALL') },
  word(
    'SSHD',
    'ssh',
    'ssh*',
    'ss?d',
    'vsftpd',
    '.hd',
    'KNOWN',
    'sshd@10.22.2.2',
    'sshd@10.22.3.',
    'sshd@ALL',
    '[sshd]',
  ),
);
const option = word(
  'allow',
  'deny',
  'ALLOW',
  'spawn x',
  'twist echo',
  'foo',
  '',
  'severity auth.info',
  'nice',
  'umask 8',
  'banners /x',
  'spawn x \\: deny',
  'allow yes',
  'user root',
);
const line = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(list(daemon), list(client), fc.array(option, { maxLength: 2 }))
      .map(([daemons, clients, options]) => [daemons, clients, ...options].join(':')),
  },
  word('# sshd: ALL', ' # sshd: ALL', 'sshd ALL', '', '  ', 'sshd: ALL \\', `sshd: 10.22.1.2${' '.repeat(2040)}`),
);
const file = fc.tuple(fc.array(line, { maxLength: 4 }), fc.boolean());
const clients = [
  '10.22.1.2',
  '10.22.1.12',
  '10.22.0.1',
  '10.2.1.2',
  '8.22.1.0',
  '255.1.1.2',
  'fd22:1::2',
  'fd22:1:8000::5',
  '2001:db8::10',
];
const server = '10.22.2.2';

const said = { granted: 'allow', denied: 'deny', delegated: 'twist' } as const;

function tcpdmatch(address: string): string {
  // With -d it takes the files of the folder that it is run in.
  const script = 'cd "$0" && exec tcpdmatch -d "$@"';
  const { stdout } = spawnSync('chroot', [tree, 'sh', '-c', script, folder, `sshd@${server}`, address], {
    encoding: 'utf8',
  });
  const words = /^access:\s+(\w+)/m.exec(stdout)?.[1] ?? 'nothing';
  return Object.entries(said).find(([name]) => name === words)?.[1] ?? words;
}

describeKernel('hosts.allow and hosts.deny, against tcpdmatch', () => {
  test('random files are judged as libwrap judges them', () => {
    const tally = { sure: 0, unsure: 0 };
    const address = parseAddress(server);
    fc.assert(
      fc.property(file, file, word(...clients), ([allowLines, allowEnds], [denyLines, denyEnds], from) => {
        const allow = allowLines.map((text) => `${text}\n`).join('');
        const deny = denyLines.map((text) => `${text}\n`).join('');
        const unfinished = !denyEnds && /[^\n]\n$/.test(deny);
        writeFileSync(join(tree, folder, 'hosts.allow'), allowEnds ? allow : `${allow}sshd: 10.22.1.2\n`);
        writeFileSync(join(tree, folder, 'hosts.deny'), unfinished ? deny.slice(0, -1) : deny);
        const rules = parseTcpWrappers({
          allow: allowEnds ? allow : `${allow}sshd: 10.22.1.2\n`,
          deny,
          ...(address && { server: address }),
          ...(unfinished && { denyEndsUnfinished: true }),
        });
        const possible = outcomes(rules, from);
        if (possible.length === 1) tally.sure++;
        else tally.unsure++;
        expect(possible).toContain(tcpdmatch(from));
      }),
      runs(1500),
    );
    expect(tally.sure).toBeGreaterThan(tally.unsure);
  });
});

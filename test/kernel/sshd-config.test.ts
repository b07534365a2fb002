import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { boundText } from '../../providers/host/sockets/listens-on.js';
import { readSshdConfig } from '../../providers/host/sshd/sshd-config.js';
import { debianTree } from '../support/kernel/debian-tree.js';
import { describeKernel, GATHER_AND_START_MS } from '../support/kernel/suite.js';
import { runs } from '../support/runs.js';

/** Inside the Debian tree, which is the root of everything that runs. */
const folder = `/tmp/port22-sshd-${process.pid}`;
let tree = '';
const drops = join(folder, 'drop.d');
/** Without it `-T` stops at some Match blocks. It is nobody that they are about. */
const client = 'user=nobody,host=h.example,addr=192.0.2.1,laddr=192.0.2.2,lport=9';
const main = join(folder, 'sshd_config');
const key = join(folder, 'key');
beforeAll(async () => {
  tree = await debianTree('bookworm');
  mkdirSync(join(tree, drops), { recursive: true });
  mkdirSync(join(tree, 'run/sshd'), { recursive: true, mode: 0o755 });
  const made = spawnSync('chroot', [tree, 'ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key], {
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`no key could be made: ${made.stderr}`);
}, GATHER_AND_START_MS);
afterAll(() => rmSync(join(tree, folder), { recursive: true, force: true }));

const word = fc.constantFrom;
const keyword = word(
  'Port',
  'port',
  'PORT',
  '"Port"',
  'ListenAddress',
  'AddressFamily',
  'PermitRootLogin',
  'UseDNS',
  'Ciphers',
  'Banner',
);
const separator = word(' ', ' ', ' ', '=', ' = ', '\t', ' == ', '  ', '');
const value = fc.oneof(
  {
    weight: 4,
    arbitrary: word(
      '22',
      '2222',
      '"2200"',
      "'2201'",
      '02222',
      'ssh',
      '10.22.2.2',
      '10.22.2.3:2300',
      '0.0.0.0',
      '::',
      '[fd22:2::2]:2301',
      'fd22:2::2',
    ),
  },
  word(
    '0',
    '99999',
    '22,23',
    '+2222',
    ' ',
    '#',
    '""',
    '"22',
    '22#',
    '*',
    '*:99',
    '127.1',
    '10',
    '[10.22.2.2]',
    '[fd22::1',
    'fd22:2::2:2222',
    '10.22.2.2/24',
    ':22',
  ),
  word('inet', 'inet6', 'any', 'INET', 'yes', 'no', 'maybe', 'aes128-ctr', 'foo-cbc', '+aes128-ctr,3des-cbc', 'none'),
);
const tail = word('', '', '', '', ' # note', ' more', '\t', '\r', ' rdomain', '\f');
const line = fc.oneof(
  {
    weight: 10,
    arbitrary: fc
      .tuple(word('', '', '', ' ', '\t', '='), keyword, separator, value, tail)
      .map((parts) => parts.join('')),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(word('Port ', 'ListenAddress '), word('22', '2222', '10.22.2.2', '10.22.2.3:2300', 'fd22:2::2'))
      .map((parts) => parts.join('')),
  },
  word(
    `Include ${drops}/*.conf`,
    `Include ${drops}/a.conf ${drops}/[bc].conf`,
    `Include ${drops}/none*.conf`,
    `Include ${drops}/?.conf`,
    'Include "',
    'Include',
    `Include ${main}`,
  ),
  word(
    'Match user x',
    'Match all',
    'Match all # x',
    'Match user x all',
    'Match',
    'Match user',
    'Match foo x',
    'Match localport ssh',
    'Match localport z',
    'Match user "a b" host c',
  ),
  word(
    '',
    '#Port 22',
    '  # x',
    'Prot 22',
    'Po"rt 22',
    '\uFEFFPort 22',
    'Protocol 2',
    'RSAAuthentication yes',
    'Port',
    'Port ',
    'Foo "',
    'Subsystem sftp internal-sftp',
  ),
);
const text = fc.array(line, { maxLength: 4 }).map((lines) => lines.map((one) => `${one}\n`).join(''));
const args = fc.oneof(
  { weight: 3, arbitrary: fc.constant<string[]>([]) },
  fc
    .array(
      word(
        '-p 2200',
        '-p2201',
        '-oPort=88',
        '-o ListenAddress=10.22.2.9',
        '-4',
        '-6',
        '-oAddressFamily=inet',
        '-D',
        '-p 0',
      ),
      { maxLength: 2 },
    )
    .map((some) => some.flatMap((one) => one.split(' '))),
);

/** The sorted listenaddress lines of `sshd -T`, or nothing and its complaint. */
function effective(options: readonly string[]): { readonly lines: readonly string[]; readonly complaint: string } {
  const { status, stdout, stderr } = spawnSync(
    'chroot',
    [tree, '/usr/sbin/sshd', '-T', '-f', main, '-h', key, '-C', client, ...options],
    {
      encoding: 'utf8',
    },
  );
  const lines = status === 0 ? stdout.split('\n').filter((one) => one.startsWith('listenaddress ')) : [];
  return { lines: [...new Set(lines.map((one) => one.slice('listenaddress '.length)))].sort(), complaint: stderr };
}

describeKernel('sshd_config, against sshd -T', () => {
  test('random configurations bind what sshd says, or stop it', () => {
    const tally = { binds: 0, stops: 0, unknown: 0 };
    const config = fc.record({ config: text, a: text, b: text, options: args });
    fc.assert(
      fc.property(config, ({ config, a, b, options }) => {
        const files = new Map([
          [main, config],
          [join(drops, 'a.conf'), a],
          [join(drops, 'b.conf'), b],
        ]);
        for (const [path, content] of files) writeFileSync(join(tree, path), content);
        const { binds, errors } = readSshdConfig(files, {
          arguments: ['-f', main, ...options],
          absent: new Set([`${drops}/[bc].conf`, `${drops}/none*.conf`]),
        });
        const said = effective(options);
        if (!binds.known) {
          tally.unknown++;
          return;
        }
        tally[binds.binds.length > 0 ? 'binds' : 'stops']++;
        expect({ binds: binds.binds.map(boundText).sort(), errors }).toEqual({ binds: said.lines, errors });
        // The first error is in the words of sshd, where sshd did not stop before it at a name of no service, or of no host.
        const [first] = errors;
        const words = first?.message.replace('\uFEFF', '\\357\\273\\277') ?? '';
        if (!/port number|addr or host|missing/.test(said.complaint)) expect(said.complaint).toContain(words);
      }),
      runs(1500),
    );
    expect(tally.binds).toBeGreaterThan(tally.unknown);
    expect(tally.stops).toBeGreaterThan(100);
  });
});

import { Buffer } from 'node:buffer';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { decodeUserData } from '../../../../providers/host/first-boot/decode-user-data.js';

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64');
const config = '#cloud-config\nruncmd: [ufw enable]\n';
const script = '#!/bin/sh\nufw --force enable\n';

const message = (...parts: string[]) =>
  [
    'Content-Type: multipart/mixed; boundary="==x=="',
    'MIME-Version: 1.0',
    '',
    ...parts.flatMap((part) => ['--==x==', part]),
    '--==x==--',
    '',
  ].join('\r\n');

const rows: readonly [name: string, value: string | Uint8Array, kinds: readonly string[]][] = [
  ['cloud-config as text', config, ['cloud-config']],
  ['base64 of it', base64(config), ['cloud-config']],
  ['base64 twice', base64(base64(config)), ['cloud-config']],
  ['base64 twice and gzip', base64(base64(gzipSync(script))), ['script']],
  ['base64 with line ends', base64(config).replace(/(.{10})/g, '$1\n'), ['cloud-config']],
  ['gzip as bytes', gzipSync(config), ['cloud-config']],
  ['blanks before the first line', `\n  ${config}`, ['cloud-config']],
  ['first words in capitals', config.replace('cloud', 'CLOUD'), ['cloud-config']],
  ['a script', script, ['script']],
  ['a script behind a blank line, which the kernel does not run', `\n${script}`, ['ignored']],
  ['a boothook', '#cloud-boothook\n#!/bin/sh\nufw enable', ['boothook']],
  ['addresses to fetch', '#include\nhttps://example.com/a', ['unknown']],
  ['a template', `## template: jinja\n${config}`, ['unknown']],
  ['a part handler', '#part-handler\nimport x', ['unknown']],
  ['patches', '#cloud-config-jsonp\n[]', ['cloud-config']],
  [
    'an archive',
    '#cloud-config-archive\n- |\n  #!/bin/sh\n  true\n- type: text/cloud-config\n  content: "a: 1"\n- 7',
    ['script', 'cloud-config', 'ignored'],
  ],
  ['an archive that is none', '#cloud-config-archive\na: 1', ['unknown']],
  ['a blank in the first line', '# cloud-config\nruncmd: [ufw enable]', ['ignored']],
  ['a byte order mark', `\ufeff${config}`, ['ignored']],
  ['words', 'hello world', ['ignored']],
  ['Ignition', '{"ignition":{"version":"3.4.0"}}', ['unknown']],
  ['Talos', 'version: v1alpha1\nmachine: {}', ['unknown']],
  ['Windows', '<powershell>\nrestart\n</powershell>', ['unknown']],
  ['nothing', '', []],
  ['damaged gzip', gzipSync(config).subarray(0, 20), ['unknown']],
  [
    'a multipart message',
    message(`Content-Type: text/x-shellscript\r\n\r\n${script}`, `content-type: TEXT/cloud-config\r\n\r\na: 1`),
    ['script', 'cloud-config'],
  ],
  [
    'parts in base64 and gzip',
    message(`Content-Type: text/x-shellscript\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(gzipSync(script))}`),
    ['script'],
  ],
  ['parts told by their first words', message(`Content-Type: text/plain\r\n\r\n${config}`), ['cloud-config']],
  [
    'a message in a message',
    message(message(`Content-Type: text/plain\r\n\r\n${config}`).replaceAll('==x==', 'inner')),
    ['cloud-config'],
  ],
  [
    'a message without its last boundary',
    message(`Content-Type: text/plain\r\n\r\n${config}`).replace('--==x==--', ''),
    ['cloud-config'],
  ],
];

test.each(rows)('%s', (_, value, kinds) => {
  expect(decodeUserData(value).map(({ kind }) => kind)).toEqual(kinds);
});

test('host#85 a first line of "# cloud-config" is no cloud-config, and the part says why', () => {
  expect(decodeUserData('# cloud-config\nwrite_files: []')).toEqual([
    { kind: 'ignored', at: 'user data', why: expect.stringContaining('"#cloud-config"') },
  ]);
});

test('the names of scripts are those by which cloud-init orders them', () => {
  const parts = decodeUserData(
    message(
      `Content-Type: text/x-shellscript\r\nContent-Disposition: attachment; filename="z.sh"\r\n\r\n${script}`,
      `Content-Type: text/x-shellscript\r\n\r\n${script}`,
    ),
  );
  expect(parts).toMatchObject([
    { name: 'z.sh', at: 'user data part 1 (z.sh)' },
    { name: 'part-002', at: 'user data part 2' },
  ]);
});

describe('hostile data', () => {
  test('a bomb is left packed', () => {
    const bomb = gzipSync(new Uint8Array(64 * 1024 * 1024));
    expect(decodeUserData(bomb)).toEqual([{ kind: 'unknown', at: 'user data', why: 'it unpacks to more than 8 MiB' }]);
    expect(decodeUserData(gzipSync(gzipSync(gzipSync(script))))).toMatchObject([{ kind: 'script' }]);
  });

  test('gzip in gzip ends', () => {
    let bytes: Uint8Array = gzipSync(script);
    for (let layer = 0; layer < 20; layer++) bytes = gzipSync(bytes);
    expect(decodeUserData(bytes)).toMatchObject([{ kind: 'unknown' }]);
  });

  test('thousands of parts end in a doubt', () => {
    const parts = decodeUserData(
      message(...Array.from({ length: 5000 }, () => 'Content-Type: text/plain\r\n\r\n#!/bin/sh')),
    );
    expect(parts.length).toBeLessThan(600);
    expect(parts.at(-1)).toMatchObject({ kind: 'unknown', why: expect.stringContaining('500') });
  });

  test('aliases that grow are not followed', () => {
    const bomb = [
      '#cloud-config-archive',
      'a: &a [x,x]',
      ...[...'bcdefghijklmnop'].map(
        (letter, at) =>
          `${letter}: &${letter} [*${'abcdefghijklmnop'[at]},*${'abcdefghijklmnop'[at]},*${'abcdefghijklmnop'[at]}]`,
      ),
    ].join('\n');
    expect(decodeUserData(bomb)).toMatchObject([{ kind: 'unknown' }]);
  });

  test.each([
    '\0'.repeat(1e6),
    '['.repeat(5e5),
    `#cloud-config-archive\n${'- '.repeat(1e5)}`,
    `Mime-Version: 1.0\n${'a'.repeat(1e6)}`,
    ' '.repeat(1e6),
    'Content-Type: multipart/mixed\nMime-version: 1\n\n--\n',
  ])('no crash, row %#', (text) => {
    expect(Array.isArray(decodeUserData(text))).toBe(true);
  });
});

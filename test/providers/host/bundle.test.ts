import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseBundle } from '../../../providers/host/parse-bundle.js';

const HEAD = ['port22 host bundle 1', 'taken 1764390000', 'uid 0', 'port 22', 'client 203.0.113.7'];
const SOCKETS = ['> sockets', '$ ss -H -tlnpe', '|LISTEN 0 128 0.0.0.0:22', '|LISTEN 0 128 [::]:22', '< ran 0'];
const NFT = ['> nft-json', '$ nft -j list ruleset', '!Operation not permitted (you must be root)', '< ran 255'];
const HOSTS = ['> file /etc/hosts.deny', '$ cat /etc/hosts.deny', '< absent'];
const END = 'port22 end of bundle';
const LINES = [...HEAD, '', ...SOCKETS, '', ...NFT, '', ...HOSTS, '', END];
const WHOLE = `${LINES.join('\n')}\n`;

function read(text: string) {
  const { bundle, problems } = parseBundle(text);
  for (const problem of problems) {
    expect(problem).toEqual({
      severity: expect.stringMatching(/^(error|warning)$/),
      what: expect.stringMatching(/./),
      where: expect.stringMatching(/./),
      why: expect.stringMatching(/./),
      fix: expect.stringMatching(/./),
    });
  }
  return { bundle, problems, whats: problems.map(({ what }) => what) };
}

function recordOf(text: string, key: string) {
  return read(text).bundle?.records.get(key);
}

function bundleWith(...lines: string[]): string {
  return [...HEAD, ...lines, END, ''].join('\n');
}

describe('a bundle as the collector wrote it', () => {
  test('is read without a complaint', () => {
    const { bundle, problems } = read(WHOLE);
    expect(problems).toEqual([]);
    expect(bundle?.whole).toBe(true);
    expect(bundle?.takenAt).toBe(1_764_390_000_000);
    expect(Object.fromEntries(bundle?.records ?? [])).toEqual({
      uid: { key: 'uid', command: '', outcome: 'ran', status: 0, stdout: '0\n', stderr: '' },
      port: { key: 'port', command: '', outcome: 'ran', status: 0, stdout: '22\n', stderr: '' },
      client: { key: 'client', command: '', outcome: 'ran', status: 0, stdout: '203.0.113.7\n', stderr: '' },
      sockets: {
        key: 'sockets',
        command: 'ss -H -tlnpe',
        outcome: 'ran',
        status: 0,
        stdout: 'LISTEN 0 128 0.0.0.0:22\nLISTEN 0 128 [::]:22\n',
        stderr: '',
      },
      'nft-json': {
        key: 'nft-json',
        command: 'nft -j list ruleset',
        outcome: 'ran',
        status: 255,
        stdout: '',
        stderr: 'Operation not permitted (you must be root)\n',
      },
      'file /etc/hosts.deny': {
        key: 'file /etc/hosts.deny',
        command: 'cat /etc/hosts.deny',
        outcome: 'absent',
        stdout: '',
        stderr: '',
      },
    });
  });

  test.each(['absent', 'denied', 'timed-out', 'cut'] as const)('a command may be %s', (outcome) => {
    const record = recordOf(bundleWith('> x', '$ x', '|a', `< ${outcome}`), 'x');
    expect(record).toEqual({ key: 'x', command: 'x', outcome, stdout: 'a\n', stderr: '' });
  });

  test('a tool that printed nothing is not one that is absent', () => {
    expect(recordOf(bundleWith('> x', '$ x', '< ran 0'), 'x')).toMatchObject({ outcome: 'ran', status: 0, stdout: '' });
  });

  test('content is kept to the letter, whatever it looks like', () => {
    const content = ['> sockets', '< ran 0', END, 'port22 host bundle 1', '  indented', 'blanks  ', '', '|', '\ttab'];
    const record = recordOf(bundleWith('> x', '$ x', ...content.map((line) => `|${line}`), '< ran 0'), 'x');
    expect(record?.stdout).toBe(`${content.join('\n')}\n`);
  });

  test('a carriage return of the content comes back', () => {
    expect(recordOf(bundleWith('> x', '$ x', '|Port 22\u240d', '< ran 0'), 'x')?.stdout).toBe('Port 22\r\n');
  });

  test.each(['taken', 'taken x', 'taken -1', 'taken 999999999999', 'taken 1e9'])('%s tells no time', (line) => {
    expect(read(`port22 host bundle 1\n${line}\n${END}\n`).bundle).not.toHaveProperty('takenAt');
  });

  test('a key that nobody knows is a record like another', () => {
    expect(recordOf(bundleWith('> __proto__', '$ x', '|a', '< ran 0'), '__proto__')?.stdout).toBe('a\n');
  });
});

describe('a record that is there twice', () => {
  test('counts the second time: the collector asked in another way', () => {
    const first = ['> sshd-effective', '$ sshd -G', '!unknown option -- G', '< ran 1'];
    const text = bundleWith(...first, '> sshd-effective', '$ sshd -T', '|port 22', '< ran 0');
    expect(recordOf(text, 'sshd-effective')).toMatchObject({ command: 'sshd -T', stdout: 'port 22\n', status: 0 });
    expect(read(text).problems).toEqual([]);
  });

  test('is told where the first had an answer', () => {
    const text = bundleWith(...SOCKETS, '> sockets', '$ ss', '|other', '< ran 0');
    expect(recordOf(text, 'sockets')?.stdout).toBe('other\n');
    expect(read(text).problems).toMatchObject([{ what: '1 record of the bundle came twice', where: 'sockets' }]);
  });
});

describe('what a serial console does to a bundle', () => {
  const wanted = read(WHOLE).bundle;

  test.each([
    ['CR LF', WHOLE.replaceAll('\n', '\r\n')],
    ['CR CR LF', WHOLE.replaceAll('\n', '\r\r\n')],
    ['blanks behind each marker', LINES.map((line) => (/^[|!]/.test(line) ? line : `${line}   `)).join('\n')],
    ['empty lines between', LINES.join('\n\n')],
    ['no line end at the end', LINES.join('\n')],
    ['a byte order mark', `\ufeff${WHOLE}`],
    ['what was typed before', `login: root\r\nroot@web-1:~# sh collect.sh\r\n${WHOLE}`],
    ['the script that was pasted', `root@web-1:~# echo 'port22 host bundle 1'\n> main() (\n< /dev/null\n${WHOLE}`],
    ['a terminal that ends bracketed paste', `# sh collect.sh\r\n\u001b[?2004l\r${WHOLE}\u001b[?2004hroot@web-1:~# `],
    ['a prompt behind', `${WHOLE}root@web-1:~# exit\n> x\n|y\n`],
    ['noise before and behind', `\u0000\u0001\ufffd\n${WHOLE}\u0000\ufffd`],
    ['kernel messages between records', WHOLE.replaceAll('\n\n', '\n[   12.3] eth0: link up\n')],
  ])('%s changes nothing', (_, text) => {
    expect(read(text)).toMatchObject({ bundle: wanted, problems: [] });
  });

  test('a message of the kernel inside a record leaves nothing known of that record', () => {
    const text = WHOLE.replace('|LISTEN 0 128 [', '|LISTEN[   12.3] eth0: link up\n0 128 [');
    expect(recordOf(text, 'sockets')).toMatchObject({ outcome: 'cut' });
    expect(recordOf(text, 'sockets')).not.toHaveProperty('status');
    expect(recordOf(text, 'nft-json')).toMatchObject({ outcome: 'ran', status: 255 });
    expect(read(text).problems).toMatchObject([
      { severity: 'warning', what: '1 record of the bundle lost something', where: 'sockets' },
    ]);
  });

  test('a line that a terminal broke in two leaves nothing known of its record', () => {
    expect(recordOf(WHOLE.replace('128 0.0', '128 0.\n0'), 'sockets')).toMatchObject({ outcome: 'cut' });
  });

  test.each(['< ran', '< ran x', '< ran -1', '< ran 0 1', '< gone', '<ran 0'])('%s ends no record well', (ending) => {
    const text = bundleWith('> x', '$ x', '|a', ending, ...SOCKETS);
    expect(recordOf(text, 'x')).toMatchObject({ outcome: 'cut', stdout: 'a\n' });
    expect(recordOf(text, 'sockets')).toMatchObject({ outcome: 'ran' });
    expect(read(text).whats).toEqual(['1 record of the bundle lost something']);
  });

  test('where the lines between two records are lost, neither is known', () => {
    const text = LINES.filter((line) => line !== '< ran 0' && line !== '> nft-json').join('\n');
    expect(recordOf(text, 'sockets')).toMatchObject({ outcome: 'cut' });
    expect(read(text).bundle?.records.has('nft-json')).toBe(false);
    expect(read(text).whats).toEqual(['1 record of the bundle lost something']);
  });

  test('lines of a record whose name is lost are told, and are nobody else’s', () => {
    const text = WHOLE.replace('> nft-json', 'nft-j#');
    expect(recordOf(text, 'sockets')).toMatchObject({ outcome: 'ran', stderr: '' });
    expect(read(text).whats).toEqual(['2 lines of the bundle stand in no record']);
  });

  test('many damaged records are one complaint', () => {
    const records = Array.from({ length: 9 }, (_, index) => `> x${index}`);
    expect(read(bundleWith(...records)).problems).toMatchObject([
      { what: '9 records of the bundle lost something', where: 'x0, x1, x2, x3, x4 and 4 more' },
    ]);
  });
});

describe('a bundle that ends too early', () => {
  test.each(LINES.map((_, length) => length).slice(1))('after line %d', (length) => {
    const lines = LINES.slice(0, length);
    const { bundle, whats } = read(`${lines.join('\n')}\n`);
    expect(bundle?.whole).toBe(false);
    expect(whats[0]).toBe('the bundle has no end');
    for (const [key, record] of bundle?.records ?? []) {
      const begun = lines.indexOf(`> ${key}`);
      if (begun < 0) continue;
      const isWhole = lines.slice(begun).some((line) => line.startsWith('< '));
      expect({ key, cut: record.outcome === 'cut' }).toEqual({ key, cut: !isWhole });
    }
  });

  test('after any character, what is told of a record is what was recorded, or that it is cut', () => {
    const wanted = read(WHOLE).bundle?.records;
    for (let length = 0; length < WHOLE.length - 1; length += 1) {
      for (const [key, record] of read(WHOLE.slice(0, length)).bundle?.records ?? []) {
        if (record.outcome !== 'cut') expect(record).toEqual(wanted?.get(key));
        else expect([...(wanted?.keys() ?? [])]).toContain(key);
      }
    }
  });

  test('a record that the collector cut is told', () => {
    const text = bundleWith('> nft-json', '$ nft -j list ruleset', '|{"nftables": [', '< cut');
    expect(read(text).problems).toMatchObject([
      { what: '1 record of the bundle had more to say than the collector keeps', where: 'nft-json' },
    ]);
  });
});

describe('several bundles in one text', () => {
  const other = bundleWith('> x', '$ x', '< ran 0');

  test.each([
    ['the second, when both are whole', WHOLE + other, true],
    ['the second, when the first was stopped', WHOLE.slice(0, WHOLE.indexOf('< absent')) + other, true],
    ['the first, when the second was stopped', other + WHOLE.slice(0, WHOLE.indexOf(END)), true],
    ['the second, when both were stopped', `${HEAD[0]}\n> y\n${other.slice(0, other.indexOf(END))}`, false],
  ])('%s', (_, text, whole) => {
    const { bundle, whats } = read(text);
    expect([...(bundle?.records.keys() ?? [])]).toEqual(['uid', 'port', 'client', 'x']);
    expect(bundle?.whole).toBe(whole);
    expect(whats).toContain('the text holds 2 bundles');
  });
});

describe('what is no bundle', () => {
  test.each([
    ['an empty text', ''],
    ['white space', ' \n\n'],
    ['something else', '{"Reservations": []}'],
    ['the script itself', "#!/bin/sh\necho 'port22 host bundle 1'\n"],
    ['a bundle without its first line', LINES.slice(1).join('\n')],
    ['noise', '\u0000\u0001\u001b[2J\ufffd'.repeat(1000)],
  ])('%s', (_, text) => {
    expect(read(text)).toMatchObject({
      bundle: undefined,
      problems: [{ severity: 'error', what: 'this is no bundle of a host' }],
    });
  });

  test('UTF-16 is recognised, because PowerShell writes it', () => {
    const [problem] = read(Buffer.from(WHOLE, 'utf16le').toString('latin1')).problems;
    expect(problem?.fix).toMatch(/UTF-8/);
  });

  test.each([
    ['2', /a newer one/],
    ['17', /a newer one/],
    ['0', /collect it again/],
    ['1.5', /collect it again/],
    ['one', /collect it again/],
  ])('a bundle of the format %s', (format, fix) => {
    const { bundle, problems } = read(WHOLE.replace('bundle 1', `bundle ${format}`));
    expect(bundle).toBeUndefined();
    expect(problems).toMatchObject([
      { severity: 'error', what: expect.stringContaining(` ${format},`), fix: expect.stringMatching(fix) },
    ]);
  });

  test('beside one that can be read, a bundle of another format is told', () => {
    const { bundle, problems } = read(WHOLE + WHOLE.replace('bundle 1', 'bundle 2'));
    expect(bundle?.whole).toBe(true);
    expect(problems).toMatchObject([{ severity: 'warning', what: expect.stringContaining('format 2') }]);
  });
});

describe('a hostile text', () => {
  const size = 10_000_000;

  test.each([
    ['one long line before the bundle', 'x'.repeat(size)],
    ['one long line that is nearly a marker', `\u001b[${'1;'.repeat(size / 2)}`],
    ['one long line of content', `${HEAD[0]}\n> x\n|${'a'.repeat(size)}\n< ran 0\n${END}`],
    ['one long line of another sort', `${HEAD[0]}\n> x\n<${' '.repeat(size)}x\n${END}`],
    ['carriage returns', `${HEAD[0]}\n> x\n|${'\r'.repeat(size)}a${'\r'.repeat(size)}\n`],
    ['empty lines', `${HEAD[0]}\n${'\n'.repeat(size / 4)}`],
    ['beginnings of records', `${HEAD[0]}\n${'> x\n'.repeat(size / 20)}`],
    ['beginnings of bundles', `${HEAD[0]}\n`.repeat(size / 100)],
    ['content without a record', `${HEAD[0]}\n${'|\n'.repeat(size / 10)}`],
  ])('%s takes no time to speak of', (_, text) => {
    const began = performance.now();
    const { problems } = parseBundle(text);
    expect(performance.now() - began).toBeLessThan(5000);
    expect(JSON.stringify(problems).length).toBeLessThan(4000);
  });

  test('is read without a throw, and without a status where nothing ran', () => {
    const line = fc.oneof(
      fc.constantFrom(...LINES, '<', '>', '|', '!', '$', '< ran 0', '> a', '> b'),
      fc.string({ maxLength: 12 }),
      fc.string({ maxLength: 12, unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), fc.constantFrom('\n', '\r\n'), (lines, newline) => {
        const { bundle, problems } = parseBundle([HEAD[0], ...lines, ''].join(newline));
        expect(bundle !== undefined || problems.some(({ severity }) => severity === 'error')).toBe(true);
        for (const record of bundle?.records.values() ?? []) {
          expect(record.status !== undefined).toBe(record.outcome === 'ran');
        }
        if (bundle && !bundle.whole) expect(problems.length).toBeGreaterThan(0);
      }),
      { seed: 22, numRuns: 500 },
    );
  });
});

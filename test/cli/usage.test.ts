import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { f0 } from '../support/aws/fixture.js';
import { port22, problemsOf, recorded } from '../support/command.js';
import { tempFolder } from '../support/temp-folder.js';

const folder = tempFolder();
afterAll(() => folder.remove());
const used = recorded(f0().documents('cli'), folder.path, 'input');
const explain = ['explain', 'i-1', '--from', '203.0.113.5', '--in', used];

const commands = ['explain', 'audit', 'diff', 'fetch', 'collect', 'diagnose', 'probe', 'schema'] as const;

describe('help', () => {
  test.each(commands)('%s --help shows examples first, and the same as help %s', async (command) => {
    const { exitCode, out, err } = await port22([command, '--help']);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatch(new RegExp(`^port22 ${command} .*\n\nExamples\n {2}port22 `));
    for (const args of [
      [command, '-h'],
      ['help', command],
      ['--help', command],
      [command, 'x', '--help'],
    ]) {
      expect(await port22(args)).toEqual({ exitCode, out, err });
    }
  });

  test.each(['help', '--help', '-h'])('%s shows the commands, examples first', async (word) => {
    const { exitCode, out, err } = await port22([word]);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatch(/^port22 \d+\.\d+\.\d+: .*\n\nExamples\n {2}port22 explain /);
    for (const command of commands) expect(out).toMatch(new RegExp(`^ {2}${command} `, 'm'));
  });

  test('shows what it takes, and takes what it shows', async () => {
    for (const command of commands) {
      const { out } = await port22([command, '--help']);
      const { err } = await port22([command, '--no-such-option']);
      const taken = new Set(problemsOf(err)[0]?.why.match(/--[a-z-]+/g));
      const own = out.slice(out.indexOf('\n\n', out.indexOf('Examples\n')));
      for (const shown of own.match(/^ {2}--[a-z-]+/gm) ?? []) expect(taken).toContain(shown.trim());
      expect(taken).toContain('--help');
    }
  });

  test('keeps to 100 columns and shows no colours', async () => {
    for (const command of commands) {
      const { out } = await port22([command, '--help', '--color', 'always']);
      expect(out.split('\n').filter((line) => line.length > 100)).toEqual([]);
      expect(out).toMatch(/^[\n -~]*$/);
    }
  });

  test('port22 alone is told how it is used, which is no answer', async () => {
    const { exitCode, out, err } = await port22([]);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toBe((await port22(['--help'])).out);
  });

  test.each(['--version', '-v'])('%s', async (word) => {
    expect(await port22([word])).toEqual({ exitCode: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: '' });
  });
});

describe('misuse is answered in four parts', () => {
  test.each<[string, string[], { what: string; where?: string; fix?: string }]>([
    ['a command', ['explian'], { what: 'there is no command explian', fix: 'did you mean explain?' }],
    ['a command that is like none', ['destroy'], { what: 'there is no command destroy', fix: 'see port22 --help' }],
    ['help for no command', ['help', 'audits'], { what: 'there is no command audits', fix: 'did you mean audit?' }],
    ['an option before the command', ['--in', used, 'audit'], { what: 'there is no command --in' }],
    [
      'an option',
      [...explain, '--formt', 'json'],
      {
        what: 'port22 explain has no option --formt',
        where: '--formt',
        fix: 'did you mean --format or --from or --port?',
      },
    ],
    ['an option of another command', ['audit', '--from', '1.1.1.1'], { what: 'port22 audit has no option --from' }],
    [
      'an option that is none of the table',
      [...explain, '--constructor'],
      { what: 'port22 explain has no option --constructor' },
    ],
    [
      'a short option',
      [...explain, '-x'],
      { what: 'port22 explain has no option -x', fix: 'see port22 explain --help' },
    ],
    ['no value at the end', ['explain', 'i-1', '--from'], { what: '--from needs a value', where: '--from' }],
    ['no value before an option', ['explain', 'i-1', '--from', '--port', '22'], { what: '--from needs a value' }],
    [
      'a value of a switch',
      [...explain, '--quiet=yes'],
      { what: '--quiet takes no value', fix: 'write --quiet alone' },
    ],
    [
      'a format',
      [...explain, '--format', 'jsno'],
      { what: '--format cannot be jsno', where: '--format', fix: 'did you mean json?' },
    ],
    [
      'a format of audit',
      ['audit', '--in', used, '--format', 'xml'],
      { what: '--format cannot be xml', fix: 'use one of text, json' },
    ],
    [
      'an expectation',
      [...explain, '--expect', 'reachble'],
      { what: '--expect cannot be reachble', fix: 'did you mean reachable?' },
    ],
    ['partial as an expectation', [...explain, '--expect', 'partial'], { what: '--expect cannot be partial' }],
    [
      'a system',
      [...explain, '--client-os', 'linus'],
      { what: '--client-os cannot be linus', fix: 'did you mean linux?' },
    ],
    ['a way', [...explain, '--via', 'intrenet'], { what: '--via cannot be intrenet', fix: 'did you mean internet?' }],
    ['a colour', [...explain, '--color', 'sometimes'], { what: '--color cannot be sometimes', where: '--color' }],
    ['no target', ['explain', '--from', '203.0.113.5', '--in', used], { what: 'there is no target', where: 'TARGET' }],
    ['an empty target', ['explain', '', '--from', '203.0.113.5', '--in', used], { what: 'there is no target' }],
    [
      'two targets',
      ['explain', 'i-1', 'i-2', '--from', '203.0.113.5'],
      { what: 'there is more than one target: i-1 i-2' },
    ],
    ['no source', ['explain', 'i-1', '--in', used], { what: 'there is no source', where: '--from' }],
    [
      'no input',
      ['explain', 'i-1', '--from', '203.0.113.5'],
      { what: 'there is nothing to judge', fix: 'give --in PATH, --aws, --gcp or --azure' },
    ],
    ['no input of audit', ['audit'], { what: 'there is nothing to judge' }],
    ['a target of audit', ['audit', 'i-1', '--in', used], { what: 'audit takes no target, but found i-1' }],
    ['a schema', ['schema', 'reprot'], { what: 'there is no schema called reprot', fix: 'did you mean report?' }],
    [
      'no schema',
      ['schema'],
      { what: 'there is no name of a schema', fix: 'give one of report, policy, diff, probe, diagnosis, snapshot' },
    ],
    ['nowhere to fetch to', ['fetch', '--aws'], { what: 'there is no folder to write to', where: '--out' }],
    ['nothing to fetch from', ['fetch', '--out', join(folder.path, 'new')], { what: 'there is no cloud to ask' }],
    ['a folder with old answers', ['fetch', '--aws', '--out', used], { what: `${used} is not empty`, where: '--out' }],
    [
      'a file for a folder',
      ['fetch', '--aws', '--out', join(used, 'describe-vpcs.json')],
      { what: `${join(used, 'describe-vpcs.json')} cannot be used`, where: '--out' },
    ],
  ])('%s', async (_, args, problem) => {
    const { exitCode, out, err } = await port22(args);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(problemsOf(err)).toMatchObject([{ severity: 'cannot', ...problem }]);
  });

  test.each(['0', '65536', '-1', '22.5', '1e2', ' 22', '0x16', '99999999999', 'ssh', '٢٢', ''])(
    '--port=%s',
    async (port) => {
      for (const args of [explain, ['audit', '--in', used]]) {
        const { exitCode, out, err } = await port22([...args, `--port=${port}`]);
        expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
        const why = 'ports are whole numbers from 1 to 65535';
        expect(problemsOf(err)).toMatchObject([
          { what: expect.stringMatching(/ is not a TCP port$/), where: '--port', why },
        ]);
      }
    },
  );

  test('the limits of a port are ports', async () => {
    for (const port of ['1', '65535'])
      expect(await port22([...explain, '--port', port])).toMatchObject({ exitCode: 1 });
  });

  test('nothing is asked of a cloud when the call is wrong', async () => {
    const { err } = await port22(['explain', 'i-1', '--from', '203.0.113.5', '--aws', '--port', 'ssh']);
    expect(problemsOf(err)).toHaveLength(1);
  });
});

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { awsPermissions } from '../providers/aws/operations.js';
import { port22 } from './support/command.js';

const ROOT = join(__dirname, '..');
const README = 'README.md';
const PERMISSIONS = 'docs/aws-permissions.md';
const GUIDES = [
  README,
  'CONTRIBUTING.md',
  PERMISSIONS,
  'examples/three-tier/README.md',
  'examples/three-clouds/README.md',
  'examples/banned/README.md',
];

const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** What stands in the fenced blocks of one language. */
function fenced(file: string, language: string): string[] {
  return [...read(file).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, name, text = '']) =>
    name === language ? [text] : [],
  );
}

/** Holds a part of a document against what it ought to be; with UPDATE_DOCS=1 it is replaced instead. */
function hold(file: string, shown: string, due: string): void {
  if (process.env.UPDATE_DOCS !== '1') {
    expect(shown).toBe(due);
    return;
  }
  const updated = read(file).replace(shown, () => due);
  writeFileSync(join(ROOT, file), updated);
}

const PORT22 = /^(?:npx port22|node dist\/bin\/port22\.cjs) (.+)$/;

/** As a shell splits them: what stands in quotes is one. */
function wordsOf(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
}

/** What a terminal shows when the commands of a session are typed: `$ npx port22 ...`, and `$ echo $?` for an exit code. */
async function played(session: string): Promise<string> {
  let shown = '';
  let lastExitCode: number | undefined;
  for (const [line, command = ''] of session.matchAll(/^\$ (.+)\n/gm)) {
    shown += line;
    if (command === 'echo $?') {
      shown += `${lastExitCode}\n`;
      continue;
    }
    const [, words] = PORT22.exec(command) ?? [];
    if (words === undefined) throw new Error(`a console block holds commands of port22 only: ${command}`);
    const { exitCode, out, err } = await port22(wordsOf(words));
    shown += err + out;
    lastExitCode = exitCode;
  }
  return shown;
}

/** The calls of port22 that a document tells to type, each as its words. */
function callsIn(file: string): string[][] {
  const lines = fenced(file, 'sh').flatMap((text) => text.split('\n'));
  return lines.flatMap((line) => {
    const [, words] = PORT22.exec(line.replace(/\s(?:#|>|\||&&).*$/, '').trim()) ?? [];
    return words === undefined ? [] : [wordsOf(words)];
  });
}

describe(`${README} shows what is printed (UPDATE_DOCS=1 npm test -- test/docs.test.ts writes it anew)`, () => {
  test.each(fenced(README, 'console').map((session) => [session.split('\n')[0], session] as const))(
    '%s',
    async (_, session) => hold(README, session, await played(session)),
  );
});

test(`${PERMISSIONS} allows exactly what port22 asks (UPDATE_DOCS=1 writes it anew)`, () => {
  const policy = {
    Version: '2012-10-17',
    Statement: [{ Sid: 'Port22Reads', Effect: 'Allow', Action: awsPermissions(), Resource: '*' }],
  };
  const [shown = '', ...others] = fenced(PERMISSIONS, 'json');
  expect(others).toEqual([]);
  hold(PERMISSIONS, shown, `${JSON.stringify(policy, null, 2)}\n`);
});

describe.each(GUIDES)('%s', (file) => {
  test('tells to type what port22 understands', async () => {
    for (const words of callsIn(file)) {
      const { exitCode, err } = await port22([...words, '--help']);
      expect({ words, exitCode, err }).toEqual({ words, exitCode: 0, err: '' });
    }
  });

  test('names scripts and files that exist', () => {
    const text = read(file);
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, script = '']) => script);
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => join(dirname(file), link));
    const paths = [...text.matchAll(/`((?:src|providers|test|docs|\.ci|examples)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    expect([...links, ...paths].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

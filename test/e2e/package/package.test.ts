import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { tempFolder } from '../../support/temp-folder.js';

const ROOT = join(__dirname, '../../..');
const TSC = join(ROOT, 'node_modules/@typescript/native/bin/tsc');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

/** Someone else's program: an empty recording answers nothing, and says so instead of throwing. */
const CONSUMER = `
import { type Answer, audit, type Evidence, explain, type Problem } from 'port22';

const evidence: Evidence = { documents: [] };
const answer: Answer = explain(evidence, { target: 'i-0abc', from: '203.0.113.7', port: 22 });
const problems: readonly Problem[] = answer.problems;
const exitCode: 0 | 1 | 2 | 3 = answer.exitCode;
console.log(JSON.stringify({ exitCode, problem: problems[0]?.severity, audit: typeof audit(evidence, {}).exitCode }));
`;
const STRICT = {
  module: 'nodenext',
  target: 'es2023',
  lib: ['es2023', 'dom'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
};
const ANSWERED = { exitCode: 2, problem: 'error', audit: 'number' };

const folder = tempFolder();
afterAll(folder.remove);

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, args: readonly string[], cwd = folder.path): Outcome {
  const env = { ...process.env, npm_config_loglevel: 'error', NO_COLOR: '1' };
  return spawnSync(command, args, { cwd, env, encoding: 'utf8' });
}

function succeed(command: string, args: readonly string[], cwd?: string): string {
  const { status, stdout, stderr } = run(command, args, cwd);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}\n${stderr}`);
  return stdout;
}

/** The paths that `npm pack` puts into the tarball. */
let packed: string[];

beforeAll(() => {
  const [tarball] = JSON.parse(succeed('npm', ['pack', '--json', '--pack-destination', folder.path], ROOT)) as [
    { filename: string; files: { path: string }[] },
  ];
  packed = tarball.files.map((file) => file.path);
  folder.write({ 'package.json': '{ "private": true }' });
  succeed('npm', ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', tarball.filename]);
});

describe('the tarball', () => {
  test('holds what users need and nothing else', () => {
    const expected =
      /^(package\.json|README\.md|LICENSE|docs\/(aws|gcp|azure)-permissions\.md|dist\/bin\/(port22\.cjs|THIRD-PARTY-LICENSES\.txt)|dist\/(src|providers)\/.+\.(js|d\.ts)|dist\/providers\/host\/collect\.sh|policies\/(PulumiPolicy\.yaml|package\.json|dist\/(pack\.cjs|THIRD-PARTY-LICENSES\.txt)))$/;
    expect(packed.filter((path) => !expected.test(path))).toEqual([]);
    expect(packed).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'dist/bin/port22.cjs',
        'dist/providers/host/collect.sh',
        'dist/src/index.js',
        'dist/src/index.d.ts',
        'policies/PulumiPolicy.yaml',
        'policies/dist/pack.cjs',
      ]),
    );
  });

  test('names no path of the machine that made it', () => {
    const texts = packed.map((path) => readFileSync(join(folder.path, 'node_modules/port22', path), 'utf8'));
    expect(texts.filter((text) => text.includes(ROOT))).toEqual([]);
  });
});

describe('the command', () => {
  test('prints its version', () => {
    expect(succeed('npx', ['--no-install', 'port22', '--version']).trim()).toBe(version);
  });

  test('prints its help', () => {
    expect(succeed('npx', ['--no-install', 'port22', '--help'])).toMatch(/port22 explain .+--from/);
  });

  test.each(['explain', 'audit', 'fetch', 'schema', 'collect'])('prints the help of %s', (command) => {
    expect(succeed('npx', ['--no-install', 'port22', command, '--help'])).toContain(`port22 ${command}`);
  });

  test('prints the script that a host runs', () => {
    const script = succeed('npx', ['--no-install', 'port22', 'collect']);
    expect(script).toBe(readFileSync(join(ROOT, 'providers/host/collect.sh'), 'utf8'));
    expect(readFileSync(join(folder.path, 'node_modules/port22/dist/providers/host/collect.sh'), 'utf8')).toBe(script);
  });

  test('says what is wrong with its arguments, without a stack trace', () => {
    const { status, stdout, stderr } = run('npx', ['--no-install', 'port22', 'explan']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('explain');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('says that a full disk took no answer', () => {
    const { status, stderr } = run('sh', ['-c', 'npx --no-install port22 schema report > /dev/full']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^cannot {2}the result cannot be written\n {2}where {2}stdout\n {2}why {4}ENOSPC/);
  });

  test('ends in silence when its reader hangs up', () => {
    const piped = 'set -o pipefail; npx --no-install port22 schema report | true';
    expect(run('bash', ['-c', piped])).toEqual(expect.objectContaining({ status: 0, stderr: '' }));
  });
});

describe('the public API', () => {
  test.each(['cts', 'mts'])('type-checks in a strict project and runs, as a .%s file', (extension) => {
    folder.write({
      [`${extension}/consumer.${extension}`]: CONSUMER,
      [`${extension}/tsconfig.json`]: JSON.stringify({ compilerOptions: STRICT, files: [`consumer.${extension}`] }),
    });
    succeed(process.execPath, [TSC, '-p', `${extension}/tsconfig.json`]);
    const compiled = `${extension}/consumer.${extension.replace('ts', 'js')}`;
    expect(JSON.parse(succeed(process.execPath, [compiled]))).toEqual(ANSWERED);
  });

  test('refuses a misspelt option at compile time', () => {
    folder.write({
      'wrong.cts': "import { explain } from 'port22';\nexplain({ documents: [] }, { target: 'i-0abc', form: '::' });\n",
    });
    const { status, stdout } = run(process.execPath, [
      TSC,
      '--noEmit',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      'wrong.cts',
    ]);
    expect(status).not.toBe(0);
    expect(stdout).toContain("'form' does not exist");
  });

  test('loads no SDK', () => {
    const loaded = succeed(process.execPath, [
      '-p',
      "require('port22'); Object.keys(require.cache).filter((path) => /@aws-sdk|@smithy/.test(path)).length",
    ]);
    expect(loaded.trim()).toBe('0');
    expect(existsSync(join(folder.path, 'node_modules/@aws-sdk/client-ec2'))).toBe(true);
  });
});

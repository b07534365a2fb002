// Builds dist/: the library with its types by tsc, the command as one file by esbuild; and the policy pack as one file in policies/dist/.
// A failed build leaves the dist/ of before as it was.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stopWith } from './problem.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const STAMP = '.built-from';
/** Beside the pack's own package.json: Pulumi loads a pack from its folder, and publishes the folder. */
const PACK = 'policies/dist/pack.cjs';
/** What the command prints as it is: a file of dist/ for the library, and inside the one file of the command. */
const COLLECT = 'providers/host/collect.sh';
const SOURCES = [
  'src',
  'providers',
  'policies',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  '.ci/tsconfig.build.json',
  '.ci/build.mjs',
];

/** Packages so small that one file starts sooner with them inside; the others stay where npm put them. */
const BUNDLED = ['fflate', 'jsonc-parser', 'picocolors', 'yaml'];

/** Builds dist/ whatever is there; ends the process with a message when a tool fails. */
export async function build() {
  const digest = sourcesDigest();
  const fresh = join(ROOT, `dist.${process.pid}`);
  process.once('exit', () => rmSync(fresh, { recursive: true, force: true }));
  compileLibrary(fresh);
  mkdirSync(join(fresh, dirname(COLLECT)), { recursive: true });
  copyFileSync(join(ROOT, COLLECT), join(fresh, COLLECT));
  await bundleCommand(join(fresh, 'bin/port22.cjs'));
  await bundlePack(join(ROOT, PACK));
  writeFileSync(join(fresh, STAMP), digest);
  replaceDist(fresh);
}

/** Whether dist/ was built from the sources as they are now. */
export function isBuilt() {
  const stamp = join(ROOT, 'dist', STAMP);
  return existsSync(stamp) && existsSync(join(ROOT, PACK)) && readFileSync(stamp, 'utf8') === sourcesDigest();
}

/** Names, sizes and times of all sources in one hash, so that a removed file counts as a change too. */
function sourcesDigest() {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap(filesBelow)) {
    const { size, mtimeMs } = statSync(join(ROOT, file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function filesBelow(path) {
  const absolute = join(ROOT, path);
  if (!existsSync(absolute)) return [];
  if (!statSync(absolute).isDirectory()) return [path];
  return readdirSync(absolute, { recursive: true })
    .map((name) => join(path, name))
    .filter((file) => !file.startsWith('policies/dist') && statSync(join(ROOT, file)).isFile())
    .sort();
}

function compileLibrary(outDir) {
  const tsc = join(ROOT, 'node_modules/@typescript/native/bin/tsc');
  const project = join(ROOT, '.ci/tsconfig.build.json');
  const { status } = spawnSync(process.execPath, [tsc, '-p', project, '--outDir', outDir], { stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  stopWith({
    what: 'the library does not compile',
    where: 'the lines that tsc printed above',
    why: 'a package is only built from sources without a type error; dist/ is as it was before',
    fix: 'correct them, then run npm run build',
  });
}

async function bundleCommand(outfile) {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const external = Object.keys(dependencies).filter((name) => !BUNDLED.includes(name));
  const inputs = await bundle('src/cli/main.ts', outfile, external, {
    banner: { js: '#!/usr/bin/env node' },
    define: { COLLECT_SCRIPT: JSON.stringify(readFileSync(join(ROOT, COLLECT), 'utf8')) },
  });
  chmodSync(outfile, 0o755);
  writeFileSync(join(outfile, '../THIRD-PARTY-LICENSES.txt'), licencesOf(inputs));
}

/** No SDK of a cloud is in it, and none is loaded: Pulumi waits for the pack to start in every run. */
async function bundlePack(outfile) {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'policies/package.json'), 'utf8'));
  const inputs = await bundle('policies/pack.ts', outfile, Object.keys(dependencies), {});
  writeFileSync(join(outfile, '../THIRD-PARTY-LICENSES.txt'), licencesOf(inputs));
}

/** Puts a program into one file; answers of which files it is made. */
async function bundle(entry, outfile, external, more) {
  const { build: run } = await import('esbuild');
  const options = {
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external,
    // Node 20 loads a CommonJS package by import() twice as slowly as by require.
    supported: { 'dynamic-import': false },
    logLevel: 'warning',
    metafile: true,
    ...more,
  };
  const { metafile } = await run(options).catch(() =>
    stopWith({
      what: `${entry} cannot be put into one file`,
      where: 'the lines that esbuild printed above',
      why: `${entry}, or a file that it imports, cannot be read as it stands; dist/ is as it was before`,
      fix: 'correct them, then run npm run build',
    }),
  );
  const inputs = Object.keys(metafile.inputs);
  refuseUndeclared(inputs, entry);
  return inputs;
}

/** A package that is not in package.json is not left outside, and would travel inside the file unseen. */
function refuseUndeclared(inputs, entry) {
  const stranger = inputs.find(
    (input) => input.startsWith('node_modules/') && !BUNDLED.some((name) => input.startsWith(`node_modules/${name}/`)),
  );
  if (!stranger) return;
  stopWith({
    what: `${entry} uses ${stranger}`,
    where: 'an import below src/, providers/ or policies/',
    why: 'package.json does not list that package, so it is not pinned',
    fix: 'add it to the dependencies in its exact version, or do without it',
  });
}

function licencesOf(inputs) {
  const used = BUNDLED.filter((name) => inputs.some((input) => input.startsWith(`node_modules/${name}/`)));
  return used.map((name) => `${name}\n\n${licenceOf(name)}`).join('\n\n');
}

function licenceOf(name) {
  const folder = join(ROOT, 'node_modules', name);
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  return readFileSync(join(folder, file), 'utf8');
}

function replaceDist(fresh) {
  const dist = join(ROOT, 'dist');
  const old = `${fresh}.old`;
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();

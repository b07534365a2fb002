// Brings a clone into the state that the other scripts need: `node .ci/ready.mjs` installs what is missing,
// `node .ci/ready.mjs build` also builds what is out of date. Says one line on stderr for each step it takes.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, isBuilt } from './build.mjs';
import { stopWith } from './problem.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OLDEST_NODE = [20, 19];
const NO_NETWORK = /^(ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR)$/;

checkNode();
if (!isInstalled()) install();
if (process.argv[2] === 'build' && !isBuilt()) {
  say('building dist/ from the sources');
  await build();
}

function say(step) {
  process.stderr.write(`port22: ${step}\n`);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  stopWith({
    what: `node ${process.versions.node} is too old for port22`,
    where: process.execPath,
    why: `port22 needs node ${OLDEST_NODE.join('.')} or newer`,
    fix: 'install a newer node (https://nodejs.org/en/download), then run the same command again',
  });
}

/** Whether node_modules has every package of the lockfile in its version; packages for other systems may be absent. */
function isInstalled() {
  const record = `${ROOT}node_modules/.package-lock.json`;
  if (!existsSync(record)) return false;
  const wanted = packagesOf(`${ROOT}package-lock.json`);
  const present = packagesOf(record);
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    if (!present[path]) return optional === true;
    return present[path].version === version && existsSync(`${ROOT}${path}`);
  });
}

function packagesOf(lockfile) {
  return JSON.parse(readFileSync(lockfile, 'utf8')).packages;
}

function install() {
  say('installing packages (npm ci), once');
  const { status, error, stderr } = spawnSync('npm', ['ci', '--ignore-scripts', '--loglevel=error'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  const code = error?.code ?? /npm error code (\S+)/.exec(stderr)?.[1] ?? `status ${status}`;
  stopWith({
    what: 'the packages that port22 is built with could not be installed',
    where: `npm ci in ${ROOT}`,
    ...causeOf(code, stderr),
  });
}

function causeOf(code, stderr) {
  if (code === 'ENOENT' && !stderr) {
    return {
      why: 'there is no npm on the path',
      fix: 'install npm (Debian: apt-get install npm), then run the same command again',
    };
  }
  if (NO_NETWORK.test(code)) {
    return {
      why: `the package registry does not answer (${code})`,
      fix: 'connect to the network, or point npm at a registry you reach (npm config set registry URL), then run the same command again',
    };
  }
  if (code === 'ENOSPC') {
    return { why: 'the disk is full (the packages take 350 MB)', fix: 'make room, then run the same command again' };
  }
  process.stderr.write(stderr ?? '');
  return {
    why: `npm gave up (${code}); its own words are above`,
    fix: 'correct what npm names, then run the same command again',
  };
}

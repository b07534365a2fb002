import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.js';

const MODULE = join(__dirname, 'build');
const COMMAND = 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi';
const BUILD_MS = 20 * 60_000;

/** Go must be the one that is installed, and must take the modules that go.sum names and no others. */
const environment = {
  ...process.env,
  GOTOOLCHAIN: 'local',
  CGO_ENABLED: '0',
  GOFLAGS: '-mod=readonly -modcacherw -buildvcs=false -p=2',
};

/** The folder that holds `pulumi`, built once for each go.sum and version of Go. @throws when it cannot be built, with the reason */
export async function pulumiFolder(): Promise<string> {
  const version = (await go(['env', 'GOVERSION'])).trim();
  const sums = readFileSync(join(MODULE, 'go.sum'));
  const digest = createHash('sha256').update(sums).update(version).digest('hex').slice(0, 16);
  const home = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'port22', `pulumi-${digest}`);
  if (existsSync(join(home, 'pulumi'))) return home;

  process.stderr.write('port22: building the Pulumi engine, once; this takes some minutes\n');
  const fresh = `${home}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  try {
    const stamp = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${engineVersion()}`;
    await go(['build', '-trimpath', '-ldflags', `-s -w ${stamp}`, '-o', join(fresh, 'pulumi'), COMMAND]);
    rmSync(home, { recursive: true, force: true });
    renameSync(fresh, home);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return home;
}

function engineVersion(): string {
  const version = /pulumi\/pkg\/v3 (v\S+)/.exec(readFileSync(join(MODULE, 'go.mod'), 'utf8'))?.[1];
  if (version === undefined) throw new Error(`${MODULE}/go.mod does not name the engine`);
  return version;
}

async function go(parameters: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await run('go', parameters, {
    cwd: MODULE,
    env: environment,
    timeoutMs: BUILD_MS,
  });
  if (status === 0) return stdout;
  throw new Error(
    `THE ENGINE SUITE DID NOT RUN: there is no Pulumi engine to run it with\n` +
      `where: go ${parameters.join(' ')}\n` +
      `why: ${stderr.trim()}\n` +
      'fix: install Go 1.25 or newer (https://go.dev/dl) and let it reach a module proxy (GOPROXY), ' +
      'or do without this suite: PORT22_WITHOUT_ENGINE=1',
  );
}

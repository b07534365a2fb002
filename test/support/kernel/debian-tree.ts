import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from '../engine/run.js';

/** Debian 12 (OpenSSH 9.2, nftables 1.0.6) and Debian 13 (OpenSSH 10.0, nftables 1.1.3). */
export type Suite = 'bookworm' | 'trixie';

/** debootstrap takes no package for what it provides: polkitd, which firewalld needs, needs a logind, and that is libpam-systemd. */
const PACKAGES = [
  ...['systemd-sysv', 'dbus', 'procps', 'iproute2', 'python3-systemd', 'libpam-systemd'],
  ...['nftables', 'iptables', 'ipset', 'ufw', 'firewalld', 'fail2ban', 'tcpd'],
  ...['openssh-server', 'openssh-client', 'netcat-openbsd', 'haproxy', 'socat', 'busybox-static'],
];
const FETCH_MS = 120_000;
const GATHER_MS = 15 * 60_000;

/**
 * A Debian system in a folder of the user's cache, made once for each list of packages: nothing of it is started, and the machine
 * itself is not changed. It is read-only by agreement: containers lay a layer of their own over it.
 * @throws when it cannot be made, with the reason
 */
export async function debianTree(suite: Suite): Promise<string> {
  requireRoot();
  const digest = createHash('sha256')
    .update([suite, ...PACKAGES].join(' '))
    .digest('hex')
    .slice(0, 16);
  const cache = kernelCache();
  const home = join(cache, `${suite}-${digest}`);
  if (existsSync(home)) return home;

  process.stderr.write(`port22: gathering a Debian tree (${suite}), once; this takes some minutes\n`);
  const fresh = `${home}.${process.pid}`;
  const work = `${fresh}.work`;
  mkdirSync(work, { recursive: true });
  try {
    await gather(suite, fresh, work);
    if (!existsSync(home)) renameSync(fresh, home);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(work, { recursive: true, force: true });
  }
  return home;
}

/** Where trees are kept, and where containers mount theirs, each in a mount namespace of its own. */
export function kernelCache(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'port22', 'kernel');
}

function requireRoot(): void {
  if (process.platform !== 'linux') throw noLab(`namespaces on ${process.platform}`, 'only Linux has them');
  if (process.getuid?.() !== 0) throw noLab('namespaces and packet filters', 'only root may make them');
}

async function gather(suite: Suite, fresh: string, work: string): Promise<void> {
  const fetch = 'apt-get download -qq debootstrap debian-archive-keyring';
  await must('sh', ['-c', `${fetch} || { apt-get update -qq && ${fetch}; }`], work, FETCH_MS);
  await must('sh', ['-c', 'for package in ./*.deb; do dpkg-deb -x "$package" tool || exit; done'], work, FETCH_MS);
  const keyring = join(work, 'tool/usr/share/keyrings/debian-archive-keyring.gpg');
  await must(
    'sh',
    [
      join(work, 'tool/usr/sbin/debootstrap'),
      ...['--variant=minbase', `--keyring=${keyring}`, `--include=${PACKAGES.join(',')}`, suite, fresh],
    ],
    work,
    GATHER_MS,
  );
  await must('sh', ['-c', 'rm -rf var/cache/apt/* var/lib/apt/lists/* etc/ssh/ssh_host_*'], fresh, FETCH_MS);
}

async function must(command: string, parameters: readonly string[], cwd: string, timeoutMs: number): Promise<void> {
  const env = { ...process.env, LC_ALL: 'C', DEBOOTSTRAP_DIR: join(cwd, 'tool/usr/share/debootstrap') };
  const { status, stdout, stderr } = await run(command, parameters, { cwd, env, timeoutMs });
  if (status === 0) return;
  const words = `${stdout}\n${stderr}`.trim().split('\n').slice(-12).join('\n');
  throw noLab(`${command} ${parameters.join(' ')}`, `exit status ${status}: ${words}`);
}

/** Why there is no lab, in the words of the house. */
export function noLab(where: string, why: string): Error {
  return new Error(
    'THE KERNEL SUITE DID NOT RUN: there is no lab to run it in\n' +
      `where: ${where}\nwhy: ${why}\n` +
      'fix: run it as root on a Linux with namespaces, overlay, nftables and apt that reaches a Debian mirror, ' +
      'or do without this suite: PORT22_WITHOUT_KERNEL=1',
  );
}

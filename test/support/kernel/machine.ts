import { setTimeout as pause } from 'node:timers/promises';
import { type Container, startContainer } from './container.js';

const BOOT_MS = 60_000;
/** What a Debian starts by itself and a recipe starts when it wants it. */
const LATER = [
  'firewalld',
  'fail2ban',
  'haproxy',
  'ufw',
  'nftables',
  'e2scrub_reap',
  'systemd-logind',
  'console-getty',
  'getty@tty1',
];
const TIMERS = [
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'fstrim.timer',
];

/** Before the boot: a host key of one quick kind, and none of the services above. */
const PREPARE = [
  `rm -f ${LATER.map((name) => `/etc/systemd/system/*.wants/${name}.service`).join(' ')}`,
  `cd /etc/systemd/system && for unit in ${TIMERS.join(' ')} getty.target systemd-logind.service systemd-sysctl.service sys-kernel-debug.mount sys-kernel-tracing.mount dev-hugepages.mount; do ln -sf /dev/null $unit; done; cd /`,
  'echo 22220000222200002222000022220000 >/etc/machine-id',
  "ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key",
  'echo "PermitRootLogin yes" >/etc/ssh/sshd_config.d/lab.conf',
  'exec /lib/systemd/systemd',
].join('\n');

/**
 * A Debian that its own systemd has booted, in a container: with units, sockets, a journal and the sandbox of services. Its ssh listens on
 * port 22. @throws when it does not come up, with what it says
 */
export async function startMachine(tree: string): Promise<Container> {
  const machine = await startContainer(tree, {
    init: ['/bin/bash', '--norc', '-c', PREPARE],
    env: { container: 'port22' },
  });
  try {
    const until = Date.now() + BOOT_MS;
    for (;;) {
      const { stdout } = await machine.run('systemctl is-system-running --wait');
      // Some of what a real machine has is not there: then it is `degraded`.
      if (/^(running|degraded)$/m.test(stdout)) return machine;
      if (Date.now() > until)
        throw new Error(`it is ${stdout}: ${(await machine.run('systemctl --no-pager list-jobs')).stdout}`);
      await pause(20);
    }
  } catch (error) {
    await machine.end();
    throw error;
  }
}

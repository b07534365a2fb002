import type { Container } from './container.js';

/** Where a syslog of Debian has what sshd says. */
export const LOG = '/var/log/auth.log';
/** What it says before it has a log: an init that keeps no journal shows it on a console. */
const CONSOLE = '/run/sshd.console';
export const CONFIG = '/etc/ssh/sshd_config';
const KEY = '/etc/ssh/ssh_host_ed25519_key';
const WAIT_MS = 5000;
/** Lines with a stamp, the host and the facility, as on an Alpine; the log is there before sshd is. */
const SYSLOG = `[ -S /dev/log ] || busybox syslogd -O ${LOG} </dev/null >/dev/null 2>&1; until [ -S /dev/log ]; do :; done`;

export interface SshdOptions {
  /** Lines of its configuration: before those that a Debian has where they say nothing else. */
  readonly config?: readonly string[];
  /** Words of its command line. */
  readonly flags?: string;
  /** What it is started by: `setpriv ...`, `prlimit ...`. */
  readonly under?: string;
  /** Bash before it is started. */
  readonly before?: string;
  /** Whether it is to end instead of listening. */
  readonly fails?: true;
}

/**
 * Starts a real sshd that says what it does to a syslog, and waits until it listens. The client's root may log in with its key.
 * @throws when it does not listen in time, or does although it was to fail, with its words
 */
export async function startSshd(server: Container, options: SshdOptions = {}): Promise<void> {
  const { config = [], flags = '', under = '', before = ':', fails } = options;
  await server.must(
    `mkdir -p -m 0755 /run/sshd; [ -e ${KEY} ] || ssh-keygen -q -t ed25519 -N '' -f ${KEY}; cat >${CONFIG}`,
    {
      input: [...config, 'LogLevel VERBOSE', `HostKey ${KEY}`, 'PermitRootLogin yes', 'UsePAM yes', ''].join('\n'),
    },
  );
  await server.must(
    `${SYSLOG}\n${before}\n${under} /usr/sbin/sshd -D ${flags} </dev/null >/dev/null 2>>${CONSOLE} &\necho $! >/run/sshd.main`,
  );
  const until = Date.now() + WAIT_MS;
  for (;;) {
    const state = await server.must(
      `kill -0 $(cat /run/sshd.main) 2>/dev/null && echo alive; ss -Htlnp | grep -c '"sshd"' || :`,
    );
    const [alive, listens] = [state.includes('alive'), !/^0$/m.test(state)];
    if (fails ? !alive : listens) return;
    if (fails ? listens : !alive || Date.now() > until)
      throw new Error(`sshd ${fails ? 'listens' : 'does not listen'}: ${await logOf(server)}`);
  }
}

/** Ends it, and waits until nothing listens. */
export async function stopSshd(server: Container): Promise<void> {
  await server.must('kill $(cat /run/sshd.main); while [ -n "$(ss -Htln)" ]; do :; done');
}

/** What it said so far, on its console and to its log. */
export async function logOf(server: Container): Promise<string> {
  return (await server.run(`cat ${CONSOLE} ${LOG}`)).stdout;
}

/** Gives the client's root a key with which the server's lets it in. */
export async function shareKey(client: Container, server: Container): Promise<void> {
  const key = await client.must(
    `mkdir -p -m 0700 /root/.ssh; ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519; cat /root/.ssh/id_ed25519.pub`,
  );
  await server.must(
    'mkdir -p -m 0700 /root/.ssh; cat >/root/.ssh/authorized_keys; chmod 0600 /root/.ssh/authorized_keys',
    { input: key },
  );
}

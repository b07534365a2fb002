import type { Lab } from '../lab.js';
import { LOG, startSshd } from '../sshd.js';
import { type Recipe, V4, V6 } from './recipe.js';

/** The client as the server sees it, where no router stands between. */
const CLIENT = '10.10.1.1';
const SERVICE_MS = 60_000;

type Seen = Pick<Recipe, 'symptom'> & Partial<Recipe>;

/** Commands of ufw before it is enabled. */
function ufw(id: string, code: Recipe['code'], commands: readonly string[], seen: Seen): Recipe {
  return {
    id: `ufw ${id}`,
    code,
    ...seen,
    async arrange(lab) {
      await startSshd(lab.server);
      await lab.server.must(
        ['set -e', ...commands.map((command) => `ufw ${command}`), 'ufw --force enable'].join('\n'),
        {
          timeout: SERVICE_MS,
        },
      );
      if (id === 'limit') await connectFiveTimes(lab);
    },
  };
}

async function connectFiveTimes(lab: Lab): Promise<void> {
  for (let count = 1; count < 6; count++) {
    const { what } = await lab.attempt(V4, 22, 2000, 2000);
    if (what !== 'GREETED') throw new Error(`${what} before the limit`);
  }
}

/** firewalld as it is installed, then these commands of firewall-cmd. */
function firewalld(id: string, code: Recipe['code'], commands: readonly string[], seen: Seen): Recipe {
  return {
    id: `firewalld ${id}`,
    code,
    ...seen,
    async arrange({ server }) {
      await startSshd(server);
      await startFirewalld({ server });
      await server.must(['set -e', ...commands.map((command) => `firewall-cmd ${command}`)].join('\n'), {
        timeout: SERVICE_MS,
      });
    },
  };
}

async function startFirewalld({ server }: Pick<Lab, 'server'>): Promise<void> {
  await server.must(
    'mkdir -p /run/dbus; dbus-daemon --system --fork; firewalld </dev/null >/dev/null 2>&1; ' +
      'for try in $(seq 300); do firewall-cmd --state >/dev/null 2>&1 && exit; sleep 0.1; done; exit 1',
    { timeout: SERVICE_MS },
  );
}

/** fail2ban with an action that it comes with, which bans the client. */
function fail2ban(action: string, seen: Seen, { before, after, code = 'host/banned' }: FailOptions = {}): Recipe {
  return {
    id: `fail2ban ${action}`,
    code,
    ...seen,
    async arrange(lab) {
      await startSshd(lab.server);
      await before?.(lab);
      const jail = `[sshd]\nenabled = true\nbackend = polling\nlogpath = ${LOG}\nbanaction = ${action}\n`;
      await lab.server.must(
        'rm -f /etc/fail2ban/jail.d/*; mkdir -p /run/fail2ban; cat >/etc/fail2ban/jail.local; fail2ban-client start',
        {
          input: jail,
          timeout: SERVICE_MS,
        },
      );
      await lab.server.must(
        `fail2ban-client set sshd banip ${CLIENT} fd10:1::1; ` +
          // The action is carried out a moment later.
          `for try in $(seq 100); do [ "$(fail2ban-client get sshd banip | wc -w)" -ge 2 ] && break; sleep 0.1; done; sleep 1; ${after ?? ':'}`,
        { timeout: SERVICE_MS },
      );
    },
  };
}

interface FailOptions {
  readonly before?: (lab: Lab) => Promise<unknown>;
  /** Bash, once the client is banned. */
  readonly after?: string;
  readonly code?: Recipe['code'];
}

/** Firewalls and guards that a Debian comes with, as they are. */
export const serviceRecipes: readonly Recipe[] = [
  ufw('default deny', 'host/firewall-drops', [], { symptom: 'times-out' }),
  ufw('deny', 'host/firewall-drops', ['default allow incoming', 'deny 22/tcp'], { symptom: 'times-out' }),
  ufw('reject', 'host/firewall-resets', ['reject 22/tcp'], { symptom: 'refused' }),
  ufw('default reject', 'host/firewall-rejects', ['default reject incoming'], { symptom: 'refused' }),
  ufw('limit', 'host/rate-limit', ['limit 22/tcp'], { symptom: 'refused' }),
  ufw('deny after allow is no deny', 'host/firewall-drops', ['allow 22/tcp', `deny from ${CLIENT}`], {
    symptom: 'connects',
  }),
  firewalld('without the service', 'host/firewall-prohibits', ['--remove-service=ssh'], { symptom: 'no-route' }),
  firewalld('without the service by IPv6', 'host/firewall-prohibits-ipv6', ['--remove-service=ssh'], {
    symptom: 'permission-denied',
    host: V6,
  }),
  firewalld('source in another zone', 'host/firewall-drops', [`--zone=drop --add-source=${CLIENT}/24`], {
    symptom: 'times-out',
  }),
  firewalld(
    'rich reject',
    'host/firewall-rejects',
    [`--add-rich-rule='rule family=ipv4 source address=${CLIENT} reject'`],
    {
      symptom: 'refused',
    },
  ),
  firewalld('panic', 'host/firewall-early', ['--panic-on'], {
    symptom: 'times-out',
    // It drops at every hook.
    besides: ['host/firewall-drops-replies', 'host/firewall-drops'],
  }),
  firewalld('permanent only', 'host/firewall-prohibits', ['--remove-service=ssh', '--permanent --add-service=ssh'], {
    symptom: 'no-route',
  }),
  firewalld('as it is', 'host/firewall-prohibits', [], { symptom: 'connects' }),
  fail2ban('iptables-multiport', { symptom: 'refused' }),
  fail2ban('nftables-multiport', { symptom: 'refused' }),
  fail2ban('nftables-multiport', { symptom: 'refused', host: V6, id: 'fail2ban nftables-multiport by IPv6' }),
  fail2ban('iptables-ipset-proto6', { symptom: 'refused' }),
  fail2ban(
    'ufw',
    { symptom: 'refused' },
    { before: ({ server }) => server.must('ufw allow 22/tcp && ufw --force enable') },
  ),
  fail2ban('firewallcmd-rich-rules', { symptom: 'refused' }, { before: startFirewalld }),
  fail2ban('route', { symptom: 'times-out' }, { code: 'host/ban-drops' }),
  fail2ban('hostsdeny', { symptom: 'closed', patience: 12, takes: [4800, 9000] }, { code: 'host/tcp-wrappers' }),
  fail2ban(
    'nftables-multiport',
    { symptom: 'refused', id: 'fail2ban killed leaves its bans (section 8.7)' },
    { after: 'kill -KILL $(cat /run/fail2ban/fail2ban.pid)' },
  ),
];

import type { Lab } from '../lab.js';
import { type Recipe, V4, V6 } from './recipe.js';

const SERVICE_MS = 60_000;
type Seen = Pick<Recipe, 'symptom'> & Partial<Recipe>;

/** Bash at a server that systemd has booted and whose ssh.service runs. */
function machine(id: string, code: Recipe['code'], script: string, seen: Seen): Recipe {
  return {
    id,
    code,
    machine: true,
    ...seen,
    async arrange({ server }) {
      await server.must(script, { timeout: SERVICE_MS });
    },
  };
}

/** A drop-in of ssh.service, and the restart that makes it hold. */
function dropIn(line: string, section = 'Service'): string {
  return (
    `mkdir -p /etc/systemd/system/ssh.service.d; printf '[${section}]\\n${line}\\n' >/etc/systemd/system/ssh.service.d/lab.conf; ` +
    'systemctl daemon-reload; systemctl restart ssh'
  );
}

const show = (unit: string, property: string, value: string) =>
  [`systemctl show ${unit} -p ${property}`, new RegExp(`^${property}=${value}$`, 'm')] as const;

/** The daemon by its socket, and a configuration that the daemon refuses. */
const BY_SOCKET = 'systemctl stop ssh; systemctl start ssh.socket';
/** Until no restart is on its way. */
const SETTLED = 'for try in $(seq 100); do systemctl is-failed -q ssh && break; sleep 0.1; done';

async function probeOnce({ attempt, server }: Lab): Promise<void> {
  await attempt(V4, 22, 5000, 5000);
  await server.must('for try in $(seq 100); do systemctl is-failed -q ssh.socket && break; sleep 0.1; done');
}

/** What systemd makes of it. */
export const machineRecipes: readonly Recipe[] = [
  machine('a machine as it is', 'host/no-listener', ':', {
    symptom: 'connects',
    facts: [show('ssh', 'ActiveState', 'active')],
  }),
  machine('L1 stopped', 'host/no-listener', 'systemctl stop ssh', {
    symptom: 'refused',
    facts: [
      show('ssh', 'ActiveState', 'inactive'),
      ['sshd -t 2>&1', /Missing privilege separation directory: \/run\/sshd/],
    ],
  }),
  machine(
    'L10 in a unit (section 8.4)',
    'host/bad-config',
    `echo Prot 22 >>/etc/ssh/sshd_config; systemctl restart ssh; ${SETTLED}`,
    {
      symptom: 'refused',
      log: /Bad configuration option: Prot[\s\S]*Start request repeated too quickly\./,
      facts: [show('ssh', 'Result', 'exit-code'), show('ssh', 'ExecMainStatus', '0'), show('ssh', 'NRestarts', '[45]')],
    },
  ),
  machine(
    'L11 in a unit (section 8.4)',
    'host/no-host-keys',
    `rm /etc/ssh/ssh_host_*; systemctl restart ssh; ${SETTLED}`,
    {
      symptom: 'refused',
      log: /no hostkeys available -- exiting\.[\s\S]*Start request repeated too quickly\./,
      facts: [show('ssh', 'ExecMainStatus', '0')],
    },
  ),
  machine(
    'L20',
    'host/start-failed-for-good',
    `echo 0 >/proc/sys/net/ipv4/ip_nonlocal_bind; echo ListenAddress 10.99.99.99 >>/etc/ssh/sshd_config; systemctl restart ssh; ${SETTLED}`,
    {
      symptom: 'refused',
      first: { code: 'host/listen-address-absent', because: 'that is why it failed, and the unit why it stays so' },
      log: /Bind to port 22 on 10\.99\.99\.99 failed: Cannot assign requested address\./,
      facts: [show('ssh', 'Result', 'exit-code'), show('ssh', 'ExecMainStatus', '255'), show('ssh', 'NRestarts', '0')],
    },
  ),
  // The programs of cloud-init are not here: one of its name says what the real one does while it works.
  machine(
    'L18',
    'host/booting',
    "systemctl stop ssh; rm /etc/ssh/ssh_host_*; printf '#!/bin/sh\\necho status: running\\nexit 0\\n' >/usr/local/bin/cloud-init; chmod 0755 /usr/local/bin/cloud-init",
    { symptom: 'refused', facts: [['cloud-init status --long', /^status: running$/m]] },
  ),
  machine('L19', 'host/disabled-by-file', 'touch /etc/ssh/sshd_not_to_be_run; systemctl restart ssh', {
    symptom: 'refused',
    facts: [show('ssh', 'ConditionResult', 'no'), show('ssh', 'ActiveState', 'inactive')],
  }),
  machine(
    'L14 by systemctl reload is no harm',
    'host/reload-with-bad-config',
    'echo Prot 22 >>/etc/ssh/sshd_config; systemctl reload ssh || :',
    {
      symptom: 'connects',
    },
  ),
  machine('L16', 'host/socket-port', `echo Port 2222 >>/etc/ssh/sshd_config; ${BY_SOCKET}`, {
    symptom: 'refused',
    port: 2222,
    facts: [show('ssh.socket', 'Listen', '.*:22 \\(Stream\\)'), ['ss -Htlnp', /:22 .*"systemd",pid=1,/]],
  }),
  machine('L16 on the old port', 'host/socket-port', `echo Port 2222 >>/etc/ssh/sshd_config; ${BY_SOCKET}`, {
    symptom: 'connects',
  }),
  machine('P11', 'host/socket-activation-fails', `echo Prot 22 >>/etc/ssh/sshd_config; ${BY_SOCKET}`, {
    symptom: 'closed',
    or: 'reset',
    // One connection is enough: the probe after it finds nobody.
    probe: 'refused',
    takes: [0, 6000],
    patience: 8,
  }),
  {
    id: 'L17',
    code: 'host/start-limit',
    machine: true,
    symptom: 'refused',
    first: { code: 'host/bad-config', because: 'that is why each start failed' },
    facts: [
      show('ssh.socket', 'ActiveState', 'failed'),
      show('ssh.socket', 'Result', '(service-start-limit-hit|trigger-limit-hit)'),
    ],
    async arrange(lab) {
      await lab.server.must(`echo Prot 22 >>/etc/ssh/sshd_config; ${BY_SOCKET}`);
      await probeOnce(lab);
    },
  },
  machine('IPAddressDeny (section 8.10)', 'host/unit-address-deny', dropIn('IPAddressDeny=any'), {
    symptom: 'times-out',
    facts: [show('ssh', 'IPAddressDeny', '.*0\\.0\\.0\\.0/0.*'), ['iptables-save; nft list ruleset', /^$/]],
  }),
  machine('PrivateNetwork (section 8.10)', 'host/unit-private-network', dropIn('PrivateNetwork=yes'), {
    symptom: 'refused',
    log: /Server listening on 0\.0\.0\.0 port 22\./,
    facts: [['ss -Htln', /^$/], show('ssh', 'PrivateNetwork', 'yes')],
  }),
  machine(
    'RestrictAddressFamilies (section 8.10)',
    'host/unit-address-families',
    dropIn('RestrictAddressFamilies=AF_INET6 AF_UNIX AF_NETLINK'),
    {
      symptom: 'refused',
      facts: [['ss -Htln', /\[::\]:22/]],
    },
  ),
  machine(
    'RestrictAddressFamilies by IPv6',
    'host/unit-address-families',
    dropIn('RestrictAddressFamilies=AF_INET6 AF_UNIX AF_NETLINK'),
    {
      symptom: 'connects',
      host: V6,
    },
  ),
  {
    id: 'MaxConnections of a socket (section 8.11)',
    code: 'host/socket-connections',
    machine: true,
    symptom: 'closed',
    log: /Too many incoming connections \(1\), dropping connection\./,
    async arrange({ server, client }) {
      await server.must(
        [
          'systemctl stop ssh',
          "printf '[Socket]\\nListenStream=22\\nAccept=yes\\nMaxConnections=1\\n' >/etc/systemd/system/sshd.socket",
          "printf '[Service]\\nExecStart=-/usr/sbin/sshd -i\\nStandardInput=socket\\nRuntimeDirectory=sshd\\n' >'/etc/systemd/system/sshd@.service'",
          'systemctl daemon-reload; systemctl start sshd.socket',
        ].join('; '),
      );
      await client.must('bash -c "exec 7<>/dev/tcp/10.10.1.2/22; sleep 600" </dev/null >/dev/null 2>&1 & sleep 0.5');
    },
  },
  machine(
    'fail2ban of Debian 12 does not start',
    'host/banned',
    'systemctl start fail2ban || :; for try in $(seq 100); do systemctl is-failed -q fail2ban && break; sleep 0.1; done',
    {
      symptom: 'connects',
      facts: [['journalctl -b -o cat -u fail2ban', /Have not found any log file for sshd jail/]],
    },
  ),
  {
    id: 'fail2ban that reads the journal',
    code: 'host/banned',
    machine: true,
    symptom: 'refused',
    facts: [['fail2ban-client status sshd', /Banned IP list:\s+.*10\.10\.1\.1/]],
    async arrange({ server, client }) {
      await server.must(
        "printf '[sshd]\\nbackend = systemd\\nmaxretry = 3\\n' >/etc/fail2ban/jail.d/lab.conf; systemctl start fail2ban; for try in $(seq 100); do fail2ban-client ping >/dev/null 2>&1 && exit; sleep 0.1; done; exit 1",
        {
          timeout: SERVICE_MS,
        },
      );
      await client.must("ssh-keygen -q -t ed25519 -N '' -f /root/wrong");
      await client.run(
        'for n in 1 2 3 4 5; do ssh -o BatchMode=yes -o StrictHostKeyChecking=no -i /root/wrong nobody-knows@10.10.1.2; done',
      );
      await server.must(
        'for try in $(seq 100); do fail2ban-client status sshd | grep -q 10.10.1.1 && break; sleep 0.1; done; sleep 1',
      );
    },
  },
];

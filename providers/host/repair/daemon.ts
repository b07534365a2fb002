import { sshdListeners } from '../processes.js';
import { sshdSetting } from '../sshd-setting.js';
import { cautions } from './cautions.js';
import { listenerRecipes } from './listener.js';
import { noteOf, type Recipe, type Setting } from './remedy.js';
import { dropIn, firstLine, ofSystemd, restart, stopOther, testedRestart } from './service.js';
import { clientWords, unitName, wordOr } from './words.js';

function reload({ init, unit }: Setting['system']): string {
  return init === 'openrc' ? `sshd -t && rc-service ${unit} reload` : `sshd -t && systemctl reload ${unit}`;
}

const maxStartups: Recipe = ({ system }) => ({
  commands: [firstLine('MaxStartups 50:30:200'), reload(system)],
  ...noteOf(
    'find the flood first: connections that do not log in hold the places until LoginGraceTime',
    cautions.session,
  ),
});

const perSource: Recipe = ({ system }) => ({
  commands: [firstLine('PerSourceMaxStartups 50'), reload(system)],
  ...noteOf('first look who of the network opens connections and does not log in', cautions.session),
});

/** What is exempt already stays so: the first PerSourcePenaltyExemptList is the one that holds. */
const penalty: Recipe = ({ system, bundle, clients, data }) => {
  const words = clientWords(clients) ?? ['CLIENT'];
  const before = (bundle && sshdSetting(bundle, 'persourcepenaltyexemptlist')) ?? 'none';
  const isList = /^[0-9A-Fa-f.:/,]{2,400}$/.test(before);
  const list = [...(isList ? [before] : []), ...words].join(',');
  const until = /^[0-9T:.Z-]{10,30}$/.test(data.until ?? '') ? `until ${data.until}` : 'ten minutes at most';
  return {
    commands: [firstLine(`PerSourcePenaltyExemptList ${list}`), testedRestart(system)],
    ...noteOf(
      `nothing has to be changed: wait, ${until}, and mend what failed, mostly a wrong key or a probe`,
      'the commands exempt the client for good; a restart forgets the penalties',
      cautions.session,
    ),
  };
};

const hung: Recipe = ({ system, bundle, port }) => {
  const stopped = bundle ? sshdListeners(bundle, port).filter(({ daemon }) => /^[Tt]/.test(daemon.state)) : [];
  if (stopped.length > 0) {
    const pids = stopped.map(({ daemon }) => `${daemon.pid}`).join(' ');
    return { commands: [`kill -CONT ${pids}`], ...noteOf('something stopped it: find out what') };
  }
  return {
    commands: [restart(system)],
    ...noteOf('a stopped process goes on with kill -CONT PID; one in state D waits for a disk'),
  };
};

const upgraded: Recipe = ({ system }) => ({
  commands: [testedRestart(system)],
  ...noteOf('every upgrade to OpenSSH 9.8 or newer needs it', cautions.session),
});

const outOfFiles: Recipe = ({ system }) => ({
  commands:
    system.init === 'openrc'
      ? [`echo 'rc_ulimit="-n 65536"' >> /etc/conf.d/${system.unit}`, restart(system)]
      : [...dropIn(`${system.unit}.service`, ['[Service]', 'LimitNOFILE=65536']), testedRestart(system)],
  ...noteOf('where the whole machine has none left: sysctl -w fs.file-max=NUMBER', cautions.session),
});

const processLimit: Recipe = ({ system }) => ({
  commands: [`systemctl set-property ${system.unit}.service TasksMax=4096`],
  ...noteOf('find out what fills the limit: systemctl status names the processes'),
});

const socketFails: Recipe = ({ system }) => {
  const socket = system.socket ?? (system.unit === 'ssh' ? 'ssh.socket' : 'sshd.socket');
  return {
    commands: [`sshd -t && systemctl reset-failed ${socket} ${system.unit}.service && systemctl restart ${socket}`],
    ...noteOf('repair first what sshd -t names', cautions.console),
  };
};

const socketConnections: Recipe = ({ system, data }) => {
  const socket = wordOr(system.socket ?? 'sshd.socket', data.unit, unitName);
  return {
    commands: [...dropIn(socket, ['[Socket]', 'MaxConnections=256']), `systemctl restart ${socket}`],
    ...noteOf('find out first who holds the connections', cautions.session),
  };
};

const waits =
  (text: string): Recipe =>
  () => ({ commands: [], ...noteOf(text) });

const otherService: Recipe = ({ system, port }) => ({
  commands: [...stopOther(system), testedRestart(system)],
  ...noteOf(`SERVICE is what answers on the port: ss -H -tlnp 'sport = :${port}'`, 'or dial the port that sshd has'),
});

const slowResolver: Recipe = ({ system }) => ({
  commands: [firstLine('UseDNS no'), reload(system)],
  ...noteOf('names in hosts.allow and hosts.deny ask the name server as well: write addresses there', cautions.session),
});

const diskFull: Recipe = ({ system }) => ({
  commands: system.init === 'systemd' ? ['journalctl --vacuum-size=200M'] : [],
  ...noteOf(
    'make room: du -x / | sort -n tells what fills the disk',
    'then look for empty files among /etc/ssh/ssh_host_*: remove them, ssh-keygen -A, and restart sshd',
  ),
});

/** How a daemon that takes connections comes to serve them. */
export const daemonRecipes = {
  'host/max-startups': maxStartups,
  'host/per-source-max-startups': perSource,
  'host/per-source-penalty': penalty,
  'host/refuse-connection': waits(
    'take RefuseConnection out of the Match block that the client is in, and reload sshd',
  ),
  'host/sshd-hung': hung,
  'host/host-keys-deleted': listenerRecipes['host/no-host-keys'],
  'host/privsep-directory-deleted': listenerRecipes['host/no-privsep-directory'],
  'host/sshd-upgraded': upgraded,
  'host/out-of-files': outOfFiles,
  'host/process-limit': ofSystemd(processLimit),
  'host/socket-activation-fails': ofSystemd(socketFails),
  'host/socket-connections': ofSystemd(socketConnections),
  'host/login-grace': waits(
    'nothing to change on the server: the client has to log in sooner, or LoginGraceTime has to be longer',
  ),
  'host/http-on-port': otherService,
  'host/other-service': otherService,
  'host/slow-resolver': slowResolver,
  'host/accept-then-reset': otherService,
  'host/disk-full': diskFull,
  'host/fips': waits(
    'the failed self-test is in the journal: reinstall the OpenSSL that it names, or start without fips=1',
  ),
} satisfies Readonly<Record<string, Recipe>>;

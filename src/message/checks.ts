import type { CauseCode } from '../model/index.js';

/** What a command needs to be exact. Untrusted text but for the port: quote it. */
export interface CheckValues {
  readonly port: number;
  /** The client's address, or `CLIENT` where it is not known. */
  readonly client: string;
  /** What the client dialled, or `HOST`. */
  readonly host: string;
}

/** The one look that settles whether a cause holds. */
export interface Check {
  readonly on: 'client' | 'server' | 'cloud';
  readonly command: (values: CheckValues) => string;
  /** What it shows where the cause holds. */
  readonly shows: string;
}

const check = (on: Check['on'], command: string | Check['command'], shows: string): Check => ({
  on,
  command: typeof command === 'string' ? () => command : command,
  shows,
});

const sockets = ({ port }: CheckValues) => `ss -H -tlnpe 'sport = :${port}'`;
const log = 'journalctl -b -t sshd -t sshd-session -n 50';
const onServer = (command: string | Check['command'], shows: string) => check('server', command, shows);
const onClient = (command: string | Check['command'], shows: string) => check('client', command, shows);
const listens = (shows: string) => onServer(sockets, shows);
const logged = (shows: string) => onServer(log, shows);
const rules = (shows: string) => onServer('nft -a list ruleset; iptables-save -c; ip6tables-save -c', shows);
const counted = (counter: string) => onServer(`nstat -az ${counter}`, `${counter} grows by one with each try`);
const greeting = (shows: string) => onClient(({ host, port }) => `ssh -v -p ${port} ${host}`, shows);

/** By cause, the check that is told with it. */
export const checks: Readonly<Record<CauseCode, Check>> = {
  'host/no-listener': listens('no row'),
  'host/other-port': onServer("ss -H -tlnp | grep -E 'sshd|dropbear|systemd'", 'sshd with another port'),
  'host/listener-loopback-only': listens('127.0.0.1 or [::1] only'),
  'host/listener-other-address': listens('another address than the one that was dialled'),
  'host/listener-ipv4-only': listens('0.0.0.0 and no [::] or *'),
  'host/listener-ipv6-only': listens('[::] with v6only:1 only'),
  'host/listen-address-absent': logged('Bind to port ... failed: Cannot assign requested address.'),
  'host/port-taken': listens('another program than sshd'),
  'host/bind-denied': logged('Bind to port ... failed: Permission denied.'),
  'host/bad-config': onServer('sshd -t', 'a line of sshd_config and status 255'),
  'host/no-host-keys': logged('no hostkeys available -- exiting.'),
  'host/no-privsep-directory': logged('Missing privilege separation directory'),
  'host/no-privsep-user': logged('Privilege separation user sshd does not exist'),
  'host/reload-with-bad-config': logged('Received SIGHUP; restarting. and a mistake after it'),
  'host/config-not-loaded': onServer(
    ({ port }) => `sshd -T | grep -E '^(port|listenaddress) '; ss -H -tlnp 'sport = :${port}'`,
    'the port in the configuration, and no listener on it',
  ),
  'host/socket-port': onServer(
    'systemctl show ssh.socket sshd.socket -p ActiveState,Listen',
    'another port than sshd_config',
  ),
  'host/start-limit': onServer(
    'systemctl show ssh.socket ssh.service sshd.service -p Result',
    'trigger-limit-hit or start-limit-hit',
  ),
  'host/booting': onServer('cloud-init status --long', 'status: running'),
  'host/disabled-by-file': onServer('ls -l /etc/ssh/sshd_not_to_be_run', 'the file'),
  'host/start-failed-for-good': onServer(
    'systemctl show ssh.service -p ActiveState,Result,ExecMainStatus',
    'failed, exit-code, 255',
  ),
  'host/unit-private-network': onServer(
    'systemctl show ssh.service sshd.service -p PrivateNetwork',
    'PrivateNetwork=yes',
  ),
  'host/unit-address-families': onServer(
    'systemctl show ssh.service sshd.service -p RestrictAddressFamilies',
    'a list without AF_INET',
  ),
  'host/firewall-drops': rules('a rule or policy that drops the port'),
  'host/firewall-rejects': rules('a rule that rejects the port with port-unreachable'),
  'host/firewall-resets': rules('a rule that rejects the port with a TCP reset'),
  'host/firewall-prohibits': rules('a rule that rejects with admin-prohibited or host-prohibited'),
  'host/firewall-prohibits-ipv6': rules('a rule that rejects with admin-prohibited'),
  'host/firewall-net-unreachable': rules('a rule that rejects with net-unreachable or no-route'),
  'host/firewall-protocol-unreachable': rules('a rule that rejects with proto-unreachable'),
  'host/rate-limit': rules('recent, hashlimit, connlimit or limit before the reject'),
  'host/firewall-drops-replies': onServer(
    ({ client }) => `ss -H -tan state syn-recv dst ${client}`,
    'a row while the client waits',
  ),
  'host/firewall-early': rules('a rule in raw, mangle or an ingress chain'),
  'host/port-redirected': onServer('iptables-save -t nat; nft list ruleset', 'REDIRECT or DNAT of the port'),
  'host/redirect-target-dead': onServer('ip neigh', 'the target of the DNAT as FAILED'),
  'host/conntrack-full': onServer('dmesg | grep nf_conntrack', 'table full, dropping packet'),
  'host/accept-queue-full': listens('a Recv-Q above its Send-Q'),
  'host/syn-queue-full': counted('TcpExtListenDrops'),
  'host/reverse-path-filter': counted('TcpExtIPReversePathFilter'),
  'host/no-return-route': onServer(({ client }) => `ip route get ${client}`, 'an error, or the wrong interface'),
  'host/neighbour-discovery-dropped': onServer(
    'ip6tables-save -c; nft list ruleset',
    'a policy that drops and no rule that accepts icmpv6 neighbour solicitations',
  ),
  'host/unit-address-deny': onServer(
    'systemctl show ssh.service sshd.service -p IPAddressDeny,IPAddressAllow',
    'a list that holds the client',
  ),
  'host/banned': onServer(({ client }) => `nft list ruleset | grep -F ${client}; fail2ban-client banned`, 'the client'),
  'host/ban-drops': onServer(({ client }) => `ip route get ${client}; fail2ban-client banned`, 'the client'),
  'host/tcp-wrappers': logged('refused connect from the client'),
  'host/tcp-wrappers-text': onServer('cat /etc/hosts.deny', 'a line with twist'),
  'host/max-startups': onServer("ps -eo args | grep '[l]istener'", 'A of B-C startups with A as high as B'),
  'host/per-source-max-startups': logged('drop connection ... past MaxStartups, with a small number'),
  'host/per-source-penalty': logged('drop connection ... penalty'),
  'host/refuse-connection': logged('administratively prohibited connection'),
  'host/sshd-hung': onServer("ps -eo stat,args | grep '[s]shd'", 'T or D'),
  'host/host-keys-deleted': logged('no hostkeys available, once for each connection'),
  'host/privsep-directory-deleted': logged('Missing privilege separation directory, or chroot("/run/sshd")'),
  'host/sshd-upgraded': logged('rexec of ... failed'),
  'host/out-of-files': logged('Too many open files'),
  'host/process-limit': logged('fork: Resource temporarily unavailable'),
  'host/socket-activation-fails': onServer(
    'journalctl -b -u ssh.service -u "sshd@*" -n 50',
    'a mistake of the configuration',
  ),
  'host/socket-connections': onServer(
    'journalctl -b -u ssh.socket -u sshd.socket -n 20',
    'Too many incoming connections',
  ),
  'host/login-grace': logged('Timeout before authentication'),
  'host/http-on-port': listens('the program that answers'),
  'host/other-service': listens('the program that answers'),
  'host/slow-resolver': onServer('time getent hosts 192.0.2.1', 'several seconds'),
  'host/accept-then-reset': listens('the program that resets'),
  'host/disk-full': onServer('df -P; df -iP', '100 %'),
  'host/fips': onServer('cat /proc/sys/crypto/fips_enabled; journalctl -b | grep -i fips', '1, and a failed self-test'),
  'path/silent-proxy': onServer(({ client, port }) => `tcpdump -ni any host ${client} and port ${port}`, 'nothing'),
  'path/proxy-without-listener': listens('no row'),
  'path/proxy-backend-dead': check('cloud', 'look at the health of the targets behind the proxy', 'none is healthy'),
  'path/mtu-to-client': onClient(({ host }) => `ping -M do -s 1400 ${host}`, 'no answer, while -s 1000 has one'),
  'path/mtu-to-server': onClient(({ host }) => `ping -M do -s 1400 ${host}`, 'no answer, while -s 1000 has one'),
  'path/payload-filter': onClient(
    ({ host, port }) => `try from another network: ssh -v -p ${port} ${host}`,
    'it works there',
  ),
  'path/only-first-packet': onServer(({ client }) => `ss -H -tan state syn-recv dst ${client}`, 'a row'),
  'path/router-rejects': onClient(
    ({ host, port }) => `nmap -Pn --reason -p ${port} ${host}`,
    'an answer from another address than the machine',
  ),
  'path/router-route': onClient(({ host, port }) => `traceroute -T -p ${port} ${host}`, 'the way ends at a router'),
  'path/no-such-host': onClient(
    ({ host }) => `getent ahosts ${host}; ip neigh`,
    'an address that nobody has now, or FAILED',
  ),
  'path/other-machine': onClient(({ host }) => `getent ahosts ${host}`, "an address that is not the machine's"),
  'path/cloud-filter': check(
    'cloud',
    ({ client, port }) => `port22 explain TARGET --from ${client} --port ${port} --aws`,
    'what stops it',
  ),
  'path/jump-host': onServer(({ host, port }) => `on the jump host: nc -zv ${host} ${port}`, 'the same failure'),
  'client/no-route': onClient(({ host }) => `ip route get ${host}`, 'Network is unreachable'),
  'client/route-blocks': onClient(({ host }) => `ip route get ${host}`, 'a blackhole, unreachable or prohibit route'),
  'client/firewall': onClient(
    ({ port }) => `try from another network, or nc -zv OTHER-HOST ${port}`,
    'every host fails alike',
  ),
  'client/no-free-port': onClient('ss -s', 'tens of thousands of connections'),
  'client/no-ipv6': onClient(({ host, port }) => `ssh -4 -p ${port} ${host}`, 'it works'),
  'client/name': onClient(({ host }) => `getent ahosts ${host}`, 'nothing'),
  'client/not-an-address': onClient(
    ({ host }) => `getent ahosts ${host}`,
    'a broadcast, multicast or reserved address',
  ),
  'login/key-refused': greeting('which keys are offered'),
  'login/user-not-allowed': logged('User ... not allowed because'),
  'login/too-many-keys': greeting('many keys offered before the right one'),
  'login/shell': logged('not allowed because shell ... does not exist'),
  'login/nologin': onServer('ls -l /etc/nologin /run/nologin', 'one of the files'),
  'login/account-expired': logged('account expired'),
  'login/password-change': onServer('chage -l USER', 'password must be changed'),
  'login/no-common-algorithm': greeting('Their offer: ...'),
};

/**
 * Whose image it is.
 * - `debian`: Debian, and Ubuntu up to 22.04, where sshd itself listens;
 * - `ubuntu`: Ubuntu from 22.10 on, where ssh.socket does;
 * - `rhel`: RHEL 9, Rocky, Alma, CentOS Stream, Fedora;
 * - `amazon`: Amazon Linux 2, of the age of RHEL 7;
 * - `amazon2023`: Amazon Linux 2023, whose sshd_config includes drop-ins as that of RHEL 9 does.
 */
export type ImageFamily = 'debian' | 'ubuntu' | 'rhel' | 'amazon' | 'amazon2023' | 'alpine';

export const imageFamilies: readonly ImageFamily[] = ['debian', 'ubuntu', 'rhel', 'amazon', 'amazon2023', 'alpine'];

/** How people call the images of a family. */
export const imageNames: Readonly<Record<ImageFamily, string>> = {
  debian: 'Debian, or Ubuntu up to 22.04',
  ubuntu: 'Ubuntu from 22.10 on',
  rhel: 'the RHEL family',
  amazon: 'Amazon Linux 2',
  amazon2023: 'Amazon Linux 2023',
  alpine: 'Alpine',
};

/** The lines of a distribution's sshd_config that edits aim at, in its order. Facts of the packages; comments are left out. */
const common = ['#Port 22', '#AddressFamily any', '#ListenAddress 0.0.0.0', '#ListenAddress ::', ''];

const authentication = [
  '#PermitRootLogin prohibit-password',
  '#PubkeyAuthentication yes',
  '#PasswordAuthentication yes',
  '#PermitEmptyPasswords no',
  'UsePAM yes',
  '',
];

function sshdConfig(...lines: readonly string[]): string {
  return lines.join('\n');
}

const include = 'Include /etc/ssh/sshd_config.d/*.conf';

const configs: Readonly<Record<ImageFamily, string>> = {
  debian: sshdConfig(include, '', ...common, ...authentication),
  ubuntu: sshdConfig(include, '', ...common, ...authentication),
  rhel: sshdConfig(include, '', ...common, ...authentication),
  amazon: sshdConfig(...common, ...authentication),
  amazon2023: sshdConfig(include, '', ...common, ...authentication),
  alpine: sshdConfig(include, '', ...common, ...authentication),
};

const ufwDefaults = [
  'IPV6=yes',
  'DEFAULT_INPUT_POLICY="DROP"',
  'DEFAULT_OUTPUT_POLICY="ACCEPT"',
  'DEFAULT_FORWARD_POLICY="DROP"',
  '',
].join('\n');

/** Files that stand in the image, as far as they decide: minimal, since an image of one's own may hold others. */
export function stockFiles(family: ImageFamily): ReadonlyMap<string, string> {
  return new Map([
    ['/etc/ssh/sshd_config', configs[family]],
    ...(family === 'debian' || family === 'ubuntu' ? ([['/etc/default/ufw', ufwDefaults]] as const) : []),
    ...(family === 'debian' || family === 'ubuntu' ? ([['/etc/default/ssh', 'SSHD_OPTS=\n']] as const) : []),
  ]);
}

const deciding =
  /^\/(etc\/(ssh\/sshd_config|ssh\/ssh_host_|ssh\/sshd_not_to_be_run|ufw\/|default\/(ufw|ssh)$|sysconfig\/(sshd|iptables|ip6tables|nftables\.conf)$|conf\.d\/sshd|nftables|iptables\/|firewalld\/|hosts\.(allow|deny)$|fail2ban\/|crypto-policies\/)|((etc|run|lib|usr\/lib)\/systemd\/system\/(sshd?|dropbear)\b))/;

/** Whether a file has a say in who can reach sshd. */
export function decides(path: string): boolean {
  return deciding.test(path);
}

const mention =
  /sshd|ssh\.(service|socket)|\/etc\/ssh\b|\bssh_host_|\bufw\b|firewall-?(cmd|d|offline)|ip6?tables|\bnft\b|nftables|hosts\.(deny|allow)|fail2ban|rp_filter|netfilter/i;

/** Whether a text names something that has a say in who can reach sshd: a command that is not understood may change it then. */
export function mentions(text: string): boolean {
  return mention.test(text);
}

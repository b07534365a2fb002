/**
 * What programs that ban clients call their chains, tables and sets, as they ship: fail2ban's actions iptables, nftables and ipset,
 * firewallcmd-ipset among them; sshguard's backends; the bouncers of CrowdSec; DenyHosts.
 */
const names: readonly RegExp[] = [
  /(?:^|[\s@])(?:f2b-|fail2ban-|addr6?-set-|crowdsec|sshguard[46]?(?![^\s@]))/,
  /(?:^|[\s@])denyhosts/i,
];

/** The comment that fail2ban's action for ufw puts on a rule. */
const comment = /^by Fail2Ban after \d{1,9} attempts against /;

/**
 * Whether the name of a chain, table or set of a packet filter, the comment on a rule, or a name among the words of a rule, is that of a
 * program that bans clients.
 */
export function isBan(words: string): boolean {
  return names.some((pattern) => pattern.test(words)) || comment.test(words);
}

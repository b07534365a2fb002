import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Container } from './container.js';
import type { Lab } from './lab.js';

const COLLECT = join(__dirname, '../../../providers/host/collect.sh');
const COLLECT_MS = 120_000;

/** By key, the commands of which a packet's fate can be told. */
const records: Readonly<Record<string, string>> = {
  uname: 'uname -a',
  sockets: 'ss -H -tlnpe',
  addresses: 'ip -j addr',
  rules: 'ip -j rule',
  rules6: 'ip -j -6 rule',
  routes: 'ip -j route show table all',
  routes6: 'ip -j -6 route show table all',
  links: 'ip -j -d link',
  'iptables-save': 'iptables-save -c',
  'ip6tables-save': 'ip6tables-save -c',
  'file /proc/net/ip_tables_names': 'cat /proc/net/ip_tables_names',
  'file /proc/net/ip6_tables_names': 'cat /proc/net/ip6_tables_names',
  'iptables-legacy-save': 'iptables-legacy-save -c',
  'ip6tables-legacy-save': 'ip6tables-legacy-save -c',
  'nft-json': 'nft -j list ruleset',
  ipset: 'ipset save',
};
const legacy: Readonly<Record<string, string>> = {
  'iptables-legacy-save': '/proc/net/ip_tables_names',
  'ip6tables-legacy-save': '/proc/net/ip6_tables_names',
};

/**
 * A bundle of the records above, in one turn of the server's shell: for thousands of rulesets. The legacy tables are recorded where
 * there are some, as the collector does: to ask for one makes it.
 */
export async function bundleText(lab: Lab): Promise<string> {
  const commands = Object.entries(records).map(([key, command]) => {
    const record = `record '${key}' ${command}`;
    return legacy[key] === undefined ? record : `if grep -q . ${legacy[key]}; then ${record}; fi`;
  });
  const body = await lab.quick(
    [
      `record() { printf '\\n> %s\\n$ ' "$1"; shift; echo "$*"; status=0; "$@" >/tmp/out 2>/tmp/err || status=$?`,
      `awk '{ print "|" $0 }' /tmp/out; awk '{ print "!" $0 }' /tmp/err; echo "< ran $status"; }`,
      ...commands,
    ].join('\n'),
  );
  const taken = Math.floor(Date.now() / 1000);
  return `port22 host bundle 1\ntaken ${taken}\nuid 0\nport 22\n${body}\nport22 end of bundle\n`;
}

/** Whether the collector is there to be run. */
export function hasCollector(): boolean {
  return existsSync(COLLECT);
}

/** What the real collector prints inside a container. `parameters` are its own. @throws when it fails */
export function bundleOf(container: Container, parameters = ''): Promise<string> {
  return container.must(`cat >/tmp/collect.sh && sh /tmp/collect.sh ${parameters}`, {
    input: readFileSync(COLLECT, 'utf8'),
    timeout: COLLECT_MS,
  });
}

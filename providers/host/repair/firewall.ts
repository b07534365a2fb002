import { type AddressSet, formatAddress, PortSet } from '../../../src/set/index.js';
import { firewalld } from '../firewalld.js';
import { firewalldFix } from '../firewalld-fix.js';
import type { Machine } from '../machine.js';
import type { FilterRule } from '../netfilter/ruleset.js';
import { partOf } from '../reading.js';
import { ufw } from '../ufw.js';
import { ufwFix } from '../ufw-fix.js';
import { acceptFirst } from './accept-rule.js';
import { type FilterPlace, filterPlace, iptablesTool, withTables } from './filter-place.js';
import { type ForeseenRemedy, noteOf, type Recipe, type Setting } from './remedy.js';
import { dropIn, ofSystemd, testedRestart } from './service.js';
import type { System } from './system.js';
import { clientWord, clientWords, deviceName, unitName, wordOr } from './words.js';

/** The port as the chain sees it: behind a redirection it is another one. */
function portAt({ data, port }: Setting): number {
  const seen = Number(/^\d{1,5}$/.exec(data.port ?? '')?.[0]);
  return seen >= 1 && seen <= 65_535 ? seen : port;
}

const saves = {
  debian: 'netfilter-persistent save (package iptables-persistent)',
  rhel: 'service iptables save and service ip6tables save (package iptables-services)',
  alpine: 'rc-service iptables save and rc-service ip6tables save',
} as const;
const nftFiles = {
  debian: '/etc/nftables.conf',
  rhel: '/etc/sysconfig/nftables.conf',
  alpine: '/etc/nftables.nft',
} as const;

/** How a rule outlives the next boot. */
function keptNote({ family }: System, place: FilterPlace): string {
  const isKnown = family === 'debian' || family === 'rhel' || family === 'alpine';
  if (!isKnown)
    return 'the rule is gone after the next boot unless it is written where the machine gets its rules from';
  return place.by === 'nft'
    ? `the rule is gone after the next boot unless it is written into ${nftFiles[family]} as well`
    : `the rule is gone after the next boot unless it is saved: ${saves[family]}`;
}

function chainRecipe(setting: Setting, place: FilterPlace): ForeseenRemedy | undefined {
  const { clients, system, data } = setting;
  const direction = data.direction === 'out' ? 'out' : 'in';
  const accepted = acceptFirst(place, { direction, ...(clients && { clients }), port: portAt(setting) });
  if (!accepted) return undefined;
  const legacy =
    place.by === 'iptables-legacy' &&
    `this is a rule of the legacy backend, which neither iptables-save nor nft shows: keep the rules in one of both`;
  return { ...accepted, ...noteOf(keptNote(system, place), legacy) };
}

/** Whether the chains of ufw stop the packet: by a rule of theirs, or by the policy that ufw sets. */
function isOfUfw({ bundle, data }: Setting, place: FilterPlace | undefined): boolean {
  if (!bundle || !ufw(bundle)?.active) return false;
  if (!place) return true;
  if (place.by === 'nft' || place.table !== 'filter' || place.chain !== 'INPUT') return false;
  return /^ufw6?-/.test(data.inside ?? '') || data.rule?.startsWith('policy ') === true;
}

/** ufw takes one client a time; the rule it is put before is the one for the first address. */
function ufwRecipe({ bundle, clients, port }: Setting): ForeseenRemedy | undefined {
  if (!bundle) return undefined;
  if (!clients) {
    const command = ufwFix(bundle, { port });
    return command === undefined ? undefined : { commands: [command], edit: throughUfw(undefined, port) };
  }
  const words = clientWords(clients);
  const first = clients.first;
  const command = first && ufwFix(bundle, { client: first, port });
  if (!words || !first || command === undefined) return undefined;
  const from = `from ${formatAddress(first)} to`;
  return { commands: words.map((word) => command.replace(from, `from ${word} to`)), edit: throughUfw(clients, port) };
}

/** The rule as ufw writes it: before those of the user that stop the client, none before it decides. */
function throughUfw(clients: AddressSet | undefined, port: number): (machine: Machine) => Machine {
  const rule: FilterRule = {
    id: '1',
    conditions: [
      ...(clients ? [{ kind: 'source', addresses: clients } as const] : []),
      { kind: 'protocol', protocols: ['tcp'] },
      { kind: 'destination-port', ports: PortSet.single(port) },
    ],
    does: { kind: 'accept' },
    text: `allow ${port}/tcp${clients ? ` from ${clients.toString()}` : ''}`,
  };
  return (machine) =>
    withTables(machine, (table) => ({
      ...table,
      chains: table.chains.map((chain) =>
        chain.name === 'ufw-user-input' || chain.name === 'ufw6-user-input'
          ? { ...chain, rules: [rule, ...chain.rules] }
          : chain,
      ),
    }));
}

/** Whether the chains of firewalld stop the packet, of its backend nftables or of iptables. */
function isOfFirewalld({ bundle }: Setting, place: FilterPlace | undefined): boolean {
  if (!bundle || !firewalld(bundle)?.running) return false;
  if (!place) return true;
  if (place.by === 'nft') return /^firewalld(?:_policy_drop)?$/.test(place.table);
  const save = place.family === 'ip6' ? 'ip6tables-save' : 'iptables-save';
  return place.chain === 'INPUT' && partOf(bundle, save).includes(':INPUT_ZONES ');
}

function firewalldRecipe({ bundle, clients, device, port }: Setting): ForeseenRemedy {
  const client = clients?.first;
  const commands = bundle
    ? firewalldFix(bundle, { ...(client && { client }), ...(device !== undefined && { device }), port })
    : [];
  const what = port === 22 ? '--add-service=ssh' : `--add-port=${port}/tcp`;
  const opens = commands.some((command) => command.includes(' --add-'));
  if (commands.length > 0)
    return { commands, ...noteOf(opens && 'that lets in everybody whose packets are in the zone') };
  return {
    commands: [`firewall-cmd --permanent --zone=ZONE ${what}`, 'firewall-cmd --reload'],
    ...noteOf('ZONE is the zone of the packet: firewall-cmd --get-zone-of-interface, or that of its source'),
  };
}

/** Where nothing tells what manages the rules: the tool that the distribution comes with. */
function usualRecipe({ system, clients, port }: Setting): ForeseenRemedy | undefined {
  const words = clients ? clientWords(clients) : [];
  if (!words) return undefined;
  const what = port === 22 ? '--add-service=ssh' : `--add-port=${port}/tcp`;
  if (system.family === 'rhel')
    return {
      commands: [`firewall-cmd --permanent --zone=ZONE ${what}`, 'firewall-cmd --reload'],
      ...noteOf(
        'ZONE is the zone of the packet',
        `without firewalld: iptables -I INPUT 1 -p tcp --dport ${port} -j ACCEPT`,
      ),
    };
  const from = words.length === 0 ? '' : `-s ${words.join(',')} `;
  const tool = clients?.first?.family === 6 ? 'ip6tables' : 'iptables';
  const rule = `${tool} -I INPUT 1 ${from}-p tcp --dport ${port} -j ACCEPT`;
  if (system.family !== 'debian') return { commands: [rule], ...noteOf('or nft insert rule in the chain that drops') };
  const allows = words.map((word) => `ufw insert 1 allow from ${word} to any port ${port} proto tcp`);
  return { commands: allows.length > 0 ? allows : [`ufw allow ${port}/tcp`], ...noteOf(`without ufw: ${rule}`) };
}

const letIn: Recipe = (setting) => {
  const place = filterPlace(setting.data.chain);
  const managed = isOfUfw(setting, place) ? ufwRecipe(setting) : undefined;
  if (managed) return managed;
  if (isOfFirewalld(setting, place)) return firewalldRecipe(setting);
  return place ? chainRecipe(setting, place) : usualRecipe(setting);
};

const letOut: Recipe = (setting) => {
  const { clients, port } = setting;
  const place = filterPlace(setting.data.chain);
  if (place) return chainRecipe(setting, place);
  const output: FilterPlace = {
    by: 'iptables',
    family: clients?.first?.family === 6 ? 'ip6' : 'ip',
    table: 'filter',
    chain: 'OUTPUT',
  };
  const accepted = acceptFirst(output, { direction: 'out', ...(clients && { clients }), port });
  return accepted && { commands: accepted.commands, ...noteOf('or nft insert rule in the output chain that drops') };
};

/** The list of a `recent` match is a file: `-ADDRESS` takes one out (iptables-extensions(8)). */
const rateLimit: Recipe = ({ data, clients }) => {
  const [, seconds = '30'] = / --seconds (\d{1,6})(?= |$)/.exec(data.rule ?? '') ?? [];
  const [, written] = / --name ([^ "]{1,200})(?= |$)/.exec(data.rule ?? '') ?? [];
  const list = wordOr('DEFAULT', written, /^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/);
  const isList = (data.rule ?? '').includes(' recent ');
  const commands = isList ? [`echo -${clientWord(clients)} > /proc/net/xt_recent/${list}`] : [];
  const wait = `nothing to change: wait ${seconds} s without a try, because tries make it longer`;
  return { commands, ...noteOf(wait, isList && 'the command forgets the tries at once') };
};

/** A chain that neither ufw nor firewalld manages. */
const inChain: Recipe = (setting) => {
  const place = filterPlace(setting.data.chain);
  return place && chainRecipe(setting, place);
};

function kept(name: string, value: number, note: string): ForeseenRemedy {
  const setting = `${name} = ${value}`;
  const commands = [`sysctl -w ${name}=${value}`, `echo '${setting}' > /etc/sysctl.d/90-port22.conf`];
  return { commands, ...noteOf(note) };
}

const conntrack: Recipe = ({ data }) => {
  const most = Number(/^\d{1,9}$/.exec(data.max ?? '')?.[0] ?? 131_072);
  return kept('net.netfilter.nf_conntrack_max', most * 2, 'find out what fills the table: conntrack -L, or ss -s');
};

const synQueue: Recipe = () => kept('net.ipv4.tcp_syncookies', 1, 'with cookies handshakes need no place in the queue');

const reversePath: Recipe = ({ data }) => {
  const [first = ''] = (data.device ?? data.rule ?? '').split(' ');
  const device = wordOr('DEVICE', first, deviceName);
  return {
    commands: ['ip rule add from SELF table 100', `ip route add default via GATEWAY dev ${device} table 100`],
    ...noteOf(
      `SELF is the address that the client dials, GATEWAY the router behind ${device}: answers then leave where the packets came in`,
      `sysctl -w net/ipv4/conf/${device}/rp_filter=2 is enough only where the network takes answers that leave elsewhere`,
    ),
  };
};

/** A route that refuses is removed as it stands; where there is none, one is needed. */
const returnRoute: Recipe = ({ data, clients }) => {
  const [, kind, to] =
    /^(unreachable|prohibit|blackhole) ([0-9a-fA-F.:]{2,45}(?:\/\d{1,3})?|default)(?= |$)/.exec(data.rule ?? '') ?? [];
  const tool = to?.includes(':') || clients?.first?.family === 6 ? 'ip -6' : 'ip';
  if (kind !== undefined && to !== undefined)
    return {
      commands: [`${tool} route del ${kind} ${to}`],
      ...noteOf('where fail2ban made that route (action route): fail2ban-client set JAIL unbanip CLIENT'),
    };
  const words = clientWords(clients) ?? [];
  return {
    commands: [`${tool} route add ${words[0] ?? 'CLIENT'} via GATEWAY`],
    ...noteOf('or the default route that is missing: ip route add default via GATEWAY'),
  };
};

const neighbours: Recipe = ({ data, bundle }) => {
  const place = filterPlace(data.chain);
  if (bundle && ufw(bundle)?.active)
    return { commands: ["sed -i 's/^IPV6=.*/IPV6=yes/' /etc/default/ufw", 'ufw reload'] };
  if (place?.by === 'nft')
    return {
      commands: [`nft insert rule ${place.family} ${place.table} ${place.chain} meta l4proto ipv6-icmp accept`],
    };
  const tool = place ? iptablesTool(place) : 'ip6tables';
  return { commands: [`${tool} -I INPUT 1 -p ipv6-icmp -j ACCEPT`] };
};

const redirected: Recipe = () => ({
  commands: [],
  ...noteOf('what the port is sent on to has to listen, or the rule in the nat table has to go'),
});

const unitDeny: Recipe = ({ system, data, clients }) => {
  const unit = wordOr(`${system.unit}.service`, data.unit, unitName);
  const words = clientWords(clients) ?? ['CLIENT'];
  const section = unit.endsWith('.socket') ? '[Socket]' : '[Service]';
  return {
    commands: [...dropIn(unit, [section, `IPAddressAllow=${words.join(' ')}`]), `systemctl restart ${unit}`],
    ...noteOf('what IPAddressAllow holds goes before what IPAddressDeny holds'),
  };
};

const fullQueue: Recipe = ({ system }) => ({
  commands: [testedRestart(system)],
  ...noteOf('find out what holds sshd up, or what floods it, before MaxStartups is raised'),
});

/** How packets are let through, and answers out. */
export const firewallRecipes = {
  'host/firewall-drops': letIn,
  'host/firewall-rejects': letIn,
  'host/firewall-resets': letIn,
  'host/firewall-prohibits': letIn,
  'host/firewall-prohibits-ipv6': letIn,
  'host/firewall-net-unreachable': letIn,
  'host/firewall-protocol-unreachable': letIn,
  'host/rate-limit': rateLimit,
  'host/firewall-drops-replies': letOut,
  'host/firewall-early': inChain,
  // What stops later packets alone is stopped on the way in, or on the way out.
  'path/only-first-packet': (setting: Setting) => (setting.data.direction === 'out' ? inChain : letIn)(setting),
  'host/port-redirected': redirected,
  'host/redirect-target-dead': redirected,
  'host/conntrack-full': conntrack,
  'host/accept-queue-full': fullQueue,
  'host/syn-queue-full': synQueue,
  'host/reverse-path-filter': reversePath,
  'host/no-return-route': returnRoute,
  'host/neighbour-discovery-dropped': neighbours,
  'host/unit-address-deny': ofSystemd(unitDeny),
} satisfies Readonly<Record<string, Recipe>>;

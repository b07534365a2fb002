import { AddressSet, PortSet } from '../../../src/set/index.js';
import { addressesOf, portsOf } from './addresses.js';
import type { Call } from './call.js';
import { everybody, everyPort, type HostRule, unsureRules } from './host-rule.js';
import { change, type Firewalld, state, type Zone, type Zones } from './machine.js';
import type { Line } from './told.js';

const image: Line = { at: 'firewalld', text: 'the zone as firewalld brings it' };

/** Services that are told apart from ssh; all others are files of the machine. */
const services: Readonly<Record<string, PortSet>> = {
  ssh: PortSet.single(22),
  http: PortSet.single(80),
  https: PortSet.single(443),
  'dhcpv6-client': PortSet.empty,
  cockpit: PortSet.single(9090),
  mdns: PortSet.empty,
  dns: PortSet.single(53),
  mysql: PortSet.single(3306),
  postgresql: PortSet.single(5432),
};

/** A zone as firewalld brings it (firewalld.zones(5)): most let ssh in; `reject` is by admin-prohibited. */
export function stockZone(name: string): Zone {
  if (name === 'trusted') return { rules: [], target: 'allow' };
  if (name === 'drop') return { rules: [], target: 'drop' };
  if (name === 'block') return { rules: [], target: 'reject' };
  return { rules: [{ action: 'allow', peers: everybody, ports: PortSet.single(22), line: image }], target: 'reject' };
}

/** `firewall-cmd ...` and `firewall-offline-cmd ...`; `firewall-cmd` does nothing while the daemon does not run. */
export function runFirewalld(call: Call, offline: boolean): void {
  const { machine, line } = call;
  const words = optionsOf(call.args);
  const permanent = offline || words.some(([option]) => option === '--permanent');
  const named = words.find(([option]) => option === '--zone')?.[1];
  change(machine, 'firewalld', line, (before) => {
    if (before.running === 'no' && !offline) return before;
    let value = before;
    for (const [option, argument] of words)
      value = apply(value, option, argument, named ?? value.zone, permanent, line);
    return value;
  });
  const odd = words.find(([option]) =>
    /^--(add|remove|change)-(source|interface|forward-port|masquerade|policy)|^--panic-on|^--direct|^--new-zone|^--policy|^--load/.test(
      option,
    ),
  );
  const { firewalld } = machine.facts;
  if (odd && firewalld.known && firewalld.value.running !== 'no') {
    state(machine, 'firewalld', { known: false, doubt: { why: `what ${odd[0]} does is not followed`, line } });
  }
}

type Option = readonly [option: string, argument: string | undefined];

function optionsOf(args: Call['args']): readonly Option[] {
  const options: Option[] = [];
  for (let at = 0; at < args.length; at++) {
    const { text = '', sure = true } = args[at] ?? {};
    const [, option = text, value] = /^(--[\w-]+)=([\s\S]*)$/.exec(text) ?? [];
    const next = args[at + 1];
    const takesNext = value === undefined && next && !next.text.startsWith('-');
    if (takesNext) at++;
    options.push([option, takesNext ? (next.sure ? next.text : undefined) : sure ? value : undefined]);
  }
  return options;
}

function apply(
  value: Firewalld,
  option: string,
  argument: string | undefined,
  zone: string,
  permanent: boolean,
  line: Line,
): Firewalld {
  if (option === '--reload' || option === '--complete-reload') return { ...value, runtime: value.permanent };
  if (option === '--runtime-to-permanent') return { ...value, permanent: value.runtime };
  if (option === '--set-default-zone') return { ...value, zone: argument ?? value.zone };
  const how = zoneChange(option, argument, line);
  if (!how) return value;
  const zones = permanent ? value.permanent : value.runtime;
  const next: Zones = new Map([...zones, [zone, how(zones.get(zone) ?? stockZone(zone))]]);
  return permanent ? { ...value, permanent: next } : { ...value, runtime: next };
}

function zoneChange(option: string, argument: string | undefined, line: Line): ((zone: Zone) => Zone) | undefined {
  if (option === '--set-target') return (zone) => ({ ...zone, target: targets[argument ?? ''] ?? 'reject' });
  if (option === '--add-rich-rule')
    return (zone) => ({ ...zone, rules: ordered([...zone.rules, ...richRule(argument, line)]) });
  const add = /^--add-(port|service)$/.exec(option)?.[1];
  const remove = /^--remove-(port|service)$/.exec(option)?.[1];
  if (!add && !remove && option !== '--remove-rich-rule') return undefined;
  const ports = portsIn(add ?? remove, argument);
  const why = 'what it lets in is not known before it runs';
  if (add) {
    const rule: HostRule = {
      action: 'allow',
      peers: everybody,
      ports: ports ?? everyPort,
      line,
      ...(!ports && { doubt: { why, line } }),
    };
    return (zone) => ({ ...zone, rules: [...zone.rules, rule] });
  }
  if (!ports)
    return (zone) => ({ ...zone, rules: zone.rules.map((rule) => ({ ...rule, doubt: rule.doubt ?? { why, line } })) });
  return (zone) => ({
    ...zone,
    rules: zone.rules.filter((rule) => rule.peers !== everybody || !rule.ports.equals(ports)),
  });
}

const targets: Readonly<Record<string, Zone['target']>> = { ACCEPT: 'allow', DROP: 'drop' };

function portsIn(kind: string | undefined, argument: string | undefined): PortSet | undefined {
  if (argument === undefined) return undefined;
  if (kind === 'service') return services[argument];
  const [ports = '', protocol] = argument.split('/');
  return protocol === 'tcp' || protocol === undefined ? portsOf(ports) : PortSet.empty;
}

/** Within a zone what denies goes before what lets in (firewalld.richlanguage(5), rules of one priority). */
function ordered(rules: readonly HostRule[]): readonly HostRule[] {
  return [...rules.filter(({ action }) => action !== 'allow'), ...rules.filter(({ action }) => action === 'allow')];
}

function richRule(text: string | undefined, line: Line): readonly HostRule[] {
  const why = 'its rule is not understood';
  const short = text !== undefined && text.length <= 500 ? text : '';
  const match =
    /^\s*rule(?:\s+family="?(ipv[46])"?)?(?:\s+source(\s+not)?\s+address="?([^\s"]+)"?)?(?:\s+service\s+name="?([\w-]+)"?|\s+port\s+port="?([\d-]+)"?\s+protocol="?(tcp|udp)"?)?(?:\s+log\b[^"]*(?:"[^"]*"[^"]*)*?)?\s+(accept|drop|reject)\s*$/.exec(
      short,
    );
  if (!match) return unsureRules(everybody, everyPort, { why, line });
  const [, family, not, source, service, port, protocol, action] = match;
  const all = family === 'ipv4' ? AddressSet.ipv4 : family === 'ipv6' ? AddressSet.ipv6 : everybody;
  const from = source === undefined ? all : addressesOf(source);
  const ports = service ? services[service] : port ? (protocol === 'udp' ? PortSet.empty : portsOf(port)) : everyPort;
  if (!from || !ports) return unsureRules(everybody, everyPort, { why, line });
  const peers = not ? all.subtract(from) : from;
  if (action === 'accept') return [{ action: 'allow', peers, ports, line }];
  return [
    action === 'drop'
      ? { action, peers, ports, line }
      : { action: 'reject', how: 'port-unreachable', peers, ports, line },
  ];
}

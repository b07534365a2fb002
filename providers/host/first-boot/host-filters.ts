import {
  type CauseCode,
  type Filter,
  type Gap,
  known,
  passFilter,
  type Reason,
  type Rule,
  type RuleFilter,
  type Symptom,
  unknown,
  unknownFilter,
} from '../../../src/model/index.js';
import { AddressSet, type Family } from '../../../src/set/index.js';
import type { RejectWith } from '../netfilter/ruleset.js';
import { stockZone } from './firewalld.js';
import { everybody, everyPort, type HostRule, unsureRules } from './host-rule.js';
import type { Firewalld, InputChain, Machine, Ufw } from './machine.js';
import type { Doubt, Line, Told } from './told.js';

/** A packet filter of the machine that user data switches on, or may switch on. All of them must let a packet in. */
export interface HostFilter {
  readonly by: 'ufw' | 'firewalld' | 'iptables' | 'nft';
  readonly filter: Filter;
  /** The line that switched it on or changed it last, where one did. */
  readonly line?: Line;
}

/** The packet filters of a machine that may stop anything; rules of both families stand in one filter, each with its own peers. */
export function hostFilters(machine: Machine): readonly HostFilter[] {
  const { facts } = machine;
  const { iptables, ip6tables } = facts;
  return [
    ...filterOf('ufw', facts.ufw, (ufw) => ufwFilter(ufw, machine)),
    ...filterOf('firewalld', facts.firewalld, (firewalld) => firewalldFilter(firewalld, facts.firewalld)),
    ...filterOf('iptables', iptables, (chain) => chainFilter(chain, AddressSet.ipv4)),
    ...filterOf('iptables', ip6tables, (chain) => chainFilter(chain, AddressSet.ipv6)),
    ...filterOf('nft', facts.nft, (chain) => chainFilter(chain, everybody)),
  ];
}

function filterOf<T>(
  by: HostFilter['by'],
  fact: Told<T>,
  how: (value: T) => Filter | undefined,
): readonly HostFilter[] {
  if (!fact.known) return [{ by, filter: unknownFilter(gapOf(fact.doubt)), line: fact.doubt.line }];
  const filter = how(fact.value);
  return filter ? [{ by, filter, ...(fact.by && { line: fact.by }) }] : [];
}

/** What nobody knows because of a line of user data. */
export function gapOf({ why, line }: Doubt, likely?: boolean): Gap {
  const detail = line.text === '' ? why : `${line.text}: ${why}`;
  return {
    code: 'host/ev-user-data',
    kind: 'not-known-before-deployment',
    what: line.at,
    detail,
    ...(likely !== undefined && { likely }),
  };
}

function ufwFilter({ enabled, incoming, rules, keys }: Ufw, { files }: Machine): Filter | undefined {
  if (!enabled || keys.length !== rules.length) return undefined;
  const file = files.get('/etc/default/ufw');
  if (file && !file.known) return unknownFilter(gapOf(file.doubt));
  const image: Line = file?.by ?? { at: 'ufw', text: `default ${incoming === 'drop' ? 'deny' : incoming}` };
  const withoutIpv6 = /^\s*IPV6\s*=\s*["']?no/m.test(file?.value ?? '');
  const rest: HostRule[] = incoming === 'allow' ? [] : [stop(incoming, everybody, image)];
  if (!withoutIpv6) return ruleFilter([...rules, ...rest]);
  const shown = rules.map((rule) => ({ ...rule, peers: rule.peers.only(4) }));
  return ruleFilter([stop('drop', AddressSet.ipv6, image), ...shown, ...rest]);
}

function stop(
  action: 'drop' | 'reject',
  peers: AddressSet,
  line: Line,
  how: RejectWith = 'port-unreachable',
): HostRule {
  return { action, peers, ports: everyPort, line, ...(action === 'reject' && { how }) };
}

/** Of what the image does by itself nothing is said: only user data is judged. */
function firewalldFilter({ running, zone, runtime }: Firewalld, fact: Told<Firewalld>): Filter | undefined {
  if (running === 'no' || (running === 'maybe' && fact.known && !fact.by)) return undefined;
  const { rules, target } = runtime.get(zone) ?? stockZone(zone);
  const line: Line = {
    at: 'firewalld',
    text: `zone ${zone}, which ${target === 'drop' ? 'drops' : 'rejects'} what it does not name`,
  };
  const rest = target === 'allow' ? [] : [stop(target, everybody, line, 'admin-prohibited')];
  const filter = ruleFilter([...rules, ...rest]);
  if (running === 'yes') return filter;
  const why = 'whether the image starts firewalld is not known';
  return { kind: 'either', of: [passFilter, filter], gap: gapOf({ why, line: { at: 'firewalld', text: '' } }) };
}

function chainFilter({ rules, policy, output, by }: InputChain, of: AddressSet): Filter | undefined {
  if (rules.length === 0 && policy === 'allow' && output !== 'drops') return undefined;
  const line = by ?? { at: 'user data', text: 'policy drop' };
  const why = 'answers may be dropped on the way out';
  const answers =
    output === 'drops' ? unsureRules(of, everyPort, { why, line }).filter(({ action }) => action === 'drop') : [];
  return ruleFilter([...answers, ...rules, ...(policy === 'drop' ? [stop('drop', of, line)] : [])]);
}

function ruleFilter(rules: readonly HostRule[]): RuleFilter {
  return { kind: 'rules', rules: rules.flatMap(rulesOf), otherwise: 'allow' };
}

function rulesOf(rule: HostRule): readonly Rule[] {
  if (rule.limits) {
    const why = 'it rejects those who try six times in 30 seconds';
    const { limits: _, ...plain } = rule;
    const limit: HostRule = { ...plain, action: 'reject', how: 'port-unreachable', doubt: { why, line: rule.line } };
    return [...familyRules(limit, 'host/rate-limit', false), ...rulesOf(plain)];
  }
  return rule.action === 'reject' ? familyRules(rule) : [ruleOf(rule, rule.peers)];
}

/** What a client sees of a rejection depends on the family. */
function familyRules(rule: HostRule, code?: CauseCode, likely?: boolean): readonly Rule[] {
  const families: readonly Family[] = [4, 6];
  return families.flatMap((family) => {
    const peers = rule.peers.only(family);
    return peers.isEmpty ? [] : [ruleOf(rule, peers, family, code, likely)];
  });
}

function ruleOf(rule: HostRule, peers: AddressSet, family: Family = 4, code?: CauseCode, likely?: boolean): Rule {
  const { action, line, doubt, ports } = rule;
  return {
    id: null,
    action,
    peers: doubt ? unknown(peers, gapOf(doubt, likely)) : known(peers),
    ports: known(ports),
    text: `${line.at}: ${line.text}`,
    ...(action !== 'allow' && { reason: reasonOf(rule, family, code) }),
  };
}

function reasonOf({ action, how, line }: HostRule, family: Family, code: CauseCode | undefined): Reason {
  const [cause, symptom] =
    action === 'reject'
      ? rejection(how ?? 'port-unreachable', family)
      : (['host/firewall-drops', 'times-out'] as const);
  return { code: code ?? cause, data: { chain: line.at, rule: line.text }, symptom };
}

/** What a client of Linux sees of a rejection (measured). */
function rejection(how: RejectWith, family: Family): readonly [CauseCode, Symptom] {
  if (how === 'tcp-reset') return ['host/firewall-resets', 'refused'];
  if (how === 'port-unreachable') return ['host/firewall-rejects', 'refused'];
  if (how === 'protocol-unreachable') return ['host/firewall-protocol-unreachable', 'no-protocol'];
  if (how === 'net-unreachable' || how === 'net-prohibited' || how === 'no-route') {
    return ['host/firewall-net-unreachable', 'net-unreachable'];
  }
  const isForbidden = family === 6 && how !== 'host-unreachable' && how !== 'address-unreachable';
  return isForbidden ? ['host/firewall-prohibits-ipv6', 'permission-denied'] : ['host/firewall-prohibits', 'no-route'];
}

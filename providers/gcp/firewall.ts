import { groupBy } from '../../src/memo.js';
import {
  doubtfulRules,
  type Filter,
  type Gap,
  known,
  type Layer,
  passFilter,
  type Rule,
  type RuleFilter,
} from '../../src/model/index.js';
import { isUnread } from '../../src/record/index.js';
import { type Address, AddressSet, PortSet } from '../../src/set/index.js';
import { classicEgress } from './firewall-egress.js';
import { policyFilter, policyName } from './firewall-policy.js';
import { policyEgress } from './firewall-policy-egress.js';
import { classicRules, impliedReason, nearMisses } from './firewall-rule.js';
import { addressesOf, type Networks, type Nic, networkRef, resource } from './network.js';
import type { Packet } from './packet.js';
import { nameOf, pathOf } from './records/names.js';
import { regionalFirewallsPermission } from './records/recorded-answer.js';
import type { EffectiveFirewalls, EffectivePolicy, Firewall } from './records/records.js';
import { networkKey } from './records/subjects.js';
import type { Standpoint } from './standpoint.js';

/** Before and behind the rules whose place a network chooses. */
type Place = 'first' | 'system' | 'network' | 'regional';

const places: ReadonlyMap<string | undefined, readonly [place: Place, rank: number]> = new Map([
  ['HIERARCHY', ['first', 0]],
  ['SYSTEM_GLOBAL', ['system', 1]],
  ['SYSTEM_REGIONAL', ['system', 2]],
  ['NETWORK', ['network', 3]],
  ['NETWORK_REGIONAL', ['regional', 4]],
]);

/** What stands in front of an interface, as far as it was answered. */
interface Guards {
  readonly classic: readonly Firewall[] | Gap;
  readonly policies: readonly EffectivePolicy[] | Gap;
  /** Why regional policies are not among them, where they may exist. */
  readonly regional: Gap | undefined;
}

/** The policies in their order: by kind, then by the priority of their association; hierarchical ones as they were answered. */
function ordered(policies: readonly EffectivePolicy[]): readonly EffectivePolicy[] {
  const rank = ({ type }: EffectivePolicy) => places.get(type)?.[1] ?? 5;
  // Where a place cannot be told, it is the first: a policy that only may decide leaves it to the others there as well.
  const priority = (policy: EffectivePolicy) =>
    policy.type === 'HIERARCHY' ? 0 : (policy.priority ?? (isUnread(policy, 'priority') ? -1 : 1000));
  return [...policies].sort(
    (a, b) =>
      rank(a) - rank(b) || priority(a) - priority(b) || (rank(a) > 0 && (a.name ?? '') > (b.name ?? '') ? 1 : 0),
  );
}

function classicOf(networks: Networks, { network, firewalls: answer }: Guarded): Guards['classic'] {
  if (answer?.firewalls) return answer.firewalls;
  const gap = networks.gap('firewalls', network);
  if (gap) return gap;
  const byNetwork = networks.once('classic rules by network', () =>
    groupBy(networks.inventory.all('firewalls').values(), (rule) => pathOf(rule.network)),
  );
  return byNetwork.get(network) ?? [];
}

/** What is guarded: a network in a region, and what was answered about its firewalls. */
type Guarded = Pick<Standpoint, 'network' | 'region' | 'firewalls'>;

/** What of an answer cannot be read; rules and policies that stand in it are asked by themselves. */
function unreadIn({ broken }: EffectiveFirewalls): string | undefined {
  return broken?.split(', ').find((field) => !/^firewall(?:s|Policys)\./.test(field));
}

/** A gap in what is in effect in a region, which takes a call of its own. */
function regionally(gap: Gap | undefined): Gap | undefined {
  if (!gap || gap.kind === 'not-permitted') return gap;
  const what = regionalFirewallsPermission;
  return { ...gap, what, detail: gap.detail.replaceAll(gap.what, what) };
}

function guardsOf(networks: Networks, guarded: Guarded): Guards {
  const { inventory } = networks;
  const { network, region, firewalls: answer } = guarded;
  const classic = classicOf(networks, guarded);
  const unread = answer && unreadIn(answer);
  if (unread !== undefined) {
    const gap = inventory.dangling('effectiveFirewalls', {}, `readable rules of ${nameOf(network)} (${unread})`);
    return { classic, policies: answer?.firewallPolicys ?? gap, regional: gap };
  }
  const key = networkKey(network, region);
  const gap = networks.gap('effectiveFirewalls', network, key);
  const absent = gap ?? (inventory.complete ? undefined : inventory.dangling('effectiveFirewalls', {}, key));
  if (!answer) return { classic, policies: absent ?? [], regional: undefined };
  const isWide = answer === inventory.get('effectiveFirewalls', networkKey(network));
  return {
    classic,
    policies: answer.firewallPolicys ?? [],
    regional: isWide && region ? regionally(absent) : undefined,
  };
}

/** A guard of which nothing is known: it may let everything through, or nothing, or leave it to the next. */
function unreadable(unread: Gap, of: RuleFilter['of']): RuleFilter {
  const rules = doubtfulRules({ ...unread, likely: false });
  return { kind: 'rules', rules, otherwise: 'next', ...(of && { of }) };
}

/** A policy of which the rules, or its place among others, cannot be read. Of its rules each is asked by itself. */
function unreadPolicy(networks: Networks, policy: EffectivePolicy): RuleFilter | undefined {
  const field = policy.broken?.split(', ').find((one) => !one.startsWith('rules.'));
  if (field === undefined) return undefined;
  const name = policyName(policy);
  const gap = networks.inventory.dangling('effectiveFirewalls', {}, `a readable record of ${name} (${field})`);
  return unreadable(gap, resource('firewall-policy', name));
}

/** What is left when no rule matched: it is denied. Rules that nearly let somebody in say why they do not. */
function impliedDeny(networks: Networks, rules: readonly Firewall[], at: Standpoint, packet: Packet): RuleFilter {
  const { family, value } = packet.destination;
  // What comes from elsewhere than the network is nearly let in alike.
  return networks.shared.once(['implied deny', at, packet.approach === 'network', family, value], () => ({
    kind: 'rules',
    rules: nearMisses(networks, rules, at, packet),
    otherwise: 'drop',
    reason: impliedReason(at.network),
    of: networkRef(at.network),
  }));
}

/** Where nobody knows in which of several orders guards stand. */
function inEitherOrder(orders: readonly (readonly RuleFilter[])[], last: RuleFilter, gap: Gap): Filter {
  return { kind: 'either', of: orders.map((of) => ({ kind: 'first', of, otherwise: last })), gap };
}

/** What a guard becomes for packets of one direction. */
interface Lowering {
  readonly classic: (rules: readonly Firewall[]) => RuleFilter;
  readonly policy: (policy: EffectivePolicy) => RuleFilter;
  /** What becomes of packets that no guard decides about. */
  readonly last: RuleFilter;
}

/** The guards of a network in the order in which they are asked (firewall docs, rule evaluation order): it is that of both directions. */
function inOrder(networks: Networks, network: string, guards: Guards, { classic, policy, last }: Lowering): Filter {
  const { policies, regional } = guards;
  const of = networkRef(network);
  const own = 'code' in guards.classic ? unreadable(guards.classic, of) : classic(guards.classic);
  if ('code' in policies) return { kind: 'first', of: [unreadable(policies, of), own], otherwise: last };
  const known = ordered(policies).filter(({ type }) => places.has(type));
  const strange = policies.filter(({ type }) => !places.has(type));
  const at = (...wanted: readonly Place[]) =>
    known.filter(({ type }) => wanted.includes(places.get(type)?.[0] ?? 'first')).map(policy);
  const unread = regional ? [unreadable(regional, of)] : [];
  const head = [...at('first', 'system'), ...unread];
  const late = [...at('network', 'regional'), ...unread];
  const orders = { after: [...head, own, ...late], before: [...head, ...late, own] };
  const record = networks.record(network);
  const order =
    record?.networkFirewallPolicyEnforcementOrder ??
    (record && record.broken === undefined ? 'AFTER_CLASSIC_FIREWALL' : undefined);
  const possible =
    order === 'AFTER_CLASSIC_FIREWALL'
      ? [orders.after]
      : order === 'BEFORE_CLASSIC_FIREWALL'
        ? [orders.before]
        : Object.values(orders);
  const [only] = possible;
  if (only && possible.length === 1 && strange.length === 0) return { kind: 'first', of: only, otherwise: last };
  const filters = strange.map(policy);
  const all = possible.flatMap((sequence) =>
    strange.length === 0
      ? [sequence]
      : Array.from({ length: sequence.length + 1 }, (_, k) => [
          ...sequence.slice(0, k),
          ...filters,
          ...sequence.slice(k),
        ]),
  );
  const gap: Gap =
    strange.length > 0
      ? {
          code: 'gcp/fw-undecidable',
          kind: 'not-modelled',
          what: strange[0]?.type ?? 'a policy',
          detail: `a policy of the type ${strange[0]?.type}, which is not documented, may stand anywhere among the others`,
        }
      : networks.inventory.dangling(
          'networks',
          {},
          `the order in which ${nameOf(network)} asks its rules and policies`,
        );
  return inEitherOrder(all, last, gap);
}

function buildFilter(networks: Networks, at: Standpoint, packet: Packet): Filter {
  const guards = guardsOf(networks, at);
  return inOrder(networks, at.network, guards, {
    classic: (rules) => ({
      kind: 'rules',
      rules: classicRules(networks, rules, at, packet),
      otherwise: 'next',
      of: networkRef(at.network),
    }),
    policy: (policy) => unreadPolicy(networks, policy) ?? policyFilter(networks, policy, at, packet),
    last: impliedDeny(networks, 'code' in guards.classic ? [] : guards.classic, at, packet),
  });
}

/**
 * What keeps the machines of a network from sending to an address. Machines of one region share their guards; everything that
 * nothing denies may leave (firewall docs, implied rules).
 */
export function egressFilter(networks: Networks, network: string, destination: Address): Filter {
  return networks.once(`egress ${network} ${destination.family} ${destination.value}`, (): Filter => {
    const groups = byGuards(networks, network);
    const lowering = (nics: readonly Nic[]): Lowering => ({
      classic: (rules) => ({
        kind: 'rules',
        rules: classicEgress(networks, rules, network, destination),
        otherwise: 'next',
        of: networkRef(network),
      }),
      policy: (policy) => unreadPolicy(networks, policy) ?? policyEgress(networks, policy, nics, destination),
      last: passFilter,
    });
    const filters = groups.flatMap(({ guards, nics }) => {
      const filter = inOrder(networks, network, guards, lowering(nics));
      if (!stopsAny(filter)) return [];
      return [groups.length === 1 ? filter : forThese(filter, nics)];
    });
    return { kind: 'all', of: filters };
  });
}

/** Whether anything in a filter stops, or may stop, anybody. */
function stopsAny(filter: Filter): boolean {
  const ends = (action: Rule['action']) => action === 'drop' || action === 'reject';
  if (filter.kind === 'rules') return ends(filter.otherwise) || filter.rules.some(({ action }) => ends(action));
  return filter.of.some(stopsAny) || ('otherwise' in filter && stopsAny(filter.otherwise));
}

interface GuardedMachines {
  readonly guards: Guards;
  readonly nics: readonly Nic[];
}

/** The machines of a network by the answers that tell their guards. */
function byGuards(networks: Networks, network: string): readonly GuardedMachines[] {
  return networks.once(`guards ${network}`, () => {
    const groups = new Map<unknown, { guards: Guards; nics: Nic[] }>();
    for (const nic of networks.nicsIn(network)) {
      const firewalls = networks.firewallsOf(nic);
      const group = groups.get(firewalls ?? nic.region);
      if (group) group.nics.push(nic);
      else
        groups.set(firewalls ?? nic.region, {
          guards: guardsOf(networks, { network, region: nic.region, firewalls }),
          nics: [nic],
        });
    }
    return [...groups.values()];
  });
}

/** A filter that is asked about these machines only. */
function forThese(filter: Filter, nics: readonly Nic[]): Filter {
  const others = known(AddressSet.all.subtract(AddressSet.unionOf(nics.map(addressesOf))));
  const pass: Rule = { id: null, action: 'allow', peers: others, ports: known(PortSet.all), text: 'is not about them' };
  return { kind: 'first', of: [{ kind: 'rules', rules: [pass], otherwise: 'next' }, filter], otherwise: passFilter };
}

/** Every open connection: a rule that comes or goes does not cut it (VPC docs, connection tracking). */
export const tracked: Filter = passFilter;

/** All firewall rules in front of an interface, for packets of one way: they are stateful, so replies are not asked. */
export function firewallLayer(networks: Networks, at: Standpoint, packet: Packet): Layer {
  const { destination, approach } = packet;
  const parts = ['firewall', at, approach, destination.family, destination.value];
  const inbound = networks.shared.once(parts, () => buildFilter(networks, at, packet));
  return { kind: 'firewall', subject: networkRef(at.network), inbound, tracked };
}

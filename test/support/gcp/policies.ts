import type { JsonRecord } from './kinds.js';
import { PROJECT, projectIn } from './urls.js';

/** A firewall policy as a row describes it. The order of the rows' policies is that of the answer. */
export interface PolicySpec {
  /** As the effective answers spell it; rows may invent one. */
  readonly type: string;
  readonly name: string;
  /** The priority of its association; a hierarchical policy has none. */
  readonly priority?: number;
  /** Of a regional policy. */
  readonly region?: string;
  /** The network that it is associated with, `net1` unless said. */
  readonly network?: string;
  /** The project below the folder or organisation, every one unless said; else that of the network, `p` unless said. */
  readonly project?: string;
  /** As `policyRule` reads them, or whole. */
  readonly rules: readonly (string | JsonRecord)[];
  readonly packetMirroringRules?: readonly JsonRecord[];
}

/** Reads `100 deny tcp:22 0.0.0.0/0` and `100 deny tcp:22` into a rule for ingress; `fields` and `match` add to it. */
export function policyRule(text: string, match: JsonRecord = {}, fields: JsonRecord = {}): JsonRecord {
  const [priority = '', action = '', protocol = '', ...ranges] = text.split(' ');
  const [ipProtocol = '', ports] = protocol.split(':');
  const srcIpRanges = ranges.length === 0 ? undefined : ranges;
  return {
    kind: 'compute#firewallPolicyRule',
    priority: Number(priority),
    action,
    direction: 'INGRESS',
    disabled: false,
    enableLogging: false,
    ruleTupleCount: 2,
    match: { srcIpRanges, layer4Configs: [{ ipProtocol, ports: ports?.split(',') }], ...match },
    ...fields,
  };
}

/** What Google puts at the end of every policy. */
const DEFAULT_RULES = [
  defaultRule(2147483644, 'EGRESS', '::/0'),
  defaultRule(2147483645, 'INGRESS', '::/0'),
  defaultRule(2147483646, 'EGRESS', '0.0.0.0/0'),
  defaultRule(2147483647, 'INGRESS', '0.0.0.0/0'),
];

function defaultRule(priority: number, direction: string, prefix: string): JsonRecord {
  const ranges = direction === 'INGRESS' ? { srcIpRanges: [prefix] } : { destIpRanges: [prefix] };
  const match = { srcIpRanges: undefined, ...ranges };
  return policyRule(`${priority} goto_next all`, match, { direction, description: 'default rule' });
}

/** The policy as it stands in an effective answer; that of a region has no short names. */
function effectivePolicy(spec: PolicySpec, index: number, region: string | undefined): JsonRecord {
  const hierarchical = spec.type === 'HIERARCHY';
  const id = String(100_000_000_001 + index);
  return {
    type: spec.type,
    name: hierarchical ? id : spec.name,
    shortName: hierarchical && region === undefined ? spec.name : undefined,
    displayName: hierarchical ? spec.name : undefined,
    priority: hierarchical ? undefined : (spec.priority ?? 1000),
    rules: [...spec.rules.map((rule) => (typeof rule === 'string' ? policyRule(rule) : rule)), ...DEFAULT_RULES],
    packetMirroringRules: spec.packetMirroringRules,
  };
}

/** The policies of a network's effective answer; the one without a region knows no regional policies. */
export function effectivePolicies(
  policies: readonly PolicySpec[],
  on: { readonly network: JsonRecord; readonly region?: string },
): readonly JsonRecord[] {
  const project = projectIn(on.network.selfLink);
  const applies = (spec: PolicySpec): boolean => {
    if (spec.type === 'HIERARCHY') return spec.project === undefined || spec.project === project;
    if ((spec.network ?? 'net1') !== on.network.name || (spec.project ?? PROJECT) !== project) return false;
    if (spec.type.endsWith('_REGIONAL')) return spec.region === on.region;
    return spec.region === undefined || spec.region === on.region;
  };
  return policies
    .map((spec, index) => ({ spec, index }))
    .filter(({ spec }) => applies(spec))
    .map(({ spec, index }) => effectivePolicy(spec, index, on.region));
}

import fc from 'fast-check';
import { Fixture } from './fixture.js';
import { policyRule } from './policies.js';
import * as records from './records.js';
import { globalUrl, zonalUrl } from './urls.js';

export type Direction = 'INGRESS' | 'EGRESS';

export interface MachineSpec {
  readonly name: string;
  readonly network: string;
  readonly ip: string;
  readonly external?: string;
  readonly tags: readonly string[];
  readonly account?: string;
  readonly status: string;
}

export interface ClassicSpec {
  readonly name: string;
  readonly network: string;
  readonly direction: Direction;
  readonly allows: boolean;
  /** `tcp:22`, `tcp:20-25`, `tcp`, `udp:22`, `all`. */
  readonly l4: string;
  readonly priority: number;
  readonly disabled: boolean;
  readonly sourceRanges?: readonly string[];
  readonly destinationRanges?: readonly string[];
  readonly sourceTags?: readonly string[];
  readonly sourceServiceAccounts?: readonly string[];
  readonly targetTags?: readonly string[];
  readonly targetServiceAccounts?: readonly string[];
}

export interface PolicyRuleSpec {
  readonly priority: number;
  readonly action: 'allow' | 'deny' | 'goto_next';
  readonly direction: Direction;
  readonly l4: string;
  readonly disabled: boolean;
  /** Sources of an ingress rule, destinations of an egress rule. */
  readonly ranges: readonly string[];
  readonly destinations?: readonly string[];
  readonly context?: 'INTERNET' | 'NON_INTERNET' | 'INTRA_VPC';
  readonly accounts?: readonly string[];
  /** Of a hierarchical policy: the networks that it is for. */
  readonly networks?: readonly string[];
}

export interface PolicyOf {
  readonly type: 'HIERARCHY' | 'NETWORK' | 'NETWORK_REGIONAL';
  readonly name: string;
  readonly network: string;
  /** Of its association. */
  readonly priority: number;
  readonly rules: readonly PolicyRuleSpec[];
}

export interface RouteSpec {
  readonly network: string;
  readonly destination: string;
  readonly hop: 'gateway' | 'fw';
  readonly priority: number;
  readonly tags: readonly string[];
}

export interface PolicyRouteSpec {
  readonly priority: number;
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  readonly tags: readonly string[];
  /** Whether it leads to an appliance, or leaves it to the other routes. */
  readonly diverts: boolean;
}

export interface NetworkSpec {
  readonly name: string;
  readonly policiesFirst: boolean;
}

/** A small project as text; net1 has an appliance `fw`, and whatever is about no network of the project is nowhere. */
export interface RandomProject {
  readonly networks: readonly NetworkSpec[];
  readonly machines: readonly MachineSpec[];
  readonly rules: readonly ClassicSpec[];
  readonly policies: readonly PolicyOf[];
  readonly routes: readonly RouteSpec[];
  readonly policyRoutes: readonly PolicyRouteSpec[];
  /** `both` sides have it, or only the first one asked for it. */
  readonly peerings: readonly { readonly one: string; readonly other: string; readonly both: boolean }[];
}

const names = ['net1', 'net2', 'net3'] as const;
const tags = ['a', 'b'] as const;
const accounts = ['s1@p.iam.gserviceaccount.com', 's2@p.iam.gserviceaccount.com'] as const;

const prefix = fc.constantFrom(
  ...[
    '0.0.0.0/0',
    '0.0.0.0/0',
    '0.0.0.0/0',
    '198.51.100.0/29',
    '198.51.100.0/30',
    '198.51.100.4/31',
    '198.51.100.7/32',
  ],
  ...['10.0.0.0/8', '10.0.1.0/28', '10.0.1.4/31', '10.0.2.0/28', '35.235.240.0/20', '203.0.113.0/28'],
);
const inside = fc.constantFrom(
  '0.0.0.0/0',
  '10.0.0.0/8',
  '10.0.1.0/28',
  '10.0.1.4/31',
  '10.0.2.2/31',
  '203.0.113.0/28',
);
const l4 = fc.constantFrom(
  'tcp:22',
  'tcp:22',
  'tcp:22',
  'tcp:20-25',
  'tcp:80',
  'tcp',
  '6:22',
  'all',
  'udp:22',
  'tcp:23-79',
);
const rarely = fc.constantFrom(true, ...Array.from({ length: 6 }, () => false));

function some<T extends string>(all: readonly T[]): fc.Arbitrary<readonly T[]> {
  return fc.subarray([...all], { minLength: 1 });
}

const sourcesByTag = fc.record(
  { sourceRanges: fc.array(prefix, { minLength: 1, maxLength: 2 }), sourceTags: some(tags), targetTags: some(tags) },
  { requiredKeys: [] },
);
const sourcesByAccount = fc.record(
  {
    sourceRanges: fc.array(prefix, { minLength: 1, maxLength: 2 }),
    sourceServiceAccounts: some(accounts),
    targetServiceAccounts: some(accounts),
  },
  { requiredKeys: [] },
);
const ingress = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.record({ sourceRanges: fc.array(prefix, { minLength: 1, maxLength: 2 }) }) },
      { weight: 3, arbitrary: sourcesByTag },
      { weight: 2, arbitrary: sourcesByAccount },
    ),
    fc.oneof(
      { weight: 5, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.record({ destinationRanges: fc.array(inside, { minLength: 1, maxLength: 2 }) }) },
    ),
  )
  .map(([who, whither]) => ({ direction: 'INGRESS' as const, ...who, ...whither }));
const egress = fc
  .record(
    { destinationRanges: fc.array(inside, { minLength: 1, maxLength: 2 }), targetTags: some(tags) },
    { requiredKeys: [] },
  )
  .map((fields) => ({ direction: 'EGRESS' as const, ...fields }));

const classic = fc
  .tuple(
    fc.record({
      network: fc.constantFrom('net1', 'net1', ...names),
      allows: fc.constantFrom(true, true, true, false),
      l4,
      priority: fc.constantFrom(0, 900, 1000, 1000, 1000, 1100, 65534),
      disabled: rarely,
    }),
    fc.oneof({ weight: 5, arbitrary: ingress }, { weight: 1, arbitrary: egress }),
  )
  .map(([common, way]) => ({ ...common, ...way }));

const policyRules = fc.uniqueArray(
  fc
    .record({
      priority: fc.integer({ min: 0, max: 9 }),
      action: fc.constantFrom('allow' as const, 'deny' as const, 'deny' as const, 'goto_next' as const),
      // The oracle knows what an EGRESS rule of a policy does to senders; it is answered wrongly today.
      direction: fc.constantFrom('INGRESS' as const, 'EGRESS' as const),
      l4,
      disabled: rarely,
      ranges: fc.array(prefix, { minLength: 1, maxLength: 2 }),
      more: fc.oneof(
        { weight: 4, arbitrary: fc.constant({}) },
        {
          weight: 1,
          arbitrary: fc.record({
            context: fc.constantFrom('INTERNET' as const, 'NON_INTERNET' as const, 'INTRA_VPC' as const),
          }),
        },
        { weight: 1, arbitrary: fc.record({ accounts: some(accounts) }) },
        { weight: 1, arbitrary: fc.record({ destinations: fc.array(inside, { minLength: 1, maxLength: 2 }) }) },
        { weight: 1, arbitrary: fc.record({ networks: some(names) }) },
      ),
    })
    .map(({ more, ...rule }): PolicyRuleSpec => ({ ...rule, ...more })),
  { minLength: 1, maxLength: 4, selector: ({ priority }) => priority },
);

/** Only a policy of an organisation or a folder says for which networks a rule is. */
function everywhere(rule: PolicyRuleSpec): PolicyRuleSpec {
  const { networks, ...rest } = rule;
  return networks ? rest : rule;
}

const policy = fc
  .record({
    type: fc.constantFrom('HIERARCHY' as const, 'NETWORK' as const, 'NETWORK' as const, 'NETWORK_REGIONAL' as const),
    network: fc.constantFrom('net1', 'net1', ...names),
    priority: fc.constantFrom(10, 20, 1000),
    rules: policyRules,
  })
  .map((one) => (one.type === 'HIERARCHY' ? one : { ...one, rules: one.rules.map(everywhere) }));

function machine(network: string, host: number, external: number): fc.Arbitrary<MachineSpec> {
  return fc
    .record({
      isExternal: fc.constantFrom(true, true, true, false),
      tags: fc.subarray([...tags]),
      account: fc.option(fc.constantFrom(...accounts), { nil: undefined }),
      status: fc.constantFrom(...Array.from({ length: 9 }, () => 'RUNNING'), 'TERMINATED', 'STAGING', 'PENDING_STOP'),
    })
    .map(({ isExternal, account, ...own }) => ({
      ...own,
      name: `m${external}`,
      network,
      ip: `10.0.${network.slice(3)}.${host}`,
      ...(isExternal && { external: `203.0.113.${external}` }),
      ...(account !== undefined && { account }),
    }));
}

const route = fc.oneof(
  ...[
    { destination: '0.0.0.0/0', hop: 'gateway', priority: 900, tags: ['a'] },
    { destination: '0.0.0.0/0', hop: 'fw', priority: 800, tags: ['b'] },
    { destination: '198.51.100.0/30', hop: 'gateway', priority: 1000, tags: [] },
    { destination: '198.51.100.0/30', hop: 'fw', priority: 500, tags: [] },
    { destination: '198.51.100.4/31', hop: 'fw', priority: 100, tags: ['b'] },
    { destination: '198.51.100.6/31', hop: 'gateway', priority: 100, tags: ['a'] },
  ].map((one) => fc.constant(one as Omit<RouteSpec, 'network'>)),
);

const policyRoute: fc.Arbitrary<Omit<PolicyRouteSpec, 'priority'>> = fc.record({
  source: fc.constantFrom('0.0.0.0/0', '10.0.1.0/28', '10.0.1.4/31'),
  // What the network itself holds is left out: whether a sender's packets are diverted, gcp.md says in two ways.
  destination: fc.constantFrom('198.51.100.0/29', '198.51.100.2/31', '128.0.0.0/1', '198.51.100.5/32'),
  protocol: fc.constantFrom('ALL', 'TCP', 'UDP'),
  tags: fc.oneof(fc.constant([]), some(tags)),
  diverts: fc.boolean(),
});

export const randomProject: fc.Arbitrary<RandomProject> = fc
  .record({
    networks: fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }))
      .map(([count, first]) => names.slice(0, count).map((name, i) => ({ name, policiesFirst: first[i] === true }))),
    machines: fc.tuple(machine('net1', 4, 1), machine('net1', 5, 2), machine('net2', 2, 3), machine('net3', 2, 4)),
    appliance: fc.constantFrom('RUNNING', 'TERMINATED'),
    rules: fc.array(classic, { maxLength: 6 }),
    policies: fc.array(policy, { maxLength: 3 }),
    defaults: fc.subarray([...names], { minLength: 2 }),
    routes: fc.uniqueArray(route, { maxLength: 3, selector: (one) => JSON.stringify(one) }),
    policyRoutes: fc.array(policyRoute, { maxLength: 2 }),
    peerings: fc.array(
      fc.record({
        pair: fc.constantFrom(['net1', 'net2'], ['net2', 'net3'], ['net2', 'net1']),
        both: fc.constantFrom(true, true, false),
      }),
      { maxLength: 2 },
    ),
  })
  .map(({ networks, machines, appliance, rules, policies, defaults, routes, policyRoutes, peerings }) => {
    const has = (name: string) => networks.some((network) => network.name === name);
    const fw = { name: 'fw', network: 'net1', ip: '10.0.1.9', tags: [], status: appliance };
    const pairs = new Set<string>();
    return {
      networks,
      machines: [...machines, fw].filter(({ network }) => has(network)),
      rules: rules.map((rule, i) => ({ ...rule, name: `rule-${i}` })).filter(({ network }) => has(network)),
      policies: policies.map((one, i) => ({ ...one, name: `policy-${i}` })),
      routes: [
        ...defaults.map((network) => ({
          network,
          destination: '0.0.0.0/0',
          hop: 'gateway' as const,
          priority: 1000,
          tags: [],
        })),
        ...routes.map((one) => ({ network: 'net1', ...one })),
      ].filter(({ network }) => has(network)),
      policyRoutes: policyRoutes.map((one, i) => ({ ...one, priority: 10 * (i + 1) })),
      peerings: peerings.flatMap(({ pair: [one = '', other = ''], both }) => {
        const key = [one, other].sort().join(' ');
        if (!has(one) || !has(other) || pairs.has(key)) return [];
        pairs.add(key);
        return [{ one, other, both }];
      }),
    };
  });

/** The project as it would be recorded. */
export function fixtureOf(project: RandomProject): Fixture {
  const f = new Fixture();
  for (const { name, policiesFirst } of project.networks) {
    const networkFirewallPolicyEnforcementOrder = policiesFirst ? 'BEFORE_CLASSIC_FIREWALL' : 'AFTER_CLASSIC_FIREWALL';
    f.add('networks', records.network(name, { networkFirewallPolicyEnforcementOrder }));
    f.addSubnet(`sub-${name}`, { network: name, prefix: `10.0.${name.slice(3)}.0/28` });
  }
  for (const { one, other, both } of project.peerings) {
    if (both) f.peer(one, other);
    else f.halfPeer(one, other);
  }
  for (const { name, network, ip, external, tags: own, account, status } of project.machines) {
    const serviceAccount = account === undefined ? {} : { serviceAccount: account };
    f.addVm({
      name,
      network,
      ip,
      subnet: `sub-${network}`,
      tags: own,
      ...(external && { external }),
      ...serviceAccount,
    });
    f.vm(name, { status, canIpForward: name === 'fw' });
  }
  for (const { name, network, direction, allows, l4: text, ...fields } of project.rules) {
    const entries = { [allows ? 'allowed' : 'denied']: records.l4(text) };
    const sourceRanges = direction === 'INGRESS' ? { sourceRanges: undefined } : {};
    f.rule(name, { network, direction, ...entries, ...sourceRanges, ...fields });
  }
  for (const { type, name, network, priority, rules } of project.policies) {
    const region = type === 'NETWORK_REGIONAL' ? { region: 'us-central1' } : {};
    f.policy({ type, name, network, priority, ...region, rules: rules.map(recordOf) });
  }
  project.routes.forEach(({ network, destination, hop, priority, tags: own }, i) => {
    const next =
      hop === 'gateway'
        ? { nextHopGateway: records.internetGateway() }
        : { nextHopInstance: zonalUrl('instances', 'fw') };
    const tagged = own.length > 0 ? { tags: own } : {};
    f.route(`route-${i}`, {
      network: globalUrl('networks', network),
      destRange: destination,
      priority,
      ...next,
      ...tagged,
    });
  });
  project.policyRoutes.forEach(({ priority, source, destination, protocol, tags: own, diverts }, i) => {
    f.policyBasedRoute(`pbr-${i}`, {
      priority,
      filter: { protocolVersion: 'IPV4', ipProtocol: protocol, srcRange: source, destRange: destination },
      ...(own.length > 0 && { virtualMachine: { tags: own } }),
      ...(diverts ? { nextHopIlbIp: '10.0.1.14' } : { nextHopOtherRoutes: 'DEFAULT_ROUTING' }),
    });
  });
  return f;
}

function recordOf(rule: PolicyRuleSpec) {
  const {
    priority,
    action,
    direction,
    l4: text,
    disabled,
    ranges,
    destinations,
    context,
    accounts: own,
    networks,
  } = rule;
  const match =
    direction === 'INGRESS'
      ? { srcIpRanges: ranges, destIpRanges: destinations, srcNetworkContext: context }
      : { srcIpRanges: undefined, destIpRanges: ranges };
  const targets = { targetServiceAccounts: own, targetResources: networks?.map((name) => globalUrl('networks', name)) };
  return policyRule(`${priority} ${action} ${text}`, match, { direction, disabled, ...targets });
}

/** Sources that the rules and routes of these projects tell apart. */
export const sampleSources: readonly string[] = [
  ...Array.from({ length: 8 }, (_, i) => `198.51.100.${i}`),
  ...['8.8.8.8', '198.51.100.8', '35.235.240.5', '35.235.255.255', '203.0.113.9'],
  ...['203.0.113.1', '203.0.113.2', '203.0.113.3'],
  ...['10.0.1.2', '10.0.1.4', '10.0.1.5', '10.0.1.9', '10.0.2.2', '10.0.2.3', '10.0.3.2', '10.0.3.3', '10.9.9.9'],
];

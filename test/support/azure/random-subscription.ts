import fc from 'fast-check';

/** A rule of a security group. Words keep the case in which they were written. */
export interface RuleSpec {
  readonly priority: number;
  readonly direction: string;
  readonly access: string;
  readonly protocol: string;
  /** Prefixes, addresses and tags; none where groups stand. */
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly sourceGroups?: readonly string[];
  readonly destinationGroups?: readonly string[];
  readonly sourcePort: string;
  readonly ports: readonly string[];
  /** Whether every list stands in the plural field; else the first of each is in the singular one. */
  readonly isPlural: boolean;
}

export interface GroupSpec {
  readonly name: string;
  readonly rules: readonly RuleSpec[];
  readonly listsDefaults: boolean;
}

export interface RouteSpec {
  readonly prefix: string;
  readonly hop: 'Internet' | 'None' | 'VirtualAppliance' | 'VirtualNetworkGateway' | 'VnetLocal';
}

export interface SubnetSpec {
  readonly name: string;
  readonly prefix: string;
  readonly group?: string;
  /** Those of its table, where it has one. */
  readonly routes?: readonly RouteSpec[];
}

export interface NetworkSpec {
  readonly name: string;
  readonly space: readonly string[];
  readonly subnets: readonly SubnetSpec[];
}

export interface MachineSpec {
  readonly letter: string;
  readonly network: string;
  readonly subnet: string;
  readonly ip: string;
  readonly shown?: { readonly address: string; readonly sku: 'Standard' | 'Basic'; readonly isAssigned: boolean };
  /** Undefined where Azure does not tell. */
  readonly power: string | undefined;
  readonly group?: string;
  /** The application security groups that it is in. */
  readonly applications: readonly string[];
  /** A second address of its interface, which is in groups of its own. */
  readonly second?: { readonly ip: string; readonly applications: readonly string[] };
}

/** One side of a peering, as it stands in its network. */
export interface SideSpec {
  readonly from: string;
  readonly to: string;
  readonly state: string;
  readonly hasAccess: boolean;
  /** Where subnets are peered and not networks: those of either end. */
  readonly subnets?: { readonly local: readonly string[]; readonly remote: readonly string[] };
}

/** A security admin rule that is in effect in a network. */
export interface AdminSpec {
  readonly network: string;
  readonly priority: number;
  readonly direction: string;
  readonly access: string;
  readonly protocol: string;
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly sourcePort: string;
  readonly ports: readonly string[];
}

/** The machine to which routes lead that name an appliance. Nobody asks it, and it asks nobody. */
export interface ApplianceSpec {
  readonly ip: string;
  readonly forwards: boolean;
  readonly power: string;
}

/** A small subscription as text. The appliance is in vnet1. */
export interface RandomSubscription {
  readonly networks: readonly NetworkSpec[];
  readonly groups: readonly GroupSpec[];
  readonly machines: readonly MachineSpec[];
  readonly sides: readonly SideSpec[];
  readonly admin: readonly AdminSpec[];
  readonly appliance: ApplianceSpec;
}

const networkNames = ['vnet1', 'vnet2', 'vnet3'] as const;
const groupNames = ['nsg1', 'nsg2', 'nsg3'] as const;
const applications = ['web', 'db'] as const;

const rarely = fc.constantFrom(true, ...Array.from({ length: 6 }, () => false));

function some<T>(all: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> {
  return fc.array(all, { minLength: 1, maxLength: 2 });
}

/** Mostly the first. */
function mostly<T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant(usual) },
    { weight: 2, arbitrary: fc.constantFrom(...others, usual) },
  );
}

const far = fc.constantFrom(
  ...['*', '*', '*', '0.0.0.0/0', 'Internet', 'internet', 'VirtualNetwork', 'virtualnetwork', 'AzureLoadBalancer'],
  ...['198.51.100.0/29', '198.51.100.0/30', '198.51.100.5/31', '198.51.100.7', '203.0.113.0/28', '203.0.113.2/32'],
  ...['10.0.0.0/8', '10.1.0.0/24', '10.1.0.0/28', '10.1.0.4', '10.1.0.4/31', '10.1.0.16/28'],
  ...['10.2.0.0/24', '10.2.0.4', '10.3.0.0/24', '10.3.0.128/25'],
);
const near = mostly(
  '*',
  ...['0.0.0.0/0', 'VirtualNetwork', 'virtualNetwork', 'Internet', '10.0.0.0/8', '10.1.0.0/28', '10.1.0.4'],
  ...['10.1.0.4/31', '10.2.0.0/28', '203.0.113.1'],
);
const ports = mostly<readonly string[]>(['22'], ['20-25'], ['*'], ['80', '22'], ['443'], ['23-80'], ['80', '20-25']);
const protocol = mostly('Tcp', 'tcp', 'TCP', '*', 'Udp', 'Icmp', 'Esp');
const access = fc.constantFrom('Allow', 'Allow', 'allow', 'Deny', 'deny');
const common = {
  access,
  protocol,
  ports,
  // A port that a client sends from is any of 1024 to 65535: what holds some of them only is left out.
  sourcePort: mostly('*', '1024-65535', '0-65535', '22', '*'),
  isPlural: fc.boolean(),
};
const members = fc.subarray([...applications], { minLength: 1 });
const none = fc.constant<readonly string[]>([]);

/** One end of a rule: texts, or now and then application security groups. */
function ends(sources: fc.Arbitrary<string>, destinations: fc.Arbitrary<string>) {
  const [from, to] = [some(sources), some(destinations)];
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ sources: from, destinations: to }) },
    { weight: 1, arbitrary: fc.record({ sources: none, sourceGroups: members, destinations: to }) },
    { weight: 1, arbitrary: fc.record({ sources: from, destinations: none, destinationGroups: members }) },
  );
}

const inbound = fc
  .tuple(fc.record({ ...common, direction: mostly('Inbound', 'inbound') }), ends(far, near))
  .map(([rule, who]) => ({ ...rule, ...who }));
const outbound = fc
  .tuple(fc.record({ ...common, direction: mostly('Outbound', 'outbound') }), ends(near, far))
  .map(([rule, who]) => ({ ...rule, ...who }));

const rules: fc.Arbitrary<readonly RuleSpec[]> = fc.uniqueArray(
  fc
    .tuple(
      fc.constantFrom(100, 200, 300, 1000, 4096),
      fc.oneof({ weight: 3, arbitrary: inbound }, { weight: 1, arbitrary: outbound }),
    )
    .map(([priority, rule]): RuleSpec => ({ priority, ...rule })),
  { maxLength: 5, selector: ({ priority, direction }) => `${priority} ${direction.toLowerCase()}` },
);

/** Behind all others, so that not too many machines are closed. */
const open: RuleSpec = {
  ...{ priority: 4000, direction: 'Inbound', access: 'Allow', protocol: 'Tcp', isPlural: false },
  ...{ sources: ['*'], destinations: ['*'], sourcePort: '*', ports: ['22'] },
};

const group = fc
  .record({ rules, isOpen: fc.boolean(), listsDefaults: fc.boolean() })
  .map(({ rules: own, isOpen, listsDefaults }) => ({ rules: isOpen ? [...own, open] : own, listsDefaults }));

/** `[prefix, hop]`. No route sends addresses inside to the internet, nor others to the network: what comes of it is not documented. */
const routes: readonly (readonly [string, RouteSpec['hop']])[] = [
  ['0.0.0.0/0', 'VirtualAppliance'],
  ['0.0.0.0/0', 'VirtualNetworkGateway'],
  ['0.0.0.0/0', 'None'],
  ['0.0.0.0/0', 'Internet'],
  ['198.51.100.0/29', 'None'],
  ['198.51.100.0/30', 'Internet'],
  ['198.51.100.4/31', 'VirtualAppliance'],
  ['198.51.100.4/32', 'Internet'],
  ['10.0.0.0/8', 'None'],
  ['10.1.0.0/24', 'None'],
  ['10.1.0.16/28', 'None'],
  ['10.2.0.0/24', 'None'],
  ['10.2.0.4/32', 'None'],
  ['10.3.0.0/24', 'None'],
];
/** Where the appliance stands. To send from one network through another into a third one takes routes of both ends: not here. */
const routesBesideAppliance: typeof routes = [
  ...routes,
  ['10.1.0.0/24', 'VirtualAppliance'],
  ['10.1.0.0/28', 'VnetLocal'],
  ['10.1.0.5/32', 'VirtualAppliance'],
  ['10.2.0.0/25', 'VirtualAppliance'],
  ['10.3.0.128/25', 'VirtualAppliance'],
];

function table(from: typeof routes): fc.Arbitrary<readonly RouteSpec[]> {
  const one = fc.constantFrom(...from).map(([prefix, hop]): RouteSpec => ({ prefix, hop }));
  return fc.uniqueArray(one, { maxLength: 3, selector: ({ prefix }) => prefix });
}

const attached = fc.option(fc.constantFrom(...groupNames), { freq: 3, nil: undefined });

function subnet(name: string, prefix: string, from = routes): fc.Arbitrary<SubnetSpec> {
  const tabled = fc.option(table(from), { freq: 2, nil: undefined });
  return fc.record({ group: attached, routes: tabled }).map(({ group: own, routes: sent }) => ({
    name,
    prefix,
    ...(own !== undefined && { group: own }),
    ...(sent && { routes: sent }),
  }));
}

/** vnet2 may have the addresses of vnet1, and vnet3 has two ranges, which adjoin. */
const networks: fc.Arbitrary<readonly NetworkSpec[]> = fc
  .tuple(
    fc.integer({ min: 1, max: 3 }),
    rarely,
    fc.tuple(subnet('s11', '10.1.0.0/28', routesBesideAppliance), subnet('s12', '10.1.0.16/28', routesBesideAppliance)),
    fc.tuple(subnet('s21', '10.2.0.0/28'), subnet('s22', '10.2.0.16/28')),
    fc.tuple(subnet('s31', '10.3.0.0/28'), subnet('s32', '10.3.0.128/28')),
  )
  .map(([count, overlaps, first, second, third]) => {
    const overlapping = ({ prefix, ...rest }: SubnetSpec) => ({ ...rest, prefix: prefix.replace('10.2.', '10.1.') });
    return [
      { name: 'vnet1', space: ['10.1.0.0/24'], subnets: first },
      overlaps
        ? { name: 'vnet2', space: ['10.1.0.0/24'], subnets: second.map(overlapping) }
        : { name: 'vnet2', space: ['10.2.0.0/24'], subnets: second },
      { name: 'vnet3', space: ['10.3.0.0/25', '10.3.0.128/25'], subnets: third },
    ].slice(0, count);
  });

const power = fc.constantFrom(
  ...Array.from({ length: 10 }, () => 'running'),
  ...['deallocated', 'stopped', 'starting', undefined],
);

type Place = Pick<MachineSpec, 'letter' | 'network' | 'subnet'> & { readonly host: number };

const places: readonly Place[] = [
  { letter: 'A', network: 'vnet1', subnet: 's11', host: 4 },
  { letter: 'B', network: 'vnet1', subnet: 's11', host: 5 },
  { letter: 'C', network: 'vnet1', subnet: 's12', host: 4 },
  { letter: 'D', network: 'vnet2', subnet: 's21', host: 4 },
  { letter: 'E', network: 'vnet2', subnet: 's22', host: 5 },
  { letter: 'F', network: 'vnet3', subnet: 's31', host: 4 },
];

/** A machine, but for the place in which it is. */
const traits = fc.record({
  power,
  group: attached,
  isShown: fc.constantFrom(true, true, true, false),
  sku: fc.constantFrom('Standard' as const, 'Standard' as const, 'Basic' as const),
  isUnassigned: rarely,
  applications: fc.subarray([...applications]),
  second: fc.option(fc.subarray([...applications]), { freq: 4, nil: undefined }),
});

const peerings = fc.uniqueArray(
  fc.record({
    pair: fc.constantFrom(['vnet1', 'vnet2'] as const, ['vnet3', 'vnet1'] as const, ['vnet2', 'vnet3'] as const),
    states: mostly<readonly [string, string | undefined]>(
      ['Connected', 'Connected'],
      ['Initiated', undefined],
      ['Disconnected', undefined],
      ['Connected', undefined],
      ['Disconnected', 'Connected'],
      ['connected', 'Connected'],
    ),
    access: fc.tuple(mostly(true, false), mostly(true, false)),
    isWhole: mostly(true, false),
    peered: fc.array(fc.constantFrom([0], [0, 1], [1], [0, 1]), { minLength: 4, maxLength: 4 }),
    wholeSides: fc.tuple(fc.boolean(), fc.boolean()),
  }),
  { maxLength: 3, selector: ({ pair }) => pair.join() },
);

const admin: fc.Arbitrary<readonly AdminSpec[]> = fc.uniqueArray(
  fc.record({
    network: fc.constantFrom('vnet1', 'vnet1', ...networkNames),
    priority: fc.integer({ min: 1, max: 6 }),
    direction: mostly('Inbound', 'inbound', 'Outbound', 'outbound'),
    access: fc.constantFrom('Allow', 'AlwaysAllow', 'alwaysAllow', 'Deny', 'deny'),
    protocol: mostly('Tcp', 'TCP', 'Any', 'Udp'),
    sources: fc.oneof(some(far), none),
    destinations: fc.oneof(some(near), none),
    sourcePort: mostly('0-65535', '22', '1024-65535'),
    ports,
  }),
  { maxLength: 4, selector: ({ network, priority }) => `${network} ${priority}` },
);

type Peering = typeof peerings extends fc.Arbitrary<readonly (infer T)[]> ? T : never;

/** Networks that overlap can be peered neither with each other nor with the same third one. */
function sidesOf(
  all: readonly NetworkSpec[],
  { pair, states, access: told, isWhole, peered, wholeSides }: Peering,
): SideSpec[] {
  const [one, other] = pair.map((name) => all.find((network) => network.name === name));
  if (!one || !other || (isOverlapping(all) && pair.some((name) => name === 'vnet2'))) return [];
  const named = ({ subnets }: NetworkSpec, at: readonly number[]) => at.flatMap((index) => subnets[index]?.name ?? []);
  const at = (end: NetworkSpec, index: number) => named(end, peered[index] ?? []);
  const side = (from: string, to: string, index: 0 | 1, local: readonly string[], remote: readonly string[]) => {
    const state = states[index];
    if (state === undefined) return [];
    return [
      {
        from,
        to,
        state,
        hasAccess: told[index],
        ...(!isWhole && !wholeSides[index] && { subnets: { local, remote } }),
      },
    ];
  };
  return [
    ...side(one.name, other.name, 0, at(one, 0), at(other, 1)),
    ...side(other.name, one.name, 1, at(other, 2), at(one, 3)),
  ];
}

/** The appliance runs: the oracle knows that it stops everything otherwise, which is not known for sure today. */
export const randomSubscription: fc.Arbitrary<RandomSubscription> = fc
  .record({
    networks,
    groups: fc.tuple(group, group, group),
    traits: fc.array(traits, { minLength: places.length, maxLength: places.length }),
    peerings,
    admin: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: admin }),
    appliance: fc.record({ forwards: fc.boolean(), power: fc.constant('running') }),
  })
  .map(({ networks: all, groups, traits: each, peerings: joined, admin: ruled, appliance }) => {
    const sides = joined.flatMap((one) => sidesOf(all, one));
    const machines = places.flatMap((place, index) => machineAt(all, place, each[index], index + 1));
    return {
      networks: all,
      groups: groups.map((one, index) => ({ name: groupNames[index] ?? '', ...one })),
      machines,
      sides,
      admin: ruled.filter(({ network }) => all.some(({ name }) => name === network)),
      appliance: { ip: '10.1.0.30', ...appliance },
    };
  });

/** How far the second address of a machine is behind its first. */
const SECOND = 4;

type Traits = typeof traits extends fc.Arbitrary<infer T> ? T : never;

function isOverlapping(all: readonly NetworkSpec[]): boolean {
  return new Set(all.flatMap(({ space }) => space)).size < all.flatMap(({ space }) => space).length;
}

/** All members of an application security group are of one network. */
function machineAt(
  all: readonly NetworkSpec[],
  { host, ...place }: Place,
  of: Traits | undefined,
  nth: number,
): MachineSpec[] {
  const home = all.find(({ name }) => name === place.network)?.subnets.find(({ name }) => name === place.subnet);
  if (!home || !of) return [];
  const [, base = '', last = '0'] = /^(.*\.)(\d+)\//.exec(home.prefix) ?? [];
  const shown = { address: `203.0.113.${nth}`, sku: of.sku, isAssigned: !of.isUnassigned };
  return [
    {
      ...place,
      ip: `${base}${Number(last) + host}`,
      power: of.power,
      applications: place.network === 'vnet1' ? of.applications : [],
      ...(of.second && {
        second: {
          ip: `${base}${Number(last) + host + SECOND}`,
          applications: place.network === 'vnet1' ? of.second : [],
        },
      }),
      ...(of.isShown && { shown }),
      ...(of.group !== undefined && { group: of.group }),
    },
  ];
}

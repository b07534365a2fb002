import fc from 'fast-check';
import { Fixture } from './fixture.js';
import * as records from './records.js';

interface GroupSpec {
  readonly inbound: readonly string[];
  readonly egress: readonly string[];
}

interface AclSpec {
  readonly inbound: readonly string[];
  readonly outbound: readonly string[];
}

interface MachineSpec {
  readonly id: string;
  readonly subnet: 'subnet-a' | 'subnet-b';
  readonly host: number;
  readonly public: boolean;
  readonly ipv6: boolean;
  readonly groups: readonly string[];
  readonly platform: string;
  readonly state: string;
}

/** A small account as text: one VPC, two subnets, two or three instances, and whatever guards and routes them. */
export interface RandomAccount {
  readonly attached: boolean;
  readonly machines: readonly MachineSpec[];
  readonly groups: Readonly<Record<string, GroupSpec>>;
  readonly acls: readonly AclSpec[];
  readonly mainRoutes: readonly string[];
  /** The routes of a table of subnet-a's own; null where it has none. */
  readonly ownRoutes: readonly string[] | null;
}

/** Every prefix that a rule may name lies in the few networks from which the sample sources come. */
const prefixesV4 = [
  ...['0.0.0.0/0', '0.0.0.0/0', '0.0.0.0/0', '203.0.113.0/29', '203.0.113.0/29'],
  ...['203.0.113.0/30', '203.0.113.4/31', '203.0.113.6/32'],
  ...['10.0.0.0/28', '10.0.0.0/28', '10.0.0.0/29', '10.0.0.8/29', '10.0.0.4/31'],
];
const prefixesV6 = ['::/0', '::/0', '2001:db8:f::/126', '2001:db8:f::2/128', '2001:db8:1::/56', '2001:db8:1:2::/64'];
const prefix = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...prefixesV4) },
  { weight: 1, arbitrary: fc.constantFrom(...prefixesV6) },
);
const groupIds = ['sg-1', 'sg-2', 'sg-3'] as const;

function groupRule(prefixes: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.constantFrom('tcp 22', 'tcp 22', 'tcp 22', 'tcp 20-22', 'tcp 22-25', 'tcp 0-65535', 'all', 'tcp 80', 'udp 22'),
      fc.oneof({ weight: 4, arbitrary: prefixes }, { weight: 1, arbitrary: fc.constantFrom(...groupIds) }),
    )
    .map((words) => words.join(' '));
}

/** To whom a machine of the VPC may want to send. */
const destination = fc.constantFrom(
  ...['10.0.0.0/28', '10.0.0.0/29', '10.0.0.4/31', '10.0.0.12/31', '0.0.0.0/0'],
  ...['2001:db8:1::/56', '2001:db8:1:1::4/128', '::/0'],
);

const openEgress = ['all 0.0.0.0/0', 'all ::/0'];

const group: fc.Arbitrary<GroupSpec> = fc.record({
  inbound: fc.oneof(
    { weight: 1, arbitrary: fc.constant(['tcp 22 0.0.0.0/0', 'tcp 22 ::/0']) },
    { weight: 2, arbitrary: fc.array(groupRule(prefix), { maxLength: 4 }) },
  ),
  egress: fc.oneof(
    { weight: 2, arbitrary: fc.constant(openEgress) },
    { weight: 1, arbitrary: fc.array(groupRule(destination), { maxLength: 2 }) },
  ),
});

const openEntries = ['100 allow all 0.0.0.0/0', '101 allow all ::/0'];

/** An open list, as most are, or a few entries with or without it at the end. */
function entries(ports: readonly string[]): fc.Arbitrary<readonly string[]> {
  const entry = fc.tuple(fc.constantFrom('allow', 'allow', 'deny'), fc.constantFrom(...ports), prefix);
  const own = fc
    .tuple(fc.array(entry, { minLength: 1, maxLength: 3 }), fc.constantFrom(openEntries, openEntries, openEntries, []))
    .map(([some, rest]) => [...some.map((words, i) => `${10 * (i + 1)} ${words.join(' ')}`), ...rest]);
  return fc.oneof(fc.constant(openEntries), own);
}

const acl: fc.Arbitrary<AclSpec> = fc.record({
  inbound: entries(['tcp 22', 'tcp 22-80', 'all', 'udp 22', 'udp 0-65535', 'tcp 32768-49151', 'tcp 32768-49151']),
  outbound: entries(['tcp 1024-65535', 'tcp 32768-61000', 'tcp 32768-49151', 'tcp 32768-49151', 'all', 'udp 0-65535']),
});

const internetRoutes = ['0.0.0.0/0 igw-1', '::/0 igw-1'];

const routes = fc.subarray([
  ...[...internetRoutes, '203.0.113.0/30 igw-1', '203.0.113.0/29 nat-2 blackhole'],
  ...['203.0.113.4/31 nat-1', '2001:db8:f::/127 eigw-1', '0.0.0.0/1 igw-1'],
]);

function machine(id: string, host: number): fc.Arbitrary<MachineSpec> {
  return fc.record({
    id: fc.constant(id),
    subnet: fc.constantFrom('subnet-a', 'subnet-b'),
    host: fc.constant(host),
    public: fc.constantFrom(true, true, true, false),
    ipv6: fc.boolean(),
    groups: fc.subarray([...groupIds], { minLength: 1, maxLength: 2 }),
    platform: fc.constantFrom('Linux/UNIX', 'Windows'),
    state: fc.constantFrom(...Array.from({ length: 10 }, () => 'running'), 'stopped', 'stopping'),
  });
}

/** A machine that differs from another one in nothing but its name and address. */
function twinOf(one: MachineSpec): MachineSpec {
  return { ...one, id: 'i-3', host: 6 };
}

/** Two machines, and mostly a third one: by itself, or a twin of the first. */
const machines: fc.Arbitrary<readonly MachineSpec[]> = fc
  .tuple(machine('i-1', 4), machine('i-2', 5), machine('i-3', 6), fc.constantFrom('none', 'own', 'twin'))
  .map(([first, second, third, kind]) =>
    kind === 'none' ? [first, second] : [first, second, kind === 'own' ? third : twinOf(first)],
  );

export const randomAccount: fc.Arbitrary<RandomAccount> = fc.record({
  attached: fc.constantFrom(true, true, true, true, true, false),
  machines,
  groups: fc.record({ 'sg-1': group, 'sg-2': group, 'sg-3': group }),
  acls: fc.array(acl, { minLength: 1, maxLength: 2 }),
  mainRoutes: fc.oneof(fc.constant(internetRoutes), routes),
  ownRoutes: fc.option(fc.oneof(fc.constant(internetRoutes), routes), { nil: null }),
});

/** An account in which the machines may send to single addresses only, to those of one of two twins for instance. */
export const accountOfTwins: fc.Arbitrary<RandomAccount> = fc
  .tuple(
    randomAccount,
    machine('i-1', 4),
    machine('i-2', 5),
    fc.subarray(['tcp 22 10.0.0.4/31', 'tcp 22 10.0.0.12/31', 'tcp 22 2001:db8:1:1::4/128'], { minLength: 1 }),
  )
  .map(([account, first, second, egress]) => ({
    ...account,
    machines: [first, second, twinOf(first)],
    groups: Object.fromEntries(Object.entries(account.groups).map(([id, own]) => [id, { ...own, egress }])),
  }));

interface Addresses {
  readonly ip: string;
  readonly public?: string;
  readonly ipv6?: string;
}

/** 10.0.0.4 in subnet-a, 10.0.0.12 in subnet-b. */
function addressesOf({ subnet, host, ...has }: MachineSpec): Addresses {
  return {
    ip: `10.0.0.${subnet === 'subnet-a' ? host : host + 8}`,
    ...(has.public && { public: `198.51.100.${host}` }),
    ...(has.ipv6 && { ipv6: `2001:db8:1:${subnet === 'subnet-a' ? 1 : 2}::${host}` }),
  };
}

/** The address of a machine that a client with this address dials; undefined where it has none of the kind. */
export function dialledBy(source: string, machine: MachineSpec): string | undefined {
  const { ip, public: publicIp, ipv6 } = addressesOf(machine);
  if (source.includes(':')) return ipv6;
  return source.startsWith('10.') ? ip : publicIp;
}

function addMachine(fixture: Fixture, spec: MachineSpec): void {
  const { id, subnet, groups, platform, state } = spec;
  fixture.addInstance({ id, subnet, groups, platform, state, eni: `eni-${id.slice(2)}`, ...addressesOf(spec) });
}

/** The account as it would be recorded. Routes to a gateway that is not attached are blackholes. */
export function fixtureOf(account: RandomAccount): Fixture {
  const fixture = new Fixture();
  fixture.addVpc('vpc-1', '10.0.0.0/28', '2001:db8:1::/56');
  fixture.add('InternetGateways', records.internetGateway('igw-1', 'vpc-1'));
  if (!account.attached) fixture.edit('InternetGateways', 'igw-1', { Attachments: [] });
  const place = { vpc: 'vpc-1', zone: 'a' };
  fixture.addSubnet('subnet-a', { ...place, prefix: '10.0.0.0/29', prefixV6: '2001:db8:1:1::/64' });
  fixture.addSubnet('subnet-b', { ...place, prefix: '10.0.0.8/29', prefixV6: '2001:db8:1:2::/64' });
  const alive = (lines: readonly string[]) =>
    lines.map((line) => (account.attached || !line.endsWith('igw-1') ? line : `${line} blackhole`));
  fixture
    .table('rtb-main')
    .main()
    .routes(...alive(account.mainRoutes));
  if (account.ownRoutes)
    fixture
      .table('rtb-a')
      .on('subnet-a')
      .routes(...alive(account.ownRoutes));
  for (const [i, { inbound, outbound }] of account.acls.entries()) {
    const subnets = account.acls.length === 1 ? ['subnet-a', 'subnet-b'] : [i === 0 ? 'subnet-a' : 'subnet-b'];
    fixture
      .acl(`acl-${i + 1}`)
      .in(...inbound)
      .out(...outbound)
      .on(...subnets);
  }
  for (const [id, { inbound, egress }] of Object.entries(account.groups)) {
    fixture
      .sg(id)
      .inbound(...inbound)
      .egress(...egress);
  }
  for (const spec of account.machines) addMachine(fixture, spec);
  return fixture;
}

/** Sources that the rules of these accounts tell apart: on the internet, and inside the VPC. */
export const sampleSources = {
  internet: [
    ...Array.from({ length: 8 }, (_, i) => `203.0.113.${i}`),
    ...['8.8.8.8', '192.0.2.1', '2001:db8:f::', '2001:db8:f::1', '2001:db8:f::2', '2001:db8:f::5'],
  ],
  vpc: [
    ...Array.from({ length: 16 }, (_, i) => `10.0.0.${i}`),
    ...['2001:db8:1:1::4', '2001:db8:1:1::5', '2001:db8:1:2::5', '2001:db8:1:2::6', '2001:db8:1:2::9'],
  ],
} as const;

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Auditor } from '../../src/ask/audit.js';
import type { Cloud } from '../../src/provider.js';
import { AddressSet } from '../../src/set/index.js';
import { cloudOf } from '../support/gate/gcp-over.js';
import { anyone, GcpProgram } from '../support/gate/gcp-plan.js';
import { Fixture } from '../support/gcp/fixture.js';
import type { JsonRecord } from '../support/gcp/kinds.js';
import { globalUrl } from '../support/gcp/urls.js';
import { runs } from '../support/runs.js';

/**
 * Where a thing of the account comes from: the program makes it, it was there and nobody declares it, both tell the same of it, the
 * program changes it, or it was there and goes.
 */
const homes = fc.constantFrom('made', 'recorded', 'both', 'changed', 'gone');
type Home = 'made' | 'recorded' | 'both' | 'changed' | 'gone';

const NET = 'projects/p/global/networks/net1';
const sources = fc.constantFrom(['0.0.0.0/0'], ['203.0.113.0/24'], ['10.0.0.0/24'], ['198.51.100.0/24', '10.0.0.2/32']);
const ports = fc.constantFrom(['22'], ['80'], ['20-25']);

const classic = fc.record({
  home: homes,
  priority: fc.constantFrom(100, 1000),
  isDeny: fc.constantFrom(false, false, true),
  sourceRanges: sources,
  ports,
  targetTags: fc.constantFrom([], [], ['a']),
  direction: fc.constantFrom('INGRESS', 'INGRESS', 'INGRESS', 'EGRESS'),
});
const numbered = fc.record({
  home: homes,
  action: fc.constantFrom('allow', 'allow', 'deny', 'goto_next'),
  srcIpRanges: sources,
  ports,
});
const machine = fc.record({ home: homes, tags: fc.constantFrom([], ['a']), isOutside: fc.boolean() });
const worlds = fc.record({
  network: fc.constantFrom<Home>('recorded', 'both'),
  order: fc.constantFrom('AFTER_CLASSIC_FIREWALL', 'BEFORE_CLASSIC_FIREWALL'),
  rules: fc.array(classic, { maxLength: 4 }),
  policy: fc.constantFrom<Home>('made', 'recorded', 'both', 'gone'),
  numbered: fc.array(numbered, { maxLength: 3 }),
  isListed: fc.boolean(),
  machines: fc.array(machine, { minLength: 1, maxLength: 3 }),
  route: fc.record({ home: homes, destRange: fc.constantFrom('0.0.0.0/0', '203.0.113.0/24') }),
});
type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

/** Which part of the world is told: by the program alone, or by the recording where that has it. */
class Telling {
  readonly program = new GcpProgram();
  readonly recorded = new Fixture();
  private readonly isWhole: boolean;

  constructor(isWhole: boolean) {
    this.isWhole = isWhole;
  }

  /** Tells one thing; `before` writes it into the recording, as it was. */
  tell(
    home: Home,
    type: string,
    name: string,
    inputs: object,
    path: string,
    before: (isChanged: boolean) => void,
  ): void {
    if (this.isWhole) {
      if (home !== 'gone') this.program.add(`compute:${type}`, name, inputs);
      return;
    }
    if (home !== 'made') before(home === 'changed');
    if (home === 'recorded') return;
    const op = home === 'made' ? 'create' : home === 'gone' ? 'delete' : 'update';
    this.program.add(`compute:${type}`, name, inputs, { op, ...(home !== 'made' && { id: path }) });
  }
}

function tellRule(telling: Telling, rule: World['rules'][number], name: string): void {
  const { home, isDeny, ports: list, sourceRanges, targetTags, direction, priority } = rule;
  const isEgress = direction === 'EGRESS';
  const ranges = isEgress ? { destinationRanges: sourceRanges } : { sourceRanges };
  const tags = targetTags.length > 0 ? { targetTags } : {};
  const own = { name, network: NET, direction, priority, ...ranges, ...tags };
  const entry = { protocol: 'tcp', ports: list };
  telling.tell(
    home,
    'Firewall',
    name,
    { ...own, [isDeny ? 'denies' : 'allows']: [entry] },
    `projects/p/global/firewalls/${name}`,
    (isChanged) => {
      const told = { priority, direction, ...ranges, ...tags };
      const other = isChanged ? { sourceTags: ['a'], sourceRanges: undefined, targetTags: undefined, priority: 1 } : {};
      const entries = [{ IPProtocol: 'tcp', ports: isChanged ? ['22'] : list }];
      telling.recorded.rule(name, {
        ...told,
        ...other,
        [isDeny !== isChanged ? 'denied' : 'allowed']: entries,
      });
    },
  );
}

function tellPolicy(telling: Telling, { policy: home, numbered: all, isListed }: World): void {
  const path = 'projects/p/global/firewallPolicies/pol';
  const ruleOf = ({ action, srcIpRanges, ports: list }: World['numbered'][number], index: number) => ({
    priority: 100 + index,
    action,
    direction: 'INGRESS',
    match: { srcIpRanges, layer4Configs: [{ ipProtocol: 'tcp', ports: list }] },
  });
  const own = all.map((rule): Home => (home === 'recorded' || home === 'both' ? rule.home : home));
  const rules = all.map(ruleOf).map((rule, index) => ({ rule, home: own[index] ?? 'made' }));
  const isWithRules = isListed && home !== 'recorded';
  const recorded: JsonRecord[] = [];
  const listed = rules.filter((one) => one.home !== 'gone').map(({ rule }) => rule);
  telling.tell(
    home,
    isWithRules ? 'NetworkFirewallPolicyWithRules' : 'NetworkFirewallPolicy',
    'pol',
    isWithRules ? { name: 'pol', rules: listed } : { name: 'pol' },
    path,
    () => telling.recorded.policy({ type: 'NETWORK', name: 'pol', rules: recorded }),
  );
  telling.tell(
    home,
    'NetworkFirewallPolicyAssociation',
    'assoc',
    { firewallPolicy: path, attachmentTarget: NET, name: 'assoc' },
    `${path}/associations/assoc`,
    () => undefined,
  );
  for (const { rule, home: where } of rules) {
    const inputs = { firewallPolicy: path, ...rule };
    const before = (isChanged: boolean) =>
      recorded.push({
        ...rule,
        ...(isChanged && { action: rule.action === 'allow' ? 'deny' : 'allow' }),
      });
    if (isWithRules) {
      if (where !== 'made') before(where === 'changed');
    } else
      telling.tell(
        where,
        'NetworkFirewallPolicyRule',
        `rule-${rule.priority}`,
        inputs,
        `${path}/${rule.priority}`,
        before,
      );
  }
}

function tellMachine(telling: Telling, { home, tags, isOutside }: World['machines'][number], index: number): void {
  const name = `vm-${index}`;
  const [ip, external] = [`10.0.0.${index + 2}`, `192.0.2.${index + 2}`];
  const accessConfigs = isOutside ? [{ natIp: external }] : [];
  telling.tell(
    home,
    'Instance',
    name,
    { name, tags, networkInterfaces: [{ network: NET, subnetwork: 'sn1', networkIp: ip, accessConfigs }] },
    `projects/p/zones/us-central1-a/instances/${name}`,
    (isChanged) => {
      const was = isChanged ? ['b'] : tags;
      telling.recorded.addVm({ name, ip, tags: was, ...(isOutside && { external }) });
    },
  );
}

function told(world: World, isWhole: boolean): Cloud {
  const telling = new Telling(isWhole);
  const { recorded, program } = telling;
  const order = { networkFirewallPolicyEnforcementOrder: world.order };
  recorded.addNetwork('net1', order).addSubnet('sn1', { network: 'net1', prefix: '10.0.0.0/24' });
  const network = { name: 'net1', autoCreateSubnetworks: false, ...order };
  telling.tell(world.network, 'Network', 'net', network, NET, () => undefined);
  const subnet = { name: 'sn1', network: NET, ipCidrRange: '10.0.0.0/24', region: 'us-central1' };
  if (isWhole) program.add('compute:Subnetwork', 'sub', subnet);
  for (const [index, rule] of world.rules.entries()) tellRule(telling, rule, `rule-${index}`);
  tellPolicy(telling, world);
  for (const [index, one] of world.machines.entries()) tellMachine(telling, one, index);
  const { home, destRange } = world.route;
  const gateway = globalUrl('gateways', 'default-internet-gateway');
  telling.tell(
    home,
    'Route',
    'route',
    { name: 'route', network: NET, destRange, priority: 10, nextHopIp: '10.0.0.200' },
    'projects/p/global/routes/route',
    (isChanged) =>
      recorded.route('route', {
        destRange,
        priority: 10,
        ...(isChanged ? { nextHopGateway: gateway } : { nextHopIp: '10.0.0.200' }),
      }),
  );
  return cloudOf(program, isWhole ? undefined : recorded);
}

/** Who gets in to which machine, and who may: of everybody outside, and of the subnet. */
function answers(cloud: Cloud): Readonly<Record<string, readonly string[]>> {
  const asked = anyone.union(AddressSet.of('10.0.0.0/24'));
  const auditor = new Auditor(cloud, 22);
  const all = [...cloud.targets()].map((target) => {
    const { judged } = auditor.audit(target);
    const open = judged.reachable.set.union(judged.partial.set).intersect(asked);
    return [target.ref.id, [open.prefixes().join(), judged.unknown.set.intersect(asked).prefixes().join()]] as const;
  });
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}

test('whatever of an account a program declares, over a recording of the rest it says what it says of the whole', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      expect(answers(told(world, false))).toEqual(answers(told(world, true)));
    }),
    runs(120),
  );
});

test('over a recording of just what it declares a program says what it says alone', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const both = <T extends { readonly home: Home }>(one: T): T => ({ ...one, home: 'both' });
      const same: World = {
        ...world,
        network: 'both',
        policy: 'both',
        rules: world.rules.map(both),
        numbered: world.numbered.map(both),
        machines: world.machines.map(both),
        route: both(world.route),
      };
      expect(answers(told(same, false))).toEqual(answers(told(same, true)));
    }),
    runs(40),
  );
});

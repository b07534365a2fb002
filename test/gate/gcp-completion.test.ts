import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AddressSet } from '../../src/set/index.js';
import { anyone, GcpProgram, Later, later, relays } from '../support/gate/gcp-plan.js';
import { runs } from '../support/runs.js';

/** A value that one of two programs knows. */
class Hidden {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** The program that knows everything, or the one that does not know what is hidden. */
function seen(value: unknown, isKnown: boolean): unknown {
  if (value instanceof Hidden) return isKnown ? seen(value.value, isKnown) : later();
  if (value instanceof Later || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => seen(one, isKnown));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, seen(item, isKnown)]));
}

/** A value that is hidden now and then: one of so many times. */
function perhaps<T>(value: fc.Arbitrary<T>, of = 10): fc.Arbitrary<T | Hidden> {
  return fc.tuple(value, fc.integer({ min: 1, max: of })).map(([one, n]) => (n === 1 ? new Hidden(one) : one));
}

function absent<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined });
}

/** A list of these, the first one more often than others; mostly there is none where that is `rare`. */
function listOf(isRare: boolean, first: string, ...items: readonly string[]): fc.Arbitrary<unknown> {
  const item = perhaps(fc.constantFrom(first, first, first, ...items));
  const list = perhaps(fc.array(item, { minLength: 1, maxLength: 2 }));
  return fc.oneof({ weight: isRare ? 3 : 1, arbitrary: fc.constant(undefined) }, { weight: 2, arbitrary: list });
}

const [A, B] = ['a@p.iam.gserviceaccount.com', 'b@p.iam.gserviceaccount.com'] as const;
const sources = listOf(false, '0.0.0.0/0', '203.0.113.0/24', '10.0.0.0/24', '35.235.240.0/20');
const destinations = listOf(true, '10.0.0.0/24', '10.0.0.0/28', '192.0.2.0/24');
const entries = (protocol: string) =>
  fc.array(
    fc.record({
      [protocol]: perhaps(fc.constantFrom('tcp', 'tcp', 'udp', 'all')),
      ports: listOf(false, '22', '80', '20-25'),
    }),
    { minLength: 1, maxLength: 2 },
  );

const base = {
  priority: perhaps(fc.constantFrom(100, 1000, 2000), 4),
  direction: absent(perhaps(fc.constantFrom('INGRESS', 'INGRESS', 'INGRESS', 'EGRESS'))),
  disabled: absent(perhaps(fc.constantFrom(false, false, false, true))),
};

const firewall = fc
  .record({
    ...base,
    entries: perhaps(entries('protocol')),
    isDeny: fc.constantFrom(false, false, true),
    sourceRanges: sources,
    destinationRanges: destinations,
    byTags: fc.record({ sourceTags: listOf(true, 'a', 'b'), targetTags: listOf(true, 'a', 'b') }),
    byAccounts: fc.record({ targetServiceAccounts: listOf(true, A, B) }),
    isByTags: fc.boolean(),
  })
  .map(({ entries: own, isDeny, byTags, byAccounts, isByTags, ...rule }) => ({
    ...rule,
    ...(isByTags ? byTags : byAccounts),
    [isDeny ? 'denies' : 'allows']: own,
  }));

const policyRule = fc.record({
  direction: base.direction,
  disabled: base.disabled,
  action: perhaps(fc.constantFrom('allow', 'allow', 'deny', 'goto_next')),
  targetServiceAccounts: listOf(true, A, B),
  match: perhaps(
    fc.record({
      srcIpRanges: sources,
      destIpRanges: destinations,
      layer4Configs: perhaps(entries('ipProtocol')),
      srcNetworkContext: absent(perhaps(fc.constantFrom('INTERNET', 'NON_INTERNET'))),
    }),
  ),
});

const machine = fc.record({
  tags: perhaps(listOf(false, 'a', 'b'), 3),
  serviceAccount: absent(perhaps(fc.record({ email: perhaps(fc.constantFrom(A, A, B), 3) }))),
  desiredStatus: absent(perhaps(fc.constantFrom('RUNNING', 'RUNNING', 'RUNNING', 'TERMINATED'))),
  canIpForward: absent(perhaps(fc.boolean())),
});

const face = fc.record({
  accessConfigs: perhaps(fc.constantFrom([], [{}], [{}], [{}])),
  networkIp: absent(perhaps(fc.constantFrom('10.0.0.4', '10.0.0.20'))),
});

const network = fc.record({
  networkFirewallPolicyEnforcementOrder: absent(
    perhaps(fc.constantFrom('AFTER_CLASSIC_FIREWALL', 'BEFORE_CLASSIC_FIREWALL')),
  ),
  deleteDefaultRoutesOnCreate: absent(perhaps(fc.constant(false))),
});

const worlds = fc.record({
  network,
  machine,
  face,
  /** The tags of a machine in the same network. */
  peer: perhaps(fc.constantFrom(['a'], ['b']), 3),
  rules: fc.array(fc.tuple(firewall, perhaps(fc.constantFrom('net', 'net', 'net', 'other'))), {
    minLength: 1,
    maxLength: 3,
  }),
  policy: fc.array(policyRule, { maxLength: 3 }),
  numbers: fc.array(perhaps(fc.constantFrom(1, 500)), { minLength: 3, maxLength: 3 }),
  kind: fc.constantFrom('Network', 'RegionNetwork'),
  region: absent(perhaps(fc.constantFrom('us-central1', 'us-central1', 'europe-west1'))),
});

type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

function named(value: unknown): unknown {
  if (value instanceof Hidden) return new Hidden(later(String(value.value)));
  return later(String(value));
}

function program(world: World, isKnown: boolean): GcpProgram {
  const told = (value: unknown) => seen(value, isKnown) as object;
  const made = new GcpProgram()
    .network('net', told(world.network))
    .network('other')
    .add('compute:Subnetwork', 'sub', { network: later('net'), ipCidrRange: '10.0.0.0/24' })
    .vm('peer', { tags: told(world.peer), networkInterfaces: [{ subnetwork: later('sub'), networkIp: '10.0.0.66' }] })
    .add(`compute:${world.kind}FirewallPolicy`, 'pol')
    .add(`compute:${world.kind}FirewallPolicyAssociation`, 'assoc', {
      firewallPolicy: later('pol'),
      attachmentTarget: later('net'),
      ...(world.kind === 'RegionNetwork' && { region: told(world.region) }),
    });
  for (const [index, [rule, of]] of world.rules.entries())
    made.firewall(`rule-${index}`, {
      allows: undefined,
      sourceRanges: undefined,
      ...told(rule),
      network: told(named(of)),
    });
  for (const [index, rule] of world.policy.entries()) {
    const number = world.numbers[index];
    const at = (value: unknown) => Number(value) + index;
    const priority = number instanceof Hidden ? new Hidden(at(number.value)) : at(number);
    made.add(`compute:${world.kind}FirewallPolicyRule`, `policy-rule-${index}`, {
      firewallPolicy: later('pol'),
      priority: told(priority),
      ...told(rule),
    });
  }
  const interfaces = told([{ subnetwork: later('sub'), ...world.face }]);
  return made.vm('web', { ...told(world.machine), networkInterfaces: interfaces });
}

/** Everybody whose way does not hang on which address is chosen for a machine. */
const asked = AddressSet.unionOf([anyone, relays, AddressSet.of('10.0.0.66', '10.0.0.128/25')]);

function bounds(made: GcpProgram) {
  const { ways, isOver } = made.judge('web');
  if (isOver) throw new Error('too many ways');
  const all = ways.flatMap(({ answers }) => answers);
  const [first] = all;
  const open = all.reduce((sum, answer) => sum.intersect(answer.open), first?.open ?? AddressSet.empty);
  const may = AddressSet.unionOf(all.map((answer) => answer.open.union(answer.unsure)));
  return { open: open.intersect(asked), may: may.intersect(asked) };
}

test('whatever the values turn out to be, who gets in is between what is open and what may be', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const [unknown, known] = [bounds(program(world, false)), bounds(program(world, true))];
      const wrong = {
        // Nobody of whom it was sure is kept out, and nobody gets in of whom it was sure that they do not.
        keptOut: unknown.open.subtract(known.may).prefixes(),
        letIn: known.open.subtract(unknown.may).prefixes(),
      };
      expect(wrong).toEqual({ keptOut: [], letIn: [] });
    }),
    runs(250),
  );
});

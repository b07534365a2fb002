import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cloudOf, verdictsOf } from '../support/gate/gcp-over.js';
import { GcpProgram, judged, later } from '../support/gate/gcp-plan.js';
import { f0 } from '../support/gcp/fixture.js';
import { runs } from '../support/runs.js';

const NAMES = ['one', 'two', 'three', 'four', 'a/b', ''];
const TYPES = [
  'Instance',
  'InstanceFromTemplate',
  'InstanceFromMachineImage',
  'InstanceTemplate',
  'RegionInstanceTemplate',
  'InstanceGroupManager',
  'RegionInstanceGroupManager',
  'InstanceGroup',
  'Firewall',
  'Network',
  'Subnetwork',
  'Route',
  ...['', 'Network', 'RegionNetwork'].flatMap((prefix) =>
    ['', 'WithRules', 'Rule', 'Association'].map((end) => `${prefix}FirewallPolicy${end}`),
  ),
  'Address',
  'ForwardingRule',
  'GlobalForwardingRule',
  'TargetInstance',
  'TargetPool',
  'TargetTCPProxy',
  'BackendService',
  'RegionBackendService',
];

const KEYS = [
  ...['name', 'project', 'region', 'zone', 'network', 'subnetwork', 'networkInterfaces', 'accessConfigs', 'tags'],
  ...[
    'serviceAccount',
    'email',
    'params',
    'resourceManagerTags',
    'desiredStatus',
    'sourceInstanceTemplate',
    'versions',
  ],
  ...[
    'instanceTemplate',
    'targetSize',
    'distributionPolicyZones',
    'instances',
    'allows',
    'denies',
    'protocol',
    'ports',
  ],
  ...[
    'sourceRanges',
    'destinationRanges',
    'sourceTags',
    'targetTags',
    'targetServiceAccounts',
    'priority',
    'direction',
  ],
  ...['disabled', 'ipCidrRange', 'destRange', 'nextHopIp', 'nextHopInstance', 'firewallPolicy', 'attachmentTarget'],
  ...['rules', 'match', 'srcIpRanges', 'layer4Configs', 'ipProtocol', 'srcAddressGroups', 'target', 'backendService'],
  ...[
    'backends',
    'group',
    'portRange',
    'instance',
    'items',
    'selfLink',
    'ipv6AccessConfigs',
    'stackType',
    'namedPorts',
  ],
];

const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    '',
    0,
    -1,
    1e99,
    22,
    '22',
    'tcp',
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/24',
    'x',
  ),
  fc.constantFrom(
    'default',
    'one',
    'projects/p/global/networks/one',
    'projects//',
    '/',
    '[secret]',
    '?',
    'deny',
    'EGRESS',
  ),
  fc.subarray(NAMES).map((names) => later(...names)),
  fc.string(),
);
const { bag } = fc.letrec<{ tree: unknown; bag: Record<string, unknown> }>((tie) => ({
  tree: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('tree'), { maxLength: 3 }), tie('bag')),
  bag: fc.dictionary(fc.constantFrom(...KEYS), tie('tree'), { maxKeys: 8 }),
}));

const resource = fc.record({
  type: fc.constantFrom(...TYPES),
  inputs: fc.oneof({ weight: 5, arbitrary: bag }, { weight: 1, arbitrary: leaf }),
  op: fc.constantFrom('create', 'same', 'update', 'delete', 'read'),
  outputs: fc.option(bag, { nil: undefined }),
});

/** Asks everything of a program that can be asked. */
function askAll(program: GcpProgram): void {
  for (const unseenControls of ['assume-none', 'unknown'] as const) {
    const cloud = program.plan({ unseenControls, maxForks: 8 });
    cloud.conflicts();
    const { origin } = cloud.lowered();
    origin('one');
    for (const machine of cloud.machines) cloud.judge(machine).declared();
  }
}

describe('what nobody wrote', () => {
  test('any properties of any resources', () => {
    fc.assert(
      fc.property(fc.array(resource, { minLength: 1, maxLength: 5 }), bag, (resources, config) => {
        const program = new GcpProgram().provider(config);
        for (const [index, { type, inputs, ...more }] of resources.entries())
          program.add(`compute:${type}`, NAMES[index] ?? '', inputs, more);
        askAll(program);
        verdictsOf(cloudOf(program, f0()));
      }),
      runs(200),
    );
  });

  test.each(TYPES)('no properties of %s', (type) => {
    askAll(new GcpProgram().add(`compute:${type}`, 'one').add(`compute:${type}`, 'two', undefined).vm('web'));
  });

  test('resources that refer to each other in a circle', () => {
    const program = new GcpProgram()
      .network('net', { name: later('sub') })
      .add('compute:Subnetwork', 'sub', { network: later('sub'), ipCidrRange: later('sub') })
      .add('compute:InstanceTemplate', 'template', { networkInterfaces: [{ subnetwork: later('group') }] })
      .add('compute:InstanceGroupManager', 'group', { versions: [{ instanceTemplate: later('group', 'template') }] })
      .vm('web', { networkInterfaces: [{ subnetwork: later('sub'), accessConfigs: [{}] }] });
    askAll(program);
    expect(judged(program, 'web')).toBe('unknown, declared denied');
  });

  test('machines of which nothing can be read', () => {
    const empty = { networkInterfaces: undefined };
    expect(judged(new GcpProgram().vm('web', empty), 'web')).toBe('unknown, declared denied');
    expect(judged(new GcpProgram().add('compute:Instance', 'web'), 'web')).toBe('unknown, declared denied');
    expect(judged(new GcpProgram().vm('web', { networkInterfaces: 'x' }), 'web')).toBe('unknown, declared denied');
    expect(judged(new GcpProgram().vm('web', { networkInterfaces: [3] }), 'web')).toBe('unknown, declared denied');
  });
});

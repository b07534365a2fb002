import { describe, expect, test } from '@jest/globals';
import { cloudOf, gatedOver, verdictsOf } from '../support/gate/gcp-over.js';
import { GcpProgram, later } from '../support/gate/gcp-plan.js';
import { type Fixture, f0 } from '../support/gcp/fixture.js';
import { l4 } from '../support/gcp/records.js';

/** The network of the recorded account, in the spellings in which programs name it. */
const NET = 'projects/p/global/networks/net1';
const face = (inputs: object = {}) => ({ networkInterfaces: [{ network: 'net1', accessConfigs: [{}], ...inputs }] });
const ssh = { network: NET, allows: [{ protocol: 'tcp', ports: ['22'] }], sourceRanges: ['0.0.0.0/0'] };
const over = (program: GcpProgram, recorded: Fixture) => verdictsOf(cloudOf(program, recorded));
const closed = () => f0().noRule('allow-ssh');
const kept = (type: string, name: string) => ({
  op: 'same',
  id: `projects/p/${type}/${name}`,
  outputs: { name, selfLink: `https://www.googleapis.com/compute/v1/projects/p/${type}/${name}` },
});
const gone = (type: string, name: string) => ({ ...kept(type, name), op: 'delete' });
const rule = (priority: number, action: string, more: object = {}) => ({
  priority,
  action,
  direction: 'INGRESS',
  match: { srcIpRanges: ['0.0.0.0/0'], layer4Configs: [{ ipProtocol: 'tcp', ports: ['22'] }] },
  ...more,
});

describe('a machine of the program in a network of the account', () => {
  test.each(['net1', 'global/networks/net1', NET, `https://www.googleapis.com/compute/v1/${NET}`])('%s', (network) => {
    const program = () => new GcpProgram().add('compute:Instance', 'new', face({ network }));
    expect(over(program(), f0())).toEqual({ vm1: 'allowed', new: 'allowed' });
    expect(over(program(), closed())).toEqual({ vm1: 'denied', new: 'denied' });
  });

  test('by its subnet, and by a network of the program itself', () => {
    const bySubnet = face({ network: undefined, subnetwork: 'sn1' });
    expect(over(new GcpProgram().add('compute:Instance', 'new', bySubnet), f0())).toMatchObject({ new: 'allowed' });
    const own = new GcpProgram().network('net').vm('new');
    expect(over(own, f0())).toEqual({ vm1: 'allowed', new: 'denied' });
    expect(over(own.firewall('ssh'), closed())).toEqual({ vm1: 'denied', new: 'allowed' });
  });

  test('that the recording does not hold', () => {
    const program = () => new GcpProgram().add('compute:Instance', 'new', face({ network: 'other' }));
    expect(over(program(), f0())).toMatchObject({ new: 'unknown' });
    expect(
      over(program().add('compute:Instance', 'in', face({ network: 'other', accessConfigs: [] })), f0()),
    ).toMatchObject({
      in: 'denied',
    });
  });

  test('by its tags, its account and its routes', () => {
    const tagged = f0().rule('allow-ssh', { targetTags: ['web'] });
    const program = new GcpProgram()
      .add('compute:Instance', 'web', { ...face(), tags: ['web'] })
      .add('compute:Instance', 'db', { ...face(), tags: ['db'] });
    expect(over(program, tagged)).toEqual({ vm1: 'allowed', web: 'allowed', db: 'denied' });
    expect(over(program, f0().noRoute('default-internet'))).toMatchObject({ web: 'denied', db: 'denied' });
  });
});

describe('a rule of the program', () => {
  test('lets in to recorded machines, and keeps out', () => {
    expect(over(new GcpProgram().add('compute:Firewall', 'open', ssh), closed())).toEqual({ vm1: 'allowed' });
    const deny = { ...ssh, allows: undefined, denies: [{ protocol: 'tcp' }], priority: 1 };
    expect(over(new GcpProgram().add('compute:Firewall', 'shut', deny), f0())).toEqual({ vm1: 'denied' });
    const elsewhere = { ...ssh, network: later('net') };
    const program = new GcpProgram().network('net').add('compute:Firewall', 'open', elsewhere);
    expect(over(program, closed())).toEqual({ vm1: 'denied' });
  });

  test('replaces the recorded one of its id, and no other', () => {
    const narrow = { ...ssh, name: 'allow-ssh', sourceRanges: ['203.0.113.0/24'] };
    const program = (inputs: object = narrow) =>
      new GcpProgram().add('compute:Firewall', 'allow', inputs, {
        ...kept('global/firewalls', 'allow-ssh'),
        op: 'update',
      });
    expect(over(program(), f0())).toEqual({ vm1: 'partial' });
    expect(over(program(), f0().rule('other', { allowed: l4('tcp:22') }))).toEqual({ vm1: 'allowed' });
    expect(over(program({ ...narrow, sourceRanges: [later()] }), f0())).toEqual({ vm1: 'unknown' });
  });

  test('that the run leaves as it is stays as it was recorded, whatever the program asks for', () => {
    const narrow = { ...ssh, name: 'allow-ssh', sourceRanges: ['203.0.113.0/24'] };
    const program = () =>
      new GcpProgram().add('compute:Firewall', 'allow', narrow, kept('global/firewalls', 'allow-ssh'));
    expect(over(program(), f0())).toEqual({ vm1: 'allowed' });
    const machine = kept('zones/us-central1-a/instances', 'vm1');
    const shut = new GcpProgram().add('compute:Instance', 'vm1', face({ accessConfigs: [] }), machine);
    expect(over(shut, f0())).toEqual({ vm1: 'allowed' });
  });

  test('that goes lets nobody in any more, and its siblings do', () => {
    const program = new GcpProgram().add('compute:Firewall', 'old', ssh, gone('global/firewalls', 'allow-ssh'));
    expect(over(program, f0())).toEqual({ vm1: 'denied' });
    expect(over(program, f0().rule('allow-ssh-2', { allowed: l4('tcp:22') }))).toEqual({ vm1: 'allowed' });
  });

  test('that is replaced has a new id, and the old one goes', () => {
    const narrow = { ...ssh, sourceRanges: ['203.0.113.0/24'] };
    const program = new GcpProgram()
      .add('compute:Firewall', 'allow', narrow, { op: 'create-replacement' })
      .add('compute:Firewall', 'allow', ssh, { ...gone('global/firewalls', 'allow-ssh'), op: 'delete-replaced' });
    expect(over(program, f0())).toEqual({ vm1: 'partial' });
  });

  test('that is let go of and stays in the account', () => {
    const left = { ...gone('global/firewalls', 'allow-ssh'), retainOnDelete: true };
    expect(over(new GcpProgram().add('compute:Firewall', 'old', ssh, left), f0())).toEqual({ vm1: 'allowed' });
  });

  test('of nobody knows which network', () => {
    const stray = new GcpProgram().add('compute:Firewall', 'open', { ...ssh, network: later() });
    expect(over(stray, closed())).toEqual({ vm1: 'unknown' });
    expect(over(stray, f0())).toEqual({ vm1: 'allowed' });
  });

  test('is laid over the answer about an interface, too', () => {
    const own = () =>
      closed().answer('instanceFirewalls', f0().nicSubject('vm1'), { firewalls: [], firewallPolicys: [] });
    expect(over(new GcpProgram().add('compute:Firewall', 'open', ssh), own())).toEqual({ vm1: 'allowed' });
  });
});

describe('a policy', () => {
  const guarded = (...rules: readonly string[]) => closed().policy({ type: 'NETWORK', name: 'pol', rules });
  const allow = '1000 allow tcp:22 0.0.0.0/0';
  const added = (number: number, action: string) =>
    new GcpProgram().add('compute:NetworkFirewallPolicyRule', 'rule', {
      firewallPolicy: 'pol',
      ...rule(number, action),
    });

  test('that was recorded stays', () => {
    const program = new GcpProgram().add('compute:Instance', 'new', face());
    expect(over(program, guarded(allow))).toEqual({ vm1: 'allowed', new: 'allowed' });
  });

  test('gets a rule, and another in the place of one', () => {
    expect(over(added(10, 'deny'), guarded(allow))).toEqual({ vm1: 'denied' });
    expect(over(added(2000, 'deny'), guarded(allow))).toEqual({ vm1: 'allowed' });
    expect(over(added(1000, 'deny'), guarded(allow))).toEqual({ vm1: 'denied' });
    expect(over(added(1000, 'allow'), guarded('1000 deny tcp:22 0.0.0.0/0'))).toEqual({ vm1: 'allowed' });
  });

  test('loses a rule, or is taken away', () => {
    const id = 'projects/p/global/firewallPolicies/pol/1000';
    const without = new GcpProgram().add(
      'compute:NetworkFirewallPolicyRule',
      'rule',
      { firewallPolicy: 'pol', ...rule(1000, 'allow') },
      { op: 'delete', id },
    );
    expect(over(without, guarded(allow))).toEqual({ vm1: 'denied' });
    expect(over(without, guarded(allow, '1001 allow tcp:22 0.0.0.0/0'))).toEqual({ vm1: 'allowed' });
    const away = (attachmentTarget: string) =>
      new GcpProgram().add(
        'compute:NetworkFirewallPolicyAssociation',
        'assoc',
        { firewallPolicy: 'pol', attachmentTarget },
        { op: 'delete', id: 'projects/p/global/firewallPolicies/pol/associations/a' },
      );
    expect(over(away(NET), guarded(allow))).toEqual({ vm1: 'denied' });
    expect(over(away('projects/p/global/networks/other'), guarded(allow))).toEqual({ vm1: 'allowed' });
  });

  test('of the program in front of a recorded network, and a recorded one in front of a network of the program', () => {
    const own = new GcpProgram()
      .add('compute:NetworkFirewallPolicyWithRules', 'mine', { rules: [rule(1, 'allow')] })
      .add('compute:NetworkFirewallPolicyAssociation', 'assoc', {
        firewallPolicy: later('mine'),
        attachmentTarget: NET,
      });
    expect(over(own, closed())).toEqual({ vm1: 'allowed' });
    const shared = new GcpProgram()
      .network('net')
      .vm('new')
      .add('compute:NetworkFirewallPolicyAssociation', 'assoc', {
        firewallPolicy: 'pol',
        attachmentTarget: later('net'),
      });
    expect(over(shared, guarded(allow))).toEqual({ vm1: 'allowed', new: 'allowed' });
    expect(over(shared, closed())).toEqual({ vm1: 'denied', new: 'unknown' });
  });

  test('above the project is above what the program makes there', () => {
    const above = f0().policy({ type: 'HIERARCHY', name: 'corp', rules: ['1 deny tcp:22 0.0.0.0/0'] });
    const program = new GcpProgram().network('net').firewall('ssh').vm('new');
    expect(over(program, above)).toEqual({ vm1: 'denied', new: 'denied' });
    expect(over(program, f0())).toEqual({ vm1: 'allowed', new: 'allowed' });
  });

  test('by secure tags, of which a binding of the program comes or goes', () => {
    const aimed = { ...rule(1, 'allow'), targetSecureTags: [{ name: 'tagValues/1' }] };
    const tagged = (...tags: readonly string[]) =>
      closed()
        .policy({ type: 'NETWORK', name: 'pol', rules: [aimed] })
        .secureTags('vm1', ...tags);
    const stays = (op: string) =>
      new GcpProgram().add('tags:TagBinding', 'b', { tagValue: 'tagValues/1' }, { op, id: 'tagBindings/1' });
    expect(over(stays('same'), tagged('tagValues/1'))).toEqual({ vm1: 'allowed' });
    expect(over(stays('delete').network('x'), tagged('tagValues/1'))).toEqual({ vm1: 'unknown' });
    const comes = new GcpProgram().add('tags:TagBinding', 'b', { tagValue: 'tagValues/1' });
    expect(over(comes, tagged())).toEqual({ vm1: 'unknown' });
  });

  test('of a region', () => {
    const regional = (region: string) =>
      new GcpProgram()
        .add('compute:RegionNetworkFirewallPolicyWithRules', 'mine', { rules: [rule(1, 'allow')], region })
        .add('compute:RegionNetworkFirewallPolicyAssociation', 'assoc', {
          firewallPolicy: later('mine'),
          attachmentTarget: NET,
          region,
        });
    expect(over(regional('us-central1'), closed())).toEqual({ vm1: 'allowed' });
    expect(over(regional('europe-west1'), closed())).toEqual({ vm1: 'denied' });
    expect(over(regional('us-central1'), closed().without('regionFirewalls'))).toEqual({ vm1: 'unknown' });
  });
});

describe('what is in the account and is not there any more, or is another', () => {
  test('a machine goes, and no other', () => {
    const two = f0().addVm({ name: 'vm2', ip: '10.0.0.3', external: '203.0.113.11' });
    const program = new GcpProgram().add('compute:Instance', 'x', face(), gone('zones/us-central1-a/instances', 'vm1'));
    expect(over(program, two)).toEqual({ vm2: 'allowed' });
  });

  test('a machine that stays has its addresses, and new tags', () => {
    const program = (tags: readonly string[]) =>
      new GcpProgram().add(
        'compute:Instance',
        'vm1',
        { ...face(), name: 'vm1', tags },
        { ...kept('zones/us-central1-a/instances', 'vm1'), op: 'update' },
      );
    const tagged = () => f0().rule('allow-ssh', { targetTags: ['web'] });
    expect(over(program(['web']), tagged())).toEqual({ vm1: 'allowed' });
    expect(over(program([]), tagged())).toEqual({ vm1: 'denied' });
    const found = cloudOf(program(['web']), tagged()).find('203.0.113.10');
    expect(found).toMatchObject({ kind: 'target', target: { ref: { name: 'vm1' } } });
  });

  test('a machine to which other rules are shown than before', () => {
    const own = f0()
      .vm('vm1', { tags: { items: [] } })
      .rule('allow-ssh', { targetTags: ['web'] });
    own.answer('instanceFirewalls', own.nicSubject('vm1'), { firewalls: [], firewallPolicys: [] });
    const program = (tags: readonly string[]) =>
      new GcpProgram().add(
        'compute:Instance',
        'vm1',
        { ...face(), name: 'vm1', tags, serviceAccount: { email: 'app@p.iam.gserviceaccount.com' } },
        { ...kept('zones/us-central1-a/instances', 'vm1'), op: 'update' },
      );
    expect(over(program(['web']), own)).toEqual({ vm1: 'allowed' });
    expect(over(program([]), own)).toEqual({ vm1: 'denied' });
  });

  test('a route goes, and one comes', () => {
    const goes = new GcpProgram().add('compute:Route', 'r', {}, gone('global/routes', 'default-internet'));
    expect(over(goes, f0())).toEqual({ vm1: 'denied' });
    const comes = { network: NET, destRange: '0.0.0.0/0', nextHopGateway: 'default-internet-gateway' };
    expect(over(new GcpProgram().add('compute:Route', 'r', comes), f0().noRoute('default-internet'))).toEqual({
      vm1: 'allowed',
    });
  });

  test('a forwarding rule to a recorded target, one that goes, and one that leads elsewhere', () => {
    const inside = () => f0().nic('vm1', 0, { accessConfigs: [] }).targetInstance('ti', 'vm1');
    const forward = { loadBalancingScheme: 'EXTERNAL', ipProtocol: 'TCP', portRange: '22' };
    const target = 'projects/p/zones/us-central1-a/targetInstances/ti';
    const program = new GcpProgram().add('compute:ForwardingRule', 'fr', { ...forward, target });
    expect(over(new GcpProgram().network('net').vm('other'), inside())).toMatchObject({ vm1: 'denied' });
    expect(over(program, inside())).toEqual({ vm1: 'allowed' });
    const recorded = () =>
      inside().forwardingRule('fr-1', {
        IPAddress: '203.0.113.99',
        target: `https://www.googleapis.com/compute/v1/${target}`,
        portRange: '22-22',
      });
    expect(over(new GcpProgram().network('net'), recorded())).toEqual({ vm1: 'allowed' });
    const goes = gone('regions/us-central1/forwardingRules', 'fr-1');
    expect(over(new GcpProgram().add('compute:ForwardingRule', 'fr', forward, goes), recorded())).toEqual({
      vm1: 'denied',
    });
    const moved = new GcpProgram()
      .add('compute:Instance', 'other', face({ accessConfigs: [] }))
      .add('compute:TargetInstance', 'to', { instance: later('other') })
      .add('compute:ForwardingRule', 'fr', { ...forward, target: later('to') }, { ...goes, op: 'update' });
    expect(over(moved, recorded())).toEqual({ vm1: 'denied', other: 'allowed' });
  });
});

test('what joins a machine of the program by the recording alone counts in every way in which the program may turn out', () => {
  const target = 'projects/p/zones/us-central1-a/targetInstances/ti';
  const forward = { loadBalancingScheme: 'EXTERNAL', ipProtocol: 'TCP', portRange: '22', target };
  const program = new GcpProgram()
    .add('serviceaccount:Account', 'a', { accountId: 'a' })
    .add('serviceaccount:Account', 'b', { accountId: 'b' })
    .add(
      'compute:Instance',
      'vm1',
      { ...face({ accessConfigs: [] }), name: 'vm1', serviceAccount: { email: later('a', 'b') } },
      { ...kept('zones/us-central1-a/instances', 'vm1'), op: 'update' },
    )
    .add('compute:ForwardingRule', 'fr', forward);
  expect(over(program, f0().targetInstance('ti', 'vm1'))).toEqual({ vm1: 'allowed' });
});

describe('what the recording does not hold', () => {
  const program = () =>
    new GcpProgram().network('net').firewall('ssh').vm('own').add('compute:Instance', 'new', face());

  test.each([['routes'], ['networkFirewalls']] as const)('%s', (call) => {
    const recorded = f0().without(call);
    if (call === 'networkFirewalls') recorded.without('regionFirewalls');
    // Of the network that the program makes it tells all.
    expect(over(program(), recorded)).toEqual({ vm1: 'unknown', own: 'allowed', new: 'unknown' });
  });

  test('a hole stays one', () => {
    expect(over(program(), f0().denied('routes', 'compute.routes.list'))).toEqual({
      vm1: 'unknown',
      own: 'allowed',
      new: 'unknown',
    });
    const machines = cloudOf(program(), f0().without('instances'));
    expect(machines.listsEveryTarget()).toBe(false);
    expect(cloudOf(program(), f0()).listsEveryTarget()).toBe(true);
  });

  test('is named, and what it holds is not', () => {
    const missing = gatedOver(program(), f0().without('routes')).find(({ machine }) => machine.name === 'new')?.missing;
    expect(missing?.map(({ text }) => text)).toEqual(['no answer of compute.routes.list was given']);
    const elsewhere = new GcpProgram().add('compute:Instance', 'new', face({ network: 'other' }));
    const [found] = gatedOver(elsewhere, f0());
    expect(found?.missing.map(({ text }) => text)).toEqual([
      'networkInterfaces[0].network of "new" (projects/p/global/networks/other is not in this deployment)',
    ]);
  });

  test('is not there, where somebody vouches for that', () => {
    const recorded = closed().without('networkFirewalls').without('regionFirewalls');
    const mine = new GcpProgram()
      .add('compute:NetworkFirewallPolicyWithRules', 'mine', { rules: [rule(1, 'allow')] })
      .add('compute:NetworkFirewallPolicyAssociation', 'assoc', {
        firewallPolicy: later('mine'),
        attachmentTarget: NET,
      });
    expect(verdictsOf(cloudOf(mine, recorded, { complete: true }))).toEqual({ vm1: 'allowed' });
  });
});

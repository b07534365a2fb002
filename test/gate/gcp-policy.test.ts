import { describe, expect, test } from '@jest/globals';
import { GcpProgram, judged, later, machineOf } from '../support/gate/gcp-plan.js';

const ssh = { layer4Configs: [{ ipProtocol: 'tcp', ports: ['22'] }] };
const world = { ...ssh, srcIpRanges: ['0.0.0.0/0'] };

/** A machine in `net`, and a policy of this kind in front of it with one rule that lets everybody in, unless said. */
function guarded(kind: string, rule: object = {}, association: object = {}): GcpProgram {
  return new GcpProgram()
    .network('net')
    .vm('web')
    .add(`compute:${kind}FirewallPolicy`, 'pol', { name: 'pol' })
    .add(`compute:${kind}FirewallPolicyAssociation`, 'assoc', {
      firewallPolicy: later('pol'),
      attachmentTarget: later('net'),
      name: 'assoc',
      ...association,
    })
    .add(`compute:${kind}FirewallPolicyRule`, 'rule', {
      firewallPolicy: later('pol'),
      priority: 1000,
      action: 'allow',
      direction: 'INGRESS',
      match: world,
      ...rule,
    });
}

describe.each(['Network', 'RegionNetwork'])('%sFirewallPolicy', (kind) => {
  test('a rule of its own', () => {
    expect(judged(guarded(kind), 'web')).toBe('allowed');
    expect(judged(guarded(kind, { action: 'deny' }), 'web')).toBe('denied');
    expect(judged(guarded(kind, { action: 'goto_next' }), 'web')).toBe('denied');
    expect(judged(guarded(kind, { direction: 'EGRESS' }), 'web')).toBe('denied');
    expect(judged(guarded(kind, { disabled: true }), 'web')).toBe('denied');
    expect(judged(guarded(kind, { match: { ...world, srcIpRanges: ['203.0.113.0/24'] } }), 'web')).toBe('partial');
  });

  test('rules in a list', () => {
    const program = new GcpProgram()
      .network('net')
      .vm('web')
      .add(`compute:${kind}FirewallPolicyWithRules`, 'pol', {
        rules: [
          { priority: 1, action: 'allow', match: { ...world, srcIpRanges: ['198.51.100.0/24'] } },
          { priority: 2, action: 'deny', match: world },
        ],
      })
      .add(`compute:${kind}FirewallPolicyAssociation`, 'assoc', {
        firewallPolicy: later('pol'),
        attachmentTarget: later('net'),
      });
    expect(judged(program, 'web')).toBe('partial');
    expect(judged(program.firewall('ssh'), 'web')).toBe('allowed');
  });

  test('that is not associated, or with another network', () => {
    const alone = new GcpProgram()
      .network('net')
      .vm('web')
      .add(`compute:${kind}FirewallPolicy`, 'pol', { name: 'pol' })
      .add(`compute:${kind}FirewallPolicyRule`, 'rule', {
        firewallPolicy: later('pol'),
        priority: 1,
        action: 'allow',
        match: world,
      });
    expect(judged(alone, 'web')).toBe('denied');
    const elsewhere = guarded(kind, {}, { attachmentTarget: later('other') }).network('other');
    expect(judged(elsewhere, 'web')).toBe('denied');
  });

  test('what is not known of a rule', () => {
    const ranges = (srcIpRanges: unknown) => judged(guarded(kind, { match: { ...ssh, srcIpRanges } }), 'web');
    expect(ranges(later())).toBe('unknown, declared denied');
    expect(ranges([later()])).toBe('unknown, declared denied');
    expect(ranges([later(), '0.0.0.0/0'])).toBe('allowed');
    const ports = (list: unknown) => {
      const match = { srcIpRanges: ['0.0.0.0/0'], layer4Configs: [{ ipProtocol: 'tcp', ports: list }] };
      return judged(guarded(kind, { match }), 'web');
    };
    expect(ports(later())).toBe('unknown, declared denied');
    expect(ports([later(), '22'])).toBe('allowed');
    const bare = { ...ssh, srcIpRanges: later(), destIpRanges: ['0.0.0.0/0'] };
    expect(judged(guarded(kind, { match: bare }), 'web')).toBe('unknown, declared denied');
    expect(judged(guarded(kind, { match: later() }), 'web')).toBe('unknown, declared denied');
    expect(judged(guarded(kind, { action: later() }), 'web')).toBe('unknown, declared denied');
    expect(judged(guarded(kind, { priority: later() }), 'web')).toBe('unknown, declared denied');
    expect(judged(guarded(kind, { targetServiceAccounts: [later()] }), 'web')).toBe('unknown, declared denied');
  });

  test('a policy that is not of this program', () => {
    const program = new GcpProgram()
      .network('net')
      .vm('web')
      .add(`compute:${kind}FirewallPolicyAssociation`, 'assoc', {
        firewallPolicy: 'foreign',
        attachmentTarget: later('net'),
      });
    expect(judged(program, 'web')).toBe('unknown, declared denied');
    // In the usual order it comes behind the classic rules, one of which has decided.
    expect(judged(program.firewall('ssh'), 'web')).toBe('allowed');
  });

  test('two rules with one number', () => {
    const program = guarded(kind).add(`compute:${kind}FirewallPolicyRule`, 'other', {
      firewallPolicy: later('pol'),
      priority: 1000,
      action: 'deny',
      match: world,
    });
    expect(program.plan().conflicts()).toEqual([
      { urn: program.urn('rule'), message: expect.stringContaining('1000') },
    ]);
    expect(judged(program, 'web')).toBe('unknown, declared allowed');
  });
});

describe('order', () => {
  test.each([
    ['BEFORE_CLASSIC_FIREWALL', 'denied'],
    ['AFTER_CLASSIC_FIREWALL', 'allowed'],
    [later(), 'unknown, declared allowed'],
    [undefined, 'allowed'],
  ])('%s', (networkFirewallPolicyEnforcementOrder, verdict) => {
    const program = new GcpProgram()
      .network('net', { networkFirewallPolicyEnforcementOrder })
      .vm('web')
      .firewall('ssh')
      .add('compute:NetworkFirewallPolicy', 'pol')
      .add('compute:NetworkFirewallPolicyAssociation', 'assoc', {
        firewallPolicy: later('pol'),
        attachmentTarget: later('net'),
      })
      .add('compute:NetworkFirewallPolicyRule', 'rule', {
        firewallPolicy: later('pol'),
        priority: 1,
        action: 'deny',
        match: world,
      });
    expect(judged(program, 'web')).toBe(verdict);
  });
});

describe('a regional policy', () => {
  test('of another region', () => {
    expect(judged(guarded('RegionNetwork', {}, { region: 'europe-west1' }), 'web')).toBe('denied');
  });

  test('of a region that is not known, and a machine of which it is not', () => {
    expect(judged(guarded('RegionNetwork', {}, { region: later() }), 'web')).toBe('unknown, declared allowed');
    const program = guarded('RegionNetwork').provider({ project: 'p' });
    expect(judged(program, 'web')).toBe('unknown, declared allowed');
    expect(judged(guarded('RegionNetwork').provider({ project: 'p', region: 'us-central1' }), 'web')).toBe('allowed');
  });
});

test.each([
  [1, 2, 'allowed'],
  [2, 1, 'denied'],
  [undefined, 999, 'denied'],
  [later(), 5, 'unknown, declared denied'],
])('regional policies are asked by the numbers of their associations: %s before %s', (first, second, verdict) => {
  const policy = (name: string, action: string, priority: unknown) => (program: GcpProgram) =>
    program
      .add('compute:RegionNetworkFirewallPolicyWithRules', name, { rules: [{ priority: 1, action, match: world }] })
      .add('compute:RegionNetworkFirewallPolicyAssociation', `of-${name}`, {
        firewallPolicy: later(name),
        attachmentTarget: later('net'),
        priority,
      });
  const program = new GcpProgram().network('net').vm('web');
  policy('shut', 'deny', second)(policy('open', 'allow', first)(program));
  expect(judged(program, 'web')).toBe(verdict);
});

describe('a policy of a folder that the program declares', () => {
  const above = (action: string) =>
    new GcpProgram()
      .network('net')
      .vm('web')
      .firewall('ssh')
      .add('compute:FirewallPolicy', 'pol', { parent: 'folders/1', shortName: 'pol' })
      .add('compute:FirewallPolicyAssociation', 'assoc', {
        firewallPolicy: later('pol'),
        attachmentTarget: 'folders/1',
      })
      .add('compute:FirewallPolicyRule', 'rule', {
        firewallPolicy: later('pol'),
        priority: 1,
        action,
        direction: 'INGRESS',
        match: world,
      });

  test('may be above the project', () => {
    expect(judged(above('deny'), 'web')).toBe('unknown, declared denied');
    expect(judged(above('allow'), 'web')).toBe('allowed');
    expect(judged(above('goto_next'), 'web')).toBe('allowed');
  });
});

describe('conditions', () => {
  test('address groups, by their resource', () => {
    const grouped = (items: unknown) =>
      guarded('Network', { match: { ...ssh, srcAddressGroups: [later('group')] } }).add(
        'networksecurity:AddressGroup',
        'group',
        { parent: 'projects/p', location: 'global', items },
      );
    expect(judged(grouped(['0.0.0.0/0']), 'web')).toBe('allowed');
    expect(judged(grouped(['203.0.113.0/24']), 'web')).toBe('partial');
    expect(judged(grouped([later()]), 'web')).toBe('unknown, declared denied');
  });

  test('network contexts, lists of Google, names', () => {
    const match = (more: object) => judged(guarded('Network', { match: { ...world, ...more } }), 'web');
    expect(match({ srcNetworkScope: 'INTERNET' })).toBe('allowed');
    expect(match({ srcNetworkScope: 'NON_INTERNET' })).toBe('denied');
    expect(match({ srcIpRanges: [], srcNetworkContext: 'INTERNET' })).toBe('allowed');
    expect(match({ srcIpRanges: [], srcFqdns: ['example.com'] })).toBe('unknown, declared denied');
  });

  test('secure tags', () => {
    const tagged = (resourceManagerTags: unknown) =>
      guarded('Network', { targetSecureTags: [{ name: 'tagValues/1' }] }).vm('tagged', {
        params: { resourceManagerTags },
      });
    expect(judged(tagged({ 'tagKeys/1': 'tagValues/1' }), 'tagged')).toBe('allowed');
    expect(judged(tagged({ 'tagKeys/1': 'tagValues/2' }), 'tagged')).toBe('denied');
    expect(judged(tagged(later()), 'tagged')).toBe('unknown, declared denied');
    const bound = tagged({}).add('tags:LocationTagBinding', 'binding', { parent: later('tagged'), tagValue: later() });
    expect(judged(bound, 'tagged')).toBe('unknown, declared denied');
  });

  test('service accounts, by their resource', () => {
    const program = (email: unknown) =>
      guarded('Network', { targetServiceAccounts: [later('sa')] })
        .add('serviceaccount:Account', 'sa', { accountId: 'web' })
        .add('serviceaccount:Account', 'other', { accountId: 'other' })
        .vm('vm', { serviceAccount: { email } });
    expect(judged(program(later('sa')), 'vm')).toBe('allowed');
    expect(judged(program('web@p.iam.gserviceaccount.com'), 'vm')).toBe('allowed');
    expect(judged(program(later('other')), 'vm')).toBe('denied');
    expect(judged(program(later()), 'vm')).toBe('unknown, declared denied');
    expect(judged(program(undefined), 'vm')).toBe('unknown, declared denied');
    expect(judged(program(later('sa')), 'web')).toBe('denied');
  });
});

test('where rules are written', () => {
  const cloud = guarded('Network').firewall('ssh').plan();
  const { origin } = cloud.lowered();
  expect(machineOf(cloud, 'web').name).toBe('web');
  expect(origin('ssh')?.urn).toContain('::ssh');
  expect(origin('pol 1000')?.urn).toContain('::rule');
});

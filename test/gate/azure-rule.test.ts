import { describe, expect, test } from '@jest/globals';
import {
  group,
  LATER,
  later,
  machineBehind,
  net,
  planOf,
  ssh,
  sure,
  verdictsOf,
  type Written,
} from '../support/gate/azure-plan.js';

const behind = (...rules: readonly unknown[]) => verdictsOf(machineBehind({ group: group('nsg', ...rules) }));
const conflictsOf = (...rules: readonly unknown[]) => planOf([group('nsg', ...rules)]).conflicts();
const unknown = (guess: 'allowed' | 'denied' | 'partial') => ({ ways: ['unknown'], guess: [guess] });

function standAlone(name: string, fields: object, nsg: Written | undefined): Written {
  return net(
    'SecurityRule',
    name,
    { ...ssh(name), networkSecurityGroupName: LATER, ...fields },
    { networkSecurityGroupName: nsg ? [nsg] : [] },
  );
}

describe('rules that Azure refuses', () => {
  const { urn } = group('nsg');

  test('azure#35 are two of one direction with one priority', () => {
    const message = expect.stringMatching(/"a" of "nsg".*"b" of "nsg".*priority 100.*SecurityRuleConflict/);
    expect(conflictsOf(ssh('a'), ssh('b', { destinationPortRange: '80' }))).toEqual([{ urn, message }]);
    expect(conflictsOf(ssh('a'), ssh('b', { direction: 'Outbound' }))).toEqual([]);
    expect(conflictsOf(ssh('a'), ssh('b', { priority: 101 }))).toEqual([]);
  });

  test('azure#35 are as well a rule of its own and another one', () => {
    const nsg = group('nsg');
    const rules = [standAlone('a', {}, nsg), standAlone('b', { direction: 'inbound' }, nsg)];
    expect(planOf([nsg, ...rules]).conflicts()).toEqual([
      { urn: rules[1]?.urn, message: expect.stringContaining('SecurityRuleConflict') },
    ]);
  });

  test.each([99, 4097, 0, -1])('azure#37 are those with the priority %p', (priority) => {
    expect(conflictsOf(ssh('a', { priority }))).toEqual([
      { urn, message: expect.stringContaining(`the priority ${priority}: Azure takes 100 to 4096 only`) },
    ]);
  });

  test.each([100, 4096, LATER])('azure#37 are not those with the priority %p', (priority) => {
    expect(conflictsOf(ssh('a', { priority }))).toEqual([]);
  });
});

describe('a rule that is not known as a whole', () => {
  test('azure#138 from an unknown source may let anybody in', () => {
    const rule = ssh('ssh', { sourceAddressPrefix: LATER });
    expect(behind(rule)).toEqual(unknown('denied'));
    const nsg = group('nsg', rule);
    expect(planOf(machineBehind({ group: nsg })).lowered().unsettled).toEqual([
      { urn: nsg.urn, path: 'securityRules[0].sourceAddressPrefix', why: 'until deployed' },
    ]);
  });

  test('from an unknown source, for another port, lets nobody in', () => {
    expect(behind(ssh('web', { sourceAddressPrefix: LATER, destinationPortRange: '443' }))).toEqual(sure('denied'));
    expect(behind(ssh('web', { sourceAddressPrefix: LATER, protocol: 'Udp' }))).toEqual(sure('denied'));
    expect(behind(ssh('web', { sourceAddressPrefix: LATER, direction: 'Outbound' }))).toEqual(sure('denied'));
  });

  test('lets in whom it surely names', () => {
    const prefixes = ['203.0.113.0/24', LATER, '*'];
    expect(behind(ssh('ssh', { sourceAddressPrefix: undefined, sourceAddressPrefixes: prefixes }))).toEqual(
      sure('allowed'),
    );
    expect(behind(ssh('ssh', { destinationPortRange: undefined, destinationPortRanges: ['20-24', LATER] }))).toEqual(
      sure('allowed'),
    );
  });

  test.each([
    [{ destinationPortRange: LATER }],
    [{ protocol: LATER }],
    [{ access: LATER }],
    [{ direction: LATER }],
    [{ sourcePortRange: LATER }],
    [{ destinationAddressPrefix: LATER }],
    [{ sourceAddressPrefix: undefined, sourceAddressPrefixes: LATER }],
    [{ sourceAddressPrefix: undefined, sourceApplicationSecurityGroups: [later] }],
  ])('may let anybody in: %j', (fields) => {
    expect(behind(ssh('ssh', fields))).toEqual(unknown('denied'));
  });

  test('may stand before or behind another one', () => {
    const deny = ssh('deny', { access: 'Deny', priority: 300 });
    expect(behind(ssh('ssh', { priority: LATER }), deny)).toEqual(unknown('denied'));
    expect(behind(ssh('ssh'), { ...deny, priority: LATER })).toEqual({ ways: ['unknown'], guess: ['allowed'] });
    expect(behind(ssh('ssh'), { ...deny, sourceAddressPrefix: LATER })).toEqual(sure('allowed'));
    expect(behind(ssh('ssh', { priority: 400 }), { ...deny, sourceAddressPrefix: LATER })).toEqual({
      ways: ['unknown'],
      guess: ['allowed'],
    });
  });

  test('may be any, in a list of which nobody knows what it holds', () => {
    const whole = net('NetworkSecurityGroup', 'nsg', { securityRules: LATER });
    expect(verdictsOf(machineBehind({ group: whole }))).toEqual(unknown('denied'));
    expect(verdictsOf(machineBehind({ group: whole, more: [standAlone('own', {}, whole)] }))).toEqual({
      ways: ['unknown'],
      guess: ['allowed'],
    });
    expect(behind(ssh('ssh'), LATER)).toEqual({ ways: ['unknown'], guess: ['allowed'] });
  });

  test('is of one address of the subnet, of which nobody knows whether the machine will have it', () => {
    const to = (destinationAddressPrefix: string) => behind(ssh('ssh', { destinationAddressPrefix }));
    expect(to('10.0.1.0/24')).toEqual(sure('allowed'));
    expect(to('10.0.0.0/16')).toEqual(sure('allowed'));
    expect(to('10.0.2.0/24')).toEqual(sure('denied'));
    expect(to('10.0.1.4')).toEqual(unknown('denied'));
  });
});

describe('a rule that is a resource of its own', () => {
  test('is of the group of that name, whatever its letters', () => {
    const nsg = net('NetworkSecurityGroup', 'nsg', { networkSecurityGroupName: 'Web-NSG', resourceGroupName: 'rg' });
    const named = (fields: object) => {
      const rule = standAlone(
        'ssh',
        { networkSecurityGroupName: 'web-nsg', resourceGroupName: 'RG', ...fields },
        undefined,
      );
      return verdictsOf(machineBehind({ group: nsg, more: [rule] }));
    };
    expect(named({})).toEqual(sure('allowed'));
    expect(named({ resourceGroupName: LATER })).toEqual(sure('allowed'));
    expect(named({ resourceGroupName: 'other' })).toEqual(sure('denied'));
    expect(named({ networkSecurityGroupName: 'web' })).toEqual(sure('denied'));
  });

  test('may be of any group where nothing tells of which', () => {
    const orphan = standAlone('ssh', {}, undefined);
    expect(verdictsOf(machineBehind({ group: group('nsg'), more: [orphan] }))).toEqual({
      ways: ['allowed', 'denied'],
      guess: ['denied'],
    });
  });

  test('is found again by its name, beside another one of that name', () => {
    const nsg = group('nsg');
    const other = group('other', ssh('ssh'));
    const rule = standAlone('ssh', {}, nsg);
    const { origin } = planOf([...machineBehind({ group: nsg, more: [rule] }), other]).lowered();
    expect([origin('ssh'), origin('ssh (other)')]).toEqual([
      { urn: rule.urn, path: undefined },
      { urn: other.urn, path: 'securityRules[0]' },
    ]);
    expect(origin('ssh (nsg)')).toBeUndefined();
  });
});

test('application security groups are those that the interface is in', () => {
  const asg = net('ApplicationSecurityGroup', 'asg', { tags: {} });
  const other = net('ApplicationSecurityGroup', 'other', { tags: {} });
  const to = (target: Written) => {
    const rule = ssh('ssh', { destinationAddressPrefix: undefined, destinationApplicationSecurityGroups: [later] });
    const nsg = net('NetworkSecurityGroup', 'nsg', { securityRules: [rule] }, { securityRules: [target] });
    const resources = machineBehind({ group: nsg, more: [asg, other] });
    return resources.map((one) => {
      if (one.urn !== resources[2]?.urn) return one;
      const { ipConfigurations, ...rest } = one.inputs as { readonly ipConfigurations: readonly [object] };
      const inputs = { ...rest, ipConfigurations: [{ ...ipConfigurations[0], applicationSecurityGroups: [later] }] };
      return { ...one, inputs, deps: { ...one.deps, ipConfigurations: [...(one.deps.ipConfigurations ?? []), asg] } };
    });
  };
  expect(verdictsOf(to(asg))).toEqual(sure('allowed'));
  expect(verdictsOf(to(other))).toEqual(sure('denied'));
});

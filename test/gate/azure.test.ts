import { describe, expect, test } from '@jest/globals';
import {
  group,
  LATER,
  later,
  machineBehind,
  made,
  net,
  planOf,
  ssh,
  sure,
  verdictsOf,
} from '../support/gate/azure-plan.js';

describe('a machine on Azure', () => {
  const open = group('open', ssh('ssh', { sourceAddressPrefix: 'Internet' }));
  const closed = group('closed');
  const inSubnet = { name: 'default', addressPrefix: '10.0.1.0/24', networkSecurityGroup: later };

  test('pulumi#87 stands in the one inline subnet of the network that its interface depends on', () => {
    expect(
      verdictsOf(machineBehind({ group: group('nic-group', ssh('all')), subnets: [inSubnet], guards: [open] })),
    ).toEqual(sure('allowed'));
    expect(verdictsOf(machineBehind({ group: open, subnets: [inSubnet], guards: [closed] }))).toEqual(sure('denied'));
  });

  test('pulumi#88 may stand in either of two inline subnets', () => {
    const subnets = [inSubnet, { ...inSubnet, name: 'other', addressPrefix: '10.0.2.0/24' }];
    expect(verdictsOf(machineBehind({ group: open, subnets, guards: [open, closed] }))).toEqual({
      ways: ['allowed', 'denied'],
      guess: ['allowed', 'denied'],
    });
  });

  test('stands in the inline subnet that its interface names', () => {
    const one = net('NetworkSecurityGroup', 'one', { id: 'x', securityRules: [ssh('ssh')] });
    const subnets = [inSubnet, { name: 'other', addressPrefix: '10.0.2.0/24' }];
    const named = (name: string) => verdictsOf(machineBehind({ subnets, guards: [one], subnet: { name } }));
    expect(named('default')).toEqual(sure('allowed'));
    expect(named('OTHER')).toEqual(sure('denied'));
  });

  test('pulumi#89 is behind a group of whatever API version', () => {
    const types = [
      'azure-native:network:NetworkSecurityGroup',
      'azure-native:network/v20240501:NetworkSecurityGroup',
      'azure-native_network_v20240501:network/v20240501:NetworkSecurityGroup',
    ];
    for (const type of types) {
      expect(verdictsOf(machineBehind({ group: made(type, 'nsg', { securityRules: [ssh('ssh')] }) }))).toEqual(
        sure('allowed'),
      );
      expect(verdictsOf(machineBehind({ group: made(type, 'nsg', { securityRules: [] }) }))).toEqual(sure('denied'));
    }
  });

  test('pulumi#90 is let in by a rule that is a resource of its own, which conflicts with inline ones', () => {
    const nsg = group('nsg', ssh('web', { destinationPortRange: '443' }));
    const rule = net(
      'SecurityRule',
      'rule',
      { ...ssh('ssh', { priority: 200 }), networkSecurityGroupName: LATER },
      { networkSecurityGroupName: [nsg] },
    );
    const resources = machineBehind({ group: nsg, more: [rule] });
    expect(verdictsOf(resources)).toEqual(sure('allowed'));
    expect(verdictsOf(machineBehind({ group: nsg }))).toEqual(sure('denied'));
    expect(planOf(resources).conflicts()).toEqual([
      { urn: rule.urn, message: expect.stringContaining('lists its rules inline') },
    ]);
  });

  test('pulumi#91 without a group is open or closed by the SKU of its address', () => {
    expect(verdictsOf(machineBehind({ sku: null }))).toEqual({ ways: ['unknown'], guess: ['allowed'] });
    expect(verdictsOf(machineBehind({ sku: { name: LATER } }))).toEqual({ ways: ['unknown'], guess: ['allowed'] });
    expect(verdictsOf(machineBehind({ sku: null, group: open }))).toEqual(sure('allowed'));
    expect(verdictsOf(machineBehind({ sku: { name: 'Standard' } }))).toEqual(sure('denied'));
    expect(verdictsOf(machineBehind({ sku: { name: 'Basic' } }))).toEqual(sure('allowed'));
  });
});

import { describe, expect, test } from '@jest/globals';
import { f0 } from '../support/azure/fixture.js';
import { computeId, GROUP, networkId, ref, subnetId } from '../support/azure/ids.js';
import { balancer, balancingRule, health, natRule } from '../support/azure/load-balancer.js';
import { uniform } from '../support/azure/scale-set.js';
import { firewall, firewallTranslates } from '../support/azure/topology.js';
import { audited } from '../support/gate/azure-audit.js';
import { later, made, net, ssh, type Written } from '../support/gate/azure-plan.js';

const LB = networkId('loadBalancers', 'lb1');
const POOL = ref(`${LB}/backendAddressPools/pool1`);

/** A machine of the program's without an address of its own, behind a recorded balancer. */
const behind = (lists: object): Written[] => {
  const config = { name: 'web', subnet: ref(subnetId('vnet1/s1')), ...lists };
  const nic = net('NetworkInterface', 'nic', { ipConfigurations: [config] });
  const machine = { networkProfile: { networkInterfaces: [later] } };
  return [nic, made('azure-native:compute:VirtualMachine', 'web', machine, { networkProfile: [nic] })];
};
const inPool = behind({ loadBalancerBackendAddressPools: [POOL] });
const balanced = () => health(balancer(f0(), { members: ['nicA'], rules: [balancingRule()] }), 'Down', 'nicA');
const noAddress = (f: ReturnType<typeof f0>) => f.ipConfig('nicA', { publicIPAddress: undefined });

describe('a machine of the program behind a recorded balancer', () => {
  test('answers its probes, and those that are there do as they did', async () => {
    expect(await audited(inPool, noAddress(balanced()))).toMatchObject({ web: 'open', vmA: 'closed' });
    const denied = noAddress(balanced()).deny('deny', { priority: 90 });
    expect(await audited(inPool, denied)).toMatchObject({ web: 'closed', vmA: 'closed' });
  });

  test('answers no probes that a rule may keep out', async () => {
    const denied = noAddress(balanced()).deny('deny', { priority: 200, destinationPortRange: '80' });
    expect(await audited(inPool, denied)).toMatchObject({ web: 'unknown' });
  });

  test('changes what is known of a machine that is there where it changes its rules', async () => {
    const rule = { ...ssh('more', { priority: 300 }), networkSecurityGroupName: 'nsg1', resourceGroupName: GROUP };
    const recorded = noAddress(balanced());
    const more = net('SecurityRule', 'more', rule);
    expect(await audited([...inPool, more], recorded)).toMatchObject({ web: 'open', vmA: 'unknown' });
    expect(await audited([more], recorded)).toMatchObject({ vmA: 'unknown' });
    expect(await audited(behind({}), recorded)).toMatchObject({ vmA: 'closed' });
  });

  test('is where a NAT rule leads that the program only names', async () => {
    const free = natRule({ backendIPConfiguration: undefined });
    const recorded = balancer(f0(), { natRules: [free] });
    const taken = behind({ loadBalancerInboundNatRules: [ref(`${LB}/inboundNatRules/SSH0`)] });
    expect(await audited(taken, recorded)).toMatchObject({ web: 'open' });
    expect(await audited(behind({}), recorded)).toMatchObject({ web: 'closed' });
    expect(await audited(taken, recorded.noRule('allow-ssh'))).toMatchObject({ web: 'closed' });
  });

  test('is behind a rule that the program adds, as are those that are there', async () => {
    const own = net('InboundNatRule', 'all', {
      resourceGroupName: GROUP,
      loadBalancerName: 'lb1',
      inboundNatRuleName: 'all',
      protocol: 'Tcp',
      backendPort: 22,
      frontendPortRangeStart: 500,
      frontendPortRangeEnd: 600,
      backendAddressPool: POOL,
    });
    const recorded = noAddress(balancer(f0(), { members: ['nicA'] }));
    expect(await audited(inPool, recorded)).toMatchObject({ web: 'closed', vmA: 'closed' });
    expect(await audited([...inPool, own], recorded)).toMatchObject({ web: 'open', vmA: 'open' });
  });

  test('takes a NAT rule from a machine by taking the rule away', async () => {
    const recorded = noAddress(balancer(f0(), { natRules: [natRule()] }));
    expect(await audited(inPool, recorded)).toMatchObject({ vmA: 'open' });
    const gone = net('InboundNatRule', 'ssh0', { loadBalancerName: 'lb1', resourceGroupName: GROUP });
    const away: Written = { ...gone, id: `${LB}/inboundNatRules/ssh0`, op: 'delete' };
    expect(await audited([...inPool, away], recorded)).toMatchObject({ vmA: 'closed' });
  });
});

describe('a recorded scale set', () => {
  const set = (fields: object): Written => {
    const address = { name: 'p', sku: { name: 'Standard' } };
    const config = { name: 'ip', subnet: ref(subnetId('vnet1/s2')), publicIPAddressConfiguration: address };
    const nic = { name: 'nic', primary: true, ipConfigurations: [config] };
    const one = made('azure-native:compute:VirtualMachineScaleSet', 'set', {
      virtualMachineProfile: { networkProfile: { networkInterfaceConfigurations: [nic] } },
      ...fields,
    });
    return { ...one, id: computeId('virtualMachineScaleSets', 'vmss1'), op: 'update' };
  };
  const recorded = () => uniform(f0().addNsg('nsg2', {}).rule('ssh', {}, 'nsg2'), 'nsg2');
  const names = async (...args: Parameters<typeof audited>) =>
    Object.keys(await audited(...args)).filter((name) => !/^vm[AB]$/.test(name));

  test('keeps machines that somebody has to upgrade, and no others', async () => {
    expect(await audited([set({})], recorded())).toMatchObject({ vmss1_3: 'open', set: 'closed' });
    expect(await names([set({ upgradePolicy: { mode: 'Automatic' } })], recorded())).toEqual(['set']);
    expect(await names([set({ sku: { capacity: 0 } })], recorded())).toEqual([]);
  });

  test('goes with its machines', async () => {
    expect(await names([...inPool, { ...set({}), op: 'delete' }], recorded())).toEqual(['web']);
  });
});

test('a firewall that goes translates for nobody, though nobody here understands it', async () => {
  const recorded = () => firewall(f0(), { vnet: 'vnet1', prefix: '10.0.8.0/26' }, firewallTranslates());
  const fw = net('AzureFirewall', 'fw1', { resourceGroupName: GROUP });
  const id = networkId('azureFirewalls', 'fw1');
  const closed = () => noAddress(recorded());
  expect(await audited(inPool, closed())).toMatchObject({ vmA: 'open' });
  expect(await audited([...inPool, { ...fw, id, op: 'delete' }], closed())).toMatchObject({ vmA: 'closed' });
});

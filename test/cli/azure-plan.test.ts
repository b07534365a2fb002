import { describe, expect, test } from '@jest/globals';
import { f0 } from '../support/azure/fixture.js';
import { computeId, GROUP, networkId, ref, subnetId } from '../support/azure/ids.js';
import { audited } from '../support/gate/azure-audit.js';
import { classic, LATER, later, made, net, ssh, type Written } from '../support/gate/azure-plan.js';

const own = { resourceGroupName: GROUP };
const kept = (one: Written, id: string, op: Written['op'] = 'same'): Written => ({ ...one, id, op });
const gone = (one: Written, id: string): Written => kept(one, id, 'delete');

const pip = net('PublicIPAddress', 'pip', { sku: { name: 'Standard' } });
/** A machine of the program's in a subnet that it only names. */
const web = (
  subnet: string,
  nic: object = {},
  deps: Written['deps'] = {},
  more: readonly Written[] = [],
): Written[] => {
  const config = { name: 'web', subnet: ref(subnet), publicIPAddress: later };
  const face = net(
    'NetworkInterface',
    'nic',
    { ipConfigurations: [config], ...nic },
    { ipConfigurations: [pip], ...deps },
  );
  const machine = { networkProfile: { networkInterfaces: [later] } };
  return [pip, face, made('azure-native:compute:VirtualMachine', 'web', machine, { networkProfile: [face] }), ...more];
};
const inS1 = web(subnetId('vnet1/s1').toUpperCase());
const sshRule = (name: string, fields: object = {}) =>
  net('SecurityRule', name, { ...ssh(name, fields), ...own, networkSecurityGroupName: 'nsg1', securityRuleName: name });
const nsgId = networkId('networkSecurityGroups', 'nsg1');
const ruleId = (name: string) => networkId('networkSecurityGroups', 'nsg1', 'securityRules', name);
const closed = () => f0().noRule('allow-ssh');

describe('a plan on what was recorded of Azure', () => {
  test('finds there what the program only names, in any letters', async () => {
    expect(await audited(inS1)).toEqual({ web: 'unknown' });
    expect(await audited(inS1, f0())).toEqual({ web: 'open', vmA: 'open', vmB: 'closed' });
    expect(await audited(inS1, closed())).toEqual({ web: 'closed', vmA: 'closed', vmB: 'closed' });
    expect(await audited(web(subnetId('vnet1/s9')), f0())).toMatchObject({ web: 'unknown', vmA: 'open' });
  });

  test('adds a rule of the program to a group that was there', async () => {
    expect(await audited([...inS1, sshRule('mine')], closed())).toMatchObject({ web: 'open', vmA: 'open' });
  });

  test('takes one rule away, and no other', async () => {
    const recorded = f0().rule('allow-web', { priority: 110, destinationPortRange: '80' });
    const resources = [...inS1, gone(sshRule('allow-ssh'), ruleId('ALLOW-SSH'))];
    expect(await audited(resources, recorded)).toMatchObject({ web: 'closed', vmA: 'closed' });
    expect(await audited(resources, recorded, 80)).toMatchObject({ web: 'open', vmA: 'open' });
  });

  test('has the machines of both, save those that go', async () => {
    const machine = made('azure-native:compute:VirtualMachine', 'old', { networkProfile: { networkInterfaces: [] } });
    const id = computeId('virtualMachines', 'vmA');
    expect(Object.keys(await audited([...inS1, gone(machine, id)], f0())).sort()).toEqual(['vmB', 'web']);
  });

  test('has one machine in the place of the one that it replaces', async () => {
    const old = inS1.map((one) => (one.urn.endsWith('::web') ? gone(one, computeId('virtualMachines', 'vmA')) : []));
    const replaced = inS1.map((one) => ({ ...one, op: 'create-replacement' as const }));
    expect(Object.keys(await audited([...replaced, ...old.flat()], f0())).sort()).toEqual(['vmB', 'web']);
  });

  test('keeps a rule that somebody made by hand in a group that the program leaves alone, and replaces those it lists', async () => {
    const group = (securityRules?: readonly object[], op: Written['op'] = 'update') =>
      kept(net('NetworkSecurityGroup', 'mine', { location: 'westeurope', securityRules }), nsgId, op);
    expect(await audited([...inS1, group()], f0())).toMatchObject({ web: 'open', vmA: 'open' });
    expect(await audited([...inS1, group()], closed())).toMatchObject({ web: 'closed', vmA: 'closed' });
    expect(await audited([...inS1, group([])], f0())).toMatchObject({ web: 'closed', vmA: 'closed' });
    expect(await audited([...inS1, group([ssh('own')])], closed())).toMatchObject({ web: 'open', vmA: 'open' });
    // What the run leaves as it is stays as it was recorded, whatever the program asks for.
    expect(await audited([...inS1, group([], 'same')], f0())).toMatchObject({ web: 'open', vmA: 'open' });
    expect(await audited([...inS1, group([ssh('own')], 'same')], closed())).toMatchObject({
      web: 'closed',
      vmA: 'closed',
    });
  });

  test('puts a group before a recorded subnet, and takes it away', async () => {
    const group = classic('network/networkSecurityGroup:NetworkSecurityGroup', 'shut', { securityRules: [] });
    const association = (networkSecurityGroupId: string, deps: Written['deps'] = {}) =>
      classic(
        'network/subnetNetworkSecurityGroupAssociation:SubnetNetworkSecurityGroupAssociation',
        'guard',
        { subnetId: subnetId('vnet1/s1'), networkSecurityGroupId },
        deps,
      );
    const put = association(LATER, { networkSecurityGroupId: [group] });
    expect(await audited([...inS1, group, put], f0())).toMatchObject({ web: 'closed', vmA: 'closed' });
    // Nothing guards the subnet any more, and Standard addresses are closed then.
    const left = gone(association(nsgId), subnetId('vnet1/s1'));
    const onNic = f0()
      .addNsg('nsg2', { nics: ['nicA'] })
      .rule('ssh2', {}, 'nsg2')
      .noRule('allow-ssh');
    expect(await audited([...inS1, left], onNic)).toMatchObject({ web: 'closed', vmA: 'open' });
    // What somebody else put there since, nobody knows.
    const other = gone(association(networkId('networkSecurityGroups', 'other')), subnetId('vnet1/s1'));
    expect(await audited([...inS1, other], f0())).toMatchObject({ web: 'unknown', vmA: 'unknown' });
  });

  test('may put either of two groups before a recorded subnet', async () => {
    const groups = [[], [ssh('ssh')]].map((securityRules, at) =>
      classic('network/networkSecurityGroup:NetworkSecurityGroup', `group${at}`, { securityRules }),
    );
    const both = groups.map((group, at) =>
      classic(
        'network/subnetNetworkSecurityGroupAssociation:SubnetNetworkSecurityGroupAssociation',
        `guard${at}`,
        { subnetId: subnetId('vnet1/s1'), networkSecurityGroupId: LATER },
        { networkSecurityGroupId: [group] },
      ),
    );
    expect(await audited([...inS1, ...groups, ...both], f0())).toMatchObject({ web: 'unknown' });
  });

  test('adds a subnet to a recorded network, and leaves the others', async () => {
    const group = net('NetworkSecurityGroup', 'mine', { securityRules: [ssh('ssh')] });
    const subnet = net(
      'Subnet',
      'fresh',
      { ...own, virtualNetworkName: 'VNET1', addressPrefix: '10.0.9.0/24', networkSecurityGroup: later },
      { networkSecurityGroup: [group] },
    );
    const config = { name: 'web', subnet: later, publicIPAddress: later };
    const resources = web('', { ipConfigurations: [config] }, { ipConfigurations: [pip, subnet] }, [group, subnet]);
    expect(await audited(resources, f0())).toEqual({ web: 'open', vmA: 'open', vmB: 'closed' });
  });

  test('sends the replies of a recorded subnet elsewhere, and back', async () => {
    const recorded = f0().routes('vnet1/s1', '10.9.0.0/16 None');
    const route = (fields: object) =>
      net('Route', 'route1', { ...own, routeTableName: 'rt-s1', routeName: 'route1', ...fields });
    const away = route({ addressPrefix: '0.0.0.0/0', nextHopType: 'None', routeName: 'away' });
    expect(await audited([...inS1, away], recorded)).toMatchObject({ web: 'closed', vmA: 'closed' });
    const dead = f0().routes('vnet1/s1', '0.0.0.0/0 None', '10.9.0.0/16 None');
    expect(await audited(inS1, dead)).toMatchObject({ web: 'closed', vmA: 'closed' });
    const id = networkId('routeTables', 'rt-s1', 'routes', 'route1');
    const back = gone(route({ addressPrefix: '0.0.0.0/0', nextHopType: 'None' }), id);
    expect(await audited([...inS1, back], dead)).toMatchObject({ web: 'open', vmA: 'open' });
  });

  test('uses what Azure answered of routes in effect only where they stay', async () => {
    const answer = { addressPrefix: ['0.0.0.0/0'], nextHopType: 'VirtualNetworkGateway', state: 'Active' };
    const recorded = f0()
      .routes('vnet1/s1', '10.9.0.0/16 None')
      .answer('effectiveRoutes', { networkInterface: networkId('networkInterfaces', 'nicA') }, { value: [answer] });
    expect(await audited(inS1, recorded)).toMatchObject({ vmA: 'closed' });
    const route = { ...own, routeTableName: 'rt-s1', addressPrefix: '10.8.0.0/16', nextHopType: 'None' };
    expect(await audited([...inS1, net('Route', 'more', route)], recorded)).toMatchObject({ vmA: 'unknown' });
  });

  test('is behind the admin rules of a recorded network, and says where nobody asked for them', async () => {
    const denied = f0().adminRule('deny', { access: 'Deny' });
    expect(await audited(inS1, denied)).toMatchObject({ web: 'closed', vmA: 'closed' });
    expect(await audited(inS1, f0().without('effectiveAdminRules'))).toMatchObject({ web: 'unknown', vmA: 'unknown' });
    const commit = net('Commit', 'commit', { commitType: 'SecurityAdmin' });
    expect(await audited([...inS1, commit], f0())).toMatchObject({ web: 'unknown', vmA: 'unknown' });
    const vnet = net('VirtualNetwork', 'v', {
      addressSpace: { addressPrefixes: ['10.5.0.0/16'] },
      subnets: [{ name: 's', addressPrefix: '10.5.1.0/24' }],
    });
    const group = net('NetworkSecurityGroup', 'g', { securityRules: [ssh('ssh')] });
    const config = { name: 'web', subnet: {}, publicIPAddress: later };
    const nic = { networkSecurityGroup: later, ipConfigurations: [config] };
    const fresh = web('', nic, { ipConfigurations: [pip, vnet], networkSecurityGroup: [group] }, [vnet, group]);
    expect(await audited(fresh, denied)).toMatchObject({ web: 'open', vmA: 'closed' });
  });

  test('has an address that nobody has yet, which a rule may or may not be about', async () => {
    const about = (destinationAddressPrefix: string) => closed().rule('some', { destinationAddressPrefix });
    expect(await audited(inS1, about('10.0.1.4'))).toMatchObject({ web: 'closed', vmA: 'open' });
    expect(await audited(inS1, about('10.0.1.0/29'))).toMatchObject({ web: 'unknown', vmA: 'unknown' });
    expect(await audited(inS1, about('10.0.1.0/24'))).toMatchObject({ web: 'open', vmA: 'open' });
  });

  test('does not know whether a group stays that the program does not name', async () => {
    const recorded = f0().addNsg('hand', { nics: ['nicA'] });
    const nic = (type: typeof net | typeof classic, inputs: object) =>
      kept(
        type === net
          ? net('NetworkInterface', 'n', inputs)
          : classic('network/networkInterface:NetworkInterface', 'n', inputs),
        networkId('networkInterfaces', 'nicA'),
        'update',
      );
    const address = networkId('publicIPAddresses', 'ipA');
    const native = { name: 'ipconfig1', subnet: ref(subnetId('vnet1/s1')), publicIPAddress: ref(address) };
    const old = { name: 'ipconfig1', subnetId: subnetId('vnet1/s1'), publicIpAddressId: address };
    expect(await audited([nic(net, { ipConfigurations: [native] })], recorded)).toMatchObject({ vmA: 'unknown' });
    expect(await audited([nic(net, { ipConfigurations: [native] })], f0())).toMatchObject({ vmA: 'open' });
    expect(await audited([nic(classic, { ipConfigurations: [old] })], recorded)).toMatchObject({ vmA: 'closed' });
  });

  test('counts a rule of a group that only the recording joins to a machine, in every way of an open place', async () => {
    const one = net('ApplicationSecurityGroup', 'one', { location: 'x' });
    const two = net('ApplicationSecurityGroup', 'two', { location: 'x' });
    const config = { name: 'web', subnet: ref(subnetId('vnet1/s1')), publicIPAddress: later };
    const face = { ipConfigurations: [{ ...config, applicationSecurityGroups: [later] }] };
    const open = web('', face, { ipConfigurations: [pip, one, two] }, [one, two]);
    expect(await audited(open, closed())).toMatchObject({ web: 'closed' });
    expect(await audited([...open, sshRule('mine')], closed())).toMatchObject({ web: 'open' });
  });

  test('leaves a hole in the recording a hole', async () => {
    const denied = f0().denied('networkSecurityGroups');
    expect(await audited(inS1, denied)).toMatchObject({ web: 'unknown', vmA: 'unknown' });
    expect(await audited(inS1, f0().denied('networkInterfaces'))).toMatchObject({ web: 'open', vmA: 'unknown' });
  });

  test('lets a lost rule be one of a recorded group', async () => {
    const lost = net('SecurityRule', 'lost', { ...ssh('lost'), networkSecurityGroupName: LATER });
    expect(await audited([...inS1, lost], closed())).toMatchObject({ web: 'unknown' });
  });
});

import { describe, expect, test } from '@jest/globals';
import {
  classic,
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
  type Written,
} from '../support/gate/azure-plan.js';

const unknown = (guess: 'allowed' | 'denied') => ({ ways: ['unknown'], guess: [guess] });
const open = group('open', ssh('ssh'));

/** The resources, with one of them changed. */
const changed = (resources: readonly Written[], name: string, inputs: object, deps: Written['deps'] = {}): Written[] =>
  resources.map((one) =>
    one.urn.endsWith(`::${name}`)
      ? { ...one, inputs: { ...one.inputs, ...inputs }, deps: { ...one.deps, ...deps } }
      : one,
  );

describe('a machine of the classic provider', () => {
  const vnet = classic('network/virtualNetwork:VirtualNetwork', 'vnet', { addressSpaces: ['10.0.0.0/16'] });
  const subnet = classic(
    'network/subnet:Subnet',
    'subnet',
    { virtualNetworkName: LATER, addressPrefixes: ['10.0.1.0/24'] },
    { virtualNetworkName: [vnet] },
  );
  const pip = classic('network/publicIp:PublicIp', 'pip', { allocationMethod: 'Static', sku: 'Standard' });
  const nic = classic(
    'network/networkInterface:NetworkInterface',
    'nic',
    { ipConfigurations: [{ name: 'web', subnetId: LATER, publicIpAddressId: LATER }] },
    { ipConfigurations: [pip, subnet] },
  );
  const vm = classic(
    'compute/linuxVirtualMachine:LinuxVirtualMachine',
    'vm',
    { networkInterfaceIds: [LATER] },
    { networkInterfaceIds: [nic] },
  );
  const nsg = classic('network/networkSecurityGroup:NetworkSecurityGroup', 'nsg', { location: 'westus' });
  const shut = classic('network/networkSecurityGroup:NetworkSecurityGroup', 'shut', { location: 'westus' });
  const rule = classic(
    'network/networkSecurityRule:NetworkSecurityRule',
    'ssh',
    { ...ssh('ssh'), networkSecurityGroupName: LATER },
    { networkSecurityGroupName: [nsg] },
  );
  const bare = [vnet, subnet, pip, nic, vm, nsg, shut, rule];
  const onNic = (name: string, target: Written) =>
    classic(
      'network/networkInterfaceSecurityGroupAssociation:NetworkInterfaceSecurityGroupAssociation',
      name,
      { networkInterfaceId: LATER, networkSecurityGroupId: LATER },
      { networkInterfaceId: [nic], networkSecurityGroupId: [target] },
    );
  const onSubnet = (target: Written) =>
    classic(
      'network/subnetNetworkSecurityGroupAssociation:SubnetNetworkSecurityGroupAssociation',
      'on-subnet',
      { subnetId: LATER, networkSecurityGroupId: LATER },
      { subnetId: [subnet], networkSecurityGroupId: [target] },
    );

  test('is closed until a group is associated with its interface or its subnet', () => {
    expect(verdictsOf(bare)).toEqual(sure('denied'));
    expect(verdictsOf([...bare, onNic('on-nic', nsg)])).toEqual(sure('allowed'));
    expect(verdictsOf([...bare, onSubnet(nsg)])).toEqual(sure('allowed'));
    expect(verdictsOf([...bare, onSubnet(nsg), onNic('on-nic', shut)])).toEqual(sure('denied'));
  });

  test('is open or closed by the one of two associations that counts', () => {
    const both = [...bare, onNic('one', nsg), onNic('two', shut)];
    expect(verdictsOf(both)).toEqual({ ways: ['allowed', 'denied'], guess: ['allowed', 'denied'] });
    expect(planOf(both).conflicts()).toEqual([
      { urn: both.at(-1)?.urn, message: expect.stringContaining('second security group by "two", after "one"') },
    ]);
  });

  test('answers over the routes of its subnet', () => {
    const table = classic('network/routeTable:RouteTable', 'table', {
      routes: [
        { name: 'r', addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance', nextHopInIpAddress: '10.0.9.4' },
      ],
    });
    const association = classic(
      'network/subnetRouteTableAssociation:SubnetRouteTableAssociation',
      'a',
      { subnetId: LATER, routeTableId: LATER },
      { subnetId: [subnet], routeTableId: [table] },
    );
    const route = (nextHopType: string) =>
      classic(
        'network/route:Route',
        'route',
        { routeTableName: LATER, addressPrefix: '0.0.0.0/0', nextHopType },
        { routeTableName: [empty] },
      );
    const empty = classic('network/routeTable:RouteTable', 'table', { location: 'westus' });
    const all = [...bare, onNic('on-nic', nsg), association];
    expect(verdictsOf([...all, table])).toEqual(sure('denied'));
    expect(verdictsOf([...all, empty])).toEqual(sure('allowed'));
    expect(verdictsOf([...all, empty, route('None')])).toEqual(sure('denied'));
    expect(verdictsOf([...all, empty, route('Internet')])).toEqual(sure('allowed'));
    expect(verdictsOf([...all, empty, route(LATER)])).toEqual(unknown('allowed'));
  });
});

describe('a balancer', () => {
  const pip = net('PublicIPAddress', 'lb-pip', { sku: { name: 'Standard' } });
  const balancer = (fields: object, sku: object = { sku: { name: 'Standard' } }) =>
    net(
      'LoadBalancer',
      'lb',
      {
        ...sku,
        frontendIPConfigurations: [{ name: 'front', publicIPAddress: later }],
        backendAddressPools: [{ name: 'pool' }],
        ...fields,
      },
      { frontendIPConfigurations: [pip] },
    );
  const behind = (lb: Written, refs: object, more: readonly Written[] = [], nsg: Written | undefined = open) => {
    const resources = machineBehind({ ...(nsg && { group: nsg }), more: [pip, lb, ...more] });
    const config = { name: 'web', subnet: {}, ...refs };
    const vnet = resources[0];
    const target = more.find(({ type }) => type.endsWith('InboundNatRule'));
    return verdictsOf(
      changed(
        resources,
        'nic',
        { ipConfigurations: [config] },
        { ipConfigurations: [lb, ...(vnet ? [vnet] : []), ...(target ? [target] : [])] },
      ),
    );
  };
  const inPool = { loadBalancerBackendAddressPools: [later] };
  const balancing = (fields: object) => ({
    loadBalancingRules: [
      {
        name: 'rule',
        protocol: 'Tcp',
        frontendPort: 2222,
        backendPort: 22,
        frontendIPConfiguration: later,
        backendAddressPool: later,
        ...fields,
      },
    ],
  });

  test('exposes port 22 on another port, by a rule for its pool', () => {
    const deps = (lb: Written): Written => ({ ...lb, deps: { ...lb.deps, loadBalancingRules: [lb] } });
    const of = (fields: object) => behind(deps(balancer(balancing(fields))), inPool);
    expect(of({})).toEqual(sure('allowed'));
    expect(of({ backendPort: 80 })).toEqual(sure('denied'));
    expect(of({ protocol: 'Udp' })).toEqual(sure('denied'));
    expect(of({ backendPort: LATER })).toEqual(unknown('denied'));
    expect(behind(deps(balancer(balancing({}))), inPool, [], group('closed'))).toEqual(sure('denied'));
  });

  test('exposes it by a NAT rule, inline or a resource of its own', () => {
    const fields = { protocol: 'Tcp', frontendPort: 50000, backendPort: 22, frontendIPConfiguration: later };
    const refs = { loadBalancerInboundNatRules: [later] };
    expect(behind(balancer({ inboundNatRules: [{ name: 'nat', ...fields }] }), refs)).toEqual(sure('allowed'));
    const lb = balancer({});
    const own = (more: object) =>
      net('InboundNatRule', 'nat', { loadBalancerName: LATER, ...fields, ...more }, { loadBalancerName: [lb] });
    expect(behind(lb, refs, [own({})])).toEqual(sure('allowed'));
    expect(behind(lb, refs, [own({ backendPort: 3389 })])).toEqual(sure('denied'));
    expect(behind(lb, inPool)).toEqual(sure('denied'));
  });

  test('of an unknown SKU is open or closed where no group stands', () => {
    const fields = { inboundNatRules: [{ name: 'nat', protocol: 'Tcp', frontendPort: 22, backendPort: 22 }] };
    const refs = { loadBalancerInboundNatRules: [later] };
    const bare = (sku: object) => {
      const lb = balancer(fields, sku);
      const resources = machineBehind({ more: [pip, lb] });
      const config = { name: 'web', subnet: {}, ...refs };
      return verdictsOf(
        changed(resources, 'nic', { ipConfigurations: [config] }, { ipConfigurations: [lb, ...resources.slice(0, 1)] }),
      );
    };
    expect(bare({})).toEqual(unknown('allowed'));
    expect(bare({ sku: { name: 'Standard' } })).toEqual(sure('denied'));
    expect(bare({ sku: { name: 'Basic' } })).toEqual(sure('allowed'));
  });

  test('inside lets nobody in from the internet', () => {
    const vnet = machineBehind({})[0];
    const lb = net(
      'LoadBalancer',
      'lb',
      {
        sku: { name: 'Standard' },
        frontendIPConfigurations: [{ name: 'front', subnet: {} }],
        inboundNatRules: [{ name: 'nat', protocol: 'Tcp', frontendPort: 22, backendPort: 22 }],
      },
      { frontendIPConfigurations: vnet ? [vnet] : [] },
    );
    expect(behind(lb, { loadBalancerInboundNatRules: [later] })).toEqual(sure('denied'));
  });
});

describe('a scale set', () => {
  const vnet = machineBehind({})[0] as Written;
  const native = (interfaces: readonly object[], more: object = {}, deps: readonly Written[] = [vnet, open]) =>
    made(
      'azure-native:compute:VirtualMachineScaleSet',
      'vm',
      {
        sku: { name: 'Standard_B1s', capacity: 2 },
        virtualMachineProfile: { networkProfile: { networkInterfaceConfigurations: interfaces } },
        ...more,
      },
      { virtualMachineProfile: deps },
    );
  const face = (fields: object = {}, config: object = {}) => ({
    name: 'nic',
    primary: true,
    networkSecurityGroup: later,
    ipConfigurations: [
      { name: 'ip', subnet: {}, publicIPAddressConfiguration: { name: 'pub', sku: { name: 'Standard' } }, ...config },
    ],
    ...fields,
  });

  test('is judged by one of its machines', () => {
    expect(verdictsOf([vnet, open, native([face()])])).toEqual(sure('allowed'));
    expect(verdictsOf([vnet, native([face({ networkSecurityGroup: undefined })], {}, [vnet])])).toEqual(sure('denied'));
    expect(verdictsOf([vnet, open, native([face({}, { publicIPAddressConfiguration: undefined })])])).toEqual(
      sure('denied'),
    );
    expect(planOf([vnet, open, native([face()])]).lowered().machines).toMatchObject([
      { kind: 'scale set', instanceIds: [expect.stringContaining('/virtualmachinescalesets/vm/virtualmachines/0')] },
    ]);
  });

  test('of none is nobody, and one that nobody can read is anything', () => {
    expect(planOf([vnet, open, native([face()], { sku: { capacity: 0 } })]).lowered().machines).toMatchObject([
      { instanceIds: [] },
    ]);
    const unread = native([], { virtualMachineProfile: LATER });
    expect(verdictsOf([vnet, open, unread])).toEqual(unknown('denied'));
  });

  test('is reached over a NAT pool', () => {
    const pip = classic('network/publicIp:PublicIp', 'pip', { sku: 'Standard' });
    const lb = classic(
      'lb/loadBalancer:LoadBalancer',
      'lb',
      { sku: 'Standard', frontendIpConfigurations: [{ name: 'front', publicIpAddressId: LATER }] },
      { frontendIpConfigurations: [pip] },
    );
    const pool = (backendPort: number) =>
      classic(
        'lb/natPool:NatPool',
        'ssh',
        {
          loadbalancerId: LATER,
          frontendIpConfigurationName: 'front',
          protocol: 'Tcp',
          frontendPortStart: 50000,
          frontendPortEnd: 50100,
          backendPort,
        },
        { loadbalancerId: [lb] },
      );
    const subnet = classic(
      'network/subnet:Subnet',
      'subnet',
      { virtualNetworkName: LATER, addressPrefixes: ['10.0.1.0/24'] },
      { virtualNetworkName: [vnet] },
    );
    const set = (natPool: Written) =>
      classic(
        'compute/linuxVirtualMachineScaleSet:LinuxVirtualMachineScaleSet',
        'vm',
        {
          instances: 1,
          networkInterfaces: [
            {
              name: 'nic',
              primary: true,
              networkSecurityGroupId: LATER,
              ipConfigurations: [{ name: 'ip', subnetId: LATER, loadBalancerInboundNatRulesIds: [LATER] }],
            },
          ],
        },
        { networkInterfaces: [open, subnet, natPool] },
      );
    const all = (backendPort: number) => [pip, lb, pool(backendPort), vnet, subnet, open, set(pool(backendPort))];
    expect(verdictsOf(all(22))).toEqual(sure('allowed'));
    expect(verdictsOf(all(3389))).toEqual(sure('denied'));
  });
});

test('members of a pool that are addresses are named, not judged', () => {
  const remarks = (list: unknown) =>
    planOf([
      net('LoadBalancer', 'lb', { backendAddressPools: [{ name: 'pool', loadBalancerBackendAddresses: list }] }),
      net('LoadBalancerBackendAddressPool', 'own', { loadBalancerName: LATER, loadBalancerBackendAddresses: list }),
    ]).remarks();
  expect(remarks([{ name: 'a', ipAddress: '10.0.1.4' }]).map(({ urn }) => urn.split('::').at(-1))).toEqual([
    'own',
    'lb',
  ]);
  expect(remarks([])).toEqual([]);
});

describe('a machine of two interfaces', () => {
  const vnet = machineBehind({})[0] as Written;
  const pip = machineBehind({})[1] as Written;
  const face = (name: string, fields: object) =>
    net(
      'NetworkInterface',
      name,
      { networkSecurityGroup: later, ipConfigurations: [{ name: 'ip', subnet: {}, ...fields }] },
      { ipConfigurations: [vnet, pip], networkSecurityGroup: [open] },
    );
  const [first, second] = [face('first', {}), face('second', { publicIPAddress: later })];

  test('is dialled at the one that is named as the primary one', () => {
    const vm = (primary: Written | undefined) =>
      classic(
        'compute/virtualMachine:VirtualMachine',
        'vm',
        { networkInterfaceIds: [LATER, LATER], ...(primary && { primaryNetworkInterfaceId: LATER }) },
        { networkInterfaceIds: [first, second], ...(primary && { primaryNetworkInterfaceId: [primary] }) },
      );
    const ids = (primary: Written | undefined) => verdictsOf([vnet, pip, open, first, second, vm(primary)]).ways;
    expect(ids(second)).toEqual(['allowed']);
    expect(ids(first)).toEqual(['unknown']);
    expect(ids(undefined)).toContain('unknown');
  });
});

import type { Fixture } from './fixture.js';
import { networkId, ref, subnetId } from './ids.js';
import type { JsonRecord } from './kinds.js';
import { child, resource, untyped } from './records.js';

/** vnet2 10.1.0.0/16 with vmP, 10.1.0.4 in p1, joined to nothing and without a security group. */
export function neighbour(f: Fixture): Fixture {
  f.addVnet('vnet2', '10.1.0.0/16').addSubnet('vnet2/p1', '10.1.0.0/24');
  return f.addVm('P', { subnet: 'vnet2/p1', ip: '10.1.0.4' });
}

/** The network hub, 10.100.0.0/16, without a subnet. */
export function hub(f: Fixture): Fixture {
  return f.addVnet('hub', '10.100.0.0/16');
}

/** vmN, 10.0.9.4 in s9 of vnet1, which forwards packets where `forwards` says so. */
export function appliance(f: Fixture, forwards: boolean): Fixture {
  f.addSubnet('vnet1/s9', '10.0.9.0/24').addVm('N', { subnet: 'vnet1/s9', ip: '10.0.9.4' });
  return f.nic('nicN', { enableIPForwarding: forwards });
}

/** A NAT gateway on the subnet, which sends from 20.9.9.9. */
export function natGateway(f: Fixture, path: string): Fixture {
  const id = networkId('natGateways', 'nat1');
  f.addPublicIp('ipNat', '20.9.9.9');
  const publicIpAddresses = [ref(networkId('publicIPAddresses', 'ipNat'))];
  const properties = { idleTimeoutInMinutes: 4, publicIpAddresses, subnets: [ref(subnetId(path))] };
  f.add('natGateways', resource(id, properties, { sku: { name: 'Standard' } }));
  return f.subnet(path, { natGateway: ref(id) });
}

/** A VPN gateway in the network, and a connection to 172.20.0.0/16 that is up. */
export function vpn(f: Fixture, vnet: string, gatewaySubnet: string): Fixture {
  const gateway = networkId('virtualNetworkGateways', 'gw1');
  const office = networkId('localNetworkGateways', 'office');
  f.addSubnet(`${vnet}/GatewaySubnet`, gatewaySubnet).addPublicIp('ipGw', '20.8.8.8');
  f.add(
    'virtualNetworkGateways',
    resource(gateway, {
      gatewayType: 'Vpn',
      vpnType: 'RouteBased',
      enableBgp: false,
      activeActive: false,
      sku: { name: 'VpnGw2AZ', tier: 'VpnGw2AZ', capacity: 2 },
      ipConfigurations: [
        untyped(`${gateway}/ipConfigurations/default`, {
          privateIPAllocationMethod: 'Dynamic',
          subnet: ref(subnetId(`${vnet}/GatewaySubnet`)),
          publicIPAddress: ref(networkId('publicIPAddresses', 'ipGw')),
        }),
      ],
    }),
  );
  const localNetworkAddressSpace = { addressPrefixes: ['172.20.0.0/16'] };
  f.add('localNetworkGateways', resource(office, { localNetworkAddressSpace, gatewayIpAddress: '198.51.100.1' }));
  return f.add(
    'connections',
    resource(networkId('connections', 'to-office'), {
      virtualNetworkGateway1: ref(gateway),
      localNetworkGateway2: ref(office),
      connectionType: 'IPsec',
      connectionProtocol: 'IKEv2',
      connectionStatus: 'Connected',
      routingWeight: 10,
      enableBgp: false,
      useLocalAzureIpAddress: false,
      usePolicyBasedTrafficSelectors: false,
      trafficSelectorPolicies: [],
    }),
  );
}

/** What is effective on nicA where a gateway announces 0.0.0.0/0. */
export function forcedTunnel(f: Fixture): Fixture {
  const route = (prefix: string, nextHopType: string, source = 'Default', state = 'Active'): JsonRecord => ({
    source,
    state,
    addressPrefix: [prefix],
    nextHopType,
    nextHopIpAddress: source === 'VirtualNetworkGateway' ? ['20.8.8.8'] : [],
  });
  const value = [
    route('10.0.0.0/16', 'VnetLocal'),
    route('0.0.0.0/0', 'VirtualNetworkGateway', 'VirtualNetworkGateway'),
    route('0.0.0.0/0', 'Internet', 'Default', 'Invalid'),
  ];
  return f.answer('effectiveRoutes', { networkInterface: networkId('networkInterfaces', 'nicA') }, { value });
}

/** The classic firewall fw1 on 20.5.5.5; its first address in the subnet is the prefix's fifth. */
export function firewall(
  f: Fixture,
  at: { readonly vnet: string; readonly prefix: string },
  rules: JsonRecord,
): Fixture {
  const id = networkId('azureFirewalls', 'fw1');
  f.addSubnet(`${at.vnet}/AzureFirewallSubnet`, at.prefix).addPublicIp('ipFw', '20.5.5.5');
  const ipConfiguration = child(`${id}/azureFirewallIpConfigurations/config1`, {
    privateIPAddress: at.prefix.replace(/0\/\d+$/, '4'),
    subnet: ref(subnetId(`${at.vnet}/AzureFirewallSubnet`)),
    publicIPAddress: ref(networkId('publicIPAddresses', 'ipFw')),
  });
  return f.add(
    'azureFirewalls',
    resource(id, {
      sku: { name: 'AZFW_VNet', tier: 'Standard' },
      threatIntelMode: 'Alert',
      ipConfigurations: [ipConfiguration],
      applicationRuleCollections: [],
      natRuleCollections: [],
      networkRuleCollections: [],
      additionalProperties: {},
      ...rules,
    }),
  );
}

/** `networkRuleCollections` with one rule: TCP 22 from everywhere to everywhere. */
export function firewallAllows(): JsonRecord {
  const any = { sourceAddresses: ['*'], destinationAddresses: ['*'], destinationPorts: ['22'], protocols: ['TCP'] };
  return { networkRuleCollections: [ruleCollection('networkRuleCollections', 'Allow', { name: 'ssh', ...any })] };
}

/** `natRuleCollections` with one rule: from 20.5.5.5:2222 to port 22 of vmA. */
export function firewallTranslates(): JsonRecord {
  const dialled = { destinationAddresses: ['20.5.5.5'], destinationPorts: ['2222'], protocols: ['TCP'] };
  const translated = { translatedAddress: '10.0.1.4', translatedPort: '22' };
  const rule = { name: 'ssh', sourceAddresses: ['*'], ...dialled, ...translated };
  return { natRuleCollections: [ruleCollection('natRuleCollections', 'Dnat', rule)] };
}

function ruleCollection(field: string, type: string, rule: JsonRecord): JsonRecord {
  return untyped(networkId('azureFirewalls', 'fw1', field, 'rc1'), { priority: 100, action: { type }, rules: [rule] });
}

/** A Bastion host; of the Developer SKU it has no subnet of its own. */
export function bastion(f: Fixture, sku: 'Standard' | 'Developer'): Fixture {
  const id = networkId('bastionHosts', 'bastion1');
  const own = sku === 'Developer' ? { virtualNetwork: ref(networkId('virtualNetworks', 'vnet1')) } : inSubnet(f, id);
  const properties = { ...own, scaleUnits: 2, enableTunneling: sku === 'Standard', enableIpConnect: false };
  return f.add('bastionHosts', resource(id, properties, { sku: { name: sku } }));
}

function inSubnet(f: Fixture, id: string): JsonRecord {
  f.addSubnet('vnet1/AzureBastionSubnet', '10.0.200.0/26').addPublicIp('ipBastion', '20.7.7.7');
  const ipConfiguration = child(`${id}/bastionHostIpConfigurations/config1`, {
    privateIPAllocationMethod: 'Dynamic',
    subnet: ref(subnetId('vnet1/AzureBastionSubnet')),
    publicIPAddress: ref(networkId('publicIPAddresses', 'ipBastion')),
  });
  return { ipConfigurations: [ipConfiguration] };
}

/** vmA and its subnet with IPv6, and 2001:db8:1:1::4 to the outside. */
export function withV6(f: Fixture): Fixture {
  const subnet = ref(subnetId('vnet1/s1'));
  f.vnet('vnet1', { addressSpace: { addressPrefixes: ['10.0.0.0/16', 'fd00:db8:1::/48'] } });
  f.subnet('vnet1/s1', { addressPrefix: undefined, addressPrefixes: ['10.0.1.0/24', 'fd00:db8:1:1::/64'] });
  f.addPublicIp('ipA6', '2001:db8:1:1::4', { publicIPAddressVersion: 'IPv6' });
  return f.addIpConfig('nicA', 'ipconfig6', {
    privateIPAddress: 'fd00:db8:1:1::4',
    privateIPAddressVersion: 'IPv6',
    subnet,
    publicIPAddress: ref(networkId('publicIPAddresses', 'ipA6')),
  });
}

/** 20.1.2.3 on a second interface of vmA, 10.0.1.6; the first one keeps 10.0.1.4. */
export function publicIpOnSecondNic(f: Fixture): Fixture {
  f.ipConfig('nicA', { publicIPAddress: undefined });
  f.addNic('nicA2', { subnet: 'vnet1/s1', ip: '10.0.1.6' }, 'ipA2');
  f.nic('nicA2', { primary: false });
  f.ipConfig('nicA2', { publicIPAddress: ref(networkId('publicIPAddresses', 'ipA')) });
  const networkInterfaces = ['nicA', 'nicA2'].map((nic, at) => ({
    ...ref(networkId('networkInterfaces', nic)),
    properties: { primary: at === 0 },
  }));
  return f.vm('vmA', { networkProfile: { networkInterfaces } });
}

/** Writes the references between vmA, its interface, its address, its subnet and nsg1 in other letters. */
export function inOtherLetters(f: Fixture): Fixture {
  const upper = (id: string) => ref(id.toUpperCase());
  f.subnet('vnet1/s1', { networkSecurityGroup: upper(networkId('networkSecurityGroups', 'nsg1')) });
  const publicIPAddress = upper(networkId('publicIPAddresses', 'ipA'));
  f.ipConfig('nicA', { subnet: ref(subnetId('vnet1/s1').toLowerCase()), publicIPAddress });
  const nic = { ...upper(networkId('networkInterfaces', 'nicA')), properties: { primary: true } };
  return f.vm('vmA', { networkProfile: { networkInterfaces: [nic] } });
}

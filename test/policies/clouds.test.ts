import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { later, type Made, made } from '../support/gate/deployment.js';
import { judgedBy, PACK } from '../support/gate/pack.js';
import { PackProcess } from '../support/pulumi/pack-process.js';

let pack: PackProcess;
beforeAll(async () => {
  pack = await PackProcess.start(PACK);
  await pack.configure({});
}, 30_000);
afterAll(() => pack.stop());

const google: readonly Made[] = [
  made('gcp:compute/network:Network', 'net', { autoCreateSubnetworks: false }),
  made('gcp:compute/subnetwork:Subnetwork', 'sub', {
    network: later('net'),
    ipCidrRange: '10.0.1.0/24',
    region: 'europe-west1',
  }),
  made('gcp:compute/firewall:Firewall', 'ssh', {
    network: later('net'),
    allows: [{ protocol: 'tcp', ports: ['22'] }],
    sourceRanges: ['0.0.0.0/0'],
  }),
  made('gcp:compute/instance:Instance', 'web', {
    zone: 'europe-west1-b',
    networkInterfaces: [{ network: later('net'), subnetwork: later('sub'), accessConfigs: [{}] }],
  }),
];

const azure: readonly Made[] = [
  made('azure-native:resources:ResourceGroup', 'group', { location: 'westeurope' }),
  made('azure-native:network:NetworkSecurityGroup', 'nsg', {
    resourceGroupName: later('group'),
    securityRules: [
      {
        name: 'ssh',
        priority: 100,
        direction: 'Inbound',
        access: 'Allow',
        protocol: 'Tcp',
        sourceAddressPrefix: '*',
        sourcePortRange: '*',
        destinationAddressPrefix: '*',
        destinationPortRange: '22',
      },
    ],
  }),
  made('azure-native:network:VirtualNetwork', 'vnet', {
    resourceGroupName: later('group'),
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
  }),
  made('azure-native:network:Subnet', 'sub', {
    resourceGroupName: later('group'),
    virtualNetworkName: later('vnet'),
    addressPrefix: '10.0.1.0/24',
    networkSecurityGroup: { id: later('nsg') },
  }),
  made('azure-native:network:PublicIPAddress', 'pip', {
    resourceGroupName: later('group'),
    sku: { name: 'Standard' },
    publicIPAllocationMethod: 'Static',
  }),
  made('azure-native:network:NetworkInterface', 'nic', {
    resourceGroupName: later('group'),
    ipConfigurations: [{ name: 'main', subnet: { id: later('sub') }, publicIPAddress: { id: later('pip') } }],
  }),
  made('azure-native:compute:VirtualMachine', 'web', {
    resourceGroupName: later('group'),
    networkProfile: { networkInterfaces: [{ id: later('nic') }] },
  }),
];

test.each([
  ['Google Cloud', google],
  ['Azure', azure],
])('%s is told in the words of the program', async (_, given) => {
  const found = await judgedBy(pack, given);
  const told = found.map(({ policyName, enforcementLevel, urn, message }) =>
    [policyName, enforcementLevel, urn.split('::').at(-1), message].join('\n'),
  );
  expect(told.join('\n\n')).toMatchSnapshot();
});

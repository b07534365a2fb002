import * as azure from '@pulumi/azure-native';
import * as gcp from '@pulumi/gcp';

const network = new gcp.compute.Network('network', { autoCreateSubnetworks: false });
const subnetwork = new gcp.compute.Subnetwork('front', {
  network: network.id,
  ipCidrRange: '10.0.0.0/24',
  region: 'europe-west1',
});
new gcp.compute.Firewall('ssh', {
  network: network.selfLink,
  allows: [{ protocol: 'tcp', ports: ['22'] }],
  sourceRanges: ['203.0.113.0/24'],
});
new gcp.compute.Instance('server', {
  machineType: 'e2-micro',
  zone: 'europe-west1-b',
  bootDisk: { initializeParams: { image: 'debian-cloud/debian-12' } },
  networkInterfaces: [{ subnetwork: subnetwork.id, accessConfigs: [{}] }],
});

const { name: resourceGroupName } = new azure.resources.ResourceGroup('group');
const virtualNetwork = new azure.network.VirtualNetwork('network', {
  resourceGroupName,
  addressSpace: { addressPrefixes: ['10.1.0.0/16'] },
});
const group = new azure.network.NetworkSecurityGroup('ssh', { resourceGroupName });
new azure.network.SecurityRule('ssh', {
  resourceGroupName,
  networkSecurityGroupName: group.name,
  access: 'Allow',
  direction: 'Inbound',
  priority: 100,
  protocol: 'Tcp',
  sourceAddressPrefix: '203.0.113.0/24',
  sourcePortRange: '*',
  destinationAddressPrefix: '*',
  destinationPortRange: '22',
});
const subnet = new azure.network.Subnet('front', {
  resourceGroupName,
  virtualNetworkName: virtualNetwork.name,
  addressPrefix: '10.1.1.0/24',
  networkSecurityGroup: { id: group.id },
});
const address = new azure.network.PublicIPAddress('address', { resourceGroupName, sku: { name: 'Standard' } });
const networkInterface = new azure.network.NetworkInterface('server', {
  resourceGroupName,
  ipConfigurations: [{ name: 'first', subnet: { id: subnet.id }, publicIPAddress: { id: address.id } }],
});
new azure.compute.VirtualMachine('server', {
  resourceGroupName,
  networkProfile: { networkInterfaces: [{ id: networkInterface.id }] },
});

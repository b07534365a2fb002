import * as azure from '@pulumi/azure-native';
import * as pulumi from '@pulumi/pulumi';

/** What a stack does wrong; `nothing` in the good one. */
type Fault = 'nothing' | 'open-to-the-world' | 'rule-of-its-own' | 'no-group' | 'source-not-known-yet';

const fault = new pulumi.Config().require<Fault>('fault');
const office = '203.0.113.0/24';
/** Nobody has the private half of it. */
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK75fiNV4c77xWzn1lH409s5cUwmKtnd5dfDCr+39ytn';

const { name: resourceGroupName } = new azure.resources.ResourceGroup('example');
const network = new azure.network.VirtualNetwork('network', {
  resourceGroupName,
  addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
});
const front = new azure.network.Subnet('front', {
  resourceGroupName,
  virtualNetworkName: network.name,
  addressPrefix: '10.0.1.0/24',
});
const address = (name: string) =>
  new azure.network.PublicIPAddress(name, {
    resourceGroupName,
    sku: { name: 'Standard' },
    publicIPAllocationMethod: 'Static',
  });

const allow = (name: string, priority: number, port: string, from: object) => ({
  name,
  priority,
  direction: 'Inbound',
  access: 'Allow',
  protocol: 'Tcp',
  sourcePortRange: '*',
  destinationAddressPrefix: '*',
  destinationPortRange: port,
  ...from,
});
function source(): pulumi.Input<string> {
  if (fault === 'open-to-the-world') return '*';
  return fault === 'source-not-known-yet' ? pulumi.interpolate`${address('partner').ipAddress}/32` : office;
}

const bastions = new azure.network.ApplicationSecurityGroup('bastions', { resourceGroupName });
const bastionGroup = new azure.network.NetworkSecurityGroup('bastion', {
  resourceGroupName,
  securityRules: [allow('ssh', 100, '22', { sourceAddressPrefix: source() })],
});
if (fault === 'rule-of-its-own') {
  new azure.network.SecurityRule('bastion-ssh', {
    resourceGroupName,
    networkSecurityGroupName: bastionGroup.name,
    ...allow('anybody', 200, '22', { sourceAddressPrefix: 'Internet' }),
  });
}
const webGroup = new azure.network.NetworkSecurityGroup('web', {
  resourceGroupName,
  securityRules: [
    allow('https', 100, '443', { sourceAddressPrefix: '*' }),
    allow('ssh', 110, '22', { sourceApplicationSecurityGroups: [{ id: bastions.id }] }),
  ],
});

interface Server {
  readonly group: pulumi.Input<string> | undefined;
  readonly applications?: readonly azure.network.ApplicationSecurityGroup[];
}

function server(name: string, { group, applications = [] }: Server): azure.network.PublicIPAddress {
  const publicAddress = address(name);
  const networkInterface = new azure.network.NetworkInterface(name, {
    resourceGroupName,
    ...(group !== undefined && { networkSecurityGroup: { id: group } }),
    ipConfigurations: [
      {
        name: 'first',
        subnet: { id: front.id },
        publicIPAddress: { id: publicAddress.id },
        applicationSecurityGroups: applications.map(({ id }) => ({ id })),
      },
    ],
  });
  new azure.compute.VirtualMachine(name, {
    resourceGroupName,
    hardwareProfile: { vmSize: 'Standard_B1s' },
    networkProfile: { networkInterfaces: [{ id: networkInterface.id }] },
    osProfile: {
      computerName: name,
      adminUsername: 'example',
      linuxConfiguration: {
        disablePasswordAuthentication: true,
        ssh: { publicKeys: [{ keyData: key, path: '/home/example/.ssh/authorized_keys' }] },
      },
    },
    storageProfile: {
      imageReference: { publisher: 'Debian', offer: 'debian-12', sku: '12-gen2', version: 'latest' },
      osDisk: { createOption: 'FromImage', name },
    },
  });
  return publicAddress;
}

const bastion = server('bastion', {
  group: fault === 'no-group' ? undefined : bastionGroup.id,
  applications: [bastions],
});
server('web', { group: webGroup.id });

export const bastionAddress = bastion.ipAddress;

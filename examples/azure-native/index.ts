import * as compute from '@pulumi/azure-native/compute';
import * as net from '@pulumi/azure-native/network';
import * as resources from '@pulumi/azure-native/resources';
import * as pulumi from '@pulumi/pulumi';

/** What a stack does wrong; `nothing` in the good one. */
type Fault = 'nothing' | 'open-to-the-world' | 'rule-of-its-own' | 'no-group' | 'source-not-known-yet';

const fault = new pulumi.Config().require<Fault>('fault');
const office = '203.0.113.0/24';
/** Nobody has the private half of it. */
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK75fiNV4c77xWzn1lH409s5cUwmKtnd5dfDCr+39ytn';

const { name: resourceGroupName } = new resources.ResourceGroup('example');
const network = new net.VirtualNetwork('network', {
  resourceGroupName,
  addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
});
const front = new net.Subnet('front', {
  resourceGroupName,
  virtualNetworkName: network.name,
  addressPrefix: '10.0.1.0/24',
});
const address = (name: string) =>
  new net.PublicIPAddress(name, {
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

const bastions = new net.ApplicationSecurityGroup('bastions', { resourceGroupName });
const bastionGroup = new net.NetworkSecurityGroup('bastion', {
  resourceGroupName,
  securityRules: [allow('ssh', 100, '22', { sourceAddressPrefix: source() })],
});
if (fault === 'rule-of-its-own') {
  new net.SecurityRule('bastion-ssh', {
    resourceGroupName,
    networkSecurityGroupName: bastionGroup.name,
    ...allow('anybody', 200, '22', { sourceAddressPrefix: 'Internet' }),
  });
}
const webGroup = new net.NetworkSecurityGroup('web', {
  resourceGroupName,
  securityRules: [
    allow('https', 100, '443', { sourceAddressPrefix: '*' }),
    allow('ssh', 110, '22', { sourceApplicationSecurityGroups: [{ id: bastions.id }] }),
  ],
});

interface Server {
  readonly group: pulumi.Input<string> | undefined;
  readonly applications?: readonly net.ApplicationSecurityGroup[];
}

function server(name: string, { group, applications = [] }: Server): net.PublicIPAddress {
  const publicAddress = address(name);
  const networkInterface = new net.NetworkInterface(name, {
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
  new compute.VirtualMachine(name, {
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

// Writes a made-up Azure subscription as `az ... list` prints it, as large as wanted and the same for the same seed.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { below, hex, ipv4, pick, randomFrom, scramble } from './account-shape.mjs';
import { writeArray, writeParts } from './cloud-files.mjs';

const SUBSCRIPTION = '/subscriptions/11111111-2222-3333-4444-555555555555';
const LOCATION = 'westeurope';
const NETWORKS = 10;
const SUBNETS = 8;
const RULES = 20;
const INTERFACE_GROUPS = 20;
const MOST_IN_SUBNET = 8192 - 5;

const groupOf = (n) => `rg-${n % 40}`;
const inGroup = (group, type, name) => `${SUBSCRIPTION}/resourceGroups/${group}/providers/${type}/${name}`;
const guid = (n) =>
  `${hex(scramble(n), 8)}-${hex(scramble(n ^ 1) & 0xffff, 4)}-4${hex(n & 0xfff, 3)}-a${hex(scramble(n ^ 2) & 0xfff, 3)}-${hex(scramble(n ^ 3), 8)}0000`;
const etag = (n) => `W/"${guid(n ^ 0x77)}"`;
const networkId = (v) => inGroup('rg-network', 'Microsoft.Network/virtualNetworks', `network-${v}`);
const subnetId = (v, s) => `${networkId(v)}/subnets/subnet-${s}`;
const securityGroupId = (name) => inGroup('rg-network', 'Microsoft.Network/networkSecurityGroups', name);
const machineId = (facts) => inGroup(groupOf(facts.n), 'Microsoft.Compute/virtualMachines', facts.name);
const interfaceId = (facts) => inGroup(groupOf(facts.n), 'Microsoft.Network/networkInterfaces', `${facts.name}-nic`);
const addressId = (facts) => inGroup(groupOf(facts.n), 'Microsoft.Network/publicIPAddresses', `${facts.name}-ip`);
const subnetBase = (v, s) => (10 << 24) | (v << 16) | (s << 13);

function factsOf(seed, n) {
  const random = randomFrom(seed, 1, n);
  const v = n % NETWORKS;
  const s = Math.floor(n / NETWORKS) % SUBNETS;
  const name = `${pick(random, ['web', 'api', 'worker', 'db'])}-${n}`;
  const stopped = random() < 0.06;
  const place = Math.floor(n / (NETWORKS * SUBNETS));
  return {
    n,
    v,
    s,
    name,
    stopped,
    random,
    shown: random() < 0.3,
    guarded: random() < 0.5,
    address: ipv4(subnetBase(v, s) + 4 + place),
  };
}

function machine(facts) {
  const { name, n, stopped, random, address, shown } = facts;
  return {
    additionalCapabilities: null,
    applicationProfile: null,
    availabilitySet: null,
    billingProfile: null,
    diagnosticsProfile: { bootDiagnostics: { enabled: true, storageUri: null } },
    etag: `"${n % 90}"`,
    extendedLocation: null,
    fqdns: '',
    hardwareProfile: { vmSize: 'Standard_D2s_v5', vmSizeProperties: null },
    host: null,
    id: machineId(facts),
    identity: null,
    instanceView: null,
    licenseType: null,
    location: LOCATION,
    macAddresses: '00-0D-3A-12-34-56',
    name,
    networkProfile: {
      networkApiVersion: null,
      networkInterfaceConfigurations: null,
      networkInterfaces: [{ deleteOption: 'Detach', id: interfaceId(facts), primary: true, resourceGroup: groupOf(n) }],
    },
    osProfile: {
      adminUsername: 'azureuser',
      allowExtensionOperations: true,
      computerName: name,
      linuxConfiguration: {
        disablePasswordAuthentication: true,
        patchSettings: { assessmentMode: 'ImageDefault', patchMode: 'ImageDefault' },
        provisionVmAgent: true,
        ssh: {
          publicKeys: [
            {
              keyData: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${hex(scramble(n), 8).repeat(5)} ops`,
              path: '/home/azureuser/.ssh/authorized_keys',
            },
          ],
        },
      },
      requireGuestProvisionSignal: true,
      secrets: [],
    },
    powerState: stopped ? 'VM deallocated' : 'VM running',
    privateIps: address,
    provisioningState: 'Succeeded',
    publicIps: shown ? ipv4((20 << 24) + 256 + n) : '',
    resourceGroup: groupOf(n),
    securityProfile: { securityType: 'TrustedLaunch', uefiSettings: { secureBootEnabled: true, vTpmEnabled: true } },
    storageProfile: {
      dataDisks: [],
      diskControllerType: 'SCSI',
      imageReference: {
        exactVersion: '22.04.202410020',
        offer: '0001-com-ubuntu-server-jammy',
        publisher: 'Canonical',
        sku: '22_04-lts-gen2',
        version: 'latest',
      },
      osDisk: {
        caching: 'ReadWrite',
        createOption: 'FromImage',
        deleteOption: 'Detach',
        diskSizeGb: 30,
        managedDisk: {
          id: inGroup(groupOf(n), 'Microsoft.Compute/disks', `${name}_OsDisk_1_${hex(scramble(n), 8)}`),
          resourceGroup: groupOf(n),
          storageAccountType: 'Premium_LRS',
        },
        name: `${name}_OsDisk_1_${hex(scramble(n), 8)}`,
        osType: 'Linux',
      },
    },
    tags: {
      environment: pick(random, ['production', 'staging', 'test']),
      service: pick(random, ['checkout', 'catalogue', 'sessions']),
    },
    timeCreated: new Date(1704067200000 + below(random, 60_000_000) * 1000).toISOString(),
    type: 'Microsoft.Compute/virtualMachines',
    userData: null,
    virtualMachineScaleSet: null,
    vmId: guid(n),
    zones: [pick(random, ['1', '2', '3'])],
  };
}

function configuration(facts) {
  const { n, v, s, address, shown } = facts;
  return {
    etag: etag(n),
    id: `${interfaceId(facts)}/ipConfigurations/ipconfig1`,
    name: 'ipconfig1',
    primary: true,
    privateIPAddress: address,
    privateIPAddressVersion: 'IPv4',
    privateIPAllocationMethod: 'Dynamic',
    provisioningState: 'Succeeded',
    ...(shown && { publicIPAddress: { id: addressId(facts), resourceGroup: groupOf(n) } }),
    resourceGroup: groupOf(n),
    subnet: { id: subnetId(v, s), resourceGroup: 'rg-network' },
    type: 'Microsoft.Network/networkInterfaces/ipConfigurations',
  };
}

function networkInterface(facts) {
  const { n, name, guarded } = facts;
  return {
    auxiliaryMode: 'None',
    auxiliarySku: 'None',
    disableTcpStateTracking: false,
    dnsSettings: {
      appliedDnsServers: [],
      dnsServers: [],
      internalDomainNameSuffix: `${hex(scramble(n), 8)}.ax.internal.cloudapp.net`,
    },
    enableAcceleratedNetworking: true,
    enableIPForwarding: false,
    etag: etag(n),
    hostedWorkloads: [],
    id: interfaceId(facts),
    ipConfigurations: [configuration(facts)],
    location: LOCATION,
    macAddress: '00-0D-3A-12-34-56',
    name: `${name}-nic`,
    ...(guarded && {
      networkSecurityGroup: { id: securityGroupId(`interfaces-${n % INTERFACE_GROUPS}`), resourceGroup: 'rg-network' },
    }),
    nicType: 'Standard',
    primary: true,
    provisioningState: 'Succeeded',
    resourceGroup: groupOf(n),
    resourceGuid: guid(n ^ 0x4444),
    tags: {},
    tapConfigurations: [],
    type: 'Microsoft.Network/networkInterfaces',
    virtualMachine: { id: machineId(facts), resourceGroup: groupOf(n) },
    vnetEncryptionSupported: false,
  };
}

function publicAddress(facts) {
  const { n, name, shown } = facts;
  if (!shown) return undefined;
  return {
    ddosSettings: { protectionMode: 'VirtualNetworkInherited' },
    etag: etag(n ^ 0x99),
    id: addressId(facts),
    idleTimeoutInMinutes: 4,
    ipAddress: ipv4((20 << 24) + 256 + n),
    ipConfiguration: { id: `${interfaceId(facts)}/ipConfigurations/ipconfig1`, resourceGroup: groupOf(n) },
    ipTags: [],
    location: LOCATION,
    name: `${name}-ip`,
    provisioningState: 'Succeeded',
    publicIPAddressVersion: 'IPv4',
    publicIPAllocationMethod: 'Static',
    resourceGroup: groupOf(n),
    resourceGuid: guid(n ^ 0x5555),
    sku: { name: 'Standard', tier: 'Regional' },
    type: 'Microsoft.Network/publicIPAddresses',
    zones: ['1', '2', '3'],
  };
}

function securityRule(seed, group, name, k) {
  const random = randomFrom(seed, 2, group, k);
  return {
    access: k % 7 === 6 ? 'Deny' : 'Allow',
    destinationAddressPrefix: '*',
    destinationAddressPrefixes: [],
    destinationPortRange: k % 4 === 0 ? '22' : pick(random, ['80', '443', '8000-8999', '5432']),
    destinationPortRanges: [],
    direction: 'Inbound',
    etag: etag(k),
    id: `${securityGroupId(name)}/securityRules/rule-${k}`,
    name: `rule-${k}`,
    priority: 100 + k * 10,
    protocol: 'Tcp',
    provisioningState: 'Succeeded',
    resourceGroup: 'rg-network',
    ...(k % 3 === 0
      ? { sourceAddressPrefixes: [`${ipv4((203 << 24) | (below(random, 1 << 16) << 8))}/24`, '10.0.0.0/8'] }
      : {
          sourceAddressPrefix:
            k % 5 === 0 ? 'VirtualNetwork' : `${ipv4((198 << 24) | (below(random, 1 << 16) << 8))}/24`,
        }),
    sourcePortRange: '*',
    sourcePortRanges: [],
    type: 'Microsoft.Network/networkSecurityGroups/securityRules',
  };
}

const counted = (count, of) => Array.from({ length: count }, (_, k) => of(k));

function securityGroup(seed, number, name) {
  return {
    defaultSecurityRules: [],
    id: securityGroupId(name),
    location: LOCATION,
    name,
    provisioningState: 'Succeeded',
    resourceGroup: 'rg-network',
    securityRules: counted(RULES, (k) => securityRule(seed, number, name, k)),
    type: 'Microsoft.Network/networkSecurityGroups',
  };
}

function virtualNetwork(v) {
  return {
    addressSpace: { addressPrefixes: [`10.${v}.0.0/16`] },
    id: networkId(v),
    location: LOCATION,
    name: `network-${v}`,
    provisioningState: 'Succeeded',
    resourceGroup: 'rg-network',
    subnets: counted(SUBNETS, (s) => ({
      addressPrefix: `${ipv4(subnetBase(v, s))}/19`,
      id: subnetId(v, s),
      name: `subnet-${s}`,
      networkSecurityGroup: { id: securityGroupId(`subnet-${v}-${s}`), resourceGroup: 'rg-network' },
      provisioningState: 'Succeeded',
      resourceGroup: 'rg-network',
    })),
    type: 'Microsoft.Network/virtualNetworks',
    virtualNetworkPeerings: [],
  };
}

/** What `port22 fetch` writes of a network: no network manager has rules for it. */
function effectiveAdminRules(v) {
  const operation = 'Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action';
  const port22 = { provider: 'azure', subscription: SUBSCRIPTION.split('/')[2], operation };
  return { port22, virtualNetwork: networkId(v), value: [] };
}

/** Writes `instances` machines with their interfaces and addresses, ten networks and 100 security groups of 20 rules into `directory`. */
export function generateAzureSubscription({ directory, instances, seed = 22 }) {
  if (instances > NETWORKS * SUBNETS * MOST_IN_SUBNET) throw new RangeError(`too many machines: ${instances}`);
  mkdirSync(directory, { recursive: true });
  writeParts(join(directory, 'vms'), instances, (n) => machine(factsOf(seed, n)));
  writeParts(join(directory, 'nics'), instances, (n) => networkInterface(factsOf(seed, n)));
  writeParts(join(directory, 'public-ips'), instances, (n) => publicAddress(factsOf(seed, n)));
  for (let v = 0; v < NETWORKS; v++)
    writeFileSync(join(directory, `admin-rules-${v}.json`), JSON.stringify(effectiveAdminRules(v), null, 2));
  writeArray(join(directory, 'vnets.json'), counted(NETWORKS, virtualNetwork));
  const ofSubnets = counted(NETWORKS, (v) => counted(SUBNETS, (s) => `subnet-${v}-${s}`)).flat();
  const names = [...ofSubnets, ...counted(INTERFACE_GROUPS, (k) => `interfaces-${k}`)];
  writeArray(
    join(directory, 'nsgs.json'),
    names.map((name, number) => securityGroup(seed, number, name)),
  );
}

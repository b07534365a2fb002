import { computeId, LOCATION, nameIn, networkId, ref } from './ids.js';
import type { JsonRecord } from './kinds.js';
import { resource } from './records.js';

const STATUS_WORDS: Readonly<Record<string, string>> = {
  running: 'VM running',
  starting: 'VM starting',
  stopped: 'VM stopped',
  deallocated: 'VM deallocated',
};

export function virtualMachine(name: string, nics: readonly string[]): JsonRecord {
  return resource(
    computeId('virtualMachines', name),
    {
      vmId: '00000000-0000-0000-0000-000000000001',
      hardwareProfile: { vmSize: 'Standard_D2s_v5' },
      storageProfile: { osDisk: { osType: 'Linux', name: `${name}-os`, createOption: 'FromImage' } },
      osProfile: osProfile(name),
      networkProfile: {
        networkInterfaces: nics.map((nic, at) => ({
          id: networkId('networkInterfaces', nic),
          properties: { primary: at === 0 },
        })),
      },
      diagnosticsProfile: { bootDiagnostics: { enabled: true } },
    },
    { zones: ['1'] },
  );
}

/** What `listAll` with `statusOnly=true` answers of a VM; of some states Azure now and then says nothing. */
export function status(id: string, power: string | undefined): JsonRecord {
  return resource(id, { instanceView: { statuses: statuses(power) } });
}

function statuses(power: string | undefined): readonly JsonRecord[] {
  const time = '2026-01-05T08:00:10.0000000+00:00';
  const provisioned = {
    code: 'ProvisioningState/succeeded',
    level: 'Info',
    displayStatus: 'Provisioning succeeded',
    time,
  };
  if (power === undefined) return [provisioned];
  return [provisioned, { code: `PowerState/${power}`, level: 'Info', displayStatus: STATUS_WORDS[power] ?? power }];
}

export function scaleSet(name: string, orchestrationMode: 'Uniform' | 'Flexible'): JsonRecord {
  const properties = { orchestrationMode, singlePlacementGroup: false, platformFaultDomainCount: 1 };
  return resource(computeId('virtualMachineScaleSets', name), properties, {
    sku: { name: 'Standard_D2s_v5', tier: 'Standard', capacity: 1 },
  });
}

/** An instance of a Uniform scale set, as its list with `expand=instanceView` answers it. */
export function scaleSetVm(id: string, nic: string): JsonRecord {
  const name = `vmss1_${nameIn(id)}`;
  return {
    name,
    id,
    type: 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines',
    location: LOCATION,
    instanceId: nameIn(id),
    properties: {
      latestModelApplied: true,
      osProfile: osProfile(name),
      storageProfile: { osDisk: { osType: 'Linux', createOption: 'FromImage' } },
      networkProfile: { networkInterfaces: [{ id: nic, properties: { primary: true } }] },
      provisioningState: 'Succeeded',
      instanceView: { statuses: statuses('running') },
    },
  };
}

/** A network interface or an address of an instance: API version 2018-10-01 says neither type nor location. */
export function scaleSetPart(id: string, properties: JsonRecord, fields: JsonRecord = {}): JsonRecord {
  return { name: nameIn(id), id, ...fields, properties: { provisioningState: 'Succeeded', ...properties } };
}

/** A just-in-time policy for port 22 of the VM; `requests` as Defender for Cloud lists them. */
export function jitPolicy(vm: string, requests: readonly JsonRecord[]): JsonRecord {
  const [root] = computeId().split('/Microsoft.Compute');
  const id = `${root}/Microsoft.Security/locations/${LOCATION}/jitNetworkAccessPolicies/default`;
  const port = { number: 22, protocol: '*', allowedSourceAddressPrefix: '*', maxRequestAccessDuration: 'PT3H' };
  const virtualMachines = [{ ...ref(computeId('virtualMachines', vm)), ports: [port] }];
  return resource(id, { virtualMachines, requests }, { kind: 'Basic' });
}

/** A request for port 22 that was granted. */
export function jitRequest(vm: string, from: string, endTimeUtc: string): JsonRecord {
  const port = {
    number: 22,
    allowedSourceAddressPrefix: from,
    endTimeUtc,
    status: 'Initiated',
    statusReason: 'UserRequested',
  };
  return {
    virtualMachines: [{ ...ref(computeId('virtualMachines', vm)), ports: [port] }],
    startTimeUtc: '2026-01-05T08:00:00.0000000Z',
    requestor: 'barbara@contoso.com',
    justification: '',
  };
}

function osProfile(computerName: string): JsonRecord {
  const ssh = { publicKeys: [{ path: '/home/azureuser/.ssh/authorized_keys', keyData: 'ssh-ed25519 AAAA' }] };
  return {
    computerName,
    adminUsername: 'azureuser',
    linuxConfiguration: { disablePasswordAuthentication: true, provisionVMAgent: true, ssh },
    allowExtensionOperations: true,
  };
}

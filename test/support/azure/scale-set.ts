import * as compute from './compute-records.js';
import type { Fixture } from './fixture.js';
import { computeId, networkId, ref, subnetId } from './ids.js';
import { ipConfiguration } from './records.js';

/** Instance 3 of the Uniform scale set vmss1 in s2: 10.0.2.7, and 20.3.3.3 of its own; `group` is on its interface. */
export function uniform(f: Fixture, group?: string): Fixture {
  const instance = computeId('virtualMachineScaleSets', 'vmss1', 'virtualMachines', '3');
  const nic = `${instance}/networkInterfaces/nic1`;
  const config = `${nic}/ipConfigurations/ipconfig1`;
  const publicIp = `${config}/publicIPAddresses/pip1`;
  f.add('scaleSets', compute.scaleSet('vmss1', 'Uniform'));
  f.add('scaleSetVms', compute.scaleSetVm(instance, nic));
  f.add(
    'scaleSetNics',
    compute.scaleSetPart(nic, {
      primary: true,
      enableAcceleratedNetworking: false,
      enableIPForwarding: false,
      networkSecurityGroup: group === undefined ? undefined : ref(networkId('networkSecurityGroups', group)),
      virtualMachine: ref(instance),
      ipConfigurations: [
        ipConfiguration(config, {
          privateIPAddress: '10.0.2.7',
          subnet: ref(subnetId('vnet1/s2')),
          publicIPAddress: ref(publicIp),
        }),
      ],
    }),
  );
  const addressed = { publicIPAddressVersion: 'IPv4', publicIPAllocationMethod: 'Static', ipAddress: '20.3.3.3' };
  const properties = { ...addressed, idleTimeoutInMinutes: 4, ipConfiguration: ref(config) };
  return f.add('scaleSetPublicIps', compute.scaleSetPart(publicIp, properties, { sku: { name: 'Standard' } }));
}

/** Makes vmA an instance of the Flexible scale set vmss1. */
export function flexible(f: Fixture): Fixture {
  f.add('scaleSets', compute.scaleSet('vmss1', 'Flexible'));
  return f.vm('vmA', { virtualMachineScaleSet: ref(computeId('virtualMachineScaleSets', 'vmss1')) });
}

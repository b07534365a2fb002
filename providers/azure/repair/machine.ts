import type { Placed } from '../inventory.js';
import { machineName } from '../power.js';
import { nameOf } from '../records/ids.js';
import type { VirtualMachine } from '../records/records.js';
import { az, locationOf, nicName, ownPortOf, type Recipe } from './recipe.js';

/** Starts the machine, or the instance of its scale set. One that comes or goes by itself is waited for. */
export const startChange: Recipe = ({ networks, target, lower }, { reason }) => {
  const { id } = target.machine;
  if (/^(?:starting|creating|stopping|deallocating|hibernating)$/.test(reason.data.state ?? '')) return undefined;
  const scaleSet = /\/virtualMachineScaleSets\/([^/]+)\/virtualMachines\/([^/]+)$/i.exec(id);
  const [, set, instance] = scaleSet ?? [];
  const command =
    set !== undefined && instance !== undefined
      ? az('vmss start', id, { name: set, 'instance-ids': instance })
      : az('vm start', id, { name: machineName(target.machine) });
  const started: Placed<VirtualMachine> = {
    ...target.machine,
    powerState: 'VM running',
    instanceView: undefined,
    extended: undefined,
  };
  const kind = networks.inventory.get('machines', target.key) ? 'machines' : 'scaleSetMachines';
  return {
    removes: '',
    command,
    pulumi: '// the power state is no property of azure-native.compute.VirtualMachine',
    after: lower(networks.inventory.with(kind, target.key, started)),
  };
};

/** A Standard public address on the IP configuration. */
export const addressChange: Recipe = (repair) => {
  const port = ownPortOf(repair);
  if (port?.family !== 4) return undefined;
  const name = `${nicName(port)}-ip`;
  return {
    removes: '',
    command: [
      az('network public-ip create', port.nic.id, {
        name,
        ...locationOf(repair),
        sku: 'Standard',
        'allocation-method': 'Static',
      }),
      az('network nic ip-config update', port.nic.id, {
        'nic-name': nicName(port),
        name: port.config.name ?? nameOf(port.configKey),
        'public-ip-address': name,
      }),
    ].join(' && '),
    pulumi:
      'const pip = new network.PublicIPAddress("p", { resourceGroupName, sku: { name: "Standard" }, publicIPAllocationMethod: "Static" }); // of the IP configuration: publicIPAddress: { id: pip.id }',
    // Which address it gets is not known before.
    after: null,
    note: 'az network bastion ssh needs no public address',
  };
};

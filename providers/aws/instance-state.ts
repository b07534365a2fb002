import { type Layer, passFilter, stopFilter, unknownFilter } from '../../src/model/index.js';
import type { Placed } from './inventory.js';
import { type Network, nameTag, resource } from './network.js';
import type { Instance } from './records.js';

export function instanceRef(instance: Instance) {
  return resource('instance', instance.InstanceId, nameTag(instance));
}

const stoppedStates: ReadonlySet<string> = new Set(['pending', 'stopping', 'stopped', 'shutting-down', 'terminated']);

/** Only a running instance answers. A state that nobody documents is unknown, and so is a machine that a service manages. */
export function instanceLayers(network: Network, instance: Placed<Instance>): Layer[] {
  const subject = instanceRef(instance);
  const state = instance.State?.Name;
  const missing = (detail: string) => unknownFilter(network.inventory.dangling('instances', instance, detail));
  let inbound = passFilter;
  if (state === undefined || instance.broken !== undefined) {
    inbound = missing(`a readable record of ${instance.InstanceId} (${instance.broken ?? 'State'})`);
  } else if (stoppedStates.has(state)) {
    inbound = stopFilter({ code: 'aws/inst-not-running', data: { state } });
  } else if (state !== 'running') {
    inbound = missing(`a known state of ${instance.InstanceId} (it says ${state})`);
  }
  const layers: Layer[] = [{ kind: 'instance', subject, inbound }];
  if (instance.Operator?.Managed || instance.Operator?.broken !== undefined) {
    const detail = `${instance.Operator.Principal ?? 'a service'} manages ${instance.InstanceId}, and connections of users to managed instances are not allowed`;
    const gap = { code: 'aws/inst-managed', kind: 'not-modelled' as const, what: instance.InstanceId, detail };
    layers.push({ kind: 'instance-operator', subject, inbound: unknownFilter(gap) });
  }
  return layers;
}

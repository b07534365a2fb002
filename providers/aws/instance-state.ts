import { type Layer, passFilter, stopFilter, unknownFilter } from '../../src/model/index.js';
import type { Placed } from './inventory.js';
import { type Network, nameTag, resource } from './network.js';
import type { Instance } from './records/records.js';
import type { Front } from './way.js';

export function instanceRef(instance: Instance) {
  return resource('instance', instance.InstanceId, nameTag(instance));
}

const stoppedStates: ReadonlySet<string> = new Set(['pending', 'stopping', 'stopped', 'shutting-down', 'terminated']);

function stateLayer(inbound: Layer['inbound']): Layer {
  return { kind: 'instance', subject: 'target', ...(inbound && { inbound }) };
}

function stateFront(network: Network, instance: Placed<Instance>): Front {
  const state = instance.State?.Name;
  const unknownState = (detail: string): Front => ({
    key: undefined,
    layers: [stateLayer(unknownFilter(network.inventory.dangling('instances', instance, detail)))],
  });
  if (state === undefined || instance.broken !== undefined) {
    return unknownState(`a readable record of ${instance.InstanceId} (${instance.broken ?? 'State'})`);
  }
  const running = state === 'running';
  if (!running && !stoppedStates.has(state))
    return unknownState(`a known state of ${instance.InstanceId} (it says ${state})`);
  return network.once(`front ${state}`, () => {
    const inbound = running ? passFilter : stopFilter({ code: 'aws/inst-not-running', data: { state } });
    return { key: state, layers: [stateLayer(inbound)] };
  });
}

/** Only a running instance answers. A state that nobody documents is unknown, and so is a machine that a service manages. */
export function instanceFront(network: Network, instance: Placed<Instance>): Front {
  const front = stateFront(network, instance);
  const { Operator: operator, InstanceId: id } = instance;
  if (!operator?.Managed && operator?.broken === undefined) return front;
  const detail = `${operator.Principal ?? 'a service'} manages ${id}, and connections of users to managed instances are not allowed`;
  const inbound = unknownFilter({ code: 'aws/inst-managed', kind: 'not-modelled', what: id, detail });
  return { key: undefined, layers: [...front.layers, { kind: 'instance-operator', subject: 'target', inbound }] };
}

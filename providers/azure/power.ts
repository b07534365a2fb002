import { type Gap, type Layer, passFilter, stopFilter, unknownFilter } from '../../src/model/index.js';
import type { Placed } from './inventory.js';
import type { Networks } from './network.js';
import { nameOf } from './records/ids.js';
import type { VirtualMachine } from './records/records.js';

const stateAction = 'Microsoft.Compute/virtualMachines/instanceView/read';

/** In which nothing answers (Compute docs, states and billing status). */
const down: ReadonlySet<string> = new Set([
  'starting',
  'creating',
  'stopping',
  'stopped',
  'deallocating',
  'deallocated',
  'hibernating',
  'hibernated',
]);

/** The power state, wherever the form of the record puts it; undefined where it does not tell. */
function powerOf({ instanceView, extended, powerState }: VirtualMachine): string | undefined {
  const code = (instanceView?.statuses ?? []).find((one) => one.code?.toLowerCase().startsWith('powerstate/'))?.code;
  const told = code ?? extended?.instanceView?.powerState?.code ?? powerState;
  return told?.toLowerCase().replace(/^powerstate\/|^vm /g, '');
}

/** The state of a machine in which it surely passes nothing on; undefined where it may. */
export function stoppedState(machine: VirtualMachine): string | undefined {
  const power = powerOf(machine);
  return power !== undefined && down.has(power) ? power : undefined;
}

export function machineName(machine: VirtualMachine): string {
  return machine.name ?? nameOf(machine.id);
}

/** The layers that stand before all ways to a machine: the same object for machines in the same state. */
export interface Front {
  readonly layers: readonly Layer[];
}

/** What packets meet before anything else, whichever way they come: the machine itself. */
export function frontOf(
  networks: Networks,
  { key, machine }: { readonly key: string; readonly machine: Placed<VirtualMachine> },
): Front {
  const power = powerOf(machine);
  const isTold = power !== undefined && (power === 'running' || down.has(power));
  const fronts = networks.once('fronts', () => new Map<string, Front>());
  const own = isTold ? power : key;
  const front = fronts.get(own) ?? { layers: [powerLayer(machine, power)] };
  fronts.set(own, front);
  return front;
}

/** Whether the machine runs. Azure leaves the state out now and then; then it most likely runs. */
function powerLayer(machine: Placed<VirtualMachine>, power: string | undefined): Layer {
  const layer = (inbound: Layer['inbound']): Layer => ({
    kind: 'instance',
    subject: 'target',
    ...(inbound && { inbound }),
  });
  if (power === 'running') return layer(passFilter);
  const what = machineName(machine);
  if (power !== undefined && down.has(power))
    return layer(stopFilter({ code: 'azure/vm-power', data: { state: power } }));
  const detail = `the power state of ${what} is in no answer`;
  const missing: Gap = { code: 'azure/ev-missing', kind: 'not-collected', what: stateAction, detail };
  const gap: Gap =
    power === undefined
      ? { ...missing, likely: true }
      : {
          code: 'azure/ev-missing',
          kind: 'not-modelled',
          what,
          detail: `${what} is ${power}, which is not documented`,
        };
  return layer(unknownFilter(gap));
}

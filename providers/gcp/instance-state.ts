import { type Gap, type Layer, passFilter, stopFilter, unknownFilter } from '../../src/model/index.js';
import { spoiltBy } from './instance-doubt.js';
import type { Networks } from './network.js';
import type { Instance } from './records/records.js';
import type { GcpTarget } from './target-index.js';

/** The states in which nothing answers (Compute API, instance life cycle). TERMINATED is stopped, not deleted. */
const stopped: ReadonlyMap<string, string> = new Map(
  Object.entries({
    PENDING: 'gcp/inst-starting',
    PROVISIONING: 'gcp/inst-starting',
    STAGING: 'gcp/inst-starting',
    STOPPING: 'gcp/inst-stopping',
    SUSPENDING: 'gcp/inst-suspended',
    SUSPENDED: 'gcp/inst-suspended',
    STOPPED: 'gcp/inst-stopped',
    TERMINATED: 'gcp/inst-stopped',
    REPAIRING: 'gcp/inst-repairing',
    DEPROVISIONING: 'gcp/inst-stopping',
  }),
);

/** A graceful shutdown runs the guest to its end: it still answers. */
const running: ReadonlySet<string> = new Set(['RUNNING', 'PENDING_STOP']);

/** The layers that stand before all ways to a machine: the same object for machines in the same state. */
export interface Front {
  readonly layers: readonly Layer[];
}

/** Whether a machine runs, as far as it is known. */
export function runs(networks: Networks, { status, name }: Instance): boolean | Gap {
  if (status !== undefined && running.has(status)) return true;
  if (status !== undefined && stopped.has(status)) return false;
  return networks.inventory.dangling('instances', {}, `a known state of ${name} (it says ${status ?? 'nothing'})`);
}

/** What of an instance matters to the front of its ways: with equal keys it is the same front. */
function frontKey({ path, instance }: GcpTarget): string {
  const { status } = instance;
  const isTold =
    status !== undefined && spoiltBy(instance) === undefined && (running.has(status) || stopped.has(status));
  return isTold ? status : path;
}

/** What packets meet before anything else, whichever way they come: the machine itself. */
export function frontOf(networks: Networks, target: GcpTarget): Front {
  const fronts = networks.once('fronts', () => new Map<string, Front>());
  const key = frontKey(target);
  const front = fronts.get(key) ?? { layers: [stateLayer(networks, target.instance)] };
  fronts.set(key, front);
  return front;
}

/** Whether the machine runs. A state that nobody documents is unknown. */
function stateLayer(networks: Networks, instance: Instance): Layer {
  const { status, name } = instance;
  const broken = spoiltBy(instance);
  const unread = (detail: string): Gap => networks.inventory.dangling('instances', {}, detail);
  const layer = (inbound: Layer['inbound']): Layer => ({
    kind: 'instance',
    subject: 'target',
    ...(inbound && { inbound }),
  });
  if (status === undefined || broken !== undefined)
    return layer(unknownFilter(unread(`a readable record of ${name} (${broken ?? 'status'})`)));
  if (running.has(status)) return layer(passFilter);
  const code = stopped.get(status);
  if (code === undefined) return layer(unknownFilter(unread(`a known state of ${name} (it says ${status})`)));
  return layer(stopFilter({ code, data: { state: status } }));
}

import type { Sign } from '../../src/model/index.js';
import type { Address } from '../../src/set/index.js';
import type { Bundle } from './bundle.js';
import { fail2banSigns } from './fail2ban.js';
import { firewalldSigns } from './firewalld-fix.js';
import { limitSigns } from './limits.js';
import { logSigns } from './log.js';
import { networkSigns } from './network.js';
import { ownAddresses } from './own-addresses.js';
import { portOwnerSigns } from './port-owner.js';
import { processSigns } from './processes.js';
import { queueSigns } from './queue-signs.js';
import { unmapped } from './source.js';
import { wrapperSigns } from './wrappers/wrapper-signs.js';

export interface DaemonQuestion {
  /** The client as the machine sees it: behind address translation that is not the client's own address. */
  readonly client?: Address;
  /** The machine's own address that the client dials. */
  readonly address?: Address;
  readonly port: number;
}

/**
 * What a machine's logs, processes, queues, limits, bans and routes say of why a client cannot connect to a port, and which program
 * holds it. Why nothing listens there and what the packet filters do is not told here.
 */
export function daemonSigns(bundle: Bundle, asked: DaemonQuestion): Sign[] {
  const { port } = asked;
  const client = asked.client && unmapped(asked.client);
  const address = asked.address && unmapped(asked.address);
  const about = { ...(client ? { client } : {}), port };
  const device = address && deviceOf(bundle, address);
  return [
    ...logSigns(bundle, about),
    ...portOwnerSigns(bundle, { ...(address ? { address } : {}), port }),
    ...processSigns(bundle, port),
    ...limitSigns(bundle, port),
    ...queueSigns(bundle, about),
    ...fail2banSigns(bundle, client),
    ...wrapperSigns(bundle),
    ...firewalldSigns(bundle, { ...about, ...(device === undefined ? {} : { device }) }),
    ...networkSigns(bundle, { ...(client ? { client } : {}), ...(address ? { address } : {}) }),
  ];
}

function deviceOf(bundle: Bundle, address: Address): string | undefined {
  const own = ownAddresses(bundle);
  if (!('value' in own)) return undefined;
  return own.value.find((one) => one.address.family === address.family && one.address.value === address.value)?.device;
}

import type { KnownCause } from '../known-cause.js';
import { clientCauses } from './client.js';
import { daemonCauses } from './daemon.js';
import { firewallCauses } from './firewall.js';
import { listenerCauses } from './listener.js';
import { loginCauses } from './login.js';
import { pathCauses } from './path.js';

/** Everything that is known to keep a client out, with all that it may look like. */
export const knownCauses: readonly KnownCause[] = [
  ...listenerCauses,
  ...firewallCauses,
  ...daemonCauses,
  ...pathCauses,
  ...clientCauses,
  ...loginCauses,
];

import type { CauseCode } from '../cause-code.js';
import type { KnownCause, Look } from '../known-cause.js';
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

/** What a cause looks like where nothing more is known of it: the first of its looks. Undefined where it is not in the table. */
export function firstLook(code: CauseCode): Look | undefined {
  return knownCauses.find((cause) => cause.code === code)?.looks[0];
}

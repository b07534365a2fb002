import { hostEvidence, remedyWithoutHost } from '../../providers/host/host-cloud.js';
import { parseBundle } from '../../providers/host/parse-bundle.js';
import type { Problem } from '../model/index.js';
import type { HostEvidence } from '../provider.js';

/** Reads what `port22 collect` gathered on a machine; no evidence, and why, where it is no bundle. */
export function readHost(text: string): { readonly host?: HostEvidence; readonly problems: readonly Problem[] } {
  const { bundle, problems } = parseBundle(text);
  return bundle ? { host: hostEvidence(bundle), problems } : { problems };
}

export { remedyWithoutHost };

import { pairProblems } from '../../providers/host/bundle-pair.js';
import { hostEvidence, remedyWithoutHost } from '../../providers/host/host-cloud.js';
import { parseBundle } from '../../providers/host/parse-bundle.js';
import type { Problem } from '../model/index.js';
import type { HostEvidence } from '../provider.js';

/** Reads what `port22 collect` gathered on a machine; no evidence, and why, where it is no bundle. */
export function readHost(text: string): { readonly host?: HostEvidence; readonly problems: readonly Problem[] } {
  const { bundle, problems } = parseBundle(text);
  return bundle ? { host: hostEvidence(bundle), problems } : { problems };
}

/** What was read of a machine that told of itself twice, with what is wrong with the earlier text, with the later one and with both. */
export interface HostPair {
  readonly host?: HostEvidence;
  readonly ofBefore: readonly Problem[];
  readonly ofAfter: readonly Problem[];
  readonly ofBoth: readonly Problem[];
}

/** Reads what `port22 collect` gathered before and after one attempt to connect. The later text is the machine's state. */
export function readHostPair(before: string, after: string): HostPair {
  const [first, second] = [parseBundle(before), parseBundle(after)];
  const read = { ofBefore: first.problems, ofAfter: second.problems };
  if (!first.bundle || !second.bundle) return { ...read, ofBoth: [] };
  const ofBoth = pairProblems(first.bundle, second.bundle);
  // What does not count on from the earlier bundle is judged alone.
  const host = ofBoth.length > 0 ? hostEvidence(second.bundle) : hostEvidence(second.bundle, first.bundle);
  return { host, ...read, ofBoth };
}

export { remedyWithoutHost };

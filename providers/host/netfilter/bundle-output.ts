import type { GapKind } from '../../../src/model/fact.js';
import type { Family } from '../../../src/set/index.js';
import type { Bundle } from '../bundle.js';
import { linesOf } from '../lines.js';
import { outputOf as readingOf } from '../reading.js';

/** A part of the packet filters of a machine that the bundle does not hold. */
export interface FilterDoubt {
  /** What is missing, in one line. Untrusted text. */
  readonly what: string;
  readonly kind: GapKind;
  /** The only family that it is about. */
  readonly family?: Family;
}

/** What one source gave: its text, nothing because there is no such tool or file, or why it cannot be known. */
export type Output = { readonly text: string } | 'absent' | FilterDoubt;

export function isText(output: Output): output is { readonly text: string } {
  return typeof output === 'object' && 'text' in output;
}

export function isOutputDoubt(output: Output): output is FilterDoubt {
  return typeof output === 'object' && 'what' in output;
}

/** Of nft, iptables-save and ipset without root (measured). */
const refusal = /permission denied|not permitted|must be root|need to be root/i;

/** What a record says, as the packet filters take it: a tool that is not there has no rules, and a refusal is one whatever was printed before it. */
export function outputOf(bundle: Bundle, key: string, family?: Family): Output {
  const record = bundle.records.get(key);
  if (record?.outcome === 'absent') return 'absent';
  const isRefused = record !== undefined && (record.outcome === 'denied' || refusal.test(record.stderr));
  const output = readingOf(bundle, key);
  if ('value' in output && !isRefused) return { text: output.value };
  const [said] = linesOf(record?.stderr ?? '').filter((line) => line !== '');
  return {
    what: 'unknown' in output ? output.unknown : `${key}: ${said ?? 'permission denied'}`,
    kind: isRefused ? 'not-permitted' : 'not-collected',
    ...(family !== undefined && { family }),
  };
}

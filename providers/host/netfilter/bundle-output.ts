import type { GapKind } from '../../../src/model/fact.js';
import type { Family } from '../../../src/set/index.js';
import type { Bundle, BundleRecord } from '../bundle.js';

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

const broken: Readonly<Record<Exclude<BundleRecord['outcome'], 'ran' | 'absent' | 'denied'>, string>> = {
  'timed-out': 'was stopped after its time',
  cut: 'was cut',
};

/** What a record says. An exit status other than zero is a refusal or a failure, whatever was printed before it. */
export function outputOf(bundle: Bundle, key: string, family?: Family): Output {
  const record = bundle.records.get(key);
  const doubt = (what: string, kind: GapKind): FilterDoubt => ({ what, kind, ...(family !== undefined && { family }) });
  if (!record) return doubt(`${key} is not in the bundle`, 'not-collected');
  if (record.outcome === 'absent') return 'absent';
  if (record.outcome === 'denied' || refusal.test(record.stderr)) {
    return doubt(`${key}: ${firstLine(record.stderr) || 'permission denied'}`, 'not-permitted');
  }
  if (record.outcome !== 'ran') return doubt(`${key} ${broken[record.outcome]}`, 'not-collected');
  if (record.status !== undefined && record.status !== 0) {
    const line = firstLine(record.stderr) || firstLine(record.stdout);
    return doubt(`${key} failed with status ${record.status}: ${line}`, 'not-collected');
  }
  return { text: record.stdout };
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}

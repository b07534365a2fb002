import type { Gap } from '../../../src/model/index.js';
import type { Doubt } from './ruleset.js';

const gapKinds = { stateful: 'not-modelled', opaque: 'not-collected', unparsed: 'not-modelled' } as const;
const gapWords = {
  stateful: 'depends on other packets, on time or on chance',
  opaque: 'depends on what was not recorded',
  unparsed: 'is written in a way that port22 does not know',
} as const;

/** A doubt about a rule as a gap of the evidence. */
export function gapOf({ kind, text }: Doubt): Gap {
  return {
    code: `host/ev-${kind}`,
    kind: gapKinds[kind],
    what: text,
    detail: `"${text}" ${gapWords[kind]}`,
  };
}

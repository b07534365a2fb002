import type { Cause, Reason, ResourceRef } from '../model/index.js';
import { catalogue } from './catalogue.js';
import type { Values } from './entry.js';
import { layerWords } from './layers.js';

/** An object as people know it: `security group sg-0b7 (web)`. */
export function componentText({ kind, id, name }: ResourceRef): string {
  return `${layerWords(kind).label} ${id}${name === undefined ? '' : ` (${name})`}`;
}

/** Who asks, and for what. */
export interface Asking {
  readonly from: string;
  readonly port: number;
}

/** Puts a reason into words. A code that the catalogue does not know is shown as it is: never nothing. */
export function describeCause(
  reason: Reason,
  component: ResourceRef,
  rule: string | null,
  asking: Asking,
  partly = false,
): Cause {
  const code = (partly && reason.partlyCode) || reason.code;
  const entry = catalogue[code];
  const values: Values = {
    component: componentText(component),
    from: asking.from,
    service: `tcp/${asking.port}`,
    data: reason.data,
  };
  const { hint } = reason;
  const hinted = hint && catalogue[hint.code];
  return {
    code,
    component,
    rule,
    ...(hint && {
      hints: [{ code: hint.code, message: hinted?.message({ ...values, data: hint.data }) ?? hint.code }],
    }),
    certain: entry?.certain ?? true,
    message: entry ? entry.message(values) : `${values.component} stops it (${code})`,
    why: entry?.why ?? 'nothing more is known about this cause',
  };
}

import { type Branch, isBranch, type Tree, Unknown } from './tree.js';

/** A value in the place that a path means, or an unknown one above it. */
export interface Occurrence {
  /** `routes[0].gatewayId`; shorter where what stands above is unknown. */
  readonly path: string;
  readonly value: Tree;
  /** The object that lacks the last step of the path, where such a one counts. */
  readonly lacking?: Branch;
}

/** What stands where an object refers to something that has no id yet. */
const later = new Unknown('until deployed');

/**
 * Every place that a path with `[]` means. Absent ones are left out, save where the last step `isInObject`: an object without it
 * holds an unknown one.
 */
export function occurrencesOf(
  path: string,
  find: (property: string) => Tree | undefined,
  isInObject = false,
): Occurrence[] {
  const [top = '', ...steps] = path.match(/[^.[\]]+|\[\]/g) ?? [];
  const value = find(top);
  return value === undefined || value === null ? [] : within(value, steps, top, isInObject);
}

function within(value: Tree, steps: readonly string[], at: string, isInObject: boolean): Occurrence[] {
  const [step, ...rest] = steps;
  if (step === undefined || value instanceof Unknown) return [{ path: at, value }];
  if (step === '[]') {
    if (!Array.isArray(value)) return [];
    return (value as readonly Tree[]).flatMap((item, index) =>
      item === null ? [] : within(item, rest, `${at}[${index}]`, isInObject),
    );
  }
  if (!isBranch(value)) return [];
  const item = Object.hasOwn(value, step) ? value[step] : undefined;
  if (item !== undefined && item !== null) return within(item, rest, `${at}.${step}`, isInObject);
  return isInObject && rest.length === 0 ? [{ path: `${at}.${step}`, value: later, lacking: value }] : [];
}

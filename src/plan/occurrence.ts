import { isBranch, type Tree, Unknown } from './tree.js';

/** A value in the place that a path means, or an unknown one above it. */
export interface Occurrence {
  /** `routes[0].gatewayId`; shorter where what stands above is unknown. */
  readonly path: string;
  readonly value: Tree;
}

/** Every place that a path with `[]` means. Absent ones are left out. */
export function occurrencesOf(path: string, find: (property: string) => Tree | undefined): Occurrence[] {
  const [top = '', ...steps] = path.match(/[^.[\]]+|\[\]/g) ?? [];
  const value = find(top);
  return value === undefined || value === null ? [] : within(value, steps, top);
}

function within(value: Tree, steps: readonly string[], at: string): Occurrence[] {
  const [step, ...rest] = steps;
  if (step === undefined || value instanceof Unknown) return [{ path: at, value }];
  if (step === '[]') {
    if (!Array.isArray(value)) return [];
    return (value as readonly Tree[]).flatMap((item, index) =>
      item === null ? [] : within(item, rest, `${at}[${index}]`),
    );
  }
  if (!isBranch(value) || !Object.hasOwn(value, step)) return [];
  const item = value[step];
  return item === undefined || item === null ? [] : within(item, rest, `${at}.${step}`);
}

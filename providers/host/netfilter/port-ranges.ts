import { PortSet } from '../../../src/set/index.js';

export const highestPort = 65_535;

/** The ports of many ranges, each given by its first and last port, in order and 0 to 65535. */
export function portsOfRanges(ranges: readonly (readonly [first: number, last: number])[]): PortSet {
  const [only] = ranges;
  if (only && ranges.length === 1) return PortSet.range(...only);
  const inOrder = ranges.toSorted(([a], [b]) => a - b);
  const texts: string[] = [];
  let open: [number, number] | undefined;
  for (const [first, last] of inOrder) {
    if (open && first <= open[1] + 1) open[1] = Math.max(open[1], last);
    else {
      if (open) texts.push(open.join('-'));
      open = [first, last];
    }
  }
  return open ? PortSet.of(...texts, open.join('-')) : PortSet.empty;
}

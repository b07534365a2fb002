import type { Place } from '../../provider.js';
import type { PlaceFinder } from './file-place.js';

export interface JsonFault {
  /** What is wrong, in words. */
  readonly what: string;
  readonly place: Place;
}

const MOST_FAULTS = 100;

/** The faults of one file; of very many the first ones and how many more there are. */
export class FaultList {
  private readonly path: string;
  private readonly finder: PlaceFinder;
  private readonly whatByOffset = new Map<number, string>();
  private untold = 0;

  constructor(path: string, finder: PlaceFinder) {
    this.path = path;
    this.finder = finder;
  }

  /** Notes the first fault at a place; what is found there later follows from it. */
  add(what: string, offset: number): void {
    if (this.whatByOffset.has(offset)) return;
    if (this.whatByOffset.size < MOST_FAULTS) this.whatByOffset.set(offset, what);
    else this.untold++;
  }

  /** All faults in the order of their places. */
  inOrder(): JsonFault[] {
    const faults = [...this.whatByOffset]
      .sort(([a], [b]) => a - b)
      .map(([offset, what]) => ({ what, place: { file: this.path, ...this.finder.find(offset) } }));
    const last = faults.at(-1);
    if (last && this.untold > 0) faults.push({ what: `${this.untold} more faults are not listed`, place: last.place });
    return faults;
  }
}

import { untold } from '../record/index.js';
import { isBranch, type Tree, Unknown } from './tree.js';
import type { Reading } from './view.js';

/** A value as the API would print it: as it is, `untold` where there is one and nobody knows which, undefined where there is none. */
export type Leaf<T> = T | typeof untold | undefined;

/** A list of texts, and whether it has none only since as declared what is not known is not there. */
export interface Texts {
  readonly items: Leaf<readonly (string | typeof untold)[]>;
  readonly isEmptied: boolean;
}

/** How the values of a plan are told in the API's own words. As declared, what is not known is not there. */
export class Leaves {
  readonly reading: Reading;

  constructor(reading: Reading) {
    this.reading = reading;
  }

  get unknown(): typeof untold | undefined {
    return this.reading === 'as known' ? untold : undefined;
  }

  text(tree: Tree | undefined): Leaf<string> {
    if (tree === undefined || tree === null || tree === '') return undefined;
    if (typeof tree === 'string') return tree;
    return typeof tree === 'number' ? String(tree) : this.unknown;
  }

  /** Whole numbers come as texts, too. */
  number(tree: Tree | undefined): Leaf<number> {
    if (tree === undefined || tree === null) return undefined;
    if (typeof tree === 'number') return tree;
    return typeof tree === 'string' && /^-?\d+$/.test(tree) ? Number(tree) : this.unknown;
  }

  /** In templates, flags are texts. */
  flag(tree: Tree | undefined): Leaf<boolean> {
    if (tree === undefined || tree === null || tree === '') return undefined;
    if (typeof tree === 'boolean') return tree;
    if (tree === 'true' || tree === 'false') return tree === 'true';
    return this.reading === 'as known' ? untold : false;
  }

  /** The elements of a list, one that stands alone too; `untold` where nobody knows them. */
  list(tree: Tree | undefined): Leaf<readonly Tree[]> {
    if (tree === undefined || tree === null) return undefined;
    if (Array.isArray(tree)) return tree as readonly Tree[];
    return tree instanceof Unknown || isBranch(tree) ? this.unknown : [tree];
  }

  /** A list of texts, those that are not known among them. */
  texts(tree: Tree | undefined): Texts {
    const list = this.list(tree);
    if (list === untold) return { items: untold, isEmptied: false };
    if (list === undefined) return { items: undefined, isEmptied: tree !== undefined && tree !== null };
    const items = list.map((item) => this.text(item)).filter((item) => item !== undefined);
    return { items, isEmptied: items.length === 0 && list.some((item) => item instanceof Unknown || isBranch(item)) };
  }
}

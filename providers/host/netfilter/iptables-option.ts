import type { Family } from '../../../src/set/index.js';
import type { IpSet } from './ipset.js';
import type { Word } from './iptables-words.js';
import type { Condition } from './ruleset.js';

/** What a rule is read against. */
export interface Surroundings {
  readonly family: Family;
  readonly ipsets: ReadonlyMap<string, IpSet> | undefined;
  /** The chains of the table. */
  readonly chains: ReadonlySet<string>;
}

/** One option of a match with a fixed number of values. */
export interface Option {
  readonly values: number;
  /** What it asks; undefined when the values cannot be read. `text` is the option as it was written. */
  read(values: readonly string[], text: string, surroundings: Surroundings): readonly Condition[] | undefined;
}

/** A match extension: option by option, or as all its words at once. */
export type Match =
  | { readonly options: ReadonlyMap<string, Option> }
  | { whole(words: readonly Word[], text: string, surroundings: Surroundings): readonly Condition[] | undefined };

import type { Choice } from './choice.js';
import { chosen, declared, observed } from './declared.js';
import type { Link, Links, Place } from './links.js';
import type { PlanRecord } from './plan-record.js';
import type { Tree } from './tree.js';

/**
 * How what nobody knows is taken: as unknown, or as the program declares it, which is that nothing is there that it does not say
 * (pulumi.md, 4.5). The second gives a best guess, never a verdict.
 */
export type Reading = 'as known' | 'as declared';

/** Which of its options each choice takes; the first where nothing is said. */
export type Selection = ReadonlyMap<string, number>;

/** What a slot refers to in one way of filling the open places. */
export interface Refs {
  readonly ids: readonly string[];
  /** There may be others, or not all of these; never so as declared. */
  readonly isOpen: boolean;
  /** Something stands there of which nobody knows what it is. */
  readonly isUnsettled: boolean;
}

const none: Refs = { ids: [], isOpen: false, isUnsettled: false };

/** A deployment as it is if every choice is made in a certain way. */
export class View {
  readonly links: Links;
  readonly reading: Reading;
  private readonly selection: Selection;

  constructor(links: Links, reading: Reading, selection: Selection = new Map()) {
    this.links = links;
    this.reading = reading;
    this.selection = selection;
  }

  /** The value that a property will have; `Unknown` where nobody can tell, undefined where there is none. */
  value(record: PlanRecord, property: string): Tree | undefined {
    return declared(record, property, this.links.moment);
  }

  /** The same of a property that the provider chooses where the program leaves it out. */
  chosen(record: PlanRecord, property: string): Tree | undefined {
    return chosen(record, property, this.links.moment);
  }

  /** What the provider answered at the last look. */
  observed(record: PlanRecord, property: string): Tree | undefined {
    return observed(record, property);
  }

  /** What the property at this path refers to, or the elements of the list there. */
  refs(record: PlanRecord, path: string): Refs {
    const places = this.links.of(record).filter((place) => isAt(place, path));
    if (places.length === 0) return none;
    const ids = new Set<string>();
    for (const { link } of places) for (const id of this.held(link)) ids.add(id);
    const isUnsettled = places.some(({ link }) => link.is === 'open');
    return { ids: [...ids], isOpen: isUnsettled && this.reading === 'as known', isUnsettled };
  }

  /** Which option of a choice is taken. */
  option(choice: Pick<Choice, 'key'>): number {
    return this.selection.get(choice.key) ?? 0;
  }

  private held(link: Link): readonly string[] {
    return link.is === 'choice' ? (link.choice.options[this.option(link.choice)]?.[link.place] ?? []) : link.held;
  }
}

/** A place at the path, in the list there, or above it where all that is unknown. */
function isAt({ path: place, link }: Place, path: string): boolean {
  if (place === path) return true;
  if (place.startsWith(`${path}[`) && place.indexOf(']', path.length) === place.length - 1) return true;
  return link.is === 'open' && path.startsWith(place) && /^[.[]/.test(path.slice(place.length));
}

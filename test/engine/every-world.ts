import type { Fact, Filter, Seen } from '../../src/model/index.js';

/** Something that is not known. */
type Unsure = Extract<Fact<unknown>, { known: false }> | Seen | Extract<Filter, { kind: 'either' }>;

/**
 * Answers a question about something that is not known; `about` is the address or the port. In one world the same
 * question has the same answer each time.
 */
export type Guess = (unsure: Unsure, about: string) => boolean;

/**
 * Looks at every world: runs `look` again and again until every combination of answers to the questions that it asks was
 * tried. A question that is not reached makes no worlds.
 */
export function* everyWorld<T>(look: (guess: Guess) => T): Generator<T> {
  let given: boolean[] | undefined = [];
  while (given) {
    const script: readonly boolean[] = given;
    const answers: boolean[] = [];
    const earlier = new Map<Unsure, Map<string, boolean>>();
    yield look((unsure, about) => {
      const known = earlier.get(unsure) ?? new Map<string, boolean>();
      earlier.set(unsure, known);
      const answer = known.get(about) ?? script[answers.length] ?? false;
      if (!known.has(about)) answers.push(answer);
      known.set(about, answer);
      return answer;
    });
    const last = answers.lastIndexOf(false);
    given = last < 0 ? undefined : [...answers.slice(0, last), true];
  }
}

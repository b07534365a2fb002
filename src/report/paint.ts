/** Colours for a terminal. Colour repeats what the words say and never carries it alone. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly doubt: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

const same = (text: string) => text;

/** No colour at all. */
export const plain: Paint = { good: same, bad: same, doubt: same, strong: same, faint: same };

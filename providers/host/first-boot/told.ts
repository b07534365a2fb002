/** A value that is known, or the reason why it is not. */
export type Known<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly why: string };

/** A line of user data, with its place: `runcmd[2]`, `user data part 1 line 14`. Untrusted text. */
export interface Line {
  readonly at: string;
  readonly text: string;
}

/** Why something is not known, and the line that raises it. */
export interface Doubt {
  readonly why: string;
  readonly line: Line;
}

/** A fact about the machine: known, with the line that made it so where user data did, or not known because of a line. */
export type Told<T> =
  | { readonly known: true; readonly value: T; readonly by?: Line }
  | { readonly known: false; readonly doubt: Doubt };

/** A fact that a line of user data made true, or that the image brings where no line is given. */
export function told<T>(value: T, by?: Line): Told<T> {
  return { known: true, value, ...(by && { by }) };
}

/** A fact that nobody can tell. */
export function untold<T>(why: string, line: Line): Told<T> {
  return { known: false, doubt: { why, line } };
}

/** Stands in a text where a part of it is not known before it runs; that part is taken to hold no end of a line. */
export const unknownText = '\0';

/** Something that is wrong with the input or the call, in the four parts that a reader needs. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** A code of the catalogue, where one names the problem. */
  readonly code?: string;
  /** What is wrong. */
  readonly what: string;
  /** Where: a file with line and column, a record and field, an option. */
  readonly where: string;
  /** Why it matters, and what was done about it. */
  readonly why: string;
  /** What to do. */
  readonly fix: string;
}

/** Why a fact is not known. The four ways are told apart because each has a different remedy. */
export type GapKind = 'not-permitted' | 'not-collected' | 'not-modelled' | 'not-known-before-deployment';

/** A hole in the evidence, with what would close it. */
export interface Gap {
  /** A code of the provider's closed list, for instance `aws/ev-nacl`. */
  readonly code: string;
  readonly kind: GapKind;
  /** What is missing: a permission (`ec2:DescribeNetworkAcls`) or the object that could not be judged (`vpce-1`). */
  readonly what: string;
  /** One sentence for people. */
  readonly detail: string;
  /** Whether the rule that hangs on it most likely holds, where that can be said: for a best guess, never for a verdict. */
  readonly likely?: boolean;
}

/**
 * A value that is known, or one of which only an upper bound is: whatever the truth is, it is a part of `within`.
 * An unknown is carried as a value, so that it can never be mistaken for an empty or a full one.
 */
export type Fact<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly within: T; readonly gap: Gap };

/** Wraps a value that the evidence holds. */
export function known<T>(value: T): Fact<T> {
  return { known: true, value };
}

/** Wraps what is left when the evidence is missing: a bound and the reason. */
export function unknown<T>(within: T, gap: Gap): Fact<T> {
  return { known: false, within, gap };
}

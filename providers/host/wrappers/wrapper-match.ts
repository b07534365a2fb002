import { AddressSet } from '../../../src/set/index.js';

/** Which clients a part of a rule of TCP wrappers matches: surely those of `sure`, at most those of `may`. */
export interface WrapperMatch {
  readonly sure: AddressSet;
  readonly may: AddressSet;
  /** The first word that makes the two differ, and why. Untrusted text. */
  readonly doubt?: string;
}

export const matchesNobody: WrapperMatch = { sure: AddressSet.empty, may: AddressSet.empty };

export const matchesEverybody: WrapperMatch = { sure: AddressSet.all, may: AddressSet.all };

export function matchesExactly(addresses: AddressSet): WrapperMatch {
  return { sure: addresses, may: addresses };
}

/** Nobody for sure, and at most `may`, for the reason `doubt`. */
export function mayMatch(doubt: string, may: AddressSet = AddressSet.all): WrapperMatch {
  return may.isEmpty ? matchesNobody : { sure: AddressSet.empty, may, doubt };
}

function made(sure: AddressSet, may: AddressSet, doubt: string | undefined): WrapperMatch {
  return doubt === undefined || sure.equals(may) ? { sure, may } : { sure, may, doubt };
}

export function either(left: WrapperMatch, right: WrapperMatch): WrapperMatch {
  return made(left.sure.union(right.sure), left.may.union(right.may), left.doubt ?? right.doubt);
}

/** Who is matched by one of many. */
export function anyOf(matches: readonly WrapperMatch[]): WrapperMatch {
  const doubt = matches.find((match) => match.doubt !== undefined)?.doubt;
  const sure = AddressSet.unionOf(matches.map((match) => match.sure));
  return made(sure, AddressSet.unionOf(matches.map((match) => match.may)), doubt);
}

export function both(left: WrapperMatch, right: WrapperMatch): WrapperMatch {
  return made(left.sure.intersect(right.sure), left.may.intersect(right.may), left.doubt ?? right.doubt);
}

export function except(left: WrapperMatch, right: WrapperMatch): WrapperMatch {
  return made(left.sure.subtract(right.may), left.may.subtract(right.sure), left.doubt ?? right.doubt);
}

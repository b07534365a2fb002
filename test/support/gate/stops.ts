import { expect } from '@jest/globals';

/** By which policy a stack is stopped, at which resource, and what the message says. */
export type Stop = readonly [policy: string, resource: string, says: readonly string[]];

interface Stopping {
  readonly policyName: string;
  readonly urn: string;
  readonly message: string;
}

/** Expects these and no others, in the order of resources and policies. */
export function expectStops(found: readonly Stopping[], stops: readonly Stop[]): void {
  const key = ({ urn, policyName }: Stopping) => `${urn} ${policyName}`;
  const sorted = found.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  const wanted = stops.map(([policy, resource]) => [policy, resource]);
  expect(sorted.map(({ policyName, urn }) => [policyName, urn.split('::').at(-1)])).toEqual(wanted);
  for (const [index, [, , says]] of stops.entries())
    for (const text of says) expect(sorted[index]?.message).toContain(text);
}

/** One line of `--event-log`; the kind of the event is the key that is there. */
export interface EngineEvent {
  readonly sequence: number;
  readonly [kind: string]: unknown;
}

/** A policy event. */
export interface Violation {
  readonly resourceUrn: string;
  readonly policyName: string;
  readonly policyPackName: string;
  readonly enforcementLevel: 'advisory' | 'mandatory' | 'remediate';
  readonly message: string;
  readonly severity?: 'low' | 'medium' | 'high' | 'critical';
}

export function eventsOf(log: string): EngineEvent[] {
  const lines = log.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as EngineEvent);
}

/** The policy events without colours; sorted, as the engine goes through a stack in no fixed order. */
export function violationsOf(events: readonly EngineEvent[]): Violation[] {
  const found = events.flatMap(({ policyEvent }) => (policyEvent === undefined ? [] : [policyEvent as Violation]));
  const plain = found.map((violation) => ({ ...violation, message: violation.message.replace(/<\{%.*?%\}>/g, '') }));
  const key = ({ resourceUrn, policyName, message }: Violation): string => `${resourceUrn} ${policyName} ${message}`;
  return plain.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

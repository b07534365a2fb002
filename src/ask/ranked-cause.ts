import type { Candidate } from '../diagnose/index.js';
import { checks, describeCause } from '../message/index.js';
import { type CauseCode, causeCodes, type Fix, type Observation, type RankedCause, type Sign } from '../model/index.js';
import type { HostEvidence } from '../provider.js';
import type { AddressSet } from '../set/index.js';

const known: ReadonlySet<string> = new Set(causeCodes);

/** Whether a code is of this catalogue, and not a cloud's own. */
export function isKnown(code: string): code is CauseCode {
  return known.has(code);
}

/** What the ranked causes of one attempt have in common. */
export interface Ranking {
  readonly observation: Observation;
  readonly client: { readonly text?: string; readonly set?: AddressSet };
  readonly port: number;
  /** What the walk through the records and the machine offers. */
  readonly fixes: readonly Fix[];
  readonly remedy: HostEvidence['remedy'] | undefined;
}

/** The changes that the walk found for a cause, else what is known to remove it. */
function fixOf(code: CauseCode, data: Sign['data'] = {}, { fixes, remedy, client, port }: Ranking): RankedCause['fix'] {
  const own = fixes.filter((fix) => (code === 'path/cloud-filter' ? !isKnown(fix.for) : fix.for === code));
  const usual = remedy?.(code, data, client.set, port) ?? null;
  // Where the walk has none, or comes to the same in one line, they are told command by command.
  if (own.every(({ command }) => command === usual?.commands.join(' && '))) return usual;
  const notes = [...new Set(own.flatMap(({ note }) => note ?? []))];
  return {
    commands: own.map(({ command }) => command),
    ...(notes.length > 0 && { note: notes.join('; ') }),
  };
}

/** A cause that remains, in words: what says so, the look that settles it, and what removes it. */
export function rankedOf({ cause, standing, signs }: Candidate, ranking: Ranking): RankedCause {
  const { observation, port } = ranking;
  const client = ranking.client.text ?? 'CLIENT';
  const component = { kind: 'host', id: observation.host ?? observation.address ?? 'the machine' };
  const data = signs.find((sign) => sign.data)?.data ?? {};
  const { message, why } = describeCause({ code: cause.code, data }, component, null, { from: client, port });
  const { on, command, shows } = checks[cause.code];
  const host = observation.address ?? observation.host ?? 'HOST';
  return {
    code: cause.code,
    place: cause.place,
    standing,
    message,
    why,
    evidence: signs.map(({ at, line }) => ({ at, line })),
    check: { on, command: command({ port, client: plain(client), host: plain(host) }), shows },
    fix: fixOf(cause.code, data, ranking),
  };
}

/** A name or address as a word of a command; what is neither is a placeholder, since it may be anything. */
function plain(text: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9.:_%-]{0,252}$/.test(text) ? text : 'HOST';
}

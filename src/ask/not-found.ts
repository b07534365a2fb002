import { didYouMean } from '../message/index.js';
import type { Problem } from '../model/index.js';
import type { Cloud, NotFound, Owner } from '../provider.js';
import { problem } from './answer.js';

type Nothing = Extract<NotFound, { kind: 'none' }>;

/** That a text, given as TARGET or with `--from`, names several instances. */
export function ambiguous(text: string, { candidates }: Extract<NotFound, { kind: 'many' }>, where: string): Problem {
  return problem(
    `${text} names ${candidates.length} instances`,
    where,
    `it could be any of ${candidates.join(', ')}`,
    'name one of them by its id',
  );
}

/** The names that may have been meant, else what to do. */
function suggestion(text: string, cloud: Cloud, otherwise: string): string {
  const near = didYouMean(text, cloud.names());
  return near.length > 0 ? `did you mean ${near.join(' or ')}?` : otherwise;
}

function ownedBy(text: string, { kind, id }: Owner): string {
  return text === id ? `${text} is a ${kind}` : `${text} belongs to ${kind} ${id}`;
}

/** That TARGET is no instance, and what it is instead. */
export function noTarget(text: string, { code, belongsTo, gap }: Nothing, cloud: Cloud): Problem {
  const what = belongsTo
    ? `${ownedBy(text, belongsTo)}${belongsTo.remark}`
    : `${text} is no instance, name or address in the evidence`;
  const released = code === 'aws/addr-not-ours' && !belongsTo;
  const why =
    gap ??
    (released
      ? 'a released address may belong to somebody else by now, so there is nothing to judge'
      : 'only an instance can be asked about');
  const look = belongsTo
    ? 'ask for an instance by its id or name'
    : 'look at the id, the account and the region that were recorded';
  return { ...problem(what, 'TARGET', why, suggestion(text, cloud, look)), code };
}

/** How a source can be written. */
export const sourceHint = 'give an address, a prefix, several with commas, "internet", or an instance';

/** That a word of SOURCE is neither an address nor an instance. */
export function noSource(text: string, { belongsTo, gap }: Nothing, cloud: Cloud): Problem {
  if (belongsTo)
    return problem(
      ownedBy(text, belongsTo),
      '--from',
      gap ?? 'of the names in the evidence only those of instances stand for a source',
      suggestion(text, cloud, 'ask from one of its addresses, or from an instance'),
    );
  return problem(
    `"${text}" is neither an address nor a known instance`,
    '--from',
    gap ?? sourceHint,
    suggestion(text, cloud, sourceHint),
  );
}

import type { ProviderName } from '../model/index.js';
import type { Cloud, Found, FoundSource, NotFound, Target } from '../provider.js';

/** What one cloud tells of a text. */
type Answer = Found | FoundSource;

const isFound = <A extends Answer>(answer: A): answer is Exclude<A, NotFound> =>
  answer.kind !== 'many' && answer.kind !== 'none';

type Nothing = Extract<NotFound, { kind: 'none' }>;

/** What a text names among several clouds: in one of them, in several, or nothing; then by whoever knows what it belongs to. */
function among<A extends Answer>(answers: readonly A[], idOf: (found: Exclude<A, NotFound>) => string): A | NotFound {
  const found = answers.filter(isFound);
  const many = answers.flatMap((answer) => (answer.kind === 'many' ? answer.candidates : []));
  const [first] = found;
  if (first && found.length === 1 && many.length === 0) return first;
  if (found.length + many.length > 0) return { kind: 'many', candidates: [...found.map(idOf), ...many] };
  const none = answers.filter((answer): answer is A & Nothing => answer.kind === 'none');
  const told = none.find(({ belongsTo }) => belongsTo) ?? none.find(({ gap }) => gap !== undefined) ?? none[0];
  return told ?? { kind: 'none', code: 'ev-instance' };
}

/** Several clouds as one. Each target is judged by its own; to the others it is an address of the internet. */
export function unionOf(clouds: ReadonlyMap<ProviderName, Cloud>): Cloud {
  const all = [...clouds.values()];
  const [only] = all;
  if (only && all.length === 1) return only;
  const own = ({ ref }: Target): Cloud => {
    const cloud = clouds.get(ref.provider);
    if (!cloud) throw new Error(`${ref.id} is a target of none of these clouds`);
    return cloud;
  };
  return {
    *targets() {
      for (const cloud of all) yield* cloud.targets();
    },
    listsEveryTarget: () => all.every((cloud) => cloud.listsEveryTarget()),
    find: (text) =>
      among<Found>(
        all.map((cloud) => cloud.find(text)),
        ({ target }) => target.ref.id,
      ),
    *names() {
      for (const cloud of all) yield* cloud.names();
    },
    source: (text) =>
      among<FoundSource>(
        all.map((cloud) => cloud.source(text)),
        ({ host }) => host.label,
      ),
    paths: (target, request) => own(target).paths(target, request),
    ownNetworks: (target) => own(target).ownNetworks(target),
    host: (target, address, port) => own(target).host(target, address, port),
    alternatives: (target, request) => own(target).alternatives(target, request),
    changes: (target, path, from, stops, port) => own(target).changes(target, path, from, stops, port),
    gaps: () => all.flatMap((cloud) => cloud.gaps()),
  };
}

import { assess } from '../engine/index.js';
import { layersOf, type Path, type Piece, type ResourceRef, type Subject } from '../model/index.js';
import { AddressSet, parsePrefix } from '../set/index.js';
import { blockersOf } from './finding.js';
import { bestFirst, taken } from './walked.js';

/** The object that lets in who must not get in, or keeps out who must get in, and its rule where it has a name. */
export interface Blame {
  readonly component: ResourceRef;
  readonly rule: string | null;
}

/** The same for all targets that have the same ways: of which way the object is, by its place among them. */
export interface SharedBlame {
  readonly path: number;
  readonly subject: Subject;
  readonly rule: string | null;
}

/** One client that stands for many: the first of their widest prefix. */
function clientOf(from: AddressSet): AddressSet {
  const prefixes = from.prefixes().flatMap((text) => parsePrefix(text) ?? []);
  const [widest] = prefixes.sort((a, b) => a.length - b.length);
  return widest ? AddressSet.single(widest.network) : AddressSet.empty;
}

/** The layers whose rules are written to let somebody in; the others stop what they know. */
const admitting: ReadonlySet<string | undefined> = new Set(['security-group', 'firewall', 'network-security-group']);

/** The rule of a security group or a firewall that lets a piece in: a balancer's comes before the instance's own, which may see the client no more. */
function admission({ way }: Path, piece: Piece): Omit<SharedBlame, 'path'> | undefined {
  const layers = layersOf(way);
  const decision = piece.decisions.find(({ layer }) => admitting.has(layers[layer]?.kind));
  const subject = decision && layers[decision.layer]?.subject;
  const allowing = decision?.shares
    .flatMap(({ outcomes }) => outcomes)
    .find(({ action, gap }) => action === 'allow' && !gap);
  if (!subject || !allowing) return undefined;
  return { subject: allowing.rule?.of ?? subject, rule: allowing.rule?.id ?? null };
}

/** Who lets in clients of whom it is known that they get in. */
export function admittedBy(paths: readonly Path[], from: AddressSet, port: number): SharedBlame | undefined {
  const client = clientOf(from);
  for (const [index, path] of paths.entries()) {
    for (const piece of assess(path.way, port, client)) {
      if (piece.verdict !== 'reachable' && piece.verdict !== 'partial') continue;
      const blame = admission(path, piece);
      if (blame) return { path: index, ...blame };
    }
  }
  return undefined;
}

/** What keeps clients out: the first blocker on the way on which they get furthest. */
export function keptOutBy(paths: readonly Path[], from: AddressSet, port: number): SharedBlame | undefined {
  const client = clientOf(from);
  const walked = paths.flatMap((path, index) =>
    assess(path.way, port, client).map((piece) => ({ path, piece, index })),
  );
  const chosen = new Set(taken(walked, false));
  const stopped = walked
    .filter((one) => chosen.has(one))
    .map((one) => ({ ...one, stops: blockersOf(one.path.way, one.piece) }))
    .filter(({ stops }) => stops.length > 0)
    .sort((one, other) => one.stops.length - other.stops.length);
  const [best] = bestFirst(stopped);
  const [first] = best?.stops ?? [];
  return best && first && { path: best.index, subject: first.subject, rule: first.rule };
}

import { assess } from '../engine/index.js';
import type { Path, Piece, ResourceRef } from '../model/index.js';
import type { Cloud, Target } from '../provider.js';
import { AddressSet, parsePrefix } from '../set/index.js';
import type { Draft } from './audit-finding.js';
import { stopsOf } from './finding.js';
import { bestFirst, taken, type Way } from './way.js';

/** The object that lets in who must not get in, or keeps out who must get in, and its rule where it has a name. */
export interface Blame {
  readonly component: ResourceRef;
  readonly rule: string | null;
}

/** One client that stands for many: the first of their widest prefix. */
function clientOf(from: AddressSet): AddressSet {
  const prefixes = from.prefixes().flatMap((text) => parsePrefix(text) ?? []);
  const [widest] = prefixes.sort((a, b) => a.length - b.length);
  return widest ? AddressSet.single(widest.network) : AddressSet.empty;
}

/** The rule of a security group that lets a piece in: a balancer's comes before the instance's own, which may see the client no more. */
function admission(path: Path, piece: Piece): Blame | undefined {
  const decision = piece.decisions.find(({ layer }) => path.layers[layer]?.kind === 'security-group');
  const subject = decision && path.layers[decision.layer]?.subject;
  const allowing = decision?.shares
    .flatMap(({ outcomes }) => outcomes)
    .find(({ action, gap }) => action === 'allow' && !gap);
  if (!subject || !allowing) return undefined;
  return { component: allowing.rule?.of ?? subject, rule: allowing.rule?.id ?? null };
}

/** Who lets in the clients of a target, of whom it is known that they get in over these drafted ways. */
export function admittedBy(drafts: readonly Draft[], from: AddressSet, port: number): Blame | undefined {
  const client = clientOf(from);
  for (const { path, verdict, from: admitted } of drafts) {
    if (verdict !== 'reachable' && verdict !== 'partial') continue;
    if (!AddressSet.of(...admitted).covers(client)) continue;
    for (const piece of assess(path, port, client)) {
      const blame = admission(path, piece);
      if (blame) return blame;
    }
  }
  return undefined;
}

function waysOf(cloud: Cloud, target: Target, client: AddressSet, port: number, everyone: boolean): Way[] {
  const paths = cloud.paths(target, { port, everyone, from: client });
  return paths.flatMap((path) => assess(path, port, client).map((piece) => ({ path, piece })));
}

/** What keeps clients out: the first blocker on the way on which they get furthest. */
export function keptOutBy(cloud: Cloud, target: Target, from: AddressSet, port: number): Blame | undefined {
  const client = clientOf(from);
  const known = waysOf(cloud, target, client, port, true);
  const ways = known.length > 0 ? known : waysOf(cloud, target, client, port, false);
  const stopped = taken(ways, false)
    .map((way) => ({ ...way, stops: stopsOf(way.path, way.piece) }))
    .filter(({ stops }) => stops.length > 0)
    .sort((one, other) => one.stops.length - other.stops.length);
  const [first] = bestFirst(stopped)[0]?.stops ?? [];
  return first && { component: first.component, rule: first.rule };
}

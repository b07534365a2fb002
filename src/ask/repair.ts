import { assess } from '../engine/index.js';
import type { Fix, Path } from '../model/index.js';
import type { Change, Cloud, PathRequest, Target } from '../provider.js';
import { AddressSet } from '../set/index.js';
import { clientsOf } from './everyone.js';
import { stopsOf } from './finding.js';

/** More changes than this in a row are a rebuild, not a repair. */
const mostChanges = 8;

function sameWay(a: Path, b: Path): boolean {
  const sameAddress = b.address === null || a.address === b.address;
  return (
    a.way.kind === b.way.kind && a.way.family === b.way.family && sameAddress && a.interface?.id === b.interface?.id
  );
}

/** Who can reach the target, over every path. */
function reachableBy(cloud: Cloud, target: Target, port: number): AddressSet {
  const ways = cloud.paths(target, { port, everyone: true }).map((path) => path.way);
  const own = cloud.ownNetworks(target);
  const pieces = ways.flatMap((way) => assess(way, port, clientsOf(way, own)));
  return AddressSet.unionOf(pieces.filter(({ verdict }) => verdict === 'reachable').map(({ from }) => from));
}

interface Step {
  readonly change: Change;
  readonly gains: AddressSet;
  readonly loses: AddressSet;
}

/** The next change for the way: the one for its first blocker that has not been tried. */
function nextChange(
  cloud: Cloud,
  target: Target,
  way: Path,
  from: AddressSet,
  request: PathRequest,
  tried: ReadonlySet<string>,
): Change | 'open' | undefined {
  const paths = cloud.paths(target, request).filter((path) => sameWay(path, way) && path.way.origin.overlaps(from));
  let open = paths.length > 0;
  for (const path of paths) {
    for (const piece of assess(path.way, request.port, from)) {
      if (piece.verdict === 'reachable') continue;
      open = false;
      const changes = cloud.changes(target, path, piece.from, stopsOf(path, piece), request.port);
      const change = changes.find((one) => !tried.has(one.command));
      if (change) return change;
    }
  }
  return open ? 'open' : undefined;
}

/**
 * The changes that open one way for the asked sources, each the smallest for its blocker, in the order in which the blockers
 * stand. Every change is put through the same lowering and engine before it is offered; `checked` says that all of them
 * together let the sources in.
 */
export function repair(cloud: Cloud, target: Target, way: Path, from: AddressSet, request: PathRequest): Fix[] {
  const steps: Step[] = [];
  const tried = new Set<string>();
  let current = cloud;
  let before = reachableBy(current, target, request.port);
  let opened = false;
  while (steps.length < mostChanges) {
    const change = nextChange(current, target, way, from, request, tried);
    if (change === undefined || change === 'open') {
      opened = change === 'open';
      break;
    }
    tried.add(change.command);
    if (change.after) current = change.after;
    const after = change.after ? reachableBy(current, target, request.port) : before;
    steps.push({ change, gains: after.subtract(before), loses: before.subtract(after) });
    before = after;
  }
  return steps.map(({ change, gains, loses }) => ({
    for: change.removes,
    command: change.command,
    pulumi: change.pulumi,
    checked: opened,
    gains: gains.prefixes(),
    loses: loses.prefixes(),
    ...(change.note !== undefined && { note: change.note }),
  }));
}

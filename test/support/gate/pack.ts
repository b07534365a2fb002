import { join } from 'node:path';
import type { PackDiagnostic } from '../pulumi/pack-answer.js';
import type { PackProcess } from '../pulumi/pack-process.js';
import { type Made, packViewOf } from './deployment.js';

export const PACK = join(__dirname, '../../../policies');

/** What the engine would report of a deployment: of every resource, then of the whole. */
export async function judgedBy(
  pack: PackProcess,
  all: readonly Made[],
  reorder: <T>(list: readonly T[]) => readonly T[] = (list) => list,
): Promise<PackDiagnostic[]> {
  const views = packViewOf(all);
  const found: PackDiagnostic[] = [];
  for (const { asked, isCollected } of reorder(views)) if (isCollected) found.push(...(await pack.analyze(asked)));
  const stack = reorder(views).map(({ answered }) => ({
    ...answered,
    dependencies: reorder(answered.dependencies ?? []),
    propertyDependencies: Object.fromEntries(
      Object.entries(answered.propertyDependencies ?? {}).map(([key, urns]) => [key, reorder(urns)]),
    ),
  }));
  found.push(...(await pack.analyzeStack(stack)));
  return found;
}

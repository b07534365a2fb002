import { type Plan, planOf } from './plan.js';
import { isJson, recordOf } from './plan-record.js';

/** Versions of a deployment that have the same resources (apitype, DeploymentSchemaVersionCurrent is 3, 4 adds features). */
const VERSIONS: readonly unknown[] = [3, 4];

/** Whether a document is what `pulumi stack export` writes. */
export function isStackExport(value: unknown): boolean {
  return isJson(value) && isJson(value.deployment) && 'version' in value;
}

/**
 * Reads what `pulumi stack export` wrote: the state after the last update or refresh.
 * @returns undefined for a version whose resources nobody here can read
 */
export function readStackExport(value: unknown): Plan | undefined {
  if (!isJson(value) || !isJson(value.deployment) || !VERSIONS.includes(value.version)) return undefined;
  const { resources } = value.deployment;
  const states: readonly unknown[] = Array.isArray(resources) ? resources : [];
  // Copies that the next update is to delete are none of the deployment's any more.
  const records = states
    .filter((state) => !isJson(state) || state.delete !== true)
    .map((state) =>
      isJson(state)
        ? recordOf(state, state.external === true ? 'external' : 'managed', { outputs: true, isUnchanged: true })
        : undefined,
    );
  return planOf({ records, former: [], gaps: [], moment: 'deployed', showsDeletions: true });
}

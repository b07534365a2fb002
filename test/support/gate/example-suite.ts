import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PackDiagnostic } from '../pulumi/pack-answer.js';
import { PackProcess } from '../pulumi/pack-process.js';
import { withInputs, withOutputs } from '../pulumi/registrations.js';
import type { ProgramRun } from '../pulumi/run-program.js';
import { type Example, runStack } from './example-stacks.js';
import { PACK } from './pack.js';

const AT_ONCE = 2;
const ONE_RUN_MS = 60_000;
const ALL_RUNS_MS = 180_000;

/** What the stacks ask for: most of the time goes into loading the SDK of the provider. */
async function runsOf(from: Example): Promise<ReadonlyMap<string, ProgramRun>> {
  const runs = new Map<string, ProgramRun>();
  const waiting = ['good', ...from.faulty.map(([stack]) => stack)];
  const lane = async () => {
    for (let stack = waiting.shift(); stack !== undefined; stack = waiting.shift())
      runs.set(stack, await runStack(from, stack, ONE_RUN_MS));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return runs;
}

/** What stops a stack, in the order of resources and policies. */
async function stopping(pack: PackProcess, run: ProgramRun | undefined): Promise<readonly PackDiagnostic[]> {
  expect(run).toMatchObject({ exit: 0, log: [], stderr: '' });
  const registrations = run?.registrations ?? [];
  const found: PackDiagnostic[] = [];
  for (const resource of registrations) if (resource.custom) found.push(...(await pack.analyze(withInputs(resource))));
  found.push(...(await pack.analyzeStack(registrations.map(withOutputs))));
  const key = ({ urn, policyName }: PackDiagnostic) => `${urn} ${policyName}`;
  return found
    .filter(({ enforcementLevel }) => enforcementLevel === 'mandatory')
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Programs with the SDK of their provider, judged by the pack: one process may see all stacks, as their names are in the URNs. */
export function describeStacks(name: string, from: Example): void {
  describe(name, () => {
    let pack: PackProcess;
    let runs: ReadonlyMap<string, ProgramRun>;
    beforeAll(async () => {
      const started = PackProcess.start(PACK, { project: from.project });
      [runs, pack] = await Promise.all([runsOf(from), started]);
      await pack.configure(from.policyConfig);
    }, ALL_RUNS_MS);
    afterAll(() => pack.stop());

    test('the good stack passes', async () => {
      expect(await stopping(pack, runs.get('good'))).toEqual([]);
    });

    test.each(from.faulty)('the stack %s is stopped', async (stack, ...stops) => {
      const found = await stopping(pack, runs.get(stack));
      const wanted = stops.map(([policy, resource]) => [policy, resource]);
      expect(found.map(({ policyName, urn }) => [policyName, urn.split('::').at(-1)])).toEqual(wanted);
      for (const [index, [, , says]] of stops.entries())
        for (const text of says) expect(found[index]?.message).toContain(text);
    });
  });
}

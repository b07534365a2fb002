import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PackDiagnostic } from '../pulumi/pack-answer.js';
import { PackProcess } from '../pulumi/pack-process.js';
import { withInputs, withOutputs } from '../pulumi/registrations.js';
import type { ProgramRun } from '../pulumi/run-program.js';
import { type Example, runStack } from './example-stacks.js';
import { PACK } from './pack.js';
import { expectStops } from './stops.js';

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

/** What stops a stack. */
async function stopping(pack: PackProcess, run: ProgramRun | undefined): Promise<readonly PackDiagnostic[]> {
  expect(run).toMatchObject({ exit: 0, log: [], stderr: '' });
  const registrations = run?.registrations ?? [];
  const found: PackDiagnostic[] = [];
  for (const resource of registrations) if (resource.custom) found.push(...(await pack.analyze(withInputs(resource))));
  found.push(...(await pack.analyzeStack(registrations.map(withOutputs))));
  return found.filter(({ enforcementLevel }) => enforcementLevel === 'mandatory');
}

/** Programs with the SDK of their provider, judged by the pack: one process may see all stacks, as their names are in the URNs. */
export function describeStacks(name: string, from: Example): void {
  describe(name, () => {
    let pack: PackProcess;
    let runs: ReadonlyMap<string, ProgramRun>;
    beforeAll(async () => {
      const start = async () => {
        pack = await PackProcess.start(PACK, { project: from.project });
        await pack.configure(from.policyConfig);
      };
      [runs] = await Promise.all([runsOf(from), start()]);
    }, ALL_RUNS_MS);
    afterAll(() => pack.stop());

    test('the good stack passes', async () => {
      expect(await stopping(pack, runs.get('good'))).toEqual([]);
    });

    test.each(from.faulty)('the stack %s is stopped', async (stack, ...stops) => {
      expectStops(await stopping(pack, runs.get(stack)), stops);
    });
  });
}

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Example } from '../gate/example-stacks.js';
import { PACK } from '../gate/pack.js';
import { expectStops } from '../gate/stops.js';
import { tempFolder } from '../temp-folder.js';
import { type Engine, type EngineRan, startEngine } from './engine.js';
import { BUILD_AND_START_MS, describeEngine } from './suite.js';

const ROOT = join(__dirname, '../../..');

const stopping = ({ violations }: EngineRan) =>
  violations
    .filter(({ enforcementLevel }) => enforcementLevel === 'mandatory')
    .map(({ resourceUrn, policyName, message }) => ({ urn: resourceUrn, policyName, message }));

interface Audited {
  readonly targets: readonly {
    readonly target: { readonly name: string };
    readonly verdict: string;
    readonly flags: readonly string[];
  }[];
}

/** What the command says of a deployment: by the names of its machines, since only one of two has ids. */
function audited(value: unknown) {
  const folder = tempFolder();
  const file = join(folder.path, 'deployment.json');
  writeFileSync(file, JSON.stringify(value));
  const command = [join(ROOT, 'dist/bin/port22.cjs'), 'audit', '--in', file, '--format', 'json'];
  const { stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  folder.remove();
  if (stdout === '') throw new Error(stderr);
  const { targets } = JSON.parse(stdout) as Audited;
  return targets
    .map(({ target, verdict, flags }) => ({ name: target.name, verdict, onInternet: flags }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What a stack is to be, and what it became. */
async function auditedTwice(engine: Engine) {
  const before = audited(await engine.previewJson());
  expect((await engine.up()).status).toBe(0);
  return { before, after: audited(await engine.exportStack()) };
}

/** An example in the real engine, which finds `only` these parts of `program`. */
export function describeExample(
  name: string,
  { policyConfig: config, faulty }: Example,
  { program, only }: { readonly program: string; readonly only?: readonly string[] },
): void {
  const policyPacks = [{ folder: PACK, config }];

  describeEngine(name, () => {
    let engine: Engine | undefined;
    const start = async (stack: string): Promise<Engine> => {
      engine?.remove();
      engine = await startEngine(program, {}, { ...(only && { only }), stack });
      return engine;
    };
    beforeAll(() => start('good').then(() => undefined), BUILD_AND_START_MS);
    afterAll(() => engine?.remove());

    test('the good stack passes its preview and is made', async () => {
      const good = await start('good');
      const preview = await good.preview({ policyPacks });
      expect([preview.status, stopping(preview)]).toEqual([0, []]);
      const up = await good.up({ policyPacks });
      expect([up.status, stopping(up)]).toEqual([0, []]);
    });

    test.each(faulty)('the stack %s is stopped', async (stack, ...stops) => {
      const preview = await (await start(stack)).preview({ policyPacks });
      expect(preview.status).toBe(255);
      expectStops(stopping(preview), stops);
      expect(preview.stdout).toContain(stops[0]?.[2][0]);
    });

    test.each(['good', 'world'])('what the stack %s is to be is judged like what it became', async (stack) => {
      const { before, after } = await auditedTwice(await start(stack));
      expect(after).toEqual(before);
      const bastion = after.find((one) => one.name === 'bastion');
      expect(bastion?.verdict).toMatch(stack === 'world' ? /^(partial|reachable)$/ : /^partial$/);
      expect(bastion?.onInternet).toEqual(stack === 'world' ? ['world-open'] : []);
    });

    test('the output is the same although the order of the engine is not', async () => {
      const world = await start('world');
      const messages = async () => (await world.preview({ policyPacks })).violations.map(({ message }) => message);
      expect(await messages()).toEqual(await messages());
    });
  });
}

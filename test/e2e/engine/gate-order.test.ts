import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Engine, startEngine } from '../../support/engine/engine.js';
import { BUILD_AND_START_MS, describeEngine } from '../../support/engine/suite.js';
import { PACK } from '../../support/gate/pack.js';

const ROOT = join(__dirname, '../../..');
const only = ['Pulumi.yaml', 'examples/aws'];
const flags = ['--skip-preview'];

/** In which order Pulumi makes resources and asks policies: what the README says of the gate. */
describeEngine('an update without a preview', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine(ROOT, {}, { only, stack: 'world' });
  }, BUILD_AND_START_MS);
  afterAll(() => engine?.remove());

  const made = async () =>
    ((await engine.exportStack()).deployment.resources ?? []).map(({ urn }) => urn.split('::').at(-1));

  test('pulumi#104 is stopped before a group is made by a policy about single rules', async () => {
    const config = { 'port22-open-rule': { enforcementLevel: 'mandatory' } };
    const up = await engine.up({ policyPacks: [{ folder: PACK, config }], flags });
    expect(up.status).toBe(255);
    expect(await made()).not.toContain('bastion');
  });

  test('pulumi#104 makes everything and fails then by a policy about the whole stack', async () => {
    const up = await engine.up({ policyPacks: [{ folder: PACK }], flags });
    expect(up.status).toBe(255);
    expect(up.violations.map(({ policyName }) => policyName)).toContain('port22-exposed');
    expect(await made()).toContain('bastion');
  });
});

describeEngine('the README', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine(ROOT, {}, { only, stack: 'world' });
  }, BUILD_AND_START_MS);
  afterAll(() => engine?.remove());

  test('shows what the engine prints', async () => {
    const config = JSON.parse(readFileSync(join(ROOT, 'examples/aws/policy.json'), 'utf8')) as Record<string, unknown>;
    const { violations } = await engine.preview({ policyPacks: [{ folder: PACK, config }] });
    const exposed = violations.find(({ policyName }) => policyName === 'port22-exposed');
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8').replace(/^ {10}/gm, '');
    expect(readme).toContain(exposed?.message.trim());
  });
});

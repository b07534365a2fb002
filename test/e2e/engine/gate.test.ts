import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Engine, startEngine } from '../../support/engine/engine.js';
import { BUILD_AND_START_MS, describeEngine } from '../../support/engine/suite.js';

const SUPPORT = join(__dirname, '../../support/engine');
const PROGRAM = join(SUPPORT, 'probe-program');
const policyPacks = [{ folder: join(SUPPORT, 'probe-pack') }];
const EVERYBODY = '0.0.0.0/0';
const OFFICE = '203.0.113.0/24';
/** A group that the program only looks up: no policy hears of it. */
const FOREIGN = 'sg-0123456789abcdef0';
const INSTANCE = 'aws:ec2/instance:Instance';

const opened = { policyName: 'open-rule', enforcementLevel: 'mandatory', message: expect.stringContaining('ssh lets') };

/** What the stack policy of the pack was told of the instance. */
function told({ violations }: Awaited<ReturnType<Engine['preview']>>): unknown {
  const messages = violations.filter(({ policyName }) => policyName === 'links').map(({ message }) => message);
  return messages.map((message) => JSON.parse(message.slice(message.indexOf('{'))));
}

describeEngine('a stack that lets everybody in', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine(PROGRAM, { sshFrom: EVERYBODY });
  }, BUILD_AND_START_MS);
  afterAll(() => engine?.remove());

  test('the preview fails with the message of the pack', async () => {
    const preview = await engine.preview({ policyPacks });
    expect(preview.status).toBe(255);
    expect(preview.violations).toContainEqual(expect.objectContaining(opened));
    expect(preview.stdout).toContain(`ssh lets ${EVERYBODY} in`);
  });

  test('an update fails before anything is made', async () => {
    const up = await engine.up({ policyPacks });
    expect(up.status).toBe(255);
    expect(up.violations).toContainEqual(expect.objectContaining(opened));
    expect((await engine.exportStack()).deployment.resources ?? []).toEqual([]);
  });

  test('the configuration of a pack reaches it', async () => {
    const config = { 'open-rule': { enforcementLevel: 'mandatory', everybody: '::/0' } };
    const preview = await engine.preview({ policyPacks: policyPacks.map((pack) => ({ ...pack, config })) });
    expect(preview).toMatchObject({ status: 0, violations: [{ policyName: 'links', enforcementLevel: 'advisory' }] });
  });

  test('nothing stays behind', () => {
    const home = dirname(engine.folder);
    expect(existsSync(home)).toBe(true);
    engine.remove();
    expect(existsSync(home)).toBe(false);
  });
});

describeEngine('a stack that lets the office in', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine(PROGRAM, { sshFrom: OFFICE });
  }, BUILD_AND_START_MS);
  afterAll(() => engine?.remove());

  test('a preview knows the names behind ids that it does not know', async () => {
    const preview = await engine.preview({ policyPacks });
    expect(preview.status).toBe(0);
    expect(told(preview)).toEqual([{ name: 'server', id: 'unknown', groups: ['ssh', 'web'] }]);
  });

  test('a preview as JSON has inputs with the mark of what is unknown', async () => {
    const unknown = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
    const { steps } = (await engine.previewJson()) as { steps: { newState: { type: string; inputs: unknown } }[] };
    const server = steps.find(({ newState }) => newState.type === INSTANCE);
    expect(server?.newState.inputs).toMatchObject({
      subnetId: unknown,
      vpcSecurityGroupIds: [unknown, unknown, FOREIGN],
    });
  });

  test('an update makes ids that refer to each other', async () => {
    expect(await engine.up({ policyPacks })).toMatchObject({ status: 0 });
    const { deployment } = await engine.exportStack();
    const { resources = [] } = deployment;
    const idOf = (name: string) => resources.find(({ urn }) => urn.endsWith(`::${name}`))?.id;
    const server = resources.find(({ type }) => type === INSTANCE);
    expect(server?.id).toMatch(/^i-0[0-9a-f]{16}$/);
    expect(server?.outputs).toMatchObject({
      subnetId: idOf('front'),
      vpcSecurityGroupIds: [idOf('ssh'), idOf('web'), FOREIGN],
      privateIp: expect.stringMatching(/^10\.0\.1\.\d+$/),
      publicIp: expect.stringMatching(/^52\./),
    });
    const ids = resources.flatMap(({ id }) => id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('the next preview knows the ids, and fails when the rule is opened', async () => {
    await engine.configure('sshFrom', EVERYBODY);
    const preview = await engine.preview({ policyPacks });
    expect(preview.status).toBe(255);
    expect(preview.violations).toContainEqual(expect.objectContaining(opened));
    expect(told(preview)).toEqual([{ name: 'server', id: expect.stringMatching(/^i-0/), groups: ['ssh', 'web'] }]);
  });

  test('everything can be destroyed', async () => {
    expect(await engine.destroy()).toMatchObject({ status: 0 });
    expect((await engine.exportStack()).deployment.resources ?? []).toEqual([]);
  });
});

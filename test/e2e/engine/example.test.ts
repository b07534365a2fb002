import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Engine, type EngineRan, startEngine } from '../../support/engine/engine.js';
import { BUILD_AND_START_MS, describeEngine } from '../../support/engine/suite.js';
import { tempFolder } from '../../support/temp-folder.js';

const ROOT = join(__dirname, '../../..');
const only = ['Pulumi.yaml', 'examples/aws'];
const config = JSON.parse(readFileSync(join(ROOT, 'examples/aws/policy.json'), 'utf8')) as Record<string, unknown>;
const policyPacks = [{ folder: join(ROOT, 'policies'), config }];

const stopping = ({ violations }: EngineRan) =>
  violations.filter(({ enforcementLevel }) => enforcementLevel === 'mandatory');

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

/** What a stack is stopped for: the policy, the resource, and what its message says. */
const faulty: readonly (readonly [stack: string, policy: string, resource: string, says: readonly string[]])[] = [
  [
    'world',
    'port22-exposed',
    'bastion',
    [
      'tcp/22 on instance "bastion" is reachable from 0.0.0.0/0',
      'change: security group "bastion" ingress[0].cidrBlocks',
    ],
  ],
  [
    'own-rule',
    'port22-exposed',
    'bastion',
    [
      'tcp/22 on instance "bastion" is reachable from 0.0.0.0/0',
      'change: rule "bastion-ssh" of security group "bastion"',
    ],
  ],
  [
    'locked-out',
    'port22-required',
    'bastion',
    ['tcp/22 on instance "bastion" is not reachable from 203.0.113.0/24', 'addr-no-public-ipv4', 'rt-missing'],
  ],
  [
    'either',
    'port22-likely',
    'bastion',
    [
      'tcp/22 on instance "bastion" is possibly reachable from 0.0.0.0/0',
      'missing: subnetId of "bastion" ("back" or "front": nothing tells which)',
    ],
  ],
  ['foreign', 'port22-undecided', 'bastion', ['sg-0123456789abcdef0 is not in this deployment']],
];

describeEngine('the example', () => {
  let engine: Engine | undefined;
  const start = async (stack: string): Promise<Engine> => {
    engine?.remove();
    engine = await startEngine(ROOT, {}, { only, stack });
    return engine;
  };
  beforeAll(async () => {
    await start('good');
  }, BUILD_AND_START_MS);
  afterAll(() => engine?.remove());

  test('the good stack passes its preview and is made', async () => {
    const good = await start('good');
    const preview = await good.preview({ policyPacks });
    expect([preview.status, stopping(preview)]).toEqual([0, []]);
    const up = await good.up({ policyPacks });
    expect([up.status, stopping(up)]).toEqual([0, []]);
  });

  test.each(faulty)('the stack %s is stopped by %s', async (stack, policyName, resource, says) => {
    const faultyStack = await start(stack);
    const preview = await faultyStack.preview({ policyPacks });
    expect(preview.status).toBe(255);
    const found = stopping(preview);
    expect(found.map((one) => one.policyName)).toContain(policyName);
    const one = found.find((violation) => violation.policyName === policyName);
    expect(one?.resourceUrn.split('::').at(-1)).toBe(resource);
    for (const text of says) expect(one?.message).toContain(text);
    expect(preview.stdout).toContain(says[0]);
  });

  test.each(['good', 'world'])('what the stack %s is to be is judged like what it became', async (stack) => {
    const made = await start(stack);
    const before = audited(await made.previewJson());
    expect((await made.up()).status).toBe(0);
    const after = audited(await made.exportStack());
    expect(after).toEqual(before);
    expect(after.find(({ name }) => name === 'bastion')).toEqual({
      name: 'bastion',
      verdict: 'partial',
      onInternet: stack === 'world' ? ['world-open'] : [],
    });
  });

  test('the output is the same although the order of the engine is not', async () => {
    const world = await start('world');
    const messages = async () => (await world.preview({ policyPacks })).violations.map(({ message }) => message);
    expect(await messages()).toEqual(await messages());
  });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EC2Client } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { awsEnvironment } from '../../support/aws-server/environment.js';
import { type Made, made, previewOf } from '../../support/gate/deployment.js';
import { tempFolder } from '../../support/temp-folder.js';
import { clientOfA, profiles } from './accounts.js';
import { faults } from './faults.js';
import { type Moto, startMoto } from './moto.js';
import { buildNetwork, type Network } from './network.js';
import { port22 } from './port22.js';

const HOME = 'eu-west-1';

const environment = awsEnvironment();
const folder = tempFolder();
let moto: Moto;
let client: EC2Client;
let network: Network;
beforeAll(async () => {
  moto = await startMoto();
});
afterAll(async () => {
  folder.remove();
  await moto?.stop();
});
beforeEach(async () => {
  await moto.reset();
  environment.set({ AWS_ENDPOINT_URL: moto.url, AWS_MAX_ATTEMPTS: '1' });
  environment.configure(profiles(HOME));
  client = clientOfA(moto.url, HOME);
  network = await buildNetwork(client, 100);
});

interface Target {
  readonly verdict: string;
  readonly findings: readonly { readonly causes: readonly { readonly code: string }[] }[];
}

/** Whether the bastion gets to a machine of the account, as it is or as it will be. */
async function fromBastion(target: string, steps?: readonly Made[]): Promise<readonly [string, readonly string[]]> {
  const preview = join(folder.path, 'preview.json');
  if (steps) writeFileSync(preview, JSON.stringify(previewOf(steps)));
  const plan = steps ? ['--in', preview] : [];
  const { stdout } = await port22(
    'explain',
    target,
    '--from',
    network.bastion.instance,
    ...plan,
    '--aws',
    '--format',
    'json',
  );
  const { targets } = JSON.parse(stdout) as { targets: readonly Target[] };
  const [first, ...others] = targets;
  expect(others).toEqual([]);
  const codes = first?.findings.flatMap(({ causes }) => causes.map(({ code }) => code)) ?? [];
  return [first?.verdict ?? 'none', [...new Set(codes)].sort()];
}

/** The rule of the web server, as a program that owns it would have it. */
const rule = (op: string): Made =>
  made(
    'SecurityGroupRule',
    'from-bastion',
    {
      type: 'ingress',
      securityGroupId: network.webGroup,
      sourceSecurityGroupId: network.bastionGroup,
      protocol: 'tcp',
      fromPort: 22,
      toPort: 22,
    },
    { op, id: 'sgrule-1' },
  );
const entry = (): Made =>
  made(
    'NetworkAclRule',
    'ssh-on',
    { networkAclId: network.publicAcl, ruleNumber: 110, egress: true, ruleAction: 'allow' },
    { op: 'delete', id: 'nacl-1' },
  );

describe('a plan on a live account', () => {
  test.each([
    ['the rule of the web server is revoked', () => rule('delete')],
    ['the ACL of the bastion does not let SSH out', entry],
  ])('says before what is so after: %s', async (name, step) => {
    const { web } = network;
    expect(await fromBastion(web.instance)).toEqual(['reachable', []]);
    const planned = await fromBastion(web.instance, [step()]);
    await faults.find((fault) => fault.name === name)?.break(client, network);
    expect(planned).toEqual(await fromBastion(web.instance));
    expect(planned[0]).toBe('unreachable');
  });

  test('leaves what the run leaves', async () => {
    expect(await fromBastion(network.web.instance, [rule('same')])).toEqual(['reachable', []]);
  });

  test('finds a machine that the program makes in a network of the account', async () => {
    const fresh = (groups: readonly string[]) =>
      made('Instance', 'fresh', { subnetId: network.privateSubnet, vpcSecurityGroupIds: groups });
    const urn = 'urn:pulumi:s::p::aws:ec2/instance:Instance::fresh';
    expect(await fromBastion(urn, [fresh([network.webGroup])])).toEqual(['reachable', []]);
    expect(await fromBastion(urn, [fresh([network.bastionGroup])])).toEqual(['unreachable', ['aws/sg-no-inbound']]);
  });
});

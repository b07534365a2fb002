import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Engine, startEngine } from '../../support/engine/engine.js';
import { BUILD_AND_START_MS, describeEngine } from '../../support/engine/suite.js';

const PROGRAM = join(__dirname, '../../support/engine/clouds-program');
const PROJECT = 'projects/port22-test';
const GROUP = /^\/subscriptions\/[-0-9]+\/resourceGroups\/group-[0-9a-f]{7}$/;

describeEngine('programs of other clouds', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine(PROGRAM);
  }, BUILD_AND_START_MS);
  afterAll(() => engine?.remove());

  test('an update makes paths that refer to each other', async () => {
    expect(await engine.up()).toMatchObject({ status: 0 });
    const { resources = [] } = (await engine.exportStack()).deployment;
    const found = (type: string) => resources.find((resource) => resource.type.endsWith(`:${type}`));

    const subnetwork = found('Subnetwork')?.id;
    expect(subnetwork).toMatch(/^projects\/port22-test\/regions\/europe-west1\/subnetworks\/front-[0-9a-f]{7}$/);
    expect(found('Instance')?.outputs).toMatchObject({ networkInterfaces: [{ subnetwork }] });
    const network = found('Network')?.id;
    expect(network).toMatch(new RegExp(`^${PROJECT}/global/networks/network-`));
    expect(found('Firewall')?.inputs).toMatchObject({ network: `https://www.googleapis.com/compute/v1/${network}` });

    const group = found('ResourceGroup')?.id ?? '';
    expect(group).toMatch(GROUP);
    const securityGroup = found('NetworkSecurityGroup');
    const name = securityGroup?.outputs?.name;
    expect(securityGroup?.outputs).not.toHaveProperty('networkSecurityGroupName');
    expect(securityGroup?.id).toBe(`${group}/providers/Microsoft.Network/networkSecurityGroups/${name}`);
    expect(found('SecurityRule')?.id).toMatch(`${securityGroup?.id}/securityRules/`);
    expect(found('Subnet')?.inputs).toMatchObject({ networkSecurityGroup: { id: securityGroup?.id } });
    const machine = { networkInterfaces: [{ id: found('NetworkInterface')?.id }] };
    expect(found('VirtualMachine')?.inputs).toMatchObject({ networkProfile: machine });
  });

  test('nothing changes when nothing is changed', async () => {
    const ids = async () =>
      (await engine.exportStack()).deployment.resources?.map(({ urn, id }) => `${urn} ${id}`).sort();
    const before = await ids();
    expect(await engine.up({ flags: ['--expect-no-changes'] })).toMatchObject({ status: 0 });
    expect(await ids()).toEqual(before);
  });
});

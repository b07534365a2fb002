import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Unknown } from '../../src/plan/tree.js';
import { PackProcess } from '../support/pulumi/pack-process.js';
import { type PackResource, urnOf } from '../support/pulumi/pack-resource.js';
import { UNKNOWN } from '../support/pulumi/properties.js';
import { type Registration, withInputs, withOutputs } from '../support/pulumi/registrations.js';
import { type ProgramRun, programFolder, runProgram } from '../support/pulumi/run-program.js';
import { tempFolder } from '../support/temp-folder.js';

const PULUMI = join(__dirname, '../support/pulumi');
const GROUP = 'aws:ec2/securityGroup:SecurityGroup';
const INSTANCE = 'aws:ec2/instance:Instance';

const group: PackResource = { type: GROUP, name: 'sg', properties: { ingress: [{ fromPort: 22 }] } };
const web: PackResource = {
  type: INSTANCE,
  name: 'web',
  properties: { vpcSecurityGroupIds: [new Unknown('until deployed')], subnetId: UNKNOWN, spot: true },
  parent: urnOf('pulumi:pulumi:Stack', 'p-s'),
  provider: { type: 'pulumi:providers:aws', name: 'default', properties: { region: 'eu-west-1' } },
  dependencies: [urnOf(GROUP, 'sg')],
  propertyDependencies: { vpcSecurityGroupIds: [urnOf(GROUP, 'sg'), urnOf(GROUP, 'elsewhere')] },
};

let pack: PackProcess;
beforeAll(async () => {
  pack = await PackProcess.start(join(PULUMI, 'probe-pack'));
});
afterAll(() => pack.stop());

describe('a policy pack in a process of its own', () => {
  test('prints its port and nothing else', () => {
    expect(pack.stdout).toMatch(/^\d+\n$/);
    expect(pack.stderr).toBe('');
    expect(pack.startMs).toBeGreaterThan(0);
  });

  test('says what it has', async () => {
    const info = await pack.info();
    expect(info).toMatchObject({ name: 'probe', version: '0.0.1' });
    expect(info.policies.map(({ name, type, enforcementLevel }) => [name, type, enforcementLevel])).toEqual([
      ['says-what-it-gets', 'resource', 'advisory'],
      ['reads-what-is-unknown', 'resource', 'mandatory'],
      ['no-spot', 'resource', 'disabled'],
      ['sees-links', 'stack', 'mandatory'],
      ['fails', 'stack', 'disabled'],
    ]);
    expect(info.policies[0]).toMatchObject({
      description: 'Says what it gets.',
      severity: 'low',
      configSchema: { properties: { word: { type: 'string', default: 'word' } }, required: ['word'] },
    });
    expect(info.initialConfig).toEqual({ 'says-what-it-gets': { enforcementLevel: 'mandatory', word: 'first' } });
  });

  test('is handed unknown values, which stop a policy that reads them', async () => {
    await pack.configureStack({ tag: 'value' });
    await pack.configure({ 'says-what-it-gets': { enforcementLevel: 'mandatory', word: 'second' } });
    const [said, stopped, ...more] = await pack.analyze(web);
    expect(more).toEqual([]);
    expect(said).toMatchObject({ policyName: 'says-what-it-gets', enforcementLevel: 'mandatory', severity: 'low' });
    expect(said?.message).toBe(
      `Says what it gets.\n${JSON.stringify({
        name: 'web',
        raw: [UNKNOWN],
        region: 'eu-west-1',
        parent: web.parent,
        word: 'second',
      })}`,
    );
    expect(stopped).toMatchObject({ policyName: 'reads-what-is-unknown', enforcementLevel: 'advisory' });
    expect(stopped?.message).toContain("string value at .subnetId can't be known during preview");
  });

  test('sees the resources of a stack that a property comes from, and no others', async () => {
    const found = await pack.analyzeStack([web, group]);
    expect(found).toEqual([
      {
        policyName: 'sees-links',
        message: `Sees links.\n${JSON.stringify({ vpcSecurityGroupIds: [`${GROUP} sg ["ingress"]`] })}`,
        urn: urnOf(INSTANCE, 'web'),
        enforcementLevel: 'mandatory',
        severity: 'critical',
        description: 'Sees links.',
      },
    ]);
  });

  test('changes what it may remediate, and only where it is told to', async () => {
    await pack.configure({});
    expect(await pack.remediate({ ...web, properties: { spot: true, ami: 'ami-1' } })).toEqual([]);
    await pack.configure({ 'no-spot': { enforcementLevel: 'remediate' } });
    expect(await pack.remediate({ ...web, properties: { spot: true, ami: 'ami-1' } })).toEqual([
      { policyName: 'no-spot', properties: { ami: 'ami-1' }, diagnostic: '' },
    ]);
  });

  test('fails a call with what its policy threw', async () => {
    await pack.configure({ fails: { enforcementLevel: 'mandatory' } });
    await expect(pack.analyzeStack([])).rejects.toThrow('the pack is broken');
  });

  test('does not start where something else comes first on stdout', async () => {
    const folder = tempFolder();
    folder.write({
      'index.js': "console.log('hello');",
      'package.json': '{ "version": "1.0.0" }',
      'node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js': 'require(process.argv[3]);',
    });
    await expect(PackProcess.start(folder.path)).rejects.toThrow('no port comes first on stdout');
    folder.remove();
  });
});

function named(name: string, { registrations }: ProgramRun): Registration {
  const found = registrations.find((one) => one.name === name);
  if (!found) throw new Error(`nobody registers ${name}`);
  return found;
}

describe('a program with the SDK of AWS', () => {
  const inOffice = `urn:pulumi:s::p::probe:index:Office$${GROUP}::sg`;
  let run: ProgramRun;
  beforeAll(async () => {
    run = await runProgram(join(PULUMI, 'probe-program'), {
      config: { 'aws:region': 'eu-west-1' },
      computed: (type) => (type === INSTANCE ? ['publicIp'] : []),
      invoke: () => ({ id: 'ami-1' }),
      read: () => ({ cidrBlock: '10.0.0.0/16' }),
    });
  });

  test('ends well, with all its resources and providers registered', () => {
    expect(run).toMatchObject({ exit: 0, log: [], stdout: '', stderr: '' });
    expect(run.registrations.map(({ type, name, custom }) => [type, name, custom])).toEqual([
      ['pulumi:pulumi:Stack', 'p-s', false],
      ['probe:index:Office', 'office', false],
      ['pulumi:providers:aws', expect.stringMatching(/^default_\d+_\d+_\d+$/), true],
      [GROUP, 'sg', true],
      [INSTANCE, 'web', true],
    ]);
    expect(run.invokes.map(({ token }) => token)).toEqual(['aws:ec2/getAmi:getAmi']);
    expect(run.reads).toEqual([
      { type: 'aws:ec2/vpc:Vpc', name: 'vpc', urn: urnOf('aws:ec2/vpc:Vpc', 'vpc'), id: 'vpc-1' },
    ]);
  });

  test('says by property what it depends on', () => {
    const instance = named('web', run);
    expect(instance.dependencies).toEqual([inOffice]);
    expect(instance.propertyDependencies).toEqual({
      ami: [],
      instanceType: [],
      userData: [],
      vpcSecurityGroupIds: [inOffice],
    });
    expect(instance.inputs).toMatchObject({ ami: 'ami-1', vpcSecurityGroupIds: [UNKNOWN, 'sg-elsewhere'] });
    expect(instance.inputs).not.toHaveProperty('publicIp');
    expect(instance.outputs).toMatchObject({ ...instance.inputs, id: UNKNOWN, publicIp: UNKNOWN });
    expect(instance.provider?.properties).toMatchObject({ region: 'eu-west-1' });
    expect(named('sg', run)).toMatchObject({ urn: inOffice, inputs: { vpcId: 'vpc-1' } });
    expect(named('p-s', run).outputs).toEqual({ address: UNKNOWN });
  });

  test('is what a pack can be asked about', async () => {
    await pack.configure({ 'says-what-it-gets': { enforcementLevel: 'advisory', word: 'real' } });
    const [said] = await pack.analyze(withInputs(named('web', run)));
    expect(said?.message).toContain(`"raw":["${UNKNOWN}","sg-elsewhere"],"region":"eu-west-1"`);
    const found = await pack.analyzeStack(run.registrations.map(withOutputs));
    expect(found.map(({ urn, message }) => [urn, message])).toEqual([
      [
        named('web', run).urn,
        `Sees links.\n${JSON.stringify({
          ami: [],
          instanceType: [],
          userData: [],
          vpcSecurityGroupIds: [`${GROUP} sg ["description","id","ingress","vpcId"]`],
        })}`,
      ],
    ]);
  });
});

describe('a program', () => {
  test('in TypeScript gets unknown what its provider makes within what it asked for', async () => {
    const folder = programFolder({
      'index.ts': `
        import { NetworkInterface, VirtualNetwork } from '@pulumi/azure-native/network';

        const subnets = [{ name: 'default', addressPrefix: '10.0.0.0/24' }];
        const network = new VirtualNetwork('network', { resourceGroupName: 'group', subnets });
        const subnet = { id: network.subnets.apply((made) => made![0].id!) };
        new NetworkInterface('nic', { resourceGroupName: 'group', ipConfigurations: [{ name: 'one', subnet }] });`,
    });
    const run = await runProgram(folder.path, {
      computed: (type) => (type.endsWith(':VirtualNetwork') ? ['subnets.*.id'] : []),
    });
    folder.remove();
    const { inputs, propertyDependencies } = named('nic', run);
    expect(inputs.ipConfigurations).toEqual([{ name: 'one', subnet: { id: UNKNOWN } }]);
    expect(propertyDependencies.ipConfigurations).toEqual([named('network', run).urn]);
    expect(named('network', run).outputs.subnets).toEqual([
      { name: 'default', addressPrefix: '10.0.0.0/24', id: UNKNOWN },
    ]);
  });

  test('that fails says why in the log', async () => {
    const folder = programFolder({ 'index.js': "throw new Error('no such thing');" });
    const run = await runProgram(folder.path);
    folder.remove();
    expect(run.exit).toBe(32);
    expect(run.log).toEqual([{ severity: 'error', message: expect.stringContaining('no such thing') }]);
  });
});

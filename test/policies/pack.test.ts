import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { f0 as subscription } from '../support/azure/fixture.js';
import { subnetId } from '../support/azure/ids.js';
import { f0, f0With, later, type Made, made, packViewOf, tcp22, urnOf } from '../support/gate/deployment.js';
import { judgedBy, PACK } from '../support/gate/pack.js';
import { f0 as f0Google } from '../support/gcp/fixture.js';
import type { Level, PackConfig, PackDiagnostic } from '../support/pulumi/pack-answer.js';
import { PackProcess } from '../support/pulumi/pack-process.js';
import { tempFolder } from '../support/temp-folder.js';

let pack: PackProcess;
beforeAll(async () => {
  pack = await PackProcess.start(PACK);
}, 30_000);
afterAll(() => pack.stop());

const web = (inputs: Readonly<Record<string, unknown>>) =>
  made('Instance', 'web', { subnetId: later('sub'), vpcSecurityGroupIds: [later('sg')], ...inputs });
const WEB = urnOf(web({}));

/** The policies of a run with their URNs; single rules are left to their own tests. */
function reported(found: readonly PackDiagnostic[]): string[] {
  return found
    .filter(({ policyName }) => policyName !== 'port22-open-rule')
    .map(
      ({ policyName, enforcementLevel, urn }) =>
        `${policyName} ${enforcementLevel} ${urn.split('::').at(-1) || 'the stack'}`,
    );
}

const textOf = (found: readonly PackDiagnostic[], policy: string): string =>
  found
    .filter(({ policyName }) => policyName === policy)
    .map(({ message }) => message)
    .join('\n');

const all = (level: Level, properties: Readonly<Record<string, unknown>> = {}) =>
  Object.fromEntries(
    ['port22-exposed', 'port22-likely', 'port22-undecided', 'port22-required'].map((name) => [
      name,
      { enforcementLevel: level, ...properties },
    ]),
  );

describe('the pack as the engine starts it', () => {
  test('pulumi#102 prints the port and nothing before it', () => {
    expect(pack.stdout).toMatch(/^\d+\n$/);
  });

  test('pulumi#103 has its levels from its policies, and no initial configuration', async () => {
    const { policies, initialConfig } = await pack.info();
    expect(initialConfig).toEqual({});
    expect(policies.map(({ name, enforcementLevel }) => [name, enforcementLevel])).toEqual([
      ['port22-collect', 'advisory'],
      ['port22-exposed', 'mandatory'],
      ['port22-likely', 'mandatory'],
      ['port22-undecided', 'advisory'],
      ['port22-required', 'advisory'],
      ['port22-conflicts', 'advisory'],
      ['port22-open-rule', 'advisory'],
    ]);
  });

  test('pulumi#98 lets Pulumi refuse a port that is a text', async () => {
    const { policies } = await pack.info();
    const exposed = policies.find(({ name }) => name === 'port22-exposed');
    expect(exposed?.configSchema).toMatchObject({
      properties: { port: { type: 'integer', minimum: 1, maximum: 65535 } },
    });
  });
});

describe('a deployment', () => {
  beforeAll(() => pack.configure({}));

  test('pulumi#1 is stopped where it opens SSH to the world, with the way in and what to change', async () => {
    const found = await judgedBy(pack, f0);
    expect(reported(found)).toEqual(['port22-exposed mandatory web']);
    expect(textOf(found, 'port22-exposed')).toMatchInlineSnapshot(`
"No machine may be reachable from a forbidden source.
tcp/22 on instance "web" is reachable from 0.0.0.0/0
  path: internet -> internet gateway "igw" -> route 0.0.0.0/0 in route table "rt" -> default network acl of "vpc" rule 100 (allows everything from anywhere) -> security group "sg" ingress[0].cidrBlocks (allows tcp/22 from anywhere (IPv4)) -> "web"
  assumed: links by dependency: subnetId, vpcSecurityGroupIds[0] of "web", vpcId of "igw", vpcId, routes[0].gatewayId of "rt", vpcId of "sg"; default network acl of "vpc" as the cloud makes it; no Block Public Access of the account
  change: security group "sg" ingress[0].cidrBlocks
  note: "sg" lets nothing out: Session Manager and package updates will not work"
`);
  });

  test.each([
    ['pulumi#6', f0With({ web: web({ vpcSecurityGroupIds: ['sg-lit'] }) }), ['port22-undecided advisory web']],
    [
      'pulumi#20 of two subnets',
      f0With({ web: web({ subnetId: later('sub', 'sub2') }) }, made('Subnet', 'sub2', { vpcId: later('vpc') })),
      ['port22-likely mandatory web'],
    ],
    ['pulumi#44', f0With({ sg: made('SecurityGroup', 'sg', { vpcId: later('vpc'), ingress: [] }) }), []],
  ])('%s is reported by one policy', async (_, given: readonly Made[], wanted) => {
    expect(reported(await judgedBy(pack, given))).toEqual(wanted);
  });

  test('pulumi#35 names a rule of nobody knows what, at the machine and at the rule', async () => {
    const rule = made('SecurityGroupRule', 'rule', {
      type: 'ingress',
      ...tcp22('0.0.0.0/0'),
      securityGroupId: later(),
    });
    const given = f0With({ sg: made('SecurityGroup', 'sg', { vpcId: later('vpc') }) }, rule);
    const wanted = ['port22-undecided advisory rule', 'port22-undecided advisory web'];
    expect(reported(await judgedBy(pack, given)).sort()).toEqual(wanted);
  });

  test('pulumi#33 is judged by what the provider answered where nobody saw what was asked for', async () => {
    const unseen = f0.map((one) => ({ ...one, more: { ...one.more, unseen: true } }));
    const fresh = await PackProcess.start(PACK);
    const found = await judgedBy(fresh, unseen);
    await fresh.stop();
    expect(reported(found)).toEqual(['port22-exposed mandatory web', 'port22-undecided advisory the stack']);
    expect(textOf(found, 'port22-undecided')).toContain('port22-collect');
  });

  test('pulumi#57 pulumi#60 names resources that undo each other', async () => {
    const route = made('Route', 'route', {
      routeTableId: later('rt'),
      destinationCidrBlock: '0.0.0.0/0',
      gatewayId: later('igw'),
    });
    const again = made('RouteTableAssociation', 'rtb', { subnetId: later('sub'), routeTableId: later('rt2') });
    const found = await judgedBy(pack, [
      ...f0,
      route,
      again,
      made('RouteTable', 'rt2', { vpcId: later('vpc'), routes: [] }),
    ]);
    expect(reported(found).sort()).toEqual([
      'port22-conflicts advisory route',
      'port22-conflicts advisory rtb',
      'port22-likely mandatory web',
    ]);
    expect(textOf(found, 'port22-likely')).toContain('ev-conflict');
  });

  test('pulumi#74 says of a template without a group that its machines stand nowhere yet', async () => {
    const template = made('LaunchTemplate', 'lt', { vpcSecurityGroupIds: [later('sg')] });
    expect(reported(await judgedBy(pack, f0With({ web: template })))).toEqual(['port22-undecided advisory lt']);
  });

  test('pulumi#108 names a type that nobody here understands once', async () => {
    const strange = ['a', 'b'].map((name) =>
      made('alicloud:ecs/securityGroupRule:SecurityGroupRule', name, { port: 22 }),
    );
    const found = await judgedBy(pack, strange);
    expect(reported(found)).toEqual(['port22-undecided advisory a']);
    expect(textOf(found, 'port22-undecided')).toContain('unsupported-type');
  });

  test('pulumi#2 is told in the same words whatever the order', async () => {
    const first = await judgedBy(pack, f0);
    const random = (seed: number) => {
      let state = seed;
      return <T>(list: readonly T[]): readonly T[] => {
        const mixed = [...list];
        for (let index = mixed.length - 1; index > 0; index -= 1) {
          state = (state * 1103515245 + 12345) % 2147483648;
          const at = state % (index + 1);
          [mixed[index], mixed[at]] = [mixed[at] as T, mixed[index] as T];
        }
        return mixed;
      };
    };
    for (let seed = 1; seed <= 20; seed += 1) {
      const found = await judgedBy(pack, f0, random(seed));
      expect(textOf(found, 'port22-exposed')).toBe(textOf(first, 'port22-exposed'));
    }
  });

  test('pulumi#100 is never blamed on a resource that the engine did not name', async () => {
    const given = f0With({ web: web({ vpcSecurityGroupIds: ['sg-lit'] }) });
    const urns = new Set(given.map(urnOf));
    const found = await judgedBy(pack, given);
    const ofStack = found.filter(({ policyName }) => policyName !== 'port22-open-rule');
    expect(ofStack.filter(({ urn }) => !urns.has(urn))).toEqual([]);
    expect(ofStack.map(({ urn }) => urn)).toContain(WEB);
  });
});

describe('a configuration', () => {
  test('pulumi#97 with a setting that does not exist stops the run and judges nothing', async () => {
    await pack.configure({ 'port22-exposed': { enforcementLevel: 'mandatory', prot: 22 } });
    const found = await judgedBy(pack, f0);
    expect(textOf(found, 'port22-exposed')).toContain('there is no setting "prot"');
    expect(textOf(found, 'port22-exposed')).not.toContain('is reachable');
    expect(reported(found)).toEqual(['port22-exposed mandatory the stack']);
  });

  test.each([
    [{ forbiddenSources: ['0.0.0.0'] }, '"forbiddenSources"[0] is "0.0.0.0": a prefix is wanted'],
    [{ allowedSources: ['10.0.0.0/33'] }, '"allowedSources"[0]'],
    [{ exempt: [{ match: 'web' }] }, '"exempt"[0].reason is nothing'],
    [{ exempt: [{ match: 'web', reason: 'x', untill: '2026-01-01' }] }, '"exempt"[0] has no "untill"'],
    [{ required: [{ from: 'internet' }] }, '"required"[0].from'],
    [{ defaultVpc: 'maybe' }, '"defaultVpc" is "maybe"'],
    [{ maxForks: 0 }, '"maxForks" is 0'],
    [{ port: '22' }, '"port" is "22"'],
  ])('%j is refused with its name', async (config, wanted) => {
    await pack.configure({ 'port22-exposed': { enforcementLevel: 'mandatory', ...config } });
    const text = textOf(await judgedBy(pack, f0), 'port22-exposed');
    expect(text).toContain(wanted);
    expect(text).not.toContain('is reachable');
  });

  test('pulumi#70 may let somebody in', async () => {
    const given = f0With({
      sg: made('SecurityGroup', 'sg', { vpcId: later('vpc'), ingress: [tcp22('203.0.113.0/24')] }),
    });
    await pack.configure(all('mandatory', { allowedSources: ['203.0.113.0/24'] }));
    expect(reported(await judgedBy(pack, given))).toEqual([]);
  });

  test('pulumi#99 may exempt a machine until a day', async () => {
    const exempt = (until: string) => all('mandatory', { exempt: [{ match: 'web', reason: 'a test', until }] });
    await pack.configure(exempt('2999-12-31'));
    expect(reported(await judgedBy(pack, f0))).toEqual([]);
    await pack.configure(exempt('2020-12-31'));
    const found = await judgedBy(pack, f0);
    expect(reported(found)).toEqual(['port22-exposed mandatory web', 'port22-undecided mandatory the stack']);
    expect(textOf(found, 'port22-undecided')).toContain('ended on 2020-12-31');
  });

  test('pulumi#106 aws#199 may say who must get in', async () => {
    const required = [{ from: '198.51.100.7/32', to: 'web' }];
    await pack.configure({ ...all('mandatory'), 'port22-required': { enforcementLevel: 'mandatory', required } });
    const closed = f0With({ sg: made('SecurityGroup', 'sg', { vpcId: later('vpc'), ingress: [] }) });
    const found = await judgedBy(pack, closed);
    expect(reported(found)).toEqual(['port22-required mandatory web']);
    expect(textOf(found, 'port22-required')).toContain('not reachable from 198.51.100.7/32');
    expect(textOf(found, 'port22-required')).toContain('blocked by: security group "sg" sg-no-inbound');
    const hidden = f0With({ rta: undefined, web: web({ associatePublicIpAddress: false }) });
    const text = textOf(await judgedBy(pack, hidden), 'port22-required');
    expect(text).toContain('addr-no-public-ipv4');
    expect(text).toContain('rt-missing');
  });

  test('aws#200 fails closed, if it is to, where an ACL is not known', async () => {
    await pack.configure(all('mandatory'));
    const acl = made('NetworkAcl', 'acl', { vpcId: later('vpc'), subnetIds: [later('sub')], ingress: later() });
    const found = await judgedBy(pack, [...f0, acl]);
    expect(reported(found)).toEqual(['port22-undecided mandatory web']);
    expect(textOf(found, 'port22-undecided')).toContain('ingress of "acl" (not known until deployed)');
  });

  test('fails closed where unseen controls may not be assumed away', async () => {
    await pack.configure(all('mandatory', { unseenControls: 'unknown' }));
    const found = await judgedBy(pack, f0);
    expect(reported(found)).toEqual(['port22-likely mandatory web']);
    expect(textOf(found, 'port22-likely')).toContain('Block Public Access');
  });
});

describe('pulumi#105 a rule', () => {
  const group = (...cidrBlocks: readonly unknown[]): Made =>
    made('SecurityGroup', 'sg', { ingress: [{ ...tcp22(...cidrBlocks), __defaults: ['x'] }] });
  const remediate: PackConfig = {
    'port22-open-rule': { enforcementLevel: 'remediate', allowedSources: ['198.51.100.0/24'] },
  };

  test('is told where it lets everybody in', async () => {
    await pack.configure({});
    const found = await judgedBy(pack, [group('0.0.0.0/0')]);
    expect(textOf(found, 'port22-open-rule')).toContain('"sg" ingress[0] admits tcp/22 from 0.0.0.0/0');
  });

  test('is mended where the policy may do so, with all else as it was', async () => {
    await pack.configure(remediate);
    const { asked } = packViewOf([group('0.0.0.0/0', '203.0.113.0/24')])[0] ?? {};
    if (!asked) throw new Error('there is no group');
    const [remediation] = await pack.remediate(asked);
    const rule = { ...tcp22('198.51.100.0/24', '203.0.113.0/24'), __defaults: ['x'] };
    expect(remediation?.properties).toEqual({ ingress: [rule] });
  });

  test.each([
    ['a part of which is not known', group('0.0.0.0/0', later())],
    ['that lets in nobody it must not', group('203.0.113.0/24')],
    [
      'for another port',
      made('SecurityGroup', 'sg', { ingress: [{ ...tcp22('0.0.0.0/0'), fromPort: 80, toPort: 80 }] }),
    ],
  ])('%s is left alone', async (_, given) => {
    await pack.configure(remediate);
    const { asked } = packViewOf([given])[0] ?? {};
    if (!asked) throw new Error('there is no group');
    expect(await pack.remediate(asked)).toEqual([]);
  });

  test('that stands alone takes one prefix, and is left alone where there are several', async () => {
    const alone = made('SecurityGroupIngressRule', 'in', {
      ...{ ipProtocol: 'tcp', fromPort: 22, toPort: 22 },
      cidrIpv4: '0.0.0.0/0',
      securityGroupId: later(),
    });
    const { asked } = packViewOf([alone])[0] ?? {};
    if (!asked) throw new Error('there is no rule');
    await pack.configure(remediate);
    expect((await pack.remediate(asked)).map(({ properties }) => properties)).toMatchObject([
      { cidrIpv4: '198.51.100.0/24' },
    ]);
    const two = ['198.51.100.0/24', '203.0.113.0/24'];
    await pack.configure({ 'port22-open-rule': { enforcementLevel: 'remediate', allowedSources: two } });
    expect(await pack.remediate(asked)).toEqual([]);
  });
});

describe('an inventory', () => {
  const given = f0With({ web: web({ vpcSecurityGroupIds: ['sg-lit'] }) });
  const group = (CidrIp: string) => ({
    SecurityGroups: [
      {
        GroupId: 'sg-lit',
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp }] }],
        IpPermissionsEgress: [],
      },
    ],
  });

  test.each([
    ['pulumi#7', '10.0.0.0/8', []],
    ['pulumi#8', '0.0.0.0/0', ['port22-exposed mandatory web']],
  ])('%s tells what a group of another program lets in: %s', async (_, cidr, wanted) => {
    const folder = tempFolder();
    writeFileSync(join(folder.path, 'groups.json'), JSON.stringify(group(cidr)));
    await pack.configure(all('mandatory', { inventory: [folder.path] }));
    expect(reported(await judgedBy(pack, given))).toEqual(wanted);
    folder.remove();
  });

  test.each([
    [['0.0.0.0/0'], ['port22-exposed mandatory web']],
    [['10.0.0.0/8'], []],
  ])(
    'of Google Cloud tells what stands in front of a network that the program only uses: %s',
    async (ranges, wanted) => {
      const recorded = f0Google().rule('allow-ssh', { sourceRanges: ranges });
      const folder = tempFolder();
      for (const [index, { value }] of recorded.documents('rest').entries())
        writeFileSync(join(folder.path, `${index}.json`), JSON.stringify(value));
      await pack.configure(all('mandatory', { inventory: [folder.path] }));
      const face = { network: 'projects/p/global/networks/net1', accessConfigs: [{}] };
      const machine = made('gcp:compute/instance:Instance', 'web', {
        project: 'p',
        zone: 'us-central1-a',
        networkInterfaces: [face],
      });
      expect(reported(await judgedBy(pack, [machine]))).toEqual(wanted);
      folder.remove();
    },
  );

  test.each([
    ['10.0.0.0/8', []],
    ['*', ['port22-exposed mandatory web']],
  ])('tells what a network of another program on Azure lets in: %s', async (sourceAddressPrefix, wanted) => {
    const folder = tempFolder();
    const recorded = subscription().rule('allow-ssh', { sourceAddressPrefix });
    for (const [index, { value }] of recorded.documents('fetched').entries())
      writeFileSync(join(folder.path, `${index}.json`), JSON.stringify(value));
    const config = { name: 'main', subnet: { id: subnetId('vnet1/s1') }, publicIPAddress: { id: later('pip') } };
    const resources = [
      made('azure-native:network:PublicIPAddress', 'pip', { sku: { name: 'Standard' } }),
      made('azure-native:network:NetworkInterface', 'nic', { ipConfigurations: [config] }),
      made('azure-native:compute:VirtualMachine', 'web', {
        networkProfile: { networkInterfaces: [{ id: later('nic') }] },
      }),
    ];
    await pack.configure(all('mandatory', {}));
    expect(reported(await judgedBy(pack, resources))).toEqual(['port22-undecided mandatory web']);
    await pack.configure(all('mandatory', { inventory: [folder.path] }));
    expect(reported(await judgedBy(pack, resources))).toEqual(wanted);
    folder.remove();
  });

  test('that cannot be read stops the run', async () => {
    await pack.configure(all('mandatory', { inventory: ['/nowhere/at/all'] }));
    const found = await judgedBy(pack, given);
    expect(reported(found)).toContain('port22-exposed mandatory the stack');
    expect(textOf(found, 'port22-exposed')).toContain('/nowhere/at/all');
  });
});

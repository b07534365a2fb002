import { describe, expect, test } from '@jest/globals';
import { explain } from '../../../src/index.js';
import { type Fixture, f0 } from '../../support/azure/fixture.js';
import { GROUP, SUBSCRIPTION } from '../../support/azure/ids.js';

/** A question that is answered with no, and the commands that mend it, in their order. */
interface FixRow {
  readonly name: string;
  readonly given: (f: Fixture) => unknown;
  readonly target?: string;
  readonly commands: readonly string[];
  /** Who gets in by all of them; the asked source only, unless said. */
  readonly gains?: readonly string[];
  /** False where what the commands do is not in the evidence. */
  readonly checked?: false;
}

const PLACE = `--subscription ${SUBSCRIPTION} --resource-group ${GROUP}`;
const ANY = "--source-port-ranges '*' --destination-address-prefixes '*'";

function created(group: string, name: string, priority: number, port = 22): string {
  return `az network nsg rule create ${PLACE} --nsg-name ${group} --name ${name} --priority ${priority} --direction Inbound --access Allow --protocol Tcp --source-address-prefixes 203.0.113.7/32 ${ANY} --destination-port-ranges ${port}`;
}

const updated = (fields: string) => `az network nsg rule update ${PLACE} --nsg-name nsg1 --name allow-ssh ${fields}`;

const CLIENT = '203.0.113.7/32';

const rows: readonly FixRow[] = [
  {
    name: 'no rule of the subnet',
    given: (f) => f.noRule('allow-ssh'),
    commands: [created('nsg1', 'allow-tcp-22', 100)],
  },
  {
    name: 'a rule that denies first, and a number that is taken',
    given: (f) =>
      f.rule('allow-ssh', { priority: 100, sourceAddressPrefix: '192.0.2.0/24' }).deny('stop', { priority: 102 }),
    commands: [created('nsg1', 'allow-tcp-22', 101)],
  },
  {
    name: 'a name that is taken',
    given: (f) => f.noRule('allow-ssh').deny('allow-tcp-22', { priority: 4096 }),
    commands: [created('nsg1', 'allow-tcp-22-2', 100)],
  },
  {
    name: 'both groups',
    given: (f) => f.noRule('allow-ssh').addNsg('nsg2', { nics: ['nicA'] }),
    commands: [created('nsg1', 'allow-tcp-22', 100), created('nsg2', 'allow-tcp-22', 100)],
  },
  {
    name: 'a rule for the public address',
    given: (f) => f.rule('allow-ssh', { sourceAddressPrefix: '203.0.113.7', destinationAddressPrefix: '20.1.2.3' }),
    commands: [updated("--destination-address-prefixes '*'")],
  },
  {
    name: 'a rule for a source port',
    given: (f) => f.rule('allow-ssh', { sourceAddressPrefix: '203.0.113.7', sourcePortRange: '22' }),
    commands: [updated("--source-port-ranges '*'")],
  },
  {
    name: 'a rule for another protocol',
    given: (f) => f.rule('allow-ssh', { sourceAddressPrefix: '203.0.113.7', protocol: 'Udp' }),
    commands: [updated('--protocol Tcp --destination-port-ranges 22')],
  },
  {
    name: 'a Standard address without a group',
    given: (f) => f.noNsg(),
    commands: [
      `az network nsg create ${PLACE} --name nicA-nsg && ${created('nicA-nsg', 'allow-tcp-22', 100)} && az network nic update ${PLACE} --name nicA --network-security-group nicA-nsg`,
    ],
    gains: ['168.63.129.16/32', CLIENT],
  },
  {
    name: 'a machine that is deallocated',
    given: (f) => f.rule('allow-ssh', { sourceAddressPrefix: '203.0.113.7' }).power('vmA', 'deallocated'),
    commands: [`az vm start ${PLACE} --name vmA`],
    gains: ['10.0.0.0/16', '168.63.129.16/32', CLIENT],
  },
  {
    name: 'a route into an appliance',
    given: (f) =>
      f
        .rule('allow-ssh', { sourceAddressPrefix: '203.0.113.7' })
        .routes('vnet1/s1', '0.0.0.0/0 VirtualAppliance 10.0.2.10'),
    commands: [
      `az network route-table route create ${PLACE} --route-table-name rt-s1 --name to-clients --address-prefix 203.0.113.7/32 --next-hop-type Internet`,
    ],
  },
  {
    name: 'no public address',
    given: (f) => f.ipConfig('nicA', { publicIPAddress: undefined }),
    target: 'vmA',
    commands: [
      `az network public-ip create ${PLACE} --name nicA-ip --sku Standard --allocation-method Static && az network nic ip-config update ${PLACE} --nic-name nicA --name ipconfig1 --public-ip-address nicA-ip`,
    ],
    gains: [],
    checked: false,
  },
  {
    name: 'a group whose name a shell would act on',
    given: (f) => f.noRule('allow-ssh').edit('networkSecurityGroups', 'nsg1', {}, { name: "a'; $(touch z)" }),
    commands: [created(`'a'\\''; $(touch z)'`, 'allow-tcp-22', 100)],
  },
];

describe.each(['az', 'rest', 'fetched'] as const)('a fix for Azure (%s)', (form) => {
  test.each(rows)('$name', ({ given, target = '20.1.2.3', commands, gains = [CLIENT], checked = true }) => {
    const f = f0();
    given(f);
    const { report } = explain({ documents: f.documents(form), complete: true }, { target, from: '203.0.113.7' });
    const [answer] = report?.targets ?? [];
    const fixes = answer?.findings.flatMap((finding) => finding.fixes) ?? [];
    expect(answer?.verdict).toBe('unreachable');
    expect(fixes.map(({ command }) => command)).toEqual(commands);
    expect(fixes.map(({ checked, loses }) => ({ checked, loses }))).toEqual(
      commands.map(() => ({ checked, loses: [] })),
    );
    expect(fixes.flatMap((one) => one.gains)).toEqual(gains);
  });
});

import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { applyCommand } from '../../support/azure/apply-command.js';
import { asked, CLIENT, type FixRow, fixRows } from '../../support/azure/fix-row.js';
import { type Fixture, f0 } from '../../support/azure/fixture.js';
import { GROUP, LOCATION, networkId, ref, SUBSCRIPTION } from '../../support/azure/ids.js';
import { uniform } from '../../support/azure/scale-set.js';
import { bastion, firewall, firewallTranslates, neighbour, withV6 } from '../../support/azure/topology.js';
import { shellWords } from '../../support/gcp/apply-command.js';

type FixText = FixRow['fixes'][number];

const PLACE = `--subscription ${SUBSCRIPTION} --resource-group ${GROUP}`;
const ANY = "--source-port-ranges '*' --destination-address-prefixes '*'";
const gains = [CLIENT];

/** allow-ssh lets in the asking client and nobody else. */
function onlyClient(f: Fixture): Fixture {
  return f.rule('allow-ssh', { sourceAddressPrefix: '203.0.113.7' });
}

function created(group: string, name: string, priority: number, from = CLIENT, port = 22): string {
  return `az network nsg rule create ${PLACE} --nsg-name ${group} --name ${name} --priority ${priority} --direction Inbound --access Allow --protocol Tcp --source-address-prefixes ${from} ${ANY} --destination-port-ranges ${port}`;
}

/** A new rule on the subnet's group. */
function opening(name = 'allow-tcp-22', priority = 100, more: Partial<FixText> = {}): FixText {
  return { for: 'azure/nsg-subnet', command: created('nsg1', name, priority), gains, ...more };
}

function updated(fields: string): FixText {
  const command = `az network nsg rule update ${PLACE} --nsg-name nsg1 --name allow-ssh ${fields}`;
  return { for: 'azure/nsg-subnet', command, gains };
}

describe('no rule', () => {
  fixRows([
    {
      name: 'of the subnet',
      given: (f) => f.noRule('allow-ssh'),
      fixes: [
        opening('allow-tcp-22', 100, {
          pulumi:
            'new network.SecurityRule("allow-tcp-22", { resourceGroupName: "rg", networkSecurityGroupName: "nsg1", securityRuleName: "allow-tcp-22", priority: 100, direction: "Inbound", access: "Allow", protocol: "Tcp", sourceAddressPrefixes: ["203.0.113.7/32"], sourcePortRange: "*", destinationAddressPrefix: "*", destinationPortRange: "22" });',
        }),
      ],
    },
    {
      name: 'before one that denies, and a number that is taken',
      given: (f) =>
        f.rule('allow-ssh', { priority: 100, sourceAddressPrefix: '192.0.2.0/24' }).deny('stop', { priority: 102 }),
      fixes: [opening('allow-tcp-22', 101)],
    },
    {
      name: 'can come before one with the lowest number',
      given: (f) => f.noRule('allow-ssh').deny('stop', { priority: 100 }),
      checked: false,
      fixes: [],
    },
    {
      name: 'and the name that it would have is taken',
      given: (f) => f.noRule('allow-ssh').deny('Allow-TCP-22', { priority: 4096 }),
      fixes: [opening('allow-tcp-22-2')],
    },
    {
      name: 'for a prefix',
      given: (f) => f.noRule('allow-ssh'),
      from: '203.0.113.0/30',
      fixes: [
        opening('allow-tcp-22', 100, {
          command: created('nsg1', 'allow-tcp-22', 100, '203.0.113.0/30'),
          gains: ['203.0.113.0/30'],
        }),
      ],
    },
    {
      name: 'for the port',
      given: (f) => f,
      port: 2222,
      fixes: [opening('', 0, { command: created('nsg1', 'allow-tcp-2222', 101, CLIENT, 2222) })],
    },
    {
      name: 'for the family',
      given: (f) => withV6(f).rule('allow-ssh', { sourceAddressPrefix: '0.0.0.0/0' }),
      target: '2001:db8:1:1::4',
      from: '2001:db8::9',
      fixes: [
        opening('', 0, {
          command: created('nsg1', 'allow-tcp-22', 101, '2001:db8::9/128'),
          gains: ['2001:db8::9/128'],
        }),
      ],
    },
    {
      name: 'of both groups',
      given: (f) => f.noRule('allow-ssh').addNsg('nsg2', { nics: ['nicA'] }),
      fixes: [
        opening('allow-tcp-22', 100, { gains: [] }),
        { for: 'azure/nsg-nic', command: created('nsg2', 'allow-tcp-22', 100), gains },
      ],
    },
    {
      name: 'for what stands before the machine: its addresses are let in, not the client',
      given: (f) => {
        firewall(f, { vnet: 'vnet1', prefix: '10.0.100.0/26' }, firewallTranslates());
        onlyClient(f.ipConfig('nicA', { publicIPAddress: undefined })).deny('deny', { priority: 4096 });
      },
      target: 'vmA',
      via: 'azure-firewall',
      fixes: [
        opening('', 0, {
          command: created('nsg1', 'allow-tcp-22', 101, '10.0.100.0/26'),
          gains: ['0.0.0.0/0'],
        }),
      ],
    },
  ]);
});

describe('a rule that is nearly right', () => {
  const toWeb = (f: Fixture): Fixture =>
    f.rule('allow-ssh', {
      sourceAddressPrefix: '203.0.113.7',
      destinationAddressPrefix: undefined,
      destinationApplicationSecurityGroups: [ref(networkId('applicationSecurityGroups', 'web'))],
    });
  const joining = (...names: readonly string[]): FixText => ({
    for: 'azure/nsg-subnet',
    command: `az network nic ip-config update ${PLACE} --nic-name nicA --name ipconfig1 --application-security-groups ${names.map((name) => networkId('applicationSecurityGroups', name)).join(' ')}`,
    pulumi: `applicationSecurityGroups: [${names.map((name) => `{ id: "${networkId('applicationSecurityGroups', name)}" }`).join(', ')}]`,
    gains,
    note: 'every rule for the group web is for the machine then',
  });
  fixRows([
    {
      name: 'is for the public address',
      given: (f) => onlyClient(f).rule('allow-ssh', { destinationAddressPrefix: '20.1.2.3' }),
      fixes: [updated("--destination-address-prefixes '*'")],
    },
    {
      name: 'is for a source port',
      given: (f) => onlyClient(f).rule('allow-ssh', { sourcePortRange: '22' }),
      fixes: [updated("--source-port-ranges '*'")],
    },
    {
      name: 'is for the port of another protocol',
      given: (f) => onlyClient(f).rule('allow-ssh', { protocol: 'Udp' }),
      fixes: [updated('--protocol Tcp')],
    },
    {
      name: 'is for all of another protocol, which stays as it is',
      given: (f) => onlyClient(f).rule('allow-ssh', { protocol: 'Udp', destinationPortRange: '*' }),
      fixes: [opening('allow-tcp-22', 101)],
    },
    {
      name: 'is for an application group',
      given: (f) => toWeb(f).addAsg('web'),
      forms: ['az', 'rest', 'fetched'],
      fixes: [joining('web')],
    },
    {
      name: 'is for an application group, and the machine is in another one',
      given: (f) => toWeb(f).addAsg('web').asgs('nicA', 'db'),
      forms: ['az', 'rest', 'fetched'],
      fixes: [joining('db', 'web')],
    },
    {
      name: 'is for an application group of another network',
      given: (f) => toWeb(neighbour(f)).asgs('nicP', 'web'),
      fixes: [opening('allow-tcp-22', 101)],
    },
  ]);
});

describe('no group', () => {
  const closed: FixText = {
    for: 'azure/standard-ip-closed',
    command: `az network nsg create ${PLACE} --name nicA-nsg --location ${LOCATION} && ${created('nicA-nsg', 'allow-tcp-22', 100)} && az network nic update ${PLACE} --name nicA --network-security-group nicA-nsg`,
    gains: [CLIENT],
  };
  fixRows([
    { name: 'at a Standard address', given: (f) => f.noNsg(), fixes: [closed] },
    {
      name: 'in the model of a scale set',
      given: (f) => uniform(f),
      target: '20.3.3.3',
      forms: ['az', 'rest', 'fetched'],
      checked: false,
      fixes: [],
    },
  ]);
});

describe('a machine that does not run', () => {
  const starting: FixText = {
    for: 'azure/vm-power',
    command: `az vm start ${PLACE} --name vmA`,
    gains: ['10.0.0.0/16', CLIENT],
  };
  fixRows([
    { name: 'is started', given: (f) => onlyClient(f).power('vmA', 'deallocated'), fixes: [starting] },
    {
      name: 'of a scale set is started by its number',
      given: (f) => {
        const instanceView = { statuses: [{ code: 'PowerState/deallocated' }] };
        uniform(onlyClient(f), 'nsg1').edit('scaleSetVms', 'vmss1_3', { instanceView });
      },
      target: '20.3.3.3',
      forms: ['az', 'rest', 'fetched'],
      fixes: [{ ...starting, command: `az vmss start ${PLACE} --name vmss1 --instance-ids 3` }],
    },
    {
      name: 'and changes its state by itself has nothing to run',
      given: (f) => onlyClient(f).power('vmA', 'stopping'),
      checked: false,
      fixes: [],
    },
    {
      name: 'and has no rule gets both, in packet order',
      given: (f) => f.noRule('allow-ssh').power('vmA', 'stopped'),
      fixes: [{ ...starting, gains: ['10.0.0.0/16'] }, opening()],
    },
  ]);
});

describe('no public address', () => {
  const command = `az network public-ip create ${PLACE} --name nicA-ip --location ${LOCATION} --sku Standard --allocation-method Static && az network nic ip-config update ${PLACE} --nic-name nicA --name ipconfig1 --public-ip-address nicA-ip`;
  fixRows([
    {
      name: 'gets one, of which nobody knows before what it is',
      given: (f) => f.ipConfig('nicA', { publicIPAddress: undefined }),
      target: 'vmA',
      checked: false,
      fixes: [{ for: 'azure/no-public-path', command, note: 'az network bastion ssh needs no public address' }],
    },
  ]);
});

describe('through Bastion', () => {
  fixRows([
    {
      name: 'its subnet is let in',
      given: (f) => bastion(f.noRule('allow-ssh').deny('deny', { priority: 4096 }), 'Standard'),
      target: 'vmA',
      via: 'bastion',
      fixes: [
        opening('', 0, { command: created('nsg1', 'allow-tcp-22', 100, '10.0.200.0/26'), gains: ['10.0.200.0/26'] }),
      ],
    },
  ]);
});

describe('a name on which a shell would act stays one word', () => {
  test.each(['az', 'rest', 'fetched'] as const)('of a group (%s)', (form) => {
    const f = f0();
    f.noRule('allow-ssh').edit('networkSecurityGroups', 'nsg1', {}, { name: "a'; $(touch z)" });
    const recorded = { documents: f.documents(form), complete: true };
    const command = asked({}, recorded).findings.flatMap(({ fixes }) => fixes)[0]?.command ?? '';
    const words = shellWords(command);
    expect(words).toContain("a'; $(touch z)");
    // The shell itself reads the same words, and runs nothing else.
    const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8', env: {} });
    expect(printed.split('\0').slice(0, -1)).toEqual(words);
  });
});

describe('the reader of commands refuses', () => {
  const documents = f0().documents('rest');
  test.each([
    ['az vm begin --resource-group rg --name vmA', "no test knows what 'vm begin' does"],
    [`az vm start ${PLACE} --vm vmA`, 'unrecognized arguments: --vm'],
    [`az vm start --subscription x --name vmA`, '--resource-group is required'],
    [`az vm start ${PLACE} --name vmA vmB`, '--name takes one value'],
    [`az vm start ${PLACE} --name`, '--name: expected a value'],
    [`az vm start ${PLACE} --name vmZ`, 'not found'],
    [`az vm start ${PLACE} --name $(id)`, 'a shell acts on'],
    [`az network nsg rule create ${PLACE} --nsg-name nsg1 --name x --priority 100`, 'priority 100 is taken'],
    [`az network nsg rule create ${PLACE} --nsg-name nsg1 --name x --priority 99`, '--priority 99'],
  ])('%s', (command, message) => {
    expect(() => applyCommand(documents, command)).toThrow(message);
  });
});

import { describe } from '@jest/globals';
import { CLIENT, type FixRow, fixRows } from '../../support/azure/fix-row.js';
import type { Fixture } from '../../support/azure/fixture.js';
import { GROUP, networkId, SUBSCRIPTION } from '../../support/azure/ids.js';
import { balancer, balancingRule, health, natRule } from '../../support/azure/load-balancer.js';
import { firewall, firewallTranslates, hub, neighbour } from '../../support/azure/topology.js';

type FixText = FixRow['fixes'][number];

const PLACE = `--subscription ${SUBSCRIPTION} --resource-group ${GROUP}`;
const gains = [CLIENT];

/** allow-ssh lets in the asking client and nobody else. */
function onlyClient(f: Fixture): Fixture {
  return f.rule('allow-ssh', { sourceAddressPrefix: '203.0.113.7' });
}

describe('an Azure Firewall', () => {
  const note = 'it takes the extension azure-firewall';
  const rule = (collection: string, priority: number): FixText => ({
    for: 'azure/azure-firewall',
    command: `az network firewall network-rule create ${PLACE} --firewall-name fw1 --collection-name ${collection} --name allow-tcp-22 --priority ${priority} --action Allow --protocols TCP --source-addresses 10.1.0.4/32 --destination-addresses 10.0.1.4 --destination-ports 22`,
    pulumi: `networkRuleCollections: [{"name":"${collection}","priority":${priority},"action":{"type":"Allow"},"rules":[{"name":"allow-tcp-22","protocols":["TCP"],"sourceAddresses":["10.1.0.4/32"],"destinationAddresses":["10.0.1.4"],"destinationPorts":["22"]}]}]`,
    gains: ['10.1.0.4/32'],
    note,
  });
  const spokes = (f: Fixture, rules: Parameters<typeof firewall>[2] = {}): Fixture => {
    firewall(hub(neighbour(f)), { vnet: 'hub', prefix: '10.100.0.0/26' }, rules);
    const forwarded = { allowForwardedTraffic: true };
    f.peer('vnet1', 'hub', forwarded).peer('vnet2', 'hub', forwarded);
    f.routes('vnet1/s1', '10.1.0.0/16 VirtualAppliance 10.100.0.4');
    return f.routes('vnet2/p1', '10.0.0.0/16 VirtualAppliance 10.100.0.4');
  };
  const collection = (type: string, priority: number, name = `rc-${type.toLowerCase()}`) => ({
    name,
    id: networkId('azureFirewalls', 'fw1', 'networkRuleCollections', name),
    properties: {
      priority,
      action: { type },
      rules: [
        {
          name: 'all',
          sourceAddresses: ['*'],
          destinationAddresses: ['*'],
          destinationPorts: ['22'],
          protocols: ['TCP'],
        },
      ],
    },
  });
  const ASKED = { target: '10.0.1.4', from: 'vmP' } as const;
  fixRows([
    {
      name: 'between two networks, without a rule',
      given: (f) => spokes(f),
      ...ASKED,
      fixes: [rule('allow-tcp-22', 100)],
    },
    {
      name: 'with a rule that denies',
      given: (f) => spokes(f, { networkRuleCollections: [collection('Deny', 200)] }),
      ...ASKED,
      fixes: [rule('allow-tcp-22', 100)],
    },
    {
      name: 'with a rule that denies before all others',
      given: (f) => spokes(f, { networkRuleCollections: [collection('Deny', 100)] }),
      ...ASKED,
      checked: false,
      fixes: [],
    },
  ]);

  const translated = (f: Fixture, name = 'ssh'): Fixture => {
    f.ipConfig('nicA', { publicIPAddress: undefined }).noRule('allow-ssh');
    firewall(f, { vnet: 'vnet1', prefix: '10.0.100.0/26' }, firewallTranslates());
    const [lists] = [f.record('azureFirewalls', 'fw1').properties as ReturnType<typeof firewallTranslates>];
    const text = JSON.stringify(lists?.natRuleCollections).replace('["*"]', '["192.0.2.1"]');
    return f.edit('azureFirewalls', 'fw1', { natRuleCollections: JSON.parse(text.replace('"ssh"', `"${name}"`)) });
  };
  const DIALLED = { target: 'vmA', via: 'azure-firewall' } as const;
  fixRows([
    {
      name: 'that translates for somebody else translates for the client, too',
      given: (f) => translated(f),
      ...DIALLED,
      fixes: [
        {
          for: 'azure/azure-firewall',
          command: `az network firewall update ${PLACE} --name fw1 --add 'natRuleCollections[name=rc1].rules[name=ssh].sourceAddresses' ${CLIENT}`,
          pulumi: 'sourceAddresses: ["192.0.2.1","203.0.113.7/32"]',
          gains,
          note,
        },
      ],
    },
    {
      name: 'whose rule has a name that the CLI takes for a number',
      given: (f) => translated(f, '22'),
      ...DIALLED,
      checked: false,
      fixes: [],
    },
  ]);
});

describe('a load balancer', () => {
  const ASKED = { target: 'vmA', via: 'load-balancer' } as const;
  /** The way that is opened has another address than the one that was closed, so that the change is not proved. */
  const BALANCED = { ...ASKED, forms: ['az', 'rest', 'fetched'] } as const;
  const ruleId = (name: string) => networkId('loadBalancers', 'lb1', 'inboundNatRules', name);
  const attach = (name: string) =>
    `az network nic ip-config inbound-nat-rule add ${PLACE} --nic-name nicA --ip-config-name ipconfig1 --inbound-nat-rule ${ruleId(name)}`;
  const made = (port: number): FixText => ({
    for: 'azure/lb-no-rule',
    command: `az network lb inbound-nat-rule create ${PLACE} --lb-name lb1 --name vmA-22 --protocol Tcp --frontend-ip front --frontend-port ${port} --backend-port 22 && ${attach('vmA-22')}`,
    gains: [CLIENT],
    note: `the machine is dialled at port ${port} of the balancer`,
  });
  const behind = (f: Fixture): Fixture => onlyClient(f).ipConfig('nicA', { publicIPAddress: undefined });
  fixRows([
    {
      name: 'without a rule for the port',
      given: (f) => balancer(behind(f), { natRules: [natRule({ backendPort: 2222 })] }),
      ...BALANCED,
      fixes: [made(50002)],
    },
    {
      name: 'with a NAT rule that leads to nobody',
      given: (f) =>
        balancer(behind(f), { members: ['nicA'], natRules: [natRule({ backendIPConfiguration: undefined })] }),
      ...BALANCED,
      fixes: [
        {
          for: 'azure/lb-no-rule',
          command: attach('ssh0'),
          gains: [CLIENT],
          note: 'the machine is dialled at port 50001 of the balancer',
        },
      ],
    },
    {
      name: 'whose probes find the machine down has nothing to run',
      given: (f) => health(balancer(behind(f), { members: ['nicA'], rules: [balancingRule()] }), 'Down', 'nicA'),
      ...ASKED,
      checked: false,
      fixes: [],
    },
  ]);
});

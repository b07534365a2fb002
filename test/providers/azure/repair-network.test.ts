import { describe } from '@jest/globals';
import { CLIENT, type FixRow, fixRows } from '../../support/azure/fix-row.js';
import type { Fixture } from '../../support/azure/fixture.js';
import { GROUP, LOCATION, networkId, SUBSCRIPTION } from '../../support/azure/ids.js';
import { adminRule, fromPrefix, fromTag, networkManager } from '../../support/azure/manager-records.js';
import { appliance, forcedTunnel, hub, neighbour, vpn } from '../../support/azure/topology.js';

type FixText = FixRow['fixes'][number];

const PLACE = `--subscription ${SUBSCRIPTION} --resource-group ${GROUP}`;
const gains = [CLIENT];

/** allow-ssh lets in the asking client and nobody else. */
function onlyClient(f: Fixture): Fixture {
  return f.rule('allow-ssh', { sourceAddressPrefix: '203.0.113.7' });
}

describe('a route', () => {
  const created = (table: string, name: string, prefix: string, hop: string) =>
    `az network route-table route create ${PLACE} --route-table-name ${table} --name ${name} --address-prefix ${prefix} --next-hop-type ${hop}`;
  const back = (name = 'to-clients', prefix = CLIENT, hop = 'Internet'): FixText => ({
    for: 'azure/route-return',
    command: created('rt-s1', name, prefix, hop),
    pulumi: `new network.Route("${name}", { resourceGroupName: "rg", routeTableName: "rt-s1", routeName: "${name}", addressPrefix: "${prefix}", nextHopType: "${hop}" });`,
    gains,
  });
  const { gains: _, ...untold } = back();
  const note = 'these replies pass the appliance by, which may be there on purpose';
  const INSIDE = { target: '10.0.1.4', from: 'vmB' } as const;
  const office = (f: Fixture): Fixture => vpn(f.noRule('allow-ssh'), 'vnet1', '10.0.255.0/27');
  const OFFICE = { target: '10.0.1.4', from: '172.20.0.9' } as const;
  const learned = (f: Fixture) =>
    office(f).routes('vnet1/s1').edit('routeTables', 'rt-s1', { disableBgpRoutePropagation: true });
  fixRows([
    {
      name: 'into an appliance',
      given: (f) => onlyClient(f).routes('vnet1/s1', '0.0.0.0/0 VirtualAppliance 10.0.2.10'),
      fixes: [{ ...back(), note }],
    },
    {
      name: 'for just this client is replaced: a table has one of a prefix',
      given: (f) => onlyClient(f).routes('vnet1/s1', `${CLIENT} None`),
      fixes: [back('route1')],
    },
    {
      name: 'that an interface says of itself is not in the table',
      given: (f) => forcedTunnel(onlyClient(vpn(f, 'vnet1', '10.0.255.0/27')).routes('vnet1/s1')),
      checked: false,
      result: 'unreachable',
      fixes: [{ ...untold, note: 'what nicA says of its routes was recorded before the change' }],
    },
    {
      name: 'back into the network that leads nowhere',
      given: (f) => f.noRule('allow-ssh').routes('vnet1/s1', '10.0.2.0/24 None'),
      ...INSIDE,
      fixes: [{ ...back('to-clients', '10.0.2.4/32', 'VnetLocal'), gains: ['10.0.2.4/32'] }],
    },
    {
      name: 'of the sender that leads nowhere',
      given: (f) => f.noRule('allow-ssh').routes('vnet1/s2', '10.0.1.0/24 None'),
      ...INSIDE,
      fixes: [
        {
          for: 'azure/route-forward',
          command: created('rt-s2', 'to-clients', '10.0.1.4/32', 'VnetLocal'),
          gains: ['10.0.2.0/24'],
        },
      ],
    },
    {
      name: 'that a gateway learned and the table keeps out',
      given: learned,
      ...OFFICE,
      fixes: [
        {
          for: 'azure/route-return',
          command: `az network route-table update ${PLACE} --name rt-s1 --disable-bgp-route-propagation false`,
          pulumi: 'disableBgpRoutePropagation: false',
          gains: ['172.20.0.0/16'],
          note: 'every route that a gateway learns is for the subnets of the table then',
        },
      ],
    },
    {
      name: 'to the office that leads nowhere',
      given: (f) => office(f).routes('vnet1/s1', '172.20.0.0/16 None'),
      ...OFFICE,
      fixes: [{ ...back('to-clients', '172.20.0.9/32', 'VirtualNetworkGateway'), gains: ['172.20.0.9/32'] }],
    },
    {
      name: 'into an appliance that must not forward: what it does then is not in the evidence',
      given: (f) => appliance(f.noRule('allow-ssh'), false).routes('vnet1/s2', '10.0.1.0/24 VirtualAppliance 10.0.9.4'),
      ...INSIDE,
      checked: false,
      result: 'unknown',
      fixes: [
        {
          for: 'azure/nva',
          command: `az network nic update ${PLACE} --name nicN --ip-forwarding true`,
          pulumi: 'enableIPForwarding: true',
          note: 'the system of the appliance has to forward, too: net.ipv4.ip_forward=1',
        },
      ],
    },
  ]);
});

describe('a peering', () => {
  const ASKED = { target: '10.0.1.4', from: 'vmP' } as const;
  const side = (verb: string, network: string, name: string, rest = '') =>
    `az network vnet peering ${verb} ${PLACE} --vnet-name ${network} --name ${name}${rest}`;
  const made = (network: string, remote: string) =>
    side(
      'create',
      network,
      `to-${remote}`,
      ` --remote-vnet ${networkId('virtualNetworks', remote)} --allow-vnet-access true`,
    );
  const fix = (command: string, more: Partial<FixText> = {}): FixText => ({
    for: 'azure/peering',
    command,
    gains: ['10.1.0.0/16'],
    ...more,
  });
  const half = (f: Fixture, peeringState: string) =>
    neighbour(f.noRule('allow-ssh')).halfPeer('vnet1', 'vnet2', { peeringState });
  fixRows([
    {
      name: 'that waits for its other side',
      given: (f) => half(f, 'Initiated'),
      ...ASKED,
      forms: ['az', 'rest', 'fetched'],
      fixes: [fix(made('vnet2', 'vnet1'))],
    },
    {
      name: 'whose other side was deleted is made anew',
      given: (f) => half(f, 'Disconnected'),
      ...ASKED,
      forms: ['az', 'rest', 'fetched'],
      fixes: [fix([side('delete', 'vnet1', 'to-vnet2'), made('vnet1', 'vnet2'), made('vnet2', 'vnet1')].join(' && '))],
    },
    {
      name: 'that does not have what was added to the peer',
      given: (f) => {
        neighbour(f.noRule('allow-ssh')).vnet('vnet2', {
          addressSpace: { addressPrefixes: ['10.1.0.0/16', '10.7.0.0/16'] },
        });
        f.addSubnet('vnet2/p7', '10.7.0.0/24').addVm('Q', { subnet: 'vnet2/p7', ip: '10.7.0.4' });
        f.peer('vnet1', 'vnet2').peering('vnet2', 'vnet1', { peeringSyncLevel: 'LocalNotInSync' });
        const remoteAddressSpace = { addressPrefixes: ['10.1.0.0/16'] };
        f.peering('vnet1', 'vnet2', { peeringSyncLevel: 'RemoteNotInSync', remoteAddressSpace });
      },
      ...ASKED,
      from: 'vmQ',
      fixes: [
        fix(side('sync', 'vnet1', 'to-vnet2'), { gains: ['10.7.0.0/16'], pulumi: 'syncRemoteAddressSpace: "true"' }),
      ],
    },
    {
      name: 'that is not transitive has nothing to run',
      given: (f) => hub(neighbour(f)).peer('vnet1', 'hub').peer('hub', 'vnet2'),
      ...ASKED,
      checked: false,
      fixes: [],
    },
  ]);

  const behindHub = (f: Fixture): Fixture =>
    vpn(hub(f.noRule('allow-ssh')), 'hub', '10.100.255.0/27').peer('vnet1', 'hub');
  const used = side('update', 'vnet1', 'to-hub', ' --use-remote-gateways true');
  const OFFICE = { target: '10.0.1.4', from: '172.20.0.9' } as const;
  const gateway: FixText = {
    for: 'azure/gateway',
    command: used,
    pulumi: 'useRemoteGateways: true',
    gains: ['172.20.0.0/16'],
    note: 'everything behind the gateway of hub is joined to vnet1 then',
  };
  fixRows([
    {
      name: 'whose gateway is not used',
      given: (f) => behindHub(f).peering('hub', 'vnet1', { allowGatewayTransit: true }),
      ...OFFICE,
      fixes: [gateway],
    },
    {
      name: 'whose gateway is not offered either',
      given: behindHub,
      ...OFFICE,
      fixes: [
        {
          ...gateway,
          command: `${side('update', 'hub', 'to-vnet1', ' --allow-gateway-transit true')} && ${used}`,
          pulumi: 'useRemoteGateways: true // and in the peering of the other network allowGatewayTransit: true',
        },
      ],
    },
  ]);
});

describe('an admin rule of a network manager', () => {
  const configuration = (name: string, manager = 'nm1') =>
    networkId('networkManagers', manager, 'securityAdminConfigurations', name);
  const rule = (priority: number, name = 'allow-tcp-22', deployed: readonly string[] = ['sac1']): FixText => ({
    for: 'azure/avnm-admin-rule',
    command: `az network manager security-admin-config rule-collection rule create ${PLACE} --network-manager-name nm1 --configuration-name sac1 --rule-collection-name rc1 --rule-name ${name} --kind Custom --access Allow --priority ${priority} --direction Inbound --protocol Tcp --sources address-prefix=${CLIENT} address-prefix-type=IPPrefix --destinations address-prefix=10.0.1.4/32 address-prefix-type=IPPrefix --source-port-ranges 0-65535 --dest-port-ranges 22 && az network manager post-commit ${PLACE} --network-manager-name nm1 --commit-type SecurityAdmin --configuration-ids ${deployed.map((one) => configuration(one)).join(' ')} --target-locations ${LOCATION}`,
    gains,
    note: `it is for the owner of nm1, and takes the extension virtual-network-manager; what is named is deployed in ${LOCATION} with all its drafts, and what is not named is withdrawn`,
  });
  const denied = (f: Fixture): Fixture =>
    f.add('networkManagers', networkManager('nm1')).adminRule('deny', fromTag('Internet'));
  const ofOther = { id: `${configuration('sac2')}/ruleCollections/rc9/rules/keep` };
  fixRows([
    {
      name: 'that denies: one before it leaves the client to the security groups',
      given: (f) => denied(onlyClient(f)),
      fixes: [rule(9)],
    },
    {
      name: 'and a security group that denies, too',
      given: (f) => denied(f.noRule('allow-ssh')),
      fixes: [
        { ...rule(9), gains: [] },
        {
          for: 'azure/nsg-subnet',
          command: `az network nsg rule create ${PLACE} --nsg-name nsg1 --name allow-tcp-22 --priority 100 --direction Inbound --access Allow --protocol Tcp --source-address-prefixes ${CLIENT} --source-port-ranges '*' --destination-address-prefixes '*' --destination-port-ranges 22`,
          gains,
        },
      ],
    },
    {
      name: 'behind others, whose numbers and names are taken',
      given: (f) =>
        denied(onlyClient(f))
          .adminRule('allow-tcp-22', { priority: 9, ...fromPrefix('192.0.2.1/32') })
          .adminRule('deny-more', { priority: 8, ...fromPrefix('192.0.2.2/32') }),
      fixes: [rule(7, 'allow-tcp-22-2')],
    },
    {
      name: 'with the first number cannot be passed',
      given: (f) => denied(onlyClient(f)).adminRule('first', { priority: 1, ...fromTag('Internet') }),
      checked: false,
      fixes: [],
    },
    {
      name: 'beside another configuration of the manager, which stays deployed',
      given: (f) => {
        denied(onlyClient(f));
        const own = adminRule('keep', { ...fromPrefix('192.0.2.3/32'), priority: 20 }, 'nm1');
        const deny = adminRule('deny', fromTag('Internet'), 'nm1');
        f.answer('effectiveAdminRules', f.vnetSubject('vnet1'), { value: [deny, { ...own, ...ofOther }] });
      },
      fixes: [rule(9, 'allow-tcp-22', ['sac1', 'sac2'])],
    },
  ]);
});

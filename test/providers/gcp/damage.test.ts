import { describe } from '@jest/globals';
import { accessConfig } from '../../support/gcp/compute-records.js';
import { damagedScenes, type Scene } from '../../support/gcp/damage.js';
import type { Fixture } from '../../support/gcp/fixture.js';
import { policyRule } from '../../support/gcp/policies.js';
import { l4, resource } from '../../support/gcp/records.js';
import {
  appliance,
  onPremises,
  Q6,
  SSH,
  THROUGH_APPLIANCE,
  tcpProxy,
  vm2,
  vm2InNet2,
  withV6,
} from '../../support/gcp/topology.js';
import { globalUrl, regionalUrl, zonalUrl } from '../../support/gcp/urls.js';

const INSIDE = { target: '10.0.0.2', from: '10.0.0.5' } as const;
const PEERED = { target: '10.0.0.2', from: '10.0.2.5' } as const;
const ON_PREMISES = { target: '10.0.0.2', from: '192.168.0.9' } as const;
const BALANCED = { target: 'vm1', from: '198.51.100.7', via: 'load-balancer' } as const;

const NIC = 'networkInterfaces.0';
const TAG = 'tagValues/1';

function first(f: Fixture, ...rules: Parameters<typeof f.policy>[0]['rules'][number][]): Fixture {
  return f.policiesFirst().policy({ type: 'NETWORK', name: 'pol', rules });
}

function neighbour(f: Fixture): Fixture {
  return vm2InNet2(f).rule('allow-ssh', { sourceRanges: ['10.0.2.0/24'] });
}

const PBR_FILTER = { protocolVersion: 'IPV4', ipProtocol: 'TCP', srcRange: '10.0.0.0/24', destRange: '0.0.0.0/0' };

function balancer(f: Fixture, healthState: string, rule = {}, service = {}): Fixture {
  const backendService = regionalUrl('backendServices', 'bs1');
  f.backendService('bs1', ['vm1'], healthState, service);
  return f.forwardingRule('fr1', { IPAddress: '203.0.113.80', ports: ['22'], backendService, ...rule });
}

const scenes: readonly Scene[] = [
  {
    name: 'open',
    given: (f) => f.rule('allow-ssh', { targetTags: ['web'] }),
    fields: {
      'instance vm1': `status~= tags tags.items tags.items.0 canIpForward serviceAccounts networkInterfaces= ${NIC}= ${NIC}.network= ${NIC}.networkIP ${NIC}.accessConfigs ${NIC}.accessConfigs.0 ${NIC}.accessConfigs.0.natIP~ ${NIC}.accessConfigs.0.type~ ${NIC}.stackType~`,
      'firewall allow-ssh':
        'network= priority~ direction~ disabled~ allowed= allowed.0.IPProtocol~= allowed.0.ports allowed.0.ports.0~ sourceRanges sourceRanges.0~ targetTags targetTags.0',
      'network net1': 'networkFirewallPolicyEnforcementOrder~ peerings',
      'subnetwork sn1': 'network= ipCidrRange~',
      'route default-internet': 'network= destRange~= priority~ nextHopGateway~=',
    },
  },
  {
    name: 'stopped',
    given: (f) => f.vm('vm1', { status: 'TERMINATED' }),
    was: 'unreachable',
    fields: { 'instance vm1': 'status~=' },
  },
  {
    name: 'no rule for the tag',
    given: (f) => f.rule('allow-ssh', { targetTags: ['ssh'] }),
    was: 'unreachable',
    fields: {
      'instance vm1': 'tags tags.items tags.items.0',
      'firewall allow-ssh': 'targetTags.0 direction~ allowed= sourceRanges',
    },
  },
  {
    name: 'no rule for the account',
    given: (f) => f.rule('allow-ssh', { targetServiceAccounts: ['other@p'] }),
    was: 'unreachable',
    fields: {
      'instance vm1': 'serviceAccounts serviceAccounts.0 serviceAccounts.0.email=',
      'firewall allow-ssh': 'targetServiceAccounts targetServiceAccounts.0',
    },
  },
  {
    name: 'a rule that is disabled',
    given: (f) => f.rule('allow-ssh', { disabled: true }),
    was: 'unreachable',
    fields: { 'firewall allow-ssh': 'disabled~' },
  },
  {
    name: 'a rule for egress',
    given: (f) => f.rule('allow-ssh', { direction: 'EGRESS' }),
    was: 'unreachable',
    fields: { 'firewall allow-ssh': 'direction~' },
  },
  {
    name: 'a rule for another destination',
    given: (f) => f.rule('allow-ssh', { destinationRanges: ['10.0.0.3/32'] }),
    was: 'unreachable',
    fields: { 'firewall allow-ssh': 'destinationRanges destinationRanges.0~' },
  },
  {
    name: 'a rule for another network',
    given: (f) => f.addNetwork('net2').rule('allow-ssh', { network: 'net2' }),
    was: 'unreachable',
    fields: { 'firewall allow-ssh': 'network=' },
  },
  {
    name: 'a rule that denies',
    given: (f) => f.rule('deny', { denied: SSH, priority: 900, targetTags: ['web'] }),
    was: 'unreachable',
    fields: {
      'firewall deny':
        'network= priority~ direction~ disabled~ denied= denied.0.IPProtocol~= denied.0.ports denied.0.ports.0~ sourceRanges sourceRanges.0~ targetTags targetTags.0',
      'instance vm1': 'tags tags.items tags.items.0',
    },
  },
  {
    name: 'a rule that denies others',
    given: (f) =>
      f
        .rule('deny', { denied: l4('tcp:80'), priority: 900 })
        .rule('deny-some', { denied: SSH, sourceRanges: ['192.0.2.0/24'], priority: 901 })
        .rule('deny-tagged', { denied: SSH, targetTags: ['db'], priority: 902 })
        .rule('deny-out', { denied: SSH, direction: 'EGRESS', priority: 0 }),
    fields: {
      'firewall deny': 'denied= denied.0.IPProtocol~= denied.0.ports denied.0.ports.0~ priority~',
      'firewall deny-some': 'sourceRanges sourceRanges.0~',
      'firewall deny-tagged': 'targetTags targetTags.0',
      'firewall deny-out': 'direction~ denied=',
    },
  },
  {
    name: 'by the tag of the sender',
    given: (f) => vm2(f).rule('allow-ssh', { sourceRanges: undefined, sourceTags: ['client'] }),
    asks: INSIDE,
    fields: {
      'instance vm2': `status~= tags tags.items ${NIC}= ${NIC}.network= ${NIC}.networkIP networkInterfaces=`,
      'firewall allow-ssh': 'sourceTags sourceTags.0',
      'subnetwork sn1': 'network= ipCidrRange~',
      'route default-route-sn1': 'network= destRange~= nextHopNetwork=',
    },
  },
  {
    name: 'by the account of the sender',
    given: (f) =>
      vm2(f).rule('allow-ssh', { sourceRanges: undefined, sourceServiceAccounts: ['cli@p.iam.gserviceaccount.com'] }),
    asks: INSIDE,
    fields: {
      'instance vm2': 'serviceAccounts serviceAccounts.0 serviceAccounts.0.email=',
      'firewall allow-ssh': 'sourceServiceAccounts sourceServiceAccounts.0',
    },
  },
  {
    name: 'kept in at the sender',
    given: (f) =>
      vm2(f).rule('out', {
        direction: 'EGRESS',
        denied: SSH,
        destinationRanges: ['10.0.0.0/24'],
        targetTags: ['client'],
      }),
    asks: INSIDE,
    was: 'unreachable',
    fields: {
      'firewall out':
        'network= priority~ direction~ disabled~ denied= denied.0.IPProtocol~= denied.0.ports denied.0.ports.0~ destinationRanges destinationRanges.0~ targetTags targetTags.0',
      'instance vm2': 'tags tags.items tags.items.0',
    },
  },
  {
    name: 'a sender that others keep in',
    given: (f) =>
      vm2(f)
        .rule('out', { direction: 'EGRESS', denied: l4('tcp:80') })
        .rule('out-tagged', { direction: 'EGRESS', denied: SSH, targetTags: ['db'] })
        .rule('out-far', { direction: 'EGRESS', denied: SSH, destinationRanges: ['192.0.2.0/24'] })
        .rule('out-off', { direction: 'EGRESS', denied: SSH, disabled: true }),
    asks: INSIDE,
    fields: {
      'firewall out': 'denied= denied.0.IPProtocol~= denied.0.ports.0~',
      'firewall out-tagged': 'targetTags targetTags.0',
      'firewall out-far': 'destinationRanges destinationRanges.0~',
      'firewall out-off': 'disabled~',
    },
  },
  {
    name: 'a sender that does not run',
    given: (f) => vm2(f).vm('vm2', { status: 'TERMINATED' }),
    asks: INSIDE,
    was: 'unreachable',
    fields: { 'instance vm2': 'status~=' },
  },
  {
    name: 'a policy that denies first',
    given: (f) =>
      first(
        f,
        policyRule('100 deny tcp:22 0.0.0.0/0', {}, { targetServiceAccounts: ['app@p.iam.gserviceaccount.com'] }),
      ),
    was: 'unreachable',
    fields: {
      'network net1': 'networkFirewallPolicyEnforcementOrder~',
      'policy pol':
        'type~= priority~ rules rules.0 rules.0.priority~= rules.0.action~= rules.0.direction~ rules.0.disabled~ rules.0.match= rules.0.match.srcIpRanges= rules.0.match.srcIpRanges.0~ rules.0.match.layer4Configs= rules.0.match.layer4Configs.0.ipProtocol~= rules.0.match.layer4Configs.0.ports rules.0.match.layer4Configs.0.ports.0~ rules.0.targetServiceAccounts rules.0.targetServiceAccounts.0',
    },
  },
  {
    name: 'a policy that allows first',
    given: (f) => first(f, '100 allow tcp:22 198.51.100.0/24', '200 deny all 0.0.0.0/0').noRule('allow-ssh'),
    fields: {
      'network net1': 'networkFirewallPolicyEnforcementOrder~',
      'policy pol':
        'type~= rules.0.priority~= rules.0.action~= rules.0.match.srcIpRanges= rules.0.match.srcIpRanges.0~ rules.0.match.layer4Configs= rules.0.match.layer4Configs.0.ports.0~ rules.1.priority~=',
    },
  },
  {
    name: 'a policy that passes on',
    given: (f) => first(f, '100 goto_next tcp:22 0.0.0.0/0', '200 deny all 0.0.0.0/0'),
    fields: {
      'policy pol':
        'rules.0.priority~= rules.0.action~= rules.0.direction~ rules.0.disabled~ rules.0.match= rules.0.match.srcIpRanges= rules.0.match.layer4Configs= rules.0.match.layer4Configs.0.ipProtocol~=',
    },
  },
  {
    name: 'a policy about others',
    given: (f) =>
      first(
        f,
        '100 deny tcp:80 0.0.0.0/0',
        '101 deny tcp:22 192.0.2.0/24',
        policyRule('102 deny tcp:22 0.0.0.0/0', {}, { targetServiceAccounts: ['db@p'] }),
        policyRule('103 deny tcp:22 0.0.0.0/0', {}, { targetSecureTags: [{ name: TAG, state: 'INEFFECTIVE' }] }),
        policyRule('104 deny tcp:22 0.0.0.0/0', { srcNetworkContext: 'NON_INTERNET' }),
        policyRule('105 deny tcp:22 0.0.0.0/0', { destIpRanges: ['10.0.0.3/32'] }),
        policyRule('106 deny tcp:22 0.0.0.0/0', {}, { disabled: true }),
        policyRule('107 deny tcp:22 0.0.0.0/0', {}, { direction: 'EGRESS' }),
        policyRule('108 deny tcp:22 0.0.0.0/0', {}, { targetType: 'INTERNAL_MANAGED_LB' }),
        policyRule('109 deny tcp:22 0.0.0.0/0', {}, { targetResources: [globalUrl('networks', 'net2')] }),
      ),
    fields: {
      'policy pol':
        'rules.0.match.layer4Configs= rules.0.match.layer4Configs.0.ports.0~ rules.1.match.srcIpRanges= rules.1.match.srcIpRanges.0~ rules.2.targetServiceAccounts rules.3.targetSecureTags rules.3.targetSecureTags.0.state~ rules.4.match.srcNetworkContext~ rules.5.match.destIpRanges rules.5.match.destIpRanges.0~ rules.6.disabled~ rules.7.direction~ rules.8.targetType~ rules.9.targetResources',
    },
  },
  {
    name: 'a policy above all',
    given: (f) => f.policy({ type: 'HIERARCHY', name: 'org', rules: ['100 deny tcp:22 0.0.0.0/0'] }),
    was: 'unreachable',
    fields: { 'policy org': 'type~= rules rules.0.action~= rules.0.match= rules.0.match.srcIpRanges=' },
  },
  {
    name: 'a policy of the region, behind another one',
    given: (f) =>
      f
        .policiesFirst()
        .policy({
          type: 'NETWORK_REGIONAL',
          region: 'us-central1',
          name: 'one',
          priority: 10,
          rules: ['100 allow tcp:22 0.0.0.0/0'],
        })
        .policy({
          type: 'NETWORK_REGIONAL',
          region: 'us-central1',
          name: 'two',
          priority: 20,
          rules: ['100 deny tcp:22 0.0.0.0/0'],
        }),
    fields: { 'policy one': 'type~= priority~ rules.0.action~=', 'policy two': 'type~= priority~' },
  },
  {
    name: 'a policy by a secure tag',
    given: (f) => {
      first(f, policyRule('100 deny tcp:22 0.0.0.0/0', {}, { targetSecureTags: [{ name: TAG, state: 'EFFECTIVE' }] }));
      f.secureTags('vm1', TAG);
    },
    was: 'unreachable',
    fields: {
      'policy pol': 'rules.0.targetSecureTags rules.0.targetSecureTags.0.name= rules.0.targetSecureTags.0.state~',
      'answer effectiveTags': 'effectiveTags effectiveTags.0.tagValue=',
    },
  },
  {
    name: 'a policy by an address group',
    given: (f) => {
      const name = 'projects/p/locations/global/addressGroups/bad';
      f.add('addressGroups', { name, type: 'IPV4', capacity: 100, items: ['198.51.100.0/24'] });
      first(f, policyRule('100 deny tcp:22', { srcAddressGroups: [name] }));
    },
    was: 'unreachable',
    fields: {
      'policy pol': 'rules.0.match.srcAddressGroups= rules.0.match.srcAddressGroups.0',
      'addressGroup bad': 'items items.0~',
    },
  },
  {
    name: 'a peering',
    given: (f) => neighbour(f).peer('net1', 'net2'),
    asks: PEERED,
    fields: {
      'network net1': 'peerings peerings.0 peerings.0.network= peerings.0.state~=',
      'subnetwork sn2': 'network= ipCidrRange~',
      'route peering-route-net1-sn2': 'network= destRange~= nextHopPeering~=',
      'instance vm2': `status~= ${NIC}.network= ${NIC}.networkIP`,
    },
  },
  {
    name: 'half a peering',
    given: (f) => neighbour(f).halfPeer('net1', 'net2'),
    asks: PEERED,
    was: 'unreachable',
    fields: { 'network net1': 'peerings peerings.0.state~=' },
  },
  {
    name: 'no route back',
    given: (f) => f.route('default-internet', { tags: ['nat'] }),
    was: 'unreachable',
    fields: {
      'route default-internet': 'network= destRange~= tags tags.0 nextHopGateway=',
      'instance vm1': 'tags tags.items',
    },
  },
  {
    name: 'a route that leads elsewhere',
    given: (f) =>
      f
        .route('to-vpn', {
          destRange: '198.51.100.0/24',
          nextHopVpnTunnel: regionalUrl('vpnTunnels', 'tun1'),
          priority: 100,
        })
        .vpnTunnel('tun1'),
    was: 'unreachable',
    fields: { 'route to-vpn': 'network= destRange~= priority~ nextHopVpnTunnel=' },
  },
  {
    name: 'routes of one destination',
    given: (f) =>
      f
        .route('to-vpn', {
          destRange: '0.0.0.0/0',
          nextHopVpnTunnel: regionalUrl('vpnTunnels', 'tun1'),
          priority: 2000,
        })
        .vpnTunnel('tun1'),
    fields: {
      'route default-internet': 'priority~',
      'route to-vpn': 'priority~ network= destRange~= nextHopVpnTunnel=',
    },
  },
  {
    name: 'a route that is not in use',
    given: (f) =>
      f
        .route('to-vpn', {
          destRange: '198.51.100.0/24',
          nextHopVpnTunnel: regionalUrl('vpnTunnels', 'tun1'),
          routeStatus: 'INACTIVE',
        })
        .vpnTunnel('tun1'),
    fields: { 'route to-vpn': 'routeStatus~' },
  },
  {
    name: 'a route for other tags',
    given: (f) =>
      f
        .route('to-vpn', {
          destRange: '198.51.100.0/24',
          nextHopVpnTunnel: regionalUrl('vpnTunnels', 'tun1'),
          tags: ['nat'],
        })
        .vpnTunnel('tun1'),
    fields: { 'route to-vpn': 'tags tags.0' },
  },
  {
    name: 'a route to an appliance that is down',
    given: (f) =>
      appliance(f)
        .route('through', { ...THROUGH_APPLIANCE, destRange: '198.51.100.0/24' })
        .vm('fw1', { status: 'TERMINATED' }),
    was: 'unreachable',
    fields: { 'instance fw1': 'status~= canIpForward', 'route through': 'nextHopInstance= destRange~=' },
  },
  {
    name: 'an appliance that is down, before a route that is not',
    given: (f) =>
      appliance(f)
        .route('through', { ...THROUGH_APPLIANCE, warnings: [{ code: 'NEXT_HOP_NOT_RUNNING' }] })
        .vm('fw1', { status: 'TERMINATED' }),
    fields: { 'route through': 'warnings warnings.0.code nextHopInstance= priority~' },
  },
  {
    name: 'a policy-based route that leaves it to the others',
    given: (f) =>
      f
        .policyBasedRoute('past', { priority: 1, filter: PBR_FILTER, nextHopOtherRoutes: 'DEFAULT_ROUTING' })
        .policyBasedRoute('through', { priority: 1000, filter: PBR_FILTER, nextHopIlbIp: '10.0.0.100' }),
    fields: {
      'policyBasedRoute past':
        'network= priority~ filter= filter.protocolVersion~= filter.ipProtocol~ filter.srcRange~ filter.destRange~ nextHopOtherRoutes~=',
      'policyBasedRoute through': 'priority~ filter=',
    },
  },
  {
    name: 'a policy-based route for others',
    given: (f) =>
      f
        .policyBasedRoute('tagged', {
          filter: PBR_FILTER,
          nextHopIlbIp: '10.0.0.100',
          virtualMachine: { tags: ['nat'] },
        })
        .policyBasedRoute('udp', { filter: { ...PBR_FILTER, ipProtocol: 'UDP' }, nextHopIlbIp: '10.0.0.100' })
        .policyBasedRoute('far', { filter: { ...PBR_FILTER, srcRange: '10.9.0.0/16' }, nextHopIlbIp: '10.0.0.100' })
        .policyBasedRoute('links', {
          filter: PBR_FILTER,
          nextHopIlbIp: '10.0.0.100',
          interconnectAttachment: { region: 'all' },
        }),
    fields: {
      'policyBasedRoute tagged': 'virtualMachine virtualMachine.tags virtualMachine.tags.0',
      'policyBasedRoute udp': 'filter= filter.ipProtocol~',
      'policyBasedRoute far': 'filter.srcRange~',
      'policyBasedRoute links': 'interconnectAttachment',
    },
  },
  {
    name: 'an IPv6 address',
    given: (f) => withV6(f),
    asks: Q6,
    fields: {
      'instance vm1': `${NIC}.stackType~ ${NIC}.ipv6AccessType~ ${NIC}.ipv6AccessConfigs`,
      'subnetwork sn1': 'externalIpv6Prefix~ ipv6CidrRange~',
      'route default-internet-v6': 'destRange~= nextHopGateway=',
    },
  },
  {
    name: 'protocol forwarding',
    given: (f) =>
      f.targetInstance('ti1', 'vm1').forwardingRule('fr1', {
        IPAddress: '203.0.113.80',
        portRange: '22-22',
        target: zonalUrl('targetInstances', 'ti1'),
        sourceIpRanges: ['198.51.100.0/24'],
      }),
    asks: BALANCED,
    fields: {
      'forwardingRule fr1':
        'IPAddress IPProtocol~= portRange~ target= loadBalancingScheme~= sourceIpRanges sourceIpRanges.0~',
      'targetInstance ti1': 'instance=',
    },
  },
  {
    name: 'a forwarding rule for another port',
    given: (f) => balancer(f, 'HEALTHY', { ports: ['443'] }),
    asks: BALANCED,
    was: 'unreachable',
    fields: { 'forwardingRule fr1': 'ports ports.0~' },
  },
  {
    name: 'a forwarding rule for other sources',
    given: (f) => balancer(f, 'HEALTHY', { sourceIpRanges: ['192.0.2.0/24'] }),
    asks: BALANCED,
    was: 'unreachable',
    fields: { 'forwardingRule fr1': 'sourceIpRanges sourceIpRanges.0~' },
  },
  {
    name: 'a balancer',
    given: (f) => balancer(f, 'HEALTHY'),
    asks: BALANCED,
    fields: {
      'forwardingRule fr1': 'backendService= ports ports.0~ IPProtocol~=',
      'backendService bs1': 'backends backends.0 backends.0.group=',
      'answer healthStatus': 'healthStatus healthStatus.0.healthState~= healthStatus.0.instance=',
    },
  },
  {
    name: 'a balancer that drops',
    given: (f) => balancer(f, 'UNHEALTHY', {}, { failoverPolicy: { dropTrafficIfUnhealthy: true } }),
    asks: BALANCED,
    was: 'unreachable',
    fields: {
      'backendService bs1': 'failoverPolicy failoverPolicy.dropTrafficIfUnhealthy',
      'answer healthStatus': 'healthStatus healthStatus.0.healthState~= healthStatus.0.instance=',
    },
  },
  {
    name: 'a proxy',
    given: (f) => tcpProxy(f, 'HEALTHY').rule('allow-ssh', { sourceRanges: ['35.191.0.0/16', '130.211.0.0/22'] }),
    asks: BALANCED,
    fields: {
      'targetTcpProxy proxy': 'service=',
      'backendService bs-proxy': 'portName backends.0.group=',
      'instanceGroup ig-bs-proxy': 'namedPorts namedPorts.0.port=',
      'answer healthStatus': 'healthStatus.0.healthState~=',
      'forwardingRule fr-proxy': 'portRange~ target=',
    },
  },
  {
    name: 'a tunnel that is down',
    given: (f) =>
      f
        .rule('allow-ssh', { sourceRanges: ['192.168.0.0/16'] })
        .route('to-office', { destRange: '192.168.0.0/16', nextHopVpnTunnel: regionalUrl('vpnTunnels', 'tun1') })
        .vpnTunnel('tun1', { status: 'NO_INCOMING_PACKETS' }),
    asks: ON_PREMISES,
    was: 'unreachable',
    fields: { 'vpnTunnel tun1': 'status~=', 'route to-office': 'destRange~= nextHopVpnTunnel= network=' },
  },
  {
    name: 'a site that was not told',
    given: (f) => onPremises(f.rule('allow-ssh', { sourceRanges: ['192.168.0.0/16'] }), { announces: '10.50.0.0/16' }),
    asks: ON_PREMISES,
    was: 'unreachable',
    fields: {
      'answer result':
        'result result.bgpPeerStatus result.bgpPeerStatus.0.advertisedRoutes result.bgpPeerStatus.0.advertisedRoutes.0.destRange~= result.bestRoutes result.bestRoutes.0.destRange~=',
    },
  },
  {
    name: 'an edge policy',
    given: (f) => {
      const url = regionalUrl('securityPolicies', 'edge');
      const rules = [
        { priority: 100, action: 'deny', preview: false, networkMatch: { srcIpRanges: ['198.51.100.7/32'] } },
      ];
      f.add('securityPolicies', { ...resource('securityPolicy', url), type: 'CLOUD_ARMOR_NETWORK', rules });
      f.nic('vm1', 0, { accessConfigs: [accessConfig({ natIP: '203.0.113.10', securityPolicy: url })] });
    },
    was: 'unreachable',
    fields: {
      'securityPolicy edge':
        'rules rules.0.priority~= rules.0.action~= rules.0.preview~ rules.0.networkMatch rules.0.networkMatch.srcIpRanges rules.0.networkMatch.srcIpRanges.0~',
    },
  },
];

describe.each(['gcloud', 'rest'] as const)('what cannot be read opens and closes nothing (%s)', (form) => {
  damagedScenes(scenes, form);
});

import {
  type Gap,
  known,
  type Layer,
  passFilter,
  type Rule,
  stopFilter,
  unknown,
  unknownFilter,
} from '../../src/model/index.js';
import { AddressSet, addressSet, PortSet } from '../../src/set/index.js';
import { type Networks, networkRef, resource } from './network.js';
import type { SecurityPolicy } from './records/connection-records.js';
import { nameOf, pathOf } from './records/names.js';
import { portsOf } from './records/notation.js';

type EdgeRule = NonNullable<SecurityPolicy['rules']>[number];

function portsIn(texts: readonly string[] | undefined): PortSet {
  if (!texts?.length) return PortSet.all;
  return texts.reduce((sum, text) => {
    const range = portsOf(text);
    return range ? sum.union(PortSet.range(...range)) : sum;
  }, PortSet.empty);
}

/** A rule of a network edge policy by its addresses, ports and protocols; what else it asks for only Google can tell. */
function lowered({ action, networkMatch = {}, priority }: EdgeRule, policy: string): Rule[] {
  const { srcIpRanges = ['*'], ipProtocols = [], destPorts } = networkMatch;
  const { srcAsns, srcRegionCodes, userDefinedFields } = networkMatch;
  if (ipProtocols.length > 0 && !ipProtocols.some((one) => ['tcp', '6'].includes(one.toLowerCase()))) return [];
  const peers = srcIpRanges.includes('*') ? AddressSet.all : addressSet(srcIpRanges);
  const isVague = [srcAsns, srcRegionCodes, userDefinedFields].some((list) => list?.length);
  const gap: Gap = {
    code: 'gcp/fw-undecidable',
    kind: 'not-modelled',
    what: policy,
    detail: `rule ${priority} of ${policy} matches by what only Google can tell`,
    likely: false,
  };
  return [
    {
      id: String(priority ?? ''),
      action: action === 'allow' ? 'next' : 'drop',
      peers: isVague ? unknown(peers, gap) : known(peers),
      ports: known(portsIn(destPorts)),
      text: `${policy} ${priority} ${action}`,
      reason: { code: 'gcp/armor-deny', data: {} },
    },
  ];
}

/** A network edge security policy, which is asked before the firewall (Cloud Armor docs). None where the address names none. */
export function edgePolicyLayers(networks: Networks, url: string | undefined): Layer[] {
  if (url === undefined || url === '') return [];
  const subject = resource('security-policy', nameOf(url));
  const policy = networks.inventory.get('securityPolicies', pathOf(url));
  if (!policy?.rules || policy.broken !== undefined) {
    const gap = networks.inventory.dangling('securityPolicies', {}, `security policy ${subject.id}`);
    return [{ kind: 'security-policy', subject, inbound: unknownFilter(gap) }];
  }
  const rules = policy.rules
    .filter(({ preview }) => !preview)
    .sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0))
    .flatMap((rule) => lowered(rule, subject.id))
    .map((rule) => (rule.action === 'next' ? { ...rule, action: 'allow' as const } : rule));
  return [{ kind: 'security-policy', subject, inbound: { kind: 'rules', rules, otherwise: 'allow' } }];
}

/** Networks that are not like others: legacy ones, and those whose profile takes external addresses away. */
export function networkLayers(networks: Networks, network: string, isExternal: boolean): Layer[] {
  const record = networks.record(network);
  const subject = networkRef(network);
  if (record?.IPv4Range !== undefined) {
    const detail = `${nameOf(network)} is a legacy network, whose rules are not modelled`;
    const gap: Gap = { code: 'gcp/net-legacy', kind: 'not-modelled', what: nameOf(network), detail };
    return [{ kind: 'network', subject, inbound: unknownFilter(gap) }];
  }
  if (record?.networkProfile === undefined) return [];
  const profile = networks.inventory.get('networkProfiles', pathOf(record.networkProfile));
  const access = profile?.features?.allowExternalIpAccess;
  const blocked = access === 'EXTERNAL_IP_ACCESS_BLOCKED' && isExternal;
  if (blocked) return [{ kind: 'network', subject, inbound: stopFilter({ code: 'gcp/nic-profile', data: {} }) }];
  if (access !== undefined && profile?.features?.allowVpcFirewallRules === undefined)
    return [{ kind: 'network', subject, inbound: passFilter }];
  const what = nameOf(record.networkProfile);
  const detail = `the network profile ${what} changes which rules are asked`;
  const gap: Gap = profile
    ? { code: 'gcp/net-profile', kind: 'not-modelled', what, detail }
    : networks.inventory.dangling('networkProfiles', {}, `network profile ${what}`);
  return [{ kind: 'network', subject, inbound: unknownFilter(gap) }];
}

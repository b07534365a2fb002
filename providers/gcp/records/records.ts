import {
  cidr,
  flag,
  ipAddress,
  kept,
  key,
  list,
  may,
  must,
  nice,
  object,
  possible,
  type Read,
  shared,
  sharedText,
  text,
} from '../../../src/record/index.js';
import { keeping, layer4, layer4Config, looseNumber, prefix, prefixes, texts, word } from './notation.js';
import { userDataKeys } from './recording.js';

/** What a shape reads. */
export type RecordOf<R> = R extends Read<infer T> ? T : never;

/** Every resource names itself; `selfLink` says of which project, zone or region it is. */
const named = { name: key(text), selfLink: may(text) };

const accessConfig = object({
  type: may(word('ONE_TO_ONE_NAT', 'DIRECT_IPV6')),
  natIP: may(ipAddress),
  securityPolicy: may(text),
});

const ipv6AccessConfig = object({
  externalIpv6: may(ipAddress),
  externalIpv6PrefixLength: may(looseNumber),
  securityPolicy: may(text),
});

const networkInterface = object({
  name: must(sharedText),
  network: must(sharedText),
  subnetwork: may(sharedText),
  networkIP: may(ipAddress),
  ipv6Address: may(ipAddress),
  stackType: may(sharedText),
  ipv6AccessType: may(sharedText),
  accessConfigs: may(list(accessConfig)),
  ipv6AccessConfigs: may(list(ipv6AccessConfig)),
  aliasIpRanges: may(list(object({ ipCidrRange: must(text) }))),
});

const metadataItem = object({ key: must(sharedText), value: nice(text) });
const isUserData = ({ key }: RecordOf<typeof metadataItem>) => userDataKeys.some((wanted) => wanted === key);

export const instance = object({
  ...named,
  id: nice(text),
  zone: may(sharedText),
  status: must(sharedText),
  statusMessage: nice(text),
  startRestricted: nice(flag),
  canIpForward: may(flag),
  tags: may(shared(keeping(object({ items: may(texts) }), { items: sharedText }))),
  serviceAccounts: may(list(object({ email: must(sharedText) }))),
  metadata: nice(object({ items: nice(kept(list(metadataItem), (items) => items.filter(isUserData))) })),
  disks: nice(list(shared(object({ boot: nice(flag), licenses: nice(list(sharedText)) })))),
  networkInterfaces: must(list(networkInterface)),
});

const direction = word('INGRESS', 'EGRESS');

export const reservedAddress = object({ ...named });

const firewallFields = object({
  ...named,
  network: must(sharedText),
  priority: may(looseNumber),
  direction: may(direction),
  disabled: may(flag),
  allowed: may(layer4),
  denied: may(layer4),
  sourceRanges: may(prefixes),
  destinationRanges: may(prefixes),
  sourceTags: may(texts),
  sourceServiceAccounts: may(texts),
  targetTags: may(texts),
  targetServiceAccounts: may(texts),
});

export const firewall = keeping(firewallFields, {
  allowed: layer4Config,
  denied: layer4Config,
  sourceRanges: prefix,
  sourceTags: sharedText,
  sourceServiceAccounts: sharedText,
  targetTags: sharedText,
  targetServiceAccounts: sharedText,
});

const secureTags = list(object({ name: must(sharedText), state: may(sharedText) }));

const knownConditions = {
  srcIpRanges: may(prefixes),
  destIpRanges: may(prefixes),
  srcAddressGroups: may(texts),
  srcSecureTags: may(secureTags),
  srcFqdns: may(texts),
  srcRegionCodes: may(texts),
  srcThreatIntelligences: may(texts),
  srcNetworkContext: may(sharedText),
  srcNetworkType: may(sharedText),
  srcNetworks: may(texts),
  layer4Configs: must(layer4),
  destAddressGroups: may(texts),
  destFqdns: may(texts),
  destRegionCodes: may(texts),
  destThreatIntelligences: may(texts),
  destNetworkContext: may(sharedText),
  destNetworkType: may(sharedText),
};

const conditions = keeping(object(knownConditions), { srcIpRanges: prefix, layer4Configs: layer4Config });

/** The conditions of a policy rule, with the names of those that nobody knows: a rule with one is not as broad as it looks. */
const match: Read<NonNullable<RecordOf<typeof conditions>> & { readonly strange?: readonly string[] }> = (
  value,
  reading,
) => {
  const known = conditions(value, reading);
  if (known === undefined) return undefined;
  const strange = Object.keys(value as object).filter((name) => !(name in knownConditions) && !name.startsWith('_'));
  return strange.length === 0 ? known : { ...known, strange };
};

export const policyRule = object({
  priority: must(looseNumber),
  action: must(sharedText),
  direction: may(direction),
  disabled: may(flag),
  ruleName: nice(text),
  targetType: may(sharedText),
  targetResources: may(texts),
  targetServiceAccounts: may(texts),
  targetSecureTags: may(secureTags),
  match: may(match),
});

/** A firewall policy as the answers about effective rules hold it. */
export const effectivePolicy = object({
  name: may(text),
  shortName: nice(text),
  displayName: nice(text),
  type: must(sharedText),
  priority: may(looseNumber),
  rules: may(list(policyRule)),
});

/** What stands in front of a network, of a network in a region, or of an interface; the question's parameters stand beside it. */
export const effectiveFirewalls = object({
  project: may(text),
  network: may(text),
  region: may(text),
  zone: may(text),
  instance: may(text),
  networkInterface: may(text),
  firewalls: may(list(firewall)),
  firewallPolicys: may(list(effectivePolicy)),
});

const peering = object({
  name: must(text),
  network: must(text),
  state: must(word('ACTIVE', 'INACTIVE')),
  stackType: may(word('IPV4_ONLY', 'IPV4_IPV6')),
  importCustomRoutes: may(flag),
  exportCustomRoutes: may(flag),
  exchangeSubnetRoutes: may(flag),
  importSubnetRoutesWithPublicIp: may(flag),
  exportSubnetRoutesWithPublicIp: may(flag),
});

export const network = object({
  ...named,
  networkFirewallPolicyEnforcementOrder: may(word('AFTER_CLASSIC_FIREWALL', 'BEFORE_CLASSIC_FIREWALL')),
  peerings: may(list(peering)),
  routingConfig: may(object({ routingMode: may(word('GLOBAL', 'REGIONAL')) })),
  IPv4Range: may(text),
  networkProfile: may(text),
});

export const subnetwork = object({
  ...named,
  network: must(sharedText),
  region: may(sharedText),
  ipCidrRange: may(cidr),
  secondaryIpRanges: may(list(object({ ipCidrRange: must(cidr) }))),
  stackType: may(sharedText),
  ipv6AccessType: may(sharedText),
  externalIpv6Prefix: may(cidr),
  internalIpv6Prefix: may(cidr),
  ipv6CidrRange: may(cidr),
  purpose: may(sharedText),
});

/** The only gateway that a route can name. */
const internetGateway = possible(text, 'the default internet gateway', (url) =>
  url.endsWith('/default-internet-gateway'),
);

const routeFields = object({
  ...named,
  network: must(sharedText),
  destRange: must(cidr),
  priority: may(looseNumber),
  tags: may(texts),
  nextHopGateway: may(internetGateway),
  nextHopInstance: may(text),
  nextHopIp: may(text),
  nextHopIlb: may(text),
  nextHopVpnTunnel: may(text),
  nextHopPeering: may(text),
  nextHopHub: may(text),
  nextHopNetwork: may(text),
  nextHopInterconnectAttachment: may(text),
  routeStatus: may(word('ACTIVE', 'DROPPED', 'INACTIVE', 'PENDING')),
  warnings: may(list(object({ code: may(sharedText) }))),
});

/** A route; one without a next hop does not say where it leads. */
export const route: Read<NonNullable<RecordOf<typeof routeFields>>> = (value, reading) => {
  const record = routeFields(value, reading);
  if (record === undefined || record.broken !== undefined) return record;
  if (Object.keys(record).some((name) => name.startsWith('nextHop'))) return record;
  reading.fault([...reading.trail, 'nextHop'], 'is missing: none of its fields is there');
  return { ...record, broken: 'nextHop' };
};

/** A list of prefixes that policy rules refer to. */
export const addressGroup = object({ name: key(text), items: may(prefixes) });

/** The secure tags that are in effect on an instance, which the question names by its number. */
export const effectiveTags = object({
  parent: key(text),
  effectiveTags: may(list(object({ tagValue: must(text) }))),
});

export const policyBasedRoute = object({
  name: key(text),
  network: must(text),
  priority: may(looseNumber),
  filter: must(
    object({ srcRange: may(cidr), destRange: may(cidr), ipProtocol: may(text), protocolVersion: may(text) }),
  ),
  virtualMachine: may(object({ tags: may(texts) })),
  interconnectAttachment: may(object({ region: may(text) })),
  nextHopIlbIp: may(text),
  nextHopOtherRoutes: may(text),
});

export type Instance = RecordOf<typeof instance>;
export type NetworkInterface = RecordOf<typeof networkInterface>;
export type Firewall = RecordOf<typeof firewall>;
export type PolicyRule = RecordOf<typeof policyRule>;
export type EffectivePolicy = RecordOf<typeof effectivePolicy>;
export type EffectiveFirewalls = RecordOf<typeof effectiveFirewalls>;
export type NetworkRecord = RecordOf<typeof network>;
export type Subnetwork = RecordOf<typeof subnetwork>;
export type Route = RecordOf<typeof route>;
export type PolicyBasedRoute = RecordOf<typeof policyBasedRoute>;
export type Layer4 = NonNullable<RecordOf<typeof layer4>>[number];

import type { Change, Stop } from '../../../src/provider.js';
import { advertisingChange, attachGatewayChange, ipv6Change, publicAddressChange } from './address.js';
import { peeringChange, publicAccessChange, startChange } from './component.js';
import { crossZoneChange, listenerChange, registrationChange } from './load-balancer.js';
import { aclChange } from './network-acl.js';
import type { Recipe, Repair } from './recipe.js';
import { returnRouteChange, sourceRouteChange } from './route.js';
import { groupChange, sourceGroupChange, staleGroupChange } from './security-group.js';
import { acceptanceChange, associationChange, transitReferenceChange, zoneChange } from './transit-gateway.js';
import { transitBlackholeChange, transitRouteChange } from './transit-route.js';
import { attachVpnGatewayChange, vpnRouteChange } from './vpn.js';

/**
 * What no command of the account mends has no recipe: networks that nothing joins or that only a chain of peerings joins,
 * tunnels and announcements of the customer's own device, addresses that cannot be dialled from there (private, carrier's,
 * refused by the interface, the VPC's own range), clients that the internet does not route.
 */
const recipes: Readonly<Record<string, Recipe>> = {
  'aws/inst-not-running': startChange,
  'aws/addr-no-public-ipv4': publicAddressChange,
  'aws/addr-eip-unassociated': publicAddressChange,
  'aws/addr-no-ipv6': ipv6Change,
  'aws/addr-byoip-not-advertised': advertisingChange,
  'aws/igw-detached': attachGatewayChange,
  'aws/edge-appliance-no-public-ip': publicAddressChange,
  'aws/bpa-block': publicAccessChange,
  'aws/nacl-in-deny': aclChange,
  'aws/nacl-out-deny': aclChange,
  'aws/src-nacl-out': aclChange,
  'aws/src-nacl-in': aclChange,
  'aws/sg-no-inbound': groupChange,
  'aws/sg-stale': staleGroupChange,
  'aws/sg-ref-lost-public-ip': groupChange,
  'aws/sg-ref-not-preserved': groupChange,
  'aws/sg-ref-tgw-disabled': transitReferenceChange,
  'aws/src-sg-egress': sourceGroupChange,
  'aws/src-rt-missing': sourceRouteChange,
  'aws/rt-missing': returnRouteChange,
  'aws/rt-blackhole': returnRouteChange,
  'aws/rt-asymmetric': returnRouteChange,
  'aws/pcx-not-active': peeringChange,
  'aws/tgw-attachment-state': acceptanceChange,
  'aws/tgw-no-association': associationChange,
  'aws/tgw-az': zoneChange,
  'aws/tgw-no-route': transitRouteChange,
  'aws/tgw-blackhole': transitBlackholeChange,
  'aws/vgw-detached': attachVpnGatewayChange,
  'aws/vgw-prefix-unknown': vpnRouteChange,
  'aws/nlb-no-listener': listenerChange,
  'aws/nlb-sg-deny': groupChange,
  'aws/nlb-client-ip': groupChange,
  'aws/nlb-target': registrationChange,
  'aws/nlb-az': crossZoneChange,
};

/** The question as the layer that decides sees it: behind a balancer the port is another, and often the far end. */
function asMetBy({ layer }: Stop, repair: Repair): Repair {
  const { port = repair.port, seen } = layer;
  return { ...repair, port, from: seen?.choice === 'each' ? seen.addresses : repair.from };
}

/** The smallest change for each stop, in packet order, as section after section of AWS's own guides describe it. */
export function changesFor(repair: Repair, stops: readonly Stop[]): Change[] {
  return stops
    .map((stop) => recipes[stop.reason.code]?.(asMetBy(stop, repair), stop))
    .filter((change) => change !== undefined);
}

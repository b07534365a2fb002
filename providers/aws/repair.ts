import type { Change, Stop } from '../../src/provider.js';
import { attachGatewayChange, ipv6Change, publicAddressChange } from './repair-address.js';
import { peeringChange, publicAccessChange, startChange } from './repair-component.js';
import { aclChange } from './repair-network-acl.js';
import type { Recipe, Repair } from './repair-recipe.js';
import { returnRouteChange, sourceRouteChange } from './repair-route.js';
import { groupChange, sourceGroupChange, transitReferenceChange } from './repair-security-group.js';

const recipes: Readonly<Record<string, Recipe>> = {
  'aws/inst-not-running': startChange,
  'aws/addr-no-public-ipv4': publicAddressChange,
  'aws/addr-eip-unassociated': publicAddressChange,
  'aws/addr-no-ipv6': ipv6Change,
  'aws/igw-detached': attachGatewayChange,
  'aws/bpa-block': publicAccessChange,
  'aws/nacl-in-deny': aclChange,
  'aws/nacl-out-deny': aclChange,
  'aws/src-nacl-out': aclChange,
  'aws/src-nacl-in': aclChange,
  'aws/sg-no-inbound': groupChange,
  'aws/sg-stale': groupChange,
  'aws/sg-ref-lost-public-ip': groupChange,
  'aws/sg-ref-not-preserved': groupChange,
  'aws/sg-ref-tgw-disabled': transitReferenceChange,
  'aws/src-sg-egress': sourceGroupChange,
  'aws/src-rt-missing': sourceRouteChange,
  'aws/rt-missing': returnRouteChange,
  'aws/rt-blackhole': returnRouteChange,
  'aws/rt-asymmetric': returnRouteChange,
  'aws/pcx-not-active': peeringChange,
};

/** The smallest change for each stop, in packet order, as section after section of AWS's own guides describe it. */
export function changesFor(repair: Repair, stops: readonly Stop[]): Change[] {
  return stops.map((stop) => recipes[stop.reason.code]?.(repair, stop)).filter((change) => change !== undefined);
}

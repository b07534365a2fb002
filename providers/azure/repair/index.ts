import type { Change, Stop } from '../../../src/provider.js';
import { adminRuleChange } from './admin-rule.js';
import { firewallChange } from './azure-firewall.js';
import { natRuleChange } from './load-balancer.js';
import { addressChange, startChange } from './machine.js';
import { gatewayChange, peeringChange } from './peering.js';
import type { Recipe, Repair } from './recipe.js';
import { applianceChange, returnRouteChange, sourceRouteChange } from './route.js';
import { groupChange, standardChange } from './security-group.js';

/**
 * What no command of the subscription mends has no recipe: rules of a firewall's policy, which are not in the evidence,
 * connections to sites, requests for just-in-time access, which the CLI only lists, and machines that probes find down.
 */
const recipes: Readonly<Record<string, Recipe>> = {
  'azure/vm-power': startChange,
  'azure/nsg-subnet': groupChange('subnet'),
  'azure/nsg-nic': groupChange('interface'),
  'azure/avnm-admin-rule': adminRuleChange,
  'azure/standard-ip-closed': standardChange,
  'azure/no-public-path': addressChange,
  'azure/route-return': returnRouteChange,
  'azure/route-forward': sourceRouteChange,
  'azure/nva': applianceChange,
  'azure/azure-firewall': firewallChange,
  'azure/peering': peeringChange,
  'azure/gateway': gatewayChange,
  'azure/lb-no-rule': natRuleChange,
};

/** The question as the layer that decides sees it: behind a firewall or Bastion the far end is not the client. */
function asMetBy({ layer }: Stop, repair: Repair): Repair {
  return layer.seen ? { ...repair, from: layer.seen.addresses } : repair;
}

/** The smallest change for each stop, in packet order. */
export function changesFor(repair: Repair, stops: readonly Stop[]): Change[] {
  return stops.flatMap((stop) => {
    const change = recipes[stop.reason.code]?.(asMetBy(stop, repair), stop);
    return change ? [{ ...change, removes: stop.reason.code }] : [];
  });
}

import type { Inventory } from '../inventory.js';
import { Networks, scopeOf } from '../network.js';
import { keyOf } from '../records/ids.js';
import { routesOf } from '../route.js';

/** All that can tell the routes of a subnet from those that it had. What a gateway learned is told by neither. */
function routingOf(networks: Networks, subnetKey: string): string {
  return networks.once(`routing ${subnetKey}`, () => {
    const { routes, gap } = routesOf(networks, subnetKey, undefined);
    const subnet = networks.subnet(subnetKey);
    const table = subnet !== 'none' && 'found' in subnet ? subnet.found.routeTable?.id : undefined;
    const own = table === undefined ? undefined : networks.inventory.get('routeTables', keyOf(table));
    const told = routes.map(({ prefix, hop, address }) => `${prefix} ${hop} ${address}`).sort();
    return JSON.stringify([
      told,
      own?.disableBgpRoutePropagation ?? false,
      own?.disablePeeringRoute,
      gap === undefined,
    ]);
  });
}

function subnetOf(inventory: Inventory, nicKey: string): string | undefined {
  const config = inventory.get('interfaces', nicKey)?.ipConfigurations?.[0];
  return config?.subnet?.id === undefined ? undefined : keyOf(config.subnet.id);
}

/**
 * Takes back what Azure answered of routes in effect before the deployment, where that changes what they come from: what else they
 * came from, as what gateways learned, is in no other answer.
 */
export function withoutStaleRoutes(laid: Inventory, recorded: Inventory): Inventory {
  const answered = [...recorded.all('effectiveRoutes').keys()];
  if (answered.length === 0) return laid;
  const [before, after] = [new Networks(recorded), new Networks(laid)];
  const stale = answered.filter((nicKey) => {
    const [was, is] = [subnetOf(recorded, nicKey), subnetOf(laid, nicKey)];
    return is !== undefined && (was === undefined || routingOf(before, was) !== routingOf(after, is));
  });
  const rest = stale.length === 0 ? laid : laid.copy();
  for (const nicKey of stale) {
    rest.put('effectiveRoutes', nicKey, { broken: 'value' });
    const incomplete = 'the deployment changes the routes of its subnet';
    rest.note('effectiveRoutes', { scope: scopeOf(nicKey), subject: nicKey, incomplete });
  }
  return rest;
}

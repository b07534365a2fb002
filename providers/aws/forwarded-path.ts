import { type Gap, internet, type Layer, unknownFilter } from '../../src/model/index.js';
import { AddressSet } from '../../src/set/index.js';
import { type Arrival, judgePrivateReply, subnetLayers } from './arrival.js';
import { anyClient } from './client-ports.js';
import { type Network, resource } from './network.js';
import { noReferences, referencesUnseen } from './references.js';
import { type Hop, orderedRoutes, type RouteChoice } from './route-table.js';
import type { SubnetWay } from './way.js';

/** Networks of which nothing is in the evidence but a route towards them: Cloud WAN, Outposts, a carrier, what is newer than port22. */
const beyond: ReadonlySet<Hop['kind']> = new Set(['core-network', 'local-gateway', 'carrier-gateway', 'unknown']);

/** A default route says nothing of who is there: of the internet only ranges of this length or longer count. */
const longEnough = 8;

function clientsBehind(choice: RouteChoice): AddressSet {
  return choice.length >= longEnough ? choice.peers : choice.peers.subtract(internet);
}

/** The ways from networks that a route of the target's subnet names, but that cannot be looked into: they may be open. */
export function forwardedWays(network: Network, arrival: Arrival): SubnetWay[] {
  const { eni, family } = arrival;
  const table = network.tableOf(eni.subnetId, eni.vpcId, eni.scope);
  if ('gap' in table) return [];
  const byHop = new Map<string, { hop: Hop; origin: AddressSet; broken: boolean }>();
  for (const choice of orderedRoutes(network, table.found)) {
    const { hop } = choice;
    if (!beyond.has(hop.kind)) continue;
    const origin = (byHop.get(hop.id)?.origin ?? AddressSet.empty).union(clientsBehind(choice).only(family));
    const broken = choice.route.broken !== undefined || (byHop.get(hop.id)?.broken ?? false);
    byHop.set(hop.id, { hop, origin, broken });
  }
  return [...byHop.values()].map(({ hop, origin, broken }) => {
    const detail = `what comes over ${hop.id} is not in the evidence`;
    const gap: Gap = { code: 'aws/ev-route', kind: 'not-modelled', what: hop.id, detail };
    const layer: Layer = { kind: hop.kind, subject: resource(hop.kind, hop.id), inbound: unknownFilter(gap) };
    const guard = {
      references: broken ? referencesUnseen(hop.id, gap) : noReferences,
      key: hop.id,
      judge: (choice: RouteChoice) =>
        judgePrivateReply(choice, table.found.RouteTableId, (one) => one.id === hop.id, undefined),
    };
    return {
      kind: hop.kind,
      origin,
      family,
      layers: [layer, ...subnetLayers(network, eni, guard)],
      guard,
      clientPorts: anyClient,
    };
  });
}

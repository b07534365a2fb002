import type { Change } from '../../../src/provider.js';
import { quoted } from '../../../src/record/index.js';
import type { Placed } from '../inventory.js';
import { groupOf, keyOf, nameOf } from '../records/ids.js';
import type { RecordOf, routeTable } from '../records/records.js';
import { az, freeName, ownPrefix, portOf, prefixesFor, type Recipe, type Repair, subnetOf } from './recipe.js';

type RouteTable = Placed<RecordOf<typeof routeTable>>;

function tableOf({ networks }: Repair, reference: { readonly id?: string | undefined } | undefined) {
  return reference?.id === undefined ? undefined : networks.inventory.get('routeTables', keyOf(reference.id));
}

/** One more route of a table, in place of the one that it has for the prefix: there is no second one (VNet docs, custom routes). */
function routeChange(
  { networks, lower }: Repair,
  table: RouteTable,
  addressPrefix: string,
  nextHopType: string,
): Change {
  const routes = table.routes ?? [];
  const same = routes.find((one) => one.addressPrefix === addressPrefix);
  const name = same?.name ?? freeName('to-clients', routes);
  const added = { name, addressPrefix, nextHopType };
  const tableName = table.name ?? nameOf(table.id);
  return {
    removes: '',
    command: az('network route-table route create', table.id, {
      'route-table-name': tableName,
      name,
      'address-prefix': addressPrefix,
      'next-hop-type': nextHopType,
    }),
    pulumi: `new network.Route(${quoted(name)}, { resourceGroupName: ${quoted(groupOf(table.id) ?? '')}, routeTableName: ${quoted(tableName)}, routeName: ${quoted(name)}, addressPrefix: ${quoted(addressPrefix)}, nextHopType: ${quoted(nextHopType)} });`,
    after: lower(
      networks.inventory.with('routeTables', keyOf(table.id), {
        ...table,
        routes: [...routes.filter((one) => one !== same), added],
      }),
    ),
  };
}

/** The table takes in what a gateway has learned. */
function propagationChange({ networks, lower }: Repair, table: RouteTable): Change {
  return {
    removes: '',
    command: az('network route-table update', table.id, {
      name: table.name ?? nameOf(table.id),
      'disable-bgp-route-propagation': 'false',
    }),
    pulumi: 'disableBgpRoutePropagation: false',
    after: lower(
      networks.inventory.with('routeTables', keyOf(table.id), { ...table, disableBgpRoutePropagation: false }),
    ),
    note: 'every route that a gateway learns is for the subnets of the table then',
  };
}

/** Where replies to clients that come these ways have to go. */
const hops: Readonly<Record<string, string>> = {
  internet: 'Internet',
  'same-vpc': 'VnetLocal',
  vpn: 'VirtualNetworkGateway',
};

/** Replies to these clients go back where they came from, whatever the route to everywhere says. */
export const returnRouteChange: Recipe = (repair, stop) => {
  const { networks, path } = repair;
  const port = portOf(repair);
  const table = tableOf(repair, subnetOf(repair)?.routeTable);
  const [prefix, ...more] = prefixesFor(repair) ?? [];
  const hop = hops[path.way.kind];
  if (!port || !table || prefix === undefined || more.length > 0 || hop === undefined) return undefined;
  const isWritten = stop.component.kind === 'route-table';
  const isLearned = path.way.kind === 'vpn' && !isWritten;
  if (isLearned && table.disableBgpRoutePropagation !== true) return undefined;
  const change = isLearned ? propagationChange(repair, table) : routeChange(repair, table, prefix, hop);
  // What an interface says of its own routes outweighs the table.
  if (networks.inventory.get('effectiveRoutes', port.nicKey) !== undefined)
    return { ...change, after: null, note: `what ${port.ref.id} says of its routes was recorded before the change` };
  const isPassedBy = !isLearned && stop.reason.data.hop !== 'none';
  return isPassedBy
    ? { ...change, note: 'these replies pass the appliance by, which may be there on purpose' }
    : change;
};

/** Packets of the sender's subnet for this one machine stay in the network. */
export const sourceRouteChange: Recipe = (repair, stop) => {
  const { networks, path } = repair;
  const prefix = ownPrefix(repair);
  if (path.way.kind !== 'same-vpc' || prefix === undefined || stop.component.kind !== 'route-table') return undefined;
  const subnets = [...networks.subnetsOf(path.way.network ?? '').values()];
  const table = tableOf(
    repair,
    subnets.find(({ id }) => nameOf(keyOf(id ?? '')) === stop.reason.data.subnet)?.routeTable,
  );
  return table && routeChange(repair, table, prefix, 'VnetLocal');
};

/** An appliance that must not forward may. */
export const applianceChange: Recipe = ({ networks, lower }, { reason }) => {
  const holder = networks.holdersOf(reason.data.address ?? '')[0];
  const nic = holder && networks.inventory.get('interfaces', holder.nicKey);
  if (!holder || !nic) return undefined;
  return {
    removes: '',
    command: az('network nic update', nic.id, { name: nic.name ?? nameOf(nic.id), 'ip-forwarding': 'true' }),
    pulumi: 'enableIPForwarding: true',
    after: lower(networks.inventory.with('interfaces', holder.nicKey, { ...nic, enableIPForwarding: true })),
    note: 'the system of the appliance has to forward, too: net.ipv4.ip_forward=1',
  };
};

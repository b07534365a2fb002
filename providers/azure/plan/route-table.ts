import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Tree } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import { azureName, partName } from './identity.js';
import { type ApiRecord, elements, type Projection } from './project.js';

/** A route, inline or by a resource of its own. */
function routeOf(
  projection: Projection,
  name: string,
  field: (name: string) => Tree | undefined,
): ApiRecord | undefined {
  const { leaves } = projection;
  const prefix = leaves.text(field('addressPrefix'));
  const type = leaves.text(field('nextHopType'));
  const hop = leaves.text(field('nextHopIpAddress') ?? field('nextHopInIpAddress'));
  // As declared, a route of which something is not known leads nobody anywhere.
  if ((prefix === undefined || type === undefined) && leaves.unknown === undefined) return undefined;
  return {
    name,
    addressPrefix: prefix ?? untold,
    nextHopType: type ?? untold,
    ...(hop !== undefined && { nextHopIpAddress: hop }),
  };
}

/** The routes of a table that are resources of their own. */
function ownRoutes(projection: Projection, id: string): readonly (ApiRecord | undefined)[] {
  return projection
    .partsOf(id, ['Route', 'routeTableName'])
    .map((route) => routeOf(projection, azureName(route) ?? route.name, (name) => projection.value(route, name)));
}

/** The routes of a table that stay, and those of the program. */
function routesIn(projection: Projection, id: string, table: PlanRecord | undefined): readonly unknown[] {
  const inline = table
    ? elements(projection, table, 'routes').map(({ item }, index) =>
        item === untold ? untold : routeOf(projection, partName(item, index), (name) => below(item, name)),
      )
    : [];
  const own = ownRoutes(projection, id);
  const list = table && projection.value(table, 'routes');
  const names = own.map((route) => route?.name as string | undefined);
  const left = projection.untouched(projection.there('routeTables', id), 'routes', list, names);
  return [...left, ...inline, ...own].filter((route) => route !== undefined);
}

/** The route tables, and routes of the program in those that were recorded. */
export function projectTables(projection: Projection): void {
  const { leaves } = projection;
  for (const table of projection.all('RouteTable')) {
    const id = projection.id(table, 'rt');
    const propagates = leaves.flag(projection.value(table, 'bgpRoutePropagationEnabled'));
    const stops = leaves.flag(projection.value(table, 'disableBgpRoutePropagation'));
    const disableBgpRoutePropagation = stops ?? (typeof propagates === 'boolean' ? !propagates : propagates);
    const hidden = leaves.text(projection.value(table, 'disablePeeringRoute'));
    projection.answer('routeTables', {
      id,
      name: table.name,
      routes: routesIn(projection, id, table),
      ...(disableBgpRoutePropagation !== undefined && { disableBgpRoutePropagation }),
      ...(hidden !== undefined && { disablePeeringRoute: hidden }),
    });
  }
  for (const id of projection.joinedThere('rt'))
    projection.answer('routeTables', { id, routes: routesIn(projection, id, undefined) });
}

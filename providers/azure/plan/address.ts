import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { nobodys, nobodys6, nthAddress } from '../../../src/plan/stand-in.js';
import type { Tree } from '../../../src/plan/tree.js';
import type { untold } from '../../../src/record/index.js';
import { AddressSet, type Family, formatPrefix, type Prefix, parsePrefix } from '../../../src/set/index.js';
import { member, type Projection } from './project.js';

/** Azure keeps the first four addresses of a subnet, and the last one (VNet docs, FAQ). */
const KEPT = 4;

const everywhere: Readonly<Record<Family, Prefix>> = {
  4: parsePrefix('0.0.0.0/0') ?? nobodys,
  6: parsePrefix('::/0') ?? nobodys6,
};
const standIns: Readonly<Record<Family, Prefix>> = { 4: nobodys, 6: nobodys6 };

/** What stands for the address that Azure will choose in a subnet. Rules for a part of the subnet may or may not be about it. */
export function privateAddress(projection: Projection, subnetId: string, family: Family): string {
  const place = projection.places.get(subnetId);
  const own = place?.prefixes.find(({ network }) => network.family === family);
  const within = place?.isKnown && own ? own : everywhere[family];
  projection.loose.set(formatPrefix(within), AddressSet.fromPrefixes([within]));
  return nthAddress(own ?? standIns[family], projection.next('private addresses'), KEPT);
}

/** The SKU of an address or a balancer: what is not told is either; the guess is the one that lets more in (pulumi.md, 4.5). */
export function skuOf(projection: Projection, sku: Tree | undefined): { readonly name: string | typeof untold } {
  const name = projection.leaves.text(member(sku, 'name') ?? (typeof sku === 'object' ? undefined : sku));
  return { name: name ?? projection.leaves.unknown ?? 'Basic' };
}

/** A public address of a machine, with what stands for it while it is not assigned. */
export function answerAddress(
  projection: Projection,
  kind: 'addresses' | 'scaleSetAddresses',
  id: string,
  name: string,
  fields: { readonly sku: Tree | undefined; readonly version: Tree | undefined; readonly address?: Tree | undefined },
): void {
  const version = projection.leaves.text(fields.version);
  const family = typeof version === 'string' && version.toLowerCase() === 'ipv6' ? 6 : 4;
  const { address } = fields;
  projection.answer(kind, {
    id,
    name,
    sku: skuOf(projection, fields.sku),
    ...(version !== undefined && { publicIPAddressVersion: version }),
    ipAddress:
      typeof address === 'string' ? address : nthAddress(standIns[family], projection.next('public addresses'), KEPT),
  });
}

/** The addresses that are resources of their own. */
export function projectAddresses(projection: Projection): void {
  for (const record of projection.all('PublicIPAddress')) {
    answerAddress(projection, 'addresses', projection.id(record, 'pip'), record.name, {
      sku: projection.value(record, 'sku'),
      version: projection.value(record, 'publicIPAddressVersion', 'ipVersion'),
      address: known(projection, record),
    });
  }
}

function known(projection: Projection, record: PlanRecord): Tree | undefined {
  return projection.view.observed(record, 'ipAddress');
}

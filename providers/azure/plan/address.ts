import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { nobodys, nobodys6, nthAddress } from '../../../src/plan/stand-in.js';
import type { Tree } from '../../../src/plan/tree.js';
import { AddressSet, addressSet, type Family, formatPrefix, type Prefix, parsePrefix } from '../../../src/set/index.js';
import { type ApiRecord, member, type Projection } from './project.js';
import { textIn } from './recorded.js';

/** Azure keeps the first four addresses of a subnet, and the last one (VNet docs, FAQ). */
const KEPT = 4;

const everywhere: Readonly<Record<Family, Prefix>> = {
  4: parsePrefix('0.0.0.0/0') ?? nobodys,
  6: parsePrefix('::/0') ?? nobodys6,
};
const standIns: Readonly<Record<Family, Prefix>> = { 4: nobodys, 6: nobodys6 };

/** What stands for the address that Azure will choose in a subnet. Rules for a part of the subnet may or may not be about it. */
export function privateAddress(projection: Projection, subnetId: string, family: Family): string {
  const place = projection.placeOf(subnetId);
  const own = place?.prefixes.find(({ network }) => network.family === family);
  const within = place?.isKnown && own ? own : everywhere[family];
  const taken = projection.account?.takenIn(subnetId) ?? new Set<string>();
  projection.loose.set(
    `${formatPrefix(within)} ${subnetId}`,
    AddressSet.fromPrefixes([within]).subtract(addressSet([...taken])),
  );
  const next = () => nthAddress(own ?? standIns[family], projection.next('private addresses'), KEPT);
  // A subnet that is full has no room for another one, and Azure refuses it.
  for (let tries = taken.size; tries > 0; tries -= 1) {
    const address = next();
    if (!taken.has(address)) return address;
  }
  return next();
}

/**
 * The SKU of an address or a balancer, which stays what it is of one that is there; else what is not told is either, and the guess is
 * the one that lets more in (pulumi.md, 4.5).
 */
export function skuOf(projection: Projection, sku: Tree | undefined, there?: ApiRecord): unknown {
  if ((sku === undefined || sku === null) && there) return there.sku;
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
    sku: skuOf(projection, fields.sku, projection.there(kind, id)),
    ...(version !== undefined && { publicIPAddressVersion: version }),
    ipAddress: typeof address === 'string' ? address : publicAddress(projection, family),
  });
}

/** What stands for a public address that is not assigned yet. */
function publicAddress(projection: Projection, family: Family): string {
  return nthAddress(standIns[family], projection.next('public addresses'), KEPT);
}

/** The addresses that are resources of their own. */
export function projectAddresses(projection: Projection): void {
  for (const record of projection.all('PublicIPAddress')) {
    const id = projection.id(record, 'pip');
    const address = known(projection, record) ?? (projection.there('addresses', id)?.ipAddress as Tree | undefined);
    answerAddress(projection, 'addresses', id, record.name, {
      sku: projection.value(record, 'sku'),
      version: projection.value(record, 'publicIPAddressVersion', 'ipVersion'),
      address,
    });
  }
}

/** An address that is there and that nobody has gets assigned when something of the program takes it. */
export function takeAddress(projection: Projection, id: string): void {
  const there = projection.describers(id).length > 0 ? undefined : projection.there('addresses', id);
  if (!there || there.ipAddress !== undefined) return;
  const isSix = textIn(there, 'publicIPAddressVersion').toLowerCase() === 'ipv6';
  projection.answer('addresses', { id, ipAddress: publicAddress(projection, isSix ? 6 : 4) });
}

function known(projection: Projection, record: PlanRecord): Tree | undefined {
  return projection.view.observed(record, 'ipAddress');
}

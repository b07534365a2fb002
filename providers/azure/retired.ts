import type { Problem } from '../../src/model/index.js';
import type { Inventory } from './inventory.js';
import { nameOf } from './records/ids.js';

/** Addresses and balancers of the SKU that Azure retired on 30 September 2025: they are judged as they worked, and somebody should know. */
export function retired(inventory: Inventory): Problem[] {
  const all = [...inventory.all('addresses').values(), ...inventory.all('balancers').values()];
  return all
    .filter(({ sku }) => sku?.name?.toLowerCase() === 'basic')
    .map(({ id }) => ({
      severity: 'warning',
      what: `${nameOf(id)} is of the Basic SKU, which is retired`,
      where: id,
      why: 'Basic addresses and balancers are open without a security group; it is judged so, if it still works at all',
      fix: 'replace it by one of the Standard SKU',
    }));
}

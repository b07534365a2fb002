import type { Inventory } from './inventory.js';

/**
 * Lets go of what instances show of their interfaces, where these have readable records of their own: then it is never asked
 * for, and in a large account it is a good part of all that is kept.
 */
export function forgetShownInterfaces(inventory: Inventory): void {
  const records = inventory.all('interfaces');
  for (const [id, instance] of inventory.all('instances')) {
    const { NetworkInterfaces: shown = [] } = instance;
    const whole = shown.every(({ NetworkInterfaceId }) => {
      const record = records.get(NetworkInterfaceId);
      return record !== undefined && record.broken === undefined;
    });
    if (shown.length > 0 && whole) inventory.put('instances', id, { ...instance, NetworkInterfaces: [] });
  }
}

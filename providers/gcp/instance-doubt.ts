import { isUnread } from '../../src/record/index.js';
import type { Instance, NetworkInterface } from './records/records.js';

/** Fields without which only rules and routes that ask for them are in doubt, or what passes through the machine to others. */
const names = ['tags', 'tags.items', 'serviceAccounts', 'serviceAccounts.email', 'canIpForward'];

/** Fields of an interface without which only its ways from the internet are in doubt. */
const doors = ['accessConfigs'];

function fieldsOf({ broken }: { readonly broken?: string | undefined }): readonly string[] {
  return broken?.split(', ') ?? [];
}

function spoiltInterface(nic: NetworkInterface): string | undefined {
  return fieldsOf(nic).find((field) => !doors.includes(field));
}

/** The field that cannot be read and without which nothing is known of a machine; undefined where there is none. */
export function spoiltBy(instance: Instance): string | undefined {
  const { networkInterfaces = [] } = instance;
  for (const field of fieldsOf(instance)) {
    if (names.includes(field)) continue;
    if (!field.startsWith('networkInterfaces.')) return field;
    const inside = networkInterfaces.flatMap((nic) => spoiltInterface(nic) ?? [])[0];
    if (inside !== undefined) return `networkInterfaces.${inside}`;
  }
  return undefined;
}

/** Whether a machine may have network tags that nobody can read. */
export function hasUnreadTags(instance: Instance): boolean {
  return isUnread(instance, 'tags') || isUnread(instance, 'tags.items');
}

/** Whether a machine runs as a service account that nobody can read, or may. */
export function hasUnreadAccount(instance: Instance): boolean {
  return isUnread(instance, 'serviceAccounts') || isUnread(instance, 'serviceAccounts.email');
}

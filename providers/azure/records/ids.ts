/** Ids of Azure Resource Manager, which compares them whatever their case. */

function trimmed(id: string): string {
  return id.endsWith('/') ? id.replace(/\/+$/, '') : id;
}

/** Stands for the subscription in the id of something that is not there yet. */
export const UNKNOWN_SUBSCRIPTION = '?';

/** An id as the key of a record. */
export function keyOf(id: string): string {
  return trimmed(id).toLowerCase();
}

/** The last part of an id: the resource's own name. */
export function nameOf(id: string): string {
  const own = trimmed(id);
  return own.slice(own.lastIndexOf('/') + 1);
}

/** `microsoft.network/virtualnetworks/subnets`: what an id is of; undefined for what is no id. */
export function typeOf(id: string): string | undefined {
  const at = id.toLowerCase().lastIndexOf('/providers/');
  if (at < 0) return undefined;
  const [namespace = '', ...parts] = keyOf(id)
    .slice(at + '/providers/'.length)
    .split('/');
  return [namespace, ...parts.filter((_, index) => index % 2 === 0)].join('/');
}

export function subscriptionOf(id: string | undefined): string | undefined {
  return id === undefined ? undefined : /\/subscriptions\/([^/]+)/i.exec(id)?.[1];
}

export function groupOf(id: string): string | undefined {
  return /\/resourceGroups\/([^/]+)/i.exec(id)?.[1];
}

/** The id of the resource that holds a part: of an IP configuration its interface, of a subnet its network. */
export function parentOf(id: string): string {
  const key = keyOf(id);
  return key.slice(0, Math.max(0, key.lastIndexOf('/', key.lastIndexOf('/') - 1)));
}

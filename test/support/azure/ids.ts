export const SUBSCRIPTION = '11111111-2222-3333-4444-555555555555';
export const GROUP = 'rg';
export const LOCATION = 'westeurope';

const ROOT = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}/providers`;

/** `networkId('virtualNetworks', 'vnet1')`; more pairs name a child of it. */
export function networkId(...path: readonly string[]): string {
  return [ROOT, 'Microsoft.Network', ...path].join('/');
}

export function computeId(...path: readonly string[]): string {
  return [ROOT, 'Microsoft.Compute', ...path].join('/');
}

/** `subnetId('vnet1/s1')`. */
export function subnetId(path: string): string {
  const [vnet = '', subnet = ''] = path.split('/');
  return networkId('virtualNetworks', vnet, 'subnets', subnet);
}

/** An IP configuration of an interface: `ipConfigId('nicA')`. */
export function ipConfigId(nic: string, name = 'ipconfig1'): string {
  return networkId('networkInterfaces', nic, 'ipConfigurations', name);
}

/** A reference, as ARM writes it. */
export function ref(id: string): { readonly id: string } {
  return { id };
}

/** The last segment of an id: the short name. */
export function nameIn(id: unknown): string {
  const text = String(id);
  return text.slice(text.lastIndexOf('/') + 1);
}

/** `Microsoft.Network/virtualNetworks/subnets`: what the id is of. */
export function typeIn(id: string): string {
  const [, path = ''] = id.split('/providers/');
  const [namespace = '', ...pairs] = path.split('/');
  return [namespace, ...pairs.filter((_, at) => at % 2 === 0)].join('/');
}

export { type Address, type Family, formatAddress, parseAddress } from './address.js';
export { AddressPartition } from './address-partition.js';
export { AddressSet } from './address-set.js';
export { PortSet } from './port-set.js';
export { formatPrefix, type Prefix, parsePrefix } from './prefix.js';
export { candidatesOf, stretchesOf } from './stretches.js';
export * from './texts.js';
export { type TrafficBlock, TrafficSet } from './traffic-set.js';

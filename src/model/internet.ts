import { AddressSet } from '../set/index.js';

/**
 * The addresses of the internet, as the contract defines the source `internet`: everything but private, shared, loopback,
 * link-local, benchmarking, multicast and reserved space, and of IPv6 the global unicast range.
 */
export const internet: AddressSet = AddressSet.ipv4
  .subtract(
    AddressSet.of(
      '0.0.0.0/8',
      '10.0.0.0/8',
      '100.64.0.0/10',
      '127.0.0.0/8',
      '169.254.0.0/16',
      '172.16.0.0/12',
      '192.0.0.0/24',
      '192.168.0.0/16',
      '198.18.0.0/15',
      '224.0.0.0/3',
    ),
  )
  .union(AddressSet.of('2000::/3'));

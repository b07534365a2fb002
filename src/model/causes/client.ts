import { type KnownCause, type Look, own, timesOut } from '../known-cause.js';

const here = (code: KnownCause['code'], common: KnownCause['common'], ...looks: readonly Look[]): KnownCause => ({
  code,
  place: 'client',
  looks,
  common,
});

/** What is wrong on the machine of whoever tries. */
export const clientCauses: readonly KnownCause[] = [
  here('client/name', 5, { symptom: 'dns-failed', stage: 'resolving' }),
  here('client/no-route', 4, own('net-unreachable')),
  here(
    'client/route-blocks',
    1,
    own('invalid-argument'),
    own('no-route'),
    own('permission-denied'),
    own('net-unreachable'),
  ),
  here('client/firewall', 3, timesOut, own('refused')),
  here('client/no-free-port', 1, own('no-client-port')),
  here('client/no-ipv6', 2, { ...timesOut, family: 6 }, own('no-route', 6), own('net-unreachable', 6)),
  here('client/not-an-address', 1, own('net-unreachable'), own('permission-denied'), own('invalid-argument')),
];

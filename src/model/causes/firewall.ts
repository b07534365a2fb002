import {
  atOnce,
  type KnownCause,
  type Look,
  neighbourFails,
  refusedByMessage,
  refusedByReset,
  timesOut,
  told,
  wrapperPause,
} from '../known-cause.js';

const stops = (code: KnownCause['code'], common: KnownCause['common'], ...looks: readonly Look[]): KnownCause => ({
  code,
  place: 'firewall',
  looks,
  common,
});

/** What stops packets on the machine before a listener sees them, and who is banned. */
export const firewallCauses: readonly KnownCause[] = [
  stops('host/firewall-drops', 5, timesOut),
  stops('host/firewall-rejects', 4, refusedByMessage),
  stops('host/firewall-resets', 3, refusedByReset),
  stops('host/firewall-prohibits', 4, told('no-route')),
  stops('host/firewall-prohibits-ipv6', 3, told('permission-denied', 6)),
  stops('host/firewall-net-unreachable', 1, told('net-unreachable')),
  stops('host/firewall-protocol-unreachable', 1, told('no-protocol', 4)),
  stops('host/rate-limit', 3, refusedByMessage, refusedByReset, timesOut),
  stops('host/firewall-drops-replies', 2, timesOut),
  stops('host/firewall-early', 2, timesOut),
  stops('host/port-redirected', 2, refusedByReset, timesOut),
  stops('host/redirect-target-dead', 2, { symptom: 'no-route', stage: 'connecting', after: neighbourFails }, timesOut),
  stops('host/conntrack-full', 2, timesOut),
  stops('host/accept-queue-full', 2, timesOut),
  stops('host/syn-queue-full', 1, timesOut),
  stops('host/reverse-path-filter', 2, timesOut),
  stops('host/no-return-route', 3, timesOut),
  stops('host/neighbour-discovery-dropped', 1, {
    symptom: 'no-route',
    stage: 'connecting',
    family: 6,
    after: neighbourFails,
  }),
  stops('host/unit-address-deny', 1, timesOut),
  // Who bans writes a rule or a route, which the walk finds without knowing whose it is.
  { ...stops('host/banned', 4, refusedByMessage), leadsTo: ['host/firewall-rejects'] },
  {
    ...stops('host/ban-drops', 3, timesOut),
    leadsTo: ['host/firewall-drops', 'host/firewall-early', 'host/no-return-route'],
  },
  stops('host/tcp-wrappers', 3, { symptom: 'closed', stage: 'connected', after: wrapperPause }),
  stops('host/tcp-wrappers-text', 1, { symptom: 'banner-text', stage: 'greeted', after: atOnce }),
];

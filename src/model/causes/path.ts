import {
  closedAtOnce,
  type KnownCause,
  kexHang,
  kexReplyHang,
  kexReset,
  type Look,
  neighbourFails,
  refusedByMessage,
  refusedByReset,
  resetAtOnce,
  silent,
  timesOut,
  told,
} from '../known-cause.js';

const between = (code: KnownCause['code'], common: KnownCause['common'], ...looks: readonly Look[]): KnownCause => ({
  code,
  place: 'path',
  looks,
  common,
});

/** What stands between client and machine, and what is not the machine that was meant. */
export const pathCauses: readonly KnownCause[] = [
  between('path/cloud-filter', 5, timesOut),
  between('path/silent-proxy', 2, silent),
  between('path/proxy-without-listener', 1, closedAtOnce, resetAtOnce),
  // haproxy and socat try again, or wait for a neighbour, before they close.
  between('path/proxy-backend-dead', 3, { symptom: 'closed', stage: 'connected', after: [0, 4500] }),
  between('path/mtu-to-client', 3, kexHang),
  between('path/mtu-to-server', 2, kexHang, kexReplyHang, {
    symptom: 'closed',
    stage: 'key-exchange',
    after: [2000, 1_200_000],
  }),
  between('path/payload-filter', 2, silent, kexHang, kexReplyHang, kexReset),
  between('path/only-first-packet', 1, silent),
  between(
    'path/router-rejects',
    3,
    refusedByMessage,
    told('no-route'),
    told('net-unreachable'),
    told('permission-denied', 6),
    told('no-protocol', 4),
    refusedByReset,
  ),
  between('path/router-route', 2, timesOut, told('no-route'), told('net-unreachable'), told('permission-denied', 6)),
  between('path/no-such-host', 3, { symptom: 'no-route', stage: 'connecting', after: neighbourFails }, timesOut),
  between(
    'path/other-machine',
    3,
    refusedByReset,
    refusedByMessage,
    timesOut,
    told('no-route'),
    { symptom: 'not-ssh', stage: 'greeted' },
    { symptom: 'auth-failed', stage: 'login' },
    { symptom: 'auth-failed', stage: 'key-exchange' },
  ),
];

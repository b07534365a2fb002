import { closedAtOnce, type KnownCause, type Look, refusedByReset, silent, timesOut } from '../known-cause.js';

const refused = (
  code: KnownCause['code'],
  common: KnownCause['common'],
  looks: readonly Look[] = [refusedByReset],
): KnownCause => ({ code, place: 'listener', looks, common });

const onIpv6: Look = { ...refusedByReset, family: 6 };
const onIpv4: Look = { ...refusedByReset, family: 4 };

/** Why nothing takes the connection: the kernel answers with a reset. */
export const listenerCauses: readonly KnownCause[] = [
  refused('host/no-listener', 5),
  refused('host/other-port', 4),
  refused('host/listener-loopback-only', 3),
  refused('host/listener-other-address', 3),
  refused('host/listener-ipv4-only', 3, [onIpv6]),
  refused('host/listener-ipv6-only', 2, [onIpv4]),
  refused('host/listen-address-absent', 2),
  {
    code: 'host/port-taken',
    place: 'listener',
    looks: [
      { symptom: 'not-ssh', stage: 'greeted' },
      { symptom: 'not-ssh', stage: 'greeted', waits: true },
      { symptom: 'banner-text', stage: 'greeted' },
      silent,
      closedAtOnce,
    ],
    common: 2,
  },
  refused('host/bind-denied', 2),
  refused('host/bad-config', 4),
  refused('host/no-host-keys', 3),
  refused('host/no-privsep-directory', 2),
  refused('host/no-privsep-user', 1),
  refused('host/reload-with-bad-config', 2),
  refused('host/config-not-loaded', 3),
  refused('host/socket-port', 3),
  refused('host/start-limit', 2),
  refused('host/booting', 3, [refusedByReset, timesOut]),
  refused('host/disabled-by-file', 1),
  refused('host/start-failed-for-good', 2),
  refused('host/unit-private-network', 1),
  refused('host/unit-address-families', 1, [onIpv4]),
  refused('host/fips', 1, [refusedByReset, closedAtOnce]),
  refused('host/disk-full', 2),
];

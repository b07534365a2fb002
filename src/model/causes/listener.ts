import { closedAtOnce, type KnownCause, type Look, refusedByReset, silent, timesOut } from '../known-cause.js';

const refused = (
  code: KnownCause['code'],
  common: KnownCause['common'],
  looks: readonly Look[] = [refusedByReset],
): KnownCause => ({ code, place: 'listener', looks, common });

/** Why no sshd listens at all, or on another port than it should. */
const because = (
  leadsTo: 'host/no-listener' | 'host/other-port',
  ...cause: Parameters<typeof refused>
): KnownCause => ({
  ...refused(...cause),
  leadsTo,
});

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
  because('host/no-listener', 'host/listen-address-absent', 2),
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
  because('host/no-listener', 'host/bind-denied', 2),
  because('host/no-listener', 'host/bad-config', 4),
  because('host/no-listener', 'host/no-host-keys', 3),
  because('host/no-listener', 'host/no-privsep-directory', 2),
  because('host/no-listener', 'host/no-privsep-user', 1),
  because('host/no-listener', 'host/reload-with-bad-config', 2),
  because('host/other-port', 'host/config-not-loaded', 3),
  because('host/other-port', 'host/socket-port', 3),
  because('host/no-listener', 'host/start-limit', 2),
  because('host/no-listener', 'host/booting', 3, [refusedByReset, timesOut]),
  because('host/no-listener', 'host/disabled-by-file', 1),
  because('host/no-listener', 'host/start-failed-for-good', 2),
  because('host/no-listener', 'host/unit-private-network', 1),
  refused('host/unit-address-families', 1, [onIpv4]),
  because('host/no-listener', 'host/fips', 1, [refusedByReset, closedAtOnce]),
  because('host/no-listener', 'host/disk-full', 2),
];

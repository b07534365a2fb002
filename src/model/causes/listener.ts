import type { CauseCode } from '../cause-code.js';
import { closedAtOnce, type KnownCause, type Look, refusedByReset, silent, timesOut } from '../known-cause.js';

const refused = (
  code: KnownCause['code'],
  common: KnownCause['common'],
  looks: readonly Look[] = [refusedByReset],
): KnownCause => ({ code, place: 'listener', looks, common });

/** Why no sshd listens at all, or on another port than it should. */
const because = (leadsTo: readonly CauseCode[], ...cause: Parameters<typeof refused>): KnownCause => ({
  ...refused(...cause),
  leadsTo,
});

/** Nobody listens; and systemd has given up by now, or does not try again. */
const failedStart: readonly CauseCode[] = ['host/no-listener', 'host/start-limit', 'host/start-failed-for-good'];
const noStart: readonly CauseCode[] = ['host/no-listener'];
const otherPort: readonly CauseCode[] = ['host/other-port'];

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
  because(failedStart, 'host/listen-address-absent', 2),
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
  because(failedStart, 'host/bind-denied', 2),
  because(failedStart, 'host/bad-config', 4),
  because(failedStart, 'host/no-host-keys', 3),
  because(failedStart, 'host/no-privsep-directory', 2),
  because(failedStart, 'host/no-privsep-user', 1),
  because(['host/bad-config'], 'host/reload-with-bad-config', 2),
  because(otherPort, 'host/config-not-loaded', 3),
  because(otherPort, 'host/socket-port', 3),
  because(noStart, 'host/start-limit', 2),
  because(['host/no-listener', 'host/no-host-keys'], 'host/booting', 3, [refusedByReset, timesOut]),
  because(noStart, 'host/disabled-by-file', 1),
  because(noStart, 'host/start-failed-for-good', 2),
  because(noStart, 'host/unit-private-network', 1),
  { ...refused('host/unit-address-families', 1, [onIpv4]), leadsTo: ['host/listener-ipv6-only'] },
  because(failedStart, 'host/fips', 1, [refusedByReset, closedAtOnce]),
  because(failedStart, 'host/disk-full', 2),
];

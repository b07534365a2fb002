import {
  atOnce,
  closedAtLogin,
  closedAtOnce,
  type KnownCause,
  kexReset,
  type Look,
  resetAtOnce,
  silent,
  timesOut,
} from '../known-cause.js';

const daemon = (code: KnownCause['code'], common: KnownCause['common'], ...looks: readonly Look[]): KnownCause => ({
  code,
  place: 'daemon',
  looks,
  common,
});

const says = (greeting: RegExp): Look => ({ symptom: 'banner-text', stage: 'greeted', after: atOnce, greeting });
/** OpenSSH 8.2 to 9.7, and from 9.8. */
const exceeded = says(/^Exceeded MaxStartups/i);
const notAllowed = says(/^Not allowed at this time/i);

/** What a listener does that takes the connection and does not serve it. */
export const daemonCauses: readonly KnownCause[] = [
  daemon('host/max-startups', 4, exceeded, notAllowed, closedAtOnce),
  daemon('host/per-source-max-startups', 2, exceeded, notAllowed, closedAtOnce),
  daemon('host/per-source-penalty', 4, notAllowed),
  daemon('host/refuse-connection', 1, closedAtLogin),
  daemon('host/sshd-hung', 3, silent, timesOut),
  daemon('host/host-keys-deleted', 2, closedAtOnce),
  daemon('host/privsep-directory-deleted', 2, closedAtOnce, kexReset, notAllowed),
  daemon('host/sshd-upgraded', 3, closedAtOnce),
  // Without a file for the connection itself it waits, and nobody takes it (measured).
  daemon('host/out-of-files', 2, silent, closedAtOnce),
  daemon('host/process-limit', 2, closedAtOnce, kexReset),
  daemon('host/socket-activation-fails', 2, closedAtOnce, resetAtOnce),
  daemon('host/socket-connections', 1, closedAtOnce),
  daemon(
    'host/login-grace',
    2,
    { symptom: 'closed', stage: 'login', after: [2000, 1_200_000] },
    { symptom: 'closed', stage: 'greeted', after: [2000, 1_200_000] },
    { symptom: 'closed', stage: 'key-exchange', after: [2000, 1_200_000] },
  ),
  daemon('host/http-on-port', 2, {
    symptom: 'not-ssh',
    stage: 'greeted',
    greeting: /^(?:HTTP\/|\s*<(?:!doctype|html|\?xml))/i,
  }),
  daemon(
    'host/other-service',
    2,
    { symptom: 'not-ssh', stage: 'greeted', waits: true },
    { symptom: 'not-ssh', stage: 'greeted' },
    { symptom: 'banner-text', stage: 'greeted' },
    { ...silent },
  ),
  daemon('host/slow-resolver', 2, { symptom: 'silent', stage: 'connected', after: [0, 12_000] }),
  daemon('host/accept-then-reset', 1, resetAtOnce, closedAtOnce),
];

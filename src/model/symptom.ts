/** What the person at the client sees. One list for every cloud and for the host. */
export const symptoms = [
  'connects',
  'times-out',
  'refused',
  'no-route',
  'net-unreachable',
  'permission-denied',
  'reset',
  'closed',
  'silent',
  'banner-text',
  'not-ssh',
  'kex-hang',
  'negotiation-failed',
  'auth-failed',
  'dns-failed',
  'no-protocol',
  'invalid-argument',
  'no-client-port',
  'cannot-tell',
] as const;

export type Symptom = (typeof symptoms)[number];

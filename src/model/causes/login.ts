import { closedAtLogin, type KnownCause, type Look, loginRefused } from '../known-cause.js';

const login = (code: KnownCause['code'], common: KnownCause['common'], ...looks: readonly Look[]): KnownCause => ({
  code,
  place: 'login',
  looks,
  common,
});

/** What keeps out a user whose connection is in order. */
export const loginCauses: readonly KnownCause[] = [
  login('login/key-refused', 5, loginRefused),
  login('login/user-not-allowed', 3, loginRefused),
  login('login/too-many-keys', 3, loginRefused),
  login('login/shell', 2, loginRefused),
  login('login/nologin', 2, closedAtLogin, loginRefused),
  login('login/account-expired', 2, closedAtLogin, loginRefused),
  login('login/password-change', 2, loginRefused),
  login('login/no-common-algorithm', 4, { symptom: 'negotiation-failed', stage: 'key-exchange' }),
];

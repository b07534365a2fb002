/** What a rule does with a client that it matches. */
export type WrapperAction = 'allow' | 'deny' | 'twist' | 'unknown';

const facilities = /^(?:kern|user|mail|daemon|auth|authpriv|lpr|news|uucp|cron|ftp|local[0-7])$/i;
const levels = /^(?:emerg|alert|crit|err|warning|notice|info|debug)$/i;

/** Whether the value of an option is in order: no is an error, which denies; undefined where it depends on the machine. */
type Check = (value: string) => boolean | undefined;

const something: Check = (value) => value !== '';
const nothing: Check = (value) => value === '';
/** The account or group must exist. */
const account: Check = (value) => (value === '' ? false : value === 'root' ? true : undefined);

/** hosts_options(5). Whatever stands behind an option of `last` is an error. */
const options: ReadonlyMap<string, { readonly check: Check; readonly last?: true }> = new Map([
  ['allow', { check: nothing, last: true }],
  ['deny', { check: nothing, last: true }],
  ['twist', { check: something, last: true }],
  ['spawn', { check: something }],
  ['setenv', { check: something }],
  ['banners', { check: something }],
  ['keepalive', { check: nothing }],
  ['user', { check: account }],
  ['group', { check: account }],
  ['linger', { check: (value) => /^\d{1,9}$/.test(value) }],
  ['nice', { check: (value) => /^(?:[+-]?\d{1,9})?$/.test(value) }],
  ['umask', { check: (value) => /^[0-7]{1,3}$/.test(value) }],
  ['rfc931', { check: (value) => value === '' || (/^\d{1,9}$/.test(value) && Number(value) > 0) }],
  ['severity', { check: severity }],
  ['aclexec', { check: () => undefined }],
]);

function severity(value: string): boolean {
  const dot = value.indexOf('.');
  if (dot < 0) return levels.test(value);
  return facilities.test(value.slice(0, dot)) && levels.test(value.slice(dot + 1));
}

/**
 * What the options of a rule make of it, where the file that it stands in says `otherwise`. They are separated by `:`, and `\:` is
 * a colon. An option that is written wrong denies, whatever the file (hosts_options(5); measured with tcpdmatch).
 */
export function wrapperAction(text: string | undefined, otherwise: 'allow' | 'deny'): WrapperAction {
  if (text === undefined) return otherwise;
  const fields = text.replaceAll('\\:', '\u0000').split(':');
  let sure = true;
  for (const [i, field] of fields.entries()) {
    const [, name = '', rest = ''] = /^([^ \t\r\n=]*)(.*)$/s.exec(field.trim()) ?? [];
    const value = rest.trim().replace(/^=/, '').trim();
    const option = options.get(name.toLowerCase());
    const last = i === fields.length - 1;
    if (option === undefined || (option.last && !last)) return sure ? 'deny' : 'unknown';
    const good = option.check(value);
    if (good === false) return sure ? 'deny' : 'unknown';
    if (good === undefined) sure = false;
    if (option.last && sure) return lastAction(name.toLowerCase());
  }
  return sure ? otherwise : 'unknown';
}

function lastAction(name: string): WrapperAction {
  return name === 'allow' || name === 'deny' ? name : 'twist';
}

import { type AddressSet, formatAddress } from '../../../src/set/index.js';

/** A value as a word of a command where it is of a form that no shell reads otherwise, else the placeholder. */
export function wordOr(placeholder: string, text: string | undefined, form: RegExp): string {
  return text !== undefined && form.test(text) ? text : placeholder;
}

/** The path of a file that has only plain characters and no part that leads upwards. */
const plainPath = /^\/(?!.*\.\.)[A-Za-z0-9_./-]{1,200}$/;

export function isPlainPath(text: string | undefined): text is string {
  return text !== undefined && plainPath.test(text);
}

export const jailName = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;
export const deviceName = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/;
export const unitName = /^sshd?@?\.(?:service|socket)$/;
export const userName = /^[A-Za-z_][A-Za-z0-9_-]{0,31}$/;

/** More than so many prefixes make no command that people can read. */
const mostPrefixes = 8;

/** Clients as `203.0.113.7` or `203.0.113.0/24`; undefined where they are too many to be named one by one. */
export function clientWords(clients: AddressSet | undefined): readonly string[] | undefined {
  const prefixes = clients?.prefixes();
  if (!prefixes || prefixes.length > mostPrefixes) return undefined;
  return prefixes.map((prefix) => prefix.replace(prefix.includes(':') ? /\/128$/ : /\/32$/, ''));
}

/** The one client, or a placeholder where there are several or none is told. */
export function clientWord(clients: AddressSet | undefined): string {
  const only = clients?.isSingle ? clients.first : undefined;
  return only ? formatAddress(only) : 'CLIENT';
}

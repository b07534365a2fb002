import { portOf } from './listen-address.js';

/** The criteria of sshd_config(5) that take a value. */
const criteria = /^(?:user|group|host|address|localaddress|localport|rdomain)$/i;

/**
 * What a Match line comes to before anybody connects: `all` applies always, every other block to nobody yet. A criterion that is
 * not known here may be one of a newer version.
 */
export function matchLine(
  text: string,
): { readonly kind: 'all' | 'some' } | { readonly kind: 'error'; readonly sure: boolean } {
  const unquoted = text.replace(/"[^"]*"/g, 'quoted');
  const comment = unquoted.search(/(?:^|\s)#/);
  const words = (comment < 0 ? unquoted : unquoted.slice(0, comment)).split(/[\s=]+/).filter((word) => word !== '');
  if (words.length === 0) return { kind: 'error', sure: true };
  if (words.some((word, i) => i % 2 === 0 && word.toLowerCase() === 'all')) {
    return words.length === 1 ? { kind: 'all' } : { kind: 'error', sure: true };
  }
  for (let i = 0; i < words.length; i += 2) {
    if (!criteria.test(words[i] ?? '')) return { kind: 'error', sure: false };
    const value = words[i + 1];
    if (value === undefined) return { kind: 'error', sure: true };
    const port = /^localport$/i.test(words[i] ?? '') && !/^[+-]?0+$/.test(value) ? portOf(value) : 0;
    if (typeof port !== 'number') return { kind: 'error', sure: port === undefined };
  }
  return { kind: 'some' };
}

import { dnatTo } from './iptables-targets.js';
import { type Cursor, isAtEnd, keyword, take, takeIf } from './nft-cursor.js';
import { takeKey } from './nft-text-key.js';
import { takeSet } from './nft-text-value.js';

const flags = new Set(['random', 'persistent', 'fully-random']);

/** Takes what follows `redirect`, `dnat`, `snat` or `masquerade`, as the JSON form has it. */
export function takeNat(cursor: Cursor, kind: string): object | undefined {
  const family = keyword(cursor);
  const isOfFamily = takeIf(cursor, 'ip', 'ip6');
  if (takeIf(cursor, 'prefix')) return undefined;
  if (takeIf(cursor, 'addr') && !(takeIf(cursor, '.') && takeIf(cursor, 'port'))) return undefined;
  const to = takeIf(cursor, 'to') ? takeTo(cursor) : {};
  while (
    !isAtEnd(cursor) &&
    keyword(cursor)
      .split(',')
      .every((word) => flags.has(word))
  )
    cursor.at++;
  return to && { [kind]: { ...(isOfFamily && { family }), ...to } };
}

/** `:2222`, `10.0.0.5:22`, `[fd00::5]:22`, ranges of them, or a map. */
function takeTo(cursor: Cursor): object | undefined {
  const isPort = takeIf(cursor, ':');
  if (isPort || /^[a-z]+$/.test(keyword(cursor))) {
    const key = takeKey(cursor);
    const data = key !== undefined && takeIf(cursor, 'map') ? takeSet(cursor) : undefined;
    return data === undefined ? undefined : { [isPort ? 'port' : 'addr']: { map: { key, data } } };
  }
  const text = take(cursor)?.text ?? '';
  if (text.includes('-')) return { [text.startsWith(':') ? 'port' : 'addr']: { range: [text] } };
  const to = dnatTo(text);
  if (to?.kind !== 'dnat') return undefined;
  return {
    ...(to.address !== undefined && { addr: to.address }),
    ...(to.port !== undefined && { port: to.port }),
  };
}

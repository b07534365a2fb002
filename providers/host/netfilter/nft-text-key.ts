import { type Cursor, keyword, take, takeIf } from './nft-cursor.js';

const bareMeta = new Set(
  'iif iifname iiftype iifgroup oif oifname oiftype oifgroup skuid skgid rtclassid ibrname obrname cgroup cpu pkttype mark length protocol nfproto l4proto priority time day hour random'.split(
    ' ',
  ),
);
const headers = new Set(
  'ip ip6 tcp udp udplite sctp dccp th icmp icmpv6 igmp ether vlan arp esp ah comp gre gretap vxlan geneve'.split(' '),
);
const extensionHeaders = new Set(['hbh', 'frag', 'dst', 'mh', 'srh', 'rt', 'exthdr']);
const routes = new Set(['classid', 'nexthop', 'mtu', 'ipsec']);
const fibResults = new Set(['type', 'oif', 'oifname']);

/** Takes the left side of a comparison as the JSON form has it; undefined where none begins here. */
export function takeKey(cursor: Cursor): unknown {
  const parts: unknown[] = [];
  do {
    const part = takePart(cursor);
    if (part === undefined) return undefined;
    parts.push(part);
  } while (takeIf(cursor, '.'));
  return parts.length === 1 ? parts[0] : { concat: parts };
}

function takePart(cursor: Cursor): unknown {
  const word = keyword(cursor);
  if (word === 'meta') {
    cursor.at++;
    return { meta: { key: take(cursor)?.text } };
  }
  if (bareMeta.has(word)) return { meta: { key: take(cursor)?.text } };
  if (word.startsWith('@')) return takeRaw(cursor);
  if (word === 'ct') return takeConnection(cursor);
  if (word === 'fib') return takeFib(cursor);
  if (word === 'socket' || word === 'numgen' || word === 'symhash' || word === 'jhash')
    return takeComputed(cursor, word);
  if ((word === 'ip' || word === 'tcp') && keyword(cursor, 1) === 'option') return takeOption(cursor, `${word} option`);
  if (word === 'rt' && routes.has(keyword(cursor, 1))) {
    cursor.at++;
    return { rt: { key: take(cursor)?.text } };
  }
  if (extensionHeaders.has(word)) return takeHeader(cursor, word);
  if (!headers.has(word)) return undefined;
  cursor.at++;
  return { payload: { protocol: word, field: take(cursor)?.text } };
}

/** `@th,16,16`: a place in the packet. */
function takeRaw(cursor: Cursor): unknown {
  const [, base, offset, len] = /^@(ll|nh|th|ih),([0-9]{1,5}),([0-9]{1,5})$/.exec(keyword(cursor)) ?? [];
  if (base === undefined) return undefined;
  cursor.at++;
  return { payload: { base, offset: Number(offset), len: Number(len) } };
}

function takeConnection(cursor: Cursor): unknown {
  cursor.at++;
  const dir = takeDirection(cursor);
  const first = take(cursor)?.text;
  const key = first === 'ip' || first === 'ip6' ? `${first} ${take(cursor)?.text ?? ''}` : first;
  return { ct: { key, ...(dir !== undefined && { dir }) } };
}

function takeDirection(cursor: Cursor): string | undefined {
  const word = keyword(cursor);
  return takeIf(cursor, 'original', 'reply') ? word : undefined;
}

function takeFib(cursor: Cursor): unknown {
  cursor.at++;
  const flags: (string | undefined)[] = [];
  do flags.push(take(cursor)?.text);
  while (takeIf(cursor, '.'));
  const result = keyword(cursor);
  if (!fibResults.has(result)) return undefined;
  cursor.at++;
  return { fib: { result, flags } };
}

/** Values that no packet carries: `numgen random mod 2`, `jhash ip saddr mod 2 seed 0x1`, `socket transparent`. */
function takeComputed(cursor: Cursor, word: string): unknown {
  const words: string[] = [];
  cursor.at++;
  if (word === 'socket') {
    words.push(take(cursor)?.text ?? '');
    if (takeIf(cursor, 'level')) words.push('level', take(cursor)?.text ?? '');
    return { socket: words.join(' ') };
  }
  while (keyword(cursor) !== '' && keyword(cursor) !== 'mod') words.push(take(cursor)?.text ?? '');
  while (takeIf(cursor, 'mod', 'seed', 'offset'))
    words.push(cursor.tokens[cursor.at - 1]?.text ?? '', take(cursor)?.text ?? '');
  return { [word]: words.join(' ') };
}

function takeOption(cursor: Cursor, kind: string): unknown {
  cursor.at += 2;
  const name = take(cursor)?.text;
  const next = keyword(cursor);
  if (next === 'exists' || next === 'missing') return { [kind]: { name } };
  return { [kind]: { name, field: take(cursor)?.text } };
}

function takeHeader(cursor: Cursor, word: string): unknown {
  cursor.at++;
  const next = take(cursor)?.text;
  return { exthdr: word === 'exthdr' ? { name: next } : { name: word, field: next } };
}

import type { Family } from '../../../src/set/index.js';

/** Numbers of IANA by the names that iptables (iptables -p icmp -h) and nft (nft describe icmp type) print. */
const ofIpv4: Readonly<Record<string, number>> = {
  'echo-reply': 0,
  pong: 0,
  'destination-unreachable': 3,
  'source-quench': 4,
  redirect: 5,
  'echo-request': 8,
  ping: 8,
  'router-advertisement': 9,
  'router-solicitation': 10,
  'time-exceeded': 11,
  'ttl-exceeded': 11,
  'parameter-problem': 12,
  'timestamp-request': 13,
  'timestamp-reply': 14,
  'info-request': 15,
  'info-reply': 16,
  'address-mask-request': 17,
  'address-mask-reply': 18,
};

const ofIpv6: Readonly<Record<string, number>> = {
  'destination-unreachable': 1,
  'packet-too-big': 2,
  'time-exceeded': 3,
  'ttl-exceeded': 3,
  'parameter-problem': 4,
  'echo-request': 128,
  ping: 128,
  'echo-reply': 129,
  pong: 129,
  'mld-listener-query': 130,
  'mld-listener-report': 131,
  'mld-listener-done': 132,
  'mld-listener-reduction': 132,
  'router-solicitation': 133,
  'nd-router-solicit': 133,
  'router-advertisement': 134,
  'nd-router-advert': 134,
  'neighbour-solicitation': 135,
  'neighbor-solicitation': 135,
  'nd-neighbor-solicit': 135,
  'neighbour-advertisement': 136,
  'neighbor-advertisement': 136,
  'nd-neighbor-advert': 136,
  redirect: 137,
  'nd-redirect': 137,
  'router-renumbering': 138,
  'ind-neighbor-solicit': 141,
  'ind-neighbor-advert': 142,
  'mld2-listener-report': 143,
};

/** The number of an ICMP type by name or number, 0 to 255; undefined for a word that is neither. */
export function icmpType(word: string, family: Family): number | undefined {
  if (/^[0-9]{1,3}$/.test(word)) return Number(word) <= 255 ? Number(word) : undefined;
  const names = family === 4 ? ofIpv4 : ofIpv6;
  return Object.hasOwn(names, word) ? names[word] : undefined;
}

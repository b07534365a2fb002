import type { Family } from '../../../src/set/index.js';
import { anyOf } from './conditions.js';
import type { Condition, Protocol } from './ruleset.js';

/** Of TCP and UDP. */
export const highestPort = 65_535;

const icmp = 1;
const icmpv6 = 58;

/** Protocol numbers of IANA by the names that the tools print: /etc/protocols, and those that iptables and nft know themselves. */
const numbers: ReadonlyMap<string, number> = new Map([
  ['icmp', icmp],
  ['igmp', 2],
  ['ggp', 3],
  ['ipencap', 4],
  ['ipip', 4],
  ['st', 5],
  ['tcp', 6],
  ['egp', 8],
  ['igp', 9],
  ['udp', 17],
  ['hmp', 20],
  ['rdp', 27],
  ['dccp', 33],
  ['ipv6', 41],
  ['ipv6-route', 43],
  ['ipv6-frag', 44],
  ['rsvp', 46],
  ['gre', 47],
  ['esp', 50],
  ['ipv6-crypt', 50],
  ['ah', 51],
  ['ipv6-auth', 51],
  ['skip', 57],
  ['icmpv6', icmpv6],
  ['ipv6-icmp', icmpv6],
  ['ipv6-nonxt', 59],
  ['ipv6-opts', 60],
  ['eigrp', 88],
  ['ospf', 89],
  ['ospfigp', 89],
  ['ipcomp', 108],
  ['comp', 108],
  ['pim', 103],
  ['vrrp', 112],
  ['l2tp', 115],
  ['isis', 124],
  ['sctp', 132],
  ['mobility-header', 135],
  ['ipv6-mh', 135],
  ['udplite', 136],
  ['mptcp', 262],
]);

const numberText = /^(?:0x[0-9a-f]{1,2}|[0-9]{1,3})$/;

/** The number of a protocol by name or number, 0 to 262; undefined for a word that is neither. */
export function protocolNumber(word: string): number | undefined {
  const lower = word.toLowerCase();
  return numberText.test(lower) ? Number(lower) : numbers.get(lower);
}

/**
 * The packets of one of these protocols. ICMP of one family says nothing about packets of the other, so it takes its family with
 * it unless both are meant, or `family` is the only one that there is.
 */
export function protocolCondition(wanted: readonly number[], family: Family | undefined): Condition {
  const plain = new Set<Protocol>();
  const lists: Condition[][] = [];
  const both = wanted.includes(icmp) && wanted.includes(icmpv6);
  for (const number of wanted) {
    if (number === 6) plain.add('tcp');
    else if (number === 17) plain.add('udp');
    else if (number !== icmp && number !== icmpv6) plain.add('other');
    else if (both) plain.add('icmp');
    else if (family === undefined) lists.push([{ kind: 'family', family: number === icmp ? 4 : 6 }, of('icmp')]);
    else plain.add((number === icmp) === (family === 4) ? 'icmp' : 'other');
  }
  return anyOf(plain.size > 0 ? [[of(...plain)], ...lists] : lists);
}

function of(...protocols: Protocol[]): Condition {
  return { kind: 'protocol', protocols };
}

import { number, possible, type Read, text } from '../../../src/record/index.js';
import { parseAddress, parsePrefix } from '../../../src/set/index.js';

/** The values that networks are written in, so that an impossible one is told where it stands and counts as not there. */
export const ipAddress = possible(text, 'an IP address', (value) => parseAddress(value) !== undefined);

export const cidr = possible(text, 'a CIDR block', (value) => parsePrefix(value) !== undefined);

function wholeNumber(first: number, last: number): Read<number> {
  const wanted = `a whole number from ${first} to ${last}`;
  return possible(number, wanted, (value) => Number.isInteger(value) && value >= first && value <= last);
}

export const port = wholeNumber(0, 65535);

/** A port, an ICMP type, or -1 for every one of them. */
export const portOrType = wholeNumber(-1, 65535);

/** 32767 and 32768 are the entries that every network ACL ends with. */
export const ruleNumber = wholeNumber(1, 32768);

const protocols = /^(?:-1|all|tcp|udp|icmp|icmpv6|[0-9]{1,3})$/i;

/** `-1` is every protocol. */
export const protocol = possible(
  text,
  'a protocol (a number, tcp, udp, icmp, icmpv6 or -1)',
  (value) => protocols.test(value) && !(Number(value) > 255),
);

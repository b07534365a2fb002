import { possible, text, wholeNumber } from '../../../src/record/index.js';

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

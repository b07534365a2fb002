import type { Family } from '../../../src/set/index.js';
import { always, anyOf, doubtful, hopLimit, inverse, never, notOfTcp } from './conditions.js';
import { icmpType } from './icmp-types.js';
import { doubtKey, type Key, ofFamily, ofProtocol, protocolKey } from './nft-key.js';
import { addressesBeside, addressesOf, portsBeside, portsOf, tcpFlagsOf } from './nft-literal.js';
import { asText } from './nft-value.js';
import { nftText } from './nft-words.js';
import { protocolNumber } from './protocols.js';
import type { Condition } from './ruleset.js';

function addressKey(of: 'source' | 'destination', of6: Family, requires: readonly Condition[]): Key {
  const condition = (values: readonly unknown[], mask?: unknown): Condition | undefined => {
    const addresses = addressesOf(values, of6, mask);
    return addresses && { kind: of, addresses };
  };
  return {
    requires,
    isAddress: true,
    isOne: (values) => condition(values),
    beside: (sign, value) => {
      const addresses = addressesBeside(sign, value, of6);
      return addresses && { kind: of, addresses };
    },
    isMasked: (mask, value) => condition([value], mask) ?? doubtful('opaque', `${of} & ${nftText(mask)}`),
  };
}

function portKey(field: string, requires: readonly Condition[]): Key {
  const kind = field === 'sport' ? 'source-port' : 'destination-port';
  return {
    requires,
    isOne: (values) => {
      const ports = portsOf(values);
      return ports && { kind, ports };
    },
    beside: (sign, value) => {
      const ports = portsBeside(sign, value);
      return ports && { kind, ports };
    },
  };
}

function flagsKey(requires: readonly Condition[]): Key {
  const masked = (mask: number | undefined, value: number | undefined): Condition | undefined =>
    mask === undefined || value === undefined ? undefined : { kind: 'tcp-flags', mask, value };
  return {
    requires,
    isOne: (values) => {
      const lists = values.map((value) => masked(255, tcpFlagsOf(value)));
      const read = lists.filter((condition) => condition !== undefined);
      return read.length === lists.length ? anyOf(read.map((condition) => [condition])) : undefined;
    },
    hasBit: (value) => {
      const none = masked(tcpFlagsOf(value), 0);
      return none && inverse(none);
    },
    isMasked: (mask, value) => masked(tcpFlagsOf(mask), tcpFlagsOf(value)),
  };
}

function icmpKey(of: Family, family: Family | undefined): Key {
  return {
    requires: [...ofFamily(of, family), ofProtocol('icmp')],
    isOne: (values) => {
      const types = values.map((value) =>
        typeof value === 'string' || typeof value === 'number' ? icmpType(`${value}`, of) : undefined,
      );
      const read = types.filter((type) => type !== undefined);
      return read.length === types.length ? { kind: 'icmp-type', types: read } : undefined;
    },
  };
}

const ported: ReadonlyMap<string, readonly Condition[]> = new Map([
  ['tcp', [ofProtocol('tcp')]],
  ['udp', [ofProtocol('udp')]],
  ['udplite', [ofProtocol('other')]],
  ['sctp', [ofProtocol('other')]],
  ['dccp', [ofProtocol('other')]],
  ['th', []],
]);

/** A field of a header: `{"payload": {"protocol": "tcp", "field": "dport"}}`. */
export function payloadKey(body: Readonly<Record<string, unknown>>, family: Family | undefined, text: string): Key {
  if ('tunnel' in body) return doubtKey('opaque', text);
  if (body.base === 'th' && body.len === 16 && (body.offset === 0 || body.offset === 16)) {
    return portKey(body.offset === 0 ? 'sport' : 'dport', []);
  }
  const protocol = asText(body.protocol) ?? '';
  const field = asText(body.field) ?? '';
  const requires = ported.get(protocol);
  if (requires) {
    if (field === 'sport' || field === 'dport') return portKey(field, requires);
    return protocol === 'tcp' && field === 'flags' ? flagsKey(requires) : doubtKey('opaque', text, requires);
  }
  if (protocol === 'ip' || protocol === 'ip6') return ipKey(protocol === 'ip' ? 4 : 6, field, family, text);
  if (protocol === 'icmp' || protocol === 'icmpv6') {
    const key = icmpKey(protocol === 'icmp' ? 4 : 6, family);
    return field === 'type' ? key : doubtKey('opaque', text, key.requires);
  }
  return doubtKey('opaque', text, protocolNumber(protocol) === undefined ? [] : [ofProtocol('other')]);
}

function ipKey(of: Family, field: string, family: Family | undefined, text: string): Key {
  const requires = ofFamily(of, family);
  if (field === 'saddr') return addressKey('source', of, requires);
  if (field === 'daddr') return addressKey('destination', of, requires);
  if (field === 'protocol' || field === 'nexthdr') return protocolKey(of, requires);
  const key = doubtKey('opaque', text, requires);
  if (field === 'hoplimit') {
    return { ...key, isOne: ([value, ...more]) => hopLimit(more.length === 0 ? Number(value) : 0, text) };
  }
  // A client's packets are no fragments: all bits below those of the flags are clear.
  if (field === 'frag-off') {
    return {
      ...key,
      isMasked: (mask, value) =>
        Number(mask) <= 0x3fff && Number(value) === 0 ? inverse(notOfTcp(text)) : doubtful('opaque', text),
    };
  }
  return key;
}

/** Extension headers and IP options, which neither a client's packets nor those of neighbour discovery carry. */
export function headerKey(body: Readonly<Record<string, unknown>>): Key {
  const isField = 'field' in body;
  return { requires: isField ? [never] : [], isOne: ([value]) => (value === false ? always : never) };
}

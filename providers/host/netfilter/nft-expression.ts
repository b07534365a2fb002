import type { Family } from '../../../src/set/index.js';
import { doubtKey, type Key, ofProtocol } from './nft-key.js';
import { ctKey, fibKey, metaKey } from './nft-meta-key.js';
import { headerKey, payloadKey } from './nft-payload-key.js';
import { asObject, asText, memberOf } from './nft-value.js';
import { nftText } from './nft-words.js';

/** What an expression of nft takes from a packet, in a table that sees only this family, or both. */
export function keyOf(expression: unknown, family: Family | undefined): Key {
  const [name, body] = memberOf(expression) ?? ['', undefined];
  const text = nftText(expression);
  switch (name) {
    case 'payload':
      return payloadKey(asObject(body), family, text);
    case 'meta':
      return metaKey(asText(asObject(body).key) ?? '', family, text);
    case 'ct':
      return ctKey(asObject(body), family, text);
    case 'fib':
      return fibKey(asObject(body), text);
    case 'exthdr':
    case 'ip option':
      return headerKey(asObject(body));
    case 'numgen':
      return doubtKey('stateful', text);
    case 'jhash':
    case 'symhash':
    case 'socket':
    case 'osf':
    case 'rt':
    case 'ipsec':
      return doubtKey('opaque', text);
    case 'tcp option':
      return doubtKey('opaque', text, [ofProtocol('tcp')]);
    default:
      return doubtKey('unparsed', text);
  }
}

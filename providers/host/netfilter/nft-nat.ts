import { parseAddress } from '../../../src/set/index.js';
import { isDoubt, mappedBy } from './nft-map.js';
import type { NftScope } from './nft-match.js';
import { asObject, isList, memberOf } from './nft-value.js';
import { type Effect, unknownStatement } from './nft-verdict.js';
import { nftText } from './nft-words.js';
import type { Condition, Statement } from './ruleset.js';

type Values = Readonly<Record<string, unknown>>;

/** What `redirect` does. A range of ports, of which any may be chosen, is unknown. */
export function redirectEffects(body: unknown, scope: NftScope): readonly Effect[] {
  const text = nftText({ redirect: body });
  return perMapped(asObject(body), ['port'], scope, text, [], ({ port, addr }) => {
    if (port === undefined && addr === undefined) return { kind: 'redirect' };
    return isPort(port) ? { kind: 'redirect', port } : unknownStatement('opaque', text);
  });
}

/** What `dnat` does, of the packets of its family. Ranges of addresses and of ports are unknown. */
export function dnatEffects(body: unknown, scope: NftScope): readonly Effect[] {
  const text = nftText({ dnat: body });
  const values = asObject(body);
  const of = values.family === 'ip' ? 4 : values.family === 'ip6' ? 6 : undefined;
  const requires: readonly Condition[] = of && of !== scope.family ? [{ kind: 'family', family: of }] : [];
  return perMapped(values, ['addr', 'port'], scope, text, requires, ({ addr, port }) => dnatTo(addr, port, text));
}

function dnatTo(to: unknown, written: unknown, text: string): Statement {
  const [name, parts] = memberOf(to) ?? [];
  const [addr, port] = name === 'concat' && isList(parts) ? parts : [to, written];
  const isAddress = typeof addr === 'string' && parseAddress(addr) !== undefined;
  if ((addr !== undefined && !isAddress) || (port !== undefined && !isPort(port)))
    return unknownStatement('opaque', text);
  if (addr === undefined && port === undefined) return unknownStatement('unparsed', text);
  return { kind: 'dnat', ...(isAddress && { address: addr }), ...(isPort(port) && { port }) };
}

function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 65_535;
}

/** The effects for each value of the first of `names` that is a map, or the one effect where none is. */
function perMapped(
  values: Values,
  names: readonly string[],
  scope: NftScope,
  text: string,
  requires: readonly Condition[],
  statement: (values: Values) => Statement,
): readonly Effect[] {
  for (const name of names) {
    const [kind, body] = memberOf(values[name]) ?? [];
    if (kind !== 'map') continue;
    const { key, data } = asObject(body);
    const mapped = mappedBy(key, data, scope);
    if (isDoubt(mapped)) return [{ conditions: requires, does: { kind: 'unknown', why: { ...mapped, text } } }];
    return mapped.map(({ conditions, value }) => ({
      conditions: [...requires, ...conditions],
      does: statement({ ...values, [name]: value }),
    }));
  }
  return [{ conditions: requires, does: statement(values) }];
}

import { rulesetOf } from './nft-ruleset.js';
import { asObject, isList } from './nft-value.js';
import type { Dump } from './ruleset.js';

/**
 * The tables of `nft -j list ruleset` (libnftables-json(5)). A rule that is not understood is unknown, with what it is; a text that is
 * not the whole JSON is `unread`. Rules with several verdicts are several rules with one id.
 */
export function parseNftJson(text: string): Dump {
  const objects = objectsOf(text);
  return objects ? rulesetOf(objects) : { tables: [], unread: 'the output of nft -j is not whole' };
}

function objectsOf(text: string): readonly unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const { nftables } = asObject(parsed);
    return isList(nftables) ? nftables : undefined;
  } catch {
    return undefined;
  }
}

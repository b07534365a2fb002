import { type ChainDevices, rulesetOf } from './nft-ruleset.js';
import { asObject, isList } from './nft-value.js';
import type { Dump } from './ruleset.js';

/**
 * The tables of `nft -j list ruleset` (libnftables-json(5)). A rule that is not understood is unknown, with what it is; a text that is
 * not the whole JSON is `unread`. Rules with several verdicts are several rules with one id. `devices` are those of chains where the JSON
 * does not tell them.
 */
export function parseNftJson(text: string, devices?: ChainDevices): Dump {
  const objects = objectsOf(text);
  return objects ? rulesetOf(objects, devices) : { tables: [], unread: 'the output of nft -j is not whole' };
}

/** Nothing that nft prints is nested nearly as deep. */
const deepest = 64;

/** The place of the quote that ends a text. */
function endOfText(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0 && text[end - 1] === '\\') {
    let slashes = 1;
    while (text[end - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) break;
    end = text.indexOf('"', end + 1);
  }
  return end < 0 ? text.length : end;
}

function isDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === 0x22) at = endOfText(text, at);
    else if (char === 0x5b || char === 0x7b) {
      if (++depth > deepest) return true;
    } else if (char === 0x5d || char === 0x7d) depth--;
  }
  return false;
}

function objectsOf(text: string): readonly unknown[] | undefined {
  if (isDeep(text)) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    const { nftables } = asObject(parsed);
    return isList(nftables) ? nftables : undefined;
  } catch {
    return undefined;
  }
}

import { escapeText } from '../src/message/index.js';
import type { WrittenPeers, WrittenRule } from '../src/model/index.js';
import { AddressSet, type Family, formatPrefix, parsePrefix } from '../src/set/index.js';
import type { Settings } from './settings.js';

export const description = 'No rule admits the port from a forbidden source, whether or not a machine is behind it.';

/** The settings that a single rule is judged by. */
export const openRuleSettings = ['port', 'forbiddenSources', 'allowedSources'] as const;

type Judged = Pick<Settings, 'port' | 'forbidden' | 'allowed' | 'allowedPrefixes'>;

/** Whether a far end holds somebody of a forbidden source. */
function isOpen(prefix: string | undefined, { forbidden, allowed }: Judged): boolean {
  const read = prefix === undefined ? undefined : parsePrefix(prefix);
  if (!read) return false;
  const peers = AddressSet.fromPrefixes([read]).subtract(allowed);
  // What is forbidden as a whole family means everybody; a rule for a private network admits nobody of it.
  return forbidden.some((one) =>
    one.length === 0
      ? read.length === 0 && one.network.family === read.network.family
      : !peers.intersect(AddressSet.fromPrefixes([one])).isEmpty,
  );
}

function rulesForPort(rules: readonly WrittenRule[], { port }: Judged): readonly WrittenRule[] {
  return rules.filter(({ ports }) => ports.first <= port && port <= ports.last);
}

/** What each rule that is too open admits, in words. */
export function openRules(rules: readonly WrittenRule[], name: string, judged: Judged): string[] {
  return rulesForPort(rules, judged).flatMap(({ at, peers }) => {
    const open = peers.flatMap(({ prefixes }) => prefixes.filter((prefix) => isOpen(prefix, judged)));
    if (open.length === 0) return [];
    const where = at === '' ? JSON.stringify(name) : `${JSON.stringify(name)} ${at}`;
    return [escapeText(`${where} admits tcp/${judged.port} from ${open.join(', ')}`)];
  });
}

/** A list or a text of a resource with other prefixes. */
export interface Edit {
  readonly path: WrittenPeers['path'];
  readonly value: readonly string[] | string;
}

function allowedOf(family: Family, { allowedPrefixes }: Judged): string[] {
  return allowedPrefixes.filter(({ network }) => network.family === family).map(formatPrefix);
}

function editOf({ path, isList, prefixes }: WrittenPeers, judged: Judged): Edit | undefined {
  const known = prefixes.filter((prefix) => prefix !== undefined);
  // A list of which a part is not known is nobody's to edit.
  if (known.length < prefixes.length || !known.some((prefix) => isOpen(prefix, judged))) return undefined;
  const family = (prefix: string): Family => parsePrefix(prefix)?.network.family ?? 4;
  const value = known.flatMap((prefix) => (isOpen(prefix, judged) ? allowedOf(family(prefix), judged) : [prefix]));
  const distinct = [...new Set(value)];
  if (isList) return { path, value: distinct };
  const [only, ...others] = distinct;
  return only !== undefined && others.length === 0 ? { path, value: only } : undefined;
}

/** How rules are mended: a forbidden prefix gives way to those that are allowed. A rule that holds one prefix takes exactly one. */
export function mendedRules(rules: readonly WrittenRule[], judged: Judged): readonly Edit[] {
  return rulesForPort(rules, judged).flatMap(({ peers }) => peers.flatMap((one) => editOf(one, judged) ?? []));
}

import { type AddressSet, type Family, PortSet } from '../../../src/set/index.js';
import type { Machine } from '../machine.js';
import type { Condition, FilterRule } from '../netfilter/ruleset.js';
import { type FilterPlace, iptablesTool, withRules } from './filter-place.js';
import { clientWords } from './words.js';

/** A rule that lets clients in, or lets the answers to them out. */
export interface Acceptance {
  readonly direction: 'in' | 'out';
  /** Everybody where they are left out. */
  readonly clients?: AddressSet;
  /** The port of the machine as the chain sees it: behind a redirection that is the new one. */
  readonly port: number;
}

/** The commands that put such a rule before all others of a chain, and the machine with them; undefined for clients too many to name. */
export function acceptFirst(
  place: FilterPlace,
  acceptance: Acceptance,
): { readonly commands: readonly string[]; readonly edit: (machine: Machine) => Machine } | undefined {
  const rules = familiesOf(place, acceptance).map((family) => ruleFor(place, acceptance, family));
  const known = rules.filter((rule) => rule !== undefined);
  if (known.length === 0 || known.length < rules.length) return undefined;
  return {
    commands: known.map(({ command }) => command),
    edit: (machine) => withRules(machine, place, (own) => [...known.map(({ rule }) => rule), ...own]),
  };
}

/** The families of the clients that the table sees; undefined for a rule about everybody. */
function familiesOf({ family }: FilterPlace, { clients }: Acceptance): readonly (Family | undefined)[] {
  if (!clients) return [undefined];
  const seen = family === 'ip' ? 4 : family === 'ip6' ? 6 : undefined;
  return clients.families().filter((one) => seen === undefined || one === seen);
}

function ruleFor(
  place: FilterPlace,
  { direction, clients, port }: Acceptance,
  family: Family | undefined,
): { readonly command: string; readonly rule: FilterRule } | undefined {
  const own = family === undefined ? undefined : clients?.only(family);
  const words = clientWords(own);
  if (own && !words) return undefined;
  const isIn = direction === 'in';
  const text = place.by === 'nft' ? nftRule(words, family, isIn, port) : iptablesRule(words, isIn, port);
  const conditions: Condition[] = [
    ...(family === undefined ? [] : [{ kind: 'family', family } as const]),
    ...(own ? [{ kind: isIn ? 'source' : 'destination', addresses: own } as const] : []),
    { kind: 'protocol', protocols: ['tcp'] },
    { kind: isIn ? 'destination-port' : 'source-port', ports: PortSet.single(port) },
  ];
  const written = place.by === 'nft' ? text : `-A ${place.chain} ${text}`;
  return {
    command: commandOf(place, text),
    rule: { id: '1', conditions, does: { kind: 'accept' }, text: written },
  };
}

function commandOf(place: FilterPlace, text: string): string {
  if (place.by !== 'nft') return `${iptablesTool(place)} -I ${place.chain} 1 ${text}`;
  const insert = `insert rule ${place.family} ${place.table} ${place.chain} ${text}`;
  return text.includes('{') ? `nft '${insert}'` : `nft ${insert}`;
}

function iptablesRule(words: readonly string[] | undefined, isIn: boolean, port: number): string {
  const far = words ? `${isIn ? '-s' : '-d'} ${words.join(',')} ` : '';
  return `${far}-p tcp ${isIn ? '--dport' : '--sport'} ${port} -j ACCEPT`;
}

function nftRule(
  words: readonly string[] | undefined,
  family: Family | undefined,
  isIn: boolean,
  port: number,
): string {
  const set = words && (words.length === 1 ? words[0] : `{ ${words.join(', ')} }`);
  const far = set === undefined ? '' : `${family === 6 ? 'ip6' : 'ip'} ${isIn ? 'saddr' : 'daddr'} ${set} `;
  return `${far}tcp ${isIn ? 'dport' : 'sport'} ${port} accept`;
}

import { internet, type Problem } from '../model/index.js';
import type { Cloud, SourceHost, Target } from '../provider.js';
import { AddressSet, formatPrefix, type Prefix, parsePrefix } from '../set/index.js';
import { problem } from './answer.js';
import { ambiguous, noSource, sourceHint } from './not-found.js';

/** Who is asked about, before it is known of which target. */
export interface Source {
  /** What the report shows: prefixes, `internet`, or the instance's id. */
  readonly labels: readonly string[];
  readonly prefixes: AddressSet;
  /** Of these, the addresses that are asked about as such, and not as a part of the internet. */
  readonly named: AddressSet;
  readonly internet: boolean;
  /** A machine inside the cloud, which may use any of its addresses. */
  readonly host: SourceHost | undefined;
}

function readPrefix(text: string, prefix: Prefix, warnings: Problem[]): Prefix {
  if (prefix.hostBits) {
    warnings.push(
      problem(
        `${text} has bits set below its prefix length`,
        '--from',
        `it is read as ${formatPrefix(prefix)}`,
        'write the network, or a single address without a length',
        'warning',
      ),
    );
  }
  return prefix;
}

/** Whether a prefix holds some of the internet and something else: 0.0.0.0/0 does, and means the internet. */
function reachesBeyond(prefix: AddressSet): boolean {
  return prefix.overlaps(internet) && !internet.covers(prefix);
}

/** The clients of a prefix. Of one that reaches beyond the internet, its private and reserved part is nobody. */
function clientsOf(prefix: AddressSet): AddressSet {
  return reachesBeyond(prefix) ? prefix.intersect(internet) : prefix;
}

/** A word of SOURCE as it was understood, or the problem that it is. */
type Word =
  | { readonly kind: 'internet' }
  | { readonly kind: 'prefix'; readonly prefix: Prefix }
  | { readonly kind: 'host'; readonly host: SourceHost }
  | { readonly kind: 'wrong'; readonly problem: Problem };

function readWord(text: string, cloud: Cloud, alone: boolean, warnings: Problem[]): Word {
  if (text === 'internet') return { kind: 'internet' };
  const prefix = parsePrefix(text);
  if (prefix) return { kind: 'prefix', prefix: readPrefix(text, prefix, warnings) };
  const found = cloud.source(text);
  if (found.kind === 'many') return { kind: 'wrong', problem: ambiguous(text, found, '--from') };
  if (found.kind === 'none') return { kind: 'wrong', problem: noSource(text, found, cloud) };
  if (alone) return found;
  const what = `${text} is an instance among other sources`;
  const why = 'an instance may use any of its addresses, so it is asked by itself';
  return { kind: 'wrong', problem: problem(what, '--from', why, 'ask for it alone') };
}

/** The machine that a single address belongs to. Where several hold it in networks of their own, none of them is meant. */
function holderOf(text: string, cloud: Cloud, warnings: Problem[]): SourceHost | undefined {
  const found = cloud.source(text);
  if (found.kind === 'many') {
    warnings.push(
      problem(
        `${text} is held by ${found.candidates.join(' and by ')}`,
        '--from',
        'it is judged as an address, on every way that leads from such an address to the target',
        'ask from one of them by its id to ask for its own ways only',
        'warning',
      ),
    );
  }
  return found.kind === 'host' ? found.host : undefined;
}

/** Reads SOURCE. Answers the source, or the problem that it is. */
export function readSource(
  text: string,
  cloud: Cloud,
): { readonly source?: Source; readonly problems: readonly Problem[] } {
  const tokens = text
    .split(',')
    .map((token) => token.trim())
    .filter((token) => token !== '');
  const problems: Problem[] = [];
  if (tokens.length === 0)
    return { problems: [problem('the source is empty', '--from', 'the question needs a source', sourceHint)] };
  const alone = tokens.length === 1;
  const prefixes: AddressSet[] = [];
  const labels: string[] = [];
  let host: SourceHost | undefined;
  for (const token of tokens) {
    const word = readWord(token, cloud, alone, problems);
    if (word.kind === 'wrong') return { problems: [...problems, word.problem] };
    if (word.kind === 'prefix') {
      prefixes.push(AddressSet.fromPrefixes([word.prefix]));
      labels.push(formatPrefix(word.prefix));
      if (alone && !token.includes('/')) host = holderOf(token, cloud, problems);
    } else if (word.kind === 'host') {
      host = word.host;
      labels.push(host.label);
    } else labels.push(token);
  }
  const source = {
    labels,
    prefixes: AddressSet.unionOf(prefixes.map(clientsOf)),
    named: AddressSet.unionOf(prefixes.filter((prefix) => !reachesBeyond(prefix))),
    internet: tokens.includes('internet'),
    host,
  };
  return { source, problems };
}

/** The internet from the target's point of view: in the families in which it has an address, and not its own networks. */
export function wholeInternet(cloud: Cloud, target: Target): AddressSet {
  const asked = target.families.length > 1 ? internet : internet.only(target.families[0] ?? 4);
  return asked.subtract(cloud.ownNetworks(target));
}

/** `world-open` where everybody on the internet gets in, in at least one family. */
export function flagsOf(reachable: AddressSet, whole: AddressSet): string[] {
  const open = whole.families().some((family) => reachable.covers(whole.only(family)));
  return open ? ['world-open'] : [];
}

/** The addresses that a source stands for when it asks for one target: the internet is not the target's own network. */
export function addressesFor(source: Source, cloud: Cloud, target: Target): AddressSet {
  const own = source.host?.addresses ?? source.prefixes;
  return source.internet ? own.union(wholeInternet(cloud, target)) : own;
}

import { didYouMean } from '../message/index.js';
import { internet, type Problem } from '../model/index.js';
import type { Cloud, SourceHost, Target } from '../provider.js';
import { AddressSet, formatPrefix, type Prefix, parsePrefix } from '../set/index.js';
import { problem } from './answer.js';

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

const hint = 'give an address, a prefix, several with commas, "internet", or an instance';

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
  const fail = (what: string, why: string, fix: string) => ({
    problems: [...problems, problem(what, '--from', why, fix)],
  });
  if (tokens.length === 0) return fail('the source is empty', 'the question needs a source', hint);
  const prefixes: AddressSet[] = [];
  const labels: string[] = [];
  let wholeInternet = false;
  let host: SourceHost | undefined;
  for (const token of tokens) {
    if (token === 'internet') {
      wholeInternet = true;
      labels.push(token);
      continue;
    }
    const prefix = parsePrefix(token);
    if (prefix) {
      prefixes.push(AddressSet.fromPrefixes([readPrefix(token, prefix, problems)]));
      labels.push(formatPrefix(prefix));
      if (tokens.length === 1 && !token.includes('/')) host = cloud.source(token);
      continue;
    }
    const found = cloud.source(token);
    if (!found) {
      const near = didYouMean(token, cloud.names());
      return fail(
        `"${token}" is neither an address nor a known instance`,
        hint,
        near.length > 0 ? `did you mean ${near.join(' or ')}?` : hint,
      );
    }
    if (tokens.length > 1)
      return fail(
        `${token} is an instance among other sources`,
        'an instance may use any of its addresses, so it is asked by itself',
        'ask for it alone',
      );
    host = found;
    labels.push(found.label);
  }
  return {
    source: {
      labels,
      prefixes: AddressSet.unionOf(prefixes.map(clientsOf)),
      named: AddressSet.unionOf(prefixes.filter((prefix) => !reachesBeyond(prefix))),
      internet: wholeInternet,
      host,
    },
    problems,
  };
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

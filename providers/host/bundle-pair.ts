import type { Problem } from '../../src/model/index.js';
import { formatAddress } from '../../src/set/index.js';
import type { Bundle } from './bundle.js';
import { countersDelta } from './counters-delta.js';
import { linesOf } from './lines.js';
import { ownAddresses } from './own-addresses.js';
import { outputOf, partOf } from './reading.js';

/** The names of the two options that give the bundles, for words. */
const asked = { after: '--host', before: '--host-before' } as const;
const both = `${asked.before} and ${asked.after}`;

/**
 * Whether an earlier bundle and a later one are of one machine, in that order, and count on from each other. An error where they are
 * not a pair at all; a warning where they are, and yet tell nothing of what happened in between.
 */
export function pairProblems(before: Bundle, after: Bundle): readonly Problem[] {
  const wrong = otherMachine(before, after) ?? otherOrder(before, after);
  const useless = wrong ? undefined : uncomparable(before, after);
  return [wrong, useless].filter((one) => one !== undefined);
}

function nameOf(bundle: Bundle): string | undefined {
  const [line = ''] = linesOf(partOf(bundle, 'uname'));
  return line.split(' ')[1] || undefined;
}

/** One machine has one name, and keeps an address of its own. */
function otherMachine(before: Bundle, after: Bundle): Problem | undefined {
  const [first, second] = [nameOf(before), nameOf(after)];
  const differ = (why: string): Problem => ({
    severity: 'error',
    what: 'the two bundles are of two machines',
    where: both,
    why,
    fix: 'collect both on the machine that is dialled, one before the attempt and one after it',
  });
  if (first !== undefined && second !== undefined && first !== second) {
    return differ(`the earlier one is of ${first.slice(0, 80)}, the later one of ${second.slice(0, 80)}`);
  }
  const [own, later] = [addressesOf(before), addressesOf(after)];
  const isElsewhere = own.size > 0 && later.size > 0 && [...own].every((one) => !later.has(one));
  return isElsewhere ? differ(`they have no address in common: ${listed(own)}; ${listed(later)}`) : undefined;
}

function addressesOf(bundle: Bundle): ReadonlySet<string> {
  const own = ownAddresses(bundle);
  const all = 'value' in own ? own.value.filter(({ device, scope }) => device !== 'lo' && scope === 'global') : [];
  return new Set(all.map(({ address }) => formatAddress(address)));
}

const listed = (texts: ReadonlySet<string>) => [...texts].slice(0, 3).join(', ');

function otherOrder({ takenAt: first }: Bundle, { takenAt: second }: Bundle): Problem | undefined {
  if (first === undefined || second === undefined || first < second) return undefined;
  if (first === second) {
    return {
      severity: 'error',
      what: 'the two bundles were taken in the same moment',
      where: both,
      why: 'both tell the same second: no attempt was made in between',
      fix: 'collect one, try to connect once, and collect another',
    };
  }
  return {
    severity: 'error',
    what: `the bundle of ${asked.before} is the later one`,
    where: both,
    why: `it was taken ${(first - second) / 1000} s after that of ${asked.after}`,
    fix: `exchange them: ${asked.before} takes the one from before the attempt`,
  };
}

const bootId = 'file /proc/sys/kernel/random/boot_id';

function uncomparable(before: Bundle, after: Bundle): Problem | undefined {
  const [first, second] = [outputOf(before, bootId), outputOf(after, bootId)];
  const hasBooted = 'value' in first && 'value' in second && first.value.trim() !== second.value.trim();
  const delta = countersDelta(before, after);
  if (typeof delta !== 'string' && !hasBooted) return undefined;
  const warning = (what: string, why: string, fix: string): Problem => ({
    severity: 'warning',
    what,
    where: both,
    why: `${why}; what the attempt moved is not told, and ${asked.after} is judged alone`,
    fix,
  });
  if (hasBooted) {
    return warning(
      'the machine was started again between the two bundles',
      'its counters began anew',
      'collect both again, around one attempt',
    );
  }
  if (delta === 'went-back') {
    return warning(
      'counters went back between the two bundles',
      'the machine was started again, or collect ran in two containers',
      'collect both again in one place, around one attempt',
    );
  }
  const missing = [
    ['snmp', asked.before, before],
    ['snmp', asked.after, after],
  ] as const;
  const why = missing.flatMap(([key, option, bundle]) => {
    const file = outputOf(bundle, key);
    return 'unknown' in file ? [`${option}: ${file.unknown}`] : [];
  });
  return warning(
    'the two bundles hold no counters that both tell',
    why.join('; ') || 'no counter stands in both',
    'collect both again with the script of this port22, and keep all that it prints',
  );
}

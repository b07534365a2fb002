import type { FirstBoot } from '../../../providers/host/first-boot/first-boot.js';
import { firstMatch } from '../../../src/engine/first-match.js';
import type { Filter } from '../../../src/model/index.js';
import { AddressSet, PortSet, TrafficSet } from '../../../src/set/index.js';

/** What the machine's own packet filters may do with a client's packets, as the product's engine finds: `allow`, `drop times-out`. */
export function assess({ filters }: FirstBoot, from: string, port: number): string[] {
  const filter: Filter = { kind: 'all', of: filters.map((each) => each.filter) };
  const traffic = TrafficSet.of(AddressSet.of(from), PortSet.single(port));
  const outcomes = firstMatch(filter, traffic).flatMap((share) => share.outcomes);
  const words = outcomes.map(({ action, rule, filter: by }) => {
    const reason = rule?.reason ?? by.reason;
    return action === 'allow' ? action : [action, reason?.symptom].filter(Boolean).join(' ');
  });
  return [...new Set(words.length > 0 ? words : ['allow'])].sort();
}

import type { WrittenPeers, WrittenRule } from '../../../src/model/index.js';
import { below, declared } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Tree } from '../../../src/plan/tree.js';

const list = (tree: Tree | undefined): readonly Tree[] => (Array.isArray(tree) ? (tree as readonly Tree[]) : []);
const textOf = (tree: Tree | undefined): string => (typeof tree === 'string' ? tree.toLowerCase() : '');

/** `22`, `20-25`. */
function portsOf(tree: Tree): WrittenRule['ports'] | undefined {
  const text = typeof tree === 'number' ? String(tree) : textOf(tree);
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  return first === undefined ? undefined : { first: Number(first), last: Number(last) };
}

/** What a rule names as its sources; one that names none at all is for everybody (VPC docs, firewall rules). */
function peersOf(record: PlanRecord): WrittenPeers[] {
  const field = (name: string) => declared(record, name, 'before deployment');
  const ranges = field('sourceRanges');
  const isForAll = [ranges, field('sourceTags'), field('sourceServiceAccounts')].every(
    (one) => one === undefined || (Array.isArray(one) && one.length === 0),
  );
  if (isForAll) return [{ path: ['sourceRanges'], isList: true, prefixes: ['0.0.0.0/0'] }];
  const prefixes = list(ranges).map((item) => (typeof item === 'string' ? item : undefined));
  return [{ path: ['sourceRanges'], isList: true, prefixes }];
}

/** The rule for packets that come in, as a firewall of Google Cloud writes it; parts of which the port is not known are left out. */
export function writtenRules(record: PlanRecord): readonly WrittenRule[] {
  const { pkg, name } = record.token ?? {};
  if (pkg !== 'gcp' || name !== 'Firewall') return [];
  const field = (property: string) => declared(record, property, 'before deployment');
  if (textOf(field('direction')) === 'egress' || field('disabled') === true) return [];
  const peers = peersOf(record);
  return list(field('allows')).flatMap((allowed, index) => {
    if (!['tcp', '6', 'all'].includes(textOf(below(allowed, 'protocol')))) return [];
    const at = `allows[${index}]`;
    const ports = list(below(allowed, 'ports'));
    if (ports.length === 0) return [{ at, ports: { first: 0, last: 65535 }, peers }];
    return ports.flatMap((one) => {
      const range = portsOf(one);
      return range ? [{ at, ports: range, peers }] : [];
    });
  });
}

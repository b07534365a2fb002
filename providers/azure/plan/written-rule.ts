import type { WrittenPeers, WrittenRule } from '../../../src/model/index.js';
import { below, declared } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { isBranch, type Tree } from '../../../src/plan/tree.js';
import { planTypeOf } from './identity.js';

type Field = (name: string) => Tree | undefined;

const textOf = (tree: Tree | undefined): string => (typeof tree === 'string' ? tree.toLowerCase() : '');

/** `22`, `20-25`, `*`. */
function portsOf(tree: Tree): WrittenRule['ports'] | undefined {
  if (tree === '*') return { first: 0, last: 65535 };
  const [, first, last = first] =
    /^(\d+)(?:-(\d+))?$/.exec(typeof tree === 'number' ? String(tree) : textOf(tree)) ?? [];
  return first === undefined ? undefined : { first: Number(first), last: Number(last) };
}

function itemsOf(
  field: Field,
  one: string,
  many: string,
): { readonly name: string; readonly items: readonly Tree[] }[] {
  return [one, many].flatMap((name) => {
    const tree = field(name);
    if (tree === undefined || tree === null) return [];
    return [{ name, items: Array.isArray(tree) ? (tree as readonly Tree[]) : [tree] }];
  });
}

/** Everybody, in Azure's words. */
const everybody: ReadonlySet<string> = new Set(['*', 'any', 'internet', '0.0.0.0/0']);

function peersOf(field: Field, at: readonly (string | number)[]): WrittenPeers[] {
  return itemsOf(field, 'sourceAddressPrefix', 'sourceAddressPrefixes').map(({ name, items }) => ({
    path: [...at, name],
    isList: name === 'sourceAddressPrefixes',
    prefixes: items.map((item) =>
      everybody.has(textOf(item)) ? '0.0.0.0/0' : typeof item === 'string' ? item : undefined,
    ),
  }));
}

function ruleOf(field: Field, at: string, path: readonly (string | number)[]): WrittenRule[] {
  const isAllowing = textOf(field('direction')) === 'inbound' && textOf(field('access')) === 'allow';
  if (!isAllowing || !['tcp', '*', 'any'].includes(textOf(field('protocol')))) return [];
  const peers = peersOf(field, path);
  return itemsOf(field, 'destinationPortRange', 'destinationPortRanges').flatMap(({ items }) =>
    items.flatMap((item) => {
      const ports = portsOf(item);
      return ports ? [{ at, ports, peers }] : [];
    }),
  );
}

/** The rules for packets that come in, as a resource of Azure writes them; those of which the port is not known are left out. */
export function writtenRules(record: PlanRecord): readonly WrittenRule[] {
  const own: Field = (name) => declared(record, name, 'before deployment');
  switch (planTypeOf(record)?.name) {
    case 'SecurityRule':
      return ruleOf(own, '', []);
    case 'NetworkSecurityGroup': {
      const list = own('securityRules');
      if (!Array.isArray(list)) return [];
      return (list as readonly Tree[]).flatMap((item, index) =>
        isBranch(item) ? ruleOf((name) => below(item, name), `securityRules[${index}]`, ['securityRules', index]) : [],
      );
    }
    default:
      return [];
  }
}

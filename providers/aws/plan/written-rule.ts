import type { WrittenPeers, WrittenRule } from '../../../src/model/index.js';
import { below, declared } from '../../../src/plan/declared.js';
import { Leaves } from '../../../src/plan/leaf.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { keyOfToken } from '../../../src/plan/token.js';
import { isBranch, type Tree } from '../../../src/plan/tree.js';
import { inline, nativeWords, type RuleWords, single, standAlone } from './group-rules.js';

const leaves = new Leaves('as declared');

function portsOf(rule: (name: string) => Tree | undefined, { protocol }: RuleWords): WrittenRule['ports'] | undefined {
  const name = leaves.text(rule(protocol));
  if (name === '-1' || name === 'all') return { first: 0, last: 65535 };
  if (name !== 'tcp' && name !== '6') return undefined;
  const [first, last] = [leaves.number(rule('fromPort')), leaves.number(rule('toPort'))];
  return typeof first === 'number' && typeof last === 'number' ? { first, last } : undefined;
}

function peersOf(
  rule: (name: string) => Tree | undefined,
  words: RuleWords,
  at: readonly (string | number)[],
): WrittenPeers[] {
  return [words.ipv4, words.ipv6].flatMap((name) => {
    const tree = rule(name);
    if (tree === undefined || tree === null) return [];
    const isList = Array.isArray(tree);
    const items = isList ? (tree as readonly Tree[]) : [tree];
    return [{ path: [...at, name], isList, prefixes: items.map((one) => (typeof one === 'string' ? one : undefined)) }];
  });
}

function inlineRules(record: PlanRecord, property: string, words: RuleWords): WrittenRule[] {
  const list = declared(record, property, 'before deployment');
  if (!Array.isArray(list)) return [];
  return (list as readonly Tree[]).flatMap((item, index) => {
    if (!isBranch(item)) return [];
    const rule = (name: string) => below(item, name);
    const ports = portsOf(rule, words);
    return ports ? [{ at: `${property}[${index}]`, ports, peers: peersOf(rule, words, [property, index]) }] : [];
  });
}

function ownRule(record: PlanRecord, words: RuleWords): WrittenRule[] {
  const rule = (name: string) => declared(record, name, 'before deployment');
  const ports = portsOf(rule, words);
  return ports ? [{ at: '', ports, peers: peersOf(rule, words, []) }] : [];
}

/** The rules for packets that come in, as a resource of AWS writes them; those of which the port is not known are left out. */
export function writtenRules(record: PlanRecord): readonly WrittenRule[] {
  switch (record.token && keyOfToken(record.token)) {
    case 'aws:ec2:SecurityGroup':
    case 'aws:ec2:DefaultSecurityGroup':
      return inlineRules(record, 'ingress', inline);
    case 'aws:ec2:SecurityGroupRule':
      return declared(record, 'type', 'before deployment') === 'ingress' ? ownRule(record, standAlone) : [];
    case 'aws:vpc:SecurityGroupIngressRule':
      return ownRule(record, single);
    case 'aws-native:ec2:SecurityGroup':
      return inlineRules(record, 'securityGroupIngress', nativeWords(false));
    case 'aws-native:ec2:SecurityGroupIngress':
      return ownRule(record, nativeWords(false));
    default:
      return [];
  }
}

import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Condition, FilterRule, FilterTable, Statement } from '../../../../providers/host/netfilter/ruleset.js';

/** A dump that the tools printed on a real kernel: nftables 1.0.6, iptables 1.8.9, ipset 7.17, ufw 0.36.2, firewalld 1.3.3, fail2ban 1.0.2. */
export function dumped(name: string): string {
  return readFileSync(path.join(__dirname, 'dumps', name), 'utf8');
}

const words = { 'source-port': 'sport', 'destination-port': 'dport', 'in-interface': 'in', 'out-interface': 'out' };

function plain(condition: Condition): string {
  switch (condition.kind) {
    case 'source':
    case 'destination':
      return `${condition.kind} ${condition.addresses}`;
    case 'source-port':
    case 'destination-port':
      return `${words[condition.kind]} ${condition.ports}`;
    case 'in-interface':
    case 'out-interface':
      return `${words[condition.kind]} ${condition.name}`;
    case 'family':
      return `ipv${condition.family}`;
    case 'protocol':
      return condition.protocols.join('|');
    case 'state':
      return `state ${condition.states.join('|')}`;
    case 'tcp-flags':
      return `flags ${condition.value}/${condition.mask}`;
    case 'local':
      return `${condition.of} local`;
    case 'icmp-type':
      return `icmp-type ${condition.types.join('|')}`;
    case 'translated':
      return `${condition.of} translated`;
    case 'reverse-path':
      return `reverse-path${condition.loose ? ' loose' : ''}`;
    case 'mark':
      return `${condition.of} mark ${condition.ranges.map((range) => range.join('-')).join('|')}/${condition.mask.toString(16)}`;
    case 'any-of':
      return condition.lists.length === 0
        ? 'never'
        : `(${condition.lists.map((list) => list.map(shownCondition).join(' & ')).join(' | ')})`;
    case 'unknown':
      return `?${condition.why.kind} <${condition.why.text}>`;
  }
}

export function shownCondition(condition: Condition): string {
  return `${condition.not ? 'not ' : ''}${plain(condition)}`;
}

function shownStatement(does: Statement): string {
  switch (does.kind) {
    case 'reject':
      return `reject ${does.how}`;
    case 'jump':
    case 'goto':
      return `${does.kind} ${does.chain}`;
    case 'redirect':
      return `redirect ${does.port ?? 'same'}`;
    case 'dnat':
      return `dnat ${does.address ?? ''}:${does.port ?? ''}`;
    case 'mark': {
      const bits = does.to && Object.values(does.to).map((number) => number.toString(16));
      return `${does.of} mark becomes ${bits?.join(' ') ?? 'anything'}`;
    }
    case 'unknown':
      return `?${does.why.kind} <${does.why.text}>`;
    default:
      return does.kind;
  }
}

/** A rule in one line: its conditions, and what it does. */
export function shownRule({ conditions, does }: Pick<FilterRule, 'conditions' | 'does'>): string {
  return [...conditions.map(shownCondition), shownStatement(does)].join(', ');
}

/** The milliseconds of processor time that something takes: what else the machine does has little part in it. */
export function cost(work: () => void): number {
  const before = process.cpuUsage();
  work();
  return process.cpuUsage(before).user / 1000;
}

/** The rules of a chain, each in one line. */
export function shownChain(tables: readonly FilterTable[], table: string, chain: string): readonly string[] {
  return rulesOf(tables, table, chain).map(shownRule);
}

export function rulesOf(tables: readonly FilterTable[], table: string, chain: string): readonly FilterRule[] {
  const found = tables.find(({ name }) => name === table)?.chains.find(({ name }) => name === chain);
  if (!found) throw new Error(`no chain ${chain} in table ${table}`);
  return found.rules;
}

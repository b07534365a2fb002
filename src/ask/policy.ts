import type { Summary } from '../engine/index.js';
import { internet, type Problem, type TargetRef, type Violation } from '../model/index.js';
import { AddressSet, parsePrefix } from '../set/index.js';
import { problem } from './answer.js';
import type { Blame } from './blame.js';

const severities = ['critical', 'high', 'medium', 'low'] as const;

/** One rule of a policy: who must not get in, or who must. */
export interface PolicyRule {
  readonly policy: string;
  readonly severity: Violation['severity'];
  /** Patterns of ids and names with `*`; a rule without any is about every target. */
  readonly targets: readonly RegExp[];
  readonly wants: 'forbid' | 'require';
  /** The prefixes that the rule writes. */
  readonly named: AddressSet;
  /** The internet, where the rule writes so: what is no network of the target's own, nor a service of its cloud. */
  readonly onInternet: AddressSet;
}

/** Of whom a rule speaks: prefixes, and the internet. */
type Sources = Pick<PolicyRule, 'named' | 'onInternet'>;

export interface Policy {
  readonly rules: readonly PolicyRule[];
}

type Json = Readonly<Record<string, unknown>>;

const ruleKeys = ['policy', 'severity', 'targets', 'forbid', 'require', 'except'];

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** `web-*` as an expression that matches the whole of an id or a name. */
function pattern(text: string): RegExp {
  return new RegExp(
    `^${text
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );
}

/** Reads a policy file, all of it or nothing: a rule that is not understood may not be left out in silence. */
class PolicyReader {
  readonly problems: Problem[] = [];
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  private refuse(what: string, at: string, why: string, fix: string): undefined {
    this.problems.push(problem(what, `${this.file} ${at}`.trim(), why, fix));
    return undefined;
  }

  private sources(value: unknown, at: string): Sources | undefined {
    if (!isTexts(value))
      return this.refuse(
        'this is no list of sources',
        at,
        'sources are prefixes, addresses or "internet"',
        'write ["internet"] or ["203.0.113.0/24"]',
      );
    const sets = value.map((text, index) => {
      if (text === 'internet') return AddressSet.empty;
      const prefix = parsePrefix(text);
      if (prefix) return AddressSet.fromPrefixes([prefix]);
      return this.refuse(
        `${text} is no prefix`,
        `${at}[${index}]`,
        'sources are prefixes, addresses or "internet"',
        'write it as 203.0.113.0/24',
      );
    });
    const named = AddressSet.unionOf(sets.filter((set) => set !== undefined));
    return { named, onInternet: value.includes('internet') ? internet : AddressSet.empty };
  }

  private rule(value: unknown, at: string): PolicyRule | undefined {
    if (!isObject(value)) return this.refuse('this is no rule', at, 'a rule is an object', 'see port22 schema policy');
    const strange = Object.keys(value).find((key) => !ruleKeys.includes(key));
    if (strange !== undefined)
      return this.refuse(
        `there is no key ${strange}`,
        at,
        `a rule has ${ruleKeys.join(', ')}`,
        'see port22 schema policy',
      );
    const { policy, severity = 'high', targets = ['*'], forbid, require: required, except = [] } = value;
    const level = severities.find((one) => one === severity);
    if (typeof policy !== 'string' || policy === '')
      return this.refuse(
        'the rule has no name',
        `${at}.policy`,
        'violations are told by the name of their rule',
        'give it a name',
      );
    if (!level)
      return this.refuse(
        'this is no severity',
        `${at}.severity`,
        `it is one of ${severities.join(', ')}`,
        'choose one of them',
      );
    if (!isTexts(targets))
      return this.refuse(
        'this is no list of targets',
        `${at}.targets`,
        'targets are ids or names, with * for any text',
        'write ["bastion*"]',
      );
    if ((forbid === undefined) === (required === undefined))
      return this.refuse(
        'a rule either forbids or requires',
        at,
        'it has exactly one of forbid and require',
        'make two rules of it',
      );
    const wants = forbid === undefined ? 'require' : 'forbid';
    const sources = this.sources(value[wants], `${at}.${wants}`);
    const exempt = this.sources(except, `${at}.except`);
    if (!sources || !exempt) return undefined;
    const all = exempt.named.union(exempt.onInternet);
    const [named, onInternet] = [sources.named.subtract(all), sources.onInternet.subtract(all)];
    return { policy, severity: level, targets: targets.map(pattern), wants, named, onInternet };
  }

  read(value: unknown): Policy | undefined {
    if (!isObject(value) || value.schema !== 'port22/policy/v1' || !Array.isArray(value.rules)) {
      return this.refuse(
        'this is no policy',
        '',
        'a policy is {"schema": "port22/policy/v1", "rules": [...]}',
        'see port22 schema policy',
      );
    }
    const rules = value.rules.map((rule, index) => this.rule(rule, `rules[${index}]`));
    return this.problems.length > 0 ? undefined : { rules: rules.filter((rule) => rule !== undefined) };
  }
}

/** Reads a policy. Anything in it that is not understood is a problem, and then there is no policy at all. */
export function readPolicy(
  value: unknown,
  file: string,
): { readonly policy?: Policy; readonly problems: readonly Problem[] } {
  const reader = new PolicyReader(file);
  const policy = reader.read(value);
  return { ...(policy && { policy }), problems: reader.problems };
}

/** Names what a violation by these clients is to be blamed on. */
export type Blaming = (rule: PolicyRule, from: AddressSet) => Blame | undefined;

/** What a policy says of a target and of who reaches it. `unsure`: a rule would be broken if what is unknown were so. */
export function check(
  policy: Policy,
  target: TargetRef,
  { reachable, partial, unknown }: Summary,
  ownNetworks: AddressSet,
  blaming: Blaming,
): { readonly violations: readonly Violation[]; readonly unsure: boolean } {
  let unsure = false;
  const violations = policy.rules.flatMap((rule): Violation[] => {
    if (!rule.targets.some((one) => one.test(target.id) || (target.name !== null && one.test(target.name)))) return [];
    const forbids = rule.wants === 'forbid';
    const sources = rule.named.union(rule.onInternet.subtract(ownNetworks));
    const broken = forbids
      ? reachable.union(partial).intersect(sources)
      : sources.subtract(reachable).subtract(unknown);
    if (broken.isEmpty) {
      unsure ||= unknown.overlaps(sources);
      return [];
    }
    const who = target.name === null ? target.id : `${target.id} (${target.name})`;
    const message = forbids ? `${who} lets in who must not get in` : `${who} keeps out who must get in`;
    const blame = blaming(rule, broken);
    return [
      {
        policy: rule.policy,
        severity: rule.severity,
        target,
        blame: blame?.component ?? null,
        rule: blame?.rule ?? null,
        from: broken.prefixes(),
        message,
      },
    ];
  });
  return { violations, unsure };
}

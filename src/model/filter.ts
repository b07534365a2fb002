import type { AddressSet, PortSet } from '../set/index.js';
import type { Fact, Gap } from './fact.js';
import type { ResourceRef } from './resource.js';
import type { Symptom } from './symptom.js';

/** What a rule does with the traffic that it matches. A cloud's "deny" is `drop`: nothing comes back. */
export type Action = 'allow' | 'drop' | 'reject' | 'next';

/** Why something stops, as data: a code of the catalogue and the values that its sentence needs. */
export interface Reason {
  readonly code: string;
  /** Values for the sentence. Untrusted text: escape before it reaches a terminal. */
  readonly data: Readonly<Record<string, string>>;
  /** The code to use when only a part of the client's ports is stopped. */
  readonly partlyCode?: string;
  /** The object to name as the component, where it is not the one that holds the rule: the gateway that a route leads to. */
  readonly component?: ResourceRef;
  /** What would nearly have let it through, and why it does not: a code of the catalogue and its values. */
  readonly hint?: Pick<Reason, 'code' | 'data'>;
  /** What the client sees when it is not the silence that a dropped packet leaves. */
  readonly symptom?: Symptom;
  /** What comes back, where something does: a TCP reset, or an ICMP message. What keeps that from the client makes silence of it. */
  readonly answer?: 'reset' | 'firewall-reset' | 'error';
}

export interface Rule {
  /** As the cloud prints it (`sgr-0a1`, `100`), or null where the cloud has no name for it. */
  readonly id: string | null;
  /** The object that holds the rule, where it is not the layer's subject. */
  readonly of?: ResourceRef;
  readonly action: Action;
  /** The far end's address. */
  readonly peers: Fact<AddressSet>;
  /** The packet's destination port: the asked port inbound, the client's port on the way back. */
  readonly ports: Fact<PortSet>;
  /** The rule in its owner's notation, for people: `tcp/22 from 203.0.113.0/24`. Untrusted text. */
  readonly text: string;
  /** Why it stops; needed on `drop` and `reject`. */
  readonly reason?: Reason;
  /** What a client sees whom it lets through, where that is not SSH, or nobody can tell whether it is. */
  readonly sees?: Symptom;
}

/** An ordered list of rules: the first that matches decides, `otherwise` when none does. */
export interface RuleFilter {
  readonly kind: 'rules';
  readonly rules: readonly Rule[];
  readonly otherwise: Action;
  /** Why `otherwise` stops; needed when it is `drop` or `reject`. */
  readonly reason?: Reason;
  /** The object that `otherwise` speaks for, where it is not the layer's subject. */
  readonly of?: ResourceRef;
}

/**
 * What decides over traffic.
 * - `rules`: first match wins;
 * - `all`: every member must allow (a subnet's and an interface's group);
 * - `any`: one member that allows is enough (the security groups of an interface); what none allows goes to `otherwise`;
 * - `first`: the first member that does not say `next` decides (a chain of policies);
 * - `either`: one of the members decides, and nobody knows which: sure is what they agree on.
 */
export type Filter =
  | RuleFilter
  | { readonly kind: 'all'; readonly of: readonly Filter[] }
  | { readonly kind: 'any'; readonly of: readonly Filter[]; readonly otherwise: RuleFilter }
  | { readonly kind: 'first'; readonly of: readonly Filter[]; readonly otherwise: RuleFilter }
  | { readonly kind: 'either'; readonly of: readonly Filter[]; readonly gap: Gap };

/** One thing that a filter may do with a piece of traffic. */
export interface Outcome {
  readonly action: Action;
  /** The rule that decides, or null when none matched and `filter.otherwise` does. */
  readonly rule: Rule | null;
  readonly filter: RuleFilter;
  /** Set when the rule only may match: what would settle it. */
  readonly gap?: Gap;
}

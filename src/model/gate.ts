import type { Verdict } from './verdict.js';

/** A resource of a deployment, as its program calls it. */
export interface PlannedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
}

/** Why something of a deployment is not known before it happens. */
export type GateGapCode =
  /** A value or a reference that is not known until deployed. */
  | 'ev-unresolved'
  /** A reference to something that the deployment does not hold. */
  | 'ev-external'
  /** One of several resources is meant. */
  | 'ev-ambiguous'
  /** A rule, a route or an association of nobody knows what. */
  | 'ev-orphan'
  /** Several parts of which only one can count. */
  | 'ev-conflict'
  /** A rule that was there at the last look, and of which the program says nothing. */
  | 'ev-observed'
  /** The default network of an account, which nobody shows. */
  | 'ev-default-network'
  /** More ways to fill the open places than are tried. */
  | 'ev-fork-limit'
  | 'ev-secret'
  | 'ev-unreadable'
  /** A control of the account, or above it, that no program shows. */
  | 'ev-unseen-control';

export interface GateGap {
  readonly code: GateGapCode;
  /** The resource that it is about; undefined for the deployment as a whole. */
  readonly urn?: string;
  /** One line for people: which property of what, and what it may be. */
  readonly text: string;
}

/** What a deployment makes of one machine, for the sources that were asked about. */
export interface GateFinding {
  readonly machine: PlannedResource;
  /** As people call it: `instance`, `scaling group`. */
  readonly kind: string;
  readonly verdict: Verdict;
  /** The sources are to get in: where they do not surely, that is what is wrong. */
  readonly isWanted?: true;
  /** Set where the verdict is unknown: what it is if nothing is there that the program does not declare. */
  readonly guess?: 'reachable' | 'unreachable';
  /** Of the sources those that get in; where nobody surely does, those that may. Minimal prefixes. */
  readonly from: readonly string[];
  /** What the packet passes, from the source to the machine; empty where nobody gets in. */
  readonly path: readonly string[];
  /** What was taken to be so. */
  readonly assumed: readonly string[];
  /** What would settle it; empty where the verdict is known. */
  readonly missing: readonly GateGap[];
  /** Whose change closes it: `security group "web" ingress[0].cidrBlocks`. */
  readonly change?: string;
  /** What people should know besides. */
  readonly notes: readonly string[];
  /** What stops it, where it must not be stopped: components with their codes. */
  readonly blockedBy: readonly { readonly component: string; readonly code: string }[];
}

/** A resource that undoes another, or that its cloud refuses. */
export interface GateConflict {
  readonly urn: string;
  readonly message: string;
}

/** What is wrong with the evidence itself, whatever was asked. */
export interface GateRemark {
  /** Undefined: of the deployment as a whole. */
  readonly urn?: string;
  readonly message: string;
}

/** What a gate makes of a whole deployment. Everything is in the order of the URNs. */
export interface GateReport {
  readonly findings: readonly GateFinding[];
  readonly conflicts: readonly GateConflict[];
  /** What could not be judged, whatever was asked. */
  readonly remarks: readonly GateRemark[];
  /** What went wrong in port22 itself, by machine. */
  readonly failures: readonly { readonly machine: PlannedResource; readonly message: string }[];
}

/** A rule that lets somebody in, as it is written in one resource. */
export interface WrittenRule {
  /** `ingress[0]`; empty where the resource is the rule. */
  readonly at: string;
  /** TCP ports, both included. */
  readonly ports: { readonly first: number; readonly last: number };
  /** Where its far ends are written: one list or one text for each property. */
  readonly peers: readonly WrittenPeers[];
}

export interface WrittenPeers {
  /** From the resource down: `['ingress', 0, 'cidrBlocks']`. */
  readonly path: readonly (string | number)[];
  readonly isList: boolean;
  /** Undefined where one is not known. */
  readonly prefixes: readonly (string | undefined)[];
}

import { below } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { type Tree, Unknown } from '../../../src/plan/tree.js';
import { untold } from '../../../src/record/index.js';
import type { ApiRecord, Projection } from './project.js';

/** The fields of one rule: those of a resource, or of an element of a list of rules. */
export interface Written {
  readonly record: PlanRecord;
  /** `rules[0].`; empty where the resource is the rule. */
  readonly at: string;
  readonly field: (name: string) => Tree | undefined;
}

/**
 * A rule while it is told in the API's words. As declared, a rule of which a condition is not known matches nothing (pulumi.md,
 * 4.5): an empty list would mean everybody.
 */
export class RuleFields {
  isLost = false;
  private readonly projection: Projection;
  private readonly rule: Written;

  constructor(projection: Projection, rule: Written) {
    this.projection = projection;
    this.rule = rule;
  }

  texts(tree: Tree | undefined): unknown {
    const { items, isEmptied } = this.projection.leaves.texts(tree);
    this.isLost ||= isEmptied;
    // An empty list is none.
    return Array.isArray(items) && items.length === 0 ? undefined : items;
  }

  list(name: string): unknown {
    return this.texts(this.rule.field(name));
  }

  /** What the elements of a list refer to. */
  refs(name: string): unknown {
    const { record, at, field } = this.rule;
    const [first = name, rest] = name.split('.');
    const tree = rest === undefined ? field(first) : below(field(first), rest);
    if (tree === undefined || tree === null) return undefined;
    const { ids, isOpen } = this.projection.refs(record, `${at}${name}`);
    const isUnsaid = tree instanceof Unknown || (Array.isArray(tree) && tree.length > 0);
    if (ids.length === 0 && !isOpen && isUnsaid) {
      this.isLost ||= !this.projection.isAsKnown;
      return this.projection.leaves.unknown;
    }
    return isOpen ? [...ids, untold] : ids;
  }

  word(name: string): unknown {
    const text = this.projection.leaves.text(this.rule.field(name));
    return typeof text === 'string' ? text.toUpperCase() : text;
  }

  /** The protocols and ports of the entries; each has its protocol under this name. */
  layer4(tree: Tree | undefined, protocol: string): unknown {
    const { leaves, isAsKnown } = this.projection;
    const entries = leaves.list(tree);
    if (entries === untold) return untold;
    if (entries === undefined) {
      this.isLost ||= tree !== undefined && tree !== null;
      return undefined;
    }
    const told = entries.flatMap((entry) => this.entry(entry, protocol));
    this.isLost ||= !isAsKnown && told.length === 0 && entries.length > 0;
    return told;
  }

  private entry(entry: Tree, protocol: string): (ApiRecord | typeof untold)[] {
    const { leaves, isAsKnown } = this.projection;
    if (entry instanceof Unknown) return isAsKnown ? [untold] : [];
    const name = leaves.text(below(entry, protocol));
    const { items, isEmptied } = leaves.texts(below(entry, 'ports'));
    if (!isAsKnown && (isEmptied || name === undefined)) return [];
    return [{ [protocol === 'protocol' ? 'IPProtocol' : protocol]: name ?? untold, ...(items && { ports: items }) }];
  }
}

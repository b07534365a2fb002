import type { PlanRecord } from './plan-record.js';
import { type Branch, isBranch, type Tree, Unknown } from './tree.js';

/** Whether what is to be counts, or what was at the last look. */
export type Moment = 'before deployment' | 'deployed';

/** A value that the provider has not answered, or that nobody can read. */
const unseen = new Unknown('until deployed');
const unreadable = new Unknown('unreadable');

function present(tree: Branch | undefined, property: string): Tree | undefined {
  return tree && Object.hasOwn(tree, property) ? (tree[property] ?? undefined) : undefined;
}

/**
 * The value of a property that the program declares. Before deployment the inputs decide, also over that it is absent: the outputs of
 * a preview show what is left out as not known yet (pulumi.md, 3.3). Undefined where it is absent.
 */
export function declared(record: PlanRecord, property: string, moment: Moment): Tree | undefined {
  const { inputs, outputs, status } = record;
  if (!record.isReadable) return unreadable;
  // Of what is only looked up, nothing is asked for.
  if (moment === 'deployed' || status === 'external') return present(outputs, property) ?? present(inputs, property);
  if (inputs) return present(inputs, property);
  if (outputs && Object.hasOwn(outputs, property)) return outputs[property] ?? undefined;
  return undefined;
}

/** The value of a property that the provider chooses where the program does not. */
export function chosen(record: PlanRecord, property: string, moment: Moment): Tree | undefined {
  return declared(record, property, moment) ?? observed(record, property) ?? unseen;
}

/** What the provider last answered; undefined where it did not, or not yet. */
export function observed({ outputs }: PlanRecord, property: string): Tree | undefined {
  const value = present(outputs, property);
  return value instanceof Unknown || value === '' ? undefined : value;
}

/** A value below another: `a`, `[0]`. What is below an unknown one is unknown. */
export function below(tree: Tree | undefined, step: string | number): Tree | undefined {
  if (tree instanceof Unknown || tree === undefined) return tree;
  if (typeof step === 'number') return Array.isArray(tree) ? (tree as readonly Tree[])[step] : undefined;
  return isBranch(tree) ? present(tree, step) : undefined;
}

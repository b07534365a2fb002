import type { DiffReport, Missing, Problem, TargetDiff } from '../model/index.js';
import { subjectOf } from '../model/index.js';
import type { Cloud, Target } from '../provider.js';
import { AddressSet } from '../set/index.js';
import { version } from '../version.js';
import { wrongPort } from './answer.js';
import { Auditor } from './audit.js';
import type { Audited, Judged } from './audit-report.js';
import { admittedBy } from './blame.js';
import { lossesOf } from './losses.js';

export interface DiffQuestion {
  /** 1 to 65535; 22 when left out. */
  readonly port?: number;
}

/** The answer to `diff`. */
export interface DiffAnswer {
  readonly report: DiffReport | null;
  readonly problems: readonly Problem[];
  /** 0 nobody gains or loses access · 1 somebody does · 2 no answer · 3 somebody may. */
  readonly exitCode: 0 | 1 | 2 | 3;
}

/** A target in one state; null where it is not there. */
interface Side {
  readonly audited: Audited;
  readonly judged: Judged;
}

/** One of the two states. */
class State {
  readonly cloud: Cloud;
  private readonly auditor: Auditor;
  private readonly byKey: ReadonlyMap<string, Target>;
  /** Whether what is not listed is not there. */
  private readonly listsAll: boolean;

  constructor(cloud: Cloud, port: number) {
    this.cloud = cloud;
    this.auditor = new Auditor(cloud, port);
    this.byKey = new Map(Array.from(cloud.targets(), (target) => [keyOf(target), target]));
    this.listsAll = cloud.listsEveryTarget();
  }

  keys(): Iterable<string> {
    return this.byKey.keys();
  }

  /** A target in this state; null where there is none, undefined where nobody knows whether there is. */
  side(key: string): Side | null | undefined {
    const target = this.byKey.get(key);
    if (target) return this.auditor.audit(target);
    return this.listsAll ? null : undefined;
  }
}

function keyOf({ ref }: Target): string {
  return `${ref.provider} ${ref.id}`;
}

/** Who has access, and of whom that is not known. */
interface Access {
  readonly has: AddressSet;
  readonly may: AddressSet;
}

function accessOf(side: Side | null | undefined): Access {
  if (side === undefined) return { has: AddressSet.empty, may: AddressSet.all };
  if (side === null) return { has: AddressSet.empty, may: AddressSet.empty };
  const { reachable, partial, unknown } = side.judged;
  return { has: reachable.set.union(partial.set), may: unknown.set };
}

function throughOf({ audited: { paths, asking } }: Side, gains: AddressSet): TargetDiff['through'] {
  const blame = admittedBy(paths, gains, asking.port);
  const path = blame && paths[blame.path];
  return path ? { component: subjectOf(path, blame.subject), rule: blame.rule } : null;
}

/** What neither state tells, each once. */
function missingOf(...sides: readonly (Side | null | undefined)[]): Missing[] {
  const drafts = sides.flatMap((side) => side?.judged.drafts().flat() ?? []);
  const all = drafts.flatMap(({ verdict, missing }) => (verdict === 'unknown' ? missing : []));
  return [...new Map(all.map((one) => [`${one.code} ${one.what} ${one.message}`, one])).values()];
}

/** What changes for one target; undefined where nothing does. */
function changeOf(before: Side | null | undefined, after: Side | null | undefined): TargetDiff | undefined {
  const known = after ?? before;
  if (!known) return undefined;
  const [had, has] = [accessOf(before), accessOf(after)];
  const doubt = had.may.union(has.may);
  const gains = has.has.subtract(had.has).subtract(doubt);
  const loses = had.has.subtract(has.has).subtract(doubt);
  // Of a target that one state does not tell of, only those matter who have access in the other.
  const unknown = before === undefined ? has.has.union(has.may) : after === undefined ? had.has.union(had.may) : doubt;
  if (gains.isEmpty && loses.isEmpty && unknown.isEmpty) return undefined;
  const flags = (after?.judged.flags ?? []).filter((flag) => !before?.judged.flags.includes(flag));
  return {
    target: known.audited.target.ref,
    exists: before && after ? 'both' : after ? 'after' : 'before',
    gains: gains.prefixes(),
    loses: loses.prefixes(),
    unknown: unknown.prefixes(),
    missing: missingOf(before, after),
    flags,
    through: after && !gains.isEmpty ? throughOf(after, gains) : null,
    losses: before ? lossesOf(loses, before.audited, after?.audited ?? null) : [],
  };
}

/** Answers who gains and who loses access to each target between two states of the clouds. */
export function diff(before: Cloud, after: Cloud, question: DiffQuestion = {}): DiffAnswer {
  const port = question.port ?? 22;
  const wrong = wrongPort(port);
  if (wrong) return { report: null, problems: [wrong], exitCode: 2 };
  const [earlier, later] = [new State(before, port), new State(after, port)];
  const keys = new Set([...earlier.keys(), ...later.keys()]);
  const targets = [...keys].flatMap((key) => changeOf(earlier.side(key), later.side(key)) ?? []);
  const changed = targets.some(({ gains, loses }) => gains.length > 0 || loses.length > 0);
  const unsure = targets.length > 0 || !before.listsEveryTarget() || !after.listsEveryTarget();
  const report: DiffReport = {
    schema: 'port22/diff/v1',
    tool: { name: 'port22', version },
    question: { command: 'diff', port },
    targets,
    unchanged: keys.size - targets.length,
    gaps: { before: before.gaps(), after: after.gaps() },
  };
  return { report, problems: [], exitCode: changed ? 1 : unsure ? 3 : 0 };
}

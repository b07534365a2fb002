import { Auditor } from '../ask/audit.js';
import type { Judged } from '../ask/audit-report.js';
import type { Path } from '../model/index.js';
import { Links } from '../plan/links.js';
import type { Plan } from '../plan/plan.js';
import type { PlanRecord } from '../plan/plan-record.js';
import type { Assumptions, Conflict, Planned, PlanProvider } from '../plan/planned.js';
import { completionsOf, type OpenChoice, type Slice, sliceOf } from '../plan/slice.js';
import { type Reading, type Selection, View } from '../plan/view.js';
import type { AddressSet } from '../set/index.js';

/** What is asked of a deployment. */
export interface GateQuestion {
  readonly port: number;
  readonly assumptions: Assumptions;
  /** Whether counted links are distrusted (pulumi.md, 4.4). */
  readonly isStrict: boolean;
  /** Ways of filling open places that are tried for one machine. */
  readonly maxForks: number;
}

/** Who gets in, who may, and how that was found. */
export interface Answered {
  readonly open: AddressSet;
  readonly unsure: AddressSet;
  /** What is not the internet to the machine. */
  readonly ownNetworks: AddressSet;
  readonly planned: Planned;
  readonly instanceId: string;
  /** The ways by which somebody comes. */
  readonly paths: readonly Path[];
}

/** A machine in all ways in which the deployment may turn out. */
export interface Judgement {
  readonly record: PlanRecord;
  readonly kind: string;
  readonly by: readonly string[];
  readonly notes: readonly string[];
  readonly slice: Slice;
  /** In each way: one answer for each instance that stands for the machine. */
  readonly ways: readonly Way[];
  /** There are more ways than may be tried. */
  readonly isOver: boolean;
  /** The same as the program declares it, of the ways that are declared; asked for when it is needed. */
  readonly declared: () => readonly Way[];
}

export interface Way {
  readonly selection: Selection;
  readonly answers: readonly Answered[];
}

interface Lowered {
  readonly planned: Planned;
  readonly auditor: Auditor;
}

/** The part of a deployment that one cloud understands. */
export class CloudPlan {
  readonly provider: PlanProvider;
  readonly links: Links;
  private readonly question: GateQuestion;
  /** What was recorded of the account over which the deployment is laid. */
  readonly base: unknown;
  private readonly always: readonly PlanRecord[];
  private readonly conflicting: readonly OpenChoice[];
  private readonly opened = new WeakMap<Judged, AddressSet>();
  private whole: Lowered | undefined;

  constructor(provider: PlanProvider, plan: Plan, question: GateQuestion, base?: unknown) {
    this.provider = provider;
    this.base = base;
    this.question = question;
    const isKnown = (record: PlanRecord) => record.isComponent || provider.knows(record) === 'yes';
    const records = plan.records.filter(isKnown);
    // What is not understood may be among what was recorded, and goes all the same.
    const former = plan.former.filter((record) => provider.knows(record) !== 'no');
    const types = provider.types(records, { base, former, showsIds: plan.showsDeletions });
    this.links = new Links({ ...plan, records, former }, types, question.isStrict);
    this.always = records.filter((record) => provider.isEverywhere(record) || this.meetsRecording(record));
    this.conflicting = provider
      .choices(this.links, records)
      .map((choice) => ({ choice, options: choice.options.map((_, index) => index) }));
  }

  get port(): number {
    return this.question.port;
  }

  get machines(): readonly PlanRecord[] {
    return this.links.records.filter((record) => record.status === 'managed' && this.provider.isMachine(record));
  }

  conflicts(): readonly Conflict[] {
    return this.provider.conflicts(this.links);
  }

  remarks(): readonly Conflict[] {
    return this.provider.remarks(this.links);
  }

  /**
   * Whether a resource is a part of something that was recorded, or is that itself: it may matter to machines that meet it only there.
   * Other machines do not.
   */
  private meetsRecording(record: PlanRecord): boolean {
    const { base, links, provider } = this;
    if (base === undefined || provider.isMachine(record)) return false;
    const wholes = links.of(record).flatMap(({ slot, link }) => (slot.joins ? link.held : []));
    return [...links.identitiesOf(record).map(({ id }) => id), ...wholes].some((id) => provider.holds(base, id));
  }

  /** The whole deployment as it is lowered at once; places with several ways hold the first one. */
  lowered(): Planned {
    return this.wholeLowered().planned;
  }

  judge(record: PlanRecord): Judgement {
    const { question } = this;
    const reached = sliceOf(this.links, record, this.always);
    const urns = new Set(reached.records.map(({ urn }) => urn));
    const choices = [...reached.choices, ...this.conflicting.filter(({ choice }) => urns.has(choice.urn))];
    const slice: Slice = { records: reached.records, choices };
    const { selections, isOver } = completionsOf(choices, question.maxForks);
    const sure = choices.length === 0;
    const first = sure ? this.wholeLowered() : undefined;
    const ways = first
      ? [{ selection: new Map(), answers: this.answers(first, record) }]
      : selections.map((selection) => this.way(slice, record, selection, 'as known'));
    const machine = this.lowered().machines.find(({ urn }) => urn === record.urn);
    return {
      record,
      kind: machine?.kind ?? 'machine',
      by: machine?.by ?? [],
      notes: machine?.notes ?? [],
      slice,
      ways,
      isOver,
      declared: () =>
        (isOver ? completionsOf(choices.map(firstOnly), 1).selections : selections)
          .filter((selection) => choices.every(({ choice }) => choice.isDeclared(selection.get(choice.key) ?? 0)))
          .map((selection) => this.way(slice, record, selection, 'as declared')),
    };
  }

  private way(slice: Slice, record: PlanRecord, selection: Selection, reading: Reading): Way {
    const lowered = this.lower(new View(this.links, reading, selection), slice.records);
    return { selection, answers: this.answers(lowered, record) };
  }

  private wholeLowered(): Lowered {
    this.whole ??= this.lower(new View(this.links, 'as known'), this.links.records);
    return this.whole;
  }

  private lower(view: View, records: readonly PlanRecord[]): Lowered {
    const planned = this.provider.lower(view, records, this.question.assumptions, this.base);
    return { planned, auditor: new Auditor(planned.cloud, this.question.port) };
  }

  /** Machines that nothing tells apart are judged by one object, and share the set. */
  private openTo(judged: Judged): AddressSet {
    const known = this.opened.get(judged);
    if (known) return known;
    const open = judged.reachable.set.union(judged.partial.set);
    this.opened.set(judged, open);
    return open;
  }

  private answers({ planned, auditor }: Lowered, record: PlanRecord): Answered[] {
    const machine = planned.machines.find(({ urn }) => urn === record.urn);
    if (!machine) throw new Error(`${record.urn} was not lowered`);
    return machine.instanceIds.map((instanceId) => {
      const found = planned.cloud.find(instanceId);
      if (found.kind !== 'target') throw new Error(`${instanceId} of ${record.urn} is no target`);
      const { audited, judged } = auditor.audit(found.target);
      const { unknown, ownNetworks } = judged;
      const open = this.openTo(judged);
      return { open, unsure: unknown.set, ownNetworks, planned, instanceId, paths: audited.paths };
    });
  }
}

function firstOnly({ choice, options }: OpenChoice): OpenChoice {
  return { choice: { ...choice, options: choice.options.slice(0, 1) }, options: options.slice(0, 1) };
}

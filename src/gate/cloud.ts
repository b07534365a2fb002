import { type Gap, type GapReport, type Path, unknownFilter } from '../model/index.js';
import type { Plan } from '../plan/plan.js';
import type { PlanRecord } from '../plan/plan-record.js';
import type { PlanProvider } from '../plan/planned.js';
import type { Cloud, PathRequest, Target } from '../provider.js';
import type { AddressSet } from '../set/index.js';
import { CloudPlan, type Judgement } from './deployment.js';
import { gapsOf } from './gaps.js';
import { remarksOf } from './gate.js';

/** What a plan is judged under where nobody says otherwise. */
const usual = {
  assumptions: { unseenControls: 'assume-none', defaultNetwork: 'likely' },
  isStrict: false,
  maxForks: 64,
} as const;

const same = (a: AddressSet, b: AddressSet): boolean => a.covers(b) && b.covers(a);

/** Whether the deployment's open places make no difference to who gets in. */
function isSettled({ ways, isOver }: Judgement): boolean {
  const [first, ...others] = ways;
  if (isOver || !first) return false;
  return others.every(({ answers }) =>
    answers.every((one, index) => {
      const alike = first.answers[index];
      return alike !== undefined && same(alike.open, one.open) && same(alike.unsure, one.unsure);
    }),
  );
}

/** A way of which nobody knows where it leads. */
function doubtful(path: Path, gap: Gap): Path {
  const { shared: _, ...way } = path.way;
  const layer = { kind: 'deployment', subject: 'target', inbound: unknownFilter(gap) } as const;
  return { ...path, way: { ...way, rows: [[layer]] } };
}

/** A deployment as a cloud that can be asked like any other, laid over what was recorded of the account. */
class PlannedCloud {
  private readonly plan: Plan;
  private readonly provider: PlanProvider;
  private readonly base: unknown;
  private readonly byPort = new Map<number, CloudPlan>();
  private readonly judged = new Map<string, Judgement>();
  private readonly urns = new Map<string, string>();
  readonly cloud: Cloud;
  /** The same for machines that were recorded. */
  private readonly recordedCloud: (() => Cloud) | undefined;
  private recorded: Cloud | undefined;

  constructor(plan: Plan, provider: PlanProvider, base: unknown) {
    this.plan = plan;
    this.provider = provider;
    this.base = base;
    const { cloud, recorded, machines } = this.at(22).lowered();
    this.cloud = cloud;
    this.recordedCloud = recorded;
    for (const { urn, instanceIds } of machines) for (const id of instanceIds) this.urns.set(id, urn);
  }

  named(target: Target): Target {
    const record = this.recordOf(target);
    if (!record) return target;
    return { ...target, ref: { ...target.ref, name: record.name, urn: record.urn } };
  }

  /** The id of the instance that stands for the machine with this URN. */
  instanceOf(urn: string): string | undefined {
    for (const [id, of] of this.urns) if (of === urn) return id;
    return undefined;
  }

  paths(target: Target, request: PathRequest): readonly Path[] {
    const record = this.recordOf(target);
    const judgement = record && this.judge(record, request.port);
    if (!record || !judgement || judgement.slice.choices.length === 0) return this.surePaths(target, request);
    const { ref } = target;
    const found = judgement.ways.map(({ answers }) => {
      const planned = answers.find(({ instanceId }) => instanceId === ref.id)?.planned;
      const again = planned?.cloud.find(ref.id);
      return planned && again?.kind === 'target' ? planned.cloud.paths(again.target, request) : [];
    });
    if (isSettled(judgement)) return found[0] ?? [];
    const gap = this.gapOf(record, request.port);
    const all = (found.length > 0 ? found : [this.cloud.paths(target, request)]).flat();
    const distinct = new Map(all.map((path) => [`${path.way.kind} ${path.address} ${path.interface?.id}`, path]));
    return [...distinct.values()].map((path) => doubtful(path, gap));
  }

  private surePaths(target: Target, request: PathRequest): readonly Path[] {
    if (this.base === undefined || !this.provider.holds(this.base, target.ref.id))
      return this.cloud.paths(target, request);
    this.recorded ??= this.recordedCloud?.() ?? this.cloud;
    const found = this.recorded.find(target.ref.id);
    return found.kind === 'target' ? this.recorded.paths(found.target, request) : [];
  }

  gaps(): GapReport[] {
    const at = this.at(22);
    const doubts = at.machines.flatMap((record) => {
      const judgement = this.judge(record, 22);
      return judgement.slice.choices.length === 0 || isSettled(judgement) ? [] : [this.gapOf(record, 22)];
    });
    const told = remarksOf(at, this.plan).map(({ urn, message }) => ({
      what: urn ?? 'the deployment',
      detail: message,
    }));
    return [...doubts, ...told].map(({ what, detail }) => ({
      code: 'not-known-before-deployment',
      subject: what,
      detail,
    }));
  }

  isWhole(): boolean {
    return this.plan.gaps.length === 0;
  }

  private recordOf({ ref }: Target): PlanRecord | undefined {
    const urn = this.urns.get(ref.id);
    return urn === undefined ? undefined : this.at(22).links.recordOf(urn);
  }

  private at(port: number): CloudPlan {
    const known = this.byPort.get(port);
    if (known) return known;
    const made = new CloudPlan(this.provider, this.plan, { port, ...usual }, this.base);
    this.byPort.set(port, made);
    return made;
  }

  private judge(record: PlanRecord, port: number): Judgement {
    const key = `${port} ${record.urn}`;
    const known = this.judged.get(key);
    if (known) return known;
    const judgement = this.at(port).judge(record);
    this.judged.set(key, judgement);
    return judgement;
  }

  private gapOf(record: PlanRecord, port: number): Gap {
    const texts = gapsOf(this.at(port), this.judge(record, port), ({ answers }) =>
      answers.map(({ open, unsure }) => [open.prefixes(), unsure.prefixes()].join(' ')).join(';'),
    ).map(({ text }) => text);
    return {
      code: `${this.provider.provider}/ev-unresolved`,
      kind: 'not-known-before-deployment',
      what: record.urn,
      detail: `not known before the deployment: ${texts.join('; ')}`,
    };
  }
}

/**
 * The part of a deployment that one provider understands, as a cloud. Machines of which the open places make a difference are unknown;
 * nothing is proposed as a change: what is wrong is wrong in the program.
 */
export function cloudOfPlan(plan: Plan, provider: PlanProvider, base: unknown): Cloud {
  const planned = new PlannedCloud(plan, provider, base);
  const { cloud } = planned;
  return {
    ...cloud,
    *targets() {
      for (const target of cloud.targets()) yield planned.named(target);
    },
    listsEveryTarget: () => planned.isWhole() && cloud.listsEveryTarget(),
    find(text) {
      const found = cloud.find(planned.instanceOf(text) ?? text);
      return found.kind === 'target' ? { ...found, target: planned.named(found.target) } : found;
    },
    paths: (target, request) => planned.paths(target, request),
    changes: () => [],
    gaps: () => [...cloud.gaps(), ...planned.gaps()],
  };
}

import { AwsIntake } from '../../providers/aws/files.js';
import { awsPlan } from '../../providers/aws/plan/index.js';
import { AzureIntake } from '../../providers/azure/files.js';
import { azurePlan } from '../../providers/azure/plan/index.js';
import { GcpIntake } from '../../providers/gcp/files.js';
import { gcpPlan } from '../../providers/gcp/plan/index.js';
import { cloudOfPlan } from '../gate/index.js';
import type { Problem, ProviderName } from '../model/index.js';
import { isEngineEvent, readEventLog } from '../plan/event-log.js';
import { type Plan, planOf } from '../plan/plan.js';
import type { PlanProvider } from '../plan/planned.js';
import { isPreview, readPreview } from '../plan/preview.js';
import { isStackExport, readStackExport } from '../plan/stack-export.js';
import type { Cloud, DocumentSink, Intake, Place } from '../provider.js';
import { unionOf } from './union.js';

/** One recorded file, offered to every cloud: each takes what it knows. */
class OfferedDocument implements DocumentSink {
  private readonly sinks: readonly DocumentSink[];
  private readonly wanting = new Map<string, readonly DocumentSink[]>();
  private taken = false;

  constructor(sinks: readonly DocumentSink[]) {
    this.sinks = sinks;
  }

  wants(key: string): boolean {
    const wanting = this.sinks.filter((sink) => sink.wants(key));
    this.wanting.set(key, wanting);
    return wanting.length > 0;
  }

  element(key: string, value: unknown, place: Place): boolean {
    const taken = this.wanting.get(key)?.some((sink) => sink.element(key, value, place)) ?? false;
    this.taken ||= taken;
    return taken;
  }

  rest(value: unknown): boolean {
    const known = this.sinks.map((sink) => sink.rest(value));
    return this.taken || known.includes(true);
  }

  close(fault?: string): void {
    for (const sink of this.sinks) sink.close(fault);
  }
}

/** Takes a deployment, as Pulumi writes it. It stands in a document of its own. */
class PlanDocument implements DocumentSink {
  private readonly take: (plan: Plan) => void;
  private readonly takeEvent: (event: unknown) => void;
  private readonly file: string;
  private readonly warn: (problem: Problem) => void;

  constructor(
    file: string,
    take: (plan: Plan) => void,
    takeEvent: (event: unknown) => void,
    warn: (problem: Problem) => void,
  ) {
    this.file = file;
    this.take = take;
    this.takeEvent = takeEvent;
    this.warn = warn;
  }

  wants(): boolean {
    return false;
  }

  element(): boolean {
    return false;
  }

  rest(value: unknown): boolean {
    if (isEngineEvent(value)) {
      this.takeEvent(value);
      return true;
    }
    const plan = isPreview(value) ? readPreview(value) : isStackExport(value) ? readStackExport(value) : undefined;
    if (plan) this.take(plan);
    else if (isStackExport(value)) this.warn(unreadableExport(this.file));
    return plan !== undefined || isStackExport(value);
  }

  close(): void {}
}

function unreadableExport(where: string): Problem {
  return {
    severity: 'warning',
    what: 'this stack was exported in a version that is not known',
    where,
    why: 'its resources are not used, and what they would tell is unknown',
    fix: 'export it again with a current pulumi, or tell the maintainers of port22',
  };
}

/** How each cloud's resources stand in a deployment. */
const planProviders: readonly PlanProvider[] = [awsPlan, gcpPlan, azurePlan];

/** Collects the recorded answers of all clouds, and deployments that are laid over them. */
export class Intakes {
  private readonly intakes: readonly Intake[] = [new AwsIntake(), new GcpIntake(), new AzureIntake()];
  private readonly plans: Plan[] = [];
  private readonly events: unknown[] = [];
  private readonly problems: Problem[] = [];

  open(file: string): DocumentSink {
    const plan = new PlanDocument(
      file,
      (one) => this.plans.push(one),
      (event) => this.events.push(event),
      (problem) => this.problems.push(problem),
    );
    return new OfferedDocument([...this.intakes.map((intake) => intake.open(file)), plan]);
  }

  /** What was recorded of each cloud, for a deployment to be laid over; nothing of those of which nothing was. */
  evidence(): ReadonlyMap<ProviderName, unknown> {
    const finished = this.intakes.map((intake) => ({
      provider: intake.provider,
      ...intake.finish({ complete: false }),
    }));
    return new Map(finished.flatMap(({ provider, recorded, evidence }) => (recorded ? [[provider, evidence]] : [])));
  }

  /** The clouds of which something was recorded or declared, as one. Of nothing at all the first one tells that. */
  finish(options: { readonly complete: boolean }): { readonly cloud: Cloud; readonly problems: readonly Problem[] } {
    const finished = this.intakes.map((intake) => ({ provider: intake.provider, ...intake.finish(options) }));
    const plan = mergedPlan([...this.plans, ...(this.events.length > 0 ? [readEventLog(this.events)] : [])]);
    const clouds = finished.flatMap(({ provider, cloud, recorded, evidence }): [ProviderName, Cloud][] => {
      const planner = planProviders.find((one) => one.provider === provider);
      const isPlanned =
        plan && planner && [...plan.records, ...plan.former].some((record) => planner.knows(record) === 'yes');
      if (isPlanned) {
        return [[provider, cloudOfPlan(plan, planner, recorded ? evidence : undefined)]];
      }
      return recorded ? [[provider, cloud]] : [];
    });
    const [first] = finished;
    if (clouds.length === 0 && first) clouds.push([first.provider, first.cloud]);
    return {
      cloud: unionOf(new Map(clouds)),
      problems: [...this.problems, ...finished.flatMap(({ problems }) => problems)],
    };
  }
}

/** Several deployments as one: they are in one account, or at least nothing says that they are not. */
function mergedPlan(plans: readonly Plan[]): Plan | undefined {
  const [first] = plans;
  if (!first || plans.length === 1) return first;
  const gaps = plans.flatMap((plan) => plan.gaps);
  const moment = plans.every((plan) => plan.moment === 'deployed') ? 'deployed' : 'before deployment';
  return planOf({
    records: plans.flatMap((plan) => plan.records),
    former: plans.flatMap((plan) => plan.former),
    gaps,
    moment,
    showsDeletions: plans.every((plan) => plan.showsDeletions),
  });
}

import type { ProviderName, WrittenRule } from '../model/index.js';
import type { Cloud } from '../provider.js';
import type { Choice } from './choice.js';
import type { Links } from './links.js';
import type { PlanRecord } from './plan-record.js';
import type { PlanTypes } from './slot.js';
import type { View } from './view.js';

/** Where something is written. */
export interface Origin {
  readonly urn: string;
  /** `ingress[0].cidrBlocks[1]`; undefined where it is the resource as a whole. */
  readonly path: string | undefined;
}

/** A machine that the deployment has or makes, and the instances that stand for it. */
export interface PlannedMachine {
  readonly urn: string;
  /** As people call it: `instance`, `scaling group`. */
  readonly kind: string;
  readonly instanceIds: readonly string[];
  /** Other resources that say how it is started. */
  readonly by: readonly string[];
  /** What people should know of it who can or cannot get in, in words. */
  readonly notes?: readonly string[];
}

/** A value that decides something, and that is not known. */
export interface Unsettled {
  readonly urn: string;
  readonly path: string;
  readonly why:
    | 'until deployed'
    | 'secret'
    | 'unreadable'
    /** It was there at the last look, and the program says nothing of it. */
    | 'left alone'
    /** The account's own network, which no program shows. */
    | 'default network'
    /** A control of the account, or above it, that no program shows. */
    | 'unseen control';
}

/** A deployment as its cloud would show it, in one way of filling its open places. */
export interface Planned {
  readonly cloud: Cloud;
  /** The same for machines that were recorded, where what the recording did not ask for is not known of them. */
  readonly recorded?: () => Cloud;
  readonly machines: readonly PlannedMachine[];
  /** Where the rule with this id is written. */
  readonly origin: (rule: string) => Origin | undefined;
  /** What is taken to be so without being declared, in words. */
  readonly assumed: readonly string[];
  readonly unsettled: readonly Unsettled[];
}

/** What is taken to be so of what no program shows. */
export interface Assumptions {
  /** Controls of the account or above it: that there are none, or that nobody knows. */
  readonly unseenControls: 'assume-none' | 'unknown';
  /** The default network of an account: as the cloud makes it, as a guess or as a fact, or not known at all. */
  readonly defaultNetwork: 'likely' | 'public' | 'unknown';
}

/** Something about one resource: that its cloud will not take it, that it undoes another, that nobody can judge it. */
export interface Conflict {
  readonly urn: string;
  readonly message: string;
}

/** What a deployment is laid over. */
export interface LaidOver {
  readonly base: unknown;
  /** Resources as they were, that go or become others. */
  readonly former: readonly PlanRecord[];
  /** Whether a resource that has no id is surely made in this run: a policy pack is not told ids. */
  readonly showsIds: boolean;
}

/** A cloud as its resources stand in a deployment. */
export interface PlanProvider {
  readonly provider: ProviderName;
  /** Whether a type is one of the cloud's that is understood; `looks like one` where it is not and may matter. */
  knows(record: PlanRecord): 'yes' | 'no' | 'looks like one';
  /** @param over what was recorded, over which the deployment is laid, what of it goes, and what may be new */
  types(records: readonly PlanRecord[], over?: LaidOver): PlanTypes;
  isMachine(record: PlanRecord): boolean;
  /** Resources that matter to every machine, whatever they refer to. */
  isEverywhere(record: PlanRecord): boolean;
  /** Choices that several resources leave open together, among these. */
  choices(links: Links, records: readonly PlanRecord[]): readonly Choice[];
  conflicts(links: Links): readonly Conflict[];
  /** What of the cloud's resources cannot be judged, and why. */
  remarks(links: Links): readonly Conflict[];
  /** The rules that let somebody in, as this resource writes them. */
  rules(record: PlanRecord): readonly WrittenRule[];
  /**
   * The deployment as the cloud would show it.
   * @param base what an intake of the same provider read, over which the deployment is laid: ids that are not declared are looked up there
   */
  lower(view: View, records: readonly PlanRecord[], assumptions: Assumptions, base?: unknown): Planned;
  /** Whether what an intake of the same provider read holds the thing with this id. */
  holds(base: unknown, id: string): boolean;
}

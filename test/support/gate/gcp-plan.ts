import { iapRanges } from '../../../providers/gcp/iap-path.js';
import { gcpPlan } from '../../../providers/gcp/plan/index.js';
import { CloudPlan, type GateQuestion, type Judgement } from '../../../src/gate/deployment.js';
import { internet } from '../../../src/model/index.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Assumptions } from '../../../src/plan/planned.js';
import { readPreview } from '../../../src/plan/preview.js';
import { AddressSet } from '../../../src/set/index.js';

/** The text by which Pulumi writes a value that is not known yet. */
const SENTINEL = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** A value that is not known yet, and the resources on which its property depends: `?<net>`. */
export class Later {
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    this.names = names;
  }
}

export function later(...names: readonly string[]): Later {
  return new Later(names);
}

/** `compute:Instance`, as the token `gcp:compute/instance:Instance`. */
function tokenOf(type: string): string {
  if (type.startsWith('pulumi:') || type.startsWith('pkg:')) return type;
  const [module = '', name = ''] = type.split(':');
  return `gcp:${module}/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
}

interface Step {
  readonly type: string;
  readonly name: string;
  readonly inputs: unknown;
  readonly outputs?: unknown;
  readonly id?: string;
  readonly op: string;
  readonly state: Readonly<Record<string, unknown>>;
}

/** How a resource is written besides its inputs. */
export interface Written {
  /** `same` where it stays as it is: then its id and its outputs are known. */
  readonly op?: string;
  readonly id?: string;
  readonly outputs?: unknown;
  readonly parent?: string;
  readonly custom?: boolean;
}

function written(value: unknown): unknown {
  if (value instanceof Later) return SENTINEL;
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, written(item)]));
}

function namesIn(value: unknown): readonly string[] {
  if (value instanceof Later) return value.names;
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(namesIn);
}

const defaults: Assumptions = { unseenControls: 'assume-none', defaultNetwork: 'likely' };

/** What is asked otherwise than usual. */
export type Asked = Partial<Assumptions> & Partial<Omit<GateQuestion, 'assumptions'>>;

/** The resources of a program for Google Cloud as a preview shows them. */
export class GcpProgram {
  private readonly steps: Step[] = [];
  private readonly summary: Readonly<Record<string, number>>;
  private config: Readonly<Record<string, unknown>> = { project: 'p', region: 'us-central1', zone: 'us-central1-a' };

  constructor(summary: Readonly<Record<string, number>> = {}) {
    this.summary = summary;
  }

  /** What the provider is configured with; project, region and zone unless said. */
  provider(config: Readonly<Record<string, unknown>>): this {
    this.config = config;
    return this;
  }

  add(type: string, name: string, inputs: unknown = {}, more: Written = {}): this {
    const { op = 'create', id, outputs, ...state } = more;
    this.steps.push({ type, name, inputs, outputs, op, state, ...(id !== undefined && { id }) });
    return this;
  }

  network(name: string, inputs: object = {}): this {
    return this.add('compute:Network', name, { autoCreateSubnetworks: false, ...inputs });
  }

  /** A firewall rule of `net` that lets everybody to port 22, unless said. */
  firewall(name: string, inputs: object = {}): this {
    const ssh = { allows: [{ protocol: 'tcp', ports: ['22'] }], sourceRanges: ['0.0.0.0/0'] };
    return this.add('compute:Firewall', name, { network: later('net'), ...ssh, ...inputs });
  }

  /** A machine in `net` with an external address, unless said. */
  vm(name: string, inputs: object = {}): this {
    const networkInterfaces = [{ network: later('net'), accessConfigs: [{}] }];
    return this.add('compute:Instance', name, { networkInterfaces, ...inputs });
  }

  urn(name: string): string {
    const step = this.steps.find((one) => one.name === name);
    return `urn:pulumi:s::p::${tokenOf(step?.type ?? 'compute:Unheard')}::${name}`;
  }

  /** What `pulumi preview --json` writes of it. */
  preview(): object {
    const provider = 'urn:pulumi:s::p::pulumi:providers:gcp::default';
    const own = {
      op: 'create',
      urn: provider,
      newState: { urn: provider, type: 'pulumi:providers:gcp', custom: true, inputs: this.config },
    };
    const steps = this.steps.map(({ type, name, inputs, outputs, id, op, state }) => {
      const entries = typeof inputs === 'object' && inputs !== null ? Object.entries(inputs) : [];
      const byProperty = entries.map(([key, value]) => [key, namesIn(value).map((one) => this.urn(one))] as const);
      const shown = {
        urn: this.urn(name),
        type: tokenOf(type),
        custom: true,
        ...(id !== undefined && { id }),
        inputs: written(inputs),
        ...(outputs !== undefined && { outputs: written(outputs) }),
        propertyDependencies: Object.fromEntries(byProperty.filter(([, urns]) => urns.length > 0)),
        dependencies: byProperty.flatMap(([, urns]) => urns),
        provider: `${provider}::1`,
        ...state,
      };
      if (op.startsWith('delete')) return { op, urn: shown.urn, oldState: shown };
      return { op, urn: shown.urn, newState: shown, ...(op !== 'create' && { oldState: shown }) };
    });
    return { steps: [own, ...steps], changeSummary: this.summary };
  }

  plan({ unseenControls, defaultNetwork, ...asked }: Asked = {}): CloudPlan {
    const plan = readPreview(this.preview());
    if (!plan) throw new Error('no preview');
    const assumptions: Assumptions = {
      unseenControls: unseenControls ?? defaults.unseenControls,
      defaultNetwork: defaultNetwork ?? defaults.defaultNetwork,
    };
    return new CloudPlan(gcpPlan, plan, { port: 22, isStrict: false, maxForks: 64, ...asked, assumptions });
  }

  judge(name: string, asked: Asked = {}): Judgement {
    const cloud = this.plan(asked);
    return cloud.judge(machineOf(cloud, name));
  }
}

export function machineOf(cloud: CloudPlan, name: string): PlanRecord {
  const machine = cloud.machines.find((record) => record.name === name);
  if (!machine) throw new Error(`${name} is no machine`);
  return machine;
}

/** The verdict of one way or one instance: `none` where there is no instance. */
export type Verdict = 'allowed' | 'partial' | 'denied' | 'unknown' | 'none';

/** Everybody on the internet with IPv4. From the relays of IAP nobody comes whom Google has not let in (gcp.md, 2.1). */
export const anyone: AddressSet = internet.only(4).subtract(iapRanges);
export const relays: AddressSet = iapRanges.only(4);

export function verdictOf(open: AddressSet, unsure: AddressSet, from: AddressSet): Verdict {
  if (open.covers(from)) return 'allowed';
  if (open.overlaps(from)) return 'partial';
  return unsure.overlaps(from) ? 'unknown' : 'denied';
}

/** The verdicts of all ways in which a deployment may turn out, the worst of each: for everybody with IPv4 unless said. */
export function verdicts(ways: Judgement['ways'], from: AddressSet = anyone): readonly Verdict[] {
  return ways.map(({ answers }) => {
    if (answers.length === 0) return 'none';
    const open = AddressSet.unionOf(answers.map((answer) => answer.open));
    const unsure = AddressSet.unionOf(answers.map((answer) => answer.unsure));
    return verdictOf(open, unsure, from);
  });
}

/** What is known of a machine, and what the program declares: `allowed`, `unknown, declared denied`. */
export function judged(program: GcpProgram, name: string, asked: Asked = {}, from: AddressSet = anyone): string {
  const judgement = program.judge(name, asked);
  if (judgement.isOver) return 'too many ways';
  const found = new Set(verdicts(judgement.ways, from));
  const [only] = found;
  if (only !== undefined && found.size === 1 && only !== 'unknown') return only;
  const declared = verdicts(judgement.declared(), from);
  const guess = declared.some((one) => one === 'allowed' || one === 'partial') ? 'allowed' : 'denied';
  return `unknown, declared ${guess}`;
}

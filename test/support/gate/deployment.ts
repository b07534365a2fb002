import { readPack } from '../../../src/plan/pack.js';
import type { Plan } from '../../../src/plan/plan.js';
import { readPreview } from '../../../src/plan/preview.js';
import { UNKNOWN } from '../pulumi/properties.js';

/** A value that is not known before deployment, with the names of what it depends on. */
export class Later {
  readonly on: readonly string[];
  constructor(on: readonly string[]) {
    this.on = on;
  }
}

/** `?<a,b>`: unknown, and depends on these; `?()` on nothing. */
export const later = (...on: readonly string[]): Later => new Later(on);

/** A resource of a deployment under test. */
export interface Made {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly more: Partial<More>;
}

interface More {
  readonly id: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly op: string;
  readonly parent: string;
  readonly component: boolean;
  readonly provider: string;
  /** Instead of what the values say. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** Inputs that are not seen by the collector. */
  readonly unseen: boolean;
}

/** The types of AWS by the names that people use. */
const awsTypes: Readonly<Record<string, string>> = {
  Group: 'aws:autoscaling/group:Group',
  SecurityGroupIngressRule: 'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule',
};

const lower = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

function typeOf(name: string): string {
  return name.includes(':') ? name : (awsTypes[name] ?? `aws:ec2/${lower(name)}:${name}`);
}

/** A resource: `made('Subnet', 'sub', { vpcId: later('vpc') })`. */
export function made(
  type: string,
  name: string,
  inputs: Readonly<Record<string, unknown>> = {},
  more: Partial<More> = {},
): Made {
  return { type: typeOf(type), name, inputs, more };
}

export const urnOf = ({ type, name }: Pick<Made, 'type' | 'name'>): string => `urn:pulumi:s::p::${type}::${name}`;

interface Written {
  readonly values: Record<string, unknown>;
  readonly on: Record<string, string[]>;
}

function write(value: unknown, urnsOf: (name: string) => string, on: Set<string>): unknown {
  if (value instanceof Later) {
    for (const name of value.on) on.add(urnsOf(name));
    return UNKNOWN;
  }
  if (Array.isArray(value)) return value.map((item) => write(item, urnsOf, on));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, write(item, urnsOf, on)]));
}

function written({ inputs, more }: Made, urnsOf: (name: string) => string): Written {
  const values: Record<string, unknown> = {};
  const on: Record<string, string[]> = {};
  for (const [property, value] of Object.entries(inputs)) {
    const found = new Set<string>();
    values[property] = write(value, urnsOf, found);
    on[property] = [...found];
  }
  for (const [property, names] of Object.entries(more.propertyDependencies ?? {})) on[property] = names.map(urnsOf);
  return { values, on };
}

function namesOf(all: readonly Made[]): (name: string) => string {
  const urns = new Map(all.map((one) => [one.name, urnOf(one)]));
  return (name) => urns.get(name) ?? `urn:pulumi:s::p::gone::${name}`;
}

/** The deployment as `pulumi preview --json --show-sames --show-reads` writes it. */
export function previewOf(all: readonly Made[]): object {
  const urnsOf = namesOf(all);
  const steps = all.map((one) => {
    const { values, on } = written(one, urnsOf);
    const { id = '', outputs, op = 'create', parent, component = false, provider } = one.more;
    const state = {
      urn: urnOf(one),
      custom: !component,
      id,
      type: one.type,
      inputs: values,
      ...(outputs && { outputs }),
      ...(parent && { parent: urnsOf(parent) }),
      ...(provider && { provider: `${provider}::id` }),
      dependencies: Object.values(on).flat(),
      propertyDependencies: on,
    };
    return op === 'delete'
      ? { op, urn: state.urn, oldState: state }
      : { op, urn: state.urn, oldState: op === 'create' ? undefined : state, newState: state };
  });
  return { steps, changeSummary: { create: steps.length } };
}

/** The deployment as a policy pack sees it: reads and deletions are not there. */
export function packPlanOf(all: readonly Made[]): Plan {
  const urnsOf = namesOf(all);
  const seen = all.filter(({ more }) => more.op !== 'read' && more.op !== 'delete');
  const here = new Set(seen.map(urnOf));
  const inputs = new Map<string, object>();
  const resources = seen.map((one) => {
    const { values, on } = written(one, urnsOf);
    const {
      outputs,
      component = false,
      parent,
      provider = 'urn:pulumi:s::p::pulumi:providers:aws::default',
    } = one.more;
    const urn = urnOf(one);
    if (!component && !one.more.unseen) inputs.set(urn, values);
    const objects = (urns: readonly string[]) => urns.filter((on) => here.has(on)).map((on) => ({ urn: on }));
    return {
      urn,
      type: one.type,
      props: component ? {} : (outputs ?? { ...values, id: one.more.id ?? UNKNOWN }),
      opts: { ...(parent && { parent: urnsOf(parent) }) },
      ...(!component && { provider: { urn: provider } }),
      dependencies: objects(Object.values(on).flat()),
      propertyDependencies: Object.fromEntries(Object.entries(on).map(([key, urns]) => [key, objects(urns)])),
    };
  });
  return readPack(resources, inputs);
}

export function previewPlanOf(all: readonly Made[]): Plan {
  const plan = readPreview(previewOf(all));
  if (!plan) throw new Error('this is no preview');
  return plan;
}

/** The network of pulumi.md 10: a public subnet behind a gateway. */
export const f0: readonly Made[] = [
  made('Vpc', 'vpc', { cidrBlock: '10.0.0.0/16' }),
  made('InternetGateway', 'igw', { vpcId: later('vpc') }),
  made('Subnet', 'sub', { vpcId: later('vpc'), cidrBlock: '10.0.1.0/24', mapPublicIpOnLaunch: true }),
  made('RouteTable', 'rt', { vpcId: later('vpc'), routes: [{ cidrBlock: '0.0.0.0/0', gatewayId: later('igw') }] }),
  made('RouteTableAssociation', 'rta', { subnetId: later('sub'), routeTableId: later('rt') }),
  made('SecurityGroup', 'sg', { vpcId: later('vpc'), ingress: [tcp22('0.0.0.0/0')] }),
  made('Instance', 'web', { subnetId: later('sub'), vpcSecurityGroupIds: [later('sg')] }),
];

export function tcp22(...cidrBlocks: readonly unknown[]): object {
  return { protocol: 'tcp', fromPort: 22, toPort: 22, cidrBlocks };
}

/** The same with some resources replaced by name, with others, or without some (`undefined`). */
export function f0With(changes: Readonly<Record<string, Made | undefined>>, ...more: readonly Made[]): Made[] {
  const kept = f0.flatMap((one) => (Object.hasOwn(changes, one.name) ? (changes[one.name] ?? []) : [one]));
  return [...kept, ...more];
}

import { unknownCheckingProxy } from '@pulumi/policy';
import { readPack } from '../../../src/plan/pack.js';
import type { Plan } from '../../../src/plan/plan.js';
import { readPreview } from '../../../src/plan/preview.js';
import { readStackExport } from '../../../src/plan/stack-export.js';
import type { PackResource } from '../pulumi/pack-resource.js';
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
  /** What the program asked for before. */
  readonly before: Readonly<Record<string, unknown>>;
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
    const oldState = { ...state, inputs: one.more.before ?? values };
    return op === 'delete'
      ? { op, urn: state.urn, oldState: state }
      : { op, urn: state.urn, oldState: op === 'create' ? undefined : oldState, newState: state };
  });
  return { steps, changeSummary: { create: steps.length } };
}

/** The deployment as `pulumi stack export` writes it. */
export function exportOf(all: readonly Made[], more: (one: Made) => object = () => ({})): object {
  const urnsOf = namesOf(all);
  const resources = all.map((one) => {
    const { values, on } = written(one, urnsOf);
    const { id = '', outputs = values, component = false } = one.more;
    return {
      urn: urnOf(one),
      custom: !component,
      id,
      type: one.type,
      inputs: values,
      outputs,
      dependencies: Object.values(on).flat(),
      propertyDependencies: on,
      ...more(one),
    };
  });
  return { version: 3, deployment: { manifest: {}, resources } };
}

export function exportPlanOf(all: readonly Made[], more?: (one: Made) => object): Plan {
  const plan = readStackExport(exportOf(all, more));
  if (!plan) throw new Error('this is no export');
  return plan;
}

/** A resource twice: as it is asked for, and as the provider answers. */
export interface PackView {
  readonly asked: PackResource;
  readonly answered: PackResource;
  readonly isCollected: boolean;
}

const AWS = 'urn:pulumi:s::p::pulumi:providers:aws::default';

/** What the engine hands to a policy pack: reads and deletions are not there, nor are dependencies on them. */
export function packViewOf(all: readonly Made[]): readonly PackView[] {
  const urnsOf = namesOf(all);
  const seen = all.filter(({ more }) => more.op !== 'read' && more.op !== 'delete');
  return seen.map((one) => {
    const { values, on } = written(one, urnsOf);
    const { outputs, component = false, parent, provider = AWS, id = UNKNOWN, unseen = false } = one.more;
    const base = {
      urn: urnOf(one),
      type: one.type,
      name: one.name,
      ...(parent && { parent: urnsOf(parent) }),
      ...(!component && { provider: { type: 'pulumi:providers:aws', name: 'default', urn: provider, properties: {} } }),
    };
    return {
      asked: { ...base, properties: component ? {} : values },
      answered: {
        ...base,
        properties: component ? {} : (outputs ?? { ...values, id }),
        dependencies: Object.values(on).flat(),
        propertyDependencies: on,
      },
      isCollected: !component && !unseen,
    };
  });
}

/** The deployment as a policy pack reads it, without the process around it. */
export function packPlanOf(all: readonly Made[]): Plan {
  const views = packViewOf(all);
  const here = new Set(views.map(({ answered }) => answered.urn));
  const objects = (urns: readonly string[] = []) => urns.filter((on) => here.has(on)).map((on) => ({ urn: on }));
  const inputs = new Map(
    views.flatMap(({ asked, isCollected }) =>
      isCollected ? [[asked.urn ?? '', unknownCheckingProxy(asked.properties) as object] as const] : [],
    ),
  );
  const resources = views.map(({ answered }) => ({
    urn: answered.urn ?? '',
    type: answered.type,
    props: unknownCheckingProxy(answered.properties) as object,
    opts: { ...(answered.parent !== undefined && { parent: answered.parent }) },
    ...(answered.provider && { provider: { urn: answered.provider.urn ?? '' } }),
    dependencies: objects(answered.dependencies),
    propertyDependencies: Object.fromEntries(
      Object.entries(answered.propertyDependencies ?? {}).map(([key, urns]) => [key, objects(urns)]),
    ),
  }));
  return readPack(resources, inputs);
}

export function previewPlanOf(all: readonly Made[]): Plan {
  const plan = readPreview(previewOf(all));
  if (!plan) throw new Error('this is no preview');
  return plan;
}

const vpcDefaults = {
  defaultSecurityGroupId: 'sg-default',
  defaultNetworkAclId: 'acl-default',
  mainRouteTableId: 'rtb-main',
  defaultRouteTableId: 'rtb-main',
};

/** A resource that stays as it is. */
function kept(id: string, outputs: Readonly<Record<string, unknown>>): Made['more'] {
  return { op: 'same', id, outputs: { id, ...outputs } };
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

/** The same network once it is made: every id is known, and properties hold them. */
export const f0Made: readonly Made[] = [
  made('Vpc', 'vpc', { cidrBlock: '10.0.0.0/16' }, kept('vpc-1', { cidrBlock: '10.0.0.0/16', ...vpcDefaults })),
  made('InternetGateway', 'igw', { vpcId: 'vpc-1' }, kept('igw-1', { vpcId: 'vpc-1' })),
  made(
    'Subnet',
    'sub',
    { vpcId: 'vpc-1', cidrBlock: '10.0.1.0/24', mapPublicIpOnLaunch: true },
    kept('subnet-1', { vpcId: 'vpc-1', cidrBlock: '10.0.1.0/24', mapPublicIpOnLaunch: true }),
  ),
  made(
    'RouteTable',
    'rt',
    { vpcId: 'vpc-1', routes: [{ cidrBlock: '0.0.0.0/0', gatewayId: 'igw-1' }] },
    kept('rtb-1', { vpcId: 'vpc-1', routes: [{ cidrBlock: '0.0.0.0/0', gatewayId: 'igw-1' }] }),
  ),
  made(
    'RouteTableAssociation',
    'rta',
    { subnetId: 'subnet-1', routeTableId: 'rtb-1' },
    kept('rtbassoc-1', { subnetId: 'subnet-1', routeTableId: 'rtb-1' }),
  ),
  made(
    'SecurityGroup',
    'sg',
    { vpcId: 'vpc-1', ingress: [tcp22('0.0.0.0/0')] },
    kept('sg-1', { vpcId: 'vpc-1', ingress: [tcp22('0.0.0.0/0')] }),
  ),
  made(
    'Instance',
    'web',
    { subnetId: 'subnet-1', vpcSecurityGroupIds: ['sg-1'] },
    kept('i-1', {
      subnetId: 'subnet-1',
      vpcSecurityGroupIds: ['sg-1'],
      primaryNetworkInterfaceId: 'eni-1',
      privateIp: '10.0.1.10',
      publicIp: '198.51.100.10',
      associatePublicIpAddress: true,
    }),
  ),
];

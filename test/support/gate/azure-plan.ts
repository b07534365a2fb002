import { azurePlan } from '../../../providers/azure/plan/index.js';
import { CloudPlan, type GateQuestion, type Judgement, type Way } from '../../../src/gate/deployment.js';
import { internet } from '../../../src/model/index.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { readPreview } from '../../../src/plan/preview.js';
import { AddressSet } from '../../../src/set/index.js';

/** What a preview writes for a value that is not known yet. */
export const LATER = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

export interface Written {
  readonly urn: string;
  readonly type: string;
  readonly inputs: object;
  readonly deps: Readonly<Record<string, readonly Written[]>>;
  readonly id: string;
  /** What is done to it; it is created where nothing is said. */
  readonly op?: 'create' | 'same' | 'update' | 'delete' | 'create-replacement' | 'delete-replaced';
}

/** A resource that is to be created: its properties, and on what each of them depends. */
export function made(
  type: string,
  name: string,
  inputs: object,
  deps: Readonly<Record<string, readonly Written[]>> = {},
): Written {
  return { urn: `urn:pulumi:dev::shop::${type}::${name}`, type, inputs, deps, id: '' };
}

/** The same, of azure-native's module `network`. */
export const net = (type: string, name: string, inputs: object, deps: Written['deps'] = {}): Written =>
  made(`azure-native:network:${type}`, name, { resourceGroupName: LATER, ...inputs }, deps);

/** The same, of the classic provider: `network/subnet:Subnet`. */
export const classic = (type: string, name: string, inputs: object, deps: Written['deps'] = {}): Written =>
  made(`azure:${type}`, name, { resourceGroupName: LATER, ...inputs }, deps);

/** A reference by an id that is not known yet. */
export const later = { id: LATER } as const;

/** A rule that lets TCP 22 in from anywhere, unless said. */
export const ssh = (name: string, fields: object = {}) => ({
  name,
  priority: 100,
  direction: 'Inbound',
  access: 'Allow',
  protocol: 'Tcp',
  sourceAddressPrefix: '*',
  sourcePortRange: '*',
  destinationAddressPrefix: '*',
  destinationPortRange: '22',
  ...fields,
});

const machine = (nic: Written) =>
  made(
    'azure-native:compute:VirtualMachine',
    'vm',
    { networkProfile: { networkInterfaces: [later] } },
    { networkProfile: [nic] },
  );

export interface Around {
  readonly group?: Written;
  /** Null where none is given. */
  readonly sku?: object | null;
  /** The reference of the interface to its subnet. */
  readonly subnet?: unknown;
  readonly subnets?: readonly object[];
  readonly guards?: readonly Written[];
  readonly more?: readonly Written[];
  readonly network?: object;
}

/** A machine with a public address in the one subnet of a network, behind a security group on its interface. */
export function machineBehind({
  group,
  sku = { name: 'Standard' },
  subnet = {},
  subnets = [{ name: 'default', addressPrefix: '10.0.1.0/24' }],
  guards = [],
  more = [],
  network = {},
}: Around): Written[] {
  const vnet = net(
    'VirtualNetwork',
    'vnet',
    { addressSpace: { addressPrefixes: ['10.0.0.0/16'] }, subnets, ...network },
    { subnets: guards },
  );
  const pip = net('PublicIPAddress', 'pip', { ...(sku && { sku }), publicIPAllocationMethod: 'Static' });
  const nic = net(
    'NetworkInterface',
    'nic',
    {
      ipConfigurations: [{ name: 'web', subnet, publicIPAddress: later }],
      ...(group && { networkSecurityGroup: later }),
    },
    { ipConfigurations: [pip, vnet], ...(group && { networkSecurityGroup: [group] }) },
  );
  return [vnet, pip, nic, machine(nic), ...(group ? [group] : []), ...guards, ...more];
}

export const group = (name: string, ...securityRules: readonly unknown[]) =>
  net('NetworkSecurityGroup', name, securityRules.length > 0 ? { securityRules } : { tags: {} });

function step({ urn, type, inputs, deps, id, op = 'create' }: Written): object {
  const propertyDependencies = Object.fromEntries(
    Object.entries(deps).map(([property, all]) => [property, all.map((one) => one.urn)]),
  );
  const newState = {
    urn,
    type,
    custom: true,
    id,
    inputs,
    propertyDependencies,
    dependencies: Object.values(propertyDependencies).flat(),
  };
  return op.startsWith('delete') ? { op, urn, oldState: newState } : { op, urn, newState };
}

/** The deployment as `pulumi preview --json --show-sames` writes it. */
export function previewOf(resources: readonly Written[]): object {
  return { steps: resources.map(step), changeSummary: { create: resources.length } };
}

const usual: GateQuestion = {
  port: 22,
  assumptions: { unseenControls: 'assume-none', defaultNetwork: 'likely' },
  isStrict: false,
  maxForks: 64,
};

export function planOf(resources: readonly Written[], question: Partial<GateQuestion> = {}): CloudPlan {
  const plan = readPreview(previewOf(resources));
  if (!plan) throw new Error('no preview');
  return new CloudPlan(azurePlan, plan, { ...usual, ...question });
}

export type Verdict = 'allowed' | 'partial' | 'unknown' | 'denied';

/** What a way means for clients from anywhere on the internet. */
function verdictIn({ answers }: Way): Verdict {
  const world = internet.only(4);
  const open = AddressSet.unionOf(answers.map((one) => one.open)).intersect(world);
  const unsure = AddressSet.unionOf(answers.map((one) => one.unsure)).intersect(world);
  if (open.covers(world)) return 'allowed';
  if (!open.isEmpty) return 'partial';
  return unsure.isEmpty ? 'denied' : 'unknown';
}

function judged(plan: CloudPlan, name: string): Judgement {
  const machine = plan.machines.find((one: PlanRecord) => one.name === name);
  if (!machine) throw new Error(`${name} is no machine`);
  return plan.judge(machine);
}

export interface Verdicts {
  /** Of all ways, each once. */
  readonly ways: readonly Verdict[];
  /** Of those that are declared. */
  readonly guess: readonly Verdict[];
}

export function verdictsIn(plan: CloudPlan, machine: string): Verdicts {
  const judgement = judged(plan, machine);
  if (judgement.isOver) throw new Error('too many ways');
  const each = (ways: readonly Way[]) => [...new Set(ways.map(verdictIn))].toSorted();
  return { ways: each(judgement.ways), guess: each(judgement.declared()) };
}

export function verdictsOf(
  resources: readonly Written[],
  { machine = 'vm', ...question }: Partial<GateQuestion> & { readonly machine?: string } = {},
): Verdicts {
  return verdictsIn(planOf(resources, question), machine);
}

/** One verdict, whatever way is taken. */
export const sure = (verdict: Verdict): Verdicts => ({ ways: [verdict], guess: [verdict] });

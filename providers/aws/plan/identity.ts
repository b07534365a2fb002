import { below, observed } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { LaidOver } from '../../../src/plan/planned.js';
import type { Follow, Identity, PlanTypes, Slot } from '../../../src/plan/slot.js';
import { keyOfToken } from '../../../src/plan/token.js';
import { isBranch, type Tree } from '../../../src/plan/tree.js';
import type { Inventory } from '../inventory.js';
import type { PlanType } from './plan-type.js';
import { listsOf } from './project.js';
import { primaryOf, refsOf } from './recorded-refs.js';
import { planTypes } from './types.js';

const noSlots: readonly Slot[] = [];

/** Properties by which others refer to things of a kind besides their ids. */
const names: Readonly<Record<string, readonly string[]>> = {
  lt: ['name', 'launchTemplateName'],
  lc: ['name', 'launchConfigurationName'],
  eip: ['publicIp'],
  sg: ['name', 'groupName'],
  asg: ['name', 'autoScalingGroupName'],
  lightsail: ['name'],
};

export function planTypeOf({ token }: PlanRecord): PlanType | undefined {
  return token && planTypes.get(keyOfToken(token));
}

/** What a VPC comes with: by kind, the outputs that hold its id, and what its stand-in begins with. */
const defaults: readonly { readonly kind: string; readonly prefix: string; readonly outputs: readonly string[] }[] = [
  { kind: 'sg', prefix: 'sg', outputs: ['defaultSecurityGroupId', 'defaultSecurityGroup'] },
  { kind: 'nacl', prefix: 'acl', outputs: ['defaultNetworkAclId', 'defaultNetworkAcl'] },
  { kind: 'rtb', prefix: 'rtb', outputs: ['mainRouteTableId', 'defaultRouteTableId'] },
];

function knownIn(record: PlanRecord, outputs: readonly string[]): string | undefined {
  for (const output of outputs) {
    const value = observed(record, output);
    if (typeof value === 'string') return value;
  }
  return undefined;
}

function isVpc(type: PlanType | undefined): boolean {
  return type?.kind === 'vpc';
}

/** Whether one of an instance's interfaces is the one with which it starts, or may be. */
function mayBeFirst(listed: Tree): boolean {
  const device = below(listed, 'deviceIndex');
  return (typeof device !== 'number' && typeof device !== 'string') || Number(device) === 0;
}

/** Whether an instance starts with an interface of the program's: then none comes with it. */
export function bringsInterfaces({ inputs, outputs }: PlanRecord): boolean {
  const own = inputs ?? outputs ?? {};
  const { networkInterfaces, primaryNetworkInterface } = own;
  if (primaryNetworkInterface !== undefined && primaryNetworkInterface !== null && inputs !== undefined) return true;
  if (!Array.isArray(networkInterfaces)) return false;
  const standing = (networkInterfaces as readonly Tree[]).filter(
    (one) => isBranch(one) && Object.hasOwn(one, 'networkInterfaceId'),
  );
  return standing.some(mayBeFirst);
}

/** The identities of AWS's resources in one deployment. */
export class AwsPlanTypes implements PlanTypes {
  private readonly standIns = new Map<string, string>();
  private readonly vpcs: readonly PlanRecord[];
  private readonly names = new Map<string, string>();

  private readonly base: Inventory | undefined;
  /** By URN and id. */
  private readonly former: ReadonlyMap<string, PlanRecord>;

  constructor(records: readonly PlanRecord[], over?: LaidOver) {
    this.base = over?.base as Inventory | undefined;
    this.former = new Map((over?.former ?? []).map((one) => [`${one.urn} ${one.id}`, one]));
    this.vpcs = records.filter((record) => isVpc(planTypeOf(record)));
    const used = new Map<string, number>();
    for (const record of records) {
      const prefix = planTypeOf(record)?.prefix;
      if (prefix === undefined) continue;
      const text = `${prefix}-?${record.name}`;
      const count = (used.get(text) ?? 0) + 1;
      used.set(text, count);
      this.standIns.set(record.urn, count === 1 ? record.name : `${record.name}~${count}`);
      for (const name of new Set(this.namesOf(record))) {
        const key = `${planTypeOf(record)?.kind} ${name}`;
        this.names.set(key, this.names.has(key) ? 'several' : record.urn);
      }
      this.byUrn.set(record.urn, record);
    }
  }

  private readonly byUrn = new Map<string, PlanRecord>();

  /** The interface of a machine that is changed and stays: what the provider will answer of it is not told yet. */
  private keptInterface(record: PlanRecord, instanceId: string): string | undefined {
    const before = record.id === undefined ? undefined : this.former.get(`${record.urn} ${record.id}`);
    return (
      (before && knownIn(before, ['primaryNetworkInterfaceId'])) ?? (this.base && primaryOf(this.base, instanceId))
    );
  }

  recorded(kind: string): readonly string[] {
    const { base } = this;
    return base ? (listsOf[kind] ?? []).flatMap((list) => [...base.all(list).keys()]) : [];
  }

  recordedRefs(id: string): readonly string[] {
    return this.base ? refsOf(this.base, id) : [];
  }

  slotsOf(record: PlanRecord): readonly Slot[] {
    return planTypeOf(record)?.slots ?? noSlots;
  }

  identitiesOf(record: PlanRecord, follow: Follow): readonly Identity[] {
    const type = planTypeOf(record);
    if (!type) return [];
    if (type.is !== undefined) return [{ kind: type.is, id: this.idInside(record, type, follow) }];
    if (type.kind === undefined) return [];
    const own = { kind: type.kind, id: this.ownId(record, type) };
    if (isVpc(type)) return [own, ...defaults.map(({ kind }) => ({ kind, id: this.defaultOf(record, kind) }))];
    if (type.kind === 'instance' && !bringsInterfaces(record)) {
      const primary = knownIn(record, ['primaryNetworkInterfaceId']) ?? this.keptInterface(record, own.id);
      return [own, { kind: 'eni', id: primary ?? `eni-?${this.standIn(record)}` }];
    }
    return [own];
  }

  idsFor(kind: string, record: PlanRecord, follow: Follow): readonly string[] {
    const own = this.identitiesOf(record, follow).filter((one) => one.kind === kind);
    if (own.length > 0) return own.map(({ id }) => id);
    const type = planTypeOf(record);
    if (kind === 'eni' && type?.kind === 'instance') return follow(record, 'networkInterfaces[0].networkInterfaceId');
    const path = type?.follow?.[kind];
    return path === undefined ? [] : follow(record, path);
  }

  /** An ARN is the id at its end; what has a name of its own goes by that, too, where no other has it. */
  normal(kind: string, text: string, _record: PlanRecord): string {
    const named = this.names.get(`${kind} ${text}`);
    const record = named === undefined ? undefined : this.byUrn.get(named);
    const type = record && planTypeOf(record);
    if (record && type) return this.ownId(record, type);
    if (kind === 'lb' || kind === 'listener' || kind === 'tg') return text;
    return text.startsWith('arn:') ? text.slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf(':')) + 1) : text;
  }

  /** Texts by which others refer to it besides its id. */
  private namesOf(record: PlanRecord): readonly string[] {
    const kind = planTypeOf(record)?.kind;
    return (kind === undefined ? [] : (names[kind] ?? []))
      .flatMap((key) => [record.inputs?.[key], observed(record, key)])
      .filter((name) => typeof name === 'string');
  }

  private standIn(record: PlanRecord): string {
    return this.standIns.get(record.urn) ?? record.name;
  }

  private ownId(record: PlanRecord, type: PlanType): string {
    const known = type.idIn ? knownIn(record, type.idIn) : undefined;
    const own = type.idIn && !type.idIn.includes('id') ? undefined : record.id;
    return known ?? own ?? `${type.prefix}-?${this.standIn(record)}`;
  }

  private defaultOf(vpc: PlanRecord, kind: string): string {
    const { outputs = [], prefix = kind } = defaults.find((one) => one.kind === kind) ?? {};
    return knownIn(vpc, outputs) ?? `${prefix}-?${this.standIn(vpc)} default`;
  }

  /** The id of a VPC's default object, as the resource that takes it over names it. */
  private idInside(record: PlanRecord, type: PlanType, follow: Follow): string {
    const own = record.id ?? knownIn(record, ['id']);
    if (own !== undefined) return own;
    const slot = type.slots?.find(({ kind, joins }) => joins && kind === type.is);
    if (slot) return follow(record, slot.path)[0] ?? `${type.prefix}-?${this.standIn(record)}`;
    const [vpcId] = follow(record, 'vpcId');
    const vpc = this.vpcs.find((one) => this.ownId(one, planTypeOf(one) ?? {}) === vpcId);
    return vpc && type.is !== undefined ? this.defaultOf(vpc, type.is) : `${type.prefix}-?${this.standIn(record)}`;
  }
}

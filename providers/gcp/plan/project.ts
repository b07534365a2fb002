import type { PlanRecord } from '../../../src/plan/plan-record.js';
import type { Assumptions } from '../../../src/plan/planned.js';
import { type ApiRecord, Projection as PlanProjection } from '../../../src/plan/projection.js';
import type { Refs, View } from '../../../src/plan/view.js';
import type { Inventory, Placed } from '../inventory.js';
import type { KindName, RecordOfKind } from '../records/kinds.js';
import { projectOf } from '../records/names.js';
import { planTypeOf } from './identity.js';
import { groundOf, holds, recordedNetworks } from './recording.js';

export type { ApiRecord } from '../../../src/plan/projection.js';

const nameOf = ({ token }: PlanRecord): string => token?.name ?? '';

/** What a plan says of a network by itself, as the lists of its project would. */
const listsOfNetwork = ['networks', 'subnetworks', 'routes', 'policyBasedRoutes', 'firewalls', 'instances'] as const;

/** Addresses that the cloud chooses, and which of them it takes decides nothing. */
const assigned = /(?:^|\.)(?:natIp|ipAddress|externalIpv6)$/;

/** The rules and routes that stay as they were recorded, so that none of the plan is called the same. */
function shownRules(ground: Inventory | undefined): readonly string[] {
  const all = (kind: 'firewalls' | 'routes') => [...(ground?.all(kind).values() ?? [])];
  return [
    ...all('firewalls').map(({ name }) => `Firewall ${name}`),
    ...all('routes').map(({ name }) => `Route ${name}`),
  ];
}

/** One way of filling a deployment's open places, while it is told in the words of Compute Engine. */
export class Projection extends PlanProjection {
  /** Answers that are about one subject. */
  readonly documents: ApiRecord[] = [];
  /** What was recorded of the account, where the deployment is laid over that. */
  readonly base: Inventory | undefined;
  /** The recording without what the plan says otherwise; what the plan tells is laid on it. */
  readonly ground: Inventory | undefined;
  private readonly labels = new Map<string, string>();

  constructor(view: View, records: readonly PlanRecord[], assumptions: Assumptions, base?: Inventory) {
    super(
      view,
      records.filter((record) => planTypeOf(record)),
      nameOf,
      { assumptions, assigned, holds: base && ((id) => holds(base, id)) },
    );
    this.base = base;
    this.ground = base && groundOf(base, view.links);
    const used = new Map<string, number>();
    for (const name of shownRules(this.ground)) used.set(name, 1);
    for (const record of this.records) {
      const key = `${nameOf(record)} ${record.name}`;
      const count = (used.get(key) ?? 0) + 1;
      used.set(key, count);
      this.labels.set(record.urn, count === 1 ? record.name : `${record.name}~${count}`);
    }
  }

  /** The resource of these types that describes the thing with this id. */
  describer(id: unknown, ...names: readonly string[]): PlanRecord | undefined {
    if (typeof id !== 'string') return undefined;
    return this.describers(id).find((record) => names.includes(nameOf(record)));
  }

  /** What names the thing that a resource describes, and nothing else. */
  selfLink(record: PlanRecord): string {
    return this.view.links.identitiesOf(record)[0]?.id ?? record.name;
  }

  /** The name that people gave a resource, made different for each of a type. */
  label(record: PlanRecord): string {
    return this.labels.get(record.urn) ?? record.name;
  }

  /** What was recorded under the id of what a resource describes. */
  recorded<K extends KindName>(kind: K, record: PlanRecord): Placed<RecordOfKind<K>> | undefined {
    return this.base?.get(kind, this.selfLink(record));
  }

  isRecorded(network: string): boolean {
    return this.base !== undefined && recordedNetworks(this.base).has(network);
  }

  /** Says that the plan tells all there is of a network, whatever was recorded of its project. */
  tellAll(network: string): void {
    const scope = { account: projectOf(network) };
    for (const list of listsOfNetwork) this.ground?.note(list, { scope, subject: network });
  }

  refs(record: PlanRecord, path: string): Refs {
    return this.view.refs(record, path);
  }
}

/** The resources of a type of which nothing tells of what they are a part. */
export function straysOf(projection: Projection, name: string, path: string): readonly PlanRecord[] {
  const isStray = (record: PlanRecord) =>
    projection.view.links
      .of(record)
      .some((place) => place.path === path && place.link.is === 'choice' && place.link.choice.doubt === 'orphan');
  return projection.all(name).filter(isStray);
}

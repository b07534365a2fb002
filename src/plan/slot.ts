import type { PlanRecord } from './plan-record.js';

/** A place in a resource's properties that refers to another resource. */
export interface Slot {
  /** The path of the property, `[]` for each element of a list: `routes[].gatewayId`. */
  readonly path: string;
  /** What it refers to: `sg`, `subnet`, ... Only resources with an id of that kind can fill it. */
  readonly kind: string;
  /** The elements of a list are a set. */
  readonly isFree?: true;
  /** A text there holds one id, or several with commas between. */
  readonly isCommaList?: true;
  /** The resource is a part of what it refers to, as a rule is of its group: whoever looks at that must look at it. */
  readonly joins?: true;
  /** It names a far end: whoever has what it refers to may come, so whoever looks at the resource must look at them. */
  readonly peers?: true;
  /** What it is a part of matters to the resource as well. */
  readonly leads?: true;
  /** The path ends with the id in an object that refers: one without its id, as previews have them, refers all the same (pulumi.md, 4.4). */
  readonly isInObject?: true;
}

/** What the ids in a slot of a resource are, as far as they can be told. */
export type Follow = (record: PlanRecord, path: string) => readonly string[];

/** An id of something that a resource describes: of itself, or of what comes with it. */
export interface Identity {
  readonly kind: string;
  readonly id: string;
}

/** What a cloud says of the types of its providers. */
export interface PlanTypes {
  /** None for a type that is none of the cloud's, or that refers to nothing. */
  slotsOf(record: PlanRecord): readonly Slot[];
  /** What a resource describes. Ids that are known, else texts that are like no id of the cloud's and the same for the same thing. */
  identitiesOf(record: PlanRecord, follow: Follow): readonly Identity[];
  /** The ids of this kind that a dependency on a resource may stand for: what it describes, or what it is in. */
  idsFor(kind: string, record: PlanRecord, follow: Follow): readonly string[];
  /** The id for which a text in a slot stands: one spelling for all of them. */
  normal(kind: string, text: string, record: PlanRecord): string;
  /** Those of the ids that have this name, where an object refers by its name only; none of them where the cloud has no such objects. */
  named?(kind: string, name: string, ids: readonly string[]): readonly string[];
  /** The ids of this kind in what was recorded of the account: a part of nobody knows what may be one of these. */
  recorded?(kind: string): readonly string[];
  /** The ids to which something refers that was recorded. */
  recordedRefs?(id: string): readonly string[];
}

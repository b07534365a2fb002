import { type Token, tokenOf } from './token.js';
import { type Branch, isBranch, snapshot } from './tree.js';

/** One resource of a deployment, whatever it was read from. */
export interface PlanRecord {
  readonly urn: string;
  readonly type: string;
  /** Undefined where the type is none: a component of the program, the stack. */
  readonly token: Token | undefined;
  readonly name: string;
  /** The URN of the component that it belongs to. */
  readonly parent: string | undefined;
  /** It stands for others only, and is in no cloud. */
  readonly isComponent: boolean;
  /** What the program asks for, after the provider's checks; undefined where the source does not tell. */
  readonly inputs: Branch | undefined;
  /** What the provider answered; undefined where the source does not tell or is not to be relied on. */
  readonly outputs: Branch | undefined;
  /** The provider's id; undefined while it is not known. */
  readonly id: string | undefined;
  /** URNs on which it depends, sorted: in which order they come means nothing. */
  readonly dependencies: readonly string[];
  /** The same by property. */
  readonly propertyDependencies: ReadonlyMap<string, readonly string[]>;
  /** The URN of the provider's own resource. */
  readonly provider: string | undefined;
  readonly status: 'managed' | 'external';
  /** The run leaves it as it is: what was recorded of it is so, whatever the program asks for. False where nobody tells. */
  readonly isUnchanged: boolean;
  /** False where there is nothing to be read: every property may have any value. */
  readonly isReadable: boolean;
}

type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function urnsIn(value: unknown): readonly string[] {
  const urns = Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  return [...new Set(urns)].sort();
}

/** The properties of a resource: undefined where there are none, `unreadable` where nobody can read them. */
function propertiesIn(value: unknown): Branch | undefined | 'unreadable' {
  if (value === undefined || value === null) return undefined;
  const tree = snapshot(value);
  return isBranch(tree) ? tree : 'unreadable';
}

/** `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`: the name may hold anything, colons too. */
function nameIn(urn: string): string {
  const parts = urn.split('::');
  return parts.slice(3).join('::');
}

/** An id: not the one that stands for an unknown one, and not the empty one of a preview. */
function idIn(value: unknown): string | undefined {
  const tree = snapshot(value);
  return typeof tree === 'string' && tree !== '' ? tree : undefined;
}

/** A resource as a state or a step of a preview writes it (apitype.ResourceV3). `outputs` says whether those are to be relied on. */
export function recordOf(
  state: Json,
  status: PlanRecord['status'],
  { outputs: isTold, isUnchanged }: { readonly outputs: boolean; readonly isUnchanged: boolean },
): PlanRecord | undefined {
  const [urn, type] = [textIn(state.urn), textIn(state.type)];
  if (urn === undefined || type === undefined) return undefined;
  const inputs = propertiesIn(state.inputs);
  const outputs = isTold ? propertiesIn(state.outputs) : undefined;
  const byProperty = isJson(state.propertyDependencies) ? Object.entries(state.propertyDependencies) : [];
  const isComponent = state.custom === false;
  const [known, told] = [inputs, outputs].map((one) => (one === 'unreadable' ? undefined : one));
  const isBroken = inputs === 'unreadable' || outputs === 'unreadable';
  // A program may ask for nothing; what was answered is never nothing.
  const isSilent = isNothing(known) && isNothing(told) && (isTold || known === undefined);
  return {
    urn,
    type,
    token: tokenOf(type),
    name: nameIn(urn),
    parent: textIn(state.parent),
    isComponent,
    inputs: known,
    outputs: told,
    id: idIn(state.id),
    dependencies: urnsIn(state.dependencies),
    propertyDependencies: new Map(byProperty.map(([property, urns]) => [property, urnsIn(urns)])),
    // `URN::ID`: a provider's reference.
    provider: textIn(state.provider)?.replace(/::[^:]*$/, ''),
    status,
    isUnchanged,
    isReadable: isComponent || (!isBroken && !isSilent),
  };
}

function isNothing(properties: Branch | undefined): boolean {
  return properties === undefined || Object.keys(properties).length === 0;
}

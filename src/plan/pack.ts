import { type Plan, type PlanGap, planOf } from './plan.js';
import { type PlanRecord, recordOf } from './plan-record.js';
import { isBranch, type Tree, Unknown } from './tree.js';

/** A resource as the policy SDK hands it to a stack policy (@pulumi/policy, PolicyResource), as far as it is used. */
export interface PackResource {
  readonly urn: string;
  readonly type: string;
  /** What the provider answered. Never to be read but by `snapshot`: a get of an unknown value throws. */
  readonly props: object;
  readonly opts?: { readonly parent?: string | undefined } | undefined;
  readonly provider?: { readonly urn: string } | undefined;
  readonly dependencies: readonly { readonly urn: string }[];
  readonly propertyDependencies: Readonly<Record<string, readonly { readonly urn: string }[]>>;
}

const urns = (all: readonly { readonly urn: string }[]): string[] => all.map(({ urn }) => urn);

/** A resource that no provider makes stands for others only; what makes them is none of the cloud either. */
function isComponent({ provider, type }: PackResource): boolean {
  return provider === undefined && !type.startsWith('pulumi:providers:');
}

/** Whether something is unknown and nothing says of anything on what it depends: an SDK that is too old tells none of that. */
function tellsNoDependencies(records: readonly (PlanRecord | undefined)[]): boolean {
  const silent = records.every(
    (record) =>
      !record || [record.dependencies, ...record.propertyDependencies.values()].every((urns) => urns.length === 0),
  );
  return silent && records.some((record) => hasUnknown(record?.inputs ?? null));
}

function hasUnknown(tree: Tree): boolean {
  if (tree instanceof Unknown) return true;
  if (Array.isArray(tree)) return (tree as readonly Tree[]).some(hasUnknown);
  return isBranch(tree) && Object.values(tree).some(hasUnknown);
}

/**
 * Reads what a policy pack is given: what the provider answered comes with the stack, what the program asks for had to be kept
 * before, resource by resource.
 * @param inputs by URN; those of resources that are not in the stack are not used
 */
export function readPack(resources: readonly PackResource[], inputs: ReadonlyMap<string, object>): Plan {
  const records = resources.map((resource) => {
    const { urn, type, props, opts, provider, dependencies, propertyDependencies } = resource;
    const byProperty = Object.entries(propertyDependencies).map(([property, on]) => [property, urns(on)] as const);
    return recordOf(
      {
        urn,
        type,
        custom: !isComponent(resource),
        inputs: inputs.get(urn),
        outputs: props,
        id: Object.getOwnPropertyDescriptor(props, 'id')?.value,
        parent: opts?.parent,
        provider: provider && `${provider.urn}::`,
        dependencies: urns(dependencies),
        propertyDependencies: Object.fromEntries(byProperty),
      },
      'managed',
      { outputs: true, isUnchanged: false },
    );
  });
  const custom = resources.filter((resource) => !isComponent(resource) && !resource.type.startsWith('pulumi:'));
  const isBlind = custom.length > 0 && !custom.some(({ urn }) => inputs.has(urn));
  const gaps: readonly PlanGap[] = [
    ...(isBlind ? ['no-inputs' as const] : []),
    ...(tellsNoDependencies(records) ? ['no-dependencies' as const] : []),
  ];
  return planOf({ records, former: [], gaps, moment: 'before deployment', showsDeletions: false });
}

import type { PackProvider, PackResource } from './pack-resource.js';
import { asEngineSends, type Properties, UNKNOWN, withUnknown } from './properties.js';

const STACK = 'pulumi:pulumi:Stack';

/** A resource that a program asked for: `inputs` as it did, `outputs` as its provider would plan it. */
export interface Registration extends Omit<PackResource, 'properties'> {
  readonly urn: string;
  readonly custom: boolean;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** What a request for a resource says, as far as it matters. */
export interface Wanted extends Pick<Registration, 'type' | 'name' | 'custom' | 'inputs' | 'options'> {
  readonly parent: string;
  /** `URN::ID`; empty where it is the default one of the package. */
  readonly provider: string;
  /** Of the package. */
  readonly version: string;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

export interface Deployment {
  readonly project: string;
  readonly stack: string;
  readonly config: Readonly<Record<string, string>>;
  /** Paths of what only the provider knows, by type: `arn`, `subnets.*.id`. An id is unknown anyway. */
  readonly computed: (type: string) => readonly string[];
}

/** A resource as Analyze hands it to a pack. */
export function withInputs({ inputs, ...resource }: Registration): PackResource {
  return { ...resource, properties: inputs };
}

/** A resource as AnalyzeStack hands it to a pack. */
export function withOutputs({ outputs, ...resource }: Registration): PackResource {
  return { ...resource, properties: outputs };
}

/** What a program asked for so far, in that order, with the providers that the engine adds on its own. */
export class Registrations {
  private readonly byUrn = new Map<string, Registration>();
  private readonly deployment: Deployment;

  constructor(deployment: Deployment) {
    this.deployment = deployment;
  }

  get all(): readonly Registration[] {
    return [...this.byUrn.values()];
  }

  get stack(): string {
    return this.all.find(({ type }) => type === STACK)?.urn ?? '';
  }

  /** The type of a URN is that of its resource behind those of the components that it is in. */
  urnOf(type: string, name: string, parent: string): string {
    const { project, stack } = this.deployment;
    const around = parent.split('::')[2];
    const path = around === undefined || around === STACK ? type : `${around}$${type}`;
    return `urn:pulumi:${stack}::${project}::${path}::${name}`;
  }

  add(wanted: Wanted): Registration {
    const { type, name, custom, options } = wanted;
    const inputs = asEngineSends(wanted.inputs);
    const planned = this.deployment.computed(type).reduce(withUnknown, inputs);
    const registration: Registration = {
      type,
      name,
      urn: this.urnOf(type, name, wanted.parent),
      parent: wanted.parent || undefined,
      custom,
      inputs,
      outputs: custom ? { ...planned, id: UNKNOWN } : planned,
      dependencies: wanted.dependencies,
      propertyDependencies: perProperty(wanted),
      provider: this.providerOf(wanted),
      options,
    };
    this.byUrn.set(registration.urn, registration);
    return registration;
  }

  /** What a component or the stack says at its end. */
  end(urn: string, outputs: Properties): void {
    const registration = this.byUrn.get(urn);
    if (registration) this.byUrn.set(urn, { ...registration, outputs: asEngineSends(outputs) });
  }

  private providerOf({ type, custom, provider, version }: Wanted): PackProvider | undefined {
    if (!custom || type.startsWith('pulumi:')) return undefined;
    const own =
      provider === '' ? this.defaultProvider(type, version) : this.byUrn.get(provider.replace(/::[^:]*$/, ''));
    return own && { type: own.type, name: own.name, urn: own.urn, properties: own.inputs };
  }

  private defaultProvider(type: string, version: string): Registration {
    const [pkg = ''] = type.split(':');
    const provider = `pulumi:providers:${pkg}`;
    const name = version === '' ? 'default' : `default_${version.replace(/[^A-Za-z0-9]/g, '_')}`;
    const known = this.byUrn.get(this.urnOf(provider, name, ''));
    if (known) return known;
    const own = Object.entries(this.deployment.config).filter(([key]) => key.startsWith(`${pkg}:`));
    const inputs = {
      ...Object.fromEntries(own.map(([key, value]) => [key.slice(pkg.length + 1), value])),
      ...(version !== '' && { version }),
    };
    const nothing = { parent: '', provider: '', version: '', dependencies: [], propertyDependencies: {} };
    return this.add({ ...nothing, type: provider, name, custom: true, inputs, options: undefined });
  }
}

/** Where a program tells nothing by property, the engine takes all dependencies for those of each. */
function perProperty({ inputs, dependencies, propertyDependencies }: Wanted): Registration['propertyDependencies'] {
  if (Object.keys(propertyDependencies).length > 0) return propertyDependencies;
  return Object.fromEntries(Object.keys(inputs).map((property) => [property, dependencies]));
}

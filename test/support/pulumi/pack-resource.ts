import {
  AnalyzeRequest,
  AnalyzerPropertyDependencies,
  AnalyzerProviderResource,
  AnalyzerResource,
  AnalyzerResourceOptions,
} from '@pulumi/pulumi/proto/analyzer_pb.js';
import { type Properties, toStruct } from './properties.js';

/** A resource as a policy pack is asked about it. */
export interface PackResource {
  readonly type: string;
  readonly name: string;
  /** That of a resource without a parent, unless said. */
  readonly urn?: string | undefined;
  readonly properties: Properties;
  /** A URN. */
  readonly parent?: string | undefined;
  readonly provider?: PackProvider | undefined;
  /** URNs; only a whole stack tells them. */
  readonly dependencies?: readonly string[] | undefined;
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly options?: PackResourceOptions | undefined;
}

export interface PackProvider {
  readonly type: string;
  readonly name: string;
  readonly urn?: string | undefined;
  readonly properties: Properties;
}

export interface PackResourceOptions {
  readonly protect?: boolean;
  readonly ignoreChanges?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
  readonly additionalSecretOutputs?: readonly string[];
  readonly aliases?: readonly string[];
}

export function urnOf(type: string, name: string): string {
  return `urn:pulumi:s::p::${type}::${name}`;
}

/** What Analyze and Remediate are asked. */
export function toRequest(resource: PackResource): AnalyzeRequest {
  return described(new AnalyzeRequest(), resource);
}

/** A resource of what AnalyzeStack is asked. */
export function toMember(resource: PackResource): AnalyzerResource {
  const member = described(new AnalyzerResource(), resource)
    .setParent(resource.parent ?? '')
    .setDependenciesList([...(resource.dependencies ?? [])]);
  for (const [property, urns] of Object.entries(resource.propertyDependencies ?? {}))
    member.getPropertydependenciesMap().set(property, new AnalyzerPropertyDependencies().setUrnsList([...urns]));
  return member;
}

function described<Message extends AnalyzeRequest | AnalyzerResource>(
  message: Message,
  resource: PackResource,
): Message {
  message.setType(resource.type);
  message.setName(resource.name);
  message.setUrn(resource.urn ?? urnOf(resource.type, resource.name));
  message.setProperties(toStruct(resource.properties));
  message.setOptions(toOptions(resource));
  if (resource.provider) message.setProvider(toProvider(resource.provider));
  return message;
}

/** Without options a pack takes the engine for an old one, and throws. */
function toOptions({ options = {}, parent }: PackResource): AnalyzerResourceOptions {
  return new AnalyzerResourceOptions()
    .setParent(parent ?? '')
    .setProtect(options.protect ?? false)
    .setIgnorechangesList([...(options.ignoreChanges ?? [])])
    .setDeletebeforereplace(options.deleteBeforeReplace ?? false)
    .setDeletebeforereplacedefined(options.deleteBeforeReplace !== undefined)
    .setAdditionalsecretoutputsList([...(options.additionalSecretOutputs ?? [])])
    .setAliasesList([...(options.aliases ?? [])]);
}

function toProvider({ type, name, urn, properties }: PackProvider): AnalyzerProviderResource {
  const provider = new AnalyzerProviderResource();
  provider.setType(type);
  provider.setName(name);
  provider.setUrn(urn ?? urnOf(type, name));
  provider.setProperties(toStruct(properties));
  return provider;
}

import type {
  AnalyzeDiagnostic,
  AnalyzerInfo,
  PolicyConfig,
  PolicyInfo,
  Remediation,
} from '@pulumi/pulumi/proto/analyzer_pb.js';
import { fromStruct, type Properties } from './properties.js';

/** In the order of their numbers (pulumi/analyzer.proto). */
export const levels = ['advisory', 'mandatory', 'disabled', 'remediate'] as const;
const severities = [undefined, 'low', 'medium', 'high', 'critical'] as const;
const policyTypes = [undefined, 'resource', 'stack'] as const;

export type Level = (typeof levels)[number];
type Severity = (typeof severities)[number];

export interface PackDiagnostic {
  readonly policyName: string;
  readonly message: string;
  readonly urn: string;
  readonly enforcementLevel: Level | undefined;
  readonly severity: Severity;
  readonly description: string;
}

export interface PackRemediation {
  readonly policyName: string;
  /** All properties of the resource, as they are to be; undefined where nothing was changed. */
  readonly properties: Properties | undefined;
  /** Why nothing could be changed; empty where it was. */
  readonly diagnostic: string;
}

/** Of a policy, as a pack is configured. */
export type PackConfig = Readonly<
  Record<string, { readonly enforcementLevel: Level; readonly [key: string]: unknown }>
>;

export interface PackPolicy {
  readonly name: string;
  readonly type: (typeof policyTypes)[number];
  readonly displayName: string;
  readonly description: string;
  readonly enforcementLevel: Level | undefined;
  readonly severity: Severity;
  readonly tags: readonly string[];
  readonly url: string;
  readonly remediationSteps: string;
  readonly configSchema: { readonly properties: Properties; readonly required: readonly string[] } | undefined;
}

export interface PackInfo {
  readonly name: string;
  readonly version: string;
  readonly displayName: string;
  readonly description: string;
  readonly policies: readonly PackPolicy[];
  /** What the pack itself configures, by policy. */
  readonly initialConfig: Readonly<Record<string, Properties>>;
}

export function diagnosticOf(diagnostic: AnalyzeDiagnostic): PackDiagnostic {
  return {
    policyName: diagnostic.getPolicyname(),
    message: diagnostic.getMessage(),
    urn: diagnostic.getUrn(),
    enforcementLevel: levels[diagnostic.getEnforcementlevel()],
    severity: severities[diagnostic.getSeverity()],
    description: diagnostic.getDescription(),
  };
}

export function remediationOf(remediation: Remediation): PackRemediation {
  return {
    policyName: remediation.getPolicyname(),
    properties: remediation.hasProperties() ? fromStruct(remediation.getProperties()) : undefined,
    diagnostic: remediation.getDiagnostic(),
  };
}

export function infoOf(info: AnalyzerInfo): PackInfo {
  const initialConfig: Record<string, Properties> = {};
  info.getInitialconfigMap().forEach((config, name) => {
    initialConfig[name] = configOf(config);
  });
  return {
    name: info.getName(),
    version: info.getVersion(),
    displayName: info.getDisplayname(),
    description: info.getDescription(),
    policies: info.getPoliciesList().map(policyOf),
    initialConfig,
  };
}

function configOf(config: PolicyConfig): Properties {
  return { ...fromStruct(config.getProperties()), enforcementLevel: levels[config.getEnforcementlevel()] };
}

function policyOf(policy: PolicyInfo): PackPolicy {
  const schema = policy.getConfigschema();
  return {
    name: policy.getName(),
    type: policyTypes[policy.getPolicyType()],
    displayName: policy.getDisplayname(),
    description: policy.getDescription(),
    enforcementLevel: levels[policy.getEnforcementlevel()],
    severity: severities[policy.getSeverity()],
    tags: policy.getTagsList(),
    url: policy.getUrl(),
    remediationSteps: policy.getRemediationSteps(),
    configSchema: schema && { properties: fromStruct(schema.getProperties()), required: schema.getRequiredList() },
  };
}

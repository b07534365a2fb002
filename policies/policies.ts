import type {
  Policies,
  PolicyConfigSchema,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  Severity,
  StackValidationArgs,
  StackValidationPolicy,
} from '@pulumi/policy';
import { escapeText } from '../src/message/index.js';
import type { WrittenRule } from '../src/model/index.js';
import * as conflicting from './conflicts.js';
import * as exposure from './exposed.js';
import * as likelihood from './likely.js';
import * as opening from './open-rule.js';
import * as requirement from './required.js';
import { readSettings, type Settings, settingsSchema } from './settings.js';
import * as doubt from './undecided.js';
import { type GateView, limited, type PolicyViolation } from './violation.js';

/** What the policies ask of port22: everything that takes more than a finding. */
export interface Judge {
  /** Remembers what a resource asks for, for the stack policies of the same run. */
  collect(urn: string, inputs: object): void;
  view(args: StackValidationArgs, settings: Settings): GateView;
  rules(args: ResourceValidationArgs): readonly WrittenRule[];
}

type Config = Readonly<Record<string, unknown>>;

const schemaOf = (keys: readonly (keyof typeof settingsSchema)[]): PolicyConfigSchema => ({
  properties: Object.fromEntries(
    keys.map((key) => [key, structuredClone(settingsSchema[key]) as PolicyConfigSchema['properties'][string]]),
  ),
});
const allKeys = Object.keys(settingsSchema) as (keyof typeof settingsSchema)[];

const failure = (error: unknown): string =>
  `internal error of port22: nothing was judged: ${escapeText(error instanceof Error ? error.message : String(error))}`;

/** The violations of a policy under its configuration; those of the configuration itself where that cannot be read. */
function violationsOf(
  config: Config,
  judge: (settings: Settings) => readonly PolicyViolation[],
): readonly PolicyViolation[] {
  const settings = readSettings(config);
  if ('faults' in settings)
    return [
      {
        message: `the configuration is not understood, so nothing was judged: ${escapeText(settings.faults.join('; '))}`,
      },
    ];
  try {
    return limited(judge(settings));
  } catch (error) {
    // What a policy throws would stop the run and hide all other violations.
    return [{ message: failure(error) }];
  }
}

function stackPolicy(
  judge: Judge,
  {
    name,
    enforcementLevel,
    severity,
    description,
    find,
  }: {
    readonly name: string;
    readonly enforcementLevel: 'advisory' | 'mandatory';
    readonly severity: Severity;
    readonly description: string;
    readonly find: (view: GateView) => readonly PolicyViolation[];
  },
): StackValidationPolicy {
  return {
    name,
    description,
    enforcementLevel,
    severity,
    configSchema: schemaOf(allKeys),
    validateStack: (args, reportViolation) => {
      const found = violationsOf(args.getConfig<Config>(), (settings) => find(judge.view(args, settings)));
      for (const { message, urn } of found) reportViolation(message, urn);
    },
  };
}

/** Keeps what resources ask for. It has to be a policy of its own: any other may be disabled, and then nobody would see it. */
function collector(judge: Judge): ResourceValidationPolicy {
  return {
    name: 'port22-collect',
    description: 'Remembers what every resource asks for. It never reports anything; the other policies need it.',
    enforcementLevel: 'advisory',
    validateResource: ({ urn, props }) => judge.collect(urn, props),
  };
}

/** A copy of a resource's properties with some lists replaced, made without getting a value that is not known. */
function edited(properties: object, edits: readonly opening.Edit[]): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(properties)) copy[key] = Object.getOwnPropertyDescriptor(properties, key)?.value;
  for (const { path, value } of edits) put(copy, path, value);
  return copy;
}

function put(
  into: Record<string | number, unknown>,
  [key, ...rest]: readonly (string | number)[],
  value: unknown,
): void {
  if (key === undefined) return;
  if (rest.length === 0) {
    into[key] = value;
    return;
  }
  const below = Object.getOwnPropertyDescriptor(into, key)?.value as object;
  const copy: Record<string | number, unknown> = Array.isArray(below) ? ([] as never) : {};
  for (const name of Object.keys(below)) copy[name] = Object.getOwnPropertyDescriptor(below, name)?.value;
  put(copy, rest, value);
  into[key] = copy;
}

function openRule(judge: Judge): ResourceValidationPolicy {
  return {
    name: 'port22-open-rule',
    description: opening.description,
    enforcementLevel: 'advisory',
    severity: 'medium',
    configSchema: schemaOf(opening.openRuleSettings),
    validateResource: (args, reportViolation) => {
      const found = violationsOf(args.getConfig<Config>(), (settings) =>
        opening.openRules(judge.rules(args), args.name, settings).map((message) => ({ message })),
      );
      for (const { message } of found) reportViolation(message);
    },
    remediateResource: (args) => {
      const settings = readSettings(args.getConfig<Config>());
      if ('faults' in settings) return undefined;
      const edits = opening.mendedRules(judge.rules(args), settings);
      return edits.length === 0 ? undefined : edited(args.props, edits);
    },
  };
}

/** The policies of the pack. */
export function policiesOf(judge: Judge): Policies {
  const stack = (
    name: string,
    enforcementLevel: 'advisory' | 'mandatory',
    severity: Severity,
    description: string,
    find: (view: GateView) => readonly PolicyViolation[],
  ) => stackPolicy(judge, { name, enforcementLevel, severity, description, find });
  return [
    collector(judge),
    stack('port22-exposed', 'mandatory', 'critical', exposure.description, exposure.exposed),
    stack('port22-likely', 'mandatory', 'high', likelihood.description, likelihood.likely),
    stack('port22-undecided', 'advisory', 'low', doubt.description, doubt.undecided),
    stack('port22-required', 'advisory', 'high', requirement.description, requirement.required),
    stack('port22-conflicts', 'advisory', 'medium', conflicting.description, conflicting.conflicts),
    openRule(judge),
  ];
}

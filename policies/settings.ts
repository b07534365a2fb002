import { AddressSet, type Prefix, parsePrefix } from '../src/set/index.js';

/** A machine that a requirement or an exemption is about: a URN, a type or a name, `*` for any text. */
type Pattern = RegExp;

export interface Requirement {
  readonly from: Prefix;
  readonly to: Pattern;
}

export interface Exemption {
  readonly match: Pattern;
  readonly text: string;
  readonly reason: string;
  /** The last day on which it holds, as `2026-12-31`. */
  readonly until: string | undefined;
}

/** What a policy is told by its configuration. */
export interface Settings {
  readonly port: number;
  readonly forbidden: readonly Prefix[];
  readonly allowed: AddressSet;
  readonly allowedPrefixes: readonly Prefix[];
  readonly required: readonly Requirement[];
  readonly exempt: readonly Exemption[];
  readonly defaultVpc: 'likely' | 'public' | 'unknown';
  readonly unseenControls: 'assume-none' | 'unknown';
  readonly linking: 'count' | 'strict';
  readonly inventory: readonly string[];
  readonly maxForks: number;
}

const everyone = ['0.0.0.0/0', '::/0'];
const texts = { type: 'array', items: { type: 'string' } } as const;

/** The configuration of every policy that judges machines, as Pulumi checks it before the run. */
export const settingsSchema = {
  port: {
    type: 'integer',
    minimum: 1,
    maximum: 65535,
    default: 22,
    description: 'The TCP port on the machine that is judged.',
  },
  forbiddenSources: {
    ...texts,
    default: everyone,
    description: 'Prefixes of which no address may get in. 0.0.0.0/0 and ::/0 mean the internet.',
  },
  allowedSources: { ...texts, default: [], description: 'Prefixes that may get in all the same.' },
  required: {
    type: 'array',
    items: { type: 'object' },
    default: [],
    description:
      'Who must be able to get in: [{"from": "198.51.100.7/32", "to": "bastion*"}]. Read by port22-required.',
  },
  exempt: {
    type: 'array',
    items: { type: 'object' },
    default: [],
    description:
      'Resources about which nothing is reported: [{"match": "name, type or URN with *", "reason": "...", "until": "2026-12-31"}].',
  },
  defaultVpc: {
    type: 'string',
    enum: ['likely', 'public', 'unknown'],
    default: 'likely',
    description: "What the account's own network, which no program shows, is taken for.",
  },
  unseenControls: {
    type: 'string',
    enum: ['assume-none', 'unknown'],
    default: 'assume-none',
    description: 'Whether controls of the whole account that no program shows are taken to be absent.',
  },
  linking: {
    type: 'string',
    enum: ['count', 'strict'],
    default: 'count',
    description: 'strict also distrusts links of several references that are only counted.',
  },
  inventory: {
    ...texts,
    default: [],
    description:
      'Files and folders that port22 fetch recorded: ids that are not in the deployment are looked up there.',
  },
  maxForks: {
    type: 'integer',
    minimum: 1,
    maximum: 4096,
    default: 64,
    description: 'Ways of filling open references that are tried for one machine.',
  },
} as const;

/** What is wrong with a configuration, each with the key that it is about. */
export interface Faults {
  readonly faults: readonly string[];
}

function patternOf(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 60) ?? 'nothing';

/** Reads a configuration, all of it or nothing. */
class SettingsReader {
  readonly faults: string[] = [];
  private readonly config: Readonly<Record<string, unknown>>;

  constructor(config: Readonly<Record<string, unknown>>) {
    this.config = config;
    for (const key of Object.keys(config)) {
      if (!Object.hasOwn(settingsSchema, key))
        this.faults.push(`there is no setting "${key}": the settings are ${Object.keys(settingsSchema).join(', ')}`);
    }
  }

  number(key: 'port' | 'maxForks'): number {
    const { default: otherwise, minimum, maximum } = settingsSchema[key];
    const value = this.config[key] ?? otherwise;
    const isRight = typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum;
    if (!isRight)
      this.faults.push(`"${key}" is ${shown(value)}: a whole number from ${minimum} to ${maximum} is wanted`);
    return isRight ? value : otherwise;
  }

  choice<const T extends string>(
    key: 'defaultVpc' | 'unseenControls' | 'linking',
    choices: readonly T[],
    otherwise: T,
  ): T {
    const value = this.config[key] ?? otherwise;
    const found = choices.find((one) => one === value);
    if (found === undefined) this.faults.push(`"${key}" is ${shown(value)}: one of ${choices.join(', ')} is wanted`);
    return found ?? otherwise;
  }

  list(key: string, otherwise: readonly unknown[]): readonly unknown[] {
    const value = this.config[key] ?? otherwise;
    if (Array.isArray(value)) return value;
    this.faults.push(`"${key}" is ${shown(value)}: a list is wanted`);
    return [];
  }

  prefix(value: unknown, at: string): Prefix | undefined {
    const isWhole = typeof value === 'string' && value.includes('/');
    const prefix = isWhole ? parsePrefix(value) : undefined;
    if (!prefix) this.faults.push(`${at} is ${shown(value)}: a prefix is wanted, like 203.0.113.0/24 or 0.0.0.0/0`);
    return prefix;
  }

  prefixes(key: string, otherwise: readonly string[]): readonly Prefix[] {
    return this.list(key, otherwise)
      .map((value, index) => this.prefix(value, `"${key}"[${index}]`))
      .filter((prefix) => prefix !== undefined);
  }

  /** An object of which only these keys are known. */
  entry(value: unknown, at: string, keys: readonly string[]): Readonly<Record<string, unknown>> | undefined {
    if (!isObject(value)) {
      this.faults.push(`${at} is ${shown(value)}: an object with ${keys.join(', ')} is wanted`);
      return undefined;
    }
    const strange = Object.keys(value).find((key) => !keys.includes(key));
    if (strange !== undefined) this.faults.push(`${at} has no "${strange}": it has ${keys.join(', ')}`);
    return strange === undefined ? value : undefined;
  }

  text(value: unknown, at: string): string | undefined {
    if (typeof value === 'string' && value !== '') return value;
    this.faults.push(`${at} is ${shown(value)}: a text is wanted`);
    return undefined;
  }

  requirements(): readonly Requirement[] {
    return this.list('required', []).flatMap((value, index) => {
      const at = `"required"[${index}]`;
      const entry = this.entry(value, at, ['from', 'to']);
      const from = entry && this.prefix(entry.from, `${at}.from`);
      const to = entry && (entry.to === undefined ? '*' : this.text(entry.to, `${at}.to`));
      return from && to !== undefined ? [{ from, to: patternOf(to) }] : [];
    });
  }

  exemptions(): readonly Exemption[] {
    return this.list('exempt', []).flatMap((value, index) => {
      const at = `"exempt"[${index}]`;
      const entry = this.entry(value, at, ['match', 'reason', 'until']);
      const match = entry && this.text(entry.match, `${at}.match`);
      const reason = entry && this.text(entry.reason, `${at}.reason`);
      const until = entry?.until === undefined ? undefined : this.day(entry.until, `${at}.until`);
      if (match === undefined || reason === undefined) return [];
      return [{ match: patternOf(match), text: match, reason, until }];
    });
  }

  private day(value: unknown, at: string): string | undefined {
    const isDay = typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
    if (!isDay) this.faults.push(`${at} is ${shown(value)}: a day is wanted, like 2026-12-31`);
    return isDay ? value : undefined;
  }

  paths(): readonly string[] {
    return this.list('inventory', []).flatMap((value, index) => this.text(value, `"inventory"[${index}]`) ?? []);
  }
}

/** The settings in a policy's configuration. What is wrong with it is told whole, and then there are none: a gate that guesses is open. */
export function readSettings(config: Readonly<Record<string, unknown>>): Settings | Faults {
  const reader = new SettingsReader(config);
  const allowedPrefixes = reader.prefixes('allowedSources', []);
  const settings: Settings = {
    port: reader.number('port'),
    forbidden: reader.prefixes('forbiddenSources', everyone),
    allowed: AddressSet.fromPrefixes(allowedPrefixes),
    allowedPrefixes,
    required: reader.requirements(),
    exempt: reader.exemptions(),
    defaultVpc: reader.choice('defaultVpc', ['likely', 'public', 'unknown'], 'likely'),
    unseenControls: reader.choice('unseenControls', ['assume-none', 'unknown'], 'assume-none'),
    linking: reader.choice('linking', ['count', 'strict'], 'count'),
    inventory: reader.paths(),
    maxForks: reader.number('maxForks'),
  };
  return reader.faults.length > 0 ? { faults: reader.faults } : settings;
}

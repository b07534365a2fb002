import { type ParseArgsConfig, parseArgs } from 'node:util';
import { didYouMean } from '../message/index.js';
import type { Problem } from '../model/index.js';

type OptionTable = NonNullable<ParseArgsConfig['options']>;

const input: OptionTable = {
  in: { type: 'string', multiple: true },
  complete: { type: 'boolean' },
};

const cloud: OptionTable = {
  aws: { type: 'boolean' },
  profile: { type: 'string', multiple: true },
  region: { type: 'string', multiple: true },
  gcp: { type: 'boolean' },
  project: { type: 'string', multiple: true },
  azure: { type: 'boolean' },
  subscription: { type: 'string', multiple: true },
  'user-data': { type: 'boolean' },
};

const shown: OptionTable = {
  format: { type: 'string' },
  output: { type: 'string' },
  color: { type: 'string' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
};

/** The options of each command. */
export const optionTables = {
  explain: {
    ...input,
    ...cloud,
    ...shown,
    from: { type: 'string' },
    port: { type: 'string' },
    expect: { type: 'string' },
    via: { type: 'string' },
    host: { type: 'string' },
    'host-before': { type: 'string' },
    saw: { type: 'string' },
    'client-os': { type: 'string' },
  },
  audit: { ...input, ...cloud, ...shown, port: { type: 'string' }, policy: { type: 'string' } },
  diff: { ...shown, complete: { type: 'boolean' }, port: { type: 'string' } },
  diagnose: {
    ...input,
    ...cloud,
    ...shown,
    saw: { type: 'string' },
    host: { type: 'string' },
    'host-before': { type: 'string' },
    from: { type: 'string' },
    port: { type: 'string' },
    'client-os': { type: 'string' },
  },
  probe: { ...shown, port: { type: 'string' }, timeout: { type: 'string' } },
  fetch: { ...cloud, ...shown, out: { type: 'string' } },
  schema: { ...shown },
  collect: { ...shown, client: { type: 'string' }, port: { type: 'string' } },
} as const satisfies Record<string, OptionTable>;

export type CommandName = keyof typeof optionTables;

/** The values of a call: texts, lists of texts and switches by the name of their option, and what stands without one. */
export interface Call {
  readonly words: readonly string[];
  text(option: string): string | undefined;
  texts(option: string): readonly string[];
  has(option: string): boolean;
}

export function misuse(what: string, where: string, why: string, fix: string): Problem {
  return { severity: 'error', what, where, why, fix };
}

function parseProblem(error: unknown, command: CommandName): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const option = /'(-{1,2}[^' ]*)/.exec(message)?.[1] ?? 'the command line';
  const table: OptionTable = optionTables[command];
  const name = option.replace(/^--/, '');
  const known = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!known) {
    const options = Object.keys(table).map((one) => `--${one}`);
    const near = didYouMean(option, options);
    const fix = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `see port22 ${command} --help`;
    return misuse(`port22 ${command} has no option ${option}`, option, `it takes ${options.join(', ')}`, fix);
  }
  if (known.type === 'boolean')
    return misuse(`${option} takes no value`, option, 'it is a switch, on when it is there', `write ${option} alone`);
  const why = 'nothing follows it, or what follows begins with a dash and looks like an option';
  return misuse(`${option} needs a value`, option, why, `write ${option}=VALUE; see port22 ${command} --help`);
}

/** Reads the arguments of a command; the problem when they cannot be read. */
export function parseCall(
  command: CommandName,
  args: readonly string[],
): { readonly call?: Call; readonly problem?: Problem } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: optionTables[command],
      allowPositionals: true,
      strict: true,
    });
    const all: Readonly<Record<string, unknown>> = values;
    const call: Call = {
      words: positionals,
      text: (option) => (typeof all[option] === 'string' ? all[option] : undefined),
      texts: (option) => (Array.isArray(all[option]) ? all[option].map(String) : []),
      has: (option) => all[option] === true,
    };
    return { call };
  } catch (error) {
    return { problem: parseProblem(error, command) };
  }
}

/** Reads `--port`: a whole number from 1 to 65535, 22 when it is left out. */
export function portOf(call: Call): number | Problem {
  const text = call.text('port');
  if (text === undefined) return 22;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65535) return port;
  return misuse(
    `${text} is not a TCP port`,
    '--port',
    'ports are whole numbers from 1 to 65535',
    'leave it out for 22',
  );
}

/** Reads an option that takes one of a few words. */
export function choiceOf<T extends string>(call: Call, option: string, words: readonly T[], otherwise: T): T | Problem;
export function choiceOf<T extends string>(call: Call, option: string, words: readonly T[]): T | undefined | Problem;
export function choiceOf<T extends string>(
  call: Call,
  option: string,
  words: readonly T[],
  otherwise?: T,
): T | undefined | Problem {
  const text = call.text(option);
  if (text === undefined) return otherwise;
  const word = words.find((one) => one === text);
  if (word !== undefined) return word;
  const near = didYouMean(text, words);
  const fix = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `use one of ${words.join(', ')}`;
  return misuse(`--${option} cannot be ${text}`, `--${option}`, `it is one of ${words.join(', ')}`, fix);
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'severity' in value && 'fix' in value;
}
